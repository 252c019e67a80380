"""Align the second picture with the first: shift, rotation, scale, and bends. Lesson 11."""

import math
from collections.abc import Iterator
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
from helpers.motion import (
    ALL,
    FEWEST,
    LONGEST,
    SIMILARITY,
    Motion,
    Votes,
    displacements,
    elect,
    farthest,
    fit,
    misses,
    moved_back,
    similarity,
    typical_miss,
)
from helpers.patches import (
    FLAT,
    SIDE,
    Pieces,
    cut,
    even_corners,
    gradient_votes,
    misfits,
    phase_votes,
    standardized,
    telling_corners,
)

SMALLEST = 32  # pixels: a side shorter than this shows too little to align
MEDIUM = 320  # pixels: longer side, at least, of the small pictures where patches vote first
COARSE = 400  # pixels: longer side, at most, of those that give the first guess
SMOOTH = 31  # pixels: side of the window whose mean is light, not detail, in small pictures
TURNED, SCALED = 34, 16  # steps of .45 degrees and 1.3 % that a turned guess tries each way
REACH = 2  # pixels by which patches may differ that agree, of the small pictures and of all
AGREE = 0.4  # share of the patches that must agree on one motion of the small pictures
CLOSE, SURE = 0.5, 0.5  # pixels, and share of the patches that must be as close as that at the end
STEPS = 4  # at full size, at most; each leaves a fifth of what is off, so two are usual
STILL = 0.2  # pixels at a corner: a step that moves it less is the last
BENT = 0.1  # pixels by which patches must miss a similarity before a bend is tried
MANY = 12  # patches, at least: fewer fit any nine numbers
STRAIGHTENS = 0.3  # what may be left, at most, of that for a bend to be kept; a change leaves more
WHOLE = 0.05  # pixels: a shift that is so near to a whole one is probably whole
HELPS = 0.95  # what may be left of the misfit of a patch, at most, that an alignment helps
FARTHEST = 0.25  # of a side: whoever moved further shares too little with the first picture
FRACTION, MOST_FAR = 4, 2**26  # bits behind the point of a pixel, and pixels: int32 takes both
STRETCH = 0.2  # change of scale, and tangent of the angle, beyond which a fit is not believed
CORNERS, FAINT = 600, 7  # at most, and gray levels that make one, to see what is elsewhere
BITS = 64  # of 256 in which descriptors of one corner may differ
MATCHES, MATCHING = 15, 0.3  # number and share of matches that must agree
STAYS, STAYING = 3, 0.3  # pixels within which a corner stays, and share of them that may
SHIFTING = 0.75  # share of the matches that agree that may share one shift: inserted rows do


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
        return float(np.hypot(*displacements(motion, np.cos(angles), np.sin(angles))).max())


class Fit(NamedTuple):
    """A motion, and how well it fits.

    Attributes
    ----------
    motion : ndarray of float64, shape (9,)
    votes : Votes
        What patches said last.
    miss : float
        Pixels by which most of the able ones miss it, at most.
    misfits : ndarray of float64, shape (n,)
        See `misfits` in `patches`.
    """

    motion: Motion
    votes: Votes
    miss: float
    misfits: NDArray[np.float64]

    def agree(self, close: float) -> float:
        """Measure the share of the able patches that agree with it within so many pixels."""
        if self.votes.count < FEWEST:
            return 0.0
        missed = misses(self.votes, self.motion[None])[0][self.votes.able]
        return float((missed < close).mean())


def find_alignment(first: Image, second: Image, *, close: float = CLOSE) -> Alignment | None:
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
    close : float, optional
        Pixels within which half of the patches must be in the end: more where edges jitter.

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
    scale = _scale(small[0], shape)
    corners = telling_corners(_halved(small[0]), scale / 2, shape)
    unmoved = misfits(standardized(_cut(first, second, np.zeros(ALL), corners).patches))
    textured = unmoved < 1
    if not textured.any() or np.median(unmoved[textured]) == 0:
        return None
    for guess in _coarse_motions(*map(_details, small), scale, shape):
        best = _bent_if_better(first, second, _refined(first, second, guess, corners), corners)
        if best.agree(close) < SURE:
            continue
        best = _whole_if_as_good(first, second, best, corners)
        alignment = _described(best.motion, shape)
        moves = farthest(best.motion, shape) >= WHOLE and _is_likely(alignment, shape)
        return alignment if moves and _is_better(best.misfits, unmoved) else None
    return None


