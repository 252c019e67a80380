"""Join the pixels that changed into pieces, and put one box round each."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box, reading_order
from helpers.loading import Image

STRIP = 64  # rows that are counted at a time: that bounds the memory
MOST_OUTER = 10_000  # boxes, the largest, that may have others inside: each is asked for its own


class Pieces(NamedTuple):
    """The pieces of a mask that are kept.

    Attributes
    ----------
    mask : ndarray of uint8, shape (height, width)
        255 = belongs to one of them.
    boxes : list of Box
        One round each, from top to bottom.
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
        Pixels; smaller gaps are closed.
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
    part = mask[inside]
    # Pixels grow to the right and down, as far as the gap is that they close. Beyond the border
    # as well: so boxes shrink by just what they grew by.
    down, right = (min(max(merge, 1), side) - 1 for side in (height, width))
    grown = cv2.copyMakeBorder(part, 0, down, 0, right, cv2.BORDER_CONSTANT, value=0)
    grown = cv2.dilate(grown, np.ones((down + 1, right + 1), np.uint8), anchor=(right, down))
    # This algorithm needs a third of the default's time.
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        grown, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    del grown  # a byte a pixel
    labels = labels[:height, :width]
    pixels = _count(labels, part, count)
    kept = (pixels >= least) & (_count(labels, cv2.bitwise_and(part, clear[inside]), count) > 0)
    kept[0] = False
    result = np.zeros_like(mask)
    for rows in _strips(height):
        result[inside][rows] = np.where(kept[labels[rows]], part[rows], 0)
    boxes = stats[kept, : cv2.CC_STAT_AREA] + np.array([x, y, -right, -down])
    boxes = sorted((Box(*box) for box in boxes.tolist()), key=reading_order)
    return Pieces(result, boxes, int(pixels.sum() - pixels[kept].sum()))


def _count(labels: NDArray[np.int32], mask: Image, count: int) -> NDArray[np.intp]:
    """Count the pixels of a mask that have each label."""
    return sum(
        np.bincount(labels[rows][mask[rows] > 0], minlength=count) for rows in _strips(len(mask))
    )


def _strips(height: int) -> list[slice]:
    return [slice(top, top + STRIP) for top in range(0, height, STRIP)]


def without_nested(boxes: list[Box]) -> list[Box]:
    """Leave out boxes that lie inside another one; of boxes that are the same, keep one.

    Of a million boxes, which nobody looks through, only the largest are asked what they hold.
    """
    boxes = sorted(dict.fromkeys(boxes))
    x, y, width, height = np.array(boxes).reshape(-1, 4).T
    corners = np.stack([x, y, -x - width, -y - height], axis=1)
    starts, ends = np.searchsorted(x, x), np.searchsorted(x, x + width)
    nested = np.zeros(len(boxes), bool)
    for outer in np.argsort(-width * height)[:MOST_OUTER]:
        if not nested[outer]:
            there = slice(starts[outer], ends[outer])  # what is inside begins between its sides
            inner = (corners[there] >= corners[outer]).all(axis=1)
            inner[outer - there.start] = False
            nested[there] |= inner
    return sorted((boxes[index] for index in np.flatnonzero(~nested)), key=reading_order)
