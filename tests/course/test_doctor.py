"""The doctor: every failure is made for real in a folder of its own, then found in words."""

import ast
import json
import os
import pathlib
import socket
import subprocess
import sys
import venv as venv_module

import pytest

from helpers.course import doctor

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANAGER = "@jupyter-widgets/jupyterlab-manager"
PROGRAMS = "Scripts/python.exe" if os.name == "nt" else "bin/python"
ORDER = "The set-up is in order."


@pytest.fixture(autouse=True)
def has_pip(monkeypatch):
    """A set-up made by uv has no pip: then findings would name another command."""
    monkeypatch.setattr(doctor, "HAS_PIP", True)


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def install(folder, *packages):
    """Leave what pip leaves of these packages, and read it as the doctor does."""
    for package in packages:
        name, version = package.split("==")
        info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        write(info / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return doctor.read_installed([str(folder)])


def only(findings, *words):
    """There is one finding, and it has these words; return it as one text."""
    assert len(findings) == 1
    assert all(isinstance(text, str) and text for text in findings[0])
    text = "\n".join(findings[0])
    for word in words:
        assert word in text
    return text


def bare_python(folder):
    """Make a virtual environment with nothing in it; return its Python."""
    venv_module.create(folder, with_pip=False, symlinks=os.name != "nt")
    return folder / PROGRAMS


def run_file(root=ROOT, python=sys.executable, **variables):
    environment = dict(os.environ, **{name: str(value) for name, value in variables.items()})
    line = [str(python), str(root / "helpers" / "course" / "doctor.py")]
    return subprocess.run(line, capture_output=True, text=True, env=environment, cwd=root)


@pytest.fixture
def course(tmp_path):
    """Return a small course of one pair, with the doctor and without .venv."""
    root = tmp_path / "course"
    pair = {"first": "one.png", "second": "two.png"}
    write(root / "images" / "pairs.json", json.dumps({"pairs": [pair]}))
    for name in ("images/one.png", "images/two.png", "helpers/__init__.py", "notebooks/execute.py"):
        write(root / name)
    write(root / "requirements.txt", "numpy==2.4.0 \\\n    --hash=sha256:00\n")
    write(root / "requirements-deep.txt", "keras==3.15.1 \\\n    --hash=sha256:00\n")
    for name in ("start.py", "helpers/course/doctor.py", "helpers/course/environment.py"):
        write(root / name, (ROOT / name).read_text(encoding="utf-8"))
    return root


# The file itself


def test_old_pythons_can_read_the_file():
    source = (ROOT / "helpers" / "course" / "doctor.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_without_start_it_says_where_it_belongs(course):
    for name in ("helpers/course/environment.py", "start.py"):
        (course / name).unlink()
        done = run_file(course)
        place = (course / name).parent
        found = f"There is no {(course / name).name} in {place}. Run the doctor in "
        assert done.stderr.startswith(found)
        assert (done.returncode, done.stdout) == (1, "")


def test_it_runs_where_nothing_is_installed_and_says_that_venv_is_missing(course, tmp_path):
    done = run_file(course, bare_python(tmp_path / "bare"))
    assert done.stdout.startswith("1. The folder .venv is missing.")
    assert "Type commands in a terminal, in the course's folder." in done.stdout
    assert done.stderr == ""
    assert done.returncode == 1


# A set-up that works


def test_a_healthy_set_up_has_no_finding(tmp_path):
    done = run_file(JUPYTER_DATA_DIR=tmp_path / "data", JUPYTER_CONFIG_DIR=tmp_path / "config")
    lines = [line for line in done.stdout.splitlines() if not line.startswith("Port ")]
    assert lines == [ORDER, *doctor.HINT.splitlines()]
    assert done.returncode == 0


def in_a_notebook(folder, **variables):
    file = (ROOT / "helpers" / "course" / "doctor.py").as_posix()
    code = f"%run '{file}'\nprint('the cell goes on')"
    line = [sys.executable, "-m", "IPython", "--no-banner", "--quick", "-c", code]
    environment = dict(os.environ, **{name: str(value) for name, value in variables.items()})
    done = subprocess.run(line, capture_output=True, text=True, cwd=folder, env=environment)
    return done.stdout


def test_a_notebook_shows_one_line(tmp_path):
    out = in_a_notebook(ROOT / "notebooks", JUPYTER_DATA_DIR=tmp_path, IPYTHONDIR=tmp_path)
    assert out == f"{ORDER}\nthe cell goes on\n"


def test_findings_do_not_end_a_notebook(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    out = in_a_notebook(folder, JUPYTER_DATA_DIR=tmp_path, IPYTHONDIR=tmp_path)
    assert out.startswith("1. The notebook works in the folder ")
    assert out.endswith(
        "\nType commands in a terminal, in the course's folder.\nthe cell goes on\n"
    )


# Python


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_unsuitable_python(version):
    only(doctor.check_version(version), f"Python {version[0]}.{version[1]}.", "python start.py")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_suitable_python(version):
    assert doctor.check_version(version) == []


def test_an_unsuitable_python_is_the_only_finding(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 1))
    only(doctor.examine(in_notebook=True), "Python 3.9.")


def test_another_python_than_that_of_venv(tmp_path):
    venv = tmp_path / ".venv"
    only(doctor.check_venv(venv), ".venv is missing", "python start.py")
    venv.mkdir()
    only(doctor.check_venv(venv), "does not run", "python start.py")
    bare_python(venv)
    only(doctor.check_venv(venv), "not the course's Python", sys.executable, "python start.py")


def test_a_python_of_venv_that_is_damaged(tmp_path):
    python = bare_python(tmp_path / ".venv")
    (python.parent.parent / "pyvenv.cfg").write_text("home = /nowhere\n")
    python.unlink()
    write(python, "#!/bin/sh\nexit 3\n").chmod(0o755)
    only(doctor.check_venv(tmp_path / ".venv"), "does not run")


# What start.py says, too


@pytest.mark.parametrize("name", ["PYTHONPATH", "PIP_TARGET", "JUPYTER_PATH", "UV_SYSTEM_PYTHON"])
def test_variable_that_start_leaves_out(course, name):
    findings = doctor.check_variables(course, {name: "/elsewhere", "PIP_CERT": "a", "HOME": "b"})
    only(findings, f"Set here: {name}.", "away from the course", "`python start.py`")
    assert doctor.check_variables(course, {"PYTHONPATH": str(course)}) == []


def test_foreign_packages_are_one_finding(tmp_path):
    write(tmp_path / "numpy.py", "raise ImportError('foreign')")
    folders = {"JUPYTER_DATA_DIR": tmp_path / "data", "JUPYTER_CONFIG_DIR": tmp_path / "config"}
    done = run_file(PYTHONPATH=tmp_path, **folders)
    assert done.stdout.startswith("1. Set here: PYTHONPATH.\n")
    assert "cv2" not in done.stdout


@pytest.fixture
def set_up(course, monkeypatch):
    """Return the small course with a .venv that is complete."""
    monkeypatch.setattr(doctor, "OURS", True)
    bare_python(course / ".venv")
    doctor.environment.write_stamp(course / ".venv", installed="a")
    assert doctor.check_set_up(course) == []
    return course


def test_course_that_was_moved(set_up, tmp_path):
    moved = set_up.rename(tmp_path / "moved")
    only(doctor.check_set_up(moved), f"made in another folder, {set_up}", "without network")


def test_set_up_that_was_cut_short(set_up):
    (set_up / ".venv").rename(set_up / doctor.environment.ASIDE)
    only(doctor.check_set_up(set_up), "cut short", doctor.environment.ASIDE, "python start.py")


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_something_in_the_place_of_the_lock(set_up, kind):
    place = set_up / doctor.environment.LOCK
    place.mkdir() if kind == "folder" else place.symlink_to(set_up / "start.py")
    only(doctor.check_set_up(set_up), "in the place of a lock", "Move it away, then type: python")


def test_what_is_printed_moves_no_cursor(monkeypatch, capsys):
    finding = doctor.Finding("a\x1b[2Jb", "why\u202e", "fix")
    monkeypatch.setattr(doctor, "examine", lambda in_notebook: [finding])
    doctor.main(in_notebook=True)
    assert capsys.readouterr().out.startswith("1. a\\x1b[2Jb\nwhy\\u202e\nfix\n\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_folder_with_a_name_that_breaks_the_course(set_up, tmp_path):
    moved = set_up.rename(tmp_path / "a:b")
    assert doctor.check_set_up(moved)[0].what.endswith("in PATH. Rename the folder.")
    assert run_file(moved).stdout.startswith("1. The path of this folder, '")


# Files


@pytest.mark.parametrize(
    "name",
    [
        "images/one.png",
        "images/two.png",
        "helpers/__init__.py",
        "requirements.txt",
        "requirements-deep.txt",
    ],
)
def test_missing_file(course, name):
    (course / name).unlink()
    only(doctor.check_files(course), f"missing: {name}.", f"git restore {name} ")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pairs": []}'])
def test_pairs_that_cannot_be_read(course, text):
    write(course / "images" / "pairs.json", text)
    only(doctor.check_files(course), "names no pairs", "git restore images/pairs.json")


def test_missing_pairs(course):
    (course / "images" / "pairs.json").unlink()
    only(doctor.check_files(course), "missing: images/pairs.json")
    assert doctor.check_files(ROOT) == []


def test_working_folder(course):
    assert doctor.check_working_folder(course / "notebooks") == []
    only(doctor.check_working_folder(course), str(course), "into the folder notebooks")


# Packages


@pytest.mark.parametrize("other", [name for name in doctor.OPENCV if name != doctor.HEADLESS])
def test_two_opencvs(tmp_path, other):
    installed = install(tmp_path, f"{other}==4.11.0", f"{doctor.HEADLESS}==5.0.0.93")
    text = only(doctor.check_opencv(installed), other, "over the files of the other")
    assert "takes away files of the one that stays" in text


def test_another_opencv_alone(tmp_path):
    installed = install(tmp_path, "opencv-python==4.11.0")
    only(doctor.check_opencv(installed), "Installed is opencv-python;", "must not be installed")


def test_pinned_opencv_alone(tmp_path):
    assert doctor.check_opencv(install(tmp_path)) == []
    assert doctor.check_opencv(install(tmp_path, f"{doctor.HEADLESS}==5.0.0.93")) == []


@pytest.mark.parametrize(
    ("kernel", "front", "fits"),
    [("8.1.9", "3.0.17", True), ("7.8.5", "1.1.11", True), ("8.1.9", "1.1.11", False)],
)
def test_halves_of_ipywidgets(tmp_path, kernel, front, fits):
    installed = install(tmp_path, f"ipywidgets=={kernel}", f"jupyterlab_widgets=={front}")
    findings = doctor.check_widgets(installed)
    if fits:
        assert findings == []
    else:
        only(findings, f"ipywidgets {kernel} and jupyterlab_widgets {front}", "-r requirements.txt")


PINS = """\
# numpy==1.0
anyio==4.16.0 \\
    --hash=sha256:59
jinja2==3.1
appnope==1.0.0 ; sys_platform == 'nowhere' \\
    --hash=sha256:59
scipy==1.17.1 ; python_full_version >= '3.0' \\
    --hash=sha256:59
"""


def test_pins_are_those_of_this_platform(monkeypatch):
    assert doctor.read_pins(PINS) == {"anyio": "4.16.0", "jinja2": "3.1", "scipy": "1.17.1"}
    monkeypatch.setitem(sys.modules, "packaging.markers", None)
    assert doctor.read_pins(PINS) == {"anyio": "4.16.0", "jinja2": "3.1"}


def test_packages_that_are_missing_or_of_another_version(tmp_path):
    pins = doctor.read_pins(PINS)
    installed = install(tmp_path, "anyio==4.16.0", "Jinja2==3.0")
    text = only(doctor.check_packages(pins, installed), "Missing packages: scipy.")
    assert "another version: jinja2 3.0 (3.1 is pinned)." in text
    installed = install(tmp_path, "Jinja2==3.1", "scipy==1.17.1")
    assert doctor.check_packages(pins, installed) == []


def test_only_the_first_packages_are_named():
    pins = dict.fromkeys("abcdef", "1")
    only(doctor.check_packages(pins, {}), "Missing packages: a, b, c, d, and 2 more.")


# The extra deep


def stamp(root, deep):
    write(root / ".venv" / "start.json", json.dumps({"installed": "a", "deep": deep}))


def test_deep_that_is_not_complete(course, tmp_path):
    stamp(course, deep="a hash")
    text = only(doctor.check_deep(course, {}), "Missing packages: keras.", "that train networks")
    assert text.endswith("pip install --require-hashes -r requirements-deep.txt")
    other = install(tmp_path / "other", "keras==3.0.0")
    only(doctor.check_deep(course, other), "keras 3.0.0 (3.15.1 is pinned)")
    assert doctor.check_deep(course, install(tmp_path / "same", "keras==3.15.1")) == []


def test_deep_whose_installation_was_cut_short(course):
    stamp(course, deep="")
    text = only(doctor.check_deep(course, {}), "Missing packages: keras.")
    assert text.endswith("Close JupyterLab, then type: python start.py --deep")


def test_deep_is_not_missed_where_it_never_was(course):
    assert doctor.check_deep(course, {}) == []
    stamp(course, deep=None)
    assert doctor.check_deep(course, {}) == []


@pytest.mark.parametrize("ours", [True, False])
def test_deep_is_looked_at_in_the_courses_python_only(ours, monkeypatch):
    monkeypatch.setattr(doctor, "OURS", ours)
    monkeypatch.setattr(doctor, "check_deep", lambda *_: ["a finding"])
    assert ("a finding" in doctor.examine(in_notebook=True)) == ours


# The commands that fix


@pytest.fixture
def tools(monkeypatch):
    def have(pip, uv, windows=False):
        monkeypatch.setattr(doctor, "HAS_PIP", pip)
        monkeypatch.setattr(doctor.shutil, "which", lambda name: uv)
        monkeypatch.setattr(doctor, "PYTHON", "py")
        monkeypatch.setattr(doctor, "WINDOWS", windows)

    return have


def test_commands_are_those_of_the_tool_that_is_there(tools):
    pinned = "--require-hashes -r requirements.txt"
    tools(pip=True, uv=True)
    assert doctor.pip_pinned() == f"Type: py -m pip install {pinned}"
    tools(pip=False, uv=True)
    assert doctor.pip_pinned() == f"Type: uv pip install --python py {pinned}"
    tools(pip=False, uv=None)
    assert doctor.pip_pinned() == "Delete the folder .venv, then type: python start.py"


def test_opencv_is_fixed_by_one_line_in_every_shell(tools):
    every, pinned = " ".join(doctor.OPENCV), "--require-hashes -r requirements.txt"
    line = f"py -m pip uninstall -y {every} && py -m pip install {pinned}"
    tools(pip=True, uv=None)
    assert doctor.pip_opencv() == f"Type: {line}"
    tools(pip=True, uv=None, windows=True)
    assert doctor.pip_opencv() == f'Type: cmd /c "{line}"'
    tools(pip=False, uv=True)
    assert f"uv pip uninstall --python py {every} && uv" in doctor.pip_opencv()


# What is installed and does not work


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "raise ImportError('libGL.so.1: cannot open shared object file')",
            ["ImportError: libGL.so.1", "opens windows on a screen", doctor.HEADLESS],
        ),
        ("raise ImportError('numpy.core.multiarray')", ["multiarray", "missing or damaged"]),
        ("", ["has no attribute 'imread'", "a file of yours"]),
        ("import os; os._exit(9)", ["exit status 9"]),
    ],
)
def test_opencv_that_cannot_be_imported(tmp_path, source, words):
    write(tmp_path / "cv2.py", source)
    only(doctor.check_cv2(tmp_path), "import cv2 fails", *words)


