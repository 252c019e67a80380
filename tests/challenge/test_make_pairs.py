"""The generator of pair sets: what it says about a pair must be true of the pictures."""

import importlib.metadata
import json
import subprocess
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest

import helpers
from helpers.challenge import changes, make_pairs, measuring, nuisances, scenes, small, wide
from helpers.challenge.sheets import Scene, Sheet
from helpers.layout import Band, Layout

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
    for number, (x, y, across, high) in enumerate(boxes):
        assert 10 <= max(across, high) <= 120
        assert min(x, y, width - x - across, height - y - high) >= 12
        for other in boxes[:number]:
            gap_x = max(other[0] - x - across, x - other[0] - other[2])
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
    change = changes.Change("any", None, [box], [measuring.Visibility(*seen)])
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
    """White painted over pale gray is nothing once both are brightened beyond white."""
    picture = np.full((60, 60, 3), 225, np.uint8)
    scene = Scene("pale", picture)

    def whitened(view):
        result = view.picture.copy()
        result[20:40, 20:40] = 255
        return result

    view = changes.Rendering(scene)
    ((box, seen),) = measuring.measure(picture, whitened(view))
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


# Where pictures come from


def parts_of(sources):
    """Everything that a half is made of, by what it is."""
    style = sources.style
    return {
        "names": sources.names,
        "files": {name for files in sources.photographs.values() for name in files},
        "layouts": {draw for draws in sources.layouts.values() for draw in draws},
        "fonts": {*style.body, style.medium, style.bold, *style.heading, style.script},
        "themes": {*style.themes},
        "accents": {*style.accents},
        "heads": {*style.heads},
        "vocabulary": {*style.vocabulary},
        "people": {*style.names},
    }


def shared(one, other):
    ours, theirs = parts_of(one), parts_of(other)
    return {key: ours[key] & theirs[key] for key in ours if ours[key] & theirs[key]}


def test_nothing_serves_both_tuning_and_reporting():
    assert not shared(scenes.TUNING, scenes.REPORTING)
    assert scenes.sources_of(1) is scenes.sources_of(13) is scenes.TUNING
    assert scenes.sources_of(2) is scenes.sources_of(2**100) is scenes.REPORTING
    stolen = {**scenes.TUNING.photographs, "bike": ("motorcycle_right.png",)}
    tuning = replace(scenes.TUNING, photographs=stolen)
    assert shared(tuning, scenes.REPORTING) == {"files": {"motorcycle_right.png"}}


def test_the_photographs_are_in_the_wheel_of_scikit_image():
    shipped = {file.name for file in importlib.metadata.files("scikit-image")}
    for sources in (scenes.TUNING, scenes.REPORTING):
        assert parts_of(sources)["files"] <= shipped
        assert len(sources.photographs) == 9


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_pair_is_of_the_half_of_its_seed(seed):
    sources, other = scenes.sources_of(seed), scenes.sources_of(seed + 1)
    for _, draws in sources.layouts.items():
        assert not set(draws) & {draw for all_ in other.layouts.values() for draw in all_}
    fonts = parts_of(other)["fonts"]
    for index in range(6):
        rng = np.random.default_rng(index)
        kind = ("photograph", "document", "interface", "drawing")[index % 4]
        scene, _ = scenes.make_scene(rng, sources, kind, 320, 400, 0)
        assert scene.name in sources.names
        assert not {word.font for word in scene.words} & fonts
    entry = make_pairs.make_pair("small", seed, 0).entry
    assert entry["base"] in sources.names


READS = """
import sys
opened = []
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event == "open" else None)
import numpy as np
from helpers.challenge import scenes
for sources in (scenes.TUNING, scenes.REPORTING):
    for kind in ("photograph", "document", "interface", "drawing"):
        for seed in range(5):
            scenes.make_scene(np.random.default_rng(seed), sources, kind, 320, 320, 0)
print("\\n".join(name for name in opened if name.endswith((".png", ".jpg"))))
"""


