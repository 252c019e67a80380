"""Throw bad files, settings and arguments at the package: `.venv/bin/python tests/fuzz.py 10000`.

Each case has to end in an answer or in an error of the package's own, with words that may be shown
on a terminal, within 10 seconds, and the process may not take more than 2 GB. From 1000 cases
on it draws other ones each time; what fails is printed as small as hypothesis can make it.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

import psutil
from hostile import outcome, values
from hostile_calls import CALLS, write_files
from hostile_files import bad_files, pages_files, whole_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import helpers
from helpers.app.cli import main
from helpers.loading import decode, to_images
from helpers.settings import SETTINGS

MOST_SECONDS, MOST_BYTES = 10, 2 * 10**9
FEW = 1000  # cases: fewer are the same each time, so that no change fails for an older fault
FOLDER = Path(tempfile.gettempdir())  # until there is one
NAMES = [setting.name for setting in SETTINGS]

cases = 0
slowest = 0.0


def watched(case: Callable[..., None]) -> Callable[..., None]:
    """Count a case, and hold it to its time and the process to its memory."""

    @wraps(case)
    def run(*arguments: object, **named: object) -> None:
        global cases, slowest
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            case(*arguments, **named)
        took = time.perf_counter() - began
        cases, slowest = cases + 1, max(slowest, took)
        assert took < MOST_SECONDS, f"It took {took:.1f} s."
        assert memory() < MOST_BYTES, f"The process has taken {memory() / 1e9:.1f} GB."

    return run


def memory() -> int:
    """Return the most bytes that this process has had; on Windows and macOS those it has now."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return psutil.Process().memory_info().rss
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


def run_command(arguments: list[str]) -> None:
    """Run `image-diff` in this process; look at its status and at what it prints."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as end:  # from argparse
            status = end.code
    assert status in (0, 1, 2), status
    lines = out.getvalue().splitlines() + err.getvalue().splitlines()
    assert all(line.isprintable() for line in lines), lines
    assert "fault of image-diff" not in err.getvalue(), err.getvalue()
    if status == 2:
        assert err.getvalue().startswith("image-diff: "), err.getvalue()
        assert not out.getvalue() or "trouble" in out.getvalue(), out.getvalue()  # of a page
    elif "--json" in arguments:
        json.loads(out.getvalue())


def written(name: str, data: bytes) -> Path:
    path = FOLDER / name
    path.write_bytes(data)
    return path


@given(bad_files(), st.booleans())
@watched
def files_are_compared(file: tuple[str, bytes], is_first: bool) -> None:
    kind, data = file
    bad, good = written(f"bad.{kind.split()[-1]}", data), written("good.png", whole_files()["png"])
    pair = [bad, good] if is_first else [good, bad]
    outcome(helpers.compare, *pair)
    run_command(["--first", str(pair[0]), "--second", str(pair[1]), "--json"])


@given(bad_files(), bad_files())
@watched
def two_bad_files_are_compared(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    outcome(helpers.compare, written("one", one[1]), written("other", other[1]))


@given(bad_files(pages_files()), st.booleans())
@watched
def pages_are_compared(file: tuple[str, bytes], is_first: bool) -> None:
    kind, data = file
    bad, good = written("bad", data), written("good", pages_files()[kind])
    first, second = [bad, good] if is_first else [good, bad]
    run_command(["--first", str(first), "--second", str(second), "--json", "--dpi", "36"])


@given(bad_files())
@watched
def files_come_as_bytes(file: tuple[str, bytes]) -> None:
    kind, data = file
    outcome(lambda: to_images(decode(data, kind)))


@given(st.sampled_from(sorted(CALLS)), st.data())
@watched
def functions_are_called(name: str, data: st.DataObject) -> None:
    function, valid = CALLS[name]
    changed = data.draw(st.sets(st.sampled_from(sorted(valid)), min_size=1))
    outcome(function, **(valid | {parameter: data.draw(values()) for parameter in changed}))


numbers = st.one_of(st.integers(-300, 300), st.integers(), st.just(10**400), st.floats())


@given(st.dictionaries(st.sampled_from(NAMES), numbers | st.booleans() | values()))
@watched
def settings_are_given(chosen: dict) -> None:
    _, valid = CALLS["compare"]
    outcome(helpers.compare, valid["first"], valid["second"], **chosen)


words = numbers.map(str) | st.text(max_size=20) | st.just("1,2,3,4")


@given(st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=3))
@watched
def options_are_given(chosen: list[tuple[str, str]]) -> None:
    good = str(written("good.png", whole_files()["png"]))
    options = [f"--{name.replace('_', '-')}={value}" for name, value in chosen]
    run_command(["--first", good, "--second", good, *options])


anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8) | st.just("good.png"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["name", "first", "second", "boxes", "x"]), inner)
    ),
    max_leaves=20,
)
pairs = st.fixed_dictionaries(
    {
        "name": st.just("p") | anything,
        "first": st.just("good.png") | anything,
        "second": st.just("good.png") | anything,
        "boxes": st.just([[1, 2, 3, 4]]) | st.lists(st.lists(numbers, max_size=5)) | anything,
    },
)


@given(st.lists(pairs, max_size=3) | anything)
@watched
def pair_sets_are_scored(entries: object) -> None:
    written("good.png", whole_files()["png"])
    written("pairs.json", json.dumps({"pairs": entries}).encode())
    run_command(["evaluate", str(FOLDER), "--json"])


SHARES = {
    files_are_compared: 0.35,
    pages_are_compared: 0.05,
    two_bad_files_are_compared: 0.1,
    files_come_as_bytes: 0.1,
    functions_are_called: 0.2,
    settings_are_given: 0.08,
    options_are_given: 0.07,
    pair_sets_are_scored: 0.05,
}


@contextlib.contextmanager
def folder() -> Iterator[None]:
    """Work in a folder of its own, where what a function writes does no harm."""
    global FOLDER
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        FOLDER = Path(name)
        write_files(FOLDER)
        yield


def run(count: int) -> None:
    """Run so many cases, and print how many there were and what they took at most."""
    for kind, share in SHARES.items():
        before = cases
        settings(
            max_examples=max(round(share * count), 1),
            derandomize=count < FEW,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(kind)()
        print(f"{cases - before:6} times: {kind.__name__.replace('_', ' ')}", flush=True)
    print(f"{cases} cases; the slowest took {slowest:.2f} s, all at most {memory() / 2**20:.0f} MB")


if __name__ == "__main__":
    with folder():
        run(int(sys.argv[1]))
