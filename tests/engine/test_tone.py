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


def stored(image: np.ndarray, quality: int | None) -> np.ndarray:
    """The picture as a JPEG file gives it back; None leaves it as it is."""
    if quality is None:
        return image
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)


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


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_without_loss_what_was_not_changed_comes_out_the_same_to_the_last_bit(name, exposure):
    first = picture(name)
    second = exposed(first, EXPOSURES[exposure])
    changed = np.s_[100:180, 150:250]
    second[changed] = second[changed][:, ::-1]
    tone = find_tone(first, second)
    assert tone.exact
    same = (cv2.absdiff(*matched(first, second, tone)) == 0).all(axis=2)
    same[changed] = True
    assert same.mean() > 0.995
    assert not find_tone(first, stored(second, 95)).exact


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize(("part", "quality"), [(3, None), (5, 85)])
def test_a_part_of_the_picture_may_have_changed_as_well(name, part, quality):
    first = picture(name)
    second = exposed(first, EXPOSURES["gamma 0.8"])
    rows = len(first) // part
    second[:rows] = np.roll(second[:rows], 90, axis=1)
    tone = find_tone(first, stored(second, quality))
    assert cv2.absdiff(*matched(first, second, tone))[rows:].mean() < 2


@pytest.mark.parametrize("levels", [-20, 15])
def test_a_tone_says_by_how_much_the_second_picture_is_brighter(levels):
    first = cv2.convertScaleAbs(picture("coffee"), alpha=0.7, beta=40)
    for store in (False, True):
        second = exposed(first, (LEVELS - 128) * 0.9 + 128 + levels)
        tone = find_tone(first, stored(second, 90) if store else second)
        assert tone.brighter == pytest.approx(second.mean() - first.mean(), abs=2)
        assert tone.contrast == pytest.approx(0.9, abs=0.03)


# Pages


def page(*colors: tuple[int, int, int] | int, height: int = 480) -> np.ndarray:
    """A page: its ground, antialiased text, and a panel in each further colour."""
    ground, ink, *panels = [(c, c, c) if isinstance(c, int) else c for c in colors]
    image = np.full((height, 640, 3), ground, np.uint8)
    for number, color in enumerate(panels):
        x, y = 20 + number % 3 * 210, 20 + number // 3 * 120
        cv2.rectangle(image, (x, y), (x + 180, y + 90), color, -1)
    for y in range(270, height - 10, 24):
        cv2.putText(image, "The quick brown fox, 0123456789", (20, y), 0, 0.6, ink, 1, cv2.LINE_AA)
    return image


GRAYS = (240, 20, 60, 105, 150, 200)
COLORS = ((250, 246, 240), 30, (200, 120, 40), (60, 160, 90), (225, 225, 215), (30, 60, 190))


@pytest.mark.parametrize("colors", [GRAYS, COLORS])
@pytest.mark.parametrize("quality", [None, 95, 75])
def test_many_colours_that_move_along_one_curve_are_another_exposure(colors, quality):
    first = page(*colors)
    for curve in (255 * (LEVELS / 255) ** 0.8, LEVELS * 0.85, (LEVELS - 128) * 1.1 + 120):
        second = exposed(first, curve)
        tone = find_tone(first, stored(second, quality))
        assert cv2.absdiff(*matched(first, second, tone)).mean() < 1.5
        assert tone.exact == (quality is None)


def test_of_two_colours_only_a_bend_is_another_exposure():
    first = page(255, 0)
    tone = find_tone(first, exposed(first, 255 * (LEVELS / 255) ** 1.3))
    assert tone.exact
    assert find_tone(first, exposed(first, LEVELS * 0.8)) is None
    assert find_tone(first, page(204, 0)) is None


FEW_COLOURS = {
    "ground kept": ((255, 26), (LEVELS - 26) * 0.95 + 26),
    "ground and text": (((214, 205, 190), (60, 48, 36)), 255 * (LEVELS / 255) ** 0.94),
    "panels": ((255, (97, 78, 60), *3 * [(249, 247, 244)]), 255 * (LEVELS / 255) ** 1.2),
    "faint": ((255, 26, 240, 120), 255 * (LEVELS / 255) ** 1.03),
    "darker": (((230, 238, 251), 34), LEVELS * 0.98 - 0.4),
}


@pytest.mark.parametrize("case", FEW_COLOURS)
def test_an_exposure_of_few_colours_is_known_by_its_rounding(case):
    colors, curve = FEW_COLOURS[case]
    first = page(*colors)
    second = exposed(first, curve)
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert (result.verdict, result.kind) == ("explained", "exact")


