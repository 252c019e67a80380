"""Shapes and light for drawings.

A picture here is float32, BGR, from 0 to 1. A mask is float32 from 0 (outside) to 1 (inside), and
`size` is (height, width) in pixels. Shapes are meant to be drawn large and reduced by `finish`.
"""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

TOWARDS_LIGHT = np.array([-0.50, -0.62, 0.60])  # x, y, z: from the upper left, above the picture


def colour(hex_rgb: str) -> np.ndarray:
    """A BGR colour from 0 to 1, from a hexadecimal name such as "1b3a6b"."""
    return np.array(list(reversed(bytes.fromhex(hex_rgb))), np.float32) / 255


def blend(picture: np.ndarray, mask: np.ndarray, paint: np.ndarray) -> np.ndarray:
    """Cover the picture with `paint` (a colour or a picture) as far as the mask is 1."""
    return picture + mask[..., None] * (paint - picture)


def blur(mask: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; beyond the border the mask goes on as 0."""
    return cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)


def shifted(mask: np.ndarray, right: float, down: float) -> np.ndarray:
    """The mask moved, as the shadow of a thing is."""
    height, width = mask.shape
    return cv2.warpAffine(mask, np.float32([[1, 0, right], [0, 1, down]]), (width, height))


def rounded_rectangle(
    size: tuple[int, int], box: tuple[float, float, float, float], radius: float
) -> np.ndarray:
    """The mask of a rectangle (x, y, width, height) with rounded corners."""
    x, y, width, height = box
    across = np.abs(np.arange(size[1], dtype=np.float32) + 0.5 - x - width / 2) - width / 2 + radius
    along = (
        np.abs(np.arange(size[0], dtype=np.float32) + 0.5 - y - height / 2) - height / 2 + radius
    )
    across, along = across[None, :], along[:, None]
    beyond_corner = np.sqrt(np.maximum(across, 0) ** 2 + np.maximum(along, 0) ** 2)
    distance = beyond_corner + np.minimum(np.maximum(across, along), 0) - radius
    return np.clip(0.5 - distance, 0, 1).astype(np.float32)


def text_mask(
    size: tuple[int, int],
    text: str,
    start: tuple[float, float],
    font: ImageFont.FreeTypeFont,
    tracking: float = 0,
    pitch: float | None = None,
) -> np.ndarray:
    """The mask of a line of text whose left end and base line are at `start`.

    `tracking` is the space added after each letter; a `pitch` gives every letter the same width.
    """
    sheet = Image.new("L", (size[1], size[0]))
    pen = ImageDraw.Draw(sheet)
    x, y = start
    for letter in text:
        advance = pitch or font.getlength(letter) + tracking
        pen.text((x + (advance if pitch else 0) / 2, y), letter, 255, font, "ms" if pitch else "ls")
        x += advance
    return np.asarray(sheet, np.float32) / 255


def contour_lines(field: np.ndarray, spacing: float, width: float) -> np.ndarray:
    """The mask of the lines on which `field` is a multiple of `spacing`, as on a map."""
    rise_down, rise_right = np.gradient(field)
    steps = field / spacing
    off_line = np.abs(steps - np.round(steps)) * spacing
    distance = off_line / np.maximum(np.hypot(rise_down, rise_right), 1e-6)
    return np.clip(width / 2 - distance + 0.5, 0, 1).astype(np.float32)


def smooth_noise(size: tuple[int, int], grain: int, rng: np.random.Generator) -> np.ndarray:
    """Random hills, about `grain` pixels across, with mean 0 and standard deviation 1."""
    coarse = rng.normal(size=(size[0] // grain + 3, size[1] // grain + 3)).astype(np.float32)
    hills = cv2.resize(coarse, None, fx=grain, fy=grain, interpolation=cv2.INTER_CUBIC)
    hills = hills[grain : grain + size[0], grain : grain + size[1]]
    return (hills - hills.mean()) / hills.std()


def light_on(height: np.ndarray, shininess: float = 30) -> tuple[np.ndarray, np.ndarray]:
    """The diffuse light on a height map in pixels (1 where flat), and its glint (0 where flat)."""
    light = TOWARDS_LIGHT / np.linalg.norm(TOWARDS_LIGHT)
    halfway = light + np.array([0, 0, 1])
    halfway /= np.linalg.norm(halfway)
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8)
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    diffuse = (light[2] - light[0] * slope_x - light[1] * slope_y) / length / light[2]
    facing = (halfway[2] - halfway[0] * slope_x - halfway[1] * slope_y) / length
    glint = np.maximum(facing, 0) ** shininess - halfway[2] ** shininess
    return np.maximum(diffuse, 0).astype(np.float32), np.maximum(glint, 0).astype(np.float32)


def finish(picture: np.ndarray, scale: int, softness: float) -> np.ndarray:
    """Soften by `softness` final pixels, as a lens does, and reduce to 1/scale; BGR uint8."""
    height, width = picture.shape[:2]
    soft = cv2.GaussianBlur(picture, (0, 0), softness * scale)
    small = cv2.resize(soft, (width // scale, height // scale), interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(small * 255), 0, 255).astype(np.uint8)
