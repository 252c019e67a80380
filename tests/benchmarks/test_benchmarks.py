"""What `benchmarks/` measures with: peers, solutions of lessons, intervals, tables."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import helpers
from helpers import bounding_boxes, compare, find_contours

ROOT = Path(__file__).resolve().parents[2]
READ = {"check": True, "stdout": subprocess.PIPE, "text": True}


@pytest.fixture
def peers(benchmark):
    return benchmark("peers")


def patches(*places, value=90) -> list[np.ndarray]:
    """Draw two black pictures; the second has patches of 5 x 5 pixels, x and y given."""
    first, second = np.zeros((2, 51, 67, 3), np.uint8)
    for x, y in places:
        second[y : y + 5, x : x + 5, 1] = value
    return [first, second]


@pytest.fixture
def pair_set(tmp_path):
    """Three pairs: one of two differences is there, one stored as JPEG, an unchanged speck."""
    first, second = patches((10, 10), value=250)
    speck = first.copy()
    speck[20:22, 30:32] = 250
    files = {"a.png": first, "b.png": second, "b.jpg": second, "c.png": speck}
    for name, image in files.items():
        cv2.imwrite(str(tmp_path / name), image)
    here, nowhere = [10, 10, 5, 5], [40, 40, 9, 9]
    entries = [
        {"name": "1", "second": "b.png", "boxes": [here, nowhere], "nuisance": "none"},
        {"name": "2", "second": "b.jpg", "boxes": [here], "nuisance": {"kind": "jpeg"}},
        {"name": "3", "second": "c.png", "boxes": [], "nuisance": {"kind": "lit_anew"}},
    ]
    for entry in entries:
        kinds = "spot", "word_gone"
        entry["changes"] = [{"kind": kind} for kind in kinds[: len(entry["boxes"])]]
        entry |= {"first": "a.png", "base": "a page"}
    (tmp_path / "pairs.json").write_text(json.dumps({"pairs": entries}))
    return tmp_path


# Peers


def test_a_peer_is_raw_or_tuned(peers):
    pair = patches((10, 10), (20, 10), (45, 10))
    peer = peers.find_peers(Path())["difference"]
    assert peer.raw(*pair) == [(10, 10, 5, 5), (20, 10, 5, 5), (45, 10, 5, 5)]
    assert peer.finder(peers.Choice(89, closing=9))(*pair) == [(10, 10, 15, 5), (45, 10, 5, 5)]
    assert peer.finder(peers.Choice(89, closing=9, least=26))(*pair) == [(10, 10, 15, 5)]
    assert peer.finder(peers.Choice(90))(*pair) == []


def test_the_raw_recipe_is_the_method_classic(peers):
    pair = [str(ROOT / "images" / name) for name in ("original_02.png", "modified_02.png")]
    found = peers.find_peers(Path())["classic"].raw(*map(cv2.imread, pair))
    assert found == compare(*pair, method="classic").boxes != []


def test_the_tuned_recipe_has_a_threshold_of_its_own(peers):
    pair = patches((10, 10), (40, 30))
    difference = 255 - compare(*pair, method="classic").difference
    mask = (difference > 127).astype(np.uint8)
    recipe = peers.find_peers(Path())["classic"]
    assert recipe.finder(peers.Choice(0.5))(*pair) == bounding_boxes(find_contours(mask)) != []


def test_own_boxes_of_a_peer_are_not_joined(peers):
    small, large = helpers.Box(10, 10, 5, 5), helpers.Box(12, 12, 9, 9)
    peer = peers.Peer(lambda *_: [small, large], 0, ())
    assert peer.raw(*patches()) == [small, large]
    assert peer.finder(peers.Choice(0, closing=9, least=26))(*patches()) == [large]


def test_each_peer_was_tuned(peers):
    choices = peers.tuned_choices()
    assert list(choices) == list(peers.PEERS)
    for name, peer in peers.find_peers(Path()).items():
        assert choices[name].threshold in peer.thresholds


@pytest.mark.skipif(not shutil.which("compare"), reason="ImageMagick is not installed")
def test_imagemagick_has_no_fuzz_unless_it_is_given_one(peers):
    first, second = np.full((2, 40, 50, 3), 90, np.uint8)
    second[10:20, 30:45] = 150
    second[30:35, 5:9] = 100
    peer = peers.find_peers(Path())["ImageMagick"]
    assert peer.raw(first, second) == [(30, 10, 15, 10), (5, 30, 4, 5)]
    assert peer.finder(peers.Choice(10))(first, second) == [(30, 10, 15, 10)]
    assert peer.raw(first, first) == []
    assert peer.raw(first, 255 - first) == [(0, 0, 50, 40)]


def test_a_peer_that_fails_is_no_peer_that_finds_nothing(peers):
    mark = peers.program(lambda *_: [sys.executable, "-c", "raise SystemExit(3)"], 1, None)
    with pytest.raises(RuntimeError, match="ended with 3"):
        mark(*patches(), 0)


@pytest.mark.parametrize(
    ("name", "picture", "expected"),
    [
        ("_is_red", [[0, 0, 255, 255], [0, 255, 255, 255], [238, 238, 238, 255]], [1, 0, 0]),
        ("_is_opaque", [[0, 0, 255, 255], [0, 0, 0, 0]], [1, 0]),
        ("_is_white", [[255, 255, 255], [0, 0, 0]], [1, 0]),
    ],
)
def test_how_peers_mark_pixels(peers, name, picture, expected):
    marked = getattr(peers, name)(np.array([picture], np.uint8))
    assert marked.astype(int).tolist() == [expected]


def test_masks_are_kept_by_tool_threshold_and_pictures(peers, tmp_path):
    asked = []

    def mark(first, second, threshold):
        asked.append(threshold)
        return (cv2.absdiff(first, second) > threshold).any(axis=2)

    peer = peers.Peer(mark, 0, ())
    faint, clear = patches((10, 10), value=50), patches((10, 10), value=90)
    for _ in range(2):
        kept = peers.kept("a tool", peer, tmp_path)
        assert kept.finder(peers.Choice(60))(*faint) == []
        assert kept.finder(peers.Choice(40))(*faint) == [(10, 10, 5, 5)]
        assert kept.finder(peers.Choice(60))(*clear) == [(10, 10, 5, 5)]
    assert asked == [60, 40, 60]
    peers.kept("another", peer, tmp_path).raw(*faint)
    assert asked == [60, 40, 60, 0]


def test_tuning_finds_the_best_of_all_combinations(benchmark, pair_set):
    tuning, peers = benchmark("tune_peers"), benchmark("peers")
    peer = peers.find_peers(Path())["difference"]
    tuned = tuning.tune(peer, tuning.load_pairs(pair_set))
    # JPEG blurs the patch: its box is right from 40 levels on. One of three differences is nowhere.
    assert tuned.f1 == pytest.approx(2 * 2 / (2 + 3))
    one = peer.finder(tuned.choice)
    first, *seconds = (cv2.imread(str(pair_set / name)) for name in ("a.png", "b.png", "b.jpg"))
    for second in seconds:
        assert len(one(first, second)) == 1


# Solutions of lessons


@pytest.mark.parametrize("lesson", ["lesson 13", "lesson 15"])
def test_solutions_find_a_clear_change(benchmark, lesson):
    find = benchmark("solutions").solution(lesson)
    (box,) = find(*patches((20, 20), (25, 20), (20, 25), (25, 25), value=250))
    assert np.allclose(box, (20, 20, 10, 10), atol=4)


# Intervals


def test_the_bootstrap_covers_the_truth_as_often_as_it_says(benchmark):
    intervals = benchmark("intervals")
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(40):
        there = rng.integers(1, 5, 80)
        interval = intervals.bootstrap(
            np.column_stack([rng.binomial(there, 0.8), there]), intervals.ratio
        )
        assert interval.low <= interval.value <= interval.high
        covered += interval.low <= 0.8 <= interval.high
    assert 35 <= covered <= 39


def test_wilson_agrees_with_its_table(benchmark):
    wilson = benchmark("intervals").wilson
    # R. G. Newcombe, Statistics in Medicine 17, 1998, table I
    assert np.round(wilson(81, 263), 4).tolist() == [0.308, 0.2553, 0.3662]
    assert np.round(wilson(15, 148), 4).tolist() == [0.1014, 0.0624, 0.1605]
    assert np.round(wilson(0, 20), 4).tolist() == [0, 0, 0.1611]
    assert np.round(wilson(1, 29), 4).tolist() == [0.0345, 0.0061, 0.1718]


def test_a_difference_counts_where_it_is_the_same_in_each_pair(benchmark):
    change = benchmark("ablation").change
    better, worse = [(9, 10), (5, 10)] * 40, [(8, 10), (4, 10)] * 40
    assert np.allclose(change(better, worse), -0.1)  # though pairs differ by .4
    low, high = change(better, worse[::-1])[1:]
    assert low < -0.15 and high > -0.05


# The parts of the ablation


def test_each_part_can_be_switched_off(benchmark):
    """A part that has another name by now would stop the ablation."""
    ablation = benchmark("ablation")
    first, second = np.full((2, 90, 120, 3), 90, np.uint8)
    second[20:40, 30:70] = 150
    for _, holder, attribute, replacement in ablation.PARTS:
        assert vars(holder)[attribute] is not replacement
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(holder, attribute, replacement)
            compare(first, second)


# Tables


def test_accuracy_runs_what_is_installed_and_names_the_rest(accuracy, pair_set, capsys):
    accuracy.main(
        [str(pair_set), "--methods", "difference", "robust", "odiff", "--npm", str(pair_set)]
    )
    text = capsys.readouterr().out
    methods = [line.split(" | ")[0] for line in text.splitlines() if " to " in line][:3]
    assert methods == ["| difference, raw", "| difference, tuned", "| robust"]
    assert text.endswith("\nodiff is not installed and was skipped.\n")


def test_a_wide_change_is_found_where_a_box_touches_any_of_it(accuracy, pair_set):
    entries = json.loads((pair_set / "pairs.json").read_text())["pairs"]
    one, two, _ = entries
    one["required"], two["required"] = True, False
    evaluation = accuracy.evaluate(pair_set, method=lambda *_: [(41, 41, 2, 2)])
    counts = accuracy.found_changes(evaluation, entries)
    assert {key: list(count) for key, count in counts.items()} == {
        ("spot", "lossless"): [1, 1],
        (accuracy.FAINT, "JPEG"): [0, 1],
    }


def test_tables_hold_every_figure_with_its_interval(accuracy, peers, pair_set):
    def find(first, second):
        return peers.find_peers(Path())["difference"].finder(peers.Choice(99))(first, second)

    verdicts = ["changed", "unlike", "identical"]
    scores = {"robust": accuracy.Score(accuracy.evaluate(pair_set, method=find), verdicts)}
    assert (
        accuracy.tables(pair_set, scores)
        == f"""\
