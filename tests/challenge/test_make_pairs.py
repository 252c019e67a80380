"""The generator of pair sets: what it says about a pair must be true of the pictures."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

import helpers
from helpers.challenge import changes, make_pairs, nuisances
from helpers.challenge.sheets import Scene

SEED = 3  # neither the tuning nor the reporting seed


@pytest.fixture(scope="module")
def tampered():
    """One changed pair of each nuisance, and some unchanged ones."""
    return list(make_pairs.make_set("tampered", SEED, 11))


@pytest.fixture(scope="module")
def untroubled(tampered):
    """Changed pairs that went through no nuisance."""
    turns = [("glance", 0), ("glance", 3), ("glance", 6), ("tampered", 20)]
    made = [make_pairs.make_pair(name, SEED, index) for name, index in turns]
    pairs = [(pair.entry, pair.pictures["first"], pair.pictures["second"]) for pair in made]
    pairs = [pair for pair in tampered + pairs if pair[0]["nuisance"]["kind"] == "none"]
    pairs = [pair for pair in pairs if pair[0]["boxes"]]
    assert len(pairs) == 5
    return pairs


def boxes_of(entry):
    return [tuple(box) for box in entry["boxes"]]


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for seed, name in ((SEED, "a"), (SEED, "b"), (SEED + 1, "c")):
        make_pairs.write_set("tampered", seed, tmp_path / name, 2)
    first, again, other = (files_in(tmp_path / name) for name in "abc")
    assert len(first) == 5
    assert first == again
    pictures = [name for name in first if name != "pairs.json"]
    assert not any(first[name] == other.get(name) for name in pictures)


def test_a_pair_does_not_depend_on_the_others(tampered):
    entry, first, second = tampered[5]
    alone = make_pairs.make_pair("tampered", SEED, 5)
    assert alone.entry == entry
    assert np.array_equal(alone.pictures["first"], first)
    assert np.array_equal(alone.pictures["second"], second)


def assert_apart_and_inside(boxes, height, width):
    for number, (x, y, wide, high) in enumerate(boxes):
        assert 10 <= max(wide, high) <= 120
        assert min(x, y, width - x - wide, height - y - high) >= 12
        for other in boxes[:number]:
            gap_x = max(other[0] - x - wide, x - other[0] - other[2])
            gap_y = max(other[1] - y - high, y - other[1] - other[3])
            assert max(gap_x, gap_y) >= 32


def test_boxes_lie_inside_and_apart(tampered):
    assert sum(len(entry["boxes"]) for entry, _, _ in tampered) > 10
    for entry, first, second in tampered:
        assert first.shape == second.shape
        assert [change["box"] for change in entry["changes"]] == entry["boxes"]
        assert_apart_and_inside(boxes_of(entry), *first.shape[:2])


def test_many_changes_on_small_pictures_keep_the_rules():
    """Where room is scarce and half of what is tried is faint, every rule is put to use."""
    margin, height, width = 20, 180, 240
    nuisance = {"kind": "shifted", "side": "second", "shift": [18, -16]}
    kinds = set()
    for seed in range(24):
        rng = np.random.default_rng(seed)
        ground = rng.normal(120, 6, (height + 2 * margin, width + 2 * margin, 3))
        scene = Scene("grain", np.clip(ground, 0, 255).astype(np.uint8))
        plan, sources = make_pairs.SETS["tampered"], make_pairs.sources_of(SEED)
        conditions = make_pairs._conditions(rng, plan, sources, (height, width), margin, nuisance)
        made = changes.make_changes(rng, scene, 3, conditions)
        boxes = [(x - margin, y - margin, w, h) for c in made for x, y, w, h in c.boxes]
        assert_apart_and_inside(boxes, height, width)
        for x, y, w, h in boxes:
            assert min(x + 18, y - 16, width - x - 18 - w, height - y + 16 - h) >= 4
        for change in made:
            kinds.add(change.kind)
            assert min(seen.lab for seen in change.visibility) >= 6
            assert min(seen.strong for seen in change.visibility) >= 40
    assert len(kinds) > 5


@pytest.mark.parametrize(
    ("box", "seen", "fits"),
    [
        ((50, 50, 10, 4), (6, 40, 40), True),
        ((50, 50, 9, 9), (6, 40, 40), False),
        ((50, 50, 121, 30), (6, 40, 40), False),
        ((50, 50, 10, 3), (6, 40, 40), False),
        ((50, 50, 10, 4), (5.9, 40, 40), False),
        ((50, 50, 10, 4), (6, 40, 39), False),
    ],
)
def test_the_least_a_change_must_have(box, seen, fits):
    change = changes.Change("any", None, [box], [changes.Visibility(*seen)])
    assert changes._fits(change, [], changes.SEEN, lambda _: True) is fits
    assert not changes._fits(change, [], changes.SEEN, lambda _: False)


def test_without_nuisance_the_boxes_are_tight_round_all_that_changed(untroubled):
    for entry, first, second in untroubled:
        changed = np.abs(first.astype(int) - second).max(axis=2) >= 12
        outside = changed.copy()
        for x, y, width, height in boxes_of(entry):
            inside = changed[y : y + height, x : x + width]
            outside[y : y + height, x : x + width] = False
            assert inside[0].any()
            assert inside[-1].any()
            assert inside[:, 0].any()
            assert inside[:, -1].any()
        assert not outside.any()


def test_a_person_can_see_every_change(untroubled):
    for entry, first, second in untroubled:
        lab = [cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_BGR2LAB) for p in (first, second)]
        apart = np.sqrt(((lab[0] - lab[1]) ** 2).sum(axis=2))
        levels = np.abs(first.astype(int) - second).max(axis=2)
        for change in entry["changes"]:
            x, y, width, height = change["box"]
            place = np.s_[y : y + height, x : x + width]
            seen = levels[place] >= 12
            assert seen.sum() == change["pixels"]
            assert apart[place][seen].mean() == pytest.approx(change["visibility"], abs=0.01)
            assert change["visibility"] >= 6
            assert (levels[place] >= 25).sum() >= 40


def test_changes_seen_at_a_glance_are_large():
    for entry, _, _ in make_pairs.make_set("glance", SEED, 4):
        assert entry["boxes"]
        for change in entry["changes"]:
            assert min(change["box"][2:]) >= 16
            assert change["visibility"] >= 15
            assert change["pixels"] >= 150


def test_unchanged_pairs():
    kinds = set()
    for entry, first, second in make_pairs.make_set("unchanged", SEED, 10):
        kinds.add(entry["nuisance"]["kind"])
        assert entry["boxes"] == entry["changes"] == []
        same = np.array_equal(first, second)
        assert same == (entry["nuisance"]["kind"] == "none")
    assert len(kinds) == 10


@pytest.mark.parametrize("name", make_pairs.SETS)
def test_a_set_has_as_many_pairs_of_each_sort_as_it_says(name):
    plan = make_pairs.SETS[name]
    turns = [make_pairs.turn_of(name, index) for index in range(make_pairs.size_of(name))]
    unchanged = [draw for is_changed, draw in turns if not is_changed]
    assert (len(turns) - len(unchanged), len(unchanged)) == (plan.changed, plan.unchanged)
    assert unchanged.count(nuisances.none) <= len(unchanged) / 8
    changed = [draw for is_changed, draw in turns if is_changed]
    for draws, kinds in (
        (changed, plan.nuisances),
        (unchanged, plan.controls or plan.nuisances),
    ):
        counts = [draws.count(draw) for draw in kinds]
        assert sum(counts) == len(draws)
        assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("name", ["shifted", "rotated"])
def test_boxes_stay_true_when_the_second_picture_is_moved(name):
    """Undo the motion: near the boxes only may the pictures differ much."""
    tried = 0
    for entry, first, second in make_pairs.make_set(name, SEED, 3):
        height, width = first.shape[:2]
        matrix = nuisances.motion(entry["nuisance"], width, height)[:2]
        back = cv2.warpAffine(
            second, matrix, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        )
        blurred = [cv2.GaussianBlur(p, (0, 0), 2).astype(int) for p in (first, back)]
        apart = np.abs(blurred[0] - blurred[1]).max(axis=2)
        apart[:45], apart[-45:], apart[:, :45], apart[:, -45:] = 0, 0, 0, 0
        for x, y, w, h in boxes_of(entry):
            tried += 1
            apart[y - 6 : y + h + 6, x - 6 : x + w + 6] = 0
        assert apart.max() < 30
    assert tried


def test_a_change_that_the_nuisance_wipes_out_is_not_made():
    """White painted over pale grey is nothing once both are brightened beyond white."""
    picture = np.full((60, 60, 3), 225, np.uint8)
    scene = Scene("pale", picture)

    def whitened(view):
        result = view.picture.copy()
        result[20:40, 20:40] = 255
        return result

    view = changes.Rendering(scene)
    ((box, seen),) = changes.measure(picture, whitened(view))
    assert box == (20, 20, 20, 20)
    assert seen.pixels == seen.strong == 400
    change = changes.Change("whitened", whitened, [box], [seen])
    assert changes._survives(change, view, lambda p: p)
    brighter = {"brightness": 30}
    assert not changes._survives(change, view, lambda p: nuisances.degrade(p, brighter, None))


def test_a_page_drawn_again_moves_each_word_by_up_to_half_a_pixel():
    offsets = make_pairs._word_offsets(1, 500)
    far = np.hypot(*offsets.T)
    assert far.min() >= 0.2 - 1e-9
    assert far.max() <= 0.5
    assert len(np.unique(offsets, axis=0)) > 10


def test_load_pairs_reads_what_is_written(tmp_path):
    make_pairs.write_set("compound", SEED, tmp_path / "set", 2)
    pairs = helpers.load_pairs(tmp_path / "set")
    made = list(make_pairs.make_set("compound", SEED, 2))
    assert len(pairs) == 2
    for pair, (entry, first, second) in zip(pairs, made, strict=True):
        assert [tuple(box) for box in pair.boxes] == boxes_of(entry)
        assert np.array_equal(cv2.imread(str(pair.first)), first)
        assert np.array_equal(cv2.imread(str(pair.second)), second)
        for path in (pair.first, pair.second):
            start = {".jpg": b"\xff\xd8", ".png": b"\x89PNG"}[path.suffix]
            assert path.read_bytes().startswith(start)
        assert {pair.first.suffix, pair.second.suffix} == {".png", ".jpg"}
    written = json.loads((tmp_path / "set" / "pairs.json").read_text(encoding="utf-8"))["pairs"]
    assert [entry["nuisance"] for entry in written] == [entry["nuisance"] for entry, _, _ in made]


def test_the_command_refuses_a_folder_that_is_not_empty(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, make_pairs.__file__, "glance", "--seed", "3", "--out", tmp_path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_in(tmp_path) == {"mine.txt": b"mine"}
