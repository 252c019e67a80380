"""Packing and unpacking for machines without network: whole or not at all, and checked first."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import zipfile

import pytest
from set_ups import ROOT, FakeRunner, environment, make_course, wheelhouse

TRIED = ["tests/house/test_walls.py", "tests/house/test_places.py"]
NO_NETWORK_ERROR = environment.SetupError("no network")


def make_wheel(folder, name, version):
    """Write a wheel of one module; return its name and its SHA-256."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in [*files.items(), (f"{info}/RECORD", record)]:
            wheel.writestr(zipfile.ZipInfo(file), text)
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def pin(name, version, sha256):
    return f"{name}=={version} \\\n    --hash=sha256:{sha256}\n"


class FakePip(FakeRunner):
    """Stands for pip: "collects" a wheel that is pinned and one that is built."""

    def __call__(self, command, root):
        super().__call__(command, root)
        if "wheel" in command:
            folder = pathlib.Path(command[command.index("--wheel-dir") + 1])
            make_wheel(folder, "pinned_one", "1.2")
            make_wheel(folder, "imutils", "0.5.4")


@pytest.fixture
def course(tmp_path):
    """Return a small course that pins one package with a wheel, and imutils, which has none."""
    root = make_course(tmp_path.resolve() / "the course")
    _, sha256 = make_wheel(tmp_path, "pinned_one", "1.2")
    pins = pin("pinned-one", "1.2", sha256) + pin("imutils", "0.5.4", "0" * 64)
    (root / "requirements.txt").write_text(pins)
    return root


@pytest.fixture
def packed(course):
    """Return a folder that pack wrote."""
    folder = course.parent / "a, packed #1"
    environment.pack(folder, course, None, False, FakePip())
    return folder


def pins_of(course):
    return environment.read_pins(course, ["requirements.txt"])


def change_note(folder, **facts):
    path = folder / wheelhouse.NOTE
    path.write_text(json.dumps(dict(json.loads(path.read_text()), **facts)))


def left(folder):
    return sorted(path.name for path in folder.parent.glob(".pack-*") if path.suffix != ".lock")


# Writing


def test_pack_writes_wheels_and_a_note_and_says_what_to_type(course, packed, capsys):
    environment.pack(packed, course, None, False, FakePip())
    wheels = ["imutils-0.5.4-py3-none-any.whl", "pinned_one-1.2-py3-none-any.whl"]
    assert sorted(path.name for path in packed.iterdir()) == [*wheels, wheelhouse.NOTE]
    note = json.loads((packed / wheelhouse.NOTE).read_text())
    assert note["system"] == wheelhouse.system()
    assert note["pins"].keys() == {"requirements.txt"}
    out = capsys.readouterr().out
    assert f"2 packages, 0 MB, for {wheelhouse.system()} are in {packed}." in out
    assert out.endswith("python start.py --from 'a, packed #1'\n")
    assert left(packed) == []


def test_pack_takes_the_pinned_packages_with_a_pip_of_its_own(course, tmp_path):
    runner = FakePip()
    environment.pack(tmp_path / "w", course, "/somewhere/uv", True, runner)
    make, collect = runner.commands
    assert make[:2] == ["/somewhere/uv", "venv"]
    assert "--seed" in make
    assert collect[1:5] == ["-m", "pip", "wheel", "--no-deps"]
    assert collect[5:10] == environment.pinned("requirements.txt", "requirements-deep.txt")
    assert not (course / ".venv").exists()


@pytest.mark.parametrize("error", [NO_NETWORK_ERROR, KeyboardInterrupt(), OSError(28, "full")])
@pytest.mark.parametrize("step", ["venv", "wheel"])
def test_a_pack_that_fails_leaves_what_was_there(course, packed, step, error):
    before = {path.name: path.read_bytes() for path in packed.iterdir()}
    with pytest.raises(type(error)):
        environment.pack(packed, course, None, False, FakePip(step, error))
    assert {path.name: path.read_bytes() for path in packed.iterdir()} == before
    with pytest.raises(type(error)):
        environment.pack(packed.with_name("new"), course, None, False, FakePip(step, error))
    assert not packed.with_name("new").exists()
    assert left(packed) == []


def plant(path: pathlib.Path, kind: str, packed: pathlib.Path) -> None:
    """Make something of the reader's: a file, a link to a wheelhouse, or a folder."""
    if kind == "file":
        path.write_text("mine")
    elif kind == "link":
        path.symlink_to(packed)
    else:
        path.mkdir()
        (path / "mine.txt").write_text("mine")


