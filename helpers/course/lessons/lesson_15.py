"""Lesson 15: the challenge."""

from functools import cache
from typing import Any

from helpers.boxes import Box
from helpers.challenge.client import Challenge, ChallengeResult, PipelineError, was_scored
from helpers.course.checking import RIGHT, describe_kind, exercise
from helpers.methods import METHODS, compare

ALIGNED, TOLERANT, FRESH = 0.2, 0.65, 0.5  # F1 to be exceeded
# Recall on such pairs: my_pipeline has 0 and .1 there; aligned and matched it has .3 and .4.
LEAST_MOVED, LEAST_LIT = 0.15, 0.25
PAIRS = 70
SAMPLE = 5  # every fifth pair tells whose boxes these are
MOVED = "rotated", "shift"
LIT = ("brightness contrast",)


@exercise("15.1", "aligned_pipeline")
def aligned_pipeline(answer: Any, challenge: Challenge) -> str:
    """Align the second picture with the first, match the tones, then find boxes."""
    result = scored(answer, challenge)
    if isinstance(result, str):
        return result
    told = f"F1 is {result.scores.f1:.3f}."
    if recall_of(result, MOVED) < LEAST_MOVED:
        return f"{told} Where pictures moved it finds as little as before. Do you warp the second?"
    if recall_of(result, LIT) < LEAST_LIT:
        return (
            f"{told} Of pairs of another brightness it finds as little as before. Do you correct "
            "the picture that the tone names?"
        )
    if result.scores.f1 <= ALIGNED:
        return f"{told} {where_lost(result)}"
    if is_robust(result, challenge):
        return "These are the boxes of robust. Align, match the tones, and call my_pipeline."
    return RIGHT


@exercise("15.2", "tolerant_pipeline")
def tolerant_pipeline(answer: Any, challenge: Challenge) -> str:
    """Write a pipeline whose F1 is above 0.65."""
    result = scored(answer, challenge)
    if isinstance(result, str):
        return result
    if result.scores.f1 <= TOLERANT:
        return f"F1 is {result.scores.f1:.3f}. {where_lost(result)}"
    if is_robust(result, challenge):
        return "These are the boxes of robust. Write the steps yourself."
    return RIGHT


@exercise("15.3", "final")
def final(answer: Any) -> str:
    """Score the best pipeline on pairs that nobody looked at."""
    if not isinstance(answer, ChallengeResult):
        return f"It is {describe_kind(answer)}; expected is what `score` of a challenge returns."
    if not was_scored(answer):
        return "No challenge of this kernel has scored that. Keep the very result of `score`."
    if answer.seed is not None:
        return (
            f"These are the pairs of seed {answer.seed}, which anybody can make and look at. Take "
            "Challenge() without a seed."
        )
    if answer.method in METHODS:
        return "This is a method of the course. Score a function of your own."
    if len(answer.boxes) < PAIRS:
        return f"It has {len(answer.boxes)} pairs. Take {PAIRS}: with fewer, luck decides more."
    if answer.scores.f1 <= FRESH:
        return (
            f"F1 is {answer.scores.f1:.3f}. Go back to the practice seed, improve there, and then "
            "take another Challenge(): these pairs are used up."
        )
    return RIGHT


def scored(answer: Any, challenge: Challenge) -> ChallengeResult | str:
    """Ask the judge for its counts; give a message when the function is wrong."""
    if not callable(answer):
        return f"It is {describe_kind(answer)}; expected is a function. Give its name, without ()."
    try:
        return challenge.score(answer)
    except PipelineError as error:
        return str(error)


def is_robust(result: ChallengeResult, challenge: Challenge) -> bool:
    """Say whether the boxes are those of `robust`, padded or left out here and there."""
    numbers = range(0, len(result.boxes), SAMPLE)
    found = {place for number in numbers for place in middles(number, result.boxes[number])}
    return found <= robust_middles(challenge)


@cache
def robust_middles(challenge: Challenge) -> set[tuple[int, int, int]]:
    """Find where `robust` has boxes on every fifth pair."""
    return {
        place
        for number in range(0, challenge.pairs, SAMPLE)
        for place in middles(number, compare(*challenge.pair(number)).boxes)
    }


def middles(number: int, boxes: list[Box]) -> set[tuple[int, int, int]]:
    """Compute twice the middle of each box, which no padding moves."""
    return {(number, 2 * box.x + box.width, 2 * box.y + box.height) for box in boxes}


def recall_of(result: ChallengeResult, nuisances: tuple[str, ...]) -> float:
    """Find the lowest recall of some nuisances."""
    return min(result.by_nuisance[name].scores.recall for name in nuisances)


def where_lost(result: ChallengeResult) -> str:
    """Say what costs most, the plainest reason first."""
    total = result.total
    if not total.found:
        return "It finds nothing at all."
    if 2 * total.right < total.placed:
        return "Most boxes that lie on a change have the wrong size. Which step grows them?"
    worst = max(
        result.by_nuisance,
        key=lambda name: result.by_nuisance[name].found - result.by_nuisance[name].right,
    )
    return f"Most wrong boxes lie on pairs with this nuisance: {worst}."
