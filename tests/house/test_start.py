"""start.py: what it decides, what it says and what it starts. No network, no real install."""

import ast
import importlib.util
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import venv as venv_module

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"


def load_start(path):
    spec = importlib.util.spec_from_file_location("start", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


start = load_start(ROOT / "start.py")


class FakeRunner:
    """Stands for pip and uv: makes a real but empty .venv, and notes every command."""

    def __init__(self, fail_at=None, error=None):
        self.commands, self.fail_at, self.error = [], fail_at, error
        self.stamps = []

    def __call__(self, command, root):
        self.commands.append(command)
        self.stamps.append(start.read_stamp(root / ".venv"))
        if self.fail_at is not None and self.fail_at in command:
            raise self.error
        if "venv" in command:
            venv_module.create(root / ".venv", with_pip=False, symlinks=os.name != "nt")
            record = start.inside(root / ".venv")[1] / "pip-1.0.dist-info" / "RECORD"
            record.parent.mkdir(parents=True)
            record.write_text("")


@pytest.fixture
def course(tmp_path):
    """Return a small copy of the course whose execute.py tells how it was started."""
    root = tmp_path.resolve() / "the course"
    (root / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "start.py", root)
    (root / "requirements.txt").write_text("numpy==2.4.0 --hash=sha256:00\n")
    (root / "requirements-deep.txt").write_text("keras==3.15.1 --hash=sha256:00\n")
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "notebooks" / "execute.py").write_text(
        "import json, os, sys\n"
        "names = ('PATH', 'KERAS_BACKEND')\n"
        "seen = [os.environ.get(name) for name in names]\n"
        "print(json.dumps([sys.argv[1:], sys.prefix, os.getcwd(), *seen]))\n"
        "sys.exit(7)\n"
    )
    return root


@pytest.fixture
def ready(course):
    """Return the small course after a complete set-up."""
    start.set_up(course, None, FakeRunner())
    return course


@pytest.fixture
def ready_deep(course):
    """Return the small course after a complete set-up with the extra deep."""
    start.set_up(course, None, FakeRunner(), deep=True)
    return course


def set_up_again(root, uv=None, deep=False):
    runner = FakeRunner()
    start.set_up(root, uv, runner, deep)
    return runner.commands


def made_anew(commands):
    return "venv" in commands[0]


# The Python that runs start.py


def test_old_pythons_can_read_the_file():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
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
    newest = (start.NEWEST[0], start.NEWEST[1] + 1)
    assert 'requires-python = ">={}.{},<{}.{}"'.format(*start.OLDEST, *newest) in text


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
    python = str(start.inside(root / ".venv")[0])
    root_dir = "--ServerApp.root_dir=course"
    first = start.FIRST_NOTEBOOK
    lab = [python, "-m", "jupyterlab", root_dir]
    assert start.command_for("lab", ["--port", "9"], root) == [*lab, first, "--port", "9"]
    assert start.command_for("lab", ["my.ipynb"], root) == [*lab, "my.ipynb"]
    assert start.command_for("test", ["-x"], root)[:3] == [python, "-m", "pytest"]
    voila = [python, "-m", "voila", "notebooks/app.ipynb", "--template=course"]
    assert start.command_for("app", ["--port", "9"], root) == [*voila, "--port", "9"]
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
    assert start.inside(venv, system) == (venv / python, venv / packages)


# The set-up


def test_first_start_does_all_steps_and_says_so(course, capsys):
    runner = FakeRunner()
    start.set_up(course, None, runner)
    make, pinned, project, news = runner.commands
    assert make[1:] == ["-m", "venv", str(course / ".venv")]
    assert pinned[1:4] == ["-m", "pip", "install"]
    assert pinned[4:] == ["--no-compile", "--require-hashes", "-r", "requirements.txt"]
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", "."]
    assert start.NEWS in news
    out = capsys.readouterr().out
    assert "[1/4] Making .venv ..." in out
    assert "[2/4] Installing the pinned packages (takes minutes the first time) ..." in out
    assert "deep" not in out


