"""A comparison as one HTML page that needs nothing else: to read, to send, to print. Lesson 07."""

import base64
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from jinja2 import Environment, StrictUndefined, Template

from helpers import results
from helpers.boxes import Box
from helpers.comparison import Comparison
from helpers.documents import PageComparison
from helpers.encoding import encode, fit
from helpers.errors import PictureError, brief, printable
from helpers.loading import Image
from helpers.methods import SETTINGS_OF

WIDTH = 800  # pixels of each of the four pictures
CUT = 300  # pixels of an enlarged cut-out
MOST_BOXES = 20  # in the table
MOST_SHOWN = 50  # pages of a file with pictures: about 25 MB


class Section(NamedTuple):
    """A comparison, with all that is shown of it and without its pictures.

    Attributes
    ----------
    width, height : int
        Pixels.
    score, pixels_differing, percent_differing : float, int, float
    remarks : sequence of str
    panels : list of dict
        The pictures: title, alt text, data, and whether boxes are drawn over it.
    boxes : list of Box
    rows : list of Row
    sizes : tuple of (int, int)
        Width and height of both files.
    is_placed : bool
        Whether the pictures were changed to fit on each other.
    changes : sequence of (str, str)
        What changed in boxes of the table: their numbers, and a sentence.
    """

    width: int
    height: int
    score: float | None
    pixels_differing: int
    percent_differing: float
    remarks: Sequence[str]
    panels: list[dict[str, Any]]
    boxes: list[Box]
    rows: "list[Row]"
    sizes: tuple[tuple[int, int], ...] = ()
    is_placed: bool = False
    changes: Sequence[tuple[str, str]] = ()

    @property
    def numbers(self) -> set[int]:
        """The boxes that are in the table."""
        return {row.number for row in self.rows}


class PageRow(NamedTuple):
    """A page in the table of pages, and its section when it has one."""

    first: int | None
    second: int | None
    found: str
    is_same: bool
    section: Section | None

    @property
    def anchor(self) -> str:
        """Where the page is in the report."""
        return f"page-{self.first or ''}-{self.second or ''}"

    @property
    def title(self) -> str:
        """What the page is called."""
        if self.first is None:
            return f"Page {self.second} of the second"
        if self.second in (None, self.first):
            return f"Page {self.first}"
        return f"Page {self.first}, in the second {self.second}"


class Row(NamedTuple):
    """A box of the table: its number, and it enlarged in both pictures."""

    number: int
    box: Box
    first: str
    second: str


def report(
    comparison: Comparison,
    *,
    names: Sequence[str] = ("the first picture", "the second picture"),
    settings: Mapping[str, Any] | None = None,
    date: str = "",
    outcome: str = "",
) -> str:
    """Write a comparison as a page of HTML, pictures included.

    Parameters
    ----------
    comparison : Comparison
    names : sequence of two str, optional
        What the pictures are called.
    settings : mapping of str to object, optional
        Those that were given to `compare`; the others are the defaults.
    date : str, optional
        Shown under the title as it is. Without it equal comparisons make equal pages.
    outcome : str, optional
        What became of the comparison, such as the exit status of a command and why; shown as it is.

    Returns
    -------
    str
        HTML with light and dark colours, without scripts. Boxes have numbers, and the 20 largest
        are shown enlarged.
    """
    names = _two_names(names)
    used = SETTINGS_OF.get(comparison.method, {}) | dict(settings or {})
    page = _template().render(
        mark=results.REPORT.mark,
        names=names,
        date=date,
        outcome=outcome,
        verdict=comparison.found.capitalize(),
        section=_section(comparison, names),
        pages=None,
        cut=CUT,
        settings={"method": comparison.method} | {k: _word(v) for k, v in used.items()},
    )
    # What else is given, such as a date, can have characters in it that no page can hold.
    return page.encode(errors="backslashreplace").decode()


def report_of_pages(
    pages: Iterable[PageComparison],
    *,
    names: Sequence[str],
    counts: Sequence[int],
    settings: Mapping[str, Any],
    outcome: Callable[[], str] = str,
) -> str:
    """Write a comparison of two files of pages as one page of HTML.

    Parameters
    ----------
    pages : iterable of PageComparison
        They are taken one at a time, and their pictures are not kept.
    names : sequence of two str
        What the files are called.
    counts : sequence of two int
        How many pages they have.
    settings : mapping of str to object
        The method among them.
    outcome : callable, optional
        Called after the last page: what became of all, shown as it is.

    Returns
    -------
    str
        HTML with a table of all pages, and a section for each of the first 50 that differ.
    """
    names = _two_names(names)
    rows = []
    for page in pages:
        differs = sum(row.section is not None for row in rows) < MOST_SHOWN and not page.is_same
        rows.append(_page_row(page, names, with_pictures=differs))
    differing = sum(not row.is_same for row in rows)
    verdict = f"{differing} of {len(rows)} pages differ" if differing else "No page differs"
    defaults = SETTINGS_OF.get(settings["method"], {})
    page = _template().render(
        mark=results.REPORT.mark,
        names=names,
        date="",
        outcome=outcome(),
        verdict=verdict,
        section=None,
        pages=rows,
        counts=counts,
        shown=MOST_SHOWN if differing > MOST_SHOWN else len(rows),
        cut=CUT,
        settings={k: _word(v) for k, v in (defaults | dict(settings)).items()},
    )
    return page.encode(errors="backslashreplace").decode()


