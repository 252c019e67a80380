"""The command `image-diff` for two pictures: their paths in, boxes out."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from helpers.app import terminal
from helpers.app.options import (
    Parser,
    add_settings,
    count,
    dots,
    megapixels,
    pages,
    path,
    percent,
    settings,
    whole,
)
from helpers.comparison import Comparison, check_folder
from helpers.documents import Documents, read_files
from helpers.errors import PictureError, brief
from helpers.files import LIMIT, MEGABYTE, MOST_BYTES, FileBytes
from helpers.methods import DEFAULT, METHODS, compare
from helpers.pages import DPI, LEAST_DPI, MOST_DPI, MOST_PAGES


def run(options: argparse.Namespace) -> int:
    """Compare two pictures, or files of pages; print what came out; returns the exit status."""
    _take_pictures(options)
    report = _report(options) if options.report else None
    if options.out:  # before the comparison, which may take minutes
        check_folder(options.out, (options.first, options.second))
    files = read_files(options.first, options.second, limit=options.limit)
    with Documents(
        *files,
        pages=options.page,
        dpi=options.dpi,
        limit=options.limit,
        most_pages=options.max_pages,
    ) as documents:
        if documents.are_paged:
            from helpers.app import page_by_page  # only here: most files are one picture

            return page_by_page.run(documents, options, report)
    return _run_pair(files, options, report)


def _take_pictures(options: argparse.Namespace) -> None:
    """Take both pictures from their places in the command, or from --first and --second."""
    named = [options.first, options.second]
    if named == [None, None] and len(options.pictures) == 2:
        options.first, options.second = options.pictures
    elif options.pictures or None in named:
        given = [str(picture) for picture in (*options.pictures, *named) if picture is not None]
        raise PictureError(
            f"Give two pictures: image-diff A B, or image-diff --first A --second B. Given: "
            f"{brief(' '.join(given)) if given else 'none'}."
        )


def _run_pair(
    files: list[FileBytes], options: argparse.Namespace, report: ModuleType | None
) -> int:
    comparison = compare(*files, method=options.method, limit=options.limit, **settings(options))
    if options.out:
        comparison.save(options.out)
    status, reason = judge(comparison, options)
    if report:
        outcome = f"image-diff: {reason or f'exit status {status}'}."
        report.save_report(comparison, options.report, settings=settings(options), outcome=outcome)
    told = in_words(comparison, reason) if options.words else lines(comparison, reason)
    terminal.show([json.dumps(comparison.to_dict())] if options.json else told)
    if options.show:
        show(comparison)
    return status


def parser() -> Parser:
    """Make the parser of the command's options."""
    parser = Parser(
        prog="image-diff",
        description="Find where two pictures differ.",
        epilog="Exit status: 0 when the verdict is identical or no difference, 1 when it is "
        "changed or unlike, 2 for trouble. Explained (nothing in one place, but the whole moved or "
        "was lit otherwise) is 0 for pairs that were stored or photographed again, and 1 for exact "
        "ones and those rendered again, whose bits no camera has changed. "
        "Of several pages the worst counts: 1 for one that only one file has, 2 for one that "
        "cannot be compared. "
        "image-diff evaluate FOLDER scores a folder of pairs whose differences are known.",
    )
    parser.add_argument(
        "pictures",
        nargs="*",
        type=path,
        metavar="PICTURE",
        help="the original picture and the modified one; - is the standard input",
    )
    parser.add_argument("--first", type=path, metavar="A", help="the original, named")
    parser.add_argument("--second", type=path, metavar="B", help="the modified picture, named")
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=DEFAULT,
        help=f"how to compare (default: {DEFAULT}); classic is the recipe of the lessons",
    )
    add_settings(parser)
    _add_gates(parser)
    _add_pages(parser)
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
        help="write original, modified, difference and threshold as PNG into DIR, of several pages "
        "into a folder for each",
    )
    parser.add_argument(
        "--report",
        type=path,
        metavar="FILE.html",
        help="write one page with verdict, pictures and a table of boxes",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--words", action="store_true", help="print in sentences what changed")
    form.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--show", action="store_true", help="open a window with the four pictures")
    return parser


def _add_gates(parser: argparse.ArgumentParser) -> None:
    """Add the options that decide what passes, which is all that they change."""
    gates = parser.add_argument_group("what passes with exit status 0")
    explained = gates.add_mutually_exclusive_group()
    explained.add_argument(
        "--accept",
        choices=["explained"],
        help="let pairs pass of which all was moved or lit otherwise, and nothing else differs",
    )
    explained.add_argument("--reject", choices=["explained"], help="let none of them pass")
    gates.add_argument(
        "--max-pixels",
        type=whole,
        metavar="N",
        help="let a changed pair pass when no more than N pixels changed",
    )
    gates.add_argument(
        "--max-percent",
        type=percent,
        metavar="P",
        help="let a changed pair pass when no more than P percent of the pixels changed; with "
        "--max-pixels both have to hold",
    )


def _add_pages(parser: argparse.ArgumentParser) -> None:
    """Add the options for files of several pages."""
    group = parser.add_argument_group(
        "pages and frames",
        "PDFs, TIFFs of several pages and animations are compared page by page, in the order that "
        "fits best: pages may have been inserted or removed.",
    )
    group.add_argument(
        "--page",
        type=pages,
        metavar="N|A-B",
        help="compare this page of both files, or these; a file of one page is compared with them",
    )
    group.add_argument(
        "--dpi",
        type=dots,
        default=DPI,
        metavar="D",
        help=f"dots an inch at which a PDF is drawn, {LEAST_DPI} to {MOST_DPI} (default: {DPI})",
    )
    group.add_argument(
        "--max-pages",
        type=count,
        default=MOST_PAGES,
        metavar="N",
        help=f"compare files of up to so many pages (default: {MOST_PAGES})",
    )


def judge(comparison: Comparison, options: argparse.Namespace) -> tuple[int, str]:
    """Choose the exit status, and say why where it is not that of the verdict alone."""
    if comparison.is_same:
        return terminal.SAME, ""
    if comparison.verdict == "explained":
        return _judge_explained(comparison, options)
    if comparison.verdict == "changed":
        return _judge_changed(comparison, options)
    return terminal.DIFFERENT, ""


def _judge_explained(comparison: Comparison, options: argparse.Namespace) -> tuple[int, str]:
    if options.accept:
        return terminal.SAME, "explained, which --accept lets pass: exit status 0"
    if options.reject:
        return terminal.DIFFERENT, "explained, which --reject does not let pass: exit status 1"
    if comparison.kind in ("exact", "rendered"):
        return terminal.DIFFERENT, "--accept explained would let this pair pass: exit status 1"
    return terminal.SAME, "--reject explained would not let this pair pass: exit status 0"


def _judge_changed(comparison: Comparison, options: argparse.Namespace) -> tuple[int, str]:
    limits = {
        f"--max-pixels {options.max_pixels}": (comparison.pixels_differing, options.max_pixels),
        f"--max-percent {options.max_percent}": (comparison.percent_differing, options.max_percent),
    }
    limits = {name: pair for name, pair in limits.items() if pair[1] is not None}
    if not limits:
        return terminal.DIFFERENT, ""
    if comparison.layout and comparison.layout.is_reordered:
        return terminal.DIFFERENT, (
            "changed: what is in another place counts by no limit of pixels: exit status 1"
        )
    beyond = [name for name, (changed, most) in limits.items() if changed > most]
    if not beyond:
        return terminal.SAME, f"changed, but no more than {' and '.join(limits)}: exit status 0"
    return terminal.DIFFERENT, (
        f"changed by more than {' and '.join(beyond)} (pixels {comparison.pixels_differing}, "
        f"percent {comparison.percent_differing:.4g}): exit status 1"
    )


def lines(comparison: Comparison, reason: str) -> list[str]:
    """List what is printed of a comparison: the score, the verdict, boxes, remarks."""
    return list(_lines(comparison, reason))


def in_words(comparison: Comparison, reason: str) -> list[str]:
    """List what is printed of a comparison that is told in sentences."""
    return [*comparison.sentences, *([reason] if reason else [])]


def _lines(comparison: Comparison, reason: str) -> Iterator[str]:
    yield f"SSIM: {comparison.score:.4f}"
    yield comparison.found + (" (x, y, width, height):" if comparison.boxes else "")
    for box in comparison.boxes:
        yield "  " + ", ".join(map(str, box))
    yield from comparison.remarks[len(comparison.notes) :]  # the notes were said as warnings
    if reason:
        yield reason


def _report(options: argparse.Namespace) -> ModuleType:
    """Return the module that writes reports, once it is known that the file may be written."""
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
    return report


def _is_in(path: Path, folder: Path) -> bool:
    """Say whether a path is that of a folder or leads into it."""
    path, folder = (Path(os.path.realpath(each)) for each in (path, folder))
    return path.is_relative_to(folder)


def show(comparison: Comparison) -> None:
    """Open a window with the four pictures."""
    try:
        from helpers.viewer import figures  # matplotlib: only here, so that the command starts fast
    except ImportError as error:
        raise PictureError(
            f"--show needs matplotlib and IPython ({error}). To have them, type `python start.py` "
            "in the folder of the course; or write the pictures with --out DIR."
        ) from None
    figures.open_window(comparison.panels(), title=comparison.summary())
