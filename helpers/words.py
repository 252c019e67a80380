"""Put in words what changed: each box by its kind, and a comparison in plain sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box, reading_order
from helpers.colors import bgr
from helpers.looks import (
    SCALED_SIDE,
    Window,
    explain_by_blur,
    explain_by_move,
    explain_by_scale,
    find_shift,
    measure,
)

if TYPE_CHECKING:  # `comparison` imports this module for its words
    from helpers.comparison import Comparison

LEARNED = "added", "removed", "replaced", "moved", "recoloured", "resized", "blurred", "text"
KINDS = (*LEARNED, "inserted", "deleted", "changed")
SURE, CERTAIN = 0.45, 0.88  # confidence below which a kind is not told, or with "probably"
MOST_LOOKED_AT, MOST_PAIRED = 60, 12  # boxes, the largest ones: time stays bounded
MOVED = 0.5  # part of a change that a move has to explain
AGREE = 1  # pixels of a window by which both pictures may tell a move otherwise
LIKE_SIZES = 4  # times the other's area that the box of a moved thing may have
MOST_TOLD = 8  # changes that are told one by one
ONE_HAS_IT = "inserted", "deleted"
LACKING = 0.5  # part of a box that a picture lacks, from which the other one's is inserted
WIDE = 0.5  # part of the picture: what covers more is its ground
ONE_COLOR, MOSTLY = 12, 0.75  # gray levels round the middle colour, in such a part of the pixels
THIN, LONG = 4, 5  # pixels a line is wide at most; times its width that it is long at least
STROKES = 3  # separate marks, at least, that are told as text
PALE = 12  # chroma in CIE Lab below which a colour is gray
BLACK, DARK, LIGHT, WHITE = 12, 31, 75, 96  # lightness in CIE Lab
STRONG = 0.6  # saturation from which a bright colour is not called light
BROWN = 45  # lightness below which orange and yellow are brown
HUES = {  # degrees up to which a hue has its name
    15: "red", 42: "orange", 68: "yellow", 165: "green", 195: "turquoise",
    255: "blue", 290: "purple", 345: "pink", 360: "red",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A change, and what can be said of it.

    Attributes
    ----------
    kind : str
        One of `KINDS`; "changed" where none of the others is sure.
    numbers : tuple of int
        The boxes that it is about, counted from 1 as the comparison lists them: two of what moved
        from one to the other, else one.
    box : Box
        The smallest one that holds them.
    first, second : Box or None
        Its place in each picture as it was given; None where a picture has nothing of it.
    confidence : float
        From 0 to 1: the share of changes so sure whose kind is right, on made pairs.
    words : str
        A sentence.
    colors : tuple of str, or None
        What colour turned into what, like "#ffffff": of "recoloured" only.
    color : str or None
        The colour of what was added or removed, where it has one.
    shift : tuple of int, or None
        Pixels to the right and down, of "moved" only.
    factor : float or None
        How many times as large: of "resized" only.
    sharper : bool or None
        Whether it is the second picture that shows more detail: of "blurred" only.
    strength : int
        The difference in gray levels that a tenth of its pixels reach.
    """

    kind: str
    numbers: tuple[int, ...]
    box: Box
    first: Box | None
    second: Box | None
    confidence: float
    words: str = ""
    colors: tuple[str, str] | None = None
    color: str | None = None
    shift: tuple[int, int] | None = None
    factor: float | None = None
    sharper: bool | None = None
    strength: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Collect all of it, ready for JSON; what does not apply is left out."""
        details = {
            "colors": self.colors and list(self.colors),
            "color": self.color,
            "shift": self.shift and list(self.shift),
            "factor": self.factor,
            "sharper": self.sharper,
        }
        return {
            "kind": self.kind,
            "boxes": list(self.numbers),
            "first": self.first and list(self.first),
            "second": self.second and list(self.second),
            "confidence": round(self.confidence, 3),
            "words": self.words,
            "strength": self.strength,
        } | {name: value for name, value in details.items() if value is not None}


class Guess(NamedTuple):
    """The likely kind of the change in a box, and for moved things the other box."""

    kind: str
    confidence: float
    end: int | None = None


def find_changes(comparison: Comparison) -> list[Change]:
    """Say of each box of a comparison what changed there.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    list of Change
        In the order of the boxes; each box is in one of them.
    """
    boxes = comparison.boxes
    windows: dict[int, Window] = {}
    guesses = _guesses(comparison, windows)
    changes = []
    for index in range(len(boxes)):  # the order of the boxes; a move is at its first one
        guess = guesses.get(index, Guess("changed", 0.0))
        if guess.kind == "end":
            continue
        places = [index] if guess.end is None else [index, guess.end]
        box = _around([boxes[place] for place in places])
        ends = [boxes[places[0]], boxes[places[-1]]]
        if guess.kind in ONE_HAS_IT:
            ends[guess.kind == "deleted"] = None
        change = Change(
            guess.kind,
            tuple(place + 1 for place in places),
            box,
            *(end and comparison.box_in(which, end) for which, end in enumerate(ends)),
            guess.confidence,
        )
        if index in windows:
            end = windows[index] if guess.end is None else windows[guess.end]
            change = _detailed(change, windows[index], end, ends)
        noun = name_thing(windows.get(index), change)
        words = _sentence(change, noun, comparison.mask.shape)
        changes.append(replace(change, words=words))
    return changes


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    bottom = max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


# Which kind


def _guesses(comparison: Comparison, windows: dict[int, Window]) -> dict[int, Guess]:
    """Guess the kinds of the largest boxes, by index; the box where a move ends is an "end".

    What was looked at is put into `windows`.
    """
    if comparison.verdict != "changed":
        return {}
    guesses = _only_in_one(comparison)
    boxes = comparison.boxes
    left = [index for index in range(len(boxes)) if index not in guesses]
    largest = sorted(left, key=lambda index: (-boxes[index].area, index))[:MOST_LOOKED_AT]
    moves = measure_moves(comparison, largest[:MOST_PAIRED])
    looks = {}
    for index in largest:
        moved = max((share for pair, share in moves.items() if index in pair), default=0.0)
        windows[index] = Window(comparison, boxes[index])
        looks[index] = likely_kinds(measure(windows[index], moved))
    for start, end in sorted(moves, key=moves.get, reverse=True):
        if moves[start, end] < MOVED or {start, end} & guesses.keys():
            continue
        sure = (looks[start]["moved"] + looks[end]["moved"]) / 2
        if sure >= SURE:
            guesses |= {start: Guess("moved", sure, end), end: Guess("end", sure)}
    for index in largest:
        if index not in guesses:
            kind = max(looks[index], key=looks[index].get)
            if kind == "moved":  # by how much is told to the pixel where that can be
                windows[index] = Window(comparison, boxes[index], SCALED_SIDE)
            guesses[index] = _sure(kind, looks[index][kind], windows[index])
    return guesses


def _sure(kind: str, likely: float, window: Window) -> Guess:
    sure = likely >= SURE and (kind != "moved" or find_small_move(window) is not None)
    return Guess(kind if sure else "changed", likely)


def find_small_move(window: Window) -> tuple[int, int] | None:
    """Find how far something moved that overlaps its old place.

    Returns
    -------
    tuple of int, or None
        Pixels to the right and down. None unless it explains both pictures.
    """
    (share, *forth), (other, *back) = (find_shift(window, way) for way in (0, 1))
    shift = [(there - here) / 2 for there, here in zip(forth, back, strict=True)]
    apart = max(abs(there + here) for there, here in zip(forth, back, strict=True))
    if min(share, other) < MOVED or apart > AGREE:
        return None
    dx, dy = (round(step / window.scale) for step in shift)
    return (dx, dy) if dx or dy else None


def _only_in_one(comparison: Comparison) -> dict[int, Guess]:
    """Find boxes of what only one picture has, which the layout says."""
    if not comparison.layout:
        return {}
    guesses = {}
    for which, kind in enumerate(("inserted", "deleted")):
        lacks = comparison.layout.lacks(which)
        for index, (x, y, width, height) in enumerate(comparison.boxes):
            part = lacks[y : y + height, x : x + width]
            if cv2.countNonZero(part) > LACKING * part.size:
                guesses[index] = Guess(kind, 1.0)
    return guesses


def measure_moves(comparison: Comparison, chosen: Sequence[int]) -> dict[tuple[int, int], float]:
    """Measure for pairs of boxes how much of them is explained by a move from one to the other."""
    if len(chosen) < 2:
        return {}
    boxes = comparison.boxes
    windows = {index: Window(comparison, boxes[index], SCALED_SIDE) for index in chosen}
    moves = {}
    for start in chosen:
        for end in chosen:
            ratio = boxes[start].area / boxes[end].area
            if start != end and 1 / LIKE_SIZES < ratio < LIKE_SIZES:
                moves[start, end] = explain_by_move(comparison, windows[start], windows[end])
    return moves


def likely_kinds(looks: dict[str, tuple[float, ...]]) -> dict[str, float]:
    """Weigh what a change looks like: a multinomial logistic regression, fitted to made pairs.

    Parameters
    ----------
    looks : dict of str to tuple of float
        As `measure` has it.

    Returns
    -------
    dict of str to float
        How likely each kind is; together 1. When the pictures are swapped, those of "added" and
        "removed" are, and all others stay.
    """
    weights = _weights()
    scores = np.zeros(len(LEARNED))
    for name, values in {"": (1.0,), **looks}.items():
        table = weights[name]
        if len(values) == 1:
            scores += table[0] * values[0]
            continue
        scores += table[0] * max(values) + table[1] * min(values)
        scores[0] += table[0, 0] * (values[0] - max(values)) + table[1, 0] * (
            values[1] - min(values)
        )
        scores[1] += table[0, 1] * (values[1] - max(values)) + table[1, 1] * (
            values[0] - min(values)
        )
    likely = np.exp(scores - scores.max())
    return dict(zip(LEARNED, (likely / likely.sum()).tolist(), strict=True))


@cache
def _weights() -> dict[str, NDArray[np.float64]]:
    """Read the weights, shape (1 or 2, 8) for each thing measured; "" is what is always added."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    return {name: np.array(rows, float) for name, rows in json.loads(text).items()}


