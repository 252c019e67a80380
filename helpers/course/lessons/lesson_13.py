"""Lesson 13: scores."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.challenge.client import describe_error
from helpers.contours import find_contours
from helpers.course.checking import (
    RIGHT,
    as_numbers,
    compare_answer,
    course_pairs,
    describe_kind,
    equal,
    exercise,
    pair,
)
from helpers.course.questions import Choice, Question
from helpers.loading import Image, load_image
from helpers.places import find_in_course
from helpers.scoring.scores import Evaluation, Method, PairResult, Scores, evaluate, match_boxes
from helpers.viewer import figures
from helpers.viewer.drawing import BLUE, render_figure
from helpers.viewer.explorer import WIDTH, Explorer, Frame, Slider, Strip

STRENGTHS = range(15, 196, 10)
TIME_FOR = 20  # boxes
GOAL = 0.8  # F1
# What repairs boxes whose numbers are in another order, below the message for it.
REPAIRS = {
    "The last two numbers are a second corner. Give width and height.": (
        lambda x, y, right, bottom: (x, y, max(right - x, 0), max(bottom - y, 0))
    ),
    "Width and height are swapped: a box is x, y, width, height.": (
        lambda x, y, height, width: (x, y, width, height)
    ),
    "Rows and columns are swapped: a box is x, y, width, height.": (
        lambda y, x, height, width: (x, y, width, height)
    ),
    "x and y are swapped: a box is x, y, width, height.": (
        lambda y, x, width, height: (x, y, width, height)
    ),
}


def precision_recall(evaluations: Mapping[int, Evaluation], names: Sequence[str]) -> Explorer:
    """Walk along the precision-recall curve; beside it, the boxes on the pairs of these names.

    The keys of `evaluations` are the strengths asked of a box, evenly spaced.
    """
    strengths = list(evaluations)
    curve, points = draw_curve([evaluation.scores for evaluation in evaluations.values()])
    best = max(strengths, key=lambda strength: evaluations[strength].scores.f1)
    room = WIDTH - curve.shape[1]
    shown = {
        strength: [result for result in evaluation.results if result.pair.name in names]
        for strength, evaluation in evaluations.items()
    }
    pictures = [load_image(result.pair.second) for result in shown[best]]

    def render(strength: int) -> Frame:
        drawings = [
            reduced(draw_right_and_wrong(image, result, evaluations[best].iou), room)
            for image, result in zip(pictures, shown[strength], strict=True)
        ]
        column = np.vstack(drawings)
        picture = np.full((max(len(curve), len(column)), WIDTH, 3), 255, np.uint8)
        picture[: len(curve), :-room] = curve
        picture[: len(column), -room:] = column
        cv2.circle(picture, points[strengths.index(strength)], 8, (0, 0, 255), -1, cv2.LINE_AA)
        scores = "precision {:.2f}, recall {:.2f}, F1 {:.2f}".format(*evaluations[strength].scores)
        return Frame(
            f"strength from {strength} up: {scores}", {"curve, and pictures with boxes": picture}
        )

    first, last = strengths[0], strengths[-1]
    strip = Strip(
        caption=f"Strengths from {first}, {best} and {last} up. Boxes that count as right are "
        "blue and thick, the others red and thin.",
        alt="Two pictures at three strengths: many boxes, only right ones, hardly any.",
        values=(first, best, last),
        title="strength from {} up",
        detail=np.s_[:, -room:],
    )
    step = strengths[1] - first
    slider = Slider("smallest strength", "gray levels", first, first, last, step)
    return Explorer([slider], render, strip=strip, name="precision_recall")


def draw_curve(scores: Sequence[Scores]) -> tuple[Image, list[tuple[int, int]]]:
    """Draw precision over recall, and say where in the picture each point is, (x, y)."""
    recall_precision = [(score.recall, score.precision) for score in scores]
    fig, ax = figures.plt.subplots(figsize=(3.6, 3.6), dpi=100)
    ax.plot(*zip(*recall_precision, strict=True), marker=".", color=figures.GRAY)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="recall", ylabel="precision")
    picture = render_figure(fig)
    points = ax.transData.transform(recall_precision).round().astype(int)
    return picture, [(int(x), len(picture) - int(y)) for x, y in points]


def draw_right_and_wrong(image: Image, result: PairResult, iou: float) -> Image:
    """Draw the right boxes in blue and thick, the wrong ones in red and thin."""
    right = {row for row, _ in match_boxes(result.found, result.pair.boxes, iou=iou)}
    drawing = draw_boxes(image, [box for n, box in enumerate(result.found) if n not in right])
    for color, thickness in (((255, 255, 255), 12), (BLUE, 6)):  # white: blue is dim on dark ground
        drawing = draw_boxes(
            drawing, [result.found[n] for n in right], color=color, thickness=thickness
        )
    return drawing


def reduced(image: Image, width: int) -> Image:
    """Reduce a picture to a width."""
    height = round(image.shape[0] * width / image.shape[1])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


@exercise("13.1", "small_overlaps")
def small_overlaps(answer: Any) -> str:
    """Compute the IoU of a box of 6 by 6 pixels and of two larger ones round it."""
    small, large = 6 * 6, np.array([8 * 8, 10 * 10])
    mistakes = {
        "A pixel on each side is one left and one right: the width grows by two.": (
            small / np.array([7 * 7, 8 * 8])
        ),
        "You count the small box twice: it lies wholly inside the large one.": (
            small / (small + large)
        ),
        "These are ratios of sides. Count areas.": np.array([6 / 8, 6 / 10]),
        "This is union over intersection; turn it over.": large / small,
        "This is the share that only one box covers. Count what both cover.": 1 - small / large,
        "These are percent. Give numbers from 0 to 1.": 100 * small / large,
        "The order is swapped: first one pixel too large, then two.": (small / large)[::-1],
    }
    right = (small / large).tolist()
    message = compare_answer(answer, right, mistakes, tolerance=0.005)
    numbers = as_numbers(answer)
    if message not in (RIGHT, *mistakes) and np.shape(numbers) == (2,):
        agrees = [equal(*both, tolerance=0.005) for both in zip(numbers, right, strict=True)]
        if any(agrees):
            place = "first" if agrees[1] else "second"
            return f"The {place} number is off, the other one is right. What do both boxes cover?"
    return message


@cache
def counts_at_strengths() -> dict[int, tuple[int, int]]:
    """Count the boxes that the lesson's pipeline leaves at each strength, and the right ones."""
    patches = []
    for named in course_pairs():
        difference = cv2.GaussianBlur(cv2.absdiff(*pair(named.name)).max(axis=2), (5, 5), 0)
        mask = cv2.threshold(difference, 15, 255, cv2.THRESH_BINARY)[1]
        boxes = bounding_boxes(find_contours(cv2.dilate(mask, np.ones((9, 9), np.uint8))))
        peaks = [difference[b.y : b.y + b.height, b.x : b.x + b.width].max() for b in boxes]
        patches.append(list(zip(boxes, peaks, strict=True)))
    counts = {}
    for strength in STRENGTHS:
        kept = [[box for box, peak in found if peak >= strength] for found in patches]
        counts[strength] = sum(map(len, kept)), count_right(kept)
    return counts


