"""Files of results: whole, marked, and never in the place of what is not ours."""

import io
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import results
from helpers.errors import PictureError
from helpers.files import as_path
from helpers.results import (
    PART,
    PICTURE,
    PNG,
    REPORT,
    SHEET,
    check_folder,
    check_target,
    is_of_kind,
    marked_png,
    write_folder,
    write_whole,
)

posix = pytest.mark.skipif(os.name == "nt", reason="links, FIFOs and fork are of POSIX")
NAMES = "original.png", "modified.png", "difference.png", "threshold.png"
# As version 0.1 wrote them, and as they stay.
REPORT_0_1 = (
    b'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    b'<meta name="generator" content="image-diff report">\n<meta name="viewport"'
)
MARK_0_1 = b"\0\0\0\x1ctEXtSoftware\0image-diff evaluate\x4a\x0d\x8e\xbb"


def png(value: int, kind=PICTURE) -> bytes:
    return marked_png(np.full((3, 4), value, np.uint8), kind)


OLD = {name: png(i) for i, name in enumerate(NAMES)}
NEW = {name: png(9 + i) for i, name in enumerate(NAMES)}


def plain_png() -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(np.zeros((3, 4), np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def page(text: str) -> bytes:
    return f"{REPORT.mark}\n{text}".encode()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(autouse=True)
def without_fsync(monkeypatch, request):
    if "fsync" not in request.node.name:
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # it waits for the disk


# The mark


def test_the_mark_is_a_text_that_every_program_shows():
    picture = PIL.Image.open(io.BytesIO(png(7)))
    assert picture.text == {"Software": "image-diff"}
    assert np.array_equal(np.asarray(picture), np.full((3, 4), 7))
    assert PIL.Image.open(io.BytesIO(png(7, SHEET))).text == {"Software": "image-diff evaluate"}


def test_what_version_0_1_wrote_is_known(tmp_path):
    (tmp_path / "r.html").write_bytes(REPORT_0_1)
    assert is_of_kind(tmp_path / "r.html", REPORT)
    plain = plain_png()
    (tmp_path / "s.png").write_bytes(plain[:-12] + MARK_0_1 + plain[-12:])
    assert is_of_kind(tmp_path / "s.png", SHEET) and not is_of_kind(tmp_path / "s.png", PICTURE)


@pytest.mark.parametrize("kind", [PICTURE, SHEET])
def test_a_picture_of_somebody_else_never_looks_like_ours(tmp_path, kind):
    plain, mark = plain_png(), chunk(b"tEXt", f"Software\0{kind.mark}".encode())
    start, end = plain[:33], plain[33:]
    assert (
        start + mark + end == marked_png(np.zeros((3, 4), np.uint8), kind)[:0] + start + mark + end
    )
    others = {
        "plain": plain,
        "after the end": plain + mark + plain[-12:],
        "in a text": start + chunk(b"tEXt", b"Comment\0" + mark) + end,
        "in other data": start + chunk(b"prVt", mark) + end,
        "another keyword": start + chunk(b"tEXt", f"Source\0{kind.mark}".encode()) + end,
        "a longer text": start + chunk(b"tEXt", f"Software\0{kind.mark}!".encode()) + end,
        "a wrong checksum": start + mark[:-1] + b"?" + end,
        "no PNG": mark,
        "cut off": start + mark[:-5],
        "a chunk without end": start + b"\xff\xff\xff\xffIDAT" + mark,
        "empty": b"",
        "of the other kind": start + png(0, SHEET if kind is PICTURE else PICTURE)[33:],
    }
    path = tmp_path / "p.png"
    for name, data in others.items():
        path.write_bytes(data)
        assert not is_of_kind(path, kind), name
    path.write_bytes(start + mark + end)
    assert is_of_kind(path, kind)


def test_a_page_that_quotes_the_mark_is_no_report(tmp_path):
    path = tmp_path / "r.html"
    for text in (b"<p>mine</p>", b"<!-- " + page(""), page("")[:-3], b""):
        path.write_bytes(text)
        assert not is_of_kind(path, REPORT)


def test_a_mark_is_looked_for_in_bounded_time(tmp_path):
    path = tmp_path / "p.png"
    path.write_bytes(PNG + bytes(12) * 2_000_000)  # 24 MB of empty chunks
    began = time.perf_counter()
    assert not is_of_kind(path, PICTURE)
    assert time.perf_counter() - began < 0.5


# One file


def test_a_file_is_written_and_replaced_with_the_usual_permissions(tmp_path):
    path = tmp_path / "r.html"
    for text in ("one", "two"):
        write_whole(check_target(path, REPORT), page(text), REPORT)
        assert contents(tmp_path) == {"r.html": page(text)}
    (tmp_path / "usual").touch()
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode


@given(st.binary(min_size=1, max_size=250).filter(lambda name: not set(name) & set(b"/\0")))
def test_a_file_may_have_any_name(name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, os.fsdecode(name[:250] + b".html"))
        try:
            (path.parent / path.name).touch()
        except (OSError, ValueError):
            return  # the system has no such name
        path.unlink()
        assert check_target(path, REPORT) == path
        write_whole(path, page("new"), REPORT)
        assert path.read_bytes() == page("new") and len(list(Path(folder).iterdir())) == 1


def test_no_temporary_name_is_known_beforehand(tmp_path, monkeypatch):
    """What version 0.1 used, `.r.html.part`, may be a file of the user."""
    (tmp_path / ".r.html.part").write_bytes(b"mine")
    parts = []
    mkdir = os.mkdir
    monkeypatch.setattr(os, "mkdir", lambda path, *mode: parts.append(path) or mkdir(path, *mode))
    for _ in range(2):
        write_whole(tmp_path / "r.html", page(""), REPORT)
    assert (tmp_path / ".r.html.part").read_bytes() == b"mine"
    assert len({Path(part).name for part in parts}) == 2
    assert all(PART.fullmatch(Path(part).name) for part in parts)


def plant(path: Path, what: str, outside: Path) -> None:  # noqa: C901 (a list of cases)
    """Put something in the place of a result."""
    outside.mkdir(exist_ok=True)
    victim = outside / path.name
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "link to nowhere":
        path.symlink_to(outside / "nowhere")
    elif what == "link to a fifo":
        os.mkfifo(victim)
        path.symlink_to(victim)
    elif what == "link to a device":
        path.symlink_to("/dev/zero")
    elif what == "link to a folder":
        path.symlink_to(outside)
    elif what.startswith("link"):
        victim.write_bytes(page("") if path.suffix == ".html" else png(99))
        if what == "link to another":
            victim.write_bytes(b"precious")
        path.symlink_to(victim)
    elif what.startswith("hard link"):
        victim.write_bytes(b"precious")
        if what == "hard link to ours":
            victim.write_bytes(page("") if path.suffix == ".html" else png(99))
        path.hardlink_to(victim)
    elif what == "empty":
        path.touch()
    elif what == "mine":
        path.write_bytes(b"<p>mine</p>" if path.suffix == ".html" else plain_png())
    elif what == "ours":
        path.write_bytes(page("old") if path.suffix == ".html" else png(1))


OURS = "nothing", "ours", "link to ours", "hard link to ours"
OTHERS = (
    "mine",
    "empty",
    "folder",
    "fifo",
    "link to nowhere",
    "link to a fifo",
    "link to a device",
    "link to a folder",
    "link to another",
    "hard link to another",
)


def trace_of(path: Path) -> tuple:
    """What would differ if it had been written to; to read it changes its last access."""
    status = path.lstat()
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns


@posix
@pytest.mark.parametrize("what", [*OURS, *OTHERS])
def test_what_is_in_the_place_of_a_file(tmp_path, what):
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    path = folder / "r.html"
    plant(path, what, outside)
    kept = contents(outside) if what != "link to a fifo" else {}
    before = trace_of(path) if what != "nothing" else None
    if what in OURS:
        write_whole(check_target(path, REPORT), page("new"), REPORT)
        assert path.read_bytes() == page("new") and not path.is_symlink()
    else:
        for attempt in (check_target, lambda *_: write_whole(path, page("new"), REPORT)):
            with pytest.raises(PictureError, match=r"r\.html is there already and is no earlier"):
                attempt(path, REPORT)
        assert trace_of(path) == before
    assert [entry.name for entry in folder.iterdir()] == ["r.html"]
    assert (contents(outside) if what != "link to a fifo" else {}) == kept


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("r.txt", "does not end in .html"),
        ("none/r.html", "There is no folder"),
        ("file/r.html", "There is no folder"),
        ("n" * 300 + ".html", "cannot be written"),
        ("a\0b.html", "the path is"),
        ("\ud800.html", "the path is") if os.name != "nt" else ("a?.html", "cannot be written"),
        (7, "the path is 7"),
    ],
)
def test_a_file_that_cannot_be(tmp_path, target, words):
    (tmp_path / "file").touch()
    path = target if isinstance(target, int) else tmp_path / target
    with pytest.raises(PictureError, match=re.escape(words)):
        check_target(path, REPORT)


