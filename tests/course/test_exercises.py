"""Every exercise: its solution is right, typical mistakes are recognised, nothing else passes."""

import importlib

import numpy as np
import pytest

import notebooks as lessons
from helpers.course.checking import EXERCISES, RIGHT, equal, judge
from helpers.course.exercises import check

LESSONS = {path.stem[:2]: path for path in lessons.NOTEBOOKS if lessons.check_cells(path)}
for number in LESSONS:
    importlib.import_module(f"helpers.course.lessons.lesson_{number}")
WRONG = {
    name: answers
    for number in LESSONS
    for name, answers in importlib.import_module(f"lessons.lesson_{number}").WRONG.items()
}
JUNK = [
    None,
    "",
    "a word",
    float("nan"),
    float("inf"),
    -1,
    10**400,
    True,
    [],
    {},
    {"a": 1},
    set(),
    [[1], [2, 3]],
    [None],
    (1, 2, 3, 4),
    object(),
    print,
    lambda *pictures: None,
    lambda: 1,
    type,
    ValueError("no"),
    np.array([]),
    np.array(["a"]),
    np.zeros((2, 2), dtype=object),
    np.zeros((3, 4, 5, 6)),
    np.full((7, 7), np.nan),
    range(3),
    b"bytes",
    1j,
    np.datetime64("2020-01-01"),
]


def test_the_checks_are_those_of_the_lessons():
    in_the_lessons = [name for path in LESSONS.values() for name in lessons.check_cells(path)]
    assert sorted(in_the_lessons) == sorted(EXERCISES) == sorted(WRONG)
    assert all(len(answers) >= 3 for answers in WRONG.values())


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    path = LESSONS[name[:2]]
    place = list(lessons.check_cells(path)).index(name)
    feedback = eval(lessons.check_cells(path)[name], lessons.solved(path, place + 1))
    assert feedback.verdict == "right", str(feedback)


@pytest.mark.parametrize(
    ("name", "snippet", "words"),
    [(name, *wrong) for name, answers in WRONG.items() for wrong in answers],
)
def test_a_wrong_answer_is_told_what_is_off(name, snippet, words):
    feedback = lessons.answer(LESSONS[name[:2]], name, snippet)
    assert feedback.verdict == "wrong", str(feedback)
    assert words in str(feedback)
    assert "looking at it failed" not in str(feedback)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_no_junk_passes_or_raises(name, junk):
    path = LESSONS[name[:2]]
    namespace = dict(lessons.variables(path)) | {EXERCISES[name][0]: junk}
    feedback = eval(lessons.check_cells(path)[name], namespace)
    assert feedback.verdict == "wrong", str(feedback)
    assert "looking at it failed" not in str(feedback)


@pytest.mark.parametrize("name", EXERCISES)
def test_nothing_attempted_is_told_apart(name):
    feedback = check(name, ...)
    assert feedback.verdict == "not attempted"
    assert EXERCISES[name][0] in str(feedback)


def test_another_name_is_refused_in_words():
    for name in ("99.1", "06.9", "", "six"):
        with pytest.raises(ValueError, match="There is no exercise"):
            check(name, 1)


PICTURE = np.random.default_rng(1).integers(0, 255, (20, 30, 3), dtype=np.uint8)
MASK = 255 * (PICTURE[..., 0] > 128).astype(np.uint8)


@pytest.mark.parametrize(
    ("answer", "right", "words"),
    [
        (PICTURE[..., ::-1], PICTURE, "Red and blue are swapped"),
        (255 - MASK, MASK, "Black and white are swapped"),
        (PICTURE.transpose(1, 0, 2), PICTURE, "width and height are swapped"),
        (PICTURE.astype(float), PICTURE, "holds float64; expected is uint8"),
        (PICTURE[:-1], PICTURE, "should be (20, 30, 3)"),
        (np.where(np.arange(30) == 4, 0, MASK).astype(np.uint8), MASK, "(0, 4)"),
        (PICTURE, 3, "One number is expected"),
        ([3], 3, "Take it out"),
        (3, PICTURE, "one number; an array of shape (20, 30, 3) is expected"),
        ([1, 2], [1, 2, 3], "There are 2 and should be 3"),
        ([1, 2, 4], [1, 2, 3], "1 of 3 values are other ones; the first is at index 2"),
        (None, 3, "It is None"),
        (float("nan"), 3.0, "no ordinary number"),
        (2, 3.0, "too small"),
        (4, 3.0, "too large"),
        ({"a": 1}, {"a": 1, "b": 2}, "The key 'b' is missing"),
        ({"a": 1, "b": 3}, {"a": 1, "b": 2}, "Below the key 'b': The number is too large"),
        ({"a": 1, "b": 2}, {"a": 1}, "1 keys too many"),
        (print, 3, "It is a function"),
        ([True, False], [1, 0], "their type is not: it is bool"),
        (PICTURE.tolist(), PICTURE, "expected is uint8"),
    ],
)
def test_general_mistakes_are_recognised(answer, right, words):
    assert words in judge(answer, right)


@pytest.mark.parametrize("right", [3, 0.5, "x", [1, 2], (1, 2.5), {"a": [1]}, PICTURE, True, None])
def test_the_right_answer_is_right(right):
    assert judge(right, right) == RIGHT


def test_lists_tuples_and_arrays_of_equal_numbers_are_equal_and_truth_is_no_number():
    assert equal([1, 2], (1, 2)) and equal(np.array([1, 2]), [1.0, 2.0])
    assert not equal(True, 1) and not equal(1, 2) and not equal("1", 1)
    assert equal(0.3334, 1 / 3, tolerance=0.001) and not equal(0.34, 1 / 3, tolerance=0.001)
