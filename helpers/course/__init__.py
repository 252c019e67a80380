"""The classroom: figures, sliders, exercises and quizzes of the lessons.

A lesson begins with `from helpers.course import check, figures, sliders`. What it needs is imported
when it is first used.
"""

from importlib import import_module
from typing import Any

PLACES = {
    "check": "helpers.course.exercises",
    "figures": "helpers.viewer",
    "quiz": "helpers.course.quizzes",
}

__all__ = ["check", "figures", "quiz", "sliders"]


def __getattr__(name: str) -> Any:
    """Import on first use."""
    if name in PLACES:
        return getattr(import_module(PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
