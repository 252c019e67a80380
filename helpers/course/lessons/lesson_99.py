"""Lesson 99: write a lesson."""

from typing import Any

import cv2
import numpy as np

from helpers.course.checking import compare_answer, exercise, pair
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.viewer.explorer import Frame, Render, Slider, slider


@slider(
    Slider("more than", "gray levels", 20, 0, 200),
    values=(0, 20, 120),
    title="more than {} gray levels",
    caption="White is what differs by more than 0, 20 and 120 gray levels.",
    alt="White discs on black three times: with a rim, the size of coins, and with holes.",
)
def smallest_difference(first: Image, second: Image) -> Render:
    """Show which pixels differ by more than a number of gray levels, and count them."""
    apart = absolute_difference(first, second)

    def render(level: int) -> Frame:
        count = np.count_nonzero(apart > level)
        reading = f"more than {level} gray levels: {count} pixels, {count / apart.size:.1%}"
        return Frame(reading, {"changed": 255 * (apart > level).astype(np.uint8)})

    return render


def absolute_difference(first: Image, second: Image) -> Image:
    """Subtract the gray values of two pictures, without the sign."""
    return cv2.absdiff(to_gray(first), to_gray(second))


@exercise("99.1", "differing")
def differing(answer: Any) -> str:
    """Count the pixels of the coins that differ by more than 50 gray levels."""
    original, modified = (to_gray(picture) for picture in pair("05"))
    apart = absolute_difference(original, modified)
    right = np.count_nonzero(apart > 50)
    wraps = "Between uint8 arrays 1 - 2 is 255. Take apart, which has no sign."
    mistakes = {
        "This says True or False for each pixel. Count what is True.": apart > 50,
        "Pixels that differ by exactly 50 are counted too. More than 50 is asked.": (
            np.count_nonzero(apart >= 50)
        ),
        "Every pixel that differs at all is counted. More than 50 gray levels is asked.": (
            np.count_nonzero(apart)
        ),
        "These are the pixels that differ by 50 gray levels or fewer.": apart.size - right,
        "This is a share of the picture. Count the pixels.": right / apart.size,
        "This is the sum of the differences. Count the pixels.": int(apart[apart > 50].sum()),
        wraps: np.count_nonzero(original - modified > 50),
    }
    return compare_answer(answer, right, mistakes)


@exercise("99.2", "quiet_level")
def quiet_level(answer: Any) -> str:
    """Find the smallest gray level that no difference of the JPEG copy exceeds."""
    coffee = pair("10")
    right = int(absolute_difference(*coffee).max())
    mistakes = {
        "No pixel differs by so much. By more than one level less, one still does.": right + 1,
        "One pixel still differs by more than that.": right - 1,
        "That is so in colour. Take the gray pictures.": int(cv2.absdiff(*coffee).max()),
        "This is what the coins differ by. Take coffee_apart.": (
            int(absolute_difference(*pair("05")).max())
        ),
        "This is how much the pixels differ in the mean. Which one differs most?": (
            float(absolute_difference(*coffee).mean())
        ),
    }
    return compare_answer(answer, right, mistakes)
