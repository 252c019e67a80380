"""Lesson 20: features, cosine, nearest neighbours."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.challenge.client import describe_error
from helpers.course.checking import RIGHT, compare_answer, describe_kind, equal, exercise
from helpers.course.questions import Choice, Question
from helpers.deep.network import load_network
from helpers.deep.pairs import brands_of
from helpers.deep.views import make_views
from helpers.loading import Image
from helpers.viewer.drawing import BLUE
from helpers.viewer.explorer import WIDTH, Frame, Render, Slider, slider

QUERY = np.array([1, 2])
VECTORS = {"a": [4, 8], "b": [2, 1], "c": [1, 1], "d": [-1, -2]}
BRANDS, VIEWS = 60, 8
NEAREST = 5  # pictures beside the query of the slider


@slider(
    Slider("turned", "degrees", 0, -90, 90, 5),
    Slider("blurred", "pixels", 0, 0, 5, 0.5),
    values=(0, 30, 90),
    title="turned by {} degrees",
    caption="The query on the left, beside it the nearest five. Blue frames: its own brand.",
    alt="A logo turned by 0, 30 and 90 degrees. The more it is turned, the fewer of the five "
    "pictures beside it have a frame.",
    columns=1,
)
def turned_query(
    picture: Image,
    label: int,
    gallery: Sequence[Image],
    labels: NDArray[np.int64],
    describe: Callable[[Sequence[Image]], NDArray[np.float32]],
) -> Render:
    """Turn and blur a logo; beside it the nearest five of the gallery, those of its brand framed.

    `label` is the number of its brand; `describe` gives vectors of unit length.
    """
    vectors = describe(gallery)
    diagonal = int(np.hypot(*picture.shape[:2])) + 1
    paper = picture[0, 0].tolist()

    def render(degrees: int, blur: float) -> Frame:
        query = turned(picture, degrees, diagonal, paper)
        if blur:
            query = cv2.GaussianBlur(query, (0, 0), blur)
        similarity = vectors @ describe([query])[0]
        order = np.argsort(-similarity, kind="stable")[:NEAREST]
        right = labels[order] == label
        row = [framed(query, False)]
        row += [framed(gallery[i], own) for i, own in zip(order, right, strict=True)]
        return Frame(
            f"turned by {degrees} degrees: {right.sum()} of the nearest {NEAREST} are right, "
            f"cosine {similarity[order[0]]:.2f} to {similarity[order[-1]]:.2f}",
            {"query, and the nearest five": np.hstack(row)},
        )

    return render


def turned(picture: Image, degrees: float, side: int, paper: Sequence[int]) -> Image:
    """Turn a picture anticlockwise in the middle of a square of its background."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return cv2.warpAffine(picture, matrix, (side, side), borderValue=paper)


def framed(picture: Image, right: bool) -> Image:
    """Make a tile of the row, with a blue frame where it is right, else a white one."""
    inner, frame = WIDTH // (NEAREST + 1) - 14, 7
    method = cv2.INTER_AREA if picture.shape[0] > inner else cv2.INTER_LINEAR
    tile = cv2.resize(picture, (inner, inner), interpolation=method)
    colour = BLUE if right else (255, 255, 255)
    return cv2.copyMakeBorder(tile, *[frame] * 4, cv2.BORDER_CONSTANT, value=colour)


def ordered(values: dict[str, float]) -> list[str]:
    """Sort names by their values, the largest first."""
    return sorted(values, key=values.get, reverse=True)


@exercise("20.1", "by_cosine")
def by_cosine(answer: Any) -> str:
    """Order four vectors by their cosine with a query."""
    products = {name: float(QUERY @ vector) for name, vector in VECTORS.items()}
    cosines = {name: products[name] / np.linalg.norm(VECTORS[name]) for name in VECTORS}
    distances = {name: np.linalg.norm(QUERY - vector) for name, vector in VECTORS.items()}
    right = ordered(cosines)
    try:
        given = list(answer)
    except TypeError:
        return f"It is {describe_kind(answer)}; expected is a list of four names."
    if isinstance(answer, str) or not all(isinstance(name, str) for name in given):
        return 'Give a list of four names in quotes, such as ["b", "a", "d", "c"].'
    if sorted(given) != sorted(VECTORS):
        return f"Give each of {', '.join(VECTORS)} once."
    if given == right:
        return RIGHT
    if given == right[::-1]:
        return "The order is turned round: the largest cosine is the nearest."
    if given == ordered(distances)[::-1]:
        return "That is the order of the distances. The cosine does not care how long an arrow is."
    if given == ordered(products):
        return "These are the products. Divide them by the lengths."
    if given.index("d") < given.index("b") or given.index("d") < given.index("c"):
        return "d points away from the query: no angle is larger, no cosine smaller."
    if given[0] != "a":
        return "One arrow points exactly where the query points. Its cosine is 1."
    return "Draw the arrows of b and c, and that of the query. Which angle is smaller?"


@cache
def features() -> NDArray[np.float32]:
    """Compute features of the lesson's pictures, shape (brands, views, D)."""
    pictures, _ = make_views(brands_of("test", BRANDS), VIEWS, seed=1)
    return load_network("classifier").features(pictures).reshape(BRANDS, VIEWS, -1)


def share_right(gallery: NDArray, queries: NDArray) -> float:
    """Count the queries that the nearest neighbour names right.

    Both have shape (brands, views, D).
    """
    cosines = np.einsum("bvd,cwd->bvcw", queries, gallery).max(axis=3)
    named = cosines.argmax(axis=2)
    return float(np.mean(named == np.arange(len(gallery))[:, None]))


