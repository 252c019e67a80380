"""The command `image-diff evaluate`: a folder of pairs in, scores out."""

import argparse
import json

from helpers.app import options as shared
from helpers.app import terminal
from helpers.errors import brief, printable
from helpers.methods import DEFAULT, METHODS
from helpers.scoring.pairs import load_pairs
from helpers.scoring.scores import Evaluation, PairResult, Scores, evaluate
from helpers.scoring.sheet import WORST, check_target, save_contact_sheet


def parser() -> shared.Parser:
    """Make the parser of the command's options."""
    parser = shared.Parser(
        prog="image-diff evaluate",
        description="Score a folder of pairs whose true differences stand in its pairs.json.",
        epilog="Exit status: 0 when the folder was scored, 2 for trouble.",
    )
    parser.add_argument("folder", type=shared.path, metavar="FOLDER", help="the folder of pairs")
    parser.add_argument(
        "--method", choices=METHODS, default=DEFAULT, help=f"how to compare (default: {DEFAULT})"
    )
    shared.add_settings(parser)
    parser.add_argument(
        "--iou",
        type=iou,
        default=0.5,
        metavar="NUMBER",
        help="least overlap, as intersection over union, of a box that is right (default: 0.5)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument(
        "--sheet",
        type=shared.path,
        metavar="FILE.png",
        help=f"draw the {WORST} worst pairs with true and found boxes",
    )
    return parser


def iou(text: str) -> float:
    """Read the least overlap of a match."""
    try:
        number = float(text) if text.isascii() else 0
    except ValueError:
        number = 0
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"{brief(text)} is no IoU; give a number above 0, up to 1")
    return number


def run(options: argparse.Namespace) -> int:
    """Score the folder and print what came out; returns the exit status."""
    if options.sheet:
        # before the pairs are compared, which may take minutes
        check_target(options.sheet, load_pairs(options.folder))
    evaluation = evaluate(
        options.folder, method=options.method, iou=options.iou, **shared.settings(options)
    )
    if options.sheet:
        save_contact_sheet(evaluation, options.sheet)
    terminal.show([json.dumps(evaluation.to_dict())] if options.json else report(evaluation))
    return terminal.SAME


def report(evaluation: Evaluation) -> list[str]:
    """Write the scores as lines of a short table, then the worst pairs."""
    truth = sum(len(result.pair.boxes) for result in evaluation.results)
    alarms, unchanged = len(evaluation.false_alarms), len(evaluation.unchanged)
    share = f" ({alarms / unchanged:.1%})" if unchanged else ""
    ratio = evaluation.boxes_per_difference
    lines = [
        f"{len(evaluation.results)} pairs, {truth} differences, method {evaluation.method}",
        "",
        f"{'':16}precision  recall     F1",
        _score_line(f"at IoU {evaluation.iou:g}", evaluation.scores),
        _score_line("by place", evaluation.scores_by_place),
        "",
        f"boxes a difference: {'none touched' if ratio is None else f'{ratio:.2f}'}",
        f"unchanged pairs with a box: {alarms} of {unchanged}{share}",
        f"stray boxes on changed pairs: {evaluation.stray}",
    ]
    worst = evaluation.worst
    if not worst:
        return [*lines, "", "No pair has a mistake."]
    width = max(len("worst pairs"), *(len(_label(result)) for result in worst[:WORST]))
    lines += ["", f"{'worst pairs':{width}}  true  found  missed  wrong     F1"]
    lines += [_pair_line(result, width) for result in worst[:WORST]]
    if len(worst) > WORST:
        lines.append(f"and {len(worst) - WORST} more; --json lists all")
    return lines


def _score_line(name: str, scores: Scores) -> str:
    return f"{name:16}{scores.precision:9.3f}  {scores.recall:6.3f}  {scores.f1:5.3f}"


def _pair_line(result: PairResult, width: int) -> str:
    truth, found = len(result.pair.boxes), len(result.found)
    return (
        f"{_label(result):{width}}  {truth:4}  {found:5}  {result.missed:6}  {result.wrong:5}"
        f"  {result.scores.f1:5.3f}"
    )


def _label(result: PairResult) -> str:
    label = printable(f"{result.pair.name} {result.pair.title}".strip())
    return label if len(label) <= 40 else label[:39] + "…"
