"""Bytes of files, pipes and what pretends to be one of them, within limits of size and time."""

import os
import socket
import threading
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

import helpers
from helpers import files
from helpers.files import MEGABYTE, as_path, read_bytes
from helpers.loading import PictureError

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def write_into(path: Path, pieces: Iterable[bytes]) -> threading.Thread:
    """Open a pipe and write into it, as another program would, until nobody reads."""

    def write() -> None:
        with open(path, "wb", buffering=0) as pipe:  # noqa: PTH123 - waits for its reader
            try:
                for piece in pieces:
                    pipe.write(piece)
            except BrokenPipeError:
                pass

    thread = threading.Thread(target=write)
    thread.start()
    return thread


@contextmanager
def standard_input(data: bytes):
    """Make a pipe with some bytes in it the standard input of this process."""
    reading, writing = os.pipe()
    kept = os.dup(0)
    os.write(writing, data)
    os.close(writing)
    os.dup2(reading, 0)
    try:
        yield
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)


@pytest.mark.parametrize("size", [1, MEGABYTE, 3 * MEGABYTE + 1])
def test_all_bytes_of_a_file_are_read(tmp_path, size):
    data = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8).tobytes()
    (tmp_path / "a").write_bytes(data)
    assert read_bytes(tmp_path / "a") == data


def test_a_large_file_is_refused_and_read_when_the_limit_is_raised(tmp_path):
    data = bytes(2 * MEGABYTE)
    (tmp_path / "a.bmp").write_bytes(data)
    with pytest.raises(PictureError, match=r"a\.bmp has more than 1 MB, .*raise|--limit"):
        read_bytes(tmp_path / "a.bmp", limit=1)
    with pytest.raises(PictureError, match=r"a\.bmp has more than 1,258 bytes, "):
        read_bytes(tmp_path / "a.bmp", limit=0.001)
    assert read_bytes(tmp_path / "a.bmp", limit=2) == data


def test_a_file_that_never_ends_is_read_up_to_the_limit(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"a")
    read = []
    monkeypatch.setattr(os, "read", lambda _, size: read.append(size) or bytes(size))
    with pytest.raises(PictureError, match="has more than 6 MB"):
        read_bytes(tmp_path / "a", limit=5)
    assert sum(read) == 7 * MEGABYTE


class Hostile(float):
    def __gt__(self, _: object) -> bool:
        raise RuntimeError


@pytest.mark.parametrize(
    "limit", [0, -1, float("nan"), float("inf"), "50", None, [1], True, 10**400, Hostile(50)]
)
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(PictureError, match=r"limit is .*Give a number of million pixels"):
        helpers.load_image("images/original_01.png", limit=limit)


@needs_posix
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_devices_are_refused_before_they_are_opened(path, monkeypatch):
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("was opened"))
    with pytest.raises(PictureError, match=f"{path} is a device or a socket, not a file"):
        read_bytes(path)


@needs_posix
def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s")
        with pytest.raises(PictureError, match="s is a device or a socket"):
            read_bytes("s")


@needs_posix
def test_what_is_another_thing_once_it_is_open_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"a")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda _, flags: opened("/dev/zero", flags))
    with pytest.raises(PictureError, match="is a device"):
        read_bytes(tmp_path / "a")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no procfs here")
def test_a_file_that_says_it_is_empty_and_is_not(tmp_path):
    assert Path("/proc/self/status").stat().st_size == 0
    assert b"Name" in read_bytes("/proc/self/status")


@needs_posix
def test_a_pipe_without_a_writer_is_given_up(pipe, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    with pytest.raises(PictureError, match=r"pipe is a pipe from which nothing came for 0\.05 s"):
        read_bytes(pipe)


@needs_posix
def test_a_pipe_that_drips_is_given_up(pipe, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_WAIT", 0.3)
    stop = threading.Event()

    def drip():
        while not stop.wait(0.02):
            yield b"x"

    writer = write_into(pipe, drip())
    with pytest.raises(PictureError, match=r"pipe is a pipe that has not ended after 0\.3 sec"):
        read_bytes(pipe)
    stop.set()
    writer.join(10)


@needs_posix
def test_a_pipe_is_read_above_the_1024th_open_file(pipe):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limits[1] < 1200:
        pytest.skip("no more files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], 1200), limits[1]))
    kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        writer = write_into(pipe, [b"abc"])
        assert read_bytes(pipe) == b"abc"
        writer.join(10)
    finally:
        for descriptor in kept:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@needs_posix
def test_a_pipe_is_read_to_its_end(pipe):
    data = np.random.default_rng(0).integers(0, 256, 200_000, dtype=np.uint8).tobytes()
    writer = write_into(pipe, [data[:10], data[10:]])
    assert read_bytes(pipe) == data
    writer.join(10)


@needs_posix
def test_an_endless_pipe_is_read_up_to_the_limit(pipe):
    writer = write_into(pipe, [bytes(MEGABYTE)] * 100)
    with pytest.raises(PictureError, match="has more than 1 MB"):
        read_bytes(pipe, limit=1)
    writer.join(10)
    assert not writer.is_alive()


def test_one_picture_can_come_from_the_standard_input(tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    with standard_input((tmp_path / "a.png").read_bytes()):
        assert helpers.compare(tmp_path / "a.png", "-").is_same
    with (
        standard_input(b"hello"),
        pytest.raises(PictureError, match="the standard input is not a picture"),
    ):
        helpers.load_image("-")
    with pytest.raises(PictureError, match="Only one of the two pictures can come from"):
        helpers.load_pair("-", "-")


def test_only_the_text_of_a_dash_is_the_standard_input(tmp_path, monkeypatch):
    (tmp_path / "-").write_bytes(b"a file")
    monkeypatch.chdir(tmp_path)
    with standard_input(b"a pipe"):
        for path in ("./-", Path("-"), tmp_path / "-"):
            assert read_bytes(path) == b"a file"
        assert read_bytes(as_path(as_path("-"))) == b"a pipe"


def test_a_folder_that_may_not_be_listed(tmp_path, monkeypatch):
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(FileNotFoundError, match=r"There is no file .*Check the name"):
        read_bytes(tmp_path / "a.png")


def test_a_like_name_is_looked_for_in_a_bounded_number(tmp_path, monkeypatch):
    names = (tmp_path / f"picture{number}.png" for number in range(2000))
    monkeypatch.setattr(Path, "iterdir", lambda _: names)
    with pytest.raises(FileNotFoundError, match=r"Did you mean picture\d+\.png"):
        read_bytes(tmp_path / "picture.png")
    assert next(names).name == "picture1000.png"
