"""Join the pixels that changed into pieces, and put one box round each."""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box, reading_order
from helpers.loading import Image

STRIP = 64  # rows that are counted at a time: that bounds the memory
MOST, WIDER = 10_000, 4  # boxes: of more, which nobody looks through, join so many times wider gaps


class Pieces(NamedTuple):
    """The pieces of a mask that are kept.

    Attributes
    ----------
    mask : ndarray of uint8, shape (height, width)
        255 = belongs to one of them.
    boxes : list of Box
        One round each, from top to bottom.
    smaller : int
        Pixels of the mask in pieces of too few.
    """

    mask: Image
    boxes: list[Box]
    smaller: int


def find_pieces(mask: Image, clear: Image, merge: int, least: int) -> Pieces:
    """Join what is nearer than `merge` pixels, and keep pieces that are large and clear enough.

    Where these are more than 10000, wider gaps are closed: time and memory stay bounded.

    Parameters
    ----------
    mask : ndarray of uint8, shape (height, width)
        255 where pixels may have changed.
    clear : ndarray of uint8, shape (height, width)
        255 where they certainly have: a part of every piece kept.
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
    # Pixels grow to the right and down, as far as the gap is that they close.
    down, right = (min(max(merge, 1), side) - 1 for side in (height, width))
    grown = cv2.dilate(part, np.ones((down + 1, right + 1), np.uint8), anchor=(right, down))
    # With stats it would take five times as long, however few pixels are marked.
    count, labels = cv2.connectedComponentsWithAlgorithm(grown, 8, cv2.CV_32S, cv2.CCL_GRANA)
    del grown  # a byte a pixel
    pixels, certain = np.zeros((2, count), np.int32)
    low = np.full((2, count), max(mask.shape), np.int32)
    high = np.zeros((2, count), np.int32)
    for row, start, end in _runs(part):
        label = labels[row, start]
        np.add.at(pixels, label, end - start)
        for first, last, begins, ends in zip(low, high, (start, row), (end, row + 1), strict=True):
            np.minimum.at(first, label, begins)
            np.maximum.at(last, label, ends)
    for row, start, end in _runs(cv2.bitwise_and(part, clear[inside])):
        np.add.at(certain, labels[row, start], end - start)
    large = pixels >= least
    kept = large & (certain > 0)
    if np.count_nonzero(kept) > MOST:
        del labels, pixels, certain, low, high
        return find_pieces(mask, clear, WIDER * max(merge, 1), least)
    result = mask
    if not kept[1:].all():
        result = mask.copy()
        for rows in _strips(height):
            marked = np.divmod(np.flatnonzero(part[rows] > 0), width)
            result[inside][rows][marked] = np.where(kept[labels[rows][marked]], 255, 0)
    boxes = np.concatenate([low, high - low])[:, kept].T + np.array([x, y, 0, 0])
    boxes = sorted((Box(*box) for box in boxes.tolist()), key=reading_order)
    return Pieces(result, boxes, int(pixels[~large].sum()))


def _runs(mask: Image) -> Iterator[tuple[NDArray[np.int32], ...]]:
    """Yield the row of pixels side by side, the first one's x, and the x behind the last."""
    for rows in _strips(len(mask)):
        part = cv2.copyMakeBorder(mask[rows], 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0)
        width, pixels = part.shape[1], part.ravel()
        starts, ends = pixels[1:] > pixels[:-1], pixels[1:] < pixels[:-1]
        starts, ends = (np.flatnonzero(where).astype(np.int32) for where in (starts, ends))
        row, start = np.divmod(starts, np.int32(width))
        yield row + np.int32(rows.start), start, ends - width * row


def _strips(height: int) -> list[slice]:
    return [slice(top, top + STRIP) for top in range(0, height, STRIP)]


def without_nested(boxes: list[Box]) -> list[Box]:
    """Leave out boxes that lie inside another one; of boxes that are the same, keep one."""
    boxes = sorted(dict.fromkeys(boxes))
    x, y, width, height = np.array(boxes).reshape(-1, 4).T
    corners = np.stack([x, y, -x - width, -y - height], axis=1)
    starts, ends = np.searchsorted(x, x), np.searchsorted(x, x + width)
    nested = np.zeros(len(boxes), bool)
    for outer in np.argsort(-width * height):
        if not nested[outer]:
            there = slice(starts[outer], ends[outer])  # what is inside begins between its sides
            inner = (corners[there] >= corners[outer]).all(axis=1)
            inner[outer - there.start] = False
            nested[there] |= inner
    return sorted((boxes[index] for index in np.flatnonzero(~nested)), key=reading_order)
