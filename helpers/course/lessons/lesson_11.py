"""Lesson 11: alignment."""

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.alignment import find_alignment, warp
from helpers.course.checking import RIGHT, compare_answer, equal, exercise, pair
from helpers.course.questions import Choice, Question
from helpers.grayscale import to_gray
from helpers.loading import Image, PictureError, check_image
from helpers.methods import compare
from helpers.similarity import ssim
from helpers.viewer.explorer import Frame, Render, Slider, slider

LOOK_UP = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


@slider(
    Slider("angle", "degrees", 0, -3, 3, 0.1),
    values=(-2.0, -1.0, 0.0),
    title="{} degrees",
    caption="The overlay at three angles. Red and cyan fringes show what does not fit.",
    alt="Three overlays; the middle one is gray, the others are coloured towards the corners.",
)
def angle(first: Image, second: Image) -> Render:
    """Turn the second picture back by hand; its shift is taken back already.

    The first is red, the second blue and green; what is gray fits.
    """
    check_image(first, "the first picture")
    check_image(second, "the second picture")
    first, second = to_gray(first), to_gray(second)
    found = find_alignment(first, second)
    if found is None:
        raise PictureError("No alignment was found. Give a pair of which one picture was moved.")
    centre = (first.shape[1] - 1) / 2, (first.shape[0] - 1) / 2

    def render(degrees: float) -> Frame:
        matrix = cv2.getRotationMatrix2D(centre, -degrees, 1)  # OpenCV turns anticlockwise
        matrix[:, 2] += found.dx, found.dy
        turned = warp(second, found._replace(matrix=matrix))
        score, _ = ssim(first, turned)
        reading = f"turned by {degrees:.1f} degrees: SSIM {score:.4f}"
        return Frame(
            f"{reading}. find_alignment: {found.angle:.2f}",
            {"overlay": cv2.merge([turned, turned, first])},
        )

    return render


@exercise("11.1", "box_counts")
def box_counts(answer: Any) -> str:
    """Count the boxes on a pair moved by one pixel, before and after alignment."""
    return compare_answer(answer, *right_and_wrong_counts())


@cache
def right_and_wrong_counts() -> tuple[tuple[int, int], dict[str, Any]]:
    """Count before and after alignment, and as somebody counts who makes a mistake."""
    first, second = to_gray(pair("03")[0])[:, :-1], to_gray(pair("03")[1])[:, 1:]
    alignment = find_alignment(first, second)
    aligned = warp(second, alignment)
    before, after = count(first, second), count(first, aligned)
    away = warp(second, find_alignment(second, first))
    mistakes = {
        "The order is the other one: first before the alignment, then after it.": (after, before),
        "The second number still belongs to the pair as it lay. Compare what warp returns with "
        "the first picture as it is.": (before, before),
        "A picture moved the wrong way. find_alignment takes the first picture first, and warp "
        "moves the second.": (before, count(first, away)),
        'The method "robust" aligns by itself. Say method="classic".': (
            count(first, second, "robust"),
            count(first, aligned, "robust"),
        ),
        "This is how many boxes there are after the alignment. Give both numbers.": after,
        "This is how many boxes there are before the alignment. Give both numbers.": before,
    }
    return (before, after), mistakes


def count(first: Image, second: Image, method: str = "classic") -> int:
    """Count the boxes that a method draws."""
    return len(compare(first, second, method=method).boxes)


@exercise("11.2", "sheet_errors")
def sheet_errors(answer: Any, cheque: Any) -> str:
    """Compute how far a white and a black sheet drag ECC away."""
    if not np.array_equal(cheque, to_gray(pair("03")[0])):
        return (
            "`cheque` itself is covered now, and `cheque_first` is a part of it. Run the cells "
            "that make them again, then lay each sheet on a copy."
        )
    white, black = sheet_error(245), sheet_error(0)
    right = {245: white, 0: black}
    mistakes = {
        "The two are swapped. White is 245, black is 0.": {245: black, 0: white},
        "Both are the error of the white sheet. Lay the black one on a new copy.": {
            245: white,
            0: white,
        },
        "Both are the error of the black sheet. Lay the white one on a new copy.": {
            245: black,
            0: black,
        },
    }
    message = compare_answer(answer, right, mistakes, tolerance=0.01)
    known = message in (RIGHT, *mistakes)
    if known or not isinstance(answer, dict) or answer.keys() != right.keys():
        return message
    if equal(answer[245], corner_error(np.eye(2, 3)), tolerance=0.01):
        return "This is the error of no move at all. Photograph the covered cheque again."
    if equal(answer[245], sheet_error(245, cv2.MOTION_AFFINE), tolerance=0.01):
        return "This is the affine matrix, which may also stretch. Take MOTION_EUCLIDEAN."
    if any(equal(answer[level], right[level], tolerance=0.01) for level in right):
        return (
            f"{message} Does each sheet start from a new np.eye? OpenCV writes its answer into "
            "the matrix it starts from."
        )
    return message


@cache
def sheet_error(level: int, kind: int = cv2.MOTION_EUCLIDEAN) -> float:
    """Measure how far off ECC puts a corner of the cheque when a sheet covers part of it."""
    cheque = to_gray(pair("03")[0])
    covered = cheque.copy()
    covered[60:245, 70:530] = level
    again = cv2.warpAffine(covered, turn(), cheque.shape[::-1], flags=cv2.INTER_CUBIC)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    inside, start = np.s_[40:-40, 40:-40], np.eye(2, 3, dtype=np.float32)
    _, matrix = cv2.findTransformECC(cheque[inside], again[inside], start, kind, stop, None, 5)
    return corner_error(matrix)


