"""Tone: another exposure is undone, a change is left as it is."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

import helpers
from helpers.scoring.scores import overlap
from helpers.tone import Tone, apply_tone, find_tone

pytestmark = pytest.mark.filterwarnings("error")

SCENES = ("coffee", "astronaut", "chelsea", "01")
LEVELS = np.arange(256)
EXPOSURES = {
    "gamma 0.8": 255 * (LEVELS / 255) ** 0.8,
    "gamma 1.25": 255 * (LEVELS / 255) ** 1.25,
    "brighter by 12": LEVELS + 12,
    "darker by 12": LEVELS - 12,
    "brighter by 30": LEVELS + 30,
    "brighter by a fifth": LEVELS * 1.2,
    "darker by a fifth": LEVELS * 0.8,
    "more contrast": (LEVELS - 128) * 1.2 + 128,
}


def picture(name: str) -> np.ndarray:
    """A real picture, BGR: a photograph of scikit-image's or one of the pairs."""
    if name.isdecimal():
        return helpers.load_image(f"images/original_{name}.png")
    return cv2.resize(cv2.cvtColor(getattr(data, name)(), cv2.COLOR_RGB2BGR), (450, 320))


def exposed(image: np.ndarray, curve: np.ndarray) -> np.ndarray:
    return cv2.LUT(image, np.clip(curve, 0, 255).round().astype(np.uint8))


def matched(first: np.ndarray, second: np.ndarray, tone: Tone) -> tuple[np.ndarray, np.ndarray]:
    if tone.corrects == "first":
        return apply_tone(first, tone), second
    return first, apply_tone(second, tone)


# Another exposure


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_an_exposure_is_undone_in_either_direction(name, exposure):
    first = picture(name)
    second = exposed(first, EXPOSURES[exposure])
    for pair in ((first, second), (second, first)):
        apart = cv2.absdiff(*matched(*pair, find_tone(*pair)))
        assert cv2.absdiff(*pair).mean() > 5
        assert apart.mean() < 2
        assert np.quantile(apart, 0.95) <= 5


def test_each_channel_has_its_own_curve():
    first = picture("coffee")
    second = np.dstack(
        [exposed(first[..., channel], LEVELS + shift) for channel, shift in enumerate((-15, 0, 20))]
    )
    tone = find_tone(first, second)
    assert cv2.absdiff(*matched(first, second, tone)).mean() < 1
    middle = tone.table[128].astype(int) - 128
    sign = 1 if tone.corrects == "first" else -1
    assert (sign * middle).tolist() == pytest.approx([-15, 0, 20], abs=2)


def test_whites_that_were_cut_off_are_cut_off_in_the_other_too():
    first = cv2.convertScaleAbs(picture("astronaut"), alpha=0.9)
    second = exposed(first, LEVELS * 1.5)
    assert np.mean(second == 255) > 0.05
    forth, back = find_tone(first, second), find_tone(second, first)
    assert (forth.corrects, back.corrects) == ("first", "second")
    whites = (second == 255).all(axis=2)
    assert cv2.absdiff(apply_tone(first, forth), second)[whites].mean() < 3


@given(st.sampled_from(SCENES), st.floats(0.6, 1.6), st.integers(-25, 25))
@settings(deadline=None, max_examples=30)
def test_a_curve_never_turns_dark_and_bright_round(name, gamma, shift):
    first = picture(name)
    tone = find_tone(first, exposed(first, 255 * (LEVELS / 255) ** gamma + shift))
    if tone is not None:
        assert tone.table.shape == (256, 3) and tone.table.dtype == np.uint8
        assert (np.diff(tone.table.astype(int), axis=0) >= 0).all()


# What is no exposure


@pytest.mark.parametrize("name", SCENES)
def test_what_is_no_change_of_tone(name):
    first = picture(name)
    local = first.copy()
    local[100:180, 100:200] = (0, 0, 255)
    noise = np.random.default_rng(0).normal(0, 5, first.shape)
    noisy = np.clip(first + noise, 0, 255).astype(np.uint8)
    jpeg = cv2.imdecode(cv2.imencode(".jpg", first, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1)
    for second in (first.copy(), local, noisy, jpeg):
        assert find_tone(first, second) is None


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_not_explained_away(name):
    """A curve could take any picture to one flat value, or to its negative."""
    first = picture(name)
    others = [np.full_like(first, value) for value in (0, int(np.median(first)), 128, 255)]
    for second in (*others, 255 - first):
        for pair in ((first, second), (second, first)):
            tone = find_tone(*pair)
            if tone is not None:  # a shift of brightness may be
                left = cv2.absdiff(*matched(*pair, tone)).std()
                assert left > 0.5 * first.std()


def test_what_is_ignored_does_not_count():
    first = picture("coffee")
    second = first.copy()
    second[:200] = exposed(first[:200], LEVELS + 30)
    lower = np.zeros(first.shape[:2], np.uint8)
    lower[190:] = 255
    assert find_tone(first, second) is None
    tone = find_tone(first, second, lower)
    assert cv2.absdiff(*matched(first, second, tone))[:200].mean() < 1
    assert find_tone(first, second, np.full_like(lower, 255)) is None


@pytest.mark.parametrize("shape", [(7, 7, 3), (1, 500, 3), (40, 3, 3), (9, 30)])
def test_any_shape_is_answered(shape):
    first, second = np.random.default_rng(0).integers(0, 256, (2, *shape), dtype=np.uint8)
    for pair in ((first, second), (first, first), (first // 40, second // 40)):
        tone = find_tone(*pair)
        assert tone is None or tone.table.shape == (256, 3)


def test_pictures_are_left_as_they_are_and_answers_repeat():
    first = picture("coffee")
    second = exposed(first, LEVELS + 20)
    copies = first.copy(), second.copy()
    one, other = find_tone(first, second), find_tone(first, second)
    assert one.corrects == other.corrects and np.array_equal(one.table, other.table)
    apply_tone(first, one)
    assert np.array_equal(first, copies[0]) and np.array_equal(second, copies[1])


def test_apply_tone_is_the_table():
    table = np.stack([LEVELS // 2, LEVELS, 255 - LEVELS], axis=1).astype(np.uint8)
    image = np.random.default_rng(0).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    changed = apply_tone(image, Tone("first", table))
    assert np.array_equal(changed, np.dstack([table[image[..., c], c] for c in range(3)]))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (None, np.zeros((9, 9, 3), np.uint8), "the first picture is None"),
        (np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9, 3)), "the second picture holds float64"),
        (np.zeros((9, 9, 3), np.uint8), np.zeros((9, 8, 3), np.uint8), "9 x 9 pixels.* 8 x 9"),
    ],
)
def test_what_cannot_be_matched_is_named(first, second, message):
    with pytest.raises(helpers.PictureError, match=message):
        find_tone(first, second)


# In a comparison


@pytest.mark.parametrize("name", SCENES)
def test_an_exposure_alone_is_no_difference_and_a_change_beside_it_is(name):
    first = picture(name)
    second = exposed(first, EXPOSURES["gamma 0.8"])
    comparison = helpers.compare(first, second)
    assert comparison.boxes == [] and comparison.tone is not None
    assert comparison.to_dict()["tone"] in ("first", "second")
    second[100:140, 150:200] = (30, 200, 240)
    (box,) = helpers.compare(first, second).boxes
    assert overlap([box], [(150, 100, 50, 40)]) > 0.6
