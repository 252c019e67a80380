"""A notebook as pytest collects it: nbval runs its cells, and the checks after them use its kernel.

So a notebook is executed once. What it leaves (variables, sliders) serves the exercises and the
positions of the sliders; `in_kernel` has what is asked there.
"""

import contextlib
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from types import ModuleType

import pytest
from nbval.plugin import IPyNbFile

from notebooks import NEEDS_DEEP, NOTEBOOKS, cannot_run, check_cells

TESTS = Path(__file__).parent
TIMEOUT = 300  # seconds for one check
LOOK = 5  # seconds from one look whether the kernel is alive to the next
ENDED = "The kernel has ended: this cell, or one before it, has stopped Python."
COLOURS = re.compile(r"\x1b\[[\d;]*m")
SHORT = {'"epochs": 5': '"epochs": 1'}  # how a lesson that trains is run without --all


class Lesson(IPyNbFile):
    """The cells of a notebook, then the checks of its exercises and its sliders."""

    ran = False  # whether nbval has run cells
    ready = False  # whether the kernel knows `in_kernel`

    def collect(self) -> Iterator[pytest.Item]:
        """Give out cells and checks, those marked that cannot or need not run."""
        for item in super().collect():
            if not self.config.option.all:
                for long, short in SHORT.items():
                    item.cell.source = item.cell.source.replace(long, short)
            yield self._marked(item, "full" in item.cell.metadata.get("tags", []))
        if self.path in NOTEBOOKS:
            data = importlib.import_module(f"lessons.lesson_{self.path.name[:2]}")
            if not hasattr(data, "SLIDERS"):
                raise self.CollectError(f"{data.__file__} lacks SLIDERS = {{name: positions}}.")
            for name, call in self._checks(data):
                item = LessonCheck.from_parent(self, name=name, call=call)
                yield self._marked(item, name in getattr(data, "FULL", ()))

    def _marked(self, item: pytest.Item, full: bool) -> pytest.Item:
        if full:
            item.add_marker(pytest.mark.full)
        if cannot_run(self.path):
            item.add_marker(pytest.mark.skip(reason=NEEDS_DEEP))
        return item

    def _checks(self, data: ModuleType) -> Iterator[tuple[str, str]]:
        """Name each check, with what is asked in the kernel."""
        for exercise in check_cells(self.path):
            for what in ("solution", "wrong_answers", "junk", "nothing_attempted"):
                yield f"exercise {exercise}: {what}", f"{what}({exercise!r})"
        for name in data.SLIDERS:
            yield f"slider {name}: positions", f"positions({name!r})"
        yield "all sliders: ends", "ends()"

    def setup(self) -> None:
        """Start the kernel. A message from one that has ended is not waited for."""
        super().setup()
        kernel, get_message = self.kernel, self.kernel.get_message

        def get_while_alive(stream: str, timeout: float | None = None) -> dict:
            end = time.monotonic() + (timeout or TIMEOUT)
            while True:
                left = end - time.monotonic()
                with contextlib.suppress(Empty):
                    return get_message(stream, timeout=max(min(left, LOOK), 0))
                if not kernel.is_alive():
                    raise RuntimeError(ENDED)
                if left <= LOOK:
                    raise Empty

        kernel.get_message = get_while_alive

    def ask(self, code: str) -> str:
        """Run code in the kernel; returns what it prints.

        Raises
        ------
        AssertionError
            It raised something; the message is what it said.
        """
        message = self.kernel.execute_cell_input(code, allow_stdin=False)
        self.kernel.await_reply(message, timeout=TIMEOUT)
        printed, error = "", ""
        while True:
            answer = self.kernel.get_message("iopub", timeout=TIMEOUT)
            if answer["parent_header"].get("msg_id") != message:
                continue
            kind, content = answer["msg_type"], answer["content"]
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            elif kind == "error":
                error = COLOURS.sub("", "\n".join(content["traceback"]))
            elif kind == "status" and content["execution_state"] == "idle":
                break
        assert not error, error
        return printed


class LessonCheck(pytest.Item):
    """A question to `in_kernel`, asked in the kernel that has run the lesson."""

    def __init__(self, *, call: str, **rest):
        super().__init__(**rest)
        self.call = call

    def runtest(self) -> None:
        """Ask, and keep the numbers that come back for the end of the run."""
        assert self.parent.kernel.is_alive(), ENDED
        if not self.parent.ready:
            if not self.parent.ran:  # with -k, say
                for cell in self.parent.nb.cells:
                    if cell.cell_type == "code" and "full" not in cell.metadata.get("tags", []):
                        self.parent.ask(cell.source)
            start = f"__import__('sys').path.insert(0, {str(TESTS)!r})"
            self.parent.ask(f"{start}\n__import__('in_kernel').begin({str(self.path)!r})")
            self.parent.ready = True
        printed = self.parent.ask(f"__import__('in_kernel').{self.call}")
        for line in printed.splitlines():
            count, _, what = line.partition(" ")
            self.user_properties.append(("covered", (what, int(count))))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Tell where this is, for the heading of a failure."""
        return self.path, 0, f"{self.path.stem}, {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Show what the kernel said, not the way it came here."""
        return str(excinfo.value)
