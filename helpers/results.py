"""Files of results: written whole or not at all, and replacing only what an earlier run left.

Everything is written into a part first: a new folder beside the target, with a name at random, so
that nothing can be planted there. Then it is renamed. A rename replaces a name, never what a link
points to.
"""

import os
import re
import stat
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from helpers.encoding import encode
from helpers.errors import PictureError
from helpers.files import STANDARD_INPUT, as_path
from helpers.loading import Image

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

PART = re.compile(r"\.image-diff-[0-9a-f]{8}\.part")
HOUR, MOMENT = 3600, 10  # seconds
MOST_PARTS, MOST_LEFT = 20, 100  # parts of killed runs, and what is in one, that are looked at
PNG = b"\x89PNG\r\n\x1a\n"
AFTER_IHDR = len(PNG) + 25  # bytes; IHDR comes first and has 13 bytes of data
MOST_CHUNKS = 10_000  # of a PNG, to look for a mark in; a contact sheet has some hundred


class Kind(NamedTuple):
    """A kind of result file: what it is called, how its name ends, and the mark in it.

    The mark of a page is its beginning, that of a PNG its text under the keyword Software. Marks
    stay as they are: files of earlier versions are known by them.
    """

    name: str
    suffix: str
    mark: str


REPORT = Kind(
    "report",
    ".html",
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="generator" content="image-diff report">',
)
SHEET = Kind("contact sheet", ".png", "image-diff evaluate")
PICTURE = Kind("picture of image-diff", ".png", "image-diff")


def check_target(path: str | os.PathLike, kind: Kind, keep: Sequence[Path] = ()) -> Path:
    """Raise `PictureError` unless a result may be written to a path.

    Parameters
    ----------
    path : str or os.PathLike
        A link to an earlier result may be replaced like that result itself: then the link goes,
        and the file that it points to stays as it is.
    kind : Kind
    keep : sequence of Path, optional
        As for `check_folder`.

    Returns
    -------
    Path
    """
    path = as_path(path)
    if path.suffix.lower() != kind.suffix:
        raise PictureError(
            f"The {kind.name} is a file {kind.suffix}, and {path} does not end in {kind.suffix}."
        )
    with _in_words(path):
        if not path.parent.is_dir():
            raise PictureError(f"There is no folder {path.parent}. Make it, or give another.")
        _check_free(path, kind)
        _check_kept(path, keep)
        _check_right(path, path.parent)
    return path


def write_whole(path: Path, data: bytes, kind: Kind) -> None:
    """Write a file; a `PictureError` says why that failed, and then the old one is still there."""
    with _in_words(path), _part(path.parent) as part:
        _replace(part, {path: data}, kind)


def check_folder(
    folder: str | os.PathLike, names: Sequence[str], kind: Kind, keep: Sequence[Path] = ()
) -> Path:
    """Raise `PictureError` unless result files may be written into a folder.

    Parameters
    ----------
    folder : str or os.PathLike
        Need not be there yet.
    names : sequence of str
        The files.
    kind : Kind
    keep : sequence of Path, optional
        Files that may not be replaced whatever their mark; the standard input may be one.

    Returns
    -------
    Path
    """
    folder = as_path(folder, "the folder")
    with _in_words(folder):
        base, missing = _split(folder)
        targets = [] if missing else [folder / name for name in names]
        for path in targets:
            _check_kept(path, keep)
        for path in targets:
            _check_free(path, kind)
        _check_right(folder, base)
    return folder


def write_folder(folder: Path, files: Mapping[str, bytes], kind: Kind) -> None:
    """Write files into a folder, which is made when it is not there.

    When that fails, a `PictureError` says why. A new folder is then not there, and an old one has
    its earlier files. A run that is killed in between leaves some new ones among the earlier ones,
    each of them whole; the next run replaces all of them.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        What is written, below the names.
    kind : Kind
    """
    with _in_words(folder):
        while True:
            base, missing = _split(folder)
            with _part(base) as part:
                if not missing:
                    _replace(part, {folder / name: data for name, data in files.items()}, kind)
                    return
                made = part
                for name in missing[1:]:
                    made = made / name
                    made.mkdir()
                for new, name in zip(_write_all(part, files.values()), files, strict=True):
                    new.rename(made / name)
                try:
                    part.rename(base / missing[0])
                    return
                except OSError:
                    if not _is_there(base / missing[0]):
                        raise
            # Another run has made the folder meanwhile: the files go into that one.


def marked_png(image: Image, kind: Kind) -> bytes:
    """Encode a picture as PNG with the mark of a kind of result; errors as of `encode`."""
    png = encode(".png", image)
    return png[:AFTER_IHDR] + _mark_chunk(kind) + png[AFTER_IHDR:]


def is_of_kind(path: Path, kind: Kind) -> bool:
    """Say whether a regular file, or one that a link leads to, has the mark of a kind of result."""
    with _open_regular(path) as file:
        if file is None:
            return False
        if kind.suffix == ".png":
            return _has_mark(file, kind)
        mark = kind.mark.encode()
        return file.read(len(mark)) == mark


