"""The tools that people use today, as methods for `helpers.evaluate`.

Each of them marks the pixels that differ by more than a threshold, and gives no boxes. What it
marks becomes boxes in two ways. *Raw*: its own default threshold, and a box a connected patch.
*Tuned*: with a threshold, a morphological closing, which joins patches that lie near each other,
and a smallest box, all three chosen by `tune_peers.py` and kept in `tuned_peers.json`. So they
had the same chance as `robust`, on the same pairs. Only blazediff-interpret has boxes of its own,
which nothing joins further.

The programs are given the decoded pixels of both pictures, as PNG.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
import numpy as np

from helpers import Box, bounding_boxes, find_contours, to_gray
from helpers.loading import Image
from helpers.similarity import ssim_difference
from helpers.threshold import otsu_mask

FILES = "first.png", "second.png", "out.png"
CHOICES = Path(__file__).with_name("tuned_peers.json")
IMAGEMAGICK = "-metric", "AE", "-compose", "src"
IMAGEMAGICK += "-highlight-color", "white", "-lowlight-color", "black"
WINDOW = 11  # pixels: side of the windows of blazediff-ssim, its default

Marked = Image | list[Box]  # a mask, or boxes of a tool that draws its own
Mark = Callable[[Image, Image, float | None], Marked]  # both pictures and the threshold
Find = Callable[[Image, Image], list[Box]]


class Choice(NamedTuple):
    """How a peer is used.

    Attributes
    ----------
    threshold : float or None
        In the peer's own unit; None: Otsu's method chooses one for each pair.
    closing : int
        Pixels: side of the square by which gaps are closed; 1 closes none.
    least : int
        Pixels that a box must have, as width times height.
    """

    threshold: float | None
    closing: int = 1
    least: int = 0


@dataclass(frozen=True)
class Peer:
    """A tool that marks the pixels that differ.

    Attributes
    ----------
    mark : callable
        Takes the first picture, the second and a threshold; returns an array of bool, or boxes.
    default : float or None
        The threshold when a person gives none.
    thresholds : tuple of float
        Those that are tried when it is tuned.
    """

    mark: Mark
    default: float | None
    thresholds: tuple[float, ...]

    def finder(self, choice: Choice) -> Find:
        """Return a method for `helpers.evaluate`."""
        return lambda first, second: boxes_of(self.mark(first, second, choice.threshold), choice)

    @property
    def raw(self) -> Find:
        """The method without anything tuned."""
        return self.finder(Choice(self.default))


def boxes_of(marked: Marked, choice: Choice) -> list[Box]:
    """Find a box round each patch of a mask, after closing; a tool's own boxes stay as they are."""
    if isinstance(marked, list):
        return [box for box in marked if box.area >= choice.least]
    square = np.ones((choice.closing, choice.closing), np.uint8)
    closed = cv2.morphologyEx(marked.astype(np.uint8), cv2.MORPH_CLOSE, square)
    return bounding_boxes(find_contours(closed), min_area=choice.least)


def tuned_choices() -> dict[str, Choice]:
    """Read what `tune_peers.py` chose, by name of the peer."""
    chosen = json.loads(CHOICES.read_text(encoding="utf-8"))
    return {name: Choice(**choice) for name, choice in chosen.items()}


# What needs no other program


def _difference(first: Image, second: Image, threshold: float | None) -> Image:
    return cv2.absdiff(first, second).max(axis=2) > threshold


def _ssim_recipe(first: Image, second: Image, threshold: float | None) -> Image:
    difference = ssim_difference(to_gray(first), to_gray(second))[1]
    return otsu_mask(difference)[1] > 0 if threshold is None else difference < 255 * threshold


# Packages of Python


def _blazediff(first: Image, second: Image, threshold: float | None) -> Image:
    from blazediff import compare

    with _files(first, second) as files:
        if compare(*files, threshold=threshold, diff_mask=True).match_result:
            return np.zeros(first.shape[:2], bool)
        return _is_opaque(_read(files[2]))


def _blazediff_interpret(first: Image, second: Image, threshold: float | None) -> list[Box]:
    """Return the regions that it names a kind of change for; it joins what is near by itself."""
    from blazediff_interpret import interpret_images

    with _files(first, second) as files:
        regions = interpret_images(*files[:2], threshold=threshold)["regions"]
    return [Box(*(region["bbox"][side] for side in Box._fields)) for region in regions]


