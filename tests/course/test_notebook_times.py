"""The time of notebooks: what is said, what is allowed, and a run that is too slow."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from notebook_times import said_seconds, times, too_slow

from notebooks import NEEDS_DEEP, cannot_run, needs_keras

ROOT = Path(__file__).parents[2]
MINUTES = "*20 minutes to read, 15 for the exercises.*"


def says(seconds):
    return f"# A lesson\n\n{MINUTES}\n\n*Its cells run in about {seconds} seconds on two cores.*\n"


def write_notebook(path, first, *cells):
    code = [v4.new_code_cell(cell, execution_count=n) for n, cell in enumerate(cells, 1)]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(first), *code])
    notebook.metadata.kernelspec = {"display_name": "Python 3", "name": "python3"}
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize(
    ("first", "seconds"),
    [
        (says(60), 60),
        (says(8).replace("\n\n*Its", "\n*Its"), 8),
        (says(60).replace(MINUTES, ""), None),
        (says("sixty"), None),
        (says(60).replace(" on two cores", ""), None),
        (MINUTES, None),
    ],
)
def test_what_the_first_cell_says(first, seconds, tmp_path):
    assert said_seconds(write_notebook(tmp_path / "1.ipynb", first, "")) == seconds


@pytest.mark.parametrize("durations", [[], [60.0], [50, 70], [0.1] * 1199])
def test_twice_the_time_is_allowed(durations):
    assert too_slow("22_a_lesson", durations, 60) == ""


@pytest.mark.parametrize("durations", [[140.0], [50, 70, 20], [0.1] * 1400])
def test_more_than_twice_the_time_is_told(durations):
    words = "22_a_lesson: its cells took 140 s; its first cell says about 60 s. Say more there"
    assert too_slow("22_a_lesson", durations, 60).startswith(words)
    assert too_slow("22_a_lesson", durations, 70) == ""


def test_a_notebook_that_names_no_time_may_take_any():
    assert too_slow("02_a_lesson", [1000], None) == ""


def test_the_time_is_told_in_words():
    words = "22_a_lesson: its cells took 13 s; its first cell says about 10 s."
    assert times("22_a_lesson", [12.4, 0.2], 10) == words


def test_which_notebooks_need_keras(tmp_path):
    call = "from helpers.deep.keras_extra import require_keras\n\nkeras = require_keras()"
    assert needs_keras(write_notebook(tmp_path / "1.ipynb", "", "1", call))
    assert not needs_keras(write_notebook(tmp_path / "2.ipynb", "`require_keras()`", "import cv2"))


def test_without_keras_only_those_notebooks_cannot_run(tmp_path, monkeypatch):
    needs = write_notebook(tmp_path / "1.ipynb", "", "require_keras()")
    other = write_notebook(tmp_path / "2.ipynb", "", "1")
    monkeypatch.setitem(sys.modules, "keras", None)
    assert cannot_run(needs)
    assert not cannot_run(other)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: f"where {name} is")
    assert not cannot_run(needs)


# The hooks of conftest.py in a run of their own, without Keras

WITHOUT_KERAS = "import sys; sys.modules['keras'] = None; import pytest; sys.exit(pytest.main())"


def run_pytest(folder):
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text("utf-8"), "utf-8")
    options = "--nbval --nbval-current-env -rfs -p no:cacheprovider"
    (folder / "pytest.ini").write_text(f"[pytest]\naddopts = {options}\n", "utf-8")
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    env = ours | {"PYTHONPATH": str(ROOT / "tests")}
    line = [sys.executable, "-c", WITHOUT_KERAS]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, env=env)


@pytest.mark.full
def test_a_notebook_that_is_too_slow_is_a_warning_with_the_figure(tmp_path):
    write_notebook(tmp_path / "20_slow.ipynb", says(0), "a = 1", "b = 2")
    write_notebook(tmp_path / "21_fast.ipynb", says(600), "a = 1")
    write_notebook(tmp_path / "22_deep.ipynb", says(0), "require_keras()", "a = 1")
    write_notebook(tmp_path / "02_early.ipynb", MINUTES, "a = 1")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "4 passed, 2 skipped" in done.stdout
    assert f"SKIPPED [2] {NEEDS_DEEP}" in done.stdout.replace("22_deep.ipynb: ", "")
    slow = r"^\s*20_slow\.ipynb::Cell 1.*\n.*20_slow: its cells took \d+ s; .* about 0 s\. Say more"
    assert re.search(slow, done.stdout, re.MULTILINE), done.stdout
    course = done.stdout.partition("= the time of notebooks =")[2]
    assert re.search(r"^20_slow: its cells took \d+ s; .* about 0 s\.$", course, re.MULTILINE)
    assert re.search(r"^21_fast: its cells took \d+ s; .* about 600 s\.$", course, re.MULTILINE)
    assert "22_deep" not in course.partition("short test summary")[0]
    assert "02_early" not in course