def test_opencv_that_works(tmp_path):
    assert doctor.check_cv2(tmp_path) == []


def test_helpers_of_another_folder(course):
    only(doctor.check_helpers(course), f"takes {ROOT}", "moved or copied", "-e .")
    assert doctor.check_helpers(ROOT) == []


def test_helpers_that_were_changed(course):
    write(course / "notebooks" / "helpers.py", "1 +\n")
    only(doctor.check_helpers(course), "SyntaxError", "was changed", "git status")


def test_helpers_that_are_not_installed(course, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.sys, "executable", str(bare_python(tmp_path / "bare")))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    only(doctor.check_helpers(course), "No module named 'helpers'", "not known", "-e .")


# Jupyter


def extension(folder, name, version):
    write(folder / name / "package.json", json.dumps({"name": name, "version": version}))


@pytest.fixture
def extensions(tmp_path):
    """Return a user's folder of extensions, which is empty, and the course's, which has both."""
    user, own = tmp_path / "user", tmp_path / "own"
    extension(own, MANAGER, "5.0.16")
    extension(own, "anywidget", "0.11.0")
    return user, own


@pytest.mark.parametrize(
    ("name", "package"), [(MANAGER, "jupyterlab-widgets"), ("anywidget", "anywidget")]
)
def test_missing_extension(extensions, name, package):
    (extensions[1] / name / "package.json").unlink()
    findings = doctor.check_extensions(extensions, extensions[1], {package: "3.0.17"})
    only(findings, f"{name} of JupyterLab is missing", "stay text", f"--no-deps {package}==3.0.17")