def _blazediff_ssim(first: Image, second: Image, threshold: float | None) -> Image:
    """Where its map of hitchhiker's SSIM, a window at each pixel, is below the threshold."""
    from blazediff_ssim import compare_rgba

    height, width = first.shape[:2]
    pixels = (cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA).tobytes() for picture in (first, second))
    how = {"metric": "hitchhikers-ssim", "window_size": WINDOW, "window_stride": 1}
    result = compare_rgba(*pixels, width, height, return_map=True, **how)
    similarity = np.frombuffer(result.map, "<f4").reshape(result.map_height, result.map_width)
    marked = (similarity < threshold).astype(np.uint8)
    border = [WINDOW // 2] * 4  # its windows lie inside the picture
    return cv2.copyMakeBorder(marked, *border, cv2.BORDER_REPLICATE) > 0


# Programs


def program(
    command: Callable[[list[str], float], list[str]],
    different: int,
    differs: Callable[[Image], Image],
) -> Mark:
    """Make a mark of a command that compares two PNG files and writes a third.

    Parameters
    ----------
    command : callable
        Takes the names of the three files and the threshold; returns the words of the command.
    different : int
        Exit status when the pictures differ. 0 = same; any other is an error.
    differs : callable
        Takes the picture written, with all its channels; returns True where pixels differ.
    """

    def mark(first: Image, second: Image, threshold: float | None) -> Image:
        with _files(first, second) as files:
            words = command(files, threshold)
            done = subprocess.run(words, capture_output=True, check=False)
            if done.returncode == 0:
                return np.zeros(first.shape[:2], bool)
            if done.returncode != different:
                raise RuntimeError(f"{words} ended with {done.returncode}: {done.stderr}")
            return differs(_read(files[2]))

    return mark


@contextmanager
def _files(first: Image, second: Image) -> Iterator[list[str]]:
    """Write both pictures; yield their names and that of the picture that will be written."""
    with TemporaryDirectory() as folder:
        files = [str(Path(folder, name)) for name in FILES]
        for file, image in zip(files, (first, second), strict=False):
            cv2.imwrite(file, image)
        yield files


def _read(file: str) -> Image:
    return cv2.imread(file, cv2.IMREAD_UNCHANGED)


def _is_red(picture: Image) -> Image:
    """Pixelmatch draws what it leaves out as antialiased yellow, and all else gray."""
    return (picture[..., :3] == (0, 0, 255)).all(axis=2)


def _is_opaque(picture: Image) -> Image:
    return picture[..., 3] > 0


def _is_white(picture: Image) -> Image:
    return picture.reshape(*picture.shape[:2], -1)[..., 0] > 0


# All of them

YIQ = 0.03, 0.05, 0.07, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3  # share of the largest distance of colours
LEVELS = 5, 8, 12, 16, 20, 25, 30, 40, 50, 60  # gray levels, in the channel where most
PERCENT = 1, 2, 4, 6, 8, 10, 13, 16, 20, 25  # of the largest distance
SIMILARITY = 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95
PEERS = (
    "difference",
    "classic",
    "pixelmatch",
    "odiff",
    "blazediff",
    "blazediff-interpret",
    "blazediff-ssim",
    "ImageMagick",
)


def find_peers(npm: Path, masks: Path | None = None) -> dict[str, Peer]:
    """Those of `PEERS` that are installed, by name; "classic" is the recipe of lessons 01 to 06.

    Parameters
    ----------
    npm : Path
        The folder in which ``npm install pixelmatch odiff-bin`` was run.
    masks : Path, optional
        A folder in which what programs marked is kept for the next run. Empty it when a program
        was updated.
    """
    tools = {}
    if pixelmatch := _which(npm, "pixelmatch"):
        mark = program(lambda files, share: [pixelmatch, *files, str(share)], 66, _is_red)
        tools["pixelmatch"] = Peer(mark, 0.1, YIQ)
    if odiff := _which(npm, "odiff"):
        mark = program(
            lambda files, share: [odiff, *files, "--diff-mask", f"--threshold={share}"],
            22,
            _is_opaque,
        )
        tools["odiff"] = Peer(mark, 0.1, YIQ)
    if importlib.util.find_spec("blazediff"):
        tools["blazediff"] = Peer(_blazediff, 0.1, YIQ)
    if importlib.util.find_spec("blazediff_ssim"):
        tools["blazediff-ssim"] = Peer(_blazediff_ssim, 1, SIMILARITY)
    if magick := _magick():
        mark = program(
            lambda files, percent: [*magick, "-fuzz", f"{percent}%", *IMAGEMAGICK, *files],
            1,
            _is_white,
        )
        tools["ImageMagick"] = Peer(mark, 0, PERCENT)
    if masks is not None:
        tools = {name: kept(name, peer, masks) for name, peer in tools.items()}
    if importlib.util.find_spec("blazediff_interpret"):
        tools["blazediff-interpret"] = Peer(_blazediff_interpret, 0.1, (*YIQ, 0.4, 0.5))
    tools["difference"] = Peer(_difference, 0, LEVELS)
    tools["classic"] = Peer(_ssim_recipe, None, SIMILARITY)
    return tools


def _which(npm: Path, name: str) -> str | None:
    return shutil.which(name, path=(npm / "node_modules" / ".bin").resolve())


def _magick() -> list[str]:
    """Find ImageMagick; from version 7 on `compare` is a word after `magick`."""
    if magick := shutil.which("magick"):
        return [magick, "compare"]
    return [command] if (command := shutil.which("compare")) else []


def kept(name: str, peer: Peer, folder: Path) -> Peer:
    """Keep each mask as a PNG of one bit a pixel."""
    folder.mkdir(parents=True, exist_ok=True)

    def mark(first: Image, second: Image, threshold: float | None) -> Image:
        asked = f"{name} {threshold} {first.shape}".encode() + first.tobytes() + second.tobytes()
        file = folder / f"{hashlib.sha256(asked).hexdigest()}.png"
        if file.exists():
            return _read(str(file)) > 0
        marked = peer.mark(first, second, threshold)
        part = file.with_suffix(f".{os.getpid()}.png")  # another process may make the same
        cv2.imwrite(str(part), marked * np.uint8(255), [cv2.IMWRITE_PNG_BILEVEL, 1])
        part.replace(file)
        return marked

    return replace(peer, mark=mark)


def add_tools(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the tools are, and where their masks are kept."""
    parser.add_argument(
        "--npm",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="where `npm install pixelmatch odiff-bin` was run (default: here)",
    )
    parser.add_argument(
        "--masks",
        type=Path,
        metavar="FOLDER",
        help="keep what programs marked here: starting one for each pair is slow",
    )
