"""Intervals of 95 %: where a figure would lie on other pairs made in the same way.

They hold what the choice of pairs does to a figure, and nothing else: not that the pairs come from
our own generator, not that a setting was tuned.
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
NORMAL = 1.959964  # standard deviations to each side that hold 95 % of a normal distribution
DRAWS, SEED = 2000, 1
NOTHING = "none"


class Interval(NamedTuple):
    """A figure, and between which two values it would lie on 95 of 100 other sets."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return NOTHING
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def bootstrap(counts: ArrayLike, figure: Callable[..., NDArray | float]) -> Interval:
    """Draw pairs again and again, with replacement, and take the figure of each draw.

    Parameters
    ----------
    counts : array_like of int, shape (pairs, kinds)
        What was counted in each pair. Pairs stay whole, as the boxes of one depend on each other.
    figure : callable
        Takes the sum of each kind, numbers or arrays of one shape; returns the figure, nan where
        there is none, as `ratio` does.

    Returns
    -------
    Interval
        By percentiles; nan when there are no pairs.
    """
    counts = np.asarray(counts, float)
    pairs = len(counts)
    if not pairs:
        return Interval(np.nan, np.nan, np.nan)
    value = float(figure(*counts.sum(axis=0)))
    times = np.random.default_rng(SEED).multinomial(pairs, np.full(pairs, 1 / pairs), DRAWS)
    drawn = figure(*(times @ counts).T)
    if np.isnan(drawn).all():
        return Interval(value, np.nan, np.nan)
    return Interval(value, *np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist())


def ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Divide; nan where nothing is there to divide by."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def wilson(hits: int, trials: int) -> Interval:
    """Compute the score interval of a share, which holds also where no trial or each one hits.

    References
    ----------
    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal
    of the American Statistical Association 22(158), 1927.
    """
    if not trials:
        return Interval(np.nan, np.nan, np.nan)
    share, square = hits / trials, NORMAL**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    spread = sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    spread *= NORMAL / (1 + square / trials)
    return Interval(share, max(middle - spread, 0.0), min(middle + spread, 1.0))


def share(hits: int, trials: int) -> str:
    """Write a share with its counts and its interval."""
    return f"{hits} of {trials}: {wilson(hits, trials)}" if trials else NOTHING
