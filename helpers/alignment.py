"""Align the second picture with the first: shift, rotation, scale, and bends. Lesson 11."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
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
MEDIUM = 320  # pixels: longer side, at least, of those that give the second
SMALLEST = 32  # pixels: a side shorter than this shows too little to align
LONGEST = 32766  # pixels: `cv2.remap` takes no longer sides
PATCHES = 5  # in a row and in a column
SIDE = 64  # pixels: of a patch
ALIKE = 0.4  # correlation below which patches show different things
FLAT = 2  # gray levels: a patch that varies less shows no shift
FEWEST = 4  # patches: a similarity goes through any two
AGREE = 0.4  # share of the patches that must agree on one motion
REACH = 2  # pixels by which patches may differ that agree, of the small pictures
HELPS = 0.95  # what may be left of the misfit of a patch, at most, that an alignment helps
FARTHEST = 0.25  # of a side: whoever moved further shares too little with the first picture
STRETCH = 0.2  # change of scale, and tangent of the angle, beyond which a fit is not believed
STEPS = 4  # at full size, at most; each leaves a fifth of what is off, so two are usual
STILL = 0.1  # pixels at a corner: a step that moves it less is the last
WHOLE = 0.05  # pixels: a shift that is so near to a whole one is probably whole
TYPICAL = 0.7  # quantile of what patches miss a motion by
CLOSE, SURE = 0.5, 0.5  # pixels, and share of the patches that must be as close as that at the end
BENT = 0.1  # pixels by which patches must miss a similarity before a bend is tried
STRAIGHTENS = 0.3  # what may be left, at most, of that for a bend to be kept; a change leaves more
ROUNDING = 0.5  # gray levels: no patch is known better
UNSURE = 0.5  # pixels: a patch that knows no direction better does not vote
SMOOTH = 31  # pixels: side of the window whose mean is light, not detail, in small pictures
FINEST = 0.03  # pixels: no patch tells its shift more exactly
SAMPLES = 100  # drawn at random: one of them holds good patches only, if AGREE of all are good
SIMILARITY, ALL = 4, 9  # numbers of a motion: without and with those of a bend
TURNED, SCALED = 24, 12  # steps of 0.7 degrees and of 1.9 % that a turned guess tries each way
CORNERS, FAINT = 600, 7  # at most, and gray levels that make one, to see what is elsewhere
BITS = 64  # of 256 in which descriptors of one corner may differ
MATCHES, MATCHING = 15, 0.3  # number and share of matches that must agree
STAYS, STAYING = 3, 0.3  # pixels within which a corner stays, and share of them that may
STRIP = 64  # rows that are bent at once
FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

Motion = NDArray[np.float64]  # nine numbers, pixels at the corners of the first picture: `_basis`


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
    bend : ndarray of float64, shape (5,), or None
        What moves it beyond that, as pixels at a corner: stretch, slant, perspective across and
        down, and bulge, as a lens makes it. None when the matrix says all.
    """

    dx: float
    dy: float
    angle: float
    scale: float
    matrix: NDArray[np.float64]
    bend: NDArray[np.float64] | None = None

    @property
    def bent(self) -> float:
        """The most pixels, about, by which a corner is moved beyond the matrix; 0 for no bend."""
        if self.bend is None:
            return 0.0
        angles = np.linspace(0, 2 * np.pi, 64)
        motion = np.concatenate([np.zeros(SIMILARITY), self.bend])
        return float(np.hypot(*_displacements(motion, np.cos(angles), np.sin(angles))).max())


class Votes(NamedTuple):
    """What patches say of a motion.

    A patch with one straight edge knows only how far it moved across, so each is asked along
    two directions, and says how well it knows.

    Attributes
    ----------
    places, moves : ndarray of float64, shape (n, 2)
        Their centres in the first picture, and how far they find them moved in the second: pixels.
    axes : ndarray of float64, shape (n, 2, 2)
        Two directions, in rows.
    known : ndarray of float64, shape (n, 2)
        How well the move is known along them: 1 for the best.
    weights : ndarray of float64, shape (n, 2)
        Inverse of the variance of the move along them.
    able : ndarray of bool, shape (n,)
        Patches that show the same thing in both pictures.
    """

    places: NDArray[np.float64]
    moves: NDArray[np.float64]
    axes: NDArray[np.float64]
    known: NDArray[np.float64]
    weights: NDArray[np.float64]
    able: NDArray[np.bool_]


