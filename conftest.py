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
from nbval.plugin import IPyNbCell
from notebook_times import said_seconds, times, too_slow
from stored_figures import changed_figures, pictures_in

from notebooks import NEEDS_DEEP, cannot_run

COVERED = Counter()
SAID: dict[str, list[str]] = defaultdict(list)  # lines below the title of their section
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
        changes, compared = [], "figures made again, not compared"
    else:
        changes, compared = changed_figures(stored, fresh), "figures compared with the stored ones"
    note(item, "covered", compared, len(stored))
    note(item, "covered", "notebook cells run again", 1)
    said = said_seconds(item.path)
    if said is not None and LAST[item.path] is item:
        note(item, "said", "the time of notebooks", times(item.path.stem, TOOK[item.path], said))
        changes += too_slow(item.path.stem, TOOK[item.path], said)
    if changes:
        pytest.fail("\n".join(changes), pytrace=False)
    return result


def note(item: pytest.Item, kind: str, title: str, value: int | str) -> None:
    """Keep something for the end of the run; with xdist the test runs in another process."""
    item.user_properties.append((kind, (title, value)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when != "call":
        return
    for kind, noted in report.user_properties:
        if kind == "covered":
            COVERED[noted[0]] += noted[1]
        elif kind == "said":
            SAID[noted[0]].append(noted[1])
    if report.passed and "test_sliders.py::test_positions" in report.nodeid:
        COVERED["slider positions moved to"] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COVERED:
        SAID["the course"] += [f"{count:5d} {what}" for what, count in sorted(COVERED.items())]
    for title, lines in SAID.items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
