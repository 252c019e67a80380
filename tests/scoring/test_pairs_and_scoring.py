"""Pair sets, overlap, and scores."""

import itertools
import json
import os
import sys
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
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


@settings(deadline=None)
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


@settings(deadline=None)
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


@pytest.mark.parametrize("iou", [0, -1, 1.01, float("nan"), True, "0.5", None, [], 10**400])
def test_iou_out_of_range(iou):
    with pytest.raises(helpers.PictureError, match="Give a number above 0, up to 1"):
        helpers.score_boxes([], [], iou=iou)
    with pytest.raises(helpers.PictureError, match="Give a number above 0, up to 1"):
        helpers.evaluate("nowhere", iou=iou)


@settings(deadline=None)
@given(BOXES, BOXES, st.floats(0.05, 1), st.randoms())
def test_the_order_of_boxes_does_not_matter(found, truth, iou, random):
    expected = helpers.score_boxes(found, truth, iou=iou)
    random.shuffle(found)
    random.shuffle(truth)
    assert helpers.score_boxes(found, truth, iou=iou) == expected


@settings(deadline=None)
@given(BOXES, BOXES, st.floats(0.05, 1))
def test_recall_is_precision_with_the_lists_exchanged(found, truth, iou):
    precision, recall, f1 = helpers.score_boxes(found, truth, iou=iou)
    assert helpers.score_boxes(truth, found, iou=iou) == (recall, precision, f1)


@settings(deadline=None)
@given(BOXES, st.floats(0.05, 1))
def test_the_truth_itself_is_perfect(truth, iou):
    assert helpers.score_boxes(truth, truth, iou=iou) == (1, 1, 1)


def test_equal_overlaps_are_matched_alike_in_any_order():
    # A overlaps T and U equally, B only T and as much. A with T would leave B and U alone.
    a, b, t, u = (10, 0, 10, 10), (0, 0, 10, 10), (5, 0, 10, 10), (15, 0, 10, 10)
    counts = {
        len(helpers.match_boxes(found, truth, iou=0.2))
        for found in ([a, b], [b, a])
        for truth in ([t, u], [u, t])
    }
    assert len(counts) == 1


CROWD = st.lists(st.tuples(*[st.integers(0, 4)] * 2, *[st.integers(1, 4)] * 2), max_size=25)


@settings(deadline=None)
@given(CROWD, CROWD, st.sampled_from([sys.float_info.min, 0.1, 0.3, 1 / 3, 0.5, 1]))
def test_matches_are_those_of_all_overlaps_sorted(found, truth, iou):
    """Few places, so that many boxes are equal and many overlaps, and few candidates are kept."""
    overlaps = helpers.overlap(found, truth)

    def best_first(candidate):
        row, column = candidate
        return -overlaps[candidate], sorted((found[row], truth[column]))

    expected, taken_rows, taken_columns = [], set(), set()
    for row, column in sorted(map(tuple, np.argwhere(overlaps >= iou).tolist()), key=best_first):
        if row not in taken_rows and column not in taken_columns:
            expected.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    assert helpers.match_boxes(found, truth, iou=iou) == expected


def test_scoring_many_boxes_takes_little_memory():
    rng = np.random.default_rng(0)
    specks = np.c_[rng.integers(0, 3000, (10_000, 2)), rng.integers(1, 9, (10_000, 2))]
    everywhere = [(0, 0, 3000, 3000)] * 300
    tracemalloc.start()
    try:
        matches = helpers.match_boxes(specks, everywhere, iou=sys.float_info.min)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(matches) == 300
    assert peak < 20 * 2**20  # all overlaps at once took 200 MB


class Raiser:
    def __array__(self, *_, **__):
        raise RuntimeError("no")

    def __iter__(self):
        raise RuntimeError("no")


