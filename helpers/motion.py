"""Motions of nine numbers, and how patches vote on one: for `alignment`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image

SIMILARITY, ALL = 4, 9  # numbers of a motion: without and with those of a bend
PERSPECTIVE, BULGE = slice(6, 8), 8  # those of a perspective; the last one
FEWEST = 4  # patches: a similarity goes through any two
SAMPLES = 100  # drawn at random: one of them holds good patches only, if two fifths are good
FITS = 3  # times the patches that agree are chosen again
OUTSIDE = 3  # times the median miss of those that agree, from where a patch does not
TYPICAL = 0.7  # quantile of what patches miss a motion by
MOVES, SWELLS = 1 / 6, 7 / 15  # a perspective's mean shift, a bulge's mean scale in a square:
# without them the first four numbers are the similarity that fits the whole best
LONGEST = 32766  # pixels: `cv2.remap` takes no longer sides
STRIP = 64  # rows that are bent at once
LINEAR = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

Motion = NDArray[np.float64]
"""Shift to the right and down, scale, turn, stretch, slant, perspective across and down, bulge.

The shift is in pixels, the others are pixels by which they move a corner of the picture.
"""


class Votes(NamedTuple):
    """Votes of patches on a motion.

    A patch with one straight edge knows only how far it moved across, so each is asked along
    two directions, and says how well it knows.

    Attributes
    ----------
    rows : ndarray of float64, shape (n, 2, 9)
        How far each number of a motion moves the patch along each direction.
    said : ndarray of float64, shape (n, 2)
        How far it moved along them, in pixels.
    known : ndarray of float64, shape (n, 2)
        How well it knows that: 1 for the direction that it knows best.
    weights : ndarray of float64, shape (n, 2)
        Inverse of the variance of `said`.
    able : ndarray of bool, shape (n,)
        Patches that show the same in both pictures, and know where.
    """

    rows: NDArray[np.float64]
    said: NDArray[np.float64]
    known: NDArray[np.float64]
    weights: NDArray[np.float64]
    able: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of patches that are able."""
        return int(np.count_nonzero(self.able))


def normal(x: NDArray, y: NDArray, shape: tuple[int, int]) -> tuple[NDArray, NDArray]:
    """Convert pixels to coordinates that are 0 at the centre and 1 away from it at the corners."""
    height, width = shape
    half = math.hypot(height, width) / 2
    return (x - (width - 1) / 2) / half, (y - (height - 1) / 2) / half


def displacements(motion: Sequence, u: NDArray, v: NDArray) -> tuple[NDArray, NDArray]:
    """Compute by how many pixels a motion moves normal points to the right and down."""
    right, down, scale, turn, stretch, slant, across, along, bulge = motion
    growing = across * u + along * v + bulge * (u * u + v * v - SWELLS)
    return (
        right - across * MOVES + u * (scale + stretch + growing) + v * (slant - turn),
        down - along * MOVES + v * (scale - stretch + growing) + u * (slant + turn),
    )


