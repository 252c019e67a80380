"""The course in JupyterLab: every notebook by its menu, sliders by keyboard, themes, widths."""

import re
from pathlib import Path
from urllib.parse import unquote

import browsing
import pytest
from playwright.sync_api import Locator, Page, expect

import helpers
from notebooks import FOLDER, NEEDS_DEEP, NOTEBOOKS, cannot_run

# Cells above may get their height only now, and push the part away again.
SCROLL_TO = """(part) => {
    const { top, bottom } = part.getBoundingClientRect();
    part.scrollIntoView();
    return top < innerHeight && bottom > 0;
}"""
ALT_HAS_READING = """
    (explorer) => explorer.querySelector("img").alt.endsWith(
        explorer.querySelector(".reading").textContent)"""


def test_start_opens_the_first_lesson(page, tmp_path):
    log = tmp_path / "log.txt"
    options = ("--IdentityProvider.token=", "--allow-root")
    with browsing.start("lab", "/lab", log, *options):
        opened = browsing.wait_until(lambda: re.search(r"opened file://(\S+)", log.read_text()))
        page.goto(re.search(r'href="([^"]+)"', Path(unquote(opened[1])).read_text())[1])
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        assert NOTEBOOKS[0].name in page.url
        expect(page.get_by_role("heading", name="Spot the difference").first).to_be_visible()
        assert page.get_by_text("news about Jupyter").count() == 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_sliders_move(path, page, lab):
    if cannot_run(path):
        pytest.skip(NEEDS_DEEP)
    browsing.open_notebook(page, lab, path.name)
    browsing.run_all(page)
    assert browsing.errors(page) == []
    explorers = page.locator(".explorer:has(input[type=range]:visible)")
    expect(explorers.first).to_be_visible()
    for number in range(explorers.count()):
        move(page, explorers.nth(number))


def move(page: Page, explorer: Locator) -> None:
    """Press arrow keys until the picture and the reading have changed; then reset."""
    slider = explorer.locator("input[type=range]").first
    picture, reading = explorer.locator("img").first, explorer.locator(".reading")
    slider.scroll_into_view_if_needed()
    before, words = slider.input_value(), reading.text_content()
    source = picture.get_attribute("src")
    slider.focus()
    for _ in range(15):
        page.keyboard.press("ArrowUp" if before != slider.get_attribute("max") else "ArrowDown")
    expect(reading).not_to_have_text(words)
    if explorer.get_by_role("radio").count() == 0:  # with views it is boxes that follow
        page.wait_for_function("([e, s]) => e.src !== s", arg=[picture.element_handle(), source])
    assert explorer.evaluate(ALT_HAS_READING)
    explorer.get_by_role("button", name="Reset").press("Enter")
    expect(reading).to_have_text(words)
    assert slider.input_value() == before


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("lesson", ["06", "07", "12"])
def test_nothing_is_unreadable(lesson, theme, page, lab, tmp_path):
    """Sliders, views, quiz and own pictures keep contrast, names and the width of the page."""
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(lesson))
    browsing.use_theme(page, lab, theme)
    browsing.open_notebook(page, lab, path.name)
    browsing.run_all(page)
    dark = page.locator("body").get_attribute("data-jp-theme-light") == "false"
    assert dark == (theme == "Dark")
    page.keyboard.press("Control+b")  # without the file browser
    for width in (1280, 800):
        page.set_viewport_size({"width": width, "height": 1000})
        texts = []
        for part in page.locator(".jp-OutputArea :is(.explorer, .own, .quiz)").all():
            browsing.wait_until(lambda part=part: part.evaluate(SCROLL_TO))
            page.wait_for_timeout(300)  # JupyterLab draws what comes into view a little later
            page.screenshot(path=tmp_path / f"{width}_{len(texts)}.png")
            assert part.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
            texts += browsing.contrasts(part)
        assert len(texts) > 3
        assert [text for text, contrast in texts if contrast < 4.5] == []
        assert browsing.serious(page, ".jp-OutputArea :is(.explorer, .own, .quiz)") == []


def test_own_pictures_are_uploaded_and_boxed(page, lab):
    images = FOLDER.parent / "images"
    pair = images / "original_08.png", images / "modified_08.png"
    boxes = helpers.compare(*pair).boxes
    browsing.open_notebook(page, lab, "07_your_own_pictures.ipynb")
    browsing.run_all(page)
    for place, path in zip(("first", "second"), pair, strict=True):
        chooser = page.get_by_label(f"Choose a file as the {place} picture").first
        chooser.set_input_files(path)
        expect(page.locator(".picker .words").filter(has_text=path.name).first).to_be_visible()
    reading = page.locator(".explorer .reading").first
    expect(reading).to_contain_text(f"{len(boxes)} boxes")
    expect(page.locator(".explorer").first.locator(".boxes li")).to_have_count(len(boxes))
