"""Step 2: one brightness for each pixel. Lesson 02."""

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image, PictureError


def to_gray(image: Image) -> Image:
    """Turn a BGR picture into brightness: 0.299 red + 0.587 green + 0.114 blue.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3) or (height, width)
        A BGR picture, or one that is gray already.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        0 is black, 255 is white. A picture that was gray already is returned as it is.

    Raises
    ------
    PictureError
        `image` is no array of uint8, is empty, or has another shape.

    References
    ----------
    Recommendation ITU-R BT.601, section 2.5.1; OpenCV documentation, "Color conversions".
    """
    check_image(image)
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def check_image(image: NDArray, name: str = "the picture") -> None:
    """Raise `PictureError` unless `image` is a uint8 array, gray or BGR, with pixels in it."""
    if not isinstance(image, np.ndarray):
        hint = " cv2.imread gives None when it cannot read a file." if image is None else ""
        raise PictureError(f"{name} is a {type(image).__name__}, not a NumPy array.{hint}")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise PictureError(
            f"{name} has the shape {image.shape}. Expected (height, width) for gray or "
            "(height, width, 3) for BGR."
        )
    if image.size == 0:
        raise PictureError(f"{name} has no pixels: its shape is {image.shape}.")
    if image.dtype != np.uint8:
        raise PictureError(
            f"{name} holds {image.dtype} values. Expected uint8, 0 to 255: scale it to that range "
            "and convert it with .astype('uint8')."
        )
