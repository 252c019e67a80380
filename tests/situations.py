"""Pairs of pictures as people meet them, drawn in code, each with what a careful person says of it.

`python tests/situations.py` compares all of them and prints a table; with words after it, those
that have one of the words in their name; with `--draw FOLDER` it writes them there as pictures.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw
from skimage import data

import helpers
from helpers.boxes import box_mask
from helpers.fonts import GROTESQUE, ROMAN, SANS, SANS_BOLD, SANS_MEDIUM, SQUARE, font

CHANGED = "changed"  # with boxes at the places that changed
NOTICED = "noticed"  # any verdict but those of SAME
UNCHANGED = "unchanged"  # any verdict of SAME, or explained
UNBOXED = "unboxed"  # no box, or a sentence that says the two could not be aligned
EITHER = "either"  # people disagree: nothing is asserted
SAME = "identical", "no difference"

WIDE = 0.6  # share of the picture from which "unlike" is right too, and of a change to be covered
OVERLAP = 0.3  # least IoU of all boxes with all true ones
SPILL = 0.3  # most of the boxes' area that may be outside the true ones
REACH = 4  # pixels by which a box may be larger than a change on each side, at no cost

Boxes = Sequence[Sequence[int]]
SITUATIONS = []


class Situation(NamedTuple):
    """A pair that is drawn when it is asked for.

    Attributes
    ----------
    name : str
        What happens from the first picture to the second.
    kind : str
        A wide, B small, C moved by a pixel or two, D layout, E drawn again, F stored again,
        G photographed or scanned again.
    wanted : str
    most : int
        The most boxes that are right.
    draw : callable
        Returns the two pictures, and where the change is not simply what differs the true boxes.
    after : callable
        What is done to both pictures when the change has been made.
    """

    name: str
    kind: str
    wanted: str
    most: int
    draw: Callable[[], tuple]
    after: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

    def pair(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Boxes]:
        """Draw both pictures, what changed (a mask) and the true boxes."""
        first, second, *boxes = self.draw()
        differs = (first != second).any(axis=2)
        truth = boxes[0] if boxes else [cv2.boundingRect(differs.astype(np.uint8))]
        if boxes:
            differs = box_mask(truth, differs.shape).astype(bool)
        return *self.after(first, second), differs, truth


def situation(
    kind: str,
    wanted: str,
    most: int = 1,
    after: Callable = lambda first, second: (first, second),
    **arguments: dict,
):
    """Make a situation of a function, named like it; of each of `arguments` one, where given."""

    def add(draw: Callable) -> Callable:
        name = draw.__name__.replace("_", " ")
        for more, values in (arguments or {"": {}}).items():
            each = f"{name} {more}".replace("_", " ").strip()
            SITUATIONS.append(
                Situation(each, kind, wanted, most, partial(draw, **values), after),
            )
        return draw

    return add


def verdict_of(result: helpers.Comparison) -> str:
    """The verdict, also of an engine that has none."""
    if hasattr(result, "verdict"):
        return result.verdict
    if result.too_different:
        return "unlike"
    return "changed" if result.boxes else "no difference"


def fault(which: Situation, result: helpers.Comparison, differs: np.ndarray, truth: Boxes) -> str:
    """Say what is wrong with a result: "", "missed", "false alarm" or "wrong boxes"."""
    verdict = verdict_of(result)
    if which.wanted == EITHER:
        return ""
    if which.wanted == UNCHANGED:
        return "" if verdict in (*SAME, "explained") else "false alarm"
    if which.wanted == NOTICED:
        return "missed" if verdict in SAME else ""
    if which.wanted == UNBOXED:
        return "" if verdict == "unlike" or not result.boxes or is_told(result) else "false alarm"
    if verdict == "unlike" and box_mask(truth, differs.shape).mean() >= 255 * WIDE:
        return ""
    if verdict != "changed":
        return "missed"
    return fault_of_boxes(result.boxes, which.most, differs, truth)


def is_told(result: helpers.Comparison) -> bool:
    """True when a remark says that the two pictures could not be aligned."""
    return any("align" in each and not each.startswith("Aligned") for each in result.remarks)


def fault_of_boxes(boxes: Boxes, most: int, differs: np.ndarray, truth: Boxes) -> str:
    """Say what is wrong with the boxes of a change that was found."""
    if len(boxes) > most:
        return "wrong boxes"
    found = box_mask(boxes, differs.shape) > 0
    near, inner = (box_mask(grown(truth, by), differs.shape) > 0 for by in (REACH, 0))
    if any(not near[y : y + height, x : x + width].any() for x, y, width, height in boxes):
        return "wrong boxes"
    if any(not found[y : y + h, x : x + w].any() for x, y, w, h in grown(truth, 1)):
        return "missed" if not (found & near).any() else "wrong boxes"
    overlap = (found & inner).sum() / (found & ~near | inner).sum()
    covered = (found & differs).sum() / differs.sum()
    spilt = (found & ~near).sum() / found.sum()
    return "" if overlap >= OVERLAP or (covered >= WIDE and spilt <= SPILL) else "wrong boxes"


def grown(boxes: Boxes, by: int) -> Boxes:
    """Boxes that are larger by some pixels on each side, from the picture's edge on."""
    return [
        (max(x - by, 0), max(y - by, 0), width + by + min(by, x), height + by + min(by, y))
        for x, y, width, height in boxes
    ]


