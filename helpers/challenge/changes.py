"""Changes made to a picture, each with the box it truly has and how visible it is."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np

from helpers.challenge.measuring import (
    STRONG_PIXELS,
    Box,
    Visibility,
    difference_of,
    gap_between,
    measure,
    part_of,
    visibility,
)
from helpers.challenge.sheets import FINE, Scene, Word, draw_word, text_width
from helpers.fonts import font

SIDE = (10, 120)  # px, the longer side of a change
APART = 32  # px between two changes: nearer ones no tool with a merge gap can tell apart
FROM_BORDER = 12  # px between a change and the border of the first picture
RESIZED = (1.2, 2)  # times as large, or as small
PLAIN = 8  # gray levels of one colour, between its brightest and its darkest pixel
NEARLY_PLAIN, GRAIN, MOSTLY = 16, 64, 0.9  # gray levels as well, in that part of the pixels
RIM = 3  # px round a change that tell what it is on


@dataclass(frozen=True)
class Rendering:
    """A scene drawn once; `offsets` as in `Scene.render`."""

    scene: Scene
    offsets: np.ndarray | None = None

    @cached_property
    def picture(self) -> np.ndarray:
        """BGR uint8; not to be written to."""
        return self.scene.render(self.offsets)


Edit = Callable[[Rendering], np.ndarray]  # gives a changed copy of the rendering's picture


@dataclass(frozen=True)
class Change:
    """One edit and what it does to the untouched picture.

    `boxes` are in px of the scene: one, two for an object that moved, more for what is wide.
    `visibility` belongs to each of them. `details` are what else the pair's entry says.
    """

    kind: str
    edit: Edit
    boxes: list[Box]
    visibility: list[Visibility]
    details: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Visible:
    """The least a change must have to be accepted."""

    side: int = 4  # px, the shorter side of its box
    lab: float = 6  # mean CIE Lab difference of its changed pixels
    pixels: int = 40  # changed pixels

    def accepts(self, seen: Visibility) -> bool:
        """Say whether a person sees it."""
        enough = seen.pixels >= self.pixels and seen.strong >= STRONG_PIXELS
        return enough and seen.lab >= self.lab


SEEN = Visible()
SEEN_AT_A_GLANCE = Visible(side=16, lab=15, pixels=150)


@dataclass(frozen=True)
class Conditions:
    """The conditions that changes have to meet.

    Attributes
    ----------
    visible : Visible
        What each has to have.
    other : ndarray, BGR uint8
        Another picture, to paste from.
    nuisance : dict
        What happens to one of the two pictures.
    inside : callable
        Says whether a box (px of the scene) lies where it may.
    through : callable
        Takes a picture through the nuisance, without what is random in it.
    """

    visible: Visible
    other: np.ndarray
    nuisance: dict
    inside: Callable[[Box], bool]
    through: Callable[[np.ndarray], np.ndarray]


# Where and how a patch is put on a picture


def _cover(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Draw coverage, 0 to 1, (height, width, 1): rectangle, ellipse or blob, hard or soft."""
    canvas = np.zeros((height, width), np.uint8)
    shape = rng.choice(["rectangle", "ellipse", "blob"])
    if shape == "rectangle":
        canvas[:] = 255
    elif shape == "ellipse":
        middle, axes = ((width - 1) / 2, (height - 1) / 2), (width, height)
        cv2.ellipse(canvas, (middle, axes, 0), 255, -1, cv2.LINE_AA)
    else:
        angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        radius = rng.uniform(0.65, 1, 12)
        x = (0.5 + 0.5 * radius * np.cos(angle)) * (width - 1)
        y = (0.5 + 0.5 * radius * np.sin(angle)) * (height - 1)
        outline = np.rint(np.stack([x, y], 1) * 16).astype(np.int32)
        cv2.fillPoly(canvas, [outline], 255, cv2.LINE_AA, 4)
    feather = rng.choice([0, 0, 1, 2, 4])
    if feather and min(width, height) > 6 * feather:
        edge = int(2 * feather)
        canvas[:edge], canvas[-edge:], canvas[:, :edge], canvas[:, -edge:] = 0, 0, 0, 0
        canvas = cv2.GaussianBlur(canvas, (0, 0), float(feather))
    return canvas[..., None].astype(np.float32) / 255


