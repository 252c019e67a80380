"""Join the pixels that changed into pieces, and put one box round each."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box
from helpers.loading import Image

STRIP = 64  # rows that are counted at a time: that bounds the memory


class Pieces(NamedTuple):
    """The pieces of a mask that are kept.

    Attributes
    ----------
    mask : ndarray of uint8, shape (height, width)
        255 = belongs to one of them.
    boxes : list of Box
        One round each, none inside another.
    smaller : int
        Pixels of the mask that belong to none.
    """

    mask: Image
    boxes: list[Box]
    smaller: int


def find_pieces(mask: Image, clear: Image, merge: int, least: int) -> Pieces:
    """Join what is nearer than `merge` pixels, and keep pieces that are large and clear enough.

    Parameters
    ----------
    mask : ndarray of uint8, shape (height, width)
        255 where pixels may have changed.
    clear : ndarray of uint8, shape (height, width)
        255 where they certainly have: every piece kept has such a pixel.
    merge : int
        Pixels; gaps between boxes' pixels that are smaller are closed.
    least : int
        Pixels of the mask that a piece must have.

    Returns
    -------
    Pieces
    """
    x, y, width, height = cv2.boundingRect(mask)
    if not width:
        return Pieces(mask, [], 0)
    inside = np.s_[y : y + height, x : x + width]
    part, reach = mask[inside], merge // 2
    # With a border nothing that grows is cut off, and boxes shrink by just what they grew by.
    grown = cv2.copyMakeBorder(part, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    if merge > 1:
        grown = cv2.dilate(grown, np.ones((2 * reach + 1,) * 2, np.uint8))
    # This algorithm needs a third of the default's time.
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        grown, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    labels = labels[reach : reach + height, reach : reach + width]
    pixels = _count(labels, part, count)
    kept = (pixels >= least) & (_count(labels, cv2.bitwise_and(part, clear[inside]), count) > 0)
    kept[0] = False
    result = np.zeros_like(mask)
    for rows in _strips(height):
        result[inside][rows] = np.where(kept[labels[rows]], part[rows], 0)
    boxes = [
        Box(int(left + x), int(top + y), int(wide - 2 * reach), int(high - 2 * reach))
        for left, top, wide, high in stats[kept, : cv2.CC_STAT_AREA]
    ]
    return Pieces(result, without_nested(boxes), int(pixels.sum() - pixels[kept].sum()))


def _count(labels: NDArray[np.int32], mask: Image, count: int) -> NDArray[np.intp]:
    """Count the pixels of a mask that have each label."""
    return sum(
        np.bincount(labels[rows][mask[rows] > 0], minlength=count) for rows in _strips(len(mask))
    )


def _strips(height: int) -> list[slice]:
    return [slice(top, top + STRIP) for top in range(0, height, STRIP)]


def without_nested(boxes: list[Box]) -> list[Box]:
    """Leave out boxes that lie inside another one."""
    corners = np.array([(x, y, -x - w, -y - h) for x, y, w, h in boxes])
    return [
        box
        for index, box in enumerate(boxes)
        if not (
            (corners <= corners[index]).all(axis=1) & (corners != corners[index]).any(axis=1)
        ).any()
    ]
