"""Make pair sets to measure on: `python -m helpers.challenge.make_pairs SET --seed N --out FOLDER`.

Each pair is an original and a copy with up to four changes or none, and one of the two went
through a nuisance: JPEG, noise, another tone, a shift and so on. The true boxes are measured from
the changed pixels before the nuisance. Parameters are tuned on sets of seed 1 (`TUNING_SEED`);
figures that are reported come from seed 2 (`REPORTING_SEED`), which nobody looks at while tuning.

Sets
----
tampered   160 changed and 54 unchanged pairs, one nuisance each, by turns
compound   160 changed pairs, all nuisances at once, each moderate
rotated    160 changed pairs, turned up to 2 degrees, scaled up to 2 %, shifted up to 6 px, JPEG
unchanged  500 unchanged pairs, every nuisance by turns
glance     200 changed photographs, hardly any nuisance: what a person sees at a glance
shifted    120 changed and 40 unchanged pairs, shifted up to 20 px
challenge  50 changed and 20 unchanged pairs, every nuisance by turns: those of lesson 15
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from helpers.challenge import nuisances
from helpers.challenge.changes import (
    FROM_BORDER,
    SEEN,
    SEEN_AT_A_GLANCE,
    Box,
    Change,
    Rendering,
    Visible,
    apply_changes,
    make_changes,
)
from helpers.challenge.scenes import FINE, Scene, make_scene

TUNING_SEED, REPORTING_SEED = 1, 2
SIDES = (320, 900)  # px
IN_SECOND = 4  # px between a change and the border of the second picture
ONE_BY_ONE = (
    nuisances.jpeg,
    nuisances.noise,
    nuisances.shift,
    nuisances.gamma,
    nuisances.brightness_contrast,
    nuisances.resized,
    nuisances.rendered_again,
    nuisances.none,
)
EVERY = (*ONE_BY_ONE, nuisances.compound, nuisances.rotated)


@dataclass(frozen=True)
class SetPlan:
    """The plan of a set; its nuisances come by turns."""

    changed: int
    unchanged: int
    nuisances: tuple[Callable, ...]
    most_changes: int = 4
    visible: Visible = SEEN
    photographs: float = 0.53  # part of the pairs; the rest are drawn


SETS = {
    "tampered": SetPlan(160, 54, ONE_BY_ONE),
    "compound": SetPlan(160, 0, (nuisances.compound,)),
    "rotated": SetPlan(160, 0, (nuisances.rotated,)),
    "unchanged": SetPlan(0, 500, EVERY),
    "glance": SetPlan(
        200,
        0,
        (nuisances.none, nuisances.light_jpeg, nuisances.light_noise),
        most_changes=3,
        visible=SEEN_AT_A_GLANCE,
        photographs=1,
    ),
    "shifted": SetPlan(120, 40, (nuisances.shifted,)),
    "challenge": SetPlan(50, 20, EVERY),  # at the end: a pair depends on its set's place here
}


@dataclass(frozen=True)
class MadePair:
    """A pair: its entry in `pairs.json`, the pictures, and the JPEG file of one of them, if any."""

    entry: dict
    pictures: dict[str, np.ndarray]
    jpeg: bytes | None


def make_set(
    name: str, seed: int, count: int | None = None
) -> Iterator[tuple[dict, np.ndarray, np.ndarray]]:
    """Make the pairs of a set, one after the other.

    Parameters
    ----------
    name : str
        One of `SETS`.
    seed : int
        The same seed gives the same pairs; pair k does not depend on the others.
    count : int, optional
        So many pairs, instead of all.

    Yields
    ------
    entry : dict
        As in `pairs.json`: name, first, second, boxes, base, nuisance, changes.
    first, second : ndarray of uint8, shape (H, W, 3)
        BGR, as the files hold them.
    """
    for index in range(size_of(name) if count is None else count):
        pair = make_pair(name, seed, index)
        yield pair.entry, pair.pictures["first"], pair.pictures["second"]


def size_of(name: str) -> int:
    """Count the pairs in a whole set."""
    return SETS[name].changed + SETS[name].unchanged


def turn_of(name: str, index: int) -> tuple[bool, Callable]:
    """Say whether pair number `index` of a set is a changed one, and what draws its nuisance."""
    plan = SETS[name]
    unchanged_before = index * plan.unchanged // size_of(name)
    is_changed = (index + 1) * plan.unchanged // size_of(name) == unchanged_before
    turn = index - unchanged_before if is_changed else unchanged_before
    return is_changed, plan.nuisances[turn % len(plan.nuisances)]


def make_pair(name: str, seed: int, index: int) -> MadePair:
    """Make pair number `index` (from 0) of a set."""
    plan = SETS[name]
    rng = np.random.default_rng([seed, list(SETS).index(name), index])
    is_changed, draw = turn_of(name, index)
    while True:
        parameters = draw(rng)
        side = "second" if set(parameters) <= {"shift"} else str(rng.choice(["first", "second"]))
        nuisance = {"kind": draw.__name__, "side": side, **parameters}
        scene, size, margin = _scene_for(rng, plan, nuisance)
        wanted = int(rng.integers(1, plan.most_changes + 1)) if is_changed else 0
        changes = _changes_for(rng, plan, scene, size, margin, nuisance, wanted)
        if bool(changes) == bool(wanted):
            return _finish(rng, f"{index:04d}", scene, size, margin, nuisance, changes)


def _scene_for(
    rng: np.random.Generator, plan: SetPlan, nuisance: dict
) -> tuple[Scene, tuple[int, int], int]:
    kinds, parts = ["document", "interface"], [0.5, 0.5]
    if "rendered_again" not in nuisance:
        drawn = 1 - plan.photographs
        kinds = ["photograph", "document", "interface", "drawing"]
        parts = [plan.photographs, 0.4 * drawn, 0.35 * drawn, 0.25 * drawn]
    kind = str(rng.choice(kinds, p=parts))
    height, width = (int(np.exp(rng.uniform(*np.log(SIDES)))) for _ in range(2))
    matrix = nuisances.motion(nuisance, width, height)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    margin = int(np.ceil(np.abs(_mapped(matrix, corners) - corners).max()))
    margin = margin + 3 if margin else 0
    scene, size = make_scene(rng, kind, height, width, margin)
    return scene, size, margin


def _mapped(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    return points @ matrix[:, :2].T + matrix[:, 2]


def _changes_for(
    rng: np.random.Generator,
    plan: SetPlan,
    scene: Scene,
    size: tuple[int, int],
    margin: int,
    nuisance: dict,
    wanted: int,
) -> list[Change]:
    if not wanted:
        return []
    height, width = size
    matrix = nuisances.motion(nuisance, width, height)

    def inside(box: Box) -> bool:
        x, y = box[0] - margin, box[1] - margin
        corners = np.array([(x + u * box[2], y + v * box[3]) for u in (0, 1) for v in (0, 1)])
        in_first = np.minimum(corners, (width, height) - corners).min()
        there = _mapped(matrix, corners)
        return (
            in_first >= FROM_BORDER
            and np.minimum(there, (width, height) - there).min() >= IN_SECOND
        )

    other, _ = make_scene(rng, "photograph", 320, 320, 0)
    steady = {key: value for key, value in nuisance.items() if key != "noise"}

    def through(picture: np.ndarray) -> np.ndarray:
        return _stored(nuisances.degrade(picture, steady, rng), steady)[0]

    return make_changes(rng, scene, wanted, plan.visible, other.ground, inside, through)


def _stored(picture: np.ndarray, nuisance: dict) -> tuple[np.ndarray, bytes | None]:
    """Return the picture as its file gives it back, and the file where that is a JPEG."""
    if "jpeg" not in nuisance:
        return picture, None
    file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, nuisance["jpeg"]])[1]
    return cv2.imdecode(file, cv2.IMREAD_COLOR), file.tobytes()


def _finish(
    rng: np.random.Generator,
    name: str,
    scene: Scene,
    size: tuple[int, int],
    margin: int,
    nuisance: dict,
    changes: list[Change],
) -> MadePair:
    height, width = size
    side = nuisance["side"]
    views = {"first": Rendering(scene), "second": Rendering(scene)}
    if "rendered_again" in nuisance:
        views[side] = Rendering(scene, _word_offsets(nuisance["rendered_again"], len(scene.words)))
    first = views["first"].picture[margin : margin + height, margin : margin + width]
    second = apply_changes(views["second"], changes)
    if margin:
        matrix = nuisances.motion(nuisance, width, height)
        second = nuisances.cut_second(second, matrix, margin, width, height)
    pictures = {"first": first, "second": second}
    pictures[side], jpeg = _stored(nuisances.degrade(pictures[side], nuisance, rng), nuisance)
    entry = {
        "name": name,
        **{key: f"{name}_{key}.{'jpg' if jpeg is not None and key == side else 'png'}"
           for key in pictures},
        "boxes": [],
        "base": scene.name,
        "nuisance": nuisance,
        "changes": [],
    }  # fmt: skip
    for change in changes:
        for box, seen in zip(change.boxes, change.visibility, strict=True):
            box = [box[0] - margin, box[1] - margin, box[2], box[3]]
            entry["boxes"].append(box)
            entry["changes"].append(
                {
                    "kind": change.kind,
                    "box": box,
                    "visibility": round(seen.lab, 2),
                    "pixels": seen.pixels,
                }
            )
    return MadePair(entry, pictures, jpeg)


def _word_offsets(seed: int, count: int) -> np.ndarray:
    """Draw for each word a place 0.2 to 0.5 px off, in steps of 1 / FINE px."""
    steps = [(x, y) for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2)]
    steps = [step for step in steps if 1 <= np.hypot(*step) <= 0.5 * FINE]
    chosen = np.random.default_rng(seed).integers(len(steps), size=count)
    return np.array(steps, float)[chosen] / FINE


def write_set(name: str, seed: int, folder: Path, count: int | None = None) -> None:
    """Write a set as a folder that `helpers.load_pairs` reads.

    Raises
    ------
    FileExistsError
        `folder` is there and not empty. Nothing is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is not empty. Give a new folder; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for index in range(size_of(name) if count is None else count):
        pair = make_pair(name, seed, index)
        for key, picture in pair.pictures.items():
            path = folder / pair.entry[key]
            is_png = path.suffix == ".png"
            path.write_bytes(cv2.imencode(".png", picture)[1] if is_png else pair.jpeg)
        entries.append(pair.entry)
    text = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (folder / "pairs.json").write_text(f'{{"pairs": [\n{text}\n]}}\n', encoding="utf-8")


def main() -> None:
    """Write the set asked for on the command line."""
    parser = argparse.ArgumentParser(description="Make a pair set to measure on.")
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--pairs", type=int, metavar="N", help="fewer pairs than the whole set")
    arguments = parser.parse_args()
    try:
        write_set(arguments.set, arguments.seed, arguments.out, arguments.pairs)
    except FileExistsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
