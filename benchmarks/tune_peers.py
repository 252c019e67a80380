"""Choose threshold, closing and smallest box of each peer, as fairly as `robust` was tuned.

    python -m helpers.challenge.make_pairs tampered --seed 1 --out tuning
    python benchmarks/tune_peers.py tuning --npm FOLDER --masks MASKS

Tries every combination on the pairs of a tuning seed and keeps the one of the highest F1 at IoU
0.5 in `tuned_peers.json`. Of equal ones the first counts. Peers that are not installed keep what
was chosen for them before, and are named.
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from peers import CHOICES, PEERS, Choice, Peer, add_tools, boxes_of, find_peers, tuned_choices

from helpers import match_boxes, overlap
from helpers.loading import load_pair
from helpers.scoring.pairs import Pair, load_pairs

IOU = 0.5
CLOSINGS = 1, 5, 9, 15, 25, 39, 55, 75, 105  # pixels
LEAST = 0, 25, 50, 100, 200, 400, 800, 1600  # pixels of a box


class Tuned(NamedTuple):
    """The best choice, its F1, and which of its values are at the end of what was tried."""

    choice: Choice
    f1: float
    at_end: list[str]


def main() -> None:
    """Tune the peers that are installed, and write what was chosen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the tuning set")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS, metavar="NAME")
    add_tools(parser)
    options = parser.parse_args()
    pairs, installed = load_pairs(options.folder), find_peers(options.npm, options.masks)
    chosen = tuned_choices()
    for name in options.peers:
        if name not in installed:
            print(f"{name} is not installed and was skipped.")
            continue
        tuned = tune(installed[name], pairs)
        chosen[name] = tuned.choice
        ends = f"; at the end of the grid: {', '.join(tuned.at_end)}" if tuned.at_end else ""
        print(f"{name}: F1 {tuned.f1:.3f}, {tuned.choice}{ends}", flush=True)
        write({name: chosen[name] for name in PEERS if name in chosen})


def write(chosen: dict[str, Choice]) -> None:
    """Write a line for each peer."""
    lines = (f'  "{name}": {json.dumps(choice._asdict())}' for name, choice in chosen.items())
    CHOICES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def tune(peer: Peer, pairs: list[Pair]) -> Tuned:
    """Try every combination on all pairs."""
    grid = peer.thresholds, CLOSINGS, LEAST
    counts = sum(_counts(peer, pair) for pair in pairs)
    truth = sum(len(pair.boxes) for pair in pairs)
    f1 = 2 * counts[..., 0] / (counts[..., 1] + truth)
    best = np.unravel_index(f1.argmax(), f1.shape)
    choice = Choice(*(values[place] for values, place in zip(grid, best, strict=True)))
    at_end = [
        name
        for name, values, place in zip(Choice._fields, grid, best, strict=True)
        if place == len(values) - 1 or (place == 0 and name == "threshold")
    ]
    return Tuned(choice, float(f1.max()), at_end)


def _counts(peer: Peer, pair: Pair) -> NDArray[np.int64]:
    """Count boxes that match and boxes found, for each threshold, closing and smallest box."""
    first, second = load_pair(pair.first, pair.second)
    counts = []
    for threshold in peer.thresholds:
        mask = peer.mark(first, second, threshold)
        for closing in CLOSINGS:
            found = np.array(boxes_of(mask, Choice(threshold, closing)), int).reshape(-1, 4)
            counts.append(_by_least(found, pair))
    return np.reshape(counts, (len(peer.thresholds), len(CLOSINGS), len(LEAST), 2))


def _by_least(found: NDArray[np.int64], pair: Pair) -> list[tuple[int, int]]:
    area = found[:, 2] * found[:, 3]
    near = np.zeros(len(found), bool)
    if pair.boxes and len(found):  # all else cannot match; so a hundred thousand specks are quick
        near = overlap(found, pair.boxes).max(axis=1) >= IOU
    counts = []
    for least in LEAST:
        enough = area >= least
        matches = match_boxes(found[near & enough], pair.boxes, iou=IOU)
        counts.append((len(matches), int(enough.sum())))
    return counts


if __name__ == "__main__":
    main()