@pytest.mark.parametrize("name", [MANAGER, "anywidget"])
def test_old_extension_in_the_users_folder(extensions, name):
    user, own = extensions
    assert doctor.check_extensions([own, user], own, {}) == []
    extension(user, name, "3.1")
    only(doctor.check_extensions([user, own], own, {}), f"{name} 3.1 from {user}", "Move that")
    assert doctor.check_extensions([own, user], own, {}) == []


def test_extension_in_another_folder_than_the_course_has_it(extensions, tmp_path):
    assert doctor.check_extensions(extensions, tmp_path / "nothing", {}) == []


def disable(folder, disabled):
    write(folder / "page_config.json", json.dumps({"disabledExtensions": disabled}))


@pytest.mark.parametrize("level", ["user", "sys_prefix", "system"])
@pytest.mark.parametrize("name", [MANAGER, f"{MANAGER}:plugin", "anywidget"])
def test_extension_that_is_switched_off(tmp_path, level, name):
    folders = {tmp_path / which: which for which in ("user", "sys_prefix", "system")}
    disable(tmp_path / level, {name: True, "@jupyterlab/apputils-extension:announcements": True})
    findings = doctor.check_settings(list(folders), folders)
    text = only(findings, f"{name} of JupyterLab is switched off in {tmp_path / level}.")
    assert text.endswith(f'-m jupyterlab.labextensions enable "{name}" --level={level}')


