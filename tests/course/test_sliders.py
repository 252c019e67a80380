"""The sliders of lessons 00 to 14: what is true of them, with real ipywidgets.

Their positions are in tests/lessons, beside the wrong answers of each lesson.
"""

import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import cv2
import numpy as np
import pytest
from in_kernel import is_shown

import helpers
from helpers.course import lessons, sliders
from helpers.course.lessons import lesson_numbers
from helpers.viewer import explorer as explorer_module
from helpers.viewer import figures
from helpers.viewer.explorer import Explorer, Frame, Slider, Strip

IMAGES = Path(__file__).parents[2] / "images"


def load(number: str) -> tuple[np.ndarray, np.ndarray]:
    pair = next(pair for pair in helpers.load_pairs(IMAGES) if pair.name == number)
    return helpers.load_pair(pair.first, pair.second)


def cheque_difference() -> np.ndarray:
    return helpers.compare(*load("03"), method="classic").difference


@cache
def evaluations() -> dict[int, helpers.Evaluation]:
    def find(first, second, strength):
        mask = 255 * (cv2.absdiff(first, second).max(axis=2) >= strength).astype(np.uint8)
        grown = cv2.dilate(mask, np.ones((9, 9), np.uint8))
        return helpers.bounding_boxes(helpers.find_contours(grown))

    return {n: helpers.evaluate(IMAGES, method=find, strength=n) for n in (20, 60, 100)}


def make(name: str) -> Explorer:
    cheque, cat = load("03"), load("09")
    return {
        "window_size": lambda: sliders.window_size(*cheque),
        "threshold": lambda: sliders.threshold(cheque_difference()),
        "hue": lambda: sliders.hue(cat[0], cv2.absdiff(*cat).max(axis=2)),
        "precision_recall": lambda: sliders.precision_recall(evaluations(), names=("08", "10")),
    }[name]()


def only(pictures: dict):
    (picture,) = pictures.values()
    return picture


def picture_of(explorer: Explorer) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(only(explorer.pictures), np.uint8), cv2.IMREAD_UNCHANGED)


def test_every_slider_has_positions_in_the_tests_of_a_lesson():
    moved = {
        name
        for number in lesson_numbers()
        for name in getattr(import_module(f"lessons.lesson_{number}"), "SLIDERS", {})
    }
    assert moved == set(dir(sliders)) - {"views"}  # no lesson shows it; see test_explorer.py


def test_no_two_lessons_have_sliders_of_one_name():
    names = [name for name, _ in sliders._sliders()]
    assert sorted(names) == sorted(set(names))