def test_a_folder_that_may_not_be_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    for check in (
        lambda: check_target(tmp_path / "r.html", REPORT),
        lambda: check_folder(tmp_path, NAMES, PICTURE),
        lambda: check_folder(tmp_path / "new" / "er", NAMES, PICTURE),
    ):
        with pytest.raises(PictureError, match="you may not write into"):
            check()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (PermissionError(13, "Access is denied"), "Access is denied"),  # open, on Windows
        (OSError("odd"), "odd"),
    ],
)
def test_a_failing_rename_is_told_with_its_cause(tmp_path, monkeypatch, error, cause):
    write_whole(tmp_path / "r.html", page("old"), REPORT)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(PictureError, match=rf"r\.html cannot be written \({cause}\)"):
        write_whole(tmp_path / "r.html", page("new"), REPORT)
    assert contents(tmp_path) == {"r.html": page("old")}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_has_gone_meanwhile(tmp_path):
    path = check_target(tmp_path / "r.html", REPORT)
    tmp_path.rmdir()
    with pytest.raises(PictureError, match="cannot be written"):
        write_whole(path, page(""), REPORT)


def test_a_file_that_has_come_meanwhile_stays(tmp_path):
    path = check_target(tmp_path / "r.html", REPORT)
    path.write_bytes(b"mine")
    with pytest.raises(PictureError, match="is no earlier report"):
        write_whole(path, page(""), REPORT)
    assert contents(tmp_path) == {"r.html": b"mine"}