def test_settings_of_the_first_folder_count_most(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    disable(second, ["anywidget"])
    only(doctor.check_settings([first, second], {}), "anywidget", str(second), "--level=system")
    disable(first, {"anywidget": False})
    assert doctor.check_settings([first, second], {}) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "7"])
def test_settings_that_cannot_be_read_are_none(tmp_path, text):
    write(tmp_path / "page_config.json", text)
    assert doctor.check_settings([tmp_path], {}) == []


def kernel(folder, python):
    spec = {"argv": [str(python), "-m", "ipykernel_launcher"], "display_name": "Python 3"}
    write(folder / "python3" / "kernel.json", json.dumps(spec))


def test_kernel_of_a_python_that_is_gone(tmp_path):
    kernel(tmp_path, tmp_path / "gone" / "python")
    words = "which is not there", "gone", "Rename that folder"
    only(doctor.check_kernel([tmp_path / "no", tmp_path], sys.executable), *words)


def test_kernel_of_another_python(tmp_path):
    other = bare_python(tmp_path / "other")
    kernel(tmp_path, other)
    text = only(doctor.check_kernel([tmp_path], sys.executable), f"starts {other}.")
    assert "not there" not in text


@pytest.mark.parametrize("command", ["python", "python3", sys.executable])
def test_kernel_of_this_python(tmp_path, command):
    kernel(tmp_path / "1", command)
    kernel(tmp_path / "2", "gone")
    assert doctor.check_kernel([tmp_path / "1", tmp_path / "2"], sys.executable) == []
    assert doctor.check_kernel([tmp_path], sys.executable) == []


