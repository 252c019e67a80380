"""Lesson 06: bounding boxes."""

from functools import cache
from typing import Any

from helpers.boxes import Box
from helpers.compare import compare
from helpers.course.checking import course_pairs, exercise, judge, pair


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
    return judge(answer, (x, y, x + width, y + height), mistakes)


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
    return judge(answer, right, mistakes, tolerance=0.001)


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
    return judge(answer, max(areas) + 1, mistakes)
