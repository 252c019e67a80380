"""One picture, or one pair, that follows sliders: what all the notebooks and the app show.

Pictures go to the browser as files, at the width shown: about ten times as fast as drawing a
matplotlib figure at each step. What does not depend on a slider is computed once, before it moves.
The front end is explorer.js.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from numbers import Real
from typing import Any, NamedTuple

import anywidget
import cv2
import numpy as np
import traitlets
from IPython.display import display

from helpers import encoding
from helpers.boxes import Box, draw_boxes
from helpers.encoding import fit
from helpers.loading import Image
from helpers.viewer import figures, front_end

WIDTH = 720  # pixels of the page
LINE = 200  # pixels across a picture of a strip, for each pixel of its boxes' lines
TALLEST = 10  # widths; the style sheet of the front end has it, too
VIEWS = ("side by side", "swipe", "blink", "onion skin", "difference")
WHOLE = np.s_[:, :]
JPEG = (
    *(cv2.IMWRITE_JPEG_QUALITY, 95),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
)

Region = tuple[int, int, int, int]  # x, y, width, height
Part = tuple[slice, slice]


class Slider(NamedTuple):
    """A slider: the name of what it sets, its unit, and its values."""

    label: str
    unit: str
    initial: float
    low: float
    high: float
    step: float = 1

    @property
    def description(self) -> str:
        """The name with the unit."""
        return f"{self.label}, {self.unit}" if self.unit else self.label


class Frame(NamedTuple):
    """The pictures at one position of the sliders, and what is said of them.

    Attributes
    ----------
    reading : str
        One line that reads the picture. With the name of a picture it is also its alt text.
    pictures : dict of str to ndarray of uint8
        BGR or gray. With views these are "original", "modified" and "difference", which is gray,
        255 = same, and shown in the colours of heat.
    boxes : sequence of Box
        In pixels of the pictures; drawn and listed with views only.
    remarks : sequence of str
        What else is to be known, in sentences. The explorer itself does not show them.
    tell : callable
        Returns what changed, in sentences; it takes longer than drawing, so it waits to be called.
    """

    reading: str
    pictures: dict[str, Image]
    boxes: Sequence[Box] = ()
    remarks: Sequence[str] = ()
    tell: Callable[[], Sequence[str]] = tuple


Render = Callable[..., Frame]  # takes a value for each slider


class Strip(NamedTuple):
    """A row of pictures below, for readers without a kernel.

    One for each of `values` of the first slider, `title` having a place for the value. Without
    values the pictures of the frame are shown, with its boxes.
    """

    caption: str
    alt: str
    values: Sequence[float] = ()
    title: str = ""
    detail: Part = WHOLE  # rows and columns shown, where the whole would be too small to see
    columns: int = 3  # pictures beside each other


class Explorer(anywidget.AnyWidget):
    """Sliders, the pictures that follow them, and a line that reads them.

    Parameters
    ----------
    sliders : sequence of Slider
    render : callable
        Takes a value for each slider; returns a Frame.
    strip : Strip
    views : sequence of str, optional
        Of VIEWS: ways to look at a pair. Without them all pictures of the frame are shown.
    name : str, optional
        Name of the function that makes it, by which the tests find its positions.

    Attributes
    ----------
    name : str
    values : list of float
        The positions of the sliders. Set it to move them.
    view : str
        The view shown.
    chosen : int
        Number of the box that is enlarged, counted from 0; -1 for the whole picture.
    current : Frame or None
        What is shown now; None while it is empty.
    """

    _esm = front_end.read("common.js", "explorer.js")
    _css = front_end.read("common.css", "explorer.css")
    sliders = traitlets.List().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    views = traitlets.List().tag(sync=True)
    view = traitlets.Unicode().tag(sync=True, echo_update=False)
    chosen = traitlets.Int(-1).tag(sync=True, echo_update=False)
    frame = traitlets.Dict().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        sliders: Sequence[Slider],
        render: Render,
        *,
        strip: Strip,
        views: Sequence[str] = (),
        name: str = "",
    ) -> None:
        super().__init__(
            sliders=[slider._asdict() for slider in sliders],
            values=[slider.initial for slider in sliders],
            views=list(views),
            view=views[0] if views else "",
        )
        self.name, self._sliders, self._strip = name, sliders, strip
        self.fill(render)
        self.on_msg(self._move)
        self.observe(self._follow, names=["values"])
        self.observe(self._show, names=["view", "chosen"])

    def fill(self, render: Render) -> None:
        """Show what this function draws; with `empty`, other pictures without another widget.

        A browser never forgets the script of a widget, 20 kB each.
        """
        self._sent: dict[str, tuple[Image, Region, bytes]] = {}
        self._render: Render | None = render
        self._follow()

    def empty(self) -> None:
        """Forget the pictures, and put sliders and views where they were at first."""
        self._render = self.current = None
        self._sent = {}
        self.values = [slider.initial for slider in self._sliders]
        self.view, self.chosen = next(iter(self.views), ""), -1
        self.pictures = {}

    @traitlets.validate("values")
    def _check_values(self, proposal: dict) -> list[float]:
        """Refuse what no slider can be moved to; a browser can send anything."""
        values = proposal["value"]
        fit = len(values) == len(self.sliders) and all(
            isinstance(value, Real) and slider["low"] <= value <= slider["high"]
            for value, slider in zip(values, self.sliders, strict=True)
        )
        if not fit:
            raise traitlets.TraitError("A slider cannot be moved there. Load the page again.")
        return values

    @traitlets.validate("view")
    def _check_view(self, proposal: dict) -> str:
        if proposal["value"] not in (self.views or [""]):
            raise traitlets.TraitError(f"There is no such view. Choose one of {self.views}.")
        return proposal["value"]

    def _move(self, _: Any, content: dict, buffers: list) -> None:
        """Go where the front end moved a slider, and say so: it sends few moves ahead."""
        try:
            self.values = content["values"]
        except traitlets.TraitError as error:
            self.frame = {**self.frame, "reading": str(error)}
        finally:
            self.send({"answered": content["number"]})

    def _follow(self, _: Any = None) -> None:
        if self._render is not None:
            self.current = self._render(*self.values)
            self._show()

    def _show(self, _: Any = None) -> None:
        if self.current is None:
            return
        reading, pictures, boxes = self.current[:3]
        with self.hold_sync():
            if not -1 <= self.chosen < len(boxes):
                self.chosen = -1
            shown = _of_view(pictures, self.view)
            region = self._region(next(iter(shown.values())))
            self.pictures = {
                name: self._encoded(name, picture, region, WIDTH // _columns(self.view))
                for name, picture in shown.items()
            }
            self.frame = {
                "reading": reading,
                "alts": {name: f"{name}: {reading}" for name in shown},
                "boxes": [[int(number) for number in box] for box in boxes],
                "region": region,
            }

    def _region(self, picture: Image) -> Region:
        """Give the whole picture, or what surrounds the chosen box in the same proportions."""
        height, width = picture.shape[:2]
        if self.chosen < 0:
            return 0, 0, width, height
        box = self.current.boxes[self.chosen]
        scale = min(max(1.5 * box.width / width, 1.5 * box.height / height, 40 / width), 1)
        across, down = max(round(scale * width), 1), max(round(scale * height), 1)
        left = np.clip(box.x + (box.width - across) // 2, 0, width - across)
        top = np.clip(box.y + (box.height - down) // 2, 0, height - down)
        return int(left), int(top), across, down

    def _encoded(self, name: str, picture: Image, region: Region, width: int) -> bytes:
        """Encode a part as a file; what was sent before is not encoded again."""
        before, place, data = self._sent.get(name, (None, None, b""))
        if before is not picture or place != (*region, width):
            x, y, across, down = region
            part = picture[y : y + down, x : x + across]
            data = encode(part, width, as_heat=self.view == "difference")
            self._sent[name] = picture, (*region, width), data
        return data

    def _ipython_display_(self) -> None:
        # The plain text is what a reader sees where no kernel runs.
        bundle = self._repr_mimebundle_()
        bundle = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        bundle["text/plain"] = self._in_words()
        display(bundle, raw=True)
        self.show_strip()

    def _in_words(self) -> str:
        if not self.sliders:
            return "Five views of a pair stand here. Run the cell to see them."
        if len(self.sliders) == 1:
            name = Slider(**self.sliders[0]).description
            return f"A slider stands here: {name}. Run the cell to move it."
        labels = ", ".join(slider["label"] for slider in self.sliders)
        return f"{len(self.sliders)} sliders stand here: {labels}. Run the cell to move them."

    def show_strip(self) -> None:
        """Display the strip: what stays in the notebook for readers without a kernel."""
        pictures = self._strip_pictures()
        figure = figures.panels(pictures, columns=min(len(pictures), self._strip.columns))
        figures.show(figure, caption=self._strip.caption, alt=self._strip.alt)

    def _strip_pictures(self) -> dict[str, Image]:
        _, _, values, title, detail, _ = self._strip
        if not values:
            _, pictures, boxes = self.current[:3]
            pictures = {**pictures, "difference": heat(pictures["difference"])}
            thickness = max(round(pictures["original"][detail].shape[1] / LINE), 1)
            for name in ("original", "modified"):
                pictures[name] = draw_boxes(pictures[name], boxes, thickness=thickness)
            return {name: np.ascontiguousarray(shown[detail]) for name, shown in pictures.items()}
        rest = [slider["initial"] for slider in self.sliders[1:]]
        frames = {title.format(value): self._render(value, *rest) for value in values}
        return {
            name: np.ascontiguousarray(next(iter(frame.pictures.values()))[detail])
            for name, frame in frames.items()
        }


def slider(
    *sliders: Slider,
    values: Sequence[float],
    title: str,
    caption: str,
    alt: str,
    columns: int = 3,
) -> Callable[[Callable[..., Render]], Callable[..., Explorer]]:
    """Make an explorer of a function, for sliders and a strip that are always the same.

    Parameters
    ----------
    *sliders : Slider
    values, title, caption, alt, columns
        Of the Strip below it.

    Returns
    -------
    callable
        A decorator. The function below it computes once what no slider changes, and returns
        `render`, which does the rest at each position. Decorated, it returns the Explorer, and
        takes `detail` as well: the rows and columns that the strip shows.
    """

    def decorate(prepare: Callable[..., Render]) -> Callable[..., Explorer]:
        @wraps(prepare, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        def explore(*args: Any, detail: Part = WHOLE, **settings: Any) -> Explorer:
            strip = Strip(caption, alt, values, title, detail, columns)
            render = prepare(*args, **settings)
            return Explorer(sliders, render, strip=strip, name=prepare.__name__)

        takes = list(signature(prepare).parameters.values())
        detail = Parameter("detail", Parameter.KEYWORD_ONLY, default=WHOLE, annotation=Part)
        explore.__signature__ = Signature([*takes, detail], return_annotation=Explorer)
        return explore

    return decorate


def _of_view(pictures: dict[str, Image], view: str) -> dict[str, Image]:
    if not view:
        return pictures
    names = ("difference",) if view == "difference" else ("original", "modified")
    return {name: pictures[name] for name in names}


def _columns(view: str) -> int:
    return 2 if view == "side by side" else 1


def encode(picture: Image, width: int = WIDTH, *, as_heat: bool = False) -> bytes:
    """Encode a picture at the width shown, at most ten times as high.

    Colour is JPEG of quality 95 with full chroma. That costs no visible detail, and is encoded,
    sent and decoded several times as fast as PNG, which gray and enlarged pictures keep.
    """
    fitted = fit(picture, width, TALLEST * width)
    if as_heat:
        fitted = heat(fitted)
    if fitted.ndim == 2 or len(fitted) > len(picture):
        return encoding.encode(".png", fitted)
    return encoding.encode(".jpg", fitted, JPEG)


def heat(difference: Image) -> Image:
    """Colour a difference image, from black where nothing differs to nearly white."""
    # The root lifts what differs by little; the method "robust" finds most of that.
    strength = np.sqrt((255 - np.arange(256)) / 255) * 255
    levels = cv2.LUT(difference, strength.round().astype(np.uint8))
    return cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)
