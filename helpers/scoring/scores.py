"""Score found boxes against the true ones."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.boxes import MOST_BOXES, NO_LISTS, Box, check_boxes
from helpers.comparison import Comparison
from helpers.errors import PictureError, brief
from helpers.loading import Image, opacity_note, read_pictures, to_images, warn
from helpers.methods import DEFAULT, compare
from helpers.scoring.pairs import Pair, load_pairs

REACH = 3  # pixels by which SSIM's window of 7 spreads a change
GROWN = np.array([-REACH, -REACH, 2 * REACH, 2 * REACH])
MOST_FOUND = 4_000_000  # boxes in all pairs together; they take 200 bytes each
MOST_COMPARED = 150_000_000  # boxes of one list times those of the other
MOST_CANDIDATES = 4_000_000  # pairs of boxes that overlap enough, of which matches are chosen
ANY_OVERLAP = sys.float_info.min

Method = Callable[..., Iterable[Sequence[int]]]
Boxes = Iterable[Sequence[int]] | NDArray[np.integer]


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
    placed : int
        Found boxes in the right place: as `matched`, but any overlap will do.
    touching : int
        Found boxes that overlap any true difference.
    touched : int
        True differences that any found box overlaps.
    stray : int
        Found boxes that lie further from every true difference than SSIM's window reaches.
    """

    pair: Pair
    found: list[Box]
    matched: int
    placed: int
    touching: int
    touched: int
    stray: int

    @property
    def scores(self) -> Scores:
        """Precision, recall and F1 of this pair alone."""
        return count_scores(self.matched, len(self.found), len(self.pair.boxes))

    @property
    def missed(self) -> int:
        """True differences that no found box matches."""
        return len(self.pair.boxes) - self.matched

    @property
    def wrong(self) -> int:
        """Found boxes that match no true difference."""
        return len(self.found) - self.matched


@dataclass(frozen=True)
class Evaluation:
    """Results of all pairs of a set. The scores are over all their boxes together.

    Attributes
    ----------
    method : str
        What found the boxes.
    iou : float
        The least overlap at which a found box matches a true one.
    results : list of PairResult
        In the order of the pair set.
    """

    method: str
    iou: float
    results: list[PairResult]

    @property
    def scores(self) -> Scores:
        """Precision, recall and F1 of boxes that match at the IoU: right place, right extent."""
        return self._pooled("matched")

    @property
    def scores_by_place(self) -> Scores:
        """Precision, recall and F1 when any overlap is a match: right place, whatever the extent.

        Still one to one: of three boxes on one difference two are wrong, and so are two of three
        differences in one box. A box round the whole picture is in the right place too; read this
        beside `scores`.
        """
        return self._pooled("placed")

    @property
    def boxes_per_difference(self) -> float | None:
        """Found boxes that touch a true difference, divided by the true differences touched.

        1 is ideal, more means changes that are broken up, less means changes that are merged. None
        when nothing is touched.
        """
        touched = self._sum("touched")
        return self._sum("touching") / touched if touched else None

    @property
    def unchanged(self) -> list[PairResult]:
        """Pairs without a true difference."""
        return [result for result in self.results if not result.pair.boxes]

    @property
    def false_alarms(self) -> list[PairResult]:
        """Those of the unchanged pairs in which a box was found."""
        return [result for result in self.unchanged if result.found]

    @property
    def stray(self) -> int:
        """Found boxes that lie away from every true difference, on changed pairs."""
        return sum(result.stray for result in self.results if result.pair.boxes)

    @property
    def worst(self) -> list[PairResult]:
        """The pairs that are not perfect: lowest F1 first, then most boxes missed or wrong."""
        imperfect = [result for result in self.results if result.missed or result.wrong]
        return sorted(imperfect, key=lambda r: (r.scores.f1, -r.missed - r.wrong))

    def to_dict(self) -> dict[str, Any]:
        """Collect all figures for JSON; boxes as [x, y, width, height], the worst pairs first."""
        return {
            "method": self.method,
            "iou": self.iou,
            "pairs": len(self.results),
            "differences": sum(len(result.pair.boxes) for result in self.results),
            "scores": self.scores._asdict(),
            "scores_by_place": self.scores_by_place._asdict(),
            "boxes_per_difference": self.boxes_per_difference,
            "unchanged": len(self.unchanged),
            "false_alarms": len(self.false_alarms),
            "stray": self.stray,
            "worst": [_result_dict(result) for result in self.worst],
        }

    def __repr__(self) -> str:
        return (
            f"<Evaluation of {self.method!r} on {len(self.results)} pairs: "
            f"F1 {self.scores.f1:.3f} at IoU {self.iou:g}, "
            f"{self.scores_by_place.f1:.3f} by place>"
        )

    def _pooled(self, matches: str) -> Scores:
        found = sum(len(result.found) for result in self.results)
        truth = sum(len(result.pair.boxes) for result in self.results)
        return count_scores(self._sum(matches), found, truth)

    def _sum(self, count: str) -> int:
        return sum(getattr(result, count) for result in self.results)


