"""Pairs made from real photographs: the ones that ship inside scikit-image."""

import cv2
import numpy as np
from skimage import data

from .common import DrawnPair, changed_box

COINS = {
    "title": "Greek coins from Pompeii",
    "author": "Brooklyn Museum",
    "licence": "no known copyright restrictions",
    "origin": "scikit-image, skimage.data.coins",
}
COFFEE = {
    "title": "Coffee cup",
    "author": "Rachel Michetti, courtesy of Pikolo Espresso Bar",
    "licence": "CC0",
    "origin": "scikit-image, skimage.data.coffee",
}
CHELSEA = {
    "title": "Chelsea the cat",
    "author": "Stéfan van der Walt",
    "licence": "CC0",
    "origin": "scikit-image, skimage.data.chelsea",
}
HUBBLE = {
    "title": "Hubble eXtreme Deep Field",
    "author": "NASA; ESA; G. Illingworth, D. Magee, and P. Oesch (University of California, "
    "Santa Cruz), R. Bouwens (Leiden University) and the HUDF09 Team",
    "licence": "public domain (NASA)",
    "origin": "scikit-image, skimage.data.hubble_deep_field",
}
BRICK = {
    "title": "Brick wall (Bricks25)",
    "author": "CC0Textures",
    "licence": "CC0",
    "origin": "scikit-image, skimage.data.brick",
}
GRAVEL = {
    "title": "Gravel (Gravel04)",
    "author": "CC0Textures",
    "licence": "CC0",
    "origin": "scikit-image, skimage.data.gravel",
}


def _bgr(photograph: np.ndarray) -> np.ndarray:
    """A scikit-image photograph (gray or RGB) with its channels in OpenCV's order."""
    from_gray = photograph.ndim == 2
    return cv2.cvtColor(photograph, cv2.COLOR_GRAY2BGR if from_gray else cv2.COLOR_RGB2BGR)


def _ellipse(
    shape: tuple[int, ...], centre: tuple[float, float], axes: tuple[float, float], angle: float = 0
) -> np.ndarray:
    """A filled ellipse: a float mask from 0 to 1 with a smooth edge."""
    mask = np.zeros(shape[:2], np.uint8)
    shift = 4  # binary digits after the point: positions in sixteenths of a pixel
    fixed_centre, fixed_axes = (tuple(round(v * 2**shift) for v in pair) for pair in (centre, axes))
    cv2.ellipse(mask, fixed_centre, fixed_axes, angle, 0, 360, 255, -1, cv2.LINE_AA, shift)
    return mask / 255.0


