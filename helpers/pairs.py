"""Pair sets: folders of pictures with the true boxes beside them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from helpers.boxes import Box
from helpers.loading import PictureError


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
        `pairs.json` is not of that form; the message says where.
    """
    folder = Path(folder)
    path = folder / "pairs.json"
    if not path.is_file():
        raise FileNotFoundError(f"There is no pairs.json in {folder}. A pair set needs one.")
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["pairs"]
        return [_pair(entry, folder) for entry in entries]
    except json.JSONDecodeError as error:
        raise PictureError(f"{path} is no JSON: {error}.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise PictureError(
            f'{path} is not of the form {{"pairs": [{{"name", "first", "second", "boxes": '
            f"[[x, y, width, height], …]}}, …]}}: {type(error).__name__} {error}."
        ) from None


def _pair(entry: dict, folder: Path) -> Pair:
    return Pair(
        name=entry["name"],
        first=folder / entry["first"],
        second=folder / entry["second"],
        boxes=[Box(*map(int, box)) for box in entry["boxes"]],
        title=entry.get("title", ""),
        change=entry.get("change", ""),
    )
