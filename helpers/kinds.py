"""Ask a pair what lies between its two pictures: its kind decides what is tolerated. Lesson 10."""

from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.tone import largest_channel, largest_difference, steps

EXACT, RENDERED, STORED, PHOTOGRAPHED = "exact", "rendered", "stored", "photographed"

STRIPE, STRIPES = 64, 8  # pixels and number of the stretches of each side that are sampled
BLOCK = 8  # pixels: side of the blocks of JPEG
CELL = 16  # pixels: side of the cells that are compared to the last bit
TEXTURE = 16  # gray levels between neighbours from which a pixel tells of storing or rendering
LEAST_TEXTURE = 8  # such pixels that a cell must have
FEW, SMALL = 8, 4  # cells with texture: where they are fewer, cells of so many pixels are asked
ALMOST_ALL = 0.85  # share of these from which the pair is digital; a blur leaves .82 of a gradient
NEAR, FAR = 2, 6  # pixels from an edge: between the two JPEG and resampling leave their traces
LEAST_FLAT = 200  # pixels there that must be flat for their share to say something
TINY = 32 * 32  # pixels of a picture that is asked for what it has in common only
SOME = 0.1  # share of the cells with texture, from which others may have moved
SAME = 0.25  # share of the cells with texture; what was stored anew leaves .16 at most as they were
HALF = 0.45  # the same share; thin lines on flat ground keep .42 as JPEG
MOSTLY_SAME = 0.9  # the same share, from which nothing can have moved as a whole
FLAT = 0.9  # share of the flat pixels near edges that are flat in both pictures
NEARLY_FLAT = 0.8  # the same where some cells are as they were
NOTICED = 3  # gray levels from which a pixel belongs to what differs
EDITED = 0.8  # share of the pixels that differ which do so by as much: storing changes most less
PARTS, PART_TOLD = 6, 12  # in a row and in a column; cells with texture that a part must have
FAINT = 0.1  # share of the pixels that differ by less than anybody notices
JITTERS = 0.5  # share of the pieces that differ: text rendered again has .73 and more, edits none
SEVERAL = 4  # pieces: who renders again renders more than a word
JOINED = 5  # pixels: pieces with smaller gaps are one
FULL = 0.75  # of an edge's contrast: less differs when an edge moves by half a pixel
OUTSIDE = 0.5  # of the contrast by which a pixel may leave the range of its neighbours
REACH = 2  # pixels by which a thing that somebody moved is looked for
MOVED = 0.3  # share of the cells that differ which are found there; rendered again hardly one is
BALANCE = 0.5  # a moved edge darkens on one side what it brightens on the other
ENDS = 0.7  # of what slopes differ by; the ends differ by .9 and more for a new colour, .5 without
HEAVIER = 0.1  # of an edge's contrast by which slopes differ; a stroke of a fifth more has .2
MOST_APART = 32  # gray levels that count of a difference, so that a local change weighs little
SQUARE = np.ones((3, 3), np.uint8)


class Evidence(NamedTuple):
    """Traces in a sample of a pair of how its pictures came to differ.

    Attributes
    ----------
    same : float
        Share of the cells with texture that are the same to the last bit. NaN without texture.
    flat : float
        Of the pixels near edges that are flat in one picture, the share that is flat in both.
        NaN where there are too few.
    jitter : float
        Share of what differs that looks like edges which moved by part of a pixel; 0 when the
        pair is not digital.
    filled : float
        Share of the blocks of JPEG with a difference in which most pixels differ.
    """

    same: float = np.nan
    flat: float = np.nan
    jitter: float = 0.0
    filled: float = 0.0

    @property
    def is_digital(self) -> bool:
        """True when neither picture was stored, resampled or photographed again."""
        drawn = self.same >= SAME and not self.flat < NEARLY_FLAT
        return drawn or self.same >= HALF or self.flat >= FLAT

    @property
    def is_exact(self) -> bool:
        """True when whatever differs was changed: it is no edge that was rendered again."""
        return self.is_digital and self.jitter < JITTERS


