"""Pair 03: the scan of a bank cheque, and the same cheque with four entries tampered with.

Sizes and positions are in pixels of the finished picture. Everything printed or written is first
drawn SCALE times larger, as a mask of where the ink goes, then reduced to the share of each pixel
that ink covers, then laid on the paper in the colour of the ink.
"""

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from helpers.fonts import CAPITALS as ENGRAVED
from helpers.fonts import GROTESQUE as PRINTED
from helpers.fonts import HAND as HANDWRITING
from helpers.fonts import SIGNATURE, font

from .common import DrawnPair, draw_with_changes

WIDTH, HEIGHT = 1000, 450
SCALE = 4

SOURCES = [
    {
        "title": title,
        "author": author,
        "licence": "OFL-1.1",
        "origin": f"Google Fonts, via the @fontsource/{package} package",
    }
    for title, author, package in (
        ("Playfair Display SC (font)", "Claus Eggers Sørensen", "playfair-display-sc"),
        ("Libre Franklin (font)", "The Libre Franklin Project Authors", "libre-franklin"),
        ("La Belle Aurore (font)", "Kimberly Geswein", "la-belle-aurore"),
        ("Mrs Saint Delafield (font)", "Alejandro Paul", "mrs-saint-delafield"),
    )
]

# Colours of ink and paper, BGR
PAPER = (240, 244, 245)
SCANNER_LID = (236, 234, 232)
TEAL = (122, 98, 30)
PALE_BLUE = (216, 200, 166)
PALE_ROSE = (204, 192, 232)
BLACK = (52, 44, 42)
NUMBER_RED = (58, 44, 170)
BLUE_BLACK = (92, 38, 26)

# Left, top, right and bottom
EDGE = (10, 8, 990, 441)  # where the paper ends
FRAME = (22, 19, 978, 370)  # the guilloche border, from outside
AMOUNT_BOX = (742, 153, 946, 191)

BAND = 18  # width of the border
EMBLEM = (84, 80)  # middle of the bank's emblem

MICR_MODULE = 2  # a character is 7 x 9 modules of 0.013 inch
MICR_PITCH = 19
MICR_CHARACTERS = "0123456789TU"  # T: transit symbol, U: on-us symbol
MICR_ROWS = (
    "####### ..##... ..##### ..####. .#..... ..##### .##.... .###### .#####. .###### ##.### ......",
    "#.....# ...#... ......# .....#. .#..... ..#.... .#..... .#....# .#...#. .#....# ##.### #.#...",
    "#.....# ...#... ......# .....#. .#..... ..#.... .#..... ......# .#...#. .#....# ##.### #.#...",
    "#.....# ...#... ......# .....#. .#...## ..#.... .#..... ......# .#...#. .#....# ##.... #.#...",
    "#.....# ...#... ..##### ..##### .#...## ..##### .###### ....### ####### .###### ##.... #.#...",
    "#.....# .#####. ..#.... .....## .###### ......# .#....# ....#.. ##...## .....## ##.... #.#.##",
    "#.....# .#####. ..#.... .....## .....## ......# .#....# ....#.. ##...## .....## ##.### #.#.##",
    "#.....# .#####. ..#.... .....## .....## ......# .#....# ....#.. ##...## .....## ##.### #.#.##",
    "####### .#####. ..##### ..##### .....## ..##### .###### ....#.. ####### .....## ##.### ......",
)


def four_edits() -> DrawnPair:
    """The cheque, with the payee, the number, the date and the signature tampered with."""
    first, second, boxes = draw_with_changes(
        draw_cheque, ["second payee", "number", "mark", "surname"]
    )
    return DrawnPair(
        title="A bank cheque",
        change=(
            "the second payee removed, one digit of the cheque number altered, "
            "a tick added beside the date, the surname of the signature altered"
        ),
        first=first,
        second=second,
        boxes=boxes,
        sources=SOURCES,
    )


def draw_cheque(changes: frozenset[str]) -> np.ndarray:
    """The scan of the cheque (BGR, uint8) with the named changes made."""
    sheet = printed_form()
    number = "002478" if "number" in changes else "002418"
    sheet = lay_ink(sheet, number_mask(number), NUMBER_RED)
    sheet = lay_ink(sheet, pen_strokes(writing_mask(changes), 0.72), BLUE_BLACK)
    return scan(sheet)


