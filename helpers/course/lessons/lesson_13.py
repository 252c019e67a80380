"""Lesson 13: scores."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.boxes import Box, bounding_boxes
from helpers.challenge.client import describe_error
from helpers.contours import find_contours
from helpers.course.checking import (
    RIGHT,
    as_numbers,
    course_pairs,
    describe_kind,
    equal,
    exercise,
    judge,
    pair,
)
from helpers.loading import Image
from helpers.places import find_in_course
from helpers.scoring.scores import Evaluation, Method, PairResult, evaluate, match_boxes

STRENGTHS = range(15, 196, 10)
TIME_FOR = 20  # boxes
GOAL = 0.8  # F1
# What mends boxes whose numbers stand in another order, below the message for it.
REPAIRS = {
    "The last two numbers are a second corner. Give width and height.": (
        lambda x, y, right, bottom: (x, y, right - x, bottom - y)
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
    message = judge(answer, right, mistakes, tolerance=0.005)
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
    message = judge(answer, best, mistakes)
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
    """An error that says in a sentence why the learner's function gave no boxes."""


def guarded(function: Method) -> Method:
    """Guard the learner's function: it gets copies, and stops with `StoppedError` alone."""

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
    """Mirror the pictures for a function, and its boxes back."""

    def find_mirrored(first: Image, second: Image) -> list[tuple[int, ...]]:
        found = find(first[:, ::-1], second[:, ::-1])
        return [(first.shape[1] - x - width, y, width, height) for x, y, width, height in found]

    return find_mirrored


def middles(evaluation: Evaluation) -> set[tuple[str, int, int]]:
    """Double the middle of each box found: it stays where it is when boxes are padded."""
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
