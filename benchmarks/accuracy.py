"""Score `robust`, and what people use in its place, on sets of pairs: a ladder from the bottom up.

    python benchmarks/accuracy.py images --npm FOLDER --masks MASKS

Prints tables in Markdown for each set, with intervals of 95 %. FOLDER is where ``npm install
pixelmatch odiff-bin`` was run; ImageMagick is found on the PATH, ``blazediff`` and
``blazediff-ssim`` among the packages of Python. What is not installed is skipped and named.

The boxes of a large change may be drawn in many ways, so for the sets `wide` and `small` read how
many differences were touched by a box.

Besides pair sets it takes what others made: a checkout of DeepPCB (`deep_pcb.py`), and folders of
other tools' fixtures (`fixtures.py`), which only `robust` is tried on: the tools drew them.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

import deep_pcb
import fixtures
import numpy as np
from intervals import NOTHING, Interval, bootstrap, ratio, share, wilson
from numpy.typing import NDArray
from peers import PEERS, Find, add_tools, find_peers, tuned_choices
from solutions import SOLUTIONS, solution

from helpers import Box, compare, evaluate, overlap
from helpers.app import options as shared
from helpers.app.evaluate import iou
from helpers.errors import PictureError
from helpers.fitting import MisfitError
from helpers.loading import Image
from helpers.scoring.pairs import load_pairs
from helpers.scoring.scores import Evaluation, PairResult, boxes_in_first

ALL, FAINT = "all", "fainter than has to be found"
STORED = "lossless", "JPEG"
LADDER = ("difference", *SOLUTIONS, *PEERS[1:], "robust")
HEADINGS = (
    "method",
    "F1 at IoU {iou:g}",
    "precision",
    "recall",
    "F1 by place",
    "changes found",
    "boxes a difference",
    "unchanged pairs with a box",
)


@dataclass
class Robust:
    """The method `robust`, which keeps its verdict about each pair.

    Attributes
    ----------
    settings : dict
    verdicts : list of str
    """

    settings: dict
    verdicts: list[str] = field(default_factory=list)

    def __call__(self, first: Image, second: Image) -> list[Box]:
        """Compare two pictures."""
        try:
            comparison = compare(first, second, **self.settings)
        except MisfitError:
            self.verdicts.append("refused")
            return []
        self.verdicts.append(comparison.verdict)
        return boxes_in_first(comparison)


class Score(NamedTuple):
    """What a method found in a set, and its verdicts where it has any."""

    evaluation: Evaluation
    verdicts: list[str]


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "folders",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="a set of pairs, a checkout of DeepPCB, or a folder of another tool's fixtures",
    )
    parser.add_argument(
        "--methods",
        nargs="+",
        choices=LADDER,
        default=LADDER,
        metavar="NAME",
        help=f"some of: {', '.join(LADDER)} (default: all)",
    )
    parser.add_argument(
        "--iou", type=iou, default=0.5, metavar="NUMBER", help="least overlap of a right box"
    )
    add_tools(parser)
    shared.add_settings(parser)
    options = parser.parse_args(arguments)
    try:
        with TemporaryDirectory() as scratch:
            opened = [open_folder(folder, scratch) for folder in options.folders]
            for folder, pairs in zip(options.folders, opened, strict=True):
                print(report(folder, pairs, options), flush=True)
    except (FileNotFoundError, PermissionError, PictureError) as error:
        parser.error(str(error))
    print(skipped(options), end="")


def open_folder(folder: Path, scratch: str) -> Path | list[fixtures.Fixture]:
    """Read what a folder lists, before anything is compared.

    Parameters
    ----------
    folder : Path
    scratch : str
        A folder for what is written.

    Returns
    -------
    Path or list of Fixture
        A folder with a `pairs.json`, or fixtures.

    Raises
    ------
    PictureError
        It is none of the three that are known, or something in it is damaged or missing.
    """
    if (folder / "pairs.json").exists():
        load_pairs(folder)
        return folder
    if deep_pcb.is_checkout(folder):
        written = Path(mkdtemp(dir=scratch), folder.resolve().name)
        written.mkdir()
        deep_pcb.write_pair_set(folder, written)
        return written
    if found := fixtures.find_fixtures(folder):
        return found
    raise PictureError(
        f"{folder} holds nothing to measure on: no pairs.json, no {deep_pcb.LIST} as in a checkout "
        "of DeepPCB, and no two pictures such as 1a.png and 1b.png, orange.png and "
        "orange_changed.png, or tiger.jpg and tiger-2.jpg. Give such a folder."
    )


def report(folder: Path, pairs: Path | list[fixtures.Fixture], options: argparse.Namespace) -> str:
    """Write all that is measured on a folder as `open_folder` has read it."""
    if isinstance(pairs, list):
        settings = shared.settings(options)
        return fixture_tables(folder, [fixtures.try_fixture(pair, settings) for pair in pairs])
    text = tables(pairs, {label: score(pairs, label, options) for label in rungs(options)})
    return text if pairs == folder else f"{text}\n{deep_pcb.NOTE}"


def fixture_tables(folder: Path, outcomes: Sequence[fixtures.Outcome]) -> str:
    """Write what `robust` made of fixtures, all together and each of them."""
    return "\n".join(
        (
            f"## {folder.resolve().name}, {len(outcomes)} fixtures of another tool\n",
            markdown(fixtures.HEADINGS, fixtures.rows(outcomes)),
            markdown(fixtures.PAIR_HEADINGS, fixtures.pair_rows(outcomes)),
        )
    )


def rungs(options: argparse.Namespace) -> dict[str, Find]:
    """Return the methods that were asked for and are installed, from the bottom up."""
    peers, choices, found = find_peers(options.npm, options.masks), tuned_choices(), {}
    for name in LADDER:
        if name not in options.methods:
            continue
        if name in SOLUTIONS:
            found[name] = solution(name)
        elif name == "robust":
            found[name] = Robust(shared.settings(options))
        elif name in peers:
            found[f"{name}, raw"] = peers[name].raw
            found[f"{name}, tuned"] = peers[name].finder(choices[name])
    return found


def skipped(options: argparse.Namespace) -> str:
    """Name the tools that are not installed, a line each."""
    installed = find_peers(options.npm)
    names = [name for name in PEERS if name in options.methods and name not in installed]
    return "".join(f"{name} is not installed and was skipped.\n" for name in names)


def score(folder: Path, label: str, options: argparse.Namespace) -> Score:
    """Score a method of `rungs` on a set."""
    find = rungs(options)[label]
    evaluation = replace(evaluate(folder, method=find, iou=options.iou), method=label)
    return Score(evaluation, find.verdicts if isinstance(find, Robust) else [])


def tables(folder: Path, scores: dict[str, Score]) -> str:
    """Write everything about a set in Markdown: all methods, and more about `robust`."""
    entries = read_entries(folder)
    made = ", in distribution" if "base" in entries[0] else ""
    evaluations = [scored.evaluation for scored in scores.values()]
    headings = [heading.format(iou=evaluations[0].iou) for heading in HEADINGS]
    parts = [
        f"## {folder.resolve().name}, {len(entries)} pairs{made}\n",
        markdown(headings, (_row(evaluation, entries) for evaluation in evaluations)),
    ]
    if "robust" in scores:
        evaluation, verdicts = scores["robust"]
        parts += filter(
            None,
            (
                _by_nuisance(evaluation),
                _by_change(evaluation, entries),
                _alarms_by_nuisance(evaluation),
                _verdicts(evaluation, verdicts),
            ),
        )
    return "\n".join(parts)


def read_entries(folder: Path) -> list[dict]:
    """Read all that `pairs.json` says of each pair, kinds of change too."""
    return json.loads((folder / "pairs.json").read_text(encoding="utf-8"))["pairs"]


def _row(evaluation: Evaluation, entries: list[dict]) -> list[str]:
    results = evaluation.results
    figures = [NOTHING] * 6
    if any(result.pair.boxes for result in results):
        figures = [
            f1(results),
            figure(results, ratio, "matched", "found"),
            figure(results, ratio, "matched", "truth"),
            f1(results, "placed"),
            wilson(*all_changes(found_changes(evaluation, entries))),
            figure(results, ratio, "touching", "touched"),
        ]
    return [evaluation.method, *map(str, figures), alarms(evaluation.unchanged)]


def f1(results: Iterable[PairResult], matches: str = "matched") -> Interval:
    """Compute F1 over all boxes together, with its interval."""

    def harmonic_mean(matches: NDArray, found: NDArray, truth: NDArray) -> NDArray:
        return ratio(2 * matches, found + truth)

    return figure(results, harmonic_mean, matches, "found", "truth")


def figure(results: Iterable[PairResult], of: Callable[..., NDArray], *kinds: str) -> Interval:
    """Compute a figure from what was counted in pairs, with its interval.

    `kinds` are attributes of a `PairResult`, "found" or "truth": numbers of boxes.
    """

    def counted(result: PairResult, kind: str) -> int:
        boxes = {"found": result.found, "truth": result.pair.boxes}
        return len(boxes[kind]) if kind in boxes else getattr(result, kind)

    return bootstrap([[counted(result, kind) for kind in kinds] for result in results], of)


def alarms(unchanged: Sequence[PairResult]) -> str:
    """Write in how many unchanged pairs there is a box."""
    return share(sum(bool(result.found) for result in unchanged), len(unchanged))


def _grouped(results: Iterable[PairResult]) -> dict[str, list[PairResult]]:
    """Group results by nuisance; pairs that name none are left out."""
    groups = defaultdict(list)
    for result in results:
        if result.pair.nuisance:
            groups[result.pair.nuisance.replace("_", " ")].append(result)
    return dict(sorted(groups.items()))


def _by_nuisance(evaluation: Evaluation) -> str:
    groups = _grouped(result for result in evaluation.results if result.pair.boxes)
    rows = ([name, len(results), f1(results)] for name, results in groups.items())
    return markdown(["robust, by nuisance", "changed pairs", "F1"], rows) if groups else ""


def _alarms_by_nuisance(evaluation: Evaluation) -> str:
    groups = _grouped(evaluation.unchanged)
    rows = ([name, alarms(results)] for name, results in groups.items())
    return markdown(["robust, by nuisance", "unchanged pairs with a box"], rows) if groups else ""


def found_changes(
    evaluation: Evaluation, entries: list[dict]
) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Count changes that a box touches, and changes, by kind and by how the pair was stored.

    A change is a true box. A wide change is all true boxes of its pair, as its text or its lines
    are in many places; those that a person may overlook are of a kind of their own.
    """
    counts = defaultdict(lambda: np.zeros(2, int))
    for result, entry in zip(evaluation.results, entries, strict=True):
        boxes = result.pair.boxes
        hits = [bool(overlap(result.found, [box]).any()) for box in boxes]
        changes = (c for c in entry.get("changes", ()) if c.get("box", True))  # others only moved
        kinds = [change["kind"].replace("_", " ") for change in changes]
        kinds = kinds or [ALL] * len(boxes)
        if boxes and "required" in entry:
            hits, kinds = [any(hits)], [kinds[0] if entry["required"] else FAINT]
        stored = STORED[any(entry[key].endswith(".jpg") for key in ("first", "second"))]
        for kind, hit in zip(kinds, hits, strict=True):
            counts[kind, stored] += hit, 1
    return counts


