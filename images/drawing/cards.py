"""Pairs 01 and 02: two payment cards of banks, a network and holders that do not exist.

Lengths are millimetres on the card, from its upper left corner, as in the standards for cards:
ISO/IEC 7810 gives the size, 7811 the place of the raised letters, 7816 the place of the chip.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from helpers.fonts import ROMAN as SERIF
from helpers.fonts import SANS_MEDIUM as SANS
from helpers.fonts import SQUARE as RAISED
from helpers.fonts import font

from .common import DrawnPair, draw_with_changes
from .shapes import (
    blend,
    blur,
    colour,
    contour_lines,
    finish,
    light_on,
    rounded_rectangle,
    shifted,
    smooth_noise,
    text_mask,
)

SCALE = 3  # drawn three times as large, then reduced
MM = 25  # pixels for a millimetre, before the reduction
PICTURE = (520 * SCALE, 800 * SCALE)  # height, width
CARD = (round(53.98 * MM), round(85.60 * MM))
CORNER = 3.18 * MM

WHITE = colour("ffffff")
BLACK = colour("000000")


def font_source(title: str, author: str) -> dict[str, str]:
    """The entry of one font in the list of sources."""
    return {
        "title": f"{title} (font)",
        "author": author,
        "licence": "OFL-1.1",
        "origin": f"Google Fonts, via the @fontsource/{title.lower()} package",
    }


FIGTREE = font_source("Figtree", "The Figtree Project Authors")
MARCELLUS = font_source("Marcellus", "Brian J. Bonislawsky")
OXANIUM = font_source("Oxanium", "The Oxanium Project Authors")


@dataclass
class Card:
    """What is printed on a card, and how high its surface stands at each pixel."""

    picture: np.ndarray
    height: np.ndarray

    def paint(self, mask: np.ndarray, paint: np.ndarray, opacity: float = 1) -> None:
        """Blend `paint` in, touching only the rectangle that holds the mask."""
        x, y, width, height = cv2.boundingRect((mask > 0).astype(np.uint8))
        part = np.s_[y : y + height, x : x + width]
        if paint.ndim == 3:
            paint = paint[part]
        self.picture[part] = blend(self.picture[part], mask[part] * opacity, paint)


def in_mm() -> tuple[np.ndarray, np.ndarray]:
    """The x (a row) and the y (a column) of every pixel of the card."""
    x = (np.arange(CARD[1], dtype=np.float32) + 0.5) / MM
    y = (np.arange(CARD[0], dtype=np.float32) + 0.5) / MM
    return x[None, :], y[:, None]


def area(x: float, y: float, width: float, height: float, radius: float) -> np.ndarray:
    """The mask of a rounded rectangle."""
    return rounded_rectangle(CARD, (x * MM, y * MM, width * MM, height * MM), radius * MM)


def letters(
    text: str,
    at: tuple[float, float],
    file_name: str,
    size: float,
    tracking: float = 0,
    pitch: float = 0,
) -> np.ndarray:
    """The mask of a text; `size` is the height of the font's em square."""
    start = (at[0] * MM, at[1] * MM)
    return text_mask(
        CARD, text, start, font(file_name, round(size * MM)), tracking * MM, pitch * MM
    )


def strokes(lines: list[list[tuple[float, float]]], width: float) -> np.ndarray:
    """The mask of lines drawn through points, each `width` thick."""
    sheet = np.zeros(CARD, np.uint8)
    points = [np.rint(np.array(line) * MM * 16).astype(np.int32) for line in lines]
    cv2.polylines(sheet, points, False, 255, round(width * MM), cv2.LINE_AA, shift=4)
    return sheet.astype(np.float32) / 255


