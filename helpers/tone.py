"""Undo another exposure: a curve for each channel brings one picture to the other's. Lesson 12."""

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.curves import (
    MANY_LEVELS,
    Levels,
    agree,
    count_apart,
    count_levels,
    draw_curves,
    exact_levels,
    fit_curves,
    flat_levels,
    is_exposure,
    is_shift,
)
from helpers.errors import PictureError, brief
from helpers.grayscale import to_gray
from helpers.light import fit_light, lit, measure_light
from helpers.loading import (
    Image,
    check_gray,
    check_image,
    check_same_size,
    is_array,
    to_bgr,
)

STRIP = 16  # rows that are looked at together
SMALL = 480  # pixels: longer side of the pictures the curves are measured on
FLAT = 12  # gray levels by which neighbours may differ: edges tell of blur, not of tone
CELLS = 8  # in a row and in a column
RANGE = 16  # gray levels that are looked at together in a cell
GROUP = 16  # pixels of one range and cell whose mean difference tells
NOTICED = 1.5  # gray levels that a curve must change, where noise alone may bend one
MOVED_CUT = 3  # gray levels by which noise that is cut off moves black and white at most
MOVED, SAME = 1, 1  # gray levels: what differs by more has moved, by less has not
NEAR, NEAR_SHARE = 1.2, 0.25  # gray levels, share of its difference: what may be left of it
SPOILT = 1.5  # gray levels that a curve may add where there was no difference
FEW = 0.05  # share of the cells: fewer moved ones are a change in one place
MOST = 0.6  # of the cells that moved have to be explained: the others may hold local changes
KEPT = 0.06  # share of the cells that may have kept the levels which moved elsewhere
NEAR_PIXEL, FAR_PIXEL = 4, 12  # gray levels left: on the curve but for noise, and off it
SPLIT = 0.05  # share of the pixels that may be on the curve in one channel and off in another
LIT = 0.4  # part of the differences, or of what a curve leaves, that light may leave
LEAST_CONTRAST = 0.1  # times the old one: a flat picture is no exposure
PURE = 0.5  # part of a level that became one and the same in a pair without loss
SHARP = 2  # gray levels from the curve within which the exact new level is believed
PART = 0.15  # of a cell that has to have moved for the cell to count
SPECKS = 0.003  # share of a cell: what marks less of it does not count
WIDELY = 0.3  # share of the cells in which something is, that have to differ
SAMPLE = 500_000  # pixels that show what a pair without loss is
FEW_COLUMNS = 8  # of which one shows at first whether it is
MANY_PIXELS = 60_000  # of the reduced pictures: every other row is enough
LEAST_PIXELS = 6  # of a level, where no noise is and few pixels show what became of it
EXACT = 0.9  # part of a cell's pixels that has to be equal to the last bit
SAME_LEVELS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)


class Tone(NamedTuple):
    """A correction of tone.

    Attributes
    ----------
    corrects : {"first", "second"}
        The picture whose values the table replaces.
    table : ndarray of uint8, shape (256, 3)
        The new value of each old one, for blue, green and red.
    exact : bool
        What was not changed is the same to the last bit after the correction.
    brighter : float
        Gray levels by which the second picture is brighter than the first, on average; below 0
        when it is darker.
    contrast : float
        How many times the contrast of the first picture the second one has.
    light : ndarray of float32, shape (64, 64), or None
        By how much the picture is multiplied after the table, evenly from the upper left to the
        lower right corner, where light differs by place.
    """

    corrects: str
    table: NDArray[np.uint8]
    exact: bool = False
    brighter: float = 0.0
    contrast: float = 1.0
    light: NDArray[np.float32] | None = None


class Places(NamedTuple):
    """Pixels of two pictures at the same places.

    Attributes
    ----------
    first, second : ndarray of uint8, shape (n, 3)
        The pixels.
    cells : ndarray of int, shape (n,)
        The cell that each is in.
    where : ndarray of bool, shape (height, width)
        Where they are in the pictures.
    """

    first: NDArray[np.uint8]
    second: NDArray[np.uint8]
    cells: NDArray[np.intp]
    where: NDArray[np.bool_]

    def turned(self) -> "Places":
        """Swap the pictures."""
        return self._replace(first=self.second, second=self.first)


