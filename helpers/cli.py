"""The command `image-diff`: two pictures in, boxes out."""

import argparse
import json
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.boxes import Box
from helpers.compare import DEFAULT, METHODS, compare
from helpers.comparison import Comparison
from helpers.loading import PictureError
from helpers.robust import robust

SAME, DIFFERENT, TROUBLE = 0, 1, 2  # as `diff` has them


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 same, 1 different, 2 trouble."""
    command, options = _command(sys.argv[1:] if arguments is None else list(arguments))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = _show_warning
            return command(options)
    except (PictureError, OSError) as error:
        print(f"image-diff: {error}", file=sys.stderr)
    except MemoryError:
        print(
            "image-diff: there is not enough memory for pictures of this size. Compare smaller "
            "ones, or parts of them.",
            file=sys.stderr,
        )
    except Exception:  # a fault of ours must not look like "different"
        traceback.print_exc()
    return TROUBLE


def _command(
    arguments: list[str],
) -> tuple[Callable[[argparse.Namespace], int], argparse.Namespace]:
    if arguments[:1] == ["evaluate"]:
        from helpers import evaluate_command  # only here, so that two pictures need not wait

        return evaluate_command.run, evaluate_command.parser().parse_args(arguments[1:])
    return _run, _parser().parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    save_report = _save_report(options.report) if options.report else None
    comparison = compare(options.first, options.second, method=options.method, **settings(options))
    if options.out:
        comparison.save(options.out)
    if save_report:
        save_report(comparison, options.report, settings=settings(options))
    _report(comparison, as_json=options.json)
    if options.show:
        _show(comparison)
    return SAME if comparison.is_same else DIFFERENT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="image-diff",
        description="Find where two pictures of one size differ.",
        epilog="Exit status: 0 no difference found, 1 differences found, 2 trouble. "
        "image-diff evaluate FOLDER scores a folder of pairs whose differences are known.",
    )
    parser.add_argument(
        "--first", type=path, required=True, metavar="A", help="the original picture"
    )
    parser.add_argument(
        "--second", type=path, required=True, metavar="B", help="the modified picture"
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=DEFAULT,
        help=f"how to compare (default: {DEFAULT}); classic is the recipe of the lessons",
    )
    add_settings(parser)
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


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that tune a method; `image-diff evaluate` takes the same ones."""
    group = parser.add_argument_group(
        "settings", "Classic knows --min-area only.", argument_default=argparse.SUPPRESS
    )
    for name, metavar, meaning in (
        ("sensitivity", "LEVELS", "gray levels by which something has to differ; 0 is strict"),
        ("tolerance", "PIXELS", "by how far edges may jitter"),
        ("merge", "PIXELS", "pieces with smaller gaps become one box"),
        ("min-area", "PIXELS", "leave out boxes of fewer pixels"),
        ("pad", "PIXELS", "make boxes larger on every side"),
    ):
        default = robust.__kwdefaults__[name.replace("-", "_")]
        group.add_argument(
            f"--{name}", type=_whole, metavar=metavar, help=f"{meaning} (default: {default})"
        )
    group.add_argument(
        "--no-align",
        dest="align",
        action="store_false",
        help="compare the pictures as they lie",
    )
    group.add_argument(
        "--ignore",
        type=_box,
        action="append",
        metavar="X,Y,WIDTH,HEIGHT",
        help="leave out a place of the first picture; may be given several times",
    )


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """Turn the options of `add_settings` that were given into keyword arguments for `compare`."""
    return {name: value for name, value in vars(options).items() if name in robust.__kwdefaults__}


def path(text: str) -> Path:
    """Refuse an empty path, which would mean the folder one is in."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty; give one")
    return Path(text)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number; give 0 or more")
    return int(text)


def _box(text: str) -> Box:
    try:
        return Box(*map(int, text.split(",")))
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no box; give four whole numbers like 10,20,300,40"
        ) from None


def _report(comparison: Comparison, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(comparison.to_dict()))
        return
    score, found = comparison.summary().split(", ")
    print(score)
    print(found if comparison.is_same else f"{found} (x, y, width, height):")
    for box in comparison.boxes:
        print("  " + ", ".join(map(str, box)))
    for remark in _remarks(comparison):
        print(remark)


def _remarks(comparison: Comparison) -> Iterator[str]:
    yield from comparison.remarks
    if comparison.is_same and not np.array_equal(comparison.first, comparison.second):
        if comparison.method == "classic" and not comparison.mask.any():
            yield "The files are not equal: their colours differ, their brightness does not."
        elif comparison.method == "classic":
            yield "What differs is smaller than --min-area."
        else:
            yield "The files are not equal; --sensitivity 0 shows every pixel that differs."


def _save_report(target: Path) -> Callable[..., Path]:
    """What writes the report, once it is known that `target` may be written to."""
    try:
        from helpers import report  # Jinja2: only here, so that the command starts fast
    except ImportError as error:
        raise PictureError(
            f"--report needs Jinja2 ({error}). Install spot-the-difference[notebooks]."
        ) from None
    report.check_target(target)
    return report.save_report


def _show(comparison: Comparison) -> None:
    try:
        from helpers import figures  # matplotlib: only here, so that the command starts fast
    except ImportError as error:
        raise PictureError(
            f"--show needs matplotlib and IPython ({error}). Install "
            "spot-the-difference[notebooks], or write the pictures with --out DIR."
        ) from None
    figures.open_window(comparison.panels(), title=comparison.summary())


def _show_warning(message: Warning | str, *_: object) -> None:
    print(f"image-diff: {message}", file=sys.stderr)
