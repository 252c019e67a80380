"""Wide, moderate changes: a page's ground, a band, a colour, all of its text, its lines.

A page is drawn again from its changed shapes and words, so all else is the same to the last bit.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from helpers.challenge.changes import Change, Conditions, Rendering
from helpers.challenge.measuring import Box, Visibility, difference_of, measure
from helpers.challenge.sheets import Scene, Shape, channels, named

LEVELS = (3, 100)  # gray levels, the largest difference in a channel
STORED_LEVELS = 12  # from which a change is made where one side is a JPEG
FOUND_FROM = 4  # gray levels from which a change has to be found on a lossless pair
AREA = 0.02  # least part of the picture whose pixels differ
INK_AREA = 0.005  # the same for changes of text and lines, of what their boxes cover
INK_PIXELS = 60  # pixels of text and lines that differ by half of the levels or more
MOST_COLOURS = 15  # of a theme
THIN = 2  # px, the width up to which a rectangle is a line
Turn = Callable[[tuple[int, int, int]], tuple[int, int, int]]  # a BGR colour into another


def _turn(rng: np.random.Generator, levels: int) -> Turn:
    """Draw a change of colour: gray, or of another part in each channel; one has all `levels`."""
    if rng.random() < 0.5:
        parts = np.full(3, rng.choice([-1, 1]))
    else:
        parts = rng.uniform(-1, 1, 3)
        parts[rng.integers(3)] = rng.choice([-1, 1])
    steps = np.rint(parts * levels).astype(int)

    def turn(colour: tuple[int, int, int]) -> tuple[int, int, int]:
        """Change a colour; a channel without room goes the other way."""
        moved = [v + d if 0 <= v + d <= 255 else v - d for v, d in zip(colour, steps, strict=True)]
        return tuple(int(value) for value in moved)

    return turn


def _turned(colour: str | None, turn: Turn) -> str | None:
    return colour and named(turn(channels(colour)))


def _repainted(scene: Scene, turns: dict[str, Turn]) -> Scene:
    """Return the scene with all that has one of these colours in another."""

    def after(colour: str | None) -> str | None:
        return _turned(colour, turns[colour]) if colour in turns else colour

    shapes = [replace(s, fill=after(s.fill), outline=after(s.outline)) for s in scene.shapes]
    words = tuple(replace(w, colour=channels(after(named(w.colour)))) for w in scene.words)
    return replace(scene.with_shapes(shapes), words=words)


def _colours(scene: Scene) -> list[str]:
    """List the colours of a scene, that of its ground first."""
    found = [colour for shape in scene.shapes for colour in (shape.fill, shape.outline)]
    found += [named(word.colour) for word in scene.words]
    return list(dict.fromkeys(colour for colour in found if colour))


def _is_line(shape: Shape) -> bool:
    (left, top), (right, bottom) = np.min(shape.points, axis=0), np.max(shape.points, axis=0)
    is_rule = shape.kind == "rectangle" and min(right - left, bottom - top) <= THIN
    return shape.kind == "line" or is_rule


# Kinds of change: each returns the changed scene, or None where it does not apply


def ground(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change the colour of the page under all else."""
    first, *others = scene.shapes
    return scene.with_shapes(
        [replace(first, fill=_turned(first.fill, _turn(rng, levels))), *others]
    )


def _strip(rng: np.random.Generator, height: int, width: int, lying: bool) -> Box:
    part = np.exp(rng.uniform(*np.log((0.03, 0.6))))
    if lying:
        high = max(round(part * height), 4)
        return 0, int(rng.choice([0, rng.integers(height - high + 1), height - high])), width, high
    wide = max(round(part * width), 4)
    return int(rng.choice([0, width - wide])), 0, wide, height


def _strip_changed(rng: np.random.Generator, scene: Scene, levels: int, lying: bool) -> Scene:
    x, y, width, height = _strip(rng, *scene.ground.shape[:2], lying)
    turn = _turn(rng, levels)
    if scene.shapes:
        first, *others = scene.shapes
        points = ((x, y), (x + width, y + height))
        strip = Shape("rectangle", points, _turned(first.fill, turn))
        return scene.with_shapes([first, strip, *others])
    picture = scene.ground.copy()
    place = picture[y : y + height, x : x + width]
    steps = np.subtract(turn((128, 128, 128)), 128)
    place[:] = np.clip(place + steps, 0, 255)
    return replace(scene, ground=picture)


