"""What changed, in words: each kind drawn once, and what has to hold for all."""

import json
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from helpers import words
from helpers.boxes import Box
from helpers.looks import Window, measure
from helpers.words import CERTAIN, KINDS, SURE, color_name, place_in_words

SHAPE = 240, 360
SWAPPED = {"added": "removed", "removed": "added", "inserted": "deleted", "deleted": "inserted"}


def page(color=(255, 255, 255)):
    """A page with two grey lines of text and a dark disc."""
    picture = np.full((*SHAPE, 3), color, np.uint8)
    for row, text in enumerate(("A page that stays", "as it always was")):
        place = (20, 40 + 30 * row)
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (90, 90, 90), 1, 16)
    return picture


def disc(picture, x=270, y=170, radius=25, color=(128, 64, 32)):
    return cv2.circle(picture.copy(), (x, y), radius, color, -1, 16)


def write(picture, text):
    place = (200, 210)
    return cv2.putText(picture.copy(), text, place, 0, 0.8, (40, 40, 40), 2, 16)


def photograph(seed=1):
    """Blurred noise of several sizes, which looks like a photograph to a program."""
    noise = np.random.default_rng(seed).normal(0, 1, (*SHAPE, 3)).astype(np.float32)
    picture = 128 + sum(40 * s * cv2.GaussianBlur(noise, (0, 0), s) for s in (1, 3, 9))
    return np.clip(picture, 0, 255).astype(np.uint8)


def blurred(picture):
    result, part = picture.copy(), np.s_[60:120, 100:190]
    result[part] = cv2.GaussianBlur(picture, (0, 0), 4)[part]
    return result


