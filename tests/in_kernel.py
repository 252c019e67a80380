"""What is asked in the kernel of a lesson after nbval has run its cells: exercises and sliders.

Functions raise AssertionError with words, and print what they covered, a line "count what" each.
"""

import contextlib
import copy
import importlib
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import cv2
import numpy as np
from IPython import get_ipython
from ipywidgets.widgets.widget import _instances
from liars import bad_functions, liars

from helpers.course import check
from helpers.course.checking import EXERCISES
from helpers.course.exercises import Feedback
from helpers.viewer import explorer, figures
from helpers.viewer.explorer import WIDTH, Explorer
from notebooks import FOLDER, check_cells, solutions

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
FAILED = "looking at it failed"  # what a check says of an answer that it cannot look at

LESSON: dict[str, Any] = {}  # path of the notebook, variables that its cells left, data of tests


def begin(path: str) -> None:
    """Keep what the cells have left."""
    number = Path(path).name[:2]
    LESSON.update(
        path=Path(path),
        variables=dict(get_ipython().user_ns),
        data=importlib.import_module(f"lessons.lesson_{number}"),
    )


# Exercises


def solution(name: str) -> None:
    """The solution in the notebook is right; those before it have run as well."""
    place = list(check_cells(LESSON["path"])).index(name)
    feedback = ask(name, solved(place + 1))
    assert feedback.verdict == "right", str(feedback)
    print("1 solutions that are right")


def wrong_answers(name: str) -> None:
    """Each typical mistake is told what is off."""
    answers = LESSON["data"].WRONG[name]
    assert len(answers) >= 3, f"{name} has {len(answers)} wrong answers; give three or more."
    faults = []
    for snippet, words in answers:
        namespace = copied(LESSON["variables"], snippet)
        run(snippet, namespace)
        faults += faults_of(ask(name, namespace), snippet, words)
    assert not faults, "\n".join(faults)
    print(f"{len(answers)} wrong answers told what is off")


def junk(name: str) -> None:
    """Nothing that is no answer passes, or makes the check fail."""
    variable = EXERCISES[name][0]
    faults = []
    for value in JUNK:
        feedback = ask(name, LESSON["variables"] | {variable: value})
        faults += faults_of(feedback, f"{variable} = {type(value).__name__}")
    for value in [*liars(), *bad_functions()]:
        feedback = ask(name, LESSON["variables"] | {variable: value})
        if feedback.verdict != "wrong" or not str(feedback).startswith("Not yet. "):
            faults.append(f"{variable} = {type(value).__name__}: {feedback.verdict}: {feedback}")
    assert not faults, "\n".join(faults)


def nothing_attempted(name: str) -> None:
    """`...` is told apart from a wrong answer."""
    feedback = check(name, ...)
    assert feedback.verdict == "not attempted", str(feedback)
    assert EXERCISES[name][0] in str(feedback)


def faults_of(feedback: Feedback, answer: str, words: str = "") -> Iterator[str]:
    """Say what a check should not have said about a wrong answer."""
    text = str(feedback)
    if feedback.verdict != "wrong":
        yield f"{answer}: {feedback.verdict}: {text}"
    elif words not in text:
        yield f"{answer}: {words!r} is not in: {text}"
    elif FAILED in text:
        yield f"{answer}: {text}"


def ask(name: str, namespace: dict) -> Feedback:
    """Run the cell that checks an exercise."""
    with contextlib.redirect_stdout(io.StringIO()):
        return eval(check_cells(LESSON["path"])[name], namespace)


@cache
def solved(count: int) -> dict:
    """What the first solutions leave: later ones may use what earlier ones leave."""
    if count == 0:
        return LESSON["variables"]
    source = solutions(LESSON["path"])[count - 1]
    namespace = copied(solved(count - 1), source)
    run(source, namespace)
    return namespace


def copied(namespace: dict, snippet: str) -> dict:
    """The variables, those that the snippet names as copies."""
    words = set(re.findall(r"\w+", snippet))
    return {name: fresh(v) if name in words else v for name, v in namespace.items()}


