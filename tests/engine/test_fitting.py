"""Pairs that do not fit: what is said, and whether the offers fix them."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers.bands import Band
from helpers.boxes import Box
from helpers.fitting import TURNS, Fit, find_fit, find_misfit, find_turn

PAIRS = helpers.load_pairs(Path(__file__).parents[2] / "images")
BACK = {90: "to the left", 180: "upside down", 270: "to the right"}
NAMES = [pair.name for pair in PAIRS]


@pytest.fixture(params=PAIRS, ids=NAMES)
def pair(request) -> tuple[np.ndarray, np.ndarray]:
    return helpers.load_pair(request.param.first, request.param.second)


def test_pairs_of_the_course_fit(pair):
    assert find_misfit(*pair) is None
    assert find_turn(*pair) is None


@pytest.mark.parametrize("larger", [0, 1])
def test_the_larger_picture_is_reduced(pair, larger):
    height, width = pair[0].shape[:2]
    pictures = list(pair)
    pictures[larger] = cv2.resize(pictures[larger], (2 * width, 2 * height))
    misfit = find_misfit(*pictures)
    assert (
        f"{width} x {height}" in misfit.message and f"{2 * width} x {2 * height}" in misfit.message
    )
    (offer,) = misfit.offers
    assert offer.place == larger
    assert offer.text == f"Reduce the {('first', 'second')[larger]} picture to {width} x {height}"
    fixed = offer.fix(pictures[larger])
    assert np.array_equal(
        fixed, cv2.resize(pictures[larger], (width, height), interpolation=cv2.INTER_AREA)
    )


@pytest.mark.parametrize("degrees", [90, 270])
@pytest.mark.parametrize("scale", [1, 1.5])
def test_a_picture_on_its_side_is_turned_the_right_way(pair, degrees, scale):
    first, second = pair
    turned = cv2.rotate(cv2.resize(second, None, fx=scale, fy=scale), TURNS[degrees])
    misfit = find_misfit(first, turned)
    assert "One stands upright, the other lies on its side" in misfit.message
    (offer,) = misfit.offers
    assert offer.place == 1 and BACK[degrees] in offer.text
    assert offer.fix(turned).shape == cv2.resize(second, None, fx=scale, fy=scale).shape
    if scale == 1:
        assert np.array_equal(offer.fix(turned), second)


def test_when_no_turn_makes_them_alike_both_are_offered():
    rng = np.random.default_rng(1)
    first = cv2.GaussianBlur(rng.integers(0, 256, (300, 400), dtype=np.uint8), (0, 0), 5)
    second = cv2.GaussianBlur(rng.integers(0, 256, (400, 300), dtype=np.uint8), (0, 0), 5)
    first, second = (
        cv2.normalize(image, None, 0, 255, cv2.NORM_MINMAX) for image in (first, second)
    )
    assert len(find_misfit(first, second).offers) == 2


def test_upside_down_is_noticed(pair):
    first, second = pair
    turned = cv2.rotate(second, cv2.ROTATE_180)
    (offer,) = find_turn(first, turned).offers
    assert np.array_equal(offer.fix(turned), second)


@pytest.mark.parametrize("degrees", TURNS)
def test_squares_may_be_turned_in_every_way(degrees):
    first, second = (
        image[:300, :300] for image in helpers.load_pair(PAIRS[8].first, PAIRS[8].second)
    )
    turned = cv2.rotate(second, TURNS[degrees])
    (offer,) = find_turn(first, turned).offers
    assert np.array_equal(offer.fix(turned), second)


def test_other_proportions_get_no_offer():
    misfit = find_misfit(np.zeros((300, 400, 3), np.uint8), np.zeros((300, 410, 3), np.uint8))
    assert "400 x 300" in misfit.message and "410 x 300" in misfit.message
    assert "Crop it" in misfit.message
    assert misfit.offers == ()


@pytest.mark.parametrize("width", [404, 397])
def test_one_percent_is_still_the_same_proportion(width):
    (offer,) = find_misfit(
        np.zeros((300, 400, 3), np.uint8), np.zeros((600, 2 * width, 3), np.uint8)
    ).offers
    assert offer.fix(np.zeros((600, 2 * width, 3), np.uint8)).shape == (300, 400, 3)


@pytest.mark.parametrize("sizes", [((1, 1), (9, 1)), ((1, 9), (9, 1)), ((1, 1), (500, 500))])
def test_tiny_pictures_raise_nothing(sizes):
    first, second = (np.zeros((*size, 3), np.uint8) for size in sizes)
    misfit = find_misfit(first, second)
    for offer in misfit.offers:
        offer.fix((first, second)[offer.place])


SIDES = st.integers(7, 60)
SIZES = st.tuples(SIDES, SIDES)


def part_of(draw: st.DrawFn, size: tuple[int, int]) -> Box:
    x, y = (draw(st.integers(0, side - 1)) for side in size)
    return Box(x, y, draw(st.integers(1, size[0] - x)), draw(st.integers(1, size[1] - y)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_box_covers_what_becomes_it(data):
    """Whatever of the second file is brought into a box lies in the box's place in that file."""
    size, resized = data.draw(SIZES), data.draw(SIZES)
    turn = data.draw(st.sampled_from([0, *TURNS]))
    part = part_of(data.draw, resized)
    fit = Fit("resized", (resized, size), turn, (resized, resized), (part, part))
    box = part_of(data.draw, part[2:])
    x, y, width, height = place = fit.box_in(1, box)
    assert x >= 0 and y >= 0 and x + width <= size[0] and y + height <= size[1]
    outside = np.full(size[::-1], 255, np.uint8)
    outside[y : y + height, x : x + width] = 0
    brought = cv2.rotate(outside, TURNS[turn]) if turn else outside
    brought = cv2.resize(brought, resized, interpolation=cv2.INTER_NEAREST)
    brought = brought[part.y : part.y + part.height, part.x : part.x + part.width]
    assert not brought[box.y : box.y + box.height, box.x : box.x + box.width].any(), place


