"""Answers that are not what they say: a class that claims to be an array, or to equal anything."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from helpers.loading import is_array

SCALARS = {bool, int, float, complex, str, bytes, type(None), *np.sctypeDict.values()}
PLAIN = {*SCALARS, np.ndarray}
CONTAINERS = list, tuple, set, frozenset, dict
DEEPEST = 50  # containers in containers
OTHER = object()  # equal to itself only


def find_lie(answer: Any, depth: int = 0) -> str:
    """Say how an answer, or what is in it, claims to be another one; "" when it does not.

    Lists, tuples, sets, dicts and results of the course are looked into.
    """
    kind = type(answer)
    if kind in PLAIN:
        return ""
    if depth > DEEPEST:
        return "It is nested too deep, or holds itself."
    parts = parts_of(answer)
    if not PLAIN.issuperset(map(type, parts)):
        for part in parts:
            if lie := find_lie(part, depth + 1):
                return lie
    return "" if kind in CONTAINERS else _claim(answer)


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


def count_values(answer: Any, most: int, depth: int = 0) -> int:
    """Count the values in arrays, ranges and lists of such, no further than `most`."""
    if is_array(answer):
        return np.asarray(answer).size
    if type(answer) is range:
        return max(-((answer.start - answer.stop) // answer.step), 0)  # len() ends at 2**63
    if not issubclass(type(answer), (list, tuple)):
        return 1
    if depth > DEEPEST:  # it may hold itself
        return most + 1
    total, parts = 0, parts_of(answer)
    if SCALARS.issuperset(map(type, parts)):
        return len(parts)
    for part in parts:
        total += count_values(part, most, depth + 1)
        if total > most:
            break
    return total