def all_changes(
    counts: dict[tuple[str, str], NDArray[np.int64]], storages: Sequence[str] = STORED
) -> tuple[int, int]:
    """Add up the changes found, and those that have to be."""
    wanted = [(0, 0)] + [
        count for (kind, stored), count in counts.items() if kind != FAINT and stored in storages
    ]
    found, there = np.sum(wanted, axis=0)
    return int(found), int(there)


def _by_change(evaluation: Evaluation, entries: list[dict]) -> str:
    counts = found_changes(evaluation, entries)
    kinds = sorted({kind for kind, _ in counts} - {ALL}, key=lambda kind: (kind == FAINT, kind))
    rows = [[kind, *(share(*counts[kind, stored]) for stored in STORED)] for kind in kinds]
    rows.append([ALL, *(share(*all_changes(counts, [stored])) for stored in STORED)])
    return markdown(["robust, changes found", *STORED], rows) if kinds else ""


def _verdicts(evaluation: Evaluation, verdicts: list[str]) -> str:
    counts = {verdict: [0, 0] for verdict in sorted(set(verdicts))}
    for result, verdict in zip(evaluation.results, verdicts, strict=True):
        counts[verdict][not result.pair.boxes] += 1
    rows = ([verdict, *count] for verdict, count in counts.items())
    return markdown(["robust, verdict", "changed pairs", "unchanged pairs"], rows)


def markdown(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Write a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


if __name__ == "__main__":
    main()
