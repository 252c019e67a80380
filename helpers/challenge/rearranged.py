"""Bands of rows inserted into a picture, removed from it, or swapped in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers.challenge.changes import APART, Change
from helpers.challenge.measuring import difference_of

LENGTH = (8, 400)  # rows of a band
LARGEST = 0.4  # of the picture's height
MOST = 3  # bands of a pair; of two that are swapped one is counted
BESIDE = 40  # rows, at least, between two bands, and between a band and an end of either picture
TOLD = 16, 0.02  # levels from the row before, and share of a band's pixels that differ by as much
UNLIKE = 0.03  # share of the pixels in which what comes to a place differs from what was there
PLAIN = 0.2  # share of the inserted bands that are of one colour


@dataclass(frozen=True)
class Band:
    """Rows of a picture that are inserted, removed or swapped with those below.

    Attributes
    ----------
    kind : {"inserted", "deleted", "moved"}
    start : int
        The row of the first picture at which it begins, or before which it is inserted.
    length : int
    below : int
        For one that is moved: how many rows below it come to its place.
    content : ndarray, BGR uint8, or None
        What is inserted.
    """

    kind: str
    start: int
    length: int
    below: int = 0
    content: np.ndarray | None = field(default=None, repr=False)

    @property
    def end(self) -> int:
        """The row of the first picture after it, and after what it is swapped with."""
        return self.start + (0 if self.kind == "inserted" else self.length + self.below)

    @property
    def added(self) -> int:
        """The rows by which the second picture is longer for it."""
        return {"inserted": self.length, "deleted": -self.length}.get(self.kind, 0)


def draw_bands(
    rng: np.random.Generator,
    picture: np.ndarray,
    other: np.ndarray,
    height: int,
    changes: Sequence[Change],
    is_cut: bool,
) -> list[Band]:
    """Draw one to three bands that a person sees, apart from each other and from the changes.

    Parameters
    ----------
    rng : numpy.random.Generator
    picture : ndarray, BGR uint8, shape (height or more, width, 3)
        The first picture, and below it what comes into view when rows are removed.
    other : ndarray, BGR uint8, shape (any, width, 3)
        What inserted bands are cut from.
    height : int
        Rows of the first picture.
    changes : sequence of Change
        Local ones, which are to be seen in both pictures.
    is_cut : bool
        The second picture has as many rows as the first.

    Returns
    -------
    list of Band
        From the top. Empty where none was found.
    """
    taken = [
        (y - APART, y + box_height + APART) for c in changes for _, y, _, box_height in c.boxes
    ]
    wanted, bands = int(rng.integers(1, MOST + 1)), []
    for _ in range(40):
        band = _draw_band(rng, picture[:height], other)
        free = all(band.end <= low or band.start >= high for low, high in taken)
        if free and _is_seen(band, picture):
            candidates = sorted([*bands, band], key=lambda band: band.start)
            if not is_cut or _is_in_view(candidates, taken, height, len(picture)):
                bands = candidates
                taken.append((band.start - BESIDE, band.end + BESIDE))
        if len(bands) == wanted:
            break
    return bands


def _draw_band(rng: np.random.Generator, picture: np.ndarray, other: np.ndarray) -> Band:
    height, most = len(picture), min(LENGTH[1], int(LARGEST * len(picture)))
    length, below = (round(np.exp(rng.uniform(*np.log((LENGTH[0], most))))) for _ in range(2))
    kind = str(rng.choice(["inserted", "deleted", "moved"]))
    below = min(below, most - length // 2) if kind == "moved" else 0
    needed = 0 if kind == "inserted" else length + below
    start = int(rng.integers(BESIDE, max(height - needed - BESIDE, BESIDE + 1)))
    content = None
    if kind == "inserted":
        content = np.full((length, picture.shape[1], 3), rng.integers(0, 256, 3), np.uint8)
        if len(other) > length and rng.random() >= PLAIN:
            top = int(rng.integers(len(other) - length))
            content = other[top : top + length]
    return Band(kind, start, length, below, content)


def _is_seen(band: Band, picture: np.ndarray) -> bool:
    """Say whether there is something on the band, and something else comes to its place."""
    rows = picture[band.start : band.start + band.length]
    if len(picture) < band.end + BESIDE or band.below < 0:
        return False
    shown = band.content if band.kind == "inserted" else rows
    before = np.broadcast_to(picture[band.start - 1], shown.shape)
    if (difference_of(shown, before) >= TOLD[0]).mean() < TOLD[1]:
        return False
    second = arrange(picture, [band])
    stop = min(len(picture), len(second), band.start + max(band.length, 2 * BESIDE))
    place = slice(band.start, stop)
    return (difference_of(picture[place], second[place]) >= TOLD[0]).mean() >= UNLIKE


def _is_in_view(
    bands: Sequence[Band], taken: Sequence[tuple[int, int]], height: int, whole: int
) -> bool:
    """Say whether the second picture is as high as the first, with all bands and changes in it."""
    if whole + sum(band.added for band in bands) < height:
        return False
    ends = [band.end for band in bands] + [high for _, high in taken]
    return all(end + added_before(bands, end) + BESIDE <= height for end in ends)


def added_before(bands: Sequence[Band], row: int) -> int:
    """Count by how many rows what is at a row of the first picture is lower in the second."""
    return sum(band.added for band in bands if band.end <= row)


def arrange(picture: np.ndarray, bands: Sequence[Band]) -> np.ndarray:
    """Return a copy of a picture with the bands inserted, removed and swapped."""
    parts, row = [], 0
    for band in bands:
        parts.append(picture[row : band.start])
        middle = band.start + band.length
        if band.kind == "inserted":
            parts.append(band.content)
        elif band.kind == "moved":
            parts += [picture[middle : band.end], picture[band.start : middle]]
        row = band.end
    return np.vstack([*parts, picture[row:]])


@dataclass(frozen=True)
class Arranged:
    """The bands of a pair, from the top; `is_cut`: both pictures have as many rows."""

    bands: Sequence[Band]
    is_cut: bool

    def apply(self, page: np.ndarray, height: int) -> np.ndarray:
        """Return the second picture; the first has so many rows of the page."""
        if self.is_cut:
            return arrange(page, self.bands)[:height].copy()
        return arrange(page[:height], self.bands)

    def on_canvas(self, box: Sequence[int]) -> list[int]:
        """Return the place on the canvas of a box of the first picture."""
        x, y, width, height = box
        above = (band for band in self.bands if band.kind == "inserted" and band.start <= y)
        return [x, y + sum(band.length for band in above), width, height]

    def canvas(self, width: int, first: int, second: int) -> list[int]:
        """Return width and height of the canvas of pictures of so many rows."""
        inserted = sum(band.length for band in self.bands if band.kind == "inserted")
        removed = sum(band.length for band in self.bands if band.kind == "deleted")
        return [width, max(first + inserted, second + removed)]

    def entries(self, width: int) -> list[dict]:
        """Describe bands as `pairs.json` does: kind, box on the canvas, place in both pictures.

        What only moved has no box.
        """
        entries, inserted, lower = [], 0, 0
        for band in self.bands:
            start, length = band.start, band.length
            first, second = (
                [0, start, width, length],
                [0, start + lower + band.below, width, length],
            )
            first = None if band.kind == "inserted" else first
            second = None if band.kind == "deleted" else second
            box = None if band.kind == "moved" else [0, start + inserted, width, length]
            entries.append({"kind": band.kind, "box": box, "first": first, "second": second})
            lower += band.added
            inserted += length if band.kind == "inserted" else 0
        return entries
