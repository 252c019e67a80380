"""Find where a picture lies on one of another size that shows more: for `fitting`."""

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image
from helpers.patches import FLAT, SIDE, telling_corners

LONGEST = 480  # pixels: longer side of the reduced pictures that are searched first
SHORTEST = 48  # pixels that the shorter side of what both show keeps there, and
MOST = 2_000_000  # pixels that the larger one may have for that
TELLING = 320  # pixels: longer side of a picture in which patches are chosen
SMALLEST = 7  # pixels: what both show is not compared when a side of it is shorter
DETAIL = 31  # pixels: side of the window whose mean is light, not detail, in reduced pictures
NEAR = 32  # pixels: places that are no farther apart are searched at full size only
PEAKS, APART = 3, 4  # places of the reduced pictures that are searched again, and pixels between
EQUAL = 0.01  # correlation by which another place must be better than the upper left corner
FEWEST = 0.2  # share of the patches, at least, that have to lie in both pictures at a place
SAME = 3  # gray levels by which pictures without any texture may differ on average


class Offset(NamedTuple):
    """The place of the second picture on the first.

    Attributes
    ----------
    x, y : int
        Pixels of the first picture at which the second one's upper left corner lies; negative when
        the second shows more there.
    alike : float
        -1 to 1: mean correlation of the patches that tell most.
    """

    x: int
    y: int
    alike: float


def find_offset(first: Image, second: Image) -> Offset | None:
    """Find where one picture lies on another when one shows more than the other.

    Patches of the picture with fewer pixels are searched in the other one (normalized cross
    correlation): in both reduced, then at full size round the best places. Of width and height
    alike, the smaller is within the larger. Where several places fit, the upper left corner is
    preferred.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures.

    Returns
    -------
    Offset or None
        The best place, be it a bad one; None where both would share less than 7 x 7 pixels.

    References
    ----------
    J. P. Lewis, "Fast normalized cross-correlation", Vision Interface, 1995.
    """
    if second.size > first.size:
        found = find_offset(second, first)
        return found and Offset(-found.x, -found.y, found.alike)
    rooms = [one - other for one, other in zip(first.shape, second.shape, strict=True)]
    if min(*first.shape, *second.shape) < SMALLEST:
        return None
    low, high = np.minimum(rooms, 0), np.maximum(rooms, 0)
    if cv2.meanStdDev(second)[1][0, 0] < FLAT:
        return _flat(first, second, low, high)
    if (high - low).max() <= NEAR:
        return _best(first, second, low, high)
    scale = _scale(first, second)
    best = _best(first, second, *_around(np.zeros(2), 2, low, high))
    for place in _places(_reduced(first, scale), _reduced(second, scale), low, high, scale):
        reach = math.ceil(1.5 / scale) + 1
        found = _best(first, second, *_around(place, reach, low, high))
        if found.alike > best.alike + EQUAL:
            best = found
    return best


def alike(first: Image, second: Image) -> float:
    """Measure the mean correlation of the patches that tell most.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.

    Returns
    -------
    float
        -1 to 1.
    """
    return _best(first, second, np.zeros(2, int), np.zeros(2, int)).alike


