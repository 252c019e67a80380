"""Base pictures for made pairs: photographs, documents, user interfaces, the course's drawings.

A `Scene` is a picture and the words on it. Words are kept apart so that one of them can be changed
and the rest drawn again. Names, numbers and addresses are made up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image, ImageDraw

from helpers.fonts import (
    CAPITALS,
    GROTESQUE,
    HAND,
    ROMAN,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    SIGNATURE,
    SQUARE,
    font,
)

DRAWINGS = Path(__file__).with_name("drawings")  # copies: the package works alone
PHOTOGRAPHS = Path(skimage.__file__).parent / "data"
PHOTOGRAPH_FILES = [
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png",
    "coffee.png", "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png",
    "moon.png", "motorcycle_left.png", "motorcycle_right.png", "page.png", "retina.jpg",
    "rocket.jpg", "text.png"
]  # fmt: skip
DRAWING_FILES = [f"original_{number}.png" for number in ("01", "02", "03", "04", "08")]
LARGEST_SCALE = 1.5  # photographs are not enlarged more, unless they are too small for any crop
FINE = 5  # text is drawn this much larger and reduced, so it can be placed at fifths of a pixel

VOCABULARY_TEXT = """
account address after agreed amount annual answer archive article autumn balance before branch
bridge budget building button cancel carpet centre change charge circle client colour column
contract copper corner counter course customer daily date delivery deposit detail district
document draft early east edition engine entry estate evening event extra factory field figure
final first follow forest form garden general glass green ground harbour house index inside
invoice island item journal kitchen label language late ledger letter level library light list
local manager margin market measure meeting member method minute model month morning mountain
narrow nature network north notice number object office open option orange order outside owner
page paper parcel partner payment pencil period person picture place plan plate point position
postal power present price print process product profile project public quarter question rate
reason receipt record reference region report request river road room round sample schedule
school season second section select series service shelf signal silver simple south space
station storage street subject summer supply surface system table target tariff the ticket
timber today total tower town travel unit update upper valley value version village volume water
weekly west window winter within wooden work yellow yesterday
"""
VOCABULARY = VOCABULARY_TEXT.split()
SHORT_WORDS = [
    "a", "and", "as", "at", "by", "for", "from", "in", "is", "it", "no", "not", "of", "on", "or",
    "our", "that", "the", "to", "was", "with", "you",
]  # fmt: skip
NAMES = [
    "Ada Brook", "Tomas Reed", "Lina Holm", "Karim Vale", "Nora Finch", "Jonas Weir", "Mara Stone",
    "Ivo Lark", "Selma Rowe", "Pavel Thorne", "Greta Moss", "Omar Field",
]  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A run of text without a space.

    `x`, `y` is the left end of the baseline in whole pixels, `room` the width (px) it may take,
    `colour` is BGR.
    """

    text: str
    x: int
    y: int
    font: str
    size: int
    colour: tuple[int, int, int]
    room: int


@dataclass(frozen=True)
class Scene:
    """A picture without its words (BGR uint8), and the words."""

    name: str
    ground: np.ndarray
    words: tuple[Word, ...] = ()
    is_photograph: bool = False

    def render(
        self, offsets: np.ndarray | None = None, instead: Mapping[int, Word | None] | None = None
    ) -> np.ndarray:
        """Draw the words on the ground.

        Parameters
        ----------
        offsets : ndarray of float, shape (words, 2), optional
            How far (px) each word is from its place, in steps of 1 / `FINE`.
        instead : mapping of int to Word or None, optional
            Words to draw instead of those with these indices; None leaves one out. An index
            past the last word adds a word.
        """
        words = dict(enumerate(self.words)) | dict(instead or {})
        picture = self.ground.copy()
        for index, word in words.items():
            if word is not None:
                moved = (0, 0) if offsets is None else offsets[min(index, len(offsets) - 1)]
                draw_word(picture, word, moved)
        return picture


def text_width(text: str, file_name: str, size: int) -> int:
    """Measure the pixels from the start of a text to where the next would start."""
    return round(font(file_name, size * FINE).getlength(text) / FINE)


