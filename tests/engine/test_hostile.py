"""Whatever is given to a public function: a right answer or words, within memory and time."""

import time

import numpy as np
import pytest
from hostile import EVERYTHING, arrays, faults, layouts, outcome, values
from hostile_calls import BOX, CALLS, FIRST, GRAY, MASK, SECOND, write_files
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers import boxes
from helpers.viewer import figures, views

PUBLIC = {name for name in helpers.__all__ if name.islower()} - {"save_contact_sheet"}


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory):
    """Be in a folder with a pair set, where what is written does no harm."""
    path = tmp_path_factory.mktemp("hostile")
    write_files(path)
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
        lambda: helpers.compare(BIG, BIG, ignore=[(0, 0, 3000, 1000)] * 1001),
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
