"""Recognise line art, ink on a ground and little between, and measure how its edges jitter.

Whoever draws or scans it again, and makes it black and white again, puts edges on other pixels.
Lesson 10.
"""

import cv2
import numpy as np

from helpers.grayscale import to_gray
from helpers.kinds import MOVED, SQUARE, TEXTURE, by_cell, sample, share_of_moved_cells
from helpers.loading import Image
from helpers.noise import differences
from helpers.tone import steps

MOST_SAME = 0.75  # share of cells that are the same: what was drawn again has .65 at most
NEAR = 8  # gray levels round a level that count as it: what JPEG of quality 80 moves most pixels by
APART = 96  # gray levels between ink and ground
EQUAL = 16  # gray levels by which ink and ground may differ between the pictures: JPEG's do by 8
BETWEEN = 0.25  # of the contrast: pixels at edges that are further from both levels are between
NEAR_LEVELS = 0.8  # share of all pixels that count as one of the levels
TWO_LEVELS = 0.95  # share of the pixels at edges; text with smooth edges has .93 at most
FLIPS = 0.27  # share of the cells with edges where one moved by a pixel; drawn again, .29 and more
BALANCE = 0.2  # pixels that turn to ink for one that turns to ground, or the reverse; bolder has 0
LEVEL = 0.27  # of the contrast: what JPEG does at edges
MOST_JITTER = 3  # pixels: more hides what is to be found
EXPLAINS = 0.7  # what may be left of the cells with edges beyond, for one more pixel to be jitter


def find_contrast(first: Image, aligned: Image, contrast: int) -> int:
    """Measure the contrast of line art that was drawn or scanned again.

    Parameters
    ----------
    first, aligned : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, the second as it is compared with the first.
    contrast : int
        As `two_levels` gives it.

    Returns
    -------
    int
        Gray levels between ink and ground; 0 where the pair is something else.
    """
    first, aligned = sample(first), sample(aligned)
    signed = cv2.subtract(to_gray(first), to_gray(aligned), dtype=cv2.CV_16S)
    flips = cv2.inRange(np.abs(signed), contrast / 2, 255)
    texture = cv2.inRange(cv2.max(steps(first), steps(aligned)), TEXTURE, 255)
    share = np.count_nonzero(by_cell(flips)) / max(np.count_nonzero(by_cell(texture)), 1)
    darker, brighter = (
        np.count_nonzero(signed[flips > 0] > 0),
        np.count_nonzero(signed[flips > 0] < 0),
    )
    if share < FLIPS or min(darker, brighter) < BALANCE * max(darker, brighter):
        return 0
    return contrast if share_of_moved_cells(first, aligned, texture) < MOVED else 0


def two_levels(first: Image, second: Image) -> int:
    """Measure the contrast of two pictures of the same ink and ground; 0 for other pictures."""
    levels = _two_levels(to_gray(sample(first)))
    others = levels and _two_levels(to_gray(sample(second)))
    if not others or np.abs(np.subtract(levels, others)).max() > EQUAL:
        return 0
    return min(bright - dark for dark, bright in (levels, others))


def _two_levels(gray: Image) -> tuple[int, int] | None:
    counts = np.convolve(np.bincount(gray.ravel(), minlength=256), np.ones(2 * NEAR + 1), "same")
    ground = int(counts.argmax())
    share = counts.max()
    counts[max(ground - APART, 0) : ground + APART] = 0
    ink = int(counts.argmax())
    share += counts.max()
    contrast = abs(ground - ink)
    if share < NEAR_LEVELS * gray.size:
        return None
    step = cv2.morphologyEx(gray, cv2.MORPH_GRADIENT, SQUARE)
    edges = cv2.dilate(cv2.inRange(step, contrast // 2, 255), SQUARE)
    values = gray[edges > 0].astype(int)
    if not counts.any() or not values.size:
        return None
    off = np.minimum(np.abs(values - ground), np.abs(values - ink))
    return (
        tuple(sorted((ground, ink))) if np.mean(off <= BETWEEN * contrast) >= TWO_LEVELS else None
    )


def measure_jitter(first: Image, second: Image, contrast: int) -> int:
    """Measure by how many pixels edges are off: the fewest beyond which one more explains little.

    Returns
    -------
    int
        1 to `MOST_JITTER`.
    """
    first, second = sample(first), sample(second)
    beyond = _cells_beyond(first, second, contrast, 1)
    for radius in range(1, MOST_JITTER):
        further = _cells_beyond(first, second, contrast, radius + 1)
        if further >= EXPLAINS * beyond:
            return radius
        beyond = further
    return MOST_JITTER


def _cells_beyond(first: Image, second: Image, contrast: int, radius: int) -> int:
    largest, _, _ = differences(first, second, (0, 0), radius)
    return np.count_nonzero(by_cell(cv2.inRange(largest, LEVEL * contrast, 255)))
