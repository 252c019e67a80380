"""What makes .venv: which steps, repairs, and that nothing is lost however a set-up ends."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import pytest
from set_ups import NO_NEWS, ROOT, RUNNING, FakeRunner, environment, make_course


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path.resolve() / "the course")


@pytest.fixture
def ready(course):
    """Return the small course after a complete set-up."""
    environment.set_up(course, None, FakeRunner())
    return course


@pytest.fixture
def ready_deep(course):
    """Return the small course after a complete set-up with the extra deep."""
    environment.set_up(course, None, FakeRunner(), deep=True)
    return course


def set_up_again(root, uv=None, deep=False):
    runner = FakeRunner()
    environment.set_up(root, uv, runner, deep)
    return runner.commands


def made_anew(commands):
    return "venv" in commands[0] and "--without-pip" not in commands[0]


# The set-up


def test_first_start_does_all_steps_and_says_so(course, capsys):
    runner = FakeRunner()
    environment.set_up(course, None, runner)
    make, pinned, project, news, look = runner.commands
    assert make[1:] == ["-m", "venv", str(course / ".venv")]
    assert pinned[1:4] == ["-m", "pip", "install"]
    assert pinned[4:] == ["--no-compile", "--require-hashes", "-r", "requirements.txt"]
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", "."]
    assert environment.NEWS in news
    assert look[3:] == [environment.CHECK, "numpy", "jupyterlab", "matplotlib"]
    out = capsys.readouterr().out
    assert "[1/6] Making .venv ..." in out
    assert "[2/6] Installing the pinned packages (takes minutes the first time) ..." in out
    assert "deep" not in out


def test_uv_does_the_work_when_it_is_there(course):
    runner = FakeRunner()
    environment.set_up(course, "/somewhere/uv", runner)
    python = str(environment.inside(course / ".venv")[0])
    assert runner.commands[0][:3] == ["/somewhere/uv", "venv", "--python"]
    for command in runner.commands[1:3]:
        assert command[:5] == ["/somewhere/uv", "pip", "install", "--python", python]
        assert "--no-compile" not in command


def test_second_start_does_nothing(ready, capsys):
    capsys.readouterr()
    assert set_up_again(ready) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_pins_install_the_difference(ready, name):
    with (ready / name).open("a") as file:
        file.write("# changed\n")
    commands = set_up_again(ready)
    assert len(commands) == 4
    assert not made_anew(commands)
    assert set_up_again(ready) == []


# The extra deep

DEEP = ["-r", "requirements-deep.txt"]
NO_NETWORK_ERROR = environment.SetupError("no network")


def installs(commands):
    """Name the files of pins that these commands install."""
    (command,) = (command for command in commands if "--require-hashes" in command)
    return [name for option, name in itertools.pairwise(command) if option == "-r"]


def change(path):
    path.write_text(path.read_text() + "# changed\n")


def test_first_start_with_deep_installs_both_files_in_one_step(course, capsys):
    runner = FakeRunner()
    assert environment.set_up(course, None, runner, deep=True)
    _, pinned, project, _, _ = runner.commands
    assert pinned[1:4] == ["-m", "pip", "install"]
    assert pinned[-5:] == ["--require-hashes", "-r", "requirements.txt", *DEEP]
    assert project[-2:] == ["-e", "."]
    both = "the pinned packages and the extra deep: Keras, JAX and ONNX"
    assert f"[2/6] Installing {both} (takes minutes the first time) ..." in capsys.readouterr().out


def test_uv_installs_the_extra_when_it_is_there(ready):
    python = str(environment.inside(ready / ".venv")[0])
    command, _ = set_up_again(ready, "/somewhere/uv", deep=True)
    assert command[:5] == ["/somewhere/uv", "pip", "install", "--python", python]


def test_a_venv_without_deep_gets_only_the_missing_step(ready, capsys):
    capsys.readouterr()
    install, look = set_up_again(ready, deep=True)
    assert install[-2:] == DEEP
    assert look[-3:] == ["keras", "jax", "onnx"]
    assert capsys.readouterr().out.startswith("[1/3] Installing the extra deep")
    assert set_up_again(ready, deep=True) == []


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
    assert installs(set_up_again(ready_deep, deep=deep)) == DEEP[1:]
    assert set_up_again(ready_deep, deep=deep) == []


def test_changed_pins_of_deep_do_not_matter_without_it(ready):
    change(ready / "requirements-deep.txt")
    assert set_up_again(ready) == []
    (ready / "requirements-deep.txt").unlink()
    assert set_up_again(ready) == []


def test_deep_returns_when_the_venv_is_made_anew(ready_deep):
    break_version(ready_deep)
    commands = set_up_again(ready_deep)
    assert made_anew(commands)
    assert installs(commands) == ["requirements.txt", "requirements-deep.txt"]
    assert set_up_again(ready_deep, deep=True) == []


# A .venv that cannot be used


def break_interpreter(root):
    environment.inside(root / ".venv")[0].unlink()


def break_maker(root):
    config = root / ".venv" / "pyvenv.cfg"
    config.write_text(re.sub("home = .*", f"home = {root / 'gone'}", config.read_text()))


def break_version(root):
    config = root / ".venv" / "pyvenv.cfg"
    config.write_text(re.sub("version = .*", "version = 3.9.1", config.read_text()))
    packages = environment.inside(root / ".venv")[1]
    packages.rename(packages.parent / "packages of 3.9")


def break_config(root):
    (root / ".venv" / "pyvenv.cfg").unlink()


def break_folder(root):
    stamp = environment.read_json(root / ".venv" / "start.json")
    (root / ".venv" / "start.json").write_text(json.dumps(dict(stamp, folder=str(root / "before"))))


def break_pip(root):
    shutil.rmtree(environment.inside(root / ".venv")[1] / "pip-1.0.dist-info")
    change(root / "requirements.txt")


def break_all(root):
    shutil.rmtree(root / ".venv")
    (root / ".venv").write_text("a file")


@pytest.mark.parametrize(
    ("breaking", "reason"),
    [
        (break_interpreter, "is not there any more"),
        (break_maker, "is not there any more"),
        (break_config, "is not there any more"),
        (break_folder, "made in another folder"),
    ],
)
def test_a_venv_with_wrong_paths_is_repaired_without_network(ready_deep, breaking, reason, capsys):
    package = environment.inside(ready_deep / ".venv")[1] / "package.py"
    package.write_text("kept")
    breaking(ready_deep)
    capsys.readouterr()
    make, course, look = set_up_again(ready_deep)
    assert make[1:] == ["-m", "venv", "--without-pip", str(ready_deep / ".venv")]
    assert "--no-index" in course
    assert look[-6:] == [name for names in environment.MODULES.values() for name in names]
    assert f"{reason}" in capsys.readouterr().out
    assert package.read_text() == "kept"
    assert environment.whats_wrong(ready_deep) == ""
    assert set_up_again(ready_deep, deep=True) == []


def test_a_venv_that_has_lost_pip_gets_it_without_network(ready):
    break_pip(ready)
    make, course, _, install, *_ = set_up_again(ready)
    assert "--without-pip" not in make
    assert "--no-index" in course
    assert installs([install]) == ["requirements.txt"]


def test_a_venv_without_pip_is_good_when_uv_is_there(ready):
    break_pip(ready)
    assert not made_anew(set_up_again(ready, "uv"))


@pytest.mark.parametrize("breaking", [break_version, break_all])
def test_a_venv_of_another_python_is_made_anew(ready, breaking, capsys):
    breaking(ready)
    capsys.readouterr()
    commands = set_up_again(ready)
    assert made_anew(commands)
    assert len(commands) == 5
    assert "Making a new one." in capsys.readouterr().out
    assert set_up_again(ready) == []


def test_what_cannot_be_repaired_is_made_anew(ready, capsys):
    break_folder(ready)

    class Failing(FakeRunner):
        def __call__(self, command, root):
            super().__call__(command, root)
            if len(self.commands) == 3:
                raise environment.SetupError("helpers is taken from elsewhere")

    runner = Failing()
    environment.set_up(ready, None, runner)
    assert "That did not work: helpers is taken from" in capsys.readouterr().out
    assert len(runner.commands) == 8
    assert made_anew(runner.commands[3:])


STRANGE = ["", "[1", "[1]", "7", '"text"', "null", "[" * 10**5, '{"venv": 1, "deep": [1]}']


@pytest.mark.parametrize("stamp", STRANGE, ids=range(len(STRANGE)))
def test_unreadable_stamp_completes_the_venv(ready, stamp):
    (ready / ".venv" / "start.json").write_text(stamp)
    assert len(set_up_again(ready)) == 4


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("name", ["start.json", "pyvenv.cfg"])
def test_a_file_without_end_is_not_read(ready, name):
    (ready / ".venv" / name).unlink()
    os.mkfifo(ready / ".venv" / name)
    assert environment.read_json(ready / ".venv" / name) == {}
    assert bool(environment.whats_wrong(ready)) == (name == "pyvenv.cfg")
    assert environment.starts(ready / ".venv") == (name != "pyvenv.cfg")
    with (ready / "long").open("wb") as file:
        file.truncate(environment.LARGEST_TEXT + 1)
    with pytest.raises(OSError, match="is no file of at most"):
        environment.read_file(ready / "long", environment.LARGEST_TEXT)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_python_that_would_wait_for_a_pipe_is_not_started(ready):
    (ready / ".venv" / "pyvenv.cfg").unlink()
    os.mkfifo(ready / ".venv" / "pyvenv.cfg")
    runner = FakeRunner("--require-hashes", NO_NETWORK_ERROR)
    with pytest.raises(environment.SetupError, match="Nothing is lost"):
        environment.set_up(ready, None, runner)
    assert not any(environment.CHECK in command for command in runner.commands)


def test_nothing_in_venv_moves_the_cursor_of_the_reader(ready):
    (ready / ".venv" / "start.json").write_text(json.dumps({"folder": "a\x1b[2J\n\u202eb"}))
    wrong = environment.whats_wrong(ready)
    assert wrong.endswith(r"another folder, a\x1b[2J\n\u202eb")
    config = ready / ".venv" / "pyvenv.cfg"
    config.write_text(re.sub("version = .*", "version = \x1b[2J.9", config.read_text()))
    assert r"Python \x1b[2J.9, and" in environment.whats_wrong(ready)
    config.write_text(f"home = {'a' * 5000}")
    assert "is not there any more" in environment.whats_wrong(ready)
    assert r"    \x1b]0;x" in environment.explain("\x1b]0;x")


def test_moved_course_is_noticed(ready):
    moved = ready.parent / "moved"
    ready.rename(moved)
    assert "made in another folder" in environment.whats_wrong(moved)


# Nothing is lost

BREAKINGS = [
    lambda root: change(root / "requirements.txt"),
    break_folder,
    break_version,
    break_interpreter,
    break_all,
]


def snapshot(venv):
    """Return what a .venv is: its files, links and their contents."""
    if venv.is_file():
        return venv.read_bytes()
    return {
        path.relative_to(venv): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in venv.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def beside(root):
    return {path.name for path in root.glob(".venv*")} - {environment.LOCK}


@pytest.mark.parametrize("error", [environment.SetupError("no network"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["venv", "--require-hashes", "--no-deps", NO_NEWS])
@pytest.mark.parametrize("breaking", BREAKINGS)
def test_a_step_that_fails_leaves_what_was_there(ready, breaking, step, error, capsys):
    breaking(ready)
    before = snapshot(ready / ".venv")
    runner = FakeRunner(step, error)
    try:
        environment.set_up(ready, None, runner)
    except (KeyboardInterrupt, environment.SetupError):
        assert snapshot(ready / ".venv") == before
    else:
        said = capsys.readouterr()
        went_on = "Going on with .venv as it was before." in said.err
        assert went_on == (snapshot(ready / ".venv") == before) or "Repairing" in said.out
    assert beside(ready) == {".venv"}


@pytest.mark.parametrize("step", ["--require-hashes", "--no-deps", NO_NEWS])
def test_a_first_set_up_that_fails_goes_on(course, step):
    with pytest.raises(environment.SetupError):
        environment.set_up(course, None, FakeRunner(step, NO_NETWORK_ERROR), deep=True)
    commands = set_up_again(course, deep=True)
    assert not made_anew(commands)
    assert installs(commands) == ["requirements.txt", "requirements-deep.txt"]
    assert set_up_again(course, deep=True) == []


def test_half_written_packages_of_a_first_set_up_are_installed_again(course):
    with pytest.raises(KeyboardInterrupt):
        environment.set_up(course, None, FakeRunner("--no-deps", KeyboardInterrupt()))
    half = environment.inside(course / ".venv")[1] / "half-1.0.dist-info"
    half.mkdir()
    set_up_again(course)
    assert not half.exists()


def test_old_packages_are_used_when_new_ones_cannot_be_had(ready, capsys):
    change(ready / "requirements.txt")
    environment.set_up(ready, None, FakeRunner("--require-hashes", NO_NETWORK_ERROR))
    assert "no network\n\nGoing on with .venv as it was" in capsys.readouterr().err
    assert installs(set_up_again(ready)) == ["requirements.txt"]


def test_old_packages_that_do_not_work_are_kept_and_not_used(ready):
    change(ready / "requirements.txt")
    before = snapshot(ready / ".venv")

    class Failing(FakeRunner):
        def __call__(self, command, root):
            super().__call__(command, root)
            if "--require-hashes" in command or environment.CHECK in command:
                raise NO_NETWORK_ERROR

    with pytest.raises(environment.SetupError, match="is as it was before"):
        environment.set_up(ready, None, Failing())
    assert snapshot(ready / ".venv") == before


def test_what_was_asked_for_and_cannot_be_had_is_an_error(ready):
    with pytest.raises(environment.SetupError, match="Nothing is lost"):
        environment.set_up(ready, None, FakeRunner("--require-hashes", NO_NETWORK_ERROR), deep=True)
    assert set_up_again(ready) == []
    assert installs(set_up_again(ready, deep=True)) == ["requirements-deep.txt"]


def test_a_venv_elsewhere_that_was_replaced_is_named(ready, tmp_path, capsys):
    (ready / ".venv").rename(tmp_path / "other disk")
    (ready / ".venv").symlink_to(tmp_path / "other disk")
    before = snapshot(tmp_path / "other disk")
    break_folder(ready)
    set_up_again(ready)
    assert f".venv was a link to {tmp_path / 'other disk'}. It is" in capsys.readouterr().out
    assert snapshot(tmp_path / "other disk").keys() == before.keys()
    assert not (ready / ".venv").is_symlink()


# A set-up that ends at each of its steps in the file system, in processes of their own
ENDINGS = """
import os, pathlib, shutil, sys, traceback
from set_ups import FakeRunner, environment, make_course
from test_set_up import BREAKINGS, NO_NETWORK_ERROR, beside, snapshot

