"""Checks for the exercises of the lessons: `check("06.1", corners)` tells what is off.

The exercises of lesson 06 are checked in `helpers.course.lessons.lesson_06`, which is imported when
the first of them is.
"""

from typing import Any

from helpers.course.checking import EXERCISES, RIGHT, Feedback, describe_kind
from helpers.course.lessons import lesson_numbers, load_lesson
from helpers.places import CourseFileError

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
        Shown by Jupyter as a sentence. Whatever the answer is, it is checked and never raises.

    Raises
    ------
    CourseFileError
        A file of the course that the check needs is not there.
    ValueError
        No exercise has this name.
    """
    lesson = name.partition(".")[0]
    if lesson in lesson_numbers():
        load_lesson(lesson)
    if name not in EXERCISES:
        raise ValueError(f"There is no exercise {name!r}. Give a name such as '06.1'.")
    variable, check_answer = EXERCISES[name]
    if answer is ...:
        return Feedback("not attempted", variable)
    try:
        message = check_answer(answer, *context)
    except CourseFileError:  # says what is missing, and no answer could help it
        raise
    except Exception as error:  # An answer can be anything; a traceback would teach nothing.
        kind = describe_kind(answer)
        message = f"It is {kind}, and looking at it failed: {type(error).__name__}: {error}."
    return Feedback("right" if message == RIGHT else "wrong", variable, message)
