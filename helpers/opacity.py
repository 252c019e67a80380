"""Opacity, compared as what it is: white hides it where a picture is white itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from helpers import kinds
from helpers.alignment import unseen, warp
from helpers.boxes import Box, box_mask, padded, reading_order
from helpers.comparison import Comparison
from helpers.loading import Image
from helpers.pieces import find_pieces
from helpers.settings import Settings

NEAR = np.ones((3, 3), np.uint8)  # where an edge may be that was resampled or drawn again


def add_opacity(
    comparison: Comparison, opacities: tuple[Image, Image], settings: Mapping[str, Any]
) -> Comparison:
    """Add to a comparison of two pictures on white what differs in their opacity.

    Parameters
    ----------
    comparison : Comparison
    opacities : tuple of two ndarray of uint8, shape (height, width)
        Of the pictures that were compared; 0 is transparent, 255 opaque.
    settings : mapping of str to object
        Those that were given to `compare`.

    Returns
    -------
    Comparison
        Its mask and boxes hold also the pixels whose opacity differs by more than colours may.
    """
    first, second = _placed(comparison, opacities)
    comparison = replace(comparison, opacities=(first, second))
    if comparison.misaligned or comparison.verdict == "unlike":
        return comparison
    given = Settings(**settings)
    mask = _differing(first, second, max(comparison.ignored_below, 1), comparison.kind)
    mask = cv2.subtract(mask, _ignored(comparison, given))
    pieces = find_pieces(mask, mask, given.merge, max(comparison.least_pixels, 1))
    hidden = cv2.countNonZero(cv2.subtract(pieces.mask, comparison.mask))
    boxes = [padded(box, given.pad, mask.shape) for box in pieces.boxes]
    verdict = "no difference" if comparison.verdict == "identical" else comparison.verdict
    return replace(
        comparison,
        mask=comparison.mask | pieces.mask,
        boxes=_joined(comparison.boxes, boxes),
        difference=_darkened(comparison.difference, first, second, pieces.mask),
        opacity_only=hidden,
        smaller=comparison.smaller + pieces.smaller,
        verdict="changed" if boxes else verdict,
    )


def _placed(comparison: Comparison, opacities: tuple[Image, Image]) -> tuple[Image, Image]:
    """Lay the opacities as the pictures were laid to be compared."""
    first, second = opacities
    if comparison.fit:
        first, second = comparison.fit.bring(0, first), comparison.fit.bring(1, second)
    if comparison.layout:
        first, second, _ = comparison.layout.place(first, second)
    if comparison.alignment:
        second = warp(second, comparison.alignment)
    return first, second


def _differing(first: Image, second: Image, level: int, kind: str) -> Image:
    """Mark where the opacity differs by so many levels, beyond what edges do."""
    low = high = second
    if kind not in ("", kinds.EXACT):
        low, high = cv2.erode(second, NEAR), cv2.dilate(second, NEAR)
    beyond = cv2.max(cv2.subtract(low, first), cv2.subtract(first, high))
    return cv2.inRange(beyond, level, 255)


def _ignored(comparison: Comparison, settings: Settings) -> Image:
    shape = comparison.mask.shape
    ignored = box_mask(settings.ignore, comparison.sizes[0][::-1])
    if comparison.fit:
        ignored = comparison.fit.bring_mask(ignored)
    if comparison.layout:
        ignored = comparison.layout.place_mask(ignored)
    return ignored | unseen(comparison.alignment, shape) if comparison.alignment else ignored


def _darkened(difference: Image, first: Image, second: Image, mask: Image) -> Image:
    """Show in the picture of the difference also that of the opacity, where it counts."""
    apart = cv2.bitwise_and(cv2.absdiff(first, second), mask)
    return cv2.min(difference, cv2.bitwise_not(apart))


def _joined(boxes: Iterable[Box], others: Iterable[Box]) -> list[Box]:
    """Add boxes to others that do not overlap each other; what overlaps becomes one box."""
    joined = list(boxes)
    for box in others:
        while touching := [other for other in joined if _overlap(box, other)]:
            joined = [other for other in joined if other not in touching]
            box = _round(touching, box)
        joined.append(box)
    return sorted(joined, key=reading_order)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _round(boxes: Iterable[Box], box: Box) -> Box:
    """Make the smallest box round several."""
    boxes = [box, *boxes]
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)
