"""Bring two pictures of different sizes together, or say why they do not fit. Lesson 07."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import cv2
import numpy as np

from helpers.alignment import find_alignment, warp
from helpers.boxes import Box
from helpers.errors import PictureError
from helpers.files import LIMIT
from helpers.grayscale import to_gray
from helpers.layout import Band, Layout, find_layout
from helpers.loading import Image, check_image, check_same_size
from helpers.offset import EQUAL, alike, find_offset
from helpers.settings import SIZES, check_choice

PROPORTIONS = 0.01  # by which width to height may differ where one picture is only reduced
SMALL = 320  # pixels: longer side of the pictures that are turned to see what fits
ALIKE = 0.5  # correlation below which two pictures show different things; unlike ones reach .3
OTHER_SCALE = 1.1  # times the width from which nobody asks whether some rows are missing instead
BETTER = 0.7  # what bands inside may leave, at most, of what one at an edge leaves to differ
MILLION = 1_000_000
MOST_TURNED = 45  # degrees: an alignment that turns further belongs to another quarter turn
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
TO = {90: "to the right", 180: "upside down", 270: "to the left"}
NAMES = "first", "second"
CROP = (
    "Their proportions differ: one shows more than the other. Crop it, or take one of them again "
    "with the same camera and zoom."
)
NO_FIT = (
    "Neither is the other one at another scale, turned, or a part of it. To compare them all the "
    'same, set sizes (--sizes) to "crop" (what both have from the upper left corner on), "pad" '
    '(the same, and the rest gets a box) or "scale".'
)
REFUSED = (
    'The setting sizes (--sizes) is "refuse". Give two pictures of one size, or set it to "auto".'
)

Size = tuple[int, int]


class MisfitError(PictureError):
    """The two pictures are of different sizes, and do not fit."""


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


class Fit(NamedTuple):
    """The way in which two pictures of different sizes are brought together.

    Attributes
    ----------
    how : {"scaled", "turned", "cropped", "extended", "padded", "resized"}
        "scaled": they show the same, and the larger one is reduced. "turned": one lay on its
        side. "cropped": only what both have is compared. "extended": one has rows or columns that
        the other lacks. "padded" and "resized": the settings "pad" and "scale" ask for it.
    sizes : tuple of (int, int)
        Width and height of both pictures as they were given.
    turn : int
        Degrees, clockwise, by which the second one is turned.
    resized : tuple of (int, int)
        Width and height of both after that, when they have been resized.
    parts : tuple of Box
        What is compared of each, in its pixels after that.
    layout : Layout or None
        Where these lie, when one has rows or columns that the other lacks.
    """

    how: str
    sizes: tuple[Size, Size]
    turn: int
    resized: tuple[Size, Size]
    parts: tuple[Box, Box]
    layout: Layout | None = None

    def bring(self, which: int, picture: Image) -> Image:
        """Turn, resize and cut the first (0) or the second (1) picture."""
        if which == 1 and self.turn:
            picture = cv2.rotate(picture, TURNS[self.turn])
        size = self.resized[which]
        if picture.shape[1::-1] != size:
            picture = resize(picture, size)
        x, y, width, height = self.parts[which]
        return picture[y : y + height, x : x + width]

    def bring_mask(self, mask: Image) -> Image:
        """Resize and cut a mask of the first picture: 255 where any of its pixels becomes one."""
        return np.where(self.bring(0, mask) > 0, 255, 0).astype(np.uint8)

    def box_in(self, which: int, box: Box) -> Box:
        """Return a box of what `bring` gives as it lies in the picture that was given."""
        (x, y, width, height), part = box, self.parts[which]
        turned = self.sizes[which] if which == 0 or self.turn in (0, 180) else self.sizes[1][::-1]
        spans = [
            _stretched(start, length, size, full)
            for start, length, size, full in zip(
                (x + part.x, y + part.y), (width, height), self.resized[which], turned, strict=True
            )
        ]
        (x, width), (y, height) = spans
        return _turned_back(Box(x, y, width, height), self.turn if which else 0, turned)

    @property
    def words(self) -> str:
        """What was done, in a sentence."""
        (width, height), (other_width, other_height) = self.sizes
        done = [self._turn_in_words(), self._size_in_words(), self._part_in_words()]
        if self.how == "padded":
            done.append("both were compared from the upper left corner on")
        if self.how == "extended":
            done.append("one has what the other lacks, and the rest was compared")
        return (
            f"Sizes differ ({width} x {height} and {other_width} x {other_height} pixels): "
            f"{'; '.join(filter(None, done))}."
        )

    def _turn_in_words(self) -> str:
        if not self.turn:
            return ""
        return f"the second picture lay on its side and was turned {TO[self.turn]}"

    def _size_in_words(self) -> str:
        turned = self.sizes[1] if self.turn in (0, 180) else self.sizes[1][::-1]
        for name, size, now in zip(NAMES, (self.sizes[0], turned), self.resized, strict=True):
            if now != size:
                verb = "reduced" if self.how == "scaled" else "resized"
                return f"the {name} picture was {verb} to {now[0]} x {now[1]}"
        return ""

    def _part_in_words(self) -> str:
        if self.how != "cropped":
            return ""
        (x, y, width, height), other = self.parts
        part = f"only what both have was compared, {width} x {height} pixels"
        if (x, y) == other[:2] == (0, 0):
            return f"{part} from the upper left corner on"
        places = f"from x = {x}, y = {y} of the first picture on"
        if other[:2] != (0, 0):
            places += f", and x = {other.x}, y = {other.y} of the second"
        return f"{part} {places}"

    def to_dict(self) -> dict[str, object]:
        """Collect it for JSON; boxes as [x, y, width, height]."""
        return {
            "how": self.how,
            "turned_by": self.turn,
            "resized": [list(size) for size in self.resized],
            "parts": [list(part) for part in self.parts],
        }


def find_fit(first: Image, second: Image, sizes: str = "auto") -> Fit | None:
    """Find how two pictures of different sizes lie on each other.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3) or (height, width)
        Of any sizes.
    sizes : {"auto", "crop", "pad", "scale", "refuse"}, optional
        The setting of that name.

    Returns
    -------
    Fit or None
        None when both have one size.

    Raises
    ------
    PictureError
        One of them is no gray or BGR uint8 array. A `MisfitError`, when they do not fit, or are
        not to; or when both together would take more than 50 million pixels, and more than either.
    """
    first = check_image(first, "the first picture")
    second = check_image(second, "the second picture")
    sizes = check_choice(sizes, "sizes", SIZES)
    if first.shape[:2] == second.shape[:2]:
        return None
    found = WAYS[sizes](first, second)
    if found is None:
        raise MisfitError(
            f"{_sizes_in_words(first, second)} {REFUSED if sizes == 'refuse' else NO_FIT}"
        )
    if found.layout:
        _check_canvas(found, first, second)
    return found


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
    size, other = first.shape[1::-1], second.shape[1::-1]
    if size == other:
        return None
    sizes = _sizes_in_words(first, second)
    if _are_proportional(size, other):
        advice = "Both have the same proportions: the larger one can be reduced."
        return Misfit(f"{sizes} {advice}", (_reduce(size, other),))
    if _is_on_its_side(size, other):
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


def resize(picture: Image, size: Size) -> Image:
    """Resize a picture to (width, height): by the mean of what becomes one pixel, if it shrinks."""
    shrinks = size[0] <= picture.shape[1] and size[1] <= picture.shape[0]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _by_evidence(first: Image, second: Image) -> Fit | None:
    """Find what the two show: one turned, at another scale, or a part of the other."""
    size, other = first.shape[1::-1], second.shape[1::-1]
    if _is_on_its_side(size, other) and _are_proportional(size, other[::-1]):
        for turn in _likely_turns(first, second, (90, 270)):
            turned = cv2.rotate(second, TURNS[turn])
            if turned.shape[:2] == first.shape[:2]:
                fit = _as_given(first, turned)._replace(how="turned")
            else:
                fit = _upright(first, turned)
            return fit and fit._replace(turn=turn, sizes=(size, other))
    return _upright(first, second)


def _upright(first: Image, second: Image) -> Fit | None:
    size, other = first.shape[1::-1], second.shape[1::-1]
    gray = to_gray(first), to_gray(second)
    scaled = None
    if _are_proportional(size, other) and _likeness(*gray) >= ALIKE:
        scaled = _scaled(first, second)
        if max(size[0], other[0]) >= OTHER_SCALE * min(size[0], other[0]):
            return scaled
    laid, fits = _laid(*gray)
    if fits < ALIKE or (scaled and fits < alike(*map(scaled.bring, (0, 1), gray)) - EQUAL):
        return scaled
    return laid


def _laid(first: Image, second: Image) -> tuple[Fit, float]:
    """Find where two gray pictures lie on each other, unchanged, and how well they fit there."""
    fit = _as_given(first, second)
    offset = find_offset(first, second)
    if offset is None:
        return fit, 0.0
    if first.shape[0] != second.shape[0] and first.shape[1] != second.shape[1]:
        return _cut(fit, offset.x, offset.y), offset.alike
    layout, fits = _layout(*fit.sizes, offset.x, offset.y), offset.alike
    other = find_layout(first, second)
    if other and _apart(other, first, second) < BETTER * _apart(layout, first, second):
        layout, fits = other, alike(*other.shared(first, second))
    return fit._replace(how="extended", layout=layout), fits


def _apart(layout: Layout, first: Image, second: Image) -> float:
    """Measure by how many gray levels two pictures differ on average in what both have."""
    one, other = layout.shared(first, second)
    return cv2.norm(one, other, cv2.NORM_L1) / one.size


def _cut(fit: Fit, x: int, y: int) -> Fit:
    """Cut both to what both have, when the second one's corner lies there in the first."""
    (width, height), (other_width, other_height) = fit.sizes
    across = min(width - max(x, 0), other_width - max(-x, 0))
    down = min(height - max(y, 0), other_height - max(-y, 0))
    parts = Box(max(x, 0), max(y, 0), across, down), Box(max(-x, 0), max(-y, 0), across, down)
    return fit._replace(how="cropped", parts=parts)