# Details


def _detailed(change: Change, window: Window, end: Window, ends: Sequence[Box | None]) -> Change:
    """Add what the kind of a change needs to be told."""
    change = replace(change, strength=round(max(window.strength, end.strength)))
    if change.kind in ("added", "removed"):
        return replace(change, color=_one_color(window, int(change.kind == "added")))
    if change.kind == "recoloured":
        middle = [np.median(i[window.changed], axis=0) for i in (window.first, window.second)]
        colors = tuple(map(_hex, middle))
        return replace(change, colors=colors if colors[0] != colors[1] else None)
    if change.kind == "resized":
        larger, smaller = (explain_by_scale(window, way) for way in (0, 1))
        factor = larger[1] if larger[0] >= smaller[0] else 1 / smaller[1]
        return replace(change, factor=round(factor, 2))
    if change.kind == "blurred":
        blurred, sharpened = (explain_by_blur(window, way) for way in (0, 1))
        return replace(change, sharper=sharpened > blurred)
    if change.kind == "moved" and len(change.numbers) == 2:
        dx, dy = (ends[1][axis] - ends[0][axis] for axis in (0, 1))
        return replace(change, shift=(dx, dy))
    if change.kind == "moved":
        return replace(change, shift=find_small_move(window))
    return change


def _one_color(window: Window, which: int, where: NDArray[np.bool_] | None = None) -> str | None:
    """Return the colour of what one picture shows there, where it has one."""
    where = window.marks[which] if where is None else where
    seen = (window.first, window.second)[which][where if where.any() else window.changed]
    middle = np.median(seen, axis=0)
    near = np.abs(seen - middle).max(axis=1) <= ONE_COLOR
    return _hex(middle) if near.mean() >= MOSTLY else None


