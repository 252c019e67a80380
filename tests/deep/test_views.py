"""Views of logos, and what a network sees of a picture."""

import cv2
import numpy as np
import pytest

import helpers
from helpers.deep import logos, views


def test_the_seed_decides_the_views():
    numbers = range(20_000, 20_006)
    pictures, labels = views.make_views(numbers, 3, seed=1)
    again, _ = views.make_views(numbers, 3, seed=1)
    other, _ = views.make_views(numbers, 3, seed=2)
    assert pictures.shape == (18, 96, 96, 3) and pictures.dtype == np.uint8
    assert labels.tolist() == [n for n in numbers for _ in range(3)]
    assert np.array_equal(pictures, again) and not np.array_equal(pictures, other)


def test_a_brand_has_the_same_views_in_any_company():
    alone, _ = views.make_views([20_003], 2, seed=1)
    among, _ = views.make_views(range(20_000, 20_006), 2, seed=1)
    assert np.array_equal(alone, among[6:8])


def test_views_differ_in_all_the_ways_they_should():
    pictures, _ = views.make_views(range(20_000, 20_050), 4, seed=3)
    corners = pictures[:, 0, 0].mean(axis=1)
    assert 0.1 < np.mean(corners < 80) < 0.35  # dark mode
    sizes = np.array([views.crop_to_content(picture).shape[:2] for picture in pictures]).max(axis=1)
    assert sizes.min() < 65 and sizes.max() > 85
    assert all(cv2.Laplacian(picture, cv2.CV_64F).std() > 1 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_turning_keeps_the_logo_in_the_picture():
    rng = np.random.default_rng(1)
    for number in range(20_000, 20_040):
        placed = views._placed(logos.draw_coverage(number), rng).max(axis=2)
        rim = np.concatenate([placed[0], placed[-1], placed[:, 0], placed[:, -1]])
        assert rim.max() < 128


def test_a_strip_covers_at_most_a_fifth():
    brand = logos.make_brand(20_000)
    coverage = views._placed(logos.draw_coverage(brand.number), np.random.default_rng(1))
    plain = logos.paint(coverage, brand.light, np.array([255, 255, 255]))
    x, y, width, height = cv2.boundingRect(coverage.max(axis=2))
    for seed in range(20):
        covered = views._partly_covered(plain.copy(), coverage, np.random.default_rng(seed))
        changed = (covered != plain).any(axis=2)
        assert changed.any()
        assert changed.sum() <= 0.21 * width * height + max(width, height)
        changed[y : y + height, x : x + width] = False
        assert not changed.any()


def test_crop_cuts_to_what_stands_out():
    for background, ink in ((255, 0), (20, 200), (128, 60)):
        picture = np.full((50, 70, 3), background, np.uint8)
        picture[10:20, 30:60] = ink
        assert views.crop_to_content(picture).shape == (10, 30, 3)


def test_crop_keeps_a_picture_without_content():
    blank = np.full((20, 30, 3), 200, np.uint8)
    assert views.crop_to_content(blank).shape == (20, 30, 3)
    faint = blank.copy()
    faint[5:9, 5:9] = 200 - views.CONTENT
    assert views.crop_to_content(faint).shape == (20, 30, 3)
    faint[5:9, 5:9] -= 1
    assert views.crop_to_content(faint).shape == (4, 4, 3)


def test_prepare_fills_the_square_and_pads_with_the_background():
    picture = np.full((60, 200, 3), (250, 240, 230), np.uint8)
    picture[20:40, 20:180] = 0
    (square,) = views.prepare([picture])
    assert square.shape == (64, 64, 3) and square.dtype == np.float32
    ink = (square.max(axis=2) < 0.1).astype(np.uint8)
    x, _, width, height = cv2.boundingRect(ink)
    assert (x, width) == (2, 60) and 6 <= height <= 9
    assert np.allclose(square[0, 0] * 255, (250, 240, 230))


def test_prepare_takes_pictures_of_several_sizes_and_gray_ones():
    gray = np.full((30, 40), 255, np.uint8)
    gray[5:9, 5:9] = 0
    squares = views.prepare([gray, np.full((8, 300, 3), 9, np.uint8)])
    assert squares.shape == (2, 64, 64, 3)
    assert squares.min() >= 0 and squares.max() <= 1
    assert views.prepare([]).shape == (0, 64, 64, 3)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (None, "is None, not a NumPy array"),
        (np.zeros((9, 9, 3)), "holds float64 values. Expected uint8"),
        (np.zeros((9, 9, 4), np.uint8), "has the shape"),
        (np.zeros((0, 9, 3), np.uint8), "has no pixels"),
        (np.zeros((7, 20, 3), np.uint8), "20 x 7 pixels; a logo needs 8 x 8"),
    ],
)
def test_prepare_refuses_what_is_no_picture_in_words(picture, words):
    good = np.zeros((9, 9, 3), np.uint8)
    with pytest.raises(helpers.PictureError, match="picture 1 ") as refused:
        views.prepare([good, picture])
    assert words in str(refused.value)