def test_uv_does_the_work_when_it_is_there(course):
    runner = FakeRunner()
    start.set_up(course, "/somewhere/uv", runner)
    python = str(start.inside(course / ".venv")[0])
    assert runner.commands[0][:3] == ["/somewhere/uv", "venv", "--python"]
    for command in runner.commands[1:3]:
        assert command[:5] == ["/somewhere/uv", "pip", "install", "--python", python]
        assert "--no-compile" not in command


def test_set_up_is_noted_as_complete_only_at_the_end(course):
    runner = FakeRunner()
    start.set_up(course, None, runner)
    assert [stamp.get("installed") for stamp in runner.stamps] == [None, "", "", ""]
    assert start.read_stamp(course / ".venv")["installed"] == start.fingerprint(course)


def test_second_start_does_nothing(ready, capsys):
    capsys.readouterr()
    assert set_up_again(ready) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_pins_install_the_difference(ready, name):
    with (ready / name).open("a") as file:
        file.write("# changed\n")
    commands = set_up_again(ready)
    assert len(commands) == 3
    assert not made_anew(commands)
    assert set_up_again(ready) == []


@pytest.mark.parametrize("error", [start.SetupError("no network"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["--require-hashes", "--no-deps", start.NEWS])
def test_interrupted_set_up_goes_on(course, step, error):
    with pytest.raises(type(error)):
        start.set_up(course, None, FakeRunner(step, error))
    commands = set_up_again(course)
    assert len(commands) == 3
    assert not made_anew(commands)
    assert set_up_again(course) == []


def test_interrupted_update_is_not_taken_for_complete_when_the_old_pins_return(ready):
    pins = ready / "requirements.txt"
    before = pins.read_text()
    pins.write_text("numpy==2.4.1 --hash=sha256:01\n")
    with pytest.raises(KeyboardInterrupt):
        start.set_up(ready, None, FakeRunner("--require-hashes", KeyboardInterrupt()))
    pins.write_text(before)
    assert len(set_up_again(ready)) == 3


def test_half_written_package_is_installed_again(ready):
    packages = start.inside(ready / ".venv")[1]
    half, whole = packages / "half-1.0.dist-info", packages / "whole-1.0.dist-info"
    half.mkdir()
    (half / "METADATA").write_text("")
    whole.mkdir()
    (whole / "RECORD").write_text("")
    start.write_stamp(ready, "")
    set_up_again(ready)
    assert not half.exists()
    assert whole.exists()


# The extra deep

DEEP = ["-r", "requirements-deep.txt"]
NO_NETWORK_ERROR = start.SetupError("no network")


def installs(commands):
    """Name the files of pins that these commands install."""
    (command,) = (command for command in commands if "--require-hashes" in command)
    return [name for option, name in itertools.pairwise(command) if option == "-r"]


def change(path):
    path.write_text(path.read_text() + "# changed\n")


def test_first_start_with_deep_installs_both_files_in_one_step(course, capsys):
    runner = FakeRunner()
    assert start.set_up(course, None, runner, deep=True)
    _, pinned, project, _ = runner.commands
    assert pinned[1:4] == ["-m", "pip", "install"]
    assert pinned[-5:] == ["--require-hashes", "-r", "requirements.txt", *DEEP]
    assert project[-2:] == ["-e", "."]
    both = "the pinned packages and the extra deep: Keras, JAX and ONNX"
    assert f"[2/4] Installing {both} (takes minutes the first time) ..." in capsys.readouterr().out


def test_uv_installs_the_extra_when_it_is_there(ready):
    python = str(start.inside(ready / ".venv")[0])
    (command,) = set_up_again(ready, "/somewhere/uv", deep=True)
    assert command[:5] == ["/somewhere/uv", "pip", "install", "--python", python]


def test_a_venv_without_deep_gets_only_the_missing_step(ready, capsys):
    capsys.readouterr()
    commands = set_up_again(ready, deep=True)
    assert [command[-2:] for command in commands] == [DEEP]
    assert capsys.readouterr().out.startswith("[1/1] Installing the extra deep")
    assert set_up_again(ready, deep=True) == []


def test_what_the_set_up_returns(course):
    assert not start.set_up(course, None, FakeRunner())
    assert not start.set_up(course, None, FakeRunner())
    assert start.set_up(course, None, FakeRunner(), deep=True)
    assert start.set_up(course, None, FakeRunner())


def test_a_start_without_deep_keeps_it(ready_deep, capsys):
    capsys.readouterr()
    assert set_up_again(ready_deep) == []
    assert capsys.readouterr().out == ""
    change(ready_deep / "requirements.txt")
    assert installs(set_up_again(ready_deep)) == ["requirements.txt"]
    assert set_up_again(ready_deep, deep=True) == []


@pytest.mark.parametrize("deep", [True, False])
def test_changed_pins_of_deep_install_the_difference(ready_deep, deep):
    change(ready_deep / "requirements-deep.txt")
    commands = set_up_again(ready_deep, deep=deep)
    assert [command[-2:] for command in commands] == [DEEP]
    assert set_up_again(ready_deep, deep=deep) == []


def test_changed_pins_of_deep_do_not_matter_without_it(ready):
    change(ready / "requirements-deep.txt")
    assert set_up_again(ready) == []
    (ready / "requirements-deep.txt").unlink()
    assert set_up_again(ready) == []


def test_deep_returns_when_the_venv_is_made_anew(ready_deep):
    break_interpreter(ready_deep)
    commands = set_up_again(ready_deep)
    assert made_anew(commands)
    assert installs(commands) == ["requirements.txt", "requirements-deep.txt"]
    assert set_up_again(ready_deep, deep=True) == []


@pytest.mark.parametrize("step", ["requirements.txt", "requirements-deep.txt", start.NEWS])
def test_interrupted_set_up_with_deep_goes_on(course, step):
    with pytest.raises(start.SetupError):
        start.set_up(course, None, FakeRunner(step, NO_NETWORK_ERROR), deep=True)
    commands = set_up_again(course, deep=True)
    assert not made_anew(commands)
    assert installs(commands) == ["requirements.txt", "requirements-deep.txt"]
    assert set_up_again(course, deep=True) == []


def test_an_extra_that_cannot_be_installed_keeps_nothing_else_from_working(ready):
    with pytest.raises(start.SetupError):
        start.set_up(ready, None, FakeRunner("requirements-deep.txt", NO_NETWORK_ERROR), deep=True)
    assert set_up_again(ready) == []
    assert installs(set_up_again(ready, deep=True)) == ["requirements-deep.txt"]


def test_interrupted_update_of_deep_is_not_taken_for_complete(ready_deep):
    pins = ready_deep / "requirements-deep.txt"
    before = pins.read_text()
    change(pins)
    with pytest.raises(start.SetupError):
        start.set_up(ready_deep, None, FakeRunner("requirements-deep.txt", NO_NETWORK_ERROR))
    pins.write_text(before)
    assert installs(set_up_again(ready_deep)) == ["requirements-deep.txt"]


def test_half_written_package_of_deep_is_installed_again(ready):
    half = start.inside(ready / ".venv")[1] / "keras-1.0.dist-info"
    half.mkdir()
    set_up_again(ready, deep=True)
    assert not half.exists()


@pytest.mark.parametrize("line", ["", "--deep", "test -k a --deep", "--deep execute", "app -d"])
def test_deep_is_found_in_any_place_and_not_handed_on(line, monkeypatch):
    asked = []

    def set_up(root, uv, deep):
        asked.append(deep)
        return deep

    monkeypatch.setattr(start, "set_up", set_up)
    monkeypatch.setattr(start, "hand_over", lambda command, root, deep: asked.append(command))
    start.main(line.split())
    assert asked[0] == ("--deep" in line)
    plain = line.replace("--deep", "").split()
    assert asked[1] == start.command_for(*start.choose(plain), start.ROOT)


def test_help_names_deep():
    assert "With --deep, in any place, " in start.USAGE


# A .venv that cannot be used


def break_interpreter(root):
    start.inside(root / ".venv")[0].unlink()


def break_maker(root):
    config = root / ".venv" / "pyvenv.cfg"
    lines = config.read_text().splitlines()
    lines = [f"home = {root / 'gone'}" if line.startswith("home") else line for line in lines]
    config.write_text("\n".join(lines))


def break_version(root):
    config = root / ".venv" / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"version = {RUNNING}.", "version = 3.9."))


