"""Pages and drawings as lists of shapes and words, which can be changed and drawn again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from helpers.challenge.styles import SHORT_WORDS, TUNING, Style
from helpers.fonts import font

FINE = 5  # text is drawn this much larger and reduced, so it can be placed at fifths of a pixel
SCALE = 3  # shapes are drawn this much larger and reduced, so they are antialiased


@dataclass(frozen=True)
class Word:
    """A run of text without a space.

    `x`, `y` is the left end of the baseline in whole pixels, `room` the width (px) it may take,
    `colour` is BGR. Letters are thicker by `stroke` fifths of a pixel on each side.
    """

    text: str
    x: int
    y: int
    font: str
    size: int
    colour: tuple[int, int, int]
    room: int
    stroke: int = 0


@dataclass(frozen=True)
class Shape:
    """A rectangle, a disc, a polygon or a line; points, radius and width in px, colours "#rrggbb".

    The two points of a rectangle and of a disc are its corners, those of what is round it.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    fill: str | None
    outline: str | None = None
    width: float = 1
    radius: float = 0


@dataclass(frozen=True)
class Scene:
    """A picture without its words (BGR uint8), the shapes that it is drawn of, and the words.

    A photograph has no shapes.
    """

    name: str
    ground: np.ndarray
    words: tuple[Word, ...] = ()
    shapes: tuple[Shape, ...] = ()
    style: Style = TUNING

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

    def with_shapes(self, shapes: Iterable[Shape]) -> "Scene":
        """Return the scene with other shapes and the same words."""
        shapes = tuple(shapes)
        return replace(self, shapes=shapes, ground=paint(shapes, *self.ground.shape[:2]))


def text_width(text: str, file_name: str, size: int) -> int:
    """Measure the pixels from the start of a text to where the next would start."""
    return round(font(file_name, size * FINE).getlength(text) / FINE)