@given(SIZES, SIZES, st.sampled_from(["crop", "pad", "scale"]))
@settings(max_examples=60, deadline=None)
def test_both_pictures_come_out_of_one_size(size, other, way):
    rng = np.random.default_rng(1)
    first, second = (rng.integers(0, 256, (h, w, 3), np.uint8) for w, h in (size, other))
    fit = find_fit(first, second, way)
    if size == other:
        assert fit is None
        return
    one, another = fit.bring(0, first), fit.bring(1, second)
    if way == "crop":
        width, height = map(min, size, other)
        assert np.array_equal(one, first[:height, :width])
        assert np.array_equal(another, second[:height, :width])
    elif way == "scale":
        assert one is not second and np.array_equal(one, first) and another.shape == first.shape
    else:
        one, another, single = fit.layout.place(one, another)
        assert one.shape == another.shape == (*map(max, size[::-1], other[::-1]), 3)
        assert np.array_equal(one[: size[1], : size[0]], first)
        assert np.array_equal(another[: other[1], : other[0]], second)
        assert np.array_equal(one[single > 0], another[single > 0])


def text(lines: int, width: int = 500) -> np.ndarray:
    """A page of lines that look alike but for a number, with a header."""
    page = np.full((60 + 25 * lines, width, 3), 255, np.uint8)
    page[:40] = (80, 50, 30)
    for k in range(lines):
        words = f"line {k} of a page with some words in it"
        cv2.putText(page, words, (20, 80 + 25 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40,) * 3, 1)
    return page


def photograph(name: str = "05") -> np.ndarray:
    return helpers.load_image(Path(__file__).parents[2] / f"images/original_{name}.png")


def as_jpeg(picture: np.ndarray, quality: int = 75) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], 1)


def patched(picture: np.ndarray, x: int, y: int) -> np.ndarray:
    picture = picture.copy()
    picture[y : y + 24, x : x + 36] = (30, 160, 230)
    return picture