NO_BOXES = {
    "text": "",
    "words": ["abcd"],
    "numbers as text": [("1", "2", "3", "4")],
    "none": None,
    "a number": 7,
    "a dict": {},
    "a set": set(),
    "one box": (0, 0, 9, 9),
    "three numbers": [(0, 0, 9)],
    "five numbers": [(0, 0, 9, 9, 9)],
    "ragged": [(0, 0, 9, 9), (0, 0)],
    "no numbers": [None] * 4,
    "nan": [(float("nan"), 0, 9, 9)],
    "infinite": [(0, 0, float("inf"), 9)],
    "negative": [(0, 0, -9, 9)],
    "huge": [(10**400, 0, 9, 9)],
    "beyond int64": [(2**63, 0, 9, 9)],
    "least int64": np.full((1, 4), -(2**63)),
    "complex": np.ones((2, 4), complex),
    "bools": np.ones((2, 4), bool),
    "an array of one box": np.ones(4),
    "no end": itertools.repeat((0, 0, 9, 9)),
    "a class that raises": Raiser(),
}


@pytest.mark.parametrize("boxes", NO_BOXES.values(), ids=NO_BOXES)
@pytest.mark.parametrize("score", [helpers.overlap, helpers.match_boxes, helpers.score_boxes])
def test_what_is_no_list_of_boxes(score, boxes):
    for given_boxes in [(boxes, []), ([], boxes)]:
        with pytest.raises(helpers.PictureError, match="Give "):
            score(*given_boxes)


def test_lists_of_boxes_of_every_kind():
    boxes = [(0, 0, 9, 9), (4, 4, 9, 9)]
    for same in (
        boxes,
        np.array(boxes),
        np.array(boxes, np.uint8),
        iter(boxes),
        [*map(list, boxes)],
    ):
        assert helpers.score_boxes(same, boxes) == (1, 1, 1)
    assert helpers.overlap(np.zeros((0, 4)), boxes).shape == (0, 2)


def test_more_boxes_than_can_be_compared(monkeypatch):
    monkeypatch.setattr("helpers.scoring.scores.MOST_COMPARED", 5)
    assert helpers.score_boxes([(0, 0, 9, 9)] * 5, [(0, 0, 9, 9)]) == (1 / 5, 1, 1 / 3)
    with pytest.raises(helpers.PictureError, match="6 boxes with 1 others are too many to compare"):
        helpers.score_boxes([(0, 0, 9, 9)] * 6, [(0, 0, 9, 9)])
    monkeypatch.setattr("helpers.scoring.scores.MOST_CANDIDATES", 3)
    with pytest.raises(helpers.PictureError, match="in more ways than can be matched"):
        helpers.match_boxes([(0, 0, 9, 9)] * 2, [(0, 0, 9, 9)] * 2)


def test_more_boxes_than_can_be_kept(pair_set, monkeypatch):
    monkeypatch.setattr("helpers.scoring.scores.MOST_FOUND", 3)
    boxes = [(0, 0, 9, 9), (9, 9, 9, 9)]
    with pytest.raises(helpers.PictureError, match="Pair 'same': with this one more than 3 boxes"):
        helpers.evaluate(pair_set, method=lambda first, second: boxes)


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


def test_true_boxes_may_be_on_a_canvas_of_both_pictures(pair_set):
    first = cv2.imread(str(pair_set / "a.png"))
    first[:] = np.random.default_rng(0).integers(0, 256, first.shape)
    second = np.vstack([first[:40], np.full((30, 80, 3), 250, np.uint8), first[40:]])[:60]
    cv2.imwrite(str(pair_set / "a.png"), first)
    cv2.imwrite(str(pair_set / "b.png"), second)
    entry = {"name": "edit", "first": "a.png", "second": "b.png", "boxes": [[0, 40, 80, 30]]}
    for canvas, fits in (([80, 90], True), ([80, 69], False), (None, False)):
        text = json.dumps({"pairs": [entry | {"canvas": canvas}]})
        (pair_set / "pairs.json").write_text(text)
        if fits:
            assert helpers.load_pairs(pair_set)[0].canvas == (80, 90)
            helpers.evaluate(pair_set, method=lambda first, second: [])
        else:
            with pytest.raises(helpers.PictureError, match="reaches beyond the picture of 80 x 6"):
                helpers.evaluate(pair_set, method=lambda first, second: [])
    for canvas in (90, [90], [0, 90], ["80", 90]):
        text = json.dumps({"pairs": [entry | {"canvas": canvas}]})
        (pair_set / "pairs.json").write_text(text)
        with pytest.raises(helpers.PictureError, match=r"pair 1: .*canvas"):
            helpers.load_pairs(pair_set)


