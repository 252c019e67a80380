"""The pairs: drawn the same each time, true boxes that are true, sources that are named."""

import json
import platform
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from stored_figures import visible_change

import helpers
from helpers import fonts

IMAGES = Path(__file__).parents[2] / "images"
PAIRS = helpers.load_pairs(IMAGES)
EDITED_ONLY = [pair for pair in PAIRS if pair.name <= "09"]  # 10 to 12 differ everywhere


@pytest.mark.full
def test_drawing_again_gives_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, IMAGES / "make_images.py", tmp_path], check=True)
    drawn = sorted(path.name for path in tmp_path.iterdir())
    assert len(drawn) == 2 * len(PAIRS) + 2
    for name in drawn:
        stored, fresh = IMAGES / name, tmp_path / name
        if stored.read_bytes() == fresh.read_bytes():
            continue
        # Another processor may round another way; it may not draw another picture.
        assert (platform.system(), platform.machine()) != ("Linux", "x86_64"), name
        assert stored.suffix == ".png", name
        assert visible_change(helpers.load_image(stored), helpers.load_image(fresh)) == "", name


@pytest.mark.parametrize("pair", EDITED_ONLY, ids=lambda pair: pair.name)
def test_true_boxes_hold_every_changed_pixel_and_fit_tightly(pair):
    differs = np.any(np.not_equal(*helpers.load_pair(pair.first, pair.second)), axis=2)
    outside = differs.copy()
    for x, y, width, height in pair.boxes:
        outside[y : y + height, x : x + width] = False
        part = differs[y : y + height, x : x + width].astype(np.uint8)
        assert cv2.boundingRect(part) == (0, 0, width, height)
    assert pair.boxes
    assert not outside.any()


def test_unchanged_pairs_have_no_box():
    unchanged = [pair.name for pair in PAIRS if not pair.boxes]
    assert unchanged == ["10", "11"]


def test_the_recoloured_pair_is_equal_in_gray():
    first, second = helpers.load_pair(PAIRS[8].first, PAIRS[8].second)
    assert np.array_equal(helpers.to_gray(first), helpers.to_gray(second))
    assert np.abs(first.astype(int) - second).max() > 100


@pytest.mark.parametrize("pair", PAIRS[:3], ids=lambda pair: pair.name)
def test_the_recipe_finds_every_difference_in_the_first_three_pairs(pair):
    comparison = helpers.compare(pair.first, pair.second)
    assert (helpers.overlap(comparison.boxes, pair.boxes) > 0).any(axis=0).all()


def test_all_pictures_together_stay_small():
    pictures = [path for path in IMAGES.iterdir() if path.suffix in (".png", ".jpg")]
    assert sum(path.stat().st_size for path in pictures) < 6_000_000
    assert len(pictures) == 2 * len(PAIRS)


def test_every_source_is_named_in_full():
    entries = json.loads((IMAGES / "pairs.json").read_text(encoding="utf-8"))["pairs"]
    for entry in entries:
        assert entry["sources"] or entry["name"] == "08"  # the board is drawn from nothing
        for source in entry["sources"]:
            assert list(source) == ["title", "author", "licence", "origin"]
            assert all(source.values())


def test_every_font_has_its_licence_beside_it():
    for path in fonts.FOLDER.glob("*.woff"):
        family = path.name.partition("-latin-")[0]
        licence = (fonts.FOLDER / f"LICENSE-{family}.txt").read_text(encoding="utf-8")
        assert "SIL Open Font License, Version 1.1" in licence
