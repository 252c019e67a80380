"""What the verdict promises, whatever the pictures: what counts is found, what is not is said."""

import sys
import time
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from skimage import data

import helpers
from helpers.boxes import Box
from helpers.pieces import find_pieces, without_nested
from helpers.robust import robust

slow_is_fine = settings(deadline=None, suppress_health_check=list(HealthCheck))
few = settings(slow_is_fine, max_examples=10)

PICTURES = [
    cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR),
    cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR),
    *(helpers.load_image(f"images/original_{number}.png") for number in ("01", "03", "09")),
]
SEEDS = st.integers(0, 10**9)
PATCHES = "line", "column", "block", "scattered", "corner"
AREAS = "band", "sidebar", "half", "chequer", "block", "frame", "all"


def part(rng: np.random.Generator, least: int = 64, most: int = 260) -> np.ndarray:
    """Cut a picture out of another, or take one colour."""
    height, width = rng.integers(least, most, 2)
    source = PICTURES[rng.integers(len(PICTURES))]
    y, x = (rng.integers(0, a - b + 1) for a, b in zip(source.shape, (height, width), strict=False))
    image = source[y : y + height, x : x + width].copy()
    if rng.integers(8) == 0:
        image[:] = rng.integers(0, 256, 3)
    return image


def patch(kind: str, count: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Choose about so many pixels that `merge` joins, somewhere in a picture of that shape."""
    height, width = shape[:2]
    rows = {"line": 1, "column": count, "scattered": 19}.get(kind, int(count**0.5))
    rows = min(rows, height)
    columns = min(19 if kind == "scattered" else -(-count // rows), width)
    y, x = rng.integers(0, height - rows + 1), rng.integers(0, width - columns + 1)
    if kind == "corner":
        y, x = height - rows, width - columns
    inside = np.zeros((height, width), bool)
    chosen = np.arange(rows * columns)
    if kind == "scattered":
        chosen = rng.permutation(chosen)[:count]
    inside[y + chosen // columns, x + chosen % columns] = True
    return inside


def shifted(image: np.ndarray, where: np.ndarray, levels: int, rng: np.random.Generator):
    """Make pixels lighter or darker by so many levels, in one channel or more."""
    channels = rng.permutation(3)[: rng.integers(1, 4)]
    changed = image.astype(int)
    for channel in channels:
        plane = changed[..., channel]
        plane[where] += np.where(plane[where] + levels <= 255, levels, -levels)
    assume(changed.min() >= 0)
    return changed.astype(np.uint8)


def area(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Choose a wide part of a picture: 1 to 100 % of it."""
    height, width = shape[:2]
    inside = np.zeros((height, width), bool)
    y, x = rng.integers(0, height - 24), rng.integers(0, width - 24)
    if kind == "band":
        inside[y : y + rng.integers(24, height)] = True
    elif kind == "sidebar":
        inside[:, x : x + rng.integers(24, width)] = True
    elif kind == "half":
        inside[: height // 2] = True
    elif kind == "chequer":
        side = int(rng.choice([32, 40]))
        rows, columns = np.mgrid[:height, :width] // side
        inside = (rows + columns) % 2 == 1
    elif kind == "block":
        inside[y : y + rng.integers(24, height), x : x + rng.integers(24, width)] = True
    elif kind == "frame":
        inside[:] = True
        inside[24:-24, 24:-24] = False
    else:
        inside[:] = True
    return inside


def stored(image: np.ndarray, how: str, rng: np.random.Generator) -> np.ndarray:
    """Store a picture again."""
    if how == "jpeg":
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 96))]
        return cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    if how == "noise":
        noise = rng.normal(0, rng.uniform(1, 6), image.shape)
        return np.clip(image + noise, 0, 255).round().astype(np.uint8)
    height, width = image.shape[:2]
    smaller = cv2.resize(image, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    return cv2.resize(smaller, (width, height), interpolation=cv2.INTER_CUBIC)


# Exact pairs


def check_exact(seed, kind, below, least, levels, pixels):
    rng = np.random.default_rng(seed)
    first = part(rng)
    levels, pixels = max(below + levels, 1), max(least + pixels, 1)
    where = patch(kind, pixels, first.shape, rng)
    second = shifted(first, where, levels, rng)
    assume(where.mean() < 0.05)  # of what is mostly changed nobody can tell what it was
    numbers = {} if (below, least) == (3, 4) else {"ignore_below": below, "min_pixels": least}
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair, **numbers)
        counts = levels >= below and where.sum() >= least
        assert result.kind == "exact"
        assert result.verdict == ("changed" if counts else "no difference")
        assert (result.ignored_below, result.least_pixels) == (max(below, 1), least)
        assert np.array_equal(result.mask > 0, where & counts)
        assert result.fainter == (0 if levels >= below else where.sum())
        assert result.smaller == (0 if counts or levels < below else where.sum())