def overlap(first: Boxes, second: Boxes) -> NDArray[np.float64]:
    """Compute the intersection over union (IoU) of every box of one list with every other one.

    Parameters
    ----------
    first, second : sequence of (x, y, width, height), or ndarray, shape (boxes, 4)

    Returns
    -------
    ndarray of float64, shape (len(first), len(second))
        0 = apart, 1 = the same box.

    Raises
    ------
    PictureError
        A box is not in whole pixels or has a negative side, or the lists are too long.
    """
    return _overlaps(*_as_arrays(first, second))


def _overlaps(first: NDArray, second: NDArray) -> NDArray[np.float64]:
    if len(first) < len(second):
        return _overlaps(second, first).T
    overlaps = np.empty((len(first), len(second)))
    for column, box in enumerate(second):  # all at once would take eight times the memory
        overlaps[:, column] = _overlap_with(first, box)
    return overlaps


def match_boxes(found: Boxes, truth: Boxes, *, iou: float = 0.5) -> list[tuple[int, int]]:
    """Pair found boxes with true ones, one to one, best overlap first.

    Parameters
    ----------
    found, truth : sequence of (x, y, width, height), or ndarray, shape (boxes, 4)
        Their order does not matter.
    iou : float, optional
        The least overlap of a pair, above 0, up to 1.

    Returns
    -------
    list of (int, int)
        Indices into `found` and `truth`.

    Raises
    ------
    PictureError
        `iou` is outside its range; or as `overlap`.
    """
    iou = check_iou(iou)
    return _match(*_as_arrays(found, truth), iou)