@cache
def _word_patch(
    text: str, file_name: str, size: int, stroke: int, x: int, y: int
) -> tuple[np.ndarray, int]:
    """Draw a word (x, y) fine steps off: its coverage, 0 to 1, and the patch's margin in pixels."""
    margin = size
    face = font(file_name, size * FINE)
    width = (text_width(text, file_name, size) + 2 * margin) * FINE
    patch = Image.new("L", (width, 3 * margin * FINE), 0)
    base = (margin * FINE + x, 2 * margin * FINE + y)
    ImageDraw.Draw(patch).text(base, text, 255, font=face, anchor="ls", stroke_width=stroke)
    height = 3 * margin
    small = cv2.resize(np.asarray(patch), (width // FINE, height), interpolation=cv2.INTER_AREA)
    return small[..., None].astype(np.float32) / 255, margin


def draw_word(picture: np.ndarray, word: Word, moved: tuple[float, float] = (0, 0)) -> None:
    """Draw a word into a picture, antialiased."""
    fine_x, fine_y = (round(float(part) * FINE) for part in moved)
    patch, margin = _word_patch(word.text, word.font, word.size, word.stroke, fine_x, fine_y)
    left, top = word.x - margin, word.y - 2 * margin
    cut_x, cut_y = max(-left, 0), max(-top, 0)
    place = picture[top + cut_y : top + patch.shape[0], left + cut_x : left + patch.shape[1]]
    cover = patch[cut_y : cut_y + place.shape[0], cut_x : cut_x + place.shape[1]]
    under = place.astype(np.float32)
    place[:] = under + cover * (np.array(word.colour, np.float32) - under) + 0.5


def paint(shapes: Sequence[Shape], height: int, width: int) -> np.ndarray:
    """Draw shapes one over the other; returns BGR."""
    image = Image.new("RGB", (width * SCALE, height * SCALE), "white")
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        points = [(x * SCALE, y * SCALE) for x, y in shape.points]
        line = max(round(shape.width * SCALE), 1)
        if shape.kind == "line":
            pen.line(points, shape.fill, line, joint="curve")
        elif shape.kind == "polygon":
            pen.polygon(points, shape.fill, shape.outline, line)
        elif shape.kind == "disc":
            pen.ellipse(points, shape.fill, shape.outline, line)
        else:
            (left, top), (right, bottom) = points
            corners = (left, top, right - 1, bottom - 1)
            pen.rounded_rectangle(corners, shape.radius * SCALE, shape.fill, shape.outline, line)
    return np.asarray(image.reduce(SCALE))[..., ::-1].copy()


def channels(colour: str) -> tuple[int, int, int]:
    """Return blue, green and red of "#rrggbb"."""
    return tuple(int(colour[i : i + 2], 16) for i in (5, 3, 1))


def named(colour: tuple[int, int, int]) -> str:
    """Return "#rrggbb" of blue, green and red."""
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def blend(one: str, other: str, part: float) -> str:
    """Mix two colours; `part` (0 to 1) is that of the second."""
    both = zip(channels(one), channels(other), strict=True)
    return named(tuple(round((1 - part) * a + part * b) for a, b in both))


class Sheet:
    """A page being drawn. Positions in px."""

    def __init__(
        self, rng: np.random.Generator, style: Style, height: int, width: int, margin: int
    ) -> None:
        self.rng, self.style, self.height, self.width = rng, style, height, width
        self.inset = margin + int(rng.integers(16, 40))
        self.words: list[Word] = []
        self.shapes: list[Shape] = []

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
        ground = paint(self.shapes, self.height, self.width)
        return Scene(name, ground, tuple(self.words), tuple(self.shapes), self.style)

    def pick(self, *values):
        """Choose one of the values."""
        return values[self.rng.integers(len(values))]

    def cover(self, fill: str) -> None:
        """Give the whole page one colour."""
        self.rectangle(0, 0, self.width, self.height, fill)

    def rectangle(self, x, y, width, height, fill=None, outline=None, radius=0, line=1) -> None:
        """Draw a rectangle, rounded when it has a radius."""
        points = ((x, y), (max(x + width, x + 1), max(y + height, y + 1)))
        self.shapes.append(Shape("rectangle", points, fill, outline, line, radius))

    def disc(self, x, y, radius, fill=None, outline=None, line=1) -> None:
        """Draw a disc or a ring."""
        points = ((x - radius, y - radius), (x + radius, y + radius))
        self.shapes.append(Shape("disc", points, fill, outline, line))

    def line(self, points, fill, width=1.0) -> None:
        """Draw a line through points."""
        self.shapes.append(Shape("line", tuple(map(tuple, points)), fill, width=width))

    def polygon(self, points, fill=None, outline=None, line=1) -> None:
        """Draw a polygon."""
        self.shapes.append(Shape("polygon", tuple(map(tuple, points)), fill, outline, line))

    def write(self, x, y, text, file_name, size, colour, end=None) -> int:
        """Write words from (x, y), the baseline, up to x = `end`; return where they stop."""
        x, end = int(x), int(self.right if end is None else end)
        space = text_width(" ", file_name, size)
        for token in text.split():
            room = text_width(token, file_name, size)
            if x + room > end:
                break
            self.words.append(Word(token, x, int(y), file_name, size, channels(colour), room))
            x += room + space
        return x

    def write_left_of(self, x, y, text, file_name, size, colour) -> None:
        """Write words that end at x."""
        self.write(x - text_width(text, file_name, size), y, text, file_name, size, colour, x + 2)

    def write_about(self, x, y, text, file_name, size, colour) -> None:
        """Write words whose middle is at x."""
        wide = text_width(text, file_name, size)
        self.write(x - wide // 2, y, text, file_name, size, colour, x + wide)

    def sentence(self, count: int) -> str:
        """Invent `count` words that look like a sentence."""
        words = [
            str(self.rng.choice(SHORT_WORDS if self.rng.random() < 0.35 else self.style.vocabulary))
            for _ in range(count)
        ]
        return " ".join(words).capitalize() + "."

    def title(self, count: int) -> str:
        """Invent `count` words for a heading or a label."""
        return " ".join(self.rng.choice(self.style.vocabulary, count)).capitalize()

    def amount(self, most: float = 9999) -> str:
        """Invent a number with two decimals."""
        return f"{self.rng.uniform(1, most):,.2f}"

    def date(self) -> str:
        """Invent a day."""
        day, month, year = self.rng.integers((1, 1, 2014), (29, 13, 2027))
        return f"{day:02d}.{month:02d}.{year}"

    def time(self) -> str:
        """Invent a time of the day."""
        return f"{self.rng.integers(0, 24):02d}:{self.rng.integers(0, 60):02d}"

    def name(self) -> str:
        """Invent a person nobody knows."""
        return str(self.rng.choice(self.style.names))

    def paragraph(self, x, y, end, lines, file_name, size, colour) -> int:
        """Write `lines` full lines and a shorter last one; return the y below."""
        for number in range(lines):
            last = end if number < lines - 1 else x + (end - x) * self.rng.uniform(0.3, 0.9)
            self.write(x, y, self.sentence(40), file_name, size, colour, last)
            y += round(size * 1.5)
        return y
