"""The palette of the course: colours that stay apart for colour-blind readers.

Okabe and Ito, "Color Universal Design", 2008.
"""

import re

from helpers.errors import PictureError, brief

RED, BLUE, ORANGE, GREEN, GRAY = "#D55E00", "#0072B2", "#E69F00", "#009E73", "#666666"


def bgr(color: str) -> tuple[int, int, int]:
    """Convert a colour like "#D55E00" to blue, green and red, 0 to 255, as OpenCV takes it.

    Raises
    ------
    PictureError
        It is no such colour.
    """
    if not isinstance(color, str) or not re.fullmatch("#?[0-9A-Fa-f]{6}", color):
        raise PictureError(f'the color is {brief(color)}. Give one like "#D55E00".')
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return blue, green, red
