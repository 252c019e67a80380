"""Patches of two pictures that say how far they are off: for `alignment`."""

from itertools import pairwise, product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image
from helpers.motion import LINEAR, Motion, Votes, basis

PATCHES = 5  # in a row and in a column
SIDE = 64  # pixels: of a patch
ALIKE = 0.4  # correlation below which patches show different things
FLAT = 2  # gray levels: a patch that varies less shows no shift
ROUNDING = 0.5  # gray levels: no patch is known better
FINEST = 0.03  # pixels: no patch tells its shift more exactly
UNSURE = 0.5  # pixels: a patch that knows no direction better does not vote
SMOOTHED = 9  # pixels, about, that share their noise after the blur and JPEG


class Pieces(NamedTuple):
    """Patches of the first picture, and what a motion brings there from the second.

    Attributes
    ----------
    patches : ndarray of float32, shape (2, n, side, side)
        Of the first and of the second picture.
    rows : ndarray of float64, shape (n, 2, 9)
        What each number of a motion does to their centres, in pixels of the whole pictures.
    moves : ndarray of float64, shape (n, 2)
        How far the motion moves these.
    slopes : ndarray of float64, shape (n, 2, 2)
        The motion near each, without the shift.
    """

    patches: NDArray[np.float32]
    rows: NDArray[np.float64]
    moves: NDArray[np.float64]
    slopes: NDArray[np.float64]


class Standardized(NamedTuple):
    """Patches of both pictures in which brightness and contrast do not count.

    Attributes
    ----------
    one, other : ndarray of float32, shape (n, side * side)
        Of mean 0 and deviation 1, or 0 where either is flat; a negative of the other is turned.
    alike : ndarray of float32, shape (n,)
        Their correlation, below 0 for negatives.
    deviations : ndarray of float32, shape (n,)
        The smaller one of what they had, in gray levels, above 0.
    equal : ndarray of bool, shape (n,)
        Both are the same to the last bit, and not flat.
    """

    one: NDArray[np.float32]
    other: NDArray[np.float32]
    alike: NDArray[np.float32]
    deviations: NDArray[np.float32]
    equal: NDArray[np.bool_]


