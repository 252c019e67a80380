"""SSIM against scikit-image, on random pictures of random sizes."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import structural_similarity

import helpers
from helpers import similarity as module


@st.composite
def gray_pairs(draw):
    """Two gray pictures of one size and a window that fits; alike, flat, or with nothing shared."""
    window = draw(st.sampled_from([3, 5, 7, 11, 31]))
    height, width = draw(st.integers(window, 90)), draw(st.integers(window, 90))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    first = rng.integers(0, 256, (height, width))
    kind = draw(st.sampled_from(["noise", "a little noise", "flat", "one pixel", "negative"]))
    second = {
        "noise": lambda: rng.integers(0, 256, (height, width)),
        "a little noise": lambda: np.clip(first + rng.integers(-3, 4, first.shape), 0, 255),
        "flat": lambda: np.full_like(first, draw(st.integers(0, 255))),
        "one pixel": lambda: np.where(np.arange(first.size).reshape(first.shape) == 9, 0, first),
        "negative": lambda: 255 - first,
    }[kind]()
    return first.astype(np.uint8), second.astype(np.uint8), window


@given(gray_pairs())
@settings(max_examples=150, deadline=None)
def test_score_and_map_are_those_of_scikit_image(pair):
    first, second, window = pair
    expected_score, expected_map = structural_similarity(first, second, win_size=window, full=True)
    score, similarity = helpers.ssim(first, second, window=window)
    assert score == pytest.approx(expected_score, abs=1e-9)
    assert np.abs(similarity - expected_map).max() < 2e-7


@given(gray_pairs())
@settings(deadline=None)
def test_symmetric(pair):
    first, second, window = pair
    score, similarity = helpers.ssim(first, second, window=window)
    other_score, other_similarity = helpers.ssim(second, first, window=window)
    assert score == other_score
    assert np.array_equal(similarity, other_similarity)


@given(gray_pairs())
@settings(deadline=None)
def test_equal_windows_are_exactly_1(pair):
    first, second, window = pair
    radius = window // 2
    similarity = helpers.ssim(first, second, window=window)[1]
    differs = np.pad(first != second, radius, mode="symmetric")
    touched = np.lib.stride_tricks.sliding_window_view(differs, (window, window)).any(axis=(2, 3))
    assert (similarity[~touched] == 1).all()
    assert (np.abs(similarity) <= 1).all()


def test_identity():
    picture = np.random.default_rng(3).integers(0, 256, (300, 290), dtype=np.uint8)
    score, similarity = helpers.ssim(picture, picture)
    assert score == 1
    assert (similarity == 1).all()


def assert_like_scikit_image(first, second, window):
    expected_score, expected_map = structural_similarity(first, second, win_size=window, full=True)
    score, similarity = helpers.ssim(first, second, window=window)
    assert score == pytest.approx(expected_score, abs=1e-9)
    assert np.abs(similarity - expected_map).max() < 2e-7
    byte_score, difference = module.ssim_difference(first, second, window=window)
    assert byte_score == score
    assert np.array_equal(difference, helpers.difference_image(similarity))
    if window == 7:
        assert module.ssim_score(first, second) == pytest.approx(expected_score, abs=2e-7)


ROWS, COLUMNS = module.TILE


@pytest.mark.parametrize("window", [3, 7, 11, 127])
@pytest.mark.parametrize("shape", [(255, 258), (258, 514), (300, 257), (318, 770), (258, 258)])
def test_sizes_round_the_edges_of_tiles(shape, window):
    rng = np.random.default_rng(8)
    first, second = rng.integers(0, 256, (2, *shape), dtype=np.uint8)
    assert helpers.ssim(first, first, window=window)[0] == 1
    assert_like_scikit_image(first, second, window)


@pytest.mark.parametrize("window", [3, 7, 11])
@pytest.mark.parametrize("tiles", [1, 2])
def test_every_size_near_whole_tiles(tiles, window):
    radius = window // 2
    near = {-window, -radius - 1, -radius, -1, 0, 1, radius, radius + 1, window}
    rng = np.random.default_rng(11)
    for more in sorted(near):
        shape = (tiles * ROWS + more, tiles * COLUMNS - more)
        first, second = rng.integers(0, 256, (2, *shape), dtype=np.uint8)
        assert_like_scikit_image(first, second, window)


@pytest.mark.parametrize("shape", [(7, 20_000), (20_000, 7), (7, 7), (1000, 8)])
def test_narrow_pictures(shape):
    rng = np.random.default_rng(12)
    assert_like_scikit_image(*rng.integers(0, 256, (2, *shape), dtype=np.uint8), 7)


BOARD = (np.indices((150, 160)).sum(axis=0) % 2).astype(np.uint8)
HARD = {
    "black, white": (0 * BOARD, 0 * BOARD + 255),
    "white, nearly white": (0 * BOARD + 255, 0 * BOARD + 254),
    "gray, a third": (0 * BOARD + 171, 0 * BOARD + 57),
    "gray, one level of checks": (0 * BOARD + 128, 128 + BOARD),
    "checks, their negative": (255 * BOARD, 255 - 255 * BOARD),
    "checks, other checks": (200 + 55 * BOARD, 255 - 55 * BOARD),
    "one level, its negative": (BOARD, 1 - BOARD),
    "white checks, one level less": (254 + BOARD, 255 - BOARD),
}


@pytest.mark.parametrize("window", [3, 7, 11, 31, 127])
@pytest.mark.parametrize("name", HARD)
def test_rounding_does_not_add_up_where_all_windows_are_alike(name, window):
    assert_like_scikit_image(*HARD[name], window)


def scattered_changes():
    """Single pixels: at corners, on both sides of a tile's edge, and inside a tile."""
    rng = np.random.default_rng(5)
    first = rng.integers(0, 256, (2 * ROWS + 40, 2 * COLUMNS + 9), dtype=np.uint8)
    second = first.copy()
    middle = (ROWS // 2, COLUMNS // 2)
    for place in [(0, 0), (-1, -1), (ROWS, COLUMNS), (ROWS - 1, 2 * COLUMNS - 1), middle]:
        second[place] ^= 255
    return first, second


@pytest.mark.parametrize("window", [3, 7, 31])
def test_local_changes(window):
    assert_like_scikit_image(*scattered_changes(), window)


@pytest.mark.parametrize("place", [(0, 0), (ROWS // 2, COLUMNS // 2), (ROWS - 1, COLUMNS), (-1, 9)])
def test_only_windows_round_a_change_are_computed(place, monkeypatch):
    computed = []

    def counting(a, *others, compute=module._similarity):
        computed.append(a.size)
        return compute(a, *others)

    monkeypatch.setattr(module, "_similarity", counting)
    first = np.random.default_rng(7).integers(0, 256, (2 * ROWS, 2 * COLUMNS), dtype=np.uint8)
    second = first.copy()
    assert helpers.ssim(first, second)[0] == 1
    assert not computed
    second[place] ^= 255
    assert helpers.ssim(first, second)[0] < 1
    assert 7 * 7 <= sum(computed) < 2 * 19 * 19  # 13 x 13 with what they see; more at a seam


def test_rows_that_are_not_neighbours_in_memory():
    rng = np.random.default_rng(6)
    first, second = rng.integers(0, 256, (2, 260, 130), dtype=np.uint8)
    expected = helpers.ssim(first[::-2, ::3].copy(), second[::-2, ::3].copy())
    found = helpers.ssim(first[::-2, ::3], second[::-2, ::3])
    assert found[0] == expected[0]
    assert np.array_equal(found[1], expected[1])


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the most memory used")
def test_8_bits_take_little_more_memory_than_the_result():
    code = """
    import pathlib, re
    import numpy as np
    from helpers.similarity import ssim_difference

    def most():
        return 1024 * int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1])

    status = pathlib.Path("/proc/self/status")
    first = np.arange(4000, dtype=np.uint8) + np.arange(3000, dtype=np.uint8)[:, None]
    second = first + np.uint8(9)
    ssim_difference(first[:20, :20], second[:20, :20])  # loads the code it needs
    before = most()
    ssim_difference(first, second)
    print(most() - before)
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    extra = int(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    pixels = 4000 * 3000
    assert pixels * 0.9 < extra < 1.2 * pixels + 1e6


@pytest.mark.parametrize("shape", [(256, 256), (257, 512), (300, 700)])
def test_tiles_join_without_a_seam(shape, monkeypatch):
    rng = np.random.default_rng(4)
    first, second = rng.integers(0, 256, (2, *shape), dtype=np.uint8)
    score, similarity = helpers.ssim(first, second, window=11)
    monkeypatch.setattr(module, "TILE", (10_000, 10_000))
    whole_score, whole = helpers.ssim(first, second, window=11)
    assert np.array_equal(similarity, whole)
    assert score == pytest.approx(whole_score, abs=1e-12)


def test_the_largest_window_does_not_overflow():
    black, white = np.zeros((140, 150), np.uint8), np.full((140, 150), 255, np.uint8)
    stripes = np.where(np.arange(150) % 2, black, white)
    for second in (white, stripes):
        expected = structural_similarity(black, second, win_size=127)
        assert helpers.ssim(black, second, window=127)[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("shape", "window", "message"),
    [
        ((6, 6), 7, "6 x 6 pixels, smaller than the window of 7"),
        ((50, 50), 8, "The window is 8 pixels. Give an odd number"),
        ((50, 50), 1, "the window is 1. Give a whole number from 3 up"),
        ((50, 50), 7.0, "the window is 7.0. Give a whole number"),
        ((50, 50), "7", "the window is '7'. Give a whole number"),
        ((200, 200), 129, "The window is 129 pixels. Give an odd number from 3 to 127"),
    ],
)
def test_windows_that_do_not_fit(shape, window, message):
    picture = np.zeros(shape, np.uint8)
    with pytest.raises(helpers.PictureError, match=message):
        helpers.ssim(picture, picture, window=window)


def test_any_kind_of_whole_number_will_do_for_the_window():
    picture = np.random.default_rng(9).integers(0, 256, (300, 300), dtype=np.uint8)
    assert (
        helpers.ssim(picture, 255 - picture, window=np.uint8(7))[0]
        == helpers.ssim(picture, 255 - picture)[0]
    )


def test_two_sizes():
    with pytest.raises(helpers.PictureError, match=r"first picture is 20 x 10 .*second is 20 x 12"):
        helpers.ssim(np.zeros((10, 20), np.uint8), np.zeros((12, 20), np.uint8))


def test_colours():
    with pytest.raises(helpers.PictureError, match=r"has colours.*use to_gray first"):
        helpers.ssim(np.zeros((10, 20, 3), np.uint8), np.zeros((10, 20, 3), np.uint8))