@exercise("20.2", "score_of_one")
def score_of_one(answer: Any) -> str:
    """Name the queries with one picture of each brand in the gallery."""
    gallery, queries = features()[:, :4], features()[:, 4:]
    right = share_right(gallery[:, :1], queries)
    first_60 = gallery.reshape(-1, gallery.shape[-1])[:BRANDS].reshape(-1, 4, gallery.shape[-1])
    few = share_right(first_60, queries[: BRANDS // 4]) * len(first_60) / BRANDS
    mistakes = {
        "That is how many queries are right. Divide by the number of queries.": (
            right * BRANDS * (VIEWS - 4)
        ),
        "These are percent. Give a number from 0 to 1.": 100 * right,
        "That is the score with four pictures of each brand.": share_right(gallery, queries),
        "That is the share that is wrong.": 1 - right,
        "That is the first 60 rows, all views of only 15 brands. Take every fourth row.": few,
        "You asked about the gallery itself. Ask about the queries.": (
            share_right(gallery[:, :1], gallery)
        ),
    }
    for place in range(1, 4):
        other = share_right(gallery[:, place : place + 1], queries)
        mistakes[f"That is the score of view {place}, counted from 0. Take the first."] = other
    if equal(answer, right, tolerance=0.002):
        return RIGHT
    for message, value in mistakes.items():
        if equal(answer, value, tolerance=0.002 * max(value, 1)):
            return message
    return compare_answer(answer, right)


@exercise("20.3", "name_or_none")
def name_or_none(answer: Any) -> str:
    """Name the nearest neighbour where it is near enough."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    rng = np.random.default_rng(3)
    for _ in range(30):
        gallery = rng.normal(size=(6, 4))
        gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
        query = gallery[rng.integers(6)] + rng.normal(0, 0.5, 4)
        query /= np.linalg.norm(query)
        names = np.array([3, 3, 7, 7, 0, 0])
        cosines = np.sort(gallery @ query)
        # Not above all of them, so that numbers that are equal to the last bit do not decide.
        for smallest in (cosines[-1] - 0.01, cosines[-1] + 0.01, -1.0):
            message = check_name(answer, query, gallery, names, float(smallest))
            if message != RIGHT:
                return message
    exact = np.eye(4)
    return check_name(answer, exact[1], exact, np.array([5, 6, 7, 8]), 1.0)


def check_name(
    answer: Callable, query: NDArray, gallery: NDArray, names: NDArray, smallest: float
) -> str:
    """Compare the name that a function gives a query with the right one."""
    cosines = gallery @ query
    right = int(names[cosines.argmax()]) if cosines.max() >= smallest else None
    try:
        given = answer(query.copy(), gallery.copy(), names.copy(), smallest)
    except Exception as error:
        return f"It stops with {describe_error(error)}"
    if given is None or right is None:
        return check_none(given, right, cosines.max(), smallest)
    if equal(given, right):
        return RIGHT
    if equal(given, int(cosines.argmax())):
        return "It returns the row of the nearest. Return what names says about that row."
    if equal(given, int(names[cosines.argmin()])):
        return "It returns the farthest: the nearest has the largest cosine."
    if equal(given, float(cosines.max())):
        return "It returns the cosine. Return the name."
    if isinstance(given, (np.ndarray, list)):
        return f"It returns {describe_kind(given)}; expected is one name."
    return f"It returns {given!r} where the nearest row is named {right}."


def check_none(given: Any, right: int | None, largest: float, smallest: float) -> str:
    """Say what is off where a function names nothing, or should."""
    if given is right:
        return RIGHT
    numbers = f"the largest cosine is {largest:.2f} and smallest is {smallest:.2f}"
    if right is None:
        return f"It names {given!r} where {numbers}. Nothing is near enough there."
    if largest == smallest:
        return f"It returns None where {numbers}. None is only for what is below."
    return f"It returns None where {numbers}. Does it end with return in each case?"


QUESTIONS = (
    Question(
        "A network was trained to name brands, and its last layer was removed. Tomorrow a new "
        "brand opens. What does it take to recognise its logo with k nearest neighbours?",
        choices=(
            Choice(
                "Training again, with one more output for the new brand",
                "That is what the classifier with its head would need. Without the head there are "
                "no outputs to add to: the features say how alike two pictures are, whatever they "
                "show.",
            ),
            Choice(
                "The features of a picture or two, added to the gallery",
                "Nearest neighbours learn nothing: they keep the gallery and look for what is "
                "closest. A new brand is a new row, and the network stays as it is.",
                right=True,
            ),
            Choice(
                "Nothing at all: the features know it already",
                "The features describe its logo, but nothing in the gallery has its name. The "
                "nearest neighbour would be another brand.",
            ),
        ),
    ),
    Question(
        "Features have unit length. The cosine of the first two pictures is 0.8. The second two "
        "lie 0.5 apart, measured straight from tip to tip. Which two are more alike?",
        choices=(
            Choice(
                "The first two: 0.8 is more than 0.5.",
                "One is a similarity and grows with likeness, the other is a distance and "
                "shrinks. They cannot be set side by side as they are.",
            ),
            Choice(
                "Neither: angles and distances have nothing to do with each other.",
                "With unit length they have: the square of the distance is 2 minus twice the "
                "cosine.",
            ),
            Choice(
                "Equally, since 0.8 and 0.5 both lie above one half",
                "One half is no border here. The square of the distance is 2 minus twice the "
                "cosine, and that gives an exact answer.",
            ),
            Choice(
                "The second two: their cosine is nearly 0.88.",
                "The square of the distance is 2 minus twice the cosine: 0.25 = 2 - 2 times "
                "0.875. The first two lie 0.63 apart.",
                right=True,
            ),
        ),
    ),
)
