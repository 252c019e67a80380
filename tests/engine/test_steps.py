"""The steps between SSIM and the boxes, each against the library call it stands for."""

import cv2
import imutils
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import helpers

MASKS = arrays(np.uint8, (30, 40), elements=st.sampled_from([0, 255]))
GRAYS = arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)))


def test_gray_is_cvt_color():
    picture = np.random.default_rng(0).integers(0, 256, (50, 60, 3), dtype=np.uint8)
    assert np.array_equal(helpers.to_gray(picture), cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def test_gray_stays_gray():
    gray = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(helpers.to_gray(gray), gray)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (None, r"None, not a NumPy array.*cv2\.imread gives None"),
        ([[1, 2]], "\\[.*, not a NumPy array"),
        (np.zeros((4, 4), np.float64), r"holds float64 values.*uint8"),
        (np.zeros((0, 4), np.uint8), r"has no pixels: its shape is \(0, 4\)"),
        (np.zeros((4, 4, 4), np.uint8), r"has the shape \(4, 4, 4\)"),
        (np.zeros(4, np.uint8), r"has the shape \(4,\)"),
    ],
)
@pytest.mark.parametrize(
    "function",
    [
        helpers.to_gray,
        helpers.otsu_mask,
        helpers.find_contours,
        lambda picture: helpers.ssim(picture, picture),
        lambda picture: helpers.draw_boxes(picture, []),
        lambda picture: helpers.compare(picture, picture),
    ],
)
def test_bad_arrays_are_refused_in_words(function, picture, message):
    with pytest.raises(helpers.PictureError, match=message):
        function(picture)


@pytest.mark.parametrize("function", [helpers.otsu_mask, helpers.find_contours])
def test_colour_where_gray_is_needed(function):
    with pytest.raises(helpers.PictureError, match=r"\(5, 5, 3\)"):
        function(np.zeros((5, 5, 3), np.uint8))


def test_difference_image_clips_below_zero():
    similarity = np.array([[-1.0, -0.0865, 0.0, 0.5, 1.0]])
    assert helpers.difference_image(similarity).tolist() == [[0, 0, 0, 127, 255]]


@pytest.mark.parametrize("wrong", [np.zeros((3, 3), np.uint8), np.zeros(3), None])
def test_difference_image_wants_a_map(wrong):
    with pytest.raises(helpers.PictureError, match="Expected a similarity map"):
        helpers.difference_image(wrong)


@given(GRAYS)
def test_otsu_is_the_largest_between_class_variance(difference):
    threshold, mask = helpers.otsu_mask(difference)
    assert np.array_equal(mask == 255, difference <= threshold)
    if difference.min() == difference.max():
        return
    variances = [_between_class_variance(difference, t) for t in range(256)]
    assert variances[int(threshold)] == pytest.approx(max(variances), rel=1e-6)


def _between_class_variance(difference, t):
    dark, bright = difference[difference <= t], difference[difference > t]
    if not dark.size or not bright.size:
        return 0.0
    return dark.size * bright.size * (dark.mean() - bright.mean()) ** 2


@pytest.mark.parametrize("box", [(1.5, 2, 3, 4), ("1", 2, 3, 4), (None, 0, 1, 1)])
def test_boxes_that_are_no_pixels(box):
    with pytest.raises(helpers.PictureError, match=r"x of a box to draw is .*Give a whole number"):
        helpers.draw_boxes(np.zeros((9, 9), np.uint8), [box])


@pytest.mark.parametrize(("value", "marked"), [(255, 0), (254, 255), (100, 255), (0, 255)])
def test_a_picture_of_one_value_is_all_or_nothing(value, marked):
    threshold, mask = helpers.otsu_mask(np.full((5, 6), value, np.uint8))
    assert (mask == marked).all()
    assert (value <= threshold) == (marked == 255)


@given(MASKS)
def test_contours_are_those_imutils_grabs(mask):
    expected = imutils.grab_contours(
        cv2.findContours(mask.copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    )
    found = helpers.find_contours(mask)
    assert len(found) == len(expected or ())
    assert all(np.array_equal(a, b) for a, b in zip(found, expected or (), strict=True))


@given(MASKS)
def test_boxes_hold_every_marked_pixel_and_stay_inside(mask):
    covered = np.zeros_like(mask)
    for x, y, width, height in helpers.bounding_boxes(helpers.find_contours(mask)):
        assert x >= 0 and y >= 0 and x + width <= 40 and y + height <= 30
        covered[y : y + height, x : x + width] = 255
    assert (covered[mask > 0] == 255).all()


def test_boxes_come_from_top_to_bottom_and_small_ones_can_be_left_out():
    mask = np.zeros((30, 40), np.uint8)
    mask[20:25, 3:13] = mask[2:4, 30:32] = mask[2:4, 5:10] = 255
    contours = helpers.find_contours(mask)
    assert helpers.bounding_boxes(contours) == [(5, 2, 5, 2), (30, 2, 2, 2), (3, 20, 10, 5)]
    assert helpers.bounding_boxes(contours, min_area=10) == [(5, 2, 5, 2), (3, 20, 10, 5)]
    assert helpers.Box(3, 20, 10, 5).area == 50


def test_drawing_leaves_the_picture_alone_and_frames_the_box():
    picture = np.full((20, 30, 3), 200, np.uint8)
    drawing = helpers.draw_boxes(picture, [(5, 4, 10, 8)], thickness=1)
    assert (picture == 200).all()
    red = (drawing == (0, 0, 255)).all(axis=2)
    assert cv2.boundingRect(red.astype(np.uint8)) == (5, 4, 10, 8)
    assert red.sum() == 2 * 10 + 2 * 8 - 4


def test_boxes_have_the_colour_asked_for():
    drawing = helpers.draw_boxes(np.zeros((20, 30, 3), np.uint8), [(5, 4, 10, 8)], color=(9, 8, 7))
    assert {tuple(pixel) for pixel in drawing.reshape(-1, 3).tolist()} == {(0, 0, 0), (9, 8, 7)}


def test_boxes_on_gray_pictures_are_red_too():
    drawing = helpers.draw_boxes(np.zeros((20, 30), np.uint8), [(5, 4, 10, 8)])
    assert (drawing == (0, 0, 255)).all(axis=2).any()


def test_padded_boxes_are_in_reading_order_too():
    """What reaches the upper border is clipped there, and comes before what lies left of it."""
    right = np.array([[[16, 0]], [[20, 3]]], np.int32)
    left = np.array([[[2, 1]], [[6, 4]]], np.int32)
    boxes = helpers.bounding_boxes([right, left], pad=2, shape=(9, 30))
    assert boxes == [(0, 0, 9, 7), (14, 0, 9, 6)]
