"""start.py: what it decides, what it says and what it starts. No network, no real install."""

import ast
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from set_ups import ROOT, RUNNING, FakeRunner, environment, make_course, start


@pytest.fixture(autouse=True)
def nothing_foreign(monkeypatch):
    """The developer's PYTHONPATH is not what these tests are about."""
    for name in environment.foreign(os.environ, pathlib.Path("nowhere")):
        monkeypatch.delenv(name)


@pytest.fixture
def ready(tmp_path):
    """Return the small course after a complete set-up."""
    root = make_course(tmp_path.resolve() / "the course")
    environment.set_up(root, None, FakeRunner())
    return root


@pytest.fixture
def ready_deep(ready):
    """Return the small course after a complete set-up with the extra deep."""
    environment.set_up(ready, None, FakeRunner(), deep=True)
    return ready


# The Python that runs start.py


@pytest.mark.parametrize(
    "name", ["start.py", "helpers/course/environment.py", "helpers/course/wheelhouse.py"]
)
def test_old_pythons_can_read_the_file(name):
    source = (ROOT / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_suitable_python_is_accepted(version):
    start.check_python(version, [])


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 8, 18), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_unsuitable_python_is_named_with_the_command_to_type(version, monkeypatch):
    monkeypatch.setattr(start, "find_python", lambda: ["python3.12"])
    with pytest.raises(start.SetupError) as error:
        start.check_python(version, ["test", "-k", "ssim"])
    text = str(error.value)
    assert f"This is Python {version[0]}.{version[1]}." in text
    assert "needs Python 3.11, 3.12 or 3.13" in text
    assert text.endswith("Type: python3.12 start.py test -k ssim")


@pytest.mark.parametrize(("uv", "advice"), [("uv", "uv run"), (None, "Install Python 3.13")])
def test_without_a_suitable_python_the_way_to_one_is_named(uv, advice, monkeypatch):
    monkeypatch.setattr(start, "find_python", lambda: None)
    monkeypatch.setattr(start.shutil, "which", lambda name: uv)
    with pytest.raises(start.SetupError, match=advice):
        start.check_python((3, 9), [])


def test_a_python_on_the_path_counts_only_if_it_runs_and_suits(monkeypatch):
    asked = []

    def answer(command, **_):
        asked.append(command[0])
        if command[0] == "python3.13":
            raise FileNotFoundError
        return 0 if command[0] == "python3.11" else 127

    monkeypatch.setattr(start.subprocess, "call", answer)
    assert start.find_python() == ["python3.11"]
    assert asked == ["python3.13", "python3.12", "python3.11"]


def test_the_versions_are_those_of_pyproject():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    newest = (environment.NEWEST[0], environment.NEWEST[1] + 1)
    assert 'requires-python = ">={}.{},<{}.{}"'.format(*environment.OLDEST, *newest) in text


# The command line


@pytest.mark.parametrize(
    ("line", "verb", "rest"),
    [
        ("", "lab", ""),
        ("lab", "lab", ""),
        ("--no-browser", "lab", "--no-browser"),
        ("lab --no-browser --port 9999", "lab", "--no-browser --port 9999"),
        ("test -k ssim --help", "test", "-k ssim --help"),
        ("execute notebooks/01.ipynb", "execute", "notebooks/01.ipynb"),
        ("app --no-browser", "app", "--no-browser"),
        ("doctor", "doctor", ""),
        ("--help", "help", ""),
        ("-h", "help", ""),
        ("tset -x", "tset", "-x"),
    ],
)
def test_command_line(line, verb, rest):
    assert start.choose(line.split()) == (verb, rest.split())


def test_commands_run_in_the_venv():
    root = pathlib.Path("course")
    python = str(environment.inside(root / ".venv")[0])
    root_dir = "--ServerApp.root_dir=course"
    first = start.FIRST_NOTEBOOK
    lab = [python, "-m", "jupyterlab", root_dir]
    assert start.command_for("lab", ["--port", "9"], root) == [*lab, first, "--port", "9"]
    assert start.command_for("lab", ["my.ipynb"], root) == [*lab, "my.ipynb"]
    assert start.command_for("test", ["-x"], root)[:3] == [python, "-m", "pytest"]
    app = [python, "-m", "helpers.app.server", "notebooks/app.ipynb"]
    assert start.command_for("app", ["--port", "9"], root) == [*app, "--port", "9"]
    assert start.command_for("execute", ["a"], root) == [python, "notebooks/execute.py", "a"]
    assert start.command_for("new", ["16_a"], root) == [python, "notebooks/new.py", "16_a"]


