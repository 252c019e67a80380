"""Emblems of made-up brands: a shape, and a motif in it, drawn as masks.

Everything is drawn on a square of 256 pixels and reduced to half of that, which smooths the edges.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
SIDE = 256
CENTRE = np.array([SIDE / 2, SIDE / 2])


def draw_emblem(shape: str, motif: str, rng: Generator) -> tuple[Mask, Mask]:
    """Draw an emblem.

    Parameters
    ----------
    shape : str
        Of SHAPES.
    motif : str
        Of MOTIFS.
    rng : Generator
        Decides counts, angles and proportions.

    Returns
    -------
    ground, figure : ndarray of uint8, shape (128, 128)
        How much of each pixel belongs to the shape without the motif, and to the motif; 255 is
        all of it, and the two add up to 255 at most. Without a shape ("none") ground is the motif
        and figure is empty.
    """
    outline, room = SHAPES[shape]
    ground, figure = outline(), MOTIFS[motif](rng, room)
    if shape == "none":
        ground, figure = figure, ground
    figure = cv2.min(figure, ground)
    ground, figure = (
        cv2.resize(mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        for mask in (cv2.subtract(ground, figure), figure)
    )
    return ground, cv2.min(figure, 255 - ground)  # both may have been rounded up


def _empty() -> Mask:
    return np.zeros((SIDE, SIDE), np.uint8)


def _filled(*polygons: NDArray) -> Mask:
    """Fill polygons whose corners (x, y) lie between -1 and 1."""
    mask = _empty()
    for corners in polygons:
        points = np.round((CENTRE + np.asarray(corners) * 0.48 * SIDE) * 16).astype(np.int32)
        cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, shift=4)
    return mask


def _circle(radius: float, centre: tuple[float, float] = (0, 0), points: int = 60) -> NDArray:
    return _around(points, radius) + np.asarray(centre)


def _around(count: int, radius: float | NDArray, turn: float = 0) -> NDArray:
    """List `count` corners at this distance from the middle, the first at the top."""
    angle = turn - np.pi / 2 + 2 * np.pi * np.arange(count) / count
    return np.column_stack([np.cos(angle), np.sin(angle)]) * np.reshape(radius, (-1, 1))


def _box(left: float, top: float, right: float, bottom: float) -> NDArray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _turned(corners: NDArray, angle: float) -> NDArray:
    cosine, sine = np.cos(angle), np.sin(angle)
    return corners @ np.array([[cosine, sine], [-sine, cosine]])


def _band(upper: NDArray, thick: float) -> NDArray:
    """Return the polygon between a line and the same line further down."""
    return np.vstack([upper, upper[::-1] + np.array([0, thick])])


# Shapes


def _rounded_square() -> Mask:
    corners = [_circle(0.3, (x, y)) for x in (-0.65, 0.65) for y in (-0.65, 0.65)]
    return _filled(*corners, _box(-0.95, -0.65, 0.95, 0.65), _box(-0.65, -0.95, 0.65, 0.95))


def _shield() -> Mask:
    top = [(-0.85, -0.95), (0.85, -0.95), (0.85, 0.1)]
    bottom = [(0.6, 0.55), (0, 0.98), (-0.6, 0.55), (-0.85, 0.1)]
    return _filled(np.array(top + bottom))


# Each with the size of a motif that fits into it.
SHAPES: dict[str, tuple[Callable[[], Mask], float]] = {
    "disc": (lambda: _filled(_circle(0.98)), 0.62),
    "square": (_rounded_square, 0.65),
    "hexagon": (lambda: _filled(_around(6, 1)), 0.56),
    "shield": (_shield, 0.52),
    "diamond": (lambda: _filled(_around(4, 1)), 0.44),
    "none": (_empty, 1.0),
}


# Motifs: each takes a random generator and its size, 1 for the whole square


def _star(rng: Generator, size: float) -> Mask:
    points = int(rng.integers(4, 9))
    radius = np.tile([size, size * rng.uniform(0.35, 0.6)], points)
    return _filled(_around(2 * points, radius, rng.uniform(0, np.pi)))


def _petals(rng: Generator, size: float) -> Mask:
    count, wide = int(rng.integers(3, 8)), rng.uniform(0.25, 0.45)
    leaf = _circle(size / 2) * (wide, 1) + (0, -size / 2)
    start = rng.uniform(0, np.pi)
    return _filled(*(_turned(leaf, start + 2 * np.pi * k / count) for k in range(count)))


def _bars(rng: Generator, size: float) -> Mask:
    count = int(rng.integers(3, 6))
    heights = rng.uniform(0.3, 1, count) * 2 * size
    edges = np.linspace(-size, size, count + 1)
    gap = size / count * 0.45
    bars = [
        _box(left, size - height, right - gap, size)
        for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True)
    ]
    return _filled(*bars)


def _chevrons(rng: Generator, size: float) -> Mask:
    count, turn = int(rng.integers(2, 4)), rng.integers(4) * np.pi / 2
    thick = size * 0.9 / count
    one = np.array([(-size, 0), (0, -size * 0.8), (size, 0)])
    offsets = np.linspace(-0.35 * size, size - thick / 2, count)
    arms = [_band(one + np.array([0, y]), 0.55 * thick) for y in offsets]
    return _filled(*(_turned(arm, turn) for arm in arms))


def _rings(rng: Generator, size: float) -> Mask:
    outer, inner = size, size * rng.uniform(0.55, 0.75)
    mask = cv2.subtract(_filled(_circle(outer)), _filled(_circle(inner)))
    return cv2.max(mask, _filled(_circle(inner * rng.uniform(0.3, 0.7))))


def _crescent(rng: Generator, size: float) -> Mask:
    bite = _circle(size * 0.8, tuple(_around(1, size * 0.45, rng.uniform(0, 2 * np.pi))[0]))
    return cv2.subtract(_filled(_circle(size)), _filled(bite))


def _dots(rng: Generator, size: float) -> Mask:
    places = np.linspace(-size * 0.8, size * 0.8, 3)
    filled = rng.permutation(9) < rng.integers(4, 8)
    radius = size * rng.uniform(0.2, 0.28)
    centres = [(x, y) for x in places for y in places]
    return _filled(*(_circle(radius, c) for c, on in zip(centres, filled, strict=True) if on))


def _waves(rng: Generator, size: float) -> Mask:
    count, turns = int(rng.integers(2, 5)), rng.uniform(1.0, 2.0)
    across = np.linspace(-size, size, 40)
    wave = size * 0.16 * np.sin(across / size * np.pi * turns + rng.uniform(0, 6))
    thick = size * 0.8 / count
    lines = []
    for y in np.linspace(-0.75 * size, 0.75 * size, count):
        lines.append(_band(np.column_stack([across, wave + y - thick / 2]), thick))
    return _filled(*lines)


def _sectors(rng: Generator, size: float) -> Mask:
    count, start = int(rng.integers(2, 6)), rng.uniform(0, np.pi)
    wide = 2 * np.pi / count * rng.uniform(0.4, 0.7)
    pieces = []
    for k in range(count):
        angle = start + 2 * np.pi * k / count + np.linspace(0, wide, 20)
        arc = np.column_stack([np.cos(angle), np.sin(angle)]) * size
        pieces.append(np.vstack([(0, 0), arc]))
    return _filled(*pieces)


def _mountains(rng: Generator, size: float) -> Mask:
    middle, peak = rng.uniform(-0.4, 0.4) * size, rng.uniform(-0.9, -0.3) * size
    left = np.array([(-size, size * 0.7), (middle - 0.3 * size, peak), (0.3 * size, size * 0.7)])
    right = np.array(
        [(-0.1 * size, size * 0.7), (middle + 0.6 * size, peak / 3), (size, size * 0.7)]
    )
    sun = _circle(size * 0.22, (-np.sign(middle) * 0.65 * size, -0.65 * size))
    return _filled(left, right, sun)


def _cross(rng: Generator, size: float) -> Mask:
    thick, turn = size * rng.uniform(0.2, 0.4), rng.integers(2) * np.pi / 4
    arms = [_box(-size, -thick, size, thick), _box(-thick, -size, thick, size)]
    return _filled(*(_turned(arm, turn) for arm in arms))


def _blades(rng: Generator, size: float) -> Mask:
    count, start = int(rng.integers(3, 6)), rng.uniform(0, np.pi)
    blade = np.array([(0, 0), (0, -size), (size * rng.uniform(0.3, 0.7), -size * 0.55)])
    return _filled(*(_turned(blade, start + 2 * np.pi * k / count) for k in range(count)))


MOTIFS: dict[str, Callable[[Generator, float], Mask]] = {
    "star": _star,
    "petals": _petals,
    "bars": _bars,
    "chevrons": _chevrons,
    "rings": _rings,
    "crescent": _crescent,
    "dots": _dots,
    "waves": _waves,
    "sectors": _sectors,
    "mountains": _mountains,
    "cross": _cross,
    "blades": _blades,
}
