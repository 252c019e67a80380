"""Lesson 05: contours."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import bounding_boxes, draw_boxes
from helpers.contours import find_contours
from helpers.course.checking import (
    RIGHT,
    as_numbers,
    compare_answer,
    describe_kind,
    equal,
    exercise,
    is_picture,
    pair,
)
from helpers.course.questions import Choice, Question
from helpers.loading import Image
from helpers.methods import compare
from helpers.viewer.explorer import Frame, Render, Slider, slider

BLUE, RED = (255, 0, 0), (0, 0, 255)


@slider(
    Slider("smallest area", "pixels", 0, 0, 1500, 50),
    values=(0, 800, 1300),
    title="from {} pixels up",
    caption="All boxes, those from 800 pixels up, those from 1300 up.",
    alt="The picture three times, with fewer red boxes each time.",
)
def smallest_area(image: Image, contours: Sequence[NDArray[np.int32]]) -> Render:
    """Draw the boxes that are left when those below an area are dropped."""
    total = len(bounding_boxes(contours))

    def render(area: int) -> Frame:
        kept = bounding_boxes(contours, min_area=area)
        drawing = draw_boxes(image, kept, thickness=3)
        return Frame(
            f"from {area} pixels up: {len(kept)} of {total} boxes", {"picture with boxes": drawing}
        )

    return render


@cache
def mask(name: str) -> Image:
    """Compute the mask of a pair."""
    return compare(*pair(name), method="classic").mask


def outlined(
    contours: Sequence[NDArray],
    *,
    page: Image | None = None,
    color: tuple[int, int, int] = BLUE,
    which: int = -1,
    thickness: int = 1,
) -> Image:
    """Draw contours on a copy of the second log-in page, or of another."""
    page = pair("04")[1] if page is None else page
    return cv2.drawContours(page.copy(), contours, which, color, thickness)


@exercise("05.1", "outlined_login")
def outlined_login(answer: Any, modified: Any) -> str:
    """Draw the external contours on a copy of the second log-in page."""
    original, untouched = pair("04")
    if not equal(modified, untouched):
        return (
            "login_modified is no longer as it was loaded: cv2.drawContours draws into the picture "
            "it is given. Draw on a copy, and run the cell above again."
        )
    contours = find_contours(mask("04"))
    with_holes, _ = cv2.findContours(mask("04"), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    mistakes = {
        "Nothing is drawn on it.": untouched,
        "The outlines are red. OpenCV's order is blue, green, red.": outlined(contours, color=RED),
        "The borders of holes are drawn, too. Keep the contours that lie inside no other.": (
            outlined(with_holes)
        ),
        "Only the first contour is drawn. To draw all, give -1 in place of an index.": (
            outlined(contours, which=0)
        ),
        "The patches are filled. The last argument is how thick the line is.": (
            outlined(contours, thickness=-1)
        ),
        "The lines are too thick: one pixel is wanted.": outlined(contours, thickness=2),
        "This is the original page. Draw on a copy of login_modified.": (
            outlined(contours, page=original)
        ),
        "The page is in RGB order. It stays as cv2.imread gives it: blue, green, red.": (
            outlined(contours, page=cv2.cvtColor(untouched, cv2.COLOR_BGR2RGB))
        ),
        "These are the contours of the card. Take those of login_mask.": (
            outlined(find_contours(mask("02")))
        ),
        "The outline runs round the whole page, as if black and white were swapped.": (
            outlined(find_contours(255 - mask("04")))
        ),
    }
    right = outlined(contours)
    if is_picture(answer) and answer.shape == right.shape and differs_in_colour(answer, right):
        mistakes["The outlines lie where they should, but they are not blue."] = answer
    return compare_answer(answer, right, mistakes)


def differs_in_colour(answer: Image, right: Image) -> bool:
    """Say whether the same pixels of the log-in page were drawn on."""
    untouched = pair("04")[1]
    drawn = np.any(answer != untouched, axis=2)
    return np.array_equal(drawn, np.any(right != untouched, axis=2))


@exercise("05.2", "chip_holes")
def chip_holes(answer: Any) -> str:
    """Tell which contours are holes in the chip."""
    if are_contours(answer):
        return "These are the contours. Give their indices."
    contours, hierarchy = cv2.findContours(mask("02"), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = hierarchy[0][:, 3]
    chip = np.argmax([cv2.contourArea(contour) for contour in contours])
    right = np.flatnonzero(parents == chip)
    mistakes = {
        "These are all holes. Keep those whose parent is the chip.": np.flatnonzero(parents >= 0),
        "These are the holes of the letters.": np.flatnonzero((parents >= 0) & (parents != chip)),
        "These are the patches, which have no parent. A hole has one.": (
            np.flatnonzero(parents == -1)
        ),
        "This says True or False for each contour. np.flatnonzero gives the indices of True.": (
            parents == chip
        ),
        "np.where returns a tuple, and the indices are the array in it. Take that out.": [right],
        "This is how many holes there are. Give the list of their indices.": len(right),
        "This is the index of the chip. Which contours have it as their parent?": chip,
        "These are the parents, not the indices of the holes.": parents[right],
    }
    numbers = as_numbers(answer)
    if numbers is not None and numbers.ndim == 1:
        answer = sorted(numbers)  # any order will do
    return compare_answer(answer, right, mistakes)


@exercise("05.3", "joined")
def joined(answer: Any) -> str:
    """Find the contours of the card's mask after it has grown."""
    card = mask("02")
    right = find_contours(cv2.dilate(card, np.ones((25, 25), np.uint8)))
    if not are_contours(answer):
        return describe_no_contours(answer)
    given, wanted, before = filled(answer), filled(right), filled(find_contours(card))
    if np.array_equal(given, wanted):
        inside = "Some of these contours lie inside others. Keep those that lie inside no other."
        return RIGHT if len(answer) == len(right) else inside
    if np.array_equal(given, before):
        return "These are the contours of the mask before it grew. Take those of the grown one."
    if given.all():
        return "One contour runs round the whole picture: black and white are swapped."
    if not given[before == 0].any():
        return "No patch has grown. In a mask cv2.dilate makes white grow, cv2.erode shrinks it."
    if len(answer) == 1:
        return "This is a single contour. Give the list of all that are left."
    grown = "little" if np.sum(given > 0) < np.sum(wanted > 0) else "much"
    return f"The patches grew too {grown}. The kernel has 25 by 25 ones and is used once."


