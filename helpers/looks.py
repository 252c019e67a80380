"""Measure what a change looks like in both pictures, for `words`: what explains it, and how well.

Each measure asks how much of a change is explained when one supposes something: that the first
picture shows there what surrounds it, that the second is the first blurred, and so on. All are
taken in both directions, so that swapping the pictures swaps them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box
from helpers.loading import Image
from helpers.tone import apply_tone

if TYPE_CHECKING:  # `comparison` asks for its words, which come from here
    from helpers.comparison import Comparison

SIDE = 72  # pixels, the longer side of what is looked at: larger boxes are reduced
SCALED_SIDE = 200  # pixels, the same where one box is searched in another: detail counts there
AROUND = 8, 24  # pixels round a box that are looked at, at least and at most: else a quarter of it
CHANGED, FAINT = (
    0.25,
    6,
)  # part of a change's strength from which a pixel is part of it; gray levels
FLAT = 0.6  # part of what surrounds a change that is of one colour, from which that is its ground
LEAST = 20  # pixels that tell of the ground
GROUNDS = 7, 21, 61, 161  # pixels: windows whose mean is taken for the ground, the smallest that do
BLURS = 1, 2, 4  # pixels, standard deviations
SCALES = 1.2, 1.4, 1.7, 2.0
OFF = 0.12  # of a box's side: the middle of what was resized may have moved by so much
LEFT = 0.03  # of a change may stay unexplained without a word
LOWEST = -0.5  # an explanation that makes it worse is no worse than this
DETAIL = 7  # pixels: what is finer is detail, what is coarser is not
ROUNDED = 0.15  # square gray levels that rounding adds to detail, about
RIDGE = 4.0  # square gray levels by which a colour has to vary before it tells of another one
FEW = 0.1  # of the changed pixels: fewer are no thing that moved
NEAR = 4  # pixels round a box in which what was there is searched
Share = float


class Window:
    """Both pictures in and round a box, reduced where they are large.

    Parameters
    ----------
    comparison : Comparison
    box : Box
        One of its boxes.
    side : int, optional
        Pixels: it is reduced to that width and height where it is larger.

    Attributes
    ----------
    first, second : ndarray of float32, shape (height, width, 3)
        Tones matched where one curve does it.
    box, picture_area : Box, int
        The box, and how many pixels a whole picture has.
    inner : Box
        The box in the window.
    inside, changed : ndarray of bool, shape (height, width)
        Where the box is, and the change in it.
    apart : ndarray of float32, shape (height, width)
        The largest difference over the channels, in gray levels.
    scale : float
        How many times as large as the pictures it is, at most 1.
    """

    def __init__(self, comparison: Comparison, box: Box, side: int = SIDE) -> None:
        self.box, self.picture_area = box, comparison.mask.size
        x, y, width, height = box
        rows, columns = comparison.mask.shape
        around = min(max(max(width, height) // 4, AROUND[0]), AROUND[1])
        left, top = max(x - around, 0), max(y - around, 0)
        part = np.s_[top : min(y + height + around, rows), left : min(x + width + around, columns)]
        mask = comparison.mask[part]
        self.scale = min(side / max(mask.shape), 1.0)
        self.inner = Box(x - left, y - top, width, height)
        if self.scale < 1:
            self.inner = scaled_box(self.inner, self.scale)
        first, second = toned(comparison, part)
        self.first, self.second = (reduced(image, self.scale) for image in (first, second))
        mask = reduced(mask, self.scale) > 127
        self.inside = np.zeros(mask.shape, bool)
        self.inside[part_of(self.inner)] = True
        self.apart = largest(cv2.absdiff(self.first, self.second))
        marked = mask & self.inside if (mask & self.inside).any() else self.inside
        self.strength = float(np.percentile(self.apart[marked], 90))
        least = max(CHANGED * self.strength, min(FAINT, self.strength))
        self.changed = marked & (self.apart >= least)
        near = cv2.dilate((self.changed | mask).astype(np.uint8), np.ones((3, 3), np.uint8))
        self.still = near == 0
        if np.count_nonzero(self.still) < LEAST:
            self.still = ~self.changed if not self.changed.all() else self.changed

    @cached_property
    def pixels(self) -> int:
        """Number of pixels that changed."""
        return int(np.count_nonzero(self.changed))

    @cached_property
    def energy(self) -> float:
        """Sum of the squared differences of all channels over these."""
        return squared(self.first, self.second, self.changed) + 1e-6

    @cached_property
    def noise(self) -> float:
        """Squared difference of a pixel that did not change, all channels together."""
        there = squared(self.first, self.second, self.still) / np.count_nonzero(self.still)
        return min(there, self.energy / self.pixels / 4)

    @cached_property
    def ground_color(self) -> NDArray[np.float32]:
        """The middle colour of what surrounds the change."""
        return np.median(self._both[self.still], axis=0)

    @cached_property
    def flat(self) -> Share:
        """Part of what surrounds the change that has this colour."""
        off = largest(np.abs(self._both - self.ground_color))[self.still]
        return np.count_nonzero(off < max(CHANGED * self.strength, FAINT)) / len(off)

    @cached_property
    def ground(self) -> NDArray[np.float32]:
        """What would be there without the change: its surroundings, carried on into it."""
        if self.flat > FLAT:
            return np.full_like(self.first, self.ground_color)
        known = self.still.astype(np.float32)
        shown = self._both * known[..., None]
        ground = have = None
        for side in GROUNDS:
            weight = cv2.blur(known, (side, side))
            mean = cv2.blur(shown, (side, side)) / np.maximum(weight, 1e-6)[..., None]
            ground = mean if ground is None else np.where(have[..., None], ground, mean)
            have = weight > 0.05 if have is None else have | (weight > 0.02)
            if have.all():
                break
        return ground

    @cached_property
    def grain(self) -> float:
        """Squared difference between the ground and what is there, per unchanged pixel."""
        if self.flat > FLAT:
            off = np.square(self._both[self.still] - self.ground_color)
            return float(np.median(off[:, 0] + off[:, 1] + off[:, 2]))
        return squared(self._both, self.ground, self.still) / np.count_nonzero(self.still)

    @cached_property
    def marks(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Changed pixels of the first, and of the second picture that are not its ground."""
        least = max(CHANGED * self.strength, FAINT)
        least += 0.0 if self.flat > FLAT else self.grain**0.5
        return tuple(
            self.changed & (largest(cv2.absdiff(image, self.ground)) > least)
            for image in (self.first, self.second)
        )

    @cached_property
    def _both(self) -> NDArray[np.float32]:
        return (self.first + self.second) / 2

    def explained(
        self,
        expected: NDArray[np.float32],
        seen: NDArray[np.float32],
        where: NDArray[np.bool_] | None = None,
        allowed: float = 0.0,
    ) -> Share:
        """Return the part of the change that is explained when this was expected and that is seen.

        Parameters
        ----------
        expected, seen : ndarray of float32, shape (height, width, 3)
        where : ndarray of bool, shape (height, width), optional
            Pixels that count, instead of all that changed.
        allowed : float, optional
            A squared difference per pixel that is tolerated beyond noise.
        """
        where = self.changed if where is None else where
        energy = self.energy
        if where is not self.changed:
            energy = squared(self.first, self.second, where) + 1e-6
        left = squared(expected, seen, where)
        left -= np.count_nonzero(where) * (allowed + self.noise)
        return max(float(1 - max(left, 0.0) / energy), LOWEST)


