"""How long the cells of a notebook took, and how long its first cell says they take."""

import re
from functools import cache
from pathlib import Path

from notebooks import read

SAYS = re.compile(
    r"\*\d+ minutes to read, \d+ for the exercises\.\*\s+"
    r"\*Its cells run in about (\d+) seconds on two cores\.\*"
)


@cache
def said_seconds(path: Path) -> int | None:
    """The seconds that the first cell names; None when it names none."""
    found = SAYS.search(read(path).cells[0].source)
    return int(found[1]) if found else None


def times(name: str, durations: list[float], said: int) -> str:
    return f"{name}: its cells took {sum(durations):.0f} s; its first cell says about {said} s."


def too_slow(name: str, durations: list[float], said: int | None) -> str:
    """One sentence when the cells took more than twice as long together, else ""."""
    if said is None or sum(durations) <= 2 * said:
        return ""
    return f"{times(name, durations, said)} Say more there, or find out what takes so long."
