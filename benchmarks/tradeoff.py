"""What `ignore_below` costs and gains: `python benchmarks/tradeoff.py CHANGED UNCHANGED`.

CHANGED and UNCHANGED are folders of pairs, as make_pairs.py writes them. A smaller `ignore_below`
finds fainter changes and alarms more often on pairs in which nothing changed.
"""

import argparse
from pathlib import Path

from helpers import evaluate

LEVELS = 4, 6, 8, 10, 12, 16


def main() -> None:
    """Print the curve as a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("changed", type=Path)
    parser.add_argument("unchanged", type=Path)
    options = parser.parse_args()
    print("| ignore_below | F1 at IoU 0.5 | precision | recall | touched | unchanged with a box |")
    print("| --- | --- | --- | --- | --- | --- |")
    for level in LEVELS:
        found = evaluate(options.changed, ignore_below=level)
        alarms = evaluate(options.unchanged, ignore_below=level)
        touched = sum(result.touched for result in found.results)
        truth = sum(len(result.pair.boxes) for result in found.results)
        precision, recall, f1 = found.scores
        print(
            f"| {level} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {touched / truth:.3f} "
            f"| {len(alarms.false_alarms)} of {len(alarms.unchanged)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