## {pair_set.name}, 3 pairs, in distribution

| method | F1 at IoU 0.5 | precision | recall | F1 by place | changes found \
| boxes a difference | unchanged pairs with a box |
| --- | --- | --- | --- | --- | --- | --- | --- |
| find | 0.667 (0.000 to 1.000) | 0.667 (0.000 to 1.000) | 0.667 (0.500 to 1.000) \
| 0.667 (0.000 to 1.000) | 0.667 (0.208 to 0.939) | 1.000 (1.000 to 1.000) \
| 1 of 1: 1.000 (0.207 to 1.000) |

| robust, by nuisance | changed pairs | F1 |
| --- | --- | --- |
| jpeg | 1 | 1.000 (1.000 to 1.000) |
| none | 1 | 0.667 (0.667 to 0.667) |

| robust, changes found | lossless | JPEG |
| --- | --- | --- |
| spot | 1 of 1: 1.000 (0.207 to 1.000) | 1 of 1: 1.000 (0.207 to 1.000) |
| word gone | 0 of 1: 0.000 (0.000 to 0.793) | none |
| all | 1 of 2: 0.500 (0.095 to 0.905) | 1 of 1: 1.000 (0.207 to 1.000) |

| robust, by nuisance | unchanged pairs with a box |
| --- | --- |
| lit anew | 1 of 1: 1.000 (0.207 to 1.000) |

