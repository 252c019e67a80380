"""Tolerate what storing, resampling and rendering do: differences beyond a pair's own noise.

Lesson 10.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.grayscale import to_gray
from helpers.kinds import by_cell, leaves_range, sample
from helpers.loading import Image
from helpers.tone import largest_channel, largest_difference
from helpers.wide import Windows

SOFTER = (0.5, 0.7, 1, 1.4)  # sigmas in pixels by which one picture may be softer than the other
SOFTENS = 0.93  # what may be left of the difference, at most, for such a blur to be kept
CONTRAST = 8  # gray levels between neighbours that make an edge
UNCHANGED = 0.9  # share of the cells of a block that is taken to show no change
BLOCKS, USUAL = 3, 0.67  # in a row and in a column; share of them from which the tolerance is read
GRAY, LEAST_GRAY, MOST_GRAY = 1.7, 8, 24  # times what cells differ by; gray levels of the tolerance
EDGE, LEAST_EDGE, MOST_EDGE = 2, 0.1, 0.6  # the same for the share of an edge's contrast
FLIPPED, LEAST_FLIP = 0.85, 20  # share of an edge's contrast, and gray levels
MOST_FLIPPED = 0.12  # share of the cells that differ
TOGETHER, LEAST_TOGETHER = 19, 6  # pixels: side of a window, and flips in it; jagged text has 3
FLIP_NEAR = 7  # pixels round such that belong to the same change
TILE = (64, 2048)  # rows, columns: the fewer calls the better, but its copies take memory
UNIT = 8  # strength of a difference that is just tolerated


class Tolerance(NamedTuple):
    """The differences that two pictures of one thing may have.

    Attributes
    ----------
    softer : tuple of float
        Sigma in pixels by which the first and the second picture are blurred beyond the kernel
        1 2 1.
    radius : int
        Pixels by which an edge may have moved.
    gray : float
        Gray levels by which a pixel may differ anywhere.
    edge : float
        Share of its contrast by which an edge that is in both pictures may differ.
    """

    softer: tuple[float, float]
    radius: int
    gray: float
    edge: float


class Cells(NamedTuple):
    """The differences in a sample of a pair, whatever is ignored: see `differences`."""

    softer: tuple[float, float]
    largest: Image
    edges: Image
    told: NDArray[np.bool_]


class Tile(NamedTuple):
    """The differences in some columns of a stretch of rows: see `differences`.

    Attributes
    ----------
    rows : slice
    columns : list of (slice, slice)
        Where they are in the picture, and where in the maps.
    maps : list of ndarray of uint8
    """

    rows: slice
    columns: list[tuple[slice, slice]]
    maps: list[Image]


class Noise:
    """Both pictures as they are compared, and what no setting changes in how they differ.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR, aligned, of one tone.
    keep : bool
        Keep the differences of all pixels for the next time: 3 bytes a pixel.
    ignored : ndarray of uint8, shape (height, width), optional
        Above 0 where both are the same because the second shows nothing there: that is no noise.
    """

    def __init__(
        self, first: Image, second: Image, *, keep: bool, ignored: Image | None = None
    ) -> None:
        self.first, self.second, self._ignored = first, second, ignored
        self._cells: dict[int, Cells] = {}
        self._tiles: dict[tuple, list[Tile]] | None = {} if keep else None

    @cached_property
    def apart(self) -> Image:
        """Gray levels by which each pixel differs, in the channel where most."""
        return largest_difference(self.first, self.second)

    @cached_property
    def windows(self) -> Windows:
        """Both pictures, to be compared by the means of windows."""
        return Windows(self.first, self.second)

    @cached_property
    def wide(self) -> Image:
        """Mark wide changes."""
        return self.windows.find_wide()

    def tolerance(self, level: int, radius: int) -> Tolerance:
        """Measure what is tolerated where no wide change is, once for each radius."""
        if radius not in self._cells:
            hidden = self._ignored
            changed = self.wide if hidden is None else self.wide | hidden
            self._cells[radius] = _sampled(self.first, self.second, radius, changed, hidden)
        return _tolerance(self._cells[radius], level)._replace(radius=radius)

    def strength(self, allowed: Tolerance) -> Image:
        """Measure how strongly each pixel differs: `UNIT` is just tolerated.

        Returns
        -------
        ndarray of uint8, shape (height, width)
        """
        strength = np.zeros(self.first.shape[:2], np.uint8)
        for rows, columns, (largest, smallest, edges) in self._measured(allowed):
            # Resampling moves one pixel of the two outside the other's range, a change mostly both.
            found = cv2.max(
                cv2.divide(largest, _allowance(edges, allowed, 1), scale=UNIT, dtype=cv2.CV_8U),
                cv2.divide(
                    smallest, _allowance(edges, allowed, 1 / 4), scale=UNIT, dtype=cv2.CV_8U
                ),
            )
            for there, own in columns:
                strength[rows, there] = found[:, own]
        return strength

    def flipped(self) -> Image:
        """Mark pixels that went from one side of an edge to the other, and what changed with them.

        Text and lines that are rendered again move by half a pixel at most: an edge gets there
        between the two sides, hardly past them.

        Returns
        -------
        ndarray of uint8, shape (height, width)
            255 there.
        """
        apart = self.apart
        _, contrast = leaves_range(self.first, self.second)
        apart_somewhere = by_cell(cv2.inRange(apart, LEAST_FLIP, 255)) > 0
        flipped = _at_least(apart, contrast, FLIPPED) & cv2.inRange(apart, LEAST_FLIP, 255)
        share = np.count_nonzero(by_cell(flipped)) / max(np.count_nonzero(apart_somewhere), 1)
        if share > MOST_FLIPPED:  # by another rasteriser, which puts stems on other pixels
            return np.zeros_like(flipped)
        together = cv2.boxFilter(flipped // 255, cv2.CV_16U, (TOGETHER, TOGETHER), normalize=False)
        flipped[together < LEAST_TOGETHER] = 0
        near = cv2.dilate(flipped, np.ones((FLIP_NEAR, FLIP_NEAR), np.uint8))
        return _at_least(apart, contrast, FLIPPED / 2) & near

    def _measured(self, allowed: Tolerance) -> Iterable[Tile]:
        """Measure all pixels: tile by tile when nothing is kept, else once for each radius."""
        tiles = _tiles(self.first, self.second, allowed)
        if self._tiles is None:
            return tiles
        key = allowed.softer, allowed.radius
        if key not in self._tiles:
            self._tiles[key] = list(tiles)
        return self._tiles[key]


def measure_tolerance(first: Image, second: Image, level: int, radius: int) -> Tolerance:
    """Measure by how much two pictures differ where nothing changed.

    The picture is cut into nine blocks, and these into cells of 16 x 16 pixels. Nine tenths of
    the cells of a block are taken to be unchanged. What they differ by, in flat places and at
    edges, is what the block tolerates, and two thirds of the blocks decide for the picture.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned, of one tone.
    level : int
        Gray levels, above 0: the least that is tolerated.
    radius : int
        Pixels by which edges may have moved.

    Returns
    -------
    Tolerance
    """
    changed = np.zeros(first.shape[:2], np.uint8)
    return _tolerance(_sampled(first, second, radius, changed), level)._replace(radius=radius)


def _sampled(
    first: Image, second: Image, radius: int, changed: Image, ignored: Image | None = None
) -> Cells:
    first, second, changed = sample(first), sample(second), sample(changed)
    seen = None if ignored is None else cv2.compare(sample(ignored), 0, cv2.CMP_EQ)
    softer = _match_softness(to_gray(first), to_gray(second), seen)
    largest, _, edges = differences(first, second, softer, radius)
    return Cells(softer, largest, edges, by_cell(changed) == 0)


def _tolerance(cells: Cells, level: int) -> Tolerance:
    softer, largest, edges, told = cells
    at_edge = cv2.inRange(edges, CONTRAST, 255)
    gray = _usual(np.where(told, by_cell(cv2.subtract(largest, at_edge)), np.nan))
    share = cv2.divide(cv2.subtract(largest, level), cv2.max(edges, 1), dtype=cv2.CV_32F)
    share = cv2.copyTo(share, at_edge)
    edge = _usual(np.where(told & (by_cell(edges) >= 2 * CONTRAST), by_cell(share), np.nan))
    return Tolerance(
        softer,
        0,
        float(np.clip(GRAY * gray, level, max(level, MOST_GRAY))),
        float(np.clip(EDGE * edge, LEAST_EDGE, MOST_EDGE)),
    )


def differences(
    first: Image, second: Image, softer: tuple[float, float] = (0, 0), radius: int = 1
) -> tuple[Image, Image, Image]:
    """Measure by how much each pixel leaves the range of its neighbourhood in the other picture.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size.
    softer : tuple of float, optional
        As in `Tolerance`.
    radius : int, optional
        Pixels to each side that make the neighbourhood.

    Returns
    -------
    largest, smallest : ndarray of uint8, shape (height, width)
        Gray levels by which either pixel, and by which both leave the range of the other's
        neighbourhood, in the channel where most.
    edges : ndarray of uint8, shape (height, width)
        Contrast in gray levels of the edge that is there in both pictures.
    """
    return _differences(*_softened(first, second, softer), radius)


def _softened(first: Image, second: Image, softer: tuple[float, float]) -> tuple[Image, Image]:
    return _blurred(first, softer[0]), _blurred(second, softer[1])


def _differences(first: Image, second: Image, radius: int) -> tuple[Image, Image, Image]:
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    top, bottom = cv2.dilate(first, square), cv2.erode(first, square)
    other_top, other_bottom = cv2.dilate(second, square), cv2.erode(second, square)
    outside = cv2.max(cv2.subtract(first, other_top), cv2.subtract(other_bottom, first))
    other_outside = cv2.max(cv2.subtract(second, top), cv2.subtract(bottom, second))
    edges = cv2.min(
        largest_channel(cv2.subtract(top, bottom)),
        largest_channel(cv2.subtract(other_top, other_bottom)),
    )
    return (
        largest_channel(cv2.max(outside, other_outside)),
        largest_channel(cv2.min(outside, other_outside)),
        cv2.dilate(edges, np.ones((3, 3), np.uint8)),
    )


def half_colour(image: Image) -> Image:
    """Keep colour at half the width and height, as JPEG and WebP do: it bleeds over edges.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        BGR.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    height, width = image.shape[:2]
    luma, *colours = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb))
    half = -(-width // 2), -(-height // 2)
    colours = [cv2.resize(c, half, interpolation=cv2.INTER_AREA) for c in colours]
    colours = [cv2.resize(c, (width, height), interpolation=cv2.INTER_LINEAR) for c in colours]
    return cv2.cvtColor(cv2.merge([luma, *colours]), cv2.COLOR_YCrCb2BGR)


def _tiles(first: Image, second: Image, allowed: Tolerance) -> Iterator[Tile]:
    """Measure the columns of each tile in which some pixel differs by more than all may."""
    height, width = first.shape[:2]
    halo = _reach(max(allowed.softer)) + 2 * allowed.radius + 2
    for y, x in product(range(0, height, TILE[0]), range(0, width, TILE[1])):
        top, left = max(y - halo, 0), max(x - halo, 0)
        tile = np.s_[top : y + TILE[0] + halo, left : x + TILE[1] + halo]
        pair = first[tile], second[tile]
        if cv2.norm(*pair, cv2.NORM_INF) == 0:
            continue
        pair = _softened(*pair, allowed.softer)
        inside = slice(y - top, y - top + TILE[0])
        apart = cv2.absdiff(*(image[inside] for image in pair))
        starts, ends = _loud_columns(apart, allowed.radius + 1)
        if not len(starts):
            continue
        # Joined, few columns are one small picture. Each loud one has its neighbours beside it.
        runs = list(map(slice, starts.tolist(), ends.tolist()))
        pair = (cv2.hconcat([image[:, run] for run in runs]) for image in pair)
        maps = [image[inside] for image in _differences(*pair, allowed.radius)]
        back = np.cumsum(ends - starts) - ends  # from a place in the tile to that in the maps
        low, high = np.maximum(starts, x - left), np.minimum(ends, x - left + TILE[1])
        columns = [
            (slice(left + first, left + last), slice(first + by, last + by))
            for first, last, by in zip(low.tolist(), high.tolist(), back.tolist(), strict=True)
            if first < last
        ]
        yield Tile(slice(y, y + TILE[0]), columns, maps)


def _loud_columns(apart: Image, near: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find where columns begin and end that hold what is tolerated nowhere, or are beside such."""
    largest = largest_channel(apart.max(axis=0)[None])[0]
    loud = np.zeros((1, len(largest) + 2), np.uint8)
    loud[0, 1:-1] = largest >= LEAST_GRAY
    loud[:, 1:-1] = cv2.dilate(loud[:, 1:-1], np.ones((1, 2 * near + 1), np.uint8))
    changes = np.flatnonzero(loud[0, 1:] != loud[0, :-1])
    return changes[::2], changes[1::2]


def _at_least(apart: Image, contrast: Image, share: float) -> Image:
    return cv2.compare(apart, cv2.multiply(contrast, 1, scale=share), cv2.CMP_GE)


def _allowance(edges: Image, allowed: Tolerance, part: float) -> NDArray[np.float32]:
    return cv2.addWeighted(edges, part * allowed.edge, edges, 0, allowed.gray, dtype=cv2.CV_32F)


def _blurred(image: Image, sigma: float) -> Image:
    """Blur by the kernel 1 2 1, and further by a Gaussian: that calms noise, and is fast."""
    image = cv2.GaussianBlur(image, (3, 3), 0)
    side = 2 * _reach(sigma) + 1
    return cv2.GaussianBlur(image, (side, side), sigma) if sigma else image


def _reach(sigma: float) -> int:
    """Count the pixels to each side that a blur takes in: what is beyond weighs under 1 %."""
    return round(2.5 * sigma)


def _usual(cells: NDArray) -> float:
    """Estimate what unchanged cells reach: by block, so that a large change spoils few."""
    blocks = [
        block[~np.isnan(block)]
        for rows in np.array_split(cells, BLOCKS)
        for block in np.array_split(rows, BLOCKS, axis=1)
    ]
    reached = [_quantile(block, UNCHANGED) for block in blocks if block.size]
    return _quantile(reached, USUAL) if reached else 0.0


def _quantile(values: Sequence[float], share: float) -> float:
    """Interpolate as `np.quantile` does, which takes twenty times as long for so few."""
    return float(np.interp(share * (len(values) - 1), np.arange(len(values)), np.sort(values)))


def _match_softness(first: Image, second: Image, seen: Image | None) -> tuple[float, float]:
    """Choose how much further to blur each picture: one may be softer, after resampling."""
    pair = _blurred(first, 0), _blurred(second, 0)
    left = {(0, 0): cv2.norm(*pair, cv2.NORM_L1, seen)}
    for which, image in enumerate((first, second)):
        before = left[0, 0]
        for sigma in SOFTER:
            after = cv2.norm(_blurred(image, sigma), pair[1 - which], cv2.NORM_L1, seen)
            left[(sigma, 0) if which == 0 else (0, sigma)] = after
            if after > before:  # a wider blur leaves still more
                break
            before = after
    best = min(left, key=left.get)
    return best if left[best] < SOFTENS * left[0, 0] else (0, 0)
