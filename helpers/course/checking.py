"""What the checks of all lessons share: compare an answer with the right one, say what is off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from helpers.course.honesty import count_values, find_lie
from helpers.loading import Image, is_array, load_pair
from helpers.places import find_in_course
from helpers.scoring.pairs import Pair, load_pairs

RIGHT = "Right."
NUMBERS = int, float, np.number, np.bool_, np.ndarray, list, tuple, range
MOST_NUMBERS = 50_000_000  # in an answer

Check = Callable[..., str]
EXERCISES: dict[str, tuple[str, Check]] = {}


@dataclass(frozen=True)
class Feedback:
    """The answer of a check.

    Attributes
    ----------
    verdict : {"not attempted", "wrong", "right"}
    variable : str
        Name of the variable that holds the answer.
    message : str
        What is off, "" where there is nothing to say.
    """

    verdict: str
    variable: str
    message: str = ""

    def __str__(self) -> str:
        if self.verdict == "not attempted":
            return f"Not attempted yet. Give {self.variable} a value above, then run this cell."
        return self.message if self.verdict == "right" else f"Not yet. {self.message}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        first, _, rest = str(self).partition(". ")
        bold = f"**{first.rstrip('.')}.** {rest}".strip()
        return {"text/plain": str(self), "text/markdown": bold}


def exercise(name: str, variable: str) -> Callable[[Check], Check]:
    """Make a function the check of an exercise.

    It takes the answer, and what else the notebook's cell gives; it returns `RIGHT`, or a message
    in sentences that says what is off, as `compare_answer` does where one answer is right.
    """

    def register(check: Check) -> Check:
        EXERCISES[name] = variable, check
        return check

    return register


def compare_answer(
    answer: Any, right: Any, mistakes: Mapping[str, Any] | None = None, *, tolerance: float = 0
) -> str:
    """Return `RIGHT`, the message of a known mistake, or how the answer differs from the right one.

    Parameters
    ----------
    answer, right : number, str, array, sequence or dict
    mistakes : mapping of str to object, optional
        What somebody gets who makes a typical mistake, below the message for it.
    tolerance : float
        Largest difference of numbers that is right as well.
    """
    if lie := find_lie(answer):
        return lie
    if equal(answer, right, tolerance):
        return RIGHT
    for message, wrong in (mistakes or {}).items():
        if equal(answer, wrong, tolerance):
            return message
    return describe(answer, right, tolerance)


def equal(one: Any, other: Any, tolerance: float = 0) -> bool:
    """Say whether two answers are the same; a list, a tuple and an array of equal numbers are.

    Classes that say they are equal to anything are looked through, as by `find_lie`.
    """
    if find_lie(one):
        return False
    if isinstance(one, dict) or isinstance(other, dict):
        return (
            isinstance(one, dict)
            and isinstance(other, dict)
            and one.keys() == other.keys()
            and all(equal(one[key], other[key], tolerance) for key in one)
        )
    first, second = as_numbers(one), as_numbers(other)
    if first is None or second is None:
        return first is second and type(one) is type(other) and bool(one == other)
    if is_picture(other) and not is_picture(one):
        return False
    return (
        first.shape == second.shape
        and (first.dtype == bool) == (second.dtype == bool)
        and bool(np.all(np.abs(first - second.astype(float)) <= tolerance))
    )


def is_picture(value: Any) -> bool:
    """Say whether this is an array that can be a picture: a list of numbers will not do for it."""
    return is_array(value) and np.asarray(value).dtype == np.uint8


def as_numbers(answer: Any) -> np.ndarray | None:
    """Turn an answer into an array of numbers; None when it is something else."""
    if not issubclass(type(answer), NUMBERS) or count_values(answer) > MOST_NUMBERS:
        return None
    try:
        numbers = np.arange(*_ends(answer)) if type(answer) is range else np.asarray(answer)
    except ValueError:  # rows of several lengths
        return None
    if numbers.dtype == bool:
        return numbers
    return numbers.astype(float) if numbers.dtype.kind in "iuf" else None


def _ends(numbers: range) -> tuple[int, int, int]:
    return numbers.start, numbers.stop, numbers.step


def describe(answer: Any, right: Any, tolerance: float = 0) -> str:
    """Say how an answer differs from the right one, in the order in which people go wrong."""
    given, wanted = as_numbers(answer), as_numbers(right)
    if wanted is None or given is None:
        return describe_other(answer, right, tolerance)
    if given.shape != wanted.shape:
        return describe_shape(given, wanted)
    if isinstance(answer, np.ndarray) and isinstance(right, np.ndarray):
        picture = describe_picture(answer, right)
        if picture:
            return picture
    if given.ndim == 0:
        if not np.isfinite(given):
            return f"It is {given}, which is no ordinary number."
        return f"The number is too {'small' if given < wanted else 'large'}."
    if np.array_equal(given, wanted):
        kinds = np.asarray(answer).dtype, np.asarray(right).dtype
        return "The values are right, their type is not: it is {}; expected is {}.".format(*kinds)
    return describe_values(given, wanted, tolerance)


def describe_kind(answer: Any) -> str:
    """Name what an answer is, with an article."""
    if answer is None:
        return "None"
    if is_array(answer):
        return f"an array of shape {np.asarray(answer).shape}"
    return "a function" if callable(answer) else f"a value of type {type(answer).__name__}"


def describe_wanted(right: Any) -> str:
    """Name what is expected; a list without its length, which can be half of the answer."""
    numbers = as_numbers(right)
    return "a list of numbers" if np.ndim(numbers) == 1 else describe_kind(right)


def describe_other(answer: Any, right: Any, tolerance: float) -> str:
    """Say what is off where one of the two is no number and no array of numbers."""
    if answer is None:
        return (
            "It is None. Some calls change their argument and return nothing; keep that argument."
        )
    if isinstance(answer, dict) and isinstance(right, dict):
        for key in right:
            if key not in answer:
                return f"The key {key!r} is missing."
            if not equal(answer[key], right[key], tolerance):
                return f"Below the key {key!r}: {describe(answer[key], right[key], tolerance)}"
        return f"There are {len(answer) - len(right)} keys too many."
    if type(answer) is type(right):
        return "The value is another one."
    return f"It is {describe_kind(answer)}; expected is {describe_wanted(right)}."


def describe_shape(given: np.ndarray, wanted: np.ndarray) -> str:
    """Say what is off when the shapes differ."""
    if given.ndim >= 2 and given.shape == (wanted.shape[1::-1] + wanted.shape[2:]):
        return (
            f"The shape is {given.shape} and should be {wanted.shape}: width and height are "
            "swapped. NumPy counts rows first, OpenCV's sizes have the width first."
        )
    if given.ndim == wanted.ndim == 1 or (given.ndim == wanted.ndim == 2 and wanted.size < 1000):
        return f"There are {len(given)} and should be {len(wanted)}."
    if wanted.ndim == 0 and given.size == 1:
        return "One number is expected, and here is one inside a list or an array. Take it out."
    if wanted.ndim == 0:
        return f"One number is expected, and here are {given.size}."
    if given.ndim == 0:
        return f"This is one number; {describe_wanted(wanted)} is expected."
    if wanted.ndim == 1:
        return f"The shape is {given.shape}; {describe_wanted(wanted)} is expected."
    return f"The shape is {given.shape} and should be {wanted.shape}."


def describe_picture(answer: np.ndarray, right: np.ndarray) -> str:
    """Recognise what often goes wrong with a picture of the right shape; "" for anything else."""
    if answer.dtype != right.dtype:
        return f"The array holds {answer.dtype}; expected is {right.dtype}."
    if right.ndim == 3 and np.array_equal(answer[..., ::-1], right):
        return "Red and blue are swapped: OpenCV's order is blue, green, red."
    if right.dtype == np.uint8 and np.array_equal(255 - answer, right):
        return "Black and white are swapped: what should be 255 is 0."
    return ""


def describe_values(given: np.ndarray, wanted: np.ndarray, tolerance: float) -> str:
    """Say how many values of an array of the right shape differ, and where the first one is."""
    wrong = ~(np.abs(given - wanted.astype(float)) <= tolerance)
    first = tuple(int(place) for place in np.argwhere(wrong)[0])
    where = first[0] if len(first) == 1 else first
    differ = f"{np.count_nonzero(wrong)} of {wrong.size} values are other ones"
    return f"{differ}; the first is at index {where}, counted from 0."


def course_pairs() -> list[Pair]:
    """List the pairs of the course; all their pictures are there."""
    pairs = load_pairs(find_in_course("images/pairs.json").parent)
    for pair in pairs:
        find_in_course(f"images/{pair.first.name}")
        find_in_course(f"images/{pair.second.name}")
    return pairs


@cache
def pair(name: str) -> tuple[Image, Image]:
    """Load both pictures of a pair of the course, such as "03". Shared: do not change them."""
    named = {pair.name: pair for pair in course_pairs()}[name]
    pictures = load_pair(named.first, named.second)
    for picture in pictures:
        picture.flags.writeable = False
    return pictures
