"""Files of results: written whole or not at all, and replacing only what an earlier run left."""

import os
from collections.abc import Callable
from pathlib import Path

from helpers.loading import PictureError


def check_target(
    path: str | os.PathLike, what: str, suffix: str, is_earlier: Callable[[Path], bool]
) -> Path:
    """Raise `PictureError` unless a result may be written to a path.

    Parameters
    ----------
    path : str or os.PathLike
    what : str
        The result's name, such as "report".
    suffix : str
        How the path has to end, such as ".html".
    is_earlier : callable
        Says of a path that exists whether such a result is there.

    Returns
    -------
    Path
    """
    path = Path(path)
    if path.suffix.lower() != suffix:
        raise PictureError(f"The {what} is a file {suffix}, and {path} does not end in {suffix}.")
    if not path.parent.is_dir():
        raise PictureError(f"There is no folder {path.parent}. Make it, or give another.")
    if (path.is_symlink() or path.exists()) and not is_earlier(path):
        raise PictureError(
            f"{path} is there already and is no earlier {what}. Give another name, or move it away."
        )
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; a `PictureError` says why that failed, and then the old one is still there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise PictureError(
            f"{path} cannot be written ({error.strerror}). Give another name, or make room."
        ) from None
