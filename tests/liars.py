"""Objects whose class claims what is not so: for functions, and for the checks of exercises."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def _yes(*_: object) -> bool:
    return True


def _no(*_: object) -> bool:
    return False


class NoWords:
    """An object that cannot be printed, compared, measured or asked for anything."""

    def _fail(self, *_: object) -> Any:
        raise ZeroDivisionError("no")

    __repr__ = __str__ = __eq__ = __len__ = __iter__ = __index__ = __float__ = __bool__ = _fail
    __array__ = __fspath__ = __getitem__ = __call__ = __format__ = __lt__ = __int__ = _fail
    __hash__ = None


class AnyName:
    """An object that has whatever one asks for."""

    def __getattr__(self, name: str) -> Any:
        return AnyName()

    def __call__(self, *_: object, **__: object) -> Any:
        return AnyName()


class WrongLength(list):
    """A list that says how long it is, and lies."""

    def __len__(self) -> int:
        return 10**9


class WrongClass:
    """An object that says it is an array."""

    __class__ = np.ndarray
    shape, ndim, dtype, size = (20, 20), 2, np.dtype(np.uint8), 400


class OddInt(int):
    """A whole number that compares as it likes."""

    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = _yes
    __hash__ = int.__hash__


class OddArray(np.ndarray):
    """An array that is equal to everything, and whose shape is another one."""

    __eq__ = __le__ = lambda self, other: np.ones(np.ndarray.shape.__get__(self), bool)
    __hash__ = None
    shape = property(lambda self: (4, 5))


class Equal:
    """An object that is equal to everything, and nothing is unequal to it."""

    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = _yes
    __ne__ = _no
    __hash__ = None


class EqualText(str):
    """Text that is equal to everything."""

    __eq__ = _yes
    __ne__ = _no
    __hash__ = str.__hash__


class EqualDict(dict):
    """A dict that is equal to everything and has all keys."""

    __eq__ = __contains__ = _yes
    __ne__ = _no
    __getitem__ = __missing__ = lambda self, key: Equal()
    __hash__ = None

    def keys(self) -> Any:
        return Equal()


class ManyEqual:
    """An object whose comparisons give arrays."""

    __eq__ = __ne__ = lambda self, other: np.ones(3, bool)
    __hash__ = None


class EndsPython:
    """An object that ends Python when one looks at it."""

    def _exit(self, *_: object, **__: object) -> Any:
        raise SystemExit(0)

    __array__ = __eq__ = __ne__ = __len__ = __iter__ = __getitem__ = __repr__ = _exit
    __float__ = __int__ = __index__ = __bool__ = __call__ = _exit
    __hash__ = None


class Stop(BaseException):
    """What no `except Exception` catches."""

    def __str__(self) -> str:
        raise self


class Stops:
    """An object that raises such when one looks at it."""

    def _stop(self, *_: object, **__: object) -> Any:
        raise Stop

    __array__ = __eq__ = __ne__ = __len__ = __iter__ = __getitem__ = __repr__ = _stop
    __call__ = __bool__ = _stop
    __hash__ = None


class ClaimsClass:
    """An object whose class cannot be asked for."""

    @property
    def __class__(self) -> type:
        raise SystemExit(0)


def recursive() -> list:
    values: list = []
    values.append(values)
    return values


def endless(*_: object, **__: object) -> Any:
    """Call itself until the stack ends."""
    return endless()


def loud(*_: object, **__: object) -> None:
    """Print a lot."""
    print("loud " * 100_000)


def liars() -> list[Any]:
    """Make answers that no check may call right."""
    return [
        NoWords(),
        AnyName(),
        WrongLength(),
        WrongClass(),
        OddInt(7),
        np.zeros((20, 20), np.uint8).view(OddArray),
        Equal(),
        EqualText("a"),
        EqualDict(),
        ManyEqual(),
        EndsPython(),
        Stops(),
        ClaimsClass(),
    ]


def more_liars() -> list[Any]:
    """Make those in containers and returned by functions, and functions that never return."""
    containers = [[each] * 3 for each in liars()]
    containers += [(Equal(), Equal()), {"a": Equal()}, {"a": 1, EqualText("b"): 2}, recursive()]
    large = [range(10**12), range(2**70), np.broadcast_to(np.uint8(0), (10**6, 10**6))]
    return [*containers, *large, *map(returning, liars()), *bad_functions()]


def returning(value: Any) -> Callable:
    """Make a function that takes anything and returns this."""
    return lambda *_, **__: value


def bad_functions() -> list[Callable]:
    """List functions that end Python, or the stack, or print a lot, or return liars."""
    return [sys.exit, endless, loud, returning(Equal()), returning([Equal()] * 3)]
