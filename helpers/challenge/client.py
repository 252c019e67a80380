"""A challenge: pairs made on the spot, and a judge who scores a pipeline and keeps the truth."""

import json
import os
import subprocess
import sys
import threading
import traceback
import weakref
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from helpers.boxes import Box
from helpers.errors import PictureError, brief
from helpers.loading import Image, check_whole
from helpers.methods import METHODS, compare
from helpers.scoring.scores import Method, Scores, as_boxes, count_scores

JUDGE = "helpers.challenge.judge"
FRESH = "fresh"  # what it is given in the place of a seed, to draw one of its own
LARGEST_SEED, MOST_PAIRS = 2**63 - 1, 1000
MOST_FOUND = 100_000  # boxes of one pair
ONE_JUDGE = "Only their judge knows the truth about them. Take a Challenge() of your own there."
DRAW = {"skimage": "scikit-image", "PIL": "Pillow"}  # what the judge draws with, by module


class JudgeError(RuntimeError):
    """A judge that does not answer, or not any more; the message says why."""


class PipelineError(Exception):
    """A pipeline stopped, or returned no boxes; the message says on which pair, and where."""

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message alone: it names the learner's line, all else is the kit's."""
        return [f"{type(self).__name__}: {self}"]


class Tally(NamedTuple):
    """Boxes counted over several pairs.

    Attributes
    ----------
    true : int
        Differences that are there.
    found : int
        Boxes that were found.
    right : int
        Found boxes that match a true one: IoU of 0.5 or more, one to one.
    placed : int
        Found boxes in the right place: as `right`, but any overlap will do.
    """

    true: int
    found: int
    right: int
    placed: int

    @property
    def scores(self) -> Scores:
        """Precision, recall and F1."""
        return count_scores(self.right, self.found, self.true)


@dataclass(frozen=True, repr=False)
class ChallengeResult:
    """The judge's word on a pipeline. Printed, it is a table.

    Attributes
    ----------
    method : str
        What found the boxes.
    seed : int or None
        None: the pairs were fresh.
    boxes : list of list of Box
        What was found on each pair.
    by_nuisance : dict of str to Tally
        What else differs in the pairs, such as "jpeg".
    by_kind : dict of str to (int, int)
        For each kind of change how many are there, and how many were found. There is no precision:
        a wrong box belongs to no kind.
    unchanged : int
        Pairs in which nothing was changed.
    false_alarms : int
        Those of them in which a box was found.
    """

    method: str
    seed: int | None
    boxes: list[list[Box]]
    by_nuisance: dict[str, Tally]
    by_kind: dict[str, tuple[int, int]]
    unchanged: int
    false_alarms: int

    @property
    def total(self) -> Tally:
        """All pairs together."""
        return Tally(*map(sum, zip(*self.by_nuisance.values(), strict=True)))

    @property
    def scores(self) -> Scores:
        """Precision, recall and F1 over the boxes of all pairs together."""
        return self.total.scores

    @property
    def _pairs(self) -> str:
        count = len(self.boxes)
        return f"{count} fresh pairs" if self.seed is None else f"{count} pairs of seed {self.seed}"

    def __repr__(self) -> str:
        return f"<ChallengeResult of {self.method!r} on {self._pairs}: F1 {self.scores.f1:.3f}>"

    def __str__(self) -> str:
        lines = [
            f"{self.method}, {self._pairs}",
            f"{'':20} true found right precision recall    F1",
            *(_line(name, tally) for name, tally in self.by_nuisance.items()),
            _line("all", self.total),
            f"unchanged pairs with a box: {self.false_alarms} of {self.unchanged}",
        ]
        return "\n".join(lines)


def _line(name: str, tally: Tally) -> str:
    precision, recall, f1 = tally.scores
    counts = f"{tally.true:5}{tally.found:6}{tally.right:6}"
    return f"{name:20}{counts}{precision:10.3f}{recall:7.3f}{f1:6.3f}"


# Results that `score` made, as long as somebody keeps them.
_SCORED: weakref.WeakValueDictionary[int, ChallengeResult] = weakref.WeakValueDictionary()


class Challenge:
    """Pairs with unknown differences, and a judge who knows them.

    The judge is a process of its own. It makes the pairs when they are first needed, gives out
    their pictures in an order that tells nothing, and keeps the truth to itself. Changes are of
    fourteen kinds; between the two pictures there is JPEG, noise, another tone, a shift, and so on.

    Parameters
    ----------
    seed : int, optional
        For practice: the same seed and number give the same pairs, to everybody. Unless given, the
        pairs are fresh: the judge draws a number that it tells nobody, and that ends with it.
        Fresh pairs, as those of even seeds, have other photographs, layouts, fonts and words than
        those of odd seeds.
    pairs : int, optional
        How many pairs, up to 1000; in two of seven nothing is changed.

    Attributes
    ----------
    seed : int or None
        None: the pairs are fresh.
    pairs : int

    Raises
    ------
    PictureError
        A parameter is no whole number, `seed` is negative, `pairs` below 1 or above 1000.

    Notes
    -----
    Fresh pairs are over when their judge is: by `close`, by an interrupt while it answers, or when
    its process ends. They can be copied into no other process. Nothing that this process knows
    tells the truth about them but the scores. Whoever wants to can still cheat: make up a result,
    or read the memory of the judge with a debugger.

    Examples
    --------
    >>> Challenge(seed=13, pairs=7).score("robust").scores.f1 > 0.5
    True
    """

    def __init__(self, seed: int | None = None, pairs: int = 70):
        self._seed = seed if seed is None else check_whole(seed, "seed", 0, LARGEST_SEED)
        self._pairs = check_whole(pairs, "pairs", 1, MOST_PAIRS)
        self._judge: subprocess.Popen | None = None
        self._owner = os.getpid()
        self._is_over = False
        self._asking = threading.Lock()

    @property
    def seed(self) -> int | None:
        """The seed of the pairs; None for fresh ones."""
        return self._seed

    @property
    def pairs(self) -> int:
        """The number of pairs."""
        return self._pairs

    def __repr__(self) -> str:
        seed = "" if self.seed is None else f"seed={self.seed}, "
        return f"Challenge({seed}pairs={self.pairs})"

    def __reduce__(self) -> tuple:
        """Copy a challenge of a seed as its seed; raise `JudgeError` for fresh pairs."""
        if self.seed is None:
            raise JudgeError(f"Fresh pairs cannot be copied. {ONE_JUDGE}")
        return Challenge, (self.seed, self.pairs)

    def pair(self, number: int) -> tuple[Image, Image]:
        """Return the pictures of a pair, to look at.

        Parameters
        ----------
        number : int
            From 0.

        Returns
        -------
        first, second : ndarray of uint8, shape (height, width, 3)
            BGR; copies, which may be written to.

        Raises
        ------
        PictureError
            There is no such pair.
        JudgeError
            The judge has stopped, or the pairs were fresh and are over.
        """
        return self._ask({"pair": check_whole(number, "the pair", 0, self.pairs - 1)})

    def score(self, pipeline: str | Method, **settings: Any) -> ChallengeResult:
        """Run a pipeline on every pair and have its boxes judged.

        Parameters
        ----------
        pipeline : callable or str
            A function that takes the first and the second picture (BGR, uint8, of one size) and
            returns a list of boxes (x, y, width, height); or a method of `compare`.
        settings : keyword arguments, optional
            Go to the function or to `compare`.

        Returns
        -------
        ChallengeResult

        Raises
        ------
        PictureError
            `pipeline` is neither a function nor the name of a method.
        PipelineError
            The pipeline raised something, which is the error's `__cause__`, or returned no boxes.
        JudgeError
            The judge has stopped, or the pairs were fresh and are over.
        ImportError
            What the pairs are drawn with is not installed.
        """
        find, name = _as_function(pipeline)
        find = partial(find, **settings)
        boxes = [self._find(number, find, name) for number in range(self.pairs)]
        counts = self._ask({"boxes": boxes})
        result = ChallengeResult(
            name,
            self.seed,
            boxes,
            {nuisance: Tally(*values) for nuisance, values in counts["by_nuisance"].items()},
            {kind: tuple(values) for kind, values in counts["by_kind"].items()},
            counts["unchanged"],
            counts["false_alarms"],
        )
        _SCORED[id(result)] = result
        return result

    def close(self) -> None:
        """End the judge's process. Fresh pairs are over then; others are made again when needed."""
        if self._judge is not None:
            self._stop()
            self._judge = None
        self._is_over = self.seed is None

    def _find(self, number: int, find: Method, name: str) -> list[Box]:
        pictures = self.pair(number)
        try:
            found = find(*pictures)
            if isinstance(found, Iterator):
                found = list(islice(found, MOST_FOUND + 1))
        except (Exception, SystemExit) as error:
            told = describe_error(error)
            raise PipelineError(f"Pair {number}: {name} stops with {told}") from error
        try:
            boxes = as_boxes(found)
        except PictureError as error:
            raise PipelineError(f"Pair {number}, {name}: {error}") from None
        if len(boxes) > MOST_FOUND:
            raise PipelineError(f"Pair {number}, {name}: {len(boxes)} boxes are too many to judge.")
        return boxes

    def _ask(self, request: dict) -> Any:
        """Send a request to the judge; returns the counts, or two pictures."""
        if os.getpid() != self._owner:
            self._enter_child()
        with self._asking:
            if self._judge is None:
                self._start()
            return self._exchange(request)

    def _enter_child(self) -> None:
        """Leave the judge to the process from which this one was forked."""
        if self.seed is None:
            raise JudgeError(f"These fresh pairs belong to another process. {ONE_JUDGE}")
        self._judge, self._owner, self._asking = None, os.getpid(), threading.Lock()

    def _exchange(self, request: dict) -> Any:
        try:
            with suppress(OSError):  # it has ended, and reading will tell
                self._judge.stdin.write(json.dumps(request).encode() + b"\n")
                self._judge.stdin.flush()
            answer = json.loads(self._read(self._judge.stdout.readline()))
            if "shape" not in answer:
                return _checked(answer)
            size = int(np.prod(answer["shape"]))
            data = [bytearray(self._read(self._judge.stdout.read(size), size)) for _ in range(2)]
            return tuple(np.frombuffer(part, np.uint8).reshape(answer["shape"]) for part in data)
        except PictureError:  # the judge's own word, and it goes on
            raise
        except BaseException:  # what is left of an answer would be taken for the next one
            self.close()
            raise

    def _read(self, data: bytes, size: int = 1) -> bytes:
        """Read what the judge has sent, unless it ended before that."""
        if len(data) < size:
            said = self._judge.stderr.read().decode(errors="replace").strip()
            over = " Fresh pairs are over with it." if self.seed is None else ""
            raise JudgeError(f"The judge stopped.{over} {said}")
        return data

    def _start(self) -> None:
        if self._is_over:
            raise JudgeError("These fresh pairs are over, as their judge is. Take a Challenge().")
        missing = [name for module, name in DRAW.items() if find_spec(module) is None]
        if missing:
            raise ImportError(
                f"A challenge draws its pairs with {' and '.join(missing)}, not installed here. "
                "To have them, type `python start.py` in the folder of the course, or "
                f"`pip install {' '.join(missing).lower()}` elsewhere."
            )
        pairs = str(self.pairs)
        self._judge = subprocess.Popen(
            [sys.executable, "-m", JUDGE, FRESH if self.seed is None else str(self.seed), pairs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Interrupting the kernel must not reach the judge, and Windows opens no console.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._stop = weakref.finalize(self, _end, self._judge, self._owner)


def was_scored(result: ChallengeResult) -> bool:
    """Say whether `score` has made this very result in this process; a copy it has not."""
    return _SCORED.get(id(result)) is result


def _checked(counts: dict) -> dict:
    if "error" in counts:
        raise PictureError(counts["error"])
    return counts


def _end(process: subprocess.Popen, owner: int) -> None:
    if os.getpid() != owner:  # a fork: the judge is another's
        return
    process.kill()
    with suppress(OSError), process:  # waits, and closes the pipes, perhaps with a request unsent
        pass


def _as_function(pipeline: str | Method) -> tuple[Method, str]:
    """Return the pipeline as a function from two pictures to boxes, and its name."""
    if callable(pipeline):
        return pipeline, getattr(pipeline, "__name__", type(pipeline).__name__)
    if not isinstance(pipeline, str) or pipeline not in METHODS:
        raise PictureError(
            f"The pipeline is {brief(pipeline)}. Give a function that takes two pictures and "
            f"returns boxes, or one of: {', '.join(METHODS)}."
        )

    def find(first: Image, second: Image, **settings: Any) -> list[Box]:
        return compare(first, second, method=pipeline, **settings).boxes

    return find, pipeline


def describe_error(error: Exception) -> str:
    """Tell an error of a learner's function, and which of its lines led to it."""
    own = _own_lines(error)
    place = f" in line {own[-1].lineno}" if own else ""
    code = f", `{own[-1].line}`" if own and own[-1].line else ""
    kind = f"{type(error).__module__}.{type(error).__name__}"
    kind = kind.removeprefix("builtins.").removeprefix("helpers.errors.")
    # OpenCV's short text has several lines, often the same one twice.
    text = getattr(error, "err", None) or str(error)
    lines = dict.fromkeys(line.strip(" >-") for line in text.splitlines())
    reason = " ".join(filter(None, lines)).rstrip(".") or "it gives no reason"
    return f"{kind}{place}{code}: {reason}."


def _own_lines(error: Exception) -> list[traceback.FrameSummary]:
    """Return the lines of a traceback that are the learner's, wherever libraries are installed.

    They are those of cells and of the script that runs, and those of the module whose function was
    called, unless that is a function of a library: of the standard one, or of a package.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    modules = [frame.f_globals.get("__name__", "").partition(".")[0] for frame in frames]
    called = next((module for module in modules if module != "helpers"), "")
    own = {"__main__"}
    if called not in sys.stdlib_module_names and not hasattr(sys.modules.get(called), "__path__"):
        own.add(called)
    lines = traceback.extract_tb(error.__traceback__)
    return [line for line, module in zip(lines, modules, strict=True) if module in own]
