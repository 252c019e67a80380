"""Lesson 23: contrastive loss."""

from collections.abc import Callable
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.challenge.client import describe_error
from helpers.course.checking import RIGHT, as_numbers, compare_answer, describe_kind, exercise
from helpers.course.questions import Choice, Question
from helpers.deep.toy import move_points
from helpers.loading import Image
from helpers.viewer import figures
from helpers.viewer.drawing import BLUE, GREEN, RED, render_figure
from helpers.viewer.explorer import Explorer, Frame, Slider, Strip

MARGINS = np.array([0.5, 1, 1.5])
Numbers = NDArray[np.float64]
SIDE = 340  # pixels of the slider's circle, and of the curves beside it
COLOURS = (BLUE, RED, GREEN)  # of families


def margin(points: NDArray[np.float64], labels: NDArray[np.int64], *, steps: int) -> Explorer:
    """Move points on the unit circle by the contrastive loss, with another margin.

    Beside them is what a pair pays for its distance, and a dot for each pair.
    """
    first, second = np.triu_indices(len(points), 1)
    same = labels[first] == labels[second]
    paths = cache(lambda size: move_points(points, labels, margin=size, steps=steps))

    def render(size: float, step: int) -> Frame:
        path = paths(size)[: step + 1]
        distance = np.linalg.norm(path[-1][first] - path[-1][second], axis=1)
        pays = np.where(same, distance, np.maximum(size - distance, 0)) ** 2
        loss = pays[same].mean() + pays[~same].mean()
        circle, curves = draw_circle(path, labels), draw_curves(size, distance, pays, same)
        return Frame(
            f"margin {size:.1f}, step {step}: the nearest of two classes are "
            f"{distance[~same].min():.2f} apart, the farthest of one {distance[same].max():.2f}, "
            f"loss {loss:.2f}",
            {"points, and what their pairs pay": np.hstack([circle, curves])},
        )

    strip = Strip(
        caption=f"After {steps} steps. A family has one colour; of its two sisters one is filled, "
        "one hollow. Lines show the ways they went, drawn from within outwards.",
        alt="Three circles. At a small margin sisters stay side by side; at a middle one six "
        "groups stand evenly; at a large one they stand the same way.",
        values=(0.2, 1.0, 2.0),
        title="margin {}",
        detail=np.s_[:, :SIDE],
    )
    sliders = [Slider("margin", "", 1.0, 0.1, 2, 0.1), Slider("step", "", steps, 0, steps)]
    return Explorer(sliders, render, strip=strip, name="margin")


