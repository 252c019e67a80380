"""What every drawing needs: the record of a pair, boxes measured from the change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np


@dataclass
class DrawnPair:
    """Two pictures (BGR, uint8, one size) and the truth about them."""

    title: str
    change: str
    first: np.ndarray
    second: np.ndarray
    boxes: list[tuple[int, int, int, int]]
    sources: list[dict[str, str]] = field(default_factory=list)  # title, author, licence, origin
    jpeg_quality: int | None = None  # set: the second picture is stored as JPEG


def changed_box(before: np.ndarray, after: np.ndarray) -> tuple[int, int, int, int]:
    """The smallest box (x, y, width, height) round all pixels in which two pictures differ."""
    differs = (before != after).any(axis=2).astype(np.uint8)
    if not differs.any():
        raise ValueError("the change changes no pixel")
    return tuple(int(v) for v in cv2.boundingRect(differs))


def draw_with_changes(
    draw: Callable[[frozenset[str]], np.ndarray], changes: Iterable[str]
) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int, int, int]]]:
    """Draw the original, the modified picture, and measure one box for each change on its own.

    `draw` takes the set of changes to make and returns a BGR uint8 picture.
    """
    changes = list(changes)
    original = draw(frozenset())
    boxes = [changed_box(original, draw(frozenset([change]))) for change in changes]
    return original, draw(frozenset(changes)), boxes
