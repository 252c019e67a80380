"""Whatever is given to a public function: a right answer or words, within memory and time."""

import json
import time
from functools import cache, partial

import cv2
import numpy as np
import pytest
from hostile import EVERYTHING, arrays, faults, layouts, outcome, values
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers import boxes, colors, fitting
from helpers.settings import SETTINGS
from helpers.viewer import figures, views

FIRST = cv2.GaussianBlur(
    np.random.default_rng(1).integers(0, 256, (70, 90, 3), np.uint8), (9, 9), 0
)
SECOND = FIRST.copy()
SECOND[20:40, 30:50] = 255 - SECOND[20:40, 30:50]
GRAY, OTHER = helpers.to_gray(FIRST), helpers.to_gray(SECOND)
MASK = helpers.compare(FIRST, SECOND).mask
SAME_TONE = helpers.Tone("second", np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1))
UNMOVED = helpers.Alignment(0.0, 0.0, 0.0, 1.0, np.eye(2, 3))
BOX = [(3, 4, 5, 6)]
COLORS, GRAYS = {"first": FIRST, "second": SECOND}, {"first": GRAY, "second": OTHER}


@cache
def evaluation():
    return helpers.evaluate(".", method="classic")


# Each public function that is called with values of a learner's, and arguments that are right.
CALLS = {
    "to_gray": (helpers.to_gray, {"image": FIRST}),
    "ssim": (helpers.ssim, {**GRAYS, "window": 7}),
    "ssim_difference": (helpers.ssim_difference, {**GRAYS, "window": 7}),
    "difference_image": (helpers.difference_image, {"similarity": GRAY / 255}),
    "otsu_mask": (helpers.otsu_mask, {"difference": GRAY}),
    "find_contours": (helpers.find_contours, {"mask": MASK}),
    "bounding_boxes": (
        helpers.bounding_boxes,
        {"contours": helpers.find_contours(MASK), "min_area": 0, "pad": 2, "shape": (70, 90)},
    ),
    "box_mask": (boxes.box_mask, {"places": BOX, "shape": (70, 90)}),
    "draw_boxes": (
        helpers.draw_boxes,
        {"image": FIRST, "boxes": BOX, "color": (0, 0, 255), "thickness": 2},
    ),
    "find_alignment": (helpers.find_alignment, GRAYS),
    "warp": (helpers.warp, {"second": SECOND, "alignment": UNMOVED}),
    "find_tone": (helpers.find_tone, {**COLORS, "ignored": MASK}),
    "apply_tone": (helpers.apply_tone, {"image": FIRST, "tone": SAME_TONE}),
    "compare": (
        helpers.compare,
        {**COLORS, "method": "robust", **{each.name: each.default for each in SETTINGS}},
    ),
    "classic": (helpers.compare, {**COLORS, "method": "classic", "min_area": 2}),
    "load_image": (helpers.load_image, {"path": "a.png"}),
    "load_pair": (helpers.load_pair, {"first": "a.png", "second": "b.png"}),
    "bgr": (colors.bgr, {"color": "#D55E00"}),
    "find_misfit": (fitting.find_misfit, COLORS),
    "find_turn": (fitting.find_turn, COLORS),
    "overlap": (helpers.overlap, {"first": BOX, "second": BOX}),
    "match_boxes": (helpers.match_boxes, {"found": BOX, "truth": BOX, "iou": 0.5}),
    "score_boxes": (helpers.score_boxes, {"found": BOX, "truth": BOX, "iou": 0.5}),
    "load_pairs": (helpers.load_pairs, {"folder": "."}),
    "evaluate": (
        partial(helpers.evaluate, method="classic"),
        {"folder": ".", "iou": 0.5, "min_area": 5},
    ),
    "contact_sheet": (
        lambda **given: helpers.contact_sheet(**{"evaluation": evaluation()} | given),
        {"pairs": 2},
    ),
}
PUBLIC = {name for name in helpers.__all__ if name.islower()} - {"save_contact_sheet"}


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory):
    """Be in a folder with a pair set, where what is written does no harm."""
    path = tmp_path_factory.mktemp("hostile")
    cv2.imwrite(str(path / "a.png"), FIRST)
    cv2.imwrite(str(path / "b.png"), SECOND)
    pair = {"name": "p", "first": "a.png", "second": "b.png", "boxes": [[30, 20, 20, 20]]}
    (path / "pairs.json").write_text(json.dumps({"pairs": [pair]}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        yield


def test_all_public_functions_are_tried():
    assert set(CALLS) >= PUBLIC


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("large", [False, pytest.param(True, marks=pytest.mark.full)])
def test_what_is_wrong_is_answered_in_words(name, large):
    assert not faults(*CALLS[name], large=large)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
@settings(deadline=None, max_examples=settings.default.max_examples // 3)
def test_anything_is_answered_or_refused_in_words(name, data):
    function, valid = CALLS[name]
    changed = data.draw(st.sets(st.sampled_from(sorted(valid)), min_size=1))
    outcome(function, **(valid | {parameter: data.draw(values()) for parameter in changed}))


@given(arrays(), st.sampled_from(["to_gray", "otsu_mask", "find_contours", "difference_image"]))
def test_no_answer_depends_on_how_an_array_lies_in_memory(array, name):
    function = CALLS[name][0]
    expected = outcome(function, np.array(array))
    for other in layouts(np.array(array)) if array.size else ():
        assert same(outcome(function, other), expected)


def same(one, other):
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    return str(one) == str(other) if isinstance(one, Exception) else np.array_equal(one, other)


@pytest.mark.parametrize("layout", range(6))
def test_no_comparison_depends_on_how_its_pictures_lie_in_memory(layout):
    expected = helpers.compare(FIRST, SECOND)
    comparison = helpers.compare(layouts(FIRST)[layout], layouts(SECOND)[layout])
    assert comparison.boxes == expected.boxes and len(expected.boxes) == 1
    assert comparison.score == expected.score
    assert np.array_equal(comparison.difference, expected.difference)


def test_thin_pictures_are_compared():
    thin = np.random.default_rng(2).integers(0, 256, (9, 40000, 3), np.uint8)
    changed = thin.copy()
    changed[2:7, 30000:30020] = 255 - changed[2:7, 30000:30020]
    (box,) = helpers.compare(thin, changed).boxes
    assert box.x in range(29980, 30001) and box.x + box.width in range(30020, 30041)


BIG = np.zeros((2000, 3000, 3), np.uint8)
FAR = 2**30


@pytest.mark.parametrize(
    "call",
    [
        lambda: helpers.compare(BIG, BIG, merge=10**9),
        lambda: helpers.compare(BIG, BIG, tolerance=10**9),
        lambda: helpers.compare(BIG, BIG, ignore=[(0, 0, 3000, 2000)] * 1001),
        lambda: helpers.draw_boxes(BIG, [(0, 0, 9, 9)], thickness=10**9),
        lambda: helpers.draw_boxes(BIG, EVERYTHING["endless boxes"]()),
        lambda: helpers.bounding_boxes(EVERYTHING["endless numbers"]()),
        lambda: helpers.bounding_boxes([np.array([[[2**31, 0]]])]),
        lambda: boxes.box_mask([], (10**6, 10**6)),
    ],
)
def test_what_would_take_minutes_or_gigabytes_is_refused_at_once(call):
    began = time.perf_counter()
    with pytest.raises(helpers.PictureError):
        call()
    assert time.perf_counter() - began < 2


def test_limits_of_settings_take_seconds():
    changed = BIG.copy()
    changed[500:520, 100:160] = 255
    began = time.perf_counter()
    comparison = helpers.compare(BIG, changed, merge=1000, tolerance=32)
    assert comparison.mask.any() and time.perf_counter() - began < 10


def test_boxes_far_outside_and_thick_lines_are_drawn_as_far_as_they_are_seen():
    drawn = helpers.draw_boxes(FIRST, [(-FAR + 20, 10, FAR, FAR)])
    near = helpers.draw_boxes(FIRST, [(-40, 10, 60, 120)])
    assert near[40, 19].tolist() == [0, 0, 255]
    assert np.array_equal(drawn, near) and not np.array_equal(drawn, FIRST)
    assert (helpers.draw_boxes(FIRST, [(0, 0, 9, 9)], thickness=1000) == (0, 0, 255)).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: helpers.warp(SECOND, None), "alignment is None.*when nothing moved"),
        (lambda: helpers.apply_tone(FIRST, None), "tone is None.*nothing to correct"),
        (lambda: helpers.bounding_boxes(MASK), "a contour is .*as find_contours returns"),
        (lambda: helpers.draw_boxes(FIRST, (1, 2, 3, 4)), "a box to draw is 1. Give boxes"),
        (lambda: helpers.draw_boxes(FIRST, BOX, color="red"), "a value of the color is 'r'"),
        (lambda: helpers.to_gray(np.ma.masked_less(GRAY, 9)), "masked array.*filled"),
        (lambda: helpers.difference_image(GRAY * 1.0), "holds .* Expected -1 to 1"),
        (lambda: helpers.difference_image(np.full((9, 9), np.nan)), "holds nan"),
        (lambda: helpers.compare(FIRST, SECOND, merge=True), "merge is True"),
        (lambda: helpers.compare(FIRST, SECOND, merge=1001), "from 0 to 1000"),
        (lambda: helpers.compare(FIRST, SECOND, tolerance=33), "from 0 to 32"),
        (lambda: helpers.load_image("a\0b"), "Give the path of a file"),
        (lambda: helpers.load_image(3), "path is 3"),
        (lambda: helpers.overlap([(1.5, 2, 3, 4)], []), "x of a box of the first list is 1.5"),
        (lambda: figures.panels([FIRST]), "as {title: picture}"),
        (lambda: views.views(FIRST), "no comparison"),
    ],
)
def test_common_mistakes_are_named(call, words):
    with pytest.raises(helpers.PictureError, match=words):
        call()