def break_config(root):
    (root / ".venv" / "pyvenv.cfg").unlink()


def break_folder(root):
    stamp = {"folder": str(root / "before"), "installed": start.fingerprint(root)}
    (root / ".venv" / "start.json").write_text(json.dumps(stamp))


def break_pip(root):
    shutil.rmtree(start.inside(root / ".venv")[1] / "pip-1.0.dist-info")
    start.write_stamp(root, "")


def break_all(root):
    shutil.rmtree(root / ".venv")
    (root / ".venv").write_text("a file")


@pytest.mark.parametrize(
    ("breaking", "reason"),
    [
        (break_interpreter, "is not there any more"),
        (break_maker, "is not there any more"),
        (break_version, "made by Python 3.9, and this is Python " + RUNNING),
        (break_config, "is not there any more"),
        (break_folder, "made in another folder"),
        (break_pip, "has no pip"),
        (break_all, "is not there any more"),
    ],
)
def test_broken_venv_is_made_anew_with_the_reason(ready, breaking, reason, capsys):
    breaking(ready)
    capsys.readouterr()
    commands = set_up_again(ready)
    out = capsys.readouterr().out
    assert made_anew(commands)
    assert len(commands) == 4
    assert reason in out
    assert "Making a new one." in out
    assert set_up_again(ready) == []


