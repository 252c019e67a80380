"""Opacity is compared as what it is, also where white hides it."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers
from helpers.app.report import report
from helpers.boxes import Box
from helpers.comparison import _on_checkerboard
from helpers.opacity import _joined

pytestmark = pytest.mark.filterwarnings("ignore:.*laid on white")


def glass(shape: tuple[int, int] = (90, 90)) -> np.ndarray:
    """White, with a black mark, and opaque."""
    picture = np.full((*shape, 4), 255, np.uint8)
    picture[5:25, 5:35, :3] = 0
    return picture


def compare(tmp_path, first: np.ndarray, second: np.ndarray, **settings) -> helpers.Comparison:
    for name, picture in (("a.png", first), ("b.png", second)):
        cv2.imwrite(str(tmp_path / name), picture)
    return helpers.compare(tmp_path / "a.png", tmp_path / "b.png", **settings)


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_what_differs_in_opacity_alone_has_a_box_and_a_word(tmp_path, method):
    other = glass()
    other[50:70, 40:80, 3] = 100
    found = compare(tmp_path, glass(), other, method=method)
    assert (found.verdict, found.boxes) == ("changed", [Box(40, 50, 40, 20)])
    assert found.pixels_differing == found.opacity_only == found.to_dict()["opacity_only"] == 800
    said = "800 pixels differ in opacity alone: on white both pictures look the same there."
    assert said in found.remarks
    assert (found.difference[50:70, 40:80] == 100).all()
    assert compare(tmp_path, other, other, method=method).boxes == []


def test_a_picture_that_is_all_transparent_is_not_the_opaque_one(tmp_path):
    opaque = np.full((90, 90, 4), 255, np.uint8)
    clear = opaque.copy()
    clear[..., 3] = 0
    for pair in ((opaque, clear), (clear, opaque), (opaque[..., :3], clear)):
        assert compare(tmp_path, *pair).boxes == [Box(0, 0, 90, 90)]


def test_what_is_seen_on_white_has_one_box(tmp_path):
    other = glass()
    other[8:20, 10:60, 3] = 0  # at its left black, which white shows; at its right white
    found = compare(tmp_path, glass(), other)
    assert found.boxes == [Box(10, 8, 50, 12)]
    assert found.opacity_only == 25 * 12


def test_a_little_less_opacity_is_noise_and_places_are_ignored(tmp_path):
    other = glass()
    other[50:70, 40:80, 3] = 253
    found = compare(tmp_path, glass(), other)
    assert (found.verdict, found.boxes) == ("no difference", [])
    assert compare(tmp_path, glass(), other, ignore_below=0).boxes == [Box(40, 50, 40, 20)]
    other[50:70, 40:80, 3] = 0
    assert compare(tmp_path, glass(), other, ignore=[(40, 50, 20, 20)]).boxes == [
        Box(60, 50, 20, 20)
    ]
    assert compare(tmp_path, glass(), other, pad=3).boxes == [Box(37, 47, 46, 26)]


def test_opacity_is_aligned_as_the_picture_is(tmp_path):
    rng = np.random.default_rng(3)
    colours = cv2.GaussianBlur(rng.integers(0, 256, (220, 260, 3), np.uint8), (0, 0), 3)
    whole = np.dstack([cv2.normalize(colours, None, 0, 255, cv2.NORM_MINMAX), colours[..., 0]])
    whole[..., 3] = 255
    whole[:, 100:130] = (255, 255, 255, 0)  # a gap through which one sees
    first, second = whole[10:190, 10:240], whole[17:197, 14:244].copy()
    assert compare(tmp_path, first, second).boxes == []
    second[100:130, 96:126, 3] = 255
    (box,) = compare(tmp_path, first, second).boxes
    assert helpers.overlap([box], [Box(100, 107, 20, 30)])[0][0] > 0.5


def test_a_checkerboard_shows_through(tmp_path):
    shown = _on_checkerboard(np.full((20, 20, 3), 255, np.uint8), np.zeros((20, 20), np.uint8))
    assert (shown[:8, :8] == 255).all() and (shown[:8, 8:16] == 191).all()
    opaque = np.full((20, 20), 255, np.uint8)
    assert (_on_checkerboard(np.zeros((20, 20, 3), np.uint8), opaque) == 0).all()
    other = glass()
    other[50:70, 40:80, 3] = 0
    found = compare(tmp_path, glass(), other)
    assert np.array_equal(found.shown()[0], found.first)
    assert not np.array_equal(found.shown()[1], found.aligned)
    assert "on a checkerboard" in report(found)
    assert "on a checkerboard" not in report(compare(tmp_path, glass(), glass()))


boxes = st.lists(st.builds(Box, *[st.integers(0, 60)] * 2, *[st.integers(1, 30)] * 2), max_size=6)


@given(boxes, boxes)
def test_joined_boxes_hold_all_and_those_that_were_added_overlap_none(kept, others):
    joined = _joined(kept, others)
    mask = np.zeros((90, 90), bool)
    for x, y, width, height in joined:
        mask[y : y + height, x : x + width] = True
    assert all(mask[b.y : b.y + b.height, b.x : b.x + b.width].all() for b in [*kept, *others])
    new = [box for box in joined if box not in kept]
    for box in new:
        rest = [other for other in joined if other is not box]
        assert not any(map(any, helpers.overlap([box], rest))) if rest else True