class Fit(NamedTuple):
    """A motion, and how well it fits.

    Attributes
    ----------
    motion : ndarray of float64, shape (9,)
    votes : Votes
        What patches said last.
    miss : float
        Pixels that most of the able ones miss it by, at most.
    agree : float
        Share of the able ones that agree with it.
    misfits : ndarray of float64, shape (n,)
        See `_misfits`.
    """

    motion: Motion
    votes: Votes
    miss: float
    agree: float
    misfits: NDArray[np.float64]


class Pieces(NamedTuple):
    """Patches of the first picture, and what a motion brings there from the second.

    Attributes
    ----------
    places, moves : ndarray of float64, shape (n, 2)
        Their centres in the first picture, and how far the motion moves these: pixels.
    slopes : ndarray of float64, shape (n, 2, 2)
        The motion near each, without the shift.
    patches : ndarray of float32, shape (2, n, side, side)
        Of the first and of the second picture.
    """

    places: NDArray[np.float64]
    moves: NDArray[np.float64]
    slopes: NDArray[np.float64]
    patches: NDArray[np.float32]


class Standardized(NamedTuple):
    """Patches of both pictures in which brightness and contrast do not count.

    Attributes
    ----------
    one, other : ndarray of float32, shape (n, side * side)
        Of mean 0 and deviation 1, or 0 where either is flat; a negative of the other is turned.
    alike : ndarray of float32, shape (n,)
        Their correlation, below 0 for negatives.
    deviations : ndarray of float32, shape (n,)
        The smaller one of what they had, in gray levels.
    """

    one: NDArray[np.float32]
    other: NDArray[np.float32]
    alike: NDArray[np.float32]
    deviations: NDArray[np.float32]


def find_alignment(first: Image, second: Image) -> Alignment | None:
    """Estimate shift, rotation, scale and bend between two gray pictures from shifts of patches.

    Phase correlation of both pictures, made small, gives a first shift. Where that leads
    nowhere, the Fourier-Mellin transform gives a rotation and a scale as well. Phase correlation
    of patches then tells how far each of them is still off, and RANSAC finds the four numbers of
    a similarity on which most patches agree, so a patch that shows a change is outvoted. At
    full size the gradients of patches tell the rest (Lucas and Kanade). Where a similarity
    leaves most patches off and a bend does not, the bend is kept: perspective, or what a lens
    does.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.

    Returns
    -------
    Alignment or None
        None when nothing has moved, when what is found moves more than a quarter of the picture
        away or does not lessen the difference between the patches, or when the pictures have
        too little in common. Exactly whole pixels when these fit no worse.

    Raises
    ------
    PictureError
        A picture is not gray uint8, or the sizes differ.

    References
    ----------
    C. D. Kuglin, D. C. Hines, "The phase correlation image alignment method", IEEE Conference on
    Cybernetics and Society, 1975. M. A. Fischler, R. C. Bolles, "Random sample consensus",
    Communications of the ACM 24(6), 1981. B. D. Lucas, T. Kanade, "An iterative image
    registration technique", IJCAI 1981. B. S. Reddy, B. N. Chatterji, "An FFT-based technique
    for translation, rotation, and scale-invariant image registration", IEEE Transactions on
    Image Processing 5(8), 1996.
    """
    first = check_gray(first, "the first picture")
    second = check_gray(second, "the second picture")
    check_same_size(first, second)
    shape = first.shape
    if min(shape) < SMALLEST:
        return None
    small = _small(first), _small(second)
    corners = _telling_corners(small[0], shape)
    patches = _cut(first, second, np.zeros(ALL), corners).patches
    unmoved = _misfits(patches, _standardized(patches))
    textured = unmoved < 1
    if not textured.any() or np.median(unmoved[textured]) == 0:
        return None
    for guess in _coarse_motions(*map(_details, small), shape):
        fit = _bent_if_better(first, second, _refined(first, second, guess, corners), corners)
        if fit.agree < SURE:
            continue
        fit = _whole_if_as_good(first, second, fit, corners)
        alignment = _described(fit.motion, shape)
        moves = _farthest(fit.motion, shape) >= WHOLE and _is_likely(alignment, shape)
        return alignment if moves and _is_better(fit.misfits, unmoved) else None
    return None


