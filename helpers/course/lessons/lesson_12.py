"""Lesson 12: changes of colour."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.boxes import Box, bounding_boxes
from helpers.compare import compare
from helpers.contours import find_contours
from helpers.course.checking import RIGHT, as_numbers, equal, exercise, judge, pair
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.tone import largest_channel

NOTICED = 2.3
LIGHT, DARK = 215, 235  # columns: the light ends before the first, the shade is full from the other


@exercise("12.1", "new_red")
def new_red(answer: Any) -> str:
    """Find the red that keeps the gray value of (150, 100, red) at 100."""
    exact = 100 - 0.114 * 50 / 0.299
    number = as_numbers(answer)
    if number is not None and number.ndim == 0 and float(number) in gray_reds():
        return RIGHT
    mistakes = {
        "The formula gives this. A pixel holds whole numbers: round.": exact,
        "Red and blue are swapped: each has the other's weight here.": 100 - 0.299 * 50 / 0.114,
        "Gray is now above 100: blue made it lighter, so red has to fall.": 200 - exact,
        "Gray is now below 100: red weighs more than blue and must fall by less than 50.": 50,
        "By so much the gray rose. Red counts only in part, so it has to fall by more.": (
            100 - 0.114 * 50
        ),
        "By so much red has to fall. Give the red that is left.": 100 - exact,
        "Blue made the gray lighter, so red cannot stay at 100.": 100,
    }
    for message, wrong in mistakes.items():
        if equal(answer, wrong, tolerance=0.5):
            return message
    return judge(answer, round(exact))


@cache
def gray_reds() -> list[int]:
    """List all reds that keep the gray value; it is rounded, so there are a few."""
    pixels = np.full((256, 1, 3), (150, 100, 0), np.uint8)
    pixels[:, 0, 2] = range(256)
    return np.flatnonzero(to_gray(pixels) == 100).tolist()


@exercise("12.2", "unseen")
def unseen(answer: Any) -> str:
    """Count the pixels of the cat that changed by less than a person notices."""
    first, second = pair("09")
    largest = largest_channel(cv2.absdiff(first, second))
    changed = largest > 0
    faint = delta_e(first, second, cv2.COLOR_BGR2LAB) < NOTICED
    swapped = delta_e(first, second, cv2.COLOR_RGB2LAB) < NOTICED
    rounded = distance(*(cv2.cvtColor(image, cv2.COLOR_BGR2LAB) for image in (first, second)))
    right = int(np.sum(changed & faint))
    mistakes = {
        "Most of these did not change at all. Count only those that did.": np.sum(faint),
        "These are all that changed. Leave out those that a person would notice.": np.sum(changed),
        "These are the ones that a person does notice. Take those below.": np.sum(~faint),
        "With | one of the two is enough, and every pixel passes. Both must hold.": changed.size,
        "This is the mask of these pixels. Count them.": changed & faint,
        "This is a share. Count the pixels.": right / np.sum(changed),
        "This is the share of the whole picture. Count the pixels.": right / changed.size,
        "This is delta E with red and blue swapped. cv2.imread gives BGR.": (
            np.sum(changed & swapped)
        ),
        "This is delta E from uint8, which rounds Lab. Convert to float32 from 0 to 1.": (
            np.sum(changed & (rounded < NOTICED))
        ),
        "This asks how far the channels moved. What a person notices is measured in delta E.": (
            np.sum(changed & (largest < NOTICED))
        ),
        "These moved by 8 levels or less. What a person notices is measured in delta E.": (
            np.sum(changed & (largest <= 8))
        ),
    }
    return judge(answer, right, mistakes)


def delta_e(first: Image, second: Image, code: int) -> np.ndarray:
    """Measure the distance of two pictures in Lab, pixel by pixel."""
    return distance(
        *(cv2.cvtColor(image.astype(np.float32) / 255, code) for image in (first, second))
    )


def distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Compute the norm of the difference over the channels."""
    return np.linalg.norm(first.astype(np.float32) - second, axis=2)


@exercise("12.3", "both_eyes")
def both_eyes(answer: Any) -> str:
    """Find both eyes of the cat that is half in the shade."""
    left, right = eyes_by_part()
    first, modified = pair("09")
    mistakes = {
        "The box on the right still counts its columns from where its part begins. Move it.": (
            left + right
        ),
        "The box on the right is moved too little: its part begins where the shade is full.": (
            left + moved(right, LIGHT)
        ),
        "The box on the right is moved down. Columns are x.": (
            left + [Box(x, y + DARK, width, height) for x, y, width, height in right]
        ),
        "More than x is moved: the position changes, the size does not.": (
            left + [Box(x + DARK, y, width + DARK, height) for x, y, width, height in right]
        ),
        "More than x is moved. The other three numbers of a box stay.": (
            left + [Box(*(number + DARK for number in box)) for box in right]
        ),
        "These are the boxes of the whole picture. Compare its parts by themselves.": (
            compare(*half_in_shade()).boxes
        ),
        "These are the boxes without any shade. Compare with `cat_half`.": (
            compare(first, modified).boxes
        ),
        "These are the lesson's boxes of `cat_modified`, without shade. Compare with `cat_half`.": (
            bounding_boxes(
                find_contours(cv2.inRange(largest_channel(cv2.absdiff(first, modified)), 9, 255)),
                min_area=20,
            )
        ),
        "This is one list for each part, in a list. Join the two with +.": [
            left,
            moved(right, DARK),
        ],
    }
    ordered = {message: in_order(boxes) for message, boxes in mistakes.items()}
    return judge(in_order(answer), in_order(left + moved(right, DARK)), ordered)


def in_order(boxes: Any) -> Any:
    """Sort boxes from left to right; leave what are no boxes as it is."""
    numbers = as_numbers(boxes)
    if numbers is None or numbers.ndim != 2 or numbers.dtype == bool:
        return boxes
    return sorted(numbers.tolist())


def moved(boxes: list[Box], columns: int) -> list[Box]:
    """Move boxes so many columns further right."""
    return [box._replace(x=box.x + columns) for box in boxes]


@cache
def eyes_by_part() -> tuple[list[Box], list[Box]]:
    """Find the boxes of the part in the light and of the part in the shade."""
    first, second = half_in_shade()
    light, dark = np.s_[:, :LIGHT], np.s_[:, DARK:]
    return compare(first[light], second[light]).boxes, compare(first[dark], second[dark]).boxes


def half_in_shade() -> tuple[Image, Image]:
    """Load the cat, and the modified cat with its right half in the shade."""
    first, second = pair("09")
    ramp = np.clip((np.arange(first.shape[1]) - LIGHT) / (DARK - LIGHT), 0, 1)
    shade = 1 - ramp[None, :, None] * (1 - np.array([0.9, 0.8, 0.7]))
    return first, np.round(second * shade).astype(np.uint8)
