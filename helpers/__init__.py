"""Spot the Difference: find what changed between two pictures.

Each module is one step of the recipe and is named like the lesson that teaches it. The names below
need only numpy and OpenCV. `helpers.figures` (matplotlib) and `helpers.sliders` (ipywidgets) are
imported when they are first used.
"""

from importlib import import_module
from types import ModuleType

from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.compare import Comparison, compare
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import PictureError, load_image, load_pair
from helpers.pairs import Pair, load_pairs
from helpers.scoring import (
    Evaluation,
    PairResult,
    Scores,
    evaluate,
    match_boxes,
    overlap,
    score_boxes,
)
from helpers.similarity import difference_image, ssim
from helpers.threshold import otsu_mask

__version__ = "0.1.0"

__all__ = [
    "Box",
    "Comparison",
    "Evaluation",
    "Pair",
    "PairResult",
    "PictureError",
    "Scores",
    "bounding_boxes",
    "compare",
    "difference_image",
    "draw_boxes",
    "evaluate",
    "find_contours",
    "load_image",
    "load_pair",
    "load_pairs",
    "match_boxes",
    "otsu_mask",
    "overlap",
    "score_boxes",
    "ssim",
    "to_gray",
]


def __getattr__(name: str) -> ModuleType:
    """Import the modules that need heavy libraries on first use (PEP 562)."""
    if name in ("figures", "sliders"):
        return import_module(f"helpers.{name}")
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")
