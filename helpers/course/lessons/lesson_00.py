"""Lesson 00: the whole recipe once."""

from typing import Any

import cv2

from helpers.boxes import draw_boxes
from helpers.comparison import Comparison
from helpers.course.checking import RIGHT, compare_answer, describe_kind, equal, exercise, pair
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.methods import compare
from helpers.viewer.drawing import pair_in_bgr
from helpers.viewer.explorer import Frame, Render, Slider, slider

BLUE, RED = (255, 0, 0), (0, 0, 255)


@slider(
    Slider("modified", "%", 0, 0, 100),
    values=(0, 50, 100),
    title="{} % modified",
    caption="The slider's first, middle and last position: what fades is what changed.",
    alt="The picture at three positions of the slider: original, half of each, modified.",
)
def fade(first: Image, second: Image) -> Render:
    """Fade from the original (0 %) to the modified picture (100 %)."""
    first, second = pair_in_bgr(first, second)

    def render(percent: int) -> Frame:
        blend = cv2.addWeighted(first, 1 - percent / 100, second, percent / 100, 0)
        return Frame(f"{100 - percent} % original, {percent} % modified", {"blend of both": blend})

    return render


@exercise("00.1", "card")
def card(answer: Any) -> str:
    """Compare the two pictures of the payment card by the classic method."""
    if not isinstance(answer, Comparison):
        return no_comparison(answer)
    original, modified = pair("01")
    if equal(answer.first, modified) and equal(answer.second, original):
        return "The two pictures are swapped: the original comes first."
    if not (equal(answer.first, original) and equal(answer.second, modified)):
        return (
            "These are not the two pictures of the payment card. Which files do the arguments name?"
        )
    if answer.method != "classic":
        return f"This is what the method {answer.method!r} finds. Say which method you want."
    if answer.boxes != compare(original, modified, method="classic").boxes:
        return "The boxes are other ones. Give helpers.compare no setting but the method."
    return RIGHT


@exercise("00.2", "twin")
def twin(answer: Any) -> str:
    """Compare the cheque with itself, by either method."""
    if not isinstance(answer, Comparison):
        return no_comparison(answer)
    if not equal(answer.first, answer.second):
        return "Two different pictures are compared here. Give one picture twice."
    cheques = pair("03")
    if answer.first.shape[:2] != cheques[0].shape[:2]:
        return "This is another picture, not the cheque. Give cheque_original twice."
    if not any(equal(answer.first, cheque) for cheque in cheques):
        return "The picture is not the cheque as its file holds it. Give cheque_original twice."
    return RIGHT


def no_comparison(answer: Any) -> str:
    """Say that something else than the result of `compare` was kept."""
    return (
        f"It is {describe_kind(answer)}. Keep all that helpers.compare returns: a Comparison, "
        "which knows its boxes and its score."
    )


@exercise("00.3", "blue_boxes")
def blue_boxes(answer: Any, cheque_original: Any) -> str:
    """Draw the boxes on a copy of the original, in blue, with a thickness of 5."""
    original, modified = pair("03")
    if not equal(cheque_original, original):
        return (
            "cheque_original was drawn on too. Load it again with cv2.imread, then draw on a copy."
        )
    boxes = compare(original, modified, method="classic").boxes
    outside = [(x, y, width + 1, height + 1) for x, y, width, height in boxes]
    sizes_as_corners = [  # any two opposite corners make a rectangle
        (min(x, width), min(y, height), abs(width - x) + 1, abs(height - y) + 1)
        for x, y, width, height in boxes
    ]

    def drawn(
        picture: Image = original, color: tuple = BLUE, thickness: int = 5, boxes: list = boxes
    ) -> Image:
        return draw_boxes(picture, boxes, color=color, thickness=thickness)

    mistakes = {
        "No box is drawn on it yet.": original,
        "These boxes are red. Which colour comes first in OpenCV?": drawn(color=RED),
        "Neither colour nor thickness is as asked. Left out, they are red and 2.": (
            drawn(color=RED, thickness=2)
        ),
        "These boxes are on the modified cheque. Draw them on the original.": drawn(modified),
        "These boxes are on a gray picture. Draw them on the one in colour.": (
            drawn(to_gray(original))
        ),
        "The second corners lie outside. For cv2.rectangle they are the last pixels inside.": (
            drawn(boxes=outside)
        ),
        "Here width and height are taken for the second corner. Where does the box end?": (
            drawn(boxes=sizes_as_corners)
        ),
    }
    for thickness in (1, 2, 3, 7, 9):  # OpenCV draws 3 and 4 alike, and 5 and 6
        too = "thin" if thickness < 5 else "thick"
        mistakes[f"These lines are too {too}, like those of thickness {thickness}."] = drawn(
            thickness=thickness
        )
    return compare_answer(answer, drawn(), mistakes)