def is_misaligned(first: Image, second: Image) -> bool:
    """Tell whether most of the first picture is in the second, but elsewhere.

    For pairs for which `find_alignment` gives None. Corners of both pictures (ORB) are matched,
    and RANSAC finds the homography on which most matches agree: a turn and a perspective of any
    size. Other pictures hardly have a match. A local change leaves most corners where they are,
    or, like inserted rows, shifts them as one.

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
    _, agree = cv2.findHomography(places, targets, cv2.RANSAC, STAYS)
    agree, moves = agree.ravel() == 1, targets - places
    if np.count_nonzero(agree) < max(MATCHES, MATCHING * len(places)):
        return False
    stay = np.hypot(*moves.T) < STAYS
    shifted = np.hypot(*(moves - np.median(moves[agree], axis=0)).T) < STAYS
    return bool(stay.mean() <= STAYING and shifted[agree].mean() <= SHIFTING)


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
    corners = even_corners(first.shape, side)
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
        `second` is no gray or BGR uint8 array, `alignment` is no alignment, or it has a bend and
        a side of the picture is longer than 32766 pixels.

    References
    ----------
    OpenCV documentation, `cv2.warpAffine` and `cv2.remap`.
    """
    second = check_image(second, "the second picture")
    matrix, bend = _checked_matrix(alignment), _checked_bend(alignment)
    if bend is not None and max(second.shape) > LONGEST:
        raise PictureError(
            f"the second picture has a side of {max(second.shape)} pixels, and up to {LONGEST} "
            "can be bent. Reduce it, or give the alignment without its bend."
        )
    if second.ndim == 2:
        return moved_back(second, matrix, bend)
    # OpenCV moves four channels more than twice as fast as three.
    four = cv2.cvtColor(second, cv2.COLOR_BGR2BGRA)
    return cv2.cvtColor(moved_back(four, matrix, bend), cv2.COLOR_BGRA2BGR)


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
    matrix, bend = _checked_matrix(alignment), _checked_bend(alignment)
    hidden = np.full(shape, 255, np.uint8)
    if bend is None:
        cv2.fillConvexPoly(hidden, _corners_seen(matrix, shape), 0, shift=FRACTION)
    else:
        seen = moved_back(hidden, matrix, bend, cv2.BORDER_CONSTANT)
        hidden = cv2.compare(seen, 255, cv2.CMP_LT)
    hidden[[0, -1]] = hidden[:, [0, -1]] = 255
    return cv2.dilate(hidden, np.ones((5, 5), np.uint8))


def _corners_seen(matrix: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.int32]:
    """Find where the corners of the second picture come to be, in parts of a pixel."""
    height, width = shape
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], float)
    places = cv2.transform(corners[None], cv2.invertAffineTransform(matrix))
    return (places.clip(-MOST_FAR, MOST_FAR) * 2**FRACTION).round().astype(np.int32)


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


def _described(motion: Motion, shape: tuple[int, int]) -> Alignment:
    matrix = similarity(motion, shape)
    cosine, sine = matrix[:, 0]
    angle, size = math.degrees(math.atan2(sine, cosine)), math.hypot(sine, cosine)
    bend = motion[SIMILARITY:] if motion[SIMILARITY:].any() else None
    return Alignment(*motion[:2].tolist(), angle, size, matrix, bend)


def _small(image: Image) -> Image:
    """Halve a picture as long as it keeps 320 pixels on the longer side, 32 on the shorter."""
    while max(image.shape) >= 2 * MEDIUM and min(image.shape) >= 2 * SMALLEST:
        image = _halved(image)
    return image