@cache
def truth() -> list[list[Box]]:
    """List the true boxes of each pair of the course."""
    return [named.boxes for named in course_pairs()]


def count_right(found: list[list[Box]]) -> int:
    """Count the right boxes, given those found on each pair of the course."""
    return sum(len(match_boxes(*boxes)) for boxes in zip(found, truth(), strict=True))


def f1(found: list[list[Box]]) -> float:
    """Compute F1 of the boxes found on each pair of the course."""
    return 2 * count_right(found) / (sum(map(len, found)) + sum(map(len, truth())))


@exercise("13.2", "strength_for_20")
def strength_for_20(answer: Any) -> str:
    """Find the strength that leaves at most 20 boxes and finds the most."""
    counts = counts_at_strengths()
    few = {strength: right for strength, (left, right) in counts.items() if left <= TIME_FOR}
    fewer = {strength: right for strength, (left, right) in counts.items() if left < TIME_FOR}
    best = max(few, key=few.get)
    mistakes = {
        f"At most {TIME_FOR} includes {TIME_FOR}. Another strength leaves just so many.": max(
            fewer, key=fewer.get
        ),
        "That is the recall. Which strength has it?": few[best] / sum(map(len, truth())),
        "That is how many boxes are left, or right. Which strength leaves them?": TIME_FOR,
    }
    message = compare_answer(answer, best, mistakes)
    if message == RIGHT or message in mistakes or not isinstance(answer, (int, float)):
        return message
    if answer not in counts:
        return f"It is no key of evaluations: those are {', '.join(map(str, counts))}."
    left, right = counts[answer]
    return (
        f"At {answer} the lesson's find_patches leaves {left} boxes, and {right} of them are "
        f"right. Look for the most right ones among {TIME_FOR} boxes or fewer."
    )