def _mark_chunk(kind: Kind) -> bytes:
    data = b"tEXtSoftware\0" + kind.mark.encode()
    return (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")


def _has_mark(file: BinaryIO, kind: Kind) -> bool:
    """Look for the mark among the chunks of a PNG: version 0.1 put it last."""
    mark = _mark_chunk(kind)
    if file.read(len(PNG)) != PNG:
        return False
    for _ in range(MOST_CHUNKS):
        start = file.read(8)  # length and type; data and a checksum of 4 bytes follow
        if len(start) < 8 or start[4:] == b"IEND":
            return False
        if start != mark[:8]:
            file.seek(int.from_bytes(start[:4], "big") + 4, os.SEEK_CUR)
        elif file.read(len(mark) - 8) == mark[8:]:
            return True
    return False


@contextmanager
def _open_regular(path: Path) -> Iterator[BinaryIO | None]:
    """Open a file to read; None for all but regular files: a FIFO would wait, a device may act."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # it may have changed

    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:  # a link to nowhere
        is_regular = False
    if not is_regular:
        yield None
        return
    with open(path, "rb", opener=opener) as file:
        yield file if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the files of a result into a `PictureError`."""
    try:
        yield
    except PictureError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise PictureError(
            f"{path} cannot be written ({reason}). Give another name or folder, make room, or "
            "close the program that has it open."
        ) from None


def _check_kept(path: Path, keep: Sequence[Path]) -> None:
    there = _status(path) if keep else None
    if there is None:
        return
    for file in keep:
        status = _status(file)
        if status is not None and os.path.samestat(there, status):
            raise PictureError(
                f"{path} is one of the pictures compared and would be overwritten. Give another "
                "name or folder."
            )


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.fstat(0) if path == STANDARD_INPUT else path.stat()
    except (OSError, ValueError):  # it is not there
        return None


def _is_there(path: Path) -> bool:
    """Say whether there is anything of that name; a name that cannot be is an OSError."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _check_free(path: Path, kind: Kind) -> None:
    if _is_there(path) and not is_of_kind(path, kind):
        raise PictureError(
            f"{path} is there already and is no earlier {kind.name}. Give another name or folder, "
            "or move it away."
        )


def _check_right(path: Path, folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PictureError(
            f"{path} cannot be written: you may not write into {folder.absolute()}. Give another "
            "folder."
        )


def _split(folder: Path) -> tuple[Path, list[str]]:
    """Split a path into the folder that is there and the names of those that have to be made."""
    base, missing = folder, []
    while not _is_there(base) and base != base.parent:
        missing.insert(0, base.name)
        base = base.parent
    if not base.is_dir():
        raise PictureError(f"{base} is no folder. Give another, or move it away.")
    if os.pardir in missing:
        raise PictureError(f"There is no folder {base / missing[0]}. Make it, or give another.")
    return base, missing


def _write_all(part: Path, files: Iterable[bytes], first: int = 0) -> list[Path]:
    """Write new files into a part, with numbers as names."""
    paths = []
    for number, data in enumerate(files, start=first):
        paths.append(part / f"{number}")
        with paths[-1].open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a crash of the system can leave an empty file
    return paths


def _replace(part: Path, files: Mapping[Path, bytes], kind: Kind) -> None:
    """Write files, and put them in the place of the earlier ones: all, or when that fails none."""
    written = dict(zip(files, _write_all(part, files.values()), strict=True))
    for target in files:  # again: it was checked before the comparison
        _check_free(target, kind)
    earlier = [target for target in list(files)[:-1] if _is_there(target)]  # the last ends it
    copies = _write_all(part, (target.read_bytes() for target in earlier), len(files))
    moved = []
    try:
        for target, new in written.items():
            new.replace(target)
            moved.append(target)
    except BaseException:
        copy_of = dict(zip(earlier, copies, strict=True))
        for target in moved:
            with suppress(OSError):
                copy_of[target].replace(target) if target in copy_of else target.unlink()
        raise


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """Make a folder to write in, locked while its writer lives, and remove it at the end."""
    _clear(folder)
    part = folder / f".image-diff-{os.urandom(4).hex()}.part"
    part.mkdir()
    lock = None
    try:
        if fcntl:
            lock = os.open(part, os.O_RDONLY)
            with suppress(OSError):  # not every file system has locks
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield part
    finally:
        _remove(part, lambda *_: True)
        if lock is not None:
            os.close(lock)


def _clear(folder: Path) -> None:
    """Remove the parts that killed runs have left in a folder."""
    parts = []
    with suppress(OSError):  # one may write into some folders that one may not list
        parts += [path for path in folder.iterdir() if PART.fullmatch(path.name)]
    for part in parts[:MOST_PARTS]:
        with suppress(OSError):  # it is of somebody else, or has just gone
            if stat.S_ISDIR(part.lstat().st_mode) and _is_abandoned(part):
                _remove(part, _is_leftover, MOST_LEFT)


def _is_abandoned(part: Path) -> bool:
    """Say whether the writer of a part is gone: nobody holds its lock.

    An empty part may be about to be locked, so it is given a moment. Windows and some file systems
    have no such lock; there an hour has to have passed since the last file was made in the part,
    which else lives for seconds.
    """
    age = time.time() - part.stat().st_mtime
    if not fcntl:
        return age > HOUR
    if age < MOMENT and not any(part.iterdir()):
        return False
    lock = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError:
        return age > HOUR
    finally:
        os.close(lock)


def _remove(part: Path, is_ours: Callable[[Path, int], bool], most: int | None = None) -> None:
    """Remove a part with those of its files that are ours by path and size; follow no links.

    Only so many files and folders are looked at.
    """
    folders = [part]
    found = (path for folder in folders for path in folder.iterdir())  # the list grows meanwhile
    with suppress(OSError):
        for path in islice(found, most):
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode):
                folders.append(path)
            elif stat.S_ISREG(status.st_mode) and is_ours(path, status.st_size):
                path.unlink()
    for folder in reversed(folders):
        with suppress(OSError):  # not empty
            folder.rmdir()


def _is_leftover(path: Path, size: int) -> bool:
    """Say whether a file in a part is one of ours, whatever the part's name: marked, or empty."""
    is_empty = size == 0 and path.name.isdecimal()
    return is_empty or any(is_of_kind(path, kind) for kind in (REPORT, SHEET, PICTURE))
