"""Fit the weights by which `helpers.words` tells kinds of changes, on sets of odd seeds.

    python benchmarks/tune_words.py --seeds 1 3 5 7

Writes helpers/words.json: a multinomial logistic regression on what `helpers.looks` measures. One
set of weights serves "added" and "removed", which swap with the pictures; to the others the order
of the pictures does not count. Where several words are right for a change, any of them will do.
Prints how often the best kind was right on each seed when fitted to the others.
"""

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from words import SET, matches, right_kinds

import helpers
from helpers import compare, words
from helpers.challenge.make_pairs import make_set
from helpers.looks import Window, measure
from helpers.words import LEARNED

DAMPING = 1.0  # of the squared weights of standardized measures
TARGET = Path(helpers.__file__).with_name("words.json")


class Example(NamedTuple):
    """A change found, what it looks like, and which words are right."""

    looks: dict[str, tuple[float, ...]]
    right: set[str]


class Table(NamedTuple):
    """Examples as arrays.

    Attributes
    ----------
    inputs : ndarray of float64, shape (n, 3, m)
        What "added", "removed" and the others are told from.
    right : ndarray of bool, shape (n, kinds)
    """

    inputs: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 3, 5, 7])
    parser.add_argument("--pairs", type=int, default=200, metavar="N", help="of each seed")
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        counts = [options.pairs] * len(options.seeds)
        found = list(pool.map(examples, options.seeds, counts))
    names = {name: len(values) for name, values in found[0][0].looks.items()}
    tables = [tabulate(each, names) for each in found]
    for place, (seed, held) in enumerate(zip(options.seeds, tables, strict=True)):
        others = [table for other, table in enumerate(tables) if other != place]
        if others:
            likely = weigh(fit(join(others)), held.inputs)
            best = held.right[np.arange(len(likely)), likely.argmax(axis=1)]
            print(f"seed {seed}: {best.mean():.3f} of {len(best)} right, fitted to the others")
    weights = fit(join(tables))
    TARGET.write_text(as_json(weights, names), encoding="utf-8")


def examples(seed: int, pairs: int) -> list[Example]:
    """Measure the changes found in a set."""
    found = []
    for entry, first, second in make_set(SET, seed, pairs):
        comparison = compare(first, second)
        boxes = comparison.boxes
        moves = words.measure_moves(comparison, range(min(len(boxes), words.MOST_PAIRED)))
        for index, change in matches(boxes, entry):
            moved = max((share for pair, share in moves.items() if index in pair), default=0.0)
            looks = measure(Window(comparison, boxes[index]), moved)
            found.append(Example(looks, right_kinds(change["kind"], entry["base"])))
    return found


def tabulate(found: list[Example], names: dict[str, int]) -> Table:
    """Arrange examples as arrays."""
    return Table(
        np.array([list(_arranged(example.looks, names)) for example in found]),
        np.array([[kind in example.right for kind in LEARNED] for example in found]),
    )


def _arranged(looks: dict[str, tuple[float, ...]], names: dict[str, int]) -> Iterator[list[float]]:
    single = [1.0, *(looks[name][0] for name in names if names[name] == 1)]
    pairs = [looks[name] for name in names if names[name] == 2]
    for order in (tuple, lambda pair: pair[::-1], lambda pair: (max(pair), min(pair))):
        ordered = [order(pair) for pair in pairs]
        yield [*single, *(pair[0] for pair in ordered), *(pair[1] for pair in ordered)]


def join(tables: list[Table]) -> Table:
    """Put tables one under the other."""
    return Table(*(np.concatenate(parts) for parts in zip(*tables, strict=True)))


def scores_of(weights: NDArray, inputs: NDArray) -> NDArray:
    """Compute the score of each kind; `weights` are those of "added" and of the later kinds."""
    ends = [inputs[:, way] @ weights[0] for way in (0, 1)]
    return np.column_stack([*ends, inputs[:, 2] @ weights[1:].T])


def weigh(weights: NDArray, inputs: NDArray) -> NDArray:
    """Compute how likely each kind is."""
    scores = scores_of(weights, inputs)
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def fit(table: Table) -> NDArray[np.float64]:
    """Fit the weights, shape (kinds - 1, measures): most likely is that any right word is told."""
    scale = np.maximum(table.inputs[:, 2].std(axis=0), 1e-3)
    scale[0] = 1.0
    inputs = table.inputs / scale
    shape = (len(LEARNED) - 1, inputs.shape[2])

    def loss(flat: NDArray) -> tuple[float, NDArray]:
        weights = flat.reshape(shape)
        likely = weigh(weights, inputs)
        right = (likely * table.right).sum(axis=1, keepdims=True)
        damped = weights[:, 1:]
        value = -np.log(right + 1e-12).sum() + DAMPING / 2 * np.square(damped).sum()
        slope = likely - likely * table.right / (right + 1e-12)
        change = np.concatenate(
            [
                (inputs[:, 0].T @ slope[:, 0] + inputs[:, 1].T @ slope[:, 1])[None],
                slope[:, 2:].T @ inputs[:, 2],
            ]
        )
        change[:, 1:] += DAMPING * damped
        return float(value), change.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B",
                     options={"maxiter": 3000, "maxfun": 5000})  # fmt: skip
    return found.x.reshape(shape) / scale


def as_json(weights: NDArray, names: dict[str, int]) -> str:
    """Write the weights, a column for each kind: for pairs one row for each of the two values."""
    columns = np.concatenate([weights[:1], weights]).T.round(4)  # "removed" has those of "added"
    single = ["", *(name for name in names if names[name] == 1)]
    pairs = [name for name in names if names[name] == 2]
    rows = {name: [columns[place].tolist()] for place, name in enumerate(single)}
    for place, name in enumerate(pairs, start=len(single)):
        rows[name] = [columns[place].tolist(), columns[place + len(pairs)].tolist()]
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    return f"{{\n{lines}\n}}\n"


if __name__ == "__main__":
    main()
