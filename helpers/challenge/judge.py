"""The judge of a challenge: makes the pairs, hands out the pictures, keeps the truth.

`helpers.challenge.client` starts it as a process of its own, `python -m helpers.challenge.judge
SEED PAIRS`. A request is a line of JSON on standard input, and so is the answer on standard output:

{"pair": number}  is answered by {"shape": [height, width, 3]} and the bytes of both pictures;
{"boxes": [[[x, y, width, height], ...], ...]}, a list for each pair, by how many are right.

It ends when standard input does, so it does not outlive the process that started it.
"""

import json
import sys
from collections import defaultdict
from functools import cached_property
from typing import BinaryIO

import numpy as np

from helpers.challenge import make_pairs
from helpers.scoring.scores import ANY_OVERLAP, match_boxes

SET = "challenge"


class Judge:
    """A judge that knows the truth about the pairs of one seed."""

    def __init__(self, seed: int, pairs: int):
        self.seed = seed
        # Changed and unchanged pairs come by turns: their places must not tell which is which.
        self.order = np.random.default_rng(seed).permutation(pairs).tolist()
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


def serve(judge: Judge, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        request = json.loads(line)
        pictures = []
        if "pair" in request:
            made = judge.pair(request["pair"]).pictures
            pictures = [made["first"], made["second"]]
            answer = {"shape": pictures[0].shape}
        else:
            answer = judge.count(request["boxes"])
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.writelines(picture.tobytes() for picture in pictures)
        answers.flush()


if __name__ == "__main__":
    serve(Judge(*map(int, sys.argv[1:])), sys.stdin.buffer, sys.stdout.buffer)
