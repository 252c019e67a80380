"""Step 6: a bounding box round each contour, and boxes drawn on a picture. Lesson 06."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image, PictureError, check_image, check_whole, to_bgr


class Box(NamedTuple):
    """An upright rectangle in pixels; `x` and `y` are those of its top left pixel."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Number of pixels inside."""
        return self.width * self.height


def bounding_boxes(
    contours: Iterable[NDArray],
    *,
    min_area: int = 0,
    pad: int = 0,
    shape: tuple[int, ...] | None = None,
) -> list[Box]:
    """Find the smallest upright rectangle round each contour, from top to bottom.

    Parameters
    ----------
    contours : iterable of ndarray, shape (points, 1, 2)
        As `find_contours` gives them.
    min_area : int, optional
        Boxes of fewer pixels (width times height) are left out. 0 keeps all.
    pad : int, optional
        Pixels by which each box that is kept is then made larger on every side.
    shape : tuple of int, optional
        (height, width) of the picture; padded boxes are clipped to it.

    Returns
    -------
    list of Box
        Sorted by `y`, then `x`.

    Raises
    ------
    PictureError
        `min_area` or `pad` is no whole number from 0 up.

    References
    ----------
    OpenCV documentation, `cv2.boundingRect`.
    """
    min_area = check_whole(min_area, "min_area", 0)
    pad = check_whole(pad, "pad", 0)
    boxes = (Box(*cv2.boundingRect(contour)) for contour in contours)
    kept = (_padded(box, pad, shape) for box in boxes if box.area >= min_area)
    return sorted(kept, key=_reading_order)


def box_mask(
    places: NDArray[np.uint8] | Sequence[tuple[int, int, int, int]], shape: tuple[int, int]
) -> Image:
    """Draw a mask of what is inside boxes.

    Parameters
    ----------
    places : sequence of (x, y, width, height), or ndarray of uint8 or bool, shape (height, width)
        Boxes in pixels, or a mask already: anything above 0.
    shape : tuple of int
        (height, width) of the mask. What lies outside is cut off.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        255 inside, 0 outside.

    Raises
    ------
    PictureError
        `places` is neither, or a mask of another size.
    """
    if isinstance(places, np.ndarray) and places.dtype in (np.uint8, bool):
        if places.shape != tuple(shape):
            raise PictureError(
                f"The mask to ignore has the shape {places.shape}, the pictures have "
                f"{tuple(shape)} (height, width). Give a mask of that shape, or boxes."
            )
        return np.where(places > 0, 255, 0).astype(np.uint8)
    mask = np.zeros(shape, np.uint8)
    for x, y, width, height in _as_boxes(places):
        mask[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = 255
    return mask


def draw_boxes(
    image: Image,
    boxes: Iterable[tuple[int, int, int, int]],
    *,
    color: tuple[int, int, int] = (0, 0, 255),
    thickness: int = 2,
) -> Image:
    """Draw boxes on a copy of a picture.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3) or (height, width)
        BGR or gray. It is not changed.
    boxes : iterable of (x, y, width, height)
        In pixels.
    color : tuple of int, optional
        Blue, green, red, 0 to 255 each. Red unless given.
    thickness : int, optional
        As for `cv2.rectangle`, which draws some lines a pixel or two wider.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        BGR.

    Raises
    ------
    PictureError
        `image` is no gray or BGR uint8 array, or a box or the thickness is not in whole pixels.
    """
    check_image(image)
    thickness = check_whole(thickness, "thickness", 1)
    drawing = to_bgr(image).copy()
    for box in boxes:
        x, y, width, height = (check_whole(value, "a number of a box", -(2**30)) for value in box)
        # The second corner is the last pixel inside, not the first one outside.
        cv2.rectangle(drawing, (x, y), (x + width - 1, y + height - 1), color, thickness)
    return drawing


def _padded(box: Box, pad: int, shape: tuple[int, ...] | None) -> Box:
    if pad == 0:
        return box
    left, top = box.x - pad, box.y - pad
    right, bottom = box.x + box.width + pad, box.y + box.height + pad
    if shape:
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, shape[1]), min(bottom, shape[0])
    return Box(left, top, right - left, bottom - top)


def _as_boxes(places: Sequence) -> list[Box]:
    try:
        corners = [(x, y, width, height) for x, y, width, height in places]
    except (TypeError, ValueError):
        raise PictureError(
            f"What to ignore is {places!r}. Give boxes [(x, y, width, height), ...] or a mask."
        ) from None
    return [
        Box(
            *(check_whole(value, "x or y of a box to ignore", -(2**30)) for value in (x, y)),
            *(check_whole(value, "a side of a box to ignore", 0) for value in (width, height)),
        )
        for x, y, width, height in corners
    ]


def _reading_order(box: Box) -> tuple[int, int, int, int]:
    return box.y, box.x, box.width, box.height
