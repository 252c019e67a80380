"""What differs between two pictures of the same thing though nothing was changed.

A nuisance is a dictionary of its parameters, as `pairs.json` has it. What is in `MOVES`
always moves the second picture; everything else is done to the picture named by `side`.
"""

import cv2
import numpy as np
from numpy.random import Generator

FILTERS = {
    "area": cv2.INTER_AREA,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
    "nearest": cv2.INTER_NEAREST,
}

MOVES = {"shift", "rotation", "scale", "tilt", "keystone", "radial", "desk"}
COARSER = 1.1  # times the size of pixels from which a scene is blurred before it is reduced
MOST_MARGIN = 60  # px of a scene round the first picture, at most: beyond them is the desk


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
    """Change the tone: contrast about middle gray, then brightness in gray levels."""
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


# Optics: what lens, light and sensor do to a picture of a picture


def _perhaps_photographed(rng: Generator) -> dict:
    """Add what every photograph has, to every other one: mild noise of the sensor, JPEG 90."""
    return {"noise": _number(rng, 0.5, 2), "jpeg": 90} if rng.random() < 0.5 else {}


def keystone(rng: Generator) -> dict:
    """Make one side shorter, as when seen aslant; `keystone` is by how many percent, and which."""
    side = ("top", "bottom", "left", "right")[rng.integers(4)]
    percent = (0.5, 1.0)[rng.integers(2)]
    return {"keystone": [percent, side], **_perhaps_photographed(rng)}


def radial(rng: Generator) -> dict:
    """Bend lines as a lens does; `radial` is by how many percent the corners move outwards."""
    return {"radial": (-2.0, 2.0)[rng.integers(2)], **_perhaps_photographed(rng)}


def vignette(rng: Generator) -> dict:
    """Darken towards the corners, which lose `vignette` percent of their light."""
    return {"vignette": 40, **_perhaps_photographed(rng)}


def gradient(rng: Generator) -> dict:
    """Light from one side: white loses up to so many gray levels across, in a direction (degrees).

    A gradient is [levels, direction].
    """
    across = [_number(rng, 10, 40), _number(rng, 0, 360)]
    return {"gradient": across, **_perhaps_photographed(rng)}


def colour_420(rng: Generator) -> dict:
    """Keep colour at half the width and height, as video does, then store as a good JPEG.

    `colour` says how it is brought back to the whole size.
    """
    return {"colour": ("nearest", "bilinear")[rng.integers(2)], "jpeg": int(rng.integers(80, 96))}


def jpeg_90(rng: Generator) -> dict:
    """Store as JPEG of quality 90."""
    return {"jpeg": 90}


# Photographed again: another place of the camera, another light


def _seen_from_elsewhere(rng: Generator) -> dict:
    """Draw a tilt up to 15 degrees, a turn (half of them up to 20), a scale of .5 to 2, a shift.

    A tilt is [degrees, direction of its axis]. Every other one is also seen through a lens that
    moves corners by up to 2 %. `desk` is the colour round the scene. All have the noise of the
    sensor and are stored as JPEG.
    """
    most = 20 if rng.random() < 0.5 else 180
    nuisance = {
        "tilt": [_number(rng, 0, 15), _number(rng, 0, 360)],
        "rotation": _number(rng, -most, most),
        "scale": round(float(2 ** rng.uniform(-1, 1)), 3),
        "shift": [_number(rng, -20, 20), _number(rng, -20, 20)],
        "desk": rng.integers(30, 220, 3).tolist(),
        "noise": _number(rng, 0.5, 3),
        "jpeg": int(rng.integers(75, 96)),
    }
    return nuisance | ({"radial": _number(rng, -2, 2)} if rng.random() < 0.5 else {})


def again(rng: Generator) -> dict:
    """Photograph again in the same light."""
    return _seen_from_elsewhere(rng)


def again_by_a_lamp(rng: Generator) -> dict:
    """Photograph again with light from one side."""
    return _seen_from_elsewhere(rng) | {"gradient": [_number(rng, 10, 80), _number(rng, 0, 360)]}


def again_with_dark_corners(rng: Generator) -> dict:
    """Photograph again through a lens that darkens corners."""
    return _seen_from_elsewhere(rng) | {"vignette": _number(rng, 10, 40)}


def again_in_shadow(rng: Generator) -> dict:
    """Photograph again with a soft shadow over a part.

    `shadow` is [share of light that is lost, x, y, radius, softness]: an ellipse of the picture's
    proportions, in shares of its width and height. Light returns from (1 - softness) of the
    radius on.
    """
    shadow = [
        _number(rng, *limits) for limits in ((0.15, 0.45), (0, 1), (0, 1), (0.25, 0.7), (0.15, 0.6))
    ]
    return _seen_from_elsewhere(rng) | {"shadow": shadow}


def _tilted(tilt: list[float], width: int, height: int) -> np.ndarray:
    """Return the homography of a plane turned round an axis through the middle of the picture.

    The camera is as far away as its focal length, the longer side, so that the middle keeps its
    scale.
    """
    angle, direction = np.radians(tilt)
    axis = np.array([np.cos(direction), np.sin(direction), 0.0])
    turn, _ = cv2.Rodrigues(angle * axis)
    focus = max(width, height)
    seen = np.diag([focus, focus, 1.0]) @ np.column_stack([turn[:, :2], (0, 0, focus)])
    middle = np.array([[1, 0, (width - 1) / 2], [0, 1, (height - 1) / 2], [0, 0, 1]])
    return middle @ (seen / focus) @ np.linalg.inv(middle)


def jpeg_85(rng: Generator) -> dict:
    """Store as JPEG of quality 85."""
    return {"jpeg": 85}