def save_report(
    comparison: Comparison,
    path: str | os.PathLike,
    *,
    names: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    outcome: str = "",
) -> Path:
    """Write a comparison as a page of HTML; an earlier report is replaced, any other file never.

    Parameters
    ----------
    comparison : Comparison
    path : str or os.PathLike
        Ends in ``.html``. Its folder must exist.
    names : sequence of two str, optional
        What the pictures are called; unless given, as their files.
    settings, outcome : optional
        As for `report`.

    Returns
    -------
    Path

    Raises
    ------
    PictureError
        The path does not end in ``.html``, its folder is not there, another file or folder is
        there, or the file cannot be written. A link to an earlier report is replaced itself; the
        file that it points to stays as it is.
    """
    path = check_target(path, comparison.paths)
    if names is None and len(comparison.paths) == 2:
        names = [file.name for file in comparison.paths]
    named = {} if names is None else {"names": names}
    page = report(comparison, **named, settings=settings, outcome=outcome)
    results.write_whole(path, page.encode(), results.REPORT)
    return path


def check_target(path: str | os.PathLike, compared: Sequence[Path] = ()) -> Path:
    """Raise `PictureError` unless a report may be written to `path`, which was not compared."""
    return results.check_target(path, results.REPORT, keep=compared)


def _two_names(names: Sequence[str]) -> list[str]:
    try:
        found = [] if isinstance(names, str) else [printable(name) for name in islice(names, 3)]
    except Exception:  # what is no sequence may raise anything
        found = []
    if len(found) != 2:
        raise PictureError(f"names is {brief(names)}. Give two texts, one for each picture.")
    return found


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    return environment.from_string(source)


def _section(comparison: Comparison, names: Sequence[str]) -> Section:
    height, width = comparison.mask.shape
    rows = _rows(comparison)
    return Section(
        width,
        height,
        comparison.score,
        comparison.pixels_differing,
        comparison.percent_differing,
        comparison.remarks,
        _panels(comparison, names),
        comparison.boxes,
        rows,
        comparison.sizes,
        bool(comparison.fit or comparison.layout),
        _changes(comparison, rows),
    )


def _page_row(page: PageComparison, names: Sequence[str], *, with_pictures: bool) -> PageRow:
    section = None
    if with_pictures and page.comparison:
        section = _section(page.comparison, names)
    elif with_pictures and page.picture is not None:
        section = _lonely_section(page, names)
    found = page.comparison.found if page.comparison else page.verdict
    if page.trouble:
        found = f"not compared: {page.trouble}"
    return PageRow(page.first, page.second, found.capitalize(), page.is_same, section)


def _lonely_section(page: PageComparison, names: Sequence[str]) -> Section:
    """Show a page that only one file has."""
    title = "Original" if page.second is None else "Modified"
    name = names[0] if page.second is None else names[1]
    alt = f"Page {page.first or page.second} of {name}, which the other file does not have"
    panel = {"title": title, "alt": alt, "data": _data_uri(page.picture, WIDTH), "boxed": False}
    height, width = page.picture.shape[:2]
    return Section(width, height, None, 0, 0, (), [panel], [], [])


def _panels(comparison: Comparison, names: Sequence[str]) -> list[dict[str, Any]]:
    """List the four pictures: name, alt text, data, and whether boxes are drawn over it."""
    found = f"{len(comparison.boxes)} boxes" if comparison.boxes else "no boxes"
    first, second = comparison.shown()
    ground = ", on a checkerboard" if comparison.opacities else ""
    what = {
        "Original": (first, f"{names[0]}, with {found}{ground}", True),
        "Modified": (
            second,
            f"{names[1]}, with {found}{ground}. {comparison.describe()}",
            True,
        ),
        "Difference": (comparison.difference, "White where both are alike, else darker", False),
        "Threshold": (comparison.mask, "White where they differ, black elsewhere", False),
    }
    return [
        {"title": title, "alt": alt, "data": _data_uri(image, WIDTH), "boxed": boxed}
        for title, (image, alt, boxed) in what.items()
    ]


def _changes(comparison: Comparison, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """List what changed in the boxes of the table: their numbers, and a sentence."""
    if comparison.verdict != "changed":  # boxes of pictures that are unlike mean little
        return []
    shown = {row.number for row in rows}
    return [
        (" and ".join(map(str, change.numbers)), change.words)
        for change in comparison.changes
        if shown & set(change.numbers)
    ]


def _rows(comparison: Comparison) -> list[Row]:
    """Choose the largest boxes, in the order in which the comparison lists them."""
    numbered = list(enumerate(comparison.boxes, start=1))
    largest = sorted(numbered, key=lambda pair: -pair[1].area)[:MOST_BOXES]
    pictures = comparison.shown()
    return [
        Row(number, box, *(_data_uri(_cut_out(image, box), CUT) for image in pictures))
        for number, box in sorted(largest)
    ]


def _cut_out(image: Image, box: Box) -> Image:
    """Cut out the box with a quarter of its size round it, at least 12 pixels."""
    x, y, width, height = box
    across, down = max(width // 4, 12), max(height // 4, 12)
    rows = slice(max(y - down, 0), y + height + down)
    return image[rows, max(x - across, 0) : x + width + across]


def _data_uri(image: Image, width: int) -> str:
    """Encode as JPEG, at most this wide and 1.5 times as high; small ones grow in whole steps."""
    fitted = fit(image, width, width * 3 // 2)
    jpeg = encode(".jpg", fitted, (cv2.IMWRITE_JPEG_QUALITY, 90))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, np.ndarray):
        return "a mask"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(", ".join(map(str, box)) for box in value) or "nothing"
    return str(value)
