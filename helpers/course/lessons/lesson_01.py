"""Lesson 01: a picture is an array."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import cv2
import numpy as np

from helpers.course.checking import RIGHT, compare_answer, equal, exercise, is_picture, pair
from helpers.course.questions import Choice, Question
from helpers.loading import Image, check_image
from helpers.viewer.explorer import Frame, Render, Slider, slider

BLUE, RED, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
INTERPOLATIONS = (
    cv2.INTER_LINEAR,
    cv2.INTER_AREA,
    cv2.INTER_CUBIC,
    cv2.INTER_NEAREST,
    cv2.INTER_LANCZOS4,
)


@slider(
    Slider("enlarged", "times", 1, 1, 40),
    values=(1, 8, 40),
    title="{} times enlarged",
    caption="The whole picture, then 8 and 40 times enlarged: a picture is a grid of squares.",
    alt="One spot at three enlargements; at 40 times single square pixels can be counted.",
)
def zoom(image: Image, centre: tuple[int, int]) -> Render:
    """Enlarge the picture round `centre` (x, y) until single pixels show."""
    check_image(image)
    height, width = image.shape[:2]
    x, y = centre

    def render(factor: int) -> Frame:
        part_height, part_width = max(height // factor, 1), max(width // factor, 1)
        top = int(np.clip(y - part_height // 2, 0, height - part_height))
        left = int(np.clip(x - part_width // 2, 0, width - part_width))
        part = image[top : top + part_height, left : left + part_width]
        enlarged = cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST)
        return Frame(
            f"{part_width} x {part_height} pixels are shown", {"enlarged picture": enlarged}
        )

    return render


@exercise("01.1", "logo")
def logo(answer: Any) -> str:
    """Cut columns 580 to 719 and rows 350 to 469 out of the card."""
    card, modified = pair("01")
    brackets = "The second brackets cut rows again. Put both ranges into one pair: [rows, columns]."
    mistakes = {
        "Rows and columns are swapped. Which of the two does NumPy count first?": (
            card[580:720, 350:470]
        ),
        brackets: card[350:470][580:720],
        "The last row and the last column are missing: the end of a range is not included.": (
            card[350:469, 580:719]
        ),
        "There is a row and a column too many: the end of a range is not included.": (
            card[350:471, 580:721]
        ),
        "There is no logo on this card. Cut it out of the original.": modified[350:470, 580:720],
    }
    return compare_answer(answer, card[350:470, 580:720], mistakes)


@exercise("01.2", "painted")
def painted(answer: Any, card_original: Any) -> str:
    """Paint a red square of 50 by 50 pixels into the top left corner of a copy of the card."""
    card, modified = pair("01")
    if not equal(card_original, card):
        return (
            "card_original was painted too: without a copy, two names mean one array. Load it "
            "again with cv2.imread, then paint a copy."
        )
    blue_and_green_kept = card.copy()
    blue_and_green_kept[:50, :50, 2] = 255
    mistakes = {
        "Nothing is painted on it yet.": card,
        "The square is blue. Which colour comes first in OpenCV?": square(card, BLUE),
        "The square is white: one number fills all three channels.": square(card, WHITE),
        "Only the red channel is painted. Red has no blue and no green in it.": blue_and_green_kept,
        "The square is 51 pixels wide and high. Count from 0.": square(card, RED, 51, 51),
        "The square is 49 pixels wide and high. The end of a range is not included.": (
            square(card, RED, 49, 49)
        ),
        "A stripe is painted: the second brackets cut rows again. Put both into one pair.": (
            square(card, RED, 50, None)
        ),
        "One pixel is painted. A range from the first row on is written with a colon.": (
            pixel_painted(card)
        ),
        "This is the square alone. Keep the whole picture, and paint in a line of its own.": (
            square(card, RED)[:50, :50]
        ),
        "This is the colour alone. First make the copy, then paint in a line of its own.": RED,
        "The modified card is painted. Take the original.": square(modified, RED),
    }
    return compare_answer(answer, square(card, RED), mistakes)


def square(picture: Image, color: tuple, rows: int = 50, columns: int | None = 50) -> Image:
    """Paint the first rows and columns of a copy."""
    copy = picture.copy()
    copy[:rows, :columns] = color
    return copy


def pixel_painted(picture: Image) -> Image:
    """Paint a single red pixel on a copy, where the square should end."""
    copy = picture.copy()
    copy[50, 50] = RED
    return copy


@exercise("01.3", "resized")
def resized(answer: Any) -> str:
    """Shrink the modified card to half, and enlarge it again."""
    original, modified = pair("01")
    whole = is_picture(answer) and answer.shape == modified.shape
    if whole and any(equal(answer, picture) for picture in there_and_back(modified)):
        return RIGHT
    height, width = modified.shape[:2]
    half = (width // 2, height // 2)
    on_its_side = cv2.resize(modified, half[::-1])
    mistakes = {
        "No detail is lost: this was not enlarged from the small picture.": modified,
        "This is the small picture. Enlarge it again.": cv2.resize(modified, half),
        "Width and height are swapped in the small picture: cv2.resize wants the width first.": (
            cv2.resize(on_its_side, (width, height))
        ),
        "This went down to a quarter. Shrink it to half.": (
            cv2.resize(cv2.resize(modified, (width // 4, height // 4)), (width, height))
        ),
    }
    if whole and any(equal(answer, picture) for picture in there_and_back(original)):
        return "This is the original card. Take the modified one."
    return compare_answer(answer, next(there_and_back(modified)), mistakes)


def there_and_back(picture: Image) -> Iterator[Image]:
    """Halve and enlarge again, in the usual ways of `cv2.resize`; its default comes first."""
    height, width = picture.shape[:2]
    for down, up in product(INTERPOLATIONS, repeat=2):
        small = cv2.resize(picture, (width // 2, height // 2), interpolation=down)
        yield cv2.resize(small, (width, height), interpolation=up)


QUESTIONS = (
    Question(
        "The logo of a card is amber, `[56 178 255]` in the array. Which colour does the logo "
        "have on the screen?",
        code="""
            card = cv2.imread("card.png")
            plt.imshow(card)
        """,
        choices=(
            Choice(
                "Amber: the numbers are the same for every library.",
                "The numbers are the same, but their order is read in another way: `cv2.imread` "
                "stores blue first, and matplotlib takes the first number for red.",
            ),
            Choice(
                "Light blue: red and blue have changed places.",
                "Matplotlib takes 56 for red and 255 for blue. "
                "`cv2.cvtColor(card, cv2.COLOR_BGR2RGB)` puts them into its order first.",
                right=True,
            ),
            Choice(
                "None: matplotlib refuses an array in BGR.",
                "It cannot tell BGR from RGB. Both are arrays of height, width and 3, so nothing "
                "warns you.",
            ),
        ),
    ),
)
