"""What several explorers draw with: the palette as OpenCV takes it, and a pair ready to draw on."""

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from helpers import colors
from helpers.loading import Image, check_image, check_same_size, to_bgr
from helpers.viewer import figures
from helpers.viewer.explorer import WIDTH

BLUE, RED, GREEN = (colors.bgr(color) for color in (colors.BLUE, colors.RED, colors.GREEN))
BARS = 40  # of a histogram, over the width of the page
HALF = 110  # pixels, height of the upper and of the lower half of it
NUMBERS = 34  # pixels below them, for the values


def pair_in_bgr(first: Image, second: Image) -> tuple[Image, Image]:
    """Return both pictures in BGR.

    Raises
    ------
    PictureError
        One of them is no picture, or their sizes differ.
    """
    first = check_image(first, "the first picture")
    second = check_image(second, "the second picture")
    check_same_size(first, second)
    return to_bgr(first), to_bgr(second)


def render_figure(figure: Figure) -> Image:
    """Render a matplotlib figure as a picture in BGR, at its size times its dpi, and close it."""
    figure.canvas.draw()
    picture = cv2.cvtColor(np.asarray(figure.canvas.buffer_rgba()), cv2.COLOR_RGBA2BGR)
    figures.plt.close(figure)
    return picture


def histograms(
    above: NDArray[np.float64],
    below: NDArray[np.float64],
    edges: NDArray[np.float64],
    full: float,
) -> Image:
    """Draw two histograms on one axis, blue upwards and red downwards.

    Parameters
    ----------
    above, below : ndarray of float, shape (BARS,)
    edges : ndarray of float, shape (BARS + 1,)
        Evenly spaced, as both histograms have them.
    full : float
        The value whose bar is as high as there is room.

    Returns
    -------
    ndarray of uint8, shape (256, WIDTH, 3)
    """
    drawing = np.full((2 * HALF + 2 + NUMBERS, WIDTH, 3), 255, np.uint8)
    width = WIDTH // BARS
    heights = [np.round(values / full * HALF).astype(int) for values in (above, below)]
    for place, (up, down) in enumerate(zip(*heights, strict=True)):
        columns = slice(place * width, (place + 1) * width - 2)
        drawing[HALF - up : HALF, columns] = BLUE
        drawing[HALF + 2 : HALF + 2 + down, columns] = RED
    drawing[HALF : HALF + 2] = 120
    for tick in np.arange(np.ceil(edges[0] * 5), edges[-1] * 5) / 5:
        x = round((tick - edges[0]) / (edges[-1] - edges[0]) * width * BARS)
        cv2.line(drawing, (x, HALF - 5), (x, HALF + 6), (60, 60, 60), 2)
        text, font = f"{tick:.1f}", (cv2.FONT_HERSHEY_SIMPLEX, 0.8, (60, 60, 60), 2, cv2.LINE_AA)
        cv2.putText(drawing, text, (max(x - 22, 0), len(drawing) - 6), *font)
    return drawing
