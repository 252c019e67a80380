"""What the checks of all lessons share; exercises are tested in the kernels of their lessons."""

import contextlib
import importlib
import sys
from functools import partial

import numpy as np
import pytest
from hostile import faults
from liars import Stop, liars, more_liars

from helpers.course.checking import EXERCISES, RIGHT, compare_answer, equal
from helpers.course.exercises import check
from helpers.course.quizzes import quiz
from notebooks import NOTEBOOKS, check_cells


def test_the_checks_are_those_of_the_lessons():
    lessons = [path for path in NOTEBOOKS if check_cells(path)]
    for path in lessons:
        importlib.import_module(f"helpers.course.lessons.lesson_{path.name[:2]}")
    wrong = [importlib.import_module(f"lessons.lesson_{path.name[:2]}").WRONG for path in lessons]
    in_the_lessons = [name for path in lessons for name in check_cells(path)]
    assert sorted(in_the_lessons) == sorted(EXERCISES) == sorted(n for each in wrong for n in each)


def test_another_name_is_refused_in_words():
    for name in ("99.9", "06.9", "", "six"):
        with pytest.raises(ValueError, match="There is no exercise"):
            check(name, 1)


def test_a_name_that_is_no_text_is_refused_in_words(careless_check):
    assert not faults(partial(check, answer=1), {"name": "99.8"}, large=False)
    assert not faults(quiz, {"name": "recipe"}, large=False)


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
    assert words in compare_answer(answer, right)


@pytest.mark.parametrize("right", [3, 0.5, "x", [1, 2], (1, 2.5), {"a": [1]}, PICTURE, True, None])
def test_the_right_answer_is_right(right):
    assert compare_answer(right, right) == RIGHT


def test_lists_tuples_and_arrays_of_equal_numbers_are_equal_and_truth_is_no_number():
    assert equal([1, 2], (1, 2)) and equal(np.array([1, 2]), [1.0, 2.0])
    assert not equal(True, 1) and not equal(1, 2) and not equal("1", 1)
    assert equal(0.3334, 1 / 3, tolerance=0.001) and not equal(0.34, 1 / 3, tolerance=0.001)


RIGHTS = [7, 0.5, "a", [1, 2], {"a": 1}, PICTURE, True, None, ["a", "b"], {"a"}, [PICTURE] * 3]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: type(right).__name__)
def test_nothing_that_only_claims_to_be_equal_is_right(right):
    for answer in [*liars(), *more_liars()]:
        with contextlib.suppress(SystemExit, Stop, ZeroDivisionError):
            assert not equal(answer, right)
            assert compare_answer(answer, right) != RIGHT


def looks_at_it(answer):
    """Look at an answer in the ways of a careless check."""
    found = answer() if callable(answer) else answer
    return RIGHT if found == 7 or len(found) == 7 or list(found) == [7] else f"It is {found!r}."


@pytest.fixture
def careless_check(monkeypatch):
    monkeypatch.setitem(EXERCISES, "99.8", ("anything", looks_at_it))


@pytest.mark.parametrize("place", range(len([*liars(), *more_liars()])))  # pytest looks at values
def test_a_check_answers_in_words_whatever_it_is_given(place, careless_check):
    answer = [*liars(), *more_liars()][place]
    feedback = check("99.8", answer)
    assert str(feedback).endswith(".")
    assert feedback.verdict == "wrong" or callable(answer)  # what it returns is the check's to see


@pytest.mark.parametrize("subclass", [np.matrix, np.ma.MaskedArray, np.recarray])
def test_an_array_of_a_subclass_is_checked_by_its_values(subclass, careless_check):
    values = np.array([[1, 2], [3, 4]])
    message = compare_answer(values.view(subclass), values)
    assert message == RIGHT or "plain" in message
    assert check("99.8", np.array([7]).view(subclass)).verdict == "right"


def test_a_function_that_ends_python_is_told(careless_check):
    assert "ends Python" in str(check("99.8", sys.exit))


def test_the_reader_can_interrupt_a_check(careless_check):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("99.8", interrupt)