def find_tone(
    first: Image, second: Image, ignored: Image | None = None, *, moved: bool = False
) -> Tone | None:
    """Find the curves that explain two aligned pictures as one thing in two exposures.

    Smooth curves, one a channel, are fitted to the levels of flat places. They explain a pair when
    they foretell levels that they were not fitted to, and when they do so everywhere: a page of
    two colours fits any line, and where a level was kept in one place and moved in another there
    was no exposure. Where nothing but the curve is between the pictures, the exact new level of
    each is taken. Curves for either picture are tried: only one direction can undo values that
    were cut off at 0 or 255.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    ignored : ndarray of uint8, shape (height, width), optional
        Pixels above 0 are left out.
    moved : bool, optional
        The second picture was moved by parts of a pixel, turned or scaled: so a camera or a
        scanner took it, and another exposure is more likely than other colours. Few levels will
        do then.

    Returns
    -------
    Tone or None
        None when no exposure explains the pair, or there is nothing to explain.

    Raises
    ------
    PictureError
        A picture or the mask is not uint8, or the sizes differ.
    """
    first = to_bgr(check_image(first, "the first picture"))
    second = to_bgr(check_image(second, "the second picture"))
    check_same_size(first, second)
    if ignored is not None:
        ignored = check_gray(ignored, "the mask of what is ignored")
        check_same_size(first, ignored, ("the first picture", "the mask of what is ignored"))
    small = _reduced(first), _reduced(second)
    if not _differs_widely(*small):
        return None
    small_ignored = None if ignored is None else _reduced(ignored)
    flat = _flat_places(*small, small_ignored)
    if not len(flat.cells):
        return None
    pure = None if moved else _pure_sample(first, second, ignored)
    if not pure and _share_moved(flat) <= FEW:
        return None
    tone = _exact_tone(*pure) if pure else None
    if tone and pure[0].shape != first.shape:
        tone = _sharpened(tone, first, second, ignored)
    tone = tone or _flat_tone(flat, moved, None if pure else (*small, small_ignored))
    light = None if tone and tone.exact else _light(flat)
    if light and (not tone or _left(light, flat) < LIT * _left(tone, flat)):
        tone = light
    return tone and _described(tone, *small)


def find_shade(first: Image, second: Image, ignored: Image) -> Tone | None:
    """Find the light by place of two views of one scene: a lens, a lamp, a shadow.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned.
    ignored : ndarray of uint8, shape (height, width)
        Pixels above 0 are left out.

    Returns
    -------
    Tone or None
        None when the light is nearly the same all over.
    """
    small = _reduced(first), _reduced(second)
    seen = cv2.compare(_reduced(ignored), 0, cv2.CMP_EQ)
    light = measure_light(*(to_gray(image) for image in small), seen)
    if light is None:
        return None
    return _described(_darkening(light), *small)


def apply_tone(image: Image, tone: Tone) -> Image:
    """Replace the values of a picture by those of the table, and even out its light.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3) or (height, width)
        BGR or gray.
    tone : Tone

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        BGR.

    Raises
    ------
    PictureError
        `image` is no gray or BGR uint8 array, or `tone` is no tone.

    References
    ----------
    OpenCV documentation, `cv2.LUT`.
    """
    image = check_image(image)
    if not issubclass(type(tone), Tone):
        hint = "; it gives None when there is nothing to correct" if tone is None else ""
        raise PictureError(f"the tone is {brief(tone)}. Give what find_tone returns{hint}.")
    table = np.asarray(tone.table) if is_array(tone.table) else np.empty(0)
    if table.shape != (256, 3) or table.dtype != np.uint8:
        raise PictureError(
            f"the table of the tone is {brief(tone.table)}. Give an array of uint8, shape (256, 3)."
        )
    toned = cv2.LUT(to_bgr(image), table[None])
    if tone.light is None:
        return toned
    light = np.asarray(tone.light) if is_array(tone.light) else np.empty(0)
    if light.ndim != 2 or not light.size or light.dtype != np.float32:
        raise PictureError(
            f"the light of the tone is {brief(tone.light)}. Give an array of float32 of two "
            "dimensions, or None."
        )
    return lit(toned, light)