def fresh(value: object) -> object:
    """A copy, where a snippet could change the value for the next one."""
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict)) else value


def run(source: str, namespace: dict) -> None:
    """Run code in the folder of the notebooks and show nothing."""

    def nothing(*data: object, **options: object) -> None:
        pass

    with contextlib.ExitStack() as stack:
        for module in (figures, explorer):
            stack.enter_context(mock.patch.object(module, "display", nothing, create=True))
        stack.enter_context(contextlib.chdir(FOLDER))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        exec(compile(source, "a cell", "exec"), namespace)


# Sliders


def explorers() -> list[Explorer]:
    """Everything with sliders that the lesson has made, in that order."""
    return [
        widget for widget in _instances.values() if isinstance(widget, Explorer) and widget.sliders
    ]


def positions(name: str) -> None:
    """The slider of this name reads as the tests of the lesson say, at each of their positions."""
    named = [each for each in explorers() if each.name == name]
    assert named, f"The lesson makes no slider {name}."
    slider = named[-1]  # the page of lesson 07 makes one as well, before
    for values, reading in LESSON["data"].SLIDERS[name]:
        values = values if isinstance(values, tuple) else (values,)
        for value, settings in zip(values, slider.sliders, strict=False):  # those left out stay
            assert stops_at(settings, value), f"{name} never stands at {value}: {settings}"
        move(slider, values)
        read = slider.frame["reading"]
        assert reading in read, f"{name} at {values}: {reading!r} is not in {read!r}"
    print(f"{len(LESSON['data'].SLIDERS[name])} slider positions with the reading looked at")


def stops_at(settings: dict, value: float) -> bool:
    """Whether a handle that moves in steps comes to this value."""
    steps = (value - settings["low"]) / settings["step"]
    return settings["low"] <= value <= settings["high"] and abs(steps - round(steps)) < 1e-9


def ends() -> None:
    """Each slider of the lesson goes to both ends and back, and the picture follows."""
    made = explorers()
    assert made, "The lesson makes no slider."
    for each in made:
        start, seen = each.values, set()
        for place, slider in enumerate(each.sliders):
            for value in (slider["low"], slider["high"]):
                move(each, [value if n == place else old for n, old in enumerate(start)])
                pictures = (picture.tobytes() for picture in each.current.pictures.values())
                seen.add((*pictures, *each.current.boxes))
        assert len(seen) > 1, f"The picture of {each.name} does not follow its sliders."
        move(each, start)
    print(f"{2 * sum(len(each.sliders) for each in made)} slider ends moved to")


def move(each: Explorer, values: list | tuple) -> None:
    """Move sliders; what the browser gets must be what `render` draws."""
    each.values = [*values, *each.values[len(values) :]]
    assert each.frame["reading"], "Nothing is read."
    assert all(alt.endswith(each.frame["reading"]) for alt in each.frame["alts"].values())
    drawn = each._render(*each.values).pictures
    for name, data in each.pictures.items():
        shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if not each.view:
            assert is_shown(shown, drawn[name]), f"{each.name} shows another picture of {name}."


def is_shown(shown: np.ndarray, picture: np.ndarray) -> bool:
    """Gray and enlarged pictures arrive to the bit, others as JPEG without visible loss."""
    expected = as_shown(picture)
    if picture.ndim == 2 or picture.shape[1] <= WIDTH // 2:
        return np.array_equal(shown, expected)
    return shown.shape == expected.shape and cv2.PSNR(shown, expected) > 36  # decibels


def as_shown(picture: np.ndarray) -> np.ndarray:
    """The picture at the width of the page, as a browser gets it."""
    if picture.shape[1] <= WIDTH // 2:
        factor = WIDTH // picture.shape[1]
        return picture.repeat(factor, axis=0).repeat(factor, axis=1)
    if picture.shape[1] <= WIDTH:
        return picture
    size = WIDTH, round(picture.shape[0] * WIDTH / picture.shape[1])
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
