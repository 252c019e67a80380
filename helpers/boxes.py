"""Step 6: a bounding box round each contour, and boxes drawn on a picture. Lesson 06."""

from collections.abc import Iterable
from typing import NamedTuple

import cv2
from numpy.typing import NDArray

from helpers.loading import Image, check_image, check_whole, to_bgr


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


def bounding_boxes(contours: Iterable[NDArray], *, min_area: int = 0) -> list[Box]:
    """The smallest upright rectangle round each contour, from top to bottom.

    Parameters
    ----------
    contours : iterable of ndarray, shape (points, 1, 2)
        As `find_contours` gives them.
    min_area : int, optional
        Boxes of fewer pixels (width times height) are left out. 0 keeps all.

    Returns
    -------
    list of Box
        Sorted by `y`, then `x`.

    Raises
    ------
    PictureError
        `min_area` is no whole number from 0 up.

    References
    ----------
    OpenCV documentation, `cv2.boundingRect`.
    """
    min_area = check_whole(min_area, "min_area", 0)
    boxes = sorted((Box(*cv2.boundingRect(contour)) for contour in contours), key=_reading_order)
    return [box for box in boxes if box.area >= min_area]


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
        Width of the line in pixels.

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


def _reading_order(box: Box) -> tuple[int, int, int, int]:
    return box.y, box.x, box.width, box.height
