"""The sliders of lessons 22 and 23, moved; and the points that one of them shows."""

import cv2
import numpy as np
import pytest

from helpers.course import sliders
from helpers.course.lessons.lesson_23 import COLOURS, SIDE
from helpers.deep import toy

RNG = np.random.default_rng(1)
SAME = np.repeat([True, False], 200)
SIMILARITY = np.clip(RNG.normal(np.where(SAME, 0.7, 0.2), 0.2), -1, 1)
POINTS, LABELS = toy.make_points(seed=1)


def picture_of(explorer):
    (png,) = explorer.pictures.values()
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def make_acceptance():
    return sliders.acceptance(SIMILARITY, SAME, initial=0.45)


def make_margin():
    return sliders.margin(POINTS, LABELS, steps=60)


def test_both_errors_are_counted_at_each_threshold():
    explorer = make_acceptance()
    (slider,) = explorer.sliders
    for threshold in (slider["low"], 0.3, slider["high"]):
        explorer.values = [threshold]
        refused = np.sum(SAME & (threshold > SIMILARITY)) / SAME.sum()
        accepted = np.sum(~SAME & (threshold <= SIMILARITY)) / np.sum(~SAME)
        assert explorer.frame["reading"] == (
            f"accepted from {threshold:.2f} up: {refused:.1%} of the same brand are refused, "
            f"{accepted:.1%} of two brands are accepted"
        )


def test_the_range_holds_every_similarity():
    (slider,) = make_acceptance().sliders
    assert slider["low"] <= SIMILARITY.min() and SIMILARITY.max() <= slider["high"]


def test_the_line_moves_with_the_threshold():
    explorer = make_acceptance()
    columns = []
    for threshold in (0.0, 0.4, 0.8):
        explorer.values = [threshold]
        black = np.flatnonzero((picture_of(explorer) < 60).all(axis=2).all(axis=0))
        columns.append(black.mean())
    first, second, third = columns
    assert first > 100 and second - first == pytest.approx(third - second, abs=2)
    assert second > first + 50


def test_dots_stand_at_the_pixels_of_their_points():
    explorer = make_margin()
    explorer.values = [1.0, 0]
    circle = next(iter(explorer.current.pictures.values()))[:, :SIDE]
    middle, radius = SIDE // 2, SIDE // 2 - 20
    for (x, y), label in zip(POINTS, LABELS, strict=True):
        around = circle[round(middle - radius * y), round(middle + radius * x) + np.arange(-6, 7)]
        assert (np.abs(around.astype(int) - COLOURS[label // 2]).max(axis=1) < 60).any()


def test_the_strip_shows_three_circles():
    strip = make_margin()._strip_pictures()
    assert list(strip) == ["margin 0.2", "margin 1.0", "margin 2.0"]
    small, middle, _ = strip.values()
    assert small.shape == (SIDE, SIDE, 3)
    assert not np.array_equal(small, middle)


def loss(points, margin):
    first, second = np.triu_indices(len(points), 1)
    distance = np.linalg.norm(points[first] - points[second], axis=1)
    same = LABELS[first] == LABELS[second]
    return np.mean(distance[same] ** 2) + np.mean(np.maximum(margin - distance[~same], 0) ** 2)


@pytest.mark.parametrize("margin", [0.3, 1.0, 1.8])
def test_a_step_goes_down_the_slope_of_the_loss(margin):
    """Against the slope measured by moving each coordinate a little, along the circle."""
    numeric = np.zeros_like(POINTS)
    for place in np.ndindex(POINTS.shape):
        moved = np.zeros_like(POINTS)
        moved[place] = 1e-6
        numeric[place] = (loss(POINTS + moved, margin) - loss(POINTS - moved, margin)) / 2e-6
    _, after = toy.move_points(POINTS, LABELS, margin=margin, steps=1, rate=1e-4)
    along = (after - POINTS) / 1e-4
    tangent = numeric - np.sum(numeric * POINTS, axis=1, keepdims=True) * POINTS
    assert np.allclose(along, -tangent, atol=1e-3)
    assert loss(after, margin) < loss(POINTS, margin)


def test_points_stay_on_the_circle_and_sisters_begin_among_each_other():
    path = toy.move_points(POINTS, LABELS, margin=1, steps=60)
    assert path.shape == (61, 24, 2) and np.array_equal(path[0], POINTS)
    assert np.allclose(np.linalg.norm(path, axis=2), 1)
    angles = np.arctan2(POINTS[:, 1], POINTS[:, 0])
    assert angles[LABELS == 1].min() < angles[LABELS == 0].max()


def test_the_same_seed_makes_the_same_points():
    assert np.array_equal(toy.make_points(seed=1)[0], POINTS)
    assert not np.array_equal(toy.make_points(seed=2)[0], POINTS)