def arc(
    centre: tuple[float, float], radius: float, first: float, last: float
) -> list[tuple[float, float]]:
    """Points on a circle between two angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(first, last, 40))
    return [(centre[0] + radius * np.cos(a), centre[1] + radius * np.sin(a)) for a in angles]


# --- what both cards have -------------------------------------------------------------------------

CHIP_GAPS = [  # between the contacts, in millimetres from the plate's upper left corner
    [(0, 3.6), (4.4, 3.6)],
    [(0, 7.2), (4.4, 7.2)],
    [(8.4, 3.6), (12.8, 3.6)],
    [(8.4, 7.2), (12.8, 7.2)],
    [(4.9, 0), (4.9, 2.9)],
    [(4.9, 7.9), (4.9, 10.8)],
    [(7.9, 7.9), (7.9, 10.8)],
]


def add_chip(card: Card, x: float, y: float, metal: tuple[str, str, str]) -> None:
    """The plate of a chip, 12.8 x 10.8 mm: metal, cut into contacts by thin gaps."""
    plate = area(x, y, 12.8, 10.8, 1.6)
    hole = area(x - 0.12, y - 0.12, 13.04, 11.04, 1.7)
    gaps = strokes([[(x + u, y + v) for u, v in line] for line in CHIP_GAPS], 0.2)
    middle_edge = area(x + 4.3, y + 2.7, 4.2, 5.4, 1.2) - area(x + 4.5, y + 2.9, 3.8, 5.0, 1.0)
    gaps = np.maximum(gaps, middle_edge) * plate
    card.paint(hole, card.picture * 0.35)
    card.paint(plate, metal_sheen(x, y, metal))
    card.paint(gaps, colour(metal[2]) * 0.5)
    card.height += 2 * blur(plate * (1 - gaps), 1.6) - 1.6 * blur(hole, 1.6)


def metal_sheen(x: float, y: float, metal: tuple[str, str, str]) -> np.ndarray:
    """Bright, middle and dark metal by turns, from the plate's upper left corner on."""
    across, down = in_mm()
    way = ((across - x) / 12.8 + (down - y) / 10.8) / 2
    bright, middle, dark = (colour(shade) for shade in metal)
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * (1.15 * way - 0.18))[..., None]
    sheen = middle + (bright - middle) * wave**2
    return sheen + (dark - sheen) * 0.75 * (1 - wave) ** 2


def add_contactless(card: Card, x: float, y: float, paint: np.ndarray) -> None:
    """Four arcs, as on every card that can be held to a reader."""
    waves = [arc((x - 1.2, y), radius, -33, 33) for radius in (1.8, 3.0, 4.2, 5.4)]
    card.paint(strokes(waves, 0.44), paint)


def diamond_frame(x: float, y: float) -> np.ndarray:
    """The mask of a square frame with rounded corners that stands on one of them, around (x, y)."""
    frame = area(x - 3.2, y - 3.2, 6.4, 6.4, 1.7) - area(x - 2.05, y - 2.05, 4.1, 4.1, 0.8)
    turn = cv2.getRotationMatrix2D((x * MM, y * MM), 45, 1)
    return cv2.warpAffine(frame, turn, (CARD[1], CARD[0]))


def add_network_logo(card: Card, x: float, y: float, left: np.ndarray, right: np.ndarray) -> None:
    """Two diamond frames, linked like a chain, over the name of the network."""
    __, down = in_mm()
    left_frame = diamond_frame(x + 4.3, y)
    card.paint(left_frame, left)
    card.paint(diamond_frame(x + 9.1, y), right)
    card.paint(left_frame * (down > y), left)  # over one crossing, under the other: a link
    card.paint(letters("rombel", (x + 1.2, y + 7.5), SANS, 3.6), left)


def lit(card: Card, gloss: float) -> np.ndarray:
    """The printed card under the light."""
    diffuse, glint = light_on(card.height)
    shade = np.clip(0.4 + 0.6 * diffuse, 0.4, 1.35)
    return card.picture * shade[..., None] + gloss * glint[..., None]


# --- the card on its surface ----------------------------------------------------------------------


def rim(width: float) -> np.ndarray:
    """A height map that falls off at the card's edge, so that the edge catches the light."""
    inset = width * MM
    box = (inset, inset, CARD[1] - 2 * inset, CARD[0] - 2 * inset)
    return blur(rounded_rectangle(CARD, box, CORNER - inset), inset / 2)


def table(paint: np.ndarray) -> np.ndarray:
    """A plain surface, brighter towards the light at the upper left."""
    across = np.linspace(0, 1, PICTURE[1], dtype=np.float32)[None, :]
    down = np.linspace(0, 1, PICTURE[0], dtype=np.float32)[:, None]
    return paint * (1.08 - 0.17 * across - 0.15 * down)[..., None]


def photographed(
    card: np.ndarray, ground: np.ndarray, corners: list[tuple[float, float]]
) -> np.ndarray:
    """Lay the card on the ground, seen at a slant: its corners clockwise, in final pixels."""
    height, width = CARD
    flat = np.float32([(0, 0), (width, 0), (width, height), (0, height)])
    view = cv2.getPerspectiveTransform(flat, np.float32(corners) * SCALE)
    outline = rounded_rectangle(CARD, (0, 0, width, height), CORNER)
    mask = cv2.warpPerspective(outline, view, PICTURE[::-1])
    face = cv2.warpPerspective(card, view, PICTURE[::-1], borderMode=cv2.BORDER_REPLICATE)
    wide_shadow = shifted(blur(mask, 9 * SCALE), 5 * SCALE, 7 * SCALE)
    near_shadow = shifted(blur(mask, 2 * SCALE), 1.5 * SCALE, 2 * SCALE)
    ground = blend(ground, 0.35 * wide_shadow, BLACK)
    ground = blend(ground, 0.45 * near_shadow, BLACK)
    return finish(blend(ground, mask, face), SCALE, softness=0.45)


