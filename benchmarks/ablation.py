"""What each part of `robust` earns: every part is switched off in its turn.

    python benchmarks/ablation.py

Prints a table in Markdown: how much each figure changes without a part, on the same pairs. What is
negative in F1 or in changes found, and positive in unchanged pairs with a box, was earned. Where 0
lies in every interval, the part can go. On two idle cores it takes some fifteen minutes.
"""

import argparse
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import cv2
import numpy as np
from accuracy import all_changes, found_changes, markdown, read_entries
from intervals import Interval, bootstrap, ratio, wilson
from numpy.typing import NDArray
from sets import add_sets, made

from helpers import evaluate, kinds, noise, robust, wide
from helpers.alignment import Search
from helpers.loading import Image
from helpers.scoring.scores import Evaluation

SETS = (
    "tampered", "compound", "rotated", "glance", "shifted", "wide", "small", "unchanged", "optics"
)  # fmt: skip


class Part(NamedTuple):
    """A part of `robust`: what is put in place of an attribute to switch it off."""

    name: str
    holder: ModuleType | type
    attribute: str
    replacement: Any


def _no_edges(edges: NDArray, allowed: noise.Tolerance, part: float) -> NDArray:
    return np.full(edges.shape, allowed.gray, np.float32)


def _nothing(compared: noise.Noise | wide.Windows, *_: Any, **__: Any) -> Image:
    shape = compared._shape if isinstance(compared, wide.Windows) else compared.first.shape[:2]
    return np.zeros(shape, np.uint8)


PARTS = (
    Part("alignment", robust, "search", lambda *_, **__: Search()),
    Part("tone", robust, "find_tone", lambda *_, **__: None),
    Part("recompression", robust, "find_recompression", lambda *_, **__: None),
    Part("line art", robust, "two_levels", lambda *_: 0),
    Part("exact pairs", kinds.Evidence, "is_exact", False),
    Part("softness match", noise, "_match_softness", lambda *_, **__: (0, 0)),
    Part("edge tolerance", noise, "_allowance", _no_edges),
    Part("outskirts cut off", robust, "EXTENTS", ((1, 1, 1),)),
    Part("colour that bleeds", robust, "_leave_out_bleeding", lambda *_: None),
    Part("wide changes", wide.Windows, "find_wide", _nothing),
    Part("ink", wide.Windows, "find_ink", _nothing),
    Part("flipped pixels", noise.Noise, "flipped", _nothing),
)


# Figures: each counts parts and wholes of its ratio in each pair


def _f1(evaluation: Evaluation, _: list[dict]) -> list[tuple[int, int]]:
    return [(2 * r.matched, len(r.found) + len(r.pair.boxes)) for r in evaluation.results]


def _found(evaluation: Evaluation, entries: list[dict]) -> list[tuple[int, int]]:
    each = zip(evaluation.results, entries, strict=True)
    alone = [(replace(evaluation, results=[result]), [entry]) for result, entry in each]
    return [all_changes(found_changes(*one)) for one in alone]


def _alarms(evaluation: Evaluation, _: list[dict]) -> list[tuple[int, int]]:
    return [(bool(result.found), 1) for result in evaluation.unchanged]


F1, FOUND, ALARMS = ("F1", _f1), ("changes found", _found), ("unchanged with a box", _alarms)
FIGURES = {"wide": FOUND, "small": FOUND, "unchanged": ALARMS, "optics": ALARMS}  # others: F1


def heading(name: str) -> str:
    """Name a set and its figure."""
    return f"{name}: {FIGURES.get(name, F1)[0]}"


def count_figure(evaluation: Evaluation, folder: Path, name: str) -> list[tuple[int, int]]:
    """Count what a set's figure is the ratio of, in each pair."""
    return FIGURES.get(name, F1)[1](evaluation, read_entries(folder))


def interval(counts: list[tuple[int, int]], name: str) -> Interval:
    """Compute a set's figure: a share of pairs or changes by Wilson, F1 by the bootstrap."""
    return wilson(*np.sum(counts, axis=0)) if name in FIGURES else bootstrap(counts, ratio)


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_sets(parser, SETS)
    options = parser.parse_args(arguments)
    columns = []
    with get_context("spawn").Pool(options.processes, partial(cv2.setNumThreads, 1)) as pool:
        for name in options.sets:
            with made(name, options.seed, options.pairs) as folder:
                tasks = [(folder, name, number) for number in (None, *range(len(PARTS)))]
                whole, *without = pool.starmap(count_without, tasks, chunksize=1)
            columns.append([interval(whole, name), *(change(whole, part) for part in without)])
    names = "all parts", *(f"without {part.name}" for part in PARTS)
    headings = "", *map(heading, options.sets)
    print(markdown(headings, zip(names, *columns, strict=True)), end="")


def count_without(folder: Path, name: str, number: int | None) -> list[tuple[int, int]]:
    """Count what a set's figure is made of in each pair, with one of the parts switched off."""
    off = nullcontext()
    if number is not None:
        _, holder, attribute, replacement = PARTS[number]
        off = mock.patch.object(holder, attribute, replacement)
    with off:
        evaluation = evaluate(folder)
    return count_figure(evaluation, folder, name)


def change(whole: list[tuple[int, int]], without: list[tuple[int, int]]) -> Interval:
    """Compute by how much a figure changes on the same pairs, with its interval."""

    def difference(*sums: NDArray) -> NDArray:
        return ratio(*sums[2:]) - ratio(*sums[:2])

    return bootstrap(np.hstack([whole, without]), difference)


if __name__ == "__main__":
    main()
