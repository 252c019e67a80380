"""The command `image-diff evaluate` and the contact sheet."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import helpers
from helpers.app.cli import main
from helpers.scoring.sheet import (
    BLUE,
    CELL,
    GAP,
    ORANGE,
    WIDTH,
    WORST,
    contact_sheet,
    save_contact_sheet,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pair_set(tmp_path):
    """A pair that classic gets right, one whose second difference is not there, one unchanged."""
    picture = np.full((60, 80, 3), 90, np.uint8)
    edited = picture.copy()
    edited[20:40, 30:50] = 250
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    cv2.imwrite(str(tmp_path / "b.png"), edited)
    write_pairs(
        tmp_path,
        ("right", "b.png", [[27, 17, 26, 26]]),
        ("half", "b.png", [[27, 17, 26, 26], [2, 3, 9, 9]]),
        ("unchanged", "a.png", []),
    )
    return tmp_path


def write_pairs(folder, *pairs):
    entries = [
        {"name": name, "first": "a.png", "second": second, "boxes": boxes, "nuisance": "none"}
        for name, second, boxes in pairs
    ]
    (folder / "pairs.json").write_text(json.dumps({"pairs": entries}))


def run(*arguments) -> int:
    return main(["evaluate", *map(str, arguments)])


def test_true_boxes_are_in_pixels_of_the_first_picture_whatever_the_sizes(tmp_path, capsys):
    rng = np.random.default_rng(4)
    small = cv2.GaussianBlur(rng.integers(0, 256, (120, 160, 3), np.uint8), (0, 0), 2)
    small = cv2.normalize(small, None, 0, 255, cv2.NORM_MINMAX)
    edited = small.copy()
    edited[40:70, 50:90] = (0, 0, 255)
    large = cv2.resize(small, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    longer = np.vstack([small, np.full((30, 160, 3), (0, 0, 255), np.uint8)])
    pictures = {"small": small, "edited": edited, "large": large, "longer": longer}
    for name, picture in (pictures | {"cut": edited[20:, 30:]}).items():
        cv2.imwrite(str(tmp_path / f"{name}.png"), picture)
    pairs = [
        ("large", "edited", [[100, 80, 80, 60]]),
        ("cut", "small", [[20, 20, 40, 30]]),
        ("small", "cut", [[50, 40, 40, 30]]),
        ("small", "longer", [[0, 120, 160, 30]]),
    ]
    entries = [
        {"name": f"{n}", "first": f"{one}.png", "second": f"{other}.png", "boxes": boxes}
        for n, (one, other, boxes) in enumerate(pairs)
    ]
    (tmp_path / "pairs.json").write_text(json.dumps({"pairs": entries}))
    sheet = tmp_path / "sheet.png"
    assert run(tmp_path, "--json", "--iou", "0.7", "--sheet", sheet) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["f1"] == 1
    entries[3]["boxes"] = [[0, 120, 160, 31]]
    (tmp_path / "pairs.json").write_text(json.dumps({"pairs": entries}))
    assert run(tmp_path) == 2
    assert "reaches beyond" in capsys.readouterr().err


def test_a_sheet_shows_pairs_of_two_sizes(tmp_path):
    """Boxes are in pixels of the first; on a second of another size none is drawn."""
    picture = np.full((100, 100, 3), 255, np.uint8)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    cv2.imwrite(str(tmp_path / "b.png"), picture[:50])
    write_pairs(tmp_path, ("one", "b.png", [[10, 10, 30, 30]]))
    sheet = contact_sheet(helpers.evaluate(tmp_path))
    blue = (sheet == BLUE).all(axis=2)[4 * GAP + 60 :]
    assert blue[:, : GAP + CELL[0]].any() and not blue[:, GAP + CELL[0] :].any()


def test_report(pair_set, capsys):
    assert run(pair_set, "--method", "classic") == 0
    assert capsys.readouterr().out == (
        "3 pairs, 3 differences, method classic\n"
        "\n"
        "                precision  recall     F1\n"
        "at IoU 0.5          1.000   0.667  0.800\n"
        "by place            1.000   0.667  0.800\n"
        "\n"
        "boxes a difference: 1.00\n"
        "unchanged pairs with a box: 0 of 1 (0.0%)\n"
        "stray boxes on changed pairs: 0\n"
        "\n"
        "worst pairs  true  found  missed  wrong     F1\n"
        "half            2      1       1      0  0.667\n"
    )


def test_report_without_a_mistake_and_with_many(pair_set, capsys):
    write_pairs(pair_set, ("unchanged", "a.png", []))
    assert run(pair_set) == 0
    report = capsys.readouterr().out
    assert "boxes a difference: none touched\n" in report
    assert report.endswith("\nNo pair has a mistake.\n")
    write_pairs(pair_set, *[(f"{n:02} {'n' * 50}", "a.png", [[0, 0, 9, 9]]) for n in range(15)])
    assert run(pair_set) == 0
    report = capsys.readouterr().out
    assert "unchanged pairs with a box: 0 of 0\n" in report
    assert report.count("…  ") == WORST
    assert report.endswith("and 3 more; --json lists all\n")


def test_json(pair_set, capsys):
    assert run(pair_set, "--method", "classic", "--json", "--iou", "0.4") == 0
    result = json.loads(capsys.readouterr().out)
    assert result == helpers.evaluate(pair_set, method="classic", iou=0.4).to_dict()
    assert result["scores"] == {"precision": 1, "recall": 2 / 3, "f1": 0.8}
    (worst,) = result["worst"]
    assert (worst["name"], worst["missed"], worst["found"]) == ("half", 1, [[27, 17, 26, 26]])


def test_options_reach_the_scoring(pair_set, capsys):
    assert run(pair_set, "--method", "classic", "--min-pixels", "677") == 0
    assert "at IoU 0.5          1.000   0.000  0.000" in capsys.readouterr().out
    write_pairs(pair_set, ("loose", "b.png", [[20, 17, 40, 26]]))  # IoU 0.65
    assert run(pair_set, "--method", "classic", "--iou", "0.7") == 0
    report = capsys.readouterr().out
    assert "at IoU 0.7          0.000   0.000  0.000\nby place            1.000" in report


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--iou", "0"], "'0' is no IoU; give a number above 0, up to 1"),
        (["--iou", "nan"], "'nan' is no IoU"),
        (["--iou", "half"], "'half' is no IoU"),
        (["--method", "magic"], "invalid choice: 'magic'"),
        (["--sheet", ""], "the path is empty"),
        (["--min-pixels", "-1"], "'-1' is no whole number"),
    ],
)
def test_options_that_make_no_sense(pair_set, capsys, options, message):
    with pytest.raises(SystemExit) as stop:
        run(pair_set, *options)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


def test_trouble(pair_set, tmp_path, capsys):
    for folder, message in ((tmp_path / "nowhere", "There is no pairs.json"), (pair_set, "'half'")):
        if folder == pair_set:
            write_pairs(pair_set, ("half", "gone.png", []))
        assert run(folder, "--sheet", tmp_path / "sheet.png") == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("image-diff: ") and message in captured.err
        assert not (tmp_path / "sheet.png").exists()


@pytest.mark.parametrize(
    "command", [["-m", "helpers"], ["-c", "import helpers.app.cli as c; c.main()"]]
)
def test_the_command_in_a_process_of_its_own(pair_set, command):
    arguments = [sys.executable, *command, "evaluate", str(pair_set)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3 pairs, 3 differences, method ")


def test_letters_that_the_terminal_does_not_have(pair_set):
    write_pairs(pair_set, ("日本", "b.png", []))
    arguments = [sys.executable, "-m", "helpers", "evaluate", str(pair_set)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n??  " in done.stdout


def test_names_are_shown_without_what_turns_the_direction_of_writing(pair_set, capsys):
    write_pairs(pair_set, ("a\u202egnp", "b.png", []))
    assert run(pair_set) == 0
    assert "\na\\u202egnp  " in capsys.readouterr().out
    assert run(pair_set, "--json") == 0
    assert json.loads(capsys.readouterr().out)["worst"][0]["name"] == "a\u202egnp"


def count(image, color):
    return int((image == color).all(axis=2).sum())


def part(sheet, place):
    """The left or right column of a sheet, below the heading with its coloured words."""
    left = GAP + place * (CELL[0] + GAP)
    return sheet[90:, left : left + CELL[0]]


def test_sheet_shows_true_and_found_boxes_on_both_pictures(pair_set):
    evaluation = helpers.evaluate(pair_set, method="classic")
    sheet = contact_sheet(evaluation)
    assert (sheet.shape[1], sheet.dtype) == (WIDTH, np.uint8)
    # The picture is enlarged 6.15 times, which makes 160 x 160 pixels of the box of 26 x 26; the
    # missed one of 9 x 9 becomes 55 x 55. Thin rings are 2 pixels wide, thick ones 4.
    hit, missed = 164**2 - 160**2, 63**2 - 55**2
    found = 160**2 - 156**2
    for place in (0, 1):
        assert count(part(sheet, place), BLUE) == pytest.approx(hit + missed, rel=0.05)
        assert count(part(sheet, place), ORANGE) == pytest.approx(found, rel=0.05)


def test_sheet_draws_a_wrong_box_thick(pair_set):
    def rings(boxes):
        evaluation = helpers.evaluate(pair_set, method=lambda first, second: boxes)
        return count(part(contact_sheet(evaluation, pairs=1), 0), ORANGE)

    write_pairs(pair_set, ("half", "b.png", [[27, 17, 26, 26], [2, 3, 9, 9]]))
    right = rings([(27, 17, 26, 26)])
    write_pairs(pair_set, ("wrong", "b.png", [[2, 3, 9, 9]]))
    assert rings([(27, 17, 26, 26)]) == pytest.approx(2 * right, rel=0.05)


def test_sheet_has_a_row_for_each_of_the_worst(pair_set):
    evaluation = helpers.evaluate(pair_set, method="classic")
    one = contact_sheet(evaluation).shape[0] - contact_sheet(evaluation, pairs=0).shape[0]
    write_pairs(pair_set, *[(str(n), "a.png", [[0, 0, 9, 9]]) for n in range(WORST + 2)])
    evaluation = helpers.evaluate(pair_set)
    heading = contact_sheet(evaluation, pairs=0).shape[0]
    assert contact_sheet(evaluation).shape[0] == heading + WORST * one
    assert contact_sheet(evaluation, pairs=3).shape[0] == heading + 3 * one


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.lists(st.tuples(*[st.integers(-9, 3000)] * 2, *[st.integers(1, 3000)] * 2), max_size=4),
    st.text(max_size=300),
)
def test_sheet_of_any_picture(tmp_path, width, height, found, name):
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((height, width), np.uint8))
    result = helpers.PairResult(
        helpers.Pair(name, *[tmp_path / "a.png"] * 2, boxes=[helpers.Box(0, 0, width, height)]),
        [helpers.Box(*box) for box in found],
        *[0] * 5,
    )
    sheet = contact_sheet(helpers.Evaluation("any", 0.5, [result]))
    assert sheet.shape[1] == WIDTH and sheet.shape[0] < 600
    # The true box is all of the picture: its ring lies in the margin, and is always seen.
    assert count(part(sheet, 0), BLUE) > 0


def test_sheet_is_written_and_written_again(pair_set, tmp_path, capsys):
    target = tmp_path / "sheet.png"
    assert run(pair_set, "--method", "classic", "--sheet", target) == 0
    evaluation = helpers.evaluate(pair_set, method="classic")
    assert np.array_equal(cv2.imread(str(target)), contact_sheet(evaluation))
    before = target.read_bytes()
    write_pairs(pair_set, ("other", "b.png", []))
    assert run(pair_set, "--sheet", target) == 0
    assert target.read_bytes() != before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_sheet_never_replaces_another_file(pair_set, tmp_path, capsys):
    (tmp_path / "folder.png").mkdir()
    links = []
    if os.name != "nt":  # where links need a right of their own
        (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
        links = [("link.png", "is there already")]
    for name, message in [
        *links,
        ("a.png", "is there already and is no earlier contact sheet"),
        ("folder.png", "is there already"),
        ("pairs.json", "does not end in .png"),
        ("nowhere/sheet.png", "There is no folder"),
    ]:
        before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
        assert run(pair_set, "--sheet", tmp_path / name) == 2
        captured = capsys.readouterr()
        assert message in captured.err and captured.out == ""
        after = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
        assert after == before
        with pytest.raises(helpers.PictureError, match=message):
            save_contact_sheet(helpers.evaluate(pair_set), tmp_path / name)


def test_sheet_never_replaces_a_picture_of_the_pair_set(pair_set, tmp_path, capsys):
    sheet = tmp_path / "sheet.png"
    assert run(pair_set, "--sheet", sheet) == 0
    entries = [{"name": "own", "first": "sheet.png", "second": "sheet.png", "boxes": []}]
    (pair_set / "pairs.json").write_text(json.dumps({"pairs": entries}))
    before = sheet.read_bytes()
    capsys.readouterr()
    assert run(pair_set, "--sheet", sheet) == 2
    captured = capsys.readouterr()
    assert "is one of the pictures compared" in captured.err and captured.out == ""
    with pytest.raises(helpers.PictureError, match="is one of the pictures compared"):
        save_contact_sheet(helpers.evaluate(pair_set), sheet)
    assert sheet.read_bytes() == before


def test_a_picture_that_is_called_dash_is_a_file(pair_set, monkeypatch, capsys):
    monkeypatch.chdir(pair_set)
    (pair_set / "-").write_bytes((pair_set / "a.png").read_bytes())
    write_pairs(pair_set, ("dash", "-", []))
    assert run(".", "--json") == 0
    assert json.loads(capsys.readouterr().out)["false_alarms"] == 0


def test_what_the_pictures_are_is_warned_of_once(pair_set, tmp_path, capsys):
    cv2.imwrite(str(tmp_path / "deep.png"), np.zeros((60, 80, 3), np.uint16))
    write_pairs(pair_set, ("deep", "deep.png", [[0, 0, 2, 2]]))
    assert run(pair_set, "--sheet", tmp_path / "sheet.png") == 0
    assert capsys.readouterr().err.count("has 16 bits a channel") == 1
