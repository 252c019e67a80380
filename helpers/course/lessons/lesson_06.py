"""Lesson 06: bounding boxes."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from helpers.boxes import Box, draw_boxes
from helpers.course.checking import compare_answer, course_pairs, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.loading import Image
from helpers.methods import compare
from helpers.scoring.scores import match_boxes
from helpers.viewer.drawing import BLUE
from helpers.viewer.explorer import Frame, Render, Slider, slider


@slider(
    Slider("required overlap", "IoU", 0.5, 0.05, 1, 0.05),
    values=(0.05, 0.7, 0.85),
    title="overlap from {} up",
    caption="Boxes that count as right are blue and thick, the others red and thin.",
    alt="The picture with its boxes three times; from left to right fewer boxes are blue.",
)
def required_overlap(image: Image, found: Sequence[Box], truth: Sequence[Box]) -> Render:
    """Count the differences that are found when more overlap (IoU) is asked for."""

    def render(iou: float) -> Frame:
        right = {row for row, _ in match_boxes(found, truth, iou=iou)}
        wrong = [box for row, box in enumerate(found) if row not in right]
        drawing = draw_boxes(image, wrong)
        drawing = draw_boxes(drawing, [found[row] for row in right], color=BLUE, thickness=4)
        return Frame(
            f"overlap from {iou:.2f} up: {len(right)} of {len(truth)} differences found",
            {"picture with boxes": drawing},
        )

    return render


@cache
def boxes(name: str) -> list[Box]:
    """Find boxes on a pair by the recipe."""
    return compare(*pair(name), method="classic").boxes


@exercise("06.1", "corners")
def corners(answer: Any) -> str:
    """Give the first box of the cheque as (left, top, right, bottom)."""
    x, y, width, height = boxes("03")[0]
    true_x, true_y, true_width, true_height = course_pairs()[2].boxes[0]
    large = max(boxes("03"), key=lambda box: box.area)
    mistakes = {
        "This is the first true box. Take `boxes[0]`.": (
            true_x,
            true_y,
            true_x + true_width,
            true_y + true_height,
        ),
        "This is the largest box. Take `boxes[0]`.": (
            large.x,
            large.y,
            large.x + large.width,
            large.y + large.height,
        ),
        "The last two are still width and height. The second corner is x + width, y + height.": (
            x,
            y,
            width,
            height,
        ),
        "This second corner lies inside the box. Here it lies just outside: do not subtract 1.": (
            x,
            y,
            x + width - 1,
            y + height - 1,
        ),
        "Width and height are swapped: the width belongs to x, the height to y.": (
            x,
            y,
            x + height,
            y + width,
        ),
        "Rows and columns are swapped: left comes first, then top.": (
            y,
            x,
            y + height,
            x + width,
        ),
    }
    return compare_answer(answer, (x, y, x + width, y + height), mistakes)


@exercise("06.2", "iou")
def iou(answer: Any) -> str:
    """Compute the IoU of two boxes of which half is shared."""
    right = 50 / 150
    mistakes = {
        "That has too few decimals. Give three.": round(right, 2),
        "This counts the shared half twice. Subtract it once from the sum of both areas.": 50 / 200,
        "This is the share of one box. Divide by the area that either box covers.": 50 / 100,
        "This is the shared area. Divide it by the area that either box covers.": 50,
        "This is union over intersection; turn it over.": 150 / 50,
    }
    return compare_answer(answer, right, mistakes, tolerance=0.001)


@exercise("06.3", "needed_area")
def needed_area(answer: Any) -> str:
    """Find the smallest area that removes every box from pair 10."""
    areas = [box.area for box in boxes("10")]
    mistakes = {
        "One box of pair 10 has just this area, and from n pixels up boxes stay. One more.": max(
            areas
        ),
        "That is how many boxes there are. Ask each box for its area.": len(areas),
        "This removes no box: it is the smallest area. Look for the largest.": min(areas),
    }
    return compare_answer(answer, max(areas) + 1, mistakes)


QUESTIONS = (
    Question(
        "A change has the box `797, 284, 139, 64`. What do these lines draw?",
        code="""
            x, y, w, h = cv2.boundingRect(contour)
            cv2.rectangle(picture, (x, y), (w, h), (0, 0, 255), 2)
        """,
        choices=(
            Choice(
                "The right box, but one pixel too large to the right and below",
                "That is what `(x + w, y + h)` would do, without the −1. Here the second corner "  # noqa: RUF001
                "is (139, 64), far away from the change.",
            ),
            Choice(
                "Nothing, as the second corner lies above and left of the first",
                "`cv2.rectangle` takes any two opposite corners, in any order.",
            ),
            Choice(
                "A large box that ends where the change begins",
                "Width and height are taken for a second corner, so the box reaches from "
                "(139, 64) to (797, 284), the top left pixel of the change. The second corner is "
                "`(x + w - 1, y + h - 1)`.",
                right=True,
            ),
            Choice(
                "The right box, in blue",
                "Blue comes first, so `(0, 0, 255)` is red. And the box is not the right one: "
                "look at the second corner.",
            ),
        ),
    ),
)
