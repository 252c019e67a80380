"""Fit light that differs by place: a lens that darkens corners, a lamp at one side. Lesson 12."""

import cv2
import numpy as np
from numpy.typing import NDArray

GRID = 16  # cells in a row and in a column in which the light is measured
FINE = 64  # places in a row and in a column for which it is given
LEAST_PIXELS = 12  # flat pixels that a cell needs
LEAST_CELLS = 60  # four for each term of the polynomial
DARK = 24  # gray levels: noise hides what light does to darker pixels
FULL = 64  # gray levels from which a cell counts in full
DEGREE = 4  # of the polynomial: a lens needs no more, and a band or a shadow cannot be drawn by it
RIDGE = 1e-4  # holds what is seen by few cells near an even light
TIGHTER = (0.2, 0.1, 0.05, 0.03, 0.02, 0.02)  # logarithm of light beyond which a cell loses weight
NOTICED = 0.025  # logarithm: differences over the picture that count, 6 levels of white
CLOSE, CLOSE_SHARE = 0.006, 0.06  # logarithm, and share of the spread: what cells may miss
CLOSE_CELLS = 0.8  # part of the cells that has to be close: the others may hold local changes
SAME, SAME_CELLS = (
    0.004,
    0.25,
)  # logarithm of an unchanged light; part of the cells that may have it


def fit_light(
    first: NDArray[np.uint8], second: NDArray[np.uint8], places: NDArray[np.float64]
) -> NDArray[np.float32] | None:
    """Fit a smooth field to the light of the second picture as a multiple of the first one's.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (n, 3)
        Pixels of both pictures in flat places.
    places : ndarray of float, shape (n, 2)
        Where they are: x and y from 0 to 1.

    Returns
    -------
    ndarray of float32, shape (64, 64), or None
        How many times the light of the first picture the second one has, evenly over the picture.
        None when no smooth field explains most of the picture, or it is the same all over.
    """
    x, y, ratio, weight = _measure(first, second, places)
    if len(ratio) < LEAST_CELLS:
        return None
    terms = _terms(x, y)
    field = _fit(terms, ratio, weight)
    fitted = terms @ field
    spread = np.ptp(fitted)
    close = np.abs(ratio - fitted) < max(CLOSE, CLOSE_SHARE * spread)
    same = np.abs(ratio) < SAME
    total = weight.sum()
    if (
        spread < NOTICED
        or weight[close].sum() < CLOSE_CELLS * total
        or weight[same].sum() > SAME_CELLS * total
    ):
        return None
    even = (np.arange(FINE) + 0.5) / FINE
    grid_x, grid_y = (part.ravel() for part in np.meshgrid(even, even))
    light = np.exp(np.clip(_terms(grid_x, grid_y) @ field, -2, 2))
    return light.reshape(FINE, FINE).astype(np.float32)


def _measure(
    first: NDArray[np.uint8], second: NDArray[np.uint8], places: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Measure the logarithm of the light in each cell: its place x, y, the light, its weight."""
    totals = [
        cv2.reduce(image, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0] for image in (first, second)
    ]
    bright = np.minimum(*totals) >= 3 * DARK
    cells = np.minimum((places[bright] * GRID).astype(int), GRID - 1) @ (1, GRID)
    counts = np.bincount(cells, minlength=GRID * GRID)
    sums = [np.bincount(cells, total[bright], minlength=GRID * GRID) for total in totals]
    known = np.flatnonzero(counts >= LEAST_PIXELS)
    brightness = sums[0][known] / (3 * counts[known])
    ratio = np.log(sums[1][known] / sums[0][known])
    x, y = (known % GRID + 0.5) / GRID, (known // GRID + 0.5) / GRID
    return x, y, ratio, np.minimum(1, brightness / FULL)


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = 2 * x - 1, 2 * y - 1
    powers = [(i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
    return np.stack([x**i * y**j for i, j in powers], axis=1)


def _fit(
    terms: NDArray[np.float64], ratio: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit by least squares in which cells that lie far off lose their weight, step by step."""
    now = weight
    ridge = RIDGE * weight.sum() * np.diag(np.arange(terms.shape[1]) > 0)
    for scale in TIGHTER:
        normal = terms.T @ (now[:, None] * terms) + ridge
        field = np.linalg.solve(normal, terms.T @ (now * ratio))
        now = weight / (1 + ((ratio - terms @ field) / scale) ** 2) ** 2
    return field


def lit(image: NDArray[np.uint8], light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Multiply a BGR picture by light that is given evenly over it, shape (64, 64)."""
    height, width = image.shape[:2]
    result = np.empty_like(image)
    factor = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    for top in range(0, height, FINE):  # by strips, which keeps the three channels small
        rows = np.s_[top : top + FINE]
        strip = cv2.merge([factor[rows]] * 3)
        result[rows] = cv2.multiply(image[rows], strip, dtype=cv2.CV_8U)
    return result