@given(SEEDS, st.sampled_from(PATCHES), st.integers(-2, 60), st.integers(-2, 60))
@slow_is_fine
def test_a_patch_of_an_exact_pair_counts_from_3_levels_and_4_pixels(seed, kind, levels, pixels):
    check_exact(seed, kind, 3, 4, levels, pixels)


@given(
    SEEDS,
    st.sampled_from(PATCHES),
    st.integers(1, 60),
    st.integers(0, 60),
    *[st.integers(-2, 2)] * 2,
)
@slow_is_fine
def test_the_settings_of_an_exact_pair_are_exact(seed, kind, below, least, levels, pixels):
    check_exact(seed, kind, below, least, levels, pixels)


@given(SEEDS, st.sampled_from(["band", "sidebar", "half", "block"]), st.integers(3, 90))
@slow_is_fine
def test_a_wide_change_of_an_exact_pair_is_found(seed, kind, levels):
    rng = np.random.default_rng(seed)
    first = part(rng, 120)
    where = area(kind, first.shape, rng)
    edges = np.abs(np.diff(first.astype(int), axis=1)).max(axis=2) >= 16
    assume(where.mean() < 0.6 and where[:, 1:][edges].sum() <= edges.sum() / 2)
    second = shifted(first, where, levels, rng)
    assert helpers.compare(first, second).verdict == "changed"


def test_one_colour_for_another_is_a_change():
    for value in (0, 97, 103, 255):
        first, second = (np.full((90, 120, 3), level, np.uint8) for level in (100, value))
        assert helpers.compare(first, second).boxes == [(0, 0, 120, 90)]


@pytest.mark.parametrize(("x", "y"), [(0, 0), (118, 88), (60, 0), (50, 40)])
@pytest.mark.parametrize("levels", [3, 40])
def test_a_dot_on_one_colour_is_found_wherever_it_is(x, y, levels):
    first = np.full((90, 120, 3), (140, 150, 160), np.uint8)
    second = first.copy()
    second[y : y + 2, x : x + 2] += levels
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert (result.kind, result.boxes) == ("exact", [(x, y, 2, 2)])


def test_a_patch_on_one_colour_is_no_other_exposure():
    first = np.full((65, 191, 3), (178, 116, 244), np.uint8)
    second = first.copy()
    second[11, 141:161] += np.uint8([1, 0, 1])
    for pair in ((first, second), (second, first)):
        assert helpers.compare(*pair, ignore_below=1).boxes == [(141, 11, 20, 1)]
        assert helpers.compare(*pair).verdict == "no difference"


# Pairs that are not exact


