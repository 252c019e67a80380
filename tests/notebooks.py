"""The lessons as the tests use them: their cells, and the variables that their cells leave."""

import contextlib
import copy
import importlib.util
import re
from functools import cache
from pathlib import Path
from unittest import mock

import nbformat
import numpy as np
import pytest

import helpers
from helpers.course.exercises import Feedback
from helpers.viewer import explorer

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*.ipynb"))
SOLUTION = re.compile(r"<details><summary>Solution</summary>\n\n```python\n(.*?)```", re.DOTALL)
CHECK = re.compile(r'check\("(\d\d\.\d)"')
NEEDS_DEEP = "needs the extra deep: python start.py test --deep"


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def check_cells(path: Path) -> dict[str, str]:
    """The cells that check an exercise, below its name."""
    sources = [cell.source for cell in code_cells(path)]
    return {CHECK.search(source)[1]: source for source in sources if CHECK.search(source)}


def solutions(path: Path) -> list[str]:
    texts = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    return [solution for text in texts for solution in SOLUTION.findall(text)]


@cache
def needs_keras(path: Path) -> bool:
    return any("require_keras(" in cell.source for cell in code_cells(path))


def cannot_run(path: Path) -> bool:
    """Whether a notebook needs Keras, and it is not there."""
    return needs_keras(path) and importlib.util.find_spec("keras") is None


@cache
def variables(path: Path) -> dict:
    """What the cells of a lesson leave when nothing is attempted.

    Cells with the tag "aside" take long and leave nothing that an exercise needs; nbval runs them.
    """
    if cannot_run(path):
        pytest.skip(NEEDS_DEEP)
    namespace = {}
    for cell in code_cells(path):
        if "aside" in cell.metadata.get("tags", []):
            continue
        lines = [line for line in cell.source.splitlines() if line[:1] not in ("!", "%")]
        run("\n".join(lines), namespace)
    return namespace


def answer(path: Path, exercise: str, snippet: str) -> Feedback:
    """What the check of an exercise says after a learner has run this snippet."""
    namespace = copied(variables(path), snippet)
    run(snippet, namespace)
    return eval(check_cells(path)[exercise], namespace)


@cache
def solved(path: Path, count: int) -> dict:
    """What the first solutions leave: later ones may use what earlier ones leave."""
    if count == 0:
        return variables(path)
    solution = solutions(path)[count - 1]
    namespace = copied(solved(path, count - 1), solution)
    run(solution, namespace)
    return namespace


def copied(namespace: dict, snippet: str) -> dict:
    """The variables, those that the snippet names as copies."""
    words = set(re.findall(r"\w+", snippet))
    return {name: fresh(v) if name in words else v for name, v in namespace.items()}


def fresh(value: object) -> object:
    """A copy, where a snippet could change the value for the next one."""
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict)) else value


def run(source: str, namespace: dict) -> None:
    """Run code in the folder of the notebooks and show nothing."""

    def nothing(*data: object, **options: object) -> None:
        pass

    shown = [(helpers.viewer.figures, "display"), (explorer, "display")]
    with contextlib.ExitStack() as stack:
        for module, name in shown:
            stack.enter_context(mock.patch.object(module, name, nothing, create=True))
        stack.enter_context(contextlib.chdir(FOLDER))
        exec(compile(source, "a cell", "exec"), namespace)