def even_corners(shape: tuple[int, int], side: int) -> NDArray[np.intp]:
    """Spread patches evenly, so that they overlap by half at most."""
    rows, columns = (
        np.linspace(0, length - side, min(PATCHES, max(2, 2 * length // side))).astype(int)
        for length in shape
    )
    return np.array([(x, y) for y in rows for x in columns])


def telling_corners(
    small: Image,
    scale: float,
    shape: tuple[int, int],
    side: int = SIDE,
    seen: Image | None = None,
) -> NDArray[np.intp]:
    """Choose places of patches: in each cell of the picture where most edges meet.

    `small` is the picture, of that shape, reduced by `scale`. `seen`, as large, is above 0 where a
    patch may have its middle.
    """
    side = min(side, *shape)
    telling = cv2.cornerMinEigenVal(small, max(3, round(scale * side / 2)))
    x, y, width, height = (0, 0, *small.shape[::-1]) if seen is None else cv2.boundingRect(seen)
    rows, columns = (
        np.linspace(start, start + length, PATCHES + 1).astype(int)
        for start, length in ((y, height), (x, width))
    )
    found = []
    for (top, bottom), (left, right) in product(pairwise(rows), pairwise(columns)):
        cell = np.s_[top:bottom, left:right]
        if seen is None or cv2.hasNonZero(seen[cell]):
            *_, (x, y) = cv2.minMaxLoc(telling[cell], None if seen is None else seen[cell])
            found.append((x + left + 0.5, y + top + 0.5))
    limits = np.array(shape[::-1]) - side
    return np.clip(np.array(found) / scale - side / 2, 0, limits).astype(int)


def cut(
    first: Image,
    second: Image,
    motion: Motion,
    corners: NDArray,
    scale: float,
    shape: tuple[int, int],
    view: NDArray | None = None,
) -> Pieces:
    """Cut patches out of the first picture, and what of the second the motion brings there.

    Both are reduced by `scale` from pictures of that shape, and it is these that are moved. With a
    view, of pictures that are not reduced, the second one is seen through it.
    """
    side = min(SIDE, *(length // 2 * 2 for length in first.shape))
    middle = (side - 1) / 2
    places = (corners + middle + 0.5) / scale - 0.5  # pixel centres are at half pixels
    cross = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    spots = places[:, None] + cross
    rows = basis(spots.reshape(-1, 2), shape).reshape(-1, len(cross), 2, len(motion))
    there = spots + rows @ motion
    slopes = _slopes(there)
    seen = there if view is None else cv2.perspectiveTransform(there, view)
    turns = _slopes(seen)
    starts = (seen[:, 0] + 0.5) * scale - 0.5 - turns @ (middle, middle)
    matrices = np.concatenate([turns, starts[..., None]], axis=2)
    patches = np.empty((2, len(corners), side, side), np.float32)
    for (x, y), matrix, patch, other in zip(corners, matrices, *patches, strict=True):
        patch[:] = first[y : y + side, x : x + side]
        other[:] = cv2.warpAffine(
            second, matrix, (side, side), flags=LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return Pieces(patches, rows[:, 0], there[:, 0] - places, slopes)


def _slopes(crosses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how a motion stretches and turns, by crosses that it moved: shape (n, 2, 2)."""
    return np.stack([crosses[:, 1] - crosses[:, 2], crosses[:, 3] - crosses[:, 4]], axis=2) / 2


def phase_votes(pieces: Pieces, scale: float) -> Votes:
    """Ask patches by phase correlation: for shifts up to half their side."""
    count, side = pieces.patches.shape[1:3]
    able = (pieces.patches.std(axis=(2, 3)) >= FLAT).all(axis=0)
    window = cv2.createHanningWindow((side, side), cv2.CV_32F)
    shifts = np.zeros((count, 2))
    for index in np.flatnonzero(able):
        shifts[index], _ = cv2.phaseCorrelate(*pieces.patches[:, index], window)
    said = pieces.moves + (pieces.slopes @ shifts[..., None])[..., 0] / scale
    return Votes(pieces.rows, said, np.ones_like(said), np.ones_like(said), able)


def gradient_votes(pieces: Pieces, pair: Standardized) -> Votes:
    """Ask patches by their gradients (Lucas and Kanade): for shifts of a pixel or two."""
    count, side = pieces.patches.shape[1:3]
    window = _window(side)
    apart = pair.one - pair.other
    mean = ((pair.one + pair.other) / 2).reshape(-1, side)
    slopes = np.stack(
        [
            cv2.Scharr(mean, cv2.CV_32F, *order, scale=1 / 32).reshape(count, -1)
            for order in ((1, 0), (0, 1))
        ]
    )
    slopes -= (slopes @ window)[..., None]  # a ramp looks the same wherever it is
    weighted = slopes * window
    tensor = np.array([[_dot(a, b) for b in slopes] for a in weighted]).transpose(2, 0, 1)
    strengths, directions = np.linalg.eigh(tensor.astype(np.float64))
    strengths = np.maximum(strengths, 1e-9)
    axes = directions.transpose(0, 2, 1)
    told = (axes @ np.stack([_dot(a, apart) for a in weighted], axis=1)[..., None])[..., 0]
    noise = _dot(apart * window, apart) - (told**2 / strengths).sum(axis=1)
    noise = np.maximum(noise, (ROUNDING / pair.deviations) ** 2)
    variances = SMOOTHED * noise[:, None] / side**2 / strengths + FINEST**2
    shifts = (directions @ (told / strengths)[..., None])[..., 0]
    moves = pieces.moves + (pieces.slopes @ shifts[..., None])[..., 0]
    axes = axes @ pieces.slopes.transpose(0, 2, 1)  # as they lie in the second picture
    known = np.sqrt(strengths / strengths.max(axis=1, keepdims=True))
    able = (np.abs(pair.alike) >= ALIKE) & (variances.min(axis=1) < UNSURE**2)
    said = (axes @ moves[..., None])[..., 0]
    return Votes(axes @ pieces.rows, said, known, 1 / variances, able)


def misfits(pair: Standardized) -> NDArray[np.float64]:
    """Measure what part of each patch does not fit: 0 for equal ones, 1 for those unlike or flat.

    Brightness and contrast do not count, be it a negative.
    """
    left = np.sqrt(np.maximum(1 - pair.alike.astype(np.float64) ** 2, 1e-6))
    return np.where(pair.equal, 0, left)


def standardized(patches: NDArray) -> Standardized:
    """Bring patches (2, n, side, side) to mean 0 and deviation 1."""
    count, side = patches.shape[1:3]
    window = _window(side)
    values = cv2.GaussianBlur(patches.reshape(-1, side), (3, 3), 0).reshape(2, count, -1)
    values -= (values @ window)[..., None]
    deviations = np.sqrt((values**2) @ window)
    textured = (deviations >= FLAT / 2).all(axis=0)
    values *= (textured / np.maximum(deviations, 1e-6))[..., None]
    alike = _dot(values[0] * window, values[1])
    values[1] *= np.sign(alike)[:, None]
    equal = (patches[0] == patches[1]).all(axis=(1, 2)) & textured
    return Standardized(*values, alike, deviations.min(axis=0) + 1e-6, equal)


def _window(side: int) -> NDArray[np.float32]:
    window = cv2.createHanningWindow((side, side), cv2.CV_32F).ravel()
    return window / window.sum()


def _dot(one: NDArray, other: NDArray) -> NDArray:
    return np.einsum("nk,nk->n", one, other)