def _match(found: NDArray, truth: NDArray, iou: float) -> list[tuple[int, int]]:
    rows, columns, overlaps = _candidates(found, truth, iou)
    ranks = np.unique(np.vstack([found, truth]), axis=0, return_inverse=True)[1]
    ranks = ranks[rows], ranks[len(found) + columns]
    # Of equal overlaps the boxes themselves decide, not their order.
    best_first = np.lexsort((columns, rows, np.maximum(*ranks), np.minimum(*ranks), -overlaps))
    matches, taken_rows, taken_columns = [], set(), set()
    for row, column in zip(rows[best_first].tolist(), columns[best_first].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            matches.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    return matches


def _candidates(
    found: NDArray, truth: NDArray, iou: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """List boxes that may match: indices into `found` and `truth`, and their overlaps.

    A box of the shorter list loses another at most to all others of its list. So the best
    candidates are enough, as many as the shorter list has boxes; an array of all would not fit
    into memory when the recipe finds a hundred thousand specks.
    """
    if len(found) < len(truth):
        columns, rows, overlaps = _candidates(truth, found, iou)
        return rows, columns, overlaps
    order = np.lexsort(found.T[::-1])  # of equal overlaps with one box, the first in this order
    ordered = np.asfortranarray(found[order])
    kept = [(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))]
    amount = 0
    for column, box in enumerate(truth):
        overlaps = _overlap_with(ordered, box)
        best = _best(overlaps, iou, len(truth))
        amount += len(best)
        if amount > MOST_CANDIDATES:
            raise PictureError(
                f"{len(found)} boxes and {len(truth)} overlap each other in more ways than can be "
                "matched. Give fewer boxes."
            )
        kept.append((order[best], np.full(len(best), column), overlaps[best]))
    rows, columns, overlaps = map(np.concatenate, zip(*kept, strict=True))
    return rows, columns, overlaps


def _best(overlaps: NDArray[np.float64], iou: float, most: int) -> NDArray[np.intp]:
    """Find the largest overlaps of at least `iou`; of equal ones the first."""
    enough = np.flatnonzero(overlaps >= iou)
    if len(enough) <= most:
        return enough
    least = np.partition(overlaps, -most)[-most]
    larger = np.flatnonzero(overlaps > least)
    return np.concatenate([larger, np.flatnonzero(overlaps == least)[: most - len(larger)]])


def _touch(boxes: NDArray, box: NDArray) -> NDArray[np.bool_]:
    """Say which boxes share pixels with one."""
    (x, y, width, height), (left, top, across, down) = boxes.T, box
    within = (x < left + across) & (left < x + width)
    return within & (y < top + down) & (top < y + height)


def _overlap_with(boxes: NDArray, box: NDArray) -> NDArray[np.float64]:
    """Compute the IoU of boxes with one."""
    (x, y, width, height), (left, top, across, down) = boxes.T, box
    shared_width = np.minimum(x + width, left + across) - np.maximum(x, left)
    shared_height = np.minimum(y + height, top + down) - np.maximum(y, top)
    shared = np.clip(shared_width, 0, None) * np.clip(shared_height, 0, None)
    union = width * height + across * down - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _as_arrays(first: Boxes, second: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Convert two lists of boxes to arrays, shape (boxes, 4), that can be compared in seconds."""
    lists = (
        check_boxes(first, "of the first list", least=0),
        check_boxes(second, "of the second list", least=0),
    )
    counts = [len(boxes) for boxes in lists]
    if counts[0] * counts[1] > MOST_COMPARED:
        raise PictureError(
            f"{counts[0]} boxes with {counts[1]} others are too many to compare. Leave out small "
            "ones, as with min_pixels."
        )
    # Columns are read one at a time.
    first, second = (np.array(boxes, float, order="F").reshape(-1, 4) for boxes in lists)
    return first, second


def check_iou(iou: float) -> float:
    """Return the least overlap of a match; raise `PictureError` unless it is above 0, up to 1."""
    if not isinstance(iou, Real) or isinstance(iou, bool) or not 0 < iou <= 1:
        raise PictureError(f"iou is {brief(iou)}. Give a number above 0, up to 1.")
    return float(iou)


def score_boxes(found: Boxes, truth: Boxes, *, iou: float = 0.5) -> Scores:
    """Score how well found boxes match the true ones.

    A found box is right when its overlap (IoU) with a true box is at least `iou`. Boxes are matched
    one to one, best overlap first, so a second box on the same difference is wrong.

    Parameters
    ----------
    found, truth : sequence of (x, y, width, height), or ndarray, shape (boxes, 4)
    iou : float, optional
        Above 0, up to 1.

    Returns
    -------
    Scores
        Precision (right boxes / found boxes), recall (differences found / differences there) and
        F1. Nothing found where nothing is there scores 1.

    Raises
    ------
    PictureError
        As `match_boxes`.

    References
    ----------
    M. Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", International Journal
    of Computer Vision 88, 2010, section 4.2.
    """
    iou = check_iou(iou)
    found, truth = _as_arrays(found, truth)
    return count_scores(len(_match(found, truth, iou)), len(found), len(truth))


def evaluate(
    folder: str | os.PathLike, *, method: str | Method = DEFAULT, iou: float = 0.5, **settings: Any
) -> Evaluation:
    """Find the differences of every pair of a pair set and score them against the truth.

    Parameters
    ----------
    folder : str or os.PathLike
        A pair set, see `load_pairs`.
    method : str or callable, optional
        A method of `compare`; or a function of your own that takes the first and the second
        picture (BGR, uint8, of the sizes that they have in the set) and returns a list of boxes
        (x, y, width, height).
    iou : float, optional
        As in `score_boxes`.
    settings : keyword arguments, optional
        Go to `compare`, as `min_pixels`; or to your own function.

    Returns
    -------
    Evaluation

    Raises
    ------
    FileNotFoundError
        There is no `pairs.json` in `folder`.
    PictureError
        `pairs.json` is wrong, or a pair cannot be compared or scored; the message says which.
        Nothing is scored then: a set without its hard pairs would flatter. Or `iou` is outside
        its range.

    Examples
    --------
    >>> evaluate("images", method="classic").scores_by_place.recall > 0.9
    True
    >>> def nothing(first, second):
    ...     return []
    >>> evaluate("images", method=nothing).scores.recall
    0.0
    """
    iou = check_iou(iou)  # before the pairs are compared, which may take minutes
    find = method if callable(method) else partial(_find, method=method)
    name = getattr(method, "__name__", type(method).__name__) if callable(method) else method
    results, amount = [], 0
    for pair in load_pairs(folder):
        results.append(_evaluate_pair(pair, find, iou, settings))
        amount += len(results[-1].found)
        if amount > MOST_FOUND:
            raise PictureError(
                f"Pair {pair.name!r}: with this one more than {MOST_FOUND:,} boxes were found. "
                "Leave out small ones, as with min_pixels, or split the pair set."
            )
    return Evaluation(name, iou, results)


def _find(first: Image, second: Image, **settings: Any) -> list[Box]:
    return boxes_in_first(compare(first, second, **settings))


def boxes_in_first(comparison: Comparison) -> list[Box]:
    """Return the boxes as true ones are given: in pixels of the first picture as it was given."""
    fit = comparison.fit
    return [fit.box_in(0, box) if fit else box for box in comparison.boxes]


def _evaluate_pair(pair: Pair, find: Method, iou: float, settings: dict[str, Any]) -> PairResult:
    try:
        images = _load(pair)
        found = as_boxes(find(*images, **settings))
    except (PictureError, OSError) as error:
        raise PictureError(f"Pair {pair.name!r}: {error}") from error
    boxes, truth = _as_arrays(found, pair.boxes)
    touching, near, touched = np.zeros(len(boxes), bool), np.zeros(len(boxes), bool), 0
    for box in truth:
        touch = _touch(boxes, box)
        touching |= touch
        touched += bool(touch.any())
        near |= _touch(boxes, box + GROWN)
    return PairResult(
        pair=pair,
        found=found,
        matched=len(_match(boxes, truth, iou)),
        placed=len(_match(boxes, truth, ANY_OVERLAP)),
        touching=int(touching.sum()),
        touched=touched,
        stray=int((~near).sum()),
    )


def _load(pair: Pair) -> tuple[Image, Image]:
    for path in (pair.first, pair.second):
        if path.exists() and not path.is_file():  # reading a device named by a stranger never ends
            raise PictureError(f"{path} is not a file. Give the path of a picture file.")
    pictures = read_pictures(pair.first, pair.second)
    (first, second), notes = to_images(*pictures)
    warn([*notes, *opacity_note(pictures, (first, second))])
    height, width = map(max, first.shape[:2], second.shape[:2])  # one may have more at its end
    width, height = pair.canvas or (width, height)
    for box in pair.boxes:
        if box.x + box.width > width or box.y + box.height > height:
            raise PictureError(
                f"The true box {tuple(box)} reaches beyond the picture of {width} x {height} "
                "pixels. Give x, y, width, height, not two corners."
            )
    return first, second


def as_boxes(found: Iterable[Sequence[int]]) -> list[Box]:
    """Convert what a method returned to boxes; a PictureError says what else it is."""
    try:
        if isinstance(found, NO_LISTS):
            raise TypeError
        boxes = [Box(*box) for box in islice(found, MOST_BOXES + 1)]
    except Exception as error:  # no list, no four values, or a generator that fails
        raise PictureError(
            f"The method returned {type(found).__name__!r}. Expected is a list of boxes (x, y, "
            "width, height), an empty one when there is no difference."
        ) from error
    return check_boxes(boxes, "that was found", least=1)


def _result_dict(result: PairResult) -> dict[str, Any]:
    return {
        "name": result.pair.name,
        "scores": result.scores._asdict(),
        "matched": result.matched,
        "missed": result.missed,
        "wrong": result.wrong,
        "placed": result.placed,
        "touched": result.touched,
        "stray": result.stray,
        "found": [list(box) for box in result.found],
        "truth": [list(box) for box in result.pair.boxes],
    }


def count_scores(matches: int, found: int, truth: int) -> Scores:
    """Compute scores from numbers of boxes: that match, that were found, that are true."""
    precision = matches / found if found else 1.0
    recall = matches / truth if truth else 1.0
    f1 = 2 * matches / (found + truth) if found + truth else 1.0
    return Scores(precision, recall, f1)
