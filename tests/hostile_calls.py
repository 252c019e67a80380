"""Each public function that is called with values of a learner's, and arguments that are right."""

import json
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np

import helpers
from helpers import boxes, colors, fitting, layout
from helpers.settings import SETTINGS

FIRST = cv2.GaussianBlur(
    np.random.default_rng(1).integers(0, 256, (70, 90, 3), np.uint8), (9, 9), 0
)
SECOND = FIRST.copy()
SECOND[20:40, 30:50] = 255 - SECOND[20:40, 30:50]
GRAY, OTHER = helpers.to_gray(FIRST), helpers.to_gray(SECOND)
MASK = helpers.compare(FIRST, SECOND).mask
SAME_TONE = helpers.Tone("second", np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1))
UNMOVED = helpers.Alignment(0.0, 0.0, 0.0, 1.0, np.eye(2, 3))
SEEN = UNMOVED._replace(bend=np.ones(5), view=np.array([[1, 0.1, 3], [-0.1, 1, 2], [1e-4, 0, 1]]))
BOX = [(3, 4, 5, 6)]
COLORS, GRAYS = {"first": FIRST, "second": SECOND}, {"first": GRAY, "second": OTHER}


@cache
def evaluation():
    return helpers.evaluate(".", method="classic")


# What stands for a file is in the folder that `write_files` has filled.
CALLS = {
    "to_gray": (helpers.to_gray, {"image": FIRST}),
    "ssim": (helpers.ssim, {**GRAYS, "window": 7}),
    "ssim_difference": (helpers.ssim_difference, {**GRAYS, "window": 7}),
    "difference_image": (helpers.difference_image, {"similarity": GRAY / 255}),
    "otsu_mask": (helpers.otsu_mask, {"difference": GRAY}),
    "find_contours": (helpers.find_contours, {"mask": MASK}),
    "bounding_boxes": (
        helpers.bounding_boxes,
        {"contours": helpers.find_contours(MASK), "min_area": 0, "pad": 2, "shape": (70, 90)},
    ),
    "box_mask": (boxes.box_mask, {"places": BOX, "shape": (70, 90)}),
    "draw_boxes": (
        helpers.draw_boxes,
        {"image": FIRST, "boxes": BOX, "color": (0, 0, 255), "thickness": 2},
    ),
    "find_alignment": (helpers.find_alignment, GRAYS),
    "warp": (helpers.warp, {"second": SECOND, "alignment": UNMOVED}),
    "warp a view": (helpers.warp, {"second": SECOND, "alignment": SEEN}),
    "find_tone": (helpers.find_tone, {**COLORS, "ignored": MASK}),
    "apply_tone": (helpers.apply_tone, {"image": FIRST, "tone": SAME_TONE}),
    "compare": (
        helpers.compare,
        {**COLORS, "method": "robust", **{each.name: each.default for each in SETTINGS}},
    ),
    "classic": (helpers.compare, {**COLORS, "method": "classic", "min_pixels": 2}),
    "compare_pages": (
        lambda **given: list(helpers.compare_pages(**given)),
        {
            "first": "a.png",
            "second": "b.tif",
            "pages": (1, 2),
            "dpi": 144,
            "method": "classic",
            "most_pages": 9,
            "min_pixels": 5,
        },
    ),
    "load_image": (helpers.load_image, {"path": "a.png"}),
    "load_pair": (helpers.load_pair, {"first": "a.png", "second": "b.png"}),
    "bgr": (colors.bgr, {"color": "#D55E00"}),
    "find_layout": (layout.find_layout, COLORS),
    "find_misfit": (fitting.find_misfit, COLORS),
    "find_fit": (fitting.find_fit, {**COLORS, "sizes": "auto"}),
    "find_turn": (fitting.find_turn, COLORS),
    "overlap": (helpers.overlap, {"first": BOX, "second": BOX}),
    "match_boxes": (helpers.match_boxes, {"found": BOX, "truth": BOX, "iou": 0.5}),
    "score_boxes": (helpers.score_boxes, {"found": BOX, "truth": BOX, "iou": 0.5}),
    "load_pairs": (helpers.load_pairs, {"folder": "."}),
    "evaluate": (
        partial(helpers.evaluate, method="classic"),
        {"folder": ".", "iou": 0.5, "min_pixels": 5},
    ),
    "contact_sheet": (
        lambda **given: helpers.contact_sheet(**{"evaluation": evaluation()} | given),
        {"pairs": 2},
    ),
}


def write_files(folder: Path) -> None:
    """Write a pair set, which the calls find where they work in its folder."""
    cv2.imwrite(str(folder / "a.png"), FIRST)
    cv2.imwrite(str(folder / "b.png"), SECOND)
    cv2.imwritemulti(str(folder / "b.tif"), [FIRST, SECOND])
    pair = {"name": "p", "first": "a.png", "second": "b.png", "boxes": [[30, 20, 20, 20]]}
    (folder / "pairs.json").write_text(json.dumps({"pairs": [pair]}))
