"""Lesson 04: Otsu's threshold."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.contours import find_contours
from helpers.course.checking import RIGHT, as_numbers, compare_answer, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.loading import Image
from helpers.methods import compare
from helpers.threshold import otsu_mask
from helpers.viewer.explorer import WHOLE, Explorer, Frame, Part, Slider, Strip


def threshold(difference: Image, *, detail: Part = WHOLE) -> Explorer:
    """Show the mask at any threshold, and say what Otsu's method chooses."""
    chosen = round(otsu_mask(difference)[0])

    def render(level: int) -> Frame:
        mask = cv2.threshold(difference, level, 255, cv2.THRESH_BINARY_INV)[1]
        patches = len(find_contours(mask))
        share = cv2.countNonZero(mask) / mask.size
        return Frame(
            f"threshold {level}: {share:.2%} of pixels, {patches} patches. Otsu: {chosen}",
            {"mask": mask},
        )

    strip = Strip(
        caption=f"The mask at 20, at Otsu's {chosen}, and at 250.",
        alt="Three masks. From left to right the white marks grow from thin to thick.",
        values=(20, chosen, 250),
        title="threshold {}",
        detail=detail,
    )
    slider = Slider("threshold", "gray level", chosen, 0, 254)
    return Explorer([slider], render, strip=strip, name="threshold")


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
    return compare_answer(answer, right, mistakes)


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
    return compare_answer(answer, right, mistakes, tolerance=1e-9)


@exercise("04.3", "fixed_threshold")
def fixed_threshold(answer: Any) -> str:
    """Choose a level that marks nothing in the JPEG pair and over 8000 pixels of the cheque."""
    jpeg = difference("10")
    darkest = int(jpeg.min())
    if isinstance(answer, tuple):
        return "This is a tuple. cv2.threshold returns the threshold and the mask: keep the first."
    level = as_numbers(answer)
    if level is None or level.ndim or level.dtype == bool or not np.isfinite(level):
        return compare_answer(answer, darkest)
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


QUESTIONS = (
    Question(
        "The cheque of lesson 04 has four changes. How many contours come out of these lines?",
        code="""
            kind = cv2.THRESH_BINARY | cv2.THRESH_OTSU
            _, mask = cv2.threshold(difference, 0, 255, kind)
            contours = helpers.find_contours(mask)
        """,
        choices=(
            Choice(
                "One, round the whole cheque",
                "255 means the same, and the plain kind makes what lies above the threshold "
                "white: nearly all of the cheque. The changes are holes in it, and external "
                "contours leave holes out. `THRESH_BINARY_INV` makes the changes white.",
                right=True,
            ),
            Choice(
                "Twelve, since both sides of a border are the same border",
                "Twelve is what `THRESH_BINARY_INV` gives. Here the twelve patches are black "
                "holes in white, and external contours leave holes out.",
            ),
            Choice(
                "None, as no white is left in the mask",
                "More is white than ever: 98 % of the pixels. The plain kind marks what lies "
                "above the threshold, and in the difference image bright means the same.",
            ),
            Choice(
                "Four, because Otsu's method now chooses another threshold",
                "The threshold depends on the difference image alone, and stays at 146. Only the "
                "side that becomes white is another one.",
            ),
        ),
    ),
    Question(
        "For two photographs the recipe gives 416 boxes, and Otsu's threshold was 238. What does "
        "the threshold tell you?",
        choices=(
            Choice(
                "The bar was high, so only strong differences have a box.",
                "It is the other way round. What lies at or below the threshold counts as "
                "changed, and 255 means the same: the higher the threshold, the less a pixel "
                "needs to differ.",
            ),
            Choice(
                "There were two groups of pixels, so something was changed.",
                "Otsu's method never asks whether there are two groups. It splits every picture "
                "with two gray levels in it, however close they are.",
            ),
            Choice(
                "The camera moved between the two photographs.",
                "Then many windows differ strongly, and the threshold is much lower: 61 for the "
                "gravel of pair 12.",
            ),
            Choice(
                "Windows that are nearly the same got a box as well.",
                "Everything up to 238 is marked, and 255 means the same. That is a warning. Here "
                "nothing was changed: one of the two was only stored as JPEG.",
                right=True,
            ),
        ),
    ),
)
