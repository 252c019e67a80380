"""Score found boxes against the true ones."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box
from helpers.compare import compare
from helpers.pairs import Pair, load_pairs

REACH = 3  # pixels by which SSIM's window of 7 spreads a change


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class PairResult:
    """One pair of an evaluation.

    Attributes
    ----------
    pair : Pair
    found : list of Box
    matched : int
        Found boxes that match a true one at the evaluation's IoU.
    touched : int
        True differences that any found box overlaps.
    stray : int
        Found boxes that lie further from every true difference than SSIM's window reaches.
    """

    pair: Pair
    found: list[Box]
    matched: int
    touched: int
    stray: int

    @property
    def scores(self) -> Scores:
        """Precision, recall and F1 of this pair alone."""
        return _scores(self.matched, len(self.found), len(self.pair.boxes))


@dataclass(frozen=True)
class Evaluation:
    """Results of all pairs of a set, and the scores over all their boxes together."""

    results: list[PairResult]
    scores: Scores


def overlap(first: Sequence[Box], second: Sequence[Box]) -> NDArray[np.float64]:
    """Intersection over union (IoU) of every box of one list with every box of another.

    Parameters
    ----------
    first, second : sequence of (x, y, width, height)

    Returns
    -------
    ndarray of float64, shape (len(first), len(second))
        0 = apart, 1 = the same box.
    """
    a = np.reshape(np.asarray(first, float), (-1, 1, 4))
    b = np.reshape(np.asarray(second, float), (1, -1, 4))
    corner = np.maximum(a[..., :2], b[..., :2])
    far_corner = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    shared = np.prod(np.clip(far_corner - corner, 0, None), axis=2)
    union = np.prod(a[..., 2:], axis=2) + np.prod(b[..., 2:], axis=2) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def match_boxes(
    found: Sequence[Box], truth: Sequence[Box], *, iou: float = 0.5
) -> list[tuple[int, int]]:
    """Pair found boxes with true ones, one to one, best overlap first.

    Parameters
    ----------
    found, truth : sequence of (x, y, width, height)
    iou : float, optional
        The least overlap of a pair, above 0, up to 1.

    Returns
    -------
    list of (int, int)
        Indices into `found` and `truth`.

    Raises
    ------
    ValueError
        `iou` is outside its range.
    """
    if not 0 < iou <= 1:
        raise ValueError(f"iou is {iou}. Give a number above 0, up to 1.")
    overlaps = overlap(found, truth)
    matches = []
    while overlaps.size and overlaps.max() >= iou:
        row, column = np.unravel_index(overlaps.argmax(), overlaps.shape)
        overlaps[row, :] = overlaps[:, column] = 0
        matches.append((int(row), int(column)))
    return matches


def score_boxes(found: Sequence[Box], truth: Sequence[Box], *, iou: float = 0.5) -> Scores:
    """How well found boxes match the true ones.

    A found box is right when its overlap (IoU) with a true box is at least `iou`. Boxes are matched
    one to one, best overlap first, so a second box on the same difference is wrong.

    Parameters
    ----------
    found, truth : sequence of (x, y, width, height)
    iou : float, optional
        Above 0, up to 1.

    Returns
    -------
    Scores
        Precision (right boxes / found boxes), recall (differences found / differences there) and
        F1. Nothing found where nothing is there scores 1.

    Raises
    ------
    ValueError
        `iou` is outside its range.

    References
    ----------
    M. Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", International Journal
    of Computer Vision 88, 2010, section 4.2.
    """
    return _scores(len(match_boxes(found, truth, iou=iou)), len(found), len(truth))


def evaluate(folder: str | os.PathLike, *, method: str = "classic", iou: float = 0.5) -> Evaluation:
    """Compare every pair of a pair set and score the boxes against the truth.

    Parameters
    ----------
    folder : str or os.PathLike
        A pair set, see `load_pairs`.
    method : str, optional
        As in `compare`.
    iou : float, optional
        As in `score_boxes`.

    Returns
    -------
    Evaluation

    Raises
    ------
    FileNotFoundError, PictureError, ValueError
        As `load_pairs`, `compare` and `score_boxes`.
    """
    results = [_evaluate_pair(pair, method, iou) for pair in load_pairs(folder)]
    matched = sum(result.matched for result in results)
    found = sum(len(result.found) for result in results)
    truth = sum(len(result.pair.boxes) for result in results)
    return Evaluation(results, _scores(matched, found, truth))


def _evaluate_pair(pair: Pair, method: str, iou: float) -> PairResult:
    found = compare(pair.first, pair.second, method=method).boxes
    touches = overlap(found, pair.boxes) > 0
    near = overlap(found, [_grown(box) for box in pair.boxes]) > 0
    return PairResult(
        pair=pair,
        found=found,
        matched=len(match_boxes(found, pair.boxes, iou=iou)),
        touched=int(touches.any(axis=0).sum()),
        stray=int((~near.any(axis=1)).sum()),
    )


def _grown(box: Box) -> Box:
    return Box(box.x - REACH, box.y - REACH, box.width + 2 * REACH, box.height + 2 * REACH)


def _scores(matches: int, found: int, truth: int) -> Scores:
    precision = matches / found if found else 1.0
    recall = matches / truth if truth else 1.0
    f1 = 2 * matches / (found + truth) if found + truth else 1.0
    return Scores(precision, recall, f1)
