"""Sets to measure on, made for as long as they are needed: all of one seed take over a gigabyte."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.challenge.make_pairs import REPORTING_SEED, SETS, write_set

COURSE = "images"  # the pairs of the course
NAMES = (COURSE, *(name for name in SETS if name != "challenge"))  # those are of another seed


@contextmanager
def made(name: str, seed: int, pairs: int | None) -> Iterator[Path]:
    """Make a set; yield its folder, which is gone afterwards. The course's own set is there."""
    if name == COURSE:
        yield Path(__file__).resolve().parent.parent / COURSE
        return
    with TemporaryDirectory() as parent:
        folder = Path(parent, f"{name}, seed {seed}")
        write_set(name, seed, folder, pairs)
        yield folder


def add_sets(parser: ArgumentParser, sets: tuple[str, ...]) -> None:
    """Add the options that say which sets are made."""
    parser.add_argument(
        "--sets", nargs="+", choices=NAMES, default=sets, metavar="NAME",
        help=f"some of: {', '.join(NAMES)} (default: {', '.join(sets)})",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=REPORTING_SEED, help="default: %(default)s, for reports"
    )
    parser.add_argument("--pairs", type=int, metavar="N", help="only so many pairs of each set")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="default: 2")
