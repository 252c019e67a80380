"""Lesson 07: pictures of one's own."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.course.checking import RIGHT, compare_answer, exercise, is_picture, pair
from helpers.loading import Image
from helpers.methods import compare
from helpers.robust import AlignedPair, detect, prepare
from helpers.settings import Settings

DEPTH = 20  # gray levels by which the shadow darkens


@exercise("07.1", "covered")
def covered(answer: Any) -> str:
    """Give the share of the picture that the boxes of a record cover."""
    record = compare(*pair("04")).to_dict()
    boxes, pixels = record["boxes"], record["width"] * record["height"]
    areas = [width * height for _, _, width, height in boxes]
    right = sum(areas) / pixels
    differing = record["percent_differing"]
    mistakes = {
        "That has too few decimals. Give four.": round(right, 2),
        "This is in percent. Give a number from 0 to 1.": 100 * right,
        "This is the area in pixels. Divide it by the area of the picture.": sum(areas),
        "This is the share of pixels that differ. A box covers the pixels between them too.": (
            differing / 100
        ),
        "These are the percent of pixels that differ. What do the boxes cover?": differing,
        "Width and height are taken for a second corner. They are lengths already.": (
            sum((width - x) * (height - y) for x, y, width, height in boxes) / pixels
        ),
        "These are the products of x and y. Those say where a box lies, not how large it is.": (
            sum(x * y for x, y, *_ in boxes) / pixels
        ),
        "This is the largest box alone. Add all of them.": max(areas) / pixels,
        "This is the mean of the boxes. Add them.": sum(areas) / len(areas) / pixels,
        "This is the share that no box covers.": 1 - right,
    }
    return compare_answer(answer, right, mistakes, tolerance=0.000051)


@exercise("07.2", "mended")
def mended(answer: Any) -> str:
    """Turn a picture back and reduce it to the size of the other."""
    original, modified = pair("04")
    height, width = original.shape[:2]
    large = cv2.resize(modified, (1350, 900))
    phone = cv2.rotate(large, cv2.ROTATE_90_CLOCKWISE)
    right = reduced(large, (width, height))
    if not is_picture(answer) or answer.shape != right.shape:
        mistakes = {
            "That is `phone` as it was given.": phone,
            "It stands upright now. Reduce it as well, to the size of `login_original`.": large,
            "It has the right size but lies on its side still. Turn it as well.": (
                cv2.rotate(right, cv2.ROTATE_90_CLOCKWISE)
            ),
            "It hangs upside down and is too large.": cv2.rotate(large, cv2.ROTATE_180),
            "This is the original, made as large as `phone`. Change `phone` instead.": (
                cv2.resize(original, (1350, 900))
            ),
        }
        return compare_answer(answer, right, mistakes)
    if close(answer, right):
        return RIGHT
    mistakes = {
        "It hangs upside down: it was turned the wrong way.": cv2.rotate(right, cv2.ROTATE_180),
        "It is mirrored. `cv2.transpose` alone does not turn, and `cv2.flip` not either.": (
            cv2.flip(right, 1)
        ),
        "It is mirrored from top to bottom. Turn it, with `cv2.rotate`.": cv2.flip(right, 0),
        "It was squeezed to the right size while it lay on its side. Turn it before.": (
            reduced(phone, (width, height))
        ),
        "This is `login_original` itself. `mended` has to show the changed page.": original,
        "This is `login_modified`, which you do not have when a phone sends `phone`.": modified,
        "Red and blue are swapped.": right[..., ::-1],
    }
    for message, wrong in mistakes.items():
        if close(answer, wrong):
            return message
    if np.abs(answer.astype(int) - right).mean() < 2:
        return "Turned and reduced it is, but not with cv2.INTER_AREA."
    return compare_answer(answer, right)


def reduced(picture: Image, size: tuple[int, int]) -> Image:
    """Reduce a picture to (width, height)."""
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def close(answer: Image, right: Image) -> bool:
    """Say whether two pictures of one shape agree but for how values were rounded."""
    return bool((cv2.absdiff(answer, np.ascontiguousarray(right)) <= 1).all())


@exercise("07.3", "lowest")
def lowest(answer: Any) -> str:
    """Find the lowest `ignore_below` at which a shadow has no box."""
    right = next(n for n in range(1, 61) if boxes_at(n) == 1)
    mistakes = {
        "At 0 nothing is aligned, and the one box is nearly the whole picture.": 0,
        "This is by how much the shadow darkens. The grain adds to it: go up.": DEPTH,
        "This is how many boxes are left. Give the gray levels.": 1,
    }
    message = compare_answer(answer, right, mistakes)
    whole = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
    if message == RIGHT or message in mistakes or not whole or not 0 < answer <= 255:
        return message
    return {
        0: "At this one the pebble is lost too.",
        1: "This one works, and so does a lower one.",
    }.get(boxes_at(int(answer)), "At this one the shadow still has its box. Go up.")


@cache
def boxes_at(ignore_below: int) -> int:
    """Count the boxes of the pair with the shadow."""
    return len(detect(shaded_pair(), Settings(ignore_below=ignore_below)).boxes)


@cache
def shaded_pair() -> AlignedPair:
    """Throw the shadow on the second photograph of gravel, and align it with the first."""
    first, second = pair("12")
    spot = np.zeros(second.shape[:2], np.uint8)
    cv2.ellipse(spot, (330, 90), (70, 50), 0, 0, 360, DEPTH, cv2.FILLED)
    shadow = cv2.cvtColor(cv2.GaussianBlur(spot, (0, 0), 12), cv2.COLOR_GRAY2BGR)
    return prepare(first, cv2.subtract(second, shadow), keep=True)
