"""Align the second picture with the first: shift, rotation, scale, bends, views. Lesson 11."""

import math
from collections import Counter
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
    BULGE,
    FEWEST,
    LONGEST,
    PERSPECTIVE,
    SIMILARITY,
    Motion,
    Votes,
    basis,
    displacements,
    elect,
    farthest,
    fit,
    misses,
    moved_back,
    places,
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
FEATURES, FAINT = 1000, 0.01  # of each picture at most, and the contrast that SIFT asks of one
SEARCHED = 120_000  # pixels, at most, of the small pictures in which features are looked for
RATIO = 0.8  # of the distance to the second most alike feature, at most, that the match has
MATCHES, MATCHING = 6, 0.15  # number and share of matches that must agree to try a homography,
CERTAIN, MOST = 15, 0.5  # and to say so though patches disagree
# Patches with texture, and share of them, that must agree on a view; pages of one layout have .4.
FEWEST_SEEN, MOST_SEEN = 8, 0.45
CONFIRMED = 0.3  # the same share where features are certain: a sheet may cover half of the scene
FAR = 0.05  # of a side: a similarity that moves a corner further needs as many
BULGES = 0.7  # what may be left of what patches miss a view by for a lens to be kept
STEEP = 10  # pixels at a corner: a steeper perspective is no bend, but a view
LARGER, TILTED = 2.5, 35  # times, and degrees: a view beyond is not believed
SHOWN = 0.1  # share of the first picture that a view must show
COARSER = 1.2  # times as large as the first, from which the second picture is blurred before
STAYS = 3  # pixels of the small pictures within which a match agrees
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
    view : ndarray of float64, shape (3, 3), or None
        The homography that takes the places that matrix and bend give to the second picture, where
        that was photographed from elsewhere: matrix and bend are what it leaves then. Otherwise
        None.
    tilt : float
        Degrees, about, by which a view is tilted.
    """

    dx: float
    dy: float
    angle: float
    scale: float
    matrix: NDArray[np.float64]
    bend: NDArray[np.float64] | None = None
    view: NDArray[np.float64] | None = None
    tilt: float = 0.0

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
    does. Where patches agree on nothing, features that look alike (SIFT) give a homography: a turn
    by any angle, a scale of a half to two, a tilt. What it leaves is told by patches again.

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
        away without turning it or does not lessen the difference between the patches, or when the
        pictures have too little in common. Exactly whole pixels when these fit no worse.

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
    Image Processing 5(8), 1996. D. G. Lowe, "Distinctive image features from scale-invariant
    keypoints", International Journal of Computer Vision 60(2), 2004. D. Barath, J. Noskova,
    M. Ivashechkin, J. Matas, "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020.
    """
    return search(first, second, close=close).alignment


class Search(NamedTuple):
    """An alignment that was looked for.

    Attributes
    ----------
    alignment : Alignment or None
    is_elsewhere : bool
        None was found, though the second picture shows most of the first from elsewhere.
    """

    alignment: Alignment | None = None
    is_elsewhere: bool = False


def search(first: Image, second: Image, *, close: float = CLOSE) -> Search:
    """Look for an alignment: as `find_alignment`, and tell whether one was needed.

    Other pictures hardly have a match. A local change leaves most features where they are, or,
    like inserted rows, shifts them as one.
    """
    first = check_gray(first, "the first picture")
    second = check_gray(second, "the second picture")
    check_same_size(first, second)
    shape = first.shape
    if min(shape) < SMALLEST:
        return Search()
    small = _small(first), _small(second)
    scale = _scale(small[0], shape)
    corners = telling_corners(_halved(small[0]), scale / 2, shape)
    unmoved = misfits(standardized(_cut(first, second, np.zeros(ALL), corners).patches))
    textured = unmoved < 1
    if not textured.any() or np.median(unmoved[textured]) == 0:
        return Search()
    for guess in _coarse_motions(*map(_details, small), scale, shape):
        terms = ALL if guess[SIMILARITY:].any() else SIMILARITY
        best = _refined(first, second, guess, corners, terms=terms)
        best = _bent_if_better(first, second, best, corners)
        if best.agree(close) < SURE:
            continue
        best = _whole_if_as_good(first, second, best, corners)
        alignment = _described(best.motion, shape)
        if not _is_likely(alignment, shape):
            break
        if farthest(best.motion, shape) < WHOLE:
            return Search()
        if not _is_better(best.misfits, unmoved):
            if farthest(best.motion, shape) < REACH:
                return Search()
            break
        return Search(_steeper(first, second, best, small[0], close) or alignment)
    return _search_features(first, second, small[0], close)


