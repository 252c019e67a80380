"""The palette of the course: colours that stay apart for colour-blind readers.

Okabe and Ito, "Color Universal Design", 2008.
"""

RED, BLUE, ORANGE, GREEN, GRAY = "#D55E00", "#0072B2", "#E69F00", "#009E73", "#666666"


def bgr(color: str) -> tuple[int, int, int]:
    """Convert a colour like "#D55E00" to blue, green and red, 0 to 255, as OpenCV takes it."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return blue, green, red
