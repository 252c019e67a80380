"""Step 6: a bounding box round each contour, and boxes drawn on a picture. Lesson 06."""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.errors import PictureError, brief
from helpers.loading import (
    LARGEST,
    Image,
    as_plain,
    check_image,
    check_whole,
    is_array,
    to_bgr,
)

FARTHEST = LARGEST  # pixels by which boxes and contours may be off the corner of a picture
MOST_BOXES, MOST_IGNORED = 1_000_000, 1000
THICKEST = 1000  # pixels
NO_LISTS = str, bytes, bytearray, Mapping, Set  # an empty one is no list without boxes
INT32 = np.dtype("int32")
POINTS = INT32, np.dtype("float32"), np.dtype("int64")


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
        `min_area` or `pad` is no whole number from 0 up, `shape` is no shape, or `contours` are
        none.

    References
    ----------
    OpenCV documentation, `cv2.boundingRect`.
    """
    min_area = check_whole(min_area, "min_area", 0)
    pad = check_whole(pad, "pad", 0)
    shape = shape if shape is None else _check_shape(shape)
    boxes = (_bounding_box(contour) for contour in _listed(contours, "the contours", MOST_BOXES))
    kept = (padded(box, pad, shape) for box in boxes if box.area >= min_area)
    return sorted(kept, key=reading_order)


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
        `places` is neither, a mask of another size, or more than 1000 boxes.
    """
    shape = _check_shape(shape)
    if is_array(places) and np.asarray(places).dtype in (np.uint8, bool):
        places = as_plain(places, "the mask to ignore")
        if places.shape != shape:
            raise PictureError(
                f"The mask to ignore has the shape {places.shape}, the pictures have "
                f"{shape} (height, width). Give a mask of that shape, or boxes."
            )
        return np.where(places > 0, 255, 0).astype(np.uint8)
    mask = np.zeros(shape, np.uint8)
    for x, y, width, height in check_boxes(places, "to ignore", least=0, most=MOST_IGNORED):
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
        `image` is no gray or BGR uint8 array, a box or the thickness is not in whole pixels, or
        `color` is no colour.
    """
    image = check_image(image)
    thickness = check_whole(thickness, "thickness", 1, THICKEST)
    color = _check_color(color)
    drawing = to_bgr(image).copy()
    margin = 2 * thickness + 8  # lines that are farther outside are not seen; OpenCV's ints end
    far_x, far_y = drawing.shape[1] + margin, drawing.shape[0] + margin
    for x, y, width, height in check_boxes(boxes, "to draw"):
        # The second corner is the last pixel inside, not the first one outside.
        right, bottom = x + width - 1, y + height - 1
        first = min(max(x, -margin), far_x), min(max(y, -margin), far_y)
        last = min(max(right, -margin), far_x), min(max(bottom, -margin), far_y)
        cv2.rectangle(drawing, first, last, color, thickness)
    return drawing


def check_boxes(
    boxes: Iterable[tuple[int, int, int, int]],
    purpose: str,
    *,
    least: int = -FARTHEST,
    most: int = MOST_BOXES,
) -> list[Box]:
    """Return boxes as a list of `Box`; raise `PictureError` for anything else.

    Parameters
    ----------
    boxes : iterable of (x, y, width, height)
    purpose : str
        What they are for, as the message says it: "to ignore".
    least : int, optional
        The least width and height. Unless given they may be negative: a box of two corners taken
        for a size can be drawn.
    most : int, optional
        How many there may be.
    """
    if isinstance(boxes, NO_LISTS):
        raise PictureError(f"the boxes {purpose} are {brief(boxes)}. Give a list.")
    return [_check_box(box, purpose, least) for box in _listed(boxes, f"the boxes {purpose}", most)]


def _check_box(box: tuple[int, int, int, int], purpose: str, least: int) -> Box:
    try:
        x, y, width, height = box
    except Exception:  # no four values
        raise PictureError(
            f"a box {purpose} is {brief(box)}. Give boxes [(x, y, width, height), ...]."
        ) from None
    if type(x) is type(y) is type(width) is type(height) is int:  # mostly, and quickly
        within = -FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST
        if within and least <= width <= FARTHEST and least <= height <= FARTHEST:
            return Box(x, y, width, height)
    return Box(
        check_whole(x, f"x of a box {purpose}", -FARTHEST),
        check_whole(y, f"y of a box {purpose}", -FARTHEST),
        check_whole(width, f"width of a box {purpose}", least),
        check_whole(height, f"height of a box {purpose}", least),
    )


def padded(box: Box, pad: int, shape: tuple[int, ...] | None) -> Box:
    """Make a box larger on every side, as far as a picture of that shape goes."""
    if pad == 0:
        return box
    left, top = box.x - pad, box.y - pad
    right, bottom = box.x + box.width + pad, box.y + box.height + pad
    if shape:
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, shape[1]), min(bottom, shape[0])
    return Box(left, top, right - left, bottom - top)


def _bounding_box(contour: NDArray) -> Box:
    if is_array(contour) and _are_points(contour):
        x, y, width, height = cv2.boundingRect(contour)
        within = -FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST
        if within and 0 < width <= FARTHEST and 0 < height <= FARTHEST:
            return Box(x, y, width, height)
    raise PictureError(
        f"a contour is {brief(contour)}. Give a list of arrays as find_contours returns it: whole "
        "numbers, shape (points, 1, 2), one point or more."
    )


def _are_points(contour: NDArray) -> bool:
    """Say whether OpenCV reads an array as points, all of them as they are."""
    if type(contour) is np.ndarray and contour.dtype == INT32 and contour.shape[1:] == (1, 2):
        return len(contour) > 0
    points = as_plain(contour, "a contour")
    count = max(points.shape[:-1], default=0)
    if points.shape[-1:] != (2,) or points.size != 2 * count or not count:
        return False
    # OpenCV wraps 64 bits round to 32, and takes what is not finite for some number.
    exact = points.dtype in POINTS and (np.abs(points.astype(float)) <= FARTHEST).all()
    return bool(exact)


def _listed(values: Iterable, name: str, most: int) -> list:
    """List up to `most` values; raise `PictureError` when there are more, or nothing to list."""
    try:
        listed = list(islice(values, most + 1))
    except Exception as error:  # what is no list, or a generator that fails
        raise PictureError(f"{name} are {brief(values)}. Give a list.") from error
    if len(listed) > most:
        raise PictureError(f"{name} are more than {most}. Give fewer.")
    return listed


def _check_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return height and width; raise `PictureError` unless a picture can have them."""
    sides = [check_whole(side, "a side of the shape", 1) for side in _listed(shape, "the sides", 3)]
    if len(sides) < 2 or sides[0] * sides[1] > LARGEST:
        raise PictureError(f"the shape is {brief(shape)}. Give (height, width) of a picture.")
    return sides[0], sides[1]


def _check_color(color: tuple[int, int, int]) -> list[int]:
    values = [
        check_whole(v, "a value of the color", 0, 255) for v in _listed(color, "its values", 4)
    ]
    if len(values) != 3:
        raise PictureError(f"the color is {brief(color)}. Give blue, green and red, 0 to 255 each.")
    return values


def reading_order(box: Box) -> tuple[int, int, int, int]:
    """Return the key by which boxes are sorted: from top to bottom, then left to right."""
    return box.y, box.x, box.width, box.height
