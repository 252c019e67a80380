"""The quiz that closes a part of the course: `quiz("recipe")`.

The questions are plain data, in the folder `questions`. The front end, quiz.js, judges the answers
itself: once the questions stand in the page, no kernel is needed.
"""

import tomllib
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from helpers.viewer import front_end

FOLDER = Path(__file__).with_name("questions")
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
        "recipe" (lessons 00 to 06), "real_pictures" (lessons 10 to 14) or "other_ways" (lessons 20
        to 24).

    Returns
    -------
    Quiz

    Raises
    ------
    ValueError
        There is no such quiz, or a question in its file is incomplete.
    """
    return Quiz(questions=load_questions(name))


def load_questions(name: str) -> list[dict[str, Any]]:
    """Read the questions of a quiz, each with one right choice.

    Parameters
    ----------
    name : str
        A file of the folder `questions`, without its ending.

    Returns
    -------
    list of dict
        Each with "lesson" (where it is taught), "ask", at times "code", and "choices": a list of
        dict with "text", "why", and "right" for the one that is.

    Raises
    ------
    ValueError
        There is no such quiz, or a question in its file is incomplete.
    """
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    if name not in names:
        raise ValueError(f"There is no quiz {name!r}. Give one of: {', '.join(names)}.")
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    questions = tomllib.loads(text)["questions"]
    for number, question in enumerate(questions, start=1):
        if fault := _fault(question):
            raise ValueError(f"{name}.toml, question {number}: {fault}.")
    return questions


def _fault(question: dict[str, Any]) -> str:
    for key in ("lesson", "ask", "choices"):
        if not question.get(key):
            return f"{key!r} is missing"
    for place, choice in enumerate(question["choices"], start=1):
        if not (choice.get("text") and choice.get("why")):
            return f"choice {place} needs both 'text' and 'why'"
    right = sum(choice.get("right", False) for choice in question["choices"])
    return "" if right == 1 else f"{right} choices are right, expected exactly one"


def _markdown(number: int, question: dict[str, Any]) -> str:
    lettered = list(zip("ABCDEF", question["choices"], strict=False))
    lines = [f"**Question {number}.** {question['ask']}", ""]
    if "code" in question:
        lines += [f"```python\n{question['code'].strip()}\n```", ""]
    lines += [f"- **{letter}** {choice['text']}" for letter, choice in lettered]
    answer = next(
        f"{letter}. {choice['why']}" for letter, choice in lettered if choice.get("right")
    )
    return "\n".join([*lines, "", f"<details><summary>Answer</summary>\n\n{answer}\n</details>"])