def test_pictures_are_read_from_nowhere_but_scikit_image():
    done = subprocess.run([sys.executable, "-c", READS], capture_output=True, text=True, check=True)
    names = set(done.stdout.split())
    assert len(names) > 5
    assert all(name.startswith(str(scenes.FOLDER)) for name in names)


# Sets beyond what a camera and an editor do to small places


def difference(first, second):
    return np.abs(first.astype(int) - second).max(axis=2)


def assert_tight(levels, boxes):
    """All that differs is in the boxes, and reaches each of their sides."""
    outside = levels.copy()
    for x, y, width, height in boxes:
        inside = levels[y : y + height, x : x + width]
        outside[y : y + height, x : x + width] = 0
        assert min(inside[0].max(), inside[-1].max()) > 0
        assert min(inside[:, 0].max(), inside[:, -1].max()) > 0
    assert outside.max() == 0


def test_a_wide_change_is_as_its_entry_says():
    found = 0
    for entry, first, second in make_pairs.make_set("wide", SEED, 10):
        assert entry["nuisance"]["kind"] in ("none", "jpeg_90")
        if not entry["boxes"]:
            assert entry["nuisance"]["kind"] == "jpeg_90"
            assert "required" not in entry
            continue
        kind = entry["changes"][0]["kind"]
        assert entry["levels"] >= 3
        assert entry["levels"] == max(change["levels"] for change in entry["changes"])
        assert entry["required"] is (entry["levels"] >= 4)
        if kind not in ("text", "line_colour", "stroke_width"):
            assert entry["levels"] <= 100
            assert entry["part"] >= 0.02
        if entry["nuisance"]["kind"] == "jpeg_90":
            assert entry["levels"] >= 12
            names = {entry["first"][-4:], entry["second"][-4:]}
            assert names == {".jpg", ".png"}
            continue
        levels = difference(first, second)
        assert_tight(levels, entry["boxes"])
        assert levels.max() == entry["levels"]
        assert (levels > 0).mean() == pytest.approx(entry["part"], abs=1e-4)
        found += 1
    assert found > 3


@pytest.fixture(scope="module")
def page():
    """A page with text, lines and panels."""
    sheet = Sheet(np.random.default_rng(2), scenes.TUNING.style, 400, 620, 0)
    scenes.tuning_scenes.settings(sheet)
    return sheet.scene("settings")


ON_PAGES = [kind for kind in (*wide.AREAS, *wide.INK) if kind not in wide.ON_PHOTOGRAPHS]


@pytest.mark.parametrize("kind", ON_PAGES, ids=lambda kind: kind.__name__)
def test_each_kind_of_wide_change(kind, page):
    before = page.render()
    changed = [kind(np.random.default_rng(seed), page, 20) for seed in range(3)]
    assert all(changed)
    for scene in changed:
        levels = difference(before, scene.render())
        if kind is not wide.stroke_width:
            assert 15 <= levels.max() <= 20  # thin letters do not cover a pixel
        if kind is wide.theme:
            assert (levels > 0).mean() > 0.95
        if kind is wide.text:
            assert np.array_equal(scene.ground, page.ground)
        if kind is wide.panel:
            assert scene.words == page.words
            assert sum(a != b for a, b in zip(scene.shapes, page.shapes, strict=True)) == 1


@pytest.mark.parametrize(("kind", "along"), [(wide.band, 1), (wide.sidebar, 0)])
def test_bands_and_sidebars_go_from_border_to_border(kind, along):
    gray = Scene("gray", np.full((200, 300, 3), 128, np.uint8))
    for seed in range(5):
        changed = difference(gray.ground, kind(np.random.default_rng(seed), gray, 20).ground)
        assert changed.max() == 20
        assert (changed == changed.max(axis=along, keepdims=True)).all()
        across = changed.max(axis=along)
        assert 0 < (across > 0).mean() < 1


