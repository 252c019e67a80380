"""Log-in pages of made-up brands: what stands on them, and how Chromium renders them.

`make_facts` decides wording, colours and order by a seeded generator, `Renderer` fills a template
of `pages/templates/` with them and takes the picture.
"""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import jinja2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image as PillowImage
from playwright.sync_api import Page, Route, sync_playwright

from helpers import fonts
from helpers.deep.logos import Brand, draw_coverage

TEMPLATES = Path(__file__).parents[1] / "pages" / "templates"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--allow-file-access-from-files",  # the fonts
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-lcd-text",  # letters without coloured rims
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--no-first-run",
)
WINDOW = {"width": 800, "height": 600}  # in pixels of CSS
SCALE = 0.8  # so that the picture has 640 by 480 pixels
COLOURS = 256  # in a stored picture

FACES = {
    "Figtree": (fonts.SANS, fonts.SANS_BOLD),
    "Libre Franklin": (fonts.GROTESQUE,),
    "Marcellus": (fonts.ROMAN,),
    "Oxanium": (fonts.SQUARE,),
    "Playfair": (fonts.CAPITALS,),
}
TEXT_FACES = ("Figtree", "Libre Franklin", "Oxanium")
HEADINGS = (
    "Sign in", "Log in", "Welcome back", "Your account", "Please log in", "Good to see you",
    "Log in to continue", "Customer area", "Open your account",
)  # fmt: skip
SLOGANS = (
    "All accounts at a glance", "Made for every day", "Money that keeps up", "Closer to you",
    "Save a little each day", "One card for all", "Your plans, our work", "Ready when you are",
    "Travel without cash", "News from your branch", "How can we help?", "Simple from the start",
)  # fmt: skip
SENTENCES = (
    "We are here on weekdays from eight to six, by phone and in every branch.",
    "The new overview shows what came in and what went out this month.",
    "Never give your password to anybody who calls you.",
    "From May on you can pay with your watch in all shops.",
    "Our branches are open longer on Thursdays.",
    "Choose the account that fits, and change it once a year for free.",
    "Orders that arrive before noon are sent on the same day.",
    "The terms were changed in March; you find them below.",
)
NEWS = (
    "New opening hours in spring", "Cards are sent by post again", "Pay back in three parts",
    "Maintenance on Sunday night", "What the new fees are", "Where to find your contract",
    "How to block a card", "A new branch at the harbour", "Change your address online",
    "Interest for savers rises", "Lost your phone?", "Read your meter in June",
)  # fmt: skip
SMALL_PRINT = (
    "Protected by encryption", "Need help? 0800 555 01", "Version 7.2 of the portal",
    "English", "Safe log-in", "Last change: 4 March", "Open day and night",
)  # fmt: skip
LINKS = ("Imprint", "Privacy", "Terms", "Help", "Contact", "Fees", "Branches", "Security", "Press")
NAMES = ("E-mail", "Customer number", "User name", "Phone or e-mail", "Contract number")
SECRETS = ("Password", "Passcode", "Your password")
BUTTONS = ("Sign in", "Log in", "Continue", "Next", "Go on", "Open")
FORGOT = ("Forgot your password?", "Trouble logging in?", "New here? Register", "Get new data")
REMEMBER = ("Remember me", "Stay logged in", "This device is mine", "")
COOKIE_TEXTS = (
    "We use cookies to keep you logged in.",
    "Cookies help us to make this page better. You can change that later.",
    "This page stores small files on your device.",
)
PLACES = ("Bakery", "Bus ticket", "Rent", "Salary", "Bookshop", "Power", "Cinema", "Garden centre")


