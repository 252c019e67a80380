"""Lesson 04: Otsu's threshold."""

from functools import cache
from typing import Any

import numpy as np

from helpers.compare import compare
from helpers.course.checking import RIGHT, as_numbers, exercise, judge, pair
from helpers.loading import Image


@cache
def difference(name: str) -> Image:
    """Compute the difference image of a pair."""
    return compare(*pair(name), method="classic").difference


def marked(name: str, level: float) -> int:
    """Count the pixels of a pair that a threshold marks."""
    return int(np.count_nonzero(difference(name) <= level))


@exercise("04.1", "fixed_mask")
def fixed_mask(answer: Any) -> str:
    """Make the cheque's mask with a threshold of 128."""
    cheque = difference("03")
    right = np.where(cheque <= 128, 255, 0).astype(np.uint8)
    otsu = compare(*pair("03"), method="classic").mask
    if isinstance(answer, tuple):
        return "This is a tuple. cv2.threshold returns the threshold and the mask: keep the mask."
    mistakes = {
        "This is Otsu's mask. With THRESH_OTSU the threshold you give is ignored.": otsu,
        "This is Otsu's mask, and the other way round: what is the same came out white.": (
            255 - otsu
        ),
        "What is the same came out white. Take the kind that marks what is at or below 128.": (
            255 - right
        ),
        "Pixels of exactly 128 are missing: at or below the threshold counts as changed.": (
            np.where(cheque < 128, 255, 0).astype(np.uint8)
        ),
        "White is 1 here. In a mask it is 255, the third argument of cv2.threshold.": right // 255,
        "That is how many pixels the mask marks. Give the mask.": marked("03", 128),
    }
    return judge(answer, right, mistakes)


@exercise("04.2", "small_variance")
def small_variance(answer: Any) -> str:
    """Compute the between-class variance of [0, 0, 0, 10, 10] for a threshold of 5."""
    right = 0.6 * 0.4 * 10**2
    mistakes = {
        "This is the squared distance of the means. Multiply it by both shares.": 10**2,
        "Only the share of the dark pixels is in it. The other one belongs there, too.": (
            0.6 * 10**2
        ),
        "Only the share of the bright pixels is in it. The other one belongs there, too.": (
            0.4 * 10**2
        ),
        "These are equal shares. Count: three pixels are dark, two are bright.": 0.5**2 * 10**2,
        "The distance of the means is not squared.": 0.6 * 0.4 * 10,
        "These are counts, 3 and 2. A share is a part of all pixels.": 3 * 2 * 10**2,
        "This is the standard deviation. The variance is its square.": np.sqrt(right),
        "This divides by one pixel less than there are. Follow the formula of the lesson.": (
            right * 5 / 4
        ),
        "This squares the shares as well. Only the distance of the means is squared.": (
            (0.6 * 0.4 * 10) ** 2
        ),
    }
    return judge(answer, right, mistakes, tolerance=1e-9)


@exercise("04.3", "fixed_threshold")
def fixed_threshold(answer: Any) -> str:
    """Choose a level that marks nothing in the JPEG pair and over 8000 pixels of the cheque."""
    jpeg = difference("10")
    darkest = int(jpeg.min())
    if isinstance(answer, tuple):
        return "This is a tuple. cv2.threshold returns the threshold and the mask: keep the first."
    level = as_numbers(answer)
    if level is None or level.ndim or level.dtype == bool or not np.isfinite(level):
        return judge(answer, darkest)
    if level == darkest:
        return "The darkest pixel of the JPEG pair has just this level, and so it is marked."
    if level >= jpeg.max():
        return "This marks the whole JPEG pair: what is at or below the threshold turns white."
    in_jpeg, in_cheque = marked("10", level), marked("03", level)
    if in_jpeg:
        return f"This still marks pixels of the JPEG pair: {in_jpeg} of them. Go lower."
    if in_cheque <= 8000:
        return f"This marks nothing in the JPEG pair, but only {in_cheque} pixels of the cheque."
    return RIGHT