class StoppedError(Exception):
    """The sentence that says why the learner's function gave no boxes."""


def guarded(function: Method) -> Method:
    """Wrap the learner's function: it gets copies, and stops with `StoppedError` alone."""

    def find(first: Image, second: Image) -> Any:
        pictures = first.copy(), second.copy()
        try:
            found = function(*pictures)
        except Exception as error:
            raise StoppedError(f"It stops with {describe_error(error)}") from error
        if found is None:
            raise StoppedError("It returns None. End it with return and the list of boxes.")
        if not all(map(np.array_equal, pictures, (first, second))):
            raise StoppedError("It changes the pictures that it is given. Work on a copy.")
        return found

    return find


def mirrored(find: Method) -> Method:
    """Wrap a function: it gets mirrored pictures, and its boxes are mirrored back."""

    def find_mirrored(first: Image, second: Image) -> list[tuple[int, ...]]:
        found = find(first[:, ::-1], second[:, ::-1])
        return [(first.shape[1] - x - width, y, width, height) for x, y, width, height in found]

    return find_mirrored


def middles(evaluation: Evaluation) -> set[tuple[str, int, int]]:
    """Compute twice the middle of each box found, which no padding moves."""
    return {
        (result.pair.name, 2 * box.x + box.width, 2 * box.y + box.height)
        for result in evaluation.results
        for box in result.found
    }


@cache
def robust_middles() -> set[tuple[str, int, int]]:
    """Find where the method robust has boxes on the pairs of the course."""
    return middles(evaluate(find_in_course("images"), method="robust"))


@exercise("13.3", "better_pipeline")
def better_pipeline(answer: Any) -> str:
    """Write a pipeline whose F1 is above 0.8."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    find = guarded(answer)
    course_pairs()  # before the answer can be blamed for a picture that is missing
    try:
        evaluation = evaluate(find_in_course("images"), method=find)
        if evaluation.scores.f1 <= GOAL:
            return f"{count(evaluation)} {advise(evaluation)}"
        if middles(evaluation) <= robust_middles():
            return "These boxes are those of robust. Write the steps yourself."
        by_heart = evaluate(find_in_course("images"), method=mirrored(find)).scores.f1 <= GOAL / 2
    except StoppedError as error:
        return str(error)
    except Exception as error:  # What comes back can be anything; scoring says what is off.
        return f"What it returns cannot be scored. {error}"
    return "It knows these pictures by heart: mirrored, it fails on them." if by_heart else RIGHT


def count(evaluation: Evaluation) -> str:
    """Say how good the boxes are."""
    right, wrong, missed = (
        sum(getattr(result, name) for result in evaluation.results)
        for name in ("matched", "wrong", "missed")
    )
    return f"F1 is {evaluation.scores.f1:.4f}: {right} right, {wrong} wrong, {missed} missed."


def advise(evaluation: Evaluation) -> str:
    """Say what is off where the scores are too low; the reasons that spoil most come first."""
    found = [result.found for result in evaluation.results]
    if not any(found):
        return "It finds nothing on any pair."
    if 2 * sum(map(fills_picture, evaluation.results)) > len(found):
        return "Most pairs get a box round everything. Is the mask white where pictures differ?"
    mended = {
        message: f1([[Box(*repair(*box)) for box in boxes] for boxes in found])
        for message, repair in REPAIRS.items()
    }
    best = max(mended, key=mended.get)
    if mended[best] > f1(found) + 0.1:
        return best
    alarms = sum(len(result.found) for result in evaluation.unchanged)
    if alarms:
        return f"{alarms} boxes lie on pairs without a change. Does each box have the strength?"
    if f1([outer(boxes) for boxes in found]) > f1(found):
        return "Boxes lie inside others. Take outer contours alone, or leave the inner boxes out."
    if evaluation.scores_by_place.f1 > GOAL:
        return "Most boxes are in the right place, but too large or too small."
    worst = evaluation.worst[0].pair
    return f"The worst pair is {worst.name}: {worst.title}."


def fills_picture(result: PairResult) -> bool:
    """Say whether a box covers nearly all of the pair's picture."""
    pixels = pair(result.pair.name)[0][..., 0].size
    return any(box.area > 0.9 * pixels for box in result.found)


