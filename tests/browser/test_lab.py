"""The course in JupyterLab: notebooks by their menu, sliders by keyboard, themes, widths.

A gallery has each kind of widget once; the lessons are run here with --all, but for two.
"""

import re
from pathlib import Path
from urllib.parse import unquote

import browsing
import pytest
from playwright.sync_api import Locator, Page, expect

import helpers
from notebooks import FOLDER, NEEDS_DEEP, NOTEBOOKS, cannot_run

ALSO_READ = [path.stem for path in NOTEBOOKS if path.name[:2] in ("06", "07", "12")]
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


IMAGES = FOLDER.parent / "images"
FIRST = ("00", "07")  # the set-up, and one's own pictures
full = pytest.mark.full


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, id=p.stem, marks=[] if p.name[:2] in FIRST else full) for p in NOTEBOOKS],
)
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
    """Press keys until the reading has changed, and at the other end the picture; then reset."""
    slider = explorer.locator("input[type=range]").first
    picture, reading = explorer.locator("img").first, explorer.locator(".reading")
    slider.scroll_into_view_if_needed()
    before, words = slider.input_value(), reading.text_content()
    source = picture.get_attribute("src")
    slider.focus()
    up = before != slider.get_attribute("max")
    for _ in range(15):
        page.keyboard.press("ArrowUp" if up else "ArrowDown")
    expect(reading).not_to_have_text(words)
    # Nothing changes as long as a setting is below what the noise of a pair has raised it to.
    page.keyboard.press("End" if up else "Home")
    if explorer.get_by_role("radio").count() == 0:  # with views it is boxes that follow
        page.wait_for_function("([e, s]) => e.src !== s", arg=[picture.element_handle(), source])
    assert explorer.evaluate(ALT_HAS_READING)
    explorer.get_by_role("button", name="Reset").press("Enter")
    expect(reading).to_have_text(words)
    assert slider.input_value() == before


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("name", ["gallery", *(pytest.param(n, marks=full) for n in ALSO_READ)])
def test_widgets_follow_the_keyboard_and_are_readable(name, theme, page, lab, tmp_path):
    """Sliders, views, quiz and own pictures keep contrast, names and the width of the page."""
    browsing.use_theme(page, lab, theme)
    browsing.open_notebook(page, lab, f"{name}.ipynb")
    browsing.run_all(page)
    assert browsing.errors(page) == []
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
    if (name, theme) == ("gallery", "Light"):
        use_each_kind(page)


def use_each_kind(page: Page) -> None:
    """Move the sliders of the gallery by keyboard, and give it two files."""
    for kind in (".explorer", ".explorer:has(input[type=radio])", ".own", ".picker", ".quiz"):
        expect(page.locator(f".jp-OutputArea {kind}").first).to_be_visible()
    explorers = page.locator(".explorer:has(input[type=range]:visible)")
    assert explorers.count() == 3  # one slider; two; three with views
    for number in range(explorers.count()):
        move(page, explorers.nth(number))
    upload(page)


def upload(page: Page) -> None:
    """Give the page for own pictures two files; their boxes are found."""
    pair = IMAGES / "original_08.png", IMAGES / "modified_08.png"
    boxes = helpers.compare(*pair).boxes
    for place, path in zip(("first", "second"), pair, strict=True):
        page.get_by_label(f"Choose a file as the {place} picture").first.set_input_files(path)
        expect(page.locator(".picker .words").filter(has_text=path.name).first).to_be_visible()
    found = page.locator(".jp-OutputArea-output:has(.picker) .explorer")
    expect(found.locator(".reading")).to_contain_text(f"{len(boxes)} boxes")
    expect(found.locator(".boxes li")).to_have_count(len(boxes))
