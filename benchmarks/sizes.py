"""How often pictures of different sizes are brought together rightly: shares with their intervals.

    python benchmarks/sizes.py --pairs 400

Pairs are made of the scenes of `make_pairs`: a picture and a copy with up to three patches changed,
half of them stored as JPEG. The copy is scaled, turned, cut, or longer at an edge; or it is another
picture of another size, which should be refused or told to be unlike. Prints a table in Markdown.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from accuracy import markdown
from intervals import wilson

import helpers
from helpers.challenge.make_pairs import REPORTING_SEED
from helpers.challenge.scenes import make_scene, sources_of
from helpers.fitting import Fit, MisfitError, find_fit
from helpers.loading import Image

KINDS = ["photograph", "drawing", "document", "interface"]
SIDES = 320, 900  # pixels
LEAST = 64  # pixels that a side of a cut keeps


class Case(NamedTuple):
    """Two pictures of different sizes, and what says whether a fit is the right one."""

    first: Image
    second: Image
    is_right: Callable[[Fit], bool]


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=400, help="of each way (default: 400)")
    parser.add_argument(
        "--seed", type=int, default=REPORTING_SEED, help="default: %(default)s, for reports"
    )
    parser.add_argument("--list", action="store_true", help="print also the numbers of wrong ones")
    options = parser.parse_args()
    rows = []
    for way in WAYS:
        found = [judge(way, options.seed, number) for number in range(options.pairs)]
        counted = Counter(found)
        shares = [wilson(counted[said], len(found)) for said in ("right", "refused", "wrong")]
        rows.append([way, *shares])
        if options.list:
            wrong = [number for number, said in enumerate(found) if said == "wrong"]
            print(way, "wrong:", wrong, "refused:", counted["refused"])
    print(markdown(["pair", "right", "refused", "wrong"], rows))


def judge(way: str, seed: int, number: int) -> str:
    """Say whether a pair was brought together in the "right" or a "wrong" way, or "refused"."""
    case = make_case(way, seed, number)
    try:
        fit = find_fit(case.first, case.second)
    except MisfitError:
        return "right" if way == "other" else "refused"
    if way == "other":
        verdict = helpers.compare(case.first, case.second).verdict
        return "right" if verdict == "unlike" else "wrong"
    return "right" if case.is_right(fit) else "wrong"


def make_case(way: str, seed: int, number: int) -> Case:
    """Make pair number `number` of a way."""
    rng = np.random.default_rng([seed, list(WAYS).index(way), number])
    first = _picture(rng, seed)
    case = WAYS[way](rng, first, _changed(rng, first), seed)
    if number % 2:
        quality = int(rng.integers(50, 95))
        data = cv2.imencode(".jpg", case.second, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
        case = case._replace(second=cv2.imdecode(data, cv2.IMREAD_COLOR))
    return case


def _picture(rng: np.random.Generator, seed: int) -> Image:
    height, width = (int(side) for side in rng.integers(*SIDES, 2))
    scene, (height, width) = make_scene(
        rng, sources_of(seed), str(rng.choice(KINDS)), height, width, 0
    )
    return scene.render()[:height, :width].copy()


def _changed(rng: np.random.Generator, picture: Image) -> Image:
    picture = picture.copy()
    height, width = picture.shape[:2]
    for _ in range(rng.integers(4)):
        across, down = (int(rng.uniform(0.03, 0.2) * side) for side in (width, height))
        x, y = int(rng.integers(width - across)), int(rng.integers(height - down))
        picture[y : y + down, x : x + across] = rng.integers(0, 256, 3)
    return picture


def _scaled(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    factor = rng.choice([0.5, 2, rng.uniform(0.4, 0.95), rng.uniform(1.05, 2)])
    size = [round(factor * side) for side in second.shape[1::-1]]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    second = cv2.resize(second, size, interpolation=how)
    return Case(first, second, lambda fit: fit.how == "scaled")


def _slightly_scaled(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    width = second.shape[1] - int(rng.integers(3, 8))
    size = width, round(width * second.shape[0] / second.shape[1])
    second = cv2.resize(second, size, interpolation=cv2.INTER_AREA)
    return Case(first, second, lambda fit: fit.how == "scaled")


def _turned(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    height, width = first.shape[:2]
    if abs(height - width) < 4:
        first, second = (picture[: height * 3 // 4] for picture in (first, second))
    turn = int(rng.choice([90, 270]))
    how = cv2.ROTATE_90_COUNTERCLOCKWISE if turn == 90 else cv2.ROTATE_90_CLOCKWISE
    return Case(first, cv2.rotate(second, how), lambda fit: fit.turn == turn)


def _with_more_rows(rng: np.random.Generator, first: Image, second: Image, rows: int) -> Case:
    """Cut rows or columns off at an edge of one of the two."""
    upper, across = rng.random() < 0.5, rng.random() < 0.5
    kept = np.s_[rows:] if upper else np.s_[: first.shape[across] - rows]
    cut = (np.s_[:], kept) if across else kept
    start = rows if upper else 0
    if rng.random() < 0.5:
        first, start = first[cut], -start
    else:
        second = second[cut]

    def is_right(fit: Fit) -> bool:
        if fit.how != "extended":
            return False
        shared = [band for band in fit.layout[across] if band.is_shared]
        return len(shared) == 1 and shared[0].first - shared[0].second == start

    return Case(np.ascontiguousarray(first), np.ascontiguousarray(second), is_right)


def _row_missing(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    return _with_more_rows(rng, first, second, int(rng.integers(1, 4)))


def _edge_missing(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    return _with_more_rows(rng, first, second, int(rng.uniform(0.05, 0.5) * min(first.shape[:2])))


def _cropped(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    sides = np.array(first.shape[:2])
    height, width = np.clip((rng.uniform(0.3, 0.95, 2) * sides).astype(int), LEAST, sides - 1)
    y, x = (int(rng.integers(room + 1)) for room in sides - (height, width))
    second = second[y : y + height, x : x + width].copy()
    return Case(first, second, lambda fit: fit.how == "cropped" and fit.parts[0][:2] == (x, y))


def _other(rng: np.random.Generator, first: Image, second: Image, seed: int) -> Case:
    """Take another picture: of any size, of the same proportions, or as if it lay on its side."""
    other = _picture(rng, seed)
    height, width = first.shape[:2]
    size = [None, (width // 2, height // 2), (height, width)][rng.integers(3)]
    if size:
        other = cv2.resize(other, size, interpolation=cv2.INTER_AREA)
    return Case(first, other, lambda fit: False)


WAYS = {
    "another scale": _scaled,
    "3 to 7 px less, scaled": _slightly_scaled,
    "on its side": _turned,
    "1 to 3 rows or columns less": _row_missing,
    "5 to 50 % less at an edge": _edge_missing,
    "a crop": _cropped,
    "other": _other,
}

if __name__ == "__main__":
    main()