def make_facts(rng: Generator) -> dict:
    """Decide what stands on a page, apart from its brand.

    Parameters
    ----------
    rng : Generator

    Returns
    -------
    dict
        Variables of the templates.
    """
    fields = [
        (str(rng.choice(NAMES)), _user(rng) if rng.uniform() < 0.5 else ""),
        (str(rng.choice(SECRETS)), "●●●●●●●●" if rng.uniform() < 0.4 else ""),
    ]
    if rng.uniform() < 0.2:
        fields.reverse()
    hue = int(rng.integers(360))
    return {
        "heading": str(rng.choice(HEADINGS)),
        "slogan": str(rng.choice(SLOGANS)),
        "sentence": str(rng.choice(SENTENCES)),
        "small_print": str(rng.choice(SMALL_PRINT)),
        "fields": fields,
        "button": str(rng.choice(BUTTONS)),
        "forgot": str(rng.choice(FORGOT)),
        "remember": str(rng.choice(REMEMBER)),
        "links": [*_some(rng, LINKS, 4), f"© {rng.integers(2027, 2034)}"],
        "news": _some(rng, NEWS, 5),
        "rows": [_row(rng) for _ in range(9)],
        "keys": [*rng.permutation(9) + 1, "<", 0, "OK"],
        "cookies": str(rng.choice(["", "", "", "bottom", "corner", "left"])),
        "cookie_text": str(rng.choice(COOKIE_TEXTS)),
        "cookie_colour": _colour(rng, (40, 41), (38, 39)),
        "face": str(rng.choice(TEXT_FACES)),
        "heading_face": str(rng.choice(list(FACES))),
        "round": int(rng.choice([0, 3, 6, 10])),
        "back": f"hsl({hue} {rng.integers(0, 25)}% {rng.integers(92, 98)}%)",
        "tint": f"hsl({hue} {rng.integers(10, 45)}% {rng.integers(90, 96)}%)",
        "photo": _photo(rng),
        "tiles": [(_photo(rng), f"{rng.integers(4, 90)}.50") for _ in range(8)],
        "button_colour": _colour(rng, (35, 80), (28, 42)),
        "emblem_height": int(rng.integers(44, 66)),
        "flip": bool(rng.uniform() < 0.5),
        "logo_place": "",
        "shift": 0,
        "dark": False,
    }


def _some(rng: Generator, choices: tuple[str, ...], count: int) -> list[str]:
    return [str(choice) for choice in rng.permutation(choices)[:count]]


def _user(rng: Generator) -> str:
    return f"{rng.integers(1000, 10000)} {rng.integers(1000, 10000)}"


def _row(rng: Generator) -> tuple[str, str, str]:
    sign = "-" if rng.uniform() < 0.7 else "+"
    amount = f"{sign} {rng.integers(2, 900)}.{rng.integers(10, 100)}"
    return f"{rng.integers(1, 29)}/{rng.integers(1, 13)}", str(rng.choice(PLACES)), amount


def _photo(rng: Generator) -> str:
    """Light and shade of a photograph, as gradients of CSS."""
    spots = [
        f"radial-gradient(circle at {rng.integers(100)}% {rng.integers(100)}%, "
        f"{_colour(rng, (20, 70), (35, 70))} 0%, transparent {rng.integers(25, 60)}%)"
        for _ in range(3)
    ]
    ends = _colour(rng, (20, 60), (28, 34)), _colour(rng, (15, 50), (44, 52))
    return ", ".join([*spots, f"linear-gradient({rng.integers(360)}deg, {ends[0]}, {ends[1]})"])


def _colour(rng: Generator, saturation: tuple[int, int], lightness: tuple[int, int]) -> str:
    """Any hue, for CSS; saturation and lightness in percent, the upper end left out."""
    return f"hsl({rng.integers(360)} {rng.integers(*saturation)}% {rng.integers(*lightness)}%)"


def colour_of(brand: Brand) -> str:
    """The main colour of a brand for CSS, dark enough for white letters on it."""
    colour = brand.light[0] * min(1, 120 / float(brand.light[0] @ [0.114, 0.587, 0.299]))
    blue, green, red = colour.round().astype(int)
    return f"rgb({red} {green} {blue})"