def are_contours(answer: Any) -> bool:
    """Say whether this is a list or tuple of contours that lie in the card's picture."""
    height, width = mask("02").shape
    return (
        isinstance(answer, (list, tuple))
        and len(answer) > 0
        and all(
            isinstance(contour, np.ndarray)
            and contour.dtype == np.int32
            and contour.size > 0
            and contour.shape[1:] == (1, 2)
            and np.all((contour >= 0) & (contour < (width, height)))
            for contour in answer
        )
    )


def describe_no_contours(answer: Any) -> str:
    """Say what was given in place of contours."""
    if isinstance(answer, (list, tuple)) and len(answer) == 0:
        return "The list is empty: no patch is left. Did the patches shrink? cv2.dilate grows them."
    if isinstance(answer, tuple) and are_contours(answer[0]):
        return "This is what cv2.findContours returns: contours and hierarchy. Keep the contours."
    if is_picture(answer):
        return "This is a picture. Find the contours in it."
    number = as_numbers(answer)
    if number is not None and number.ndim == 0:
        return "This is a number. Give the list of the contours, not how many there are."
    return f"It is {describe_kind(answer)}; expected is a list of contours of the card's mask."


def filled(contours: Sequence[NDArray]) -> Image:
    """Fill contours in a mask, holes included."""
    inside = np.zeros(mask("02").shape, np.uint8)
    for contour in contours:  # one by one: together, what lies in two would stay black
        cv2.drawContours(inside, [contour], -1, 255, -1)
    return inside


QUESTIONS = (
    Question(
        "You drop every contour with a `cv2.contourArea` below 1. Which of these white patches do "
        "you lose?",
        choices=(
            Choice(
                "A solid square of 3 by 3 pixels",
                "The outline runs through the centres of the pixels at its border. It encloses 2 "
                "by 2, so the area is 4.",
            ),
            Choice(
                "A line of 50 by 1 pixels",
                "The outline runs through the centres, there and back again, and encloses "
                "nothing. Measure the box: that holds 50 pixels.",
                right=True,
            ),
            Choice(
                "A ring of 41 pixels across and one pixel thick",
                "Its external contour is the outer border, and the area counts all that lies "
                "inside, the hole too: 1200.",
            ),
        ),
    ),
)
