"""Lesson 21: pairs, and splits from which nothing leaks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

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
from helpers.deep.pairs import Pairs
from helpers.viewer.drawing import BARS, histograms
from helpers.viewer.explorer import Frame, Render, Slider, slider

POSITIVE, NEGATIVE = 100 * 6, 400 * 399 // 2 - 100 * 6  # 100 brands, four views each
HIT = 0.95
FEWEST, MOST = 0.2, 0.3  # of the pictures, for the test


@slider(
    Slider("hard pairs", "%", 0, 0, 100, 5),
    values=(0, 50, 100),
    title="{} % hard",
    caption="How many pairs have which cosine. Blue, upwards: the same brand. Orange, downwards: "
    "two brands.",
    alt="Blue bars on the right, orange ones on the left; the more pairs are hard, the further "
    "right the orange ones reach, until they lie below the blue ones.",
)
def share_of_hard(similarity: NDArray[np.float64], chosen: Pairs) -> Render:
    """Let some of the pairs of two brands be hard, and see what becomes of the AUC.

    There are as many pairs of two brands as hard ones are chosen, at each position.
    """
    same, easy, hard = (similarity[chosen.kind == kind] for kind in ("same", "easy", "hard"))
    edges = np.linspace(similarity.min(), similarity.max(), BARS + 1)
    full = max(np.histogram(kind, edges)[0].max() / len(kind) for kind in (same, easy, hard))

    def render(percent: int) -> Frame:
        count = round(len(hard) * percent / 100)
        others = np.concatenate([easy[: len(hard) - count], hard[:count]])
        truth = np.repeat([True, False], [len(same), len(others)])
        auc = roc_auc_score(truth, np.concatenate([same, others]))
        above, below = (np.histogram(v, edges)[0] / len(v) for v in (same, others))
        return Frame(
            f"{percent} % of the other pairs are hard: AUC {auc:.2f}",
            {"pairs by similarity": histograms(above, below, edges, full)},
        )

    return render


@exercise("21.1", "share_right")
def share_right(answer: Any) -> str:
    """Compute the precision where positive pairs are rare."""
    right, wrong = HIT * POSITIVE, (1 - HIT) * NEGATIVE
    mistakes = {
        "That is the precision when both kinds are as frequent. Here negatives outnumber "
        "positives.": HIT,
        "That is how many of all pairs are positive. Count those that the method calls the same.": (
            POSITIVE / (POSITIVE + NEGATIVE)
        ),
        "That is the share that is wrong. Which share is right?": wrong / (right + wrong),
        "That is right ones divided by wrong ones. Divide by all that it calls the same.": (
            right / wrong
        ),
        "You divide by all negative pairs. It calls only 5 of 100 of them the same.": (
            right / (right + NEGATIVE)
        ),
        "These are percent. Give a number from 0 to 1.": 100 * right / (right + wrong),
    }
    for message, value in mistakes.items():
        if equal(answer, value, tolerance=0.005 * value):
            return message
    # 600 / (600 + 0.05 * 79200), without the positive ones that are missed, is 0.1316.
    return compare_answer(answer, right / (right + wrong), tolerance=0.0045)


def pair_counts(brands: int, views: int) -> tuple[int, int, int]:
    """Count the pairs that are the same, easy and hard."""
    pictures = brands * views
    same, hard = brands * views * (views - 1) // 2, brands // 2 * views * views
    return same, pictures * (pictures - 1) // 2 - same - hard, hard


@exercise("21.2", "count_pairs")
def count_pairs(answer: Any) -> str:
    """Count the pairs of each kind for any number of brands and views."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    for brands, views in ((100, 4), (2, 3), (10, 1), (1000, 8)):
        message = check_counts(answer, brands, views)
        if message != RIGHT:
            return f"For {brands} brands and {views} views {message}"
    return RIGHT