# --- pair 01: a plastic card with raised letters --------------------------------------------------


@cache
def blue_waves() -> np.ndarray:
    """A run of colour from navy to teal, soft waves, and fine lines that follow them."""
    x, y = in_mm()
    way = np.clip(x / 120 + y / 150, 0, 1)[..., None]
    picture = colour("10254f") * (1 - way) + colour("1590a6") * way
    for base, bend, fade, length in ((16, 7, 13, 75), (33, 9, 16, 95), (47, 6, 10, 60)):
        below = y - base - bend * np.sin(2 * np.pi * (x / length + base / 40))
        wave = np.clip(below * MM / 2, 0, 1) * np.exp(-np.maximum(below, 0) / fade)
        picture = blend(picture, 0.2 * wave, colour("7fd6dc"))
    field = y + 7 * np.sin(2 * np.pi * (x / 75 + 0.4)) + 5 * np.sin(2 * np.pi * (x + 2 * y) / 90)
    lines = contour_lines(field * MM, 1.3 * MM, 3) * np.clip((x - 18) / 60, 0, 1)
    return blend(picture, 0.16 * lines, WHITE)


@cache
def window_reflection() -> np.ndarray:
    """The mask of a window mirrored in the plastic, as a slanting band with soft edges."""
    x, y = in_mm()
    across = 0.95 * x + y
    return 1 / (1 + np.exp(np.abs(across - 58) / 2.5 - 7)) * (1.1 - y / 60)


def scratches(count: int, seed: int) -> np.ndarray:
    """The mask of hairlines that a purse leaves."""
    rng = np.random.default_rng(seed)
    start = rng.uniform((0, 0), (85, 53), (count, 2))
    middle = start + rng.normal(scale=4, size=(count, 2))
    end = 2 * middle - start + rng.normal(scale=0.4, size=(count, 2))
    return strokes([[*line] for line in np.stack([start, middle, end], axis=1)], 0.04)


def add_ellinmere(card: Card) -> None:
    """The mark of the first bank, a disc with two waves cut out, and its name."""
    across = np.linspace(-1, 7, 60)
    cuts = [[(7.4 + u, base + 0.42 * np.sin(1.9 * u)) for u in across] for base in (8.2, 9.6)]
    disc = area(7.4, 5.2, 6.0, 6.0, 3.0)
    card.paint(disc * (1 - strokes(cuts, 0.5)), WHITE)
    card.paint(letters("Ellinmere", (15.3, 8.7), SANS, 5.0), WHITE)
    card.paint(letters("BANK", (15.5, 11.4), SANS, 1.9, tracking=0.8), WHITE, 0.85)


def emboss(card: Card, mask: np.ndarray, seed: int) -> None:
    """Raise letters out of the plastic; their tops have silver foil, worn off in places."""
    body = np.clip(blur(mask, 0.13 * MM) * 1.25, 0, 1)
    wear = np.maximum(smooth_noise(CARD, 25, np.random.default_rng(seed)) - 0.4, 0)
    foil = np.clip((blur(mask, 0.06 * MM) - 0.4) * 6, 0, 1) * np.clip(1 - 0.4 * wear, 0.25, 1)
    card.paint(shifted(body, 4, 5), BLACK, 0.4)
    card.paint(foil, colour("d3d7da"))
    card.height += 6 * body


