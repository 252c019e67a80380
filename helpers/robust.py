"""Find what changed and nothing else: align, match tones, tolerate edges. Lessons 10 to 12."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.alignment import Alignment, find_alignment, warp
from helpers.boxes import bounding_boxes, box_mask
from helpers.comparison import Comparison
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import Image, check_whole
from helpers.similarity import ssim_difference
from helpers.tone import Tone, apply_tone, find_tone

BLUR = 0.8  # sigma in pixels: calms noise and keeps boxes tight
SOFTER = (0.5, 0.7, 1, 1.4)  # sigmas in pixels by which one picture may be softer than the other
SOFTENS = 0.93  # what may be left of the difference, at most, for such a blur to be kept
CONTRAST = 8  # grey levels between neighbours that make an edge
CELL = 16  # pixels: side of the cells whose largest differences are ranked
EXACT = 0.9
UNCHANGED = 0.9  # share of the cells that is taken to show no change
GREY, MOST_GREY = 2, 40  # times what cells differ by, and grey levels where the tolerance ends
EDGE, LEAST_EDGE, MOST_EDGE = 2, 0.1, 0.8  # the same for the share of an edge's contrast
CLEAR = 2.5  # times the sensitivity that a change must reach somewhere
LEAST = 20  # pixels of the mask that a change must have
STRIPE, STRIPES = 64, 8  # pixels and number of the stretches of each side that are sampled
TILE = (128, 512)  # rows, columns
LOST = 0.5  # share of the picture that differs when two pictures are too different to align


class Tolerance(NamedTuple):
    """By what two pictures of one thing may differ.

    Attributes
    ----------
    blurs : tuple of float
        Sigma in pixels by which the first and the second picture are blurred.
    radius : int
        Pixels by which an edge may have moved.
    grey : float
        Grey levels by which a pixel may differ anywhere.
    edge : float
        Share of its contrast by which an edge that stands in both pictures may differ.
    """

    blurs: tuple[float, float]
    radius: int
    grey: float
    edge: float


def robust(
    first: Image,
    second: Image,
    *,
    sensitivity: int = 8,
    tolerance: int = 1,
    merge: int = 19,
    min_area: int = 0,
    pad: int = 0,
    align: bool = True,
    ignore: Image | Sequence[tuple[int, int, int, int]] = (),
) -> Comparison:
    """The method "robust" of `compare`, which explains the parameters.

    Both pictures are BGR and of one size.
    """
    sensitivity = check_whole(sensitivity, "sensitivity", 0)
    radius = check_whole(tolerance, "tolerance", 0)
    merge = check_whole(merge, "merge", 0)
    ignored = box_mask(ignore, first.shape[:2])
    strict = sensitivity == 0 or np.array_equal(first, second)
    gray, other = to_gray(first), to_gray(second)
    alignment = find_alignment(gray, other) if align and not strict else None
    aligned = second
    if alignment:
        aligned, other = warp(second, alignment), warp(other, alignment)
        ignored |= _unseen(alignment, gray.shape)
    compared = _filled(aligned, first, ignored)
    tone = None if strict else find_tone(first, compared, ignored)
    if strict:
        strength = cv2.absdiff(first, compared).max(axis=2)
    else:
        allowed = measure_tolerance(first, compared, tone, sensitivity, radius)
        strength = excess(first, compared, tone, allowed, sensitivity)
    threshold = max(sensitivity, 1)
    mask = cv2.inRange(strength, threshold, 255)
    contours = find_contours(_closed(mask, merge))
    if not strict:
        contours = [c for c in contours if _is_clear(c, mask, strength, sensitivity)]
    score, _ = ssim_difference(gray, _filled(other, gray, ignored))
    return Comparison(
        score=score,
        difference=255 - strength,
        mask=mask,
        boxes=bounding_boxes(contours, min_area=min_area, pad=pad, shape=mask.shape),
        first=first,
        second=second,
        threshold=float(255 - threshold),
        method="robust",
        aligned=aligned,
        alignment=alignment,
        tone=tone,
        too_different=alignment is None and cv2.countNonZero(mask) > LOST * mask.size,
    )


def measure_tolerance(
    first: Image, second: Image, tone: Tone | None, sensitivity: int, radius: int
) -> Tolerance:
    """Measure by how much two pictures differ where nothing changed.

    Nine tenths of the cells of 16 x 16 pixels are taken to be unchanged. What they differ by, in
    flat places and at edges, is what a change has to exceed.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    tone : Tone or None
        The correction to apply.
    sensitivity : int
        Grey levels, above 0: the least that is tolerated.
    radius : int
        Pixels by which edges may have moved.

    Returns
    -------
    Tolerance
    """
    first, second = _toned(_sample(first), _sample(second), tone)
    edged = _by_cell(_steps(first)) >= 2 * CONTRAST
    apart = _by_cell(_largest_channel(cv2.absdiff(first, second)))
    if edged.any() and np.quantile(apart[edged], EXACT) == 0:
        return Tolerance((0, 0), 0, sensitivity, 0)
    blurs = _matched_blurs(to_gray(first), to_gray(second))
    largest, _, edges = differences(first, second, blurs, radius)
    at_edge = edges >= CONTRAST
    share = np.where(at_edge, cv2.subtract(largest, sensitivity) / np.maximum(edges, 1), 0)
    grey = np.quantile(_by_cell(np.where(at_edge, 0, largest)), UNCHANGED)
    edged = _by_cell(edges) >= 2 * CONTRAST
    edge = np.quantile(_by_cell(share)[edged], UNCHANGED) if edged.any() else 0
    return Tolerance(
        blurs,
        radius,
        float(np.clip(GREY * grey, sensitivity, max(sensitivity, MOST_GREY))),
        float(np.clip(EDGE * edge, LEAST_EDGE, MOST_EDGE)),
    )


def differences(
    first: Image, second: Image, blurs: tuple[float, float] = (BLUR, BLUR), radius: int = 1
) -> tuple[Image, Image, Image]:
    """By how much each pixel leaves the range of its neighbourhood in the other picture.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size.
    blurs : tuple of float, optional
        Sigma in pixels of the blur of each picture.
    radius : int, optional
        Pixels to each side that make the neighbourhood.

    Returns
    -------
    largest, smallest : ndarray of uint8, shape (height, width)
        Grey levels by which either pixel, and by which both leave the range of the other's
        neighbourhood, in the channel where most.
    edges : ndarray of uint8, shape (height, width)
        Contrast in grey levels of the edge that stands there in both pictures.
    """
    first, second = (
        cv2.GaussianBlur(image, (0, 0), sigma) if sigma else image
        for image, sigma in zip((first, second), blurs, strict=True)
    )
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    top, bottom = cv2.dilate(first, square), cv2.erode(first, square)
    other_top, other_bottom = cv2.dilate(second, square), cv2.erode(second, square)
    outside = cv2.max(cv2.subtract(first, other_top), cv2.subtract(other_bottom, first))
    other_outside = cv2.max(cv2.subtract(second, top), cv2.subtract(bottom, second))
    edges = cv2.min(
        _largest_channel(cv2.subtract(top, bottom)),
        _largest_channel(cv2.subtract(other_top, other_bottom)),
    )
    return (
        _largest_channel(cv2.max(outside, other_outside)),
        _largest_channel(cv2.min(outside, other_outside)),
        cv2.dilate(edges, np.ones((3, 3), np.uint8)),
    )


def excess(
    first: Image, second: Image, tone: Tone | None, allowed: Tolerance, sensitivity: int
) -> Image:
    """How strongly each pixel differs: `sensitivity` where it differs by just what is tolerated.

    Tiles in which both pictures are the same cost next to nothing.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    tone : Tone or None
        The correction to apply.
    allowed : Tolerance
    sensitivity : int
        Grey levels, above 0.

    Returns
    -------
    ndarray of uint8, shape (height, width)
    """
    height, width = first.shape[:2]
    halo = int(4 * max(allowed.blurs)) + 2 * allowed.radius + 2
    strength = np.zeros((height, width), np.uint8)
    for y, x in product(range(0, height, TILE[0]), range(0, width, TILE[1])):
        top, left = max(y - halo, 0), max(x - halo, 0)
        tile = np.s_[top : y + TILE[0] + halo, left : x + TILE[1] + halo]
        if cv2.norm(first[tile], second[tile], cv2.NORM_INF) == 0:
            continue
        pair = _toned(first[tile], second[tile], tone)
        largest, smallest, edges = differences(*pair, allowed.blurs, allowed.radius)
        # Resampling moves one pixel of the two outside the other's range, a change mostly both.
        edge = allowed.edge * edges.astype(np.float32)
        ratio = np.maximum(largest / (allowed.grey + edge), smallest / (allowed.grey + edge / 4))
        inside = ratio[y - top : y - top + TILE[0], x - left : x - left + TILE[1]]
        np.minimum(
            sensitivity * inside,
            255,
            out=strength[y : y + TILE[0], x : x + TILE[1]],
            casting="unsafe",
        )
    return strength


def _unseen(alignment: Alignment, shape: tuple[int, int]) -> Image:
    """Mark the pixels of the first picture that the second does not show."""
    unseen = cv2.warpAffine(
        np.zeros(shape, np.uint8),
        alignment.matrix,
        shape[::-1],
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderValue=255,
    )
    return cv2.dilate(unseen, np.ones((5, 5), np.uint8))  # and those that are blended with them


def _filled(image: Image, first: Image, ignored: Image) -> Image:
    """The picture with what is ignored taken from the first, so that nothing differs there."""
    return cv2.copyTo(first, ignored, image.copy()) if ignored.any() else image


def _toned(first: Image, second: Image, tone: Tone | None) -> tuple[Image, Image]:
    if tone and tone.corrects == "first":
        return apply_tone(first, tone), second
    return first, apply_tone(second, tone) if tone else second


def _sample(image: Image) -> Image:
    """Stretches of rows and columns, spread evenly; the whole of a small picture."""
    rows, columns = (_spread(length) for length in image.shape[:2])
    return image[np.ix_(rows, columns)]


def _spread(length: int) -> NDArray[np.intp]:
    if length <= STRIPE * STRIPES:
        return np.arange(length)
    starts = np.linspace(0, length - STRIPE, STRIPES).astype(int)
    return (starts[:, None] + np.arange(STRIPE)).ravel()


def _matched_blurs(first: Image, second: Image) -> tuple[float, float]:
    """Blurs that leave the least difference: one picture may be softer than the other."""
    softened = [
        {extra: cv2.GaussianBlur(image, (0, 0), np.hypot(BLUR, extra)) for extra in (0, *SOFTER)}
        for image in (first, second)
    ]
    choices = [(0, 0), *((extra, 0) for extra in SOFTER), *((0, extra) for extra in SOFTER)]
    left = [cv2.norm(softened[0][a], softened[1][b], cv2.NORM_L1) for a, b in choices]
    best = int(np.argmin(left))
    extras = choices[best] if left[best] < SOFTENS * left[0] else (0, 0)
    return tuple(float(np.hypot(BLUR, extra)) for extra in extras)


def _steps(image):
    return _largest_channel(cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))


def _largest_channel(image: Image) -> Image:
    blue, green, red = cv2.split(image)
    return cv2.max(cv2.max(blue, green), red)


def _by_cell(values: NDArray) -> NDArray:
    """The largest value in each cell; cells cut off by the border are filled up with 0."""
    height, width = values.shape
    values = np.pad(values, ((0, -height % CELL), (0, -width % CELL)))
    return values.reshape(-(-height // CELL), CELL, -1, CELL).max(axis=(1, 3)).ravel()


def _closed(mask: Image, merge: int) -> Image:
    """Close gaps of fewer pixels than `merge`."""
    if merge < 2:
        return mask
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((merge, merge), np.uint8))


def _is_clear(contour: NDArray, mask: Image, strength: Image, sensitivity: int) -> bool:
    """Whether there are enough pixels inside, and one of them differs clearly."""
    x, y, width, height = cv2.boundingRect(contour)
    inside = cv2.drawContours(
        np.zeros((height, width), np.uint8), [contour - (x, y)], -1, 255, cv2.FILLED
    )
    inside &= mask[y : y + height, x : x + width]
    strongest = cv2.minMaxLoc(strength[y : y + height, x : x + width], inside)[1]
    return cv2.countNonZero(inside) >= LEAST and strongest >= CLEAR * sensitivity