@pytest.mark.parametrize("name", ["folder", "file", "link", "note"])
def test_pack_takes_the_place_of_nothing_that_it_did_not_write(course, packed, name):
    folder = course.parent / name
    plant(folder, name, packed)
    if name == "note":
        (folder / wheelhouse.NOTE).write_text("{}")
    runner = FakePip()
    with pytest.raises(environment.SetupError, match="did not write it"):
        environment.pack(folder, course, None, False, runner)
    assert runner.commands == []
    assert name != "folder" or [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_pack_takes_an_empty_folder_and_needs_one_to_write_into(course, tmp_path):
    (tmp_path / "empty").mkdir()
    environment.pack(tmp_path / "empty", course, None, False, FakePip())
    assert (tmp_path / "empty" / wheelhouse.NOTE).exists()
    with pytest.raises(environment.SetupError, match="There is no folder"):
        environment.pack(tmp_path / "no" / "w", course, None, False, FakePip())


def test_what_a_killed_pack_left_is_cleared_and_what_it_put_aside_is_back(course, packed):
    mark = f".pack-{wheelhouse.hash_text(packed.name)[:12]}"
    unfinished = packed.with_name(f"{mark}-1")
    unfinished.mkdir()
    wheelhouse.write_note(unfinished)
    packed.rename(packed.with_name(f"{mark}-1-before"))
    with pytest.raises(environment.SetupError):
        environment.pack(packed, course, None, False, FakePip("wheel", NO_NETWORK_ERROR))
    assert left(packed) == []
    assert wheelhouse.check(packed, pins_of(course))


def test_pack_keeps_files_of_the_reader_in_its_folder(course, packed):
    runner = FakePip()
    (packed / "my notes\x1b.txt").write_text("mine")
    with pytest.raises(environment.SetupError, match=r"did not write: 'my notes\\x1b.txt'"):
        environment.pack(packed, course, None, False, runner)
    assert runner.commands == []
    assert (packed / "my notes\x1b.txt").read_text() == "mine"


def test_pack_keeps_what_came_into_its_folder_while_it_packed(course, packed):
    class Slow(FakePip):
        def __call__(self, command, root):
            super().__call__(command, root)
            (packed / "mine.zip").write_text("mine")

    with pytest.raises(environment.SetupError, match=r"did not write: 'mine\.zip'"):
        environment.pack(packed, course, None, False, Slow())
    assert (packed / "mine.zip").read_text() == "mine"
    assert left(packed) == []


def test_a_second_pack_into_the_same_folder_waits(course, packed, capsys):
    other = shutil.copytree(course, course.with_name("another clone"))
    second = threading.Thread(target=environment.pack, args=(packed, other, None, False, FakePip()))

    class Slow(FakePip):
        def __call__(self, command, root):
            if "wheel" in command:
                second.start()
                second.join(0.3)
                assert second.is_alive()
            super().__call__(command, root)

    environment.pack(packed, course, None, False, Slow())
    second.join()
    assert f"Another start, process {os.getpid()}," in capsys.readouterr().out
    assert wheelhouse.check(packed, pins_of(course))
    assert left(packed) == []


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_named_like_a_left_over_is_kept(course, packed, kind):
    mark = f".pack-{wheelhouse.hash_text(packed.name)[:12]}"
    names = [f"{mark}-1", f"{mark}-2-before", f"{mark}-{os.getpid()}"]
    for path in map(packed.with_name, names):
        plant(path, kind, packed)
    environment.pack(packed, course, None, False, FakePip())
    assert left(packed) == sorted(names)
    assert wheelhouse.check(packed, pins_of(course))


def test_pack_takes_no_build_of_its_own_for_what_has_a_wheel(course, tmp_path):
    pins = course / "requirements.txt"
    pins.write_text(pin("pinned-one", "1.2", "0" * 64) + pin("imutils", "0.5.4", "0" * 64))
    with pytest.raises(environment.SetupError, match=r"pinned_one.* is not the build"):
        environment.pack(tmp_path / "w", course, None, False, FakePip())
    assert not (tmp_path / "w").exists()


# Reading: everything wrong is told before anything is changed


def test_a_whole_wheelhouse_is_allowed_what_was_built(course, packed):
    pins = wheelhouse.check(packed, pins_of(course))
    assert pins.count("--hash=") == 3
    assert environment.read_pins(course, ["requirements.txt"])["requirements.txt"].count("\n") == 4
    path = course / "requirements.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert wheelhouse.check(packed, pins_of(course)) == pins


def cut(folder):
    path = folder / "pinned_one-1.2-py3-none-any.whl"
    path.write_bytes(path.read_bytes()[:-1])


def flip(folder):
    path = folder / "imutils-0.5.4-py3-none-any.whl"
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)


def swap(folder):
    """Another wheel of a pinned package, with its hash in the note."""
    (folder / "pinned_one-1.2-py3-none-any.whl").unlink()
    (folder / "pinned_one-1.2-py3-none-any.whl").write_bytes(b"evil")
    sha256 = hashlib.sha256(b"evil").hexdigest()
    change_note(folder, wheels={"pinned_one-1.2-py3-none-any.whl": (4, sha256)})