def test_few_levels_show_it_when_none_misses():
    part = np.s_[240:, :120]  # 26 levels have six pixels there
    first = page(245, 57, height=290)[part]
    second = exposed(first, 255 * (LEVELS / 255) ** 1.2)
    assert find_tone(first, second).exact
    ground, ink = (int(second[first == level][0]) for level in (245, 57))
    assert find_tone(first, page(ground, ink, height=290)[part]) is None


@pytest.mark.parametrize("case", sorted(FEW_COLOURS.keys() - {"panels"}))
def test_a_page_drawn_in_the_colours_of_an_exposure_is_changed(case):
    # Panels that differ by a level or two are taken for those of a JPEG.
    colors, curve = FEW_COLOURS[case]
    first = page(*colors)
    drawn = [tuple(exposed(np.uint8([[color]]), curve).ravel().tolist()) for color in colors]
    result = helpers.compare(first, page(*(c * 3 if len(c) == 1 else c for c in drawn)))
    assert result.verdict == "changed"


@pytest.mark.parametrize("colors", [((230, 238, 251), 34), (200, 40)])
@pytest.mark.parametrize("levels", [-24, -12])
@pytest.mark.parametrize("quality", [80, 92])
def test_a_page_and_its_text_that_are_darker_alike_are_another_exposure(colors, levels, quality):
    first = page(*colors)
    for pair in ((stored(first, quality), first), (first, stored(first, quality))):
        result = helpers.compare(pair[0], exposed(pair[1], LEVELS + levels))
        assert result.verdict == "explained"
    ground = np.add(np.broadcast_to(colors[0], 3), levels).tolist()
    drawn = page(ground, *colors[1:])
    assert helpers.compare(first, stored(drawn, quality)).verdict == "changed"


@pytest.mark.parametrize("curve", [255 * (LEVELS / 255) ** 0.8, (LEVELS - 128) * 1.15 + 128])
@pytest.mark.parametrize("quality", [90, 95])
def test_what_was_stored_before_it_was_lit_is_not_exact(curve, quality):
    first = page(*GRAYS)
    result = helpers.compare(first, exposed(stored(first, quality), curve))
    assert (result.verdict, result.kind) == ("explained", "photographed")


RECOLOURED = {
    "ground": (page(*COLORS), page((220, 216, 200), *COLORS[1:])),
    "ground of two colours": (page(255, 0), page(204, 0)),
    "dark ground": (page(26, 230), page(0, 230)),
    "theme": (page(*GRAYS), page(*(255 - gray for gray in GRAYS))),
    "palette": (page(*GRAYS), page(*GRAYS[:2], 100, 40, 210, 130)),
    "panel": (page(*GRAYS), page(*GRAYS[:4], 120, *GRAYS[5:])),
    "one of three": (page(250, 20, 200, 100), page(250, 20, 200, 130)),
    "text": (page(*COLORS), page(COLORS[0], 110, *COLORS[2:])),
}


@pytest.mark.parametrize("change", RECOLOURED)
@pytest.mark.parametrize("quality", [None, 90])
def test_a_recoloured_page_is_no_other_exposure(change, quality):
    first, second = RECOLOURED[change]
    assert find_tone(first, stored(second, quality)) is None
    assert find_tone(second, stored(first, quality)) is None


@pytest.mark.parametrize("first", [page(*COLORS), picture("coffee"), picture("01")])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.75])
def test_a_level_that_was_kept_elsewhere_is_no_other_exposure(first, share):
    height, width = (int(share * side) for side in first.shape[:2])
    for exposure, part in (("gamma 0.8", np.s_[:height]), ("darker by 12", np.s_[:, :width])):
        second = first.copy()
        second[part] = exposed(first[part], EXPOSURES[exposure])
        for quality in (None, 90):
            assert find_tone(first, stored(second, quality)) is None


# Light that differs by place