def test_small_changes_are_tight_and_have_enough_contrast():
    kinds = set()
    for entry, first, second in make_pairs.make_set("small", SEED, 12):
        levels = difference(first, second)
        assert 1 <= len(entry["boxes"]) <= 3
        assert_tight(levels, entry["boxes"])
        for change in entry["changes"]:
            kinds.add(change["kind"])
            x, y, width, height = change["box"]
            place = levels[y : y + height, x : x + width]
            assert place.max() == change["levels"] >= 10
            parts = cv2.connectedComponentsWithStats((place >= 10).astype(np.uint8))[2]
            assert parts[1:, cv2.CC_STAT_AREA].max() >= 4
            assert max(width, height) <= 60
    assert kinds == {kind.__name__ for kind in (*small.ANYWHERE, *small.ON_WORDS)}


def test_neighbours_are_as_far_apart_as_the_entry_says():
    joint = set()
    for index in range(0, 24, 3):  # these went through nothing
        pair = make_pairs.make_pair("gaps", SEED, index)
        entry, boxes = pair.entry, pair.entry["boxes"]
        levels = difference(*pair.pictures.values())
        assert_tight(levels, boxes)
        assert 5 <= entry["gap"] <= 60
        assert entry["joint"] is (entry["gap"] < 19)
        assert len(boxes) == (1 if entry["joint"] else 2)
        x, y, width, height = boxes[0]
        if entry["joint"]:
            place = levels[y : y + height, x : x + width]
            empty = max((place.max(axis=axis) == 0).sum() for axis in (0, 1))
            assert empty == entry["gap"]
        else:
            assert measuring.gap_between(*boxes) == entry["gap"]
        joint.add(entry["joint"])
    assert joint == {True, False}


# Optics


def test_what_optics_do_to_a_place():
    corners = np.array([[0, 0], [399, 0], [399, 299], [0, 299]], float)
    moved = nuisances.move_points({"keystone": [1.0, "top"]}, corners, 400, 300) - corners
    assert np.abs(moved - [[2, 0], [-2, 0], [0, 0], [0, 0]]).max() < 0.02
    bent = nuisances.move_points({"radial": -2.0}, corners, 400, 300)
    middle = np.array([199.5, 149.5])
    assert np.allclose(bent - middle, 0.98 * (corners - middle))


def test_what_optics_do_to_the_light():
    white = np.full((200, 300, 3), 255, np.uint8)
    dark = nuisances.degrade(white, {"vignette": 40}, None)
    assert dark[0, 0, 0] == dark[-1, -1, 0] == round(255 * 0.6)
    assert dark[100, 150, 0] >= 254
    lit = nuisances.degrade(white, {"gradient": [40, 30]}, None)[..., 0]
    assert lit[0, 0] == 255
    assert lit[-1, -1] == 215


@pytest.mark.parametrize("index", [0, 2])  # keystone, radial
def test_boxes_stay_true_behind_a_lens(index):
    """Take each pixel of the first picture from its place in the second: boxes hold the rest."""
    pair = make_pairs.make_pair("optics", SEED, index)
    first, second = pair.pictures.values()
    height, width = first.shape[:2]
    places = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(float)
    places = nuisances.move_points(pair.entry["nuisance"], places, width, height)
    back = cv2.remap(second, places.astype(np.float32), None, interpolation=cv2.INTER_CUBIC)
    blurred = [cv2.GaussianBlur(picture, (0, 0), 2) for picture in (first, back, second)]
    assert difference(blurred[0], blurred[2]).max() > 20  # it is moved
    apart = difference(*blurred[:2])
    apart[:15], apart[-15:], apart[:, :15], apart[:, -15:] = 0, 0, 0, 0
    assert pair.entry["boxes"]
    for x, y, w, h in pair.entry["boxes"]:
        assert apart[y : y + h, x : x + w].max() > 15
        apart[max(y - 6, 0) : y + h + 6, max(x - 6, 0) : x + w + 6] = 0
    assert apart.max() <= 12
    assert (
        difference(*(cv2.GaussianBlur(picture, (0, 0), 2) for picture in (first, second))).max()
        > 12
    )


def test_optics_come_plain_and_photographed():
    rng = np.random.default_rng(SEED)
    for draw in make_pairs.OPTICS[:4]:
        drawn = [draw(rng) for _ in range(12)]
        assert {"noise" in nuisance for nuisance in drawn} == {True, False}
        assert all(nuisance.get("jpeg", 90) == 90 for nuisance in drawn)


