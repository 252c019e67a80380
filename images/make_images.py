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
README = """\
# The pairs

A pair is `original_NN` and `modified_NN`. `pairs.json` holds for each the true boxes
`[x, y, width, height]` in pixels of the original, one for each change, measured by the program
that made the change. An unchanged pair has none.

{pairs}
`python images/make_images.py` draws all of them again, with the same bytes each time on the
pinned set of packages; this page too. The code is in `drawing/`. Brands, banks, names, numbers
and addresses are made up.

## Sources

What is not listed was drawn here and has the licence of the project. The texts of the fonts'
licences are beside them in `helpers/fonts/`.

{sources}"""
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


def table(heads: list[str], rows: list[list]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def readme(entries: list[dict]) -> str:
    """What the pairs are, and where their material comes from."""
    pairs = [[e["name"], e["title"], e["change"], len(e["boxes"])] for e in entries]
    used = {}
    for entry in entries:
        for source in entry["sources"]:
            used.setdefault(tuple(source.items()), []).append(entry["name"])
    sources = [
        [*(text for _, text in items), ", ".join(names)]
        for items, names in sorted(used.items(), key=lambda use: use[1])
    ]
    return README.format(
        pairs=table(["pair", "what it shows", "what was changed", "differences"], pairs),
        sources=table(["source", "author", "licence", "from", "in pairs"], sources),
    )


def make_images(folder: Path) -> None:
    """Draw all pairs into `folder`, with their `pairs.json` and `README.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [write_pair(number, draw(), folder) for number, draw in enumerate(PAIRS, start=1)]
    text = json.dumps({"pairs": entries}, indent=1, ensure_ascii=False)
    (folder / "pairs.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(entries), encoding="utf-8")


if __name__ == "__main__":
    make_images(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