def _laid(picture: np.ndarray, box: Box, content, cover: np.ndarray) -> np.ndarray:
    """Return a copy of the picture with content (an array or one colour) over a box."""
    x, y, width, height = box
    result = picture.copy()
    place = result[y : y + height, x : x + width]
    content = np.asarray(content, np.float32)
    place[:] = np.clip(np.rint(place + cover * (content - place)), 0, 255)
    return result


def _elsewhere(rng: np.random.Generator, shape: tuple[int, ...], box: Box) -> Box:
    """Draw a box of the same size anywhere in a picture of this shape."""
    _, _, width, height = box
    return (
        int(rng.integers(shape[1] - width + 1)),
        int(rng.integers(shape[0] - height + 1)),
        width,
        height,
    )


def _filled(picture: np.ndarray, box: Box, how: str) -> np.ndarray:
    """Fill a box with what may have been behind it: its surroundings carried into it."""
    x, y, width, height = box
    rim = 10
    left, top = max(x - rim, 0), max(y - rim, 0)
    around = picture[top : y + height + rim, left : x + width + rim]
    hole = np.zeros(around.shape[:2], np.uint8)
    inner = np.s_[y - top : y - top + height, x - left : x - left + width]
    hole[inner] = 255
    if how == "inpaint":
        return cv2.inpaint(around, hole, 4, cv2.INPAINT_TELEA)[inner]
    if how == "flat":
        return np.broadcast_to(np.median(around[hole == 0], axis=0), (height, width, 3))
    known = (hole == 0).astype(np.float32)[..., None]
    sigma = max(width, height) / 3
    total = cv2.GaussianBlur(around * known, (0, 0), sigma)
    weight = cv2.GaussianBlur(known, (0, 0), sigma)[..., None]
    return (total / np.maximum(weight, 1e-6))[inner]


# Kinds of change: each draws its details and gives an edit, or None where it does not apply


