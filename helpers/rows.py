"""Match the rows of two pictures: votes for shifts, and the cheapest path between them."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image

COLUMNS, JOINED = 96, 3  # means that tell a row, and how many of them are one where rows vote
AROUND = 6, 2  # rows above and below that tell one row from others; near ones for short bands
PAIRED = 2_000_000  # rows that vote times rows that they look at, at most
STRIPE, STRIPES = 8, 12  # columns of a stretch, and stretches that are looked at first
FEW_VOTERS = 40  # rows that vote where it is only asked whether a search is worth its time
OFF = 2.0  # gray levels by which a row has to differ to be out of place; JPEG 60 leaves 1
CLEAR = 8  # gray levels by which one mean of a row differs clearly
CLEARLY = 0.4  # share of its difference from other rows that a row's partner may have
ALONE, BESIDE = 1.3, 2  # times that the next partner has to be worse, unless so many rows beside
AGREE = 0.3  # share of the rows that share a shift where they have several partners each
VOTES, MOST_SHIFTS = 3, 16  # rows that agree on a shift, and shifts that are tried on every row
MOST_TOLD, LEAST_TOLD = 16.0, 0.25  # gray levels that a row without partner costs
OPEN = 40.0  # gray levels times rows that a band without partner costs beyond its rows
GAIN = 20.0  # gray levels times rows by which bands have to be better than the pictures in place
EXPLAINED = 0.5  # share of what differs in place that rows may differ by where they moved to
FITS, ENOUGH = 0.5, 0.5  # share in which rows that are matched may differ, and that must be matched


class Band(NamedTuple):
    """Lines (rows or columns) beside each other, of both pictures or of one.

    Attributes
    ----------
    first, second : int or None
        The line at which it begins in each picture; None where the picture does not have it.
    length : int
        Its number of lines.
    """

    first: int | None
    second: int | None
    length: int

    @property
    def is_shared(self) -> bool:
        """True when both pictures have it."""
        return self.first is not None and self.second is not None

    @property
    def shift(self) -> int:
        """By how many lines a shared band lies further on in the second picture."""
        return self.second - self.first


def find_signatures(gray: Image) -> NDArray[np.float32]:
    """Tell each row by means and their slopes, averaged over three rows; shape (height, n)."""
    columns = min(COLUMNS, gray.shape[1])
    if gray.flags.c_contiguous:
        small = cv2.resize(gray, (columns, len(gray)), interpolation=cv2.INTER_AREA)
    else:  # columns of a picture: it is not turned for that
        small = cv2.resize(gray.T, (len(gray), columns), interpolation=cv2.INTER_AREA).T
    small = cv2.blur(np.ascontiguousarray(small, np.float32), (1, 3))
    return np.hstack([small, np.diff(small, axis=1)])


class Differing(NamedTuple):
    """The rows that differ in place, by some columns of two pictures of one height.

    Attributes
    ----------
    one, other : ndarray of uint8, shape (height, n)
        Means of these columns.
    rows : ndarray of int
    share : float
        Share of all rows in which one of these means differs clearly.
    """

    one: Image
    other: Image
    rows: NDArray[np.intp]
    share: float

    @property
    def is_out_of_place(self) -> bool:
        """True when some of them are found elsewhere: quick, and mostly not so."""
        if len(self.rows) < VOTES:
            return False
        around = slice(max(self.rows[0] - AROUND[0], 0), self.rows[-1] + AROUND[0] + 1)
        return Rows(*(find_signatures(each[around]) for each in self[:2])).is_out_of_place


def find_differing(first: Image, second: Image) -> Differing:
    """Find the rows that differ in place, quickly.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
    """
    one, other = map(_stretches, (first, second))
    apart = cv2.absdiff(one, other)
    rows = np.flatnonzero(cv2.reduce(apart, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F) > OFF / 2)
    most = cv2.reduce(apart, 1, cv2.REDUCE_MAX)
    return Differing(one, other, rows, np.count_nonzero(most > CLEAR) / len(most))


def _stretches(gray: Image) -> Image:
    """Take two means of each row in each of some stretches of columns."""
    starts = np.linspace(0, max(gray.shape[1] - STRIPE, 0), STRIPES).astype(int)
    if gray.flags.c_contiguous:
        joined = np.concatenate([gray[:, start : start + STRIPE] for start in starts], axis=1)
    else:
        joined = np.concatenate([gray.T[start : start + STRIPE] for start in starts])
        joined = cv2.transpose(joined)
    return cv2.resize(joined, (2 * STRIPES, len(joined)), interpolation=cv2.INTER_AREA)


class Rows:
    """The rows of two pictures by their signatures, and what it costs to match them.

    Rows at both ends that are alike in place are left out: `top` and `bottom` say how many.

    Parameters
    ----------
    one, other : ndarray of float32, shape (height, n) and (other height, n)
        Signatures.
    """

    def __init__(self, one: NDArray, other: NDArray):
        shared = min(len(one), len(other))
        self.top = _first_off(one[:shared], other[:shared])
        left = shared - self.top
        self.bottom = _first_off(one[::-1][:left], other[::-1][:left])
        self._whole = one, other
        self.signatures = self._trimmed(self._whole)

    @cached_property
    def told(self) -> list[NDArray]:
        """What each row tells that was not left out, in gray levels."""
        return self._trimmed(self._told_in_all)

    @cached_property
    def _told_in_all(self) -> tuple[NDArray, NDArray]:
        one, other = self._whole
        usual = np.median(np.vstack([one, other])[:: 1 + len(one) // 400], axis=0)
        return _told(one, usual), _told(other, usual)

    def _trimmed(self, values: Sequence[NDArray]) -> list[NDArray]:
        return [each[self.top : len(each) - self.bottom] for each in values]

    @property
    def is_out_of_place(self) -> bool:
        """True when rows that differ in place are found elsewhere."""
        one, other = self.signatures
        shared = min(len(one), len(other))
        differing = np.flatnonzero(_apart(one[:shared], other[:shared]) > OFF)
        voters = differing[:: 1 + len(differing) // FEW_VOTERS]
        if not voters.size:
            return False
        for around in AROUND:
            apart, most = self._compared(voters, around)
            voter, partner = np.nonzero(apart < most[:, None])
            # Rows that are nearly alike have several partners, and share a shift all the same.
            if _most_votes(partner - voters[voter]) >= max(VOTES, AGREE * len(voters)):
                return True
            if _most_votes(_shifts_alone(voters, apart, most)) >= VOTES:
                return True
        return False

    @cached_property
    def shifts(self) -> NDArray[np.intp]:
        """Shifts on which rows agree, with those of the first and of the last rows; ascending."""
        one, other = map(len, self.signatures)
        chosen = {0, other - one}
        step = 1 + one * other // PAIRED
        found = self._find_shifts(np.arange(0, one, step))
        votes = np.bincount(found + one, minlength=one + other + 1)
        for place in np.argsort(-votes, kind="stable"):
            if votes[place] < VOTES or len(chosen) == MOST_SHIFTS:
                break
            chosen.add(int(place) - one)
        return np.array(sorted(chosen))

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """Cost of matching each row of the first picture at each shift."""
        one, other = self.signatures
        costs = np.full((len(one), len(self.shifts)), np.inf)
        for column, shift in enumerate(self.shifts):
            rows = slice(max(0, -shift), max(0, min(len(one), len(other) - shift)))
            partners = slice(rows.start + shift, rows.stop + shift)
            costs[rows, column] = self._cost(rows, partners)
        return costs

    def is_better(self, bands: Sequence[Band]) -> bool:
        """Say whether two pictures of one height fit clearly better by bands than as they lie."""
        (one, other), told = self._whole, self._told_in_all
        in_place = np.minimum(_apart(one, other), told[0] + told[1])
        cost = there = here = 0.0
        for first, second, length in bands:
            if first is None or second is None:
                which = int(first is None)
                start = second if which else first
                cost += OPEN + float(told[which][start : start + length].sum())
            elif first == second:
                cost += float(in_place[first : first + length].sum())
            else:
                ours, theirs = slice(first, first + length), slice(second, second + length)
                most = told[0][ours] + told[1][theirs]
                there += float(np.minimum(_apart(one[ours], other[theirs]), most).sum())
                here += float(in_place[ours].sum())
        return cost + there + GAIN < float(in_place.sum()) and there < EXPLAINED * here

    def is_reliable(self, bands: list[Band]) -> bool:
        """Say whether what is matched fits, and tells enough."""
        cost = told = 0.0
        for band in bands:
            if band.is_shared:
                ours, theirs = (slice(start, start + band.length) for start in band[:2])
                cost += float(self._cost(ours, theirs).sum())
                told += float(self.told[0][ours].sum() + self.told[1][theirs].sum())
        trimmed = float(self._told_in_all[0].sum() - self.told[0].sum())
        least = ENOUGH * min(float(each.sum()) for each in self._told_in_all)
        return cost <= FITS * (told + 2 * trimmed) and told / 2 + trimmed >= least

    def unlike(self, first: int, second: int, length: int) -> float:
        """Measure in what share of what they tell so many rows from two places on differ."""
        (one, other), (told, others) = self._whole, self._told_in_all
        ours, theirs = slice(first, first + length), slice(second, second + length)
        if min(first, second) < 0 or first + length > len(one) or second + length > len(other):
            return 1.0
        most = told[ours] + others[theirs]
        return float(np.minimum(_apart(one[ours], other[theirs]), most).sum() / most.sum())

    def find_path(self) -> list[Band]:
        """Find the cheapest way through both pictures: shared, removed and inserted bands.

        Returns
        -------
        list of Band
            From the top, counted from `top`.
        """
        height, other_height = map(len, self.signatures)
        shifts, places = self.shifts, np.arange(len(self.shifts))
        removed, added = (np.concatenate([[0], np.cumsum(told)]) for told in self.told)
        # From shift k to a smaller shift s, k - s rows of the first picture are left out.
        fewer = shifts[None, :] - shifts[:, None]
        fewer[fewer <= 0] = height + 1
        shortest = fewer.min()
        costs = np.full((height + 1, len(shifts)), np.inf)
        came = np.tile(places.astype(np.int8), (2, height + 1, 1))
        there = np.arange(height + 1)[:, None] + shifts
        offsets, beyond = added[there.clip(0, other_height)], there > other_height
        for row in range(height + 1):
            reached = costs[row - 1] + self.costs[row - 1] if row else np.where(shifts, np.inf, 0)
            if row >= shortest:
                start = np.maximum(row - fewer, 0)
                jumps = costs[start, places] + (removed[row] - removed[start] + OPEN)
                jumps[fewer > row] = np.inf
                source = jumps.argmin(axis=1)
                jumped = jumps[places, source]
                came[0, row] = np.where(jumped < reached, source, places)
                reached = np.minimum(jumped, reached)
            relative = reached - offsets[row]
            lowest = np.minimum.accumulate(relative)
            jumped = lowest + offsets[row] + OPEN
            is_better = (jumped < reached) & ~beyond[row]
            if is_better.any():
                source = np.maximum.accumulate(np.where(relative <= lowest, places, 0))
                came[1, row] = np.where(is_better, source, places)
                reached = np.where(is_better, jumped, reached)
            costs[row] = reached
        end = int(np.flatnonzero(shifts == other_height - height)[0])
        return _traced(came, shifts, height, end)

    def _cost(self, ours: slice, theirs: slice) -> NDArray[np.float64]:
        """Measure how rows differ: never by more than both cost without a partner."""
        apart = _apart(self.signatures[0][ours], self.signatures[1][theirs])
        return np.minimum(apart, self.told[0][ours] + self.told[1][theirs])

    def _find_shifts(self, voters: NDArray[np.intp]) -> NDArray[np.intp]:
        """Find the shifts of rows of the first picture that have just one partner elsewhere."""
        if min(map(len, self.signatures)) < VOTES:
            return np.empty(0, np.intp)
        found = [_shifts_alone(voters, *self._compared(voters, around)) for around in AROUND]
        return np.concatenate(found)

    def _compared(
        self, voters: NDArray[np.intp], around: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Measure how rows of the first picture and all of the second differ, by their shape.

        Returns
        -------
        apart : ndarray, shape (voters, rows of the second)
        most : ndarray, shape (voters,)
            By how much a partner may differ: clearly less than others, and than the row in place.
        """
        wanted, offered = (_with_neighbours(each, around) for each in self._joined)
        wanted = wanted[voters]
        squares = (wanted**2).sum(axis=1)[:, None] + (offered**2).sum(axis=1)
        apart = np.maximum(squares - 2 * (wanted @ offered.T), 0) / wanted.shape[1]
        apart = np.sqrt(apart, out=apart)
        in_place = apart[np.arange(len(voters)), voters.clip(None, len(offered) - 1)]
        return apart, CLEARLY * np.minimum(apart.mean(axis=1), in_place)

    @cached_property
    def _joined(self) -> list[NDArray[np.float32]]:
        return list(map(_joined, self.signatures))