PARALLEL = ["-n", "2", "--dist=loadfile", "--no-loadscope-reorder"]
COVERING = ["--cov=helpers", "--cov-report=term"]


@pytest.mark.parametrize(
    ("rest", "added"),
    [
        ([], PARALLEL),
        (["-k", "ssim"], PARALLEL),
        (["tests"], PARALLEL),
        (["--all"], PARALLEL + COVERING),
        (["tests/one.py"], []),
        (["tests/one.py::test_it"], []),
        (["--all", "tests/one.py"], COVERING),
        (["-n0"], []),
        (["-n", "4"], []),
        (["--pdb"], []),
    ],
)
def test_tests_run_in_a_process_for_each_core(rest, added, tmp_path, monkeypatch):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "one.py").write_text("")
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert start.test_options(rest, tmp_path) == added


@pytest.mark.parametrize("verb", ["lab", "app", "doctor", "test", "execute"])
def test_help_names_every_verb(verb):
    assert f"start.py {verb} " in start.USAGE.replace("[lab]", "lab")
    assert start.command_for(verb, [], pathlib.Path("course"))


def test_help_and_unknown_verb(capsys):
    assert start.main(["--help"]) == 0
    assert "usage: python start.py" in capsys.readouterr().out
    assert start.main(["tset"]) == 2
    assert "usage: python start.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("system", "python", "packages"),
    [
        ("nt", "Scripts/python.exe", "Lib/site-packages"),
        ("posix", "bin/python", f"lib/python{RUNNING}/site-packages"),
    ],
)
def test_places_inside_the_venv(system, python, packages):
    venv = pathlib.PurePosixPath("v")
    assert environment.inside(venv, system) == (venv / python, venv / packages)


# Options of start.py itself


@pytest.fixture
def asked(monkeypatch):
    """Note what a command line asks of the set-up and of pack, and what it then starts."""
    asked = {}

    def set_up(root, uv, deep, source):
        asked.update(deep=deep, source=source)
        return deep

    monkeypatch.setattr(environment, "set_up", set_up)
    monkeypatch.setattr(environment, "pack", lambda *words: asked.update(pack=words))
    monkeypatch.setattr(start, "hand_over", lambda command, *_: asked.update(command=command))
    return asked


@pytest.mark.parametrize("line", ["", "--deep", "test -k a --deep", "--deep execute", "app -d"])
def test_deep_is_found_in_any_place_and_not_handed_on(line, asked):
    start.main(line.split())
    assert asked["deep"] == ("--deep" in line)
    plain = line.replace("--deep", "").split()
    assert asked["command"] == start.command_for(*start.choose(plain), start.ROOT)


@pytest.mark.parametrize(
    "line",
    ["--from a", "--from=a", "test --from a -k b", "execute --deep --from=a", "--from a lab"],
)
def test_from_is_found_in_any_place_and_not_handed_on(line, asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start.main(line.split())
    assert asked["source"] == pathlib.Path.cwd() / "a"
    plain = line.replace("--from a", "").replace("--from=a", "").replace("--deep", "").split()
    assert asked["command"] == start.command_for(*start.choose(plain), start.ROOT)


@pytest.mark.parametrize("line", ["--from", "lab --from", "--from="])
def test_from_without_a_folder_is_told(line, asked, capsys):
    assert start.main(line.split()) == 1
    assert "--from needs the folder" in capsys.readouterr().err
    assert asked == {}


@pytest.mark.parametrize(
    ("line", "folder", "deep"),
    [("pack", "wheelhouse", False), ("pack --deep", "wheelhouse", True), ("pack a", "a", False)],
)
def test_pack_installs_nothing_here(line, folder, deep, asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert start.main(line.split()) == 0
    assert asked.keys() == {"pack"}
    assert asked["pack"][0] == pathlib.Path.cwd() / folder
    assert asked["pack"][-1] == deep


@pytest.mark.parametrize("line", ["pack a b", "pack --help"])
def test_pack_with_other_words_shows_the_help(line, asked, capsys):
    assert start.main(line.split()) == 2
    assert "start.py pack [FOLDER]" in capsys.readouterr().err
    assert asked == {}


def test_help_names_the_options():
    assert "With --deep, in any place, " in start.USAGE
    assert "With --from FOLDER, in any place, " in start.USAGE


# What goes wrong is said in words


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (start.SetupError("in words"), 1, "start.py: in words"),
        (PermissionError(13, "Permission denied", ".venv"), 1, "could not be written"),
        (OSError(28, "No space left on device"), 1, "disk is full"),
        (KeyboardInterrupt(), 130, "start.py: stopped"),
    ],
)
def test_no_traceback_reaches_the_reader(error, code, words, monkeypatch, capsys):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(environment, "set_up", fail)
    assert start.main(["test"]) == code
    assert words in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows names this error in another way")