def test_evaluate(pair_set):
    evaluation = helpers.evaluate(pair_set, method="classic")
    edit, same = evaluation.results
    assert (edit.touched, edit.stray, len(edit.found)) == (1, 0, 1)
    assert (same.touched, same.stray, same.found) == (0, 0, [])
    assert edit.scores == (1, 1, 1)
    assert evaluation.scores == (1, 1, 1)
    assert helpers.evaluate(pair_set, method="classic", iou=0.99).scores == (0, 0, 0)
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
    evaluation = helpers.evaluate(pair_set, method="classic")
    _, _, more, near, wide = evaluation.results
    assert (more.touched, more.stray, more.matched, len(more.found)) == (1, 1, 1, 2)
    assert (near.touched, near.stray, near.matched) == (0, 0, 0)
    assert (wide.touched, wide.stray, len(wide.found)) == (1, 0, 2)
    assert evaluation.scores == pytest.approx((2 / 6, 2 / 5, 4 / 11))


def found_by(boxes, pair_set, truth, **options):
    """Evaluate the first pair with a method that always finds `boxes`."""
    pairs = [{"name": "edit", "first": "a.png", "second": "b.png", "boxes": truth}]
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    return helpers.evaluate(pair_set, method=lambda first, second: boxes, **options)


def test_by_place_counts_any_overlap_once(pair_set):
    truth = [[30, 20, 20, 20], [60, 20, 10, 10]]
    # A fragment of the first, another one, a box that holds both, one in no right place.
    fragments = found_by([(31, 21, 3, 3), (40, 30, 4, 4), (0, 50, 5, 5)], pair_set, truth)
    assert fragments.scores == (0, 0, 0)
    assert fragments.scores_by_place == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert fragments.boxes_per_difference == 2
    around = found_by([(0, 0, 80, 60)], pair_set, truth)
    assert around.scores_by_place == pytest.approx((1, 1 / 2, 2 / 3))
    assert around.boxes_per_difference == 0.5
    assert found_by([(0, 0, 9, 9)], pair_set, truth).boxes_per_difference is None


INSIDE = st.tuples(
    st.integers(0, 60), st.integers(0, 40), st.integers(1, 20), st.integers(1, 20)
).map(list)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(st.lists(INSIDE, max_size=5), st.lists(INSIDE, max_size=5), st.floats(0.01, 1))
def test_figures_of_an_evaluation_agree(pair_set, found, truth, iou):
    evaluation = found_by(found, pair_set, truth, iou=iou)
    (result,) = evaluation.results
    scores, by_place = evaluation.scores, evaluation.scores_by_place
    assert scores == helpers.score_boxes(found, truth, iou=iou) == result.scores
    assert all(0 <= a <= b <= 1 for a, b in zip(scores, by_place, strict=True))
    assert result.matched <= result.placed <= min(result.touched, result.touching)
    assert result.stray <= len(found) - result.touching
    assert (result.matched + result.missed, result.matched + result.wrong) == (
        len(truth),
        len(found),
    )
    assert evaluation.worst == ([result] if scores.f1 < 1 else [])
    assert evaluation.false_alarms == ([result] if found and not truth else [])
    ratio = evaluation.boxes_per_difference
    assert (ratio is None) == (result.touched == 0)
    assert ratio is None or 1 / len(truth) <= ratio <= len(found)
    json.dumps(evaluation.to_dict(), allow_nan=False)


