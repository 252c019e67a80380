"""Where a picture lies on one that shows more."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers.fitting import ALIKE
from helpers.offset import alike, find_offset

IMAGES = Path(__file__).parents[2] / "images"


def texture(height: int, width: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(128, 128, (height, width)), (0, 0), 1.5)
    return np.clip(128 + 4 * (noise - 128), 0, 255).astype(np.uint8)


def photograph(number: int) -> np.ndarray:
    return helpers.to_gray(helpers.load_image(IMAGES / f"original_{number:02}.png"))


@st.composite
def spans(draw) -> tuple[tuple[int, int], tuple[int, int]]:
    """What each of two pictures has of one side of a scene: start and end."""
    shared = draw(st.integers(24, 70))
    before, after = draw(st.integers(-60, 60)), draw(st.integers(-60, 60))
    if before * after < 0:
        after = -after  # of each side, one picture has all that the other has
    start = max(before, -before, 0)
    first = start - max(before, 0), start + shared + max(after, 0)
    return first, (start - max(-before, 0), start + shared + max(-after, 0))


@given(rows=spans(), columns=spans(), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_what_each_has_beside_the_other_is_found_to_the_pixel(rows, columns, seed):
    scene = texture(190, 190, seed)
    first, second = (
        scene[top:bottom, left:right]
        for (top, bottom), (left, right) in zip(rows, columns, strict=True)
    )
    found = find_offset(first, second)
    assert (found.y, found.x) == (rows[1][0] - rows[0][0], columns[1][0] - columns[0][0])
    assert found.alike > 0.99
    back = find_offset(second, first)
    assert (back.x, back.y) == (-found.x, -found.y)


@pytest.mark.parametrize("number", [5, 9, 12])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_crop_stored_as_jpeg_is_found_though_it_changed(number, share):
    whole = photograph(number)
    height, width = (int(share * side) for side in whole.shape)
    y, x = (int(0.7 * (1 - share) * side) for side in whole.shape)
    crop = whole[y : y + height, x : x + width].copy()
    crop[height // 4 : height // 2, width // 4 : width // 2] = 200
    crop = cv2.imdecode(cv2.imencode(".jpg", crop, (cv2.IMWRITE_JPEG_QUALITY, 60))[1], 0)
    found = find_offset(whole, crop)
    assert (found.x, found.y) == (x, y)
    assert found.alike > ALIKE


def test_in_a_large_picture_a_small_part_is_found():
    whole = cv2.resize(photograph(5), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    found = find_offset(whole, whole[900:1300, 1100:1700].copy())
    assert (found.x, found.y) == (1100, 900)


def test_pictures_of_other_things_are_unlike():
    numbers = [5, 9, 12]
    for one in numbers:
        for other in numbers:
            if one != other:
                second = photograph(other)[:200, :250]
                assert find_offset(photograph(one), second).alike < ALIKE


@pytest.mark.parametrize("width", [80, 100])  # searched first in small pictures, and at once
def test_of_places_that_fit_alike_the_upper_left_is_taken(width):
    stripes = np.tile(np.uint8([0, 240]).repeat(5), (90, 12))
    faded = stripes.copy()
    faded[::2, :10] = faded[::2, :10] // 2 + 40  # so that all other places fit a little better
    assert find_offset(faded, stripes[:, :width])[:2] == (0, 0)
    assert find_offset(stripes[:, :width], faded)[:2] == (0, 0)


@pytest.mark.parametrize(("level", "expected"), [(90, 1), (120, 0)])
def test_a_picture_without_texture_is_alike_by_its_level(level, expected):
    first, second = np.full((60, 80), 90, np.uint8), np.full((50, 80), level, np.uint8)
    assert find_offset(first, second) == (0, 0, expected)


@pytest.mark.parametrize("more", [9, 90])
def test_a_picture_without_texture_is_beside_what_the_other_has_more(more):
    first = np.full((60, 80), 90, np.uint8)
    longer = np.vstack([first, np.full((more, 80), 200, np.uint8)])
    assert find_offset(longer, first) == (0, 0, 1)
    assert find_offset(longer[::-1].copy(), first) == (0, more, 1)
    assert find_offset(first, longer[::-1].copy()) == (0, -more, 1)


@pytest.mark.parametrize("shapes", [((6, 90), (90, 90)), ((1, 9), (9, 1)), ((90, 6), (6, 90))])
def test_what_is_thinner_than_the_window_is_nowhere(shapes):
    first, second = (texture(*shape, seed=1) for shape in shapes)
    assert find_offset(first, second) is None


@pytest.mark.parametrize("shape", [(7, 4000), (4000, 7), (7, 7)])
def test_thin_pictures_are_compared(shape):
    picture = texture(*shape, seed=2)
    assert alike(picture, picture) == pytest.approx(1, abs=0.001)