def check_counts(answer: Callable, brands: int, views: int) -> str:
    """Compare the counts that a function gives with the right ones."""
    right = same, easy, hard = pair_counts(brands, views)
    try:
        given = answer(brands, views)
    except Exception as error:
        return f"it stops with {describe_error(error)}"
    mistakes = {
        "it returns None. End it with return and the three numbers.": None,
        "the order is another one. Expected is same, easy, hard.": (same, hard, easy),
        "it counts each pair twice, once in each order.": (2 * same, 2 * easy, 2 * hard),
        "it pairs each picture with itself, too.": (same + brands * views, easy, hard),
        "it counts pairs of one brand twice, once in each order.": (2 * same, easy - same, hard),
        "it counts hard pairs twice: from a brand, and from its sister.": (
            (same, easy - hard, 2 * hard)
        ),
        "it takes one hard pair for each family. Every view of a brand pairs with every view of "
        "its sister.": (same, easy + hard - brands // 2, brands // 2),
        "it has the hard pairs among the easy ones, too.": (same, easy + hard, hard),
    }
    if equal(given, right):
        return RIGHT
    for message, wrong in mistakes.items():
        if equal(given, wrong):
            return message
    numbers = as_numbers(given)
    if numbers is None or numbers.shape != (3,):
        return f"it returns {describe_kind(given)}; expected are three numbers."
    names = ("same", "easy", "hard")
    off = [name for name, one, two in zip(names, numbers, right, strict=True) if one != two]
    return f"another number is expected for {' and '.join(off)}."


@exercise("21.3", "split")
def split(answer: Any) -> str:
    """Split pictures so that no family is on both sides."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    for seed, (families, views) in enumerate(((40, 4), (12, 5), (200, 2))):
        labels = some_labels(families, views, seed)
        try:
            given = answer(labels.copy())
        except Exception as error:
            return f"It stops with {describe_error(error)}"
        message = check_split(given, labels)
        if message != RIGHT:
            return message
    return RIGHT


def some_labels(families: int, views: int, seed: int) -> NDArray[np.int64]:
    """Make labels of brands and their sisters in any order; some numbers are left out."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(10 * families, families, replace=False)
    return rng.permutation(np.repeat(np.concatenate([2 * chosen, 2 * chosen + 1]), views))


def check_split(given: Any, labels: NDArray[np.int64]) -> str:
    """Say what is off in a split of pictures with these labels."""
    if given is None:
        return "It returns None. End it with return and two arrays."
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        return f"It returns {describe_kind(given)}; expected are two arrays of indices."
    sides = [as_indices(side, len(labels)) for side in given]
    if any(side is None for side in sides):
        return (
            f"One of its arrays does not hold indices, which are whole numbers from 0 to "
            f"{len(labels) - 1} when {len(labels)} labels are given."
        )
    train, test = sides
    if len(np.intersect1d(train, test)):
        return "Some pictures stand on both sides."
    if len(train) + len(test) != len(labels):
        return f"It places {len(train) + len(test)} pictures; {len(labels)} labels were given."
    for name, groups in (("brands", labels), ("families", labels // 2)):
        both = np.intersect1d(groups[train], groups[test])
        if len(both):
            hint = " A brand and its sister belong together." if name == "families" else ""
            return f"{len(both)} {name} of {len(np.unique(groups))} stand on both sides.{hint}"
    share = len(test) / len(labels)
    if not FEWEST <= share <= MOST:
        swapped = " Training comes first." if FEWEST <= 1 - share <= MOST else ""
        return f"{share:.0%} of the pictures go to the test. Let it be 20 to 30 %.{swapped}"
    return RIGHT


def as_indices(side: Any, count: int) -> NDArray[np.int64] | None:
    """Turn indices or a mask into indices, each once; None for anything else."""
    numbers = as_numbers(side)
    if numbers is None or numbers.ndim != 1:
        return None
    if numbers.dtype == bool:
        return np.flatnonzero(numbers) if len(numbers) == count else None
    unlike = not np.array_equal(numbers, np.round(numbers)) or len(np.unique(numbers)) < len(
        numbers
    )
    outside = len(numbers) and (numbers.min() < 0 or numbers.max() >= count)
    return None if unlike or outside else numbers.astype(np.int64)


QUESTIONS = (
    Question(
        "You have 8 views of each brand. You put every view into training or test by chance, then "
        "form pairs on each side. Nearly all test pairs come out right. What is the trouble?",
        choices=(
            Choice(
                "Each brand is on both sides.",
                "The network has seen other views of every test brand, so it may have learnt "
                "these logos by heart. Split the brands, then make the pairs: only then does the "
                "test ask about logos that are new.",
                right=True,
            ),
            Choice(
                "Eight views of each brand are far too few for a test.",
                "Eight views give 28 positive pairs of each brand, plenty for a test. What "
                "matters is which brands they are of.",
            ),
            Choice(
                "None: no picture is on both sides, so the score is honest.",
                "No picture is, but the brands are. A view that was trained on looks very much "
                "like one that was not.",
            ),
        ),
    ),
    Question(
        "There are 200 brands with 8 pictures each. You draw 1000 pairs of pictures by chance. "
        "About how many of them show the same brand twice?",
        choices=(
            Choice(
                "500",
                "That is what you want for training, and it does not come by itself. Both kinds "
                "have to be drawn on purpose.",
            ),
            Choice(
                "125",
                "One in eight would be right if there were eight brands. The second picture has "
                "to be one of 7 out of 1599.",
            ),
            Choice(
                "4",
                "Once the first picture is drawn, 7 of the 1599 others show its brand: 4.4 in a "
                "thousand. A program that always says different would be right more than 99 times "
                "in a hundred, so pairs are drawn by kind.",
                right=True,
            ),
            Choice(
                "0",
                "Few, but not none: 7 of the 1599 other pictures show the brand of the first.",
            ),
        ),
    ),
)
