"""Answers that are not what they say: a class that claims to be an array, or to equal anything."""

import math
from dataclasses import fields, is_dataclass
from itertools import chain, islice
from typing import Any

import numpy as np

from helpers.loading import is_array

SCALARS = {bool, int, float, complex, str, bytes, type(None), *np.sctypeDict.values()}
PLAIN = {*SCALARS, np.ndarray}
CONTAINERS = list, tuple, set, frozenset, dict
DEEPEST, MOST_PARTS = 50, 4_000_000  # containers in containers; what is looked at
OTHER = object()  # equal to itself only


def find_lie(answer: Any) -> str:
    """Say how an answer, or what is in it, claims to be another one; "" when it does not.

    Lists, tuples, sets, dicts and results of the course are looked into.
    """
    level = [answer]
    for _ in range(DEEPEST):
        level = [each for each in level if type(each) not in PLAIN]
        for each in level:
            if type(each) not in CONTAINERS and (lie := _claim(each)):
                return lie
        level = _parts(level)
        if not level:
            return ""
        if len(level) == MOST_PARTS:
            break
    return "It holds too much, or is nested too deep."


def _claim(answer: Any) -> str:
    """Say what the class of an answer claims that is not so."""
    kind = type(answer)
    if answer.__class__ is not kind:
        return f"It is of the type {kind.__name__} and claims to be of another one."
    if is_array(answer):
        return f"It holds an array of the type {kind.__name__}. Give plain ones: np.asarray(...)."
    try:
        equals_anything = bool(answer == OTHER) or not bool(answer != OTHER)
    except Exception:  # neither true nor false, as for a table; what is wrong with it shows later
        return ""
    return f"It is of the type {kind.__name__}, which equals anything." if equals_anything else ""


def parts_of(answer: Any) -> list:
    """List what a container or a dataclass holds, read by Python's own classes."""
    kind = type(answer)
    if issubclass(kind, dict):
        return [*dict.keys(answer), *dict.values(answer)]
    for container in CONTAINERS:
        if issubclass(kind, container):
            return list(container.__iter__(answer))
    if is_dataclass(kind):
        return [object.__getattribute__(answer, field.name) for field in fields(kind)]
    return []


def count_values(answer: Any) -> float:
    """Count the values in arrays, ranges and lists of such; infinity where there is no end."""
    level, total = [answer], 0
    for _ in range(DEEPEST):
        kinds = set(map(type, level))
        if kinds <= SCALARS:
            return total + len(level)
        if kinds <= {list, tuple}:  # mostly; what follows finds the same, more slowly
            lists = level
        else:
            lists = [each for each in level if issubclass(type(each), (list, tuple))]
            sized = [each for each in level if type(each) is range or is_array(each)]
            total += len(level) - len(lists) - len(sized) + sum(map(_size, sized))
        level = _parts(lists)
        if len(level) == MOST_PARTS:
            break
    return math.inf


def _parts(containers: list) -> list:
    """List what is one level deeper, up to MOST_PARTS."""
    plain = {list, tuple}.issuperset(map(type, containers))
    parts = containers if plain else map(parts_of, containers)
    return list(islice(chain.from_iterable(parts), MOST_PARTS))


def _size(values: range | np.ndarray) -> int:
    if is_array(values):
        return np.asarray(values).size
    return max(-((values.start - values.stop) // values.step), 0)  # len() ends at 2**63