def test_fsync_comes_before_the_rename(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, f=original: (calls.append(n), f(*a))[1])
    write_whole(tmp_path / "r.html", page("new"), REPORT)
    assert calls == ["fsync", "replace"]


@posix
def test_a_disk_that_is_full_leaves_the_earlier_files(tmp_path):
    import resource

    write_whole(tmp_path / "r.html", page("old"), REPORT)
    write_folder(tmp_path / "d", OLD, PICTURE)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (0, 10, 100):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
        try:
            with pytest.raises(PictureError, match="cannot be written"):
                write_whole(tmp_path / "r.html", page("x" * 100_000), REPORT)
            with pytest.raises(PictureError, match="cannot be written"):
                write_folder(tmp_path / "d", {**NEW, NAMES[2]: png(3) + bytes(100_000)}, PICTURE)
            with pytest.raises(PictureError, match="cannot be written"):
                write_folder(tmp_path / "n" / "n", NEW | {NAMES[2]: bytes(100_000)}, PICTURE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "r.html"]
    assert (tmp_path / "r.html").read_bytes() == page("old")
    assert contents(tmp_path / "d") == OLD and len(list((tmp_path / "d").iterdir())) == 4


# Folders


@posix
@given(st.lists(st.sampled_from(OURS + OTHERS), min_size=4, max_size=4), st.booleans())
def test_what_is_in_a_folder(states, with_more):
    with tempfile.TemporaryDirectory() as name:
        folder, outside = Path(name, "in"), Path(name, "out")
        folder.mkdir()
        if with_more:
            (folder / "holiday.png").write_bytes(plain_png())
        for file, state in zip(NAMES, states, strict=True):
            plant(folder / file, state, outside)
        before = {path: trace_of(path) for path in (*folder.iterdir(), *outside.glob("*"))}
        if set(states) <= set(OURS):
            write_folder(check_folder(folder, NAMES, PICTURE), NEW, PICTURE)
            assert {file: (folder / file).read_bytes() for file in NAMES} == NEW
            assert not any(path.is_symlink() for path in folder.iterdir())
            assert len(list(folder.iterdir())) == 4 + with_more
            assert {path.read_bytes() for path in outside.glob("*")} <= {png(99)}
        else:
            first = next(n for n, s in zip(NAMES, states, strict=True) if s not in OURS)
            words = re.escape(f"{folder / first} is there already and is no earlier picture")
            with pytest.raises(PictureError, match=words):
                check_folder(folder, NAMES, PICTURE)
            with pytest.raises(PictureError, match=words):
                write_folder(folder, NEW, PICTURE)
            after = {path: trace_of(path) for path in (*folder.iterdir(), *outside.glob("*"))}
            assert after == before


