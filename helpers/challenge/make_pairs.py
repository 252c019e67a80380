"""Make pair sets to measure on: `python -m helpers.challenge.make_pairs SET --seed N --out FOLDER`.

Each pair is an original and a copy with some changes or none, and one of the two went through a
nuisance: JPEG, noise, another tone, a shift and so on. The true boxes are measured from the changed
pixels before the nuisance.

Where pictures come from: half of them are crops of the photographs in scikit-image's wheel, the
others are pages and drawings, made by this package. Odd seeds are for tuning (`TUNING_SEED` is the
usual one), even seeds for reports (`REPORTING_SEED`); nobody looks at the latter while tuning. No
photograph, layout, font, palette or vocabulary serves both; what is done to the pictures is of the
same kinds and sizes in both. So a figure of an even seed is "in distribution" for a method that was
tuned on odd ones: it says how well the method copes with what is drawn here, and not how well with
what the world sends. None of the pictures of the course (`images/`) is used. Some of its pairs
show photographs of scikit-image, too: those that odd seeds take.

An entry says with "base" what the picture was made of. For each box, "changes" has its kind, how
visible it is (mean CIE Lab difference), how many pixels changed and the largest difference in gray
levels of a channel.

Sets
----
tampered   160 changed and 54 unchanged pairs, one nuisance each, by turns
compound   160 changed pairs, all nuisances at once, each moderate
rotated    160 changed pairs, turned up to 2 degrees, scaled up to 2 %, shifted up to 6 px, JPEG
unchanged  500 unchanged pairs, every nuisance by turns
glance     200 changed photographs, hardly any nuisance: what a person sees at a glance
shifted    120 changed and 40 unchanged pairs, shifted up to 20 px
wide       240 changed and 40 unchanged pairs. One wide change: ground, band, sidebar, panel,
           palette, theme (2 to 100 % of the pixels), text, line colour, stroke width. By turns
           lossless, from 3 gray levels on, and with one side as JPEG 90, from 12 on. An entry has
           "levels" and "part" of the pixels that differ, of all boxes together, and "required":
           from 4 levels on a change has to be found. It is found when a box touches one of
           the true ones and the verdict is `changed` or `explained`; boxes are those of the pieces
small      200 lossless pairs with up to three changes of a few pixels: dots from 2 x 2, hairlines
           of 4 x 1 and more, a comma for a point, a lost accent; from 10 levels on
optics     120 changed and 120 unchanged pairs: keystone of .5 or 1 %, radial distortion of 2 %,
           vignette of 40 %, a gradient of light of up to 40 levels, colour 4:2:0 with JPEG, by
           turns; about half of the first four also have mild sensor noise and JPEG 90
gaps       120 pairs with two changes beside each other, "gap" px apart (5 to 60). Below 19 px, the
           default of `merge`, they are one change with one box: "joint" says so
challenge  50 changed and 20 unchanged pairs, every nuisance by turns: those of lesson 15
words      240 changed pairs: changes of all kinds, resized and moved words among them, by turns
           lossless, with one side as JPEG, and rendered again. Kinds say what a change is on
photographed  120 changed and 120 unchanged pairs, photographed again: tilted up to 15 degrees,
           turned (half of them up to 20 degrees, the others by any angle), half to twice as large,
           with sensor noise and JPEG, every other one through a lens that bends lines. By turns the
           light is the same, comes from one side, is darker in the corners, has a soft shadow
layout     240 pairs with one to three bands of 8 to 400 rows inserted, removed or swapped, and none
           to three other changes: by turns lossless, one side as JPEG 85, rendered again; every
           other time both are of one size, cut off at the bottom. Boxes are on a canvas that has
           the rows of both, those of the first picture in their order; "changes" say with "first"
           and "second" where a band is in either. What only moved has no box
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
    Change,
    Conditions,
    Rendering,
    Visible,
    apply_changes,
    make_any_changes,
    make_changes,
)
from helpers.challenge.measuring import Box
from helpers.challenge.rearranged import Arranged, Band, draw_bands
from helpers.challenge.scenes import Sources, make_scene, sources_of
from helpers.challenge.sheets import FINE, Scene
from helpers.challenge.small import make_neighbours, make_small_changes
from helpers.challenge.wide import make_wide_change

TUNING_SEED, REPORTING_SEED = 1, 2
SIDES = (320, 900)  # px
VISIBLE = 0.75  # of a page that goes on below the first picture
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
OPTICS = (
    nuisances.keystone,
    nuisances.radial,
    nuisances.vignette,
    nuisances.gradient,
    nuisances.colour_420,
)
AGAIN = (
    nuisances.again,
    nuisances.again_by_a_lamp,
    nuisances.again_with_dark_corners,
    nuisances.again_in_shadow,
)
LIGHT = (nuisances.none, nuisances.light_jpeg, nuisances.light_noise)


@dataclass(frozen=True)
class SetPlan:
    """The plan of a set; its nuisances come by turns."""

    changed: int
    unchanged: int
    nuisances: tuple[Callable, ...]
    most_changes: int = 4
    visible: Visible = SEEN
    photographs: float = 0.53  # part of the pairs; the rest are drawn
    make: Callable[..., list[Change]] = make_changes
    controls: tuple[Callable, ...] = ()  # nuisances of the unchanged pairs, where they are others
    has_bands: bool = False  # bands of rows are inserted, removed or swapped, too
    heights: tuple[int, int] = SIDES


SETS = {  # a pair depends on its set's place here: new ones go to the end
    "tampered": SetPlan(160, 54, ONE_BY_ONE),
    "compound": SetPlan(160, 0, (nuisances.compound,)),
    "rotated": SetPlan(160, 0, (nuisances.rotated,)),
    "unchanged": SetPlan(0, 500, EVERY),
    "glance": SetPlan(
        200,
        0,
        LIGHT,
        most_changes=3,
        visible=SEEN_AT_A_GLANCE,
        photographs=1,
    ),
    "shifted": SetPlan(120, 40, (nuisances.shifted,)),
    "wide": SetPlan(
        240,
        40,
        (nuisances.none, nuisances.jpeg_90),
        most_changes=1,
        photographs=0.15,
        make=make_wide_change,
        controls=(nuisances.jpeg_90,),
    ),
    "small": SetPlan(
        200, 0, (nuisances.none,), most_changes=3, photographs=0.25, make=make_small_changes
    ),
    "optics": SetPlan(120, 120, OPTICS, photographs=0.3),
    "gaps": SetPlan(120, 0, LIGHT, most_changes=1, photographs=0.3, make=make_neighbours),
    "challenge": SetPlan(50, 20, EVERY),
    "words": SetPlan(
        240,
        0,
        (nuisances.none, nuisances.jpeg, nuisances.rendered_again),
        make=make_any_changes,
    ),
    "photographed": SetPlan(120, 120, AGAIN),
    "layout": SetPlan(
        240,
        0,
        (nuisances.none, nuisances.jpeg_85, nuisances.rendered_again),
        most_changes=3,
        photographs=0.35,
        has_bands=True,
        heights=(500, 1300),
    ),
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
    draws = plan.nuisances if is_changed else plan.controls or plan.nuisances
    return is_changed, draws[turn % len(draws)]


def make_pair(name: str, seed: int, index: int) -> MadePair:
    """Make pair number `index` (from 0) of a set."""
    plan, sources = SETS[name], sources_of(seed)
    rng = np.random.default_rng([seed, list(SETS).index(name), index])
    is_changed, draw = turn_of(name, index)
    while True:
        parameters = draw(rng)
        moves_only = parameters.keys() <= nuisances.MOVES
        side = "second" if moves_only else str(rng.choice(["first", "second"]))
        nuisance = {"kind": draw.__name__, "side": side, **parameters}
        scene, size, margin = _scene_for(rng, plan, sources, nuisance)
        is_cut = plan.has_bands and index % 2 == 0
        if is_cut:
            size = round(VISIBLE * size[0]), size[1]
        wanted = int(rng.integers(not plan.has_bands, plan.most_changes + 1)) if is_changed else 0
        changes, bands = [], []
        if wanted:
            conditions = _conditions(rng, plan, sources, size, margin, nuisance)
            changes = plan.make(rng, scene, wanted, conditions)
        if plan.has_bands:
            bands = _draw_bands(rng, sources, scene, size, changes, is_cut)
        if bool(changes) == bool(wanted) and bool(bands) == plan.has_bands:
            arranged = Arranged(bands, is_cut)
            return _finish(rng, f"{index:04d}", scene, size, margin, nuisance, changes, arranged)


def _scene_for(
    rng: np.random.Generator, plan: SetPlan, sources: Sources, nuisance: dict
) -> tuple[Scene, tuple[int, int], int]:
    kinds, parts = ["document", "interface"], [0.5, 0.5]
    if "rendered_again" not in nuisance:
        drawn = 1 - plan.photographs
        kinds = ["photograph", "document", "interface", "drawing"]
        parts = [plan.photographs, 0.4 * drawn, 0.35 * drawn, 0.25 * drawn]
    kind = str(rng.choice(kinds, p=parts))
    height, width = (int(np.exp(rng.uniform(*np.log(sides)))) for sides in (plan.heights, SIDES))
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    moved = nuisances.move_points(nuisance, corners, width, height)
    margin = int(np.ceil(np.abs(moved - corners).max().round(6)))
    margin = min(margin + 3, nuisances.MOST_MARGIN) if margin else 0
    scene, size = make_scene(rng, sources, kind, height, width, margin)
    return scene, size, margin


def _conditions(
    rng: np.random.Generator,
    plan: SetPlan,
    sources: Sources,
    size: tuple[int, int],
    margin: int,
    nuisance: dict,
) -> Conditions:
    height, width = size

    def inside(box: Box) -> bool:
        x, y = box[0] - margin, box[1] - margin
        corners = np.array([(x + u * box[2], y + v * box[3]) for u in (0, 1) for v in (0, 1)])
        in_first = np.minimum(corners, (width, height) - corners).min()
        there = nuisances.move_points(nuisance, corners, width, height)
        return (
            in_first >= FROM_BORDER
            and np.minimum(there, (width, height) - there).min() >= IN_SECOND
        )

    other, _ = make_scene(rng, sources, "photograph", 320, 320, 0)
    steady = {key: value for key, value in nuisance.items() if key != "noise"}
    scale = nuisance.get("scale", 1)
    if 1 / scale > nuisances.COARSER:
        steady["resize"] = {"factor": scale, "down": "area", "up": "bicubic"}

    def through(picture: np.ndarray) -> np.ndarray:
        return nuisances.store(nuisances.degrade(picture, steady, rng), steady)[0]

    return Conditions(plan.visible, other.ground, nuisance, inside, through)


def _draw_bands(
    rng: np.random.Generator,
    sources: Sources,
    scene: Scene,
    size: tuple[int, int],
    changes: list[Change],
    is_cut: bool,
) -> list[Band]:
    kind = scene.name.split()[0]
    if kind not in sources.layouts:
        kind = "photograph"
    height, width = size
    other = make_scene(rng, sources, kind, height, width, 0)[0].render()
    if other.shape[1] != width:
        other = cv2.resize(other, (width, len(other)), interpolation=cv2.INTER_AREA)
    return draw_bands(rng, scene.render(), other, height, changes, is_cut)


def _finish(
    rng: np.random.Generator,
    name: str,
    scene: Scene,
    size: tuple[int, int],
    margin: int,
    nuisance: dict,
    changes: list[Change],
    arranged: Arranged,
) -> MadePair:
    height, width = size
    side = nuisance["side"]
    views = {"first": Rendering(scene), "second": Rendering(scene)}
    if "rendered_again" in nuisance:
        views[side] = Rendering(scene, _word_offsets(nuisance["rendered_again"], len(scene.words)))
    first = views["first"].picture[margin : margin + height, margin : margin + width]
    second = apply_changes(views["second"], changes)
    if arranged.bands:
        second = arranged.apply(second, height)
    if margin:
        second = nuisances.cut_second(second, nuisance, margin, width, height)
    pictures = {"first": first, "second": second}
    worse = nuisances.degrade(pictures[side], nuisance, rng)
    pictures[side], jpeg = nuisances.store(worse, nuisance)
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
        entry |= change.details
        for box, seen in zip(change.boxes, change.visibility, strict=True):
            box = arranged.on_canvas([box[0] - margin, box[1] - margin, box[2], box[3]])
            entry["boxes"].append(box)
            entry["changes"].append(
                {
                    "kind": change.kind,
                    "box": box,
                    "visibility": round(seen.lab, 2),
                    "pixels": seen.pixels,
                    "levels": seen.levels,
                }
            )
    if arranged.bands:
        entry["canvas"] = arranged.canvas(width, *map(len, pictures.values()))
    entry["changes"] += arranged.entries(width)
    entry["boxes"] += [change["box"] for change in arranged.entries(width) if change["box"]]
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