def turn() -> NDArray[np.float64]:
    """Make the lesson's matrix, by which the cheque was moved."""
    matrix = cv2.getRotationMatrix2D((500, 225), 1, 1)
    matrix[:, 2] += (4, -3)
    return matrix


def corner_error(matrix: NDArray) -> float:
    """Measure how far off a matrix puts a corner of the inner cheque."""
    true = turn()
    true[:, 2] += true[:, :2] @ (40, 40) - 40
    height, width = (length - 80 for length in pair("03")[0].shape[:2])
    corners = np.array([(0, 0, 1), (width, 0, 1), (0, height, 1), (width, height, 1)]).T
    return float(np.hypot(*(matrix @ corners - true @ corners)).max())


@exercise("11.3", "homography_score")
def homography_score(answer: Any) -> str:
    """Compute how well the gravel seen at a slant fits when it is warped by a homography."""
    if isinstance(answer, tuple):
        return "This is a tuple. helpers.ssim returns the score and the map: keep the score."
    first, second, true = slanted_pair()
    alignment = find_alignment(to_gray(first), to_gray(second))._replace(bend=None)
    laid, rest = warp(second, alignment), after_alignment(true, alignment.matrix)
    mistakes = {
        "The matrix points the other way: without WARP_INVERSE_MAP OpenCV inverts it.": (
            score(first, second, true, cv2.INTER_LINEAR)
        ),
        "The patches were asked on the laid picture. Bring their targets back by its matrix.": (
            score(first, second, rest)
        ),
        "This lays what was laid already, and that is softer. Lay the second picture itself.": (
            score(first, laid, rest)
        ),
        "The homography leads to the second picture as it was. Lay that, not the laid one.": (
            score(first, laid, true)
        ),
        "This is the score before any alignment.": ssim(to_gray(first), to_gray(second))[0],
        "This is the score with four numbers. Lay the second picture with the homography.": (
            ssim(to_gray(first), to_gray(laid))[0]
        ),
        "Without INTER_LINEAR each pixel takes its nearest one. Give both flags, with |.": (
            score(first, second, true, cv2.WARP_INVERSE_MAP)
        ),
    }
    # What the patches find is a little off the true homography; a repeated border adds a little.
    return compare_answer(answer, score(first, second, true), mistakes, tolerance=0.009)


def slanted_pair() -> tuple[Image, Image, NDArray[np.float64]]:
    """Give the gravel, the gravel seen at a slant, and the homography between them."""
    gravel, _ = pair("12")
    height, width = gravel.shape[:2]
    slanted = np.float32([(10, 0), (width - 10, 0), (0, height), (width, height)])
    upright = np.float32([(0, 0), (width, 0), (0, height), (width, height)])
    seen = cv2.getPerspectiveTransform(upright, slanted)
    inside, cut = np.s_[30:-5, 30:-30], np.array([[1, 0, 30], [0, 1, 30], [0, 0, 1]])
    second = cv2.warpPerspective(gravel, seen, (width, height))
    return gravel[inside], second[inside], np.linalg.inv(cut) @ seen @ cut


def after_alignment(homography: NDArray, matrix: NDArray) -> NDArray[np.float64]:
    """Compute what is left of a homography when a matrix aligned the second picture before."""
    return np.linalg.inv(np.vstack([matrix, (0, 0, 1)])) @ homography


def score(first: Image, second: Image, homography: NDArray, flags: int = LOOK_UP) -> float:
    """Compute the SSIM of the first picture and the second one warped by a homography."""
    laid = cv2.warpPerspective(second, homography, first.shape[1::-1], flags=flags)
    return ssim(to_gray(first), to_gray(laid))[0]


QUESTIONS = (
    Question(
        "The camera moved by 12 pixels. You skip the alignment and compare each pixel with a "
        "neighbourhood of 25 by 25, so that moved edges are excused. What does that cost?",
        choices=(
            Choice(
                "Nothing: 25 pixels reach just as far as the camera moved.",
                "They do reach that far. But the range of so many values is wide nearly "
                "everywhere, and a real change easily lies within it.",
            ),
            Choice(
                "Real changes: many of them are excused like the edges.",
                "On the circuit board of pair 08, which did not move, 3 by 3 pixels leave more "
                "than 8 gray levels of all five changes, and 25 by 25 of one only. Align first; "
                "then one pixel to each side is enough.",
                right=True,
            ),
            Choice(
                "The moved edges: no neighbourhood excuses an edge 12 pixels away.",
                "12 pixels to each side and the pixel itself make 25, so the edge is excused. The "
                "trouble is what else is.",
            ),
        ),
    ),
    Question(
        "Two gray pictures of gravel score lower after these lines than before. What is wrong?",
        code="""
            alignment = helpers.find_alignment(first, second)
            size = first.shape[::-1]
            laid = cv2.warpAffine(second, alignment.matrix, size)
        """,
        choices=(
            Choice(
                "`size` is the wrong way round.",
                "The shape is height, width, and `cv2.warpAffine` wants the width first. That is "
                "what `[::-1]` is for.",
            ),
            Choice(
                "The look-up between pixels blurs the picture.",
                "It does, a little. Laid the right way, the gravel of pair 12 scores 0.96 in "
                "spite of it; laid like this, 0.04.",
            ),
            Choice(
                "The matrix is used in the wrong direction.",
                "It leads from the first picture to the second. Without `cv2.WARP_INVERSE_MAP` "
                "the stones are moved the same way once more, and end up twice as far away. No "
                "error tells you.",
                right=True,
            ),
            Choice(
                "The matrix should come from `cv2.findTransformECC`.",
                "That one leads from the first picture to the second as well, so the same line "
                "would go wrong with it.",
            ),
        ),
    ),
)
