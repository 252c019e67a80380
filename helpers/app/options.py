"""What the options of `image-diff` have in common: settings, paths, exit statuses."""

import argparse
from pathlib import Path
from typing import Any

from helpers.boxes import Box
from helpers.robust import robust

SAME, DIFFERENT, TROUBLE = 0, 1, 2  # as `diff` has them


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
            f"--{name}", type=whole, metavar=metavar, help=f"{meaning} (default: {default})"
        )
    group.add_argument(
        "--no-align",
        dest="align",
        action="store_false",
        help="compare the pictures as they lie",
    )
    group.add_argument(
        "--ignore",
        type=box,
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


def whole(text: str) -> int:
    """Read a whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number; give 0 or more")
    return int(text)


def box(text: str) -> Box:
    """Read a box, four whole numbers with commas between them."""
    try:
        return Box(*map(int, text.split(",")))
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no box; give four whole numbers like 10,20,300,40"
        ) from None
