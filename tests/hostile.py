"""What nobody should give to a function, and what has to come of it: an answer, or words.

`VALUES` and `ARRAYS` are made new for each call, since generators are used up. `values()` and
`arrays()` are hypothesis strategies that draw from them and beyond. `outcome` makes a call and
fails unless it returns, or raises one of our errors with a sentence.
"""

import datetime
import itertools
import mmap
import warnings
from collections import UserList, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from hypothesis import strategies as st
from liars import AnyName, NoWords, OddArray, OddInt, WrongClass, WrongLength, recursive

from helpers.challenge import PipelineError
from helpers.errors import PictureError

OURS = (PictureError, FileNotFoundError, PipelineError)
LONGEST = 2000  # characters of a message; nobody reads a list of a million numbers


class BytesPath(PurePosixPath):
    """A path that is bytes to the system."""

    def __fspath__(self) -> Any:
        return b"there"


def _deep() -> list:
    values: list = []
    for _ in range(5000):
        values = [values]
    return values


VALUES: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "Ellipsis": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "True": lambda: True,
    "zero": lambda: 0,
    "minus one": lambda: -1,
    "three": lambda: 3,
    "2**31": lambda: 2**31,
    "-2**31": lambda: -(2**31),
    "2**64": lambda: 2**64,
    "10**9": lambda: 10**9,
    "10**400": lambda: 10**400,
    "10**5000": lambda: 10**5000,  # more digits than Python prints
    "an odd int": lambda: OddInt(7),
    "half": lambda: 0.5,
    "3.0": lambda: 3.0,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "1e308": lambda: 1e308,
    "complex": lambda: 1j,
    "Fraction": lambda: Fraction(1, 3),
    "Decimal": lambda: Decimal("sNaN"),
    "np.int64": lambda: np.int64(5),
    "np.uint8": lambda: np.uint8(200),
    "np.float32": lambda: np.float32(5),
    "np.bool": lambda: np.bool_(True),
    "np.datetime64": lambda: np.datetime64("2020-01-01"),
    "date": lambda: datetime.date(2020, 1, 1),
    "no text": str,
    "a word": lambda: "a word",
    "a number as text": lambda: "12",
    "a zero byte": lambda: "a\0b.png",
    "half a character": lambda: "\ud800.png",
    "a long name": lambda: "x" * 5000,
    "escapes": lambda: "\x1b[31mred\x1b]0;title\x07\r\n",
    "bytes": lambda: b"bytes",
    "bytearray": lambda: bytearray(b"\xff\x00"),
    "memoryview": lambda: memoryview(b"\xff" * 400).cast("B", (20, 20)),
    "mmap": lambda: mmap.mmap(-1, 16),
    "BytesPath": lambda: BytesPath("a"),
    "no list": list,
    "numbers": lambda: [1, 2, 3],
    "a box": lambda: (1, 2, 3, 4),
    "boxes": lambda: [(1, 2, 3, 4), (5, 6, 7, 8)],
    "boxes far outside": lambda: [(-(2**30), 2**30, 5, 5), (2**29, 2**29, 2**30, 2**30)],
    "boxes of fractions": lambda: [(1.5, 2.0, 3.0, 4.0)],
    "boxes of nan": lambda: [(float("nan"), 0, 1, 1)],
    "boxes of truth": lambda: [(True, False, True, True)],
    "boxes inside out": lambda: [(5, 5, -3, -3)],
    "empty boxes": lambda: [(5, 5, 0, 0)],
    "huge boxes": lambda: [(0, 0, 10**400, 10**5000)],
    "text as boxes": lambda: ["abcd"],
    "boxes with None": lambda: [None, (1, 2, 3, 4)],
    "10,000 boxes": lambda: [(0, 0, 3, 3)] * 10_000,
    "2,000,000 boxes": lambda: [(0, 0, 3, 3)] * 2_000_000,
    "endless boxes": lambda: itertools.repeat((0, 0, 3, 3)),
    "a ragged list": lambda: [[1], [2, 3]],
    "a recursive list": recursive,
    "a deep list": _deep,
    "a wrong length": lambda: WrongLength([(1, 2, 3, 4)]),
    "set": lambda: {1, 2},
    "set of boxes": lambda: {(1, 2, 3, 4)},
    "dict": lambda: {"a": 1},
    "no dict": dict,
    "dict of boxes": lambda: {(1, 2, 3, 4): None},
    "deque": lambda: deque([(1, 2, 3, 4)]),
    "UserList": lambda: UserList([(1, 2, 3, 4)]),
    "range": lambda: range(4),
    "generator": lambda: ((0, 0, n, n) for n in (1, 2)),
    "a failing generator": lambda: (1 // (2 - n) for n in range(9)),
    "endless numbers": itertools.count,
    "slice": lambda: slice(3),
    "type": lambda: int,
    "dtype": lambda: np.dtype("uint8"),
    "function": lambda: print,
    "lambda": lambda: lambda *_, **__: None,
    "error": lambda: ValueError("no"),
    "object": object,
    "no words": NoWords,
    "any name": AnyName,
    "a wrong class": WrongClass,
}