def largest_channel(image: Image) -> Image:
    """Take the largest of the three values of each pixel."""
    blue, green, red = cv2.split(image)
    return cv2.max(cv2.max(blue, green), red)


def largest_difference(first: Image, second: Image) -> Image:
    """Measure by how many gray levels each pixel differs, in the channel where most."""
    apart = np.empty(first.shape[:2], np.uint8)
    for top in range(0, len(first), STRIP):  # fresh memory for all takes long
        rows = np.s_[top : top + STRIP]
        apart[rows] = largest_channel(cv2.absdiff(first[rows], second[rows]))
    return apart


def steps(image: Image) -> Image:
    """Measure how much the values around each pixel differ, in the channel where most."""
    return largest_channel(cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))


# Pictures as they are measured


def _reduced(image: Image) -> Image:
    """Halve, which calms noise, until the picture is small."""
    height, width = image.shape[:2]
    if min(height, width) < 2:
        return image
    image = cv2.resize(
        image[: height // 2 * 2, : width // 2 * 2],
        None,
        fx=0.5,
        fy=0.5,
        interpolation=cv2.INTER_AREA,
    )
    return _reduced(image) if max(height, width) > 2 * SMALL else image


def _flat_places(first: Image, second: Image, ignored: Image | None) -> Places:
    """Collect the pixels of both pictures where both are flat."""
    is_flat = cv2.compare(cv2.max(steps(first), steps(second)), FLAT, cv2.CMP_LT) > 0
    if ignored is not None:
        is_flat &= ignored == 0
    height, width = is_flat.shape
    if height * width > MANY_PIXELS:
        is_flat[1::2] = False
    rows, columns = (np.arange(n) * CELLS // n for n in (height, width))
    cells = (rows[:, None] * CELLS + columns)[is_flat]
    return Places(first[is_flat], second[is_flat], cells, is_flat)


def _differs_widely(first: Image, second: Image) -> bool:
    """Say whether the reduced pictures differ in many of the cells that hold anything."""
    differs = cv2.compare(largest_difference(first, second), 0, cv2.CMP_GT)
    holds = cv2.max(differs, cv2.compare(steps(second), 0, cv2.CMP_GT))
    differing = _by_cell(differs) > SPECKS
    return np.count_nonzero(differing) > WIDELY * np.count_nonzero(_by_cell(holds) > SPECKS)


def _by_cell(mask: Image) -> NDArray[np.float32]:
    """Compute the share of each cell that a mask marks, shape (CELLS, CELLS)."""
    marked = (mask > 0).astype(np.float32)
    return cv2.resize(marked, (CELLS, CELLS), interpolation=cv2.INTER_AREA)


# Pairs without loss


def _pure_sample(
    first: Image, second: Image, ignored: Image | None
) -> tuple[Image, Image, Image, list[NDArray]] | None:
    """Sample a pair in which most levels became one other each: a mask of what is seen, and counts.

    None for other pairs.
    """
    every = 1 + math.isqrt(first.shape[0] * first.shape[1] // SAMPLE)
    few = (np.ascontiguousarray(image[::every, ::FEW_COLUMNS]) for image in (first, second))
    if _purity(count_levels(*few, channels=[1])) < PURE:  # green alone tells most
        return None
    grid = np.s_[::every, ::every]
    first, second = (np.ascontiguousarray(image[grid]) for image in (first, second))
    ignored = np.zeros(first.shape[:2], np.uint8) if ignored is None else ignored[grid]
    seen = cv2.compare(ignored, 0, cv2.CMP_EQ)
    counts = count_levels(first, second, seen)
    return (first, second, seen, counts) if _purity(counts) >= PURE else None


def _exact_tone(first: Image, second: Image, seen: Image, counts: list[NDArray]) -> Tone | None:
    """Find the exact table that explains a pair in which each level became one other."""
    is_flat = cv2.compare(cv2.max(steps(first), steps(second)), FLAT, cv2.CMP_LT) & seen
    textured = cv2.subtract(seen, is_flat)
    of_flat = count_levels(first, second, is_flat)
    ways = [
        ("first", counts, of_flat, (first, second)),
        ("second", *([table.T for table in t] for t in (counts, of_flat)), (second, first)),
    ]
    for corrects, counts, of_flat, pair in sorted(ways, key=lambda way: -_common(way[1])):
        levels = exact_levels(counts, least=LEAST_PIXELS, pure=PURE)
        inks = exact_levels(of_flat, pure=PURE)
        curves = fit_curves(levels) if len(levels.old) else None
        table = None if curves is None else _table(curves, levels)
        if table is None or not is_exposure(levels, inks if len(inks.old) else levels, curves):
            continue
        table = _sharpen(table, counts)
        before = largest_difference(*pair) & seen
        after = largest_difference(cv2.LUT(pair[0], table[None]), pair[1]) & seen
        if _explains_pixels(before, after) and _is_near(after, textured, SHARP):
            return Tone(corrects, table, exact=_is_near(after, textured, 0))
    return None


def _sharpened(tone: Tone, first: Image, second: Image, ignored: Image | None) -> Tone:
    """Believe the exact new level also of rare levels that the sample has not shown."""
    seen = None if ignored is None else cv2.compare(ignored, 0, cv2.CMP_EQ)
    counts = count_levels(first, second, seen)
    if tone.corrects == "second":
        counts = [table.T for table in counts]
    return tone._replace(table=_sharpen(tone.table, counts))


def _explains_pixels(before: Image, after: Image) -> bool:
    """Say whether a table takes away the differences of most cells, and adds none elsewhere."""
    differed = _by_cell(before)
    gone = _by_cell(cv2.compare(before, after, cv2.CMP_GT) & cv2.compare(after, 2, cv2.CMP_LT))
    spoilt = _by_cell(cv2.compare(before, 0, cv2.CMP_EQ) & cv2.compare(after, 1, cv2.CMP_GT))
    moved = differed > SPECKS
    explained = moved & (gone > differed / 2)
    return explained.sum() > MOST * moved.sum() and np.mean(spoilt > 0.1) < KEPT


def _is_near(after: Image, textured: Image, most: int) -> bool:
    """Say whether in most cells nearly all that is not flat differs by so many levels at most."""
    parts, near = _by_cell(textured), _by_cell(textured & cv2.inRange(after, 0, most))
    holds = parts > SPECKS
    return not holds.any() or bool(np.median(near[holds] / parts[holds]) >= EXACT)


def _common(counts: list[NDArray]) -> float:
    """Count the pixels whose level became what it mostly became."""
    return sum(float(table.max(axis=1).sum()) for table in counts)


def _purity(counts: list[NDArray]) -> float:
    """Average over the levels: which part of each became one level, and came from one."""
    ways = counts, [table.T for table in counts]
    weights = [exact_levels(way).weight for way in ways]
    return min(float(weight.mean()) if len(weight) else 0.0 for weight in weights)


def _sharpen(table: NDArray[np.uint8], counts: list[NDArray]) -> NDArray[np.uint8]:
    """Take the exact new level of each where it is near the curve; it still rises everywhere."""
    table = table.copy()
    old, change, _, channel, _ = exact_levels(counts, least=1)
    new = old + change
    near = np.abs(new - table[old, channel]) <= SHARP
    table[old[near], channel[near]] = new[near]
    return np.maximum.accumulate(table)


# Other pairs


def _flat_tone(
    flat: Places, moved: bool, stored: tuple[Image, Image, Image | None] | None
) -> Tone | None:
    """Find the table that explains flat places of a pair that was stored or photographed.

    `stored` are both reduced pictures with what is ignored, None for a pair without loss.
    """
    if _share_moved(flat) <= FEW:
        return None
    best, least = None, np.inf
    for corrects, places in (("second", flat.turned()), ("first", flat)):
        levels = flat_levels(places.first, places.second)
        if not len(levels.old):
            continue
        curves = fit_curves(levels)
        table = _table(curves, levels)
        if table is None or not _is_noticed(levels, curves):
            continue
        toned = _toned(places, table)
        before, after = _groups(places, places.first), _groups(toned, places.first)
        if (
            after.left() < least
            and _explains_groups(before, after)
            and not _splits_colours(toned, levels)
            and (
                is_exposure(levels, levels, curves, moved=moved)
                or (stored is not None and _is_shifted(*stored))
            )
        ):
            best, least = Tone(corrects, table), after.left()
    return best


def _left(tone: Tone, flat: Places) -> float:
    """Average what a correction leaves of the differences of flat places."""
    if tone.corrects == "second":
        flat = flat.turned()
    return _groups(_toned(flat, tone.table, tone.light), flat.first).left()


def _toned(
    flat: Places, table: NDArray[np.uint8], light: NDArray[np.float32] | None = None
) -> Places:
    """Correct the places of the first picture."""
    toned = cv2.LUT(flat.first[:, None], table[None])[:, 0]
    if light is not None:
        factor = cv2.resize(light, flat.where.shape[::-1])[flat.where]
        toned = cv2.multiply(toned, np.repeat(factor[:, None], 3, axis=1), dtype=cv2.CV_8U)
    return flat._replace(first=toned)


def _light(flat: Places) -> Tone | None:
    """Find light that differs by place and explains flat places."""
    rows, columns = np.nonzero(flat.where)
    places = np.stack([columns, rows], axis=1) / flat.where.shape[::-1]
    light = fit_light(flat.first, flat.second, places)
    if light is None:
        return None
    tone = _darkening(light)
    if tone.corrects == "second":
        flat = flat.turned()
    before, after = (
        _groups(flat, flat.first),
        _groups(_toned(flat, SAME_LEVELS, tone.light), flat.first),
    )
    if after.left() > LIT * before.left() or not _explains_groups(before, after):
        return None
    return tone


def _darkening(light: NDArray[np.float32]) -> Tone:
    """Correct the brighter picture: darkening loses nothing, brightening cuts off."""
    if light.mean() > 1:
        return Tone("second", SAME_LEVELS, light=1 / light)
    return Tone("first", SAME_LEVELS, light=light)


class Groups(NamedTuple):
    """Mean differences of pixels of one channel, cell and range of levels.

    Attributes
    ----------
    counts : ndarray, shape (3, cells, ranges)
        Pixels; 0 where they are too few to tell.
    apart : ndarray of float, shape (3, cells, ranges)
        Gray levels, without sign.
    """

    counts: NDArray[np.intp]
    apart: NDArray[np.float64]

    def share(self, which: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Compute which part of each cell such groups fill, shape (3, cells)."""
        return (self.counts * which).sum(axis=2) / np.maximum(self.counts.sum(axis=2), 1)

    def left(self) -> float:
        """Average what differs over the cells; large differences count less."""
        seen = self.counts.sum(axis=(0, 2)) > 0
        if not seen.any():
            return 0.0
        return float((self.share(np.minimum(self.apart, 10))).max(axis=0)[seen].mean())


def _groups(flat: Places, levels: NDArray[np.uint8]) -> Groups:
    """Group the pixels by channel, cell and the range of levels that they are in."""
    ranges = 256 // RANGE
    keys = (flat.cells[:, None] + CELLS**2 * np.arange(3)) * ranges + levels // RANGE
    size = 3 * CELLS**2 * ranges
    counts = np.bincount(keys.ravel(), minlength=size)
    difference = cv2.subtract(flat.first, flat.second, dtype=cv2.CV_32F)
    sums = np.bincount(keys.ravel(), difference.ravel(), minlength=size)
    shape = 3, CELLS**2, ranges
    apart = np.abs(sums / np.maximum(counts, 1)).reshape(shape)
    return Groups(np.where(counts >= GROUP, counts, 0).reshape(shape), apart)


def _share_moved(flat: Places) -> float:
    """Compute in which share of the cells with flat places a part became brighter or darker."""
    groups = _groups(flat, flat.first)
    seen = groups.counts.any(axis=(0, 2))
    least = np.full(256 // RANGE, MOVED)
    least[[0, -1]] = MOVED_CUT
    moved = groups.share(groups.apart > least).max(axis=0) > PART
    return np.count_nonzero(moved) / max(np.count_nonzero(seen), 1)


def _explains_groups(before: Groups, after: Groups) -> bool:
    """Say whether a curve takes away the differences of most cells, and adds none elsewhere."""
    seen = before.counts.any(axis=(0, 2))
    if not seen.any():
        return False
    differed = before.apart > MOVED
    gone = differed & (after.apart < np.maximum(NEAR, NEAR_SHARE * before.apart))
    moved = before.share(differed).max(axis=0) > PART
    explained = moved & (before.share(gone).sum(axis=0) > before.share(differed).sum(axis=0) / 2)
    spoilt = (before.apart < SAME) & (after.apart > before.apart + SPOILT)
    kept = before.share(spoilt).max(axis=0) > 0.25
    return (
        moved[seen].mean() > FEW
        and explained.sum() > MOST * moved.sum()
        and kept[seen].mean() < KEPT
    )


# Whether curves are an exposure


def _is_noticed(levels: Levels, curves: NDArray[np.float64]) -> bool:
    """Say whether the curves change more than noise might bend them."""
    close = levels.take(agree(levels, curves))
    return np.sum(close.weight * close.change**2) > NOTICED**2 * close.weight.sum()


def _is_shifted(first: Image, second: Image, ignored: Image | None) -> bool:
    """Say whether one picture is the other one, darker or brighter by nearly as much everywhere."""
    seen = np.ones(first.shape[:2], bool) if ignored is None else ignored == 0
    first, second = first[seen], second[seen]
    return is_shift(flat_levels(first, second)) and is_shift(flat_levels(second, first))


def _splits_colours(flat: Places, levels: Levels) -> bool:
    """Say whether some of few colours lie on the curve in one channel and far off in another."""
    if count_apart(levels) >= MANY_LEVELS:
        return False
    apart = cv2.absdiff(flat.first, flat.second)
    least, most = (cv2.reduce(apart, 1, how) for how in (cv2.REDUCE_MIN, cv2.REDUCE_MAX))
    return bool(np.mean((least < NEAR_PIXEL) & (most > FAR_PIXEL)) > SPLIT)


def _table(curves: NDArray[np.float64], levels: Levels) -> NDArray[np.uint8] | None:
    """Round curves to a table; None when no exposure does that."""
    drawn = draw_curves(curves)
    known = drawn[int(levels.old.min()) : int(levels.old.max()) + 1]
    rises = np.diff(known, axis=0)
    if rises.min(initial=0) < -0.05 or (len(rises) and rises.mean(axis=0).min() < LEAST_CONTRAST):
        return None
    return np.clip(np.maximum.accumulate(drawn).round(), 0, 255).astype(np.uint8)


def _described(tone: Tone, first: Image, second: Image) -> Tone:
    """Measure by how much the second picture is brighter and has more contrast."""
    old = first if tone.corrects == "first" else second
    (before,), (dark,) = cv2.meanStdDev(cv2.cvtColor(old, cv2.COLOR_BGR2GRAY))
    (after,), (light,) = cv2.meanStdDev(cv2.cvtColor(apply_tone(old, tone), cv2.COLOR_BGR2GRAY))
    if tone.corrects == "second":
        before, after, dark, light = after, before, light, dark
    contrast = light[0] / dark[0] if min(dark[0], light[0]) > 1 else 1.0
    return tone._replace(
        brighter=round(float(after[0] - before[0]), 1), contrast=round(float(contrast), 2)
    )