def test_colour_at_half_the_size_leaves_brightness_and_smears_colour():
    picture = np.full((40, 41, 3), 90, np.uint8)
    picture[:, 21:] = (40, 60, 200)
    coarse = nuisances.degrade(picture, {"colour": "nearest"}, None)
    luma = [cv2.cvtColor(p, cv2.COLOR_BGR2YCrCb)[..., 0].astype(int) for p in (picture, coarse)]
    assert np.abs(luma[0] - luma[1]).max() <= 2
    assert difference(picture, coarse)[20, 18:24].max() > 20


# Changes of all kinds, to be put in words


def test_the_kind_of_a_change_says_what_it_is_on():
    """On a lossless pair the pictures themselves show it."""
    tried = set()
    for index in range(0, 60, 3):  # every third one went through nothing
        pair = make_pairs.make_pair("words", SEED, index)
        before, after = pair.pictures["first"], pair.pictures["second"]
        for change in pair.entry["changes"]:
            x, y, width, height = change["box"]
            around = np.s_[y - 3 : y + height + 3, x - 3 : x + width + 3]
            low, high = np.quantile([before[around], after[around]], (0.05, 0.95), axis=(1, 2))
            plain = [spread <= 16 for spread in (high - low).max(axis=1)]
            ends = [end for end in ("_on_plain", "_to_plain") if change["kind"].endswith(end)]
            tried.update(ends)
            if "moved" not in change["kind"]:
                assert ends == (["_on_plain"] if plain[0] else ["_to_plain"] if plain[1] else [])
    assert tried == {"_on_plain", "_to_plain"}


def test_a_moved_word_is_the_same_elsewhere():
    sheet = Sheet(np.random.default_rng(1), scenes.TUNING.style, 400, 400, 0)
    sheet.cover("#ffffff")
    sheet.write(150, 200, "moved", scenes.TUNING.style.bold, 20, "#204080")
    scene = sheet.scene("a word")
    places = set()
    for seed in range(5):
        edit = changes.word_moved(np.random.default_rng(seed), scene, (0, 0, 10, 10))
        ((x, y, width, height), _), *_ = measuring.measure(
            np.full((400, 400, 3), 255, np.uint8), edit(changes.Rendering(scene))
        )
        places.add((x, y))
        assert (width, height) == measuring.measure(
            np.full((400, 400, 3), 255, np.uint8), scene.render()
        )[0][0][2:]
    assert len(places) == 5


def test_a_resized_shape_keeps_its_middle():
    sheet = Sheet(np.random.default_rng(1), scenes.TUNING.style, 400, 400, 0)
    sheet.cover("#ffffff")
    sheet.disc(200, 150, 20, "#204080")
    scene = sheet.scene("a disc")
    before = scene.render()
    for seed in range(6):
        edit = changes.resized(np.random.default_rng(seed), scene, (0, 0, 10, 10))
        after = edit(changes.Rendering(scene))
        extents = [measuring.measure(np.full_like(before, 255), p)[0][0] for p in (before, after)]
        (x, y, width, height), (left, top, wide, high) = extents
        assert abs(2 * x + width - 2 * left - wide) <= 1
        assert abs(2 * y + height - 2 * top - high) <= 1
        assert 1.15 <= max(wide, width) / min(wide, width) <= 2.1


# Photographed again


def test_a_tilt_foreshortens_across_its_axis():
    """Round the middle one direction keeps its length, the other has the cosine of it."""
    middle, step = np.array([199.5, 149.5]), 1e-3
    for angle, direction in ((15, 0), (15, 90), (10, 35)):
        tilt = {"tilt": [angle, direction]}
        places = middle + step * np.array([[0, 0], [1, 0], [0, 1]])
        here, right, below = nuisances.move_points(tilt, places, 400, 300)
        sides = np.linalg.svd(np.array([right - here, below - here]) / step, compute_uv=False)
        assert np.allclose(here, middle)
        assert np.allclose(sides, [1, np.cos(np.radians(angle))], atol=1e-4)


