"""Lesson 23: contrastive loss."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.challenge.client import describe_error
from helpers.course.checking import RIGHT, as_numbers, describe_kind, exercise, judge

MARGINS = np.array([0.5, 1, 1.5])
Numbers = NDArray[np.float64]


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
    return judge(answer, right.tolist(), mistakes, tolerance=0.005)


def run(answer: Callable[..., Any], cases: list[tuple], judge_case: Callable[..., str]) -> str:
    """Judge a function on several cases, until one is wrong."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    for case in cases:
        copies = [part.copy() if isinstance(part, np.ndarray) else part for part in case]
        try:
            given = answer(*copies)
        except Exception as error:
            return f"It stops with {describe_error(error)}"
        message = judge_case(given, *case)
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
    return run(answer, cases, judge_contrastive)


def judge_contrastive(given: Any, distance: Numbers, same: NDArray[np.bool_], margin: float) -> str:
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
    message = judge(given, sum(both), mistakes, tolerance=1e-6)
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
    return run(answer, cases, judge_supervised)


def judge_supervised(
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
    message = judge(given, right, mistakes, tolerance=1e-6)
    if message == RIGHT or message in mistakes:
        return message
    if np.shape(as_numbers(given)) in (cosines.shape, cosines[same].shape):
        return "It returns several numbers. The loss of one picture is one number."
    return f"For a temperature of {temperature}: {message}"