@cache
def _word_patch(text: str, file_name: str, size: int, x: int, y: int) -> tuple[np.ndarray, int]:
    """Draw a word (x, y) fine steps off: its coverage, 0 to 1, and the patch's margin in pixels."""
    margin = size
    face = font(file_name, size * FINE)
    width = (text_width(text, file_name, size) + 2 * margin) * FINE
    patch = Image.new("L", (width, 3 * margin * FINE), 0)
    base = (margin * FINE + x, 2 * margin * FINE + y)
    ImageDraw.Draw(patch).text(base, text, 255, font=face, anchor="ls")
    height = 3 * margin
    small = cv2.resize(np.asarray(patch), (width // FINE, height), interpolation=cv2.INTER_AREA)
    return small[..., None].astype(np.float32) / 255, margin


def draw_word(picture: np.ndarray, word: Word, moved: tuple[float, float] = (0, 0)) -> None:
    """Draw a word into a picture, antialiased."""
    fine_x, fine_y = (round(float(part) * FINE) for part in moved)
    patch, margin = _word_patch(word.text, word.font, word.size, fine_x, fine_y)
    left, top = word.x - margin, word.y - 2 * margin
    cut_x, cut_y = max(-left, 0), max(-top, 0)
    place = picture[top + cut_y : top + patch.shape[0], left + cut_x : left + patch.shape[1]]
    cover = patch[cut_y : cut_y + place.shape[0], cut_x : cut_x + place.shape[1]]
    under = place.astype(np.float32)
    place[:] = under + cover * (np.array(word.colour, np.float32) - under) + 0.5


def make_scene(
    rng: np.random.Generator, kind: str, height: int, width: int, margin: int
) -> tuple[Scene, tuple[int, int]]:
    """Make a scene, at least as large as asked for where its material allows.

    Parameters
    ----------
    rng : numpy.random.Generator
    kind : {"photograph", "drawing", "document", "interface"}
    height, width : int
        Of the picture to be cut from the scene, px.
    margin : int
        What the scene has beyond that on each side, px.

    Returns
    -------
    Scene
    (height, width) : (int, int)
        Of the picture; smaller than asked for when a photograph does not suffice.
    """
    if kind in ("photograph", "drawing"):
        return _cut(rng, kind, height, width, margin)
    sheet = Sheet(rng, height + 2 * margin, width + 2 * margin, margin)
    layouts = DOCUMENTS if kind == "document" else INTERFACES
    layout = layouts[rng.integers(len(layouts))]
    layout(sheet)
    return sheet.scene(f"{kind} {layout.__name__}"), (height, width)


@cache
def _read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))[..., ::-1]


def _cut(
    rng: np.random.Generator, kind: str, height: int, width: int, margin: int
) -> tuple[Scene, tuple[int, int]]:
    files = PHOTOGRAPH_FILES if kind == "photograph" else DRAWING_FILES
    file_name = files[rng.integers(len(files))]
    folder = PHOTOGRAPHS if kind == "photograph" else DRAWINGS
    picture = _read(folder / file_name)
    if kind == "photograph" and file_name not in ("page.png", "text.png"):  # not to mirror text
        picture = picture[:, :: rng.choice([-1, 1])]
    too_small = (320 + 2 * margin) / min(picture.shape[:2])
    largest = max(LARGEST_SCALE, too_small)
    height, width = (
        min(wanted, int(side * largest) - 2 * margin)
        for wanted, side in zip((height, width), picture.shape[:2], strict=True)
    )
    needed = max(
        (wanted + 2 * margin) / side
        for wanted, side in zip((height, width), picture.shape[:2], strict=True)
    )
    scale = rng.uniform(max(needed, 0.5), max(needed, 1.0))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sides = [max(round(side * scale), 320 + 2 * margin) for side in picture.shape[:2]]
    picture = cv2.resize(np.ascontiguousarray(picture), sides[::-1], interpolation=how)
    height, width = (min(h, s - 2 * margin) for h, s in zip((height, width), sides, strict=True))
    top = rng.integers(sides[0] - height - 2 * margin + 1)
    left = rng.integers(sides[1] - width - 2 * margin + 1)
    cut = picture[top : top + height + 2 * margin, left : left + width + 2 * margin].copy()
    name = Path(file_name).stem
    return Scene(name, cut, is_photograph=kind == "photograph"), (height, width)


