"""The sliders of all lessons: `sliders.fade(first, second)`.

A slider is a function that returns an `Explorer`. It is in the module of the first lesson that uses
it, or in `helpers.viewer.views` when the app uses it too. The modules are imported in the order of
the lessons until one has it: the first lessons do not wait for what the last ones need.
"""

from collections.abc import Callable, Iterator
from inspect import isfunction
from types import ModuleType

from helpers.course.lessons import lesson_numbers, load_lesson
from helpers.viewer import views
from helpers.viewer.explorer import Explorer


def __getattr__(name: str) -> Callable[..., Explorer]:
    """Find a slider by its name."""
    if not name.startswith("_"):
        for found, slider in _sliders():
            if found == name:
                return slider
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the names of all sliders."""
    return sorted({name for name, _ in _sliders()})


def _sliders() -> Iterator[tuple[str, Callable[..., Explorer]]]:
    yield from _sliders_of(views)
    for number in lesson_numbers():
        yield from _sliders_of(load_lesson(number))


def _sliders_of(module: ModuleType) -> Iterator[tuple[str, Callable[..., Explorer]]]:
    for name, value in vars(module).items():
        if isfunction(value) and value.__annotations__.get("return") is Explorer:
            yield name, value
