"""Lesson 14: bytes, tiles and sums."""

from collections.abc import Callable
from itertools import count, product
from typing import Any

import cv2
import numpy as np

from helpers.boxes import Box, draw_boxes
from helpers.course.checking import RIGHT, compare_answer, exercise
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.similarity import TILE
from helpers.viewer.drawing import BLUE, pair_in_bgr
from helpers.viewer.explorer import Frame, Render, Slider, slider

UINT8, UINT16, FLOAT = (np.dtype(kind).itemsize for kind in (np.uint8, np.uint16, np.float64))
ONE, TWO = 2 * FLOAT, 3 * FLOAT  # bytes a pixel of an operation on one array, on two
COLUMNS = TILE[1]
VALUES = 20_000_000

# What `ssim_sums` moves: bytes a pixel.
MOVED = {
    "to 16 bits": (2 * UINT8 + UINT16) + 3 * UINT8 + (UINT8 + UINT16),
    "box filters": 2 * (UINT8 + FLOAT) + 2 * (UINT16 + FLOAT),
    "the rest": 4 * (ONE + TWO) + 2 * ONE + 3 * TWO + 2 * TWO,
}
MISTAKES = {
    "to 16 bits": {
        "You count what is written with 1 byte. A product or a square of 16 bits has 2.": (
            8 * UINT8
        ),
        "Whatever is written is a new array, and its bytes count too.": 5 * UINT8,
        "cv2.absdiff moves bytes as well: it reads two arrays and writes one.": (
            MOVED["to 16 bits"] - 3 * UINT8
        ),
        "The square reads one array, not two.": MOVED["to 16 bits"] + UINT8,
        "np.multiply reads pictures of 8 bits and writes 16.": MOVED["to 16 bits"] + 2 * UINT8,
    },
    "box filters": {
        "A box filter here reads 1 or 2 bytes a pixel, and writes 8.": 4 * ONE,
        "Two of the four filters read a uint16.": 4 * (UINT8 + FLOAT),
        "Two of the four filters read a uint8.": 4 * (UINT16 + FLOAT),
        "You count four filters' results and not what they read.": 4 * FLOAT,
        "There are four box filters, not five.": 5 * ONE,
    },
    "the rest": {
        "`+=` reads one array and writes it: it is an operation on one array, not on two.": (
            MOVED["the rest"] + 2 * (TWO - ONE)
        ),
        "`+=` writes what it has read: two times 8 bytes.": MOVED["the rest"] - 2 * FLOAT,
        "The two `+=` count as well.": MOVED["the rest"] - 2 * ONE,
        "NumPy does one operation at a time: 2 * sum_a * sum_b are two.": (
            MOVED["the rest"] - 4 * ONE
        ),
        "The last line has two operations, a product and a division.": MOVED["the rest"] - TWO,
    },
}


@slider(
    Slider("side of a tile", "pixels", 96, 16, 400, 16),
    values=(16, 96, 400),
    title="tiles of {} pixels",
    caption="What has to be computed, framed, at three sizes of the tile. The rest is pale.",
    alt="The picture three times; a few specks are framed, then six squares, then nearly half.",
)
def tile_size(first: Image, second: Image) -> Render:
    """Frame the square tiles that SSIM has to compute: those with a difference within 3 pixels."""
    picture, other = pair_in_bgr(first, second)
    error = cv2.absdiff(to_gray(picture), to_gray(other))
    pale = 255 - (255 - picture) // 4
    height, width = error.shape

    def render(side: int) -> Frame:
        drawing, tiles, pixels = pale.copy(), [], 0
        corners = list(product(range(0, height, side), range(0, width, side)))
        for y, x in corners:
            halo = error[max(y - 3, 0) : y + side + 3, max(x - 3, 0) : x + side + 3]
            if halo.any():
                tile = np.s_[y : y + side, x : x + side]
                drawing[tile] = picture[tile]
                tiles.append(Box(x, y, *picture[tile].shape[1::-1]))
                pixels += halo.size
        drawing = draw_boxes(drawing, tiles, color=BLUE, thickness=5)
        share = f"{len(tiles)} of {len(corners)} tiles, {pixels / error.size:.1%} of the picture"
        return Frame(f"{side} x {side} pixels: {share}", {"picture in tiles": drawing})

    return render


