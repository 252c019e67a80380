"""What the options of `image-diff` have in common: settings, paths, exit statuses."""

import argparse
from pathlib import Path
from typing import Any

from helpers.boxes import Box
from helpers.settings import SETTINGS

SAME, DIFFERENT, TROUBLE = 0, 1, 2  # as `diff` has them


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that tune a method; `image-diff evaluate` takes the same ones."""
    group = parser.add_argument_group(
        "settings", "Classic knows --min-area only.", argument_default=argparse.SUPPRESS
    )
    for setting in SETTINGS:
        name = setting.name.replace("_", "-")
        metavar = setting.unit.rpartition(" ")[2].upper()
        if isinstance(setting.default, bool):
            group.add_argument(
                f"--no-{name}" if setting.default else f"--{name}",
                dest=setting.name,
                action="store_false" if setting.default else "store_true",
                help=setting.help,
            )
        elif isinstance(setting.default, int):
            about = f"{setting.help} (default: {setting.default})"
            group.add_argument(f"--{name}", type=whole, metavar=metavar, help=about)
        else:
            about = f"{setting.help}; may be given several times"
            group.add_argument(f"--{name}", type=box, action="append", metavar=metavar, help=about)


def settings(options: argparse.Namespace) -> dict[str, Any]:
    """Turn the options of `add_settings` that were given into keyword arguments for `compare`."""
    return {s.name: getattr(options, s.name) for s in SETTINGS if s.name in options}


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
