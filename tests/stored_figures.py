"""Compare the pictures in a notebook's outputs with the kit's own comparison."""

import base64
import re
from collections.abc import Iterable

import cv2
import numpy as np

import helpers

VISIBLE = 16  # gray levels; less is how another processor rounds
SOFT = 1  # pixels: softened by this, what moved by a tenth of a pixel looks the same
DATA_URI = re.compile(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)")


def pictures_in(outputs: Iterable[dict]) -> list[bytes]:
    """Every picture in a cell's outputs, also those inside HTML."""
    encoded = []
    for output in outputs or []:
        data = output.get("data", {})
        if "image/png" in data:
            encoded.append(data["image/png"])
        encoded += DATA_URI.findall("".join(data.get("text/html", "")))
    return [base64.b64decode(text) for text in encoded]


def changed_figures(stored: list[bytes], fresh: list[bytes]) -> list[str]:
    """One sentence for each figure that a reader would see change."""
    if len(stored) != len(fresh):
        return [f"{len(stored)} figures are stored, {len(fresh)} were made."]
    changes = []
    for number, (old, new) in enumerate(zip(stored, fresh, strict=True), start=1):
        if old != new and (change := visible_change(_decode(old), _decode(new))):
            changes.append(f"Figure {number} of the cell changed: {change}")
    return changes


def visible_change(stored: np.ndarray, fresh: np.ndarray) -> str:
    """Where two pictures differ, in words; empty when nobody would see it."""
    try:
        boxes = helpers.compare(stored, fresh, method="classic", sizes="refuse").boxes
    except helpers.PictureError as error:
        return str(error)
    softened = (cv2.GaussianBlur(picture, (0, 0), SOFT) for picture in (stored, fresh))
    levels = cv2.absdiff(*softened).max(axis=2)
    if levels.max() <= VISIBLE:
        return ""
    seen = [b for b in boxes if levels[b.y : b.y + b.height, b.x : b.x + b.width].max() > VISIBLE]
    if not seen:  # a change of colour alone has no box
        return f"its colours differ by up to {levels.max()} levels."
    return f"{len(seen)} boxes (x, y, width, height): {[tuple(box) for box in seen]}"


def _decode(png: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
