"""A pair in five views, and sliders that tune the method "robust" on it: for lessons and app."""

import cv2

from helpers.comparison import Comparison
from helpers.loading import Image
from helpers.robust import judge, lay
from helpers.viewer.drawing import pair_in_bgr
from helpers.viewer.explorer import VIEWS, Explorer, Frame, Slider, Strip

PAIR = Strip(
    caption="Original, modified, and where they differ: the brighter, the more.",
    alt="Both pictures with red boxes round what differs, and the strength of the differences.",
)


def views(comparison: Comparison) -> Explorer:
    """Look at a pair in five ways. Its boxes are listed, and choosing one enlarges it."""
    frame = _frame(comparison)
    return Explorer([], lambda: frame, strip=PAIR, views=VIEWS)


def tune(first: Image, second: Image) -> Explorer:
    """Tune the method "robust" on a pair, and look at what it finds in five ways."""
    laid = lay(*pair_in_bgr(first, second))._replace(memory={})

    def render(level: int, merge: int, area: int) -> Frame:
        frame = _frame(judge(laid, level, merge=merge, min_area=area))
        return frame._replace(reading=f"sensitivity {level}: {frame.reading}")

    sliders = [
        Slider("sensitivity", "gray levels", 8, 1, 60),
        Slider("join gaps below", "pixels", 19, 0, 100),
        Slider("smallest area", "pixels", 0, 0, 5000, 20),
    ]
    return Explorer(sliders, render, strip=PAIR, views=VIEWS)


def _frame(comparison: Comparison) -> Frame:
    """Show the pictures and boxes of a comparison, and read its summary."""
    share = cv2.countNonZero(comparison.mask) / comparison.mask.size
    pictures = {
        "original": comparison.first,
        "modified": comparison.aligned,
        "difference": comparison.difference,
    }
    reading = f"{comparison.summary()}, {share:.2%} of pixels differ"
    return Frame(reading, pictures, comparison.boxes)