def test_the_worst_pairs_come_first(pair_set):
    pairs = [
        {"name": name, "first": "a.png", "second": second, "boxes": boxes}
        for name, second, boxes in [
            ("one missed", "a.png", [[0, 0, 9, 9]]),
            ("right", "b.png", [[27, 17, 26, 26]]),
            ("half right", "b.png", [[27, 17, 26, 26], [0, 0, 9, 9]]),
            ("two missed", "a.png", [[0, 0, 9, 9], [20, 0, 9, 9]]),
            ("false alarm", "b.png", []),
            ("unchanged", "a.png", []),
        ]
    ]
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    evaluation = helpers.evaluate(pair_set, method="classic")
    names = [result.pair.name for result in evaluation.worst]
    assert names == ["two missed", "one missed", "false alarm", "half right"]
    assert [result.pair.name for result in evaluation.false_alarms] == ["false alarm"]
    assert len(evaluation.unchanged) == 2
    assert evaluation.stray == 0
    assert [result["name"] for result in evaluation.to_dict()["worst"]] == names
    assert repr(evaluation) == (
        "<Evaluation of 'classic' on 6 pairs: F1 0.444 at IoU 0.5, 0.444 by place>"
    )


def test_a_function_of_ones_own(pair_set):
    seen = []

    def mine(first, second, *, least):
        seen.append((first.shape, first.dtype, bool((first == second).all()), least))
        rows, columns = np.nonzero((first != second).any(axis=2))
        if not rows.size:
            return []
        corner = columns.min(), rows.min()
        return np.array([[*corner, np.ptp(columns) + 1, np.ptp(rows) + 1]])

    evaluation = helpers.evaluate(pair_set, method=mine, least=7)
    assert seen == [((60, 80, 3), np.uint8, same, 7) for same in (False, True)]
    assert evaluation.method == "mine"
    assert evaluation.scores == evaluation.scores_by_place == (1, 1, 1)
    assert evaluation.results[0].found == [(30, 20, 20, 20)]


def test_settings_go_to_compare(pair_set):
    boxes = [
        helpers.evaluate(pair_set, method="classic", min_pixels=area).results[0].found
        for area in (400, 676)
    ]
    assert [len(found) for found in boxes] == [1, 0]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("", "Pair 'edit': The method returned 'str'. Expected is a list of boxes"),
        ({}, "Pair 'edit': The method returned 'dict'. Expected is a list of boxes"),
        (
            [(1, 2, 3, True)],
            "Pair 'edit': height of a box that was found is True.",
        ),
        (
            [(10**400, 2, 3, 4)],
            "Pair 'edit': x of a box that was found is 1000.* Give ",
        ),
        (None, "Pair 'edit': The method returned 'NoneType'. Expected is a list of boxes"),
        ([(1, 2, 3)], "Pair 'edit': The method returned 'list'. Expected is a list of boxes"),
        ([(1.5, 2, 3, 4)], "Pair 'edit': x of a box that was found is 1.5. Give a whole number"),
        (
            [(1, 2, 0, 4)],
            "Pair 'edit': width of a box that was found is 0. Give ",
        ),
    ],
)
def test_a_function_that_returns_no_boxes(pair_set, returned, message):
    with pytest.raises(helpers.PictureError, match=message):
        helpers.evaluate(pair_set, method=lambda first, second: returned)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"second": "nowhere.png"}, "Pair 'edit': There is no file .*nowhere.png"),
        ({"second": "small.png"}, "Pair 'edit': .*80 x 60 pixels, the second 9 x 9 "),
        ({"second": "pairs.json"}, "Pair 'edit': .*is not a picture"),
        ({"second": "n" * 300}, "Pair 'edit': "),
        ({"boxes": [[30, 20, 51, 9]]}, "beyond the picture of 80 x 60.*not two corners"),
        ({"boxes": [[30, 20, 9, 41]]}, r"The true box \(30, 20, 9, 41\) reaches beyond"),
        ({"boxes": [[0, 0, 2**30, 9]]}, "reaches beyond the picture"),
    ],
)
def test_a_pair_that_cannot_be_scored_stops_the_evaluation(pair_set, change, message):
    cv2.imwrite(str(pair_set / "small.png"), np.zeros((9, 9), np.uint8))
    pairs = json.loads((pair_set / "pairs.json").read_text())["pairs"]
    pairs[0] |= change
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    with pytest.raises(helpers.PictureError, match=message):
        helpers.evaluate(pair_set)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_is_never_opened(pair_set):
    os.mkfifo(pair_set / "pipe.png")  # opening it would wait for ever
    pairs = [{"name": "pipe", "first": "a.png", "second": "pipe.png", "boxes": []}]
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    with pytest.raises(helpers.PictureError, match=r"Pair 'pipe': .*pipe\.png is not a file"):
        helpers.evaluate(pair_set)


