"""A pair in five views, and sliders that tune the method "robust" on it: for lessons and app."""

from collections.abc import Sequence

from helpers.comparison import Comparison
from helpers.errors import PictureError, brief
from helpers.loading import Image, check_image, to_bgr
from helpers.robust import detect, prepare
from helpers.settings import SETTINGS, Settings
from helpers.viewer.explorer import (
    VIEWS,
    WHOLE,
    Explorer,
    Frame,
    Part,
    Render,
    Slider,
    Strip,
)

TUNED = [setting for setting in SETTINGS if setting.slider]  # those that `tune` has sliders for
PAIR = Strip(
    caption="Original, modified, and where they differ: the brighter, the more.",
    alt="Both pictures with red boxes round what differs, and the strength of the differences.",
)


def views(comparison: Comparison) -> Explorer:
    """Look at a pair in five ways. Its boxes are listed, and choosing one enlarges it."""
    if not isinstance(comparison, Comparison):
        raise PictureError(f"{brief(comparison)} is no comparison. Give what compare returns.")
    frame = _frame(comparison)
    return Explorer([], lambda: frame, strip=PAIR, views=VIEWS, name="views")


def tune(first: Image, second: Image, *, detail: Part = WHOLE) -> Explorer:
    """Tune the method "robust" on a pair, and look at what it finds in five ways.

    The strip shows the rows and columns of `detail`.
    """
    sliders = []
    for setting in TUNED:
        label, low, high, step = setting.slider
        sliders.append(Slider(label, setting.unit, setting.default, low, high, step))
    strip = PAIR._replace(detail=detail)
    return Explorer(sliders, tuning(first, second), strip=strip, views=VIEWS, name="tune")


def tuning(first: Image, second: Image) -> Render:
    """Prepare a pair, and return what finds its boxes for values of the sliders of `tune`."""
    first = to_bgr(check_image(first, "the first picture"))
    second = to_bgr(check_image(second, "the second picture"))
    pair = prepare(first, second, keep=True)

    def render(*values: int) -> Frame:
        settings = Settings(**tuned_settings(values))
        frame = _frame(detect(pair, settings))
        return frame._replace(reading=f"ignore below {settings.ignore_below}: {frame.reading}")

    return render


def tuned_settings(values: Sequence[int]) -> dict[str, int]:
    """Turn the values of the sliders of `tune` into keyword arguments for `compare`."""
    return {setting.name: value for setting, value in zip(TUNED, values, strict=True)}


def _frame(comparison: Comparison) -> Frame:
    """Show the pictures and boxes of a comparison, and read its summary."""
    first, second = comparison.shown()
    pictures = {"original": first, "modified": second, "difference": comparison.difference}
    reading = f"{comparison.summary()}, {comparison.percent_differing:.2f}% of pixels differ"
    boxes, remarks = comparison.boxes, comparison.remarks
    return Frame(reading, pictures, boxes, remarks, lambda: comparison.told)