@pytest.mark.parametrize("text", ["", "{}", '{"argv": []}'])
def test_kernel_that_cannot_be_read(tmp_path, text):
    write(tmp_path / "python3" / "kernel.json", text)
    only(doctor.check_kernel([tmp_path], sys.executable), "which is not there")


def test_jupyter_says_which_folders_count(tmp_path):
    """A real user's folders: what lies there counts when Jupyter says that they come first."""
    kernel(tmp_path / "data" / "kernels", "gone")
    extension(tmp_path / "data" / "labextensions", "anywidget", "0.1.0")
    disable(tmp_path / "config" / "labconfig", {MANAGER: True})
    folders = {"JUPYTER_DATA_DIR": tmp_path / "data", "JUPYTER_CONFIG_DIR": tmp_path / "config"}
    done = run_file(JUPYTER_PREFER_ENV_PATH=0, **folders)
    assert done.returncode == 1
    assert "JupyterLab takes anywidget 0.1.0 from " in done.stdout
    assert f'enable "{MANAGER}" --level=user' in done.stdout
    assert "starts gone, which is not there" in done.stdout
    done = run_file(**folders)
    assert [line[:2] for line in done.stdout.splitlines() if line[1:2] == "."] == ["1."]


# Folders and ports


def test_folder_that_cannot_be_written_to(tmp_path):
    # Every folder can be written to by root; a folder below a file by nobody.
    file = write(tmp_path / "a file")
    only(doctor.check_writing(file / "runtime"), f"{file} cannot be written to", "belongs to you")


