"""Make the pictures of the README again: `python docs/make_pictures.py [FOLDER]`.

The large one is what `compare` finds on the cheque; each thumbnail is a figure that its lesson
stores.
"""

import base64
import sys
from pathlib import Path

import cv2
import nbformat
import numpy as np

import helpers
from helpers.loading import to_bgr

HERE = Path(__file__).parent
ROOT = HERE.parent
FIGURES = {  # lesson: which of its stored figures, and the columns and rows to show of it
    "00": (2, np.s_[25:212, 580:860]),
    "01": (1, np.s_[20:280, 40:430]),
    "02": (0, np.s_[:, :]),
    "03": (0, np.s_[:, :432]),
    "04": (1, np.s_[:, :]),
    "05": (2, np.s_[:, :432]),
    "06": (3, np.s_[:560, :]),
    "07": (2, np.s_[:, :]),
    "10": (3, np.s_[20:300, :405]),
    "11": (4, np.s_[:, :]),
    "12": (1, np.s_[:, :]),
    "13": (2, np.s_[:, :]),
    "14": (4, np.s_[:, 288:576]),
    "15": (1, np.s_[:, :]),
    "20": (3, np.s_[20:340, :290]),
    "21": (1, np.s_[22:412, :408]),
    "22": (4, np.s_[:, :]),
    "23": (0, np.s_[:, 290:580]),
    "24": (2, np.s_[20:330, 390:864]),
}
SIZE = 270, 180  # of a thumbnail, width and height


def stored_figures(lesson: str) -> list[np.ndarray]:
    """All figures of a lesson as BGR pictures, in their order."""
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    pngs = (output.data["image/png"] for output in outputs if "image/png" in output.get("data", {}))
    buffers = (np.frombuffer(base64.b64decode(png), np.uint8) for png in pngs)
    return [cv2.imdecode(buffer, cv2.IMREAD_COLOR) for buffer in buffers]


def thumbnail(picture: np.ndarray) -> np.ndarray:
    """The picture on a white sheet of the thumbnails' size, as large as it fits."""
    scale = min(SIZE[0] / picture.shape[1], SIZE[1] / picture.shape[0])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    left, top = (SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2
    sheet = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    sheet[top : top + size[1], left : left + size[0]] = small
    return sheet


def what_comes_out() -> np.ndarray:
    """The cheque with its boxes, original above modified, beside difference and mask."""
    images = ROOT / "images"
    comparison = helpers.compare(images / "original_03.png", images / "modified_03.png")
    original, modified, difference, mask = (
        cv2.copyMakeBorder(to_bgr(panel), 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(190, 190, 190))
        for panel in comparison.panels().values()
    )
    sheet = np.vstack([np.hstack([original, modified]), np.hstack([difference, mask])])
    return cv2.resize(sheet, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def main(folder: Path) -> None:
    """Write all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"what_comes_out": what_comes_out()}
    for lesson, (number, part) in FIGURES.items():
        pictures[f"lesson_{lesson}"] = thumbnail(stored_figures(lesson)[number][part])
    for name, picture in pictures.items():
        (folder / f"{name}.png").write_bytes(cv2.imencode(".png", picture)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "pictures")
