"""A module for each lesson: its sliders, the checks of its exercises, its questions."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def lesson_numbers() -> list[str]:
    """List the numbers of the lessons, in order."""
    return sorted(module.name.removeprefix("lesson_") for module in iter_modules(__path__))


def load_lesson(number: str) -> ModuleType:
    """Import the module of a lesson, such as "05"."""
    return import_module(f"{__name__}.lesson_{number}")