def _cropped(first: Image, second: Image) -> Fit:
    """Take what both have from the upper left corner on."""
    fit = _as_given(first, second)
    part = Box(0, 0, *map(min, *fit.sizes))
    return fit._replace(how="cropped", parts=(part, part))


def _padded(first: Image, second: Image) -> Fit:
    fit = _as_given(first, second)
    return fit._replace(how="padded", layout=_layout(*fit.sizes, 0, 0))


def _resized(first: Image, second: Image) -> Fit:
    fit = _as_given(first, second)
    return fit._replace(how="resized", resized=(fit.sizes[0],) * 2, parts=(fit.parts[0],) * 2)


def _scaled(first: Image, second: Image) -> Fit:
    """Reduce the larger of the two to the size of the other."""
    fit = _as_given(first, second)
    smaller = 1 - _larger(*fit.sizes)
    return fit._replace(
        how="scaled", resized=(fit.sizes[smaller],) * 2, parts=(fit.parts[smaller],) * 2
    )


def _as_given(first: Image, second: Image) -> Fit:
    sizes = first.shape[1::-1], second.shape[1::-1]
    return Fit("given", sizes, 0, sizes, (Box(0, 0, *sizes[0]), Box(0, 0, *sizes[1])))


WAYS: dict[str, Callable[[Image, Image], Fit | None]] = {
    "auto": _by_evidence,
    "crop": _cropped,
    "pad": _padded,
    "scale": _resized,
    "refuse": lambda first, second: None,
}