def test_pictures_may_lie_outside_the_folder(pair_set):
    folder = pair_set / "set"
    folder.mkdir()
    pairs = [{"name": "a", "first": "../a.png", "second": "../b.png", "boxes": []}]
    text = json.dumps({"pairs": pairs})
    (folder / "pairs.json").write_text(text, encoding="utf-8-sig")  # as Windows' Notepad saves
    assert helpers.evaluate(folder).results[0].found
    assert sorted(path.name for path in folder.iterdir()) == ["pairs.json"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 3}, "pair 2: name is 3. Give text"),
        ({"name": "\x1b[2J"}, r"name is '\\x1b\[2J'. Give text without control characters"),
        ({"name": "\ud800"}, "Give text without control characters"),
        ({"title": None}, "title is None. Give text"),
        ({"nuisance": ["JPEG"]}, "nuisance is .*Give text"),
        ({"nuisance": {"kind": 3}}, "nuisance is 3. Give text"),
        ({"first": 5}, "first is 5. Give text"),
        ({"first": "a\0.png"}, "Give text without control characters"),
        ({"second": ""}, "second is ''. Give a path relative to the folder of pairs.json"),
        ({"second": str(Path("b.png").absolute())}, "Give a path relative to the folder"),
        ({"boxes": [[0, 0, 9, 9]] * 1001}, "It lists 1001 boxes. Give at most 1000"),
        ({"boxes": [[float("nan"), 0, 9, 9]]}, "x is nan. Give a whole number"),
        ({"boxes": 7}, r"boxes is 7. Give a list of boxes \[x, y, width, height\], an empty one"),
        ({"boxes": ""}, "boxes is ''. Give a list"),
        ({"boxes": {}}, "boxes is {}. Give a list"),
        ({"boxes": None}, "boxes is None. Give a list"),
        ({"boxes": [0, 0, 9, 9]}, r"A box is 0. Give \[x, y, width, height\]"),
        ({"boxes": ["abcd"]}, "A box is 'abcd'. Give"),
        ({"boxes": [{"x": 1, "y": 1, "width": 9, "height": 9}]}, "A box is {.*Give"),
        ({"boxes": [[0, 0, 9]]}, "A box is .*Give"),
        ({"boxes": [[0, 0, 9, 9, 9]]}, "A box is .*Give"),
        ({"boxes": [[[0] * 9] * 9]}, "A box is .*Give"),
        ({"boxes": [[0, 0, True, 9]]}, "width is True. Give a whole number from 1 up"),
        (
            {"boxes": [[0, 0, 10**400, 9]]},
            "width is 1000.*000. Give a whole number from 1",
        ),
        ({"boxes": [[0, 0, 9, 9.0]]}, "height is 9.0. Give a whole number"),
        ({"name": "edit"}, "pair 2: pair 1 has the name 'edit' already"),
        ({"title": "t" * 4001}, "title has 4001 characters. Give at most 4000"),
    ],
)
def test_entries_that_make_no_sense(pair_set, change, message):
    pairs = json.loads((pair_set / "pairs.json").read_text())["pairs"]
    pairs[1] |= change
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    with pytest.raises(helpers.PictureError, match=message):
        helpers.load_pairs(pair_set)


