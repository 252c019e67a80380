"""What differs between two pictures of the same thing though nothing was changed.

A nuisance is a dictionary of its parameters, as `pairs.json` has it. Shift and rotation
always move the second picture; everything else is done to the picture named by `side`.
"""

import cv2
import numpy as np
from numpy.random import Generator

FILTERS = {
    "area": cv2.INTER_AREA,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}


def _number(rng: Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 3)


def _resize(rng: Generator, low: float, high: float) -> dict:
    down = ("area", "bilinear", "bicubic")[rng.integers(3)]
    up = ("bilinear", "bicubic", "lanczos")[rng.integers(3)]
    return {"factor": _number(rng, low, high), "down": down, "up": up}


def none(rng: Generator) -> dict:
    """Do nothing: what was not changed is identical."""
    return {}


def jpeg(rng: Generator) -> dict:
    """Store as JPEG."""
    return {"jpeg": int(rng.integers(50, 96))}


def noise(rng: Generator) -> dict:
    """Add Gaussian noise in each channel; `noise` is its standard deviation in gray levels."""
    return {"noise": _number(rng, 1, 6)}


def shift(rng: Generator) -> dict:
    """Move by up to one pixel, by a whole one or by part of one; (x, y) in px."""
    if rng.random() < 0.5:
        x, y = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))[
            rng.integers(8)
        ]
        return {"shift": [x, y]}
    return {"shift": [_number(rng, -1, 1), _number(rng, -1, 1)]}


def gamma(rng: Generator) -> dict:
    """Change the tone: 255 (v / 255) ** gamma."""
    return {"gamma": _number(rng, 0.8, 1.25)}


def brightness_contrast(rng: Generator) -> dict:
    """Change the tone: contrast about middle grey, then brightness in gray levels."""
    return {"contrast": _number(rng, 0.85, 1.15), "brightness": _number(rng, -25, 25)}


def resized(rng: Generator) -> dict:
    """Scale down and back up."""
    return {"resize": _resize(rng, 0.5, 0.9)}


def rendered_again(rng: Generator) -> dict:
    """Draw a page again, each word up to half a pixel off; only for scenes with words."""
    return {"rendered_again": int(rng.integers(2**31))}


def compound(rng: Generator) -> dict:
    """Do all at once, each moderately, as on a picture's way through other hands."""
    return {
        "shift": [_number(rng, -1, 1), _number(rng, -1, 1)],
        "resize": _resize(rng, 0.7, 0.9),
        "gamma": _number(rng, 0.9, 1.1),
        "brightness": _number(rng, -12, 12),
        "noise": _number(rng, 1, 3),
        "jpeg": int(rng.integers(70, 96)),
    }


def rotated(rng: Generator) -> dict:
    """Turn (degrees) and scale about the centre, shift, store as JPEG."""
    return {
        "rotation": _number(rng, -2, 2),
        "scale": _number(rng, 0.98, 1.02),
        "shift": [_number(rng, -6, 6), _number(rng, -6, 6)],
        "jpeg": int(rng.integers(80, 96)),
    }


def shifted(rng: Generator) -> dict:
    """Shift as a whole, by whole pixels or not."""
    x, y = _number(rng, -20, 20), _number(rng, -20, 20)
    return {"shift": [round(x), round(y)] if rng.random() < 0.5 else [x, y]}


def light_jpeg(rng: Generator) -> dict:
    """Store as a good JPEG."""
    return {"jpeg": int(rng.integers(85, 96))}


def light_noise(rng: Generator) -> dict:
    """Add a little noise."""
    return {"noise": _number(rng, 0.5, 2)}


def motion(nuisance: dict, width: int, height: int) -> np.ndarray:
    """Return the matrix (2, 3) that takes a place in the first picture to that in the second."""
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, nuisance.get("rotation", 0), nuisance.get("scale", 1))
    matrix[:, 2] += nuisance.get("shift", (0, 0))
    return matrix


def cut_second(scene: np.ndarray, matrix: np.ndarray, margin: int, width: int, height: int):
    """Cut the second picture from a scene that has `margin` px more than the first on each side."""
    from_scene = matrix.copy()
    from_scene[:, 2] -= matrix[:, :2] @ (margin, margin)
    return cv2.warpAffine(
        scene, from_scene, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def degrade(picture: np.ndarray, nuisance: dict, rng: Generator) -> np.ndarray:
    """Resize, change the tone, add noise; JPEG comes last and is the caller's, who may store it."""
    height, width = picture.shape[:2]
    if "resize" in nuisance:
        factor, down, up = (nuisance["resize"][key] for key in ("factor", "down", "up"))
        small = (round(width * factor), round(height * factor))
        picture = cv2.resize(picture, small, interpolation=FILTERS[down])
        picture = cv2.resize(picture, (width, height), interpolation=FILTERS[up])
    tone = np.arange(256, dtype=np.float32)
    if "gamma" in nuisance:
        tone = 255 * (tone / 255) ** np.float32(nuisance["gamma"])
    tone = (tone - 128) * nuisance.get("contrast", 1) + 128 + nuisance.get("brightness", 0)
    values = np.clip(tone, 0, 255)[picture]
    if "noise" in nuisance:
        values += nuisance["noise"] * rng.standard_normal(values.shape, np.float32)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