class Sheet:
    """A page being drawn. Positions in px; shapes are drawn larger and reduced, so antialiased."""

    SCALE = 3

    def __init__(self, rng: np.random.Generator, height: int, width: int, margin: int) -> None:
        self.rng, self.height, self.width = rng, height, width
        self.inset = margin + int(rng.integers(16, 40))
        self.words: list[Word] = []
        self.image = Image.new("RGB", (width * self.SCALE, height * self.SCALE), "white")
        self.pen = ImageDraw.Draw(self.image)

    @property
    def right(self) -> int:
        """Where the inner part of the page ends, x."""
        return self.width - self.inset

    @property
    def bottom(self) -> int:
        """Where the inner part of the page ends, y."""
        return self.height - self.inset

    def scene(self, name: str) -> Scene:
        """Return the page as it is now."""
        ground = np.asarray(self.image.reduce(self.SCALE))[..., ::-1].copy()
        return Scene(name, ground, tuple(self.words))

    def pick(self, *values):
        """Choose one of the values."""
        return values[self.rng.integers(len(values))]

    def rectangle(self, x, y, width, height, fill=None, outline=None, radius=0, line=1) -> None:
        """Draw a rectangle, rounded when it has a radius."""
        s = self.SCALE
        corners = (x * s, y * s, max(x + width, x + 1) * s - 1, max(y + height, y + 1) * s - 1)
        self.pen.rounded_rectangle(corners, radius * s, fill, outline, round(line * s))

    def disc(self, x, y, radius, fill=None, outline=None, line=1) -> None:
        """Draw a disc or a ring."""
        s = self.SCALE
        corners = [(v + d) * s for d in (-radius, radius) for v in (x, y)]
        self.pen.ellipse(corners, fill, outline, round(line * s))

    def line(self, points, fill, width=1.0) -> None:
        """Draw a line through points."""
        s = self.SCALE
        points = [(x * s, y * s) for x, y in points]
        self.pen.line(points, fill, max(round(width * s), 1), joint="curve")

    def write(self, x, y, text, file_name, size, colour, end=None) -> int:
        """Write words from (x, y), the baseline, up to x = `end`; return where they stop."""
        x, end = int(x), int(self.right if end is None else end)
        blue_green_red = tuple(int(colour[i : i + 2], 16) for i in (5, 3, 1))
        space = text_width(" ", file_name, size)
        for token in text.split():
            room = text_width(token, file_name, size)
            if x + room > end:
                break
            self.words.append(Word(token, x, int(y), file_name, size, blue_green_red, room))
            x += room + space
        return x

    def write_left_of(self, x, y, text, file_name, size, colour) -> None:
        """Write words that end at x."""
        self.write(x - text_width(text, file_name, size), y, text, file_name, size, colour, x + 2)

    def sentence(self, count: int) -> str:
        """Invent `count` words that look like a sentence."""
        words = [
            str(self.rng.choice(SHORT_WORDS if self.rng.random() < 0.35 else VOCABULARY))
            for _ in range(count)
        ]
        return " ".join(words).capitalize() + "."

    def title(self, count: int) -> str:
        """Invent `count` words for a heading or a label."""
        return " ".join(self.rng.choice(VOCABULARY, count)).capitalize()

    def amount(self, most: float = 9999) -> str:
        """Invent a number with two decimals."""
        return f"{self.rng.uniform(1, most):,.2f}"

    def date(self) -> str:
        """Invent a day."""
        day, month, year = self.rng.integers((1, 1, 2014), (29, 13, 2027))
        return f"{day:02d}.{month:02d}.{year}"

    def name(self) -> str:
        """Invent a person nobody knows."""
        return str(self.rng.choice(NAMES))

    def paragraph(self, x, y, end, lines, file_name, size, colour) -> int:
        """Write `lines` full lines and a shorter last one; return the y below."""
        for number in range(lines):
            last = end if number < lines - 1 else x + (end - x) * self.rng.uniform(0.3, 0.9)
            self.write(x, y, self.sentence(40), file_name, size, colour, last)
            y += round(size * 1.5)
        return y


