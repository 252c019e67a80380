"""Lesson 10: noise and compression."""

from functools import cache
from itertools import accumulate
from typing import Any

import cv2
import numpy as np

from helpers.boxes import draw_boxes
from helpers.course.checking import RIGHT, compare_answer, equal, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image, to_bgr
from helpers.methods import compare
from helpers.noise import measure_tolerance
from helpers.robust import CLEAR, detect, prepare
from helpers.settings import DEFAULTS, Settings
from helpers.viewer.drawing import BLUE, RED, pair_in_bgr
from helpers.viewer.explorer import Frame, Render, Slider, slider

ROW = np.array([[10, 10, 10, 200, 200, 200]], np.uint8)
ROW_FURTHER = np.array([[10, 10, 10, 10, 10, 200]], np.uint8)
SIGMAS = np.arange(0.5, 3, 0.1)


@slider(
    Slider("ignore below", "gray levels", DEFAULTS.ignore_below, 0, 60),
    values=(0, 25, 60),
    title="ignore below {}",
    caption="Orange pixels belong to a change, which has a blue box.",
    alt="The pale picture three times: all orange at 0, a boxed orange patch at 25, nothing at 60.",
)
def ignore_below(first: Image, second: Image) -> Render:
    """Show what `compare` finds when it ignores more or fewer gray levels, without alignment."""
    prepared = prepare(*pair_in_bgr(first, second), Settings(align=False), keep=True)
    pale = to_bgr(255 - (255 - to_gray(second)) // 3)
    red = np.full_like(pale, RED)

    def render(level: int) -> Frame:
        found = detect(prepared, Settings(ignore_below=level))
        drawing = cv2.copyTo(red, found.mask, pale.copy())
        drawing = draw_boxes(drawing, found.boxes, color=BLUE, thickness=4)
        share, count = cv2.countNonZero(found.mask) / found.mask.size, len(found.boxes)
        return Frame(
            f"ignore below {level}: {share:.2%} of pixels belong to changes, "
            f"{count} {'box' if count == 1 else 'boxes'}",
            {"what differs": drawing},
        )

    return render


@exercise("10.1", "wider")
def wider(answer: Any) -> str:
    """Make the smallest neighbourhood that excuses an edge moved by two pixels."""
    right = np.ones((1, 5), np.uint8)
    if not isinstance(answer, np.ndarray) or answer.ndim not in (1, 2):
        mistakes = {"That is how wide it must be. Make the neighbourhood itself, with np.ones.": 5}
        return compare_answer(answer, right, mistakes)
    if answer.dtype.kind not in "iufb" or answer.size == 0 or not np.all(answer == 1):
        return "It does not hold ones only, so it leaves neighbours out. Make it with np.ones."
    if answer.size == right.size and by_how_much_outside(answer) == 0:
        return RIGHT
    height, width = np.atleast_2d(answer).shape
    if height > 1:
        return (
            f"It is {height} pixels high and {width} wide, and the row is one pixel high. "
            "np.ones takes the rows first, then the columns."
        )
    if width % 2 == 0:
        return "An even width reaches further to one side than to the other. Take an odd one."
    if width < right.size:
        return "It is too narrow: 200 lies two pixels away, and it does not reach that far."
    return "It excuses the edge, and so does a narrower one. Find the narrowest."


def by_how_much_outside(square: np.ndarray) -> int:
    """Compute by how much the first row leaves the range of the other one."""
    try:
        above = cv2.subtract(ROW, cv2.dilate(ROW_FURTHER, square))
        below = cv2.subtract(cv2.erode(ROW_FURTHER, square), ROW)
    except cv2.error:  # a type of number that OpenCV does not take
        return 255
    return int(cv2.max(above, below).max())


@exercise("10.2", "smallest_sigma")
def smallest_sigma(answer: Any) -> str:
    """Find the first blur that brings the deviation of noise below 3."""
    noise = np.random.default_rng(10).normal(0, 10, (300, 300))
    blurred = [cv2.GaussianBlur(noise, (0, 0), sigma) for sigma in SIGMAS]
    place = first_below(3, [values.std() for values in blurred])
    again = accumulate(
        SIGMAS, lambda values, sigma: cv2.GaussianBlur(values, (0, 0), sigma), initial=noise
    )
    steps_again = first_below(3, [values.std() for values in again])
    mistakes = {
        "At this sigma the deviation is still 3 or more. One step further.": SIGMAS[place - 1],
        "It is below 3 one step earlier already.": SIGMAS[place + 1],
        "Here the variance falls below 3. The deviation is its square root.": (
            SIGMAS[first_below(3, [values.var() for values in blurred])]
        ),
        "This blurs what is blurred already. Start from `errors` each time.": SIGMAS[
            steps_again - 1
        ],
        "This is the end of the search: no blur was enough. Is the size of the neighbourhood "
        "(0, 0)?": SIGMAS[-1],
        "This is the deviation that is left. Give the sigma.": blurred[place].std(),
        "This is how many steps you went. Give the sigma you came to.": place,
    }
    return compare_answer(answer, SIGMAS[place], mistakes, tolerance=0.001)


def first_below(limit: float, values: list[float]) -> int:
    """Find the index of the first value below a limit."""
    return next(place for place, value in enumerate(values) if value < limit)


@exercise("10.3", "faintest")
def faintest(answer: Any, photo: Any) -> str:
    """Find the faintest stain on the cup that still gets a box."""
    right = faintest_found(80, 85)
    if equal(answer, right):
        return RIGHT
    original, _ = pair("10")
    if not np.array_equal(photo, original):
        return (
            "`photo` itself has a stain now: cv2.copyTo draws into the array you give it. "
            "Load it again, then draw on a copy."
        )
    allowed = measure_tolerance(original, stained(45, 80, 85), 8, radius=1).gray
    if equal(answer, CLEAR * allowed, tolerance=0.5):
        return "By so much a pixel by itself must differ. A mean tells more: now try it."
    mistakes = {
        "Stored at 80 and then at 85, this stain is not found. Give the first one that is.": (
            right - 1
        ),
        "This one is found, and so is one that is a level fainter.": right + 1,
        "This is the quality of a JPEG. Give the levels of the stain.": 80,
        "Here the stain is not stored as JPEG: the pair is exact. Store it.": faintest_found(),
        "Are the qualities 80 and 85? Without a number cv2.imencode takes 95.": (
            faintest_found(95, 95)
        ),
        "Stored once, the stain has a loss that the original can have, too, and it cancels. Store "
        "it twice, and compare `photo` with it.": faintest_found(80),
        'The method "classic" boxes any noise. Compare without a method.': 1,
    }
    return compare_answer(answer, right, mistakes)


@cache
def faintest_found(*qualities: int) -> int:
    """Find the fewest gray levels at which a stain gets a box."""
    photo, _ = pair("10")
    return next(n for n in range(1, 41) if compare(photo, stained(n, *qualities)).boxes)


def stained(levels: int, *qualities: int) -> Image:
    """Stain the cup by so many gray levels, and store it as JPEG at each of the qualities."""
    photo, _ = pair("10")
    spot = cv2.circle(np.zeros(photo.shape[:2], np.uint8), (66, 150), 12, 255, cv2.FILLED)
    darker = cv2.subtract(photo, np.full_like(photo, levels))
    stain = cv2.copyTo(darker, spot, photo.copy())
    for quality in qualities:
        packed = cv2.imencode(".jpg", stain, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        stain = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return stain


QUESTIONS = (
    Question(
        "A dark line, one pixel wide, stands in `second` only. What do these lines find?",
        code="""
            square = np.ones((3, 3), "uint8")
            above = cv2.subtract(first, cv2.dilate(second, square))
            below = cv2.subtract(cv2.erode(second, square), first)
            found = cv2.max(above, below)
        """,
        choices=(
            Choice(
                "Nothing, in any pixel",
                "Each pixel of `first` finds its value beside the line, so it lies within the "
                "range. Only `second`, looking for its line in `first`, finds out. That is why "
                "both directions are asked.",
                right=True,
            ),
            Choice(
                "The line",
                "Only a pixel of the line can say that its value is missing in the other picture. "
                "These lines ask the pixels of `first`, and the line is in `second`.",
            ),
            Choice(
                "The line and one pixel to each side",
                "The range does become wider there, by one pixel to each side. But a wider range "
                "excuses more; it never finds more.",
            ),
        ),
    ),
)
