"""Pair 04: a screenshot of a bank's log-in page, and of a phishing copy of it.

Nothing here exists: `.example` is a domain set aside for documentation (RFC 2606). Sizes and
positions are in pixels of the picture; boxes are (x, y, width, height).
"""

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from helpers.fonts import SANS as REGULAR
from helpers.fonts import SANS_BOLD as BOLD
from helpers.fonts import SANS_MEDIUM as MEDIUM
from helpers.fonts import font

from .common import DrawnPair, draw_with_changes
from .shapes import blend, blur, colour, rounded_rectangle

SIZE = (600, 900)  # height, width
SCALE = 4  # text and icons are drawn this much larger, then reduced

SOURCES = [
    {
        "title": "Figtree (font)",
        "author": "The Figtree Project Authors",
        "licence": "OFL-1.1",
        "origin": "Google Fonts, via the @fontsource/figtree package",
    }
]

WHITE = colour("ffffff")
INK = colour("14212e")
GRAY = colour("5b6b7a")
PALE_GRAY = colour("8b98a5")
LINE = colour("cbd3da")
ACCENT = colour("0b6e7f")
WARNING = colour("b3261e")
TAB_STRIP = colour("dde2e8")
ADDRESS_BAR = colour("eef1f4")

PAGE_TOP = 78
HERO_WIDTH = 384
FORM_LEFT, FORM_WIDTH = 462, 360
FORM_RIGHT = FORM_LEFT + FORM_WIDTH
HORIZON = 372  # of the picture beside the form


def phishing_copy() -> DrawnPair:
    """The log-in page, and a copy that a phisher set up at another address."""
    first, second, boxes = draw_with_changes(
        draw_page, ["padlock", "address", "logo", "spelling", "forgot link", "PIN", "footer"]
    )
    return DrawnPair(
        title="A log-in page and its phishing copy",
        change=(
            "a warning for the padlock, another address, another logo, a misspelt word, the link "
            "for a forgotten password gone, a PIN asked for, another year in the footer"
        ),
        first=first,
        second=second,
        boxes=boxes,
        sources=SOURCES,
    )


def draw_page(changes: frozenset[str]) -> np.ndarray:
    """The screenshot (BGR, uint8) with the named changes made."""
    page = page_without_details()
    page = draw_warning(page) if "padlock" in changes else draw_padlock(page)
    host = "nordhavel-login.example" if "address" in changes else "login.nordhavel.example"
    page = write(page, (160, 62), host, MEDIUM, 14, INK)
    page = draw_logo(page, (FORM_LEFT, 104), copied="logo" in changes)
    word = "detials" if "spelling" in changes else "details"
    text = f"To see your accounts, enter your {word}."
    page = write(page, (FORM_LEFT, 201), text, REGULAR, 14, GRAY)
    if "forgot link" not in changes:
        page = write(page, (FORM_RIGHT, 309), "Forgot password?", MEDIUM, 13, ACCENT, "r")
    page = draw_pin_row(page) if "PIN" in changes else draw_keep_row(page)
    year = "2019" if "footer" in changes else "2024"
    page = write(page, (FORM_LEFT, 577), f"Nordhavel Bank © {year}", REGULAR, 12, PALE_GRAY)
    return np.round(page * 255).astype(np.uint8)


@cache
def page_without_details() -> np.ndarray:
    """All that the page and its copy have in common."""
    page = np.ones((*SIZE, 3), np.float32)
    page = draw_hero(page)
    page = draw_browser(page)
    return draw_form(page)


# Text and shapes


def write(page: np.ndarray, at: tuple, text: str, face: str, size: int, ink, anchor="l"):
    """Write one line; `at` is the left (anchor l), middle (m) or right (r) of its baseline."""
    sheet = Image.fromarray(empty_mask())
    start = (at[0] * SCALE, at[1] * SCALE)
    pen = ImageDraw.Draw(sheet)
    pen.text(start, text, 255, font(face, size * SCALE), anchor=anchor + "s")
    return blend(page, reduced(np.asarray(sheet)), ink)


def fill_box(page: np.ndarray, box: tuple, radius: float, ink: np.ndarray) -> np.ndarray:
    """Fill a rectangle with rounded corners."""
    return blend(page, rounded_rectangle(SIZE, box, radius), ink)


def stroke(page: np.ndarray, lines: list, width: float, ink: np.ndarray) -> np.ndarray:
    """Draw lines, each a list of points, `width` pixels wide."""
    mask = empty_mask()
    points = [np.round(np.float64(line) * SCALE * 16).astype(np.int32) for line in lines]
    cv2.polylines(mask, points, False, 255, round(width * SCALE), cv2.LINE_AA, shift=4)
    return blend(page, reduced(mask), ink)


