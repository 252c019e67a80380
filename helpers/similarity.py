"""Step 3: structural similarity (SSIM), one value for each pixel. Lesson 03."""

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image, PictureError, check_gray, check_same_size, check_whole

TILE = 256  # pixels; what a tile needs stays in the processor's cache
LARGEST_WINDOW = 127  # beyond it a window's sum of squares may not fit into 32 bits
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(first: Image, second: Image, *, window: int = 7) -> tuple[float, NDArray[np.float32]]:
    """Structural similarity of two gray pictures, with its full map.

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
    window = check_whole(window, "the window", 3)
    _check(first, second, window)
    radius = window // 2
    height, width = first.shape
    first, second = (
        cv2.copyMakeBorder(image, radius, radius, radius, radius, cv2.BORDER_REFLECT)
        for image in (first, second)
    )
    similarity = np.empty((height, width), np.float32)
    total = 0.0
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = np.s_[top : top + TILE + 2 * radius, left : left + TILE + 2 * radius]
            values = _tile_similarity(first[tile], second[tile], window)
            similarity[top : top + TILE, left : left + TILE] = values
            # A last tile may lie wholly in the border; a negative stop would count from its end.
            rows = slice(max(radius - top, 0), max(height - radius - top, 0))
            columns = slice(max(radius - left, 0), max(width - radius - left, 0))
            total += values[rows, columns].sum()
    return float(total / ((height - 2 * radius) * (width - 2 * radius))), similarity


def difference_image(similarity: NDArray[np.floating]) -> Image:
    """The similarity map as a picture: 255 where nothing changed, darker where more did.

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
        `similarity` is no two-dimensional array of floats.
    """
    if getattr(similarity, "ndim", 0) != 2 or not np.issubdtype(similarity.dtype, np.floating):
        raise PictureError("Expected a similarity map: a float array of the shape (height, width).")
    return (np.clip(similarity, 0, 1) * 255).astype("uint8")


def _check(first: Image, second: Image, window: int) -> None:
    check_gray(first, "the first picture")
    check_gray(second, "the second picture")
    check_same_size(first, second)
    if window % 2 != 1 or window > LARGEST_WINDOW:
        raise PictureError(f"The window is {window} pixels. Give an odd number from 3 to 127.")
    height, width = first.shape
    if window > min(height, width):
        raise PictureError(
            f"The pictures are {width} x {height} pixels, smaller than the window of {window}. "
            "Give larger pictures or a smaller odd window."
        )


def _tile_similarity(first: Image, second: Image, window: int) -> NDArray[np.float64]:
    """Similarity of the windows that lie inside the tile.

    Wang's equation 13 with every mean written as a sum over the window's `n` pixels, and with
    differences in place of products: equal windows then give 1 - 0.
    """
    if np.array_equal(first, second):
        return np.ones((first.shape[0] - window + 1, first.shape[1] - window + 1))
    a, b = first.astype(np.int32), second.astype(np.int32)
    n = window * window
    sum_a, sum_b, squares, squared_error = (
        _window_sums(values, window) for values in (a, b, a * a + b * b, (a - b) ** 2)
    )
    mean_error = (sum_a - sum_b) ** 2
    mean_squares = sum_a**2 + sum_b**2
    luminance = 1 - mean_error / (mean_squares + n * n * C1)
    contrast_and_structure = 1 - (n * squared_error - mean_error) / (
        n * squares - mean_squares + n * (n - 1) * C2
    )
    return luminance * contrast_and_structure


def _window_sums(values: NDArray[np.int32], window: int) -> NDArray[np.float64]:
    """Sum over each whole window; whole numbers, as float64 so that their products are exact."""
    sums = cv2.boxFilter(values, cv2.CV_32S, (window, window), normalize=False)
    radius = window // 2
    return sums[radius : sums.shape[0] - radius, radius : sums.shape[1] - radius].astype(np.float64)
