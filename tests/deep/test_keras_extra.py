"""Keras is imported with the right backend, or one line says how to get it."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import v4

from helpers.deep import keras_extra
from helpers.deep.keras_extra import MISSING, NeedsKeras, require_keras

HAS_DEEP = all(importlib.util.find_spec(name) for name in ("keras", "jax"))


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Return a function that says what is installed; nothing is imported, nothing is set."""
    # An empty name counts as none, and monkeypatch puts the old one back.
    monkeypatch.setenv("KERAS_BACKEND", "")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras_extra, "import_module", lambda name: f"the module {name}")

    def have(*names):
        monkeypatch.setattr(keras_extra, "_is_installed", lambda name: name in names)

    return have


def settings(folder, backend):
    (folder / "keras.json").write_text(json.dumps({"floatx": "float32", "backend": backend}))


@pytest.mark.parametrize(
    ("names", "chosen", "in_settings", "backend"),
    [
        (["jax"], "", None, "jax"),
        (["jax", "tensorflow", "torch"], "", None, "jax"),
        (["torch"], "", None, "torch"),
        (["jax"], "", "tensorflow", "jax"),
        (["jax", "torch"], "", "torch", "torch"),
        (["jax", "numpy"], "", "numpy", "jax"),
        (["jax", "torch"], "jax", "torch", "jax"),
        (["jax", "torch"], "torch", "jax", "torch"),
    ],
)
def test_the_backend(names, chosen, in_settings, backend, installed, tmp_path, monkeypatch):
    installed("keras", *names)
    monkeypatch.setenv("KERAS_BACKEND", chosen)
    if in_settings:
        settings(tmp_path, in_settings)
    assert require_keras() == "the module keras"
    assert os.environ["KERAS_BACKEND"] == backend


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", "null", '{"backend": null}', "{}"])
def test_settings_that_say_nothing(text, installed, tmp_path):
    (tmp_path / "keras.json").write_text(text)
    installed("keras", "jax")
    require_keras()
    assert os.environ["KERAS_BACKEND"] == "jax"


@pytest.mark.parametrize(
    ("names", "chosen", "line"),
    [
        ([], "", MISSING),
        ([], "torch", MISSING),
        (["jax"], "", MISSING),
        (["keras"], "", MISSING),
        (["keras"], "jax", MISSING),
        (["keras", "jax"], "torch", "KERAS_BACKEND names torch, which is not installed."),
        (["keras", "jax"], "numpy", "names numpy; set it to jax or tensorflow or torch."),
    ],
)
def test_what_is_missing_is_told_in_one_line(names, chosen, line, installed, monkeypatch):
    installed(*names)
    monkeypatch.setenv("KERAS_BACKEND", chosen)
    with pytest.raises(NeedsKeras) as error:
        require_keras()
    assert line in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value._render_traceback_() == [str(error.value)]
    assert os.environ["KERAS_BACKEND"] == chosen


def test_keras_that_cannot_be_imported(installed, monkeypatch):
    def fail(name):
        raise ImportError("No module named 'optree'")

    installed("keras", "jax")
    monkeypatch.setattr(keras_extra, "import_module", fail)
    with pytest.raises(NeedsKeras, match=r"No module named 'optree'.* python start.py --deep$"):
        require_keras()


def test_run_all_stops_with_one_line():
    cells = [
        "import sys\n\nsys.modules['keras'] = None  # as if it were not installed",
        "from helpers.deep.keras_extra import require_keras\n\nkeras = require_keras()",
        "print('later')",
    ]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, timeout=120).execute()
    first, second, third = notebook.cells
    assert first.outputs == []
    (output,) = second.outputs
    assert output.output_type == "error"
    assert output.traceback == [MISSING]
    assert MISSING.endswith("close JupyterLab and type: python start.py --deep")
    assert third.outputs == []
    assert third.execution_count is None


@pytest.mark.skipif(not HAS_DEEP, reason="needs the extra deep: python start.py test --deep")
def test_keras_trains_on_jax_though_its_own_settings_name_tensorflow(tmp_path):
    settings(tmp_path, "tensorflow")
    code = (
        "from helpers.deep.keras_extra import require_keras\n"
        "keras = require_keras()\n"
        "print(keras.__name__, keras.backend.backend())"
    )
    env = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    env["KERAS_HOME"] = str(tmp_path)
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, env=env)
    assert done.stdout == "keras jax\n", done.stderr


@pytest.mark.parametrize("module", ["helpers", "helpers.deep.keras_extra"])
def test_nothing_is_imported_before_it_is_asked_for(module):
    names = ["keras", "jax", "onnx", "sklearn"]
    code = f"import sys, {module}; print([n for n in {names} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