def is_misaligned(first: Image, second: Image) -> bool:
    """Tell whether most of the first picture is in the second, but elsewhere.

    For pairs for which `find_alignment` gives None. Corners of both pictures (ORB) are matched,
    and RANSAC finds the homography on which most matches agree: a turn and a perspective of any
    size. Other pictures hardly have a match, and a local change leaves most corners where they
    are.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width)
        Gray pictures of one size.

    Returns
    -------
    bool
        False where few corners match, as in pictures without detail.

    Raises
    ------
    PictureError
        A picture is not gray uint8, or the sizes differ.

    References
    ----------
    E. Rublee, V. Rabaud, K. Konolige, G. Bradski, "ORB: an efficient alternative to SIFT or
    SURF", ICCV 2011.
    """
    first = check_gray(first, "the first picture")
    second = check_gray(second, "the second picture")
    check_same_size(first, second)
    places, targets = _matched_corners(_small(first), _small(second))
    if len(places) < MATCHES:
        return False
    homography, agree = cv2.findHomography(places, targets, cv2.RANSAC, STAYS)
    stay = np.hypot(*(places - targets).T) < STAYS
    return (
        homography is not None
        and np.count_nonzero(agree) >= max(MATCHES, MATCHING * len(places))
        and np.count_nonzero(stay) <= STAYING * len(places)
    )


def _matched_corners(first: Image, second: Image) -> tuple[NDArray, NDArray]:
    """Find corners that look alike in both pictures, turned or not: two arrays (n, 2)."""
    detector = cv2.ORB_create(CORNERS, fastThreshold=FAINT)
    corners, descriptors = zip(
        *(detector.detectAndCompute(image, None) for image in (first, second)), strict=True
    )
    if any(each is None for each in descriptors):
        return np.empty((0, 2)), np.empty((0, 2))
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(*descriptors)
    near = [match for match in matches if match.distance < BITS]
    return (
        np.array([corners[0][match.queryIdx].pt for match in near]).reshape(-1, 2),
        np.array([corners[1][match.trainIdx].pt for match in near]).reshape(-1, 2),
    )


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
    first, second = _small(first), _small(second)
    side = min(48, *first.shape)
    corners = _even_corners(first.shape, side)
    found = []
    for x, y in corners:
        patch, other = (image[y : y + side, x : x + side] for image in (first, second))
        deviations = _deviation(patch), _deviation(other)
        if min(deviations) >= FLAT:
            found.append(cv2.matchTemplate(patch, other, cv2.TM_CCOEFF_NORMED)[0, 0])
        elif max(deviations) >= 4 * FLAT:
            found.append(0)  # there is something in one of them only
    return float(np.median(found)) if len(found) > len(corners) / 3 else 1.0


