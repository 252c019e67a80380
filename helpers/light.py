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

PER_CELL = 8  # pixels of a side of the finest cells in which the light of a view is measured
LEAST_KNOWN = 0.02  # share of the picture that must be seen and bright

FAINT = 0.12  # logarithm of what the finest cells may add: a change is stronger
MANY_PIXELS = 1 / 3  # of a cell that must be bright enough in both pictures
AROUND = 16, 4, 1.5, 0.7  # cells: sigmas of the blurs that join them, the last where all are known
ENOUGH = 0.5  # share of the cells under such a blur that must be known to count in full


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


def measure_light(
    first: NDArray[np.uint8], second: NDArray[np.uint8], seen: NDArray[np.uint8]
) -> NDArray[np.float32] | None:
    """Measure the light of the second picture as a multiple of the first one's, cell by cell.

    A shadow is no polynomial. The median of a cell is not moved by a change of less than half of
    it, the median of nine cells by none of less than four; what is larger has sharp edges, which
    no such field draws.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures, aligned.
    seen : ndarray of uint8, shape (height, width)
        Above 0 where both show the same scene.

    Returns
    -------
    ndarray of float32, shape (64, 64), or None
        As `fit_light` gives it; where nothing is seen, that of the nearest cells. None when it is
        nearly the same all over.
    """
    sides = FINE * PER_CELL, FINE * PER_CELL
    one, other, shown = (
        cv2.resize(image, sides, interpolation=cv2.INTER_AREA) for image in (first, second, seen)
    )
    known = (np.minimum(one, other) >= DARK) & (shown == 255)
    ratio = np.where(known, np.log((other + 1.0) / (one + 1.0)), np.nan).astype(np.float32)
    if known.mean() < LEAST_KNOWN:
        return None
    light = _by_cells(ratio, FINE // 2)
    if np.ptp(light) < NOTICED:
        return None
    light = cv2.resize(light, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    left = ratio - cv2.resize(light, sides, interpolation=cv2.INTER_LINEAR)
    return np.exp(light + np.clip(_by_cells(left, FINE), -FAINT, FAINT))


def _by_cells(ratio: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Take the median of each cell of a square, NaN left out, then those of nine cells; join."""
    side = len(ratio) // count
    cells = ratio.reshape(count, side, count, side).transpose(0, 2, 1, 3).reshape(count, count, -1)
    known = np.count_nonzero(~np.isnan(cells), axis=2) >= MANY_PIXELS * side * side
    field = np.full((count, count), np.nan, np.float32)
    field[known] = np.nanmedian(cells[known], axis=1)
    windows = np.pad(field, 1, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(windows, (3, 3)).reshape(count, count, 9)
    field[known] = np.nanmedian(windows[known], axis=1)
    return _spread(np.where(known, field, 0), known.astype(np.float32))


def _spread(values: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join cells smoothly, and fill those without a weight from the nearest that have one."""
    light = np.full_like(values, (values * weights).sum() / weights.sum())
    for sigma in AROUND:
        total, weight = (cv2.GaussianBlur(each, (0, 0), sigma) for each in (values, weights))
        light += np.minimum(weight / ENOUGH, 1) * (total / np.maximum(weight, 1e-6) - light)
    return light


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
