"""Pairs that do not fit: what is said, and whether the offers fix them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

import helpers
from helpers.fitting import TURNS, find_misfit, find_turn

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