@pytest.mark.parametrize("stamp", ["", "[1", "[1]", "7", '"text"', "null"])
def test_unreadable_stamp_completes_the_venv(ready, stamp):
    (ready / ".venv" / "start.json").write_text(stamp)
    assert len(set_up_again(ready)) == 3


def test_venv_without_pip_is_good_when_uv_is_there(ready):
    break_pip(ready)
    assert not made_anew(set_up_again(ready, "uv"))


def test_moved_course_is_noticed(ready):
    moved = ready.parent / "moved"
    ready.rename(moved)
    assert "made in another folder" in start.whats_wrong(moved)


# What a failure says

NO_NETWORK = "could not be reached"
OTHER_HASH = "its sha256 differs"
NOT_WRITABLE = "could not be written"
PIP_RETRIES = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("
    "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'\n"
    "ERROR: No matching distribution found for anyio==4.16.0"
)


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        (PIP_RETRIES, NO_NETWORK),
        ("Retrying after 'ProxyError('Cannot connect to proxy.')'", NO_NETWORK),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", NO_NETWORK),
        ("error: Request failed after 3 retries\n  cause: error sending request", NO_NETWORK),
        (PIP_RETRIES + "\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", OTHER_HASH),
        ("  cause: Hash mismatch for `webcolors==25.10.0`", OTHER_HASH),
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed", "not trusted here"),
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "disk is full"),
        ("failed to write to file: Permission denied (os error 13)", NOT_WRITABLE),
        ("PermissionError: [WinError 5] Access is denied: 'python.exe'", NOT_WRITABLE),
        ("not created successfully because ensurepip is not available", f"python{RUNNING}-venv"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "64-bit"),
        ("[Errno 2] No such file or directory: 'requirements.txt'", "git status"),
        ("something new\n", "does not know this reason"),
    ],
)
def test_failures_are_explained(output, meaning):
    text = start.explain(output)
    assert meaning in text.partition("The last lines")[0]
    assert output.strip().splitlines()[-1] in text


