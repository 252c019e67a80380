"""The classroom: figures, sliders, exercises and quizzes of the lessons.

A lesson begins with `from helpers.course import check, figures, sliders`. What it needs is imported
when it is first used.
"""

from importlib import import_module
from typing import Any

FUNCTIONS = {"check": "helpers.course.exercises", "quiz": "helpers.course.quizzes"}

__all__ = ["check", "figures", "quiz", "sliders"]


def __getattr__(name: str) -> Any:
    """Import on first use."""
    if name in FUNCTIONS:
        return getattr(import_module(FUNCTIONS[name]), name)
    if name == "figures":
        return import_module("helpers.viewer.figures")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