def find_evidence(first: Image, second: Image, ignored: Image, *, toned: bool = False) -> Evidence:
    """Look at a sample of a pair for traces of storing, resampling and rendering.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    ignored : ndarray of uint8, shape (height, width)
        Pixels above 0 tell nothing.
    toned : bool, optional
        A curve was applied to one of them, which rounds its levels.

    Returns
    -------
    Evidence
    """
    first, second, ignored = sample(first), sample(second), sample(ignored)
    step, other_step = steps(first), steps(second)
    counts = cv2.inRange(ignored, 0, 0)
    texture = cv2.bitwise_and(cv2.inRange(cv2.max(step, other_step), TEXTURE, 255), counts)
    apart = cv2.bitwise_and(largest_difference(first, second), counts)
    in_part = _is_same_in_a_part(texture, apart)
    if not toned and not in_part and _is_faint_everywhere(apart):
        return Evidence(same=0.0)
    same = _share_of_same_cells(texture, cv2.min(step, other_step), apart)
    if in_part and not same >= HALF:
        same = HALF
    flat = _share_of_flat(step, other_step, texture, counts)
    evidence = Evidence(same, flat, filled=_share_of_filled_blocks(apart))
    if np.isnan(evidence.flat) and (np.isnan(same) or apart.size <= TINY):
        evidence = evidence._replace(same=float(cv2.countNonZero(apart) < apart.size / 2))
    if not evidence.is_digital:
        if not evidence.same >= SOME or share_of_moved_cells(first, second, texture) < MOVED:
            return evidence
        return evidence._replace(same=HALF)  # no storing moves anything to the last bit
    if evidence.same >= SAME:
        jitter = _share_of_jitter(first, second, apart)
        if jitter >= JITTERS and share_of_moved_cells(first, second, texture) >= MOVED:
            jitter = 0.0
    else:
        jitter = 1 - _one_sidedness(first, second, counts)
    return evidence._replace(jitter=jitter)


def _is_faint_everywhere(apart: Image) -> bool:
    """Say whether most of what differs does so by a level or two, and much of the picture.

    JPEG and WebP of good quality do that also to flat places, which stay flat.
    """
    faint = cv2.countNonZero(cv2.inRange(apart, 1, NOTICED - 1))
    return faint > FAINT * apart.size and faint > cv2.countNonZero(apart) / 2


def sample(image: Image) -> Image:
    """Join stretches of rows and columns, spread evenly; the whole of a small picture."""
    rows, columns = (
        [slice(start, start + STRIPE) for start in _starts(length)] for length in image.shape[:2]
    )
    joined = [np.concatenate([image[row, column] for column in columns], axis=1) for row in rows]
    return np.concatenate(joined)


