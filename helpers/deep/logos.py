"""Brands that do not exist, and their logos: an emblem, a palette, a made-up word, a layout.

A brand is a number. Numbers 2k and 2k + 1 are *sisters*: palette, layout and font are the same,
emblem and name are not. Nothing is stored; the number decides all.
"""

import colorsys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageDraw

from helpers import fonts
from helpers.deep.emblems import MOTIFS, SHAPES, draw_emblem

FACES = (
    fonts.SANS,
    fonts.SANS_BOLD,
    fonts.HAND,
    fonts.GROTESQUE,
    fonts.ROMAN,
    fonts.SQUARE,
    fonts.CAPITALS,
)
LAYOUTS = ("left", "left", "above", "above", "right", "alone")
ONSETS = (*"bdfgklmnprstvz", "br", "dr", "fl", "gl", "kr", "pl", "sk", "tr")
VOWELS = (*"aeiou", "au", "ei", "io")
ENDS = ("", "", "", "l", "n", "r", "s", "x", "nt", "rd")
BLOCKED = frozenset(Path(__file__).with_name("blocked_words.txt").read_text("ascii").split())
HEIGHT = 64  # of an emblem, in pixels; words are set to fit it


class Brand(NamedTuple):
    """A made-up brand.

    Attributes
    ----------
    number : int
        Decides everything else. `number ^ 1` is its sister.
    name : str
        As it is written in the logo.
    light, dark : ndarray of float32, shape (3, 3)
        Colours of the emblem's ground, its figure and the word, one in each row, BGR from 0 to
        255: on a light and on a dark background.
    layout : str
        Of LAYOUTS: where the emblem is; "alone" has no word.
    face : str
        A file of the folder of fonts.
    shape, motif : str
        Of the emblem.
    """

    number: int
    name: str
    light: NDArray[np.float32]
    dark: NDArray[np.float32]
    layout: str
    face: str
    shape: str
    motif: str


