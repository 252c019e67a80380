"""Place two pictures on one canvas, where one has rows or columns that the other lacks."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.bands import find_bands, find_moved, goes_on
from helpers.boxes import Box
from helpers.grayscale import to_gray
from helpers.loading import Image, check_image
from helpers.rows import Band, find_differing

MISSING = -1  # the place of a line of the canvas in a picture that does not have it
GROUND, HATCH, GAP = 250, 222, 12  # gray levels and pixels of what is drawn where a picture ends
LOCAL = 0.12  # share of the rows and of the columns, below which what differs was edited there
MOST_TOLD = 3  # bands of a kind that are told one by one


class Words(NamedTuple):
    """Words for lines: one, several, the place where others begin, and both ways to move."""

    line: str
    lines: str
    start: str
    forth: str
    back: str


ROWS = Words("row", "rows", "Below y", "down", "up")
COLUMNS = Words("column", "columns", "Right of x", "to the right", "to the left")


class Layout(NamedTuple):
    """The correspondence of two pictures: the canvas on which both are placed, band by band.

    Attributes
    ----------
    rows, columns : tuple of Band
        The bands of the canvas from the top, and from the left. Each line of either picture is in
        one of them, those of the first in their order.
    """

    rows: tuple[Band, ...]
    columns: tuple[Band, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the canvas."""
        return sum(band.length for band in self.rows), sum(band.length for band in self.columns)

    def shape_of(self, which: int) -> tuple[int, int]:
        """Return height and width of the first (0) or second (1) picture."""
        height, width = (_lengths(bands)[which] for bands in self)
        return height, width

    @property
    def is_reordered(self) -> bool:
        """True when a band was moved to elsewhere."""
        return any(map(find_moved, self))

    def place(self, first: Image, second: Image) -> tuple[Image, Image, Image]:
        """Place both pictures on the canvas.

        Parameters
        ----------
        first, second : ndarray of uint8, shape (height, width, 3) or (height, width)
            Their sizes may differ.

        Returns
        -------
        first, second : ndarray of uint8, shape (*self.shape, 3) or self.shape
            Where one picture has nothing, it shows what the other has, so that nothing differs.
        single : ndarray of uint8, shape (*self.shape)
            255 where only one of the pictures has something.
        """
        rows, columns = self.lines()
        one, other = (
            picture.take(rows[which], axis=0).take(columns[which], axis=1)
            for which, picture in enumerate((first, second))
        )
        lacks, lacked = self.lacks(0), self.lacks(1)
        cv2.copyTo(other, lacks, one)
        cv2.copyTo(one, lacked, other)
        one[(lacks & lacked) > 0] = other[(lacks & lacked) > 0] = 255
        return one, other, lacks | lacked

    def shared(self, first: Image, second: Image) -> tuple[Image, Image]:
        """Take from both pictures only what both have."""
        rows, columns = (lines[:, (lines != MISSING).all(axis=0)] for lines in self.lines())
        return first[rows[0]][:, columns[0]], second[rows[1]][:, columns[1]]

    def in_file(self, which: int, placed: Image) -> Image:
        """Return what a placed picture shows of the lines of the first (0) or second (1) picture.

        They are in the order in which that one has them.
        """
        for axis, lines in enumerate(self.lines()):
            order = np.argsort(lines[which], kind="stable")
            placed = placed.take(order[np.count_nonzero(lines[which] == MISSING) :], axis)
        return placed

    def on_canvas(self, which: int, picture: Image, placed: Image) -> Image:
        """Return a placed picture with the lines of the first (0) or second (1) from another."""
        rows, columns = (lines[which] for lines in self.lines())
        found = picture.take(rows, axis=0).take(columns, axis=1)
        return cv2.copyTo(placed, self.lacks(which), found)

    def near_cuts(self, reach: int) -> Image:
        """Mark with 255 the lines of the canvas that are so near to where a band begins or ends."""
        marked = np.zeros(self.shape, np.uint8)
        for axis, bands in enumerate(self):
            for cut in np.cumsum([band.length for band in bands])[:-1]:
                marked.swapaxes(0, axis)[max(cut - reach, 0) : cut + reach] = 255
        return marked

    def place_mask(self, mask: Image) -> Image:
        """Place a mask of the first picture on the canvas.

        Lines that the first picture lacks are in it where those on both sides are.
        """
        for axis, lines in enumerate(self.lines()):
            has = lines[0] != MISSING
            before = np.maximum.accumulate(np.where(has, lines[0], MISSING))
            after = np.minimum.accumulate(np.where(has, lines[0], mask.shape[axis])[::-1])[::-1]
            last = mask.shape[axis] - 1
            both = np.take(mask, before.clip(0), axis) & np.take(mask, after.clip(None, last), axis)
            outside = [slice(None)] * 2
            outside[axis] = (before < 0) | (after > last)
            both[tuple(outside)] = 0
            mask = both
        return mask

    def lacks(self, which: int) -> Image:
        """Mark with 255 what the first (0) or second (1) picture lacks of the canvas."""
        rows, columns = self.lines()
        lacking = (rows[which] == MISSING)[:, None] | (columns[which] == MISSING)
        return np.where(lacking, 255, 0).astype(np.uint8)

    def hatched(self, which: int, placed: Image) -> Image:
        """Draw plain hatching where the first (0) or second (1) placed picture has nothing."""
        height, width = placed.shape[:2]
        diagonal = (np.arange(height)[:, None] + np.arange(width)) % GAP < 2
        hatching = np.where(diagonal, HATCH, GROUND).astype(np.uint8)
        hatching = cv2.cvtColor(hatching, cv2.COLOR_GRAY2BGR)
        return cv2.copyTo(hatching, self.lacks(which), placed.copy())

    def surplus(self, first: Image, second: Image) -> list[tuple[Box, int]]:
        """Return boxes round what only one picture has, with which one that is: 0 or 1.

        Left out is what was only pushed out at an edge, or in, since both are of one size; and at
        an edge also what goes on as the lines beside it: there is nothing on it.

        Parameters
        ----------
        first, second : ndarray of uint8, shape (*self.shape, 3)
            The placed pictures.
        """
        found = []
        for axis, bands in enumerate(self):
            start = 0
            pictures = (
                (first, second) if axis == 0 else (first.swapaxes(0, 1), second.swapaxes(0, 1))
            )
            for at, band in enumerate(bands):
                lines, which = slice(start, start + band.length), int(band.first is None)
                start = lines.stop
                is_edge = at in (0, len(bands) - 1)
                if band.is_shared or (is_edge and _keeps_length(bands)):
                    continue
                if not (is_edge and goes_on(pictures[which], lines)):
                    found.append((self._box(axis, lines, which), which))
        return found

    def in_words(self) -> list[str]:
        """Tell in sentences what is out of place: rows first, then columns."""
        return [
            sentence
            for bands, words in zip(self, (ROWS, COLUMNS), strict=True)
            for sentence in _in_words(bands, words)
        ]

    def _box(self, axis: int, lines: slice, which: int) -> Box:
        """Return the box on the canvas of a band, as wide as the picture that has it."""
        across = np.flatnonzero(self.lines()[1 - axis][which] != MISSING)
        start, length = int(across[0]), int(across[-1] - across[0]) + 1
        if axis == 0:
            return Box(start, lines.start, length, lines.stop - lines.start)
        return Box(lines.start, start, lines.stop - lines.start, length)

    def lines(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return for each row, and for each column of the canvas its place in both pictures.

        Returns
        -------
        rows, columns : ndarray of int, shape (2, height) and (2, width)
            `MISSING` where a picture does not have it.
        """
        return _lines(self.rows), _lines(self.columns)

    def box_in(self, which: int, box: Box) -> Box | None:
        """Return the place in the first (0) or second (1) picture of a box on the canvas.

        Returns
        -------
        Box or None
            The smallest one that holds what the picture has of it; None where it has nothing.
        """
        rows, columns = self.lines()
        spans = []
        for lines, start, length in ((columns, box[0], box[2]), (rows, box[1], box[3])):
            inside = lines[which, start : start + length]
            inside = inside[inside != MISSING]
            if not inside.size:
                return None
            spans.append((int(inside.min()), int(inside.max() - inside.min()) + 1))
        (x, width), (y, height) = spans
        return Box(x, y, width, height)


def _lines(bands: tuple[Band, ...]) -> NDArray[np.intp]:
    places = [
        [
            np.full(band.length, MISSING) if start is None else start + np.arange(band.length)
            for start in (band.first, band.second)
        ]
        for band in bands
    ]
    return np.concatenate(places, axis=1)


def find_layout(first: Image, second: Image) -> Layout | None:
    """Find bands that were inserted, removed or moved, of rows and then of columns.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3) or (height, width)
        Pictures of one height or of one width.

    Returns
    -------
    Layout or None
        None when nothing is out of place, or nothing reliable is found.

    Raises
    ------
    PictureError
        One of them is no gray or BGR uint8 array.
    """
    one = to_gray(check_image(first, "the first picture"))
    other = to_gray(check_image(second, "the second picture"))
    if one.shape[1] == other.shape[1]:
        return _find_both(one, other)
    if len(one) == len(other):
        turned = _find_both(one.T, other.T)
        return turned and Layout(turned.columns, turned.rows)
    return None


def _find_both(one: Image, other: Image) -> Layout | None:
    """Find bands of rows in gray pictures of one width, and of columns in what they share."""
    across = down = None
    if one.shape == other.shape:
        down, across = find_differing(one, other), find_differing(one.T, other.T)
        if max(down.share, across.share) < LOCAL:
            return None
    rows = find_bands(one, other, down)
    if rows is None and len(one) != len(other):
        return None
    if rows:
        places, across = _lines(rows), None
        places = places[:, (places != MISSING).all(axis=0)]
        one, other = one[places[0]], other[places[1]]
    columns = find_bands(one.T, other.T, across)
    if not rows and not columns:
        return None
    height, width = one.shape
    return Layout(rows or (Band(0, 0, height),), columns or (Band(0, 0, width),))


def _lengths(bands: tuple[Band, ...]) -> tuple[int, int]:
    """Count the lines of both pictures."""
    first, second = (
        sum(band.length for band in bands if band[which] is not None) for which in (0, 1)
    )
    return first, second


def _keeps_length(bands: tuple[Band, ...]) -> bool:
    """Say whether both pictures are of one size along these bands."""
    first, second = _lengths(bands)
    return first == second


def _in_words(bands: tuple[Band, ...], words: Words) -> list[str]:
    pushed = (0, len(bands) - 1) if _keeps_length(bands) else ()
    told: dict[str, list[str]] = {"inserted": [], "removed": [], "moved": [], "pushed out": []}
    lengths = dict.fromkeys(told, 0)
    moved, shift = find_moved(bands), 0
    shifts: list[tuple[int, int]] = []
    for at, band in enumerate(bands):
        if not band.is_shared:
            kind = ("inserted", "removed")[band.second is None]
            kind = "pushed out" if at in pushed else kind
        elif band in moved:
            kind = "moved"
        else:
            if band.shift != shift:
                shift = band.shift
                shifts.append((band.first, shift))
            continue
        told[kind].append(_band_in_words(band, kind, words))
        lengths[kind] += band.length
    sentences = []
    for kind, each in told.items():
        if len(each) > MOST_TOLD:
            each = [f"{len(each)} bands of {words.lines}, {lengths[kind]} in all, were {kind}."]
        sentences += each
    return sentences + _shifts_in_words(shifts, words)


def _band_in_words(band: Band, kind: str, words: Words) -> str:
    picture = "first" if band.first is not None else "second"
    start = band.first if band.first is not None else band.second
    lines = f"{words.line.capitalize()} {start}"
    if band.length > 1:
        lines = f"{words.lines.capitalize()} {start} to {start + band.length - 1}"
    lines, were = f"{lines} of the {picture} picture", "were" if band.length > 1 else "was"
    if kind == "moved":
        return f"{lines} {were} moved to {words.line} {band.second} of the second."
    if kind == "pushed out":
        return f"{lines} {were} pushed {'out' if picture == 'first' else 'in'} at the edge."
    return f"{lines} {were} {kind}."


def _shifts_in_words(shifts: list[tuple[int, int]], words: Words) -> list[str]:
    """Tell what only moved because of that."""
    moves = [(start, shift) for start, shift in shifts if shift]
    if not moves:
        return []
    if len(moves) > MOST_TOLD:
        most = max(abs(shift) for _, shift in moves)
        return [f"What lies between moved by up to {_pixels(most)}."]
    parts = []
    for start, shift in moves:
        way = words.forth if shift > 0 else words.back
        where = f"{words.start} = {start} everything" if start else "Everything"
        parts.append(f"{where} moved {way} by {_pixels(abs(shift))}.")
    return parts


def _pixels(count: int) -> str:
    return f"{count:,} {'pixel' if count == 1 else 'pixels'}"
