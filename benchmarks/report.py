"""All tables of accuracy for `README.md` in one go.

    python benchmarks/report.py --npm FOLDER --masks MASKS > tables.md

Makes each set of a reporting seed, scores the ladder on some and `robust` on all, and takes the
set away again. On two idle cores that takes some fifteen minutes, and less with masks of an earlier
run.
"""

import argparse
from functools import partial
from multiprocessing import get_context

import cv2
from accuracy import LADDER, rungs, score, skipped, tables
from peers import add_tools
from sets import NAMES, add_sets, made

HEAD = """# Accuracy

Written by `python benchmarks/report.py`. What these tables show, and what not, is in
[README.md](README.md).
"""
WITH_LADDER = "images", "tampered", "wide", "small", "optics"  # the others: `robust` alone


def main(arguments: list[str] | None = None) -> None:
    """Print the tables, each when its set is scored."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_sets(parser, NAMES)
    parser.add_argument("--methods", nargs="+", choices=LADDER, default=LADDER, metavar="NAME")
    add_tools(parser)
    options = parser.parse_args(arguments)
    options.iou, asked = 0.5, options.methods
    print(HEAD)
    with get_context("spawn").Pool(options.processes, partial(cv2.setNumThreads, 1)) as pool:
        for name in options.sets:
            options.methods = [m for m in asked if name in WITH_LADDER or m == "robust"]
            if not options.methods:
                continue
            with made(name, options.seed, options.pairs) as folder:
                labels = list(rungs(options))
                tasks = [(folder, label, options) for label in labels]
                scores = dict(zip(labels, pool.starmap(score, tasks, chunksize=1), strict=True))
                print(tables(folder, scores), flush=True)
    options.methods = asked
    print(skipped(options), end="")


if __name__ == "__main__":
    main()
