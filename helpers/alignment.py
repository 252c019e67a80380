"""Align the second picture with the first: estimate shift, rotation and scale. Lesson 11."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.errors import PictureError, brief
from helpers.loading import (
    Image,
    check_gray,
    check_image,
    check_same_size,
    is_array,
)

COARSE = 256  # pixels: longer side of the small pictures that give the first guess
SMALLEST = 32  # pixels: a side shorter than this shows too little to align
PATCHES = 5  # in a row and in a column
ALIKE = 0.4  # correlation below which patches show different things
FLAT = 2  # gray levels: a patch that varies less shows no shift
AGREE = 0.5  # share of the patches that must agree on one similarity
HELPS = 0.95  # what may be left of the difference, at most, for an alignment to be kept
FARTHEST = 0.25  # of a side: whoever moved further shares too little with the first picture
STRETCH = 0.2  # change of scale, and tangent of the angle, beyond which a fit is not believed
FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Alignment(NamedTuple):
    """The move of the second picture against the first.

    Attributes
    ----------
    dx, dy : float
        Shift in pixels at the centre of the picture, to the right and down.
    angle : float
        Rotation in degrees, clockwise as one sees it.
    scale : float
        1.01 = the second picture shows everything 1 % larger.
    matrix : ndarray of float64, shape (2, 3)
        Takes a pixel (x, y, 1) of the first picture to its place (x, y) in the second.
    """

    dx: float
    dy: float
    angle: float
    scale: float
    matrix: NDArray[np.float64]


def find_alignment(first: Image, second: Image) -> Alignment | None:
    """Estimate shift, rotation and scale between two gray pictures from the shifts of patches.

    Phase correlation of both pictures, made small, gives a first shift. Phase correlation of
    patches then tells how far each of them is still off, and RANSAC fits the four numbers of a
    similarity to the shifts on which most patches agree, so a patch that shows a change is
    outvoted. This is done at a quarter of the size and twice at full size.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.

    Returns
    -------
    Alignment or None
        None when nothing has moved, when what is found moves more than a quarter of the picture
        away or does not lessen the difference between the patches, or when the pictures have
        too little in common.

    Raises
    ------
    PictureError
        A picture is not gray uint8, or the sizes differ.

    References
    ----------
    C. D. Kuglin, D. C. Hines, "The phase correlation image alignment method", IEEE Conference on
    Cybernetics and Society, 1975. M. A. Fischler, R. C. Bolles, "Random sample consensus",
    Communications of the ACM 24(6), 1981.
    """
    first = check_gray(first, "the first picture")
    second = check_gray(second, "the second picture")
    check_same_size(first, second)
    if min(first.shape) < SMALLEST:
        return None
    unmoved = _misfit(first, second, np.eye(2, 3))
    if unmoved == 0:
        return None
    quarter = _small(first.shape)
    small = _resized(first, quarter), _resized(second, quarter)
    matrix = _rescaled(_first_guess(*small), 1 / quarter)
    for scale, pair, side, reach in (
        (quarter, small, 64, 2),
        (1, (first, second), 96, 2),
        (1, (first, second), 96, 1),
    ):
        fitted = _fit_patches(*pair, _rescaled(matrix, scale), side, reach)
        if fitted is None:
            break
        matrix = _rescaled(fitted, 1 / scale)
    alignment = _described(matrix, first.shape)
    if not _is_likely(alignment, first.shape):
        return None
    moved = _warp(small[1], _rescaled(matrix, quarter), small[1].shape[::-1])
    if _likeness(small[0], moved) < ALIKE or _misfit(first, second, matrix) >= HELPS * unmoved:
        return None
    return alignment


def likeness(first: Image, second: Image) -> float:
    """Measure what two aligned pictures have in common: the median correlation of their patches.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.

    Returns
    -------
    float
        -1 to 1; below about 0.4 they show different things. 1 where few patches have texture.
    """
    scale = _small(first.shape)
    return _likeness(_resized(first, scale), _resized(second, scale))


def warp(second: Image, alignment: Alignment) -> Image:
    """Bring the second picture to where the first one is.

    Parameters
    ----------
    second : ndarray of uint8, shape (height, width, 3) or (height, width)
    alignment : Alignment
        As `find_alignment` gives it.

    Returns
    -------
    ndarray of uint8, same shape
        Pixels that the second picture does not show repeat its nearest border pixel.

    Raises
    ------
    PictureError
        `second` is no gray or BGR uint8 array, or `alignment` is no alignment.

    References
    ----------
    OpenCV documentation, `cv2.warpAffine`.
    """
    second = check_image(second, "the second picture")
    return _warp(second, _checked_matrix(alignment), second.shape[1::-1])


def _checked_matrix(alignment: Alignment) -> NDArray[np.float64]:
    """Return the matrix of an alignment as a plain array, or raise `PictureError`."""
    if not issubclass(type(alignment), Alignment):
        hint = "; it gives None when nothing moved" if alignment is None else ""
        raise PictureError(
            f"the alignment is {brief(alignment)}. Give what find_alignment returns{hint}."
        )
    matrix = np.asarray(alignment.matrix) if is_array(alignment.matrix) else np.empty(0)
    if matrix.shape != (2, 3) or matrix.dtype.kind not in "iuf" or not np.isfinite(matrix).all():
        raise PictureError(
            f"the matrix of the alignment is {brief(alignment.matrix)}. Give an array of "
            "2 x 3 finite numbers."
        )
    return matrix.astype(np.float64)


def _warp(image: Image, matrix: NDArray, size: tuple[int, int]) -> Image:
    return cv2.warpAffine(image, matrix, size, flags=FLAGS, borderMode=cv2.BORDER_REPLICATE)


def _small(shape: tuple[int, int]) -> float:
    """Choose a scale: a quarter, or more for 320 pixels on the longer side, 32 on the shorter."""
    return min(1, max(0.25, 320 / max(shape), SMALLEST / min(shape)))


def _likeness(first: Image, second: Image) -> float:
    side = min(48, *first.shape)
    corners = _corners(first.shape, side)
    found = []
    for x, y in corners:
        patch, other = (image[y : y + side, x : x + side] for image in (first, second))
        deviations = _deviation(patch), _deviation(other)
        if min(deviations) >= FLAT:
            found.append(cv2.matchTemplate(patch, other, cv2.TM_CCOEFF_NORMED)[0, 0])
        elif max(deviations) >= 4 * FLAT:
            found.append(0)  # there is something in one of them only
    return float(np.median(found)) if len(found) > len(corners) / 3 else 1.0


def _first_guess(first: Image, second: Image) -> NDArray:
    scale = min(1, max(COARSE / max(first.shape), SMALLEST / min(first.shape)))
    small = [_resized(image, scale).astype(np.float32) for image in (first, second)]
    window = cv2.createHanningWindow(small[0].shape[::-1], cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(*small, window)
    return np.array([[1, 0, dx / scale], [0, 1, dy / scale]])


def _fit_patches(
    first: Image, second: Image, matrix: NDArray, side: int, reach: int
) -> NDArray | None:
    """Fit the similarity on which most patches agree.

    `matrix` tells where to look for them, `side` is theirs, and they agree within `reach` pixels.
    """
    side = min(side, *(length // 2 * 2 for length in first.shape))
    window = cv2.createHanningWindow((side, side), cv2.CV_32F)
    places, targets = [], []
    for x, y in _corners(first.shape, side):
        patch, other = _patches(first, second, matrix, x, y, side)
        if min(_deviation(patch), _deviation(other)) < FLAT:
            continue
        shift, _ = cv2.phaseCorrelate(np.float32(patch), np.float32(other), window)
        centre = np.array((x, y)) + (side - 1) / 2
        places.append(centre)
        targets.append(matrix @ (*(centre + shift), 1))
    if len(places) < 4:  # a similarity goes through any two
        return None
    fitted, agrees = cv2.estimateAffinePartial2D(
        np.array(places), np.array(targets), method=cv2.RANSAC, ransacReprojThreshold=reach
    )
    return fitted if fitted is not None and agrees.mean() >= AGREE else None


def _corners(shape: tuple[int, int], side: int) -> list[tuple[int, int]]:
    """List the corners of patches that are spread evenly and overlap by half at most."""
    rows, columns = (
        np.linspace(0, length - side, min(PATCHES, max(2, 2 * length // side))).astype(int)
        for length in shape
    )
    return [(int(x), int(y)) for y in rows for x in columns]


def _patches(
    first: Image, second: Image, matrix: NDArray, x: int, y: int, side: int
) -> tuple[Image, Image]:
    """Cut out a patch of the first picture, and what of the second the matrix brings there."""
    moved = matrix.copy()
    moved[:, 2] = matrix @ (x, y, 1)
    return first[y : y + side, x : x + side], _warp(second, moved, (side, side))


def _misfit(first: Image, second: Image, matrix: NDArray) -> float:
    """Measure how much the difference varies: the median over patches, whatever the brightness."""
    side = min(64, *first.shape)
    pairs = (_patches(first, second, matrix, x, y, side) for x, y in _corners(first.shape, side))
    return float(np.median([_deviation(cv2.subtract(*pair, dtype=cv2.CV_16S)) for pair in pairs]))


def _deviation(values: NDArray) -> float:
    return cv2.meanStdDev(values)[1][0, 0]


def _resized(image: Image, scale: float) -> Image:
    if scale == 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _rescaled(matrix: NDArray, scale: float) -> NDArray:
    """Convert a move to pictures resized by `scale`; pixel centres are at half pixels."""
    shift = (scale - 1) / 2
    resize = np.array([[scale, 0, shift], [0, scale, shift], [0, 0, 1]])
    return (resize @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(resize))[:2]


def _described(matrix: NDArray, shape: tuple[int, int]) -> Alignment:
    centre = np.array((shape[1] - 1, shape[0] - 1)) / 2
    dx, dy = matrix @ (*centre, 1) - centre
    angle = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
    scale = np.hypot(matrix[0, 0], matrix[1, 0])
    return Alignment(float(dx), float(dy), float(angle), float(scale), matrix)


def _is_likely(alignment: Alignment, shape: tuple[int, int]) -> bool:
    return (
        abs(alignment.dx) <= FARTHEST * shape[1]
        and abs(alignment.dy) <= FARTHEST * shape[0]
        and abs(alignment.scale - 1) <= STRETCH
        and abs(np.tan(np.radians(alignment.angle))) <= STRETCH
    )