def draw_plastic(changes: frozenset[str]) -> np.ndarray:
    """The plastic card; the change it knows is "network logo"."""
    card = Card(blue_waves().copy(), 1.5 * rim(0.15))
    add_ellinmere(card)
    add_chip(card, 9.0, 17.4, ("fdf1c4", "d9b45f", "8a6425"))
    add_contactless(card, 26.0, 22.8, WHITE)
    if "network logo" not in changes:
        add_network_logo(card, 65.6, 42.7, WHITE, colour("ffb238"))
    card.paint(letters("debit", (69.6, 8.7), SANS, 4.0), WHITE)
    card.paint(letters("9999", (9.2, 37.5), SANS, 1.7, tracking=0.25), WHITE, 0.9)
    card.paint(letters("VALID", (30.4, 40.6), SANS, 1.25, tracking=0.1), WHITE, 0.9)
    card.paint(letters("THRU", (30.4, 42.2), SANS, 1.25, tracking=0.1), WHITE, 0.9)
    emboss(card, letters("9999 0412 7736 5083", (8.4, 34.9), RAISED, 6.0, pitch=3.63), 1)
    emboss(card, letters("09/31", (35.6, 42.6), RAISED, 4.2, pitch=2.54), 2)
    emboss(card, letters("TALVIN K ORVANE", (8.7, 48.9), RAISED, 4.2, pitch=2.54), 3)
    card.paint(scratches(30, seed=4), WHITE, 0.14)
    card.paint(window_reflection(), WHITE, 0.12)
    corners = [(48, 44), (749, 34), (760, 480), (44, 491)]
    return photographed(lit(card, gloss=0.35), table(colour("d6d3cd")), corners)


def without_network_logo() -> DrawnPair:
    """A debit card; the modified one has no network logo."""
    original, modified, boxes = draw_with_changes(draw_plastic, ["network logo"])
    return DrawnPair(
        title="A payment card",
        change="the network logo at the lower right is gone",
        first=original,
        second=modified,
        boxes=boxes,
        sources=[OXANIUM, FIGTREE],
    )


# --- pair 02: an engraved metal card --------------------------------------------------------------


@cache
def brushed_metal() -> np.ndarray:
    """Dark metal brushed from left to right, its gleam across the brushing, engraved contours."""
    x, y = in_mm()
    rng = np.random.default_rng(11)
    streaks = cv2.blur(rng.normal(size=CARD).astype(np.float32), (901, 4))
    gleam = np.exp(-(((x - 30 - 0.15 * y) / 17) ** 2)) + 0.5 * np.exp(-(((x - 76) / 10) ** 2))
    light = 1 + 1.1 * gleam + 0.04 * streaks / streaks.std() * (1 + gleam)
    hills = smooth_noise(CARD, 520, rng)
    return blend(colour("2e2d2c") * light[..., None], 0.24 * contour_lines(hills, 0.24, 3), BLACK)


def engrave(card: Card, mask: np.ndarray, paint: np.ndarray, opacity: float = 1) -> None:
    """Cut letters into the metal and fill them."""
    card.paint(mask, paint, opacity)
    card.height -= 1.5 * blur(mask, 1.5)


def draw_metal(changes: frozenset[str]) -> np.ndarray:
    """The metal card; the changes it knows are "chip" and "name"."""
    card = Card(brushed_metal().copy(), 2 * rim(0.2))
    card.paint(1 - area(0.3, 0.3, 85.0, 53.38, 2.88), colour("b5aea2"), 0.55)  # a polished edge
    silver = colour("dcd6ca")
    engrave(card, letters("THELSING", (7.4, 10.4), SERIF, 5.2, tracking=0.9), silver)
    engrave(card, letters("PRIVATE BANKING", (7.6, 13.4), SANS, 1.4, tracking=0.7), silver)
    add_contactless(card, 75.4, 8.6, silver)
    if "chip" not in changes:
        add_chip(card, 9.0, 18.4, ("fff6dc", "e3c98f", "97793f"))
    for row, group in enumerate(("0000", "7351", "2086", "4425")):
        engrave(card, letters(group, (64.9, 20.0 + 4.5 * row), SANS, 3.6, pitch=3.4), silver)
    engrave(card, letters("GOOD THRU", (7.6, 41.6), SANS, 1.3, tracking=0.16), silver, 0.85)
    engrave(card, letters("04/32", (18.2, 41.7), SANS, 2.3, tracking=0.2), silver)
    if "name" not in changes:
        engrave(card, letters("ELSKE M THORNDIL", (7.5, 47.8), SANS, 3.8, tracking=0.55), silver)
    add_network_logo(card, 65.2, 43.4, silver, colour("a1957f"))
    corners = [(49, 33), (752, 41), (757, 490), (41, 481)]
    return photographed(lit(card, gloss=0.35), table(colour("d2c5b2")), corners)


def without_chip_and_name() -> DrawnPair:
    """A metal card; the modified one has neither chip nor holder's name."""
    original, modified, boxes = draw_with_changes(draw_metal, ["chip", "name"])
    return DrawnPair(
        title="A metal payment card",
        change="the chip and the holder's name are gone",
        first=original,
        second=modified,
        boxes=boxes,
        sources=[FIGTREE, MARCELLUS],
    )
