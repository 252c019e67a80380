"""Line art that was drawn or scanned again: its edges jitter, and that is no change."""

import cv2
import numpy as np
import pytest

import helpers
from helpers.line_art import find_contrast, measure_jitter, two_levels
from helpers.scoring.scores import match_boxes

SHAPE = HEIGHT, WIDTH = 420, 560
DEFECTS = (90, 118, 20, 20), (400, 262, 20, 17), (430, 60, 22, 18)  # a spur, a gap, a blot


def circuit() -> np.ndarray:
    """Tracks and pads, white on black: two levels."""
    image = np.zeros(SHAPE, np.uint8)
    for k in range(6):
        y = 50 + 62 * k
        ends = [(40, y), (180 + 20 * k, y), (240 + 20 * k, y + 34), (520, y + 34)]
        cv2.polylines(image, [np.array(ends)], isClosed=False, color=255, thickness=8 + 2 * k)
        for x, height in (ends[0], ends[-1]):
            cv2.circle(image, (x, height), 19, 255, -1)
            cv2.circle(image, (x, height), 7, 0, -1)
    return image


def damaged(image: np.ndarray) -> np.ndarray:
    image = image.copy()
    for (x, y, width, height), level in zip(DEFECTS, (255, 0, 255), strict=True):
        image[y : y + height, x : x + width] = level
    return image


def smooth(rng: np.random.Generator, side: int) -> np.ndarray:
    """A field from -1 to 1 that changes over `side` pixels."""
    coarse = rng.normal(size=(HEIGHT // side + 3, WIDTH // side + 3)).astype(np.float32)
    field = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return field / np.abs(field).max()


def drawn_again(image: np.ndarray, jitter: float, right: int = 0) -> np.ndarray:
    """Move edges by up to `jitter` pixels, make all black or white again, and store as JPEG."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    x, y = x - right + jitter * smooth(rng, 24), y + jitter * smooth(rng, 24)
    gray = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    black_or_white = cv2.threshold(gray, 127, 255, cv2.THRESH_BINARY)[1]
    return cv2.imdecode(cv2.imencode(".jpg", black_or_white, [cv2.IMWRITE_JPEG_QUALITY, 85])[1], 0)


def bgr(*images: np.ndarray) -> list[np.ndarray]:
    return [cv2.merge([image] * 3) for image in images]


@pytest.mark.parametrize("jitter", [2, 3])
@pytest.mark.parametrize("right", [0, 6])
def test_edges_that_jitter_are_no_change(jitter, right):
    result = helpers.compare(*bgr(circuit(), drawn_again(circuit(), jitter, right)))
    assert (result.kind, result.boxes) == ("rendered", [])
    assert bool(result.alignment) == bool(right)


@pytest.mark.parametrize("jitter", [2, 3])
@pytest.mark.parametrize("right", [0, 6])
def test_defects_among_edges_that_jitter_are_found(jitter, right):
    second = drawn_again(damaged(circuit()), jitter, right)
    boxes = helpers.compare(*bgr(circuit(), second)).boxes
    assert len(boxes) == len(match_boxes(boxes, DEFECTS, iou=0.4)) == len(DEFECTS)


def test_jitter_is_measured():
    measured = [
        measure_jitter(*bgr(circuit(), drawn_again(circuit(), jitter)), 240) for jitter in (1, 4)
    ]
    assert measured == [1, 3]


def test_strokes_that_all_got_thicker_are_a_change():
    thicker = cv2.dilate(circuit(), np.ones((3, 3), np.uint8))
    first, second = bgr(circuit(), drawn_again(thicker, 0))
    assert find_contrast(first, second, two_levels(first, second)) == 0
    assert helpers.compare(first, second).verdict == "changed"


@pytest.mark.parametrize(
    "other",
    [255 - circuit() // 2, cv2.GaussianBlur(circuit(), (0, 0), 2), np.zeros(SHAPE, np.uint8)],
    ids=["other inks", "smooth edges", "blank"],
)
def test_other_pictures_are_no_line_art(other):
    assert two_levels(*bgr(circuit(), other)) == 0


def test_as_jpeg_alone_nothing_was_drawn_again():
    stored = drawn_again(circuit(), 0)
    first, second = bgr(circuit(), stored)
    contrast = two_levels(first, second)
    assert contrast > 200
    assert find_contrast(first, second, contrast) == 0