def _layout(size: Size, other: Size, x: int, y: int) -> Layout:
    """Place the second picture's upper left corner there in the first."""
    return Layout(rows=_bands(size[1], other[1], y), columns=_bands(size[0], other[0], x))


def _bands(length: int, other: int, start: int) -> tuple[Band, ...]:
    """Place lines of which the second picture's begin at line `start` of the first."""
    before, after = max(start, 0), max(-start, 0)
    shared = min(length - before, other - after)
    bands = (
        Band(0, None, before),
        Band(None, 0, after),
        Band(before, after, shared),
        Band(before + shared, None, length - before - shared),
        Band(None, after + shared, other - after - shared),
    )
    return tuple(band for band in bands if band.length)


def _check_canvas(fit: Fit, first: Image, second: Image) -> None:
    """Raise `PictureError` when both lie on more pixels than one is likely to have memory for."""
    height, width = fit.layout.shape
    most = max(LIMIT * MILLION, *(image.shape[0] * image.shape[1] for image in (first, second)))
    if height * width > most:
        raise MisfitError(
            f"{_sizes_in_words(first, second)} Together they would take {width} x {height}, and "
            f'{most // MILLION} million are the most. Crop them, or set sizes to "crop".'
        )


def _sizes_in_words(first: Image, second: Image) -> str:
    (height, width), (other_height, other_width) = first.shape[:2], second.shape[:2]
    return (
        f"The first picture is {width} x {height} pixels, the second {other_width} x "
        f"{other_height} (width x height)."
    )