def _deviation(values: NDArray) -> float:
    return cv2.meanStdDev(values)[1][0, 0]


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
    OpenCV documentation, `cv2.warpAffine` and `cv2.remap`.
    """
    second = check_image(second, "the second picture")
    matrix, bend = _checked_matrix(alignment), _checked_bend(alignment)
    if second.ndim == 2:
        return _moved(second, matrix, bend)
    # OpenCV moves four channels more than twice as fast as three.
    four = cv2.cvtColor(second, cv2.COLOR_BGR2BGRA)
    return cv2.cvtColor(_moved(four, matrix, bend), cv2.COLOR_BGRA2BGR)


def unseen(alignment: Alignment, shape: tuple[int, int]) -> Image:
    """Mark the pixels of the first picture that the second does not show.

    Parameters
    ----------
    alignment : Alignment
    shape : tuple of int
        Height and width of both pictures.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        255 there, at the border, and two pixels round both, which are blended with it; 0 elsewhere.
    """
    seen = np.full(shape, 255, np.uint8)
    seen = _moved(seen, _checked_matrix(alignment), _checked_bend(alignment), cv2.BORDER_CONSTANT)
    seen[[0, -1]] = seen[:, [0, -1]] = 0
    return cv2.dilate(cv2.compare(seen, 255, cv2.CMP_LT), np.ones((5, 5), np.uint8))


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


def _checked_bend(alignment: Alignment) -> NDArray[np.float64] | None:
    """Return the bend of an alignment as a plain array, or raise `PictureError`."""
    if alignment.bend is None:
        return None
    bend = np.asarray(alignment.bend) if is_array(alignment.bend) else np.empty(0)
    if bend.shape != (5,) or bend.dtype.kind not in "iuf" or not np.isfinite(bend).all():
        raise PictureError(
            f"the bend of the alignment is {brief(alignment.bend)}. Give an array of 5 finite "
            "numbers, or None."
        )
    return bend.astype(np.float64)


def _moved(
    image: Image, matrix: NDArray, bend: NDArray | None, border: int = cv2.BORDER_REPLICATE
) -> Image:
    height, width = image.shape[:2]
    if bend is None:
        return cv2.warpAffine(image, matrix, (width, height), flags=FLAGS, borderMode=border)
    moved = np.empty_like(image)
    motion = np.concatenate([np.zeros(SIMILARITY), bend]).tolist()  # plain numbers keep float32
    (a, b, c), (d, e, f) = matrix.tolist()
    x = np.arange(width, dtype=np.float32)
    for top in range(0, height, STRIP):
        y = np.arange(top, min(top + STRIP, height), dtype=np.float32)[:, None]
        across, down = _displacements(motion, *_normal(x, y, (height, width)))
        place = a * x + b * y + c + across, d * x + e * y + f + down
        moved[top : top + STRIP] = cv2.remap(image, *place, cv2.INTER_LINEAR, borderMode=border)
    return moved


def _normal(x: NDArray, y: NDArray, shape: tuple[int, int]) -> tuple[NDArray, NDArray]:
    """Convert pixels to coordinates that are 0 at the centre and 1 away from it at the corners."""
    height, width = shape
    half = math.hypot(height, width) / 2
    return (x - (width - 1) / 2) / half, (y - (height - 1) / 2) / half


def _displacements(motion: Sequence, u: NDArray, v: NDArray) -> tuple[NDArray, NDArray]:
    """Compute by how many pixels a motion moves points to the right and down."""
    right, down, scale, turn, stretch, slant, across, along, bulge = motion
    growing = across * u + along * v + bulge * (u * u + v * v)
    return (
        right + u * (scale + stretch + growing) + v * (slant - turn),
        down + v * (scale - stretch + growing) + u * (slant + turn),
    )


def _basis(points: NDArray, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Compute what each number of a motion does to points (n, 2): shape (n, 2, 9)."""
    u, v = _normal(*points.T, shape)
    return np.array(_displacements(np.eye(ALL)[..., None], u, v)).transpose(2, 0, 1)


def _farthest(motion: Motion, shape: tuple[int, int]) -> float:
    """Measure how far a motion moves the corner that it moves most, in pixels."""
    height, width = shape
    x, y = np.array([0, width - 1]), np.array([[0], [height - 1]])
    return float(np.hypot(*_displacements(motion, *_normal(x, y, shape))).max())


def _described(motion: Motion, shape: tuple[int, int]) -> Alignment:
    height, width = shape
    centre = np.array((width - 1, height - 1)) / 2
    scale, turn = motion[2:SIMILARITY] / (math.hypot(height, width) / 2)
    linear = np.array([[1 + scale, -turn], [turn, 1 + scale]])
    matrix = np.column_stack([linear, centre + motion[:2] - linear @ centre])
    angle, size = np.degrees(np.arctan2(turn, 1 + scale)), np.hypot(turn, 1 + scale)
    bend = motion[SIMILARITY:] if motion[SIMILARITY:].any() else None
    return Alignment(*motion[:2].tolist(), float(angle), float(size), matrix, bend)


