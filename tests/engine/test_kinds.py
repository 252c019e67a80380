"""What a pair shows of how its pictures came to differ."""

import cv2
import numpy as np
import pytest
from situations import dotted, slanted
from skimage import data

import helpers
from helpers.kinds import find_evidence


def is_exact(first: np.ndarray, second: np.ndarray) -> bool:
    evidence = find_evidence(first, second, np.zeros(first.shape[:2], np.uint8))
    assert evidence.is_digital
    return evidence.is_exact


@pytest.mark.parametrize("scene", [dotted, slanted])
@pytest.mark.parametrize("how", [{"gamma": 0.93}, {"dx": 0.25, "dy": 0.2}, {"times": 3}], ids=str)
def test_shapes_drawn_again_are_not_exact(scene, how):
    assert not is_exact(scene(), scene(**how))


@pytest.mark.parametrize("levels", [4, 12, 60])
def test_shapes_of_another_colour_are_exact(levels):
    first = dotted()
    ink = 1 - first / 255
    assert is_exact(first, (first + levels * ink).round().astype(np.uint8))


def test_much_heavier_strokes_are_exact():
    first = slanted()
    assert is_exact(first, slanted(gamma=0.4))


PHOTOGRAPH = cv2.cvtColor(data.camera(), cv2.COLOR_GRAY2BGR)


@pytest.mark.parametrize("rows", [1, 2])
def test_rows_that_came_twice_or_went_are_a_change_of_an_exact_pair(rows):
    twice = np.vstack([PHOTOGRAPH[:256], PHOTOGRAPH[256 - rows : -rows]])
    gone = np.vstack([PHOTOGRAPH[:256], PHOTOGRAPH[256 + rows :], PHOTOGRAPH[-rows:]])
    for second in (twice, gone):
        for pair in ((PHOTOGRAPH, second), (second, PHOTOGRAPH)):
            result = helpers.compare(*pair)
            assert (result.kind, result.verdict) == ("exact", "changed")


def icon(side: int) -> np.ndarray:
    image = np.full((side, side, 3), 255, np.uint8)
    return cv2.circle(image, (side // 2, side // 2), side // 3, (200, 80, 30), -1, cv2.LINE_AA)


@pytest.mark.parametrize("side", [7, 16, 24, 40])
def test_a_small_icon_with_another_dot_or_colour_is_exact(side):
    first, dotted, recoloured = (icon(side) for _ in range(3))
    dotted[side // 2 : side // 2 + 2, side // 2 : side // 2 + 2] = 0, 200, 0
    recoloured[(first == (200, 80, 30)).all(axis=2)] = 200, 100, 30
    for second in (dotted, recoloured):
        for pair in ((first, second), (second, first)):
            result = helpers.compare(*pair)
            assert (result.kind, result.verdict) == ("exact", "changed")
    noisy = np.clip(first + np.random.default_rng(0).normal(0, 3, first.shape), 0, 255)
    assert helpers.compare(first, noisy.astype(np.uint8)).is_same


def slopes() -> np.ndarray:
    """A smooth gradient: no pixel of it tells of texture."""
    across, down = np.linspace(20, 220, 400), np.linspace(0, 240, 300)
    planes = np.broadcast_arrays(across, across[::-1], down[:, None])
    return np.dstack(planes).round().astype(np.uint8)


@pytest.mark.parametrize("part", [np.s_[:, 200:], np.s_[100:160, 100:180], np.s_[100:104, 100:104]])
def test_a_smooth_gradient_that_changed_in_a_part_is_exact(part):
    first = slopes()
    second = first.copy()
    second[part] += 4
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert (result.kind, len(result.boxes)) == ("exact", 1)


@pytest.mark.parametrize("quality", [60, 85])
def test_a_smooth_gradient_that_was_stored_again_is_as_it_was(quality):
    first = slopes()
    for suffix, setting in (
        (".jpg", cv2.IMWRITE_JPEG_QUALITY),
        (".webp", cv2.IMWRITE_WEBP_QUALITY),
    ):
        second = cv2.imdecode(cv2.imencode(suffix, first, [setting, quality])[1], 1)
        assert helpers.compare(first, second).verdict == "no difference"


@pytest.mark.parametrize("side", [40, 48])
def test_what_was_added_to_a_flat_ground_says_nothing_of_the_kind(side):
    rng = np.random.default_rng(1)
    first = np.full((side, side, 3), 200, np.uint8)
    first[2:10, 2:10] = rng.integers(0, 255, (8, 8, 3))
    second = first.copy()
    second[side // 2 : -2, 2:-2] = rng.integers(0, 255, (side - 2 - side // 2, side - 4, 3))
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert result.kind == "exact"
        assert result.boxes == [(2, side // 2, side - 4, side - 2 - side // 2)]