def test_a_folder_is_made_whole_with_those_above_it(tmp_path):
    folder = tmp_path / "a" / "b" / "c"
    write_folder(check_folder(folder, NAMES, PICTURE), OLD, PICTURE)
    assert contents(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    (tmp_path / "usual").mkdir()
    for path in (folder, tmp_path / "a"):
        assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_that_another_run_makes_meanwhile(tmp_path, monkeypatch):
    rename = os.rename

    def late(source, target, **options) -> None:
        if Path(target) == tmp_path / "a" and not Path(target).exists():
            shutil.copytree(other, target)
        rename(source, target, **options)

    other = tmp_path / "other"
    (other / "x").mkdir(parents=True)
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        monkeypatch.setattr(os, "rename", late)
        write_folder(folder, NEW, PICTURE)
        assert {name: (folder / name).read_bytes() for name in NAMES} == NEW
        assert (tmp_path / "a" / "x").is_dir()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "other"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("file", "file is no folder"),
        ("file/below", "file is no folder"),
        ("n" * 300, "cannot be written"),
        ("a\0b", "the folder is"),
        ("deep/" * 1500, "the folder is"),
        ("new/../other", "There is no folder"),
    ],
)
def test_a_folder_that_cannot_be(tmp_path, name, words):
    (tmp_path / "file").touch()
    with pytest.raises(PictureError, match=re.escape(words)):
        write_folder(check_folder(tmp_path / name, NAMES, PICTURE), NEW, PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@posix
def test_a_link_to_a_folder_is_that_folder_and_one_to_nowhere_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "nowhere").symlink_to("none")
    write_folder(tmp_path / "link", NEW, PICTURE)
    assert contents(tmp_path / "real") == NEW
    for name in ("nowhere", "nowhere/below"):
        with pytest.raises(PictureError, match="nowhere is no folder"):
            write_folder(tmp_path / name, NEW, PICTURE)
    assert not (tmp_path / "none").exists()


def test_files_that_were_compared_are_kept_by_whatever_name(tmp_path):
    write_folder(tmp_path, OLD, PICTURE)
    aliases = [Path(os.path.relpath(tmp_path / NAMES[1]))]
    if os.name != "nt":
        (tmp_path / "alias.png").symlink_to(NAMES[1])
        (tmp_path / "twin.png").hardlink_to(tmp_path / NAMES[1])
        aliases += [tmp_path / "alias.png", tmp_path / "twin.png"]
    for alias in aliases:
        with pytest.raises(PictureError, match=r"modified\.png is one of the pictures compared"):
            check_folder(tmp_path, NAMES, PICTURE, keep=[tmp_path / "none.png", alias])
    check_folder(tmp_path, NAMES, PICTURE, keep=[tmp_path / "none.png"])


def test_the_file_behind_the_standard_input_is_kept(tmp_path):
    write_folder(tmp_path, OLD, PICTURE)
    (tmp_path / "r.html").write_bytes(page("old"))
    for name in (NAMES[2], "r.html"):
        kept, file = os.dup(0), os.open(tmp_path / name, os.O_RDONLY)
        os.dup2(file, 0)
        try:
            with pytest.raises(PictureError, match=f"{name} is one of the pictures compared"):
                if name == "r.html":
                    check_target(tmp_path / name, REPORT, keep=[as_path("-")])
                else:
                    check_folder(tmp_path, NAMES, PICTURE, keep=[as_path("-")])
        finally:
            os.dup2(kept, 0)
            os.close(kept)
            os.close(file)