def _corners(image: NDArray, side: int) -> NDArray[np.intp]:
    """Choose upper left corners (y, x) of patches of a picture that tell most."""
    scale = min(max(TELLING / max(image.shape), SHORTEST / min(image.shape)), 1)
    size = [max(round(scale * length), 1) for length in image.shape[::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.unique(telling_corners(small, scale, image.shape, side)[:, ::-1], axis=0)


def _scale(first: Image, second: Image) -> float:
    """Choose by how much to reduce both: as far as the smaller of the two stays telling."""
    wanted = max(
        LONGEST / max(*first.shape, *second.shape), SHORTEST / min(*first.shape, *second.shape)
    )
    return min(wanted, math.sqrt(MOST / first.size), 1.0)


def _reduced(image: Image, scale: float) -> NDArray[np.float32]:
    """Reduce a picture and leave only its details."""
    size = [max(round(scale * length), 1) for length in image.shape[::-1]]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return small - cv2.blur(small, (DETAIL, DETAIL))


def _around(
    place: NDArray, reach: int, low: NDArray[np.intp], high: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the lowest and the highest places (y, x) that are so near, of those allowed."""
    middle = np.clip(np.round(place).astype(int), low, high)
    return np.maximum(middle - reach, low), np.minimum(middle + reach, high)


def _places(
    first: NDArray, second: NDArray, low: NDArray, high: NDArray, scale: float
) -> list[NDArray]:
    """Find the best places (y, x) of reduced pictures, in pixels of the whole ones."""
    low, high = (np.round(scale * limit).astype(int) for limit in (low, high))
    found, _ = _agreement(first, second, low, high)
    places = []
    for _ in range(PEAKS):
        _, _, _, (x, y) = cv2.minMaxLoc(found)
        places.append(np.add(low, (y, x)) / scale)
        cv2.circle(found, (x, y), APART, -1, cv2.FILLED)
    return places


def _best(first: Image, second: Image, low: NDArray, high: NDArray) -> Offset:
    """Find the best place from `low` to `high`; of equal ones that nearest to the upper left."""
    found, patches = _agreement(first, second, low, high)
    if not patches:
        return _flat(first, second, low, high)
    _, best, _, (x, y) = cv2.minMaxLoc(found)
    y0, x0 = np.clip(0, low, high) - low
    if found[y0, x0] >= best - EQUAL:
        x, y, best = x0, y0, found[y0, x0]
    return Offset(int(x + low[1]), int(y + low[0]), float(best))


def _flat(first: Image, second: Image, low: NDArray, high: NDArray) -> Offset:
    """Place pictures of which the smaller shows nothing: at the upper left or the lower right."""
    upper_left = np.clip(0, low, high)
    places = upper_left, low + high - upper_left
    apart = [_apart(first, second, int(y), int(x)) for y, x in places]
    y, x = places[int(apart[1] < apart[0])]
    return Offset(int(x), int(y), float(min(apart) < SAME))


def _apart(first: Image, second: Image, y: int, x: int) -> float:
    """Measure by how many gray levels both differ on average, with the second at that place."""
    one, other = first[max(y, 0) :, max(x, 0) :], second[max(-y, 0) :, max(-x, 0) :]
    height, width = map(min, one.shape, other.shape)
    one, other = one[:height, :width], other[:height, :width]
    return cv2.norm(one, other, cv2.NORM_L1) / one.size


def _agreement(
    first: NDArray, second: NDArray, low: NDArray[np.intp], high: NDArray[np.intp]
) -> tuple[NDArray[np.float32], int]:
    """Measure for each place (y, x) of the second picture how well its telling patches fit there.

    Returns
    -------
    agreement : ndarray of float32, shape (high - low + 1)
        Their mean correlation with the first picture.
    patches : int
        Their number; 0 when the second picture has no texture.
    """
    side = min(SIDE, *first.shape, *second.shape)
    if (low < 0).any() and (high > 0).any():
        side //= 2  # each shows more in one direction: most patches are not in both
    total = np.zeros(high - low + 1, np.float32)
    count, patches = np.zeros_like(total), 0
    for corner in _corners(second, side) if side >= SMALLEST else ():
        y, x = corner
        patch = second[y : y + side, x : x + side]
        from_, to = np.maximum(low, -corner), np.minimum(high, first.shape - corner - side)
        if cv2.meanStdDev(patch)[1][0, 0] < FLAT or (from_ > to).any():
            continue
        (top, left), (bottom, right) = corner + from_, corner + to + side
        (above, before), (below, after) = from_ - low, to - low + 1
        region = first[top:bottom, left:right]
        total[above:below, before:after] += cv2.matchTemplate(region, patch, cv2.TM_CCOEFF_NORMED)
        count[above:below, before:after] += 1
        patches += 1
    return total / np.maximum(count, max(FEWEST * patches, 1)), patches
