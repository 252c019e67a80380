"""What several explorers draw with: the palette as OpenCV takes it, and a pair ready to draw on."""

from helpers import colors
from helpers.loading import Image, check_image, check_same_size, to_bgr

BLUE, RED, GREEN = (colors.bgr(color) for color in (colors.BLUE, colors.RED, colors.GREEN))


def pair_in_bgr(first: Image, second: Image) -> tuple[Image, Image]:
    """Return both pictures in BGR.

    Raises
    ------
    PictureError
        One of them is no picture, or their sizes differ.
    """
    check_image(first, "the first picture")
    check_image(second, "the second picture")
    check_same_size(first, second)
    return to_bgr(first), to_bgr(second)