def test_when_one_rename_fails_all_four_stay(tmp_path, monkeypatch):
    """On Windows a picture that a viewer has open cannot be replaced."""
    for there in (NAMES, NAMES[:1], NAMES[2:], ()):
        for number in range(4):
            folder = tmp_path / f"{len(there)}{there[:1]}{number}"
            folder.mkdir()
            for name in there:
                (folder / name).write_bytes(OLD[name])
            with monkeypatch.context() as patch:
                patch.setattr(os, "replace", _failing_at(number, os.replace))
                with pytest.raises(PictureError, match=r"cannot be written \(Access is denied"):
                    write_folder(folder, NEW, PICTURE)
            assert contents(folder) == {name: OLD[name] for name in there}
            assert len(list(folder.iterdir())) == len(there)


def _failing_at(number: int, function: Callable) -> Callable:
    calls = []

    def call(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number + 1:
            raise PermissionError(13, "Access is denied")
        return function(*arguments, **options)

    return call


# Runs that end in the middle, and two at once

STEPS = {
    "open",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.listdir",
    "os.scandir",
    "fcntl.flock",
}


def ends_at(step: int, write: Callable[[], None], how: str) -> str:
    """Run `write` in a process that is killed, or fails, just before its step of that number."""
    child = os.fork()
    if child == 0:
        left = [step]

        def hook(event: str, _: tuple) -> None:
            if event in STEPS:
                left[0] -= 1
                if left[0] == -1 and how == "killed":
                    os.kill(os.getpid(), signal.SIGKILL)
                if left[0] == -1:
                    raise OSError(28, "No space left on device")

        try:
            sys.addaudithook(hook)
            write()
            os._exit(0 if left[0] < 0 else 5)
        except PictureError:
            os._exit(3)
        finally:
            os._exit(4)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {0: "done", 3: "told", 5: "no such step", -signal.SIGKILL: "killed"}[status]


def a_moment_passes(folder: Path) -> None:
    for part in folder.glob(".image-diff-*.part"):
        if not any(part.iterdir()):  # killed before it was locked: looks as one about to be
            os.utime(part, (0, 0))


@posix
@pytest.mark.parametrize("how", ["killed", "failing"])
@pytest.mark.parametrize("there", ["a file", "no file", "a folder", "no folder"])
def test_a_run_that_ends_at_any_step(tmp_path, how, there):
    old, new = ({"r.html": page("old")}, {"r.html": page("new")}) if "file" in there else (OLD, NEW)
    outcomes = set()
    for step in range(100):
        base = tmp_path / str(step)
        base.mkdir()
        folder = base if "file" in there else base / "d"

        def write(files=new, folder=folder) -> None:
            if "file" in there:
                write_whole(folder / "r.html", files["r.html"], REPORT)
            else:
                write_folder(folder, files, PICTURE)

        if there.startswith("a "):
            write(old)
        outcome = ends_at(step, write, how)
        if outcome == "no such step":
            break
        outcomes.add(outcome)
        found = contents(folder) if folder.exists() else {}
        if outcome == "done":
            assert found == new
        elif outcome == "told":
            assert found == (old if there.startswith("a ") else {})
            assert (base / "d").exists() == (there == "a folder")
        elif there == "no folder":
            assert found in ({}, new)
        else:
            assert all(found[name] in (old.get(name), new[name]) for name in found)
            assert there == "no file" or found.keys() == new.keys()
        a_moment_passes(base)
        a_moment_passes(folder)
        write()
        assert contents(folder) == new
        assert not [path for path in (*base.iterdir(), *folder.iterdir()) if "part" in path.name]
    # Nobody need know that leftovers could not be looked for, or the part not removed.
    assert outcomes == ({"killed"} if how == "killed" else {"done", "told"})


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


@posix
def test_two_writers_at_once_leave_whole_files(tmp_path):
    pages = [page(letter * 200_000) for letter in "ab"]

    def work(number: int) -> None:
        for turn in range(100):
            write_whole(tmp_path / "r.html", pages[number], REPORT)
            if turn % 10 == 0:
                write_folder(tmp_path / "d" / "e", (OLD, NEW)[number], PICTURE)

    children = [_fork(lambda number=number: work(number)) for number in (0, 1)]
    status = []
    while len(status) < 2:
        done, code = os.waitpid(-1, os.WNOHANG)
        status += [code] if done in children else []
        if (tmp_path / "r.html").exists():
            assert (tmp_path / "r.html").read_bytes() in pages
    assert status == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "r.html"]
    found = contents(tmp_path / "d" / "e")
    assert all(found[name] in (OLD[name], NEW[name]) for name in NAMES) and len(found) == 4