def _picture(*shape: int) -> np.ndarray:
    return np.random.default_rng(list(shape)).integers(0, 256, shape, np.uint8)


ARRAYS: dict[str, Callable[[], np.ndarray]] = {
    "0-d": lambda: np.array(7, np.uint8),
    "1-d": lambda: _picture(20),
    "no pixels": lambda: np.zeros((0, 0), np.uint8),
    "no rows": lambda: np.zeros((0, 20, 3), np.uint8),
    "no columns": lambda: np.zeros((20, 0), np.uint8),
    "1 x 1": lambda: _picture(1, 1),
    "2 x 2": lambda: _picture(2, 2, 3),
    "6 x 6": lambda: _picture(6, 6, 3),
    "7 x 7": lambda: _picture(7, 7),
    "1 x 40000": lambda: _picture(1, 40000, 3),
    "40 x 40000": lambda: _picture(40, 40000),
    "40000 x 33": lambda: _picture(40000, 33, 3),
    "gray": lambda: _picture(20, 20),
    "color": lambda: _picture(20, 20, 3),
    "1 channel": lambda: _picture(20, 20, 1),
    "2 channels": lambda: _picture(20, 20, 2),
    "4 channels": lambda: _picture(20, 20, 4),
    "600 channels": lambda: _picture(4, 4, 600),
    "4-d": lambda: _picture(3, 4, 5, 6),
    "33-d": lambda: np.zeros((1,) * 33, np.uint8),
    "bool": lambda: _picture(20, 20) > 99,
    "uint16": lambda: _picture(20, 20).astype(np.uint16),
    "int64": lambda: _picture(20, 20).astype(np.int64),
    "float": lambda: _picture(20, 20) / 255,
    "float16": lambda: (_picture(20, 20) / 255).astype(np.float16),
    "longdouble": lambda: (_picture(20, 20) / 255).astype(np.longdouble),
    "big endian": lambda: (_picture(20, 20) / 255).astype(">f4"),
    "nan": lambda: np.full((20, 20), np.nan),
    "one nan": lambda: np.where(np.eye(20) > 0, np.nan, 0.5),
    "inf": lambda: np.full((20, 20), np.inf),
    "complex": lambda: np.ones((20, 20), complex),
    "object": lambda: _picture(20, 20).astype(object),
    "objects": lambda: np.full((20, 20), None),
    "text": lambda: np.full((20, 20), "a"),
    "bytes": lambda: np.full((20, 20), b"a"),
    "records": lambda: np.zeros((20, 20), [("a", np.uint8)]),
    "dates": lambda: np.zeros((20, 20), "datetime64[s]"),
    "read only": lambda: _read_only(_picture(20, 20, 3)),
    "every other": lambda: _picture(40, 40, 3)[::2, ::2],
    "mirrored": lambda: _picture(20, 20, 3)[::-1, ::-1],
    "RGB": lambda: _picture(20, 20, 3)[..., ::-1],
    "Fortran": lambda: np.asfortranarray(_picture(20, 20, 3)),
    "turned": lambda: _picture(20, 20).T,
    "channels first": lambda: _picture(3, 20, 20).transpose(1, 2, 0),
    "broadcast": lambda: np.broadcast_to(np.uint8(9), (20, 20, 3)),
    "a billion broadcast": lambda: np.broadcast_to(np.uint8(9), (40_000, 40_000)),
    "10^12 broadcast": lambda: np.broadcast_to(np.uint8(9), (10**6, 10**6, 3)),
    "matrix": lambda: _matrix(_picture(20, 20)),
    "masked": lambda: np.ma.masked_less(_picture(20, 20), 99),
    "record array": lambda: _picture(20, 20).view(np.recarray),
    "an odd array": lambda: _picture(20, 20).view(OddArray),
    "points": lambda: _picture(9, 1, 2).astype(np.int32),
    "float points": lambda: np.full((9, 1, 2), np.nan, np.float32),
    "far points": lambda: np.array([[[-(2**31), 0]], [[2**31 - 1, 1]]], np.int32),
    "boxes": lambda: np.array([[1, 2, 3, 4]]),
    "boxes of floats": lambda: np.array([[1.0, 2, 3, 4]]),
    "boxes of uint8": lambda: np.array([[250, 250, 10, 10]], np.uint8),
    "no boxes": lambda: np.zeros((0, 4), int),
}


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _matrix(array: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asmatrix(array)


LARGE = {
    "10,000 boxes",
    "2,000,000 boxes",
    "endless boxes",
    "endless numbers",
    "array: 40 x 40000",
    "array: 40000 x 33",
    "array: a billion broadcast",
    "array: 10^12 broadcast",
}
EVERYTHING = VALUES | {f"array: {name}": make for name, make in ARRAYS.items()}


def layouts(array: np.ndarray) -> list[np.ndarray]:
    """Lay the same values out in memory in other ways: no answer may depend on that."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return [
        _read_only(array.copy()),
        np.asfortranarray(array),
        array[::-1].copy()[::-1],
        array[:, ::-1].copy()[:, ::-1],
        wide[..., ::2],
        array.copy().view(OddArray),
    ]


SIDES = st.sampled_from([0, 1, 2, 3, 4, 6, 7, 8, 31, 32, 33, 64, 300])
DTYPES = st.sampled_from(
    ["uint8"] * 6 + ["bool", "int8", "uint16", "int32", "int64", "float16", "float32", "float64"]
)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Draw an array that may or may not be a picture: sides, channels, values, layout."""
    shape = draw(st.tuples(SIDES, SIDES))
    channels = draw(st.sampled_from([None, 3, None, 3, 1, 2, 4, 5]))
    shape = shape if channels is None else (*shape, channels)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    dtype = np.dtype(draw(DTYPES))
    fill = draw(st.sampled_from(["noise", "flat", "edge", "extremes"]))
    if fill == "noise":
        array = rng.integers(0, 256, shape)
    elif fill == "flat":
        array = np.full(shape, draw(st.integers(0, 255)))
    elif fill == "edge":
        array = np.zeros(shape, int)
        array[shape[0] // 2 :] = 255
    else:
        array = rng.choice([0, 255], shape)
    with np.errstate(all="ignore"):
        array = array.astype(dtype)
    if dtype.kind == "f" and array.size:
        array = array / np.array(draw(st.sampled_from([1, 255])), dtype)
        array.flat[0] = draw(st.sampled_from([0.0, np.nan, np.inf, -np.inf]))
    if not array.size:
        return array
    return draw(st.sampled_from([array, *layouts(array)]))


def values() -> st.SearchStrategy:
    """Draw anything: what has a name here, and numbers, text and lists of any kind."""
    plain = st.one_of(
        st.integers(),
        st.integers(-5, 300),
        st.floats(),
        st.text(max_size=20),
        st.binary(max_size=20),
        st.booleans(),
        st.none(),
    )
    nested = st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=12,
    )
    boxes = st.lists(st.tuples(*[st.integers(-40, 400)] * 4), max_size=6)
    known = st.sampled_from(sorted(EVERYTHING.keys() - LARGE)).map(lambda name: EVERYTHING[name]())
    return st.one_of(known, nested, boxes, arrays())


def outcome(function: Callable, /, *args: Any, **settings: Any) -> Any:
    """Call a function; return its answer, or one of our errors with a sentence.

    Raises
    ------
    AssertionError
        Something else was raised, or an error of ours without words.
    """
    try:
        return function(*args, **settings)
    except OURS as error:
        text = str(error)
        assert len(text) <= LONGEST, f"{len(text)} characters: {text[:200]}"
        assert text.endswith(".") and " " in text, f"No sentence: {text!r}"
        assert text.isprintable(), f"Control characters: {text!r}"
        return error
    except Exception as error:
        raise AssertionError(f"{type(error).__name__}: {str(error)[:300]}") from error


def faults(function: Callable, valid: dict[str, Any], *, large: bool) -> list[str]:
    """Give each hostile value to each parameter, the others being valid; list what goes wrong.

    Parameters
    ----------
    function : callable
        Called with keyword arguments.
    valid : dict of str to object
        A value that is right for each parameter that is tried.
    large : bool
        Try also what takes long because it is large.
    """
    found = []
    for parameter in valid:
        for name, make in EVERYTHING.items():
            if name in LARGE and not large:
                continue
            try:
                outcome(function, **{**valid, parameter: make()})
            except AssertionError as error:
                found.append(f"{parameter} = {name}: {error}")
    return found