def draw_circle(path: NDArray[np.float64], labels: NDArray[np.int64]) -> Image:
    """Draw points where they are, with a thin line along the way they came."""
    drawing = np.full((SIDE, SIDE, 3), 255, np.uint8)
    middle, radius = SIDE // 2, SIDE // 2 - 20
    cv2.circle(drawing, (middle, middle), radius, (210, 210, 210), 1, cv2.LINE_AA)
    # The further back, the smaller the circle, so that a way is not drawn over itself.
    inward = np.linspace(1, 0.75, len(path))[::-1, None, None]
    ways = (middle + radius * path * inward * (1, -1)).transpose(1, 0, 2)
    ways = np.ascontiguousarray(np.round(ways), dtype=np.int32)
    for label, way in zip(labels, ways, strict=True):
        colour, end = COLOURS[label // 2], way[-1].tolist()
        cv2.polylines(drawing, [way], False, colour, 1, cv2.LINE_AA)
        cv2.circle(drawing, end, 6, colour if label % 2 else (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(drawing, end, 6, colour, 2, cv2.LINE_AA)
    return drawing


@cache
def draw_axes() -> tuple[Image, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Draw axes for distance and what is paid for it; give the pixels of (0, 0) and of (2, 4)."""
    side = SIDE / 100
    fig, ax = figures.plt.subplots(figsize=(side, side), dpi=100)
    ax.set(xlim=(0, 2), ylim=(-0.1, 4), xlabel="distance of a pair", ylabel="what it pays")
    picture = render_figure(fig)
    corners = ax.transData.transform([(0, 0), (2, 4)])
    return picture, (corners[:, 0], len(picture) - corners[:, 1])


def draw_curves(
    size: float, distance: NDArray[np.float64], pays: NDArray[np.float64], same: NDArray[np.bool_]
) -> Image:
    """Draw what a pair pays for its distance, blue for one class, red for two; a dot for each."""
    axes, (columns, rows) = draw_axes()
    drawing = axes.copy()
    line = np.linspace(0, 2, 101)

    def place(x: NDArray, y: NDArray) -> NDArray[np.int32]:
        where = np.interp(x, (0, 2), columns), np.interp(y, (0, 4), rows)
        return np.round(np.column_stack(where)).astype(np.int32)

    curves = (line**2, BLUE, same), (np.maximum(size - line, 0) ** 2, RED, ~same)
    for pay, colour, kind in curves:
        cv2.polylines(drawing, [place(line, pay)], False, colour, 2, cv2.LINE_AA)
        for dot in place(distance[kind], pays[kind]).tolist():
            cv2.circle(drawing, dot, 4, colour, -1, cv2.LINE_AA)
    return drawing


@exercise("23.1", "let_go")
def let_go(answer: Any) -> str:
    """Give the cosines at which three margins stop pushing."""
    right = 1 - MARGINS**2 / 2
    mistakes = {
        "These are the margins. At which cosine is a distance as large?": MARGINS,
        "That would be so if 1 - cos were the distance. Its square is 2 - 2 cos.": 1 - MARGINS,
        "The square of the distance is 2 - 2 cos; halve it.": 1 - MARGINS**2,
        "Square the margin.": 1 - MARGINS / 2,
        "You take the margin for an angle. It is a distance, straight through the circle.": (
            np.cos(MARGINS)
        ),
        "The order is swapped: the smallest margin comes first.": right[::-1],
        "The sign is the other one.": -right,
    }
    return compare_answer(answer, right.tolist(), mistakes, tolerance=0.005)


def run(answer: Callable[..., Any], cases: list[tuple], check_case: Callable[..., str]) -> str:
    """Check a function on several cases, until one is wrong."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    for case in cases:
        copies = [part.copy() if isinstance(part, np.ndarray) else part for part in case]
        try:
            given = answer(*copies)
        except Exception as error:
            return f"It stops with {describe_error(error)}"
        message = check_case(given, *case)
        if message != RIGHT:
            return message
    return RIGHT


@exercise("23.2", "contrastive_loss")
def contrastive_loss(answer: Any) -> str:
    """Write the contrastive loss of pairs, from their distances."""
    rng = np.random.default_rng(23)
    distances = rng.uniform(0, 2, 60), rng.uniform(0, 2, 60)
    same = np.arange(60) < 15
    cases = [(distances[0], same, 1.0), (distances[1], same, 0.4), (distances[0], same, 1.7)]
    return run(answer, cases, check_contrastive)


def check_contrastive(given: Any, distance: Numbers, same: NDArray[np.bool_], margin: float) -> str:
    """Compare a loss with the contrastive loss of these pairs."""
    missing = np.maximum(margin - distance, 0)
    both = np.mean(distance[same] ** 2), np.mean(missing[~same] ** 2)
    pays = np.where(same, distance, missing)
    mistakes = {
        "Pairs of two brands beyond the margin pay, too. What is negative has to become 0 first.": (
            both[0] + np.mean((margin - distance[~same]) ** 2)
        ),
        "Both kinds count by their number. Take the mean of each kind by itself, then add.": (
            np.mean(pays**2)
        ),
        "You add up what pairs pay. Take means.": np.sum(pays**2),
        "The squares are missing.": np.mean(pays[same]) + np.mean(pays[~same]),
        "Square what a pair of two brands lacks, after 0 is put in for what is negative.": (
            both[0] + np.mean(missing[~same])
        ),
        "Square the distance of pairs of one brand, too.": np.mean(distance[same]) + both[1],
        "The kinds are swapped: pairs of one brand are to be near.": (
            np.mean(distance[~same] ** 2) + np.mean(missing[same] ** 2)
        ),
        "You square first and then subtract: it is the missing distance that is squared.": (
            both[0] + np.mean(np.maximum(margin**2 - distance[~same] ** 2, 0))
        ),
        "You take the mean of the two means. Add them.": sum(both) / 2,
        "Pairs of two brands are missing.": both[0],
        "Pairs of one brand are missing.": both[1],
    }
    if margin != 1:
        mistakes["The margin is 1, whatever is given."] = both[0] + np.mean(
            np.maximum(1 - distance[~same], 0) ** 2
        )
    message = compare_answer(given, sum(both), mistakes, tolerance=1e-6)
    if message == RIGHT or message in mistakes:
        return message
    if np.shape(as_numbers(given)) == distance.shape:
        return "It returns a number for each pair. The loss is one number for all."
    return f"For {len(distance)} pairs and a margin of {margin}: {message}"


@exercise("23.3", "loss_of_one")
def loss_of_one(answer: Any) -> str:
    """Write the supervised contrastive loss of one picture."""
    rng = np.random.default_rng(32)
    same = np.arange(20) < 3
    cases = [(rng.uniform(-1, 1, 20), same, temperature) for temperature in (0.1, 0.5)]
    return run(answer, cases, check_supervised)


def check_supervised(
    given: Any, cosines: Numbers, same: NDArray[np.bool_], temperature: float
) -> str:
    """Compare a loss with the supervised contrastive loss of a picture with these others."""

    def logarithms(logits: Numbers) -> Numbers:
        return logits - np.log(np.exp(logits).sum())

    logits = cosines / temperature
    shares = logarithms(logits)
    right = -np.mean(shares[same])
    mistakes = {
        "The cosines have to be divided by the temperature.": -np.mean(logarithms(cosines)[same]),
        "You multiply by the temperature. Divide by it.": -np.mean(
            logarithms(cosines * temperature)[same]
        ),
        "The sign is the other one: a logarithm of a share is negative.": -right,
        "You add up over the pictures of its brand. Take the mean.": -np.sum(shares[same]),
        "You take the mean over all pictures. Only those of its brand pay.": -np.mean(shares),
        "You take the logarithm of the mean. Take the mean of the logarithms.": -np.log(
            np.mean(np.exp(shares[same]))
        ),
        "You take the logarithm of the sum of shares. Take the mean of the logarithms.": -np.log(
            np.sum(np.exp(shares[same]))
        ),
        "The shares are of all others, those of its own brand among them.": -np.mean(
            logits[same] - np.log(np.exp(logits[~same]).sum())
        ),
        "The logarithm is missing: those are shares.": -np.mean(np.exp(shares[same])),
        "The logarithm is missing: these are shares.": np.mean(np.exp(shares[same])),
    }
    message = compare_answer(given, right, mistakes, tolerance=1e-6)
    if message == RIGHT or message in mistakes:
        return message
    if np.shape(as_numbers(given)) in (cosines.shape, cosines[same].shape):
        return "It returns several numbers. The loss of one picture is one number."
    return f"For a temperature of {temperature}: {message}"


QUESTIONS = (
    Question(
        "The contrastive loss has a margin of 1. Two pictures of different brands lie 1.3 apart. "
        "What do they add to the loss?",
        choices=(
            Choice(
                "0",
                "They are farther apart than the margin, and that is all the loss asks of "
                "different brands. Such a pair has no gradient either: it teaches nothing any "
                "more.",
                right=True,
            ),
            Choice(
                "0.09",
                "That is the square of 0.3, by which they lie beyond the margin. The loss counts "
                "only what is missing up to the margin, and here nothing is.",
            ),
            Choice(
                "1.69",
                "The square of the distance is what a pair of the same brand would add. These two "
                "should be far apart.",
            ),
            Choice(
                "-0.3",
                "A loss that fell below 0 would push different brands apart for ever. The maximum "
                "with 0 stops it at the margin.",
            ),
        ),
    ),
)