CREATING = {"os.mkdir", "os.link", "os.symlink", "open"}
CHANGING = CREATING | {"os.rename", "os.remove", "os.rmdir", "os.chmod"}

def end_at(number, how):
    seen = 0
    def hook(event, details):
        nonlocal seen
        if event not in CHANGING or event == "open" and not details[2] & (os.O_WRONLY | os.O_RDWR):
            return
        seen += 1
        if how == "kill" and seen == number:
            os._exit(9)
        if how == "interrupt" and seen == number:
            raise KeyboardInterrupt
        if how == "full" and seen >= number and event in CREATING:
            raise OSError(28, "No space left on device")
    sys.addaudithook(hook)
    return lambda: seen < number

def without_network(root):
    try:
        environment.set_up(root, None, FakeRunner("--require-hashes", NO_NETWORK_ERROR))
    except environment.SetupError:
        pass

folder, how = pathlib.Path(sys.argv[1]), sys.argv[2]
sys.stdout = sys.stderr = open(os.devnull, "w")
sys.excepthook = lambda *error: traceback.print_exception(*error, file=sys.__stderr__)
ends = 0
for which, breaking in enumerate(BREAKINGS[: int(sys.argv[3])]):
    for number in range(1, 1000):
        root = make_course(folder / f"{which} {number}")
        environment.set_up(root, None, FakeRunner())
        breaking(root)
        before = snapshot(root / ".venv")
        child = os.fork()
        if not child:
            over = end_at(number, how)
            try:
                environment.set_up(root, None, FakeRunner())
            except (KeyboardInterrupt, OSError, environment.SetupError):
                os._exit(1)
            os._exit(0 if over() else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        places = [root / name for name in (".venv", environment.ASIDE) if (root / name).exists()]
        whole = [p for p in places if snapshot(p) == before or environment.read_stamp(p)]
        assert whole, f"{which}, {how} at {number}: lost"
        without_network(root)
        after = root / ".venv"
        assert snapshot(after) == before or not environment.whats_wrong(root), (which, how, number)
        assert beside(root) == {".venv"}, (which, how, number, beside(root))
        shutil.rmtree(root)
        if code == 0:
            break
        ends += 1
print(ends, file=sys.__stdout__)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
@pytest.mark.parametrize("how", ["kill", "interrupt", "full"])
def test_whenever_a_set_up_ends_nothing_is_lost(how, tmp_path):
    check_endings(how, tmp_path, 1)


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
@pytest.mark.parametrize("how", ["kill", "interrupt", "full"])
def test_whenever_a_repair_or_a_new_set_up_ends_nothing_is_lost(how, tmp_path):
    check_endings(how, tmp_path, len(BREAKINGS))


def check_endings(how, folder, breakings):
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT / "tests" / "course")])
    line = [sys.executable, "-c", ENDINGS, str(folder), how, str(breakings)]
    env = dict(os.environ, PYTHONPATH=paths)
    done = subprocess.run(line, capture_output=True, text=True, env=env, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20 * breakings


# One start at a time

HOLDING = """
import sys, pathlib
from set_ups import environment
with environment.locked(pathlib.Path(sys.argv[1], environment.LOCK)):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(course):
    """Return a process that sets up the course until its standard input is closed."""
    line = [sys.executable, "-c", HOLDING, str(course)]
    env = dict(os.environ, PYTHONPATH=str(ROOT / "tests"))
    with subprocess.Popen(line, stdin=-1, stdout=-1, text=True, env=env) as process:
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_a_second_start_waits_until_the_first(course, holder, how, capsys):
    timer = threading.Timer(0.3, holder.stdin.close if how == "ends" else holder.kill)
    timer.start()
    began = time.monotonic()
    assert len(set_up_again(course)) == 5
    assert time.monotonic() - began > 0.25
    assert f"Another start, process {holder.pid}, or a step" in capsys.readouterr().out


def test_a_lock_that_nobody_holds_is_free(course):
    (course / environment.LOCK).write_text("1234567")
    assert len(set_up_again(course)) == 5


PLACES = ["text", "link", "dangling link", "folder", "pipe"]


def take_the_place(path, kind):
    """Put something of the reader's in the place of a lock; a link leads to mine.txt."""
    mine = path.with_name("mine.txt")
    mine.write_text("123")
    if kind == "text":
        path.write_text("a note")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        if os.name == "nt":
            pytest.skip("Windows has no such files")
        os.mkfifo(path)
    else:
        path.symlink_to(mine if kind == "link" else "not there")


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_in_the_place_of_the_lock_is_told_and_kept(course, kind):
    path = course / environment.LOCK
    take_the_place(path, kind)
    with pytest.raises(environment.SetupError, match="is in the place of a lock"):
        set_up_again(course)
    assert (course / "mine.txt").read_text() == "123"
    assert kind != "text" or path.read_text() == "a note"
    assert not (course / "not there").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such flag")
def test_a_link_that_comes_between_is_not_followed(course, monkeypatch):
    take_the_place(course / environment.LOCK, "link")
    monkeypatch.setattr(environment, "foreign_lock", lambda path: "")
    with pytest.raises(OSError):
        set_up_again(course)
    assert (course / "mine.txt").read_text() == "123"


def test_a_complete_set_up_needs_no_lock(ready):
    (ready / environment.LOCK).unlink()
    assert set_up_again(ready) == []
    assert not (ready / environment.LOCK).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let a used .venv be changed")
def test_a_step_that_outlives_a_killed_start_keeps_the_lock(course):
    code = """
import sys, pathlib
from set_ups import environment
with environment.locked(pathlib.Path(sys.argv[1], environment.LOCK)):
    command = [sys.executable, "-c", "import time; time.sleep(0.6)"]
    environment.run_quietly(command, pathlib.Path("."))
"""
    env = dict(os.environ, PYTHONPATH=str(ROOT / "tests"))
    with subprocess.Popen([sys.executable, "-c", code, str(course)], env=env) as process:
        while (
            not (course / environment.LOCK).exists() or not (course / environment.LOCK).read_text()
        ):
            time.sleep(0.01)
        time.sleep(0.1)
        process.kill()
        began = time.monotonic()
        process.wait()
        with environment.locked(course / environment.LOCK):
            assert time.monotonic() - began > 0.1


@pytest.mark.parametrize("name", ["the course", "r\u00e9sum\u00e9"])
def test_the_course_is_found_whatever_encoding_the_system_has_and_after_a_move(ready, name):
    """Python 3.12 and before read such a file in the encoding of the system, which wrote none."""
    root = ready.rename(ready.with_name(name))
    path = environment.inside(root / ".venv")[1] / "helpers.pth"
    path.write_text(str(root), encoding="utf-8")
    environment.free(root / ".venv")
    assert path.read_bytes().isascii()
    moved = root.rename(root.with_name("moved"))
    (moved / "helpers" / "__init__.py").write_text("")
    line = [environment.inside(moved / ".venv")[0], "-P", "-c", "import helpers; print(helpers)"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    assert str(moved) in subprocess.run(line, capture_output=True, text=True, env=env).stdout


# What the steps are run with


def test_steps_without_index_see_no_setting_of_pip(monkeypatch):
    monkeypatch.setattr(
        os, "environ", {"PIP_FIND_LINKS": "a", "UV_INDEX": "b", "PIP_CACHE_DIR": "c"}
    )
    assert environment.variables(ROOT).keys() == {"PIP_FIND_LINKS", "UV_INDEX", "PIP_CACHE_DIR"}
    offline = environment.variables(ROOT, offline=True)
    assert offline.keys() == {"PIP_CACHE_DIR", "PIP_CONFIG_FILE", "UV_NO_CONFIG", "UV_OFFLINE"}


def test_steps_see_no_variable_that_leads_astray(monkeypatch, tmp_path):
    code = "import os; assert not {'PIP_TARGET', 'PYTHONPATH', 'VIRTUAL_ENV'} & os.environ.keys()"
    for name in ("PIP_TARGET", "PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    environment.run_quietly([sys.executable, "-c", code], tmp_path)


@pytest.mark.parametrize("uv", [None, "/somewhere/uv"])
def test_nothing_is_installed_outside_a_venv(course, uv):
    class Losing(FakeRunner):
        def __call__(self, command, root):
            super().__call__(command, root)
            (root / ".venv" / "pyvenv.cfg").unlink(missing_ok=True)

    runner = Losing()
    with pytest.raises(environment.SetupError, match="would go into another\nPython"):
        environment.set_up(course, uv, runner)
    assert len(runner.commands) == 1
    code = "import os; assert os.environ['PIP_REQUIRE_VIRTUALENV'] == '1'"
    environment.run_quietly([sys.executable, "-c", code], course)


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
    text = environment.explain(output)
    assert meaning in text.partition("The last lines")[0]
    assert output.strip().splitlines()[-1] in text


@pytest.mark.parametrize(
    "output",
    [
        "ERROR: No matching distribution found for imutils==0.5.4",
        "Because imutils was not found in the provided package locations",
    ],
)
def test_a_wheel_that_is_missing_is_not_blamed_on_the_machine(output):
    assert "A wheel is missing in that folder" in environment.explain(output, offline=True)


def test_failing_step_becomes_trouble(tmp_path):
    code = "import sys; print('Network is unreachable'); sys.exit(1)"
    with pytest.raises(environment.SetupError, match=NO_NETWORK):
        environment.run_quietly([sys.executable, "-c", code], tmp_path)


def test_quiet_step_shows_nothing(tmp_path, capfd):
    environment.run_quietly([sys.executable, "-c", "print('chatter')"], tmp_path)
    assert capfd.readouterr().out == ""