DRAWN = {
    "added": (page(), disc(page())),
    "removed": (disc(page()), page()),
    "recoloured": (disc(page()), disc(page(), color=(32, 64, 160))),
    "resized": (write(page(), "20"), cv2.putText(page(), "20", (193, 215), 0, 1.2, (40,) * 3, 3)),
    "blurred": (photograph(), blurred(photograph())),
    "text": (write(page(), "1375"), write(page(), "1846")),
    "moved": (disc(page(), 60, 150), disc(page(), 290, 110)),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_each_kind_is_told(kind):
    comparison = helpers.compare(*DRAWN[kind])
    assert [change.kind for change in comparison.changes] == [kind], comparison.describe()
    assert comparison.changes[0].confidence >= SURE


def test_a_patch_of_another_photograph_is_no_other_kind():
    first, second = photograph(), photograph()
    second[60:120, 100:190] = photograph(2)[60:120, 100:190]
    (change,) = helpers.compare(first, second).changes
    assert change.kind in ("replaced", "added", "changed")


def test_details_are_those_that_were_drawn():
    (moved,) = helpers.compare(*DRAWN["moved"]).changes
    assert moved.shift == (230, -40)
    assert moved.first[:2] == pytest.approx((35, 125), abs=3)
    assert moved.second[:2] == pytest.approx((265, 85), abs=3)
    assert "230 pixels to the right and 40 pixels up" in moved.words
    (turned,) = helpers.compare(*DRAWN["recoloured"]).changes
    assert turned.colors == ("#204080", "#a04020")
    assert "from #204080 (dark blue) to #a04020" in turned.words
    (added,) = helpers.compare(*DRAWN["added"]).changes
    assert added.color == "#204080"
    assert "dark blue patch at the lower right was added" in added.words
    first, second = DRAWN["blurred"]
    assert "in the middle is blurred (90 x 60" in helpers.compare(first, second).describe()
    assert "in the middle is sharper (90 x 60" in helpers.compare(second, first).describe()
    (larger,) = helpers.compare(*DRAWN["resized"]).changes
    assert 1.2 <= larger.factor <= 1.8


def test_a_small_move_is_one_box_and_told_with_its_way():
    first, second = write(page(), "1375"), page()
    cv2.putText(second, "1375", (206, 207), 0, 0.8, (40, 40, 40), 2, 16)
    comparison = helpers.compare(first, second)
    assert len(comparison.boxes) == 1
    assert comparison.changes[0].shift == (6, -3)
    assert "6 pixels to the right and 3 pixels up" in comparison.describe()


def test_a_ground_that_turned_is_told_as_the_ground():
    told = helpers.compare(disc(page()), disc(page((200, 240, 255)))).describe()
    assert "he ground of most of the picture turned from #ffffff (white) to #fff0c8" in told


def test_verdicts_without_boxes_are_told():
    assert helpers.compare(page(), page()).describe() == "The pictures are identical."
    noise = np.random.default_rng(1).normal(0, 1, (*SHAPE, 3))
    noisy = np.clip(photograph() + noise, 0, 255).astype(np.uint8)
    assert helpers.compare(photograph(), noisy).describe() == "No difference found."
    large = photograph()
    told = helpers.compare(large[10:-10, 10:-10].copy(), large[10:-10, 13:-7].copy()).describe()
    assert told.startswith("Nothing changed in one place. Aligned: ")
    assert "too little in common" in helpers.compare(photograph(), photograph(9)).describe()


def test_inserted_and_deleted_bands_are_told():
    tall = cv2.vconcat([photograph(), photograph(3), photograph(4)])
    longer = np.insert(tall, [300] * 40, photograph(5)[:1], axis=0)
    longer[300:340] = photograph(5)[:40]
    kinds = [[c.kind for c in helpers.compare(*pair).changes] for pair in
             ((tall, longer), (longer, tall))]  # fmt: skip
    assert kinds == [["inserted"], ["deleted"]]
    change = helpers.compare(tall, longer).changes[0]
    assert change.first is None
    assert change.second == Box(0, 300, SHAPE[1], 40)


# What has to hold whatever the pictures are


@st.composite
def comparisons(draw):
    """A comparison of two pictures that differ by some rectangles, with its boxes or others."""
    seed = draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    height, width = draw(st.integers(7, 90)), draw(st.integers(7, 120))
    first = rng.integers(0, 256, (height, width, 3), np.uint8)
    if draw(st.booleans()):
        first = np.full_like(first, rng.integers(0, 256, 3))
    second = first.copy()
    boxes = []
    for _ in range(draw(st.integers(1, 4))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        w, h = int(rng.integers(1, width - x + 1)), int(rng.integers(1, height - y + 1))
        second[y : y + h, x : x + w] = rng.integers(0, 256, 3)
        boxes.append(Box(x, y, w, h))
    comparison = helpers.compare(first, second)
    if draw(st.booleans()):
        return replace(comparison, boxes=boxes, verdict="changed")
    return comparison


def swapped(comparison):
    return replace(comparison, first=comparison.aligned, aligned=comparison.first)


@settings(max_examples=60, deadline=None)
@given(comparisons())
def test_each_box_is_in_one_change_and_none_is_outside(comparison):
    height, width = comparison.mask.shape
    changes = comparison.changes
    numbers = sorted(number for change in changes for number in change.numbers)
    assert numbers == list(range(1, len(comparison.boxes) + 1))
    for change in changes:
        assert change.kind in KINDS
        assert json.loads(json.dumps(change.to_dict()))["boxes"] == list(change.numbers)
        assert 0 <= change.confidence <= 1
        assert (len(change.numbers) == 2) <= (change.kind == "moved")
        assert change.words.endswith(".")
        for box in (change.box, change.first, change.second):
            assert min(box.x, box.y) >= 0
            assert min(box.width, box.height) >= 1
            assert box.x + box.width <= width
            assert box.y + box.height <= height
        assert (change.shift is not None) == (change.kind == "moved")
        assert (change.factor is not None) == (change.kind == "resized")
        if change.kind == "changed":
            assert change.words.startswith("Something changed")
            continue
        assert change.confidence >= SURE
        if change.confidence < CERTAIN:
            assert change.words.startswith("Probably")


@settings(max_examples=60, deadline=None)
@given(comparisons())
def test_swapping_the_pictures_swaps_the_words(comparison):
    pairs = zip(comparison.changes, swapped(comparison).changes, strict=True)
    for change, other in pairs:
        assert other.numbers == change.numbers
        if abs(change.confidence - SURE) > 1e-3:
            assert other.kind == SWAPPED.get(change.kind, change.kind)
        assert other.confidence == pytest.approx(change.confidence, abs=1e-3)
        if change.colors and other.colors:
            assert other.colors == change.colors[::-1]
        if change.shift and other.shift:
            assert other.shift == (-change.shift[0], -change.shift[1])
        if change.color and other.kind in ("added", "removed"):
            assert other.color == change.color


def test_swapping_a_drawn_pair_swaps_the_words():
    for kind, (first, second) in DRAWN.items():
        changes = helpers.compare(second, first).changes
        assert [change.kind for change in changes] == [SWAPPED.get(kind, kind)]


@pytest.mark.parametrize("boxes", [[Box(0, 0, 1, 1)], [Box(359, 239, 1, 1)], [Box(0, 0, 360, 240)]])
def test_a_box_of_one_pixel_or_of_all_is_told(boxes):
    for first, second in ((page(), disc(page())), (photograph(), photograph(2)), (page(), page())):
        mask = np.full(SHAPE, 255, np.uint8)
        comparison = replace(
            helpers.compare(first, second), boxes=boxes, verdict="changed", mask=mask
        )
        assert len(comparison.changes) == 1
        assert comparison.describe()


def test_many_boxes_take_bounded_time():
    picture = photograph()
    boxes = [Box(x, y, 6, 4) for y in range(0, 240, 6) for x in range(0, 352, 7)]
    comparison = replace(
        helpers.compare(picture, 255 - picture), boxes=boxes, verdict="changed", misaligned=False
    )
    start = time.process_time()
    told = comparison.describe()
    assert time.process_time() - start < 3
    assert len(comparison.changes) <= len(boxes)
    assert f"{len(boxes) - 8 - (len(boxes) - len(comparison.changes)):d} more changes: " in told


def test_words_are_worked_out_when_asked_and_once(monkeypatch):
    asked = []
    monkeypatch.setattr(words, "find_changes", lambda comparison: asked.append(1) or [])
    comparison = helpers.compare(*DRAWN["added"])
    assert not asked
    assert comparison.changes is comparison.changes
    assert asked == [1]


def test_measures_swap_with_the_pictures():
    comparison = helpers.compare(*DRAWN["resized"])
    box = comparison.boxes[0]
    forth, back = (measure(Window(c, box), 0.0) for c in (comparison, swapped(comparison)))
    for name, values in forth.items():
        assert back[name] == pytest.approx(values[::-1], abs=1e-3), name


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#ffffff", "white"),
        ("#000000", "black"),
        ("#808080", "gray"),
        ("#404040", "dark gray"),
        ("#d0d0d0", "light gray"),
        ("#ff0000", "red"),
        ("#00a000", "green"),
        ("#0000ff", "blue"),
        ("#204080", "dark blue"),
        ("#ffff00", "yellow"),
        ("#ffa000", "orange"),
        ("#603010", "brown"),
        ("#a020c0", "purple"),
        ("#b0d0ff", "light blue"),
    ],
)
def test_colors_have_plain_names(color, name):
    assert color_name(color) == name


@pytest.mark.parametrize(
    ("box", "place"),
    [
        ((0, 0, 10, 10), "at the upper left"),
        ((170, 110, 20, 20), "in the middle"),
        ((340, 0, 20, 10), "at the upper right"),
        ((0, 220, 20, 10), "at the lower left"),
        ((340, 220, 20, 20), "at the lower right"),
        ((170, 0, 20, 10), "at the top"),
        ((170, 220, 20, 10), "at the bottom"),
        ((0, 110, 20, 20), "at the left"),
        ((340, 110, 20, 20), "at the right"),
    ],
)
def test_places_are_told_by_thirds(box, place):
    assert place_in_words(Box(*box), SHAPE) == place
