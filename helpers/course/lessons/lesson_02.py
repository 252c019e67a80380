"""Lesson 02: one gray value for three channels."""

from typing import Any

import cv2
import numpy as np

from helpers.course.checking import compare_answer, equal, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.viewer.drawing import pair_in_bgr
from helpers.viewer.explorer import Frame, Render, Slider, slider


@slider(
    Slider("weight of green", "", 0.587, 0, 1, 0.001),
    values=(0.0, 0.587, 1.0),
    title="weight of green {}",
    caption="The darker, the further apart the grays. At the standard weight they are equal.",
    alt="Three difference pictures: dark rings at weight 0 and 1, an empty one at 0.587.",
)
def green_weight(first: Image, second: Image) -> Render:
    """Turn both pictures to gray with another weight for green, and show where the grays differ.

    Red and blue share the rest as 0.299 to 0.114, so 0.587 is the standard gray.
    """
    first, second = pair_in_bgr(first, second)
    one = 2**15

    def render(green: float) -> Frame:
        # Whole numbers, in parts of `one`, as cv2.cvtColor counts.
        greens, reds = round(one * green), round(one * 0.299 * (1 - green) / (1 - 0.587))
        weights = np.array([one - greens - reds, greens, reds])
        first_gray, second_gray = ((image @ weights + one // 2) // one for image in (first, second))
        apart = np.abs(first_gray - second_gray)
        darkened = 255 - np.clip(8 * apart, 0, 255).astype(np.uint8)
        return Frame(
            f"weight {green:.3f}: largest difference of the grays {apart.max()}",
            {"difference of the grays": darkened},
        )

    return render


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
    return compare_answer(answer, right, mistakes, tolerance=0.5)


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
    return compare_answer(answer, right, mistakes)


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
    return compare_answer(answer, right, mistakes, tolerance=0.05)


def mistaken_gray(picture: np.ndarray) -> np.ndarray:
    """Turn a picture with red first to gray by COLOR_BGR2GRAY."""
    return to_gray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


QUESTIONS = (
    Question(
        "A red square on white paper, `(0, 0, 200)` in BGR, is painted over. Which new colour "
        "does the recipe overlook?",
        choices=(
            Choice(
                "Green, `(0, 200, 0)`",
                "The same number in another channel is another gray. Green weighs 0.587 and red "
                "0.299, so the gray rises from 60 to 117.",
            ),
            Choice(
                "Gray, `(67, 67, 67)`",
                "67 is the plain mean of the old three numbers. The recipe weighs them: the red "
                "was gray 60, and the seven levels between get a box.",
            ),
            Choice(
                "Green, `(0, 102, 0)`",
                "0.587 · 102 and 0.299 · 200 both round to 60. From grayscale on the two pictures "
                "are the same array, and no later step can tell them apart.",
                right=True,
            ),
            Choice(
                "Blue, `(200, 0, 0)`",
                "That exchanges red and blue. Blue has the smallest weight, so the gray falls "
                "from 60 to 23.",
            ),
        ),
    ),
)
