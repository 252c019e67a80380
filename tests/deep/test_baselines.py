"""The older methods: each sees what it is known for, and is blind where it is known to be."""

import cv2
import numpy as np
import pytest

from helpers.deep import baselines, logos, pairs
from helpers.deep.pairs import Pairs

LOGO = logos.draw_logo(logos.make_brand(20_000))
OTHER = logos.draw_logo(logos.make_brand(20_010))
METHODS = ("SSIM", "perceptual hash", "colour histogram", "HOG", "ORB")


def turned(picture, degrees):
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), borderValue=(255, 255, 255))


def similarities(method, *pictures):
    """Of the first picture with each of the others."""
    count = len(pictures) - 1
    chosen = Pairs(np.zeros(count, int), np.arange(1, count + 1), np.array(["same"] * count))
    return baselines.compare_pairs(method, pictures, chosen)


@pytest.mark.parametrize("method", METHODS)
def test_a_picture_is_most_similar_to_itself(method):
    itself, other = similarities(method, LOGO, LOGO, OTHER)
    assert itself > other
    if method != "ORB":
        assert itself == pytest.approx(1)


@pytest.mark.parametrize("method", METHODS)
def test_a_blank_picture_is_judged_and_raises_nothing(method):
    blank = np.full_like(LOGO, 255)
    assert np.isfinite(similarities(method, LOGO, blank)).all()
    assert np.isfinite(similarities(method, blank, LOGO)).all()


def test_a_shift_fools_ssim_and_not_orb():
    shifted = np.roll(LOGO, 14, axis=1)
    (ssim,), (orb,) = (similarities(method, LOGO, shifted) for method in ("SSIM", "ORB"))
    assert ssim < 0.5
    assert orb > 30


def test_orb_finds_a_turned_logo_among_others():
    right, wrong = similarities("ORB", LOGO, turned(LOGO, 20), OTHER)
    assert right > wrong


def test_the_histogram_sees_colour_and_nothing_else():
    shuffled = np.random.default_rng(1).permutation(LOGO.reshape(-1, 3)).reshape(LOGO.shape)
    recoloured = np.ascontiguousarray(LOGO[..., ::-1])
    same, other = similarities("colour histogram", LOGO, shuffled, recoloured)
    assert same == pytest.approx(1)
    assert other < 0.99


def test_hog_sees_edges_and_no_brightness():
    negative, other = similarities("HOG", LOGO, 255 - LOGO, turned(LOGO, 90))
    assert negative > 0.95 > other


def test_a_hash_has_as_many_signs_of_each_kind():
    signs = baselines.perceptual_hash(LOGO)
    assert signs.shape == (63,)
    assert set(signs) == {-1, 1} and abs(signs.sum()) == 1


def test_agreement_needs_corners():
    blank = baselines.find_keypoints(np.full((40, 40, 3), 255, np.uint8))
    assert blank[1] is None
    assert baselines.count_agreeing(blank, baselines.find_keypoints(LOGO)) == 0


def test_similarities_stand_in_the_order_of_the_pairs():
    labels = np.array([20_000, 20_000, 20_010, 20_011])
    pictures = [LOGO, LOGO, OTHER, OTHER]
    chosen = pairs.choose_pairs(labels, 1, seed=1)
    found = baselines.compare_pairs("HOG", pictures, chosen)
    for similarity, i, j in zip(found, chosen.first, chosen.second, strict=True):
        assert similarity == pytest.approx(similarities("HOG", pictures[i], pictures[j])[0])