def _starts(length: int) -> list[int]:
    """Spread stretches evenly; they start where blocks of JPEG do."""
    if length <= STRIPE * STRIPES:
        return list(range(0, length, STRIPE))
    starts = [index * (length - STRIPE) // (STRIPES - 1) for index in range(STRIPES)]
    return [start // CELL * CELL for start in starts]


def by_cell(values: NDArray, side: int = CELL) -> NDArray:
    """Take the largest value in each cell; cells cut off by the border are filled up with 0."""
    cells = _cells(values, side)
    rows = cells.reshape(*cells.shape[:2], -1).max(axis=1)  # long rows at first: that is fast
    return rows.reshape(len(cells), -1, side).max(axis=2)


def _cells(values: NDArray, side: int = CELL) -> NDArray:
    height, width = values.shape
    below, beside = -height % side, -width % side
    if below or beside:
        values = np.pad(values, ((0, below), (0, beside)))
    return values.reshape(-(-height // side), side, -1, side)


def _is_same_in_a_part(texture: Image, apart: Image) -> bool:
    """Say whether some part with texture is the same to the last bit: storing leaves none so."""
    told = np.count_nonzero(_cells(texture), axis=(1, 3)) >= LEAST_TEXTURE
    same = by_cell(apart) == 0
    parts = [
        (t, s)
        for rows in zip(np.array_split(told, PARTS), np.array_split(same, PARTS), strict=True)
        for t, s in zip(*(np.array_split(row, PARTS, axis=1) for row in rows), strict=True)
    ]
    return any(np.count_nonzero(t) >= PART_TOLD and s.all() for t, s in parts)


def _share_of_same_cells(texture: Image, step: Image, apart: Image) -> float:
    """Measure the share; in small or smooth pictures that of small cells."""
    told = np.count_nonzero(_cells(texture), axis=(1, 3)) >= LEAST_TEXTURE
    if np.count_nonzero(told) < FEW:
        return _share_of_same_small_cells(step, apart)
    return float(np.mean(by_cell(cv2.bitwise_and(apart, texture))[told] == 0))


def _share_of_filled_blocks(apart: Image) -> float:
    """Measure it: who compresses a block again changes it as a whole, who draws hardly ever."""
    differing = _cells(apart > 0, BLOCK).mean(axis=(1, 3))
    return float(np.mean(differing[differing > 0] > 0.5)) if differing.any() else 0.0


def _share_of_same_small_cells(step: Image, apart: Image) -> float:
    """Measure it in cells that are flat in neither picture. NaN where they are few."""
    told = np.count_nonzero(_cells(step, SMALL), axis=(1, 3)) >= LEAST_TEXTURE
    same = by_cell(apart, SMALL)[told] == 0
    if same.size < FEW:
        return np.nan
    noticed = cv2.countNonZero(cv2.inRange(apart, NOTICED, 255))
    if noticed >= EDITED * cv2.countNonZero(apart):
        return float(np.mean(same))
    return float(np.mean(same) >= ALMOST_ALL)


def _share_of_flat(step: Image, other_step: Image, texture: Image, counts: Image) -> float:
    far, near = (cv2.dilate(texture, np.ones((2 * d + 1,) * 2, np.uint8)) for d in (FAR, NEAR))
    around = cv2.bitwise_and(cv2.subtract(far, near), counts) if texture.any() else counts
    flat, other_flat = (cv2.bitwise_and(cv2.inRange(s, 0, 0), around) for s in (step, other_step))
    either = cv2.countNonZero(cv2.bitwise_or(flat, other_flat))
    both = cv2.countNonZero(cv2.bitwise_and(flat, other_flat))
    return both / either if either >= LEAST_FLAT else np.nan


def _share_of_jitter(first: Image, second: Image, apart: Image) -> float:
    """Measure how many of the pieces that differ are edges that moved by half a pixel at most.

    In such a piece hardly a pixel changes from one side of the edge to the other, or leaves the
    range of its neighbours, and what gets darker is as much as what gets brighter.
    """
    differs = cv2.inRange(apart, NOTICED, 255)
    if not differs.any():
        return 0.0
    x, y, width, height = cv2.boundingRect(differs)  # with its neighbours
    part = np.s_[max(y - 3, 0) : y + height + 3, max(x - 3, 0) : x + width + 3]
    first, second, apart, differs = (image[part] for image in (first, second, apart, differs))
    outside, contrast = leaves_range(first, second)
    hard = cv2.max(
        cv2.compare(apart, cv2.multiply(contrast, 1, scale=FULL), cv2.CMP_GE),
        cv2.compare(outside, cv2.multiply(contrast, 1, scale=OUTSIDE), cv2.CMP_GT),
    )
    count, labels = cv2.connectedComponents(cv2.dilate(differs, np.ones((JOINED,) * 2, np.uint8)))
    there = differs > 0
    labels = labels[there]
    signed = cv2.subtract(to_gray(first), to_gray(second), dtype=cv2.CV_16S)[there]
    pixels, hards = (np.bincount(labels, w, count) for w in (None, hard[there] > 0))
    sums, sizes = (np.bincount(labels, w, count) for w in (signed, np.abs(signed)))
    told = pixels > JOINED
    jitters = told & (hards <= 0.1 * pixels) & (np.abs(sums) <= BALANCE * sizes)
    return float(jitters.sum() / told.sum()) if told.sum() >= SEVERAL else 0.0


def _one_sidedness(first: Image, second: Image, counts: Image) -> float:
    """Measure how much of the difference has one sign: 0 to 1.

    Where hardly a cell is as it was, this tells a new colour from edges that moved or softened.
    It is the median of cells, but where only slopes of edges differ, it is no new colour: a large
    shape that moved has one sign in a cell, but not in all, and strokes that are a little heavier
    were rendered again.
    """
    first, second = to_gray(first), to_gray(second)
    signed = cv2.subtract(first, second, dtype=cv2.CV_16S)
    signed[counts == 0] = 0
    cells = _cells(signed)
    sums, sizes = np.abs(cells.sum(axis=(1, 3))), np.abs(cells).sum(axis=(1, 3))
    told = sizes >= NOTICED * CELL * LEAST_TEXTURE / 4
    if not told.any():
        return 1.0
    sided = float(np.median(sums[told] / sizes[told]))
    slopes = _share_on_slopes(first, second, counts)
    if slopes <= HEAVIER:
        return 0.0
    if np.isinf(slopes):
        return sided
    signed = np.clip(signed, -MOST_APART, MOST_APART)
    return min(sided, abs(signed.sum()) / np.abs(signed).sum())


def _share_on_slopes(first: Image, second: Image, counts: Image) -> float:
    """Measure by how much the slopes of edges differ, as a share of the edges' contrast.

    Infinite where the levels at both ends of the slopes differ as well, as a new colour does.
    """
    ends, stay, apart = [], [], np.minimum(cv2.absdiff(first, second), MOST_APART)
    low, high = (change(first, SQUARE) for change in (cv2.erode, cv2.dilate))
    contrast = cv2.subtract(high, low)
    edges = (contrast >= TEXTURE) & (counts > 0)
    slopes = edges & (first > low) & (first < high)
    for end, change in ((low, cv2.erode), (high, cv2.dilate)):
        ends.append(edges & (first == end))
        stay.append(ends[-1] & (second == change(second, SQUARE)))
    few = [np.count_nonzero(s) < np.count_nonzero(e) / 2 for s, e in zip(stay, ends, strict=True)]
    if any(few) or not slopes.any() or not all(where.any() for where in stay):
        return np.inf
    if max(apart[where].mean() for where in stay) > ENDS * apart[slopes].mean():
        return np.inf
    return float(np.median(apart[slopes] / contrast[slopes]))


def share_of_moved_cells(first: Image, second: Image, texture: Image) -> float:
    """Measure how many of the cells that differ are in the other picture a pixel or two away.

    They are so to the last bit: whoever renders again moves things by parts of a pixel.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
    texture : ndarray of uint8, shape (height, width)
        255 where pixels tell of it.

    Returns
    -------
    float
        0 to 1.
    """
    height, width = (side // CELL * CELL for side in texture.shape)
    if min(height, width) <= 2 * CELL:
        return 0.0
    first, second = to_gray(first), to_gray(second)
    inner = np.s_[CELL : height - CELL, CELL : width - CELL]
    differs = cv2.inRange(cv2.absdiff(first[inner], second[inner]), NOTICED, 255)
    told = _in_cells(cv2.bitwise_and(differs, texture[inner])) > 0
    moved = np.zeros_like(told)
    for dy, dx in product(range(-REACH, REACH + 1), repeat=2):
        there = np.s_[CELL + dy : height - CELL + dy, CELL + dx : width - CELL + dx]
        moved |= _in_cells(cv2.compare(first[inner], second[there], cv2.CMP_NE)) == 0
    return np.count_nonzero(moved & told) / max(np.count_nonzero(told), 1)


def _in_cells(mask: Image) -> Image:
    """Average a mask of whole cells in each of them: 0 only where all of it is 0."""
    return cv2.resize(mask, None, fx=1 / CELL, fy=1 / CELL, interpolation=cv2.INTER_AREA)


def leaves_range(first: Image, second: Image) -> tuple[Image, Image]:
    """Measure by how much pixels leave the range of their neighbours in the other picture.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)

    Returns
    -------
    outside, contrast : ndarray of uint8, shape (height, width)
        Gray levels by which either pixel leaves it, and the larger of the two ranges.
    """
    top, bottom, other_top, other_bottom = (
        change(image, SQUARE) for image in (first, second) for change in (cv2.dilate, cv2.erode)
    )
    outside = cv2.max(
        cv2.max(cv2.subtract(first, other_top), cv2.subtract(other_bottom, first)),
        cv2.max(cv2.subtract(second, top), cv2.subtract(bottom, second)),
    )
    contrast = cv2.max(cv2.subtract(top, bottom), cv2.subtract(other_top, other_bottom))
    return largest_channel(outside), largest_channel(contrast)
