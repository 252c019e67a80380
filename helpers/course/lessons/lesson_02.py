"""Lesson 02: one gray value for three channels."""

from typing import Any

import cv2
import numpy as np

from helpers.course.checking import equal, exercise, judge, pair
from helpers.grayscale import to_gray


@exercise("02.1", "gray_value")
def gray_value(answer: Any) -> str:
    """Compute the gray value of one pixel, rounded to a whole number."""
    pixel = np.uint8([[[200, 100, 50]]])
    right = int(to_gray(pixel)[0, 0])
    if not equal(answer, right) and equal(answer, right, tolerance=0.5):
        return "Round it to a whole number."
    mistakes = {
        "Red and blue are swapped: in BGR the first number is blue.": int(
            to_gray(pixel[..., ::-1].copy())[0, 0]
        ),
        "This is the plain mean. Each channel has a weight of its own.": float(pixel.mean()),
        "This is the sum without the weights.": int(pixel.sum()),
        "This is one channel alone. All three count.": int(pixel[0, 0, 1]),
    }
    return judge(answer, right, mistakes, tolerance=0.5)


@exercise("02.2", "counts")
def counts(answer: Any) -> str:
    """Count for each channel the pixels that differ by more than 20 levels."""
    first, second = pair("09")
    apart = cv2.absdiff(first, second)

    def count(differs: np.ndarray) -> list[int]:
        return np.count_nonzero(differs, axis=(0, 1)).tolist()

    right = count(apart > 20)
    wraps = "Between uint8 arrays 0 - 1 is 255, so {} makes small differences large."
    mistakes = {
        "The order is turned round: OpenCV's channels are blue, green, red.": right[::-1],
        "Pixels that differ by exactly 20 are counted too. More than 20 is asked.": (
            count(apart >= 20)
        ),
        "Every pixel that differs at all is counted. More than 20 levels is asked.": count(apart),
        wraps.format("original - modified"): count(first - second > 20),
        wraps.format("modified - original"): count(second - first > 20),
        "Only pixels that became darker are counted. The sign must not matter.": (
            count(cv2.subtract(first, second) > 20)
        ),
        "Only pixels that became brighter are counted. The sign must not matter.": (
            count(cv2.subtract(second, first) > 20)
        ),
        "These are shares of the picture. Count the pixels.": (
            (apart > 20).mean(axis=(0, 1)).tolist()
        ),
    }
    return judge(answer, right, mistakes)


@exercise("02.3", "error")
def error(answer: Any) -> str:
    """Find by how much the mean gray value is off when RGB is taken for BGR."""
    scene, modified = pair("09")
    gray, wrong = to_gray(scene), mistaken_gray(scene)
    right = float(wrong.mean() - gray.mean())
    fractions = right / 255, wrong.mean() / 255, wrong.mean() / 255 - gray.mean()
    if any(equal(answer, value, tolerance=0.005) for value in fractions):
        return "plt.imread gives 0 to 1 for a PNG. Reorder the channels of scene_original instead."
    mistakes = {
        "This is rounded too far. Give one decimal.": round(right),
        "The sign is turned round. Subtract the right mean from the wrong one.": -right,
        "The two means are equal here. The wrong one needs an RGB picture and COLOR_BGR2GRAY.": 0,
        "This is a mean of one gray picture. Subtract the mean of the right one.": wrong.mean(),
        "This is the mean of the right gray picture. How far off is the wrong one?": gray.mean(),
        "Between uint8 arrays 0 - 1 is 255. Take each picture's mean first, then subtract.": (
            (wrong - gray).mean()
        ),
        "Between uint8 arrays 1 - 2 is 255. Take each mean first, the wrong one in front.": (
            (gray - wrong).mean()
        ),
        "This is the modified scene. Take the original.": (
            mistaken_gray(modified).mean() - to_gray(modified).mean()
        ),
    }
    return judge(answer, right, mistakes, tolerance=0.05)


def mistaken_gray(picture: np.ndarray) -> np.ndarray:
    """Compute what COLOR_BGR2GRAY makes of a picture with red first."""
    return to_gray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
