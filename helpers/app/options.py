"""What the options of `image-diff` have in common: their parser, settings, paths."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from helpers.app import terminal
from helpers.boxes import Box
from helpers.errors import PictureError, brief
from helpers.files import as_path, check_limit
from helpers.pages import LEAST_DPI, MOST_DPI
from helpers.settings import SETTINGS

LONGEST = 300  # characters of a message
WHOLE = "[0-9]{1,10}"  # int() also takes digits of other scripts, and any number of them
PERCENT = r"[0-9]{1,3}(\.[0-9]{1,20})?"  # float() also takes nan, 1e9 and 1_0


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, and whose help is printed like a result."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the options, and end."""
        short = message if len(message) <= LONGEST else f"{message[:LONGEST]}..."
        terminal.complain(f"{short} (--help lists the options)")
        self.exit(terminal.TROUBLE)

    def parse_known_args(
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read options; argparse takes a box like -5,0,20,20 for one unless "=" stands before."""
        joined: list[str] = []
        for text in sys.argv[1:] if args is None else args:
            if joined and re.fullmatch("--[a-z-]+", joined[-1]) and re.match("-[0-9]", text):
                joined[-1] += f"={text}"
            else:
                joined.append(text)
        return super().parse_known_args(joined, namespace)

    def print_help(self, file: object = None) -> None:
        """Print the help."""
        terminal.show(self.format_help().splitlines())


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that tune a method; `image-diff evaluate` takes the same ones."""
    group = parser.add_argument_group(
        "settings",
        "Classic knows --sizes, and --min-pixels, of which it keeps all unless it is given.",
        argument_default=argparse.SUPPRESS,
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
        elif setting.choices:
            about = f"{setting.help} (default: {setting.default})"
            group.add_argument(f"--{name}", choices=setting.choices, help=about)
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
    try:
        return as_path(text)
    except PictureError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def whole(text: str) -> int:
    """Read a whole number, 0 or more."""
    if not re.fullmatch(WHOLE, text):
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no whole number of up to 10 digits; give 0 or more"
        )
    return int(text)


def count(text: str) -> int:
    """Read a whole number, 1 or more."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{brief(text)} is too few; give 1 or more")
    return number


def dots(text: str) -> int:
    """Read the dots an inch at which a PDF is drawn."""
    number = int(text) if re.fullmatch(WHOLE, text) else 0
    if not LEAST_DPI <= number <= MOST_DPI:
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no number of dots an inch; give {LEAST_DPI} to {MOST_DPI}"
        )
    return number


def pages(text: str) -> tuple[int, int]:
    """Read a page, or the first and the last of several."""
    if re.fullmatch(rf"{WHOLE}(-{WHOLE})?", text):
        first, _, last = text.partition("-")
        if 0 < int(first) <= int(last or first):
            return int(first), int(last or first)
    raise argparse.ArgumentTypeError(
        f"{brief(text)} is no page; give a number such as 3, or the first and the last like 3-7"
    )


def percent(text: str) -> float:
    """Read a share in percent."""
    number = float(text) if re.fullmatch(PERCENT, text) else -1
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no percentage; give a number from 0 to 100, such as 0.05"
        )
    return number


def megapixels(text: str) -> float:
    """Read a number of million pixels."""
    try:
        return check_limit(float(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no number of million pixels; give one above 0"
        ) from None


def box(text: str) -> Box:
    """Read a box, four whole numbers with commas between them."""
    if not re.fullmatch(rf" *-?{WHOLE} *(, *-?{WHOLE} *){{3}}", text):
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no box; give four whole numbers like 10,20,300,40"
        )
    return Box(*map(int, text.split(",")))
