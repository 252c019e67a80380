"""Seeded faults: small slips of the hand, each of which a test has to see.

`python tests/mutations.py [WORD ...]` makes those of mutation_list.py in copies of the course: all,
or those whose names hold one of the words. So does `python start.py test --all`, by
house/test_mutations.py.
"""

import os
import queue
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from mutation_list import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[1]
COPIES = 2  # one for each core of a small machine; tests and kernels have one thread each
TIMEOUT = 600  # seconds for the tests of one mutation
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_c*", "*.egg-info")
OPTIONS = ("-q", "-x", "--all", "-p", "nbval.plugin", "-p", "no:cacheprovider")
TESTS_FAILED = 1  # pytest's exit status; 2 to 5 say that it could not run them


class MutationError(Exception):
    """A mutation that says nothing: its text is not there, or its test is red without it."""


def copy_course(folder: Path) -> Path:
    return shutil.copytree(ROOT, folder / "course", ignore=NOT_COPIED)


def replace_once(path: Path, old: str, new: str) -> None:
    """Replace a text that has to be in the file exactly once."""
    text = path.read_text(encoding="utf-8")  # whatever ends its lines
    if text.count(old) != 1:
        raise MutationError(
            f"{path.name} holds {old!r} {text.count(old)} times. Give a text in "
            "mutation_list.py that it holds once."
        )
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


@contextmanager
def mutated(course: Path, mutation: Mutation) -> Iterator[None]:
    """Change the file, and bring it back with its time, by which Python knows its bytecode."""
    path = course / mutation.file
    before, times = path.read_bytes(), path.stat()
    try:
        if isinstance(mutation.change, tuple):
            replace_once(path, *mutation.change)
        else:
            mutation.change(path)
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def run_tests(course: Path, tests: Iterable[str]) -> subprocess.CompletedProcess:
    """Run tests of a copy of the course, in a process of their own, up to the first that fails."""
    line = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    front_end = course / "helpers" / "app" / "front_end"  # as start.py has it
    env = ours | {"PYTHONPATH": str(course), "JUPYTER_PATH": str(front_end), "COLUMNS": "200"}
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # half of the time that a test takes
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    return subprocess.run(line, cwd=course, env=env, timeout=TIMEOUT, errors="replace", **output)


def check_green(course: Path, mutations: Sequence[Mutation]) -> None:
    """Run the tests of mutations without any, so that red comes from the mutation."""
    if not mutations:
        return
    done = run_tests(course, dict.fromkeys(mutation.test for mutation in mutations))
    if done.returncode:
        raise MutationError(f"Not green without a mutation:\n{done.stdout[-3000:]}")


def make(course: Path, mutation: Mutation) -> tuple[bool, str]:
    """Make a mutation in a copy of the course; return whether its test is red, and what it says."""
    with mutated(course, mutation):
        done = run_tests(course, [mutation.test])
    lines = done.stdout.splitlines() or [""]
    said = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    if done.returncode not in (0, TESTS_FAILED):
        raise MutationError(f"{mutation.name}: pytest ends with {done.returncode}:\n{done.stdout}")
    return done.returncode == TESTS_FAILED, (said or lines)[-1]


def main(words: list[str]) -> int:
    """Make the mutations whose names hold one of the words, or all; return 1 if one is not red."""
    chosen = [m for m in MUTATIONS if not words or any(word in m.name for word in words)]
    idle = queue.Queue()

    def try_out(mutation: Mutation) -> bool:
        course = idle.get()
        try:
            red, said = make(course, mutation)
        except (MutationError, subprocess.TimeoutExpired) as error:
            red, said = False, str(error)
        finally:
            idle.put(course)
        print(f"{'red' if red else 'NOT RED':8} {mutation.name}: {said[:150]}", flush=True)
        return red

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(COPIES) as pool:
        courses = [copy_course(Path(folder) / str(number)) for number in range(COPIES)]
        parts = [chosen[number::COPIES] for number in range(COPIES)]
        list(pool.map(check_green, courses, parts))
        for course in courses:
            idle.put(course)
        results = list(pool.map(try_out, chosen))
    print(f"{sum(results)} of {len(results)} mutations are red.")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