def _membrane(values: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Stretch the values along the rim of a hole smoothly over it (Laplace's equation)."""
    wider = cv2.dilate(hole.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    rim = (wider & ~hole).astype(np.float64)
    weight = cv2.GaussianBlur(rim, (0, 0), 3)[..., None]
    smooth = cv2.GaussianBlur(values * rim[..., None], (0, 0), 3) / np.maximum(weight, 1e-9)
    membrane = np.where(hole[..., None], values[rim > 0].mean(axis=0), smooth)
    for _ in range(3000):
        padded = np.pad(membrane, ((1, 1), (1, 1), (0, 0)), mode="edge")
        neighbours = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
        membrane[hole] = neighbours[hole] / 4
    return membrane


def _heal(picture: np.ndarray, hole: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """Cover a hole as a retoucher's healing brush does.

    The texture comes from (dx, dy) away; a membrane fits its brightness to the rim of the hole.
    """
    x, y, width, height = cv2.boundingRect(hole.astype(np.uint8))
    margin = 4
    top, left = max(y - margin, 0), max(x - margin, 0)
    around = np.s_[top : y + height + margin, left : x + width + margin]
    target = picture[around].astype(np.float64)
    source = np.roll(picture, (-dy, -dx), axis=(0, 1))[around].astype(np.float64)
    fill = source + _membrane(target - source, hole[around])
    depth = cv2.distanceTransform(hole[around].astype(np.uint8), cv2.DIST_L2, 5)[..., None]
    alpha = np.clip(depth / 3, 0, 1)
    healed = picture.copy()
    healed[around] = np.clip(np.rint(target + alpha * (fill - target)), 0, 255)
    return healed


def _without_coin(
    picture: np.ndarray,
    centre: tuple[float, float],
    axes: tuple[float, float],
    upper_from: tuple[int, int],
    lower_from: tuple[int, int],
) -> np.ndarray:
    """Heal a coin in two halves: no empty patch between the rows is as high as a whole coin."""
    hole = _ellipse(picture.shape, centre, axes) > 0
    middle = round(centre[1])
    healed = picture.copy()
    # The crop ends at the middle, so that the lower half of the coin is no rim of the hole.
    healed[:middle] = _heal(healed[:middle], hole[:middle], *upper_from)
    hole[: middle - 3] = False
    return _heal(healed, hole, *lower_from)


def first_object_removed() -> DrawnPair:
    """05: two coins taken from the ends of their rows."""
    first = _bgr(data.coins())
    without_right = _without_coin(first, (336.5, 125), (22.5, 23.5), (0, -25), (-154, 27))
    without_left = _without_coin(first, (44, 197), (22, 23), (6, -24), (40, -47))
    second = np.where(without_right != first, without_right, without_left)
    return DrawnPair(
        title="Coins",
        change="two coins are gone",
        first=first,
        second=second,
        boxes=[changed_box(first, without_right), changed_box(first, without_left)],
        sources=[COINS],
    )


def second_object_removed() -> DrawnPair:
    """06: one galaxy of the deep field replaced by the sky beside it."""
    first = _bgr(data.hubble_deep_field())[336:656, 446:866].copy()
    galaxy = _ellipse(first.shape, (68.5, 103.5), (29, 17), -25) > 0
    second = _heal(first, galaxy, 110, 12)
    return DrawnPair(
        title="Deep field",
        change="one galaxy is gone",
        first=first,
        second=second,
        boxes=[changed_box(first, second)],
        sources=[HUBBLE],
    )


def _coin_on_table(shape: tuple[int, ...], centre: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """One of the coins laid flat at `centre`: its brightness (0 to 1) and its mask."""
    coins = data.coins().astype(np.float64) / 255
    middle, axes = (334.8, 43.8), (28.6, 27.6)
    mask = _ellipse(coins.shape, middle, axes)
    # The table is seen at a slant: the coin turns a little and flattens to an ellipse.
    turn = np.vstack([cv2.getRotationMatrix2D(middle, -25, 0.9), [0, 0, 1]])
    flatten = np.array([[1, 0, 0], [0, 0.84, 0], [0, 0, 1.0]])
    place = (flatten @ turn)[:2]
    place[:, 2] += np.array(centre) - place @ np.array([*middle, 1.0])
    height, width = shape[:2]
    return tuple(
        cv2.warpAffine(part, place, (width, height), flags=cv2.INTER_LINEAR)
        for part in (coins, mask)
    )


def _shifted(mask: np.ndarray, dx: int, dy: int) -> np.ndarray:
    return np.roll(mask, (dy, dx), axis=(0, 1))


def _metal(brightness: np.ndarray) -> np.ndarray:
    """Brightness (0 to 1) as worn silver under the warm light of the coffee bar (BGR)."""
    levels = [0, 0.25, 0.5, 0.75, 1]
    blue_green_red = ([4, 22, 66, 128, 205], [10, 44, 104, 172, 236], [20, 72, 146, 214, 252])
    return np.dstack([np.interp(brightness, levels, curve) for curve in blue_green_red])


def object_added() -> DrawnPair:
    """07: a coin from another photograph, left on the table beside the saucer."""
    first = _bgr(data.coffee())[8:392, 70:592].copy()
    brightness, coin = _coin_on_table(first.shape, (465, 284))
    edge = np.maximum.reduce([_shifted(coin, 0, dy) for dy in (1, 2, 3)])
    shadow = np.maximum.reduce([_shifted(coin, -step, 2 + step) for step in range(5)])
    shadow = cv2.GaussianBlur(shadow, (0, 0), 2.2)[..., None]
    picture = first * (1 - 0.72 * shadow)
    picture += edge[..., None] * (np.array([16, 34, 58]) - picture)
    sheen = 0.85 + 0.55 * cv2.GaussianBlur(_ellipse(first.shape, (476, 275), (9, 7)), (0, 0), 8)
    worn = np.clip((brightness - 0.5) * 1.35 + 0.48, 0, 1)
    picture += coin[..., None] * (_metal(worn * sheen) - picture)
    near = np.maximum(shadow[..., 0], edge) > 0.01
    second = np.where(near[..., None], np.clip(np.rint(picture), 0, 255), first).astype(np.uint8)
    return DrawnPair(
        title="Coffee",
        change="a coin lies on the table",
        first=first,
        second=second,
        boxes=[changed_box(first, second)],
        sources=[COFFEE, COINS],
    )


def _gray(colours: np.ndarray) -> np.ndarray:
    """The gray values of a list of colours (n, 3)."""
    return cv2.cvtColor(colours[:, None], cv2.COLOR_BGR2GRAY)[:, 0]


def _same_gray(wanted: np.ndarray, gray: np.ndarray) -> np.ndarray:
    """The colours nearest to the wanted ones (n, 3) whose gray value is exactly `gray` (n)."""
    steps = range(-4, 5)
    offsets = sorted(
        ((b, g, r) for b in steps for g in steps for r in steps), key=lambda o: np.dot(o, o)
    )
    found = wanted.copy()
    missing = np.arange(len(wanted))
    for offset in offsets:
        colours = np.clip(wanted[missing].astype(int) + offset, 0, 255).astype(np.uint8)
        hit = _gray(colours) == gray[missing]
        found[missing[hit]] = colours[hit]
        missing = missing[~hit]
        if not len(missing):
            return found
    raise ValueError("some colour has no neighbour of the gray value asked for")


def _blue_eye(picture: np.ndarray, iris: np.ndarray) -> np.ndarray:
    """Turn one iris blue; not one gray value changes."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    less_red_than_fur = np.clip((18 - cv2.GaussianBlur(lab[..., 1], (0, 0), 1)) / 4, 0, 1)
    colourful = np.clip((chroma - 6) / 12, 0, 1)  # the pupil and its highlights stay
    strength = iris * less_red_than_fur * colourful
    blue = np.dstack([lab[..., 0], -0.08 * chroma, -0.75 * chroma])
    mixed = lab + strength[..., None] * (blue - lab)
    wanted = cv2.cvtColor(mixed.astype(np.float32), cv2.COLOR_LAB2BGR) * 255
    changes = strength > 0.01
    gray = _gray(picture[changes])
    colours = np.clip(np.rint(wanted[changes]), 0, 255).astype(np.uint8)
    too_dark = gray.astype(int) - _gray(colours)
    colours = np.clip(colours + too_dark[:, None], 0, 255).astype(np.uint8)
    recoloured = picture.copy()
    recoloured[changes] = _same_gray(colours, gray)
    return recoloured


def recoloured() -> DrawnPair:
    """09: the green eyes of the cat turn blue, with the same gray value in every pixel."""
    first = _bgr(data.chelsea())
    left_iris = cv2.GaussianBlur(_ellipse(first.shape, (170.5, 115.5), (34, 30), 20), (0, 0), 1)
    right_iris = cv2.GaussianBlur(_ellipse(first.shape, (318, 136.5), (22.5, 27), 12), (0, 0), 1)
    left, right = _blue_eye(first, left_iris), _blue_eye(first, right_iris)
    return DrawnPair(
        title="Cat",
        change="the green eyes are blue; no gray value changes",
        first=first,
        second=np.where(left != first, left, right),
        boxes=[changed_box(first, left), changed_box(first, right)],
        sources=[CHELSEA],
    )


def stored_as_jpeg() -> DrawnPair:
    """10: nothing changed, but the second picture is a JPEG."""
    picture = _bgr(data.coffee())[20:356, 60:480].copy()
    return DrawnPair(
        title="Coffee, stored as JPEG",
        change="nothing; the second picture is stored as JPEG",
        first=picture,
        second=picture,
        boxes=[],
        sources=[COFFEE],
        jpeg_quality=80,
    )


def brighter_with_noise() -> DrawnPair:
    """11: nothing changed, but the second picture is 12 % brighter and noisy."""
    first = _bgr(data.brick())[:300, :400].copy()
    # A monochrome camera: one noise value for a pixel, not one for a channel.
    noise = np.random.default_rng(11).normal(0, 4, first.shape[:2])[..., None]
    second = np.clip(np.rint(first * 1.12 + noise), 0, 255).astype(np.uint8)
    return DrawnPair(
        title="Brick wall, brighter",
        change="nothing; the second picture is 12 % brighter and has sensor noise",
        first=first,
        second=second,
        boxes=[],
        sources=[BRICK],
    )


def photographed_again() -> DrawnPair:
    """12: one pebble removed, then the scene seen from a camera moved and turned by one degree."""
    scene = _bgr(data.gravel())
    pebble = _ellipse(scene.shape, (177, 126), (20.5, 14.5), 14) > 0
    without_pebble = _heal(scene, pebble, 275, -33)
    height, width = scene.shape[:2]
    moved = cv2.getRotationMatrix2D((width / 2, height / 2), 1, 1)
    moved[:, 2] += (5, -3)
    again = cv2.warpAffine(without_pebble, moved, (width, height), flags=cv2.INTER_CUBIC)
    frame = np.s_[91:-91, 36:-36]  # inside, so that no empty corner of the turned picture shows
    return DrawnPair(
        title="Gravel, photographed again",
        change="one pebble is gone; the camera moved and turned by one degree",
        first=scene[frame].copy(),
        second=again[frame].copy(),
        boxes=[changed_box(scene[frame], without_pebble[frame])],
        sources=[GRAVEL],
    )