def letter(sheet: Sheet) -> None:
    """Draw a letter: heading, date, paragraphs, a signature."""
    paper, ink = sheet.pick(("#ffffff", "#1a1a1a"), ("#faf6ec", "#2b2118"), ("#f1f3f5", "#15202b"))
    sheet.rectangle(0, 0, sheet.width, sheet.height, paper)
    body, size = sheet.pick(SANS, GROTESQUE, ROMAN), sheet.pick(12, 13, 14, 15, 16, 18)
    x, y = sheet.inset, sheet.inset + 2 * size
    sheet.write(x, y, sheet.title(2), sheet.pick(CAPITALS, SANS_BOLD, ROMAN), 2 * size, ink)
    if sheet.rng.random() < 0.5:
        sheet.rectangle(x, y + size, sheet.right - x, 2, sheet.pick("#9b2d1f", "#205072", ink))
    y += 3 * size
    sheet.write_left_of(sheet.right, y, sheet.date(), body, size, ink)
    columns = 2 if sheet.right - x > 560 and sheet.rng.random() < 0.4 else 1
    wide = (sheet.right - x - 28 * (columns - 1)) // columns
    foot = sheet.bottom - (3 * size if columns == 1 else 0)
    top = y + 2 * size
    for column in range(columns):
        left, y = x + column * (wide + 28), top
        while y + 3 * size < foot:
            lines = min(int(sheet.rng.integers(2, 7)), int((foot - y) // (1.5 * size)))
            y = sheet.paragraph(left, y, left + wide, lines, body, size, ink) + size // 2
    if columns == 1:
        sheet.write(x, sheet.bottom - 4, sheet.name(), sheet.pick(HAND, SIGNATURE), 2 * size, ink)


def invoice(sheet: Sheet) -> None:
    """Draw an invoice: a company, a number, lines with prices, a total."""
    accent = sheet.pick("#205072", "#7a1f3d", "#2f6f4f", "#444444", "#b5651d")
    body, size = sheet.pick(SANS, GROTESQUE, SQUARE), sheet.pick(12, 13, 14, 15, 16)
    x, y, row = sheet.inset, sheet.inset, round(size * 2.1)
    sheet.rectangle(0, 0, sheet.width, sheet.height, sheet.pick("#ffffff", "#fdfcf8"))
    sheet.rectangle(x, y, 3 * size, 3 * size, accent, radius=sheet.pick(0, 4, size * 1.5))
    sheet.write(x + 4 * size, y + size, sheet.title(2), SANS_BOLD, round(size * 1.3), "#1a1a1a")
    street = f"{sheet.title(1)} Street {sheet.rng.integers(1, 200)}"
    sheet.write(x + 4 * size, y + 2.6 * size, street, body, size, "#666666")
    y += 6 * size
    number = f"Invoice {sheet.rng.integers(10000, 99999)}-{sheet.rng.integers(10, 99)}"
    sheet.write(x, y, number, SANS_BOLD, round(size * 1.5), accent)
    sheet.write(x, y + 2 * size, f"Date {sheet.date()} due {sheet.date()}", body, size, "#333333")
    y += 4 * size
    columns = [sheet.right - (sheet.right - x) * part for part in (0.4, 0.22, 0)]
    sheet.rectangle(x, y - row * 0.7, sheet.right - x, row, accent)
    sheet.write(x + 6, y, "Item", SANS_MEDIUM, size, "#ffffff")
    for place, head in zip(columns, ("Units", "Price", "Sum"), strict=True):
        sheet.write_left_of(place - 6, y, head, SANS_MEDIUM, size, "#ffffff")
    while y + 3.5 * row < sheet.bottom:
        y += row
        sheet.write(
            x + 6,
            y,
            sheet.title(int(sheet.rng.integers(1, 4))),
            body,
            size,
            "#222222",
            columns[0] - 3 * size,
        )
        cells = (str(sheet.rng.integers(1, 60)), sheet.amount(300), sheet.amount(9000))
        for place, cell in zip(columns, cells, strict=True):
            sheet.write_left_of(place - 6, y, cell, body, size, "#222222")
        sheet.rectangle(x, y + row * 0.3, sheet.right - x, 1, "#d5d5d5")
    total = f"Total {sheet.amount(99999)}"
    sheet.write_left_of(sheet.right - 6, y + 1.4 * row, total, SANS_BOLD, round(size * 1.3), accent)
    if sheet.right - x > 420:
        sheet.write(x, y + 1.4 * row, "Payable within 30 days.", body, size, "#666666")


def form(sheet: Sheet) -> None:
    """Draw a form: labels, boxes, handwriting, ticks."""
    tint = sheet.pick("#eef3f8", "#fbeee6", "#edf5ea", "#f4f4f4")
    size = sheet.pick(12, 13, 14, 16)
    x, y, tall = sheet.inset, sheet.inset, round(size * 2.4)
    sheet.rectangle(0, 0, sheet.width, sheet.height, sheet.pick("#ffffff", tint))
    sheet.write(x, y + size, sheet.title(3), sheet.pick(SANS_BOLD, CAPITALS), 2 * size, "#222222")
    y += 3 * size
    ink, script = sheet.pick("#1f2f7a", "#222222", "#2b4b8c"), sheet.pick(HAND, SANS)
    while y + tall + 2 * size < sheet.bottom:
        fields = int(sheet.rng.integers(1, 3 if sheet.right - x < 500 else 4))
        wide = (sheet.right - x - 16 * (fields - 1)) // fields
        if sheet.rng.random() < 0.3:
            for column in range(fields):
                left = x + column * (wide + 16)
                sheet.rectangle(left, y, size + 4, size + 4, "#ffffff", "#666666")
                if sheet.rng.random() < 0.5:
                    tick = [(left + 3, y + 9), (left + 7, y + 14), (left + 14, y + 2)]
                    sheet.line(tick, ink, 2)
                sheet.write(
                    left + 2 * size,
                    y + size + 1,
                    sheet.title(2),
                    SANS,
                    size,
                    "#333333",
                    left + wide,
                )
            y += 2 * size
        else:
            for column in range(fields):
                left = x + column * (wide + 16)
                sheet.write(left, y + size, sheet.title(1), SANS_MEDIUM, size, "#555555")
                sheet.rectangle(
                    left, y + 1.5 * size, wide, tall, "#ffffff", "#9aa5b1", sheet.pick(0, 4)
                )
                filling = sheet.pick(sheet.name(), sheet.amount(), sheet.date(), sheet.title(2))
                large = round(size * (1.6 if script == HAND else 1.15))
                sheet.write(
                    left + 8,
                    y + 1.5 * size + tall * 0.68,
                    filling,
                    script,
                    large,
                    ink,
                    left + wide - 4,
                )
            y += tall + 2.4 * size
        y = round(y)


def table(sheet: Sheet) -> None:
    """Draw a table: a grid of words and numbers."""
    head, zebra = sheet.pick(
        ("#2d3e50", "#f2f5f8"),
        ("#d9e4ec", "#ffffff"),
        ("#5b3b6e", "#f6f0fa"),
        ("#333333", "#eeeeee"),
    )
    size, body = sheet.pick(12, 13, 14, 15), sheet.pick(SANS, GROTESQUE, SQUARE)
    x, y, row = sheet.inset, sheet.inset, round(size * sheet.rng.uniform(1.7, 2.4))
    sheet.rectangle(0, 0, sheet.width, sheet.height, "#ffffff")
    sheet.write(x, y + size, sheet.title(4), SANS_BOLD, round(1.4 * size), "#222222")
    y += 3 * size
    columns = max(3, (sheet.right - x) // int(sheet.rng.integers(80, 130)))
    wide = (sheet.right - x) / columns
    dark_head = head != "#d9e4ec"
    number = 0
    while y + row < sheet.bottom:
        fill = head if number == 0 else (zebra if number % 2 else "#ffffff")
        sheet.rectangle(x, y, sheet.right - x, row, fill)
        for column in range(columns):
            left, base = x + column * wide, y + row * 0.5 + size * 0.35
            if number == 0 or column == 0:
                colour = "#ffffff" if number == 0 and dark_head else "#222222"
                sheet.write(left + 6, base, sheet.title(1), SANS_MEDIUM, size, colour, left + wide)
            else:
                cell = sheet.pick(
                    sheet.amount(),
                    str(sheet.rng.integers(0, 5000)),
                    f"{sheet.rng.uniform(0, 99):.1f}%",
                )
                sheet.write_left_of(left + wide - 6, base, cell, body, size, "#222222")
        if sheet.rng.random() < 0.8:
            sheet.rectangle(x, y + row, sheet.right - x, 1, "#c8ced4")
        y, number = y + row, number + 1


THEMES = (  # ground, panel, ink, pale ink, accent
    ("#eef1f5", "#ffffff", "#1d2733", "#6b7785", "#0b6e7f"),
    ("#1f2430", "#2b3140", "#e8ecf2", "#98a3b3", "#f0a35e"),
    ("#f7efe5", "#fffaf3", "#3a2a1a", "#8a7763", "#b5451f"),
    ("#dfe9e3", "#f6fbf7", "#17301f", "#5f7a68", "#2f7d4f"),
    ("#2a1f3d", "#3a2c55", "#f1eafc", "#b1a2cc", "#e15fa0"),
    ("#d5dcf2", "#ffffff", "#20264a", "#6b7299", "#4457c8"),
)


def _window(sheet: Sheet) -> tuple[int, tuple[str, ...]]:
    """Draw ground and a title bar; return the y below the bar and the theme."""
    theme = sheet.pick(*THEMES)
    ground, panel, ink, _, accent = theme
    sheet.rectangle(0, 0, sheet.width, sheet.height, ground)
    bar = sheet.inset + 30
    bar_fill, bar_ink = sheet.pick((panel, ink), (accent, "#ffffff"))
    sheet.rectangle(0, 0, sheet.width, bar, bar_fill)
    for number, fill in enumerate(sheet.pick(("#e0605a", "#e5b94e", "#61b866"), (ink, ink, ink))):
        sheet.disc(sheet.inset + 6 + 18 * number, bar - 16, 6, fill)
    sheet.write(sheet.inset + 64, bar - 10, sheet.title(2), SANS_MEDIUM, 16, bar_ink)
    return bar, theme


def inbox(sheet: Sheet) -> None:
    """Draw a list of messages with round marks, a side bar on wide pictures."""
    top, (_, panel, ink, pale, accent) = _window(sheet)
    x, tall = sheet.inset, sheet.pick(44, 52, 64)
    if sheet.right - x > 460:
        sheet.rectangle(0, top, x + 130, sheet.height, panel)
        for number in range(int((sheet.bottom - top - 20) // 34)):
            y = top + 20 + 34 * number
            if number == 1:
                sheet.rectangle(x - 8, y - 2, 130, 28, accent, radius=6)
            sheet.disc(x + 6, y + 12, 4, "#ffffff" if number == 1 else accent)
            colour = "#ffffff" if number == 1 else ink
            sheet.write(x + 20, y + 17, sheet.title(1), SANS, 14, colour)
        x += 150
    y = top + 14
    while y + tall < sheet.bottom:
        sheet.rectangle(x, y, sheet.right - x, tall - 6, panel, radius=sheet.pick(0, 6))
        mark = sheet.pick(accent, "#6c8ebf", "#b07aa1", "#8cbf6c", "#c9a227")
        sheet.disc(x + 22, y + tall / 2 - 3, 12, mark)
        name = sheet.name()
        sheet.write(x + 18, y + tall / 2 + 2, name[0], SANS_BOLD, 14, "#ffffff")
        sheet.write(x + 44, y + 17, name, SANS_BOLD, 14, ink)
        sheet.write(x + 44, y + 34, sheet.sentence(20), SANS, 13, pale, sheet.right - 80)
        time = f"{sheet.rng.integers(0, 24):02d}:{sheet.rng.integers(0, 60):02d}"
        sheet.write_left_of(sheet.right - 10, y + 17, time, SANS, 12, pale)
        y += tall


def dashboard(sheet: Sheet) -> None:
    """Draw cards with figures, a bar chart, a line chart."""
    top, (_, panel, ink, pale, accent) = _window(sheet)
    x, y = sheet.inset, top + 14
    cards = max(2, (sheet.right - x) // 150)
    wide = (sheet.right - x - 12 * (cards - 1)) // cards
    for card in range(cards):
        left = x + card * (wide + 12)
        sheet.rectangle(left, y, wide, 66, panel, radius=8)
        sheet.write(left + 12, y + 22, sheet.title(1), SANS, 13, pale, left + wide)
        sheet.write(left + 12, y + 50, sheet.amount(), SANS_BOLD, 22, ink, left + wide)
    y += 80
    tall = (sheet.bottom - y - 12) // 2 if sheet.bottom - y > 240 else sheet.bottom - y
    for number, chart in enumerate((_bars, _curve)[: 2 if sheet.bottom - y > 240 else 1]):
        below = y + number * (tall + 12)
        sheet.rectangle(x, below, sheet.right - x, tall, panel, radius=8)
        sheet.write(x + 12, below + 20, sheet.title(3), SANS_MEDIUM, 14, ink)
        for line in range(4):
            at = below + 34 + (tall - 56) * line / 3
            sheet.rectangle(x + 44, round(at), sheet.right - x - 60, 1, pale)
            sheet.write_left_of(x + 38, at + 4, str(30 - 10 * line), SANS, 12, pale)
        chart(sheet, x + 52, below + 36, sheet.right - 20, below + tall - 22, accent, ink)


def _bars(sheet: Sheet, left, top, right, bottom, accent, ink) -> None:
    count = int(sheet.rng.integers(6, 14))
    step = (right - left) / count
    for number in range(count):
        high = (bottom - top) * sheet.rng.uniform(0.1, 1)
        fill = accent if sheet.rng.random() < 0.8 else ink
        sheet.rectangle(
            round(left + number * step),
            round(bottom - high),
            round(step * 0.6),
            round(high),
            fill,
            radius=sheet.pick(0, 2),
        )


def _curve(sheet: Sheet, left, top, right, bottom, accent, ink) -> None:
    for colour in (accent, ink)[: sheet.pick(1, 2)]:
        heights = np.clip(np.cumsum(sheet.rng.normal(0, 0.18, 14)) + sheet.rng.random(), 0, 1)
        points = [
            (left + (right - left) * n / 13, bottom - (bottom - top) * v)
            for n, v in enumerate(heights)
        ]
        sheet.line(points, colour, 2)
        for point in points:
            sheet.disc(*point, 3.5, colour)


def settings(sheet: Sheet) -> None:
    """Draw rows with switches, sliders, choices, and buttons below."""
    top, (ground, panel, ink, pale, accent) = _window(sheet)
    x, y = sheet.inset, top + 14
    sheet.rectangle(x, y, sheet.right - x, sheet.bottom - y - 50, panel, radius=8)
    y += 12
    while y + 44 < sheet.bottom - 50:
        sheet.write(
            x + 16,
            y + 20,
            sheet.title(int(sheet.rng.integers(1, 4))),
            SANS_MEDIUM,
            15,
            ink,
            sheet.right - 130,
        )
        sheet.write(x + 16, y + 36, sheet.sentence(9), SANS, 12, pale, sheet.right - 130)
        left, middle = sheet.right - 112, y + 20
        kind = sheet.pick("switch", "slider", "choice")
        if kind == "switch":
            on = sheet.rng.random() < 0.5
            sheet.rectangle(left + 54, middle - 10, 40, 20, accent if on else pale, radius=10)
            sheet.disc(left + (84 if on else 64), middle, 8, "#ffffff")
        elif kind == "slider":
            at = sheet.rng.uniform(8, 86)
            sheet.rectangle(left, middle - 2, 94, 4, pale, radius=2)
            sheet.rectangle(left, middle - 2, at, 4, accent, radius=2)
            sheet.disc(left + at, middle, 8, accent)
        else:
            sheet.rectangle(left, middle - 13, 96, 26, ground, pale, 4)
            sheet.write(left + 8, middle + 5, sheet.title(1), SANS, 13, ink, left + 80)
            sheet.line(
                [(left + 78, middle - 3), (left + 83, middle + 3), (left + 88, middle - 3)],
                ink,
                1.5,
            )
        y += 52
        sheet.rectangle(x + 16, y - 6, sheet.right - x - 32, 1, ground)
    for number, text in enumerate(("Save", "Cancel")):
        left = sheet.right - 96 * (number + 1)
        fill, colour = (accent, "#ffffff") if number == 0 else (panel, ink)
        sheet.rectangle(left, sheet.bottom - 36, 84, 30, fill, accent, 5)
        start = left + 42 - text_width(text, SANS_MEDIUM, 15) // 2
        sheet.write(start, sheet.bottom - 16, text, SANS_MEDIUM, 15, colour)


Layout = Callable[[Sheet], None]
DOCUMENTS: tuple[Layout, ...] = (letter, invoice, form, table)
INTERFACES: tuple[Layout, ...] = (inbox, dashboard, settings)
