"""What the engine says of situations that people meet, with its default settings."""

from types import SimpleNamespace

import numpy as np
import pytest
import situations
from situations import SITUATIONS, Situation, fault

import helpers

# The engine is still wrong about these. Whoever makes one right takes it out of here.
OPEN = {"gradient ends darker", "turned scan article by 12"}

PLACE = [(40, 30, 50, 20)]


@pytest.mark.parametrize(
    "which",
    [pytest.param(s, id=s.name.replace(" ", "_")) for s in SITUATIONS if s.name not in OPEN],
)
def test_a_careful_person_would_say_the_same(which):
    first, second, differs, truth = which.pair()
    assert (first != second).any()
    if which.wanted == situations.CHANGED:
        levels = np.abs(first.astype(int) - second).max(axis=2)
        assert (levels >= 3).sum() >= 4, "too little for anybody to find"
    result = helpers.compare(first, second)
    wrong = fault(which, result, differs, truth)
    assert not wrong, f"{which.name}: {wrong}. {result!r} {result.boxes}"


def test_names_are_unlike_and_those_left_open_are_among_them():
    names = [each.name for each in SITUATIONS]
    assert len(set(names)) == len(names)
    assert set(names) >= OPEN


@pytest.mark.parametrize(
    ("wanted", "verdict", "boxes", "said"),
    [
        ("changed", "changed", PLACE, ""),
        ("changed", "changed", [(38, 28, 30, 24), (70, 28, 22, 24)], ""),
        ("changed", "no difference", [], "missed"),
        ("changed", "unlike", PLACE, "missed"),
        ("changed", "changed", [(150, 80, 9, 9)], "wrong boxes"),
        ("changed", "changed", [*PLACE, (150, 80, 9, 9)], "wrong boxes"),
        ("changed", "changed", [(0, 0, 200, 100)], "wrong boxes"),
        ("changed", "changed", [(40, 30, 9, 9)], "wrong boxes"),
        ("changed", "changed", PLACE * 3, "wrong boxes"),
        ("unchanged", "no difference", [], ""),
        ("unchanged", "explained", [], ""),
        ("unchanged", "changed", PLACE, "false alarm"),
        ("noticed", "explained", [], ""),
        ("noticed", "changed", PLACE, ""),
        ("noticed", "no difference", [], "missed"),
        ("unboxed", "explained", [], ""),
        ("unboxed", "changed", PLACE, "false alarm"),
        ("either", "changed", PLACE, ""),
    ],
)
def test_the_judge_of_situations_is_strict_and_fair(wanted, verdict, boxes, said):
    differs = np.zeros((100, 200), bool)
    differs[30:50, 40:90] = True
    which = Situation("", "A", wanted, 2, None, None)
    result = SimpleNamespace(verdict=verdict, boxes=boxes, remarks=["Aligned: a little."])
    assert fault(which, result, differs, PLACE) == said


def test_a_sentence_will_do_where_pictures_cannot_be_aligned():
    which = Situation("", "G", "unboxed", 1, None, None)
    result = SimpleNamespace(verdict="changed", boxes=PLACE, remarks=["They could not be aligned."])
    assert not fault(which, result, np.zeros((100, 200), bool), PLACE)
