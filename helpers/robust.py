"""Find what changed and nothing else: align, match tones, tolerate edges. Lessons 10 to 12."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.alignment import ALIKE, Alignment, find_alignment, likeness, warp
from helpers.boxes import bounding_boxes, box_mask
from helpers.comparison import Comparison
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.settings import DEFAULTS, Settings
from helpers.similarity import ssim_difference
from helpers.tone import Tone, apply_tone, find_tone, largest_channel, steps

SOFTER = (0.5, 0.7, 1, 1.4)  # sigmas in pixels by which one picture may be softer than the other
SOFTENS = 0.93  # what may be left of the difference, at most, for such a blur to be kept
CONTRAST = 8  # gray levels between neighbours that make an edge
CELL = 16  # pixels: side of the cells whose largest differences are ranked
UNCHANGED = 0.9  # share of the cells of a block that is taken to show no change
BLOCKS, USUAL = 3, 0.67  # in a row and in a column; share of them from which the tolerance is read
GREY, MOST_GREY = 1.7, 24  # times what cells differ by, and gray levels where the tolerance ends
EDGE, LEAST_EDGE, MOST_EDGE = 2, 0.1, 0.6  # the same for the share of an edge's contrast
CLEAR = 2.5  # times `ignore_below` that a change must reach somewhere
STRONG, NEAR = 1.6, 9  # times `ignore_below`, and pixels round such: the extent of a change
LEAST = 20  # pixels of the mask that a change must have
STRIPE, STRIPES = 64, 8  # pixels and number of the stretches of each side that are sampled
TILE = (128, 512)  # rows, columns

Piece = tuple[Image, tuple[int, int]]  # a mask, and where its corner is
Tile = tuple[tuple[slice, slice], list[Image]]  # where it is, and its differences


class Tolerance(NamedTuple):
    """The differences that two pictures of one thing may have.

    Attributes
    ----------
    softer : tuple of float, or None
        Sigma in pixels by which the first and the second picture are blurred beyond the kernel
        1 2 1; None when nothing is blurred, because all else is the same to the last bit.
    radius : int
        Pixels by which an edge may have moved.
    grey : float
        Gray levels by which a pixel may differ anywhere.
    edge : float
        Share of its contrast by which an edge that is in both pictures may differ.
    """

    softer: tuple[float, float] | None
    radius: int
    grey: float
    edge: float


class Cells(NamedTuple):
    """The differences in a sample of a pair, whatever the settings: see `differences`."""

    softer: tuple[float, float] | None
    largest: Image
    edges: Image


class Compared:
    """Both pictures as they are compared, and what no setting changes in how they differ.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR, aligned, of one tone.
    keep : bool
        Keep the differences of all pixels for the next time: 3 bytes a pixel.
    """

    def __init__(self, first: Image, second: Image, *, keep: bool) -> None:
        self.first, self.second = first, second
        self._cells: dict[int, Cells] = {}
        self._tiles: dict[tuple, list[Tile]] | None = {} if keep else None

    def cells(self, radius: int) -> Cells:
        """Measure the sample, once for each radius."""
        if radius not in self._cells:
            self._cells[radius] = _unchanged_cells(self.first, self.second, radius)
        return self._cells[radius]

    def tiles(self, allowed: Tolerance) -> Iterable[Tile]:
        """Measure all pixels: tile by tile when nothing is kept, else once for each radius."""
        tiles = _tiles(self.first, self.second, allowed)
        if self._tiles is None:
            return tiles
        key = allowed.softer, allowed.radius
        if key not in self._tiles:
            self._tiles[key] = list(tiles)
        return self._tiles[key]


@dataclass(frozen=True, eq=False)
class AlignedPair:
    """A pair of which the second picture is aligned with the first: what `detect` searches.

    Attributes
    ----------
    first, second, aligned : ndarray of uint8, shape (height, width, 3)
        Both pictures, and the second as it is compared with the first.
    alignment : Alignment or None
        The shift, rotation and scale that were corrected.
    ignored : ndarray of uint8, shape (height, width)
        255 where nothing is compared.
    gray, other : ndarray of uint8, shape (height, width)
        The first in gray, and the aligned one, which has the first's pixels where ignored.
    same : bool
        Both pictures are equal to the last bit.
    score : float
        Mean structural similarity of the two in gray.
    keep : bool
        The pair is searched again and again: keep what no setting changes.
    """

    first: Image
    second: Image
    aligned: Image
    alignment: Alignment | None
    ignored: Image
    gray: Image
    other: Image
    same: bool
    score: float
    keep: bool

    @cached_property
    def tone(self) -> Tone | None:
        """The correction of tone, when there is one."""
        return find_tone(self.first, self.aligned, self.ignored)

    @cached_property
    def toned(self) -> Compared:
        """Both pictures with their tones matched."""
        return self._compared(*_toned(self.first, self.aligned, self.tone))

    @cached_property
    def untoned(self) -> Compared:
        """Both pictures with their tones as they are."""
        return self._compared(self.first, self.aligned)

    def _compared(self, first: Image, second: Image) -> Compared:
        return Compared(first, _filled(second, first, self.ignored), keep=self.keep)


def robust(first: Image, second: Image, **settings: Any) -> Comparison:
    """Compare by the method "robust", which `compare` explains with its settings.

    Both pictures are BGR and of one size.
    """
    checked = Settings(**settings)
    return detect(prepare(first, second, checked), checked)


def prepare(
    first: Image, second: Image, settings: Settings = DEFAULTS, *, keep: bool = False
) -> AlignedPair:
    """Align the second picture with the first: estimate shift, rotation and scale.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size.
    settings : Settings, optional
        Of these `align` and `ignore` count; with an `ignore_below` of 0 nothing is aligned.
    keep : bool, optional
        For a pair that is given to `detect` again and again: keep what no other setting changes.

    Returns
    -------
    AlignedPair
    """
    ignored = box_mask(settings.ignore, first.shape[:2])
    same = np.array_equal(first, second)
    gray, aligned, alignment = to_gray(first), second, None
    if settings.align and settings.ignore_below > 0 and not same:
        alignment = find_alignment(gray, to_gray(second))
    if alignment:
        aligned = warp(second, alignment)
        ignored |= _unseen(alignment, gray.shape)
    other = _filled(to_gray(aligned), gray, ignored)
    score = ssim_difference(gray, other)[0]
    return AlignedPair(first, second, aligned, alignment, ignored, gray, other, same, score, keep)


def detect(pair: AlignedPair, settings: Settings = DEFAULTS) -> Comparison:
    """Find what changed in an aligned pair.

    Parameters
    ----------
    pair : AlignedPair
    settings : Settings, optional
        Those that `prepare` has used count no more.

    Returns
    -------
    Comparison
    """
    ignore_below, shape = settings.ignore_below, pair.ignored.shape
    radius, merge = (min(n, max(pair.first.shape)) for n in (settings.tolerance, settings.merge))
    strict = ignore_below == 0 or pair.same
    too_different = not strict and _is_too_different(pair.gray, pair.other, ignore_below)
    matches = not strict and not too_different
    compared = pair.toned if matches else pair.untoned
    if strict:
        strength = largest_channel(cv2.absdiff(compared.first, compared.second))
    else:
        allowed = Tolerance((0, 0), radius, ignore_below, LEAST_EDGE)
        if matches:
            allowed = _tolerance(compared.cells(radius), ignore_below, radius)
        # A blur carries some of what is ignored over.
        strength = _strength(compared.tiles(allowed), allowed, ignore_below, shape)
        strength = cv2.subtract(strength, pair.ignored)

    least = max(ignore_below, 1)
    mask = cv2.inRange(strength, least, 255)
    pieces = _pieces(mask, merge)
    if not strict:
        pieces = _clear_pieces(pieces, strength, ignore_below)
    extents = [_extent(piece) + corner for piece, corner in pieces]
    return Comparison(
        score=pair.score,
        difference=255 - strength,
        mask=mask,
        boxes=bounding_boxes(extents, min_area=settings.min_pixels, pad=settings.pad, shape=shape),
        first=pair.first,
        second=pair.second,
        threshold=float(255 - least),
        method="robust",
        aligned=pair.aligned,
        alignment=pair.alignment,
        tone=pair.tone if matches else None,
        too_different=too_different,
    )


def measure_tolerance(first: Image, second: Image, ignore_below: int, radius: int) -> Tolerance:
    """Measure by how much two pictures differ where nothing changed.

    The picture is cut into nine blocks, and these into cells of 16 x 16 pixels. Nine tenths of
    the cells of a block are taken to be unchanged. What they differ by, in flat places and at
    edges, is what the block tolerates, and two thirds of the blocks decide for the picture. When
    nine tenths of all cells with edges are the same to the last bit, nothing was stored again and
    nothing needs tolerance.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned, of one tone.
    ignore_below : int
        Gray levels, above 0: the least that is tolerated.
    radius : int
        Pixels by which edges may have moved.

    Returns
    -------
    Tolerance
    """
    return _tolerance(_unchanged_cells(first, second, radius), ignore_below, radius)


def _unchanged_cells(first: Image, second: Image, radius: int) -> Cells:
    first, second = _sample(first), _sample(second)
    apart = _by_cell(largest_channel(cv2.absdiff(first, second)))
    edged = _by_cell(cv2.max(steps(first), steps(second))) >= 2 * CONTRAST
    if edged.any() and np.quantile(apart[edged], UNCHANGED) == 0:
        return Cells(None, apart, apart)
    softer = _match_softness(to_gray(first), to_gray(second))
    largest, _, edges = differences(first, second, softer, radius)
    return Cells(softer, largest, edges)


def _tolerance(cells: Cells, ignore_below: int, radius: int) -> Tolerance:
    softer, largest, edges = cells
    if softer is None:
        return Tolerance(None, 0, ignore_below, 0)
    at_edge = edges >= CONTRAST
    grey = _usual(_by_cell(np.where(at_edge, 0, largest)).astype(float))
    share = np.where(at_edge, cv2.subtract(largest, ignore_below) / np.maximum(edges, 1), 0)
    edge = _usual(np.where(_by_cell(edges) >= 2 * CONTRAST, _by_cell(share), np.nan))
    return Tolerance(
        softer,
        radius,
        float(np.clip(GREY * grey, ignore_below, max(ignore_below, MOST_GREY))),
        float(np.clip(EDGE * edge, LEAST_EDGE, MOST_EDGE)),
    )


def differences(
    first: Image, second: Image, softer: tuple[float, float] | None = (0, 0), radius: int = 1
) -> tuple[Image, Image, Image]:
    """Measure by how much each pixel leaves the range of its neighbourhood in the other picture.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size.
    softer : tuple of float, or None, optional
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
    if softer is not None:
        first, second = (
            _blurred(image, sigma) for image, sigma in zip((first, second), softer, strict=True)
        )
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


