"""The pipelines that learners write: solutions of lessons 13 and 15, read from the notebooks."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from peers import Find

import helpers

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
SOLUTIONS = {  # the best pipeline that a solution of the lesson writes out
    "lesson 13": ("13_score_your_pipeline.ipynb", "better_pipeline"),
    "lesson 15": ("15_beat_the_robust_method.ipynb", "tolerant_pipeline"),
}


@cache
def solution(lesson: str) -> Find:
    """Define the functions of a lesson, those of its solutions too; return its pipeline."""
    notebook, name = SOLUTIONS[lesson]
    known = {"cv2": cv2, "np": np, "helpers": helpers}
    for cell in json.loads((NOTEBOOKS / notebook).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        for code in [source] if cell["cell_type"] == "code" else PYTHON.findall(source):
            functions = [part for part in _body(code) if isinstance(part, ast.FunctionDef)]
            exec(compile(ast.Module(functions, []), notebook, "exec"), known)
    return known[name]


def _body(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except SyntaxError:  # a line for the shell
        return []