def _hex(color: NDArray[np.float32]) -> str:
    blue, green, red = (round(float(value)) for value in color)
    return f"#{red:02x}{green:02x}{blue:02x}"


def color_name(color: str) -> str:
    """Name a colour like "#204080" in plain words.

    Parameters
    ----------
    color : str

    Returns
    -------
    str
        Such as "dark blue"; by lightness and chroma in CIE Lab, and the hue of red, green, blue.

    Examples
    --------
    >>> color_name("#204080")
    'dark blue'
    """
    pixel = np.array([[bgr(color)]], np.float32) / 255
    light, a, b = cv2.cvtColor(pixel, cv2.COLOR_BGR2LAB)[0, 0].tolist()
    hue, strong, _ = cv2.cvtColor(pixel, cv2.COLOR_BGR2HSV)[0, 0].tolist()
    is_gray = np.hypot(a, b) < PALE
    if is_gray and not BLACK <= light <= WHITE:
        return "black" if light < BLACK else "white"
    name = "gray" if is_gray else next(name for end, name in HUES.items() if hue <= end)
    if name in ("orange", "yellow") and light < BROWN:
        name = "brown"
    if light < DARK and name != "brown":
        return f"dark {name}"
    return f"light {name}" if light > LIGHT and strong < STRONG else name


# Sentences


