"""Step 5: outline each patch of the mask. Lesson 05."""

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image, check_gray


def find_contours(mask: Image) -> list[NDArray[np.int32]]:
    """Find the outer outline of every patch of a mask.

    Parameters
    ----------
    mask : ndarray of uint8, shape (height, width)
        Anything above 0 belongs to a patch.

    Returns
    -------
    list of ndarray of int32, shape (points, 1, 2)
        For each patch the corners of its outline, x before y. Holes are left out.

    Raises
    ------
    PictureError
        `mask` is not a gray uint8 array.

    Notes
    -----
    `imutils.grab_contours(cv2.findContours(...))` gives the same. Importing imutils would cost as
    much time as comparing a small pair, for one line.

    References
    ----------
    S. Suzuki, K. Abe, "Topological structural analysis of digitized binary images by border
    following", Computer Vision, Graphics, and Image Processing 30(1), 1985.
    """
    mask = check_gray(mask, "the mask")
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return list(contours)
