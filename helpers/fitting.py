"""Do two pictures fit on each other? If not: what is wrong, and what would fix it. Lesson 07."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import cv2

from helpers.alignment import find_alignment, likeness, warp
from helpers.grayscale import to_gray
from helpers.loading import Image, check_image, check_same_size
from helpers.patches import ALIKE

PROPORTIONS = 0.01  # by which width to height may differ where one picture is only reduced
SMALL = 320  # pixels: longer side of the pictures that are turned to see what fits
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
CROP = (
    "Their proportions differ: one shows more than the other. Crop it, or take one of them again "
    "with the same camera and zoom."
)


class Offer(NamedTuple):
    """One way to fix a misfit.

    Attributes
    ----------
    text : str
        What it does, for a button.
    place : int
        The picture that it changes: 0 the first, 1 the second.
    fix : callable
        Takes that picture and returns a new one.
    """

    text: str
    place: int
    fix: Callable[[Image], Image]


class Misfit(NamedTuple):
    """A reason why two pictures cannot be compared, in sentences, and what may fix it."""

    message: str
    offers: tuple[Offer, ...] = ()


def find_misfit(first: Image, second: Image) -> Misfit | None:
    """Tell why two pictures do not fit by their sizes.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3) or (height, width)

    Returns
    -------
    Misfit or None
        None when both have one size. The larger picture may be reduced when the proportions
        agree within 1 %; the second may be turned when one stands upright and the other lies.

    Raises
    ------
    PictureError
        One of them is no gray or BGR uint8 array.
    """
    first = check_image(first, "the first picture")
    second = check_image(second, "the second picture")
    (height, width), (other_height, other_width) = first.shape[:2], second.shape[:2]
    if (height, width) == (other_height, other_width):
        return None
    sizes = (
        f"The first picture is {width} x {height} pixels, the second {other_width} x "
        f"{other_height} (width x height)."
    )
    ratio = (width / height) / (other_width / other_height)
    if abs(ratio - 1) <= PROPORTIONS:
        advice = "Both have the same proportions: the larger one can be reduced."
        return Misfit(f"{sizes} {advice}", (_reduce(first, second),))
    if (width - height) * (other_width - other_height) < 0:
        turns = _likely_turns(first, second, (90, 270)) or [90, 270]
        advice = "One stands upright, the other lies on its side: turn the second."
        return Misfit(f"{sizes} {advice}", tuple(map(_turn, turns)))
    return Misfit(f"{sizes} {CROP}")


def find_turn(first: Image, second: Image) -> Misfit | None:
    """Tell whether the second picture, of the same size, shows the first one turned.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3) or (height, width)

    Returns
    -------
    Misfit or None
        None when no turn by a multiple of 90 degrees makes them alike, or more so than none.

    Raises
    ------
    PictureError
        One of them is no gray or BGR uint8 array, or the sizes differ.
    """
    first = check_image(first, "the first picture")
    second = check_image(second, "the second picture")
    check_same_size(first, second)
    square = first.shape[0] == first.shape[1]
    turns = _likely_turns(first, second, (0, *TURNS) if square else (0, 180))
    if turns in ([], [0]):
        return None
    return Misfit("The second picture seems to be turned.", tuple(map(_turn, turns)))


def _likely_turns(first: Image, second: Image, turns: Iterable[int]) -> list[int]:
    """Find the turn in degrees, clockwise, that makes the two most alike; empty when none does."""
    reduced = _reduced(to_gray(first), SMALL)
    other = _reduced(to_gray(second), SMALL)
    found = {
        degrees: _likeness(reduced, cv2.rotate(other, TURNS[degrees]) if degrees else other)
        for degrees in turns
    }
    best = max(found, key=found.get)
    return [best] if found[best] >= ALIKE else []


def _likeness(first: Image, second: Image) -> float:
    """Measure how alike two small gray pictures are, brought to one size and aligned."""
    second = cv2.resize(second, first.shape[1::-1], interpolation=cv2.INTER_AREA)
    alignment = find_alignment(first, second)
    return likeness(first, warp(second, alignment) if alignment else second)


def _reduced(image: Image, side: int) -> Image:
    scale = min(1, side / max(image.shape[:2]))
    size = [max(round(scale * length), 1) for length in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _reduce(first: Image, second: Image) -> Offer:
    sizes = first.shape[1::-1], second.shape[1::-1]
    areas = [width * height for width, height in sizes]
    larger = areas.index(max(areas))
    width, height = size = sizes[1 - larger]
    name = ("first", "second")[larger]
    resize = partial(cv2.resize, dsize=size, interpolation=cv2.INTER_AREA)
    return Offer(f"Reduce the {name} picture to {width} x {height}", larger, resize)


def _turn(degrees: int) -> Offer:
    words = {90: "to the right", 180: "upside down", 270: "to the left"}[degrees]
    return Offer(
        f"Turn the second picture {words}", 1, partial(cv2.rotate, rotateCode=TURNS[degrees])
    )
