"""Pair sets: folders of pictures with the true boxes beside them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from helpers.boxes import Box
from helpers.loading import PictureError, check_whole

FORM = '{"pairs": [{"name", "first", "second", "boxes": [[x, y, width, height], …]}, …]}'


@dataclass(frozen=True)
class Pair:
    """Two picture files and the truth about them.

    Attributes
    ----------
    name : str
    first, second : Path
        The original and the modified picture.
    boxes : list of Box
        One box for each true difference, in pixels of the first picture; empty when unchanged.
    title, change : str
        What the pictures show and what was changed; empty when the pair set does not say.
    """

    name: str
    first: Path
    second: Path
    boxes: list[Box]
    title: str = ""
    change: str = ""


def load_pairs(folder: str | os.PathLike) -> list[Pair]:
    """Read `pairs.json` of a pair set.

    Parameters
    ----------
    folder : str or os.PathLike
        Holds the pictures and `pairs.json`:
        ``{"pairs": [{"name", "first", "second", "boxes": [[x, y, width, height], ...]}, ...]}``.
        An unchanged pair has ``"boxes": []``. Other keys may stand beside these.

    Returns
    -------
    list of Pair
        In the order of the file.

    Raises
    ------
    FileNotFoundError
        There is no `pairs.json` in `folder`.
    PictureError
        `pairs.json` is not of that form, or lists no pairs; the message says which pair.
    """
    folder = Path(folder)
    path = folder / "pairs.json"
    if not path.is_file():
        raise FileNotFoundError(f"There is no pairs.json in {folder}. A pair set needs one.")
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["pairs"]
    except (ValueError, RecursionError) as error:
        raise PictureError(f"{path} is no JSON: {error}. Mend it.") from None
    except (KeyError, TypeError):
        entries = None
    if not isinstance(entries, list) or not entries:
        raise PictureError(f"{path} lists no pairs. It must be of the form {FORM}.")
    return [_pair(entry, folder, f"{path}, pair {n}") for n, entry in enumerate(entries, start=1)]


def _pair(entry: dict, folder: Path, place: str) -> Pair:
    try:
        return Pair(
            name=entry["name"],
            first=folder / entry["first"],
            second=folder / entry["second"],
            boxes=[_box(*box) for box in entry["boxes"]],
            title=entry.get("title", ""),
            change=entry.get("change", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__} {error}"
        raise PictureError(f"{place} is not of the form {FORM}: {reason}.") from None


def _box(x: int, y: int, width: int, height: int) -> Box:
    return Box(
        check_whole(x, "x", 0),
        check_whole(y, "y", 0),
        check_whole(width, "width", 1),
        check_whole(height, "height", 1),
    )