def basis(points: NDArray, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Compute what each number of a motion does to points (n, 2): shape (n, 2, 9)."""
    u, v = normal(*points.T, shape)
    return np.array(displacements(np.eye(ALL)[..., None], u, v)).transpose(2, 0, 1)


def farthest(motion: Motion, shape: tuple[int, int]) -> float:
    """Measure how far a motion moves the corner that it moves most, in pixels."""
    height, width = shape
    x, y = np.array([0, width - 1]), np.array([[0], [height - 1]])
    return float(np.hypot(*displacements(motion, *normal(x, y, shape))).max())


def similarity(motion: Motion, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Write the first four numbers as the matrix (2, 3) that moves pixels."""
    height, width = shape
    centre = np.array((width - 1, height - 1)) / 2
    scale, turn = motion[2:SIMILARITY] / (math.hypot(height, width) / 2)
    linear = np.array([[1 + scale, -turn], [turn, 1 + scale]])
    return np.column_stack([linear, centre + motion[:2] - linear @ centre])


def moved_back(
    image: Image,
    matrix: NDArray,
    bend: NDArray | None,
    view: NDArray | None = None,
    border: int = cv2.BORDER_REPLICATE,
) -> Image:
    """Look up for each pixel what a picture shows where a matrix, a bend and a view move it."""
    height, width = image.shape[:2]
    if bend is None and view is None:
        return cv2.warpAffine(image, matrix, (width, height), flags=LINEAR, borderMode=border)
    moved = np.empty_like(image)
    x = np.arange(width, dtype=np.float32)
    for top in range(0, height, STRIP):
        y = np.arange(top, min(top + STRIP, height), dtype=np.float32)[:, None]
        place = places(x, y, matrix, bend, view, (height, width))
        moved[top : top + STRIP] = cv2.remap(image, *place, cv2.INTER_LINEAR, borderMode=border)
    return moved


def places(
    x: NDArray,
    y: NDArray,
    matrix: NDArray,
    bend: NDArray | None,
    view: NDArray | None,
    shape: tuple[int, int],
) -> tuple[NDArray, NDArray]:
    """Compute where places of a first picture of that shape are in the second."""
    (a, b, c), (d, e, f) = matrix.tolist()  # plain numbers keep float32
    across, down = a * x + b * y + c, d * x + e * y + f
    if bend is not None:
        motion = np.concatenate([np.zeros(SIMILARITY), bend]).tolist()
        right, below = displacements(motion, *normal(x, y, shape))
        across, down = across + right, down + below
    if view is None:
        return across, down
    (a, b, c), (d, e, f), (g, h, i) = view.tolist()
    depth = g * across + h * down + i
    return (a * across + b * down + c) / depth, (d * across + e * down + f) / depth


def elect(votes: Votes, terms: int, reach: float) -> Motion:
    """Find the motion of so many terms on which most patches agree within `reach`, by RANSAC."""
    able = np.flatnonzero(votes.able)
    left, right = _equations(votes, terms)
    chances = np.random.default_rng(0).random((SAMPLES, len(able)))  # the same ones each time
    drawn = able[np.argsort(chances, axis=1)[:, : terms // 2 + 1]]
    motions = _solved(left[drawn].sum(axis=1), right[drawn].sum(axis=1))
    far = np.minimum(misses(votes, motions)[:, able] / reach, 1)
    best = motions[far.sum(axis=1).argmin()]
    fitted = fit(votes, best, terms, reach)
    return best if fitted is None else fitted


def fit(votes: Votes, motion: Motion, terms: int, reach: float) -> Motion | None:
    """Fit a motion to the patches that agree with the given one; None when they are too few."""
    left, right = _equations(votes, terms)
    for _ in range(FITS):
        off = misses(votes, motion[None])[0]
        agree = votes.able & (off < reach)
        if np.count_nonzero(agree) < max(FEWEST, terms // 2 + 1):
            return None
        motion = _solved(left[agree].sum(axis=0)[None], right[agree].sum(axis=0)[None])[0]
        reach = min(reach, max(reach / 2, OUTSIDE * float(np.median(off[agree]))))
    return motion


def misses(votes: Votes, motions: NDArray) -> NDArray[np.float64]:
    """Measure by how many pixels each motion (m, 9) misses what each patch knows: (m, n)."""
    rows = (votes.known[..., None] * votes.rows).reshape(-1, ALL)
    off = rows @ motions.T - (votes.known * votes.said).reshape(-1, 1)
    return np.hypot(off[::2], off[1::2]).T


def typical_miss(votes: Votes, motion: Motion) -> float:
    """Measure by how many pixels, at most, most of the able patches miss a motion."""
    return float(np.quantile(misses(votes, motion[None])[0][votes.able], TYPICAL))


def _equations(votes: Votes, terms: int) -> tuple[NDArray, NDArray]:
    """Write what each patch says as normal equations of a motion."""
    rows = votes.rows[..., :terms]
    weighted = (rows * votes.weights[..., None]).transpose(0, 2, 1)
    return weighted @ rows, weighted @ votes.said[..., None]


def _solved(left: NDArray, right: NDArray) -> NDArray[np.float64]:
    """Solve normal equations for motions; what they leave open stays near 0."""
    terms = left.shape[-1]
    ridge = 1e-6 * np.trace(left, axis1=1, axis2=2)[:, None, None] * np.eye(terms)
    motions = np.zeros((len(left), ALL))
    motions[:, :terms] = np.linalg.solve(left + ridge, right)[..., 0]
    return motions
