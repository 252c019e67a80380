"""What differs between two pictures that nothing else happened to: boxes and visibility."""

from dataclasses import dataclass

import cv2
import numpy as np

CHANGED = 12  # gray levels from which a pixel counts as changed
STRONG, STRONG_PIXELS = 25, 40  # every change has so many pixels changed by so many gray levels
GAP = 12  # px between changed pixels that still belong to one change
Box = tuple[int, int, int, int]  # x, y, width, height


@dataclass(frozen=True)
class Visibility:
    """The visibility of changed pixels.

    Mean CIE Lab difference, number, how many are strongly changed, largest difference in levels.
    """

    lab: float
    pixels: int
    strong: int
    levels: int = 0


def part_of(picture: np.ndarray, box: Box) -> np.ndarray:
    """Return what is in a box; not a copy."""
    x, y, width, height = box
    return picture[y : y + height, x : x + width]


def difference_of(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Take the largest difference over the channels, in gray levels."""
    blue, green, red = cv2.split(cv2.absdiff(before, after))
    return cv2.max(cv2.max(blue, green), red)


def visibility(
    before: np.ndarray,
    after: np.ndarray,
    part: np.ndarray | None = None,
    least: int = CHANGED,
) -> Visibility:
    """Measure how visible a change is, over all or a part (bool) of the pixels.

    A pixel counts as changed from `least` gray levels on.
    """
    difference = difference_of(before, after)
    changed = difference >= least
    if part is not None:
        changed &= part
    if not changed.any():
        return Visibility(0, 0, 0)
    first, second = (
        cv2.cvtColor(picture[changed][None].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
        for picture in (before, after)
    )
    lab = np.linalg.norm(first - second, axis=2).mean()
    strong = int((difference[changed] >= STRONG).sum())
    return Visibility(float(lab), int(changed.sum()), strong, int(difference[changed].max()))


def measure(
    before: np.ndarray, after: np.ndarray, least: int = CHANGED
) -> list[tuple[Box, Visibility]]:
    """Measure what differs between two pictures, pixels with gaps up to `GAP` together.

    A pixel counts as changed from `least` gray levels on.
    """
    changed = (difference_of(before, after) >= least).astype(np.uint8)
    if not changed.any():
        return []
    x, y, width, height = cv2.boundingRect(changed)
    window = np.s_[y : y + height, x : x + width]
    padded = cv2.copyMakeBorder(changed[window], *[GAP] * 4, cv2.BORDER_CONSTANT, value=0)
    grown = cv2.dilate(padded, np.ones((GAP + 1, GAP + 1), np.uint8))
    count, labels = cv2.connectedComponents(grown, connectivity=8)
    labels = labels[GAP:-GAP, GAP:-GAP] * changed[window]
    parts = []
    for label in range(1, count):
        part = labels == label
        left, top, wide, high = cv2.boundingRect(part.astype(np.uint8))
        seen = visibility(before[window], after[window], part, least)
        parts.append(((x + left, y + top, wide, high), seen))
    return parts


def gap_between(first: Box, second: Box) -> int:
    """Count the pixels between two boxes along the axis on which they are further apart."""
    return max(
        max(
            second[axis] - first[axis] - first[axis + 2],
            first[axis] - second[axis] - second[axis + 2],
        )
        for axis in (0, 1)
    )