def _tiles(first: Image, second: Image, allowed: Tolerance) -> Iterator[Tile]:
    """Measure the differences of each tile that has some; yield them with its place."""
    height, width = first.shape[:2]
    halo = _reach(max(allowed.softer or (0,))) + 2 * allowed.radius + 2
    for y, x in product(range(0, height, TILE[0]), range(0, width, TILE[1])):
        top, left = max(y - halo, 0), max(x - halo, 0)
        tile = np.s_[top : y + TILE[0] + halo, left : x + TILE[1] + halo]
        if cv2.norm(first[tile], second[tile], cv2.NORM_INF) == 0:
            continue
        inside = np.s_[y - top : y - top + TILE[0], x - left : x - left + TILE[1]]
        maps = differences(first[tile], second[tile], allowed.softer, allowed.radius)
        yield np.s_[y : y + TILE[0], x : x + TILE[1]], [image[inside] for image in maps]


def _strength(
    tiles: Iterable[Tile], allowed: Tolerance, ignore_below: int, shape: tuple[int, int]
) -> Image:
    strength = np.zeros(shape, np.uint8)
    scaled = {"scale": ignore_below, "dtype": cv2.CV_8U}
    for place, (largest, smallest, edges) in tiles:
        # Resampling moves one pixel of the two outside the other's range, a change mostly both.
        strength[place] = cv2.max(
            cv2.divide(largest, _allowance(edges, allowed, 1), **scaled),
            cv2.divide(smallest, _allowance(edges, allowed, 1 / 4), **scaled),
        )
    return strength


