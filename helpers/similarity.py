"""Step 3: structural similarity (SSIM), one value for each pixel. Lesson 03."""

from collections.abc import Callable
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import (
    Image,
    PictureError,
    as_plain,
    check_gray,
    check_same_size,
    check_whole,
    is_array,
)

TILE = (80, 512)  # rows, columns: its sums stay in the processor's cache and take under 2 MB
LARGEST_WINDOW = 127  # OpenCV sums in int32, which ends at 2.15e9; 127² · 255² is 1.05e9
SMALL_WINDOW = 13  # whose sums times the window's pixels end at 13⁴ · 255²: int32 takes that, too
ROUNDING = 0.001  # by which a map of 16-bit floats may leave its range
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(first: Image, second: Image, *, window: int = 7) -> tuple[float, NDArray[np.float32]]:
    """Measure the structural similarity of two gray pictures, with its full map.

    The score is the one `skimage.metrics.structural_similarity` gives with its defaults: a uniform
    window, the unbiased covariance, K1 = 0.01, K2 = 0.03, and the mean over the pixels whose
    window lies inside the picture. All sums are whole numbers, so where two windows are equal the
    similarity is exactly 1, with no rounding left over.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.
    window : int, optional
        Side of the square window in pixels: odd, 3 to 127, no larger than the picture.

    Returns
    -------
    score : float
        Mean similarity, -1 to 1.
    similarity : ndarray of float32, shape (height, width)
        Similarity of the windows centred on each pixel, -1 to 1.

    Raises
    ------
    PictureError
        A picture is not gray uint8, the sizes differ, or the window does not fit.

    References
    ----------
    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
    visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004,
    equation 13.
    """
    first, second, window = _check(first, second, window)
    similarity = np.ones(first.shape, np.float32)
    return _fill(similarity, np.asarray, first, second, window), similarity


def ssim_difference(first: Image, second: Image, *, window: int = 7) -> tuple[float, Image]:
    """Compute `ssim` and `difference_image` in one, with a quarter of the memory.

    Each tile is turned into 8 bits at once, so there is never a float map of the whole picture:
    one byte a pixel beyond the two pictures, and about 2 MB for the tile.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.
    window : int, optional
        Side of the square window in pixels: odd, 3 to 127, no larger than the picture.

    Returns
    -------
    score : float
        The score of `ssim`.
    difference : ndarray of uint8, shape (height, width)
        The `difference_image` of its map.

    Raises
    ------
    PictureError
        A picture is not gray uint8, the sizes differ, or the window does not fit.
    """
    first, second, window = _check(first, second, window)
    difference = np.full(first.shape, 255, np.uint8)
    return _fill(difference, _as_picture, first, second, window), difference


def ssim_score(first: Image, second: Image) -> float:
    """Compute the score of `ssim` to a ten-millionth, without its map: that takes less time.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size, no smaller than the window of 7 pixels.

    Returns
    -------
    float
        Mean similarity, -1 to 1.

    Raises
    ------
    PictureError
        A picture is not gray uint8, is smaller than the window, or the sizes differ.
    """
    return _fill(None, np.asarray, *_check(first, second, 7), kind=np.float32)


def difference_image(similarity: NDArray[np.floating]) -> Image:
    """Turn a similarity map into a picture: 255 where nothing changed, darker where more did.

    Parameters
    ----------
    similarity : ndarray of float, shape (height, width)
        Values from -1 to 1. Those below 0 become 0: an 8-bit number cannot be negative, and
        would wrap round to a bright one.

    Returns
    -------
    ndarray of uint8, shape (height, width)

    Raises
    ------
    PictureError
        `similarity` is no two-dimensional array of floats, or holds others than -1 to 1.
    """
    similarity = as_plain(similarity, "the map") if is_array(similarity) else np.empty(0)
    if similarity.ndim != 2 or similarity.dtype.kind != "f" or similarity.size == 0:
        raise PictureError("Expected a similarity map: a float array of the shape (height, width).")
    lowest, highest = similarity.min(), similarity.max()
    if not (lowest >= -1 - ROUNDING and highest <= 1 + ROUNDING):  # neither holds for NaN
        raise PictureError(
            f"The similarity map holds {lowest} to {highest}. Expected -1 to 1, as `ssim` gives it."
        )
    return _as_picture(similarity)


