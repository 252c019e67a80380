"""The page of `start.py app`: two pictures in, boxes and files out, in a real Voilà."""

import io
import json
import zipfile

import browsing
import pytest
from playwright.sync_api import Locator, Page, expect

import helpers
from notebooks import FOLDER

IMAGES = FOLDER.parent / "images"
PAIR = [IMAGES / "original_05.png", IMAGES / "modified_05.png"]
BOXES = helpers.compare(*PAIR).boxes
WIDTHS = (1280, 800)  # pixels


def open_app(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("group", name="First picture")).to_be_visible()


def choose_both(page: Page) -> None:
    chooser = page.get_by_label("Choose a file as the first picture")
    chooser.set_input_files(sorted(PAIR, reverse=True))  # both at once, by name original is second
    expect(page.locator(".explorer .reading")).to_contain_text(f"changed: {len(BOXES)} boxes")


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("button", name=name).click()
    return started.value.path().read_bytes()


def test_nothing_is_fetched_from_outside(page, app):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_app(page, app)
    choose_both(page)
    assert len(asked) > 10
    here = app.partition("?")[0]
    assert [url for url in asked if not url.startswith((here, "blob:", "data:"))] == []


def test_own_pictures_are_boxed_and_can_be_taken_home(page, app):
    open_app(page, app)
    choose_both(page)
    boxes = json.loads(download(page, "Boxes (JSON)"))
    assert {boxes["first"], boxes["second"]} == {path.name for path in PAIR}
    assert len(boxes["boxes"]) == len(BOXES)
    names = zipfile.ZipFile(io.BytesIO(download(page, "Pictures (ZIP)"))).namelist()
    assert names == ["original.png", "modified.png", "difference.png", "threshold.png"]
    assert b"<html" in download(page, "Report (HTML)")


def test_a_picture_that_does_not_fit_is_told_in_words(page, app, tmp_path):
    broken = tmp_path / "holiday.png"
    broken.write_bytes(PAIR[0].read_bytes()[:500])
    open_app(page, app)
    page.get_by_label("Choose a file as the first picture").set_input_files(broken)
    expect(page.get_by_role("alert").filter(has_text="holiday.png")).to_be_visible()
    page.get_by_label("Choose a file as the first picture").set_input_files(PAIR[0])
    page.get_by_label("Choose a file as the second picture").set_input_files(
        IMAGES / "original_01.png"
    )
    expect(page.get_by_role("alert").filter(has_text="pixels")).to_be_visible()
    assert page.locator(".explorer").count() == 0


def test_views_and_zoom(page, app):
    open_app(page, app)
    choose_both(page)
    stage = page.locator(".stage")
    expect(stage.locator("img")).to_have_count(2)
    page.get_by_label("difference").check()
    expect(stage.locator("img")).to_have_count(1)
    expect(stage.locator("rect")).to_have_count(len(BOXES))
    page.get_by_label("boxes", exact=True).uncheck()
    expect(stage.locator("rect")).to_have_count(0)
    page.get_by_label("swipe").check()
    page.get_by_label("position, %").fill("20")
    expect(stage.locator("figure").nth(1)).to_have_css("clip-path", "inset(0px 0px 0px 20%)")
    page.get_by_label("onion skin").check()
    expect(stage.locator("figure").nth(1)).to_have_css("opacity", "0.2")
    page.get_by_label("blink").check()
    hidden = "document.querySelectorAll('.stage figure')[1].style.visibility === 'hidden'"
    page.wait_for_function(hidden)
    page.wait_for_function(f"!({hidden})")
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("side by side").check()
    whole = stage.locator("img").first.get_attribute("src")
    page.locator(".boxes li button").first.click()
    page.wait_for_function("(src) => document.querySelector('.stage img').src !== src", arg=whole)
    expect(page.locator(".boxes li button").first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Whole picture").click()
    expect(page.get_by_role("button", name="Whole picture")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_keyboard_is_enough(page, app):
    """From the folder's lists to another view and a moved slider, with Tab and keys only."""
    open_app(page, app)
    tab_to(page, page.get_by_label("or from the folder images as the first picture"))
    page.keyboard.type("original_05")
    tab_to(page, page.get_by_label("or from the folder images as the second picture"))
    page.keyboard.type("modified_05")
    expect(page.locator(".explorer .reading")).to_contain_text(f"changed: {len(BOXES)} boxes")
    tab_to(page, page.get_by_label("ignore below, gray levels"))
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".explorer .reading")).to_contain_text("ignore below 13:")
    expect(page.get_by_text("a change counts from 13 gray levels")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Reset"))
    page.keyboard.press("Enter")
    expect(page.locator(".explorer .reading")).to_contain_text("ignore below 3:")
    expect(page.get_by_text("a change counts from 3 gray levels")).to_be_visible()
    tab_to(page, page.get_by_label("side by side"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stage")).to_have_attribute("data-view", "swipe")


def tab_to(page: Page, control: Locator) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if control.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {control}.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_and_the_report_are_readable(page, app, tmp_path, theme):
    page.emulate_media(color_scheme=theme)
    open_app(page, app)
    choose_both(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1200})
        page.screenshot(path=tmp_path / f"app_{width}.png", full_page=True)
        assert browsing.serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        weak = [text for text, ratio in browsing.contrasts(page.locator("body")) if ratio < 4.5]
        assert weak == []
    report = tmp_path / "report.html"
    report.write_bytes(download(page, "Report (HTML)"))
    page.goto(report.as_uri())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1200})
        page.screenshot(path=tmp_path / f"report_{width}.png", full_page=True)
        assert browsing.serious(page) == []
        assert len(browsing.contrasts(page.locator("body"))) > 10