@pytest.mark.parametrize(
    ("nuisance", "expected"),
    [("jpeg", "jpeg"), ({"kind": "jpeg", "quality": 80}, "jpeg"), ({"quality": 80}, ""), ("", "")],
)
def test_nuisance(pair_set, nuisance, expected):
    pairs = json.loads((pair_set / "pairs.json").read_text())["pairs"]
    pairs[0]["nuisance"] = nuisance
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": pairs}))
    assert [pair.nuisance for pair in helpers.load_pairs(pair_set)] == [expected, ""]


def test_a_thousand_boxes_are_read(pair_set):
    truth = [[x, y, 1, 1] for x in range(50) for y in range(20)]
    assert found_by(truth, pair_set, truth).scores == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"pairs\.json is no JSON"),
        ("[" * 100_000, r"pairs\.json is no JSON"),
        ("{}", "lists no pairs. It must be of the form"),
        ('{"pairs": 3}', "lists no pairs"),
        ('{"pairs": []}', "lists no pairs"),
        ('{"pairs": [{"name": "a"}]}', "pair 1: It has no key 'first'. Give it, as in"),
        ('{"pairs": {"name": "a"}}', "lists no pairs"),
        ('"pairs"', "lists no pairs"),
        ('{"pairs": [["a"]]}', r"pair 1: It is \['a'\]. Give an object"),
        ('{"pairs": [], "pairs": [{}]}', "has the key 'pairs' twice"),
        (
            '{"pairs": [{"name": "a", "boxes": [], "boxes": []}]}',
            "1: It has the key 'boxes' twice",
        ),
        ('{"pairs": [' + "9" * 5000 + "]}", r"pairs\.json is no JSON: Exceeds the limit"),
        ('{"pairs": "\xe4"}', r"pairs\.json is no JSON: 'utf-8' codec"),
        ("[[1, 2]]", "pair 1: A box is"),
        ("[[1e400, 0, 9, 9]]", "x is inf. Give a whole number"),
        (
            "[[0, 0, 9, 9], [0, 0, 9, 0]]",
            r"pairs\.json, pair 1: height is 0. Give a whole number from 1 up",
        ),
        ("[[0, 0, -9, 9]]", "width is -9. Give a whole number from 1 up"),
        ("[[1.5, 0, 9, 9]]", "x is 1.5. Give a whole number"),
        ("[[Infinity, 0, 9, 9]]", "x is inf. Give a whole number"),
    ],
)
def test_pairs_json_of_another_form(tmp_path, text, message):
    if text.startswith("[[") and len(text) < 100:
        text = (
            f'{{"pairs": [{{"name": "a", "first": "a.png", "second": "a.png", "boxes": {text}}}]}}'
        )
    (tmp_path / "pairs.json").write_text(text, encoding="latin-1")
    with pytest.raises(helpers.PictureError, match=message) as caught:
        helpers.load_pairs(tmp_path)
    assert len(str(caught.value)) < 500


def test_a_pairs_json_that_would_fill_the_memory(tmp_path):
    with (tmp_path / "pairs.json").open("wb") as file:
        file.truncate(2**24 + 1)
    with pytest.raises(helpers.PictureError, match="has more than 16 MB"):
        helpers.load_pairs(tmp_path)


def test_a_pairs_json_that_cannot_be_read(tmp_path, monkeypatch):
    (tmp_path / "pairs.json").write_text("{}")
    monkeypatch.setattr(Path, "open", lambda *_: _raise(PermissionError(13, "Permission denied")))
    with pytest.raises(helpers.PictureError, match=r"cannot be read \(Permission denied\)"):
        helpers.load_pairs(tmp_path)


def _raise(error):
    raise error


def test_no_pairs_json(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no pairs\.json in"):
        helpers.load_pairs(tmp_path)