def fill_polygon(page: np.ndarray, points, ink: np.ndarray) -> np.ndarray:
    """Fill the polygon with these corners."""
    mask = empty_mask()
    corners = np.round(np.float64(points) * SCALE).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255)
    return blend(page, reduced(mask), ink)


def empty_mask() -> np.ndarray:
    """A mask of nothing, SCALE times too large."""
    return np.zeros((SIZE[0] * SCALE, SIZE[1] * SCALE), np.uint8)


def reduced(mask: np.ndarray) -> np.ndarray:
    """A mask SCALE times too large, brought to the size of the page."""
    small = cv2.resize(mask, (SIZE[1], SIZE[0]), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / 255


def arc(centre: tuple, radius: float, start: float, stop: float) -> np.ndarray:
    """The points of an arc; angles in degrees, clockwise from the right."""
    angle = np.deg2rad(np.linspace(start, stop, 61))
    return np.column_stack([np.cos(angle), np.sin(angle)]) * radius + np.float64(centre)


# The browser


def draw_browser(page: np.ndarray) -> np.ndarray:
    """The frame of the browser: one tab, the buttons, an address bar without an address."""
    page = fill_box(page, (0, 0, SIZE[1], 38), 0, TAB_STRIP)
    page = fill_box(page, (12, 7, 232, 40), 9, WHITE)
    page = fill_box(page, (0, 38, SIZE[1], 40), 0, WHITE)
    page = draw_mark(page, (24, 15), 16, copied=False)
    page = write(page, (48, 27), "Sign in | Nordhavel Bank", REGULAR, 12, INK)
    page = stroke(page, cross((229, 23), 3.5), 1.25, GRAY)
    page = stroke(page, [[(258, 23), (268, 23)], [(263, 18), (263, 28)]], 1.25, GRAY)
    page = draw_window_buttons(page)
    page = draw_navigation(page)
    page = fill_box(page, (116, 44, 700, 28), 14, ADDRESS_BAR)
    return fill_box(page, (0, PAGE_TOP - 1, SIZE[1], 1), 0, LINE)


def cross(centre: tuple, reach: float) -> list:
    """Two strokes that cross."""
    x, y = centre
    return [
        [(x - reach, y - reach), (x + reach, y + reach)],
        [(x - reach, y + reach), (x + reach, y - reach)],
    ]


def draw_window_buttons(page: np.ndarray) -> np.ndarray:
    """Minimise, maximise, close."""
    page = stroke(page, [[(794, 19.5), (804, 19.5)]], 1, GRAY)
    square = [(834.5, 14.5), (843.5, 14.5), (843.5, 23.5), (834.5, 23.5), (834.5, 14.5)]
    page = stroke(page, [square], 1, GRAY)
    return stroke(page, cross((879, 19), 4.5), 1, GRAY)


def draw_navigation(page: np.ndarray) -> np.ndarray:
    """Back, forward, reload; and the menu on the right."""
    page = stroke(page, [[(30, 58), (18, 58)], [(23.5, 52.5), (18, 58), (23.5, 63.5)]], 1.5, GRAY)
    page = stroke(page, [[(50, 58), (62, 58)], [(56.5, 52.5), (62, 58), (56.5, 63.5)]], 1.5, LINE)
    page = stroke(page, [arc((89, 58), 5.5, -30, -320)], 1.5, GRAY)
    page = fill_polygon(page, [(95.5, 51), (95.5, 57), (89.5, 57)], GRAY)
    page = fill_box(page, (836, 49, 18, 18), 9, ACCENT)
    page = write(page, (845, 62), "T", BOLD, 11, WHITE, "m")
    for y in (52.5, 58, 63.5):
        page = fill_box(page, (874.5, y - 1.5, 3, 3), 1.5, GRAY)
    return page


def draw_padlock(page: np.ndarray) -> np.ndarray:
    """The padlock of a connection that is encrypted."""
    page = fill_box(page, (134, 57, 11, 8), 1.5, GRAY)
    shackle = [(136.75, 58), *arc((139.5, 54.5), 2.75, -180, 0), (142.25, 58)]
    return stroke(page, [shackle], 1.5, GRAY)


def draw_warning(page: np.ndarray) -> np.ndarray:
    """The warning triangle of a connection that is not secure."""
    corners = [(139.5, 52), (145.5, 63.5), (133.5, 63.5), (139.5, 52)]
    page = fill_polygon(page, corners, WARNING)
    page = stroke(page, [corners], 1.75, WARNING)
    page = stroke(page, [[(139.5, 55), (139.5, 59)]], 1.5, WHITE)
    return fill_box(page, (138.65, 60.75, 1.7, 1.7), 0.85, WHITE)


# The bank


def draw_logo(page: np.ndarray, corner: tuple, copied: bool) -> np.ndarray:
    """The bank's mark and its name."""
    page = draw_mark(page, corner, 30, copied)
    return write(page, (corner[0] + 40, corner[1] + 22), "Nordhavel", BOLD, 21, INK)


def draw_mark(page: np.ndarray, corner: tuple, side: float, copied: bool) -> np.ndarray:
    """A sail over waves; in the copy the sail is the wrong way round and one wave is missing."""
    page = fill_box(page, (*corner, side, side), side * 0.27, ACCENT)
    sail = np.array([(0.53, 0.16), (0.53, 0.60), (0.80, 0.60)])
    jib = np.array([(0.45, 0.28), (0.45, 0.60), (0.22, 0.60)])
    for triangle in (sail, jib):
        if copied:
            triangle = triangle * (-1, 1) + (1, 0)
        page = fill_polygon(page, triangle * side + corner, WHITE)
    x = np.linspace(0.18, 0.82, 65)
    for depth in (0.70,) if copied else (0.70, 0.82):
        wave = np.column_stack([x, depth + 0.025 * np.sin(x * 6 * np.pi)])
        page = stroke(page, [wave * side + corner], side * 0.055, WHITE)
    return page


def draw_hero(page: np.ndarray) -> np.ndarray:
    """The picture beside the form: a fjord in the evening, and what the bank says of itself."""
    page = page.copy()
    sky = ("123a5c", "2f6f8f", "8fb3b5", "f2cfa6")
    page[PAGE_TOP:HORIZON, :HERO_WIDTH] = gradient(sky, HORIZON - PAGE_TOP)
    sea = ("d9b99a", "5f96a3", "1c5a78", "0e3554", "0b2c48")
    page[HORIZON:, :HERO_WIDTH] = gradient(sea, SIZE[0] - HORIZON)
    page = draw_sun(page, (150, HORIZON - 52))
    for height, ink, seed in ((92, "7d9fa8", 3), (62, "4c7d8d", 8), (34, "235a70", 5)):
        page = fill_polygon(page, ridge(height, seed), colour(ink))
    page = draw_glitter(page)
    page = draw_boat(page, (262, HORIZON + 26))
    page = write(page, (40, 500), "Banking on", BOLD, 30, WHITE)
    page = write(page, (40, 535), "an even keel.", BOLD, 30, WHITE)
    return write(page, (40, 563), "Savings, cards and loans since 1904.", REGULAR, 14, LINE)


def gradient(colours: tuple, height: int) -> np.ndarray:
    """A column of colours that go over into one another from top to bottom."""
    stops = np.array([colour(name) for name in colours])
    at = np.linspace(0, len(stops) - 1, height)
    channels = [np.interp(at, np.arange(len(stops)), channel) for channel in stops.T]
    return np.stack(channels, axis=-1)[:, np.newaxis].astype(np.float32)


def ridge(height: float, seed: int) -> np.ndarray:
    """The outline of a chain of mountains on the horizon."""
    rng = np.random.default_rng(seed)
    right = HERO_WIDTH - 1 / SCALE
    x = np.linspace(0, right, HERO_WIDTH)
    profile = np.full(x.shape, 0.5)
    for peaks, share in ((4, 0.5), (9, 0.22), (24, 0.1), (60, 0.04)):
        profile += share * np.interp(
            x, np.linspace(0, HERO_WIDTH, peaks), rng.uniform(-1, 1, peaks)
        )
    top = np.column_stack([x, HORIZON - height * np.clip(profile, 0.02, None)])
    return np.vstack([top, (right, HORIZON), (0, HORIZON)])


def draw_sun(page: np.ndarray, centre: tuple) -> np.ndarray:
    """The evening sun, with its glow."""
    x, y = centre
    disc = rounded_rectangle(SIZE, (x - 21, y - 21, 42, 42), 21)
    glow = np.maximum(disc, 2.5 * blur(disc, 26))
    return blend(page, 0.9 * np.clip(glow, 0, 1), colour("fde6c4"))


def draw_glitter(page: np.ndarray) -> np.ndarray:
    """Short bright strokes on the water, wider apart towards the viewer."""
    rng = np.random.default_rng(4)
    for share in np.linspace(0.02, 1, 26):
        y = HORIZON + 2 + 84 * share**1.4
        x = 150 + (20 + 60 * share) * rng.uniform(-1, 1)
        length = rng.uniform(8, 30)
        ink = page[int(y), int(x)] * 0.6 + colour("f7dcb8") * 0.4
        page = stroke(page, [[(x - length / 2, y), (x + length / 2, y)]], 1, ink)
    return page


def draw_boat(page: np.ndarray, at: tuple) -> np.ndarray:
    """A sailing boat whose water line is at `at`."""
    x, y = at
    page = fill_polygon(page, [(x + 2, y - 46), (x + 2, y - 7), (x + 25, y - 7)], colour("fbf3e6"))
    page = fill_polygon(page, [(x - 1, y - 38), (x - 1, y - 7), (x - 18, y - 7)], colour("f0d9b8"))
    hull = [(x - 22, y - 5), (x + 28, y - 5), (x + 20, y + 2), (x - 16, y + 2)]
    page = fill_polygon(page, hull, colour("7c2f2b"))
    return stroke(
        page, [[(x - 14, y + 5), (x + 18, y + 5)], [(x - 8, y + 9), (x + 9, y + 9)]], 1, LINE
    )


# The form


def draw_form(page: np.ndarray) -> np.ndarray:
    """The form, but for the details that the copy changes."""
    page = write(page, (FORM_LEFT, 177), "Welcome back", BOLD, 27, INK)
    page = write(page, (FORM_LEFT, 235), "Email address", MEDIUM, 13, INK)
    page = draw_field(page, (FORM_LEFT, 243, FORM_WIDTH, 42), LINE)
    page = write(page, (FORM_LEFT + 14, 269), "t.orlanday@post.example", REGULAR, 15, INK)
    page = write(page, (FORM_LEFT, 309), "Password", MEDIUM, 13, INK)
    box = (FORM_LEFT, 317, FORM_WIDTH, 42)
    ring = rounded_rectangle(SIZE, (FORM_LEFT - 3, 314, FORM_WIDTH + 6, 48), 11)
    page = blend(page, 0.2 * ring, ACCENT)
    page = draw_field(page, box, ACCENT)
    for number in range(11):
        page = fill_box(page, (FORM_LEFT + 14 + 10 * number, 335, 6, 6), 3, INK)
    page = draw_eye(page, (FORM_RIGHT - 24, 338))
    page = draw_button(page, (FORM_LEFT, 424, FORM_WIDTH, 44), "Sign in")
    page = write(page, (FORM_LEFT + 62, 497), "New to Nordhavel?", REGULAR, 14, GRAY)
    page = write(page, (FORM_RIGHT - 62, 497), "Open an account", MEDIUM, 14, ACCENT, "r")
    page = fill_box(page, (FORM_LEFT, 552, FORM_WIDTH, 1), 0, colour("e6eaee"))
    for right, text in ((705, "Privacy"), (757, "Terms"), (FORM_RIGHT, "Security")):
        page = write(page, (right, 577), text, REGULAR, 12, GRAY, "r")
    return page


def draw_field(page: np.ndarray, box: tuple, border: np.ndarray) -> np.ndarray:
    """An input field: white, with a border one pixel wide."""
    x, y, width, height = box
    page = fill_box(page, box, 8, border)
    return fill_box(page, (x + 1, y + 1, width - 2, height - 2), 7, WHITE)


def draw_eye(page: np.ndarray, centre: tuple) -> np.ndarray:
    """The icon that shows the password."""
    x, y = centre
    lids = [arc((x, y + 5), 10, -143, -37), arc((x, y - 7), 10, 37, 143)]
    page = stroke(page, lids, 1.3, PALE_GRAY)
    return stroke(page, [arc((x, y - 1), 2.4, 0, 360)], 1.3, PALE_GRAY)


def draw_button(page: np.ndarray, box: tuple, text: str) -> np.ndarray:
    """A button that stands a little above the page."""
    x, y, width, height = box
    shadow = blur(rounded_rectangle(SIZE, (x + 2, y + 4, width - 4, height - 1), 8), 4)
    page = blend(page, 0.25 * shadow, ACCENT)
    page = fill_box(page, box, 8, ACCENT)
    return write(page, (x + width / 2, y + height / 2 + 5), text, BOLD, 15, WHITE, "m")


def draw_keep_row(page: np.ndarray) -> np.ndarray:
    """The box to tick for staying signed in."""
    page = fill_box(page, (FORM_LEFT, 382, 18, 18), 5, ACCENT)
    tick = [(FORM_LEFT + 4.5, 391.5), (FORM_LEFT + 7.7, 394.7), (FORM_LEFT + 13.5, 387.5)]
    page = stroke(page, [tick], 1.75, WHITE)
    return write(page, (FORM_LEFT + 28, 396), "Keep me signed in", REGULAR, 14, INK)


def draw_pin_row(page: np.ndarray) -> np.ndarray:
    """What no bank asks for here: the PIN of the card."""
    page = write(page, (FORM_LEFT, 396), "Card PIN (4 digits)", MEDIUM, 13, INK)
    page = draw_field(page, (FORM_RIGHT - 150, 372, 150, 38), LINE)
    for number in range(4):
        page = stroke(
            page, [[(690 + 32 * number, 398.5), (706 + 32 * number, 398.5)]], 1, PALE_GRAY
        )
    return page
