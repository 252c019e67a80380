"""Lesson 22: a siamese network."""

from collections.abc import Callable
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.challenge.client import describe_error
from helpers.course.checking import (
    RIGHT,
    as_numbers,
    compare_answer,
    describe_kind,
    equal,
    exercise,
)
from helpers.course.questions import Choice, Question
from helpers.deep.metrics import cosine
from helpers.deep.network import load_network
from helpers.deep.pairs import Pairs, brands_of, choose_pairs
from helpers.deep.views import make_views
from helpers.viewer.drawing import BARS, histograms
from helpers.viewer.explorer import WIDTH, Explorer, Frame, Slider, Strip

ALLOWED = 0.01  # of the pairs of two brands


def acceptance(
    similarity: NDArray[np.float64], same: NDArray[np.bool_], *, initial: float
) -> Explorer:
    """Move the similarity from which a pair is accepted as one brand, and count both errors."""
    low, high = np.floor(similarity.min() * 100) / 100, np.ceil(similarity.max() * 100) / 100
    edges = np.linspace(low, high, BARS + 1)
    above, below = (np.histogram(similarity[kind], edges)[0] for kind in (same, ~same))
    above, below = above / same.sum(), below / (~same).sum()
    bars = histograms(above, below, edges, max(above.max(), below.max()))

    def render(threshold: float) -> Frame:
        accepted = similarity >= threshold
        drawing = bars.copy()
        x = round((threshold - low) / (high - low) * (WIDTH // BARS * BARS))
        cv2.line(drawing, (x, 0), (x, len(drawing)), (0, 0, 0), 2)
        return Frame(
            f"accepted from {threshold:.2f} up: {np.mean(~accepted[same]):.1%} of the same brand "
            f"are refused, {np.mean(accepted[~same]):.1%} of two brands are accepted",
            {"pairs by similarity": drawing},
        )

    strip = Strip(
        caption="How many pairs have which cosine. Blue, upwards: the same brand. Orange, "
        "downwards: two brands. What lies right of the line is accepted.",
        alt="Three thresholds: a low one lets many orange bars pass, a high one cuts off blue "
        "ones, the middle one some of both.",
        values=(round(initial - 0.2, 2), round(initial, 2), round(initial + 0.2, 2)),
        title="accepted from {} up",
    )
    slider = Slider("threshold", "similarity", round(initial, 2), low, high, 0.01)
    return Explorer([slider], render, strip=strip, name="acceptance")


@cache
def tower_weights() -> int:
    """Count the weights of a tower."""
    # Here, because it needs Keras: without the extra the tests import this module, too.
    from helpers.deep.towers import build_tower

    return build_tower().count_params()


@exercise("22.1", "unshared_weights")
def unshared_weights(answer: Any) -> str:
    """Count the weights of a siamese network whose towers do not share."""
    tower = tower_weights()
    mistakes = {
        "That is the siamese network whose towers share. Here each has its own.": tower + 2,
        "That is one tower. There are two, and what judges their distance.": tower,
        "Factor and offset are missing.": 2 * tower,
        "Factor and offset come once: there is one distance.": 2 * tower + 4,
    }
    return compare_answer(answer, 2 * tower + 2, mistakes)


@exercise("22.2", "batch_loss")
def batch_loss(answer: Any) -> str:
    """Write binary cross-entropy over pairs, from cosines."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    rng = np.random.default_rng(22)
    for count, share in ((40, 0.25), (300, 0.1)):
        cosines, same = rng.uniform(-1, 1, count), np.arange(count) < share * count
        message = check_loss(answer, cosines, same)
        if message != RIGHT:
            return message
    return RIGHT


def check_loss(
    answer: Callable[..., Any], cosines: NDArray[np.float64], same: NDArray[np.bool_]
) -> str:
    """Compare the learner's loss with the right one on these pairs."""
    try:
        given = answer(cosines.copy(), same.copy())
    except Exception as error:
        return f"It stops with {describe_error(error)}"
    evidence = 10 * (cosines - 0.5)
    of_same, of_other = np.logaddexp(0, -evidence), np.logaddexp(0, evidence)
    pays = np.where(same, of_same, of_other)
    both = of_same[same].mean(), of_other[~same].mean()
    mistakes = {
        "Both kinds count by their number. Take the mean of each kind by itself, then add.": (
            pays.mean()
        ),
        "You add up what pairs pay. Take means.": pays.sum(),
        "You take the mean of the two means. Add them.": sum(both) / 2,
        "The sign is the other one: a logarithm of a probability is negative.": -sum(both),
        "Each kind pays what the other should: where both show one brand, the probability p "
        "counts, else 1 - p.": of_other[same].mean() + of_same[~same].mean(),
        "Pairs of two brands are missing.": both[0],
        "Pairs of one brand are missing.": both[1],
        "The logarithm is to the base 2. Take np.log.": sum(both) / np.log(2),
        "The logarithm is to the base 10. Take np.log.": sum(both) / np.log(10),
    }
    message = compare_answer(given, sum(both), mistakes, tolerance=1e-6)
    if message == RIGHT or message in mistakes:
        return message
    if np.shape(as_numbers(given)) == (len(cosines),):
        return "It returns a number for each pair. The loss is one number for all."
    return f"For {len(cosines)} pairs: {message}"


@cache
def validation() -> tuple[NDArray[np.float64], Pairs]:
    """Compute the similarity of the lesson's validation pairs by the shipped network."""
    pictures, labels = make_views(brands_of("validation", 400), 2, seed=2)
    chosen = choose_pairs(labels, 600, seed=2)
    return cosine(load_network("tower").features(pictures), chosen), chosen


@exercise("22.3", "strict_threshold")
def strict_threshold(answer: Any) -> str:
    """Find the smallest threshold that lets one pair of two brands in a hundred pass."""
    similarity, chosen = validation()
    numbers = as_numbers(answer)
    if numbers is None or numbers.dtype == bool or numbers.shape or not np.isfinite(numbers):
        return compare_answer(answer, 0.5)
    others = np.sort(similarity[~chosen.same])[::-1]
    few = int(ALLOWED * len(others))
    if others[few] < numbers <= others[few - 1] + 0.001:
        return RIGHT
    mistakes = {
        "It refuses 1 % of the pairs of one brand. Which threshold accepts 1 % of the others?": (
            np.quantile(similarity[chosen.same], ALLOWED)
        ),
        "You look at easy pairs alone. Sisters are two brands as well.": np.quantile(
            similarity[chosen.kind == "easy"], 1 - ALLOWED
        ),
        "You look at hard pairs alone. The easy ones are two brands as well.": np.quantile(
            similarity[chosen.kind == "hard"], 1 - ALLOWED
        ),
        "You look at all pairs. Only those of two brands can be accepted wrongly.": np.quantile(
            similarity, 1 - ALLOWED
        ),
        "That is the other end: nearly all pairs of two brands are accepted.": np.quantile(
            similarity[~chosen.same], ALLOWED
        ),
    }
    for message, value in mistakes.items():
        if equal(float(numbers), float(value), tolerance=0.002):
            return message
    accepted = np.mean(others >= numbers)
    verdict = "too many" if accepted > ALLOWED else "few enough; a smaller one would do as well"
    return f"From there up {accepted:.2%} of the pairs of two brands are accepted: {verdict}."


QUESTIONS = (
    Question(
        "A batch has 4 views of each of 32 brands, and every picture is compared with every other "
        "one. How many pairs come out of 128 passes through the tower, and how many of them show "
        "one brand?",
        choices=(
            Choice(
                "64, and half of them show one brand",
                "That is what explicit pairs give: two passes for each pair. Inside a batch each "
                "picture serves in 127 pairs.",
            ),
            Choice(
                "8128, and 192 of them show one brand",
                "128 times 127 over 2 is 8128. Four views make 6 pairs, and 32 brands make 192 of "
                "them.",
                right=True,
            ),
            Choice(
                "16384, and 512 of them show one brand",
                "This counts each picture with itself, and each pair in both orders. Neither "
                "teaches anything new.",
            ),
        ),
    ),
)
