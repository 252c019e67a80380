"""The settings of the method "robust". Each is here once; all that names one reads it from here.

A field of `Settings` makes the keyword argument of `compare` and its check, the option of
`image-diff`, the line of a report, and, when it has a slider, the slider of the app.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np

from helpers.errors import PictureError, brief
from helpers.loading import LARGEST, Image, check_whole

SIZES = "auto", "crop", "pad", "scale", "refuse"
RAISED = "A pair that is not exact raises it; the result says to what."


class SliderRange(NamedTuple):
    """The slider of a setting: what it is called there, and its values."""

    label: str
    low: int
    high: int
    step: int = 1


class Setting(NamedTuple):
    """A setting as one reads about it.

    Attributes
    ----------
    name : str
    default : int, bool, str or tuple
        Its type says what the setting takes: a whole number, True or False, a word, or boxes.
    help : str
        What it does, in one sentence; for a bool what the value does that is not the default.
    unit : str
    low, high : int
        Limits of a number.
    choices : tuple of str
        The words that it takes.
    more : str
        What else `compare` says about it, in sentences.
    slider : SliderRange or None
        None: it has no slider.
    """

    name: str
    default: Any
    help: str
    unit: str = ""
    low: int = 0
    high: int = LARGEST
    choices: tuple[str, ...] = ()
    more: str = ""
    slider: SliderRange | None = None

    def check(self, value: Any) -> Any:
        """Return `value` as what it is plainly; raise `PictureError` unless it is allowed."""
        if isinstance(self.default, bool):
            if type(value) not in (bool, np.bool_):
                raise PictureError(f"{self.name} is {brief(value)}. Give True or False.")
            return bool(value)
        if self.choices:
            return check_choice(value, self.name, self.choices)
        if not isinstance(self.default, int):
            return value  # boxes are checked when they are drawn, by `box_mask`
        return check_whole(value, self.name, self.low, self.high)


@dataclass(frozen=True, eq=False, kw_only=True)
class Settings:
    """The settings of one comparison by the method "robust"; those not given are the defaults.

    Raises
    ------
    PictureError
        A value is of another type, or outside the limits.
    """

    ignore_below: int = field(
        default=3,
        metadata={
            "help": "gray levels below which a difference is ignored; 0 is strict, and finds every "
            "pixel when a change may have 1",
            "unit": "gray levels",
            "high": 255,
            "more": f"{RAISED} When strict, the pair is taken as exact: nothing is aligned, "
            "matched or tolerated. `min_pixels` counts as ever: give 1 for every pixel.",
            "slider": SliderRange("ignore below", 1, 60),
        },
    )
    tolerance: int = field(
        default=1, metadata={"help": "by how far edges may jitter", "unit": "pixels", "high": 32}
    )
    merge: int = field(
        default=19,
        metadata={
            "help": "pieces with smaller gaps become one box",
            "unit": "pixels",
            "high": 1000,
            "slider": SliderRange("join gaps below", 0, 100),
        },
    )
    min_pixels: int = field(
        default=4,
        metadata={
            "help": "changed pixels that a change must have",
            "unit": "pixels",
            "more": f'{RAISED} "classic" keeps all unless given.',
            "slider": SliderRange("smallest change", 0, 1000),
        },
    )
    pad: int = field(
        default=0, metadata={"help": "make boxes larger on every side", "unit": "pixels"}
    )
    align: bool = field(default=True, metadata={"help": "compare the pictures as they lie"})
    sizes: str = field(
        default="auto",
        metadata={
            "help": "how two pictures of different sizes are brought together",
            "choices": SIZES,
            "more": '"auto": as the pictures themselves tell. The larger is reduced, the second is '
            "turned upright, what one has more at an edge gets a box, or only what both show is "
            'compared; pictures that fit in no way are refused. "crop": what both have from the '
            'upper left corner on. "pad": the same, and the rest gets a box. "scale": the second '
            'is resized to the size of the first. "refuse": not at all.',
        },
    )
    ignore: Image | Sequence[tuple[int, int, int, int]] = field(
        default=(),
        metadata={
            "help": "leave out a place of the first picture",
            "unit": "x,y,width,height",
            "more": "Give a list of boxes (x, y, width, height), or a mask: an ndarray of uint8 "
            "or bool, shape (height, width), above 0 there.",
        },
    )

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            value = setting.check(getattr(self, setting.name))
            object.__setattr__(self, setting.name, value)


def check_choice(value: str, name: str, choices: tuple[str, ...]) -> str:
    """Return `value` as a plain str; raise `PictureError` unless it is one of the choices."""
    try:
        return choices[choices.index(value if isinstance(value, str) else None)]
    except Exception:  # it is none of them, or what a class of texts itself raises
        raise PictureError(
            f"{name} is {brief(value)}. Choose one of: {', '.join(choices)}."
        ) from None


SETTINGS = tuple(Setting(each.name, each.default, **each.metadata) for each in fields(Settings))
DEFAULTS = Settings()
