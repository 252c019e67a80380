"""Find bands of rows that one of two pictures lacks, or that lie elsewhere in it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.loading import Image
from helpers.rows import Band, Differing, Rows, find_differing, find_signatures

FEWEST, MOST_ROWS = 32, 32_768  # rows and columns that tell too little, and rows that take long
FARTHEST = 0.25  # of the height: what moved as a whole by less is found by `find_alignment`
SLIDE = 64  # rows by which a cut is moved, at most, to where it belongs
SLACK = 1.0  # rows' worth of noise by which one place of a cut may fit worse than another
MOVED = 0.6  # of what rows tell: those that moved differ by less, others by .96 and more
MEET = 4  # rows beyond what fits by which two bands may slide to be one that moved
FEW, WORSE = 16, 3.0  # rows at an edge that are not in place where they fit no better by levels
SHORT = 4  # rows: bands as short as this, several of them, are things that moved
ALIKE = 16  # gray levels within which rows go on as the one beside them


def find_bands(
    first: Image, second: Image, differing: Differing | None = None
) -> tuple[Band, ...] | None:
    """Find the bands of rows that two gray pictures of one width share, or do not.

    Each row is told by means and slopes. Rows vote for shifts by their best partners; dynamic
    programming then chooses between these shifts row by row, where rows without a partner cost
    what they tell. Cuts are put where the pictures themselves say.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width) and (other height, width)
    differing : Differing, optional
        What `find_differing` says of two of one height, when that is known.

    Returns
    -------
    tuple of Band or None
        From the top; None when no layout is clearly better than the pictures as they lie.
    """
    same_height = len(first) == len(second)
    if max(len(first), len(second)) > MOST_ROWS or min(first.shape + second.shape) < FEWEST:
        return None
    if same_height and not (differing or find_differing(first, second)).is_out_of_place:
        return None
    rows = Rows(find_signatures(first), find_signatures(second))
    if same_height and len(rows.shifts) == 1:
        return None
    bands = rows.find_path()
    if not rows.is_reliable(bands):
        return None
    bands = _placed(_whole(bands, rows), rows, first, second)
    if not same_height:
        return bands
    if not rows.is_better(bands) or _is_explained_otherwise(bands, first, second):
        return None
    return bands


def goes_on(picture: Image, rows: slice) -> bool:
    """Say whether rows go on as the one before them (at the top: after them): nothing is on them.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width) or (height, width, 3)
    rows : slice
    """
    beside = rows.stop if rows.start == 0 else rows.start - 1
    if not 0 <= beside < len(picture):
        return False
    lowest, highest = (how(picture[rows], axis=0) for how in (np.min, np.max))
    apart = np.maximum(cv2.absdiff(highest, picture[beside]), cv2.absdiff(lowest, picture[beside]))
    return bool(apart.max() <= ALIKE)


def find_moved(bands: Sequence[Band]) -> list[Band]:
    """Find the shared bands that are in another order in the second picture: the shorter ones."""
    shared = [band for band in bands if band.is_shared]
    chains: list[list[Band]] = []  # for each band the longest of those in order that ends with it
    for band in shared:
        before = [chain for chain in chains if chain[-1].second < band.second]
        chains.append([*max(before, key=_length, default=[]), band])
    in_order = max(chains, key=_length, default=[])
    return [band for band in shared if band not in in_order]


def _length(bands: Sequence[Band]) -> int:
    return sum(band.length for band in bands)


def _is_explained_otherwise(bands: tuple[Band, ...], first: Image, second: Image) -> bool:
    """Say whether all moved as a whole, or only a thing moved on a ground that stays."""
    inner = [band for band in bands[1:-1] if not band.is_shared]
    shared = [band for band in bands if band.is_shared]
    if len(shared) == 1:
        return abs(shared[0].second - shared[0].first) <= FARTHEST * len(first)
    out = [*inner, *find_moved(bands)]
    if min((band.length for band in out), default=SHORT) < SHORT and (len(out) > 1 or not inner):
        return True
    if not (bands[0].is_shared and bands[-1].is_shared):
        return False
    return all(_is_plain(band, first, second) for band in out)


def _is_plain(band: Band, first: Image, second: Image) -> bool:
    """Say whether there is nothing on a band of one picture, or on one that moved."""
    picture, start = (second, band.second) if band.first is None else (first, band.first)
    return goes_on(picture, slice(start, start + band.length))


def _whole(bands: list[Band], rows: Rows) -> list[Band]:
    """Add the rows at both ends that were left out of the search; join what is one band."""
    ends = [rows.top + len(told) for told in rows.told]
    later = [_later(band, rows.top) for band in bands]
    whole = [Band(0, 0, rows.top)]
    for band in [*later, Band(*ends, rows.bottom)]:
        last = whole[-1]
        if band.is_shared and last.is_shared and last.shift == band.shift:
            whole[-1] = last._replace(length=last.length + band.length)
        else:
            whole.append(band)
    return [band for band in whole if band.length]


def _later(band: Band, rows: int) -> Band:
    """Return a band that begins so many rows later in both pictures."""
    starts = (None if start is None else start + rows for start in band[:2])
    return Band(*starts, band.length)


def _placed(bands: list[Band], rows: Rows, first: Image, second: Image) -> tuple[Band, ...]:
    """Put cuts where they belong, and join what was removed here and inserted there."""
    ranges = {
        at: _find_slides(bands, at, first, second)
        for at, band in enumerate(bands)
        if not band.is_shared
    }
    is_one_height = len(first) == len(second)
    at_edges = {}  # by how much to slide those that can be at an edge
    for at, allowed in ranges.items():
        if at in (0, len(bands) - 1):
            at_edges[at] = 0
        elif at == 1 and bands[0].length == -allowed[0]:
            at_edges[at] = allowed[0]
        elif at == len(bands) - 2 and bands[-1].length == allowed[-1]:
            at_edges[at] = allowed[-1]
    # What is at an edge of pictures of one height was pushed out, or in.
    inner = {at: ranges[at] for at in ranges if not (is_one_height and at in at_edges)}
    moved = _pair_moved(bands, inner, rows)
    partners = {}
    for at, allowed in ranges.items():
        slide = allowed[len(allowed) // 2]
        if at in moved:
            slide, partners[at] = moved[at]
        elif at in at_edges and (is_one_height or _is_plain(bands[at], first, second)):
            slide = at_edges[at]
        bands = _slid(bands, at, slide)
    joined = (
        band._replace(second=bands[partners[at]].second) if at in partners else band
        for at, band in enumerate(bands)
        if at not in partners or band.second is None
    )
    return tuple(band for band in joined if band.length)


def _find_slides(bands: list[Band], at: int, first: Image, second: Image) -> range:
    """Return by how many rows a band of one picture may be moved, and still all rows fit.

    Rows that look alike at both ends of the band leave that open. So do those at the edge of the
    picture, which may all be on one side of it.
    """
    around = bands[max(at - 1, 0) : at + 2]
    if [band.is_shared for band in around] != [True, False, True]:
        return range(1)
    above, band, below = around
    pictures = (first, second) if band.second is None else (second, first)
    start, kept = (band.first, below.second) if band.second is None else (band.second, below.first)
    up = above.length if at == 1 else min(SLIDE, above.length)
    down = below.length if at == len(bands) - 2 else min(SLIDE, below.length)
    rows = pictures[1][kept - up : kept + down]
    others = (pictures[0][at - up : at + down] for at in (start, start + band.length))
    upper, lower = (_row_costs(rows, other) for other in others)
    totals = np.concatenate([[0], np.cumsum(upper - lower)])
    best = int(totals.argmin())
    noise = float(np.mean(np.concatenate([upper[:up], lower[up:]])))
    fails = np.flatnonzero(totals > totals[best] + SLACK * noise)
    begin = int(fails[fails < best].max(initial=-1)) + 1
    end = int(fails[fails > best].min(initial=len(totals)))
    if at == 1 and up <= FEW and totals[0] - totals[best] <= WORSE * up:
        begin = 0
    if at == len(bands) - 2 and down <= FEW and totals[-1] - totals[best] <= WORSE * down:
        end = len(totals)
    return range(begin - up, end - up)


def _row_costs(one: Image, other: Image) -> NDArray[np.float64]:
    return cv2.reduce(cv2.absdiff(one, other), 1, cv2.REDUCE_AVG, dtype=cv2.CV_64F)[:, 0]


def _slid(bands: list[Band], at: int, rows: int) -> list[Band]:
    """Move a band of one picture by so many rows; its neighbours give and take what they have."""
    if not rows:
        return bands
    above, band, below = bands[at - 1 : at + 2]
    rows = min(max(rows, -above.length), below.length)
    below = _later(below, rows)._replace(length=below.length - rows)
    above = above._replace(length=above.length + rows)
    return [*bands[: at - 1], above, _later(band, rows), below, *bands[at + 2 :]]


def _pair_moved(
    bands: list[Band], ranges: dict[int, range], rows: Rows
) -> dict[int, tuple[int, int]]:
    """Find removed bands that are inserted elsewhere: for both, by how much to slide, and which."""
    found: dict[int, tuple[int, int]] = {}
    added = [at for at in ranges if bands[at].first is None]
    for at in ranges.keys() - set(added):
        for other in added:
            if other in found or bands[at].length != bands[other].length:
                continue
            slide = _slide_to_meet(bands[at], bands[other], ranges[at], ranges[other], rows)
            if slide:
                found[at], found[other] = (slide[0], other), (slide[1], at)
                break
    return found


def _slide_to_meet(
    removed: Band, added: Band, mine: range, its: range, rows: Rows
) -> tuple[int, int] | None:
    """Return by how much to slide both so that they show the same; None when they never do."""
    best, slides = MOVED, None
    for apart in range(its[0] - mine[-1] - MEET, its[-1] - mine[0] + MEET + 1):
        middle = max(mine[0], its[0] - apart) + min(mine[-1], its[-1] - apart)
        slide = middle // 2
        unlike = rows.unlike(removed.first + slide, added.second + slide + apart, removed.length)
        if unlike < best:
            best, slides = unlike, (slide, slide + apart)
    return slides
