"""Pictures of a logo as one meets it: turned, small, blurred, on a coloured ground, in the dark.

`make_view` makes one, `make_views` many for training and tests. `crop_to_content` and `prepare`
are what every picture goes through before a network sees it.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from helpers.deep.logos import Brand, draw_coverage, make_brand, paint
from helpers.loading import Image, PictureError, check_image, to_bgr

CANVAS = 96  # pixels, width and height of a view
SIDE = 64  # of what a network sees
CONTENT = 28  # gray levels by which content differs from the background


def make_view(brand: Brand, rng: Generator) -> Image:
    """Make a picture of a logo as one meets it.

    Scale, rotation, place, background, dark mode, colour, cover, blur, noise and JPEG are drawn
    from `rng`.

    Parameters
    ----------
    brand : Brand
    rng : Generator

    Returns
    -------
    ndarray of uint8, shape (96, 96, 3)
        BGR.
    """
    dark = rng.uniform() < 0.2
    coverage = _placed(draw_coverage(brand.number), rng)
    colours = _shifted(brand.dark if dark else brand.light, rng)
    view = paint(coverage, colours, _background(dark, rng))
    if rng.uniform() < 0.25:
        view = _lit_from_one_side(view, rng)
    if rng.uniform() < 0.2:
        view = _partly_covered(view, coverage, rng)
    return _photographed(view, rng)


def _placed(coverage: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    """Scale, turn and shift, so that all of the logo stays in the picture."""
    height, width = coverage.shape[:2]
    angle = np.clip(rng.normal(0, 5), -15, 15)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    around = np.array([width * cosine + height * sine, width * sine + height * cosine])
    scale = rng.uniform(0.6, 0.97) * CANVAS / around.max()
    spare = (CANVAS - scale * around) / 2
    middle = CANVAS / 2 + rng.uniform(-1, 1, 2) * spare
    matrix *= scale
    matrix[:, 2] += middle - scale * np.array([width / 2, height / 2])
    if scale < 0.7:  # no pixel of a fine line is skipped
        coverage = cv2.GaussianBlur(coverage, (0, 0), 0.4 / scale)
    return cv2.warpAffine(coverage, matrix, (CANVAS, CANVAS))


def _shifted(colours: NDArray, rng: Generator) -> NDArray:
    """Make every channel a little brighter or darker: other light, another screen."""
    gain = rng.uniform(0.85, 1.12) * rng.uniform(0.94, 1.06, 3)
    return np.clip(colours * gain + rng.uniform(-10, 10), 0, 255)


def _background(dark: bool, rng: Generator) -> NDArray:
    """Choose white or nearly, or tinted; nearly black in dark mode."""
    background = np.full(3, rng.uniform(12, 45) if dark else rng.uniform(240, 255))
    if rng.uniform() < 0.4:
        background += rng.uniform(-18, 12, 3)
    return np.clip(background, 0, 255)


def _lit_from_one_side(view: Image, rng: Generator) -> Image:
    """Darken towards one side, by up to 18 gray levels."""
    ramp = np.linspace(0, rng.uniform(0, 18), CANVAS).astype(np.uint8)[:: rng.choice([-1, 1])]
    ramp = np.broadcast_to(ramp[:, None] if rng.uniform() < 0.5 else ramp, view.shape[:2])
    return cv2.subtract(view, cv2.merge([ramp] * 3))


def _partly_covered(view: Image, coverage: NDArray[np.uint8], rng: Generator) -> Image:
    """Cover one end of the logo with a plain strip, up to a fifth of its width or height."""
    # The figure lies inside the ground, so ground and word are all of the logo.
    x, y, width, height = cv2.boundingRect(cv2.max(coverage[..., 0], coverage[..., 2]))
    side, share = rng.integers(4), rng.uniform(0.08, 0.2)
    colour = [int(level) for level in rng.integers(0, 256, 3)]
    across, down = max(round(width * share), 1), max(round(height * share), 1)
    left, top, right, bottom = [
        (x, y, x + across, y + height),
        (x + width - across, y, x + width, y + height),
        (x, y, x + width, y + down),
        (x, y + height - down, x + width, y + height),
    ][side]
    view[top:bottom, left:right] = colour
    return view


def _photographed(view: Image, rng: Generator) -> Image:
    """Blur, noise and JPEG."""
    if rng.uniform() < 0.6:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.4, 1.3))
    if rng.uniform() < 0.3:
        noise = rng.standard_normal(view.shape, np.float32) * rng.uniform(1, 5)
        view = cv2.add(view, noise, dtype=cv2.CV_8U)
    if rng.uniform() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 96))]
        view = cv2.imdecode(cv2.imencode(".jpg", view, quality)[1], cv2.IMREAD_COLOR)
    return view


def make_views(
    numbers: Sequence[int], count: int, *, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Make several views of each brand.

    Parameters
    ----------
    numbers : sequence of int
        Numbers of brands.
    count : int
        Views of each.
    seed : int
        The same seed gives the same pictures.

    Returns
    -------
    pictures : ndarray of uint8, shape (len(numbers) * count, 96, 96, 3)
        BGR; the views of one brand are together.
    labels : ndarray of int64
        The number of each picture's brand.
    """
    pictures = np.empty((len(numbers) * count, CANVAS, CANVAS, 3), np.uint8)
    for place, number in enumerate(numbers):
        brand, rng = make_brand(number), np.random.default_rng([17, seed, number])
        for k in range(count):
            pictures[place * count + k] = make_view(brand, rng)
    return pictures, np.repeat(np.asarray(numbers, np.int64), count)


def crop_to_content(picture: Image) -> Image:
    """Cut off the background round a logo.

    The background is the median of the outermost pixels. Content is what differs from it by more
    than 28 gray levels in a channel.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3)
        BGR.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        A part of `picture`; all of it when nothing differs from the background.
    """
    background = _background_of(picture)
    content = 255 - cv2.inRange(picture, background - CONTENT, background + CONTENT)
    x, y, width, height = cv2.boundingRect(content)
    return picture[y : y + height, x : x + width] if width else picture


def _background_of(picture: Image) -> NDArray[np.float64]:
    """Return the median of the outermost pixels."""
    rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return np.median(rim, axis=0)


def prepare(pictures: Sequence[Image]) -> NDArray[np.float32]:
    """Make pictures what a network sees: cut to the content, square, small, from 0 to 1.

    Parameters
    ----------
    pictures : sequence of ndarray of uint8
        BGR (H, W, 3), gray (H, W) or with alpha (H, W, 4); sizes may differ.

    Returns
    -------
    ndarray of float32, shape (N, 64, 64, 3)
        The longer side of the content fills the square; the rest has the colour of the background.

    Raises
    ------
    PictureError
        One of them is no picture, or is smaller than 8 by 8 pixels.
    """
    squares = np.empty((len(pictures), SIDE, SIDE, 3), np.float32)
    for place, picture in enumerate(pictures):
        squares[place] = _square(picture, f"picture {place}")
    return squares / 255


def _square(picture: Image, name: str) -> Image:
    picture = check_image(picture, name)
    if min(picture.shape[:2]) < 8:
        height, width = picture.shape[:2]
        raise PictureError(
            f"{name} has {width} x {height} pixels; a logo needs 8 x 8 at least. Cut out more."
        )
    picture = to_bgr(picture)
    content = crop_to_content(picture)
    height, width = content.shape[:2]
    scale = (SIDE - 4) / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(content, size, interpolation=method)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    square = np.empty((SIDE, SIDE, 3), np.uint8)
    square[:] = _background_of(picture)
    square[top : top + size[1], left : left + size[0]] = small
    return square
