"""Pair sets: folders of pictures with the true boxes beside them."""

import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from helpers.boxes import Box
from helpers.errors import PictureError, brief, printable
from helpers.files import as_path
from helpers.loading import check_whole

MOST_BYTES = 2**24  # of pairs.json; what is read from it takes up to 30 times as many
MOST_BOXES = 1000  # in one pair; scoring compares each with each found box
LONGEST = 4000  # characters of a text; paths cannot have more
KEYS = "name", "first", "second", "boxes"
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
        What only the second has at its right or lower edge goes on from there.
    title, change : str
        What the pictures show and what was changed; empty when the pair set does not say.
    nuisance : str
        What else differs and is not to be found, such as "jpeg": the key "nuisance" itself, or its
        "kind" when it holds more. Empty when the pair set does not say.
    canvas : tuple of int, or None
        Width and height of a canvas that has the rows and columns of both, on which the boxes are
        then given; see `Layout`.
    """

    name: str
    first: Path
    second: Path
    boxes: list[Box]
    title: str = ""
    change: str = ""
    nuisance: str = ""
    canvas: tuple[int, int] | None = None


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
        `pairs.json` is not of that form, larger than 16 MB, lists no pairs, two of one name, or
        more than 1000 boxes in one; the message says which pair.
    """
    folder = as_path(folder, "the folder")
    path = folder / "pairs.json"
    entries = _read(path)
    if not isinstance(entries, list) or not entries:
        raise PictureError(f"{path} lists no pairs. It must be of the form {FORM}.")
    pairs = [_pair(entry, folder, f"{path}, pair {n}") for n, entry in enumerate(entries, start=1)]
    numbers = {}
    for number, pair in enumerate(pairs, start=1):
        earlier = numbers.setdefault(pair.name, number)
        if earlier != number:
            raise PictureError(
                f"{path}, pair {number}: pair {earlier} has the name {brief(pair.name)} already. "
                "Give each pair its own."
            )
    return pairs


def _read(path: Path) -> object:
    """Return the list of pairs, or whatever is in its place; None for nothing."""
    try:
        if not path.is_file():
            raise FileNotFoundError(
                printable(f"There is no pairs.json in {path.parent}. A pair set needs one.")
            )
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise PictureError(
            f"{path} cannot be read ({error.strerror}). Check that you may read it."
        ) from None
    if len(data) > MOST_BYTES:
        raise PictureError(
            f"{path} has more than {MOST_BYTES // 2**20} MB. Split the pair set into several."
        )
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise PictureError(f"{path} is no JSON: {error}. Correct it.") from None
    if not isinstance(content, dict):
        return None
    if TWICE in content:
        raise PictureError(f"{path} has the key {brief(content[TWICE])} twice. Keep one.")
    return content.get("pairs")


TWICE = None  # the key under which `_object` notes a key that is there twice; JSON's own are text


def _object(items: list[tuple[str, object]]) -> dict:
    found = dict(items)
    if len(found) < len(items):
        seen = set()
        found[TWICE] = next(key for key, _ in items if key in seen or seen.add(key))
    return found


def _pair(entry: dict, folder: Path, place: str) -> Pair:
    try:
        _check_keys(entry)
        return Pair(
            name=_text(entry["name"], "name"),
            first=_picture(folder, entry["first"], "first"),
            second=_picture(folder, entry["second"], "second"),
            boxes=_boxes(entry["boxes"]),
            title=_text(entry.get("title", ""), "title"),
            change=_text(entry.get("change", ""), "change"),
            nuisance=_text(_kind(entry.get("nuisance", "")), "nuisance"),
            canvas=_canvas(entry.get("canvas")),
        )
    except PictureError as error:
        raise PictureError(f"{place}: {error}") from None


def _check_keys(entry: object) -> None:
    if not isinstance(entry, dict):
        raise PictureError(f"It is {brief(entry)}. Give an object, as in {FORM}.")
    if TWICE in entry:
        raise PictureError(f"It has the key {brief(entry[TWICE])} twice. Keep one.")
    missing = [key for key in KEYS if key not in entry]
    if missing:
        raise PictureError(f"It has no key {missing[0]!r}. Give it, as in {FORM}.")


def _text(value: object, key: str) -> str:
    # Control characters would reach the terminal; half a surrogate pair cannot be printed at all.
    if not isinstance(value, str) or any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise PictureError(f"{key} is {brief(value)}. Give text without control characters.")
    if len(value) > LONGEST:
        raise PictureError(f"{key} has {len(value)} characters. Give at most {LONGEST}.")
    return value


def _kind(nuisance: object) -> object:
    return nuisance.get("kind", "") if isinstance(nuisance, dict) else nuisance


def _picture(folder: Path, value: object, key: str) -> Path:
    if not _text(value, key) or Path(value).is_absolute():
        raise PictureError(
            f"{key} is {brief(value)}. Give a path relative to the folder of pairs.json."
        )
    return as_path(os.path.join(folder, value))  # noqa: PTH118 - "./-" is a file, "-" is not


def _canvas(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise PictureError(f"canvas is {brief(value)}. Give [width, height].")
    width, height = (check_whole(side, "a side of canvas", 1) for side in value)
    return width, height


def _boxes(values: object) -> list[Box]:
    if not isinstance(values, list):
        raise PictureError(
            f"boxes is {brief(values)}. Give a list of boxes [x, y, width, height], an empty one "
            "when the pair is unchanged."
        )
    if len(values) > MOST_BOXES:
        raise PictureError(f"It lists {len(values)} boxes. Give at most {MOST_BOXES}.")
    return [_box(value) for value in values]


def _box(value: object) -> Box:
    if not isinstance(value, list) or len(value) != len(Box._fields):
        raise PictureError(f"A box is {brief(value)}. Give [x, y, width, height].")
    least = 0, 0, 1, 1
    named = zip(value, Box._fields, least, strict=True)
    return Box(*(check_whole(number, key, low) for number, key, low in named))
