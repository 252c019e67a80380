"""Changes of a few pixels, and changes that are near each other."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from helpers.challenge.changes import APART, FROM_BORDER, Change, Conditions, Edit, Rendering
from helpers.challenge.measuring import (
    CHANGED,
    Box,
    difference_of,
    gap_between,
    measure,
    part_of,
    visibility,
)
from helpers.challenge.sheets import FINE, Scene, Word
from helpers.fonts import font

CONTRAST = (10, 200)  # gray levels between a mark and what is under it
LEAST_PIXELS = 4  # connected pixels of that contrast: a dot of 2 x 2, a line of 4 x 1
STEP = 2  # fifths of a pixel by which another sign may push the rest of its word aside
LONGEST = 40  # px, a hairline
GAPS = (5, 60)  # px between two changes
MERGE = 19  # px, the default of `robust`: changes nearer than that are one
PATCH = (12, 60)  # px, the sides of a change that has a neighbour


# Kinds of small change: each gives an edit, or None where it does not apply


def _marked(rng: np.random.Generator, box: Box, shape: np.ndarray) -> Edit:
    """Draw a shape (bool) in one colour, lighter or darker than what is under it."""
    x, y, width, height = box
    levels = np.exp(rng.uniform(*np.log(CONTRAST)))
    parts = np.ones(3) if rng.random() < 0.6 else rng.uniform(0, 1, 3)
    parts[rng.integers(3)] = 1

    def edit(view: Rendering) -> np.ndarray:
        result = view.picture.copy()
        place = result[y : y + height, x : x + width]
        under = place[shape].mean(axis=0)
        away = np.where(under + levels * parts <= 255, 1, -1)
        place[shape] = np.clip(np.rint(under + away * levels * parts), 0, 255)
        return result

    return edit


def dot(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Add a dot of 2 x 2 to 5 x 5 pixels; the larger ones are round."""
    side = int(rng.integers(2, 6))
    shape = np.ones((side, side), bool)
    if side > 3:
        shape[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    return _marked(rng, (*box[:2], side, side), shape)


def hairline(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Add a line one pixel wide: lying, upright or aslant."""
    length = round(np.exp(rng.uniform(*np.log((LEAST_PIXELS, LONGEST)))))
    way = rng.choice(["lying", "upright", "aslant"])
    if way == "lying":
        shape = np.ones((1, length), np.uint8)
    elif way == "upright":
        shape = np.ones((length, 1), np.uint8)
    else:
        shape = np.zeros((max(round(length * rng.uniform(0.3, 1)), 1), length), np.uint8)
        cv2.line(shape, (0, shape.shape[0] - 1), (length - 1, 0), 1)
    return _marked(rng, (*box[:2], shape.shape[1], shape.shape[0]), shape.astype(bool))


def _rewritten(
    rng: np.random.Generator, scene: Scene, rewrite: Callable[[str], str]
) -> Edit | None:
    """Change the text of a word, where the rest of it stays in its place to `STEP`."""

    def length(word: Word) -> float:
        return font(word.font, word.size * FINE).getlength(word.text)

    fitting = []
    for index, word in enumerate(scene.words):
        other = replace(word, text=rewrite(word.text))
        if other.text != word.text and abs(length(other) - length(word)) <= STEP:
            fitting.append((index, other))
    if not fitting:
        return None
    index, other = fitting[rng.integers(len(fitting))]
    return lambda view: view.scene.render(view.offsets, {index: other})


def comma_for_point(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Write a comma for the last point of a number."""

    def rewrite(text: str) -> str:
        head, point, tail = text.rpartition(".")
        return f"{head},{tail}" if point and tail.isdigit() else text

    return _rewritten(rng, scene, rewrite)


def accent_lost(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Write a word without its accents."""

    def rewrite(text: str) -> str:
        signs = unicodedata.normalize("NFD", text)
        return "".join(sign for sign in signs if not unicodedata.combining(sign))

    return _rewritten(rng, scene, rewrite)


ANYWHERE = (dot, hairline)
ON_WORDS = (comma_for_point, accent_lost)


def make_small_changes(
    rng: np.random.Generator, scene: Scene, count: int, conditions: Conditions
) -> list[Change]:
    """Make up to `count` changes of a few pixels each."""
    view = Rendering(scene)
    rows, columns = scene.ground.shape[:2]
    changes: list[Change] = []
    for _ in range(20 * count):
        kinds = ON_WORDS if scene.words and rng.random() < 0.5 else ANYWHERE
        kind = kinds[rng.integers(len(kinds))]
        x = int(rng.integers(FROM_BORDER, columns - FROM_BORDER - LONGEST))
        y = int(rng.integers(FROM_BORDER, rows - FROM_BORDER - LONGEST))
        edit = kind(rng, scene, (x, y, 0, 0))
        if edit is None:
            continue
        after = edit(view)
        parts = measure(view.picture, after, least=1)
        taken = [box for change in changes for box in change.boxes]
        if (
            len(parts) == 1
            and conditions.inside(parts[0][0])
            and all(gap_between(parts[0][0], box) >= APART for box in taken)
            and _is_seen(view.picture, after)
        ):
            changes.append(Change(kind.__name__, edit, [parts[0][0]], [parts[0][1]]))
        if len(changes) == count:
            break
    return changes


def _is_seen(before: np.ndarray, after: np.ndarray) -> bool:
    """Say whether enough pixels of enough contrast are connected."""
    strong = (difference_of(before, after) >= CONTRAST[0]).astype(np.uint8)
    areas = cv2.connectedComponentsWithStats(strong, connectivity=8)[2][1:, cv2.CC_STAT_AREA]
    return bool(areas.size) and areas.max() >= LEAST_PIXELS


# Neighbours


def make_neighbours(
    rng: np.random.Generator, scene: Scene, count: int, conditions: Conditions
) -> list[Change]:
    """Make two changes with a gap between them; below `MERGE` they are one, of one box."""
    rows, columns = scene.ground.shape[:2]
    for _ in range(20):
        sides = (GAPS[0], MERGE), (MERGE, GAPS[1] + 1)
        gap = int(rng.integers(*sides[rng.integers(2)]))
        long, other_long, wide, other_wide = (int(v) for v in rng.integers(*PATCH, 4))
        patches = [(0, 0, long, wide), (long + gap, 0, other_long, other_wide)]
        if rng.random() < 0.5:
            patches = [(y, x, high, across) for x, y, across, high in patches]
        width, height = (max(p[axis] + p[axis + 2] for p in patches) for axis in (0, 1))
        if columns - width <= 2 * FROM_BORDER or rows - height <= 2 * FROM_BORDER:
            continue
        x = int(rng.integers(FROM_BORDER, columns - FROM_BORDER - width))
        y = int(rng.integers(FROM_BORDER, rows - FROM_BORDER - height))
        boxes = [(x + left, y + top, across, high) for left, top, across, high in patches]
        edit = _lit(rng, boxes)
        before = Rendering(scene).picture
        after = edit(Rendering(scene))
        whole = [difference_of(part_of(before, box), part_of(after, box)) for box in boxes]
        if min(part.min() for part in whole) < CHANGED or not all(map(conditions.inside, boxes)):
            continue
        joint = gap < MERGE
        if joint:
            boxes = [(x, y, width, height)]
        seen = [visibility(part_of(before, box), part_of(after, box)) for box in boxes]
        return [Change("neighbours", edit, boxes, seen, {"gap": gap, "joint": joint})]
    return []


def _lit(rng: np.random.Generator, boxes: list[Box]) -> Edit:
    """Make rectangles brighter or darker, each pixel by about as many levels."""
    levels = [rng.uniform(25, 90) * rng.choice([-1, 1]) * rng.uniform(0.6, 1, 3) for _ in boxes]

    def edit(view: Rendering) -> np.ndarray:
        result = view.picture.copy()
        for box, steps in zip(boxes, levels, strict=True):
            place = part_of(result, box)
            away = 1 if abs(place.mean() + steps.mean() - 128) < 128 else -1
            place[:] = np.clip(np.rint(place + away * steps), 0, 255)
        return result

    return edit
