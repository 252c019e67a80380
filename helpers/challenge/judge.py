"""The judge of a challenge: makes the pairs, hands out the pictures, keeps the truth.

`helpers.challenge.client` starts it as a process of its own, `python -m helpers.challenge.judge
SEED PAIRS`, or with `fresh` for the seed. A request is a line of JSON on standard input, and so is
the answer on standard output:

{"pair": number}  is answered by {"shape": [height, width, 3]} and the bytes of both pictures;
{"boxes": [[[x, y, width, height], ...], ...]}, a list for each pair, by how many are right;
anything else     by {"error": words}.

It ends when standard input does, so it does not outlive the process that started it.

A fresh judge draws its seed itself, 128 bits from the system. The number is in the memory of this
process and nowhere else: in no file, no argument, no variable of the environment, no answer. So
nobody can make the pairs again, and what is known of the truth is what the scores tell. It is no
safe: the same user can read the memory of a process with a debugger, or start a judge of their own
making. It protects an honest reader, and those who trust one, from a result made by looking.
"""

import json
import secrets
import sys
from collections import defaultdict
from functools import cached_property
from typing import BinaryIO

import numpy as np

from helpers.boxes import check_boxes
from helpers.challenge import make_pairs
from helpers.challenge.client import FRESH
from helpers.errors import PictureError
from helpers.loading import check_whole
from helpers.scoring.scores import ANY_OVERLAP, match_boxes

SET = "challenge"
SECRET_BITS = 128


class Judge:
    """A judge that knows the truth about the pairs of one seed; None: of one that nobody knows."""

    def __init__(self, seed: int | None, pairs: int):
        # Fresh pairs are to report on: an even number is of that half.
        self.seed = secrets.randbits(SECRET_BITS) & ~1 if seed is None else seed
        # Changed and unchanged pairs come by turns: their places must not tell which is which.
        self.order = np.random.default_rng(self.seed).permutation(pairs).tolist()
        self.made: dict[int, make_pairs.MadePair] = {}

    def pair(self, number: int) -> make_pairs.MadePair:
        """Make a pair when it is first asked for."""
        if number not in self.made:
            self.made[number] = make_pairs.make_pair(SET, self.seed, self.order[number])
        return self.made[number]

    @cached_property
    def entries(self) -> list[dict]:
        """The truth about all pairs."""
        return [self.pair(number).entry for number in range(len(self.order))]

    def count(self, found: list[list[list[int]]]) -> dict:
        """Count what is right, in all pairs of a nuisance and of a kind of change together."""
        by_nuisance = defaultdict(lambda: np.zeros(4, int))
        by_kind = defaultdict(lambda: np.zeros(2, int))
        for boxes, entry in zip(found, self.entries, strict=True):
            truth = entry["boxes"]
            right = {place for _, place in match_boxes(boxes, truth)}
            placed = len(match_boxes(boxes, truth, iou=ANY_OVERLAP))
            by_nuisance[entry["nuisance"]["kind"]] += len(truth), len(boxes), len(right), placed
            for place, change in enumerate(entry["changes"]):
                by_kind[change["kind"]] += 1, place in right
        unchanged = [
            boxes for boxes, entry in zip(found, self.entries, strict=True) if not entry["boxes"]
        ]
        return {
            "by_nuisance": _named(by_nuisance),
            "by_kind": _named(by_kind),
            "unchanged": len(unchanged),
            "false_alarms": sum(map(bool, unchanged)),
        }


def _named(counts: dict[str, np.ndarray]) -> dict[str, list[int]]:
    return {name.replace("_", " "): counts[name].tolist() for name in sorted(counts)}


def answer_request(judge: Judge, line: bytes) -> tuple[dict, list[np.ndarray]]:
    """Return the answer to a request, and the pictures that follow it."""
    request = _parse(line)
    pairs = len(judge.order)
    if request.keys() == {"pair"}:
        made = judge.pair(check_whole(request["pair"], "the pair", 0, pairs - 1)).pictures
        return {"shape": made["first"].shape}, [made["first"], made["second"]]
    boxes = request.get("boxes")
    if request.keys() != {"boxes"} or not isinstance(boxes, list) or len(boxes) != pairs:
        raise PictureError(f"Ask for a pair, or give boxes: a list for each of {pairs} pairs.")
    return judge.count([check_boxes(found, "that was found") for found in boxes]), []


def _parse(line: bytes) -> dict:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):  # no JSON, a number of too many digits, nested too deep
        request = None
    if not isinstance(request, dict):
        raise PictureError("A request is an object of JSON on one line.")
    return request


def serve(judge: Judge, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        try:
            answer, pictures = answer_request(judge, line)
        except PictureError as error:
            answer, pictures = {"error": str(error)}, []
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.writelines(picture.tobytes() for picture in pictures)
        answers.flush()


if __name__ == "__main__":
    seed, pairs = sys.argv[1:]
    judge = Judge(None if seed == FRESH else int(seed), int(pairs))
    serve(judge, sys.stdin.buffer, sys.stdout.buffer)
