"""How long a slider takes from a key press to changed pixels, and how many frames a drag shows.

The figures are printed at the end of the run; times are not asserted, since machines differ.
A picture counts as changed in the first animation frame after the browser has decoded it, boxes
and the reading in that after they were put there.
"""

import statistics
import time

import browsing
import pytest

pytestmark = pytest.mark.full
PRESSES, POSITIONS, PACE = 25, 40, 0.05  # key presses; positions of a drag, seconds between them
SETTLED = 200  # milliseconds within which a picture follows its reading
SIZES = [(640, 400), (2000, 1500)]
EXPLORERS = {
    "fade": "sliders.fade(first, second)",
    "threshold": 'sliders.threshold(helpers.compare(first, second, method="classic").difference)',
    "ignore_below": "sliders.ignore_below(first, second)",
    "tune": "sliders.tune(first, second)",
}
PAIR = """\
import cv2
import helpers
from helpers.course import sliders
first, second = (cv2.resize(p, {size}) for p in helpers.load_pair(
    "../images/original_03.png", "../images/modified_03.png"))
second[100:200, 100:200] //= 2"""  # by many levels: the picture is another one at each position
WATCH = """([explorer]) => {
    window.pressed = [];
    window.shown = [];
    const note = () => requestAnimationFrame(() => window.shown.push(performance.now()));
    explorer.querySelector("input[type=range]").addEventListener(
        "keydown", () => window.pressed.push(performance.now()), true);
    explorer.addEventListener("load", note, true);
    // At some positions the picture is the same as before; the reading never is.
    window.read = window.asked = 0;
    explorer.addEventListener("input", () => window.asked += 1);
    new MutationObserver(() => { window.read += 1; note(); }).observe(
        explorer.querySelector(".reading"), { childList: true });
}"""


@pytest.fixture(scope="module")
def pages(browser, tmp_path_factory):
    """A JupyterLab with a notebook for each size."""
    folder = browsing.copy_course(tmp_path_factory.mktemp("latency"))
    for size in SIZES:
        sources = [PAIR.format(size=size), *EXPLORERS.values()]
        browsing.write_notebook(folder / f"notebooks/{size[0]}.ipynb", sources)
    with browsing.lab(folder, tmp_path_factory.mktemp("log") / "lab.txt") as address:
        yield address


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_latency(size, page, pages, record_property):
    page.set_viewport_size({"width": 1280, "height": 1400})
    browsing.open_notebook(page, pages, f"{size[0]}.ipynb")
    browsing.run_all(page)
    assert browsing.errors(page) == []
    for number, name in enumerate(EXPLORERS):
        explorer = page.locator(".explorer").nth(number)
        explorer.scroll_into_view_if_needed()
        page.evaluate(WATCH, [explorer.element_handle()])
        milliseconds = statistics.median(presses(page, explorer))
        shown, asked = drag(page, explorer)
        measured = (
            f"{size[0]} x {size[1]}, {name:12}: {milliseconds:4.0f} ms from key to pixels, median "
            f"of {PRESSES}; {shown} of {asked} positions shown, {1000 * PACE:.0f} ms apart"
        )
        record_property("said", ("latency of the sliders", measured))


def presses(page, explorer) -> list[float]:
    """Press a key again and again: milliseconds to the last of picture, boxes and reading."""
    explorer.locator("input[type=range]").first.focus()
    waited = []
    for _ in range(PRESSES):
        page.evaluate("window.read = window.pressed.length = window.shown.length = 0")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.read")
        page.wait_for_timeout(SETTLED)
        waited.append(page.evaluate("window.shown.at(-1) - window.pressed[0]"))
    return waited


def drag(page, explorer) -> tuple[int, int]:
    """Drag in 40 moves: positions shown, and asked for; a coarse slider has fewer than moves."""
    slider = explorer.locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    left, middle, step = box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2, 0.02
    page.mouse.move(left, middle)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.evaluate("window.read = window.asked = 0")
    start = time.perf_counter()
    for number in range(1, POSITIONS + 1):
        page.mouse.move(left + number * step * box["width"], middle)
        time.sleep(max(start + number * PACE - time.perf_counter(), 0))
    page.wait_for_timeout(500)
    page.mouse.up()
    # Whatever was left out, the end of the drag is shown.
    value = explorer.locator("output").first.text_content()
    assert value in explorer.locator(".reading").text_content()
    return page.evaluate("[window.read, window.asked]")
