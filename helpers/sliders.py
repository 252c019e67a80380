"""Sliders for the notebooks: one value to move, one picture that follows, one line that reads it.

Pictures go to the browser as PNG in an `ipywidgets.Image`, at the width shown; that is about ten
times as fast as drawing a matplotlib figure at each step. What does not depend on the slider is
computed once, before it moves.
"""

from collections.abc import Callable, Sequence

import cv2
import ipywidgets as widgets
import numpy as np
from IPython.display import display
from numpy.typing import NDArray

from helpers import figures
from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.scoring import count_matches, overlap
from helpers.similarity import difference_image, ssim
from helpers.threshold import otsu_mask

WIDTH = 720  # pixels of the page
BLUE = (178, 114, 0)  # figures.BLUE as BGR

Render = Callable[[float], tuple[Image, str]]


class Explorer:
    """A slider, the picture that follows it, and a line that reads it.

    Parameters
    ----------
    slider : ipywidgets slider
        Its description says what is set, with the unit.
    render : callable
        Takes the slider's value; returns a BGR or gray picture and the reading.
    strip : sequence of values
        Shown as a row of pictures below, for readers without a kernel.
    caption, alt : str
        For the strip.

    Attributes
    ----------
    slider, picture, reading : widgets
    """

    def __init__(
        self, slider: widgets.Widget, render: Render, *, strip: Sequence, caption: str, alt: str
    ) -> None:
        slider.style.description_width = "initial"
        slider.layout.width = f"{WIDTH}px"
        self.slider = slider
        self.picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        self.reading = widgets.HTML()
        self._render = render
        self._strip, self._caption, self._alt = strip, caption, alt
        slider.observe(self._follow, names="value")
        self._follow({"new": slider.value})

    def _follow(self, change: dict) -> None:
        picture, self.reading.value = self._render(change["new"])
        self.picture.value = _encode(picture)

    def _ipython_display_(self) -> None:
        # The plain text is what a reader sees where no kernel runs.
        box = widgets.VBox([self.slider, self.reading, self.picture])
        bundle = box._repr_mimebundle_()
        bundle["text/plain"] = (
            f"A slider stands here: {self.slider.description}. Run the cell to move it."
        )
        display(bundle, raw=True)
        strip = {
            f"{self.slider.description}: {value}": self._render(value)[0] for value in self._strip
        }
        figures.show(
            figures.panels(strip, columns=len(strip)), caption=self._caption, alt=self._alt
        )


def fade(first: Image, second: Image) -> Explorer:
    """Fade from the original (0 %) to the modified picture (100 %)."""

    def render(percent: int) -> tuple[Image, str]:
        blend = cv2.addWeighted(first, 1 - percent / 100, second, percent / 100, 0)
        return blend, f"{100 - percent} % original, {percent} % modified"

    return Explorer(
        widgets.IntSlider(0, 0, 100, description="modified, %"),
        render,
        strip=(0, 50, 100),
        caption="The slider's first, middle and last position: what fades is what changed.",
        alt="The picture at three positions of the slider: original, half of each, modified.",
    )


