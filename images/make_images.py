"""Draw every pair in this folder again: `python images/make_images.py [FOLDER]`.

The pinned set of packages gives the same bytes each time. Pictures, `pairs.json` and the tables in
`README.md` are all written from here, so what they say is what the drawing did.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from drawing import board, cards, cheque, login, photographs
from drawing.common import DrawnPair

HERE = Path(__file__).parent
PAIRS = (
    cards.without_network_logo,  # 01
    cards.without_chip_and_name,  # 02
    cheque.four_edits,  # 03
    login.phishing_copy,  # 04
    photographs.first_object_removed,  # 05
    photographs.second_object_removed,  # 06
    photographs.object_added,  # 07
    board.five_defects,  # 08
    photographs.recoloured,  # 09
    photographs.stored_as_jpeg,  # 10
    photographs.brighter_with_noise,  # 11
    photographs.photographed_again,  # 12
)


def write_picture(path: Path, picture: np.ndarray, jpeg_quality: int | None) -> None:
    """Write a PNG, or a JPEG when a quality is given."""
    options = (
        [cv2.IMWRITE_PNG_COMPRESSION, 9]
        if jpeg_quality is None
        else [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]
    )
    path.write_bytes(cv2.imencode(path.suffix, picture, options)[1])


def write_pair(number: int, pair: DrawnPair, folder: Path) -> dict:
    """Write both pictures; return the pair's entry for `pairs.json`."""
    name = f"{number:02d}"
    first = f"original_{name}.png"
    second = f"modified_{name}.{'png' if pair.jpeg_quality is None else 'jpg'}"
    write_picture(folder / first, pair.first, None)
    write_picture(folder / second, pair.second, pair.jpeg_quality)
    return {
        "name": name,
        "title": pair.title,
        "change": pair.change,
        "first": first,
        "second": second,
        "boxes": [list(box) for box in pair.boxes],
        "sources": pair.sources,
    }


def make_images(folder: Path) -> None:
    """Draw all pairs into `folder`, with their `pairs.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [write_pair(number, draw(), folder) for number, draw in enumerate(PAIRS, start=1)]
    text = json.dumps({"pairs": entries}, indent=1, ensure_ascii=False)
    (folder / "pairs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    make_images(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