def _shifts_alone(voters: NDArray, apart: NDArray, most: NDArray) -> NDArray[np.intp]:
    """Return the shifts of rows that have one partner, rows beside it not counted."""
    best, lowest = apart.argmin(axis=1), apart.min(axis=1)
    near = best[:, None] + np.arange(-BESIDE, BESIDE + 1)
    np.put_along_axis(apart, near.clip(0, apart.shape[1] - 1), np.inf, axis=1)
    is_alone = apart.min(axis=1) > ALONE * lowest + 0.5
    return (best - voters)[(lowest < most) & is_alone]


def _most_votes(shifts: NDArray[np.intp]) -> int:
    """Count how often the commonest shift occurs; none is no shift."""
    return int(np.bincount(np.abs(shifts) * 2 + (shifts < 0))[1:].max(initial=0))


def _apart(one: NDArray, other: NDArray) -> NDArray[np.float32]:
    return np.abs(one - other).mean(axis=1)


def _told(signatures: NDArray, usual: NDArray) -> NDArray[np.float32]:
    """Measure in gray levels how much a row tells: half of what it differs from the usual row."""
    return np.clip(_apart(signatures, usual) / 2, LEAST_TOLD, MOST_TOLD)


def _first_off(one: NDArray, other: NDArray) -> int:
    """Count the rows before the first that differs."""
    off = _apart(one, other) > OFF
    return int(off.argmax()) if off.any() else len(off)