def erased(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Erase something: inpaint it, blur it or paint it over."""
    how, cover = rng.choice(["inpaint", "blur", "flat"]), _cover(rng, *box[2:])
    return lambda view: _laid(view.picture, box, _filled(view.picture, box, how), cover)


def copied(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Copy a patch from elsewhere in the same picture."""
    source, cover = _elsewhere(rng, scene.ground.shape, box), _cover(rng, *box[2:])
    return lambda view: _laid(view.picture, box, part_of(view.picture, source), cover)


def pasted(rng: np.random.Generator, scene: Scene, box: Box, other: np.ndarray) -> Edit | None:
    """Paste a patch from another picture."""
    content = part_of(other, _elsewhere(rng, other.shape, box))
    cover = _cover(rng, *box[2:])
    return lambda view: _laid(view.picture, box, content, cover)


def moved(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Move a patch by some tens of pixels; what was behind it is inpainted."""
    x, y, width, height = box
    dx, dy = (int(step) for step in rng.integers(-70, 71, 2))
    rows, columns = scene.ground.shape[:2]
    if not (0 <= x + dx <= columns - width and 0 <= y + dy <= rows - height):
        return None
    cover = _cover(rng, width, height)

    def edit(view: Rendering) -> np.ndarray:
        behind = _laid(view.picture, box, _filled(view.picture, box, "inpaint"), cover)
        return _laid(behind, (x + dx, y + dy, width, height), part_of(view.picture, box), cover)

    return edit


def resized(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Draw a shape of the page in another size about its middle; of a photograph, a patch."""
    factor = float(np.exp(rng.uniform(*np.log(RESIZED)) * rng.choice([-1, 1])))
    if scene.shapes:
        index = int(rng.integers(1, len(scene.shapes))) if len(scene.shapes) > 1 else 0
        points = np.array(scene.shapes[index].points, float)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        scaled = tuple(map(tuple, (middle + factor * (points - middle)).tolist()))
        shapes = list(scene.shapes)
        shapes[index] = replace(shapes[index], points=scaled, radius=factor * shapes[index].radius)
        return lambda view: view.scene.with_shapes(shapes).render(view.offsets)
    x, y, width, height = box
    wide, high = round(factor * width), round(factor * height)
    left, top = x - (wide - width) // 2, y - (high - height) // 2
    rows, columns = scene.ground.shape[:2]
    if min(left, top) < 0 or left + wide > columns or top + high > rows:
        return None
    cover = _cover(rng, width, height)

    def edit(view: Rendering) -> np.ndarray:
        behind = _laid(view.picture, box, _filled(view.picture, box, "inpaint"), cover)
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        part, over = (
            cv2.resize(image, (wide, high), interpolation=how)
            for image in (part_of(view.picture, box), cover)
        )
        return _laid(behind, (left, top, wide, high), part, over[..., None])

    return edit


def recoloured(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Give another hue, the same brightness; gray things are tinted."""
    turn, tint = rng.uniform(0.9, 5.4), rng.uniform(0, 2 * np.pi)
    chroma, cover = rng.uniform(15, 45), _cover(rng, *box[2:])

    def edit(view: Rendering) -> np.ndarray:
        lab = cv2.cvtColor(part_of(view.picture, box).astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
        if np.hypot(lab[..., 1], lab[..., 2]).mean() < 12:
            lab[..., 1] += chroma * np.cos(tint)
            lab[..., 2] += chroma * np.sin(tint)
        else:
            c, s = np.cos(turn), np.sin(turn)
            lab[..., 1:] = lab[..., 1:] @ np.array([[c, s], [-s, c]], np.float32)
        return _laid(view.picture, box, cv2.cvtColor(lab, cv2.COLOR_LAB2BGR) * 255, cover)

    return edit


def brightened(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Make a region brighter or darker."""
    gain = rng.choice([rng.uniform(0.55, 0.85), rng.uniform(1.15, 1.5)])
    offset, cover = rng.uniform(-25, 25), _cover(rng, *box[2:])
    return lambda view: _laid(view.picture, box, gain * part_of(view.picture, box) + offset, cover)


def blurred(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Blur a region, or make it of coarse squares."""
    strength, coarse, cover = rng.uniform(2, 6), rng.random() < 0.5, _cover(rng, *box[2:])

    def edit(view: Rendering) -> np.ndarray:
        part = part_of(view.picture, box)
        if coarse:
            few = tuple(max(round(side / (1.5 * strength)), 1) for side in box[2:])
            part = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
            part = cv2.resize(part, box[2:], interpolation=cv2.INTER_NEAREST)
        else:
            part = cv2.GaussianBlur(part, (0, 0), strength)
        return _laid(view.picture, box, part, cover)

    return edit


def spot(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Add a stain, a hole or a drop."""
    x, y, width, height = box
    width, height = (max(min(side, 40), 8) for side in (width, height))
    colour = rng.integers(0, 256, 3) if rng.random() < 0.4 else np.full(3, rng.choice([15, 240]))
    cover = _cover(rng, width, height) * np.float32(rng.uniform(0.5, 1))
    return lambda view: _laid(view.picture, (x, y, width, height), colour, cover)


def drawn(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Draw a line, an arrow, a tick, a cross, a ring or a frame by pen."""
    x, y, width, height = box
    what = rng.choice(["line", "arrow", "tick", "cross", "ring", "frame"])
    thick, pad = int(rng.integers(1, 5)), 4
    cover = np.zeros((height + 2 * pad, width + 2 * pad), np.uint8)

    def stroke(*points: tuple[float, float]) -> None:
        fixed = [(round((pad + u * width) * 16), round((pad + v * height) * 16)) for u, v in points]
        cv2.polylines(cover, [np.array(fixed)], False, 255, thick, cv2.LINE_AA, 4)

    if what in ("line", "arrow"):
        (a, b), (c, d) = (
            rng.permutation([(0, 0), (1, 1)]) if rng.random() < 0.7 else ((0, 1), (1, 0))
        )
        stroke((a, b), (c, d))
        if what == "arrow":
            stroke((c + 0.3 * (a - c), d), (c, d), (c, d + 0.3 * (b - d)))
    elif what == "tick":
        stroke((0, 0.6), (0.35, 1), (1, 0))
    elif what == "cross":
        stroke((0, 0), (1, 1))
        stroke((1, 0), (0, 1))
    elif what == "frame":
        stroke((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    else:
        angle = np.linspace(0, 2 * np.pi, 60)
        stroke(*zip(0.5 + 0.5 * np.cos(angle), 0.5 + 0.5 * np.sin(angle), strict=True))
    pens = [(30, 30, 200), (160, 60, 20), (20, 20, 20), (40, 140, 30), (245, 245, 245)]
    colour = pens[rng.integers(len(pens))]
    place = (x - pad, y - pad, width + 2 * pad, height + 2 * pad)
    cover = cover[..., None].astype(np.float32) / 255 * np.float32(rng.uniform(0.7, 1))
    return lambda view: _laid(view.picture, place, colour, cover)


def stamped(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Stamp a slanting word in a frame, the paper seen through the ink."""
    text = str(rng.choice(["PAID", "COPY", "VOID", "DRAFT", "SEEN", "URGENT"]))
    size = int(rng.integers(12, 27))
    face = scene.style.bold
    width, height = text_width(text, face, size) + 12, round(1.5 * size)
    side = width + 8
    x, y = box[:2]
    if y + side >= scene.ground.shape[0] or x + side >= scene.ground.shape[1]:
        return None
    ink = np.zeros((side, side, 3), np.uint8)
    left, top = 4, (side - height) // 2
    cv2.rectangle(ink, (left, top), (left + width - 1, top + height), (255, 255, 255), 2)
    word = Word(text, left + 6, top + round(1.1 * size), face, size, (255, 255, 255), width)
    draw_word(ink, word)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-35, 35), 0.95)
    cover = cv2.warpAffine(ink, turn, (side, side), flags=cv2.INTER_LINEAR)[..., :1]
    cover = cover.astype(np.float32) / 255 * np.float32(rng.uniform(0.6, 0.95))
    pens = [(30, 30, 200), (170, 70, 30), (60, 130, 40)]
    colour = pens[rng.integers(3)]
    return lambda view: _laid(view.picture, (x, y, side, side), colour, cover)


def written(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Write a word or a number onto the picture, in the style of its words where it has any."""
    vocabulary = scene.style.vocabulary
    text = str(rng.choice(vocabulary)) if rng.random() < 0.6 else f"{rng.uniform(1, 9999):,.2f}"
    x, y = box[0], box[1] + box[3]
    if scene.words:
        style = scene.words[rng.integers(len(scene.words))]
        word = replace(style, text=text, x=x, y=y)
        taken = (
            x - 2,
            y - style.size,
            text_width(text, style.font, style.size) + 4,
            round(1.3 * style.size),
        )
        if taken[1] < 0 or np.ptp(part_of(Rendering(scene).picture, taken), axis=(0, 1)).max() > 8:
            return None
    else:
        size = int(rng.integers(12, 41))
        bright = scene.ground[max(y - size, 0) : y, x : x + 2 * size].mean() > 128
        colour = (25, 25, 25) if bright else (240, 240, 240)
        word = Word(
            text, x, y, str(rng.choice([scene.style.bold, scene.style.script])), size, colour, 0
        )
    return lambda view: view.scene.render(view.offsets, {len(scene.words): word})


def _word_near(rng: np.random.Generator, scene: Scene, pattern: str) -> tuple[int, Word] | None:
    """Choose a word of the scene, among those with digits or letters."""
    fits = str.isdigit if pattern == "digit" else str.isalnum
    found = [
        (index, word)
        for index, word in enumerate(scene.words)
        if any(map(fits, word.text)) and word.room >= SIDE[0]
    ]
    return found[rng.integers(len(found))] if found else None


def word_removed(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Remove a word or a number."""
    chosen = _word_near(rng, scene, "any")
    return chosen and (lambda view: view.scene.render(view.offsets, {chosen[0]: None}))


def word_replaced(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Put another word or number in its place, in the same style."""
    chosen = _word_near(rng, scene, "any")
    if not chosen:
        return None
    index, word = chosen
    if any(map(str.isdigit, word.text)):
        text = "".join(str(rng.integers(10)) if c.isdigit() else c for c in word.text)
    else:
        widths = {w: text_width(w, word.font, word.size) for w in scene.style.vocabulary}
        fitting = [w for w, wide in widths.items() if 0.6 * word.room <= wide <= word.room]
        if not fitting:
            return None
        text = str(rng.choice(fitting))
        text = text.capitalize() if word.text[0].isupper() else text
    other = replace(word, text=text)
    return lambda view: view.scene.render(view.offsets, {index: other})


def digit_altered(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Change one digit of a number."""
    chosen = _word_near(rng, scene, "digit")
    if not chosen:
        return None
    index, word = chosen
    places = [place for place, sign in enumerate(word.text) if sign.isdigit()]
    at = places[rng.integers(len(places))]
    digit = str((int(word.text[at]) + rng.integers(1, 10)) % 10)
    # A digit of another width would push the rest of the number aside: that is more than a digit.
    face = font(word.font, word.size * FINE)
    if at + 1 < len(word.text) and face.getlength(digit) != face.getlength(word.text[at]):
        return None
    other = replace(word, text=word.text[:at] + digit + word.text[at + 1 :])
    return lambda view: view.scene.render(view.offsets, {index: other})


def _is_free(scene: Scene, word: Word, beside: Word) -> bool:
    """Say whether nothing but another word (or it itself) is where a word would be drawn."""
    left, top = word.x - 3, word.y - word.size - 3
    width = text_width(word.text, word.font, word.size) + 6
    height = round(1.3 * word.size) + 6
    rows, columns = scene.ground.shape[:2]
    if min(left, top) < 0 or left + width > columns or top + height > rows:
        return False
    bare = scene.render(None, {scene.words.index(beside): None})
    return np.ptp(part_of(bare, (left, top, width, height)), axis=(0, 1)).max() <= PLAIN


def word_moved(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Move a word to where nothing else is."""
    chosen = _word_near(rng, scene, "any")
    if not chosen:
        return None
    index, word = chosen
    for _ in range(20):
        dx, dy = (int(step) for step in rng.integers(-80, 81, 2))
        if rng.random() < 0.5:
            dx, dy = (dx // 4, 0) if rng.random() < 0.5 else (0, dy // 4)
        other = replace(word, x=word.x + dx, y=word.y + dy)
        if max(abs(dx), abs(dy)) >= 2 and _is_free(scene, other, word):
            return lambda view: view.scene.render(view.offsets, {index: other})
    return None


def word_resized(rng: np.random.Generator, scene: Scene, box: Box) -> Edit | None:
    """Draw a word in another size about its middle, where there is room."""
    chosen = _word_near(rng, scene, "any")
    if not chosen:
        return None
    index, word = chosen
    size = round(word.size * np.exp(rng.uniform(*np.log(RESIZED)) * rng.choice([-1, 1])))
    if size < 8 or size == word.size:
        return None
    wider = text_width(word.text, word.font, size) - text_width(word.text, word.font, word.size)
    x, y = word.x - wider // 2, word.y + round(0.35 * (size - word.size))
    other = replace(word, size=size, x=x, y=y)
    if not _is_free(scene, other, word):
        return None
    return lambda view: view.scene.render(view.offsets, {index: other})


ANYWHERE = (
    erased, copied, pasted, moved, recoloured, brightened, blurred, spot, drawn, stamped, written
)  # fmt: skip
ON_WORDS = (word_removed, word_replaced, digit_altered)
MOVING = (moved, word_moved)  # these may have two boxes
MORE_ANYWHERE, MORE_ON_WORDS = (*ANYWHERE, resized), (*ON_WORDS, word_moved, word_resized)


# Making and accepting


def make_changes(
    rng: np.random.Generator,
    scene: Scene,
    count: int,
    conditions: Conditions,
    *,
    anywhere: tuple[Callable, ...] = ANYWHERE,
    on_words: tuple[Callable, ...] = ON_WORDS,
) -> list[Change]:
    """Make up to `count` changes that a person can see and a tool can tell apart."""
    view = Rendering(scene)
    changes: list[Change] = []
    for _ in range(8 * count):
        kinds = on_words if scene.words and rng.random() < 0.5 else anywhere
        kind = kinds[rng.integers(len(kinds))]
        for _ in range(10):
            change = _try(rng, kind, view, conditions.other)
            taken = [box for other_change in changes for box in other_change.boxes]
            if (
                change
                and _fits(change, taken, conditions.visible, conditions.inside)
                and _survives(change, view, conditions.through)
            ):
                changes.append(change)
                break
        if len(changes) == count:
            break
    return changes


def make_any_changes(
    rng: np.random.Generator, scene: Scene, count: int, conditions: Conditions
) -> list[Change]:
    """Make changes of all kinds, named by what was there before and is there after, too.

    A patch on a place of one colour is "on_plain", where there is grain or shade, but nothing else,
    "on_grain"; a place that became plain has "to_plain". A patch that moved is left out where one
    of its places, or their overlap, is all that is seen.
    """
    made = make_changes(
        rng, scene, count, conditions, anywhere=MORE_ANYWHERE, on_words=MORE_ON_WORDS
    )
    view = Rendering(scene)
    named = []
    for change in made:
        if change.kind == "moved" and len(change.boxes) == 1:
            continue
        kind = change.kind
        if len(change.boxes) == 1:
            kind += _place_in_words(view.picture, change.edit(view), change.boxes[0])
        named.append(replace(change, kind=kind))
    return named


def _place_in_words(before: np.ndarray, after: np.ndarray, box: Box) -> str:
    x, y, width, height = box
    around = np.s_[max(y - RIM, 0) : y + height + RIM, max(x - RIM, 0) : x + width + RIM]
    ends = (1 - MOSTLY) / 2, (1 + MOSTLY) / 2
    ranges = [
        np.diff(np.quantile(picture[around], ends, axis=(0, 1)), axis=0).max()
        for picture in (before, after)
    ]
    if ranges[0] <= NEARLY_PLAIN:
        return "_on_plain"
    if ranges[1] <= NEARLY_PLAIN:
        return "_to_plain"
    return "_on_grain" if ranges[0] <= GRAIN else ""


def _try(
    rng: np.random.Generator, kind: Callable, view: Rendering, other: np.ndarray
) -> Change | None:
    rows, columns = view.scene.ground.shape[:2]
    width, height = (int(np.exp(rng.uniform(*np.log(SIDE)))) for _ in range(2))
    x = int(rng.integers(FROM_BORDER, columns - width - FROM_BORDER))
    y = int(rng.integers(FROM_BORDER, rows - height - FROM_BORDER))
    arguments = (other,) if kind is pasted else ()
    edit = kind(rng, view.scene, (x, y, width, height), *arguments)
    if edit is None:
        return None
    parts = measure(view.picture, edit(view))
    if not parts or len(parts) > (2 if kind in MOVING else 1):
        return None
    boxes, seen = (list(values) for values in zip(*parts, strict=True))
    return Change(kind.__name__, edit, boxes, seen)


def _fits(
    change: Change, taken: list[Box], visible: Visible, inside: Callable[[Box], bool]
) -> bool:
    if len(change.boxes) == 2 and gap_between(*change.boxes) < APART:
        return False
    return all(map(visible.accepts, change.visibility)) and all(
        SIDE[0] <= max(box[2:]) <= SIDE[1]
        and min(box[2:]) >= visible.side
        and inside(box)
        and all(gap_between(box, place) >= APART for place in taken)
        for box in change.boxes
    )


def _survives(change: Change, view: Rendering, through: Callable[[np.ndarray], np.ndarray]) -> bool:
    """Say whether a change is still visible after both pictures went through the nuisance.

    White brightened beyond white, or a blur in a picture as blurred: nothing is left to see.
    """
    before, after = through(view.picture), through(change.edit(view))
    return all(
        SEEN.accepts(visibility(part_of(before, box), part_of(after, box))) for box in change.boxes
    )


def apply_changes(view: Rendering, changes: list[Change]) -> np.ndarray:
    """Return a copy of the rendering's picture with all changes; they are too far apart to meet."""
    result = view.picture.copy()
    for change in changes:
        edited = change.edit(view)
        differs = difference_of(edited, view.picture) > 0
        result[differs] = edited[differs]
    return result