# What is done to pictures


def bgr(image: Image.Image) -> np.ndarray:
    return np.array(image)[..., ::-1].copy()


def photograph(name: str, x: int, y: int, width: int, height: int, size: int) -> np.ndarray:
    """A part of a photograph of scikit-image, reduced to `size` pixels of width."""
    picture = getattr(data, name)()
    picture = picture[..., ::-1] if picture.ndim == 3 else np.dstack([picture] * 3)
    part = np.ascontiguousarray(picture[y : y + height, x : x + width])
    return cv2.resize(part, (size, size * height // width), interpolation=cv2.INTER_AREA)


def jpeg(quality: int, image: np.ndarray) -> np.ndarray:
    data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def webp(quality: int, image: np.ndarray) -> np.ndarray:
    data = cv2.imencode(".webp", image, (cv2.IMWRITE_WEBP_QUALITY, quality))[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def noise(sigma: float, seed: int, image: np.ndarray) -> np.ndarray:
    added = np.random.default_rng(seed).normal(0, sigma, image.shape)
    return (image + added).round().clip(0, 255).astype(np.uint8)


def lit(by: float, image: np.ndarray) -> np.ndarray:
    """A picture at another light; 1 is the same."""
    linear = (image / 255.0) ** 2.2
    return ((linear * by).clip(0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)


def turned(degrees: float, image: np.ndarray) -> np.ndarray:
    """A picture turned about its middle, on the ground of its lower right corner."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=image[-1, -1].tolist()
    )


def moved(dx: int, dy: int, image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    matrix = np.float32([[1, 0, dx], [0, 1, dy]])
    return cv2.warpAffine(image, matrix, (width, height), borderValue=image[-1, -1].tolist())


def painted(image: np.ndarray, x: int, y: int, width: int, height: int, value) -> np.ndarray:
    image = image.copy()
    image[y : y + height, x : x + width] = value
    return image


def raised(image: np.ndarray, x: int, y: int, width: int, height: int, by) -> np.ndarray:
    """A picture that is lighter at one place, by some levels, in all channels or in each (BGR)."""
    image = image.astype(int)
    image[y : y + height, x : x + width] += by
    return image.clip(0, 255).astype(np.uint8)


def both(stored: Callable) -> Callable:
    return lambda first, second: (stored(first), stored(second))


def only_second(stored: Callable) -> Callable:
    return lambda first, second: (first, stored(second))


# Contents


WORDS = (
    "The ferry leaves at a quarter past nine and calls at",
    "both islands before noon. Bicycles travel free, dogs",
    "need a ticket of their own. In strong wind the second",
    "call is left out; passengers are told on board and may",
    "stay until the boat returns in the early evening.",
    "Luggage above twenty kilos is taken on the lower deck.",
)


def article(ink="#333333", ground="white", band="#204060", accent=None, bold=False) -> np.ndarray:
    """A page with a band above, a heading and six lines; `accent` colours the word "Bicycles"."""
    image = Image.new("RGB", (420, 260), ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 420, 43], fill=band)
    draw.text((16, 10), "Island timetable", "white", font(ROMAN, 21))
    for k, line in enumerate(WORDS):
        draw.text((16, 66 + 29 * k), line, ink, font(SANS, 15))
        if bold:
            draw.text((17, 66 + 29 * k), line, ink, font(SANS, 15))
    if accent:
        start = 16 + font(SANS, 15).getlength("both islands before noon. ")
        draw.text((start, 95), "Bicycles", accent, font(SANS, 15))
    return bgr(image)


def plot(
    line="#1f77b4", width=2, down=0, dash=0, grid="#e4e4e4", entry="north", ground="white"
) -> np.ndarray:
    """Axes with a curve, a second of one pixel, a grid and a legend."""
    image = Image.new("RGB", (400, 280), ground)
    draw = ImageDraw.Draw(image)
    for k in range(1, 6):
        draw.line([(40 + 57 * k, 20), (40 + 57 * k, 240)], grid)
        draw.line([(40, 20 + 37 * k), (380, 20 + 37 * k)], grid)
        draw.text((32 + 57 * k, 246), f"{2 * k}", "black", font(GROTESQUE, 12))
    points = [(40 + x, 140 + down - 70 * np.sin(x / 41) - x / 9) for x in range(0, 341, 4)]
    for k, ends in enumerate(pairwise(points)):
        if not dash or k // dash % 2 == 0:
            draw.line(ends, line, width)
    draw.line([(40 + x, 190 + 25 * np.cos(x / 23)) for x in range(0, 341, 3)], "#888844")
    draw.rectangle([40, 20, 380, 240], outline="black")
    draw.rectangle([290, 28, 372, 52], fill="white", outline="#bbbbbb")
    draw.line([(296, 40), (314, 40)], line, width)
    draw.text((322, 33), entry, "black", font(GROTESQUE, 12))
    return bgr(image)


def terminal(panel=(24, 24, 30), cursor=False) -> np.ndarray:
    """A dark window with coloured lines, and a panel at its right."""
    image = Image.new("RGB", (420, 240), (18, 18, 22))
    draw = ImageDraw.Draw(image)
    draw.rectangle([300, 0, 420, 240], fill=panel)
    colours = "#7fd97f", "#d9d9d9", "#e0b050", "#d9d9d9", "#70a0f0", "#d9d9d9", "#e07070"
    for k, colour in enumerate(colours):
        line = f"{k:02} build/step_{k * 37 % 11} done in {k * 13 % 7}.{k}s"
        draw.text((10, 12 + 30 * k), line, colour, font(SQUARE, 14))
        draw.text((312, 12 + 30 * k), f"job {k * 71 % 90}", "#a0a0b0", font(SQUARE, 13))
    if cursor:
        draw.rectangle([10, 218, 11, 231], fill="#d9d9d9")
    return bgr(image)


def form(ticked=False, button=(0, 0), edge="#c8c8c8", field_ground="white", link=False):
    """Four fields, two boxes to tick and a button."""
    image = Image.new("RGB", (380, 300), "#f5f6f8")
    draw = ImageDraw.Draw(image)
    for k, label in enumerate(("Given name", "Family name", "Street", "Town")):
        draw.text((20, 22 + 42 * k), label, "#404040", font(SANS, 14))
        draw.rectangle([140, 16 + 42 * k, 350, 44 + 42 * k], field_ground, edge)
    for k, label in enumerate(("Send me the letter", "I am over eighteen")):
        draw.rectangle([20, 192 + 26 * k, 32, 204 + 26 * k], "white", "#707070")
        draw.text((42, 190 + 26 * k), label, "#404040", font(SANS, 13))
    if ticked:
        draw.line([(22, 224), (25, 228), (30, 220)], "#206020", 2)
    x, y = 250 + button[0], 250 + button[1]
    draw.rounded_rectangle([x, y, x + 100, y + 32], 6, fill="#2a62c8")
    draw.text((x + 30, y + 8), "Order", "white", font(SANS_MEDIUM, 15))
    draw.text((20, 256), "Terms of sale", "#2a62c8", font(SANS, 13))
    if link:
        draw.line([(20, 273), (99, 273)], "#2a62c8")
    return bgr(image)


def table(zebra="#f3f3f3", rule="#dddddd", total="1,284.50", rule_x=250) -> np.ndarray:
    image = Image.new("RGB", (400, 260), "white")
    draw = ImageDraw.Draw(image)
    goods = "Rope, 20 m", "Lantern", "Tar, 5 l", "Canvas", "Oars, pair", "Anchor", "Total"
    for k, name in enumerate(goods):
        y = 14 + 33 * k
        draw.rectangle([10, y, 390, y + 32], fill=zebra if k % 2 else "white")
        draw.text((20, y + 7), name, "#222222", font(GROTESQUE, 17))
        value = total if name == "Total" else f"{(k + 2) * 37 % 100}.{k}0"
        draw.text((300, y + 7), value, "#222222", font(GROTESQUE, 17))
    draw.line([(rule_x, 14), (rule_x, 245)], rule)
    return bgr(image)


PALETTE = "#4e79a7", "#f28e2b", "#59a14f", "#e15759"


def bars(colours=PALETTE, taller=0, text="#555555") -> np.ndarray:
    image = Image.new("RGB", (380, 240), "#fcfcf8")
    draw = ImageDraw.Draw(image)
    for k, height in enumerate((120, 60, 150, 90)):
        top = 200 - height - (taller if k == 1 else 0)
        draw.rectangle([40 + 84 * k, top, 100 + 84 * k, 200], fill=colours[k])
        draw.text((50 + 84 * k, 206), f"{2020 + k}", text, font(SANS, 15))
    draw.line([(24, 200), (366, 200)], "#333333")
    return bgr(image)


def city_map(water=(170, 211, 223), road=5, park=(200, 230, 180)) -> np.ndarray:
    """Roads, a river, a park and names."""
    image = Image.new("RGB", (420, 320), (242, 239, 233))
    draw = ImageDraw.Draw(image)
    draw.polygon([(250, 40), (390, 60), (370, 150), (270, 140)], fill=park)
    draw.line([(0, 250), (90, 210), (200, 262), (310, 220), (420, 280)], water, 34, "curve")
    for ends in ([(0, 60), (420, 180)], [(80, 0), (150, 320)], [(230, 0), (215, 320)]):
        draw.line(ends, "#b0a898", road + 2)
        draw.line(ends, "white", road)
    for x, y, name in ((290, 90, "Mill Park"), (20, 20, "Quay St"), (300, 290, "Eastside")):
        draw.text((x, y), name, "#5a5a5a", font(SANS, 13))
    return bgr(image)


def circle(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, **how) -> None:
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], **how)


def music(note=None, left_out=None) -> np.ndarray:
    """Three staves; `note` moves the seventh note up by half a gap, `left_out` drops one."""
    image = Image.new("RGB", (440, 300), "#fffdf5")
    draw = ImageDraw.Draw(image)
    for stave in range(3):
        top = 30 + 92 * stave
        for k in range(5):
            draw.line([(16, top + 8 * k), (424, top + 8 * k)], "black")
        for k in range(12):
            n = 12 * stave + k
            x, y = 40 + 32 * k, top + 4 * (n * 29 % 9) - (4 if n == note else 0)
            if n != left_out:
                draw.ellipse([x - 5, y - 4, x + 5, y + 4], fill="black")
                draw.line([(x + 5, y), (x + 5, y - 24)], "black")
    return bgr(image)


def circuit(width=2, cut=False) -> np.ndarray:
    """Tracks with corners, pads and a chip, green on dark."""
    image = Image.new("RGB", (360, 300), (8, 40, 28))
    draw = ImageDraw.Draw(image)
    for k in range(9):
        x, y = 30 + 34 * k, 30 + 16 * (k * 5 % 9)
        way = [(x, 10), (x, y), (x + 22, y + 22), (x + 22, 200 + 9 * k), (340, 200 + 9 * k)]
        draw.line(way, (60, 170, 90), width)
        circle(draw, x, 10, 5, fill=(210, 180, 80))
    draw.rectangle([130, 60, 220, 120], fill=(20, 20, 20), outline=(120, 120, 120))
    image = bgr(image)
    return painted(image, 52, 150, 12, 3, (28, 40, 8)) if cut else image


def pixels(seed: int, side: int, cell: int, colours: Sequence[Sequence[int]]) -> np.ndarray:
    """Cells of one colour each at random: pixel art, or with two colours a code."""
    cells = np.random.default_rng(seed).integers(len(colours), size=(side, side))
    return np.kron(np.uint8(colours)[cells], np.ones((cell, cell, 1), np.uint8))


def recolored(image: np.ndarray, old: Sequence[int], new: Sequence[int]) -> np.ndarray:
    image = image.copy()
    image[(image == old).all(axis=2)] = new
    return image


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
SPRITE = (60, 40, 30), (90, 160, 240), (80, 200, 120), (230, 220, 210)


def icons(move=0, colour="#d06030") -> tuple[np.ndarray, Boxes]:
    """Twelve icons; those that may move by some pixels, and their boxes."""
    image, boxes = Image.new("RGB", (400, 260), "#eef1f4"), []
    draw = ImageDraw.Draw(image)
    for k in range(12):
        x, y = 50 + 96 * (k % 4), 50 + 78 * (k // 4)
        if k in (2, 5, 8):
            boxes.append((x - 17, y - 17, 36, 35))
            x += move
        draw.rounded_rectangle([x - 16, y - 16, x + 16, y + 16], 7, fill=colour)
        draw.polygon([(x, y - 9), (x + 9, y + 7), (x - 9, y + 7)], fill="white")
    return bgr(image), boxes


def dashboard(card="white", edge="#d0d4da", picture=None, up=0) -> np.ndarray:
    """Cards with words, and a photograph in the last."""
    image = Image.new("RGB", (460, 300), "#eceff3")
    draw = ImageDraw.Draw(image)
    for k, name in enumerate(("Orders", "Visitors", "Returns")):
        y = 16 + 94 * k
        draw.rectangle([16, y, 216, y + 80], card if k == 1 else "white", edge)
        draw.text((28, y + 12), name, "#5a6472", font(SANS_MEDIUM, 14))
        draw.text((28, y + 36 - (up if k == 1 else 0)), f"{k * 391 + 57}", "black", font(SANS, 26))
    draw.rectangle([232, 16, 444, 284], "white", "#d0d4da")
    image = bgr(image)
    picture = photograph("chelsea", 60, 20, 300, 200, 196) if picture is None else picture
    image[24 : 24 + len(picture), 240:436] = picture
    return image


def texture(seed: int = 5, height: int = 220, width: int = 320) -> np.ndarray:
    """A wall of noise in gray, grains of 2 pixels."""
    grains = np.random.default_rng(seed).normal(120, 22, (height // 2, width // 2))
    gray = np.kron(grains, np.ones((2, 2))).clip(0, 255).astype(np.uint8)
    return cv2.merge([gray] * 3)


def gradient(first: Sequence[int], last: Sequence[int]) -> np.ndarray:
    ramp = np.linspace(first, last, 300)[None].repeat(180, axis=0)
    return ramp.round().astype(np.uint8)


def finely(scene: Callable, width: int, height: int, dx=0.0, dy=0.0, gamma=1.0, times=8, **how):
    """Draw black on white as another system does.

    `times` as large and reduced, at a fraction of a pixel, strokes heavier with `gamma` below 1.
    """
    image = Image.new("L", (width * times, height * times), 0)
    scene(ImageDraw.Draw(image), times, dx * times, dy * times, **how)
    ink = np.array(image.resize((width, height), Image.Resampling.BOX)) / 255
    return np.dstack([(255 * (1 - ink**gamma)).round().astype(np.uint8)] * 3)


def letters(draw, times: int, dx: float, dy: float, word="dogs", face=SANS, step=1.0):
    """The six lines of the article, each letter at a multiple of `step` pixels.

    `word` ends the second line.
    """
    large = font(face, 15 * 8)
    for k, line in enumerate(WORDS):
        x, y = 16, (14 + 29 * k) * times + dy
        for each in line.replace("dogs", word):
            draw.text((round(x / step) * step * times + dx, y), each, 255, font(face, 15 * times))
            x += large.getlength(each) / 8


def discs(draw: ImageDraw.ImageDraw, times: int, dx: float, dy: float) -> None:
    for k in range(20):
        x, y, radius = 36 + 62 * (k % 5), 30 + 54 * (k // 5), 8 + k * 7 % 13
        circle(draw, x * times + dx, y * times + dy, radius * times, fill=255)


def leaves(draw: ImageDraw.ImageDraw, times: int, dx: float, dy: float) -> None:
    """Slanted lines and wedges."""
    for k in range(9):
        x, y = (24 + 34 * k) * times + dx, 30 * times + dy
        draw.line([(x, y), (x + (k - 4) * 9 * times, y + 150 * times)], 255, 2 * times)
        tip = x + 26 * times, y + 168 * times
        draw.polygon([(x, y + 160 * times), tip, (x, y + 190 * times)], 255)


written, dotted, slanted = (
    partial(finely, letters, 420, 200),
    partial(finely, discs, 330, 220),
    partial(finely, leaves, 340, 240),
)


# A. Wide and moderate


@situation("A", CHANGED)
def card_ground_white_to_gray_235():
    return dashboard(), dashboard(card="#ebebeb")


@situation("A", CHANGED)
def card_ground_white_to_gray_251():
    return dashboard(), dashboard(card="#fbfbfb")


@situation("A", CHANGED)
def band_above_a_little_lighter():
    return article(), article(band="#2e4e6e")


@situation("A", CHANGED)
def sidebar_turns_to_cream():
    page = article()
    return page, recolored_part(page, 0, 44, 110, WHITE, (236, 250, 255))


@situation("A", CHANGED)
def lower_half_of_a_page_turns_gray():
    page = article()
    return page, recolored_part(page, 0, 130, 420, WHITE, (214, 214, 214))


def recolored_part(page, x, y, width, old, new) -> np.ndarray:
    second = page.copy()
    second[y:, x : x + width] = recolored(page[y:, x : x + width], old, new)
    return second


@situation("A", CHANGED)
def page_ground_white_to_ivory():
    return article(), article(ground="#fffff0")


@situation("A", CHANGED)
def panel_of_a_terminal_lighter():
    return terminal(), terminal(panel=(36, 36, 44))


@situation("A", CHANGED, 8)
def page_turns_to_a_dark_theme():
    return article(), article(ink="#d8d8d8", ground="#1c1e22", band="#101218")


@situation("A", CHANGED, 4)
def palette_of_bars_swapped():
    return bars(), bars(colours=PALETTE[::-1])


@situation("A", CHANGED, 4)
def palette_of_bars_paler():
    return bars(), bars(colours=("#5c85b0", "#f49a42", "#66aa5c", "#e56668"))


@situation("A", CHANGED, 4)
def years_below_bars_20_levels_lighter():
    return bars(), bars(text="#696969")


@situation(
    "A", CHANGED, 6, darker={"to": "#101010"}, lighter={"to": "#6f6f6f"}, blue={"to": "#333370"}
)
def all_text(to):
    return article(), article(ink=to)


@situation("A", CHANGED)
def one_word_turns_blue():
    return article(), article(accent="#3333cc")


@situation("A", CHANGED, 6)
def all_text_bolder():
    return article(), article(bold=True)


@situation("A", CHANGED, 3)
def tracks_of_a_circuit_wider():
    return circuit(), circuit(width=3)


@situation("A", CHANGED)
def roads_of_a_map_wider():
    return city_map(), city_map(road=7)


@situation("A", CHANGED, 2)
def water_of_a_map_12_levels_darker():
    return city_map(), city_map(water=(158, 199, 211))


@situation("A", CHANGED)
def park_of_a_map_yellower():
    return city_map(), city_map(park=(208, 230, 168))


@situation("A", CHANGED, 2, width_1={"width": 1}, width_2={"width": 2})
def line_of_a_plot_turns_from_blue_to_red(width):
    return plot(width=width), plot(width=width, line="#d62728")


@situation("A", CHANGED, 2)
def line_of_a_plot_in_another_blue():
    return plot(), plot(line="#1f55b4")


@situation("A", CHANGED, 2)
def line_of_a_plot_thicker():
    return plot(), plot(width=3)


@situation("A", CHANGED, 2, by_1={"down": 1}, by_2={"down": 2}, by_3={"down": 3})
def curve_moved_down(down):
    return plot(), plot(down=down)


@situation("A", CHANGED, 8)
def curve_dashed_for_solid():
    return plot(), plot(dash=3)


@situation("A", CHANGED, 12)
def gridlines_gone():
    return plot(), plot(grid="white")


@situation("A", CHANGED, 3)
def stripes_of_a_table_gone():
    return table(), table(zebra="white")


@situation("A", CHANGED)
def gradient_ends_darker():
    return gradient((240, 200, 120), (120, 60, 40)), gradient((240, 200, 120), (90, 40, 30))


@situation("A", CHANGED)
def white_turns_to_pale_yellow():
    return gradient(WHITE, WHITE), gradient((224, 255, 255), (224, 255, 255))


@situation("A", NOTICED)
def photograph_inverted():
    picture = photograph("astronaut", 0, 0, 512, 400, 320)
    return picture, 255 - picture


@situation("A", NOTICED)
def drawing_inverted():
    return music(), 255 - music()


@situation("A", CHANGED, 7)
def blank_page_for_a_page():
    return np.full_like(article(), 255), article()


@situation("A", CHANGED)
def photograph_on_a_page_in_gray():
    picture = photograph("chelsea", 60, 20, 300, 200, 196)
    gray = cv2.merge([cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)] * 3)
    return dashboard(picture=picture), dashboard(picture=gray)


@situation("A", CHANGED)
def right_third_of_a_photograph_warmer():
    picture = photograph("coffee", 0, 0, 600, 400, 360)
    return picture, raised(picture, 240, 0, 120, 240, (-12, 0, 12))


@situation("A", CHANGED)
def half_of_a_wall_6_levels_lighter():
    return texture(), raised(texture(), 0, 0, 320, 110, 6)


@situation("A", CHANGED, 12)
def icons_in_another_orange():
    return icons()[0], icons(colour="#d07830")[0]


@situation("A", CHANGED)
def one_colour_of_pixel_art_swapped():
    art = pixels(3, 24, 10, SPRITE)
    return art, recolored(art, SPRITE[2], (140, 120, 200))


@situation("A", CHANGED, 2)
def faint_watermark_on_a_blank_page():
    page = np.full((240, 360, 3), 255, np.uint8)
    mark = cv2.putText(page.copy(), "DRAFT", (70, 140), 0, 2.2, (249, 249, 249), 8, cv2.LINE_AA)
    return page, mark


@situation("A", CHANGED, 2)
def faint_watermark_under_a_text():
    image = Image.new("RGB", (420, 260), "white")
    ImageDraw.Draw(image).text((60, 110), "COPY", "#ededed", font(SANS_BOLD, 110))
    return article(), np.minimum(article(), bgr(image))


# B. Small, and meant


@situation("B", CHANGED)
def comma_for_a_point():
    return table(), table(total="1,284,50")


@situation("B", CHANGED)
def minus_before_a_number():
    return table(total="284.50"), table(total="-284.50")


@situation("B", CHANGED)
def legend_entry_renamed():
    return plot(), plot(entry="south")


@situation(
    "B",
    CHANGED,
    of_2_on_a_page={"scene": article, "size": 2, "value": 0},
    of_3_on_a_dark_page={"scene": terminal, "size": 3, "value": 60},
    of_4_on_a_map={"scene": city_map, "size": 4, "value": (40, 40, 220)},
    of_2_on_a_wall={"scene": texture, "size": 2, "value": 255},
)
def dot(scene, size, value):
    return scene(), painted(scene(), 263, 172, size, size, value)


@situation("B", CHANGED)
def dot_of_3_on_a_photograph():
    picture = photograph("rocket", 100, 0, 400, 400, 260)
    return picture, raised(picture, 60, 180, 3, 3, 40)


@situation("B", CHANGED)
def faint_hairline():
    page = article()
    return page, painted(page, 400, 70, 1, 60, 225)


@situation("B", CHANGED)
def hairline_of_12():
    return bars(), painted(bars(), 210, 20, 12, 1, 90)


@situation(
    "B",
    CHANGED,
    of_3_levels={"scene": form, "by": -3, "place": (40, 60, 40, 20)},
    of_4_levels={"scene": terminal, "by": 4, "place": (230, 190, 16, 16)},
    of_6_levels={"scene": bars, "by": -6, "place": (220, 20, 9, 9)},
    of_12_levels={"scene": city_map, "by": 12, "place": (310, 110, 30, 8)},
    of_20_levels={"scene": music, "by": -20, "place": (200, 74, 6, 30)},
)
def flat_patch(scene, by, place):
    return scene(), raised(scene(), *place, by)


@situation("B", CHANGED)
def box_ticked():
    return form(), form(ticked=True)


@situation("B", CHANGED)
def link_underlined():
    return form(), form(link=True)


@situation("B", CHANGED, 4)
def edges_of_fields_a_little_darker():
    return form(), form(edge="#b4b4b4")


@situation("B", CHANGED, 4)
def edges_of_fields_gone():
    return form(), form(edge="white")


@situation("B", CHANGED, 3)
def edges_of_cards_gone():
    return dashboard(), dashboard(edge="white")


@situation("B", CHANGED)
def cursor_shown():
    return terminal(), terminal(cursor=True)


@situation("B", CHANGED)
def note_half_a_gap_higher():
    return music(), music(note=18)


@situation("B", CHANGED)
def note_left_out():
    return music(), music(left_out=30)


@situation("B", CHANGED)
def track_of_a_circuit_cut():
    return circuit(), circuit(cut=True)


@situation("B", CHANGED)
def module_of_a_code_flipped():
    code = pixels(9, 29, 7, (BLACK, WHITE))
    return code, painted(code, 84, 112, 7, 7, 255 - code[112, 84])


@situation("B", CHANGED)
def table_rule_lighter():
    return table(), table(rule="#eeeeee")


@situation("B", CHANGED)
def bar_one_pixel_taller():
    return bars(), bars(taller=1)


# C. One pixel or two of movement on a picture that is otherwise the same to the last bit


@situation("C", CHANGED, 3, by_1={"move": 1}, by_2={"move": 2})
def icons_moved(move):
    return icons()[0], *icons(move)


@situation("C", CHANGED, 3, right_1={"by": (1, 0)}, down_2={"by": (0, 2)})
def button_moved(by):
    return form(), form(button=by)


@situation("C", CHANGED)
def table_rule_moved_by_1():
    return table(), table(rule_x=251)


@situation("C", CHANGED)
def number_on_a_card_up_by_1():
    return dashboard(), dashboard(up=1)


@situation("C", CHANGED)
def photograph_on_a_page_down_by_1():
    picture = photograph("chelsea", 60, 20, 300, 200, 196)
    second = dashboard()
    second[25 : 25 + len(picture), 240:436] = picture
    second[24, 240:436] = 255
    return dashboard(), second


# D. Layout


@situation("D", NOTICED, down_1={"by": (0, 1)}, right_20={"by": (20, 0)}, up_7={"by": (0, -7)})
def page_moved(by):
    return article(band="white"), moved(*by, article(band="white"))


@situation("D", NOTICED)
def plot_moved_by_2():
    return plot(), moved(2, 2, plot())


@situation("D", NOTICED)
def music_moved_by_1():
    return music(), moved(1, 0, music())


@situation("D", CHANGED, 2)
def scrollbar_moved():
    page = painted(article(), 410, 44, 10, 216, (240, 240, 240))
    return painted(page, 412, 50, 6, 60, 180), painted(page, 412, 90, 6, 60, 180)


@situation("D", CHANGED, 1)
def lines_below_moved_down_by_9():
    page = article()
    second = page.copy()
    second[159:] = page[150:-9]
    second[150:159] = 255
    return page, second, [(0, 150, page.shape[1], 9)]


# E. Drawn again: other edges, the same picture


@situation("E", UNCHANGED)
def text_a_quarter_of_a_pixel_further():
    return written(), written(dx=0.25)


@situation("E", UNCHANGED)
def text_a_quarter_of_a_pixel_lower():
    return written(), written(dy=0.25)


@situation("E", UNCHANGED, sans={"face": SANS}, grotesque={"face": GROTESQUE})
def text_hinted_and_not(face):
    image = Image.new("L", (420, 200), 0)
    letters(ImageDraw.Draw(image), 1, 0, 0, face=face)
    return 255 - np.dstack([np.array(image)] * 3), written(face=face)


@situation("E", UNCHANGED)
def hinted_letters_at_whole_pixels_and_others_at_quarters():
    image = Image.new("L", (420, 200), 0)
    letters(ImageDraw.Draw(image), 1, 0, 0, face=SQUARE)
    return 255 - np.dstack([np.array(image)] * 3), written(face=SQUARE, step=0.25)


@situation("E", UNCHANGED)
def letters_at_whole_pixels_and_at_quarters():
    return written(), written(step=0.25)


@situation("E", UNCHANGED)
def text_of_heavier_strokes():
    return written(), written(gamma=0.88)


@situation("E", UNCHANGED)
def text_further_and_heavier():
    return written(face=GROTESQUE), written(face=GROTESQUE, dx=0.3, dy=-0.2, gamma=0.9)


@situation("E", UNCHANGED)
def light_text_on_dark_further():
    return 255 - written(), 255 - written(dx=0.25, dy=0.1)


@situation("E", CHANGED)
def text_drawn_again_with_another_word():
    other = written(word="mice")
    differs = (written() != other).any(axis=2).astype(np.uint8)
    return written(), written(dx=0.25, gamma=0.92, word="mice"), [cv2.boundingRect(differs)]


@situation("E", CHANGED)
def text_drawn_again_on_a_tinted_column():
    again = written(dx=-0.25, dy=0.25)
    return (
        written(),
        recolored_part(again, 260, 0, 160, WHITE, (225, 240, 255)),
        [(260, 0, 160, 200)],
    )


@situation("E", CHANGED, 3)
def text_drawn_again_and_three_lines_gray():
    again = written(dx=0.25)
    again[100:] = 255 - ((255 - again[100:]) * 0.7).round().astype(np.uint8)
    return written(), again, [(16, 100, 380, 79)]


@situation("E", UNCHANGED)
def discs_a_quarter_of_a_pixel_further():
    return dotted(), dotted(dx=0.25, dy=0.25)


@situation("E", UNCHANGED)
def discs_with_smooth_edges_and_not():
    return dotted(), dotted(times=1)


@situation("E", UNCHANGED)
def slants_with_smooth_edges_and_not():
    return slanted(), slanted(times=1)


@situation("E", UNCHANGED)
def slants_smoothed_in_two_ways():
    return slanted(times=4), slanted(times=8, gamma=0.9)


@situation("E", CHANGED)
def discs_smoothed_and_one_gone():
    return dotted(), painted(dotted(times=1), 140, 120, 40, 40, 255), [(140, 120, 40, 40)]


# F. Stored again, noise


@situation("F", UNCHANGED, after=only_second(partial(jpeg, 80)))
def photograph_as_jpeg():
    picture = photograph("coffee", 0, 0, 600, 400, 360)
    return picture, picture


@situation(
    "F",
    UNCHANGED,
    after=only_second(partial(jpeg, 90)),
    article={"scene": article},
    map={"scene": city_map},
    music={"scene": music},
    terminal={"scene": terminal},
)
def as_jpeg(scene):
    return scene(), scene()


@situation("F", UNCHANGED, after=only_second(partial(webp, 80)))
def dashboard_as_webp():
    return dashboard(), dashboard()


@situation("F", UNCHANGED, after=lambda a, b: (noise(4, 1, a), noise(4, 2, b)))
def table_with_noise():
    return table(), table()


@situation("F", UNCHANGED, after=lambda a, b: (noise(9, 3, a), noise(9, 4, b)))
def photograph_with_noise():
    picture = photograph("chelsea", 0, 0, 451, 300, 360)
    return picture, picture


@situation("F", CHANGED, after=both(partial(jpeg, 90)))
def band_of_15_levels_as_jpeg():
    return article(), article(band="#2f4f6f")


@situation("F", CHANGED, after=only_second(partial(jpeg, 85)))
def sidebar_of_20_levels_one_as_jpeg():
    page = city_map()
    return page, raised(page, 0, 0, 90, 320, -20)


@situation("F", EITHER)
def photograph_on_a_page_recompressed():
    picture = photograph("chelsea", 60, 20, 300, 200, 196)
    return dashboard(picture=picture), dashboard(picture=jpeg(75, picture))


# G. Photographed or scanned again


@situation("G", UNCHANGED, dark={"by": 0.12}, dim={"by": 0.6}, bright={"by": 1.3})
def photograph_at_another_light(by):
    picture = photograph("astronaut", 0, 0, 512, 400, 320)
    return noise(1.5, 5, picture), noise(1.5, 6, lit(by, picture))


@situation(
    "G",
    UNBOXED,
    music_by_3={"scene": music, "degrees": 3},
    form_by_7={"scene": form, "degrees": -7},
    article_by_12={"scene": article, "degrees": 12},
    circuit_by_5={"scene": circuit, "degrees": 5},
)
def turned_scan(scene, degrees):
    return noise(2, 7, scene()), noise(2, 8, turned(degrees, scene()))


def compared(which: Situation) -> tuple[helpers.Comparison, str]:
    """Compare a pair with the default settings; also say what is wrong with the result."""
    first, second, differs, truth = which.pair()
    result = helpers.compare(first, second)
    return result, fault(which, result, differs, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="only those with one of the words in their name")
    parser.add_argument("--draw", metavar="FOLDER", type=Path, help="write the pictures there")
    given = parser.parse_args()
    chosen = [s for s in SITUATIONS if any(w in s.name for w in given.words or [""])]
    right = 0
    for which in chosen:
        if given.draw:
            draw(which, given.draw)
        result, wrong = compared(which)
        right += not wrong
        wanted = f"{which.wanted} {which.most}" if which.wanted == CHANGED else which.wanted
        got = f"{verdict_of(result)} {len(result.boxes)}"
        print(f"{which.kind} {which.name:46} {wanted:11} {got:16} {wrong or 'right'}")
    print(f"{right} of {len(chosen)} right")


def draw(which: Situation, folder: Path) -> None:
    """Write both pictures of a situation side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    first, second, *_ = which.pair()
    name = which.name.replace(" ", "_")
    cv2.imwrite(str(folder / f"{which.kind}_{name}.png"), np.hstack([first, second]))


if __name__ == "__main__":
    sys.exit(main())