def test_a_shadow_is_soft_and_darkest_inside():
    white = np.full((200, 300, 3), 255, np.uint8)
    shadow = {"shadow": [0.4, 0.5, 0.5, 0.4, 0.5]}
    shade = nuisances.degrade(white, shadow, None)[..., 0].astype(int)
    assert shade[100, 150] == round(255 * 0.6)
    assert shade[0, 0] == shade[100, 5] == 255
    assert np.abs(np.diff(shade, axis=1)).max() <= 4


@pytest.mark.parametrize("index", [0, 8, 16])  # in the same light
def test_boxes_stay_true_when_photographed_again(index):
    """As behind a lens; what is out of view tells nothing, and no change is there."""
    pair = make_pairs.make_pair("photographed", SEED, index)
    first, second = pair.pictures.values()
    nuisance = pair.entry["nuisance"]
    assert nuisance["kind"] in {draw.__name__ for draw in make_pairs.AGAIN}
    height, width = first.shape[:2]
    places = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(float)
    places = nuisances.move_points(nuisance, places, width, height)
    back = cv2.remap(second, places.astype(np.float32), None, interpolation=cv2.INTER_CUBIC)
    seen = ((places >= 4) & (places <= np.array((width, height)) - 5)).all(axis=2)
    sigma = 3 / min(nuisance["scale"], 1)
    blurred = [cv2.GaussianBlur(picture, (0, 0), sigma) for picture in (first, back)]
    apart = difference(*blurred) * cv2.erode(seen.astype(np.uint8), np.ones((31, 31)))
    assert pair.entry["boxes"]
    for x, y, w, h in pair.entry["boxes"]:
        assert seen[y : y + h, x : x + w].all()
        apart[max(y - 12, 0) : y + h + 12, max(x - 12, 0) : x + w + 12] = 0
    assert np.quantile(apart, 0.999) < 30


# Bands of rows inserted, removed and swapped


def layout_of(entry: dict, height: int, other_height: int) -> Layout:
    """Lay out both pictures as an entry says."""
    bands, row, lower = [], 0, 0
    for change in (change for change in entry["changes"] if "first" in change):
        first, second = change["first"], change["second"]
        at = first[1] if first else second[1] - lower
        length = (first or second)[3]
        bands.append(Band(row, row + lower, at - row))
        bands.append(Band(first and at, second and second[1], length))
        row = at + length * bool(first)
        if first and second:
            below = second[1] - at - lower
            bands.append(Band(row, at + lower, below))
            row += below
        lower += length * (bool(second) - bool(first))
    left, other_left = height - row, other_height - row - lower
    shared = min(left, other_left)
    bands.append(Band(row, row + lower, shared))
    bands.append(Band(row + shared, None, left - shared))
    bands.append(Band(None, row + lower + shared, other_left - shared))
    return Layout(tuple(band for band in bands if band.length), (Band(0, 0, 1),))


def test_only_in_its_boxes_does_a_rearranged_pair_differ():
    kinds = set()
    for index in range(0, 48, 3):  # lossless
        pair = make_pairs.make_pair("layout", SEED, index)
        first, second = pair.pictures.values()
        assert (len(first) == len(second)) or index % 2
        layout = layout_of(pair.entry, len(first), len(second))
        layout = layout._replace(columns=(Band(0, 0, first.shape[1]),))
        one, other, single = layout.place(first, second)
        differs = difference(one, other) >= measuring.CHANGED
        assert pair.entry["canvas"] == [*layout.shape[::-1]]
        boxes = [change["box"] for change in pair.entry["changes"] if change["box"]]
        assert boxes == pair.entry["boxes"]
        assert 1 <= sum("first" in change for change in pair.entry["changes"]) <= 3
        for change in pair.entry["changes"]:
            kinds.add(change["kind"] if "first" in change else "edit")
            if change["box"]:
                x, y, width, height = change["box"]
                place = np.s_[y : y + height, x : x + width]
                assert single[place].all() if "first" in change else differs[place].any()
                differs[place] = single[place] = False
        assert not differs.any()
        assert not single.any() or len(first) == len(second)  # what was pushed out has no box
    assert kinds == {"inserted", "deleted", "moved", "edit"}
