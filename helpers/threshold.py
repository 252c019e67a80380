"""Step 4: split the difference image in two with Otsu's method. Lesson 04."""

import cv2
import numpy as np

from helpers.loading import Image, check_gray


def otsu_mask(difference: Image) -> tuple[float, Image]:
    """Mark the pixels that differ: those at or below the threshold Otsu's method chooses.

    Parameters
    ----------
    difference : ndarray of uint8, shape (height, width)
        255 = same, as `difference_image` gives it.

    Returns
    -------
    threshold : float
        0 to 255. The one that makes the variance between the two groups largest.
    mask : ndarray of uint8, shape (height, width)
        255 = differs, 0 = same.

    Raises
    ------
    PictureError
        `difference` is not a gray uint8 array.

    Notes
    -----
    A picture of one single value cannot be split, and OpenCV then answers with threshold 0. Here
    all of it differs, unless that value is 255 and nothing does: the threshold is then 254.

    References
    ----------
    N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 1979.
    """
    difference = check_gray(difference, "the difference image")
    lowest = difference.min()
    if lowest == difference.max():
        return float(min(lowest, 254)), np.full_like(difference, 0 if lowest == 255 else 255)
    return cv2.threshold(difference, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
