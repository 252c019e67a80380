"""What nbval leaves out: figures are compared, and the time of a notebook with what it says.

Notebooks that need Keras are skipped where it is not, and the run ends with what was covered.

At the root, because pytest applies these hooks only to tests below their folder.
"""

import os
import time
from collections import Counter, defaultdict
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from lessons import NEEDS_DEEP, cannot_run
from nbval.plugin import IPyNbCell
from notebook_times import said_seconds, times, too_slow
from stored_figures import changed_figures, pictures_in

COVERED = Counter()
TOOK: dict[Path, list[float]] = defaultdict(list)  # seconds of each cell, below its notebook
LAST: dict[Path, IPyNbCell] = {}


def cells_of(items: list[pytest.Item]) -> list[IPyNbCell]:
    return [item for item in items if isinstance(item, IPyNbCell)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for cell in cells_of(items):
        if cannot_run(cell.path):
            cell.add_marker(pytest.mark.skip(reason=NEEDS_DEEP))


def pytest_collection_finish(session: pytest.Session) -> None:
    LAST.update({cell.path: cell for cell in cells_of(session.items)})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """After nbval has compared a cell's text, compare its figures with the stored ones.

    After the last cell of a notebook that says how long it takes, compare that as well.
    """
    if not isinstance(item, IPyNbCell):
        return (yield)
    began = time.perf_counter()
    try:
        result = yield
    finally:
        TOOK[item.path].append(time.perf_counter() - began)
    stored, fresh = pictures_in(item.cell.outputs), pictures_in(item.test_outputs)
    if "nbval-ignore-output" in item.cell.metadata.get("tags", []) and len(stored) == len(fresh):
        # They differ from processor to processor: what training leaves (cells assert bounds), or
        # what an outlier happens to say.
        changes = []
        COVERED["figures made again, not compared"] += len(stored)
    else:
        changes = changed_figures(stored, fresh)
        COVERED["figures compared with the stored ones"] += len(stored)
    COVERED["notebook cells run again"] += 1
    if LAST[item.path] is item:
        changes += too_slow(item.path.stem, TOOK[item.path], said_seconds(item.path))
    if changes:
        pytest.fail("\n".join(changes), pytrace=False)
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if (
        report.when == "call"
        and report.passed
        and "test_sliders.py::test_positions" in report.nodeid
    ):
        COVERED["slider positions moved to"] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COVERED:
        terminalreporter.section("the course")
    for what, count in sorted(COVERED.items()):
        terminalreporter.write_line(f"{count:5d} {what}")
    for path, durations in TOOK.items():
        if (said := said_seconds(path)) is not None:
            terminalreporter.write_line(times(path.stem, durations, said))
