"""The notebooks as the tests read them: their cells, exercises, and what they need."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import nbformat

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*.ipynb"))
SOLUTION = re.compile(r"<details><summary>Solution</summary>\n\n```python\n(.*?)```", re.DOTALL)
CHECK = re.compile(r'check\("(\d\d\.\d)"')
NEEDS_DEEP = "needs the extra deep: python start.py test --deep"


@cache
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


def needs_keras(path: Path) -> bool:
    return any("require_keras(" in cell.source for cell in code_cells(path))


def cannot_run(path: Path) -> bool:
    """Whether a notebook needs Keras, and it is not there."""
    return needs_keras(path) and importlib.util.find_spec("keras") is None
