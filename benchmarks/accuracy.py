"""Score the methods of the kit, and the tools that people use today, on sets of pairs.

    python benchmarks/accuracy.py images --npm FOLDER

Prints a table in Markdown for each set. FOLDER is where ``npm install pixelmatch odiff-bin`` was
run; ImageMagick is found on the PATH. What is not installed is skipped and named.
"""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from peers import PEERS, find_peers

from helpers import evaluate
from helpers.app import options as shared
from helpers.app.evaluate import iou
from helpers.methods import METHODS
from helpers.scoring.scores import Evaluation

HEADINGS = (
    "method",
    "F1 at IoU {iou:g}",
    "precision",
    "recall",
    "F1 by place",
    "boxes a difference",
    "unchanged pairs with a box",
)


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    options = _parser().parse_args(arguments)
    peers = find_peers(options.npm)
    missing = [name for name in PEERS if name in options.methods and name not in peers]
    for folder in options.folders:
        print(f"## {folder.resolve().name}\n")
        evaluations = [
            evaluate(folder, method=name, iou=options.iou, **shared.settings(options))
            for name in options.methods
            if name in METHODS
        ]
        for name, peer in peers.items():
            for find in (peer.raw, peer.closed) if name in options.methods else ():
                evaluation = evaluate(folder, method=find, iou=options.iou)
                evaluations.append(replace(evaluation, method=f"{name}, {find.__name__}"))
        print(_table(evaluations, options.iou))
        if by_nuisance := _nuisances(evaluations):
            print(by_nuisance)
    for name in missing:
        print(f"{name} is not installed and was skipped.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = [*METHODS, *PEERS]
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a set of pairs")
    parser.add_argument(
        "--methods",
        nargs="+",
        choices=names,
        default=names,
        metavar="NAME",
        help=f"some of: {', '.join(names)} (default: all)",
    )
    parser.add_argument(
        "--npm",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="where `npm install pixelmatch odiff-bin` was run (default: here)",
    )
    parser.add_argument(
        "--iou", type=iou, default=0.5, metavar="NUMBER", help="least overlap of a right box"
    )
    shared.add_settings(parser)
    return parser


def _table(evaluations: list[Evaluation], iou: float) -> str:
    headings = [heading.format(iou=iou) for heading in HEADINGS]
    return _markdown(headings, map(_figures, evaluations))


def _figures(evaluation: Evaluation) -> list[str]:
    precision, recall, f1 = evaluation.scores
    ratio = evaluation.boxes_per_difference
    alarms, unchanged = len(evaluation.false_alarms), len(evaluation.unchanged)
    return [
        evaluation.method,
        *(f"{score:.3f}" for score in (f1, precision, recall, evaluation.scores_by_place.f1)),
        "none touched" if ratio is None else f"{ratio:.2f}",
        f"{alarms} of {unchanged} ({alarms / unchanged:.1%})" if unchanged else "no such pairs",
    ]


def _nuisances(evaluations: list[Evaluation]) -> str:
    """F1 at the IoU for each nuisance that the set names, by method of the kit."""
    kit = [evaluation for evaluation in evaluations if evaluation.method in METHODS]
    names = sorted({r.pair.nuisance for evaluation in kit for r in evaluation.results} - {""})
    if not names:
        return ""
    rows = (
        [name, *(f"{_only(evaluation, name).scores.f1:.3f}" for evaluation in kit)]
        for name in names
    )
    return _markdown(["F1 by nuisance", *(evaluation.method for evaluation in kit)], rows)


def _only(evaluation: Evaluation, nuisance: str) -> Evaluation:
    kept = [result for result in evaluation.results if result.pair.nuisance == nuisance]
    return replace(evaluation, results=kept)


def _markdown(headings: list[str], rows: Iterable[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
