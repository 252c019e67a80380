"""Pictures at the size shown, and as the bytes of a PNG or JPEG file."""

from collections.abc import Sequence

import cv2
from numpy.typing import NDArray

from helpers.errors import PictureError, is_lack_of_memory
from helpers.loading import Image, check_image

# Pixels of the longest side that OpenCV's encoders write. Beyond it they print lines of their own.
LONGEST = {".png": 1_000_000, ".jpg": 65_500}


def encode(suffix: str, image: Image, parameters: Sequence[int] = ()) -> bytes:
    """Encode a picture as the bytes of a file.

    Parameters
    ----------
    suffix : {".png", ".jpg"}
    image : ndarray of uint8, shape (height, width) or (height, width, 3)
        Gray or BGR.
    parameters : sequence of int, optional
        As for `cv2.imencode`, such as ``(cv2.IMWRITE_JPEG_QUALITY, 90)``.

    Returns
    -------
    bytes

    Raises
    ------
    PictureError
        No such picture; or a side is too long for the format: 1,000,000 pixels of a PNG, 65,500
        of a JPEG.
    MemoryError
        OpenCV has not enough memory.
    """
    image = check_image(image)
    height, width = image.shape[:2]
    kind = {".png": "PNG", ".jpg": "JPEG"}[suffix]
    if max(height, width) > LONGEST[suffix]:
        raise PictureError(
            f"A picture of {width} x {height} pixels cannot be written as {kind}, whose sides have "
            f"at most {LONGEST[suffix]:,} pixels. Crop or reduce it."
        )
    try:
        done, encoded = cv2.imencode(suffix, image, list(parameters))
        reason = "OpenCV's encoder failed"
    except cv2.error as error:
        if is_lack_of_memory(error):
            raise MemoryError from None
        done, reason = False, error.err
    if not done:
        raise PictureError(
            f"A picture of {width} x {height} pixels cannot be written as {kind}: {reason}. "
            "Crop or reduce it."
        )
    return encoded.tobytes()


def fit(picture: NDArray, width: int, height: int, *, enlarge: bool = True) -> NDArray:
    """Fit a picture into a width and height: reduced smoothly, or enlarged in whole steps.

    Parameters
    ----------
    picture : ndarray, shape (rows, columns) or (rows, columns, channels)
    width, height : int
        The most pixels across and down.
    enlarge : bool, optional
        Whether small pictures grow.

    Returns
    -------
    ndarray
        In its proportions, but at least 1 pixel across and down; the picture itself when it fits
        as it is.
    """
    rows, columns = picture.shape[:2]
    if columns > width or rows > height:
        if columns * height >= rows * width:
            size = width, max(round(rows * width / columns), 1)
        else:
            size = max(round(columns * height / rows), 1), height
        return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    factor = min(width // columns, height // rows) if enlarge else 1
    return picture.repeat(factor, axis=0).repeat(factor, axis=1) if factor > 1 else picture
