"""Sets that others made: files in the layout of DeepPCB and of other tools' fixtures."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers import Box
from helpers.errors import PictureError
from helpers.loading import read_pictures
from helpers.scoring.pairs import load_pairs

RED, YELLOW, MAGENTA, GREEN = (0, 0, 255), (0, 255, 255), (255, 0, 255), (0, 255, 0)
PATCH = np.s_[40:60, 30:70]


def page() -> np.ndarray:
    """Draw gray lines on white: 160 x 120 pixels."""
    picture = np.full((120, 160, 3), 255, np.uint8)
    for y in range(10, 120, 12):
        picture[y : y + 3, 10 : 90 + y % 50] = 90
    return picture


def edited(picture: np.ndarray) -> np.ndarray:
    picture = picture.copy()
    picture[PATCH] = 20, 120, 200
    return picture


def write(folder: Path, **pictures: np.ndarray) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        cv2.imwrite(str(folder / f"{name}.png"), picture)


# DeepPCB


@pytest.fixture
def checkout(tmp_path):
    """A checkout of two pairs; one has a defect, whose box has a margin of 8 pixels."""
    data = tmp_path / "DeepPCB" / "PCBData"
    listed = []
    for group, number, defects in (("g1/1", "17", "22 32 78 68 3\n"), ("g2/2", "18", "")):
        for folder in (data / group, data / f"{group}_not"):
            folder.mkdir(parents=True)
        cv2.imwrite(str(data / group / f"{number}_temp.jpg"), page())
        cv2.imwrite(str(data / group / f"{number}_test.jpg"), edited(page()) if defects else page())
        (data / f"{group}_not" / f"{number}.txt").write_text(defects)
        listed.append(f"{group}/{number}.jpg {group}_not/{number}.txt\n")
    (data / "test.txt").write_text("".join(listed))
    return data.parent


def test_a_checkout_of_deep_pcb_is_scored_with_its_note(accuracy, checkout, capsys):
    options = "--methods robust --iou 0.33 --pad 8"
    accuracy.main([str(checkout), *options.split()])
    text = capsys.readouterr().out
    assert text.startswith("## DeepPCB, 2 pairs\n")
    assert "| robust | 1.000 (1.000 to 1.000) | " in text
    assert "F-score of 0.982" in text
    assert not [*checkout.rglob("pairs.json")]


def test_corners_of_deep_pcb_become_boxes(benchmark, checkout, tmp_path):
    benchmark("deep_pcb").write_pair_set(checkout, tmp_path)
    one, two = load_pairs(tmp_path)
    assert (one.boxes, two.boxes) == ([Box(22, 32, 56, 36)], [])
    assert one.first.samefile(checkout / "PCBData" / "g1" / "1" / "17_temp.jpg")
    assert two.second.samefile(checkout / "PCBData" / "g2" / "2" / "18_test.jpg")


LISTED = b"g1/1/17.jpg g1/1_not/17.txt\n"
DAMAGED = {
    "one name": ("test.txt", LISTED + b"g1/1/17.jpg\n", "test.txt, line 2 is 'g1/1/17.jpg'"),
    "no names": ("test.txt", b"\n\xff\xfe\n", "test.txt, line 2 is "),
    "other ends": ("test.txt", b"1.txt 1.jpg", "Expected are two names"),
    "twice": ("test.txt", LISTED * 2, "test.txt, line 2 names g1/1/17 again"),
    "no text": ("test.txt", b"g1/1/17.jpg g1/1_not/9.txt", "line 1: there is no file "),
    "no picture": ("test.txt", b"g1/1/9.jpg g1/1_not/17.txt", "9_temp.jpg. Complete"),
    "nothing": ("test.txt", b"", "test.txt names no pairs"),
    "four": ("g1/1_not/17.txt", b"1 2 3 4\n", "17.txt, line 1 is '1 2 3 4'. Expected are five"),
    "words": ("g1/1_not/17.txt", b"1 2 9 9 1\n\nx y z w 1", "17.txt, line 3 is 'x y z w 1'"),
    "flat": ("g1/1_not/17.txt", b"5 5 5 9 1", "x2 above x1"),
    "turned": ("g1/1_not/17.txt", b"5 9 8 5 1", "y2 above y1"),
    "outside": ("g1/1_not/17.txt", b"-5 5 9 9 1", "17.txt, line 1 is '-5 5 9 9 1'"),
    "beyond": ("g1/1_not/17.txt", b"5 5 999 9 1", "reaches beyond the picture"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_checkout_is_told_by_file_and_line(damage, accuracy, checkout, capsys):
    file, content, expected = DAMAGED[damage]
    (checkout / "PCBData" / file).write_bytes(content)
    with pytest.raises(SystemExit):
        accuracy.main([str(checkout), "--methods", "robust"])
    message = capsys.readouterr().err
    assert expected in message.splitlines()[-1]


# Fixtures of other tools


@pytest.fixture
def fixtures(benchmark):
    return benchmark("fixtures")


def drawn(color=RED) -> np.ndarray:
    """Draw as pixelmatch does: paler, the change in a colour, antialiasing in yellow."""
    picture = 255 - (255 - page()) // 10
    picture[PATCH] = color
    picture[10:12, 10:12] = YELLOW
    return picture


def test_both_layouts_are_found_and_other_files_left(fixtures, tmp_path):
    names = "1a 1b 1diff 1diffmask 2_a 2_b 2_expected 3a 3b orange orange_changed orange_diff"
    names += " cat cat-2 cat-diff icon a b diff 9diff"
    write(tmp_path, **dict.fromkeys(names.split(), page()))
    (tmp_path / "4a.txt").touch()
    found = [
        (f.name, f.first.stem, f.second.stem, f.expected and f.expected.stem)
        for f in fixtures.find_fixtures(tmp_path)
    ]
    assert found == [
        ("a", "a", "b", "diff"),
        ("1", "1a", "1b", "1diff"),
        ("2", "2_a", "2_b", "2_expected"),
        ("3", "3a", "3b", None),
        ("orange", "orange", "orange_changed", "orange_diff"),
        ("cat", "cat", "cat-2", "cat-diff"),
    ]


def test_fixtures_are_summed_up_with_intervals_and_told_one_by_one(accuracy, tmp_path, capsys):
    folder = tmp_path / "fixtures"
    first, second = page(), edited(page())
    half = drawn()
    half[100:110, 30:70] = RED  # as many pixels of a change as are in half of the patch
    other = np.random.default_rng(1).integers(0, 256, (70, 90, 3), np.uint8)
    write(folder, **{"1a": first, "1b": second, "1diff": half})
    second[100:110, 30:70] -= 1  # nothing that has to be found: fainter than the limits
    write(folder, **{"2a": first, "2b": first, "2diff": drawn((9, 9, 9))})
    write(folder, **{"3a": first, "3b": other, "3diff": drawn()})
    write(folder, **{"4a": first, "4b": second})
    cv2.imwrite(str(folder / "1b.png"), second)
    accuracy.main([str(folder), "--methods", "robust"])
    text = capsys.readouterr().out
    summary, pairs = text.split("\n\n")[1:3]
    assert text.startswith("## fixtures, 4 fixtures of another tool\n")
    assert summary.splitlines()[2:] == [
        "| refused | 1 of 4: 0.250 (0.046 to 0.699) |",
        "| nothing expected | 1 of 4: 0.250 (0.046 to 0.699) |",
        "| verdict right, expected changed | 1 of 1: 1.000 (0.207 to 1.000) |",
        "| verdict right, expected same | 1 of 1: 1.000 (0.207 to 1.000) |",
        "| marked pixels in boxes, mean | 1 pairs: 0.667 (0.667 to 0.667) |",
        "| picture in boxes, mean | 1 pairs: 0.042 (0.042 to 0.042) |",
    ]
    one, two, three, four = pairs.splitlines()[2:]
    assert one == "| 1 | changed | changed | 0.667 | 0.042 |  |"
    assert two == "| 2 | same | identical |  |  |  |"
    assert three.startswith("| 3 | changed | refused |  |  | ") and "160 x 120" in three
    assert four == "| 4 | none | changed |  |  |  |"


def alpha(picture: np.ndarray, opaque: np.ndarray) -> np.ndarray:
    return np.dstack([picture, 255 * opaque.astype(np.uint8)])


MASK = np.zeros((120, 160), bool)
MASK[PATCH] = True


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (drawn(RED), MASK),
        (drawn(MAGENTA), MASK),
        (drawn(GREEN), MASK),
        (drawn(YELLOW), MASK & False),
        (255 * MASK.astype(np.uint8), MASK),
        (alpha(drawn(RED), MASK), MASK),
        (alpha(drawn(RED), ~MASK), MASK & False),
        (alpha(page(), MASK & False), MASK & False),
    ],
)
def test_what_an_expected_picture_marks(picture, expected, fixtures, tmp_path):
    write(tmp_path, diff=picture)
    (read,) = read_pictures(tmp_path / "diff.png")
    assert np.array_equal(fixtures.find_marks(read), expected)


def test_red_that_both_pictures_have_is_no_mark(fixtures, tmp_path):
    first = page()
    first[80:110, 100:150] = RED
    over = edited(first)
    over[PATCH] = RED
    write(tmp_path, a=first, b=edited(first), diff=over)
    (fixture,) = fixtures.find_fixtures(tmp_path)
    outcome = fixtures.try_fixture(fixture, {})
    assert (outcome.marks, outcome.inside) == (True, 1)


def test_boxes_count_in_the_picture_that_has_the_expected_size(fixtures, tmp_path):
    """Above the first picture stand 16 rows that the second has, and so has the expected one."""
    first = np.random.default_rng(2).integers(0, 256, (90, 120, 3), np.uint8)
    first = cv2.GaussianBlur(cv2.resize(first, (360, 270)), (5, 5), 0)
    second = cv2.copyMakeBorder(first, 16, 0, 0, 0, cv2.BORDER_CONSTANT, value=(40, 90, 10))
    second[100:130, 200:240] = 0
    over = second // 2 + 120
    over[100:130, 200:240] = RED
    write(tmp_path, a=first, b=second, diff=over)
    (fixture,) = fixtures.find_fixtures(tmp_path)
    outcome = fixtures.try_fixture(fixture, {})
    assert (outcome.verdict, outcome.marks) == ("changed", True)
    assert outcome.inside > 0.95 and outcome.covered < 0.15


def test_a_damaged_picture_is_refused_and_a_damaged_expected_one_stops(fixtures, tmp_path):
    write(tmp_path, a=page(), b=page(), diff=drawn())
    (fixture,) = fixtures.find_fixtures(tmp_path)
    fixture.second.write_bytes(b"no picture")
    outcome = fixtures.try_fixture(fixture, {})
    assert outcome.verdict == "refused" and str(fixture.second) in outcome.reason
    fixture.expected.write_bytes(b"no picture")
    with pytest.raises(PictureError, match=r"diff\.png"):
        fixtures.try_fixture(fixture, {})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("1a 1diff", "1b.png is not there, but 1a.png and its expected picture 1diff.png are"),
        ("1b 1diff", "1a.png is not there, but 1b.png"),
        ("cat_changed cat_diff", "cat.png is not there, but cat_changed.png"),
        ("cat cat_diff", "holds nothing to measure on"),
        ("", "holds nothing to measure on"),
    ],
)
def test_missing_pictures_and_unknown_folders_are_told(names, expected, accuracy, tmp_path, capsys):
    write(tmp_path, **dict.fromkeys(names.split(), page()))
    with pytest.raises(SystemExit):
        accuracy.main([str(tmp_path)])
    message = capsys.readouterr().err.splitlines()[-1]
    assert expected in message and str(tmp_path) in message


def test_folders_are_read_before_any_is_compared(accuracy, checkout, tmp_path, capsys):
    with pytest.raises(SystemExit):
        accuracy.main([str(checkout), str(tmp_path / "nowhere"), "--methods", "robust"])
    assert capsys.readouterr().out == ""


def test_boxes_of_two_sizes_are_scored_in_the_first(accuracy, tmp_path):
    first = cv2.resize(edited(page()), (320, 240), interpolation=cv2.INTER_AREA)
    second = page()
    boxes = accuracy.Robust({})(first, second)
    assert accuracy.overlap(boxes, [(60, 80, 80, 40)]).max() > 0.8