def _small(image: Image) -> Image:
    """Halve a picture as long as it keeps 320 pixels on the longer side, 32 on the shorter."""
    while max(image.shape) >= 2 * MEDIUM and min(image.shape) >= 2 * SMALLEST + 1:
        height, width = (length // 2 for length in image.shape)  # of even sides: that is fast
        image = cv2.resize(
            image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA
        )
    return image


def _details(image: Image) -> NDArray[np.float32]:
    """Leave out light that changes slowly: a ramp says nothing of a shift."""
    light = cv2.blur(image, (SMOOTH, SMOOTH), borderType=cv2.BORDER_REPLICATE)
    return cv2.subtract(image, light, dtype=cv2.CV_32F)


def _telling_corners(small: Image, shape: tuple[int, int]) -> NDArray[np.intp]:
    """Choose places of patches: in each cell of the picture where most edges meet."""
    scale = _scale(small, shape)
    side = min(SIDE, *shape)
    telling = cv2.cornerMinEigenVal(small, max(3, round(scale * side / 2)))
    rows, columns = (np.linspace(0, length, PATCHES + 1).astype(int) for length in small.shape)
    found = []
    for (top, bottom), (left, right) in product(pairwise(rows), pairwise(columns)):
        *_, (x, y) = cv2.minMaxLoc(telling[top:bottom, left:right])
        found.append((x + left + 0.5, y + top + 0.5))
    limits = np.array(shape[::-1]) - side
    return np.clip(np.array(found) / scale - side / 2, 0, limits).astype(int)


def _even_corners(shape: tuple[int, int], side: int) -> NDArray[np.intp]:
    """Spread patches evenly, so that they overlap by half at most."""
    rows, columns = (
        np.linspace(0, length - side, min(PATCHES, max(2, 2 * length // side))).astype(int)
        for length in shape
    )
    return np.array([(x, y) for y in rows for x in columns])


def _coarse_motions(first: Image, second: Image, shape: tuple[int, int]) -> Iterator[Motion]:
    """Find motions on which patches of the small pictures agree; the likeliest first."""
    scale = _scale(first, shape)
    for guess, other in _guesses(first, second, shape):
        votes = _phase_votes(first, other, guess, shape)
        if np.count_nonzero(votes.able) < FEWEST:
            continue
        motion, agree = _elected(votes, SIMILARITY, REACH / scale, shape)
        if np.count_nonzero(agree) < max(FEWEST, AGREE * np.count_nonzero(votes.able)):
            continue
        miss = np.quantile(_misses(votes, motion[None], shape)[0][votes.able], TYPICAL)
        if miss > 1 / scale and np.count_nonzero(votes.able) >= 2 * FEWEST:
            bent, _ = _elected(votes, ALL, 1 / scale, shape)
            other = np.quantile(_misses(votes, bent[None], shape)[0][votes.able], TYPICAL)
            motion = bent if other < STRAIGHTENS * miss else motion
        yield motion


def _guesses(first: Image, second: Image, shape: tuple[int, int]) -> Iterator[tuple[Motion, Image]]:
    """Guess the motion, each time of another picture: as it is, turned and scaled, negative."""
    size = min(1, max(COARSE / max(first.shape), SMALLEST / min(first.shape)))
    small, other = _resized(first, size), _resized(second, size)
    scale = size * _scale(first, shape)
    yield _shifted(small, other, (0.0, 1.0), scale, shape), second
    yield _shifted(small, other, _turn(small, other), scale, shape), second
    yield _shifted(small, -other, (0.0, 1.0), scale, shape), -second


def _shifted(
    first: NDArray, second: NDArray, turn: tuple[float, float], scale: float, shape: tuple[int, int]
) -> Motion:
    """Find the shift between two pictures of which the second is turned and scaled."""
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    angle, size = turn
    motion = np.zeros(ALL)
    motion[2] = (size * math.cos(angle) - 1) * math.hypot(*shape) / 2
    motion[3] = size * math.sin(angle) * math.hypot(*shape) / 2
    matrix = _rescaled(_described(motion, shape).matrix, scale)
    back = second if turn == (0, 1) else _moved(second, matrix, None)
    shift, _ = cv2.phaseCorrelate(first, back, window)
    motion[:2] = matrix[:, :2] @ shift / scale
    return motion


def _turn(first: NDArray, second: NDArray) -> tuple[float, float]:
    """Find angle in radians and scale of the second picture by the Fourier-Mellin transform.

    The strengths of a picture's waves do not say where it is. In polar coordinates, with the
    logarithm of the radius, a turn and a scale only shift them.
    """
    one, other = (_log_polar(image) for image in (first, second))
    around = np.concatenate([one[-TURNED:], one, one[:TURNED]])  # half a turn is no turn here
    inside = np.ascontiguousarray(other[:, SCALED:-SCALED])
    *_, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(around, inside, cv2.TM_CCOEFF_NORMED))
    return (TURNED - y) * math.pi / COARSE, (COARSE / 2) ** ((x - SCALED) / COARSE)


def _log_polar(image: NDArray) -> NDArray[np.float32]:
    """Compute the strengths of a picture's waves: rows are directions, columns log radii."""
    image = image[:COARSE, :COARSE]  # of a long strip the beginning
    height, width = image.shape
    square = np.zeros((COARSE, COARSE), np.float32)
    square[:height, :width] = image - image.mean()
    square[:height, :width] *= cv2.createHanningWindow((width, height), cv2.CV_32F)
    strengths = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(square)))).astype(np.float32)
    wave = np.cos(np.pi * np.linspace(-0.5, 0.5, COARSE, endpoint=False, dtype=np.float32))
    low = np.outer(wave, wave)
    strengths *= (1 - low) * (2 - low)  # coarse waves are strong everywhere and tell little
    polar = cv2.warpPolar(
        strengths,
        (COARSE, 2 * COARSE),
        (COARSE / 2, COARSE / 2),
        COARSE / 2,
        cv2.INTER_LINEAR | cv2.WARP_POLAR_LOG,
    )
    return polar[:COARSE, COARSE // 2 :]  # the other half turn is the same


def _refined(first: Image, second: Image, motion: Motion, corners: NDArray) -> Fit:
    """Improve a motion at full size."""
    shape = first.shape
    terms = ALL if motion[SIMILARITY:].any() else SIMILARITY
    for _ in range(STEPS):
        pieces = _cut(first, second, motion, corners)
        pair = _standardized(pieces.patches)
        votes = _gradient_votes(pieces, pair)
        better = _fitted(votes, motion, terms, REACH, shape)
        if better is None:
            break
        step, motion = _farthest(better - motion, shape), better
        if step < STILL:
            break
    misses = _misses(votes, motion[None], shape)[0][votes.able]
    miss, agree = np.inf, 0.0
    if len(misses) >= FEWEST:
        miss, agree = float(np.quantile(misses, TYPICAL)), float(np.mean(misses < CLOSE))
    return Fit(motion, votes, miss, agree, _misfits(pieces.patches, pair))


def _bent_if_better(first: Image, second: Image, fit: Fit, corners: NDArray) -> Fit:
    """Bend a similarity that misses what patches say, if then it hardly does."""
    count = np.count_nonzero(fit.votes.able)
    if fit.miss < BENT or count < 2 * FEWEST or max(first.shape) > LONGEST:
        return fit
    bent = _refined(first, second, _elected(fit.votes, ALL, REACH, first.shape)[0], corners)
    return bent if bent.miss < STRAIGHTENS * fit.miss else fit


def _whole_if_as_good(first: Image, second: Image, fit: Fit, corners: NDArray) -> Fit:
    """Round a shift that is nearly whole, if patches then fit no worse."""
    whole = np.zeros(ALL)
    whole[:2] = fit.motion[:2].round()
    if _farthest(fit.motion - whole, first.shape) < WHOLE:
        patches = _cut(first, second, whole, corners).patches
        misfits = _misfits(patches, _standardized(patches))
        if misfits.sum() <= fit.misfits.sum():
            return fit._replace(motion=whole, misfits=misfits)
    return fit


def _misses(votes: Votes, motions: NDArray, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Measure by how many pixels each motion (m, 9) misses what each patch knows: (m, n)."""
    rows = votes.known[..., None] * (votes.axes @ _basis(votes.places, shape))
    said = votes.known * np.einsum("nab,nb->na", votes.axes, votes.moves)
    off = rows.reshape(-1, ALL) @ motions.T - said.reshape(-1, 1)
    return np.hypot(off[::2], off[1::2]).T


def _elected(
    votes: Votes, terms: int, reach: float, shape: tuple[int, int]
) -> tuple[Motion, NDArray[np.bool_]]:
    """Find the motion of so many terms on which most patches agree, by RANSAC."""
    able = np.flatnonzero(votes.able)
    left, right = _equations(votes, terms, shape)
    chances = np.random.default_rng(0).random((SAMPLES, len(able)))  # the same ones each time
    drawn = able[np.argsort(chances, axis=1)[:, : terms // 2 + 1]]
    motions = _solved(left[drawn].sum(axis=1), right[drawn].sum(axis=1))
    far = _misses(votes, motions, shape)[:, able] / reach
    best = motions[np.minimum(far, 1).sum(axis=1).argmin()]
    fitted = _fitted(votes, best, terms, reach, shape)
    best = best if fitted is None else fitted
    return best, votes.able & (_misses(votes, best[None], shape)[0] < reach)


def _fitted(
    votes: Votes, motion: Motion, terms: int, reach: float, shape: tuple[int, int]
) -> Motion | None:
    """Fit a motion to the patches that agree with the given one; None when they are too few."""
    left, right = _equations(votes, terms, shape)
    for _ in range(3):
        misses = _misses(votes, motion[None], shape)[0]
        agree = votes.able & (misses < reach)
        if np.count_nonzero(agree) < max(FEWEST, terms // 2 + 1):
            return None
        motion = _solved(left[agree].sum(axis=0)[None], right[agree].sum(axis=0)[None])[0]
        reach = min(reach, max(reach / 2, 3 * float(np.median(misses[agree]))))
    return motion


def _equations(votes: Votes, terms: int, shape: tuple[int, int]) -> tuple[NDArray, NDArray]:
    """Write what each patch says as normal equations of a motion."""
    rows = votes.axes @ _basis(votes.places, shape)[..., :terms]
    said = votes.axes @ votes.moves[..., None]
    weighted = (rows * votes.weights[..., None]).transpose(0, 2, 1)
    return weighted @ rows, weighted @ said


def _solved(left: NDArray, right: NDArray) -> NDArray[np.float64]:
    """Solve normal equations for motions; what they leave open stays near 0."""
    terms = left.shape[-1]
    ridge = 1e-6 * np.trace(left, axis1=1, axis2=2)[:, None, None] * np.eye(terms)
    motions = np.zeros((len(left), ALL))
    motions[:, :terms] = np.linalg.solve(left + ridge, right)[..., 0]
    return motions


def _cut(
    first: Image,
    second: Image,
    motion: Motion,
    corners: NDArray,
    side: int = SIDE,
    shape: tuple[int, int] | None = None,
) -> Pieces:
    """Cut patches out of the first picture, and what of the second the motion brings there."""
    shape = shape or first.shape
    scale, side = _scale(first, shape), min(side, *first.shape)
    middle = (side - 1) / 2
    places = (corners + middle + 0.5) / scale - 0.5
    cross = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    spots = (places[:, None] + cross).reshape(-1, 2)
    there = (spots + _basis(spots, shape) @ motion).reshape(-1, 5, 2)
    slopes = np.stack([there[:, 1] - there[:, 2], there[:, 3] - there[:, 4]], axis=2) / 2
    starts = (there[:, 0] + 0.5) * scale - 0.5 - slopes @ (middle, middle)
    matrices = np.concatenate([slopes, starts[..., None]], axis=2)
    patches = np.empty((2, len(corners), side, side), np.float32)
    for (x, y), matrix, patch, other in zip(corners, matrices, *patches, strict=True):
        patch[:] = first[y : y + side, x : x + side]
        other[:] = cv2.warpAffine(
            second, matrix, (side, side), flags=FLAGS, borderMode=cv2.BORDER_REPLICATE
        )
    return Pieces(places, there[:, 0] - places, slopes, patches)


def _phase_votes(first: Image, second: Image, motion: Motion, shape: tuple[int, int]) -> Votes:
    """Ask patches of the small pictures by phase correlation: for shifts up to half their side."""
    side = min(SIDE, *(length // 2 * 2 for length in first.shape))
    corners = _even_corners(first.shape, side)
    pieces = _cut(first, second, motion, corners, side, shape)
    window = cv2.createHanningWindow((side, side), cv2.CV_32F)
    shifts, able = np.zeros((len(corners), 2)), np.zeros(len(corners), bool)
    for index, pair in enumerate(zip(*pieces.patches, strict=True)):
        if min(map(_deviation, pair)) >= FLAT:
            shifts[index], able[index] = cv2.phaseCorrelate(*pair, window)[0], True
    shifts = (pieces.slopes @ shifts[..., None])[..., 0] / _scale(first, shape)
    ones = np.ones((len(corners), 2))
    axes = np.tile(np.eye(2), (len(corners), 1, 1))
    return Votes(pieces.places, pieces.moves + shifts, axes, ones, ones, able)


def _gradient_votes(pieces: Pieces, pair: Standardized) -> Votes:
    """Ask patches by their gradients: for what is left of their shifts, a pixel or two."""
    count, side = pieces.patches.shape[1:3]
    apart = pair.one - pair.other
    mean = ((pair.one + pair.other) / 2).reshape(-1, side)
    slopes = np.stack(
        [
            cv2.Scharr(mean, cv2.CV_32F, *order, scale=1 / 32).reshape(count, -1)
            for order in ((1, 0), (0, 1))
        ]
    )
    window = _window(side)
    # A ramp looks the same everywhere once brightness does not count.
    slopes -= (slopes @ window)[..., None]
    weighted = slopes * window
    tensor = np.array([[_dot(a, b) for b in slopes] for a in weighted]).transpose(2, 0, 1)
    strengths, directions = np.linalg.eigh(tensor.astype(np.float64))
    strengths = np.maximum(strengths, 1e-9)
    axes = directions.transpose(0, 2, 1)
    told = (axes @ np.stack([_dot(a, apart) for a in weighted], axis=1)[..., None])[..., 0]
    noise = _dot(apart * window, apart) - (told**2 / strengths).sum(axis=1)
    noise = np.maximum(noise, (ROUNDING / pair.deviations) ** 2)
    variances = 9 * noise[:, None] / side**2 / strengths + FINEST**2
    moves = (directions @ (told / strengths)[..., None])[..., 0]
    moves = pieces.moves + (pieces.slopes @ moves[..., None])[..., 0]
    known = np.sqrt(strengths / strengths.max(axis=1, keepdims=True))
    able = (np.abs(pair.alike) >= ALIKE) & (variances.min(axis=1) < UNSURE**2)
    axes = axes @ pieces.slopes.transpose(0, 2, 1)
    return Votes(pieces.places, moves, axes, known, 1 / variances, able)


def _misfits(patches: NDArray, pair: Standardized) -> NDArray[np.float64]:
    """Measure what part of each patch does not fit: 0 for equal ones, 1 for those unlike or flat.

    Brightness and contrast do not count, be it a negative.
    """
    misfits = np.sqrt(np.maximum(1 - pair.alike.astype(np.float64) ** 2, 1e-6))
    equal = (patches[0] == patches[1]).all(axis=(1, 2)) & (pair.alike != 0)
    return np.where(equal, 0, misfits)


def _standardized(patches: NDArray) -> Standardized:
    """Bring patches (2, n, side, side) to mean 0 and deviation 1."""
    count, side = patches.shape[1:3]
    window = _window(side)
    values = cv2.GaussianBlur(patches.reshape(-1, side), (3, 3), 0).reshape(2, count, -1)
    values -= (values @ window)[..., None]
    deviations = np.sqrt((values**2) @ window)
    textured = (deviations >= FLAT / 2).all(axis=0)
    one, other = values * (textured / np.maximum(deviations, 1e-6))[..., None]
    alike = _dot(one * window, other)
    return Standardized(one, other * np.sign(alike)[:, None], alike, deviations.min(axis=0) + 1e-6)


def _window(side: int) -> NDArray[np.float32]:
    window = cv2.createHanningWindow((side, side), cv2.CV_32F).ravel()
    return window / window.sum()


def _dot(one: NDArray, other: NDArray) -> NDArray:
    return np.einsum("nk,nk->n", one, other)


def _is_better(misfits: NDArray, before: NDArray) -> bool:
    """Tell whether a motion helps many patches, and far more than it harms."""
    helped = np.count_nonzero(misfits < HELPS * before)
    harmed = np.count_nonzero(before < HELPS * misfits)
    return helped >= FEWEST and helped > 2 * harmed


def _scale(small: Image, shape: tuple[int, int]) -> float:
    return 2.0 ** round(math.log2(small.shape[0] / shape[0]))


def _resized(image: Image, scale: float) -> Image:
    if scale == 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _rescaled(matrix: NDArray, scale: float) -> NDArray:
    """Convert a move to pictures resized by `scale`; pixel centres are at half pixels."""
    shift = (scale - 1) / 2
    resize = np.array([[scale, 0, shift], [0, scale, shift], [0, 0, 1]])
    return (resize @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(resize))[:2]


def _is_likely(alignment: Alignment, shape: tuple[int, int]) -> bool:
    return (
        abs(alignment.dx) <= FARTHEST * shape[1]
        and abs(alignment.dy) <= FARTHEST * shape[0]
        and abs(alignment.scale - 1) <= STRETCH
        and abs(np.tan(np.radians(alignment.angle))) <= STRETCH
    )
