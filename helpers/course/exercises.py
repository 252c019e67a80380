"""Checks for the exercises of the lessons: `check("06.1", corners)` tells what is off.

The exercises of lesson 06 are checked in `helpers.course.lessons.lesson_06`, which is imported when
the first of them is.
"""

from typing import Any

import numpy as np

from helpers.course.checking import EXERCISES, RIGHT, Feedback, describe_kind
from helpers.course.honesty import find_lie
from helpers.course.lessons import lesson_numbers, load_lesson
from helpers.errors import PictureError, brief, printable
from helpers.loading import is_array
from helpers.places import CourseFileError

MOST_TEXT = 500  # characters of what an error says

__all__ = ["Feedback", "check"]


def check(name: str, answer: Any, *context: Any) -> Feedback:
    """Tell whether an exercise is not attempted, wrong (and what is off), or right.

    Parameters
    ----------
    name : str
        Lesson and exercise, such as "06.1".
    answer : object
        What the learner gives. `...` is what the notebook starts with: not attempted.
    *context : object
        What else the exercise is about, such as the picture that had to stay as it was.

    Returns
    -------
    Feedback
        Shown by Jupyter as a sentence. Whatever the answer is, it is checked and never raises,
        unless the reader interrupts.

    Raises
    ------
    CourseFileError
        A file of the course that the check needs is not there.
    PictureError
        No exercise has this name.
    """
    lesson = name.partition(".")[0] if isinstance(name, str) else ""
    if lesson in lesson_numbers():
        load_lesson(lesson)
    if not lesson or name not in EXERCISES:
        raise PictureError(f"There is no exercise {brief(name)}. Give a name such as '06.1'.")
    variable, check_answer = EXERCISES[name]
    if answer is ...:
        return Feedback("not attempted", variable)
    try:
        if is_array(answer):
            answer = np.asarray(answer)  # of a subclass, its values
        message = find_lie(answer) or check_answer(answer, *context)
    except (CourseFileError, KeyboardInterrupt):  # nothing that another answer could help
        raise
    except SystemExit:
        message = f"It is {describe_kind(answer)}, and it ends Python. Leave out exit()."
    except BaseException as error:  # An answer can be anything; a traceback would teach nothing.
        failed = f"{type(error).__name__}: {_text(error)}"
        message = f"It is {describe_kind(answer)}, and looking at it failed: {failed}."
    return Feedback("right" if message == RIGHT else "wrong", variable, message)


def _text(error: BaseException) -> str:
    try:
        return printable(error)[:MOST_TEXT]
    except KeyboardInterrupt:
        raise
    except BaseException:  # its class writes no text
        return "it gives no reason"
