"""Lesson 03: structural similarity."""

from functools import cache
from itertools import count
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.course.checking import RIGHT, as_numbers, compare_answer, exercise, is_picture, pair
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.similarity import C1, C2, difference_image, ssim
from helpers.viewer.explorer import Frame, Render, Slider, slider


@slider(
    Slider("window", "pixels", 7, 3, 31, 2),
    values=(3, 7, 31),
    title="window of {} pixels",
    caption="The difference image with three windows. A larger one smears each change wider.",
    alt="Three difference images: thin dark marks at 3 pixels, broad gray patches at 31.",
)
def window_size(first: Image, second: Image) -> Render:
    """Show the difference image of SSIM with windows from 3 to 31 pixels."""
    first_gray, second_gray = to_gray(first), to_gray(second)

    def render(window: int) -> Frame:
        score, similarity = ssim(first_gray, second_gray, window=window)
        return Frame(
            f"window {window} x {window} pixels: SSIM {score:.4f}",
            {"difference image": difference_image(similarity)},
        )

    return render


@exercise("03.1", "flat")
def flat(answer: Any) -> str:
    """Compute the SSIM of two flat windows with the means 10 and 20."""
    product, squares = 2 * 10 * 20, 10**2 + 20**2
    right = (product + C1) / (squares + C1)
    mistakes = {
        "This is the value without C1. In windows this dark it counts; give four decimals.": (
            product / squares
        ),
        "That has too few decimals. Give four.": round(right, 3),
        "In C1 the product 0.01 · 255 is squared.": (
            (product + 0.01 * 255) / (squares + 0.01 * 255)
        ),
        "This is C2, the constant of the contrast. The luminance has C1.": (
            (product + C2) / (squares + C2)
        ),
        "The 2 in the numerator is missing.": (product / 2 + C1) / (squares + C1),
        "Numerator and denominator are swapped.": (squares + C1) / (product + C1),
        "This is the contrast, or the structure. The two means differ, so SSIM is below 1.": 1,
        "No contrast is no zero: put 0 for the deviations and see which constants are left.": 0,
    }
    return compare_answer(answer, right, mistakes, tolerance=0.00005)


@cache
def similarity_to_negative() -> NDArray[np.float32]:
    """Compute the map of the photograph against its own negative."""
    photo = to_gray(pair("09")[0])
    return ssim(photo, 255 - photo)[1]


@exercise("03.2", "negative_difference")
def negative_difference(answer: Any) -> str:
    """Make the difference image of the photograph and its negative."""
    similarity = similarity_to_negative()
    right = difference_image(similarity)
    if isinstance(answer, tuple):
        return "This is a tuple. With full=True you get the score and the map: keep the map."
    if as_numbers(answer) is not None and np.ndim(answer) == 0:
        return "This is one number. The picture is made from the map, which full=True gives."
    if is_picture(answer) and answer.shape == right.shape:
        if is_whole_part(answer, 255 * np.clip(similarity, 0, 1)):
            return RIGHT
        if is_whole_part(answer[similarity >= 0], 255 * similarity[similarity >= 0]):
            return (
                "Where the similarity is below 0 the picture should be black. Clip the map first."
            )
        if is_whole_part(answer, 255 * (similarity + 1) / 2):
            return (
                "The map from -1 to 1 was stretched to 0 to 255. What is below 0 should be black."
            )
    mistakes = {
        "All of it is black: astype cuts off what follows the point. Multiply by 255 before.": (
            np.zeros_like(right)
        ),
        "This subtracts the pictures. The difference image is made from the map of SSIM.": (
            cv2.absdiff(to_gray(pair("09")[0]), 255 - to_gray(pair("09")[0]))
        ),
        "This is the negative itself. Compare the photograph with it.": (
            255 - to_gray(pair("09")[0])
        ),
    }
    return compare_answer(answer, right, mistakes)


def is_whole_part(picture: Image, exact: NDArray) -> bool:
    """Say whether all values are the exact ones cut off to whole numbers, or all are rounded."""
    error, hair = picture - exact, 0.001  # SSIM of two programs differs by less than a hair
    cut_off = np.all((error > -1 - hair) & (error < hair))
    return bool(cut_off or np.all(np.abs(error) < 0.5 + hair))


@cache
def largest_noise() -> int:
    """Find the largest whole mean square of the lesson's noise at which SSIM is above 0.9."""
    photo = to_gray(pair("09")[0])
    noise = np.random.default_rng(7).random(photo.shape) - 0.5
    noise /= np.sqrt(np.mean(noise**2))

    def score(mean_square: int) -> float:
        noisy = np.clip(np.round(photo + noise * np.sqrt(mean_square)), 0, 255)
        return ssim(photo, noisy.astype(np.uint8))[0]

    return next(number for number in count(1) if score(number + 1) <= 0.9)


@exercise("03.3", "noise_mse")
def noise_mse(answer: Any) -> str:
    """Find the strongest noise at which SSIM is above 0.9."""
    right = largest_noise()
    number = as_numbers(answer)
    if number is None or number.ndim or number.dtype == bool or not np.isfinite(number):
        return compare_answer(answer, right)
    if number % 1:
        return "This is no whole number. Wanted is the number that stood at 120 in the lesson."
    if number > right:
        return "With so much noise SSIM is 0.9 or below. Make it weaker."
    if number < right:
        return "There is a larger number at which SSIM is still above 0.9."
    return RIGHT


QUESTIONS = (
    Question(
        "Three copies of the cat's photograph in lesson 03: which one has the highest SSIM?",
        choices=(
            Choice(
                "The one 11 levels brighter, in which every pixel changed",
                "Bright and dark lie where they lay. Only the luminance of the windows falls a "
                "little, and SSIM is 0.99.",
                right=True,
            ),
            Choice(
                "The one shifted by three pixels, in which every hair is still there",
                "SSIM compares windows at the same place, and after the shift each window shows "
                "something else. It gives 0.60, the lowest of the three.",
            ),
            Choice(
                "The noisy one, because noise cancels in the mean of a window",
                "The means do stay, but noise puts detail where there was none, and that spoils "
                "the structure. SSIM is 0.63.",
            ),
        ),
    ),
    Question(
        "This mask has holes in the middle of what changed. Which line makes them?",
        code="""
            score, similarity = structural_similarity(first, second, full=True)
            difference = (similarity * 255).astype("uint8")
            kind = cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU
            _, mask = cv2.threshold(difference, 0, 255, kind)
        """,
        choices=(
            Choice(
                "The first: SSIM needs the colour pictures.",
                "SSIM looks at light and dark, and gray pictures are what it gets. The map of "
                "this line is right, negative values included.",
            ),
            Choice(
                "The second: it makes bright pixels of negative numbers.",
                "Where two windows are opposite, the similarity is below 0. An 8-bit number has "
                "no sign, so on most computers it wraps round: a little below 0 comes out bright, "
                "as if nothing had changed. `np.clip(similarity, 0, 1)` comes first.",
                right=True,
            ),
            Choice(
                "The third: `cv2.THRESH_BINARY` would fill the holes.",
                "It would mark the holes, and with them everything that did not change: its mask "
                "is the negative of this one.",
            ),
            Choice(
                "None of them: the pictures are smooth there.",
                "Smooth places do leave holes, as the chip did in lesson 05. But there the "
                "windows nearly agree, and here they are unlike.",
            ),
        ),
    ),
)
