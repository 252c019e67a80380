"""Fit tone curves to the levels of two pictures, and test whether they foretell. Lesson 12."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image

WIDE = 8  # gray levels of a range of which one median is taken
LEAST_PIXELS = 20  # that a level needs to be measured
LEAST_SHARE = 0.001  # of the pixels that a range needs
USUAL_SHARE = 0.01  # of the pixels: a range that has so many counts in full
CUT = 3  # gray levels from 0 and 255: means of noise that was cut off there are no nearer
CLOSE, CLOSE_EXACT = 2.5, 1  # gray levels by which a level may miss the curve
CLOSE_SHARE = 0.1  # of its change by which it may miss it where levels are medians
ALIKE = 0.35  # of its change by which it may miss a curve that all channels share
ROUNDING = 0.5  # gray levels
APART = 12  # gray levels between two levels that are evidence of their own
NEIGHBOURS = 24  # gray levels to each side that are left out with the level to be foretold
SEED_LEVELS = 48  # through two of which the first line is drawn
STEEPEST = 1.5  # change of that line a level, up or down; -1 makes a picture flat
TIGHTER = (8, 6, 4, 3, 3, 3)  # gray levels beyond which a level loses its weight, step by step
ROUNDED = 0.55  # gray levels by which one may miss the curve by rounding, and a little by the fit
LEAST_ROUNDED = 20  # levels that show it when none misses: of other colours, in one of 40 pairs
ONCE = 0.95  # share of further levels: of an exposure .966 and more, of other colours .925 and less
LEAST_SHIFT = 2  # gray levels by which a page has to be darker or brighter
SHIFT_OFF = 0.5  # of that: by what nine tenths of the levels may be off; with a new ground, .6
AGREE = 0.7  # part of the levels that has to lie on the curve
FORETOLD, FORETOLD_EXACT = 0.6, 0.8  # of the changes, by curves that were fitted without them
LEAST_LEVELS = 3  # that are far from each other: two lie on a line, whatever became of them
BROAD = 36  # gray levels over which they have to be spread,
SHADES = 10  # or so many levels in all channels have to be between
MANY_LEVELS = 10  # so many that are far from each other need not foretell each other
EXPLAINED = 0.9  # of the changes of levels, by curves that were fitted to them
# What holds curves with little to go by near a plain shift, then near a line: for each part of
# `_parts`, for all channels together and for what one channel does on its own.
SHARED = np.array([0.02, 1, 4, 8, 16, 16])
RIDGE = np.concatenate([SHARED, np.tile(6 * SHARED, 3)])
FIRM, FREE = (
    2e-3,
    2e-5,
)  # times that for medians, which noise pulls to a flat curve; for exact levels
# The same for one curve that all channels share, and for one line.
ONE_CURVE = np.where(np.arange(len(RIDGE)) < len(SHARED), RIDGE, 1e5)
ONE_LINE = np.where(np.arange(len(RIDGE)) < 2, RIDGE, 1e5)


class Levels(NamedTuple):
    """Levels of one picture, each with what it became in the other.

    Attributes
    ----------
    old, change, weight : ndarray of float, shape (n,)
        The level, by how much it changed, and how much that counts, at most 1.
    channel : ndarray of int, shape (n,)
        0, 1, 2 for blue, green, red.
    cut : int
        New levels so near to 0 or 255 may have been cut off there.
    """

    old: NDArray[np.float64]
    change: NDArray[np.float64]
    weight: NDArray[np.float64]
    channel: NDArray[np.intp]
    cut: int

    def take(self, chosen: NDArray) -> "Levels":
        """Choose some of the levels."""
        return Levels(*(part[chosen] for part in self[:4]), self.cut)

    @property
    def is_cut(self) -> NDArray[np.bool_]:
        """Where the new level may have been cut off."""
        new = self.old + self.change
        return (new <= self.cut) | (new >= 255 - self.cut)


def flat_levels(values: NDArray[np.uint8], targets: NDArray[np.uint8]) -> Levels:
    """Take medians of both pictures in ranges of the first one's levels.

    Parameters
    ----------
    values, targets : ndarray of uint8, shape (n, 3)
        Pixels of both pictures at the same places.

    Returns
    -------
    Levels
    """
    found = []
    starts = np.arange(0, 256, WIDE)
    for channel in range(3):
        both = [np.ascontiguousarray(pixels[:, channel]) for pixels in (values, targets)]
        ranges = _joint(both, None, 0, 1).reshape(-1, WIDE, 256)
        totals = ranges.sum(axis=(1, 2))
        known = totals >= max(LEAST_PIXELS, LEAST_SHARE * len(values))
        old = (starts + _medians(ranges.sum(axis=2)))[known]
        new = _medians(ranges.sum(axis=1))[known]
        weight = np.minimum(1, totals[known] / len(values) / USUAL_SHARE)
        found.append((old, new - old, weight, np.full(len(old), channel)))
    return Levels(*map(np.concatenate, zip(*found, strict=True)), CUT)


def count_levels(
    first: Image, second: Image, mask: Image | None = None, channels: Sequence[int] = range(3)
) -> list[NDArray]:
    """Count for each channel how often a level of the first has become one of the second.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
    mask : ndarray of uint8, shape (height, width), optional
        Only pixels above 0 are counted.
    channels : sequence of int, optional
        Those to count.

    Returns
    -------
    list of ndarray of float32, shape (256, 256)
        Rows are levels of the first picture, columns those of the second.
    """
    return [_joint([first, second], mask, channel, 3 + channel) for channel in channels]


def exact_levels(counts: Sequence[NDArray], least: int = LEAST_PIXELS, pure: float = 0) -> Levels:
    """Take for each level the commonest new one: what it became if no pixel was stored again.

    Parameters
    ----------
    counts : sequence of ndarray, shape (256, 256)
        As `count_levels` gives them; transposed for the other direction.
    least : int, optional
        Pixels that a level needs.
    pure : float, optional
        Part of them that has to have become the same.

    Returns
    -------
    Levels
    """
    found = []
    for channel, table in enumerate(counts):
        totals = table.sum(axis=1)
        common = table.max(axis=1)
        old = np.flatnonzero((totals >= least) & (common >= pure * totals))
        new, common = table[old].argmax(axis=1), common[old]
        found.append((old, new - old, common / totals[old], np.full(len(old), channel)))
    return Levels(*map(np.concatenate, zip(*found, strict=True)), 0)


def fit_curves(levels: Levels) -> NDArray[np.float64]:
    """Fit a smooth curve for each channel, robustly: up to a third of the levels may be others.

    A curve is a shift, a slope and two bends as a change of gamma makes them. The channels of one
    exposure move nearly alike: what they have in common is fitted with less resistance.

    Parameters
    ----------
    levels : Levels
        One at least.

    Returns
    -------
    ndarray of float, shape (24,)
        Coefficients, for `misses` and `draw_curves`.
    """
    weight = levels.weight * _near_line(levels)
    design = _design(levels.old, levels.channel)
    for scale in TIGHTER:
        curves = _solve(design, levels, weight)
        miss = misses(levels, curves)
        weight = levels.weight / (1 + (miss / scale) ** 2) ** 2
        weight[levels.is_cut & (miss == 0)] = 0
    return curves


def misses(levels: Levels, curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure by how many gray levels each level misses its curve; 0 when it was cut off."""
    return _missed(levels, _design(levels.old, levels.channel) @ curves)