def _allowance(edges: Image, allowed: Tolerance, part: float) -> NDArray[np.float32]:
    return cv2.addWeighted(edges, part * allowed.edge, edges, 0, allowed.grey, dtype=cv2.CV_32F)


def _blurred(image: Image, sigma: float) -> Image:
    """Blur by the kernel 1 2 1, and further by a Gaussian: that calms noise, and is fast."""
    image = cv2.GaussianBlur(image, (3, 3), 0)
    side = 2 * _reach(sigma) + 1
    return cv2.GaussianBlur(image, (side, side), sigma) if sigma else image


def _reach(sigma: float) -> int:
    """Count the pixels to each side that a blur takes in: what is beyond weighs under 1 %."""
    return round(2.5 * sigma)


def _is_too_different(first: Image, second: Image, ignore_below: int) -> bool:
    differing = cv2.countNonZero(cv2.inRange(cv2.absdiff(first, second), ignore_below, 255))
    return differing > first.size / 2 and likeness(first, second) < ALIKE


def _unseen(alignment: Alignment, shape: tuple[int, int]) -> Image:
    """Mark the pixels of the first picture that the second does not show."""
    height, width = shape
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]])
    inverse = cv2.invertAffineTransform(alignment.matrix)
    seen = cv2.transform(corners[None].astype(np.float64), inverse)
    unseen = cv2.fillConvexPoly(np.full(shape, 255, np.uint8), seen.round().astype(np.int32), 0)
    unseen[[0, -1]] = unseen[:, [0, -1]] = 255
    return cv2.dilate(unseen, np.ones((5, 5), np.uint8))  # and those that are blended with them