@cache
def printed_form() -> np.ndarray:
    """The cheque before its number is stamped and before anybody writes on it."""
    sheet = paper()
    sheet = lay_ink(sheet, tint_mask(), iris_ink(PALE_BLUE, PALE_ROSE))
    sheet = lay_ink(sheet, rosette_mask(), iris_ink(PALE_ROSE, PALE_BLUE))
    sheet = lay_ink(sheet, border_mask(), TEAL)
    sheet = lay_ink(sheet, emblem_mask(), TEAL)
    sheet = lay_ink(sheet, bank_name_mask(), TEAL)
    sheet = lay_ink(sheet, form_mask(), BLACK)
    return lay_ink(sheet, micr_mask("U002418U T990741306T 0041726690U"), BLACK)


# Ink and paper


def empty_mask() -> np.ndarray:
    """A mask without ink, as large as the drawing."""
    return np.zeros((HEIGHT * SCALE, WIDTH * SCALE), np.uint8)


def lay_ink(sheet: np.ndarray, mask: np.ndarray, colour: np.ndarray | tuple) -> np.ndarray:
    """Print a mask: the ink lets through only its own colour of what the sheet reflects."""
    covered = cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    covered = covered[..., np.newaxis].astype(np.float32) / 255
    return sheet * (1 - covered * (1 - np.float32(colour) / 255))


def iris_ink(outer: tuple, inner: tuple) -> np.ndarray:
    """Rainbow printing: the ink turns from `outer` at the sides into `inner` in the middle."""
    share = np.sin(np.linspace(0, np.pi, WIDTH, dtype=np.float32))[np.newaxis, :, np.newaxis] ** 2
    return np.float32(outer) * (1 - share) + np.float32(inner) * share


