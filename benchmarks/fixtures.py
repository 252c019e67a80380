"""Fixtures of other tools: two pictures, and the picture that the tool's own tests expect of them.

They have no boxes. What can be said: whether both see a change or both see none, how much of what
the tool marks is inside our boxes, and what we refuse to compare.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from intervals import bootstrap, ratio, share
from numpy.typing import NDArray

from helpers import compare
from helpers.app import terminal, two_pictures
from helpers.comparison import Comparison
from helpers.errors import PictureError
from helpers.loading import Decoded, read_pictures, to_images

LAYOUTS = (  # endings of the first picture and of the second
    ("a", "b"),  # pixelmatch, blazediff
    ("", "_changed"),  # odiff
    ("", "-2"),  # odiff
)
EXPECTED = tuple(mark + word for word in ("diff", "expected") for mark in ("", "_", "-"))
SUFFIXES = ".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".gif"
MARKS = (0, 0, 255), (255, 0, 255), (0, 255, 0)  # BGR; yellow is antialiasing, which is no change
HEADINGS = "robust", "of the fixtures"
PAIR_HEADINGS = "pair", "expected", "robust", "marked pixels in boxes", "picture in boxes", "reason"
GATES = two_pictures.parser().parse_args([])  # what passes when `image-diff` is given no option

Key = tuple[str, str]  # a name without its suffix, and the suffix


class Fixture(NamedTuple):
    """Two pictures, and the one that the tool's tests expect, if there is one."""

    name: str
    first: Path
    second: Path
    expected: Path | None


class Outcome(NamedTuple):
    """What came of a fixture.

    Attributes
    ----------
    name : str
    marks : bool or None
        The expected picture marks a pixel; None: there is none.
    verdict : str
        As a `Comparison` has it, or "refused".
    fails : bool
        `image-diff` would end with the status of a change.
    inside, covered : float or None
        Shares of the marked pixels, and of the picture, in a box. None where the expected picture
        marks nothing, or has the size of neither of the two.
    reason : str
        Why it was refused.
    """

    name: str
    marks: bool | None
    verdict: str
    fails: bool = False
    inside: float | None = None
    covered: float | None = None
    reason: str = ""


def find_fixtures(folder: Path) -> list[Fixture]:
    """List the fixtures of a folder, without its subfolders; an empty list when it has none.

    Raises
    ------
    PictureError
        An expected picture and one of its two are there, and the other one is not.
    """
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    files = {(p.stem, p.suffix.lower()): p for p in paths if p.suffix.lower() in SUFFIXES}
    found = []
    for endings in LAYOUTS:
        for name, suffix in _names(files, endings):
            pair = [files.get((name + ending, suffix)) for ending in endings]
            expected = _expected(files, name)
            if all(pair):
                found.append(Fixture(name.rstrip("_-") or pair[0].stem, *pair, expected))
            elif expected and (there := endings[pair.index(None) - 1]):  # not any X beside X_diff
                other = name + endings[pair.index(None)] + suffix
                raise PictureError(
                    f"{folder / other} is not there, but {name}{there}{suffix} and its expected "
                    f"picture {expected.name} are. Complete the folder."
                )
    return found


def _names(files: dict[Key, Path], endings: tuple[str, str]) -> list[Key]:
    """List what pictures are called without one of these endings."""
    names = {
        (stem.removesuffix(ending), suffix)
        for stem, suffix in files
        for ending in endings
        if stem.endswith(ending)
    }
    return sorted(names)


def _expected(files: dict[Key, Path], name: str) -> Path | None:
    places = ((name + ending, suffix) for ending in EXPECTED for suffix in SUFFIXES)
    return next((files[place] for place in places if place in files), None)