def near(box: Box, wanted: tuple[int, ...], off: int = 3) -> bool:
    return max(abs(one - other) for one, other in zip(box, wanted, strict=True)) <= off


@pytest.mark.parametrize("swapped", [False, True])
def test_a_row_more_is_not_taken_for_another_scale(swapped):
    """168 against 169 px: within 1 % of one ratio, and yet nothing is to be resized."""
    page = text(5)[:169]
    pair = page, page[:168]
    comparison = helpers.compare(*(pair[::-1] if swapped else pair))
    assert (comparison.fit.how, comparison.verdict) == ("extended", "explained")
    assert comparison.boxes == [] and comparison.kind == "exact"
    assert "500 x 168" in comparison.remarks[0] and "500 x 169" in comparison.remarks[0]


def test_a_page_that_was_really_scaled_by_one_row_is():
    page = text(12)
    scaled = cv2.resize(page, (498, 359), interpolation=cv2.INTER_AREA)
    assert find_fit(page, scaled).how == "scaled"


@pytest.mark.parametrize("larger", [0, 1])
def test_a_screenshot_at_twice_the_device_scale(larger):
    page = text(14)
    pair = [page, patched(page, 300, 200)]
    pair[larger] = cv2.resize(pair[larger], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    comparison = helpers.compare(*pair)
    assert comparison.fit.how == "scaled"
    (box,) = comparison.boxes
    scale = 2 if larger == 0 else 1
    assert near(comparison.box_in(0, box), (300 * scale, 200 * scale, 36 * scale, 24 * scale), 8)
    assert comparison.sizes[larger] == (1000, 820)


def test_the_status_bar_of_a_phone_that_was_cut_off_gets_the_one_box_of_what_is_gone():
    page = text(30, width=360)
    page[:40] = (200, 80, 40)
    cv2.putText(page, "12:30", (150, 27), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,) * 3, 2)
    comparison = helpers.compare(page, patched(page, 60, 300)[40:])
    bar, change = comparison.boxes
    assert bar == (0, 0, 360, 40)
    assert near(change, (60, 300, 36, 24)) and near(comparison.box_in(1, change), (60, 260, 36, 24))
    assert comparison.box_in(1, bar) is None


def test_rows_are_missing_at_the_edge_where_nothing_tells_otherwise():
    """The second begins with a gap between lines, and so does the first: with blank rows."""
    page = text(14)
    page[:40] = 255
    assert (page[86:90] == 255).all()
    assert find_fit(page, as_jpeg(page[86:])).layout.rows == (Band(0, None, 86), Band(86, 0, 324))


