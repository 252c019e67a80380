"""A toy for the contrastive loss: points on a circle that are pulled and pushed."""

import numpy as np
from numpy.typing import NDArray

FAMILIES, POINTS = 3, 4  # each family has two sisters, each sister four points


def make_points(*, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Make points of six classes on the unit circle; those of sisters lie among each other.

    Returns
    -------
    points : ndarray of float64, shape (24, 2)
    labels : ndarray of int64, shape (24,)
        Classes 2k and 2k + 1 are sisters.
    """
    labels = np.repeat(np.arange(2 * FAMILIES), POINTS)
    middles = 2 * np.pi / FAMILIES * (labels // 2) + 0.35 * (labels % 2)
    angles = np.random.default_rng([29, seed]).normal(middles, 0.35)
    return np.column_stack([np.cos(angles), np.sin(angles)]), labels


def move_points(
    points: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    margin: float,
    steps: int,
    rate: float = 1.5,
) -> NDArray[np.float64]:
    """Move points down the slope of the contrastive loss, and back onto the unit circle.

    Parameters
    ----------
    points : ndarray of float, shape (N, 2)
    labels : ndarray of int, shape (N,)
    margin : float
        Distance up to which points of two classes are pushed apart.
    steps : int
    rate : float
        How far a step goes, as a multiple of the slope.

    Returns
    -------
    ndarray of float64, shape (steps + 1, N, 2)
        Where they are at first and after each step.
    """
    same = (labels[:, None] == labels) & ~np.eye(len(labels), dtype=bool)
    other = labels[:, None] != labels
    # Every pair is in these tables twice.
    of_same, of_other = (2 * table[..., None] / table.sum() for table in (same, other))
    path = [points]
    for _ in range(steps):
        apart = points[:, None] - points
        distance = np.maximum(np.linalg.norm(apart, axis=2, keepdims=True), 1e-9)
        pull = 2 * apart * of_same
        push = 2 * np.maximum(margin - distance, 0) * apart / distance * of_other
        points = points - rate * (pull - push).sum(axis=1)
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        path.append(points)
    return np.array(path)