def _halved(image: NDArray) -> NDArray:
    height, width = (length // 2 for length in image.shape)  # of even sides: that is fast
    return cv2.resize(
        image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA
    )


def _scale(small: Image, shape: tuple[int, int]) -> float:
    """Compute by what a picture of that shape was reduced: a half, a quarter and so on."""
    return 2.0 ** round(math.log2(small.shape[0] / shape[0]))


def _details(image: Image) -> NDArray[np.float32]:
    """Leave out light that changes slowly: a ramp says nothing of a shift."""
    light = cv2.blur(image, (SMOOTH, SMOOTH), borderType=cv2.BORDER_REPLICATE)
    return cv2.subtract(image, light, dtype=cv2.CV_32F)


def _coarse_motions(
    first: NDArray, second: NDArray, scale: float, shape: tuple[int, int]
) -> Iterator[Motion]:
    """Find motions on which patches of the small pictures agree; the likeliest first."""
    corners = even_corners(first.shape, min(SIDE, *(length // 2 * 2 for length in first.shape)))
    for guess, negative in _guesses(first, second, scale, shape):
        other = -second if negative else second
        votes = phase_votes(cut(first, other, guess, corners, scale, shape), scale)
        if votes.count < FEWEST:
            continue
        motion = elect(votes, SIMILARITY, REACH / scale)
        agree = votes.able & (misses(votes, motion[None])[0] < REACH / scale)
        if np.count_nonzero(agree) < max(FEWEST, AGREE * votes.count):
            continue
        miss = typical_miss(votes, motion)
        if miss > 1 / scale and votes.count >= MANY:
            bent = elect(votes, ALL, 1 / scale)
            motion = bent if typical_miss(votes, bent) < STRAIGHTENS * miss else motion
        yield motion


def _guesses(
    first: NDArray, second: NDArray, scale: float, shape: tuple[int, int]
) -> Iterator[tuple[Motion, bool]]:
    """Guess the motion: a shift only, with a turn and a scale, and last that of a negative."""
    while max(first.shape) > COARSE and min(first.shape) >= 2 * SMALLEST:
        first, second, scale = _halved(first), _halved(second), scale / 2
    yield _shifted(first, second, (0.0, 1.0), scale, shape), False
    yield _shifted(first, second, _turn(first, second), scale, shape), False
    yield _shifted(first, -second, (0.0, 1.0), scale, shape), True


def _shifted(
    first: NDArray,
    second: NDArray,
    turn: tuple[float, float],
    scale: float,
    shape: tuple[int, int],
) -> Motion:
    """Find the shift between two small pictures of which the second is turned and scaled."""
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    angle, size = turn
    motion = np.zeros(ALL)
    motion[2:SIMILARITY] = size * math.cos(angle) - 1, size * math.sin(angle)
    motion *= math.hypot(*shape) / 2
    matrix = similarity(motion * scale, first.shape)
    back = moved_back(second, matrix, None) if turn != (0, 1) else second
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


def _cut(first: Image, second: Image, motion: Motion, corners: NDArray) -> Pieces:
    return cut(first, second, motion, corners, 1, first.shape)


def _refined(first: Image, second: Image, motion: Motion, corners: NDArray) -> Fit:
    """Improve a motion at full size."""
    terms = ALL if motion[SIMILARITY:].any() else SIMILARITY
    for _ in range(STEPS):
        pieces = _cut(first, second, motion, corners)
        pair = standardized(pieces.patches)
        votes = gradient_votes(pieces, pair)
        better = fit(votes, motion, terms, REACH)
        if better is None:
            break
        step, motion = farthest(better - motion, first.shape), better
        if step < STILL:
            break
    if votes.count < FEWEST:
        return Fit(motion, votes, math.inf, misfits(pair))
    return Fit(motion, votes, typical_miss(votes, motion), misfits(pair))


def _bent_if_better(first: Image, second: Image, straight: Fit, corners: NDArray) -> Fit:
    """Bend a similarity that misses what patches say, if then it hardly does."""
    votes = straight.votes
    if straight.miss < BENT or votes.count < MANY or max(first.shape) > LONGEST:
        return straight
    bent = _refined(first, second, elect(votes, ALL, REACH), corners)
    return bent if bent.miss < STRAIGHTENS * straight.miss else straight


def _whole_if_as_good(first: Image, second: Image, found: Fit, corners: NDArray) -> Fit:
    """Round a shift that is nearly whole, if patches then fit no worse."""
    whole = np.zeros(ALL)
    whole[:2] = found.motion[:2].round()
    if farthest(found.motion - whole, first.shape) < WHOLE:
        left = misfits(standardized(_cut(first, second, whole, corners).patches))
        if left.sum() <= found.misfits.sum():
            return found._replace(motion=whole, misfits=left)
    return found


def _is_better(after: NDArray, before: NDArray) -> bool:
    """Tell whether a motion helps many patches, and far more than it harms."""
    helped = np.count_nonzero(after < HELPS * before)
    harmed = np.count_nonzero(before < HELPS * after)
    return helped >= FEWEST and helped > 2 * harmed


def _is_likely(alignment: Alignment, shape: tuple[int, int]) -> bool:
    return (
        abs(alignment.dx) <= FARTHEST * shape[1]
        and abs(alignment.dy) <= FARTHEST * shape[0]
        and abs(alignment.scale - 1) <= STRETCH
        and abs(np.tan(np.radians(alignment.angle))) <= STRETCH
    )
