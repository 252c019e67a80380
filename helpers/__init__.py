"""Spot the Difference: find what changed between two pictures.

Each module is one step of the recipe and is named like the lesson that teaches it. The names below
need only numpy and OpenCV. What two pictures do not need is imported when it is first used. The
rooms round it (`scoring`, `challenge`, `viewer`, `course`, `app`, `deep`) are imported by name.
"""

from importlib import import_module
from typing import Any

from helpers.alignment import Alignment, find_alignment, warp
from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.compare import compare
from helpers.comparison import Comparison
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import PictureError, load_image, load_pair
from helpers.similarity import difference_image, ssim, ssim_difference
from helpers.threshold import otsu_mask
from helpers.tone import Tone, apply_tone, find_tone

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "Box",
    "Comparison",
    "Evaluation",
    "Pair",
    "PairResult",
    "PictureError",
    "Scores",
    "Tone",
    "apply_tone",
    "bounding_boxes",
    "compare",
    "contact_sheet",
    "difference_image",
    "draw_boxes",
    "evaluate",
    "find_alignment",
    "find_contours",
    "find_tone",
    "load_image",
    "load_pair",
    "load_pairs",
    "match_boxes",
    "otsu_mask",
    "overlap",
    "save_contact_sheet",
    "score_boxes",
    "ssim",
    "ssim_difference",
    "to_gray",
    "warp",
]


# What two pictures do not need is imported when it is first used (PEP 562).
LATER = {
    "scoring.pairs": ("Pair", "load_pairs"),
    "scoring.scores": (
        "Evaluation",
        "PairResult",
        "Scores",
        "evaluate",
        "match_boxes",
        "overlap",
        "score_boxes",
    ),
    "scoring.sheet": ("contact_sheet", "save_contact_sheet"),
}


def __getattr__(name: str) -> Any:
    """Import on first use."""
    for module, names in LATER.items():
        if name in names:
            return getattr(import_module(f"helpers.{module}"), name)
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List all public names, also those that are imported later."""
    return sorted({*globals(), *__all__})