@pytest.mark.parametrize("words", [["start.py", "--help"], ["helpers/course/doctor.py"]])
def test_a_reader_who_goes_is_no_error(ready, words):
    shutil.copy(ROOT / "helpers" / "course" / "doctor.py", ready / "helpers" / "course")
    reading, writing = os.pipe()
    os.close(reading)
    line = [sys.executable, *words]
    done = subprocess.run(line, stdout=writing, stderr=-1, cwd=ready, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_start_without_the_rest_of_the_course_is_told(ready):
    (ready / "helpers" / "course" / "environment.py").unlink()
    done = run_start(ready, "lab")
    assert done.returncode == 1
    assert done.stderr.startswith("start.py: ")
    assert "environment.py is missing. Copy the whole course" in done.stderr


@pytest.mark.parametrize(
    "name", ["a\nb", "a\x1bb", "a:b", b"a\xffb".decode("utf8", "surrogateescape")]
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_whose_name_breaks_what_it_holds_is_told(ready, name):
    try:
        root = ready.rename(ready.with_name(name))
    except OSError:
        pytest.skip("this file system has no such names")
    done = run_start(root, "execute")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("start.py: The path of this folder, '")
    assert done.stderr.endswith("Rename the folder.\n")


@pytest.mark.parametrize("name", ['a "b" $c %d \u00e9', "-a, it's;c#d?e&f", "~%20$HOME"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_with_any_other_name_is_fine(ready, name):
    root = ready.rename(ready.with_name(name))
    environment.set_up(root, None, FakeRunner())
    script = root / ".venv" / "bin" / "tool"
    script.write_text(f"#!{root}/.venv/bin/python\nimport sys; print(sys.prefix)\n")
    script.chmod(0o755)
    environment.free(root / ".venv")
    assert subprocess.check_output([script], text=True) == f"{root / '.venv'}\n"
    done = run_start(root, "execute", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)[1:3] == [str(root / ".venv"), str(root)]


# Variables of other programs


def run_start(root, *words, **variables):
    line = [sys.executable, str(root / "start.py"), *words]
    env = dict(os.environ, **{name: str(value) for name, value in variables.items()})
    return subprocess.run(line, capture_output=True, text=True, env=env, timeout=60)


@pytest.mark.parametrize("module", ["json", "fcntl"])
def test_a_foreign_module_in_pythonpath_does_not_stop_the_start(ready, tmp_path, module):
    (tmp_path / f"{module}.py").write_text("raise SystemExit('foreign')")
    done = run_start(ready, "execute", PYTHONPATH=tmp_path)
    assert done.stderr == "Set here, and left out for the course: PYTHONPATH.\n"
    assert "PYTHONPATH" not in json.loads(done.stdout)[3]


def test_a_file_of_the_reader_does_not_hide_one_of_python(ready):
    (ready / "subprocess.py").write_text("raise SystemExit('mine')")
    assert run_start(ready, "execute").returncode == 7


def test_variables_that_lead_astray_are_named_and_left_out(ready):
    astray = {"PIP_TARGET", "PYTHONSTARTUP", "UV_SYSTEM_PYTHON", "JUPYTER_PREFER_ENV_PATH"}
    kept = {"PIP_INDEX_URL", "PIP_CERT", "UV_CACHE_DIR", "JUPYTER_CONFIG_DIR", "PYTHONUNBUFFERED"}
    done = run_start(ready, "execute", **dict.fromkeys(astray | kept, "1"))
    assert done.stderr == f"Set here, and left out for the course: {', '.join(sorted(astray))}.\n"
    passed_on = json.loads(done.stdout)[3].keys()
    assert kept <= passed_on
    assert not astray & passed_on


def test_a_start_within_the_course_finds_nothing_foreign(ready):
    variables = json.loads(run_start(ready, "execute").stdout)[3]
    assert variables["JUPYTER_PATH"] == str(ready / "helpers" / "app" / "front_end")
    assert environment.foreign(variables, ready) == []
    assert environment.foreign({"JUPYTER_PATH": "/opt/share/jupyter"}, ready) == ["JUPYTER_PATH"]
    assert environment.foreign({"PYTHONPATH": str(ready)}, ready) == []


# Handing over, with real processes

WATCHED = """
import runpy, subprocess, sys
def watch(event, details):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"):
        line = details[1] if isinstance(details[1], str) else subprocess.list2cmdline(details[1])
        print(event, line, file=sys.stderr)
sys.addaudithook(watch)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_second_start_only_starts_the_program(ready):
    line = [sys.executable, "-c", WATCHED, str(ready / "start.py"), "execute", "-k", "a b"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ready.parent, timeout=60)
    python = environment.inside(ready / ".venv")[0]
    command = [str(python), "notebooks/execute.py", "-k", "a b"]
    assert done.stderr.splitlines() == [f"subprocess.Popen {subprocess.list2cmdline(command)}"]
    arguments, prefix, folder, variables = json.loads(done.stdout)
    assert arguments == ["-k", "a b"]
    assert pathlib.Path(prefix) == ready / ".venv"
    assert pathlib.Path(folder) == ready
    assert variables["PATH"].split(os.pathsep)[0] == str(python.parent)
    assert done.returncode == 7


@pytest.mark.parametrize("line", ["execute a", "--deep execute a", "execute --deep a"])
@pytest.mark.parametrize("chosen", [None, "torch"])
def test_with_deep_keras_is_told_to_use_jax_unless_another_is_chosen(ready_deep, line, chosen):
    env = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    if chosen:
        env["KERAS_BACKEND"] = chosen
    command = [sys.executable, str(ready_deep / "start.py"), *line.split()]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    arguments, *_, variables = json.loads(done.stdout)
    assert arguments == ["a"]
    assert variables["KERAS_BACKEND"] == (chosen or "jax")


def test_without_deep_nothing_is_said_to_keras(ready, monkeypatch, capfd):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(start, "ROOT", ready)
    start.main(["execute"])
    assert "KERAS_BACKEND" not in json.loads(capfd.readouterr().out)[-1]


# The doctor

DOCTOR = "import sys; print(sys.prefix); sys.exit(1)\n"


@pytest.fixture
def doctors_place(ready, monkeypatch):
    """Return the small course with a doctor who names the Python that runs him."""
    (ready / "helpers" / "course" / "doctor.py").write_text(DOCTOR)
    monkeypatch.setattr(start, "ROOT", ready)
    return ready


@pytest.mark.parametrize("version", [sys.version_info, (3, 8, 1)])
def test_the_doctor_runs_in_the_venv_and_installs_nothing(
    doctors_place, version, capfd, monkeypatch
):
    monkeypatch.setattr(environment, "set_up", None)
    monkeypatch.setattr(start.sys, "version_info", version)
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == doctors_place / ".venv"


def test_the_doctor_comes_where_the_venv_is_broken(doctors_place, capfd):
    environment.inside(doctors_place / ".venv")[0].unlink()
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == pathlib.Path(sys.prefix)


def test_the_doctor_takes_no_python_that_starts_and_fails(doctors_place, capfd):
    python = environment.inside(doctors_place / ".venv")[0]
    python.unlink()
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == pathlib.Path(sys.prefix)