def draw_curves(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the new value of each level, shape (256, 3), before rounding and cutting off."""
    every = np.arange(256.0)
    columns = [every + _design(every, np.full(256, c)) @ curves for c in range(3)]
    return np.stack(columns, axis=1)


def is_exposure(
    levels: Levels, inks: Levels, curves: NDArray[np.float64], *, moved: bool = False
) -> bool:
    """Say whether another exposure explains what became of levels, better than new colours do.

    Parameters
    ----------
    levels, inks : Levels
        All levels, and those of flat places.
    curves : ndarray
        As `fit_curves` gives them for all levels.
    moved : bool, optional
        A camera moved, so it is enough that all channels go together.

    Returns
    -------
    bool
    """
    close = agree(inks, curves)
    if inks.weight[close].sum() < AGREE * inks.weight.sum():
        return False
    if moved and alike(inks.take(close)):
        return True
    return _foretell(inks.take(close), curves) or is_rounded_once(levels, curves)


def is_shift(levels: Levels) -> bool:
    """Say whether all levels, those of ink and of edges too, moved by nearly as much.

    Who gives the ground of a page another colour keeps its text.

    Parameters
    ----------
    levels : Levels
        Of all places, not of flat ones only.

    Returns
    -------
    bool
    """
    free = levels.change[~levels.is_cut]
    if not len(free) or np.ptp(levels.old) < BROAD:
        return False
    usual = np.median(free)
    off = np.quantile(np.abs(free - usual), 0.9)
    return bool(abs(usual) >= LEAST_SHIFT and off <= SHIFT_OFF * abs(usual))


def _foretell(levels: Levels, curves: NDArray[np.float64]) -> bool:
    """Say whether there are enough levels, and they foretell each other."""
    free = levels.take(~levels.is_cut)
    count = count_apart(free)
    if count < LEAST_LEVELS or (np.ptp(free.old) < BROAD and len(free.old) < SHADES):
        return False
    if count >= MANY_LEVELS and explained(levels, curves) > EXPLAINED:
        return True
    return alike(levels) and foretold(levels) > (FORETOLD if levels.cut else FORETOLD_EXACT)


def agree(levels: Levels, curves: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which levels lie close to their curve."""
    miss = np.abs(misses(levels, curves))
    if levels.cut == 0:
        return miss <= CLOSE_EXACT
    return miss <= np.maximum(CLOSE, CLOSE_SHARE * np.abs(levels.change))


def alike(levels: Levels) -> bool:
    """Say whether the channels moved nearly alike, as one curve for all of them does."""
    design = _design(levels.old, levels.channel)
    free = np.where(levels.is_cut, 0, levels.weight)
    miss = np.abs(misses(levels, _solve(design, levels, free, ONE_CURVE)))
    return bool((miss <= np.maximum(CLOSE, ALIKE * np.abs(levels.change))).all())


def explained(levels: Levels, curves: NDArray[np.float64]) -> float:
    """Measure which share of the squared changes of levels the curves explain."""
    squares = float(np.sum(levels.weight * levels.change**2))
    miss = misses(levels, curves)
    return 1 - float(np.sum(levels.weight * miss**2)) / squares if squares else 0.0


def foretold(levels: Levels) -> float:
    """Measure how well curves foretell levels that they were not fitted to.

    Each level is left out in turn, with its neighbours; one line for all channels may do. Two flat
    colours lie on a line whatever became of them, but neither foretells the other.

    Parameters
    ----------
    levels : Levels

    Returns
    -------
    float
        Share of the squared changes that was foretold: 1 is all, below 0 is worse than nothing,
        0 when nothing changed.
    """
    squares = float(np.sum(levels.weight * levels.change**2))
    if squares <= ROUNDING**2 * levels.weight.sum():
        return 0.0
    missed = [
        np.maximum(np.abs(_left_out(levels, ridge)) - ROUNDING, 0) for ridge in (RIDGE, ONE_LINE)
    ]
    return 1 - min(float(np.sum(levels.weight * miss**2)) for miss in missed) / squares


def _left_out(levels: Levels, ridge: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure by how much each level misses the curve that is fitted to the others."""
    window = np.clip(np.ptp(levels.old) / 4, WIDE, NEIGHBOURS)
    design = _design(levels.old, levels.channel)
    miss = levels.change.astype(float)
    for place in np.unique(levels.old // WIDE):
        here = levels.old // WIDE == place
        far = np.abs(levels.old - levels.old[here].mean()) >= window
        if far.any():
            others = levels.take(far)
            free = np.where(others.is_cut, 0, others.weight)
            curves = _solve(design[far], others, free, ridge)
            miss[here] = misses(levels.take(here), curves)
    return miss


def count_apart(levels: Levels) -> int:
    """Count the levels that are far enough from each other to be evidence of their own."""
    old = np.unique(levels.old)
    if not len(old):
        return 0
    gap = np.clip(np.ptp(old) / 8, WIDE / 2, APART)
    count, last = 1, old[0]
    for level in old:
        if level - last >= gap:
            count, last = count + 1, level
    return count


def is_rounded_once(levels: Levels, curves: NDArray[np.float64]) -> bool:
    """Say whether the levels of an exact pair lie on the curves but for a single rounding.

    An exposure is computed from levels, so each new one is its curve's value, rounded. Who draws a
    page in other colours rounds what is antialiased once in the old page and once more in the new
    one: a fifth of these levels is further from any curve than rounding takes them. Between black
    and white the first rounding leaves no trace: there, a straight line that keeps one of the two
    is a new colour of the other.

    Parameters
    ----------
    levels : Levels
        Of an exact pair: all that occur.
    curves : ndarray
        As `fit_curves` gives them.

    Returns
    -------
    bool
    """
    pairs = np.stack([levels.old, levels.change], axis=1)
    _, different = np.unique(pairs, axis=0, return_index=True)  # gray has one level thrice
    free = levels.take(different[~levels.is_cut[different]])
    missed = np.count_nonzero(np.abs(misses(free, curves)) > ROUNDED)
    if missed > (1 - ONCE) * (len(free.old) - LEAST_ROUNDED):
        return False
    return not any(_keeps_an_end(levels.take(levels.channel == number)) for number in range(3))


def _keeps_an_end(levels: Levels) -> bool:
    """Say whether levels of one channel go straight from black to white, and one of these stays."""
    old, change = levels.old, levels.change
    if not len(old) or np.abs(change[[0, -1]]).min() > ROUNDED:
        return False
    if max(np.ptp(old), np.ptp(old + change)) < 255:
        return False
    straight = np.interp(old, old[[0, -1]], change[[0, -1]])
    return bool(np.mean(np.abs(change - straight) <= ROUNDED) >= ONCE)


def _joint(images: list[Image], mask: Image | None, *channels: int) -> NDArray[np.float32]:
    return cv2.calcHist(images, channels, mask, [256, 256], [0, 256, 0, 256])


def _medians(counts: NDArray) -> NDArray[np.intp]:
    """Find where each row reaches half of its sum."""
    return (counts.cumsum(axis=1) < counts.sum(axis=1, keepdims=True) / 2).sum(axis=1)


def _parts(old: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute shift, slope, and the first two terms in which a power differs from a line."""
    x = old / 255
    log = np.log(np.maximum(x, 1 / 512))
    bow, ess = 2 * x**2, 4 * (2 * x - 1) ** 3
    return np.stack([np.ones_like(x), 2 * x - 1, 4 * x * log, 3 * x * log**2, bow, ess], axis=1)


def _design(old: NDArray[np.float64], channel: NDArray[np.intp]) -> NDArray[np.float64]:
    parts = _parts(np.asarray(old, float))
    own = [parts * (channel == number)[:, None] for number in range(3)]
    return np.hstack([parts, *own])


def _solve(
    design: NDArray, levels: Levels, weight: NDArray, ridge: NDArray = RIDGE
) -> NDArray[np.float64]:
    """Solve the weighted least squares of the changes of levels, by ridge regression."""
    ridge = ridge * (FIRM if levels.cut else FREE) * max(weight.sum(), 1e-9)
    normal = design.T @ (weight[:, None] * design) + np.diag(ridge)
    return np.linalg.solve(normal, design.T @ (weight * levels.change))


def _missed(levels: Levels, change: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compare with changes; what was cut off may have changed by more."""
    miss, new = levels.change - change, levels.old + levels.change
    beyond = ((new >= 255 - levels.cut) & (miss < 0)) | ((new <= levels.cut) & (miss > 0))
    return np.where(beyond, 0, miss)


def _near_line(levels: Levels) -> NDArray[np.float64]:
    """Weigh levels by how near they are to the line through two of them that has most near it."""
    some = levels.take(np.linspace(0, len(levels.old) - 1, SEED_LEVELS).astype(int))
    one, other = np.triu_indices(SEED_LEVELS)
    run = some.old[one] - some.old[other]
    far = np.abs(run) >= 2 * WIDE
    rise = np.where(far, some.change[one] - some.change[other], 0) / np.where(far, run, 1)
    one, rise = one[np.abs(rise) < STEEPEST], rise[np.abs(rise) < STEEPEST]
    lines = some.change[one, None] + rise[:, None] * (some.old - some.old[one, None])
    near = (some.weight / (1 + (_missed(some, lines) / 5) ** 2)).sum(axis=1)
    best = np.argmax(near - 0.02 * np.abs(rise) * some.weight.sum())  # of equal ones the flattest
    line = some.change[one[best]] + rise[best] * (levels.old - some.old[one[best]])
    return 1 / (1 + (_missed(levels, line) / 10) ** 2) ** 2