def band(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Give a band from the left to the right border another ground."""
    return _strip_changed(rng, scene, levels, lying=True)


def sidebar(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Give a strip along the left or right border another ground."""
    return _strip_changed(rng, scene, levels, lying=False)


def panel(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change the colour of one rectangle: a title bar, a card, a head of a table."""
    area = scene.ground.shape[0] * scene.ground.shape[1]
    large = []
    for index, shape in enumerate(scene.shapes[1:], start=1):
        wide, high = np.subtract(shape.points[1], shape.points[0])
        if shape.kind == "rectangle" and shape.fill and AREA * area <= wide * high < 0.9 * area:
            large.append(index)
    if not large:
        return None
    shapes, chosen = list(scene.shapes), int(rng.choice(large))
    fill = _turned(shapes[chosen].fill, _turn(rng, levels))
    shapes[chosen] = replace(shapes[chosen], fill=fill)
    return scene.with_shapes(shapes)


def palette(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change one colour, wherever it is."""
    others = _colours(scene)[1:]
    return others and _repainted(scene, {str(rng.choice(others)): _turn(rng, levels)})


def theme(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change all colours, each in its own way; not where so many make a shade."""
    colours = _colours(scene)
    if len(colours) > MOST_COLOURS:
        return None
    return _repainted(scene, {colour: _turn(rng, levels) for colour in colours})


def text(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change the colour of all text."""
    turn = _turn(rng, levels)
    words = tuple(replace(word, colour=turn(word.colour)) for word in scene.words)
    return replace(scene, words=words) if words else None


def line_colour(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Change the colour of all lines of one colour."""
    colours = sorted({shape.fill for shape in scene.shapes if _is_line(shape)})
    if not colours:
        return None
    chosen, turn = str(rng.choice(colours)), _turn(rng, levels)
    return scene.with_shapes(
        replace(shape, fill=_turned(chosen, turn))
        if _is_line(shape) and shape.fill == chosen
        else shape
        for shape in scene.shapes
    )


def stroke_width(rng: np.random.Generator, scene: Scene, levels: int) -> Scene | None:
    """Make all lines thicker by a third of a pixel to one, or all letters."""
    more = int(rng.integers(1, 4))
    lines = [shape for shape in scene.shapes if shape.kind == "line"]
    if scene.words and (not lines or rng.random() < 0.5):
        words = tuple(replace(word, stroke=min(more, 2)) for word in scene.words)
        return replace(scene, words=words)
    if not lines:
        return None
    return scene.with_shapes(
        replace(shape, width=shape.width + more / 3) if shape.kind == "line" else shape
        for shape in scene.shapes
    )


AREAS = (ground, band, sidebar, panel, palette, theme)
INK = (text, line_colour, stroke_width)
ON_PHOTOGRAPHS = (band, sidebar)


def make_wide_change(
    rng: np.random.Generator, scene: Scene, count: int, conditions: Conditions
) -> list[Change]:
    """Make one wide change, of as many boxes as it has pieces; none where nothing suits."""
    view = Rendering(scene)
    low = STORED_LEVELS if "jpeg" in conditions.nuisance else LEVELS[0]
    for _ in range(20):
        kinds = (*AREAS, *INK, *INK) if scene.shapes else ON_PHOTOGRAPHS  # ink is often refused
        kind = kinds[rng.integers(len(kinds))]
        levels = round(np.exp(rng.uniform(*np.log((low, LEVELS[1])))))
        changed = kind(rng, scene, levels)
        if not changed:
            continue
        after = changed.render()
        parts = _without_inner(measure(view.picture, after, least=1))
        if _is_wide(view.picture, after, parts, kind in INK, low) and _is_left(
            view.picture, after, conditions
        ):
            boxes, seen = (list(values) for values in zip(*parts, strict=True))
            difference = difference_of(view.picture, after)
            details = {
                "levels": int(difference.max()),
                "part": round(float((difference > 0).mean()), 4),
                "required": bool(difference.max() >= max(low, FOUND_FROM)),
            }
            return [Change(kind.__name__, lambda _, after=after: after, boxes, seen, details)]
    return []


def _without_inner(parts: list[tuple[Box, Visibility]]) -> list[tuple[Box, Visibility]]:
    """Leave out boxes inside another: a ground is one piece, with what is enclosed by others."""

    def is_in(one: Box, other: Box) -> bool:
        return (
            one != other
            and min(one[0] - other[0], one[1] - other[1]) >= 0
            and one[0] + one[2] <= other[0] + other[2]
            and one[1] + one[3] <= other[1] + other[3]
        )

    return [part for part in parts if not any(is_in(part[0], other) for other, _ in parts)]


def _is_wide(before: np.ndarray, after: np.ndarray, parts: list, is_ink: bool, low: int) -> bool:
    difference = difference_of(before, after)
    levels = difference.max()
    if not parts or levels < low:
        return False
    if not is_ink:
        return levels <= LEVELS[1] and (difference > 0).mean() >= AREA
    covered = sum(box[2] * box[3] for box, _ in parts) / difference.size
    return covered >= INK_AREA and (2 * difference >= levels).sum() >= INK_PIXELS


def _is_left(before: np.ndarray, after: np.ndarray, conditions: Conditions) -> bool:
    """Say whether half of a change is left when both pictures went through the nuisance."""
    difference = difference_of(before, after)
    changed = 2 * difference.astype(int) >= difference.max()
    left = difference_of(conditions.through(before), conditions.through(after))
    return bool(2 * left[changed].mean() >= difference[changed].mean())
