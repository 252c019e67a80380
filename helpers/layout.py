"""Place two pictures on one canvas, where one has rows or columns that the other lacks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box
from helpers.loading import Image

MISSING = -1  # the place of a line of the canvas in a picture that does not have it


class Band(NamedTuple):
    """Lines (rows or columns) beside each other, of both pictures or of one.

    Attributes
    ----------
    first, second : int or None
        The line at which it begins in each picture; None where the picture does not have it.
    length : int
        Its number of lines.
    """

    first: int | None
    second: int | None
    length: int

    @property
    def is_shared(self) -> bool:
        """True when both pictures have it."""
        return self.first is not None and self.second is not None


class Layout(NamedTuple):
    """How two pictures correspond: the canvas on which both are placed, band by band.

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

    def place(self, first: Image, second: Image) -> tuple[Image, Image, Image]:
        """Place both pictures on the canvas.

        Parameters
        ----------
        first, second : ndarray of uint8, shape (height, width, 3)
            Their sizes may differ.

        Returns
        -------
        first, second : ndarray of uint8, shape (*self.shape, 3)
            Where one picture has nothing, it shows what the other has, so that nothing differs.
        single : ndarray of uint8, shape (*self.shape)
            255 where only one of the pictures has something.
        """
        rows, columns = self.lines()
        placed = [
            picture[rows[which]][:, columns[which]] for which, picture in enumerate((first, second))
        ]
        lacks = [
            (rows[which] == MISSING)[:, None] | (columns[which] == MISSING) for which in (0, 1)
        ]
        one = np.where(lacks[0][..., None], placed[1], placed[0])
        other = np.where(lacks[1][..., None], placed[0], placed[1])
        one[lacks[0] & lacks[1]] = other[lacks[0] & lacks[1]] = 255
        return one, other, np.where(lacks[0] | lacks[1], 255, 0).astype(np.uint8)

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