def _steeper(
    first: Image, second: Image, found: Fit, small: Image, close: float
) -> Alignment | None:
    """Look for a view where a motion moves far and few confirm it, or bends too much."""
    agree, shape = found.votes.count * found.agree(close), first.shape
    if agree < MOST_SEEN * len(found.misfits) and farthest(found.motion, shape) > FAR * max(shape):
        return _search_features(first, second, small, close).alignment
    if np.hypot(*found.motion[PERSPECTIVE]) > STEEP:
        return _through(first, second, _as_view(found.motion, shape), small, close)
    return None


def _search_features(first: Image, second: Image, small: Image, close: float) -> Search:
    """Look for a homography by features."""
    shape = first.shape
    size = min(1, math.sqrt(SEARCHED / first.size))
    sides = tuple(max(round(size * side), 1) for side in shape[::-1])
    reduced = [cv2.resize(image, sides, interpolation=cv2.INTER_AREA) for image in (first, second)]
    view, is_certain = _agreed_view(*_matched_features(*reduced))
    if view is None:
        return Search()
    across, down = np.divide(sides, shape[::-1])
    reduce = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    view = np.linalg.inv(reduce) @ view @ reduce
    least = CONFIRMED if is_certain and _is_far(view, shape) else MOST_SEEN
    alignment = _through(first, second, view, small, close, least)
    return Search(alignment, alignment is None and is_certain)


def _is_far(view: NDArray[np.float64], shape: tuple[int, int]) -> bool:
    """Tell whether a view moves a corner further than two pages of one layout differ."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [0, height], [width, height]]], float)
    moves = cv2.perspectiveTransform(corners, view) - corners
    return bool(np.hypot(*moves[0].T).max() > FAR * max(shape))


def _as_view(motion: Motion, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Find the homography that moves a picture most nearly as a motion does."""
    places = np.float64([(x * shape[1], y * shape[0]) for x in (0, 0.5, 1) for y in (0, 0.5, 1)])
    return cv2.findHomography(places, places + basis(places, shape) @ motion)[0]


def _through(
    first: Image,
    second: Image,
    view: NDArray[np.float64],
    small: Image,
    close: float,
    least: float = MOST_SEEN,
) -> Alignment | None:
    """Let patches tell what a view leaves; `small` is the first picture reduced.

    None unless that share of those with texture confirms it.
    """
    shape, view = first.shape, view / view[2, 2]
    grid, scale = _halved(small), _scale(small, shape)
    seen = _seen(view, grid.shape, scale / 2, shape)
    if not _is_credible(view, shape) or seen.mean() < 255 * SHOWN or max(shape) > LONGEST:
        return None
    corners = telling_corners(grid, scale / 2, shape, seen=seen)
    pieces = _cut(first, second, np.zeros(ALL), corners)
    corners = corners[pieces.patches[0].std(axis=(1, 2)) >= FLAT]
    if len(corners) < FEWEST_SEEN:
        return None
    unmoved = misfits(standardized(_cut(first, second, np.zeros(ALL), corners).patches))
    calm = _calmed(second, _described(np.zeros(ALL), shape, view).scale)
    votes = phase_votes(_cut(first, calm, np.zeros(ALL), corners, view), 1)
    if votes.count < FEWEST_SEEN:
        return None
    found, lens = (
        _refined(first, calm, elect(votes, terms, REACH), corners, view, terms)
        for terms in (BULGE, ALL)
    )
    if lens.miss < BULGES * found.miss:
        found = lens
    agree = found.votes.count * found.agree(close)
    if agree < max(FEWEST_SEEN, least * len(corners)) or not _is_better(found.misfits, unmoved):
        return None
    return _described(found.motion, shape, view)