def _are_proportional(size: Size, other: Size) -> bool:
    return abs(size[0] * other[1] / (size[1] * other[0]) - 1) <= PROPORTIONS


def _is_on_its_side(size: Size, other: Size) -> bool:
    return (size[0] - size[1]) * (other[0] - other[1]) < 0


def _larger(size: Size, other: Size) -> int:
    return 0 if size[0] * size[1] >= other[0] * other[1] else 1


def _likely_turns(first: Image, second: Image, turns: Iterable[int]) -> list[int]:
    """Find the turn in degrees, clockwise, that makes the two most alike; empty when none does."""
    first, second = to_gray(first), _reduced(to_gray(second), SMALL)
    found = {
        degrees: _likeness(first, cv2.rotate(second, TURNS[degrees]) if degrees else second)
        for degrees in turns
    }
    best = max(found, key=found.get)
    return [best] if found[best] >= ALIKE else []


def _likeness(first: Image, second: Image) -> float:
    """Measure how alike two gray pictures are, made small, brought to one size and aligned."""
    first = _reduced(first, SMALL)
    second = resize(second, first.shape[1::-1])
    alignment = find_alignment(first, second)
    if alignment and abs(alignment.angle) < MOST_TURNED:
        second = warp(second, alignment)
    return alike(first, second)


def _reduced(image: Image, side: int) -> Image:
    scale = min(1, side / max(image.shape[:2]))
    return resize(image, tuple(max(round(scale * length), 1) for length in image.shape[1::-1]))


def _stretched(start: int, length: int, size: int, full: int) -> tuple[int, int]:
    """Return start and length of what covers a span, in a picture of full size."""
    begin, end = start * full // size, -(-(start + length) * full // size)
    return begin, end - begin


def _turned_back(box: Box, turn: int, size: Size) -> Box:
    """Return where a box of a turned picture, which has that size, was before it was turned."""
    (x, y, width, height), (across, down) = box, size
    if turn == 90:
        return Box(y, across - x - width, height, width)
    if turn == 180:
        return Box(across - x - width, down - y - height, width, height)
    if turn == 270:
        return Box(down - y - height, x, height, width)
    return box


def _reduce(size: Size, other: Size) -> Offer:
    larger = _larger(size, other)
    width, height = smaller = (size, other)[1 - larger]
    text = f"Reduce the {NAMES[larger]} picture to {width} x {height}"
    return Offer(text, larger, partial(resize, size=smaller))


def _turn(degrees: int) -> Offer:
    fix = partial(cv2.rotate, rotateCode=TURNS[degrees])
    return Offer(f"Turn the second picture {TO[degrees]}", 1, fix)