@exercise("14.1", "sums_moved")
def sums_moved(answer: Any) -> str:
    """Count the bytes a pixel that ssim_sums moves, in three groups."""
    if compare_answer(answer, sum(MOVED.values())) == RIGHT:
        return "That is the sum. Give the three groups as a dictionary like moved."
    if not isinstance(answer, dict) or answer.keys() != MOVED.keys():
        return compare_answer(answer, MOVED)
    for group, right in MOVED.items():
        message = compare_answer(answer[group], right, MISTAKES[group])
        if message != RIGHT:
            return f"Below the key {group!r}: {message}"
    return RIGHT


@exercise("14.2", "enough_rows")
def enough_rows(answer: Any) -> str:
    """Find the least number of rows whose halo is less than a tenth of the tile."""
    # Whole numbers: ten times what is computed against eleven times the tile.
    right = least(lambda rows: 10 * (rows + 6) * (COLUMNS + 6) < 11 * rows * COLUMNS)
    mistakes = {
        "A halo of 3 pixels lies on both sides: 6 more rows, 6 more columns.": least(
            lambda rows: 10 * (rows + 3) * (COLUMNS + 3) < 11 * rows * COLUMNS
        ),
        "The columns have a halo too.": least(lambda rows: 10 * (rows + 6) < 11 * rows),
        "Take a tenth of the tile, not of what is computed with its halo.": least(
            lambda rows: 9 * (rows + 6) * (COLUMNS + 6) < 10 * rows * COLUMNS
        ),
        "These are the rows of helpers.ssim. Fewer are enough.": TILE[0],
    }
    message = compare_answer(answer, right, mistakes)
    if isinstance(answer, (int, float)) and right - 1 <= answer < right:
        return "Just short of it: there the halo is still a tenth or more. Give whole rows."
    return message


def least(fits: Callable[[int], bool]) -> int:
    """Find the least number of rows that fits."""
    return next(filter(fits, count(1)))


@exercise("14.3", "float32_mean")
def float32_mean(answer: Any) -> str:
    """Add up 20 million ones in float32, one by one, and divide by their number."""
    largest = 2.0 ** (np.finfo(np.float32).nmant + 1)  # adding 1 to it changes nothing
    mistakes = {
        "np.sum and np.mean add up in blocks, and float64 has digits enough. Use np.cumsum with "
        "dtype=np.float32.": 1,
        "That is the sum. Divide it by the number of ones.": largest,
        "That is the share that is lost. Which mean is left?": 1 - largest / VALUES,
    }
    return compare_answer(answer, largest / VALUES, mistakes, tolerance=0.0005)


QUESTIONS = (
    Question(
        "You widen the window of SSIM from 7 by 7 pixels to 11 by 11. The tiles of `in_tiles` "
        "keep their halo of 3 pixels. Which values of the map are wrong?",
        choices=(
            Choice(
                "None: a halo of 3 pixels is there to reach beyond the tile.",
                "It reaches 3 pixels, and a window of 11 reaches 5. What it lacks is filled by "
                "reflection, as if the picture ended there.",
            ),
            Choice(
                "Some within 2 pixels of a seam between tiles",
                "A window of 11 reaches 5 pixels beyond its middle, and 3 of them are in the "
                "halo. The outer 2 pixels of a tile see a reflection in place of the picture. The "
                "halo has to be half a window: 5.",
                right=True,
            ),
            Choice(
                "Those along the border of the picture",
                "There the reflection is right, in tiles as in the whole picture. The seams "
                "inside the picture are the trouble.",
            ),
            Choice(
                "All: each window is cut down to 7 by 7.",
                "No window is cut. In the middle of a tile all 11 by 11 pixels are there, and the "
                "values are right to the last bit.",
            ),
        ),
    ),
)
