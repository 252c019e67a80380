"""Read the bytes of a picture file: of a file or a pipe, within limits of size and time."""

import os
import select
import stat
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from helpers.errors import PictureError, brief, printable

MEGABYTE = 2**20
LIMIT = 50  # million pixels; comparing two such pictures takes at most 2 GB of memory
MOST_BYTES = 60 * MEGABYTE  # of a file, with that limit
PATIENCE, LONGEST_WAIT = 10, 60  # seconds without a byte from a pipe, and until it ends
PIECE = MEGABYTE
STANDARD_INPUT = Path("-")  # as `as_path` returns it; a file of that name gets a longer path
MOST_NAMES = 1000  # of a folder, among which one is looked for that is nearly the one given
LONGEST_PATH = 4096  # bytes; Linux's limit, the highest of the three systems
ONE_INPUT = "Only one of the two pictures can come from the standard input."
RAISE = "The command reads more with --limit, and Python with limit=."


class FileBytes(NamedTuple):
    """A file that has been read already: its path, and what it holds."""

    path: Path
    data: bytes


def as_path(value: str | os.PathLike, name: str = "the path") -> Path:
    """Return a path as a `Path`; raise `PictureError` for what can name no file or folder.

    The text "-" is the standard input, and nothing else is: "./-" and a `Path` are a file.
    """
    try:
        path = Path(None if value == "" else value)  # an empty text would mean the folder one is in
        if path == STANDARD_INPUT:
            is_meant = value is STANDARD_INPUT or value == "-"
            path = STANDARD_INPUT if is_meant else path.absolute()
        encoded = os.fsencode(path)
    except Exception:  # a TypeError, half a character, or what the object itself raises
        encoded = b"\0"
    if b"\0" in encoded or len(encoded) > LONGEST_PATH:
        raise PictureError(f"{name} is {brief(value)}. Give the path of a file, as str or Path.")
    return path


def check_limit(limit: float) -> float:
    """Return `limit` in million pixels; raise `PictureError` unless it is a number above 0."""
    try:
        is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
        if is_number and 0 < limit < float("inf"):
            return float(limit)
    except Exception:  # an int beyond all floats, or what the class of the number itself raises
        pass
    raise PictureError(f"limit is {brief(limit)}. Give a number of million pixels, above 0.")


def check_size(size: int, name: str, limit: float = LIMIT) -> None:
    """Raise `PictureError` unless a file has some bytes, and no more than the limit allows."""
    if size <= 0:
        raise PictureError(f"{name} is empty (0 bytes). Save or download the picture again.")
    most = _most_bytes(limit)
    if size > most:
        raise PictureError(
            f"{name} has more than {_in_words(most)}, the most that is read. Reduce it or store it "
            f"as JPEG. {RAISE}"
        )


def _in_words(size: float) -> str:
    return f"{size:,.0f} bytes" if size < MEGABYTE else f"{size / MEGABYTE:.0f} MB"


def read_bytes(path: str | os.PathLike, limit: float = LIMIT) -> bytes:
    """Read a regular file, a pipe, or with "-" the standard input.

    A pipe is given up after 10 seconds without a byte, and when it has not ended after 60; on
    Windows only the standard input may be one, and it is waited for.

    Parameters
    ----------
    path : str or os.PathLike
    limit : float, optional
        Million pixels of the picture; 60 MB may be read for 50, and in proportion.

    Returns
    -------
    bytes

    Raises
    ------
    FileNotFoundError
        No such file; the message names it, and a file with nearly that name if there is one.
    PictureError
        It is a folder, a device or a socket, cannot be read, is empty or too large, or a pipe that
        was given up.
    """
    path = as_path(path)
    name = shown_name(path)
    try:
        descriptor = _open(path, name)
        try:
            return _read(descriptor, name, limit)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise FileNotFoundError(printable(_missing(path))) from None
    except (OSError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise PictureError(
            f"{name} cannot be read ({reason}). Check that it is a file and that you may read it."
        ) from None


def shown_name(path: Path) -> str:
    """Return what messages call a file."""
    return "the standard input" if path == STANDARD_INPUT else str(path)


def _open(path: Path, name: str) -> int:
    if path == STANDARD_INPUT:
        return os.dup(0)
    _check_kind(path.stat().st_mode, name)  # to open a device may already do something
    # Without a writer a pipe would block; what a file is may have changed since.
    flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, os.O_RDONLY | flags)


def _check_kind(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise PictureError(f"{name} is a folder. Give the path of a picture file.")
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise PictureError(
            f"{name} is a device or a socket, not a file. Give the path of a picture file."
        )


def _read(descriptor: int, name: str, limit: float) -> bytes:
    mode = os.fstat(descriptor).st_mode
    _check_kind(mode, name)
    pieces, size, end = [], 0, time.monotonic() + LONGEST_WAIT
    while size <= _most_bytes(limit):  # a file may grow, or be larger than it says
        if stat.S_ISFIFO(mode):
            _wait(descriptor, name, end)
        piece = os.read(descriptor, PIECE)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    check_size(size, name, limit)
    return b"".join(pieces)


def _wait(descriptor: int, name: str, end: float) -> None:
    if os.name == "nt":  # there select() knows sockets only
        return
    left = end - time.monotonic()
    if left > 0 and _is_ready(descriptor, min(PATIENCE, left)):
        return
    if left <= PATIENCE:
        raise PictureError(
            f"{name} is a pipe that has not ended after {LONGEST_WAIT} seconds. Write what comes "
            "from it into a file, and give that."
        )
    raise PictureError(
        f"{name} is a pipe from which nothing came for {PATIENCE} seconds. Start what writes "
        "into it, or give a file."
    )


def _is_ready(descriptor: int, seconds: float) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], seconds)[0])
    poll = select.poll()  # select() knows no descriptor above 1023
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


def _most_bytes(limit: float) -> float:
    return MOST_BYTES * limit / LIMIT


def _missing(path: Path) -> str:
    if path.is_symlink():
        return f"{path} is a link to {path.readlink()}, and that is not there. Mend the link."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}, so no picture {path.name} in it."
    import difflib  # only here: pictures that are there need not wait for it

    names = []
    with suppress(OSError):  # some folders may be entered and not listed
        names += [entry.name for entry in islice(path.parent.iterdir(), MOST_NAMES)]
    close = difflib.get_close_matches(path.name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else " Check the name and the folder."
    return f"There is no file {path}.{hint}"
