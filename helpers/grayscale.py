"""Step 2: one brightness for each pixel. Lesson 02."""

import cv2

from helpers.loading import Image, check_image


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
    image = check_image(image)
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