def _joined(signatures: NDArray) -> NDArray[np.float32]:
    """Join some means of each row to one, with the slopes of these: enough to vote.

    The level of a row tells nothing: on a ramp, another level of light looks like a shift.
    """
    columns = (signatures.shape[1] + 1) // 2
    size = -(-columns // JOINED), len(signatures)
    means = np.ascontiguousarray(signatures[:, :columns])
    means = cv2.resize(means, size, interpolation=cv2.INTER_AREA)
    slopes = np.diff(means, axis=1)
    return np.hstack([means - means.mean(axis=1, keepdims=True), slopes])


def _with_neighbours(signatures: NDArray, around: int) -> NDArray[np.float32]:
    rows, last = np.arange(len(signatures)), len(signatures) - 1
    return np.hstack([signatures[np.clip(rows + d, 0, last)] for d in (-around, 0, around)])


def _traced(came: NDArray, shifts: NDArray, row: int, place: int) -> list[Band]:
    """Follow the path back from its end; `came` has where removals and insertions came from."""
    bands: list[Band] = []
    while row > 0 or shifts[place]:
        inserted_from, removed_from = int(came[1, row, place]), int(came[0, row, place])
        if inserted_from != place:
            length = int(shifts[place] - shifts[inserted_from])
            bands.append(Band(None, row + int(shifts[inserted_from]), length))
            place = inserted_from
        elif removed_from != place:
            length = int(shifts[removed_from] - shifts[place])
            row -= length
            bands.append(Band(row, None, length))
            place = removed_from
        else:
            end = row
            while row and came[0, row, place] == came[1, row, place] == place:
                row -= 1
            bands.append(Band(row, row + int(shifts[place]), end - row))
    return bands[::-1]
