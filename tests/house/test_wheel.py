"""The wheel: built and installed offline into an empty environment, and used from a folder abroad.

Dependencies are those of the environment that runs the tests, seen through a .pth file; those
named in the variable HIDDEN are as if they were not installed.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import venv as venv_module
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
KERAS = "keras jax jaxlib onnx"
ALL_BUT_THE_BASE = (
    "skimage matplotlib IPython ipywidgets anywidget traitlets jinja2 sklearn scipy imutils "
    + KERAS
)
HIDE = 'import os, sys; sys.modules.update(dict.fromkeys(os.environ.get("HIDDEN", "").split()))\n'
DATA = {".css", ".html", ".j2", ".js", ".json", ".onnx", ".txt", ".woff"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel, built as an installer builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"import flit_core.buildapi as build; build.build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """Return the folder of the programs of a new environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("new") / "environment"
    venv_module.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / PROGRAMS
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install"]
    if importlib.util.find_spec("pip") is None:  # uv made this environment
        pip = [shutil.which("uv"), "pip", "install", "--python", str(folder)]
    subprocess.run([*pip, "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", scheme))
    found = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    found += [str(Path(module.__file__).parents[1]) for module in (np, cv2)]
    (site / "dependencies.pth").write_text(HIDE + "\n".join(dict.fromkeys(found)) + "\n")
    return programs


@pytest.fixture
def run(programs, tmp_path):
    """Return what runs a program of the new environment in a folder without the course."""

    def run(program, *arguments, hidden="", status=0):
        environment = dict(os.environ, HIDDEN=hidden)
        environment.pop("PYTHONPATH", None)
        line = [str(programs / program), *map(str, arguments)]
        output = {"capture_output": True, "text": True, "encoding": "utf-8"}
        done = subprocess.run(line, cwd=tmp_path, env=environment, timeout=120, **output)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def pictures(tmp_path):
    """Return the names of two small pictures, of which the second has a black square."""
    first = np.random.default_rng(1).integers(60, 200, (12, 16, 3), dtype=np.uint8)
    first = cv2.resize(first, (160, 120), interpolation=cv2.INTER_CUBIC)
    second = first.copy()
    second[40:60, 30:70] = 0
    for name, picture in (("one.png", first), ("two.png", second)):
        assert cv2.imwrite(str(tmp_path / name), picture)
    return "--first", "one.png", "--second", "two.png"


def files_of_the_package():
    paths = (path for path in (ROOT / "helpers").rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_with_its_data_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    notes = {name for name in names if ".dist-info/" in name}
    assert any(name.endswith("/licenses/LICENSE") for name in notes)
    assert names - notes == files_of_the_package()
    assert {Path(name).suffix for name in names - notes} >= DATA


def test_the_package_is_that_of_the_wheel(run, programs):
    done = run("python", "-c", "import helpers; print(helpers.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(programs.parent)


@pytest.mark.parametrize("program", [["image-diff"], ["python", "-m", "helpers"]])
def test_the_base_is_enough_to_compare(run, pictures, tmp_path, program):
    done = run(*program, *pictures, "--out", "found", hidden=ALL_BUT_THE_BASE, status=1)
    assert "1 box (x, y, width, height):\n  30, 40, 40, 20\n" in done.stdout
    assert len(list((tmp_path / "found").glob("*.png"))) == 4
    assert done.stderr == ""


def test_without_pillow_a_sentence_says_so(run, pictures):
    done = run("image-diff", *pictures, hidden="PIL", status=2)
    assert "Pillow, which reads what one.png says of itself, cannot be imported" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_report_is_written(run, pictures, tmp_path):
    run("image-diff", *pictures, "--report", "report.html", status=1)
    assert "data:image/" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", [["--report", "report.html"], ["--show"]])
def test_what_needs_more_says_so_in_a_sentence(run, pictures, option):
    done = run("image-diff", *pictures, *option, hidden=ALL_BUT_THE_BASE, status=2)
    assert f"image-diff: {option[0]} needs " in done.stderr
    assert "type `python start.py`" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_base_is_enough_to_score(run, pictures, tmp_path):
    entry = {"name": "a", "first": "one.png", "second": "two.png", "boxes": [[30, 40, 40, 20]]}
    (tmp_path / "pairs.json").write_text(json.dumps({"pairs": [entry]}))
    done = run("image-diff", "evaluate", ".", "--json", hidden=ALL_BUT_THE_BASE)
    assert json.loads(done.stdout)["scores"]["f1"] == 1
    code = "import helpers; print(helpers.evaluate('.').scores.f1)"
    done = run("python", "-c", code, hidden=ALL_BUT_THE_BASE)
    assert done.stdout == "1.0\n"


CHALLENGE = """
from helpers.challenge import Challenge
print(len(Challenge(seed=13, pairs=2).score("classic").boxes))
"""


def test_a_challenge_draws_and_judges(run):
    assert run("python", "-c", CHALLENGE, hidden=KERAS).stdout == "2\n"


def test_a_challenge_without_what_it_draws_with_says_so(run):
    done = run("python", "-c", CHALLENGE, hidden="skimage PIL", status=1)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: A challenge draws its pairs with scikit-image and Pillow")
    assert "`pip install scikit-image pillow`" in last


IMPORTS = """
import importlib, json, pkgutil, helpers
said = {}
for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
    if module.name == "helpers.__main__":
        continue
    try:
        importlib.import_module(module.name)
        said[module.name] = ""
    except (Exception, SystemExit) as error:
        said[module.name] = f"{type(error).__name__}: {error}"
print(json.dumps(said))
"""


def test_every_module_can_be_imported_unless_it_needs_keras(run):
    said = json.loads(run("python", "-c", IMPORTS, hidden=KERAS).stdout)
    assert len(said) > 80
    stopped = {name: text for name, text in said.items() if text}
    assert "Run the doctor in the folder of the course." in stopped.pop("helpers.course.doctor")
    missing = "NeedsKeras: ", "ModuleNotFoundError: import of onnx"
    assert [name for name, text in stopped.items() if not text.startswith(missing)] == []


ABROAD = """
import numpy as np
from helpers.course import check
from helpers.deep.pages import load_pages
from helpers.places import CourseFileError
picture = np.zeros((40, 60, 3), np.uint8)
for look in (check, "05.1", 1, 1), (check, "01.1", picture), (load_pages, "known"):
    try:
        print(look[0](*look[1:]))
    except CourseFileError as error:
        print(error)
"""


def test_what_needs_the_course_says_so_in_a_sentence(run):
    said = run("python", "-c", textwrap.dedent(ABROAD)).stdout.splitlines()
    assert [line.partition(" in ")[0] for line in said] == [
        "There is no images/pairs.json",
        "There is no images/pairs.json",
        "There is no images/pages/pages.json",
    ]
    assert all("open it and type `python start.py`" in line for line in said)


def test_a_library_that_is_missing_is_not_told_as_an_unknown_exercise(run):
    code = "from helpers.course import check; check('05.1', 1, 1)"
    done = run("python", "-c", code, hidden=ALL_BUT_THE_BASE, status=1)
    assert done.stderr.splitlines()[-1].startswith("ModuleNotFoundError: ")
