"""The tools that people use today, as methods for `helpers.evaluate`.

Each of them marks the pixels that differ, and gives no boxes. What it marks becomes boxes in two
ways: *raw*, a box a connected patch; and *closed*, the same after morphological closing by 9 x 9
pixels, which joins patches that lie near each other.

All are given the same decoded pixels, as PNG. Their settings are the defaults. Only
ImageMagick takes colours within a fuzz of 10 % as equal; its default is none, and marks all noise.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from helpers import Box, bounding_boxes, find_contours
from helpers.loading import Image

CLOSING = np.ones((9, 9), np.uint8)
PEERS = "pixelmatch", "odiff", "ImageMagick"
FILES = "first.png", "second.png", "out.png"
IMAGEMAGICK = ["-metric", "AE", "-fuzz", "10%", "-compose", "src"]
IMAGEMAGICK += ["-highlight-color", "white", "-lowlight-color", "black"]


@dataclass
class Peer:
    """A command that compares two PNG files and writes a third.

    Attributes
    ----------
    command : list of str
        Run in a folder that holds `FILES`.
    different : int
        Exit status when the pictures differ. 0 = same; any other is an error.
    differs : callable
        Takes the picture written, with all its channels; returns True where pixels differ.
    """

    command: list[str]
    different: int
    differs: Callable[[Image], Image]
    _masks: dict[bytes, Image] = field(default_factory=dict)

    def raw(self, first: Image, second: Image) -> list[Box]:
        """Find a box round each patch of pixels that the peer marks."""
        return bounding_boxes(find_contours(self.mask(first, second)))

    def closed(self, first: Image, second: Image) -> list[Box]:
        """Find the same after closing gaps."""
        closed = cv2.morphologyEx(self.mask(first, second), cv2.MORPH_CLOSE, CLOSING)
        return bounding_boxes(find_contours(closed))

    def mask(self, first: Image, second: Image) -> Image:
        """255 where the peer says that the pictures differ; kept, because it is needed twice."""
        key = hashlib.sha256(first.tobytes() + second.tobytes()).digest()
        if key not in self._masks:
            self._masks[key] = np.packbits(self._run(first, second))
        height, width = first.shape[:2]
        return 255 * np.unpackbits(self._masks[key], count=height * width).reshape(height, width)

    def _run(self, first: Image, second: Image) -> Image:
        with TemporaryDirectory() as folder:
            for name, image in zip(FILES, (first, second), strict=False):
                cv2.imwrite(str(Path(folder, name)), image)
            done = subprocess.run(self.command, cwd=folder, capture_output=True, check=False)
            if done.returncode == 0:
                return np.zeros(first.shape[:2], bool)
            if done.returncode != self.different:
                raise RuntimeError(f"{self.command} ended with {done.returncode}: {done.stderr}")
            return self.differs(cv2.imread(str(Path(folder, FILES[2])), cv2.IMREAD_UNCHANGED))


def find_peers(npm: Path) -> dict[str, Peer]:
    """Those of `PEERS` that are installed, by name.

    Parameters
    ----------
    npm : Path
        The folder in which ``npm install pixelmatch odiff-bin`` was run.
    """
    programs = (npm / "node_modules" / ".bin").resolve()
    peers = {}
    if command := shutil.which("pixelmatch", path=programs):
        peers["pixelmatch"] = Peer([command, *FILES], 66, _is_red)
    if command := shutil.which("odiff", path=programs):
        peers["odiff"] = Peer([command, *FILES, "--diff-mask"], 22, _is_opaque)
    if magick := shutil.which("magick"):  # version 7; in 6 "compare" is a program of its own
        peers["ImageMagick"] = Peer([magick, "compare", *IMAGEMAGICK, *FILES], 1, _is_white)
    elif command := shutil.which("compare"):
        peers["ImageMagick"] = Peer([command, *IMAGEMAGICK, *FILES], 1, _is_white)
    return peers


def _is_red(picture: Image) -> Image:
    """Pixelmatch draws what it leaves out as antialiased yellow, and all else gray."""
    return (picture[..., :3] == (0, 0, 255)).all(axis=2)


def _is_opaque(picture: Image) -> Image:
    return picture[..., 3] > 0


def _is_white(picture: Image) -> Image:
    return picture.reshape(*picture.shape[:2], -1)[..., 0] > 0