def test_opacity_is_compared_at_another_scale(tmp_path):
    page = text(14)
    glass = np.dstack([page, np.full(page.shape[:2], 255, np.uint8)])
    half = cv2.resize(glass, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half[160:180, 200:240] = (255, 255, 255, 0)
    cv2.imwrite(str(tmp_path / "a.png"), glass)
    cv2.imwrite(str(tmp_path / "b.png"), half)
    assert (half[160:180, 200:240, :3] == 255).all() and (page[320:360, 400:480] == 255).all()
    with pytest.warns(UserWarning, match="transparent"):
        comparison = helpers.compare(tmp_path / "a.png", tmp_path / "b.png")
    (box,) = comparison.boxes
    assert near(comparison.box_in(0, box), (400, 320, 80, 40))


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_photograph_that_lost_its_turn_is_turned_back(turn):
    first = photograph("03")
    second = as_jpeg(cv2.rotate(patched(first, 500, 200), turn))
    comparison = helpers.compare(first, second)
    assert comparison.fit.how == "turned" and "lay on its side" in comparison.remarks[0]
    (box,) = comparison.boxes
    assert near(box, (500, 200, 36, 24), 6)
    x, y, width, height = comparison.box_in(1, box)
    centre = second[y + height // 2, x + width // 2].astype(int)
    assert np.abs(centre - (30, 160, 230)).max() < 20


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_a_crop_of_a_photograph_stored_as_jpeg(method):
    first = photograph()
    second = as_jpeg(patched(first, 200, 150)[60:260, 90:350], 90)
    comparison = helpers.compare(first, second, method=method)
    assert comparison.fit.how == "cropped" and comparison.mask.shape == (200, 260)
    assert "x = 90, y = 60" in comparison.remarks[0]
    places = [comparison.box_in(0, box) for box in comparison.boxes]
    assert any(near(place, (200, 150, 36, 24), 10) for place in places)
    if method == "robust":
        assert len(places) == 1


@pytest.mark.parametrize("way", ["auto", "crop", "pad", "scale"])
def test_places_to_ignore_are_those_of_the_first_picture(way):
    first = cv2.resize(photograph(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    second = patched(photograph(), 200, 150)
    if way in ("crop", "pad"):
        first, second = photograph(), patched(photograph(), 200, 150)[:200, :250]
    scale = first.shape[1] // photograph().shape[1]
    ignore = [(200 * scale - 8, 150 * scale - 8, 36 * scale + 16, 24 * scale + 16)]
    assert len(helpers.compare(first, second, sizes=way, pad=0).boxes) >= 1
    left = helpers.compare(first, second, sizes=way, ignore=ignore).boxes
    assert all(box.y >= 200 or box.x >= 250 for box in left)


def test_other_pictures_are_refused_with_both_sizes_and_what_to_do():
    with pytest.raises(helpers.PictureError, match=r"384 x 303 .* 440 x 330 .*--sizes.*pad"):
        find_fit(photograph(), photograph("12"))


@pytest.mark.parametrize("way", ["crop", "pad", "scale"])
def test_other_pictures_are_compared_when_that_is_asked_for(way):
    comparison = helpers.compare(photograph(), photograph("12"), sizes=way)
    assert comparison.verdict in ("unlike", "changed")
    assert comparison.to_dict()["fit"]["how"] in ("cropped", "padded", "resized")


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_what_pads_is_boxed_when_it_holds_something(method):
    first = photograph()
    comparison = helpers.compare(first, first[:200, :300], sizes="pad", method=method)
    height, width = first.shape[:2]
    assert set(comparison.boxes) == {(300, 0, width - 300, height), (0, 200, width, height - 200)}
    blank = np.full((60, 90, 3), 255, np.uint8)
    extended = helpers.compare(blank, blank[:50, :80], sizes="pad", method=method)
    assert extended.boxes == [] and extended.verdict == "explained"


@pytest.mark.parametrize("way", ["auto", "crop", "pad", "scale"])
@pytest.mark.parametrize(
    "shapes", [((1, 40000), (40000, 1)), ((1, 1), (3000, 4000)), ((7, 1), (1, 7))]
)
def test_shapes_that_make_no_sense_are_compared_in_bounds_or_answered_in_words(way, shapes):
    first, second = (np.zeros((*shape, 3), np.uint8) for shape in shapes)
    try:
        comparison = helpers.compare(first, second, sizes=way)
    except helpers.PictureError as error:
        assert re.search(r"\d x \d", str(error))
    else:
        assert comparison.mask.size <= max(first.size, second.size)


def test_a_canvas_beyond_all_limits_is_refused():
    first, second = np.zeros((7, 30_000), np.uint8), np.zeros((30_000, 7), np.uint8)
    with pytest.raises(helpers.PictureError, match="would take 30000 x 30000, and 50 million"):
        find_fit(first, second, "pad")


@pytest.mark.parametrize("sizes", ["padded", None, 3, b"pad", ["pad"], np.zeros(3)])
@pytest.mark.parametrize("method", ["robust", "classic"])
def test_other_words_for_the_setting_are_refused(sizes, method):
    picture = np.zeros((9, 9, 3), np.uint8)
    with pytest.raises(helpers.PictureError, match="Choose one of: auto, crop, pad, scale, refuse"):
        helpers.compare(picture, picture, sizes=sizes, method=method)
