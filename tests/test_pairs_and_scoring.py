"""Pair sets, overlap, and scores."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers

BOXES = st.lists(
    st.tuples(*[st.integers(0, 30)] * 2, *[st.integers(1, 20)] * 2).map(lambda b: helpers.Box(*b)),
    max_size=6,
)


def test_overlap_by_hand():
    # Half of each is shared: 50 / (100 + 100 - 50).
    assert helpers.overlap([(0, 0, 10, 10)], [(5, 0, 10, 10)])[0, 0] == pytest.approx(1 / 3)
    assert helpers.overlap([(0, 0, 10, 10)], [(10, 0, 10, 10)])[0, 0] == 0
    assert helpers.overlap([], [(0, 0, 1, 1)]).shape == (0, 1)


@given(BOXES, BOXES)
def test_overlap_counts_pixels(found, truth):
    for row, a in enumerate(found):
        for column, b in enumerate(truth):
            grids = np.zeros((2, 60, 60), bool)
            for grid, box in zip(grids, (a, b), strict=True):
                grid[box.y : box.y + box.height, box.x : box.x + box.width] = True
            expected = (grids[0] & grids[1]).sum() / (grids[0] | grids[1]).sum()
            assert helpers.overlap(found, truth)[row, column] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "truth", "expected"),
    [
        ([], [], (1, 1, 1)),
        ([(0, 0, 9, 9)], [], (0, 1, 0)),
        ([], [(0, 0, 9, 9)], (1, 0, 0)),
        ([(0, 0, 9, 9)], [(0, 0, 9, 9)], (1, 1, 1)),
        ([(0, 0, 9, 9), (0, 0, 9, 8)], [(0, 0, 9, 9)], (0.5, 1, 2 / 3)),
        ([(0, 0, 4, 9), (4, 0, 5, 9)], [(0, 0, 9, 9)], (0.5, 1, 2 / 3)),
        ([(0, 0, 9, 9), (30, 30, 9, 9)], [(0, 0, 9, 9), (60, 0, 9, 9)], (0.5, 0.5, 0.5)),
    ],
)
def test_scores_by_hand(found, truth, expected):
    assert helpers.score_boxes(found, truth) == pytest.approx(expected)


@given(BOXES, BOXES, st.floats(0.05, 1))
def test_scores_stay_in_range_and_fall_with_iou(found, truth, iou):
    assert all(0 <= value <= 1 for value in helpers.score_boxes(found, truth, iou=iou))
    matches = helpers.match_boxes(found, truth, iou=iou)
    assert (
        len({row for row, _ in matches}) == len({column for _, column in matches}) == len(matches)
    )
    assert all(helpers.overlap(found, truth)[match] >= iou for match in matches)
    assert len(matches) >= len(helpers.match_boxes(found, truth, iou=1))
    assert len(matches) == len(helpers.match_boxes(truth, found, iou=iou))


@pytest.mark.parametrize("iou", [0, -1, 1.01])
def test_iou_out_of_range(iou):
    with pytest.raises(ValueError, match="Give a number above 0, up to 1"):
        helpers.score_boxes([], [], iou=iou)


@pytest.fixture
def pair_set(tmp_path):
    """One pair with an edit, one without."""
    picture = np.full((60, 80, 3), 90, np.uint8)
    edited = picture.copy()
    edited[20:40, 30:50] = 250
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    cv2.imwrite(str(tmp_path / "b.png"), edited)
    pairs = [
        {"name": "edit", "first": "a.png", "second": "b.png", "boxes": [[30, 20, 20, 20]]},
        {"name": "same", "first": "a.png", "second": "a.png", "boxes": [], "title": "Twins"},
    ]
    (tmp_path / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    return tmp_path


def test_load_pairs(pair_set):
    edit, same = helpers.load_pairs(pair_set)
    assert edit.boxes == [helpers.Box(30, 20, 20, 20)]
    assert edit.first == pair_set / "a.png"
    assert (same.boxes, same.title, same.change) == ([], "Twins", "")


def test_evaluate(pair_set):
    evaluation = helpers.evaluate(pair_set)
    edit, same = evaluation.results
    assert (edit.touched, edit.stray, len(edit.found)) == (1, 0, 1)
    assert (same.touched, same.stray, same.found) == (0, 0, [])
    assert edit.scores == (1, 1, 1)
    assert evaluation.scores == (1, 1, 1)
    assert helpers.evaluate(pair_set, iou=0.99).scores == (0, 0, 0)
    with pytest.raises(helpers.PictureError, match="There is no method"):
        helpers.evaluate(pair_set, method="magic")


def test_evaluate_tells_touched_from_stray_and_pools_the_scores(pair_set):
    picture = cv2.imread(str(pair_set / "b.png"))
    picture[5:9, 70:76] = 250
    cv2.imwrite(str(pair_set / "c.png"), picture)
    pairs = json.loads((pair_set / "pairs.json").read_text())["pairs"]
    # Two true boxes: one lies on the edit, nothing is at the other; the patch at the edge is stray.
    boxes = [[30, 20, 20, 20], [0, 50, 5, 5]]
    pairs.append({"name": "more", "first": "a.png", "second": "c.png", "boxes": boxes})
    # A true box that the found one misses by 2 pixels: not touched, but not stray either.
    pairs.append({"name": "near", "first": "a.png", "second": "b.png", "boxes": [[55, 20, 9, 9]]})
    # Two found boxes on one true one: one difference is touched.
    pairs.append({"name": "wide", "first": "a.png", "second": "c.png", "boxes": [[0, 0, 80, 60]]})
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    evaluation = helpers.evaluate(pair_set)
    _, _, more, near, wide = evaluation.results
    assert (more.touched, more.stray, more.matched, len(more.found)) == (1, 1, 1, 2)
    assert (near.touched, near.stray, near.matched) == (0, 0, 0)
    assert (wide.touched, wide.stray, len(wide.found)) == (1, 0, 2)
    assert evaluation.scores == pytest.approx((2 / 6, 2 / 5, 4 / 11))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"pairs\.json is no JSON"),
        ("[" * 100_000, r"pairs\.json is no JSON"),
        ("{}", "lists no pairs. It must be of the form"),
        ('{"pairs": 3}', "lists no pairs"),
        ('{"pairs": []}', "lists no pairs"),
        ('{"pairs": [{"name": "a"}]}', "pair 1 is not of the form.*KeyError 'first'"),
        ("[[1, 2]]", "pair 1 is not of the form.*TypeError"),
        ("[[0, 0, 9, 9], [0, 0, 9, 0]]", "pair 1 .*height is 0. Give a whole number from 1 up"),
        ("[[0, 0, -9, 9]]", "width is -9. Give a whole number from 1 up"),
        ("[[1.5, 0, 9, 9]]", "x is 1.5. Give a whole number"),
        ("[[Infinity, 0, 9, 9]]", "x is inf. Give a whole number"),
    ],
)
def test_pairs_json_of_another_form(tmp_path, text, message):
    if text.startswith("[[") and len(text) < 100:
        text = f'{{"pairs": [{{"name": "a", "first": "", "second": "", "boxes": {text}}}]}}'
    (tmp_path / "pairs.json").write_text(text)
    with pytest.raises(helpers.PictureError, match=message):
        helpers.load_pairs(tmp_path)


def test_no_pairs_json(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no pairs\.json in"):
        helpers.load_pairs(tmp_path)