# What killed runs leave


def test_only_what_a_killed_run_left_is_cleared(tmp_path):
    def part(number: int, **files: bytes) -> Path:
        folder = tmp_path / f".image-diff-0000000{number}.part"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        os.utime(folder, (0, 0))
        return folder

    gone = [
        part(0),
        part(1, **{"0": page("x"), "1": b""}),
        part(2, **{"0": png(1), "1": png(2, SHEET)}),
        part(3),
    ]
    (gone[3] / "below").mkdir()
    (gone[3] / "below" / "original.png").write_bytes(png(1))
    os.utime(gone[3], (0, 0))
    kept = [part(4, **{"0": b"mine"}), part(5, notes=b"")]
    others = [
        tmp_path / name
        for name in (".image-diff-1.part", "image-diff-00000006.part", ".image-diff-0000000g.part")
    ]
    for path in others:
        path.mkdir()
    file = tmp_path / ".image-diff-00000007.part"  # not a folder, as ours are
    file.write_bytes(page("mine"))
    os.utime(file, (0, 0))
    write_whole(tmp_path / "r.html", page(""), REPORT)
    assert {*tmp_path.iterdir()} == {*kept, *others, file, tmp_path / "r.html"}
    assert (kept[0] / "0").read_bytes() == b"mine" and (kept[1] / "notes").exists()


def test_what_is_planted_in_parts_is_looked_at_in_bounded_numbers(tmp_path, monkeypatch):
    for number in range(50):
        part = tmp_path / f".image-diff-000000{number:02}.part"
        part.mkdir()
        for name in range(3):
            (part / str(name)).write_bytes(b"planted")
        os.utime(part, (0, 0))
    looked_at = []
    monkeypatch.setattr(results, "_is_leftover", lambda path, _: looked_at.append(path))
    monkeypatch.setattr(results, "MOST_LEFT", 2, raising=False)
    write_whole(tmp_path / "r.html", page(""), REPORT)
    assert len(looked_at) == 40


@posix
def test_clearing_follows_no_link(tmp_path):
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    for path in (outside, outside / "deep"):
        (path / "0").write_bytes(png(1))
    inside = tmp_path / "in"
    part = inside / ".image-diff-00000000.part"
    part.mkdir(parents=True)
    (part / "folder").symlink_to(outside / "deep")
    (part / "0").symlink_to(outside / "0")
    os.mkfifo(part / "1")
    (inside / ".image-diff-00000001.part").symlink_to(outside)
    write_whole(inside / "r.html", page(""), REPORT)
    assert (outside / "0").exists() and (outside / "deep" / "0").exists()
    assert len(list(part.iterdir())) == 3 and len(list(inside.iterdir())) == 3


@posix
def test_a_part_that_is_being_written_is_left_alone(tmp_path):
    with results._part(tmp_path) as part:
        (part / "0").write_bytes(page(""))
        os.utime(part, (0, 0))
        write_whole(tmp_path / "r.html", page(""), REPORT)
        assert part.exists()
    assert not part.exists()
    part.mkdir()  # about to be locked
    for seconds, there in ((5, True), (15, False)):
        os.utime(part, (0, time.time() - seconds))
        write_whole(tmp_path / "r.html", page(""), REPORT)
        assert part.exists() == there


def test_without_locks_a_part_is_cleared_after_an_hour(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "fcntl", None)
    part = tmp_path / ".image-diff-00000000.part"
    part.mkdir()
    (part / "0").write_bytes(page(""))
    for minutes, there in ((50, True), (70, False)):
        os.utime(part, (0, time.time() - 60 * minutes))
        write_whole(tmp_path / "r.html", page(""), REPORT)
        assert part.exists() == there


def test_the_folder_of_a_part_is_of_the_usual_kind(tmp_path):
    with results._part(tmp_path) as part:
        assert stat.S_ISDIR(part.lstat().st_mode) and part.parent == tmp_path