def try_fixture(fixture: Fixture, settings: dict) -> Outcome:
    """Compare the two pictures of a fixture, and hold the result beside the expected picture.

    Raises
    ------
    PictureError
        The expected picture cannot be read.
    """
    marked = None
    if fixture.expected:
        (expected,) = read_pictures(fixture.expected)
        marked = find_marks(expected)
    try:
        if marked is not None:
            marked = _where_they_differ(marked, fixture)
        comparison = compare(fixture.first, fixture.second, **settings)
    except PictureError as error:
        marks = None if marked is None else bool(marked.any())
        return Outcome(fixture.name, marks, "refused", reason=str(error))
    fails = two_pictures.judge(comparison, GATES)[0] == terminal.DIFFERENT
    if marked is None:
        return Outcome(fixture.name, None, comparison.verdict, fails)
    shares = _shares(comparison, marked)
    return Outcome(fixture.name, bool(marked.any()), comparison.verdict, fails, *shares)


def find_marks(expected: Decoded) -> NDArray[np.bool_]:
    """Find the pixels that an expected picture marks as changed: shape (height, width).

    Tools draw them in red, magenta or green on a paler picture, or white on black.
    """
    ((image,), _), pixels = to_images(expected), expected.pixels
    if np.isin(image, (0, 255)).all() and (image == image[..., :1]).all():
        marked = image[..., 0] == 255
    else:
        marked = np.any([(image == color).all(axis=2) for color in MARKS], axis=0)
    is_drawn = pixels[..., 3] > 0 if pixels.ndim == 3 and pixels.shape[2] == 4 else True
    return marked & is_drawn


def _where_they_differ(marked: NDArray, fixture: Fixture) -> NDArray[np.bool_]:
    """Take away what has the colour of a mark and is the same in both pictures."""
    first, second = (p.pixels for p in read_pictures(fixture.first, fixture.second))
    if first.shape != second.shape or first.shape[:2] != marked.shape:
        return marked
    return marked & (first != second).reshape(*marked.shape, -1).any(axis=2)


def _shares(
    comparison: Comparison, marked: NDArray[np.bool_]
) -> tuple[float, float] | tuple[None, None]:
    """Compute which share of the marked pixels, and of the picture, is in a box."""
    sizes = [which for which in (0, 1) if comparison.sizes[which] == marked.shape[::-1]]
    if not sizes or not marked.any():
        return None, None
    boxed = np.zeros_like(marked)
    for which in sizes:
        for box in filter(None, (comparison.box_in(which, box) for box in comparison.boxes)):
            x, y, width, height = box
            boxed[y : y + height, x : x + width] = True
    return float(boxed[marked].mean()), float(boxed.mean())


def rows(outcomes: Sequence[Outcome]) -> Iterator[Sequence[object]]:
    """Sum up the outcomes for a table below `HEADINGS`."""
    refused = [o for o in outcomes if o.verdict == "refused"]
    compared = [o for o in outcomes if o.verdict != "refused"]
    measured = [o for o in compared if o.inside is not None]
    yield "refused", share(len(refused), len(outcomes))
    yield "nothing expected", share(sum(o.marks is None for o in outcomes), len(outcomes))
    for marks, expected in ((True, "changed"), (False, "same")):
        right = [o.fails == marks for o in compared if o.marks == marks]
        yield f"verdict right, expected {expected}", share(sum(right), len(right))
    yield "marked pixels in boxes, mean", _mean(o.inside for o in measured)
    yield "picture in boxes, mean", _mean(o.covered for o in measured)


def _mean(shares: Iterable[float]) -> str:
    """Average over pairs, as one may have a million pixels and the next one hundred."""
    counts = [(part, 1) for part in shares]
    return f"{len(counts)} pairs: {bootstrap(counts, ratio)}"


def pair_rows(outcomes: Iterable[Outcome]) -> Iterator[Sequence[object]]:
    """Write each outcome for a table below `PAIR_HEADINGS`."""
    said = {None: "none", False: "same", True: "changed"}
    for o in outcomes:
        shares = ("" if part is None else f"{part:.3f}" for part in (o.inside, o.covered))
        yield o.name, said[o.marks], o.verdict, *shares, o.reason.replace("|", "\\|")