def largest(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the largest of the channels."""
    blue, green, red = cv2.split(image)
    return cv2.max(cv2.max(blue, green), red)


def squared(
    one: NDArray[np.float32], other: NDArray[np.float32], where: NDArray[np.bool_]
) -> float:
    """Add up the squared differences of all channels where a mask says."""
    return cv2.norm(one, other, cv2.NORM_L2SQR, where.view(np.uint8))


def toned(comparison: Comparison, part: tuple[slice, slice]) -> tuple[Image, Image]:
    """Cut a part out of both pictures, and match their tones where one curve does it."""
    first, second = comparison.first[part], comparison.aligned[part]
    tone = comparison.tone
    if tone is None or tone.light is not None:
        return first, second
    if tone.corrects == "first":
        return apply_tone(first, tone), second
    return first, apply_tone(second, tone)


def reduced(image: Image, scale: float) -> NDArray[np.float32]:
    """Reduce a picture, unless the scale is 1, and return it as floats."""
    if scale < 1:
        size = tuple(max(round(side * scale), 1) for side in image.shape[1::-1])
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return image.astype(np.float32)


def scaled_box(box: Box, scale: float) -> Box:
    """Return a box in a picture that was reduced."""
    left, top = int(box.x * scale), int(box.y * scale)
    right, bottom = (box.x + box.width) * scale, (box.y + box.height) * scale
    return Box(left, top, max(round(right) - left, 1), max(round(bottom) - top, 1))


def part_of(box: Box) -> tuple[slice, slice]:
    """Return the rows and columns of a box."""
    return np.s_[box.y : box.y + box.height, box.x : box.x + box.width]


# What may explain a change


def measure(window: Window, moved: Share) -> dict[str, tuple[float, ...]]:
    """Measure what a change looks like.

    Parameters
    ----------
    window : Window
    moved : float
        The part of it that is explained by another box, as `find_move` has it.

    Returns
    -------
    dict of str to tuple of float
        One number each where the order of the pictures does not count. Two where it does: that of
        the first picture turned into the second, and the other way round.
    """
    one, other = window.marks
    pixels = window.pixels
    details, agree = _compare_detail(window)
    step = _find_step(window)
    shift = min(find_shift(window, 0)[0], find_shift(window, 1)[0])
    sides = [max(cv2.boundingRect(marks.astype(np.uint8))[2:]) or 1 for marks in (one, other)]
    color = min(_explain_by_color(window, way) for way in (0, 1))
    return {
        "flat": (window.flat,),
        "grain": (min(window.grain * pixels / window.energy, 1.0),),
        "altered": (np.count_nonzero(one & other) / pixels,),
        "structure": (agree,),
        "color": (clearness(color),),
        "shift": (clearness(shift),),
        "moved": (clearness(moved),),
        "size": (float(np.log(pixels / window.scale**2)),),
        "filled": (pixels / max(np.count_nonzero(window.inside), 1),),
        "there": tuple(
            clearness(window.explained(window.ground, image, allowed=window.grain))
            for image in (window.first, window.second)
        ),
        "new": (np.count_nonzero(other & ~one) / pixels, np.count_nonzero(one & ~other) / pixels),
        "varied": tuple(_variation(window, image) for image in (window.second, window.first)),
        "detail": (max(details, 0.0), max(-details, 0.0)),
        "step": (max(step, 0.0), max(-step, 0.0)),
        "blur": tuple(clearness(explain_by_blur(window, way)) for way in (0, 1)),
        "larger": tuple(clearness(explain_by_scale(window, way)[0]) for way in (0, 1)),
        "wider": tuple(max(float(np.log(sides[1 - way] / sides[way])), 0.0) for way in (0, 1)),
    }


def clearness(share: Share) -> float:
    """Turn the part explained into a number in which .99 is further from .9 than .5 from .4."""
    return float(-np.log(1 + LEFT - max(share, 0.0)))


def _ways(window: Window, way: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    pictures = window.first, window.second
    return pictures if way == 0 else pictures[::-1]


def _variation(window: Window, image: NDArray[np.float32]) -> float:
    shown = image[window.changed]
    spread = float(np.square(shown - shown.mean(axis=0)).sum())
    return min(spread / window.energy, 2.0)


def _explain_by_color(window: Window, way: int) -> Share:
    """Suppose that each colour became another one, by one affine map."""
    before, after = (image[window.changed].astype(float) for image in _ways(window, way))
    known = np.column_stack([before - before.mean(axis=0), np.ones(len(before))])
    damped = known.T @ known + np.diag([len(before) * RIDGE] * 3 + [0.0])
    left = float(np.square(after - known @ np.linalg.solve(damped, known.T @ after)).sum())
    return max(1 - max(left - len(before) * window.noise, 0.0) / window.energy, LOWEST)


def explain_by_blur(window: Window, way: int) -> Share:
    """Suppose that one picture shows the other one blurred."""
    before, after = _ways(window, way)
    return max(window.explained(cv2.GaussianBlur(before, (0, 0), s), after) for s in BLURS)


def _compare_detail(window: Window) -> tuple[float, float]:
    """Return the logarithm of how much more detail the first has, and how well both agree."""
    inner = cv2.erode(window.changed.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    inner = inner if np.count_nonzero(inner) >= LEAST else window.changed
    fine = []
    for image in (window.first, window.second):
        gray = _gray(image)
        detail = (gray - cv2.blur(gray, (DETAIL, DETAIL)))[inner]
        fine.append(detail - detail.mean())
    floor = (window.noise / 3 + ROUNDED) * len(fine[0])
    one, other, both = (
        float(np.dot(a, b)) for a, b in ((fine[0], fine[0]), (fine[1], fine[1]), fine)
    )
    agree = both / np.sqrt((one + floor) * (other + floor))
    return float(np.log((one + floor) / (other + floor)) / 2), float(agree)


def _find_step(window: Window) -> float:
    """Return how much steeper the second picture is along the border of what changed."""
    changed, square = window.changed.astype(np.uint8), np.ones((3, 3), np.uint8)
    border = cv2.dilate(changed, square) > cv2.erode(changed, square)
    if not border.any():
        return 0.0
    steep = []
    for image in (window.first, window.second):
        gray = _gray(image)
        across, down = (cv2.Scharr(gray, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
        steep.append(float(cv2.magnitude(across, down)[border].mean() / 16))
    return (steep[1] - steep[0]) / max(float(window.apart[window.changed].mean()), 1.0)


def find_shift(window: Window, way: int) -> tuple[Share, int, int]:
    """Suppose that what one picture shows was moved a little.

    Returns
    -------
    float
        The part that is explained of what is new in the other picture.
    int, int
        The shift to the right and down, in pixels of the window.
    """
    before, after = _ways(window, way)
    old, new = window.marks[way], window.marks[1 - way]
    if min(np.count_nonzero(old), np.count_nonzero(new)) < FEW * window.pixels:
        return LOWEST, 0, 0
    x, y, width, height = cv2.boundingRect(old.astype(np.uint8))
    left, top = max(x - 1, 0), max(y - 1, 0)
    piece = np.ascontiguousarray(before[top : y + height + 1, left : x + width + 1])
    column, row = _where(_gray(after), _gray(piece))
    expected = window.ground.copy()
    expected[row : row + piece.shape[0], column : column + piece.shape[1]] = piece
    return window.explained(expected, after, new), column - left, row - top


def _where(image: NDArray[np.float32], piece: NDArray[np.float32]) -> tuple[int, int]:
    """Return the column and row at which a piece, both in gray, fits best into a picture."""
    return cv2.minMaxLoc(cv2.matchTemplate(image, piece, cv2.TM_SQDIFF))[2]


def _gray(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def explain_by_scale(window: Window, way: int) -> tuple[Share, float]:
    """Suppose that one picture shows the other enlarged, about the middle of the box.

    Returns
    -------
    float
        The part explained.
    float
        By what factor.
    """
    before, after = _ways(window, way)
    box = window.inner
    seen = _gray(np.ascontiguousarray(after[part_of(box)]))
    margin = [max(2, round(OFF * side)) for side in (box.width, box.height)]
    size = [side + 2 * more for side, more in zip(box[2:], margin, strict=True)]
    best, expected = (LOWEST, 1.0), after.copy()
    for factor in SCALES:
        middle = [(size[a] - 1) / 2 - factor * (box[a] + (box[a + 2] - 1) / 2) for a in (0, 1)]
        matrix = np.array([[factor, 0, middle[0]], [0, factor, middle[1]]])
        large = cv2.warpAffine(before, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        column, row = _where(_gray(large), seen)
        expected[part_of(box)] = large[row : row + seen.shape[0], column : column + seen.shape[1]]
        best = max(best, (window.explained(expected, after), factor))
    return best


# What was moved from one box to another


def explain_by_move(comparison: Comparison, start: Window, end: Window) -> Share:
    """Suppose that what one box has in the first picture is in another one in the second.

    Parameters
    ----------
    comparison : Comparison
    start, end : Window
        Of two of its boxes.

    Returns
    -------
    float
        The part that is explained of what was in one and is in the other, the smaller of both.
    """
    there = _explain_from(comparison, start, end, 0)
    return there if there < 0 else min(there, _explain_from(comparison, end, start, 1))


def _explain_from(comparison: Comparison, source: Window, window: Window, way: int) -> Share:
    """Look in one picture near another box for what is new in this one in the other picture."""
    new = window.marks[1 - way] if window.flat > FLAT else window.changed
    if np.count_nonzero(new) < FEW * window.pixels:
        return LOWEST
    seen = np.ascontiguousarray(_ways(window, way)[1][part_of(window.inner)])
    (left, right), (top, bottom) = (
        _search(source.box[axis], source.box[axis + 2], window.box[axis + 2], length)
        for axis, length in enumerate(comparison.mask.shape[::-1])
    )
    near = reduced(toned(comparison, np.s_[top:bottom, left:right])[way], window.scale)
    if near.shape[0] < seen.shape[0] or near.shape[1] < seen.shape[1]:
        return LOWEST
    column, row = _where(_gray(near), _gray(seen))
    expected = _ways(window, way)[1].copy()
    expected[part_of(window.inner)] = near[row : row + len(seen), column : column + seen.shape[1]]
    return window.explained(expected, _ways(window, way)[1], new)


def _search(start: int, length: int, wanted: int, most: int) -> tuple[int, int]:
    """Return the lines in which something as long as wanted may begin and end near a box."""
    low = min(start, start + length - wanted) - NEAR
    high = max(start + length, start + wanted) + NEAR
    return max(low, 0), min(high, most)