def zoom(image: Image, centre: tuple[int, int]) -> Explorer:
    """Enlarge the picture round `centre` (x, y) until single pixels show."""
    height, width = image.shape[:2]
    x, y = centre

    def render(factor: int) -> tuple[Image, str]:
        part_height, part_width = max(height // factor, 1), max(width // factor, 1)
        top = int(np.clip(y - part_height // 2, 0, height - part_height))
        left = int(np.clip(x - part_width // 2, 0, width - part_width))
        part = image[top : top + part_height, left : left + part_width]
        enlarged = cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST)
        return enlarged, f"{part_width} x {part_height} pixels are shown"

    return Explorer(
        widgets.IntSlider(1, 1, 40, description="enlarged, times"),
        render,
        strip=(1, 8, 40),
        caption="The whole picture, then 8 and 40 times enlarged: a picture is a grid of squares.",
        alt="One spot at three enlargements; at 40 times single square pixels can be counted.",
    )


def green_weight(first: Image, second: Image) -> Explorer:
    """Turn both pictures to gray with another weight for green, and show where the grays differ.

    Red and blue share the rest as 0.299 to 0.114, so the middle mark is the standard gray.
    """
    blues, greens, reds = cv2.split(first.astype(np.float32) - second.astype(np.float32))

    def render(green: float) -> tuple[Image, str]:
        rest = (1 - green) / (0.299 + 0.114)
        gray = np.abs(0.114 * rest * blues + green * greens + 0.299 * rest * reds)
        shown = 255 - np.clip(8 * (gray - 1), 0, 255).astype(np.uint8)  # 1 level is rounding
        return (
            shown,
            f"weight of green {green:.3f}: the grays differ by up to {gray.max():.0f} levels",
        )

    return Explorer(
        widgets.FloatSlider(
            0.587, min=0, max=1, step=0.001, readout_format=".3f", description="weight of green"
        ),
        render,
        strip=(0.0, 0.587, 1.0),
        caption="Where the two grays differ, darkened. At the standard weight nothing is left.",
        alt="Three difference pictures: dark rings at weight 0 and 1, an empty one at 0.587.",
    )


def window_size(first: Image, second: Image) -> Explorer:
    """SSIM's map with windows from 3 to 31 pixels."""
    first_gray, second_gray = to_gray(first), to_gray(second)

    def render(window: int) -> tuple[Image, str]:
        score, similarity = ssim(first_gray, second_gray, window=window)
        return difference_image(similarity), f"window {window} x {window} pixels: SSIM {score:.4f}"

    return Explorer(
        widgets.IntSlider(7, 3, 31, 2, description="window, pixels"),
        render,
        strip=(3, 7, 31),
        caption="The difference image with three windows. A larger one smears each change wider.",
        alt="Three difference images: thin dark marks at 3 pixels, broad gray patches at 31.",
    )


def threshold(difference: Image) -> Explorer:
    """The mask at any threshold, beside what Otsu's method would choose."""
    chosen, _ = otsu_mask(difference)

    def render(level: int) -> tuple[Image, str]:
        mask = cv2.threshold(difference, level, 255, cv2.THRESH_BINARY_INV)[1]
        patches = len(find_contours(mask))
        share = cv2.countNonZero(mask) / mask.size
        return (
            mask,
            f"threshold {level}: {share:.2%} of pixels, {patches} patches. Otsu: {chosen:.0f}",
        )

    return Explorer(
        widgets.IntSlider(int(chosen), 0, 254, description="threshold, gray level"),
        render,
        strip=(20, int(chosen), 250),
        caption="Too low, Otsu's choice, too high.",
        alt="Three masks: few white specks, whole changed parts, and parts with much around them.",
    )


def smallest_area(image: Image, contours: Sequence[NDArray[np.int32]]) -> Explorer:
    """Boxes that are left when those below an area are dropped."""
    boxes = bounding_boxes(contours)

    def render(area: int) -> tuple[Image, str]:
        kept = [box for box in boxes if box.area >= area]
        return draw_boxes(image, kept), f"from {area} pixels up: {len(kept)} of {len(boxes)} boxes"

    return Explorer(
        widgets.IntSlider(0, 0, 4000, 50, description="smallest area, pixels"),
        render,
        strip=(0, 500, 4000),
        caption="All boxes, those from 500 pixels up, those from 4000 up.",
        alt="The picture three times, with fewer red boxes each time.",
    )


def required_overlap(image: Image, found: Sequence[Box], truth: Sequence[Box]) -> Explorer:
    """How many differences count as found when more overlap (IoU) is asked for."""
    overlaps = overlap(found, truth)

    def render(iou: float) -> tuple[Image, str]:
        counts = overlaps.max(axis=1) >= iou
        drawing = draw_boxes(
            image, [box for box, right in zip(found, counts, strict=True) if not right]
        )
        right = [box for box, right in zip(found, counts, strict=True) if right]
        drawing = draw_boxes(drawing, right, color=BLUE, thickness=4)
        matches = count_matches(found, truth, iou)
        return (
            drawing,
            f"overlap of at least {iou:.2f}: {matches} of {len(truth)} differences found",
        )

    return Explorer(
        widgets.FloatSlider(0.5, min=0.05, max=1, step=0.05, description="required overlap, IoU"),
        render,
        strip=(0.05, 0.5, 0.95),
        caption="Boxes that count as right are blue and thick, the others red.",
        alt="The picture with its boxes three times; from left to right fewer boxes are blue.",
    )


def _encode(picture: Image) -> bytes:
    """PNG at the width shown."""
    height, width = picture.shape[:2]
    if width > WIDTH:
        size = WIDTH, round(height * WIDTH / width)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".png", picture)[1].tobytes()
