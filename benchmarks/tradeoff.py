"""What `ignore_below` costs and gains, on a tuning seed: `python benchmarks/tradeoff.py`.

A smaller value finds fainter changes and alarms more often where nothing changed. Prints a table in
Markdown; each figure with its interval of 95 %.
"""

import argparse
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
from ablation import count_figure, heading, interval
from accuracy import markdown
from sets import add_sets, made

from helpers import evaluate
from helpers.challenge.make_pairs import TUNING_SEED

LEVELS = 1, 2, 3, 4, 6, 8, 12, 16, 24
SETS = "tampered", "wide", "small", "unchanged"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_sets(parser, SETS)
    parser.set_defaults(seed=TUNING_SEED)
    options = parser.parse_args(arguments)
    columns = [LEVELS]
    with get_context("spawn").Pool(options.processes, partial(cv2.setNumThreads, 1)) as pool:
        for name in options.sets:
            with made(name, options.seed, options.pairs) as folder:
                tasks = [(folder, name, level) for level in LEVELS]
                counts = pool.starmap(count_at, tasks, chunksize=1)
            columns.append([interval(count, name) for count in counts])
    headings = "ignore_below", *map(heading, options.sets)
    print(markdown(headings, zip(*columns, strict=True)), end="")


def count_at(folder: Path, name: str, level: int) -> list[tuple[int, int]]:
    """Count what a set's figure is made of in each pair, with one value of the setting."""
    return count_figure(evaluate(folder, ignore_below=level), folder, name)


if __name__ == "__main__":
    main()