@given(SEEDS, st.sampled_from(AREAS), st.sampled_from(["jpeg", "noise", "resized"]))
@slow_is_fine
def test_an_area_beyond_what_is_ignored_is_never_no_difference(seed, kind, how):
    """Half more than that, because noise adds to it and takes from it."""
    rng = np.random.default_rng(seed)
    first = part(rng, 120)
    levels = 3 * helpers.compare(first, stored(first, how, rng)).ignored_below // 2
    where = area(kind, first.shape, rng)
    second = stored(shifted(first, where, max(levels, 30), rng), how, rng)
    result = helpers.compare(first, second)
    assert not result.is_same
    assert result.boxes or (result.verdict == "explained" and result.remarks)


@given(SEEDS, st.sampled_from(["jpeg", "noise", "resized"]), st.integers(8, 60))
@few
def test_a_flat_ground_that_changed_is_found_below_what_pixels_may_differ_by(seed, how, levels):
    rng = np.random.default_rng(seed)
    first = np.full((240, 320, 3), rng.integers(60, 190, 3), np.uint8)
    for line in range(20, 220, 20):
        cv2.putText(first, "some words that stay", (8, line), 0, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    where = area(AREAS[rng.integers(3)], first.shape, rng)
    ground = where & (first == first[0, 0]).all(axis=2)
    second = stored(shifted(first, ground, levels, rng), how, rng)
    assume(ground.mean() < 0.7)
    assert helpers.compare(first, second).verdict == "changed"


def test_what_is_below_ignore_below_is_ignored_on_every_kind():
    rng = np.random.default_rng(0)
    first = cv2.resize(PICTURES[2], (480, 360))
    second = np.clip(first + rng.normal(0, 1.5, first.shape), 0, 255).astype(np.uint8)
    first, second = np.maximum(first, 12), np.maximum(second, 12)
    second[100:260, 100:300] -= 12
    second[40:60, 40:80] ^= 128
    found = {level: helpers.compare(first, second, ignore_below=level) for level in (10, 40, 150)}
    assert {level: len(result.boxes) for level, result in found.items()} == {10: 2, 40: 1, 150: 0}
    assert found[40].ignored_below == 40 and found[150].ignored_below == 150


# What a result says


def check_sound(first, second, **numbers):
    """Check what holds for every result of the method "robust"; return it."""
    result = helpers.compare(first, second, **numbers)
    boxed = np.zeros(first.shape[:2], bool)
    for x, y, width, height in result.boxes:
        inside = result.mask[y : y + height, x : x + width]
        assert cv2.countNonZero(inside) >= max(result.least_pixels, 1)
        boxed[y : y + height, x : x + width] = True
    assert not result.mask[~boxed].any()
    assert result.boxes == without_nested(result.boxes)
    assert result.pixels_differing == np.count_nonzero(result.mask)
    assert result.percent_differing == pytest.approx(100 * (result.mask > 0).mean())
    if result.boxes:
        assert result.verdict in ("changed", "unlike")
    elif result.verdict == "changed":  # pixels all over the picture, none with enough beside it
        assert result.kind == "exact" and result.smaller > result.least_pixels
    else:
        assert result.verdict != "unlike" or result.misaligned
    assert (result.verdict == "identical") == np.array_equal(first, second)
    said = " ".join(result.remarks)
    if "Aligned" in said:
        assert np.abs(result.alignment.matrix - np.eye(2, 3)).max() > 1e-4
    if result.verdict == "explained":
        assert "Aligned" in said or "Tones matched" in said
    if result.verdict == "no difference":
        assert "Aligned" not in said and "Tones matched" not in said
    return result


def test_scattered_pixels_of_an_exact_pair_are_a_change():
    first = np.full((200, 300, 3), 180, np.uint8)
    second = first.copy()
    second[20:190:40, 20:290:40] = 0
    result = check_sound(first, second)
    assert (result.verdict, result.boxes, result.smaller) == ("changed", [], 35)
    second[:] = first
    second[20:180:40, 20] = 0  # four in all, which is no more than min_pixels
    assert check_sound(first, second).verdict == "no difference"


@given(SEEDS, st.sampled_from(["jpeg", "noise", "resized", "moved", "lit", "patch", "other"]))
@settings(slow_is_fine, max_examples=40)
def test_a_result_says_the_same_everywhere(seed, how):
    rng = np.random.default_rng(seed)
    first = part(rng, 40)
    if how == "moved":
        second = np.roll(first, rng.integers(-5, 6, 2), axis=(0, 1))
    elif how == "lit":
        second = cv2.convertScaleAbs(first, alpha=rng.uniform(0.7, 1.3), beta=rng.uniform(-9, 9))
    elif how == "patch":
        second = shifted(first, patch("block", 90, first.shape, rng), 30, rng)
    elif how == "other":
        second = cv2.resize(part(rng), first.shape[1::-1])
    else:
        second = stored(first, how, rng)
    check_sound(first, second, pad=int(rng.integers(0, 9)), merge=int(rng.integers(0, 30)))


@given(SEEDS)
@few
def test_what_is_ignored_is_no_evidence(seed):
    """Whatever is in a place to ignore, the rest is judged as it is without it."""
    rng = np.random.default_rng(seed)
    first = part(rng, 160)
    second = shifted(first, patch("block", 40, first.shape, rng), 30, rng)
    place = np.zeros(first.shape[:2], bool)
    place[:, : first.shape[1] // 2] = True
    assume((first != second)[~place].any())
    scribbled = second.copy()
    scribbled[place] = rng.integers(0, 256, (place.sum(), 3))
    clean, other = (
        helpers.compare(first, picture, ignore=place) for picture in (second, scribbled)
    )
    assert (clean.verdict, clean.kind, clean.boxes) == (other.verdict, other.kind, other.boxes)
    assert other.kind == "exact" and not other.mask[place].any()


# Pieces


def joined(mask: np.ndarray, merge: int) -> list[Box]:
    """Join pixels with gaps smaller than `merge` one by one; box each piece."""
    left = {tuple(place) for place in np.argwhere(mask)}
    boxes = []
    while left:
        piece, new = [], [left.pop()]
        while new:
            y, x = new.pop()
            piece.append((y, x))
            near = {p for p in left if max(abs(p[0] - y), abs(p[1] - x)) <= max(merge, 1)}
            left -= near
            new += near
        (top, left_side), (bottom, right) = np.min(piece, axis=0), np.max(piece, axis=0)
        boxes.append(Box(left_side, top, right - left_side + 1, bottom - top + 1))
    return sorted(boxes, key=lambda box: (box.y, box.x, box.width, box.height))


@given(SEEDS, st.integers(0, 12))
@slow_is_fine
def test_pieces_are_joined_when_gaps_are_smaller_than_merge(seed, merge):
    rng = np.random.default_rng(seed)
    mask = np.uint8(255) * (rng.random(rng.integers(1, 30, 2)) < 0.04)
    assert find_pieces(mask, mask, merge, 1).boxes == joined(mask, merge)


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 12)] * 2), max_size=40))
@slow_is_fine
def test_of_nested_boxes_the_outer_one_is_left(numbers):
    boxes = [Box(*each) for each in numbers]

    def holds(one: Box, other: Box) -> bool:
        ends = one.x + one.width, one.y + one.height
        return (
            one != other
            and (one.x <= other.x and one.y <= other.y)
            and (ends[0] >= other.x + other.width and ends[1] >= other.y + other.height)
        )

    outer = {box for box in boxes if not any(holds(other, box) for other in boxes)}
    assert without_nested(boxes) == sorted(outer, key=lambda b: (b.y, b.x, b.width, b.height))