def _matched_features(first: Image, second: Image) -> tuple[NDArray, NDArray]:
    """Find features that look alike in both pictures and like no other: two arrays (n, 2)."""
    detector = cv2.SIFT_create(FEATURES, contrastThreshold=FAINT, enable_precise_upscale=True)
    features, descriptors = zip(
        *(detector.detectAndCompute(image, None) for image in (first, second)), strict=True
    )
    if any(each is None for each in descriptors):
        return np.empty((0, 2)), np.empty((0, 2))
    matches = [
        match
        for match, *others in cv2.BFMatcher().knnMatch(*descriptors, 2)
        if others and match.distance < RATIO * others[0].distance
    ]
    taken = Counter(match.trainIdx for match in matches)
    matches = [match for match in matches if taken[match.trainIdx] == 1]
    return (
        np.array([features[0][match.queryIdx].pt for match in matches]).reshape(-1, 2),
        np.array([features[1][match.trainIdx].pt for match in matches]).reshape(-1, 2),
    )


def _agreed_view(places: NDArray, targets: NDArray) -> tuple[NDArray[np.float64] | None, bool]:
    """Find the homography on which most matches agree, unless they stay or shift as one.

    Tell also whether so many do that it is certain.
    """
    if len(places) < MATCHES:
        return None, False
    view, agree = cv2.findHomography(places, targets, cv2.USAC_MAGSAC, STAYS)
    if view is None or not view[2, 2]:
        return None, False
    agree, moves = agree.ravel() == 1, targets - places
    count = np.count_nonzero(agree)
    moves = moves[agree]
    shifted = np.hypot(*(moves - np.median(moves, axis=0)).T) < STAYS
    if shifted.mean() > SHIFTING:
        return None, False
    if count < max(MATCHES, MATCHING * len(places)):
        return None, False
    return view, bool(count >= max(CERTAIN, MOST * len(places)))


def _seen(
    view: NDArray[np.float64], grid: tuple[int, int], scale: float, shape: tuple[int, int]
) -> Image:
    """Mark in a small picture of that grid what a view shows with a patch round it."""
    height, width = grid
    x, y = np.arange(width), np.arange(height)[:, None]
    across, down = places(
        (x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5, np.eye(2, 3), None, view, shape
    )
    far = SIDE / 2 * _described(np.zeros(ALL), shape, view).scale
    inside = np.minimum(across, shape[1] - 1 - across), np.minimum(down, shape[0] - 1 - down)
    return cv2.inRange(np.minimum(*inside), min(far, min(shape) / 4), math.inf)


def _is_credible(view: NDArray[np.float64], shape: tuple[int, int]) -> bool:
    """Tell whether a camera may have seen all of a flat picture so."""
    height, width = shape
    depths = [view[2] @ (x, y, 1) for x in (0, width - 1) for y in (0, height - 1)]
    seen = _described(np.zeros(ALL), shape, view)
    return min(depths) > 0 and 1 / LARGER <= seen.scale <= LARGER and seen.tilt <= TILTED


def _calmed(image: Image, scale: float) -> Image:
    """Blur a picture that will be reduced by `scale`: a pixel is then the mean of several."""
    return (
        cv2.GaussianBlur(image, (0, 0), 0.5 * math.sqrt(scale**2 - 1)) if scale > COARSER else image
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
    matrix, bend, view = _checked_numbers(alignment)
    if (bend is not None or view is not None) and max(second.shape) > LONGEST:
        raise PictureError(
            f"the second picture has a side of {max(second.shape)} pixels, and up to {LONGEST} "
            "can be bent. Reduce it, or give the alignment without its bend and view."
        )
    if view is not None:
        second = _calmed(second, alignment.scale)
    if second.ndim == 2:
        return moved_back(second, matrix, bend, view)
    # OpenCV moves four channels more than twice as fast as three.
    four = cv2.cvtColor(second, cv2.COLOR_BGR2BGRA)
    return cv2.cvtColor(moved_back(four, matrix, bend, view), cv2.COLOR_BGRA2BGR)


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
    matrix, bend, view = _checked_numbers(alignment)
    hidden = np.full(shape, 255, np.uint8)
    if bend is None and view is None:
        cv2.fillConvexPoly(hidden, _corners_seen(matrix, shape), 0, shift=FRACTION)
    else:
        seen = moved_back(hidden, matrix, bend, view, cv2.BORDER_CONSTANT)
        hidden = cv2.compare(seen, 255, cv2.CMP_LT)
    hidden[[0, -1]] = hidden[:, [0, -1]] = 255
    return cv2.dilate(hidden, np.ones((5, 5), np.uint8))


def _corners_seen(matrix: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.int32]:
    """Find where the corners of the second picture come to be, in parts of a pixel."""
    height, width = shape
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], float)
    places = cv2.transform(corners[None], cv2.invertAffineTransform(matrix))
    return (places.clip(-MOST_FAR, MOST_FAR) * 2**FRACTION).round().astype(np.int32)


