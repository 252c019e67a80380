"""Inserted, removed and moved bands: the canvas, how they are found, and what is told of them."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers import bands, rows
from helpers.boxes import Box
from helpers.layout import MISSING, Band, Layout, find_layout

few = settings(deadline=None, max_examples=10)
many = settings(deadline=None, max_examples=60)


# Pictures


def texture(seed: int, height: int = 300, width: int = 200) -> np.ndarray:
    """Draw a picture without two rows or columns alike."""
    small = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def page(seed: int, lines: int = 16, width: int = 260) -> np.ndarray:
    """Draw lines of words on white paper: most of its rows are alike."""
    rng, picture = np.random.default_rng(seed), np.full((25 * lines + 20, width, 3), 255, np.uint8)
    for line in range(lines):
        words = "".join(rng.choice(list("abcdefghijklm   "), 30))
        place = (10, 25 + 25 * line)
        cv2.putText(picture, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1, 16)
    return picture


def jpeg(picture: np.ndarray, quality: int = 75) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, (1, quality))[1], cv2.IMREAD_COLOR)


def with_rows(picture: np.ndarray, at: int, rows: np.ndarray) -> np.ndarray:
    return np.vstack([picture[:at], rows, picture[at:]])


# The canvas


@st.composite
def some_bands(draw) -> tuple[Band, ...]:
    """Draw bands as a layout may have: parts of the first in order, of the second in any."""
    kinds = draw(st.lists(st.sampled_from(["shared", "first", "second"]), max_size=5))
    kinds.insert(draw(st.integers(0, len(kinds))), "shared")  # each picture has some line
    lengths = [draw(st.integers(1, 9)) for _ in kinds]
    starts, ends = {}, {"first": 0, "second": 0}
    order = list(enumerate(kinds))
    for picture, turns in (("first", order), ("second", draw(st.permutations(order)))):
        for at, kind in turns:
            if kind in ("shared", picture):
                starts[picture, at] = ends[picture]
                ends[picture] += lengths[at]
    return tuple(
        Band(starts.get(("first", at)), starts.get(("second", at)), lengths[at]) for at, _ in order
    )


LAYOUTS = st.builds(Layout, some_bands(), some_bands())


@st.composite
def boxes_on(draw, layout: Layout) -> Box:
    height, width = layout.shape
    x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    return Box(x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))


def numbered(shape: tuple[int, int]) -> np.ndarray:
    """Draw a picture each pixel of which says its place: column, row, and 0."""
    y, x = np.indices(shape, np.uint8)
    return np.dstack([x, y, np.zeros(shape, np.uint8)])


@given(LAYOUTS)
@many
def test_each_line_of_both_pictures_is_on_the_canvas_once(layout):
    for lines, side in zip(layout.lines(), (0, 1), strict=True):
        for which in (0, 1):
            there = lines[which][lines[which] != MISSING]
            assert sorted(there) == list(range(layout.shape_of(which)[side]))
        assert (lines != MISSING).any(axis=0).all()
        first = lines[0][lines[0] != MISSING]
        assert (np.diff(first) == 1).all()


@given(LAYOUTS)
@many
def test_a_placed_picture_shows_its_own_pixels_where_it_has_them(layout):
    pictures = [numbered(layout.shape_of(which)) for which in (0, 1)]
    *placed, single = layout.place(*pictures)
    rows, columns = layout.lines()
    for which, picture in enumerate(placed):
        assert picture.shape == (*layout.shape, 3)
        has = layout.lacks(which) == 0
        x, y = np.broadcast_arrays(columns[which][None], rows[which][:, None])
        assert np.array_equal(picture[has][:, 0], x[has])
        assert np.array_equal(picture[has][:, 1], y[has])
        assert np.array_equal(layout.in_file(which, picture), pictures[which])
        assert np.array_equal(layout.on_canvas(which, pictures[which], picture), picture)
    assert np.array_equal(placed[0][single > 0], placed[1][single > 0])


@given(st.data(), LAYOUTS)
@many
def test_a_box_in_a_file_holds_what_the_box_on_the_canvas_shows_of_it(data, layout):
    box = data.draw(boxes_on(layout))
    inside = np.s_[box.y : box.y + box.height, box.x : box.x + box.width]
    for which in (0, 1):
        picture = numbered(layout.shape_of(which))
        placed = layout.place(*(numbered(layout.shape_of(each)) for each in (0, 1)))[which]
        has = layout.lacks(which)[inside] == 0
        found = layout.box_in(which, box)
        if not has.any():
            assert found is None
            continue
        shown = placed[inside][has]
        (left, top), (right, bottom) = shown[:, :2].min(axis=0), shown[:, :2].max(axis=0)
        assert found == (left, top, right - left + 1, bottom - top + 1)
        height, width = picture.shape[:2]
        assert found.x >= 0 and found.x + found.width <= width
        assert found.y >= 0 and found.y + found.height <= height


@given(LAYOUTS)
@many
def test_what_only_one_picture_has_is_in_its_box(layout):
    height, width = layout.shape
    pictures = layout.place(*(numbered(layout.shape_of(which)) for which in (0, 1)))[:2]
    for box, which in layout.surplus(*pictures):
        assert box.x >= 0 and box.y >= 0 and min(box.width, box.height) > 0
        assert box.x + box.width <= width and box.y + box.height <= height
        assert layout.box_in(1 - which, box) is None
        assert layout.box_in(which, box)


@given(LAYOUTS)
@many
def test_a_mask_keeps_its_pixels(layout):
    mask = np.random.default_rng(0).integers(0, 2, layout.shape_of(0), np.uint8) * 255
    placed = layout.place_mask(mask)
    has = layout.lacks(0) == 0
    rows, columns = layout.lines()
    assert placed.shape == layout.shape
    assert np.array_equal(
        placed[has], mask[rows[0][rows[0] >= 0]][:, columns[0][columns[0] >= 0]].ravel()
    )
    assert layout.place_mask(np.full_like(mask, 255))[has].all()


def test_lines_between_two_that_are_masked_are_masked():
    layout = Layout((Band(0, 0, 2), Band(None, 2, 3), Band(2, 5, 2)), (Band(0, 0, 1),))
    mask = np.array([[0], [255], [255], [0]], np.uint8)
    assert layout.place_mask(mask).ravel().tolist() == [0, 255, 255, 255, 255, 255, 0]
    mask[2] = 0
    assert layout.place_mask(mask).ravel().tolist() == [0, 255, 0, 0, 0, 0, 0]


# What is found


@given(st.integers(0, 2**32 - 1), st.integers(20, 200), st.integers(8, 80), st.booleans())
@few
def test_an_inserted_band_is_found_to_the_pixel_and_swapping_both_removes_it(
    seed, at, length, lies
):
    first = texture(seed)
    second = with_rows(first, at, texture(seed ^ 1)[:length])
    expected = (Band(0, 0, at), Band(None, at, length), Band(at, at + length, 300 - at))
    if lies:
        first, second = (picture.swapaxes(0, 1).copy() for picture in (first, second))
    found = find_layout(first, second)
    assert (found.columns if lies else found.rows) == expected
    back = find_layout(second, first)
    mirrored = tuple(Band(band.second, band.first, band.length) for band in expected)
    assert (back.columns if lies else back.rows) == mirrored


@given(st.integers(0, 2**32 - 1), st.integers(20, 150), st.integers(12, 60), st.integers(12, 60))
@few
def test_swapped_bands_are_told_and_not_boxed(seed, at, one, other):
    first = texture(seed)
    parts = first[:at], first[at + one :][:other], first[at : at + one], first[at + one + other :]
    comparison = helpers.compare(first, np.vstack(parts))
    assert comparison.layout.rows == (
        Band(0, 0, at),
        Band(at, at + other, one),
        Band(at + one, at, other),
        Band(at + one + other, at + one + other, 300 - at - one - other),
    )
    assert comparison.boxes == [] and comparison.verdict == "changed"
    assert any("moved to row" in sentence for sentence in comparison.remarks)


@given(st.integers(0, 2**32 - 1), st.integers(20, 150), st.integers(8, 90))
@few
def test_what_is_pushed_out_of_a_picture_of_the_same_size_is_told_and_not_boxed(seed, at, length):
    first = texture(seed)
    second = with_rows(first, at, texture(seed ^ 1)[:length])[:300]
    comparison = helpers.compare(first, second)
    assert comparison.boxes == [(0, at, 200, length)]
    assert comparison.mask.shape == (300 + length, 200)
    assert comparison.layout.box_in(1, comparison.boxes[0]) == (0, at, 200, length)
    assert f"Below y = {at} everything moved down by {length} pixels." in comparison.remarks
    last = f"Rows {300 - length} to 299 of the first picture were pushed out at the edge."
    assert last in comparison.remarks


@pytest.mark.parametrize("quality", [60, 75, 90])
@pytest.mark.parametrize(("start", "length"), [(45, 25), (100, 125), (200, 8)])
def test_bands_of_a_stored_page_are_found(quality, start, length):
    first = page(1)
    second = np.vstack([first[:start], first[start + length :]])
    layout = find_layout(first, jpeg(second, quality))
    (removed,) = (band for band in layout.rows if not band.is_shared)
    assert removed.length == length and removed.second is None
    assert abs(removed.first - start) <= 8  # white rows are alike


def test_a_cut_that_nothing_tells_is_in_the_middle():
    first = texture(15)
    first[100:120] = first[140:160] = 128
    second = np.vstack([first[:110], first[150:]])  # as well [:100] and [140:], [:120] and [160:]
    assert Band(110, None, 40) in find_layout(first, second).rows


def test_lines_that_are_nearly_alike_are_told_apart():
    first = np.full((600, 500, 3), 255, np.uint8)
    first[:40] = (90, 60, 20)
    for line in range(21):
        place, words = (20, 80 + 25 * line), f"entry {line} of a list of entries that go on"
        cv2.putText(first, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 40), 1, 16)
    second = with_rows(first, 40, np.full((60, 500, 3), (0, 200, 255), np.uint8))[:600]
    comparison = helpers.compare(first, second)
    assert comparison.boxes == [(0, 40, 500, 60)] and comparison.verdict == "changed"
    assert "Below y = 40 everything moved down by 60 pixels." in comparison.remarks


def test_an_edit_below_an_inserted_band_has_a_box_of_its_own():
    first = page(2)
    second = first.copy()
    second[300:320, 50:90] = 0
    second = with_rows(second, 110, np.full((60, 260, 3), (0, 200, 255), np.uint8))
    for stored in (second, jpeg(second)):
        boxes = helpers.compare(first, stored).boxes
        assert len(boxes) == 2
        for box, true in zip(boxes, [(0, 110, 260, 60), (50, 360, 40, 20)], strict=True):
            assert np.abs(np.subtract(box, true)).max() <= 2


def test_an_empty_row_at_the_edge_is_told_and_not_boxed():
    comparison = helpers.compare(page(3), page(3)[:-1])
    assert comparison.verdict == "explained" and comparison.boxes == []
    assert "Row 419 of the first picture was removed." in comparison.remarks
    first = texture(3)
    first[-1] = 255 - first[-1]  # something is on that row
    comparison = helpers.compare(first, first[:-1])
    assert comparison.boxes == [(0, 299, 200, 1)]


def test_what_is_to_be_ignored_moves_with_the_page():
    first = page(4)
    second = first.copy()
    second[300:320, 50:90] = (0, 0, 200)
    second = with_rows(second, 110, np.full((60, 260, 3), (0, 200, 255), np.uint8))
    comparison = helpers.compare(first, second, ignore=[(40, 290, 70, 40)])
    assert comparison.boxes == [(0, 110, 260, 60)] and comparison.ignored == 800
    comparison = helpers.compare(first, second, ignore=[(0, 100, 260, 20)])  # round the band
    assert comparison.boxes == [(50, 360, 40, 20)]


# What is not found


def test_no_layout_where_nothing_is_out_of_place():
    first = texture(5)
    edited, lit = first.copy(), cv2.convertScaleAbs(first, alpha=0.8, beta=20)
    edited[100:150, 50:120] = 0
    for second in (first, edited, lit, jpeg(first, 60), texture(6), texture(6)[:250]):
        assert find_layout(first, second) is None


def test_what_moved_as_a_whole_is_left_to_the_alignment():
    first = texture(7)
    for dx, dy in ((0, 20), (13, 0), (7, -9)):
        second = cv2.warpAffine(first, np.float32([[1, 0, dx], [0, 1, dy]]), (200, 300))
        assert find_layout(first, second) is None
    turned = cv2.warpAffine(first, cv2.getRotationMatrix2D((100, 150), 2, 1), (200, 300))
    assert find_layout(first, turned) is None


def test_a_thing_that_moved_on_its_ground_is_no_band():
    first = np.full((200, 300, 3), 255, np.uint8)
    second = first.copy()
    for picture, y in ((first, 80), (second, 90)):
        cv2.putText(picture, "a line of words", (20, y), 0, 0.8, (0, 0, 0), 2)
        cv2.rectangle(picture, (5, 5), (294, 194), (0, 0, 0))
    assert find_layout(first, second) is find_layout(second, first) is None


@pytest.mark.parametrize("levels", [(216, 208), (80, 90), (200, 255)])
def test_another_level_of_light_on_a_ramp_is_no_shift(levels):
    first, second = (np.linspace(0, most, 512) for most in levels)
    ramps = (np.tile(ramp.astype(np.uint8), (128, 1)) for ramp in (first, second))
    assert find_layout(*ramps) is None


def test_more_rows_than_can_be_searched_are_refused_at_once(monkeypatch):
    first = texture(8)
    second = with_rows(first, 100, texture(9)[:40])
    assert find_layout(first, second)
    monkeypatch.setattr(bands, "MOST_ROWS", 300)
    assert find_layout(first, second) is None


def test_rows_that_vote_are_few_where_there_are_many(monkeypatch):
    first = texture(10, 1200)
    second = with_rows(first, 300, texture(11)[:40])
    monkeypatch.setattr(rows, "PAIRED", 100_000)
    assert Band(None, 300, 40) in find_layout(first, second).rows


# What is told and shown


def test_many_bands_are_counted():
    first = texture(12, 600)
    second = first
    for at in (500, 400, 300, 200):
        second = with_rows(second, at, texture(at)[:20])
    remarks = helpers.compare(first, second).remarks
    assert "4 bands of rows, 80 in all, were inserted." in remarks
    assert "What lies between moved by up to 80 pixels." in remarks


def test_columns_are_told_as_rows_are():
    first = texture(13)
    second = np.hstack([first[:, :60], first[:, 61:]])
    words = find_layout(first, second).in_words()
    assert words == [
        "Column 60 of the first picture was removed.",
        "Right of x = 61 everything moved to the left by 1 pixel.",
    ]


def test_a_picture_is_hatched_where_it_has_nothing():
    first = page(14)
    band = np.full((60, 260, 3), (0, 200, 255), np.uint8)
    comparison = helpers.compare(first, with_rows(first, 110, band))
    shown, other = comparison.shown()
    assert np.array_equal(other[110:170], band)
    assert np.unique(shown[110:170]).tolist() == [222, 250]
    for picture in (shown, other):
        assert np.array_equal(picture[:110], first[:110])
        assert np.array_equal(picture[170:], first[110:])
    found = comparison.to_dict()
    assert (found["width"], found["height"]) == (260, 480)
    assert found["layout"] == {
        "rows": [[0, 0, 110], [None, 110, 60], [110, 170, 310]],
        "columns": [[0, 0, 260]],
    }


@pytest.mark.parametrize("kept", [np.s_[60:], np.s_[:-60], np.s_[:0]], ids=["top", "bottom", "all"])
def test_a_picture_that_is_a_part_of_the_other_is_compared_both_ways(kept):
    whole = page(2)
    part = whole[kept] if whole[kept].size else np.vstack([whole[:100], whole[160:]])
    rows = len(whole) - len(part)
    for first, second in ((whole, part), (part, whole)):
        comparison = helpers.compare(first, second)
        assert comparison.layout.shape == whole.shape[:2]
        single = comparison.layout.lacks(0) | comparison.layout.lacks(1)
        assert np.count_nonzero(single) == rows * whole.shape[1]