def places(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of each pixel, from -1 to 1."""
    return np.meshgrid(*(np.linspace(-1, 1, side) for side in image.shape[1::-1]))


def shaded(image: np.ndarray, light: np.ndarray) -> np.ndarray:
    return np.clip(image * light[..., None], 0, 255).round().astype(np.uint8)


@pytest.mark.parametrize("first", [page(*COLORS), picture("coffee"), picture("01")])
@pytest.mark.parametrize("quality", [None, 90])
@pytest.mark.parametrize("place", ["lens", "lamp"])
def test_light_that_differs_smoothly_by_place_is_evened_out(first, quality, place):
    x, y = places(first)
    light = 1 - 0.2 * (x**2 + y**2) if place == "lens" else 1 - 0.06 * (1 + x + 0.3 * y)
    second = shaded(first, light)
    second[100:150, 100:180] = (30, 200, 240)
    by_storing = cv2.absdiff(first, stored(first, quality)).mean()
    for pair in ((first, stored(second, quality)), (stored(second, quality), first)):
        tone = find_tone(*pair)
        assert tone.light.mean() < 1 and not tone.exact  # darkening cuts nothing off
        apart = cv2.absdiff(*matched(*pair, tone))
        apart[95:155, 95:185] = 0
        assert cv2.absdiff(*pair).mean() > 4 and apart.mean() < by_storing + 1.5
    ratio = tone.light if tone.corrects == "first" else 1 / tone.light
    ratio = np.maximum(ratio, 1 / ratio)
    assert ratio.max() / ratio.min() == pytest.approx(light.max() / light.min(), rel=0.05)


@pytest.mark.parametrize("first", [page(*COLORS), picture("coffee"), picture("chelsea")])
def test_a_soft_change_in_one_place_is_no_light(first):
    x, y = places(first)
    for middle in (0, 0.5):
        for size in (0.15, 0.3):
            spot = np.exp(-((x - middle) ** 2 + (y + middle) ** 2) / size**2)
            for part in (0.3, -0.3):
                second = shaded(first, 1 + part * spot)
                assert find_tone(first, second) is None
                assert find_tone(first, stored(second, 90)) is None


# What is no exposure


@pytest.mark.parametrize("name", SCENES)
def test_what_is_no_change_of_tone(name):
    first = picture(name)
    local = first.copy()
    local[100:180, 100:200] = (0, 0, 255)
    noise = np.random.default_rng(0).normal(0, 5, first.shape)
    noisy = np.clip(first + noise, 0, 255).astype(np.uint8)
    for second in (first.copy(), local, noisy, stored(first, 60)):
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


SEPIA = np.array([[0.131, 0.534, 0.272], [0.168, 0.686, 0.349], [0.189, 0.769, 0.393]])
COLOURED = {
    "red and blue exchanged": lambda image: image[..., ::-1].copy(),
    "without colour": lambda image: cv2.cvtColor(cv2.cvtColor(image, 6), 8),
    "sepia": lambda image: cv2.transform(image, SEPIA),
    "posterized": lambda image: image // 32 * 32 + 16,
}


@pytest.mark.parametrize("change", COLOURED)
@pytest.mark.parametrize("quality", [None, 88])
def test_other_colours_are_no_other_exposure(change, quality):
    for name in ("coffee", "astronaut", "chelsea", "rocket"):
        first = picture(name)
        assert find_tone(first, stored(COLOURED[change](first), quality)) is None


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


def test_light_is_applied_after_the_table_and_over_the_whole_picture():
    table = np.repeat((LEVELS // 2).astype(np.uint8)[:, None], 3, axis=1)
    image = np.full((100, 300, 3), 200, np.uint8)
    light = np.tile(np.linspace(1, 2, 64, dtype=np.float32), (64, 1))
    changed = apply_tone(image, Tone("first", table, light=light))
    assert (changed == changed[:1, :, :1]).all()
    assert changed[0, [0, 150, 299], 0].tolist() == pytest.approx([100, 150, 200], abs=2)


@pytest.mark.parametrize(
    "light", [1.5, np.ones((4, 4)), np.ones(4, np.float32), np.ones((0, 4), np.float32)]
)
def test_light_that_is_none_is_named(light):
    table = np.repeat(LEVELS.astype(np.uint8)[:, None], 3, axis=1)
    with pytest.raises(helpers.PictureError, match=r"the light of the tone is .*float32"):
        apply_tone(picture("01"), Tone("first", table, light=light))


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
    assert comparison.to_dict()["tone"]["corrects"] in ("first", "second")
    second[100:140, 150:200] = (30, 200, 240)
    (box,) = helpers.compare(first, second).boxes
    assert overlap([box], [(150, 100, 50, 40)]) > 0.6


# Two views of one scene


@pytest.mark.parametrize("name", SCENES)
def test_a_shadow_over_a_view_is_light(name):
    """Soft, wide and gray: no box, and it is told; a thing beside it has one."""
    first = picture(name)
    height, width = first.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    inside = np.clip(1.6 - np.hypot(x - 0.6 * width, y - 0.6 * height) / 120, 0, 1)
    changed = first.copy()
    changed[150:190, 240:290] = (200, 60, 20)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 25, 0.9)
    for scene, boxes in ((first, 0), (changed, 1)):
        shaded = (scene * (1 - 0.4 * inside[..., None])).astype(np.uint8)
        second = cv2.warpAffine(shaded, turn, (width, height), flags=cv2.INTER_CUBIC)
        comparison = helpers.compare(first, stored(second, 90))
        assert comparison.tone.light is not None
        assert "light differs by place" in " ".join(comparison.remarks)
        assert len(comparison.boxes) == boxes
    assert overlap(comparison.boxes, [helpers.Box(240, 150, 50, 40)])[0, 0] > 0.5
