"""A wheelhouse: all that start.py installs, in one folder, for machines without network.

`python start.py pack` writes it and `python start.py --from FOLDER` installs from it. start.py
loads this file where nothing is installed yet: only the standard library is used, and the syntax
is kept readable for Python 3.6 and later.
"""

import contextlib
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import sys

NOTE = "wheelhouse.json"  # in each wheelhouse, also while it is written
KIND = "wheelhouse of spot-the-difference"
LARGEST_NOTE = 10**6  # bytes
BUILT = ["imutils"]  # pinned packages that have no wheel: `pack` builds one
AGAIN = "Write it again with: python start.py pack (on a machine with network)."


class WheelhouseError(Exception):
    """Something about a wheelhouse that the reader can put right. Its text says what."""


def system():
    """Describe what wheels depend on: Python, the system, the machine and its C library."""
    python = "{} {}.{}{}".format(
        sys.implementation.name, *sys.version_info[:2], getattr(sys, "abiflags", "")
    )
    bits = 64 if sys.maxsize > 2**32 else 32
    parts = sys.platform, platform.machine(), platform.libc_ver()[0], f"{bits} bits"
    return "{} on {}".format(python, ", ".join(filter(None, parts)))


def hash_text(text):
    """Return the SHA-256 of a text, whatever ends its lines."""
    return hashlib.sha256("\n".join(text.splitlines()).encode("utf-8")).hexdigest()


def hash_file(path):
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def name_and_version(wheel):
    """Return how pins name what is in a wheel: "scikit_image-0.26.0-..." is scikit-image 0.26.0."""
    name, version = wheel.split("-")[:2]
    return re.sub(r"[-_.]+", "-", name).lower(), version


# Reading


def read_note(folder):
    """Return the note of a wheelhouse, an empty dict when the folder is none."""
    path = folder / NOTE
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_NOTE:
            return {}
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) and note.get("kind") == KIND else {}


def read_wheels(folder, note):
    """Return the SHA-256 of each wheel, after a look at its size and its bytes."""
    hashes = {}
    for name, (size, sha256) in note["wheels"].items():
        path = folder / name
        if not re.fullmatch(r"[\w.+!]+(-[\w.+!]+){4,5}\.whl", name):
            raise WheelhouseError(f"{name!a} in {folder / NOTE} is not the name of a wheel.")
        if not path.is_file():
            raise WheelhouseError(f"{name} is missing in {folder}. Copy that folder again.")
        if path.stat().st_size != size or hash_file(path) != sha256:
            raise WheelhouseError(f"{path} is damaged: its bytes differ. Copy that folder again.")
        hashes[name] = sha256
    return hashes


def allow_built(pins, hashes):
    """Return the pins with the hashes of wheels that were built; all others must be pinned."""
    for wheel, sha256 in hashes.items():
        if f"sha256:{sha256}" in pins:
            continue
        name, version = name_and_version(wheel)
        entry = re.compile(
            r"^({}=={}\b[^\\\n]*\\\n)".format(*map(re.escape, (name, version))), re.M
        )
        if name not in BUILT or not entry.search(pins):
            raise WheelhouseError(f"{wheel} is not the build that the course pins.")
        pins = entry.sub(rf"\1    --hash=sha256:{sha256} \\" + "\n", pins)
    return pins


def check(folder, pins):
    """Look through a wheelhouse before anything is installed from it.

    Parameters
    ----------
    folder : pathlib.Path
    pins : dict
        The texts of the files of pins that are to be installed, below their names.

    Returns
    -------
    str
        All pins, with the hashes of wheels that `pack` built.

    Raises
    ------
    WheelhouseError
        When it is no wheelhouse, for another system, for other pins, or damaged.
    """
    if not folder.is_dir():
        raise WheelhouseError(f"There is no folder {folder}. `python start.py pack` writes one.")
    note = read_note(folder)
    if not note.get("wheels"):
        raise WheelhouseError(f"{folder} is not a whole folder of `python start.py pack`. {AGAIN}")
    try:
        if note["system"] != system():
            found = f"{folder} was packed for {ascii(note['system'])[1:-1]}"
            raise WheelhouseError(f"{found}; this is {system()}. Pack on a machine like this one.")
        for name, text in pins.items():
            if name not in note["pins"]:
                raise WheelhouseError(f"{folder} was packed without --deep. Pack with --deep.")
            if note["pins"][name] != hash_text(text):
                found = f"{folder} was packed by an older or newer course: {name} differs"
                raise WheelhouseError(f"{found}. {AGAIN}")
        hashes = read_wheels(folder, note)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise WheelhouseError(f"{folder / NOTE} is damaged. {AGAIN}") from None
    return allow_built("\n".join(pins.values()), hashes)


