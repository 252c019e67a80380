"""The command `image-diff`: two pictures in, boxes out."""

import argparse
import json
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.compare import METHODS, Comparison, compare
from helpers.loading import PictureError

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
    comparison = compare(options.first, options.second, method=options.method, **settings(options))
    if options.out:
        comparison.save(options.out)
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
        "--method", choices=METHODS, default="classic", help="how to compare (default: classic)"
    )
    add_settings(parser)
    parser.add_argument(
        "--out",
        type=path,
        metavar="DIR",
        help="write original, modified, difference and threshold as PNG into DIR",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--show", action="store_true", help="open a window with the four pictures")
    return parser


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that tune a method; `image-diff evaluate` takes the same ones."""
    parser.add_argument(
        "--min-area",
        type=_pixels,
        default=0,
        metavar="PIXELS",
        help="leave out boxes of fewer pixels (default: 0)",
    )


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """Turn the options of `add_settings` into keyword arguments for `compare`."""
    return {"min_area": options.min_area}


def path(text: str) -> Path:
    """Refuse an empty path, which would mean the folder one is in."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty; give one")
    return Path(text)


def _pixels(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of pixels; give 0 or more")
    return int(text)


def _report(comparison: Comparison, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(comparison.to_dict()))
        return
    score, found = comparison.summary().split(", ")
    print(score)
    print(found if comparison.is_same else f"{found} (x, y, width, height):")
    for box in comparison.boxes:
        print("  " + ", ".join(map(str, box)))
    if comparison.is_same and comparison.mask.any():
        print("What differs is smaller than --min-area.")
    elif comparison.is_same and not np.array_equal(comparison.first, comparison.second):
        print("The files are not equal: their colours differ, their brightness does not.")


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