def make_brand(number: int) -> Brand:
    """Make the brand with this number.

    Parameters
    ----------
    number : int
        Not negative. The same number gives the same brand each time.

    Returns
    -------
    Brand
    """
    family, own = np.random.default_rng([7, number // 2]), np.random.default_rng([11, number])
    light, dark = _palette(family)
    layout, face = str(family.choice(LAYOUTS)), str(family.choice(FACES))
    case = str(family.choice(["title", "upper", "lower"]))
    syllables = int(family.integers(2, 4))
    shapes = family.permutation(list(SHAPES))
    motifs = family.permutation(list(MOTIFS))
    member = number % 2
    name = getattr(made_up_word(own, syllables), case)()
    return Brand(number, name, light, dark, layout, face, str(shapes[member]), str(motifs[member]))


def sister(brand: Brand) -> Brand:
    """Return the brand that shares palette, layout and font with this one."""
    return make_brand(brand.number ^ 1)


def made_up_word(rng: np.random.Generator, syllables: int) -> str:
    """Put a word of this many syllables together that is in no list of real words.

    `blocked_words.txt` holds what these syllables can make that is in use: words that are more
    frequent than one in a million in English, or four in a million in one of 24 other languages
    (counts of the package wordfreq), and what is one letter or none away from some 250 brands.
    """
    while True:
        parts = [str(rng.choice(ONSETS)) + str(rng.choice(VOWELS)) for _ in range(syllables)]
        word = "".join(parts) + str(rng.choice(ENDS))
        if word not in BLOCKED:
            return word


def _palette(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Choose colours for a light and a dark background; rows are ground, figure, word; BGR."""
    hue = rng.uniform()
    other = (hue + rng.choice([0, 0.08, 0.5, 0.6])) % 1
    ground = _bgr(hue, rng.uniform(0.55, 0.95), rng.uniform(0.45, 0.85))
    white = rng.uniform() < 0.5
    figure = _bgr(0, 0, 1) if white else _bgr(other, rng.uniform(0.25, 0.6), 1)
    word = ground if rng.uniform() < 0.4 else _bgr(hue, 0.3, 0.22)
    pale = _bgr(hue, rng.uniform(0.0, 0.15), 0.95)
    bright = np.clip(ground * 1.15 + 20, 0, 255)
    return np.stack([ground, figure, word]), np.stack([bright, figure, pale])


def _bgr(hue: float, saturation: float, value: float) -> NDArray[np.float32]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return np.float32([blue, green, red]) * 255


def _write(text: str, face: str, size: int) -> NDArray[np.uint8]:
    """Draw a word as a mask, cut to its ink."""
    font = fonts.font(face, size)
    left, top, right, bottom = font.getbbox(text)
    sheet = PillowImage.new("L", (right - left, bottom - top))
    ImageDraw.Draw(sheet).text((-left, -top), text, 255, font)
    return np.asarray(sheet)


@cache
def draw_coverage(brand_number: int) -> NDArray[np.uint8]:
    """Draw which part of a logo has which colour.

    Parameters
    ----------
    brand_number : int

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        How much of a pixel belongs to the emblem's ground, to its figure and to the word, from 0
        to 255; what is left is background. Cut to the logo; shared, so read only.
    """
    brand = make_brand(brand_number)
    rng = np.random.default_rng([13, brand_number])
    masks = draw_emblem(brand.shape, brand.motif, rng)
    ground, figure = (cv2.resize(m, (HEIGHT, HEIGHT), interpolation=cv2.INTER_AREA) for m in masks)
    emblem = np.dstack([ground, figure, np.zeros_like(ground)])
    pieces = [emblem]
    if brand.layout != "alone":
        mask = _write(brand.name, brand.face, 24 if brand.layout == "above" else 34)
        empty = np.zeros_like(mask)
        pieces.append(np.dstack([empty, empty, mask]))
    if brand.layout == "right":
        pieces.reverse()
    art = _joined(pieces, axis=0 if brand.layout == "above" else 1, gap=10)
    art.flags.writeable = False
    return art


def _joined(pieces: list[NDArray], axis: int, gap: int) -> NDArray[np.uint8]:
    """Join pieces in a row (axis 1) or a column (axis 0), middle to middle."""
    across = 1 - axis
    size = max(piece.shape[across] for piece in pieces)
    padded = []
    for piece in pieces:
        spare = size - piece.shape[across]
        margins = [(0, 0), (0, 0), (0, 0)]
        margins[across] = (spare // 2, spare - spare // 2)
        margins[axis] = (gap // 2, gap // 2)
        padded.append(np.pad(piece, margins))
    joined = np.concatenate(padded, axis=axis)
    x, y, width, height = cv2.boundingRect(joined.max(axis=2))
    return np.ascontiguousarray(joined[y : y + height, x : x + width])


def paint(coverage: NDArray[np.uint8], colours: NDArray, background: NDArray) -> NDArray[np.uint8]:
    """Give a coverage its colours.

    Parameters
    ----------
    coverage : ndarray of uint8, shape (H, W, 3)
        As `draw_coverage` gives it.
    colours : ndarray, shape (3, 3)
        BGR of ground, figure and word, from 0 to 255.
    background : ndarray, shape (3,)
        BGR.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
    """
    # Background, and for each part what it has more than that.
    mixed = np.column_stack([(colours - background).T / 255, background])
    return cv2.transform(coverage, mixed.astype(np.float64))


def draw_logo(brand: Brand, *, dark: bool = False, margin: int = 12) -> NDArray[np.uint8]:
    """Draw a logo as its owner would: nothing turned, on white, or on black in dark mode.

    Parameters
    ----------
    brand : Brand
    dark : bool
        Take the colours for a dark background.
    margin : int
        Pixels of background on each side.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        BGR.
    """
    coverage = cv2.copyMakeBorder(
        draw_coverage(brand.number), *[margin] * 4, cv2.BORDER_CONSTANT, value=(0, 0, 0)
    )
    background = np.array([28, 24, 22] if dark else [255, 255, 255])
    return paint(coverage, brand.dark if dark else brand.light, background)