def test_a_new_lesson_brings_its_sliders(tmp_path, monkeypatch):
    (tmp_path / "lesson_98.py").write_text(
        "from helpers.viewer.explorer import Explorer\n\n\ndef twist() -> Explorer: ..."
    )
    monkeypatch.setattr(lessons, "__path__", [*lessons.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "helpers.course.lessons.lesson_98", raising=False)
    assert sliders.twist.__module__ == "helpers.course.lessons.lesson_98"
    assert "twist" in dir(sliders)


def test_there_is_no_such_slider():
    for name in ("fades", "card", "__path__"):
        assert not hasattr(sliders, name)


def test_the_first_lesson_does_not_wait_for_what_the_last_ones_need():
    code = """
import sys
from helpers.course import lessons, sliders
from helpers.course.lessons import lesson_numbers
from helpers.viewer import figures
sliders.fade, sliders.tune, getattr(sliders, "__wrapped__", None)  # as inspect asks
late = {"sklearn", "keras", "helpers.course.lessons.lesson_01"} & set(sys.modules)
sys.exit(f"imported already: {late}" if late else 0)"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_pictures_at_the_ends_are_the_right_ones():
    first, second = load("03")
    explorer = sliders.fade(first, second)
    for value, picture in ((100, second), (0, first)):
        explorer.values = [value]
        assert is_shown(picture_of(explorer), picture)


def test_a_larger_window_marks_more_pixels():
    explorer = make("window_size")
    dark = {}
    for window in (3, 7, 31):
        explorer.values = [window]
        dark[window] = np.mean(picture_of(explorer) < 200)
    assert dark[3] < dark[7] < dark[31]


def test_a_higher_threshold_marks_more_pixels():
    explorer = make("threshold")
    white = {}
    for level in (0, 146, 254):
        explorer.values = [level]
        white[level] = np.mean(picture_of(explorer) > 127)
    assert white[0] < white[146] < white[254]


@pytest.mark.parametrize("side", [16, 96, 400])
def test_every_window_that_differs_lies_in_a_tile_that_keeps_its_ink(side):
    first, second = load("08")
    _, similarity = helpers.ssim(helpers.to_gray(first), helpers.to_gray(second))
    drawing = only(sliders.tile_size(first, second)._render(side).pictures)
    pale = (drawing == 255 - (255 - first) // 4).all(axis=2)
    assert pale.any()
    assert not pale[similarity < 1].any()


def test_a_turned_hue_keeps_the_gray_values_and_what_is_not_masked():
    first, second = load("09")
    height, width = first.shape[:2]
    mask = cv2.absdiff(first, second).max(axis=2)
    explorer = make("hue")
    for degrees in (5, 45, 180):
        turned = only(explorer._render(degrees).pictures)[:height, :width]
        apart = cv2.absdiff(first, turned).max(axis=2)
        assert cv2.absdiff(helpers.to_gray(first), helpers.to_gray(turned)).max() <= 2
        assert apart[mask > 0].max() >= degrees // 2
        assert not apart[mask == 0].any()


def test_a_mask_of_another_size_is_refused_in_words():
    card = load("01")[0]
    with pytest.raises(helpers.PictureError, match="must have the same"):
        sliders.hue(card, np.zeros(card.shape[:2], np.uint8)[:-1])


@pytest.mark.parametrize("name", ["fade", "green_weight", "tile_size", "ignore_below"])
def test_pairs_that_do_not_fit_are_refused_in_words(name):
    card = load("01")[0]
    for wrong, message in (
        (card[:-1], "must have the same size"),
        (None, "is None, not a"),
    ):
        with pytest.raises(helpers.PictureError, match=message):
            getattr(sliders, name)(card, wrong)


def test_the_dot_on_the_curve_stands_at_precision_and_recall():
    explorer = make("precision_recall")
    places = {}
    for strength in (20, 60, 100):
        explorer.values = [strength]
        curve = picture_of(explorer)[:, :360]
        red = np.abs(curve.astype(int) - (0, 0, 255)).max(axis=2) < 60
        y, x = np.argwhere(red).mean(axis=0)
        places[strength] = x, -y
    for side, score in enumerate(("recall", "precision")):
        scores = [getattr(evaluations()[n].scores, score) for n in places]
        assert len(set(scores)) > 1
        place = [place[side] for place in places.values()]
        assert np.corrcoef(scores, place)[0, 1] > 0.9999


def test_a_pair_that_did_not_move_is_refused_in_words():
    with pytest.raises(helpers.PictureError, match="No alignment was found"):
        sliders.angle(*load("03"))


def test_a_failing_callback_is_not_swallowed():
    def render(value: int) -> Frame:
        return Frame("", {"picture": np.full((4, 4), 100 // (5 - value), np.uint8)})

    explorer = Explorer([Slider("value", "", 0, 0, 9)], render, strip=Strip("caption", "alt"))
    with pytest.raises(ZeroDivisionError):
        explorer.values = [5]


def test_without_a_kernel_a_sentence_and_a_strip_remain(monkeypatch):
    bundles, strips = [], []
    monkeypatch.setattr(explorer_module, "display", lambda data, raw: bundles.append(data))
    monkeypatch.setattr(
        figures, "show", lambda figure, caption, alt: strips.append((figure, caption, alt))
    )
    make("window_size")._ipython_display_()
    assert bundles[0]["text/plain"] == (
        "A slider stands here: window, pixels. Run the cell to move it."
    )
    assert "application/vnd.jupyter.widget-view+json" in bundles[0]
    figure, caption, alt = strips[0]
    assert [ax.get_title() for ax in figure.axes] == [f"window of {n} pixels" for n in (3, 7, 31)]
    assert caption and alt
    figures.plt.close(figure)