def motion(nuisance: dict, width: int, height: int) -> np.ndarray:
    """Return the matrix (3, 3) that takes a place in the first picture to that in the second.

    All but `radial` is in it.
    """
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D(
        middle, nuisance.get("rotation", 0), nuisance.get("scale", 1)
    )
    matrix[:2, 2] += nuisance.get("shift", (0, 0))
    if "tilt" in nuisance:
        matrix = _tilted(nuisance["tilt"], width, height) @ matrix
    if "keystone" not in nuisance:
        return matrix
    percent, side = nuisance["keystone"]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = corners.copy()
    ends = {"top": [0, 1], "right": [1, 2], "bottom": [2, 3], "left": [3, 0]}[side]
    axis = 0 if side in ("top", "bottom") else 1
    extent = (width, height)[axis]
    seen[ends, axis] += percent / 200 * (extent - 2 * corners[ends, axis])
    return cv2.getPerspectiveTransform(corners, seen) @ matrix


def _bend(nuisance: dict, points: np.ndarray, width: int, height: int) -> np.ndarray:
    """Move places (..., 2) away from the middle by the square of their distance from it."""
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    away = points - middle
    part = (away**2).sum(axis=-1, keepdims=True) / (middle**2).sum()  # 1 at the corners
    return points + nuisance.get("radial", 0) / 100 * part * away


def move_points(nuisance: dict, points: np.ndarray, width: int, height: int) -> np.ndarray:
    """Take places (..., 2) in the first picture to those in the second."""
    moved = cv2.perspectiveTransform(
        points.reshape(-1, 1, 2).astype(float), motion(nuisance, width, height)
    )
    return _bend(nuisance, moved.reshape(points.shape), width, height)


def cut_second(
    scene: np.ndarray, nuisance: dict, margin: int, width: int, height: int
) -> np.ndarray:
    """Cut the second picture from a scene that has `margin` px more than the first on each side."""
    places = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(float)
    straight = places
    for _ in range(4 if "radial" in nuisance else 0):  # the error falls to .06 each time
        straight = straight + places - _bend(nuisance, straight, width, height)
    back = np.linalg.inv(motion(nuisance, width, height))
    source = cv2.perspectiveTransform(straight.reshape(-1, 1, 2), back).reshape(height, width, 2)
    smaller = 1 / min(nuisance.get("scale", 1), 1)
    if smaller > COARSER:
        # A pixel of the second picture is the mean of several: without that, detail would alias.
        scene = cv2.GaussianBlur(scene, (0, 0), 0.5 * np.sqrt(smaller**2 - 1))
    return cv2.remap(
        scene,
        (source + margin).astype(np.float32),
        None,
        interpolation=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT if "desk" in nuisance else cv2.BORDER_REPLICATE,
        borderValue=nuisance.get("desk", 0),
    )


def _light(nuisance: dict, width: int, height: int) -> np.ndarray:
    """Return the part of the light that arrives at each place, (height, width, 1)."""
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    light = 1 - nuisance.get("vignette", 0) / 100 * (x**2 + y**2) / 2
    levels, direction = nuisance.get("gradient", (0, 0))
    c, s = np.cos(np.radians(direction)), np.sin(np.radians(direction))
    across = (c * x + s * y) / (abs(c) + abs(s))  # from -1 to 1
    light *= 1 - levels / 255 * (across + 1) / 2
    if "shadow" in nuisance:
        lost, middle_x, middle_y, radius, softness = nuisance["shadow"]
        away = np.hypot((x + 1) / 2 - middle_x, (y + 1) / 2 - middle_y) / radius
        inside = np.clip((1 - away) / softness, 0, 1)
        light *= 1 - lost * inside**2 * (3 - 2 * inside)
    return light[..., None].astype(np.float32)


def degrade(picture: np.ndarray, nuisance: dict, rng: Generator) -> np.ndarray:
    """Resize, coarsen colour, change tone and light, add noise: all but `store`, which is last."""
    height, width = picture.shape[:2]
    if "resize" in nuisance:
        factor, down, up = (nuisance["resize"][key] for key in ("factor", "down", "up"))
        small = (round(width * factor), round(height * factor))
        picture = cv2.resize(picture, small, interpolation=FILTERS[down])
        picture = cv2.resize(picture, (width, height), interpolation=FILTERS[up])
    if "colour" in nuisance:
        luma, *colour = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb))
        half, how = ((width + 1) // 2, (height + 1) // 2), FILTERS[nuisance["colour"]]
        small = [cv2.resize(part, half, interpolation=cv2.INTER_AREA) for part in colour]
        large = [cv2.resize(part, (width, height), interpolation=how) for part in small]
        picture = cv2.cvtColor(cv2.merge([luma, *large]), cv2.COLOR_YCrCb2BGR)
    tone = np.arange(256, dtype=np.float32)
    if "gamma" in nuisance:
        tone = 255 * (tone / 255) ** np.float32(nuisance["gamma"])
    tone = (tone - 128) * nuisance.get("contrast", 1) + 128 + nuisance.get("brightness", 0)
    values = np.clip(tone, 0, 255)[picture]
    if nuisance.keys() & {"vignette", "gradient", "shadow"}:
        values = values * _light(nuisance, width, height)
    if "noise" in nuisance:
        values += nuisance["noise"] * rng.standard_normal(values.shape, np.float32)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def store(picture: np.ndarray, nuisance: dict) -> tuple[np.ndarray, bytes | None]:
    """Return the picture as its file gives it back, and the file where that is a JPEG."""
    if "jpeg" not in nuisance:
        return picture, None
    file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, nuisance["jpeg"]])[1]
    return cv2.imdecode(file, cv2.IMREAD_COLOR), file.tobytes()