def test_read_only_folder(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    only(doctor.check_writing(tmp_path), f"{tmp_path} cannot be written to: Permission denied.")


def test_folder_that_is_made_when_it_is_needed(tmp_path):
    assert doctor.check_writing(tmp_path / "data" / "runtime") == []
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def taken():
    """Return a port that a program holds."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize(("program", "verb"), [("JupyterLab", "lab"), ("Voila", "app")])
def test_no_port_is_free(taken, program, verb):
    findings = doctor.check_ports(program, range(taken, taken + 1))
    text = only(findings, f"ports {taken} to {taken}", f"start.py {verb} --port=")
    assert doctor.is_free(int(text.rpartition("=")[2]))


def test_one_port_that_is_taken_is_a_note(taken, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PORTS", {"JupyterLab": range(taken, taken + 51)})
    monkeypatch.setattr(doctor, "examine", lambda in_notebook: [])
    assert doctor.main(in_notebook=False) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{ORDER}\nPort {taken} is in use: JupyterLab takes another.\n")


def test_ports_are_not_looked_at_in_a_notebook(monkeypatch):
    monkeypatch.setattr(doctor, "check_ports", lambda *_: ["a finding"])
    assert "a finding" not in doctor.examine(in_notebook=True)
    assert doctor.examine(in_notebook=False).count("a finding") == 2


# All together


def test_one_cause_gives_one_finding(monkeypatch, tmp_path):
    both = install(tmp_path, "opencv-python==4.11.0", f"{doctor.HEADLESS}==5.0.0.93")
    monkeypatch.setattr(doctor, "read_installed", lambda folders: both)
    monkeypatch.setattr(doctor, "OURS", True)
    only(doctor.examine(in_notebook=True)[:1], "over the files of the other")
    assert not [found for found in doctor.examine(True) if "Missing packages" in found.what]
    monkeypatch.setattr(doctor, "OURS", False)
    only(doctor.examine(in_notebook=True), ".venv")