def test_failing_step_becomes_trouble(tmp_path):
    code = "import sys; print('Network is unreachable'); sys.exit(1)"
    with pytest.raises(start.SetupError, match=NO_NETWORK):
        start.run_quietly([sys.executable, "-c", code], tmp_path)


def test_quiet_step_shows_nothing(tmp_path, capfd):
    start.run_quietly([sys.executable, "-c", "print('chatter')"], tmp_path)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (start.SetupError("in words"), 1, "start.py: in words"),
        (PermissionError(13, "Permission denied", ".venv"), 1, NOT_WRITABLE),
        (OSError(28, "No space left on device"), 1, "disk is full"),
        (KeyboardInterrupt(), 130, "start.py: stopped"),
    ],
)
def test_no_traceback_reaches_the_reader(error, code, words, monkeypatch, capsys):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(start, "set_up", fail)
    assert start.main(["test"]) == code
    assert words in capsys.readouterr().err


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
    python = start.inside(ready / ".venv")[0]
    command = [str(python), "notebooks/execute.py", "-k", "a b"]
    assert done.stderr.splitlines() == [f"subprocess.Popen {subprocess.list2cmdline(command)}"]
    arguments, prefix, folder, path, _ = json.loads(done.stdout)
    assert arguments == ["-k", "a b"]
    assert pathlib.Path(prefix) == ready / ".venv"
    assert pathlib.Path(folder) == ready
    assert path.split(os.pathsep)[0] == str(python.parent)
    assert done.returncode == 7


@pytest.mark.parametrize("line", ["execute a", "--deep execute a", "execute --deep a"])
@pytest.mark.parametrize("chosen", [None, "torch"])
def test_with_deep_keras_is_told_to_use_jax_unless_another_is_chosen(ready_deep, line, chosen):
    env = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    if chosen:
        env["KERAS_BACKEND"] = chosen
    command = [sys.executable, str(ready_deep / "start.py"), *line.split()]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    arguments, *_, backend = json.loads(done.stdout)
    assert arguments == ["a"]
    assert backend == (chosen or "jax")


def test_without_deep_nothing_is_said_to_keras(ready, monkeypatch, capfd):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(start, "ROOT", ready)
    start.main(["execute"])
    assert json.loads(capfd.readouterr().out)[-1] is None


# The doctor

DOCTOR = "import sys; print(sys.prefix); sys.exit(1)\n"


@pytest.fixture
def doctors_place(ready, monkeypatch):
    """Return the small course with a doctor who names the Python that runs him."""
    (ready / "helpers" / "course").mkdir(parents=True)
    (ready / "helpers" / "course" / "doctor.py").write_text(DOCTOR)
    monkeypatch.setattr(start, "ROOT", ready)
    return ready


@pytest.mark.parametrize("version", [sys.version_info, (3, 8, 1)])
def test_the_doctor_runs_in_the_venv_and_installs_nothing(
    doctors_place, version, capfd, monkeypatch
):
    monkeypatch.setattr(start, "set_up", None)
    monkeypatch.setattr(start.sys, "version_info", version)
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == doctors_place / ".venv"


@pytest.mark.parametrize("breaking", [break_interpreter, break_all])
def test_the_doctor_comes_where_the_venv_is_broken(doctors_place, breaking, capfd):
    breaking(doctors_place)
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == pathlib.Path(sys.prefix)


def test_the_doctor_takes_no_python_that_starts_and_fails(doctors_place, capfd):
    python = start.inside(doctors_place / ".venv")[0]
    python.unlink()
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    assert start.main(["doctor"]) == 1
    assert pathlib.Path(capfd.readouterr().out.strip()) == pathlib.Path(sys.prefix)