def outer(boxes: list[Box]) -> list[Box]:
    """Keep the boxes that are inside no other one."""

    def inside(box: Box, other: Box) -> bool:
        x, y = box.x - other.x, box.y - other.y
        fits = x + box.width <= other.width and y + box.height <= other.height
        return box != other and min(x, y) >= 0 and fits

    return [box for box in boxes if not any(inside(box, other) for other in boxes)]


QUESTIONS = (
    Question(
        "In pair 10 nothing was changed, and `classic` draws 416 boxes on it, more than on all "
        "other pairs together. You leave this pair out of the set and score `classic` over all "
        "boxes again. What changes?",
        choices=(
            Choice(
                "Recall alone: the share of changes that were found",
                "Recall counts changes, and pair 10 has none. Found or missed, they are the same "
                "26 as before.",
            ),
            Choice(
                "Precision alone: the share of boxes that are right",
                "It rises from 0.03 to 0.11, since 416 wrong boxes no longer count. Recall asks "
                "about changes, and pair 10 has none to find or to miss.",
                right=True,
            ),
            Choice(
                "Both, as F1 is made of the two",
                "F1 does rise, but because of precision alone. Recall stays at 0.69: the pair has "
                "no change that could be found or missed.",
            ),
            Choice(
                "Neither, as the pair has no true box",
                "It has no true box, but it has found ones. Each of the 416 counts as a wrong box.",
            ),
        ),
    ),
    Question(
        "These lines are to compute recall. With which pipeline do they print more than 1?",
        code="""
            overlaps = helpers.overlap(found, truth)  # a row for each found box
            right = np.sum(overlaps.max(axis=1) >= 0.5)
            print(right / len(truth))
        """,
        choices=(
            Choice(
                "One that draws every right box twice",
                "Each of the two reaches 0.5, so a change counts twice and the lines print 2. "
                "Nothing here strikes out a true box once it has its partner: boxes must be "
                "matched one to one.",
                right=True,
            ),
            Choice(
                "One that covers each change by two pieces of 40 %",
                "No piece reaches 0.5, so nothing is right, and the lines print 0.",
            ),
            Choice(
                "One that draws a box round the whole picture",
                "That is one box. At most it is right once, and beside a small change its overlap "
                "is far below 0.5.",
            ),
            Choice(
                "None: recall is a share, and cannot exceed 1.",
                "Recall cannot. These lines count found boxes, though, and there can be more of "
                "them than changes.",
            ),
        ),
    ),
    Question(
        "You try 19 settings on the twelve pairs of the course, keep the best, and tell others to "
        "expect its F1 of 0.73 on their pictures. What is wrong?",
        choices=(
            Choice(
                "Nothing: F1 is low if either precision or recall is.",
                "That is true of F1. But it was computed on the pairs that chose the setting, and "
                "so it flatters.",
            ),
            Choice(
                "F1 should have been the mean over the pairs.",
                "That is another choice, which lesson 13 weighs. The mean flatters as well when "
                "the same pairs chose the setting.",
            ),
            Choice(
                "With more than 19 settings the number would have been reliable.",
                "A finer search can only raise the number on these pairs. It fits their accidents "
                "more closely, and tells no more about other pictures.",
            ),
            Choice(
                "The setting was chosen on the pairs that score it.",
                "The best of 19 suits these twelve pairs, luck included. On other pictures the "
                "score will most likely be lower. Put pairs aside, and score them once, at the "
                "end.",
                right=True,
            ),
        ),
    ),
)