def _checked_numbers(
    alignment: Alignment,
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return matrix, bend and view of an alignment as plain arrays, or raise `PictureError`."""
    if not issubclass(type(alignment), Alignment):
        hint = "; it gives None when nothing moved" if alignment is None else ""
        raise PictureError(
            f"the alignment is {brief(alignment)}. Give what find_alignment returns{hint}."
        )
    matrix = _checked(alignment.matrix, "matrix", (2, 3), "2 x 3 finite numbers")
    bend, view = alignment.bend, alignment.view
    if bend is not None:
        bend = _checked(bend, "bend", (5,), "5 finite numbers, or None")
    if view is not None:
        view = _checked(view, "view", (3, 3), "3 x 3 finite numbers, or None")
    return matrix, bend, view


def _checked(value: NDArray, name: str, shape: tuple[int, ...], wanted: str) -> NDArray[np.float64]:
    numbers = np.asarray(value) if is_array(value) else np.empty(0)
    if numbers.shape != shape or numbers.dtype.kind not in "iuf" or not np.isfinite(numbers).all():
        raise PictureError(
            f"the {name} of the alignment is {brief(value)}. Give an array of {wanted}."
        )
    return numbers.astype(np.float64)


def _described(
    motion: Motion, shape: tuple[int, int], view: NDArray[np.float64] | None = None
) -> Alignment:
    matrix = similarity(motion, shape)
    cosine, sine = matrix[:, 0]
    angle, size = math.degrees(math.atan2(sine, cosine)), math.hypot(sine, cosine)
    bend = motion[SIMILARITY:] if motion[SIMILARITY:].any() else None
    if view is not None:
        return _described_view(matrix, bend, view, shape)
    return Alignment(*motion[:2].tolist(), angle, size, matrix, bend)


def _described_view(
    matrix: NDArray[np.float64],
    bend: NDArray[np.float64] | None,
    view: NDArray[np.float64],
    shape: tuple[int, int],
) -> Alignment:
    """Say what a view does to the centre of the picture and round it."""
    centre = (np.array(shape[::-1]) - 1) / 2
    x, y = np.add(centre, [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]).T
    there = np.column_stack(places(x, y, matrix, bend, view, shape))
    right, down = (there[1] - there[2]) / 2, (there[3] - there[4]) / 2
    angle = math.atan2(right[1] - down[0], right[0] + down[1])
    longest, shortest = np.linalg.svd(np.array([right, down]), compute_uv=False)
    return Alignment(
        *(there[0] - centre).tolist(),
        math.degrees(angle),
        math.sqrt(longest * shortest),
        matrix,
        bend,
        view,
        math.degrees(math.acos(shortest / longest)),
    )


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


def _cut(
    first: Image, second: Image, motion: Motion, corners: NDArray, view: NDArray | None = None
) -> Pieces:
    return cut(first, second, motion, corners, 1, first.shape, view)


def _refined(
    first: Image,
    second: Image,
    motion: Motion,
    corners: NDArray,
    view: NDArray | None = None,
    terms: int = SIMILARITY,
) -> Fit:
    """Improve a motion of so many numbers at full size."""
    for _ in range(STEPS):
        pieces = _cut(first, second, motion, corners, view)
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
    bent = _refined(first, second, elect(votes, ALL, REACH), corners, terms=ALL)
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
