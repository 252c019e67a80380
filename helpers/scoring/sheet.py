"""A contact sheet: the worst pairs of an evaluation on one picture, true and found boxes drawn."""

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from helpers import colors, results
from helpers.boxes import Box
from helpers.colors import bgr
from helpers.errors import PictureError, brief
from helpers.loading import Image, check_whole, read_pictures, to_images
from helpers.scoring.pairs import Pair
from helpers.scoring.scores import Evaluation, PairResult, match_boxes

CELL = 520, 380  # largest width and height of a picture, pixels
GAP, LINE = 12, 24  # between pictures, and from one line of text to the next, pixels
WORST, MOST_ROWS = 12, 1000
WIDTH = 2 * CELL[0] + 3 * GAP
Color = tuple[int, int, int]
BLUE, ORANGE = bgr(colors.BLUE), bgr(colors.RED)  # that red is an orange
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
THICK, THIN = 4, 2
MARGIN = THICK + 1  # for the lines of boxes at the edge of a picture


def contact_sheet(evaluation: Evaluation, *, pairs: int = WORST) -> Image:
    """Draw the worst pairs of an evaluation, one row each.

    True boxes are blue and drawn outside the edge, found boxes orange and drawn inside it, so that
    equal boxes show both. Thick lines are mistakes: differences missed, boxes that are wrong. The
    pictures are paled, so that the lines stand out. The colours stay apart for colour-blind readers
    (Okabe and Ito, "Color Universal Design", 2008).

    Parameters
    ----------
    evaluation : Evaluation
        As `evaluate` gives it.
    pairs : int, optional
        The most rows.

    Returns
    -------
    ndarray of uint8, shape (height, 1076, 3)
        BGR. Without a mistake it holds the heading only.

    Raises
    ------
    FileNotFoundError, PictureError
        A picture has gone since the evaluation.
    """
    if not isinstance(evaluation, Evaluation):
        raise PictureError(f"{brief(evaluation)} is no evaluation. Give what evaluate returns.")
    worst = evaluation.worst[: check_whole(pairs, "pairs", 0, MOST_ROWS)]
    return np.vstack([_heading(evaluation, len(worst)), *(_row(r, evaluation.iou) for r in worst)])


def save_contact_sheet(evaluation: Evaluation, path: str | os.PathLike) -> Path:
    """Write the contact sheet as PNG; an earlier one is replaced, any other file never.

    Parameters
    ----------
    evaluation : Evaluation
    path : str or os.PathLike
        Ends in ``.png``. Its folder must exist.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError, PictureError
        As `contact_sheet`; the path does not end in ``.png``, its folder is not there, another file
        or folder is there, or the file cannot be written. A link to an earlier sheet is replaced
        itself; the file that it points to stays as it is.
    """
    path = check_target(path, [result.pair for result in evaluation.results])
    png = results.marked_png(contact_sheet(evaluation), results.SHEET)
    results.write_whole(path, png, results.SHEET)
    return path


def check_target(path: str | os.PathLike, pairs: Sequence[Pair]) -> Path:
    """Raise `PictureError` unless a contact sheet of these pairs may be written to `path`."""
    keep = [file for pair in pairs for file in (pair.first, pair.second)]
    return results.check_target(path, results.SHEET, keep=keep)


def _heading(evaluation: Evaluation, shown: int) -> Image:
    heading = np.full((3 * LINE + GAP, WIDTH, 3), 255, np.uint8)
    mistakes = f"{len(evaluation.worst)} of {len(evaluation.results)} pairs have mistakes"
    method = f"Method {evaluation.method}, IoU {evaluation.iou:g}."
    _write(heading, f"{mistakes}, the worst {shown} are below. {method}", 1)
    _write(heading, "Blue, outside the edge: true. Thick where it was missed.", 2, BLUE)
    _write(heading, "Orange, inside the edge: found. Thick where it is wrong.", 3, ORANGE)
    return heading


def _row(result: PairResult, iou: float) -> Image:
    pair = result.pair
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shown already, when the pair was compared
        (first, second), _ = to_images(*read_pictures(pair.first, pair.second))
    is_one_size = first.shape == second.shape  # boxes are in pixels of the first
    other = result if is_one_size else replace(result, pair=replace(pair, boxes=[]), found=[])
    drawings = _boxed(first, result, iou), _boxed(second, other, iou)
    top = 2 * LINE + GAP
    tallest = max(len(drawing) for drawing in drawings)
    row = np.full((top + tallest + GAP, WIDTH, 3), 255, np.uint8)
    row[0] = 0
    _write(row, "  ".join(filter(None, (pair.name, pair.title, pair.nuisance))), 1)
    counts = f"{len(pair.boxes)} true, {len(result.found)} found"
    _write(row, f"{counts}: {result.missed} missed, {result.wrong} wrong", 2)
    for left, drawing in zip((GAP, CELL[0] + 2 * GAP), drawings, strict=True):
        height, width = drawing.shape[:2]
        row[top : top + height, left : left + width] = drawing
    return row


def _boxed(image: Image, result: PairResult, iou: float) -> Image:
    """Fit the picture into a cell, with its boxes and a margin for those at its edge."""
    height, width = image.shape[:2]
    scale = min((CELL[0] - 2 * MARGIN) / width, (CELL[1] - 2 * MARGIN) / height)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    smooth_or_whole = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    pale = 0.6 * cv2.resize(image, size, interpolation=smooth_or_whole) + 0.4 * 255
    drawing = cv2.copyMakeBorder(
        pale.astype(np.uint8), *[MARGIN] * 4, cv2.BORDER_CONSTANT, value=WHITE
    )
    matches = match_boxes(result.found, result.pair.boxes, iou=iou)
    right, hit = ({match[side] for match in matches} for side in (0, 1))
    for n, box in enumerate(result.found):
        thickness = THIN if n in right else THICK
        _ring(drawing, box, scale, WHITE, 0, -thickness - 1)
        _ring(drawing, box, scale, ORANGE, 0, -thickness)
    for n, box in enumerate(result.pair.boxes):
        thickness = THIN if n in hit else THICK
        _ring(drawing, box, scale, WHITE, thickness + 1, 0)
        _ring(drawing, box, scale, BLUE, thickness, 0)
    return drawing


def _ring(drawing: Image, box: Box, scale: float, color: Color, outer: int, inner: int) -> None:
    """Paint what lies between the scaled box grown by `outer` and grown by `inner` pixels."""
    left, top = (MARGIN + round(scale * low) for low in box[:2])
    right, bottom = (
        MARGIN + round(scale * (low + length)) for low, length in zip(box[:2], box[2:], strict=True)
    )
    within = np.s_[max(top - inner, 0) : bottom + inner, max(left - inner, 0) : right + inner]
    kept = drawing[within].copy()
    drawing[max(top - outer, 0) : bottom + outer, max(left - outer, 0) : right + outer] = color
    drawing[within] = kept


def _write(drawing: Image, text: str, line: int, color: Color = BLACK) -> None:
    font = cv2.FONT_HERSHEY_SIMPLEX, 0.55
    text = text[:200]
    while cv2.getTextSize(text, *font, 1)[0][0] > WIDTH - 2 * GAP:
        text = text[:-2] + "…"
    cv2.putText(drawing, text, (GAP, line * LINE - 4), *font, color, 1, cv2.LINE_AA)