# Memory and time


def lines(shape: tuple[int, int], thick: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw corners, one in the other: many pieces whose boxes are nearly the picture."""
    first = np.full((*shape, 3), 90, np.uint8)
    second = first.copy()
    for corner in range(0, min(shape) - thick, 2 * thick):
        second[corner:, corner : corner + thick] = 200
        second[corner : corner + thick, corner:] = 200
    return first, second


def large(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Draw a pair of 4 million pixels."""
    rng = np.random.default_rng(0)
    shape = (8, 500_000) if kind == "thin" else (2000, 2000)
    if kind == "corners":
        return lines(shape, 2)
    if kind == "dots":
        first, dots = np.full((*shape, 3), 90, np.uint8), np.arange(2000) % 3 < 2
        return first, np.where((dots & dots[:, None])[..., None], np.uint8(155), first)
    if kind == "one colour":
        return np.full((*shape, 3), 100, np.uint8), np.full((*shape, 3), 130, np.uint8)
    first = np.resize(cv2.resize(PICTURES[0], (400, 400)), (1600, 500, 3))
    first = np.tile(first, (-(-shape[0] // 1600), -(-shape[1] // 500), 1))[: shape[0], : shape[1]]
    second = first.copy()
    second[: shape[0] // 2, 300:900] ^= 128
    if kind == "turned":
        matrix = cv2.getRotationMatrix2D((1000, 1000), 1, 1)
        second = cv2.warpAffine(second, matrix, shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    if kind in ("jpeg", "turned"):
        second = stored(second, "jpeg", rng)
    if kind == "noise":
        noise = 60 * rng.standard_normal(first.shape, np.float32)
        second = np.clip(first + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(first), second


def taken(file: str, **settings: int) -> tuple[float, float]:
    """Measure bytes a pixel beyond the pair, and seconds, of a comparison."""
    first, second = np.load(file)
    helpers.compare(first[:7, :64], second[:7, :64])  # loads the code it needs
    before, began = most_memory(), time.process_time()
    robust(first, second, **settings)
    return (most_memory() - before) / first[..., 0].size, time.process_time() - began


def most_memory() -> int:
    (line,) = (s for s in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in s)
    return 1024 * int(line.split()[1])


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the most memory used")
@pytest.mark.parametrize(
    "kind", ["edited", "jpeg", "turned", "noise", "corners", "dots", "one colour", "thin"]
)
def test_a_comparison_takes_20_bytes_a_pixel_at_most(kind, tmp_path):
    np.save(tmp_path / "pair.npy", large(kind))
    with get_context("spawn").Pool(1) as pool:
        settings = {"merge": 0, "ignore_below": 0} if kind == "dots" else {}
        memory, seconds = pool.apply(taken, (str(tmp_path / "pair.npy"),), settings)
    assert memory <= 20
    assert seconds < 5


def test_many_pieces_and_nested_ones_are_boxed_in_seconds():
    rng = np.random.default_rng(0)
    places, sizes = rng.integers(0, 3000, (30_000, 2)), rng.integers(1, 5, (30_000, 2))
    boxes = [
        Box(*place, *size) for place, size in zip(places.tolist(), sizes.tolist(), strict=True)
    ]
    boxes += [Box(corner, corner, 3000 - corner, 3000 - corner) for corner in range(2900, 3000)]
    began = time.process_time()
    assert len(without_nested(boxes)) < len(boxes)
    first, second = lines((1000, 1000), 2)
    result = helpers.compare(first, second, merge=0)
    assert result.boxes == [(0, 0, 1000, 1000)] and result.smaller == 0
    assert time.process_time() - began < 5


def test_half_a_million_pieces_are_joined():
    first, second = large("dots")
    second[900:1100], second[:, 900:1100] = 90, 90
    result = helpers.compare(first, second, ignore_below=0, merge=0)
    assert [box[:2] for box in result.boxes] == [(0, 0), (1101, 0), (0, 1101), (1101, 1101)]
    assert all(897 <= side <= 900 for box in result.boxes for side in box[2:])
    differing = np.count_nonzero(first[..., 0] != second[..., 0])
    assert cv2.countNonZero(result.mask) == pytest.approx(differing, rel=0.01)  # cut dots are less
