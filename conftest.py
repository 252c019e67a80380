"""How the tests run: one thread a process, each notebook once, at the end what was covered.

nbval compares text; figures are compared here, and the time of a notebook with what it says. What
is marked `full` runs with --all only.

At the root, because pytest applies these hooks only to tests below their folder.
"""

import os
import time
from collections import Counter, defaultdict
from pathlib import Path

# Before NumPy and OpenCV are imported, here and in all processes that the tests start: workers,
# kernels and browsers side by side would else ask for all cores each.
os.environ.update(
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    OPENCV_FOR_THREADS_NUM="1",
    XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
)
os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from hypothesis import settings
from lesson_items import Lesson
from nbval.plugin import IPyNbCell, IPyNbFile
from notebook_times import said_seconds, times, too_slow
from stored_figures import changed_figures, pictures_in

COVERED = Counter()
LEFT_OUT = Counter()  # tests of each file
SKIPPED = Counter()  # tests, below the reason
SAID: dict[str, list[str]] = defaultdict(list)  # lines below the title of their section
TOOK: dict[Path, list[float]] = defaultdict(list)  # seconds of each cell, below its notebook
LAST: dict[Path, IPyNbCell] = {}
# Files that take longest begin first.
SLOWEST = ("tests/house/test_mutations", "notebooks/2", "tests/browser", "notebooks/1")

# Where a test says no other number. No deadline: these machines are shared.
settings.register_profile("fast", max_examples=25, deadline=None)
settings.register_profile("all", max_examples=100, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run also what takes long (marked full)")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("all" if config.option.all else "fast")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent: pytest.Collector):
    """Put our collector in the place of nbval's."""
    return [
        Lesson.from_parent(parent, path=each.path) if isinstance(each, IPyNbFile) else each
        for each in (yield)
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked full, and put the files that take longest first."""
    left_out = [item for item in items if item.get_closest_marker("full")]
    if left_out and not config.option.all:
        config.hook.pytest_deselected(items=left_out)
        LEFT_OUT.update(item.nodeid.partition("::")[0] for item in left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    items.sort(key=lambda item: _place(item.nodeid))


def _place(name: str) -> int:
    starts = [name.startswith(start) for start in SLOWEST]
    return starts.index(True) if any(starts) else len(starts)


def pytest_collection_finish(session: pytest.Session) -> None:
    LAST.update({item.path: item for item in session.items if isinstance(item, IPyNbCell)})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    """After nbval has compared a cell's text, compare its figures with the stored ones.

    After the last cell of a notebook that says how long it takes, look at that as well.
    """
    if not isinstance(item, IPyNbCell):
        return (yield)
    item.parent.ran = True
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
        took = TOOK[item.path]
        note(item, "said", "the time of notebooks", times(item.path.stem, took, said))
        if slow := too_slow(item.path.stem, took, said):
            item.warn(pytest.PytestWarning(slow))
    if changes:
        pytest.fail("\n".join(changes), pytrace=False)
    return result


def note(item: pytest.Item, kind: str, title: str, value: int | str) -> None:
    """Keep something for the end of the run; with xdist the test runs in another process."""
    item.user_properties.append((kind, (title, value)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        SKIPPED[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if report.when != "call":
        return
    for kind, noted in report.user_properties:
        if kind == "covered":
            COVERED[noted[0]] += noted[1]
        elif kind == "said":
            SAID[noted[0]].append(noted[1])


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(LEFT_OUT)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take from a worker what it left out; each of them collects all tests."""
    for name, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        LEFT_OUT[name] = count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and how to run it, and last what was covered."""
    SAID["left out"] += [f"{count:5d} skipped: {why}" for why, count in sorted(SKIPPED.items())]
    SAID["left out"] += [f"{count:5d} in {name}" for name, count in sorted(LEFT_OUT.items())]
    if LEFT_OUT:
        SAID["left out"].append("python start.py test --all runs also what takes long.")
    SAID["the course"] += [f"{count:5d} {what}" for what, count in sorted(COVERED.items())]
    for title, lines in SAID.items():
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