def smooth_noise(seed: int, cell: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """Noise that varies over about `cell` pixels, with mean 0 and a spread of about 1."""
    rng = np.random.default_rng(seed)
    coarse = rng.standard_normal((height // cell + 2, width // cell + 2)).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def paper() -> np.ndarray:
    """Blank paper, a little cloudy."""
    fibres = 0.6 * smooth_noise(1, 3) + 0.9 * smooth_noise(2, 40)
    return np.float32(PAPER) + fibres[..., np.newaxis]


# Fine lines


def draw_curves(mask: np.ndarray, curves: list[np.ndarray], thickness: int) -> None:
    """Draw curves (points in pixels of the finished picture); thickness in pixels of the mask."""
    points = [np.round(curve * SCALE * 16).astype(np.int32) for curve in curves]
    cv2.polylines(mask, points, False, 255, thickness, cv2.LINE_AA, shift=4)


def tint_mask() -> np.ndarray:
    """The tint of the paper, with wavy lines inside the border and a blank box for the amount."""
    left, top, right, bottom = FRAME
    mask = empty_mask()
    x = np.arange(left, right + 1.0)
    for y in np.arange(top, bottom, 4.2):
        wave = 3.2 * np.sin(2 * np.pi * x / 125 + y / 30) + 1.1 * np.sin(2 * np.pi * x / 41)
        draw_curves(mask, [np.column_stack([x, np.clip(y + wave, top, bottom)])], 5)
    mask = np.maximum(0.66 * mask, 80).astype(np.uint8)
    draw_box(mask, AMOUNT_BOX, 0)
    return mask


def rosette(centre: tuple, radii: tuple, petals: int, lines: int, waviness: float) -> list:
    """Closed curves around a centre, each turned a little further than the one before."""
    angle = np.linspace(0, 2 * np.pi, 1441)
    inner, outer = radii
    curves = []
    for turn in np.arange(lines) * 2 * np.pi / lines:
        swing = np.sin(petals * angle + turn) + waviness * np.sin(2 * petals * angle - turn)
        radius = (inner + outer) / 2 + (outer - inner) / 2 * swing / (1 + waviness)
        curves.append(
            np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + np.float64(centre)
        )
    return curves


def rosette_mask() -> np.ndarray:
    """The large rosette in the middle of the cheque, and a smaller one on either side."""
    mask = empty_mask()
    for petals, radii, waviness in ((12, (86, 132), 0.5), (18, (44, 84), 0.35), (9, (8, 46), 0.6)):
        draw_curves(mask, rosette((500, 205), radii, petals, 10, waviness), 2)
    for x in (230, 770):
        draw_curves(mask, rosette((x, 205), (26, 66), 10, 8, 0.5), 2)
        draw_curves(mask, rosette((x, 205), (4, 28), 7, 8, 0.5), 2)
    draw_box(mask, AMOUNT_BOX, 0)
    return mask


def braid(length: float) -> list[np.ndarray]:
    """Interlaced fine lines along the x axis from 0 to `length`, in a band BAND pixels wide."""
    x = np.arange(0, length + 0.5, 0.5)
    waves = round(length / 30)
    phase = 2 * np.pi * waves * x / length
    reach = BAND / 2 - 2.5
    return [
        np.column_stack([x, reach * (0.72 * np.sin(phase + shift) + 0.28 * np.sin(phase / 2))])
        for shift in (0, 0.5, 1.0, np.pi, np.pi + 0.5, np.pi + 1.0)
    ]


def border_mask() -> np.ndarray:
    """The guilloche border: four braided sides between thin lines, and a rosette in each corner."""
    left, top, right, bottom = FRAME
    mask = empty_mask()
    middle = BAND / 2
    for y in (top + middle, bottom - middle):
        side = braid(right - left - 2 * BAND)
        draw_curves(mask, [np.add(curve, (left + BAND, y)) for curve in side], 2)
    for x in (left + middle, right - middle):
        side = braid(bottom - top - 2 * BAND)
        draw_curves(mask, [np.add(curve[:, ::-1], (x, top + BAND)) for curve in side], 2)
    for x in (left + middle, right - middle):
        for y in (top + middle, bottom - middle):
            draw_curves(mask, rosette((x, y), (1, 7.5), 6, 4, 0.4), 2)
            frame_rectangle(mask, (x - middle, y - middle, x + middle, y + middle), 2)
    frame_rectangle(mask, FRAME, 5)
    frame_rectangle(mask, (left + BAND, top + BAND, right - BAND, bottom - BAND), 3)
    return mask


def frame_rectangle(mask: np.ndarray, box: tuple, thickness: int) -> None:
    """Draw the outline of a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    draw_curves(mask, [np.float64(corners)], thickness)


# Print


def write(mask: np.ndarray, at: tuple, text: str, face: str, size: float, spacing=0.0, anchor="l"):
    """Write one line; `at` is the left (anchor l), middle (m) or right (r) of its baseline."""
    image = Image.fromarray(mask)
    pen = ImageDraw.Draw(image)
    letters = font(face, round(size * SCALE))
    x, y = at[0] * SCALE, at[1] * SCALE
    length = letters.getlength(text) + spacing * SCALE * (len(text) - 1)
    x -= {"l": 0, "m": length / 2, "r": length}[anchor]
    if spacing == 0:
        pen.text((x, y), text, 255, letters, anchor="ls")
    else:
        for letter in text:
            pen.text((x, y), letter, 255, letters, anchor="ls")
            x += letters.getlength(letter) + spacing * SCALE
    mask[:] = np.asarray(image)


def emblem_mask() -> np.ndarray:
    """The bank's emblem, engraved: a bridge of three arches over water, with a rising sun."""
    mask = empty_mask()
    x, y = EMBLEM
    draw_curves(mask, rosette((x, y), (27.5, 33.5), 30, 3, 0.3), 2)
    for radius, thickness in ((35, 4), (26, 3)):
        draw_curves(mask, [ellipse((x, y), radius, radius)], thickness)
    draw_curves(mask, [ellipse((x, y + 1), 7, 7, -180, 0)], 3)
    for number, angle in enumerate(np.deg2rad(np.arange(-168, -11, 6.5))):
        reach = 24 if number % 2 else 20
        direction = np.array([np.cos(angle), np.sin(angle)])
        draw_curves(mask, [np.array([(x, y + 1)]) + np.outer([9, reach], direction)], 2)
    for depth in (16, 18.5, 21):
        width = min(22, np.sqrt(25**2 - depth**2))
        across = np.arange(-width, width, 0.25)
        wave = np.column_stack([x + across, y + depth + 0.7 * np.sin(across * 1.1 + depth)])
        draw_curves(mask, [wave], 3)
    return np.maximum(mask, bridge_mask())


def bridge_mask() -> np.ndarray:
    """The bridge of the emblem: a slab with a line for the parapet, less three arches."""
    mask = empty_mask()
    x, y = EMBLEM
    draw_box(mask, (x - 24.5, y + 1, x + 24.5, y + 14), 255)
    draw_box(mask, (x - 24, y + 3, x + 24, y + 3.5), 0)
    for centre in (x - 15, x, x + 15):
        draw_box(mask, (centre - 5, y + 9, centre + 5, y + 14), 0)
        arch = ellipse((centre, y + 9), 5, 5)
        cv2.fillPoly(mask, [np.round(arch * SCALE).astype(np.int32)], 0)
    return mask


def draw_box(mask: np.ndarray, box: tuple, value: int) -> None:
    """Fill a box (left, top, right, bottom)."""
    left, top, right, bottom = (round(edge * SCALE) for edge in box)
    mask[top:bottom, left:right] = value


def ellipse(centre: tuple, width: float, height: float, start=0, stop=360) -> np.ndarray:
    """The points of an arc of an ellipse with half-axes `width` and `height`; angles in degrees."""
    angle = np.deg2rad(np.linspace(start, stop, 181))
    return np.column_stack([width * np.cos(angle), height * np.sin(angle)]) + np.float64(centre)


def bank_name_mask() -> np.ndarray:
    """The name of the bank and the address of its branch."""
    mask = empty_mask()
    write(mask, (132, 78), "Ostervale Savings Bank", ENGRAVED, 29, 0.4)
    write(mask, (133, 94), "QUAYMARKET BRANCH", PRINTED, 9.5, 1.1)
    write(mask, (133, 107), "114 Quaymarket Street, Ostervale", PRINTED, 9.5, 0.3)
    return mask


def form_mask() -> np.ndarray:
    """Everything printed in black: captions, ruled lines, the amount box and the microprint."""
    mask = empty_mask()
    captions = (
        ((852, 74), "No.", 10, "r"),
        ((947, 91), "99-4130/9907", 8.5, "r"),
        ((676, 134), "Date", 10, "r"),
        ((50, 166), "Pay to the", 9.5, "l"),
        ((50, 178), "order of", 9.5, "l"),
        ((50, 216), "and", 9.5, "l"),
        ((947, 257), "Dollars", 11, "r"),
        ((50, 342), "Memo", 9.5, "l"),
        ((604, 281), "ASHQUELL & TORVANE, INSTRUMENT MAKERS", 8.5, "l"),
        ((604, 351), "Authorised signature", 7, "l"),
        ((735, 184), "$", 24, "r"),
    )
    for at, text, size, anchor in captions:
        write(mask, at, text, PRINTED, size, anchor=anchor)
    ruled = ((682, 906, 136), (104, 704, 180), (104, 704, 218), (50, 896, 259), (84, 420, 344))
    for left, right, y in ruled:
        draw_curves(mask, [np.float64([(left, y), (right, y)])], 3)
    frame_rectangle(mask, AMOUNT_BOX, 4)
    microprint = "OSTERVALESAVINGSBANK" * 11
    write(mask, (604, 343.5), microprint, PRINTED, 2.4)
    draw_box(mask, (946, 330, WIDTH, 346), 0)
    write(mask, (947, 343.5), "MP", PRINTED, 5)
    return mask


def number_mask(number: str) -> np.ndarray:
    """The number of the cheque, from a numbering machine: every digit has the same room."""
    mask = empty_mask()
    for place, digit in enumerate(number):
        write(mask, (866 + 14.5 * place, 74), digit, PRINTED, 21, anchor="m")
    return mask


def micr_mask(code: str) -> np.ndarray:
    """The line for cheque readers, in the shapes of the font E-13B."""
    rows = [row.split() for row in MICR_ROWS]
    mask = empty_mask()
    for position, character in enumerate(code):
        if character == " ":
            continue
        column = MICR_CHARACTERS.index(character)
        grid = np.array([[cell == "#" for cell in row[column]] for row in rows], np.uint8) * 255
        side = MICR_MODULE * SCALE
        glyph = np.kron(grid, np.ones((side, side), np.uint8))
        x, y = (80 + position * MICR_PITCH) * SCALE, 388 * SCALE
        mask[y : y + glyph.shape[0], x : x + glyph.shape[1]] = glyph
    return cv2.GaussianBlur(mask, (0, 0), 1.5)


# Handwriting


def writing_mask(changes: frozenset[str]) -> np.ndarray:
    """Everything written by hand, with the named changes made."""
    mask = empty_mask()
    write(mask, (696, 130), "14 March 2024", HANDWRITING, 27)
    write(mask, (118, 174), "Lindo Farrowmere", HANDWRITING, 34)
    if "second payee" not in changes:
        write(mask, (118, 212), "Oda Pellingrath", HANDWRITING, 34)
    write(mask, (754, 184), "1,748.60", HANDWRITING, 34)
    words = "One thousand seven hundred forty-eight and 60/100"
    write(mask, (60, 253), words, HANDWRITING, 33)
    write(mask, (98, 338), "cello, second payment", HANDWRITING, 25)
    x = np.arange(752, 884, 0.5)
    draw_curves(mask, [np.column_stack([x, 246 + 2.5 * np.sin(x / 5.5) * np.cos(x / 90)])], 6)
    if "mark" in changes:
        tick = [(914, 121), (916, 124), (917, 129), (919, 124), (922, 118), (926, 113), (931, 109)]
        draw_curves(mask, [np.float64(tick)], 6)
    surname = "Aldrovell" if "surname" in changes else "Ashquell"
    return np.maximum(mask, signature_mask(surname))


def signature_mask(surname: str) -> np.ndarray:
    """The signature, rising to the right, with a stroke below the name."""
    mask = empty_mask()
    write(mask, (636, 332), "Marin", SIGNATURE, 60)
    write(mask, (752, 332), surname, SIGNATURE, 60)
    turn = cv2.getRotationMatrix2D((780 * SCALE, 336 * SCALE), 3, 1)
    return cv2.warpAffine(mask, turn, (mask.shape[1], mask.shape[0]))


def pen_strokes(mask: np.ndarray, least: float) -> np.ndarray:
    """Make letters from a font uneven, as a hand does, and let the pressure on the pen vary."""
    height, width = mask.shape
    rows, columns = np.indices(mask.shape, np.float32)
    columns += 2.2 * smooth_noise(11, 60, height, width)
    rows += 2.2 * smooth_noise(12, 60, height, width) + 4 * smooth_noise(14, 450, height, width)
    bent = cv2.remap(mask, columns, rows, cv2.INTER_LINEAR)
    pressure = np.clip(0.9 + 0.12 * smooth_noise(13, 28, height, width), least, 1)
    return (bent * pressure).astype(np.uint8)


# The scanner


def scan(sheet: np.ndarray) -> np.ndarray:
    """Lay the sheet a little askew on the glass; add the light, its shadow and the grain."""
    askew = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 0.16, 1)
    size = (WIDTH, HEIGHT)
    sheet = cv2.warpAffine(sheet, askew, size, flags=cv2.INTER_CUBIC, borderValue=PAPER)
    mask = cv2.resize(paper_mask(), size, interpolation=cv2.INTER_AREA)
    mask = cv2.warpAffine(mask, askew, size).astype(np.float32)[..., np.newaxis] / 255
    shadow = cv2.GaussianBlur(mask, (0, 0), 3)[..., np.newaxis]
    shadow = np.roll(shadow, (2, 2), axis=(0, 1))
    lid = np.float32(SCANNER_LID) * (1 - 0.28 * shadow)
    picture = sheet * mask + lid * (1 - mask)
    picture = picture * light()
    grain = np.random.default_rng(20).normal(0, 0.5, (HEIGHT, WIDTH, 1)).astype(np.float32)
    # Only every second level: nobody sees it, and the PNG is a fifth smaller.
    return np.clip(2 * np.round((picture + grain) / 2), 0, 255).astype(np.uint8)


def light() -> np.ndarray:
    """The lamp, weaker towards the sides, and the crease where the cheque was once folded."""
    x = np.arange(WIDTH, dtype=np.float32)
    aside = 2 * x / WIDTH - 1
    beside = (x - 0.518 * WIDTH) / 2
    crease = 0.02 * beside * np.exp(-(beside**2) / 2)
    return (1 - 0.02 * aside**2 - 0.006 * aside + crease)[np.newaxis, :, np.newaxis]


def paper_mask() -> np.ndarray:
    """Where the paper is: a rectangle whose left edge was torn off along a perforation."""
    mask = empty_mask()
    draw_box(mask, EDGE, 255)
    left, top, _, bottom = EDGE
    for y in range(top + 3, bottom, 5):
        cv2.circle(mask, (left * SCALE, y * SCALE), 7, 0, -1, cv2.LINE_AA)
    return mask
