"""The quiz that closes a part of the course: `quiz("recipe")`.

The questions are plain data, in the modules of the lessons. The front end, quiz.js, checks the
answers itself: once the questions are in the page, no kernel is needed.
"""

from inspect import cleandoc
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from helpers.course.lessons import lesson_numbers, load_lesson
from helpers.course.questions import Question
from helpers.errors import PictureError, brief
from helpers.viewer import front_end

PARTS = ("recipe", "real_pictures", "other_ways")  # lessons 00 to 09, 10 to 19, 20 to 29
FRONT_END = Path(__file__).with_name("front_end")


class Quiz(anywidget.AnyWidget):
    """Questions with choices, and an explanation for each choice.

    Parameters
    ----------
    questions : list of dict
        As `load_questions` gives them.
    """

    _esm = front_end.read("common.js", FRONT_END / "quiz.js")
    _css = front_end.read("common.css", FRONT_END / "quiz.css")
    questions = traitlets.List().tag(sync=True)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        """Add what a reader sees where no kernel runs: the questions, the answers folded up."""
        data, metadata = super()._repr_mimebundle_(**options)
        count = len(self.questions)
        data["text/plain"] = f"A quiz of {count} questions stands here. Run the cell to answer."
        numbered = enumerate(self.questions, start=1)
        data["text/markdown"] = "\n\n".join(_markdown(number, each) for number, each in numbered)
        return data, metadata


def quiz(name: str) -> Quiz:
    """Show the quiz of a part, as the last expression of a cell.

    Parameters
    ----------
    name : str
        "recipe" (lessons 00 to 09), "real_pictures" (lessons 10 to 19) or "other_ways" (lessons 20
        to 29).

    Returns
    -------
    Quiz

    Raises
    ------
    PictureError
        There is no such quiz.
    ValueError
        A question is incomplete.
    """
    return Quiz(questions=load_questions(name))


def load_questions(name: str) -> list[dict[str, Any]]:
    """Gather the questions of the lessons of a part, each with one right choice.

    Parameters
    ----------
    name : str
        One of PARTS.

    Returns
    -------
    list of dict
        Each with "lesson" (where it is taught), "ask", "code" ("" for none), and "choices": a list
        of dict with "text", "why" and "right".

    Raises
    ------
    PictureError
        There is no such quiz.
    ValueError
        A question is incomplete.
    """
    if not isinstance(name, str) or name not in PARTS:
        one_of = ", ".join(sorted(PARTS))
        raise PictureError(f"There is no quiz {brief(name)}. Give one of: {one_of}.")
    tens = str(PARTS.index(name))
    lessons = [number for number in lesson_numbers() if number.startswith(tens)]
    return [
        _as_dict(question, lesson, number)
        for lesson in lessons
        for number, question in enumerate(getattr(load_lesson(lesson), "QUESTIONS", ()), start=1)
    ]


def _as_dict(question: Question, lesson: str, number: int) -> dict[str, Any]:
    if question.fault:
        raise ValueError(f"Lesson {lesson}, question {number}: {question.fault}.")
    choices = [choice._asdict() for choice in question.choices]
    code = cleandoc(question.code)
    return {"lesson": lesson, "ask": question.ask, "code": code, "choices": choices}


def _markdown(number: int, question: dict[str, Any]) -> str:
    lettered = list(zip("ABCDEF", question["choices"], strict=False))
    lines = [f"**Question {number}.** {question['ask']}", ""]
    if question["code"]:
        lines += [f"```python\n{question['code']}\n```", ""]
    lines += [f"- **{letter}** {choice['text']}" for letter, choice in lettered]
    answer = next(f"{letter}. {choice['why']}" for letter, choice in lettered if choice["right"])
    return "\n".join([*lines, "", f"<details><summary>Answer</summary>\n\n{answer}\n</details>"])
