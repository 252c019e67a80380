"""Made-up brands: the number decides all, sisters share what they should, no real words."""

import numpy as np
import pytest

from helpers.deep import emblems, logos

NUMBERS = range(20_000, 20_060)


def test_the_number_decides_everything():
    for number in NUMBERS:
        once, again = logos.make_brand(number), logos.make_brand(number)
        assert once._replace(light=None, dark=None) == again._replace(light=None, dark=None)
        assert np.array_equal(once.light, again.light) and np.array_equal(once.dark, again.dark)


def test_sisters_share_palette_layout_and_font_and_nothing_else():
    for number in NUMBERS:
        brand = logos.make_brand(number)
        other = logos.sister(brand)
        assert logos.sister(other).number == number != other.number
        assert (brand.layout, brand.face) == (other.layout, other.face)
        assert np.array_equal(brand.light, other.light) and np.array_equal(brand.dark, other.dark)
        assert brand.name != other.name
        assert brand.motif != other.motif and brand.shape != other.shape


def test_names_are_varied_and_none_is_blocked():
    names = [logos.make_brand(number).name.lower() for number in range(2000)]
    assert len(set(names)) > 1900
    assert not set(names) & logos.BLOCKED


@pytest.mark.parametrize("word", ["visa", "lego", "nike", "zara", "data", "drolex"])
def test_real_words_and_brands_are_blocked(word):
    assert word in logos.BLOCKED


def test_a_blocked_word_is_not_used(monkeypatch):
    first = logos.made_up_word(np.random.default_rng(5), 2)
    monkeypatch.setattr(logos, "BLOCKED", frozenset([first]))
    assert logos.made_up_word(np.random.default_rng(5), 2) != first


@pytest.mark.parametrize("shape", emblems.SHAPES)
@pytest.mark.parametrize("motif", emblems.MOTIFS)
def test_an_emblem_has_both_parts_and_they_never_overlap(shape, motif):
    for seed in range(5):
        ground, figure = emblems.draw_emblem(shape, motif, np.random.default_rng(seed))
        assert ground.shape == figure.shape == (128, 128)
        assert (ground.astype(int) + figure).max() <= 255
        assert np.mean(ground > 127) > 0.05
        assert figure.any() == (shape != "none")


@pytest.mark.parametrize("shape", [name for name in emblems.SHAPES if name != "none"])
@pytest.mark.parametrize("motif", emblems.MOTIFS)
def test_a_motif_stays_inside_its_shape(shape, motif):
    outline, room = emblems.SHAPES[shape]
    for seed in range(5):
        whole = emblems.MOTIFS[motif](np.random.default_rng(seed), room)
        outside = whole[outline() == 0] > 127
        assert np.sum(outside) <= 0.02 * np.sum(whole > 127)


def test_a_logo_is_cut_to_its_ink_and_has_its_colours():
    for number in NUMBERS:
        brand, coverage = logos.make_brand(number), logos.draw_coverage(number)
        ink = coverage.max(axis=2)
        assert ink[0].any() and ink[-1].any() and ink[:, 0].any() and ink[:, -1].any()
        assert coverage[..., 2].any() == (brand.layout != "alone")
        assert coverage.sum(axis=2, dtype=int).max() <= 257  # rounding
        picture = logos.draw_logo(brand, margin=0)
        ground = picture[coverage[..., 0] == 255]
        assert np.abs(ground - brand.light[0]).max() <= 1


def test_dark_mode_is_dark_with_the_same_coverage():
    brand = logos.make_brand(20_000)
    light, dark = logos.draw_logo(brand), logos.draw_logo(brand, dark=True)
    assert light.shape == dark.shape
    assert light[0, 0].min() == 255 and dark[0, 0].max() < 40


def test_paint_mixes_parts_with_the_background():
    coverage = np.zeros((1, 2, 3), np.uint8)
    coverage[0, 0] = [255, 0, 0]
    coverage[0, 1] = [51, 102, 0]  # a fifth, two fifths, and two fifths of background
    colours = np.array([[100, 0, 0], [0, 100, 0], [9, 9, 9]])
    picture = logos.paint(coverage, colours, np.array([0, 0, 200]))
    assert picture.tolist() == [[[100, 0, 0], [20, 40, 80]]]
