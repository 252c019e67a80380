"""Score the words: how often a change is called by its kind, on pairs whose changes are known.

    python benchmarks/words.py

Prints how often the kind that `helpers.words` tells is right, of the changes found, and a table of
kinds. Several words may be true of one change, as a patch over another both replaces and adds.
blazediff-interpret is asked about the same boxes where it is installed; it gets aligned pictures.
"""

import argparse
import importlib.util
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
from intervals import wilson

from helpers import Box, Comparison, compare, overlap
from helpers.challenge.make_pairs import REPORTING_SEED, make_pair, size_of
from helpers.words import CERTAIN, KINDS

SET = "words"
HEADINGS = '| | found changes | right kind | wrong kind | wrong, without "probably" | not told |'
IOU = 0.5
PAGES = "document", "interface", "drawing"
RIGHT = {  # the kinds that are right for a change of the generator
    "copied": "added removed replaced",  # what the patch shows and covers may be anything
    "pasted": "added removed replaced",
    "moved": "moved",
    "word_moved": "moved",
    "recoloured": "recoloured",
    "brightened": "recoloured",
    "blurred": "blurred",
    "spot": "added replaced recoloured",  # more or less transparent
    "drawn": "added",
    "stamped": "added",
    "written": "added",
    "erased": "removed replaced blurred",  # filled, painted over or blurred over
    "word_removed": "removed",
    "word_replaced": "text",
    "digit_altered": "text",
    "resized": "resized",
    "word_resized": "resized",
}
PEER = "blazediff-interpret"
PEERS_KINDS = {  # what its types mean here; any of them counts
    "addition": {"added"},
    "deletion": {"removed"},
    "color-change": {"recoloured"},
    "shift": {"moved"},
    "content-change": {"replaced", "text", "resized", "blurred"},
    "rendering-noise": set(),
}
PATCHES = "copied", "pasted", "erased", "spot", "brightened", "recoloured"


class Told(NamedTuple):
    """What was told of a change that was found, and what would have been right."""

    truth: str
    right: set[str]
    kind: str
    confidence: float
    nuisance: str
    peers: set[str] | None

    @property
    def is_wrong(self) -> bool:
        """True when a kind is told that is not right."""
        return self.kind != "changed" and self.kind not in self.right


def right_kinds(kind: str, base: str) -> set[str]:
    """Return the kinds that are right for a change of a generator's kind on such a picture."""
    plain, place = kind, ""
    for end in ("_on_plain", "_to_plain", "_on_grain"):
        if kind.endswith(end):
            plain, place = kind.removesuffix(end), end
    right = set(RIGHT[plain].split())
    if plain in ("copied", "pasted") and base.startswith(PAGES):
        right.add("text")  # one word over another
    if plain in PATCHES and place == "_on_plain":
        right = {"added"} | right & {"recoloured"}
    if place == "_to_plain" and plain in (*PATCHES, "blurred", "drawn"):
        right = {"removed"} | right & {"recoloured", "blurred", "added"}
    if plain in ("brightened", "recoloured") and place == "_on_grain":
        right.add("added")
    return right


def matches(boxes: Sequence[Box], entry: dict) -> Iterator[tuple[int, dict]]:
    """Yield the index of the best box of each change that one finds, and the change."""
    if not boxes or not entry["boxes"]:
        return
    shared = overlap(boxes, entry["boxes"])
    for change, column in zip(entry["changes"], shared.T, strict=True):
        if column.max() >= IOU:
            yield int(column.argmax()), change


def tell(seed: int, index: int) -> list[Told]:
    """Compare a pair, and say what is told of each change found."""
    pair = make_pair(SET, seed, index)
    comparison = compare(pair.pictures["first"], pair.pictures["second"])
    peers = ask_peer(comparison) if importlib.util.find_spec("blazediff_interpret") else None
    by_box = {number: change for change in comparison.changes for number in change.numbers}
    told = []
    for box, truth in matches(comparison.boxes, pair.entry):
        change = by_box[box + 1]
        right = right_kinds(truth["kind"], pair.entry["base"])
        nuisance = pair.entry["nuisance"]["kind"]
        said = peers and peers[box]
        told.append(Told(truth["kind"], right, change.kind, change.confidence, nuisance, said))
    return told


def ask_peer(comparison: Comparison) -> list[set[str]]:
    """Return the kinds that blazediff-interpret means for each box of a comparison."""
    from blazediff_interpret import interpret_regions

    said = []
    with TemporaryDirectory() as folder:
        files = [str(Path(folder, name)) for name in ("first.png", "second.png")]
        for file, picture in zip(files, (comparison.first, comparison.aligned), strict=True):
            cv2.imwrite(file, picture)
        for box in comparison.boxes:
            regions = interpret_regions(*files, [tuple(box)])["regions"]
            largest = max(regions, key=lambda region: region["pixelCount"], default=None)
            said.append(PEERS_KINDS[largest["changeType"]] if largest else set())
    return said


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=REPORTING_SEED)
    parser.add_argument("--pairs", type=int, default=size_of(SET), metavar="N")
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        seeds = [options.seed] * options.pairs
        found = pool.map(tell, seeds, range(options.pairs), chunksize=8)
        told = [each for pair in found for each in pair]
    print(summary(told))
    print(confusion(told))


def summary(told: Sequence[Told]) -> str:
    """Count right words, wrong ones, and changes without one, by nuisance."""
    rows = [HEADINGS, "|" + " --- |" * 6]
    groups = {"all": list(told)}
    for each in told:
        groups.setdefault(each.nuisance.replace("_", " "), []).append(each)
    for name, group in groups.items():
        unsure = sum(each.kind == "changed" for each in group)
        right = sum(each.kind in each.right for each in group)
        wrong = len(group) - right - unsure
        plain = sum(each.is_wrong and each.confidence >= CERTAIN for each in group)
        shares = (wilson(count, len(group)) for count in (right, wrong, plain, unsure))
        rows.append(f"| {name} | {len(group)} | {' | '.join(map(str, shares))} |")
    if told and told[0].peers is not None:
        right = sum(bool(each.peers & each.right) for each in told)
        unsure = sum(not each.peers for each in told)
        shares = (wilson(n, len(told)) for n in (right, len(told) - right - unsure, unsure))
        right, wrong, unsure = map(str, shares)
        rows.append(f"| {PEER}, all | {len(told)} | {right} | {wrong} | {wrong} | {unsure} |")
    return "\n".join(rows) + "\n"


def confusion(told: Sequence[Told]) -> str:
    """Count what was told, for each kind of the generator; wrong ones are in brackets."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for each in told:
        counts[each.truth.replace("_", " ")][each.kind, each.kind in each.right] += 1
    rows = [f"| made | {' | '.join(KINDS)} |", "|" + " --- |" * (len(KINDS) + 1)]
    for truth, row in sorted(counts.items()):
        cells = []
        for kind in KINDS:
            right, wrong = row[kind, True], row[kind, False]
            cells.append(str(right or "") if kind == "changed" or not wrong else f"({wrong})")
            if kind == "changed":
                cells[-1] = str(wrong or "")
        rows.append(f"| {truth} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
