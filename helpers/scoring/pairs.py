"""Pair sets: folders of pictures with the true boxes beside them."""

import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from helpers.boxes import Box
from helpers.errors import PictureError, printable
from helpers.loading import as_path, check_whole

MOST_BOXES = 1000  # in one pair; scoring compares each with each found box
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
    nuisance : str
        What else differs and is not to be found, such as "jpeg": the key "nuisance" itself, or its
        "kind" when it holds more. Empty when the pair set does not say.
    """

    name: str
    first: Path
    second: Path
    boxes: list[Box]
    title: str = ""
    change: str = ""
    nuisance: str = ""


def load_pairs(folder: str | os.PathLike) -> list[Pair]:
    """Read `pairs.json` of a pair set.

    Parameters
    ----------
    folder : str or os.PathLike
        Holds the pictures and `pairs.json`:
        ``{"pairs": [{"name", "first", "second", "boxes": [[x, y, width, height], ...]}, ...]}``.
        An unchanged pair has ``"boxes": []``. There may be other keys beside these. The pictures
        are named relative to `folder`; ``..`` may lead out of it, since they are only read.

    Returns
    -------
    list of Pair
        In the order of the file.

    Raises
    ------
    FileNotFoundError
        There is no `pairs.json` in `folder`.
    PictureError
        `pairs.json` is not of that form, lists no pairs, or more than 1000 boxes in one; the
        message says which pair.
    """
    folder = as_path(folder, "the folder")
    path = folder / "pairs.json"
    if not path.is_file():
        text = f"There is no pairs.json in {folder}. A pair set needs one."
        raise FileNotFoundError(printable(text))
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))["pairs"]
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
            name=_text(entry["name"], "name"),
            first=_picture(folder, entry["first"], "first"),
            second=_picture(folder, entry["second"], "second"),
            boxes=_boxes(entry["boxes"]),
            title=_text(entry.get("title", ""), "title"),
            change=_text(entry.get("change", ""), "change"),
            nuisance=_text(_kind(entry.get("nuisance", "")), "nuisance"),
        )
    except PictureError as error:
        raise PictureError(f"{place}: {error}") from None
    except (KeyError, TypeError) as error:
        reason = f"{type(error).__name__} {error}"
        raise PictureError(f"{place} is not of the form {FORM}: {reason}.") from None


def _text(value: str, key: str) -> str:
    # Control characters would reach the terminal; half a surrogate pair cannot be printed at all.
    if not isinstance(value, str) or any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise PictureError(f"{key} is {value!r}. Give text without control characters.")
    return value


def _kind(nuisance: str | dict) -> str:
    return nuisance.get("kind", "") if isinstance(nuisance, dict) else nuisance


def _picture(folder: Path, value: str, key: str) -> Path:
    if not _text(value, key) or Path(value).is_absolute():
        raise PictureError(f"{key} is {value!r}. Give a path relative to the folder of pairs.json.")
    return folder / value


def _boxes(values: list[list[int]]) -> list[Box]:
    if len(values) > MOST_BOXES:
        raise PictureError(f"It lists {len(values)} boxes. Give at most {MOST_BOXES}.")
    return [_box(*value) for value in values]


def _box(x: int, y: int, width: int, height: int) -> Box:
    return Box(
        check_whole(x, "x", 0),
        check_whole(y, "y", 0),
        check_whole(width, "width", 1),
        check_whole(height, "height", 1),
    )
