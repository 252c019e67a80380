"""Lesson 12: changes of colour."""

from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.boxes import Box, bounding_boxes
from helpers.contours import find_contours
from helpers.course.checking import RIGHT, as_numbers, compare_answer, equal, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image, check_image, check_same_size, to_bgr
from helpers.methods import compare
from helpers.tone import largest_channel
from helpers.viewer.explorer import Frame, Render, Slider, slider

NOTICED = 2.3
LIGHT, DARK = 215, 235  # columns: the light ends before the first, the shade is full from the other


@slider(
    Slider("hue turned", "degrees", 0, 0, 180, 5),
    values=(5, 10, 20),
    title="turned by {} degrees",
    caption="Top: the eye, and what gray notices: nothing. Bottom: largest channel, delta E.",
    alt="Four pictures at three positions. Gray's stays black; the ring of the iris is white "
    "for delta E from the first on, for the largest channel only in the last.",
)
def hue(image: Image, mask: Image) -> Render:
    """Turn the colours under the mask round the gray axis, and show who notices, in four parts.

    The picture; then where gray and where the largest channel differ by more than 8 levels, and
    where delta E is above 2.3, which a person begins to see (Mahy et al., 1994).

    Gray values stay, but for rounding and where a channel would leave 0 to 255.
    """
    check_image(image)
    check_image(mask, "the mask")
    check_same_size(image, mask, ("the picture", "the mask"))
    image = to_bgr(image)
    inside = to_gray(mask) > 0
    gray = image @ np.array([0.114, 0.587, 0.299])
    # How much bluer and redder than gray, in the proportions of JPEG's two chroma channels.
    chroma = (image[..., 0] - gray) / 1.772 + 1j * (image[..., 2] - gray) / 1.402
    image_gray = to_gray(image)

    def render(degrees: int) -> Frame:
        turned = chroma * np.exp(1j * np.radians(degrees))
        blue, red = gray + 1.772 * turned.real, gray + 1.402 * turned.imag
        green = (gray - 0.114 * blue - 0.299 * red) / 0.587
        turned = np.clip(np.dstack([blue, green, red]).round(), 0, 255).astype(np.uint8)
        turned = np.where(inside[..., None], turned, image)
        grays = cv2.absdiff(image_gray, to_gray(turned))
        largest = cv2.absdiff(image, turned).max(axis=2)
        apart = delta_e(image, turned)
        noticed = [255 * m.astype(np.uint8) for m in (grays > 8, largest > 8, apart > NOTICED)]
        top_right, left, right = (to_bgr(mask) for mask in noticed)
        picture = np.vstack([np.hstack([turned, top_right]), np.hstack([left, right])])
        reading = (
            f"turned by {degrees} degrees: gray differs by up to {grays.max()}, "
            f"the largest channel by more than 8 in {np.mean(largest[inside] > 8):.0%}, "
            f"delta E is above {NOTICED} in {np.mean(apart[inside] > NOTICED):.0%}"
        )
        return Frame(reading, {"picture and who notices": picture})

    return render


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
    return compare_answer(answer, round(exact))


@cache
def gray_reds() -> list[int]:
    """Find all reds that keep the gray value; it is rounded, so there are a few."""
    pixels = np.full((256, 1, 3), (150, 100, 0), np.uint8)
    pixels[:, 0, 2] = range(256)
    return np.flatnonzero(to_gray(pixels) == 100).tolist()


@exercise("12.2", "unseen")
def unseen(answer: Any) -> str:
    """Count the pixels of the cat that changed by less than a person notices."""
    first, second = pair("09")
    largest = largest_channel(cv2.absdiff(first, second))
    changed = largest > 0
    faint = delta_e(first, second) < NOTICED
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
    return compare_answer(answer, right, mistakes)


def delta_e(first: Image, second: Image, code: int = cv2.COLOR_BGR2LAB) -> np.ndarray:
    """Compute the distance of two pictures in Lab, pixel by pixel."""
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
    return compare_answer(in_order(answer), in_order(left + moved(right, DARK)), ordered)


def in_order(boxes: Any) -> Any:
    """Sort boxes from left to right; leave what are no boxes as it is."""
    numbers = as_numbers(boxes)
    if numbers is None or numbers.ndim != 2 or numbers.dtype == bool:
        return boxes
    return sorted(numbers.tolist())


def moved(boxes: list[Box], columns: int) -> list[Box]:
    """Move boxes so many columns to the right."""
    return [box._replace(x=box.x + columns) for box in boxes]


@cache
def eyes_by_part() -> tuple[list[Box], list[Box]]:
    """Find the boxes of the part in the light and of the part in the shade."""
    first, second = half_in_shade()
    light, dark = np.s_[:, :LIGHT], np.s_[:, DARK:]
    return compare(first[light], second[light]).boxes, compare(first[dark], second[dark]).boxes


def half_in_shade() -> tuple[Image, Image]:
    """Give the cat, and the modified cat with its right half in the shade."""
    first, second = pair("09")
    ramp = np.clip((np.arange(first.shape[1]) - LIGHT) / (DARK - LIGHT), 0, 1)
    shade = 1 - ramp[None, :, None] * (1 - np.array([0.9, 0.8, 0.7]))
    return first, np.round(second * shade).astype(np.uint8)


QUESTIONS = (
    Question(
        "In the second picture the right half lies in the shade. `helpers.compare` puts one box "
        "round that half, and `tone` is `None`. What do you know about the things in it?",
        choices=(
            Choice(
                "They are unchanged, or they would have boxes of their own.",
                "One of the cat's eyes was recoloured in the shade. It lay inside the large box "
                "and had none of its own.",
            ),
            Choice(
                "They are in the same light as before, as no tone curve was needed.",
                "`None` says that no single curve helped in enough of the picture. Beside two "
                "pictures that look differently lit it is a warning.",
            ),
            Choice(
                "Nothing yet, except that this half differs from the other picture.",
                "No curve is right for both halves, so the shade itself counts as a change and "
                "hides the others. Compare each half by itself: it has one light, and so one "
                "curve.",
                right=True,
            ),
        ),
    ),
)