def _as_picture(similarity: NDArray[np.floating]) -> Image:
    return (np.clip(similarity, 0, 1) * 255).astype("uint8")


def _check(first: Image, second: Image, window: int) -> tuple[Image, Image, int]:
    """Return the pictures as plain arrays, and the window as an int."""
    window = check_whole(window, "the window", 3)
    first = check_gray(first, "the first picture")
    second = check_gray(second, "the second picture")
    check_same_size(first, second)
    if window % 2 != 1 or window > LARGEST_WINDOW:
        raise PictureError(f"The window is {window} pixels. Give an odd number from 3 to 127.")
    height, width = first.shape
    if window > min(height, width):
        raise PictureError(
            f"The pictures are {width} x {height} pixels, smaller than the window of {window}. "
            "Give larger pictures or a smaller odd window."
        )
    return first, second, window


def _fill(
    result: NDArray | None,
    convert: Callable,
    first: Image,
    second: Image,
    window: int,
    kind: type[np.floating] = np.float64,
) -> float:
    """Write the converted similarity into `result`, which comes filled with what means 1.

    Only windows that differ are computed: in each tile, those round its changed pixels.
    Returns the score.
    """
    radius, loss = window // 2, 0.0
    tile = TILE[0] * 8 // np.dtype(kind).itemsize, TILE[1]  # twice the rows of half the bytes
    height, width = (side - 2 * radius for side in first.shape)  # of the part with whole windows
    for top, left in product(*map(range, (0, 0), first.shape, tile)):
        bottom, right = top + tile[0], left + tile[1]  # beyond the picture, slices end with it
        y, x = max(top - radius, 0), max(left - radius, 0)
        halo = np.s_[y : bottom + radius, x : right + radius]
        dx, dy, columns, rows = cv2.boundingRect(cv2.absdiff(first[halo], second[halo]))
        if rows:
            top, bottom = max(top, y + dy - radius), min(bottom, y + dy + rows + radius)
            left, right = max(left, x + dx - radius), min(right, x + dx + columns + radius)
            y, x = max(top - radius, 0), max(left - radius, 0)
            halo = np.s_[y : bottom + radius, x : right + radius]
            values = _similarity(first[halo], second[halo], window, kind)
            values = values[top - y : bottom - y, left - x : right - x]
            if result is not None:
                result[top:bottom, left:right] = convert(values.astype(np.float32))
            y, x = radius - top, radius - left  # from here to the first whole window
            scored = values[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
            if scored.size:
                loss += scored.size - cv2.sumElems(scored)[0]  # adds in float64
    return float(1 - loss / (height * width))


def _similarity(a: Image, b: Image, window: int, kind: type[np.floating]) -> NDArray[np.floating]:
    """Compute similarity in a tile: right where the window is inside, and at the picture's border.

    Wang's equation 13 with every mean written as a sum over the window's `n` pixels. So all but C1
    and C2 are whole numbers, and exact. A denominator is its numerator plus what differs: equal
    windows give x / x. Done in place, which is faster than fresh memory each time.
    """
    n, error = window**2, cv2.absdiff(a, b)
    products, squares = np.multiply(a, b, dtype=np.uint16), np.square(error, dtype=np.uint16)
    sum_a, sum_b, products, squares = (
        cv2.boxFilter(p, cv2.CV_32S, (window,) * 2, normalize=False, borderType=cv2.BORDER_REFLECT)
        for p in (a, b, products, squares)
    )
    if window > SMALL_WINDOW:
        sums = sum_a, sum_b, products, squares
        sum_a, sum_b, products, squares = (each.astype(np.float64) for each in sums)
    means = sum_a * sum_b
    products *= n
    products -= means
    sum_a -= sum_b
    sum_a *= sum_a
    squares *= n
    squares -= sum_a
    luminance, structure, mean_error, noise = (
        each.astype(kind, copy=False) for each in (means, products, sum_a, squares)
    )
    luminance += n * n * C1 / 2
    structure += n * (n - 1) * C2 / 2
    mean_error = cv2.addWeighted(mean_error, 0.5, luminance, 1, 0, dst=mean_error)
    noise = cv2.addWeighted(noise, 0.5, structure, 1, 0, dst=noise)
    luminance *= structure
    return np.divide(luminance, np.multiply(mean_error, noise, out=noise), out=luminance)
