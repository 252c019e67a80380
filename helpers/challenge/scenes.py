"""Base pictures for made pairs: photographs, documents, user interfaces, drawings, in two halves.

Odd seeds are for tuning, even seeds for reporting, and no source serves both: photographs that
scikit-image brings along, what pages and drawings show and how they are arranged, their fonts,
colours and words. Names, numbers and addresses are made up.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image

from helpers.challenge import reporting_scenes, styles, tuning_scenes
from helpers.challenge.sheets import Scene, Sheet

FOLDER = Path(skimage.__file__).parent / "data"  # its wheel holds these; nothing is downloaded
LARGEST_SCALE = 1.5  # photographs are not enlarged more, unless they are too small for any crop
TEXT = "page.png", "text.png"  # not to be mirrored


@dataclass(frozen=True)
class Sources:
    """The material of one half; `photographs` has the files of each by its name."""

    style: styles.Style
    photographs: dict[str, tuple[str, ...]]
    layouts: dict[str, tuple]  # by the kind of scene

    @property
    def names(self) -> set[str]:
        """Names that an entry may have as its "base"."""
        drawn = {f"{kind} {draw.__name__}" for kind, all_ in self.layouts.items() for draw in all_}
        return drawn | set(self.photographs)


def _photographs(*file_names: str) -> dict[str, tuple[str, ...]]:
    return {Path(file_name).stem: (file_name,) for file_name in file_names}


def _layouts(module) -> dict[str, tuple]:
    return {
        "document": module.DOCUMENTS,
        "interface": module.INTERFACES,
        "drawing": module.DRAWINGS,
    }


# Four photographs in colour and five in gray each. Those that the course shows are for tuning.
TUNING = Sources(
    styles.TUNING,
    _photographs(
        "astronaut.png", "chelsea.png", "coffee.png", "hubble_deep_field.jpg",
        "brick.png", "cell.png", "coins.png", "gravel.png", "page.png",
    ),
    _layouts(tuning_scenes),
)  # fmt: skip
REPORTING = Sources(
    styles.REPORTING,
    {
        "motorcycle": ("motorcycle_left.png", "motorcycle_right.png"),  # two views of one
        **_photographs(
            "ihc.png", "retina.jpg", "rocket.jpg",
            "camera.png", "clock_motion.png", "grass.png", "moon.png", "text.png",
        ),
    },
    _layouts(reporting_scenes),
)  # fmt: skip


def sources_of(seed: int) -> Sources:
    """Return the sources of a seed: odd ones tune, even ones report."""
    return TUNING if seed % 2 else REPORTING


def make_scene(
    rng: np.random.Generator, sources: Sources, kind: str, height: int, width: int, margin: int
) -> tuple[Scene, tuple[int, int]]:
    """Make a scene, at least as large as asked for where its material allows.

    Parameters
    ----------
    rng : numpy.random.Generator
    sources : Sources
    kind : {"photograph", "drawing", "document", "interface"}
    height, width : int
        Of the picture to be cut from the scene, px.
    margin : int
        What the scene has beyond that on each side, px.

    Returns
    -------
    Scene
    (height, width) : (int, int)
        Of the picture; smaller than asked for when a photograph does not suffice.
    """
    if kind == "photograph":
        return _cut(rng, sources, height, width, margin)
    sheet = Sheet(rng, sources.style, height + 2 * margin, width + 2 * margin, margin)
    layouts = sources.layouts[kind]
    layout = layouts[rng.integers(len(layouts))]
    layout(sheet)
    return sheet.scene(f"{kind} {layout.__name__}"), (height, width)


@cache
def _read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))[..., ::-1]


def _cut(
    rng: np.random.Generator, sources: Sources, height: int, width: int, margin: int
) -> tuple[Scene, tuple[int, int]]:
    name = str(rng.choice(list(sources.photographs)))
    file_name = str(rng.choice(sources.photographs[name]))
    picture = _read(FOLDER / file_name)
    if file_name not in TEXT:
        picture = picture[:, :: rng.choice([-1, 1])]
    too_small = (320 + 2 * margin) / min(picture.shape[:2])
    largest = max(LARGEST_SCALE, too_small)
    height, width = (
        min(wanted, int(side * largest) - 2 * margin)
        for wanted, side in zip((height, width), picture.shape[:2], strict=True)
    )
    needed = max(
        (wanted + 2 * margin) / side
        for wanted, side in zip((height, width), picture.shape[:2], strict=True)
    )
    scale = rng.uniform(max(needed, 0.5), max(needed, 1.0))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sides = [max(round(side * scale), 320 + 2 * margin) for side in picture.shape[:2]]
    picture = cv2.resize(np.ascontiguousarray(picture), sides[::-1], interpolation=how)
    height, width = (min(h, s - 2 * margin) for h, s in zip((height, width), sides, strict=True))
    top = rng.integers(sides[0] - height - 2 * margin + 1)
    left = rng.integers(sides[1] - width - 2 * margin + 1)
    cut = picture[top : top + height + 2 * margin, left : left + width + 2 * margin].copy()
    return Scene(name, cut, style=sources.style), (height, width)
