"""DeepPCB: pairs of printed circuit boards with boxes that people drew, as a pair set.

Nothing of it is part of this project; its authors allow it for research. In a checkout
``PCBData/test.txt`` names a pair a line, ``group/name/id.jpg group/name_not/id.txt``: the pictures
are ``id_temp.jpg`` and ``id_test.jpg``, and the text has a defect a line, ``x1 y1 x2 y2 class``.

References
----------
S. Tang, F. He, X. Huang and J. Yang, "Online PCB Defect Detector On A New PCB Defect Dataset",
arXiv:1902.06197, 2019. https://github.com/tangsanli5201/DeepPCB
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from helpers.errors import PictureError, brief

LIST = Path("PCBData", "test.txt")
NOTE = """\
The README of DeepPCB gives its network an F-score of 0.982 at an IoU above 0.33. That network is
supervised: it learned from the other half, 1000 pairs with their boxes, and has to name the class
of each defect. The methods above are unsupervised and name no class, which is easier; how `robust`
recognises line art was tuned on 40 pairs of that other half.
"""


def is_checkout(folder: Path) -> bool:
    """Say whether a folder is a checkout of DeepPCB."""
    return (folder / LIST).is_file()


def write_pair_set(checkout: Path, folder: Path) -> None:
    """Write a `pairs.json` of the test half into a folder; the pictures stay where they are.

    Raises
    ------
    PictureError
        A line is damaged or names a file that is not there; the message has the file and the line.
    """
    path = checkout.resolve() / LIST
    folder, entries = folder.resolve(), {}
    for place, line in _lines(path):
        picture, truth = _names(place, line)
        if picture in entries:
            raise PictureError(f"{place} names {picture} again. Keep one of the lines.")
        entry = {"name": picture, "boxes": _boxes(_there(place, path.parent / truth))}
        for key, ending in (("first", "_temp.jpg"), ("second", "_test.jpg")):
            file = _there(place, path.parent / (picture + ending))
            entry[key] = os.path.relpath(file, folder)
        entries[picture] = entry
    if not entries:
        raise PictureError(f"{path} names no pairs. Complete the checkout.")
    (folder / "pairs.json").write_text(json.dumps({"pairs": [*entries.values()]}), "utf-8")


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not empty, each after its place."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield f"{path}, line {number}", line


def _names(place: str, line: str) -> tuple[str, str]:
    """Split a line of the list into the picture's name, without its ending, and the text's."""
    words = line.split()
    if [Path(word).suffix for word in words] != [".jpg", ".txt"]:
        raise PictureError(f"{place} is {brief(line)}. Expected are two names: id.jpg id.txt.")
    return words[0].removesuffix(".jpg"), words[1]


def _there(place: str, file: Path) -> Path:
    if not file.is_file():
        raise PictureError(f"{place}: there is no file {file}. Complete the checkout.")
    return file


def _boxes(path: Path) -> list[list[int]]:
    """Read the boxes of a pair, whatever their class."""
    return [_box(place, line) for place, line in _lines(path)]


def _box(place: str, line: str) -> list[int]:
    try:
        left, top, right, bottom, _ = map(int, line.split())
    except ValueError:
        left = top = right = bottom = 0
    if not (0 <= left < right and 0 <= top < bottom):
        raise PictureError(
            f"{place} is {brief(line)}. Expected are five whole numbers, x1 y1 x2 y2 class, x2 "
            "above x1 and y2 above y1."
        )
    return [left, top, right - left, bottom - top]
