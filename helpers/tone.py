"""Undo another exposure: a curve for each channel brings one picture to the other's. Lesson 12."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.errors import PictureError, brief
from helpers.loading import (
    Image,
    check_gray,
    check_image,
    check_same_size,
    is_array,
    to_bgr,
)

SMALL = 480  # pixels: longer side of the pictures the curves are measured on
FLAT = 12  # gray levels by which neighbours may differ: edges tell of blur, not of tone
CELLS = 8  # in a row and in a column
NOTICED = 0.3  # gray levels by which a curve must lessen a cell's difference to count
SHARE = 0.3  # of the cells in which it has to, for a curve to be kept
WORSE = 4  # how many cells made better outweigh one made worse
LEAST_SPAN = 100  # gray levels that a curve must reach over
RIDGE = 0.01  # draws curves with little to go by towards a plain shift of brightness


class Tone(NamedTuple):
    """A correction of tone.

    Attributes
    ----------
    corrects : {"first", "second"}
        The picture whose values the table replaces.
    table : ndarray of uint8, shape (256, 3)
        The new value of each old one, for blue, green and red.
    """

    corrects: str
    table: NDArray[np.uint8]


def find_tone(first: Image, second: Image, ignored: Image | None = None) -> Tone | None:
    """Fit curves that make the tones of two aligned pictures agree where both are flat.

    For each channel the median value of one picture is taken at 16 ranges of the other's, and a
    cubic fitted to their differences. Curves for either picture are tried: only one direction
    can undo values that were cut off at 0 or 255.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    ignored : ndarray of uint8, shape (height, width), optional
        Pixels above 0 are left out.

    Returns
    -------
    Tone or None
        None when the difference does not lessen in nearly a third of the picture: a change in
        one place is no change of tone.

    Raises
    ------
    PictureError
        A picture or the mask is not uint8, or the sizes differ.
    """
    first = check_image(first, "the first picture")
    second = check_image(second, "the second picture")
    check_same_size(first, second)
    small = [_reduced(to_bgr(image)) for image in (first, second)]
    flat = (steps(small[0]) < FLAT) & (steps(small[1]) < FLAT)
    if ignored is not None:
        ignored = check_gray(ignored, "the mask of what is ignored")
        check_same_size(first, ignored, ("the first picture", "the mask of what is ignored"))
        flat &= _reduced(ignored) == 0
    if not flat.any():
        return None
    rows, columns = np.nonzero(flat)
    cells = rows * CELLS // flat.shape[0] * CELLS + columns * CELLS // flat.shape[1]
    values = [image[flat][:, None] for image in small]
    before = _by_cell(*values, cells)
    best, left = None, np.inf
    for corrects, changed, other in (("second", *values[::-1]), ("first", *values)):
        table = np.dstack([_curve(changed[..., c], other[..., c]) for c in range(3)])[0]
        slopes = np.diff(table.astype(int), axis=0)
        if slopes.min() < 0 or slopes.sum(axis=0).min() < LEAST_SPAN:
            continue  # no exposure does that
        after = _by_cell(cv2.LUT(changed, table[None]), other, cells)
        better = np.count_nonzero(before - after > NOTICED)
        worse = np.count_nonzero(after - before > NOTICED)
        if better - WORSE * worse > SHARE * len(before) and after.sum() < left:
            best, left = Tone(corrects, table), after.sum()
    return best


def apply_tone(image: Image, tone: Tone) -> Image:
    """Replace the values of a picture by those of the table.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3) or (height, width)
        BGR or gray.
    tone : Tone

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        BGR.

    Raises
    ------
    PictureError
        `image` is no gray or BGR uint8 array, or `tone` is no tone.

    References
    ----------
    OpenCV documentation, `cv2.LUT`.
    """
    image = check_image(image)
    if not issubclass(type(tone), Tone):
        hint = "; it gives None when there is nothing to correct" if tone is None else ""
        raise PictureError(f"the tone is {brief(tone)}. Give what find_tone returns{hint}.")
    table = np.asarray(tone.table) if is_array(tone.table) else np.empty(0)
    if table.shape != (256, 3) or table.dtype != np.uint8:
        raise PictureError(
            f"the table of the tone is {brief(tone.table)}. Give an array of uint8, shape (256, 3)."
        )
    return cv2.LUT(to_bgr(image), table[None])


def largest_channel(image: Image) -> Image:
    """Take the largest of the three values of each pixel."""
    blue, green, red = cv2.split(image)
    return cv2.max(cv2.max(blue, green), red)


def _reduced(image: Image) -> Image:
    """Halve, which calms noise, until the picture is small."""
    height, width = image.shape[:2]
    if min(height, width) < 2:
        return image
    image = cv2.resize(
        image[: height // 2 * 2, : width // 2 * 2],
        None,
        fx=0.5,
        fy=0.5,
        interpolation=cv2.INTER_AREA,
    )
    return _reduced(image) if max(height, width) > 2 * SMALL else image


def steps(image: Image) -> Image:
    """Measure how much the values around each pixel differ, in the channel where most."""
    return largest_channel(cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))


def _by_cell(first: NDArray, second: NDArray, cells: NDArray[np.intp]) -> NDArray[np.float64]:
    """Average the difference in each cell that has enough pixels to tell."""
    difference = largest_channel(cv2.absdiff(first, second)).ravel()
    counts = np.bincount(cells)
    sums = np.bincount(cells, difference)
    return sums[counts > 5] / counts[counts > 5]


def _curve(values: NDArray[np.uint8], targets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fit the table from `values` to `targets`: a cubic through medians, by ridge regression."""
    both = [np.ascontiguousarray(values), np.ascontiguousarray(targets)]
    counts = cv2.calcHist(both, [0, 1], None, [256, 256], [0, 256, 0, 256])
    counts[[0, -1]] = counts[:, [0, -1]] = 0  # cut-off values could have been anything
    ranges = counts.reshape(16, 16, 256)
    totals = ranges.sum(axis=(1, 2))
    known = totals >= 20
    places = (np.arange(0, 256, 16) + _medians(ranges.sum(axis=2)))[known]
    shifts = _medians(ranges.sum(axis=1))[known] - places
    weight = np.minimum(1, totals[known] / counts.sum() / 0.03)
    levels = np.arange(256)
    if not known.any():
        return levels.astype(np.uint8)
    powers = np.vander(places / 127.5 - 1, 4, increasing=True)
    ridge = RIDGE * weight.sum() * np.diag([0.02, 1, 1, 1])
    normal = powers.T @ (weight[:, None] * powers) + ridge
    cubic = np.linalg.solve(normal, powers.T @ (weight * shifts))
    moved = levels + np.vander(levels / 127.5 - 1, 4, increasing=True) @ cubic
    return np.clip(moved.round(), 0, 255).astype(np.uint8)


def _medians(counts: NDArray) -> NDArray[np.intp]:
    """Find where each row reaches half of its sum."""
    return (counts.cumsum(axis=1) < counts.sum(axis=1, keepdims=True) / 2).sum(axis=1)
