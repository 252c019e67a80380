"""Figures that nbval skips are compared here, and the run ends with what was covered.

At the root, because pytest applies these hooks only to tests below their folder.
"""

import os
from collections import Counter

os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from nbval.plugin import IPyNbCell
from stored_figures import changed_figures, pictures_in

COVERED = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """After nbval has compared a cell's text, compare its figures with the stored ones."""
    result = yield
    if isinstance(item, IPyNbCell):
        stored = pictures_in(item.cell.outputs)
        changes = changed_figures(stored, pictures_in(item.test_outputs))
        COVERED["figures compared with the stored ones"] += len(stored)
        COVERED["notebook cells run again"] += 1
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