# Writing


def write_note(folder, **facts):
    """Write the note of a wheelhouse; without facts it says whose folder this is."""
    note = json.dumps(dict(facts, kind=KIND), indent=1)
    (folder / NOTE).write_text(note, encoding="utf-8")


def clear(folder, left):
    """Remove what packing left that was killed; bring back what it put aside."""
    for path in left:
        if path.is_symlink() or not path.is_dir() or (any(path.iterdir()) and not read_note(path)):
            continue  # Somebody else's.
        if path.name.endswith("-before") and not os.path.lexists(str(folder)):
            path.rename(folder)
        else:
            shutil.rmtree(str(path))


def refuse_foreign(folder):
    """Raise a WheelhouseError when there is something that `pack` did not write."""
    if not os.path.lexists(str(folder)):
        return
    empty = folder.is_dir() and not any(folder.iterdir())
    note = {} if folder.is_symlink() else read_note(folder)
    if folder.is_symlink() or not (empty or note):
        found = f"{folder} is there, and `python start.py pack` did not write it"
        raise WheelhouseError(f"{found}. Remove it, or name another folder.")
    wheels = note.get("wheels")
    ours = {NOTE, *(wheels if isinstance(wheels, dict) else [])}
    names = sorted(ascii(path.name) for path in folder.iterdir() if path.name not in ours)
    if names:
        found = "{}{}".format(", ".join(names[:4]), ", ..." if names[4:] else "")
        raise WheelhouseError(
            f"{folder} also holds what `python start.py pack` did not write: {found}. "
            "Move that to another place, or name another folder."
        )


@contextlib.contextmanager
def packing(folder, locked):
    """Give a fresh folder to pack into, which takes the place of `folder` when all is done.

    `locked` lets those wait that pack into the same folder, as in environment.py.

    Raises
    ------
    WheelhouseError
        When there is something that `pack` did not write, or no folder to write into.
    """
    if not folder.parent.is_dir():
        raise WheelhouseError(f"There is no folder {folder.parent} to write {folder.name} into.")
    mark = ".pack-" + hash_text(folder.name)[:12]
    with locked(folder.with_name(mark + ".lock")):
        clear(folder, list(folder.parent.glob(mark + "-*")))
        refuse_foreign(folder)
        names = (f"{mark}-{number}" for number in itertools.count(1))
        fresh = next(
            folder.with_name(name) for name in names if not list(folder.parent.glob(name + "*"))
        )
        fresh.mkdir()
        try:
            write_note(fresh)
            yield fresh
            replace(folder, fresh)
        finally:
            shutil.rmtree(str(fresh), ignore_errors=True)


def replace(folder, fresh):
    """Put a fresh folder in the place of the one that was packed before."""
    refuse_foreign(folder)  # Packing takes minutes.
    before = folder.with_name(fresh.name + "-before")
    if folder.exists():
        folder.rename(before)
    fresh.rename(folder)
    if before.exists():
        shutil.rmtree(str(before))


def seal(folder, pins):
    """Note what a folder of wheels holds, and for what; return their number and bytes.

    Raises
    ------
    WheelhouseError
        When a package has no ready-made build for this system, so that one was made here: nobody
        could tell from the pins whether it is the right one.
    """
    wheels = {path.name: (path.stat().st_size, hash_file(path)) for path in folder.glob("*.whl")}
    allow_built("\n".join(pins.values()), {name: sha256 for name, (_, sha256) in wheels.items()})
    hashes = {name: hash_text(text) for name, text in pins.items()}
    write_note(folder, system=system(), pins=hashes, wheels=wheels)
    return len(wheels), sum(size for size, _ in wheels.values())
