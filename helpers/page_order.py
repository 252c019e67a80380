"""Which page of one file belongs to which page of another, where pages were inserted or removed."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.grayscale import to_gray
from helpers.loading import Image

ACROSS, DOWN = 48, 64  # cells of a signature: on a page of A4 a line of text, a few letters wide
UNLIKE = 1000  # price of two pages that are not alike; whole numbers, so that equal ones are equal
GAP = UNLIKE // 2  # price of a page that only one file has
NOISE = 2.0  # gray levels by which cells of one page may differ, as rendered or stored again
STRONG = 8.0  # gray levels from the mean of all pages, beyond which more do not count
UNRELATED = 0.7  # of what pages are apart that have nothing in common: so far apart counts as that

PAIRED, REMOVED, INSERTED = 0, 1, 2
NEVER = 2**62

Pairing = list[tuple[int | None, int | None]]


def page_signature(image: Image) -> NDArray[np.float32]:
    """Reduce a page to what it is known by: the gray levels of a grid of cells.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3) or (height, width)

    Returns
    -------
    ndarray of float32, shape (3072,)
    """
    cells = cv2.resize(to_gray(image), (ACROSS, DOWN), interpolation=cv2.INTER_AREA)
    return cells.ravel().astype(np.float32)


def align_pages(
    first: Sequence[NDArray[np.float32]], second: Sequence[NDArray[np.float32]]
) -> Pairing:
    """Pair the pages of two files by what is on them, in their order.

    Parameters
    ----------
    first, second : sequence of ndarray of float32, shape (cells,)
        Signatures of all pages, as of `page_signature`.

    Returns
    -------
    list of (int or None, int or None)
        The pages in order, counted from 0; None where a file does not have the page. Pages that
        have little in common are paired all the same, unless that saves more than it costs: then
        some are taken as removed and others as inserted.

    Notes
    -----
    The cheapest way to make one file of the other: an edit distance, in which to change a page
    costs as much as both are apart, and to insert or remove one half of what it costs to change
    one into a page that has nothing in common with it. How far
    such pages are apart is measured against the mean of all pages, so that
    what all of them have (a letterhead, a frame) does not make them alike. Time and memory grow
    with the product of the numbers of pages: 1000 by 1000 take about a second.

    References
    ----------
    R. A. Wagner, M. J. Fischer, The String-to-String Correction Problem, Journal of the ACM, 1974.
    """
    one, other = (np.array(signatures, np.float32) for signatures in (first, second))
    # In one order whatever the order given, so that swapped files have swapped pairs.
    if (len(one), one.tobytes()) > (len(other), other.tobytes()):
        return [(a, b) for b, a in _align(other, one)]
    return _align(one, other)


def _align(first: NDArray[np.float32], second: NDArray[np.float32]) -> Pairing:
    """Fill the table from the last pages on, so that the way back leads from the first ones."""
    if not (len(first) and len(second)):
        return [(a, None) for a in range(len(first))] + [(None, b) for b in range(len(second))]
    moves = np.empty((len(first), len(second) + 1), np.uint8)
    along = GAP * np.arange(len(second), -1, -1)
    costs = along.copy()
    apart = _Distances(first, second)
    for row in range(len(first) - 1, -1, -1):
        paired = np.append(costs[1:] + apart.of(row), NEVER)
        removed = costs + GAP
        best = np.minimum(paired, removed)
        # To insert any number of pages from here on and then go on as is best.
        costs = np.minimum.accumulate((best - along)[::-1])[::-1] + along
        moves[row] = np.where(costs < best, INSERTED, np.where(removed < paired, REMOVED, PAIRED))
    return _way(moves)


def _way(moves: NDArray[np.uint8]) -> Pairing:
    rows, columns = moves.shape[0], moves.shape[1] - 1
    a = b = 0
    pairs: Pairing = []
    while a < rows or b < columns:
        move = moves[a, b] if a < rows else INSERTED
        in_first, in_second = bool(move != INSERTED), bool(move != REMOVED)
        pairs.append((a if in_first else None, b if in_second else None))
        a, b = a + in_first, b + in_second
    return pairs


class _Distances:
    """Distances of pages, 0 to `UNLIKE`, a row of the table at a time."""

    def __init__(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> None:
        mean = (first.sum(axis=0) + second.sum(axis=0)) / (len(first) + len(second))
        # However strong a mark is, it says no more than that its cells are darker or lighter.
        self._first, self._second = (
            np.clip((pages - mean) / STRONG, -1, 1) for pages in (first, second)
        )
        self._squares = [np.square(pages).sum(axis=1) for pages in (self._first, self._second)]
        self._noise = (NOISE / STRONG) ** 2 * first.shape[1]

    def of(self, row: int) -> NDArray[np.int64]:
        """Return how far a page of the first file is from each of the second."""
        ours, theirs = self._squares[0][row], self._squares[1]
        products = self._second @ self._first[row]
        apart = np.maximum(ours + theirs - 2 * products, 0)
        relative = np.sqrt(apart / (ours + theirs + self._noise))
        return np.rint(UNLIKE * np.minimum(relative / UNRELATED, 1)).astype(np.int64)