def draw_transparent(coverage: NDArray[np.uint8], colours: NDArray) -> NDArray[np.uint8]:
    """Draw a logo without a background.

    Parameters
    ----------
    coverage : ndarray of uint8, shape (H, W, 3)
        As `draw_coverage` gives it.
    colours : ndarray, shape (3, 3)
        As `Brand.light`.

    Returns
    -------
    ndarray of uint8, shape (H, W, 4)
        BGR and opacity.
    """
    shares = coverage.astype(np.float64)
    opacity = shares.sum(axis=2, keepdims=True)
    mixed = shares @ colours / np.maximum(opacity, 1)
    return np.dstack([mixed, opacity]).round().clip(0, 255).astype(np.uint8)


def add_logo(facts: dict, brand: Brand, palette: Brand) -> dict:
    """Facts with the logo of a brand, in its own colours or in those of another.

    Parameters
    ----------
    facts : dict
        As `make_facts` gives them.
    brand, palette : Brand
        Whose logo, and whose colours.

    Returns
    -------
    dict
    """
    coverage = draw_coverage(brand.number)
    colours = palette.dark if facts["dark"] else palette.light
    png = cv2.imencode(".png", draw_transparent(coverage, colours))[1]
    # The emblem has 64 pixels, whatever stands below it.
    height = round(facts["emblem_height"] * coverage.shape[0] / 64)
    address = "data:image/png;base64," + base64.b64encode(png).decode()
    return {**facts, "logo": address, "logo_height": height}


class Renderer:
    """Fills templates and takes pictures of them.

    Parameters
    ----------
    page : playwright.sync_api.Page
        With a window of 800 by 600 pixels at scale 0.8, as `renderer` opens it.
    folder : Path
        For the HTML.
    """

    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._file = page, folder / "page.html"
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    def render(self, template: str, facts: dict) -> tuple[NDArray[np.uint8], list[int] | None]:
        """Render one page.

        Parameters
        ----------
        template : str
            Name of a file in the folder of templates, without its ending.
        facts : dict
            As `add_logo` gives them, with a title.

        Returns
        -------
        picture : ndarray of uint8, shape (480, 640, 3)
            RGB.
        box : list of int or None
            x, y, width and height of the logo in pixels of the picture, where there is one.
        """
        html = self._templates.get_template(f"{template}.html").render(facts, fonts=font_rules())
        self._file.write_text(html, encoding="utf-8")
        self._page.goto(self._file.as_uri())
        self._page.evaluate("document.fonts.ready")
        png = np.frombuffer(self._page.screenshot(animations="disabled"), np.uint8)
        logo = self._page.locator("#logo")
        box = None
        if logo.count():
            sides = logo.bounding_box()
            box = [round(sides[key] * SCALE) for key in ("x", "y", "width", "height")]
        return cv2.cvtColor(cv2.imdecode(png, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), box


def font_rules() -> list[tuple[str, int, str]]:
    """Family, weight and file of each font."""
    return [
        (
            family,
            600 if len(files) == 2 and file == files[1] else 400,
            (fonts.FOLDER / file).as_uri(),
        )
        for family, files in FACES.items()
        for file in files
    ]


def find_chromium() -> str | None:
    """The system's Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def renderer() -> Iterator[Renderer]:
    """Start Chromium without a network for as long as the block lasts.

    Raises
    ------
    SystemExit
        There is no Chromium.
    """
    program = find_chromium()
    if program is None:
        raise SystemExit("Chromium or Chrome is not on the PATH. On Debian: apt install chromium.")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*QUIET, *(["--no-sandbox"] if root else [])]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        page = browser.new_page(viewport=WINDOW, device_scale_factor=SCALE)
        page.context.set_offline(True)
        page.route("**/*", _only_files)
        yield Renderer(page, Path(folder))
        browser.close()


def _only_files(route: Route) -> None:
    if route.request.url.startswith(("file:", "data:")):
        route.continue_()
    else:
        route.abort()


def save_small(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write a PNG with a palette.

    Parameters
    ----------
    path : Path
    picture : ndarray of uint8, shape (H, W, 3)
        RGB.
    """
    # The method that keeps rare colours too, such as those of a small logo.
    method, dither = PillowImage.Quantize.MAXCOVERAGE, PillowImage.Dither.NONE
    PillowImage.fromarray(picture).quantize(COLOURS, method=method, dither=dither).save(
        path, optimize=True
    )