def other_name(name):
    return lambda folder: change_note(folder, wheels={name: (1, "0" * 64)})


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (shutil.rmtree, "There is no folder"),
        (lambda folder: (folder / wheelhouse.NOTE).unlink(), "is not a whole folder of"),
        (lambda folder: (folder / wheelhouse.NOTE).write_text("{"), "is not a whole folder of"),
        (lambda folder: (folder / wheelhouse.NOTE).write_text("[" * 10**5), "is not a whole"),
        (lambda folder: (folder / wheelhouse.NOTE).write_text(" " * 2 * 10**6), "is not a whole"),
        (wheelhouse.write_note, "is not a whole folder of"),
        (lambda folder: (folder / "imutils-0.5.4-py3-none-any.whl").unlink(), "is missing in"),
        (cut, "is damaged: its bytes differ"),
        (flip, "is damaged: its bytes differ"),
        (swap, "is not the build that the course pins"),
        (other_name("../the course/start.py"), "is not the name of a wheel"),
        (other_name("imutils-9-py3-none-any.whl"), "is missing in"),
        (lambda folder: change_note(folder, wheels=[1]), "is damaged"),
        (lambda folder: change_note(folder, wheels={"a": 1}), "is damaged"),
        (lambda folder: change_note(folder, pins=7), "is damaged"),
        (
            lambda folder: change_note(folder, system="cpython 3.9 on mars"),
            "for cpython 3.9 on mars",
        ),
        (lambda folder: change_note(folder, system=["\x1b"]), r"packed for '\\x1b'; this is"),
        (
            lambda folder: change_note(folder, pins={"requirements.txt": "0"}),
            "older or newer course",
        ),
        (lambda folder: change_note(folder, pins={}), "was packed without --deep"),
    ],
)
def test_what_is_wrong_with_a_wheelhouse_is_told_before_anything_is_changed(
    course, packed, damage, words
):
    damage(packed)
    runner = FakeRunner()
    with pytest.raises(environment.SetupError, match=words):
        environment.set_up(course, None, runner, source=packed)
    assert runner.commands == []
    assert not (course / ".venv").exists()


def test_a_wheelhouse_without_deep_does_not_do_for_deep(course, packed):
    with pytest.raises(environment.SetupError, match="was packed without --deep"):
        environment.set_up(course, None, FakeRunner(), deep=True, source=packed)
    environment.set_up(course, None, FakeRunner(), source=packed)
    with pytest.raises(environment.SetupError, match="Nothing is lost"):
        environment.set_up(course, None, FakeRunner(), deep=True, source=packed)


def test_a_complete_set_up_does_not_look_for_the_wheelhouse(course, packed):
    environment.set_up(course, None, FakeRunner(), source=packed)
    shutil.rmtree(packed)
    environment.set_up(course, None, FakeRunner(), source=packed)


@pytest.mark.parametrize("uv", [None, "/somewhere/uv"])
def test_set_up_from_a_wheelhouse_names_no_index(course, packed, uv):
    runner = FakeRunner()
    environment.set_up(course, uv, runner, source=packed)
    install, project = runner.commands[1:3]
    where = install.index("--no-index")
    assert install[where : where + 3] == ["--no-index", "--find-links", packed.as_uri()]
    assert "," not in packed.as_uri()
    assert "--no-index" in project


# With pip itself


def test_pip_installs_what_was_packed_and_nothing_else(course, packed, tmp_path, monkeypatch):
    pytest.importorskip("pip", reason="a set-up made by uv has no pip")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("PIP_FIND_LINKS", "PIP_TARGET", "PIP_INDEX_URL"):
        monkeypatch.setenv(name, str(elsewhere))
    options = environment.from_wheelhouse(course, packed, ["requirements.txt"], tmp_path)
    target = ["--target", str(tmp_path / "installed")]
    line = [sys.executable, "-m", "pip", "install", "--no-compile", *target, *options]
    environment.run_quietly(line, tmp_path)
    assert (tmp_path / "installed" / "imutils.py").is_file()
    assert (tmp_path / "installed" / "pinned_one.py").is_file()


# All of it, for real


@pytest.mark.full
def test_a_machine_without_network_gets_the_course_from_what_was_packed(tmp_path):
    """Pack, then set up a copy of the course that reaches no network, and move it; takes 2 GB."""
    quotes = "" if os.name == "nt" else '"'
    first, second = tmp_path / "first", tmp_path / f"second {quotes}$HOME{quotes} \u00e9"
    ignore = shutil.ignore_patterns(".venv*", ".git", "__pycache__", ".*_cache", ".hypothesis")
    for root in (first, second):
        shutil.copytree(ROOT, root, ignore=ignore)
    line = [sys.executable, "start.py", "pack", str(tmp_path / "packed")]
    done = subprocess.run(line, cwd=first, capture_output=True, text=True)
    if "could not be reached" in done.stderr:
        pytest.skip("no network, which `pack` needs")
    assert done.returncode == 0, done.stderr
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    env = dict(os.environ, **nowhere)
    env = {name: value for name, value in env.items() if name != "PYTHONPATH"}

    def succeeds(root, *words):
        line = [sys.executable, "start.py", *words]
        done = subprocess.run(line, cwd=root, capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Complete after" in succeeds(second, "--from", "../packed", "test", *TRIED)
    succeeds(second, "doctor")
    moved = second.rename(tmp_path / "moved")
    assert "Repairing it, without network." in succeeds(moved, "test", *TRIED)
    succeeds(moved, "doctor")