| robust, verdict | changed pairs | unchanged pairs |
| --- | --- | --- |
| changed | 1 | 0 |
| identical | 0 | 1 |
| unlike | 1 | 0 |
"""
    )


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report", "| robust, verdict | changed pairs | unchanged pairs |"),
        ("ablation", "| without alignment | "),
        ("tradeoff", "| ignore_below | gaps: F1 | unchanged: unchanged with a box |"),
    ],
)
def test_scripts_make_their_sets_and_take_them_away(name, expected, tmp_path):
    options = ["--sets", "gaps", "unchanged", "--pairs", "2", "--processes", "1"]
    line = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *options]
    done = subprocess.run(line, env=os.environ | {"TMPDIR": str(tmp_path)}, **READ)
    assert expected in done.stdout
    assert not any(tmp_path.iterdir())


def test_words_are_right_when_one_of_the_right_kinds_is_told(benchmark):
    words = benchmark("words")
    assert words.right_kinds("word_removed_to_plain", "document letter") == {"removed"}
    assert words.right_kinds("copied_on_plain", "document letter") == {"added"}
    assert words.right_kinds("copied", "document letter") - words.right_kinds("copied", "moon") == {
        "text"
    }
    right = {"added"}
    told = [
        words.Told("drawn", right, kind, sure, "none", None)
        for kind, sure in (("added", 0.9), ("removed", 0.9), ("removed", 0.5), ("changed", 0.3))
    ]
    row = words.summary(told).splitlines()[2].split(" | ")
    assert [cell[:5] for cell in row[1:]] == ["4", "0.250", "0.500", "0.250", "0.250"]
    assert "| drawn | 1 | (2) |" in words.confusion(told)