def name_thing(window: Window | None, change: Change) -> str:
    """Name what changed, as far as its pixels show it. A reader of text could name more here.

    Parameters
    ----------
    window : Window or None
        Both pictures there; None where there was no time to look.
    change : Change

    Returns
    -------
    str
        "a region", "text", "a line", "the ground", or "a dark blue patch".
    """
    if change.kind in ONE_HAS_IT or window is None:
        return "a region"
    thick, long = sorted(change.box[2:])
    if change.kind == "text" or _is_text(window, change):
        return "text"
    if change.kind == "recoloured" and _is_ground(window, change):
        return "the ground"
    if change.kind in ("added", "removed") and thick <= THIN and long >= LONG * thick:
        return "a line"
    if change.color:
        return f"a {color_name(change.color)} patch"
    return "a region"


def _is_ground(window: Window, change: Change) -> bool:
    """Say whether what was of one colour is of another one, over most of the picture."""
    if change.box.area < WIDE * window.picture_area:
        return False
    return all(_one_color(window, which, window.changed) for which in (0, 1))


def _is_text(window: Window, change: Change) -> bool:
    """Say whether what was added or removed are several thin strokes on a ground."""
    if change.kind not in ("added", "removed") or window.flat < MOSTLY:
        return False
    marks = window.marks[change.kind == "added"].astype(np.uint8)
    thick = cv2.erode(marks, np.ones((THIN + 1, THIN + 1), np.uint8), borderValue=0)
    return not thick.any() and cv2.connectedComponents(marks)[0] - 1 >= STROKES


def _sentence(change: Change, noun: str, shape: tuple[int, int]) -> str:
    """Tell a change."""
    height, width = shape
    wide = change.box.area >= WIDE * height * width
    where = "over most of the picture" if wide else place_in_words(change.box, shape)
    size = f"{change.box.width} x {change.box.height} pixels"
    if change.kind == "changed":
        return f"Something changed {where} ({size})."
    if noun == "the ground":
        where = "of most of the picture"
    if change.confidence < CERTAIN:
        noun = f"probably {noun}"
    thing = noun[0].upper() + noun[1:]
    if change.kind == "recoloured" and change.colors:
        first, second = (f"{color} ({color_name(color)})" for color in change.colors)
        return f"{thing} {where} turned from {first} to {second}."
    tail = {
        "added": "was added",
        "removed": "was removed",
        "replaced": "was replaced by another one",
        "recoloured": "has other colours",
        "blurred": "is sharper" if change.sharper else "is blurred",
        "text": "was changed",
        "inserted": "was inserted",
        "deleted": "was removed",
    }
    if change.kind == "moved":
        return f"{thing} {where} moved {_shift_in_words(*change.shift)}."
    if change.kind == "resized":
        return f"{thing} {where} is {change.factor:.2f} times as large."
    return f"{thing} {where} {tail[change.kind]} ({size})."


def _shift_in_words(dx: int, dy: int) -> str:
    parts = []
    if dx or not dy:
        parts.append(f"{_pixels(dx)} to the {'left' if dx < 0 else 'right'}")
    if dy:
        parts.append(f"{_pixels(dy)} {'up' if dy < 0 else 'down'}")
    return " and ".join(parts)


def _pixels(count: int) -> str:
    return f"{abs(count)} {'pixel' if abs(count) == 1 else 'pixels'}"


def place_in_words(box: Box, shape: tuple[int, int]) -> str:
    """Say where the middle of a box is in a picture of that height and width."""
    height, width = shape
    column = 3 * (2 * box.x + box.width) // (2 * width)
    row = 3 * (2 * box.y + box.height) // (2 * height)
    if (row, column) == (1, 1):
        return "in the middle"
    if 1 in (row, column):
        return ("at the top", "at the left", "", "at the right", "at the bottom")[
            2 * row if column == 1 else 1 + column
        ]
    return f"at the {('upper', '', 'lower')[row]} {('left', '', 'right')[column]}"


def tell(changes: Sequence[Change]) -> list[str]:
    """Tell the largest changes one by one, and count the others.

    Parameters
    ----------
    changes : sequence of Change

    Returns
    -------
    list of str
        Sentences.
    """
    changes = sorted(changes, key=lambda change: (-change.box.area, reading_order(change.box)))
    told = [change.words for change in changes[:MOST_TOLD]]
    kinds = Counter(change.kind for change in changes[MOST_TOLD:])
    if not kinds:
        return told
    count = kinds.total()
    of_each = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return [*told, f"{count} more {'change' if count == 1 else 'changes'}: {of_each}."]
