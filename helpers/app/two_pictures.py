"""The command `image-diff` for two pictures: their paths in, boxes out."""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from helpers.app import terminal
from helpers.app.options import Parser, add_settings, megapixels, path, settings
from helpers.comparison import Comparison, check_folder
from helpers.errors import PictureError
from helpers.files import LIMIT, MEGABYTE, MOST_BYTES
from helpers.methods import DEFAULT, METHODS, compare


def run(options: argparse.Namespace) -> int:
    """Compare two pictures and print what came out; returns the exit status."""
    if options.out:  # before the comparison, which may take minutes
        check_folder(options.out, (options.first, options.second))
    save_report = _save_report(options) if options.report else None
    comparison = compare(
        options.first,
        options.second,
        method=options.method,
        limit=options.limit,
        **settings(options),
    )
    if options.out:
        comparison.save(options.out)
    if save_report:
        save_report(comparison, options.report, settings=settings(options))
    terminal.show(
        [json.dumps(comparison.to_dict())] if options.json else _lines(comparison, options)
    )
    if options.show:
        _show(comparison)
    return terminal.SAME if comparison.is_same else terminal.DIFFERENT


def parser() -> Parser:
    """Make the parser of the command's options."""
    parser = Parser(
        prog="image-diff",
        description="Find where two pictures of one size differ.",
        epilog="Exit status: 0 no difference found, 1 differences found, 2 trouble. "
        "image-diff evaluate FOLDER scores a folder of pairs whose differences are known.",
    )
    parser.add_argument(
        "--first",
        type=path,
        required=True,
        metavar="A",
        help="the original picture; - is the standard input",
    )
    parser.add_argument(
        "--second", type=path, required=True, metavar="B", help="the modified picture, or -"
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=DEFAULT,
        help=f"how to compare (default: {DEFAULT}); classic is the recipe of the lessons",
    )
    add_settings(parser)
    parser.add_argument(
        "--limit",
        type=megapixels,
        default=LIMIT,
        metavar="MEGAPIXELS",
        help=f"read pictures of up to so many million pixels (default: {LIMIT}), and files of "
        f"{MOST_BYTES // MEGABYTE} MB for {LIMIT}, in proportion",
    )
    parser.add_argument(
        "--out",
        type=path,
        metavar="DIR",
        help="write original, modified, difference and threshold as PNG into DIR",
    )
    parser.add_argument(
        "--report",
        type=path,
        metavar="FILE.html",
        help="write one page with verdict, pictures and a table of boxes",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--show", action="store_true", help="open a window with the four pictures")
    return parser


def _lines(comparison: Comparison, options: argparse.Namespace) -> Iterator[str]:
    yield f"SSIM: {comparison.score:.4f}"
    yield comparison.found + ("" if comparison.is_same else " (x, y, width, height):")
    for box in comparison.boxes:
        yield "  " + ", ".join(map(str, box))
    yield from _remarks(comparison, settings(options))


def _remarks(comparison: Comparison, given: Mapping[str, Any]) -> Iterator[str]:
    yield from comparison.remarks[len(comparison.notes) :]  # the notes were said as warnings
    if comparison.is_same and not np.array_equal(comparison.first, comparison.second):
        if comparison.method == "classic" and not comparison.mask.any():
            yield "The files are not equal: their colours differ, their brightness does not."
        elif comparison.method == "classic":
            yield "What differs is smaller than --min-pixels."
        else:
            yield f"The files are not equal; {_why_hidden(given)}."


def _why_hidden(given: Mapping[str, Any]) -> str:
    """Say why the method "robust" shows nothing of what differs; advise what would show it."""
    causes = {
        "tolerated": given.get("ignore_below") != 0,
        "ignored": given.get("ignore"),
        "smaller than --min-pixels": given.get("min_pixels"),
    }
    causes = [cause for cause, is_one in causes.items() if is_one]
    if causes == ["tolerated"]:
        return "--ignore-below 0 shows every pixel that differs"
    return f"what differs is {' or '.join(causes)}"


def _save_report(options: argparse.Namespace) -> Callable[..., Path]:
    """Return what writes the report, once it is known that its file may be written."""
    try:
        from helpers.app import report  # Jinja2: only here, so that the command starts fast
    except ImportError as error:
        raise PictureError(
            f"--report needs Jinja2 ({error}). To have it, type `python start.py` in the folder of "
            "the course."
        ) from None
    report.check_target(options.report, (options.first, options.second))
    if options.out and _is_in(options.out, options.report):
        raise PictureError("--out and --report have one name. Give each its own.")
    return report.save_report


def _is_in(path: Path, folder: Path) -> bool:
    """Say whether a path is that of a folder or leads into it."""
    path, folder = (Path(os.path.realpath(each)) for each in (path, folder))
    return path.is_relative_to(folder)


def _show(comparison: Comparison) -> None:
    try:
        from helpers.viewer import figures  # matplotlib: only here, so that the command starts fast
    except ImportError as error:
        raise PictureError(
            f"--show needs matplotlib and IPython ({error}). To have them, type `python start.py` "
            "in the folder of the course; or write the pictures with --out DIR."
        ) from None
    figures.open_window(comparison.panels(), title=comparison.summary())
