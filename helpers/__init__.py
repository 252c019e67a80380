"""Spot the Difference: find what changed between two pictures.

Each module is one step of the recipe and is named like the lesson that teaches it. The names below
need only NumPy, OpenCV and, to read files, Pillow. Each is imported when it is first used, so that
`image-diff` can say in a sentence that one of them is missing. The rooms round it (`scoring`,
`challenge`, `viewer`, `course`, `app`, `deep`) are imported by name.
"""

from importlib import import_module

TYPE_CHECKING = False  # as in `typing`, which takes longer to import than all else here
if TYPE_CHECKING:  # for editors and type checkers; at run time MODULES says the same
    from helpers.alignment import Alignment, find_alignment, warp
    from helpers.boxes import Box, bounding_boxes, draw_boxes
    from helpers.comparison import Comparison
    from helpers.contours import find_contours
    from helpers.documents import PageComparison, compare_pages
    from helpers.errors import PictureError
    from helpers.grayscale import to_gray
    from helpers.loading import load_image, load_pair
    from helpers.methods import compare
    from helpers.scoring.pairs import Pair, load_pairs
    from helpers.scoring.scores import (
        Evaluation,
        PairResult,
        Scores,
        evaluate,
        match_boxes,
        overlap,
        score_boxes,
    )
    from helpers.scoring.sheet import contact_sheet, save_contact_sheet
    from helpers.similarity import difference_image, ssim, ssim_difference
    from helpers.threshold import otsu_mask
    from helpers.tone import Tone, apply_tone, find_tone

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "Box",
    "Comparison",
    "Evaluation",
    "PageComparison",
    "Pair",
    "PairResult",
    "PictureError",
    "Scores",
    "Tone",
    "apply_tone",
    "bounding_boxes",
    "compare",
    "compare_pages",
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


MODULES = {
    "alignment": ("Alignment", "find_alignment", "warp"),
    "boxes": ("Box", "bounding_boxes", "draw_boxes"),
    "comparison": ("Comparison",),
    "contours": ("find_contours",),
    "documents": ("PageComparison", "compare_pages"),
    "errors": ("PictureError",),
    "grayscale": ("to_gray",),
    "loading": ("load_image", "load_pair"),
    "methods": ("compare",),  # a module `compare` would hide the function once it is imported
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
    "similarity": ("difference_image", "ssim", "ssim_difference"),
    "threshold": ("otsu_mask",),
    "tone": ("Tone", "apply_tone", "find_tone"),
}


def __getattr__(name: str) -> object:
    """Import on first use (PEP 562)."""
    for module, names in MODULES.items():
        if name in names:
            value = getattr(import_module(f"helpers.{module}"), name)
            globals()[name] = value  # the next use finds it at once
            return value
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List all public names, also those that are imported later."""
    return sorted({*globals(), *__all__})