def _filled(image: Image, first: Image, ignored: Image) -> Image:
    """Take what is ignored from the first picture, so that nothing differs there."""
    return cv2.copyTo(first, ignored, image.copy()) if ignored.any() else image


def _toned(first: Image, second: Image, tone: Tone | None) -> tuple[Image, Image]:
    if tone and tone.corrects == "first":
        return apply_tone(first, tone), second
    return first, apply_tone(second, tone) if tone else second


def _sample(image: Image) -> Image:
    """Join stretches of rows and columns, spread evenly; the whole of a small picture."""
    height, width = image.shape[:2]
    image = np.concatenate([image[top : top + STRIPE] for top in _starts(height)])
    return np.concatenate([image[:, left : left + STRIPE] for left in _starts(width)], axis=1)


def _starts(length: int) -> NDArray[np.intp]:
    if length <= STRIPE * STRIPES:
        return np.arange(0, length, STRIPE)
    return np.linspace(0, length - STRIPE, STRIPES).astype(int)


def _usual(cells: NDArray) -> float:
    """Estimate what unchanged cells reach: by block, so that a large change spoils few."""
    blocks = [
        block
        for rows in np.array_split(cells, BLOCKS)
        for block in np.array_split(rows, BLOCKS, axis=1)
        if not np.isnan(block).all()
    ]
    reached = [np.nanquantile(block, UNCHANGED) for block in blocks]
    return float(np.quantile(reached, USUAL)) if reached else 0.0


def _match_softness(first: Image, second: Image) -> tuple[float, float]:
    """Choose how much further to blur each picture: one may be softer, after resampling."""
    blurred = [
        {sigma: _blurred(image, sigma) for sigma in (0, *SOFTER)} for image in (first, second)
    ]
    choices = [(0, 0), *((sigma, 0) for sigma in SOFTER), *((0, sigma) for sigma in SOFTER)]
    left = [cv2.norm(blurred[0][a], blurred[1][b], cv2.NORM_L1) for a, b in choices]
    best = int(np.argmin(left))
    return choices[best] if left[best] < SOFTENS * left[0] else (0, 0)


def _by_cell(values: NDArray) -> NDArray:
    """Take the largest value in each cell; cells cut off by the border are filled up with 0."""
    height, width = values.shape
    values = np.pad(values, ((0, -height % CELL), (0, -width % CELL)))
    return values.reshape(-(-height // CELL), CELL, -1, CELL).max(axis=(1, 3))


def _pieces(mask: Image, merge: int) -> list[Piece]:
    """Join what is nearer than `merge` pixels; the mask of each piece, and where its corner is."""
    grown = cv2.dilate(mask, np.ones((merge, merge), np.uint8)) if merge else mask
    pieces = []
    for contour in find_contours(grown):
        x, y, width, height = cv2.boundingRect(contour)
        inside = cv2.drawContours(
            np.zeros((height, width), np.uint8), [contour - (x, y)], -1, 255, cv2.FILLED
        )
        pieces.append((inside & mask[y : y + height, x : x + width], (x, y)))
    return pieces


def _extent(inside: Image) -> NDArray[np.int32]:
    """Return the first and the last corner of what a mask marks, as a contour of two points."""
    x, y, width, height = cv2.boundingRect(inside)
    return np.array([[[x, y]], [[x + width - 1, y + height - 1]]], np.int32)


def _clear_pieces(pieces: list[Piece], strength: Image, ignore_below: int) -> list[Piece]:
    """Keep pieces with enough pixels and a clear difference, without their weak outskirts."""
    strong = cv2.inRange(strength, min(round(STRONG * ignore_below), 255), 255)
    near = cv2.dilate(strong, np.ones((NEAR, NEAR), np.uint8))
    kept = []
    for piece, (x, y) in pieces:
        place = np.s_[y : y + piece.shape[0], x : x + piece.shape[1]]
        strongest = cv2.minMaxLoc(strength[place], piece)[1]
        if cv2.countNonZero(piece) >= LEAST and strongest >= min(CLEAR * ignore_below, 255):
            kept.append((piece & near[place], (x, y)))
    return kept
