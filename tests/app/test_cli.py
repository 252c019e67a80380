"""The command `image-diff`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from skimage import data

import helpers
from helpers.app import terminal, two_pictures
from helpers.app.cli import main
from helpers.boxes import Box
from helpers.comparison import Comparison
from helpers.files import FileBytes
from helpers.scoring.scores import overlap
from helpers.words import KINDS

EDIT = (30, 20, 20, 20)


@pytest.fixture
def files(tmp_path):
    """Paths of two pictures with one edit."""
    first = np.full((60, 80, 3), 90, np.uint8)
    second = first.copy()
    second[20:40, 30:50] = 250
    paths = tmp_path / "a.png", tmp_path / "b.png"
    for path, picture in zip(paths, (first, second), strict=True):
        cv2.imwrite(str(path), picture)
    return [str(path) for path in paths]


NO_MEMORY = cv2.error("Insufficient memory")
NO_MEMORY.code = cv2.Error.StsNoMem


def run(first: str, second: str, *options: str) -> int:
    return main(["--first", first, "--second", second, *options])


def test_different(files, capsys):
    assert run(*files) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("SSIM: 0.") and len(lines[0]) == len("SSIM: 0.1234")
    assert lines[1] == "changed: 1 box (x, y, width, height):"
    box = lines[2]
    assert box.startswith("  ")
    assert overlap([json.loads(f"[{box}]")], [EDIT]) > 0.7


def test_two_pictures_are_named_or_known_by_their_place(files, capsys):
    first, second = files
    assert main([first, second]) == main(["--second", second, "--first", first]) == 1
    once, again = capsys.readouterr().out.split("SSIM")[1:]
    assert once == again


@pytest.mark.parametrize(
    ("places", "named"),
    [
        ([], []),
        ([], ["--first"]),
        ([0], []),
        ([0, 1, 0], []),
        ([0], ["--second"]),
        ([0, 1], ["--first", "--second"]),
    ],
)
def test_fewer_or_more_than_two_pictures_are_refused(files, capsys, places, named):
    arguments = [files[place] for place in places]
    for name in named:
        arguments += [name, files[0]]
    assert main(arguments) == 2
    assert "Give two pictures: image-diff A B" in capsys.readouterr().err


def test_a_third_picture_is_named_in_one_short_line(files, capsys):
    assert main(["\x1b[2J\udcff", *files]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert r"Given: '\x1b[2J\udcff" in line and len(line) < 400


def test_what_is_in_another_place_passes_no_limit_of_pixels(tmp_path, capsys):
    rng = np.random.default_rng(3)
    bands = [np.full((60, 200, 3), 255, np.uint8) for _ in range(4)]
    for band in bands:
        band[15:45, 20:180] = rng.integers(0, 255, (30, 160, 1))
    paths = tmp_path / "a.png", tmp_path / "b.png"
    cv2.imwrite(str(paths[0]), np.vstack(bands))
    cv2.imwrite(str(paths[1]), np.vstack([bands[i] for i in (0, 2, 1, 3)]))
    assert main([*map(str, paths), "--max-percent", "100"]) == 1
    out = capsys.readouterr().out
    assert "was moved" in out or "were moved" in out
    assert "what is in another place counts by no limit of pixels: exit status 1" in out


def test_classic(files, capsys):
    assert run(*files, "--method", "classic") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["changed: 1 box (x, y, width, height):", "  27, 17, 26, 26"]


def test_same(files, capsys):
    assert run(files[0], files[0]) == 0
    assert capsys.readouterr().out == "SSIM: 1.0000\nidentical\n"


def test_equal_brightness_is_said_not_to_be_equal_files(tmp_path, capsys):
    blue, green = np.zeros((2, 20, 20, 3), np.uint8)
    blue[..., 0], green[..., 1] = 103, 20
    cv2.imwrite(str(tmp_path / "blue.png"), blue)
    cv2.imwrite(str(tmp_path / "green.png"), green)
    pictures = str(tmp_path / "blue.png"), str(tmp_path / "green.png")
    assert run(*pictures, "--method", "classic") == 0
    assert capsys.readouterr().out.endswith(
        "no difference found\n"
        "The pictures are not equal; the recipe, which sees brightness only, shows nothing.\n"
    )


def test_min_pixels(files, capsys):
    assert run(*files, "--method", "classic", "--json") == 1
    pixels = json.loads(capsys.readouterr().out)["pixels_differing"]
    assert 400 < pixels < 676  # of a box of 26 x 26, whose corners do not differ
    assert run(*files, "--method", "classic", "--min-pixels", str(pixels)) == 1
    capsys.readouterr()
    assert run(*files, "--method", "classic", "--min-pixels", str(pixels + 1)) == 0
    said = f"{pixels} pixels differ in pieces of fewer than {pixels + 1}.\n"
    assert capsys.readouterr().out.endswith(f"no difference found\n{said}")


@pytest.mark.parametrize(
    ("options", "boxes"),
    [
        (["--ignore-below", "0"], [[30, 20, 20, 20]]),
        (["--ignore-below", "0", "--pad", "5"], [[25, 15, 30, 30]]),
        (["--ignore-below", "0", "--min-pixels", "400"], [[30, 20, 20, 20]]),
        (["--ignore-below", "0", "--min-pixels", "401"], []),
        (["--ignore-below", "0", "--ignore", "40,0,40,60"], [[30, 20, 10, 20]]),
        (["--ignore", "25,15,15,30", "--ignore", "40,10,20,40"], []),
        (["--ignore-below", "0", "--ignore=-10,-10,50,90"], [[40, 20, 10, 20]]),
        (["--ignore-below", "0", "--ignore", "-10,-10,50,90"], [[40, 20, 10, 20]]),
    ],
)
def test_settings(files, capsys, options, boxes):
    assert run(*files, "--json", *options) == (1 if boxes else 0)
    assert json.loads(capsys.readouterr().out)["boxes"] == boxes


def test_words(files, capsys):
    assert run(*files, "--words") == 1
    assert capsys.readouterr().out == f"{helpers.compare(*files).describe()}\n"
    assert run(files[0], files[0], "--words") == 0
    assert capsys.readouterr().out == "The pictures are identical.\n"
    run(*files, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["words"] == helpers.compare(*files).describe()
    assert [change["boxes"] for change in found["changes"]] == [[1]]
    assert found["changes"][0]["kind"] in KINDS


def test_merge(files, capsys):
    picture = cv2.imread(files[1])
    picture[20:40, 58:70] = 250
    cv2.imwrite(files[1], picture)
    for merge, count in (("8", 2), ("9", 1)):
        run(*files, "--json", "--ignore-below", "0", "--merge", merge)
        assert len(json.loads(capsys.readouterr().out)["boxes"]) == count


def test_tolerance(files, capsys):
    stripes = np.full((240, 320, 3), 230, np.uint8)
    for left in range(20, 300, 30):
        stripes[20:220, left : left + 5] = 20
    shaken = stripes.copy()
    shaken[100:140] = np.roll(stripes[100:140], 2, axis=1)
    noise = np.random.default_rng(0).normal(0, 2, shaken.shape)  # the pair is not exact
    shaken = np.clip(shaken + noise, 0, 255).astype(np.uint8)
    for path, picture in zip(files, (stripes, shaken), strict=True):
        cv2.imwrite(path, picture)
    assert run(*files, "--no-align", "--tolerance", "0") == 1
    assert run(*files, "--no-align", "--tolerance", "3") == 0


def test_two_sizes(files, tmp_path, capsys):
    """As the pictures tell, or as `--sizes` says; what cannot be is one line with both sizes."""
    first = cv2.imread(files[0])
    height, width = first.shape[:2]
    longer = str(tmp_path / "longer.png")
    cv2.imwrite(longer, np.vstack([first, np.full((30, width, 3), (0, 0, 200), np.uint8)]))
    assert run(files[0], longer) == 1
    out = capsys.readouterr().out
    assert f"  0, {height}, {width}, 30\n" in out and f"{width} x {height + 30} pixels" in out
    assert run(files[0], longer, "--json", "--sizes", "crop") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["sizes"] == [[width, height], [width, height + 30]]
    assert (found["fit"]["how"], found["boxes"], found["verdict"]) == ("cropped", [], "explained")
    assert run(files[0], longer, "--sizes", "crop", "--accept", "explained") == 0
    capsys.readouterr()
    assert run(files[0], longer, "--sizes", "refuse") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{width} x {height} pixels, the second {width} x {height + 30}" in line
    with pytest.raises(SystemExit):
        run(files[0], longer, "--sizes", "fit")
    assert "'auto', 'crop', 'pad', 'scale', 'refuse'" in capsys.readouterr().err


def test_what_was_corrected_is_said(files, tmp_path, capsys):
    coffee = cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR)
    darker = cv2.convertScaleAbs(np.roll(coffee, 5, axis=1), alpha=0.8)
    for path, picture in zip(files, (coffee, darker), strict=True):
        cv2.imwrite(path, picture)
    assert run(*files) == 1  # no camera darkens a picture to the last bit
    assert run(*files, "--accept", "explained") == 0
    printed = capsys.readouterr().out
    assert (
        "Aligned: the second picture is 5.0, 0.0 pixels off" in printed
        and "Tones matched" in printed
    )
    assert run(*files, "--no-align") == 1
    assert "Aligned" not in capsys.readouterr().out


def test_pictures_that_are_not_equal_yet_show_no_difference(files, capsys):
    picture = cv2.imread(files[0])
    picture[30, 40] += 2
    cv2.imwrite(files[1], picture)
    assert run(*files) == 0
    assert "1 pixel differs, but by fewer than " in capsys.readouterr().out
    assert run(*files, "--ignore-below", "0", "--min-pixels", "1") == 1


def test_what_is_only_in_the_places_to_ignore_is_said(files, capsys):
    said = "400 pixels differ in the places to ignore, and elsewhere none that counts."
    for options in (["--ignore-below", "0"], []):
        assert run(*files, *options, "--ignore", "0,0,60,9999") == 0
        assert capsys.readouterr().out.endswith(f"{said}\n")
    assert run(*files, "--ignore", "30,20,5,20") == 1
    assert capsys.readouterr().out.endswith("100 pixels differ in the places to ignore.\n")
    assert run(*files, "--ignore", "0,0,9999,9999") == 2
    assert "Leave a part of it to compare" in capsys.readouterr().err


def test_what_was_lost_in_reading_is_not_said_to_be_identical(tmp_path, capsys):
    picture = np.full((60, 80, 4), 255, np.uint8)
    picture[10:30, 10:30, :3] = 0, 0, 200
    picture[40:50, 40:60] = 0, 0, 0, 0
    other = picture.copy()
    other[40:50, 40:60, :3] = 200  # of what is not seen
    names = [str(tmp_path / name) for name in ("a.png", "b.png")]
    for name, pixels in zip(names, (picture, other), strict=True):
        cv2.imwrite(name, pixels)
    assert run(*names) == 0
    assert "no difference found" in capsys.readouterr().out


# What passes


def judged(verdict: str = "changed", kind: str = "exact") -> Comparison:
    """A comparison with this verdict; of its 20 x 50 pixels 100 changed if any."""
    picture, mask = np.zeros((20, 50, 3), np.uint8), np.zeros((20, 50), np.uint8)
    boxes = [Box(0, 0, 10, 10)] if verdict in ("changed", "unlike") else []
    mask[:10, :10] = 255 if boxes else 0
    return Comparison(
        0.5, mask, mask, boxes, picture, picture, 0, "robust", picture, verdict, kind, 3, 4
    )


def passes(monkeypatch, capsys, comparison: Comparison, *options: str) -> tuple[int, str]:
    """Run the command on what would have been found; returns its status and its last line."""
    monkeypatch.setattr(two_pictures, "compare", lambda *paths, **settings: comparison)
    files = [FileBytes(Path(name), b"nothing that is read") for name in ("a.png", "b.png")]
    monkeypatch.setattr(two_pictures, "read_files", lambda *paths, **limit: files)
    status = run("a.png", "b.png", *options)
    return status, capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("verdict", "kind", "options", "status", "said"),
    [
        ("identical", "exact", [], 0, "identical"),
        ("no difference", "stored", [], 0, ""),
        ("changed", "exact", [], 1, ""),
        ("unlike", "photographed", [], 1, ""),
        ("explained", "exact", [], 1, "--accept explained would let"),
        ("explained", "rendered", [], 1, "--accept explained would let"),
        ("explained", "stored", [], 0, "--reject explained would not let"),
        ("explained", "photographed", [], 0, "--reject explained would not let"),
        ("explained", "exact", ["--accept", "explained"], 0, "explained, which --accept lets"),
        ("explained", "stored", ["--accept", "explained"], 0, "explained, which --accept lets"),
        ("explained", "exact", ["--reject", "explained"], 1, "explained, which --reject does not"),
        ("explained", "stored", ["--reject", "explained"], 1, "explained, which --reject does not"),
        ("explained", "exact", ["--max-pixels", "9999"], 1, "--accept explained would let"),
        ("changed", "exact", ["--accept", "explained"], 1, ""),
        ("unlike", "exact", ["--accept", "explained", "--max-pixels", "9999"], 1, ""),
        ("unlike", "exact", ["--max-percent", "100"], 1, ""),
    ],
)
def test_exit_status_of_each_verdict(monkeypatch, capsys, verdict, kind, options, status, said):
    comparison = judged(verdict, kind)
    came, last = passes(monkeypatch, capsys, comparison, *options)
    assert came == status
    assert last.startswith(said or comparison.remarks[-1])
    if verdict == "explained":
        assert last.endswith(f": exit status {status}")


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--max-pixels", "100"], 0, "changed, but no more than --max-pixels 100"),
        (["--max-pixels", "99"], 1, "changed by more than --max-pixels 99 (pixels 100, percent 10"),
        (["--max-pixels", "0"], 1, "changed by more than --max-pixels 0 (pixels 100, percent 10)"),
        (["--max-percent", "10"], 0, "changed, but no more than --max-percent 10.0"),
        (["--max-percent", "9.99"], 1, "changed by more than --max-percent 9.99 (pixels 100"),
        (
            ["--max-pixels", "100", "--max-percent", "20"],
            0,
            "changed, but no more than --max-pixels 100 and --max-percent 20.0",
        ),
        (
            ["--max-pixels", "100", "--max-percent", "1"],
            1,
            "changed by more than --max-percent 1.0",
        ),
        (["--max-pixels", "1", "--max-percent", "20"], 1, "changed by more than --max-pixels 1 ("),
    ],
)
def test_a_little_may_pass(monkeypatch, capsys, options, status, said):
    came, last = passes(monkeypatch, capsys, judged(), *options)
    assert came == status
    assert last.startswith(said) and last.endswith(f": exit status {status}")


def test_what_passes_is_the_command_s_affair(monkeypatch, capsys):
    """JSON says what was found, whatever may pass."""
    for options, status in (([], 1), (["--max-pixels", "100"], 0)):
        came, line = passes(monkeypatch, capsys, judged(), "--json", *options)
        assert came == status
        assert json.loads(line) == judged().to_dict()


def test_help_says_what_passes(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    words = " ".join(capsys.readouterr().out.split())
    for name in (
        "--accept {explained}",
        "--reject {explained}",
        "--max-pixels N",
        "--max-percent P",
    ):
        assert words.count(name) == 2, name
    for verdict in ("identical", "no difference", "explained", "changed", "unlike"):
        assert verdict in words.lower().partition("exit status: ")[2]


def test_json(files, capsys):
    assert run(*files, "--json", "--method", "classic") == 1
    result = json.loads(capsys.readouterr().out)
    assert result["boxes"] == [[27, 17, 26, 26]]
    assert result["method"] == "classic"
    assert run(*files, "--json") == 1
    result = json.loads(capsys.readouterr().out)
    assert result["method"] == "robust"
    assert overlap(result["boxes"], [EDIT]) > 0.7


def test_out(files, tmp_path):
    assert run(*files, "--out", str(tmp_path / "result")) == 1
    written = sorted(path.name for path in (tmp_path / "result").iterdir())
    assert written == ["difference.png", "modified.png", "original.png", "threshold.png"]


def test_out_never_overwrites_what_is_compared(files, tmp_path, capsys):
    original = tmp_path / "original.png"
    Path(files[0]).rename(original)
    before = original.read_bytes()
    assert run(str(original), files[1], "--out", str(tmp_path)) == 2
    assert "is one of the pictures compared" in capsys.readouterr().err
    assert original.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.png", "original.png"]


@pytest.mark.parametrize("below", ["", "/below"])
def test_out_and_report_of_one_name(files, tmp_path, capsys, below):
    name = str(tmp_path / "q.html")
    assert run(*files, "--out", name + below, "--report", name) == 2
    assert "--out and --report have one name" in capsys.readouterr().err
    assert not Path(name).exists()


def test_a_picture_from_the_standard_input(files, tmp_path):
    done = command_in(tmp_path, "-", "b.png", data=Path(files[0]).read_bytes())
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_file_that_is_called_dash(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(files[0]).rename(tmp_path / "-")
    assert run("./-", "b.png") == 1


def test_a_folder_that_cannot_be_written_to_is_told_before_the_pictures_are_read(tmp_path, capsys):
    (tmp_path / "threshold.png").write_text("mine")
    assert run("none.png", "none.png", "--out", str(tmp_path)) == 2
    assert "threshold.png is there already" in capsys.readouterr().err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("make_first", "message"),
    [
        (lambda folder: folder / "nowhere.png", "There is no file"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: _text(folder / "text.png"), "is not a picture. Give a PNG"),
    ],
)
def test_trouble(files, tmp_path, capsys, make_first, message):
    assert run(str(make_first(tmp_path)), files[1], "--out", str(tmp_path / "out")) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("image-diff: ") and message in captured.err
    assert not (tmp_path / "out").exists()


def _text(path: Path) -> Path:
    path.write_text("words")
    return path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-pixels", "-1"], "'-1' is no whole number"),
        (["--min-pixels", "few"], "'few' is no whole number"),
        (["--ignore-below", "1.5"], "'1.5' is no whole number"),
        (["--pad", "-3"], "'-3' is no whole number"),
        (["--pad", "9" * 5000], "999' is no whole number"),
        (["--merge", ""], "'' is no whole number"),
        (["--merge", "٣"], "'٣' is no whole number"),
        (["--merge", "²"], "'²' is no whole number"),
        (["--merge", "1_0"], "'1_0' is no whole number"),
        (["--tolerance", "nan"], "'nan' is no whole number"),
        (["--tolerance", "1\x1b[2J\n"], r"'1\x1b[2J\n' is no whole number"),
        (["--max-pixels", "1.5"], "'1.5' is no whole number"),
        (["--max-pixels", "-1"], "'-1' is no whole number"),
        (["--max-percent", "nan"], "'nan' is no percentage"),
        (["--max-percent", "inf"], "'inf' is no percentage"),
        (["--max-percent", "-1"], "'-1' is no percentage"),
        (["--max-percent", "100.1"], "'100.1' is no percentage"),
        (["--max-percent", "1e1"], "'1e1' is no percentage"),
        (["--max-percent", "1_0"], "'1_0' is no percentage"),
        (["--max-percent", "٣"], "'٣' is no percentage"),
        (["--accept", "changed"], "invalid choice: 'changed'"),
        (["--accept", "explained", "--reject", "explained"], "not allowed with argument --accept"),
        (["--ignore", "1,2,3"], "'1,2,3' is no box"),
        (["--ignore", "1,2,3,4,5"], "'1,2,3,4,5' is no box"),
        (["--ignore", "1,2,3,four"], "'1,2,3,four' is no box"),
        (["--ignore", "1,2,3,٣"], "'1,2,3,٣' is no box"),
        (["--ignore", f"1,2,3,{'9' * 5000}"], "999' is no box"),
        (["--method", "magic"], "invalid choice: 'magic'"),
        (["--out", ""], "the path is empty"),
        (["--" + "long" * 10_000], "unrecognized arguments: --longlong"),
        (["--\x1b[2J\udcff"], r"unrecognized arguments: --\x1b[2J\udcff"),
    ],
)
def test_options_that_make_no_sense(files, capsys, options, message):
    with pytest.raises(SystemExit) as stop:
        run(*files, *options)
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("image-diff: ") and message in line and len(line) < 400


def test_settings_that_classic_has_not(files, capsys):
    assert run(*files, "--method", "classic", "--ignore-below", "3") == 2
    assert "'classic' has no setting 'ignore_below'" in capsys.readouterr().err


def test_warnings_are_one_line_each(files, tmp_path, capsys):
    cv2.imwrite(str(tmp_path / "deep.png"), np.full((60, 80, 3), 65535, np.uint16))
    assert run(str(tmp_path / "deep.png"), files[1]) == 1
    assert capsys.readouterr().err == (
        f"image-diff: {tmp_path / 'deep.png'} has 16 bits a channel; scaled to 8, differences "
        "finer than 1/255 are lost.\n"
    )


def test_what_a_file_holds_beside_is_said_once_on_each_way(files, tmp_path, capsys):
    name = str(tmp_path / "a.jpg")
    PillowImage.new("RGB", (60, 50), "white").save(name)
    (tmp_path / "a.jpg").write_bytes(2 * (tmp_path / "a.jpg").read_bytes())
    said = f"{name} has more than 1 frames; only the first is read."
    assert run(name, name, "--report", str(tmp_path / "a.html")) == 0
    out, err = capsys.readouterr()
    assert said not in out and err.splitlines() == [f"image-diff: {said}"] * 2
    assert (tmp_path / "a.html").read_text(encoding="utf-8").count(f"<li>{said}</li>") == 2
    run(name, name, "--json")
    assert json.loads(capsys.readouterr().out)["remarks"] == [said, said]


def test_the_limit_can_be_raised(tmp_path, capsys, monkeypatch):
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((1000, 1001), np.uint8))
    pair = [str(tmp_path / "a.png")] * 2
    assert run(*pair, "--limit", "1") == 2
    assert "a.png has more than 1 million pixels" in capsys.readouterr().err
    assert run(*pair, "--limit", "1.1") == 0
    for value in ("0", "-1", "many", "nan", "inf"):
        with pytest.raises(SystemExit):
            run(*pair, "--limit", value)
        assert "is no number of million pixels" in capsys.readouterr().err


def test_what_c_libraries_say_of_a_damaged_file_is_not_shown(tmp_path):
    """They write to file descriptor 2 themselves; our own words are still there."""
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    png = cv2.imencode(".png", noise)[1].tobytes()
    middle = len(png) // 2
    (tmp_path / "a.png").write_bytes(png[:middle] + b"damaged" + png[middle + 7 :])
    done = command_in(tmp_path, "a.png", "a.png")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        b"image-diff: a.png begins like a PNG picture but cannot be decoded: it is cut off or "
        b"damaged. Save or download it again."
    ]


@pytest.mark.skipif(os.name == "nt", reason="not held back but dropped there")
def test_what_c_libraries_say_of_a_picture_that_is_compared_is_shown(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    jpeg = cv2.imencode(".jpg", noise)[1].tobytes()
    (tmp_path / "a.jpg").write_bytes(jpeg)
    (tmp_path / "b.jpg").write_bytes(jpeg[: len(jpeg) // 2] + b"\xff\xd9")
    done = command_in(tmp_path, "a.jpg", "b.jpg")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        b"image-diff: a decoder says: Corrupt JPEG data: premature end of data segment"
    ]


@pytest.mark.skipif(os.name == "nt", reason="not held back but dropped there")
def test_of_what_libraries_say_much_a_little_is_shown():
    program = (
        "import os\nfrom helpers.app.terminal import hold_back_libraries\n"
        "with hold_back_libraries():\n"
        "    try:\n"
        "        for n in range(200_000): os.write(2, b'%d\\n' % (n // 2))\n"
        "    except BlockingIOError: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stderr=-1, text=True, check=True)
    assert done.stderr.splitlines() == [f"image-diff: a decoder says: {n}" for n in range(5)]


def command_in(folder: Path, first: str, second: str, *, data: bytes = b"", **variables: str):
    """Compare in a process of its own."""
    command = [sys.executable, "-m", "helpers", "--first", first, "--second", second]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | variables
    return subprocess.run(
        command, capture_output=True, input=data, cwd=folder, env=environment, check=False
    )


def test_variables_of_opencv_change_nothing(files, tmp_path):
    done = command_in(
        tmp_path,
        "a.png",
        "b.png",
        OPENCV_IO_MAX_IMAGE_PIXELS="abc",
        OPENCV_FOR_THREADS_NUM="abc",
        OPENCV_LOG_LEVEL="DEBUG",
        OPENCV_DUMP_CONFIG="1",
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(b"SSIM: 0.")


def test_show_without_a_screen(files, capsys):
    assert run(*files, "--show") == 2
    assert "No window can be opened" in capsys.readouterr().err


def test_show_opens_one_window_with_four_panels(files, monkeypatch):
    from helpers.viewer import figures

    shown = []
    canvas = figures.plt.Figure().canvas.__class__
    monkeypatch.setattr(canvas, "required_interactive_framework", "tk")
    monkeypatch.setattr(figures.plt, "show", lambda: shown.append(figures.plt.gcf()))
    assert run(*files, "--show") == 1
    (window,) = shown
    assert window.get_suptitle().startswith("SSIM: 0.")
    titles = [ax.get_title() for ax in window.axes]
    assert titles == ["original", "modified", "difference", "threshold"]
    figures.plt.close(window)


def test_two_files_to_boxes_need_only_numpy_and_opencv(files):
    """In a process of its own: what has been imported by the time the boxes are printed."""
    program = (
        "import sys; from helpers.app.cli import main; main(sys.argv[1:]);"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    arguments = [sys.executable, "-c", program, "--first", files[0], "--second", files[1]]
    modules = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert "'cv2'" in modules
    for heavy in ("matplotlib", "ipywidgets", "skimage", "scipy", "imutils", "IPython"):
        assert f"'{heavy}'" not in modules


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (MemoryError(), 2, "There is not enough memory"),
        (NO_MEMORY, 2, "There is not enough memory"),
        (KeyError("fault\x1b[2J"), 2, "This is a fault of image-diff"),
        (OSError("broken"), 2, "broken"),
    ],
)
def test_no_other_fault_looks_like_different(files, monkeypatch, capsys, error, status, words):
    monkeypatch.setattr("helpers.app.two_pictures.compare", lambda *_, **__: _raise(error))
    assert run(*files) == status
    said = capsys.readouterr()
    assert said.out == "" and words in said.err and "\x1b" not in said.err
    assert all(line.startswith("image-diff: ") for line in said.err.splitlines())
    assert ("Traceback" in said.err) == (type(error) is KeyError)


def _raise(error: Exception) -> None:
    raise error


def test_both_files_are_protected_from_out(files, tmp_path):
    modified = tmp_path / "modified.png"
    Path(files[1]).rename(modified)
    assert run(files[0], str(modified), "--out", str(tmp_path)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "modified.png"]


def test_the_installed_command(files):
    command = Path(sys.executable).with_name("image-diff" + (".exe" if os.name == "nt" else ""))
    arguments = [command, "--first", files[0], "--second", files[1]]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("SSIM: 0.")


@pytest.mark.parametrize(
    "command",
    [["-m", "helpers"], ["-c", "from helpers.app.cli import main; raise SystemExit(main())"]],
)
def test_exit_status_reaches_the_shell(files, command):
    arguments = [sys.executable, *command, "--first", files[0], "--second", files[1]]
    assert subprocess.run(arguments, capture_output=True, check=False).returncode == 1


def closed(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)


def full(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdout", os.fdopen(os.open("/dev/full", os.O_WRONLY), "w"))


def without_reader(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [(), ("--json",), ("--help",)])
@pytest.mark.parametrize("broken", [closed, full, without_reader])
def test_a_result_that_cannot_be_printed_is_trouble(files, monkeypatch, capsys, broken, arguments):
    with monkeypatch.context() as patch:
        broken(patch)
        assert run(*files, *arguments) == 2
        assert sys.stdout is None or sys.stdout.close() is None  # nothing is left to be written
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("image-diff: The result cannot be printed")


def test_a_complaint_that_cannot_be_printed_is_printed_nowhere_else(files, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    assert run("nowhere.png", files[1]) == 2
    assert capsys.readouterr().out == ""


def test_letters_that_the_output_does_not_have(tmp_path, monkeypatch, capsys):
    output = (tmp_path / "out.txt").open("w", encoding="ascii")
    monkeypatch.setattr(sys, "stdout", output)
    terminal.show(["\u65e5 \x1b[2J", "\u202ea"])
    output.close()
    assert (tmp_path / "out.txt").read_text() == "? \\x1b[2J\n\\u202ea\n"


HIDDEN = {
    "x = 1": "'numpy' is not a package",
    "print('advice')\nraise SystemExit(0)": "SystemExit: 0",
    "raise RuntimeError('two\\nlines')": "RuntimeError: two lines",
}


@pytest.mark.parametrize(("content", "reason"), HIDDEN.items())
def test_a_failing_import_is_not_different(tmp_path, content, reason):
    """In a process of its own, as the installed command is: `helpers` itself is imported there."""
    done = process_with(tmp_path, "numpy", content)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("image-diff: NumPy, OpenCV or another library cannot be imported")
    assert reason in line


def process_with(
    folder: Path, name: str, content: str, *options: str
) -> subprocess.CompletedProcess:
    (folder / f"{name}.py").write_text(content)
    # Where the tests run in the background, interrupts are ignored from the start.
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from helpers.app.cli import main; sys.exit(main())"
    )
    path = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": path}
    arguments = [sys.executable, "-c", program, "--first", "a", "--second", "b", *options]
    return subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)


INTERRUPT = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)"
INTERRUPTS = {
    "as it is": INTERRUPT,
    "as an error": "try:\n    raise KeyboardInterrupt\nexcept BaseException:\n    import none",
    "without a trace": (
        "try:\n    import os, signal\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "    for _ in range(9999): pass\n"
        "except BaseException:\n    pass\nraise ImportError('numpy')"
    ),
}


@pytest.mark.skipif(os.name == "nt", reason="signals are other ones there")
@pytest.mark.parametrize(
    ("library", "interrupt"),
    [*(("numpy", interrupt) for interrupt in INTERRUPTS), ("jinja2", "without a trace")],
)
def test_an_interrupt_at_the_start_leaves_no_traceback(tmp_path, library, interrupt):
    done = process_with(tmp_path, library, INTERRUPTS[interrupt], "--report", "r.html")
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize(
    ("streams", "unbuffered", "said"),
    [
        (">/dev/full 2>/dev/full", "", []),
        (">/dev/full", "1", ["image-diff: The result cannot be printed"]),
        (">&-", "", ["image-diff: The result cannot be printed"]),
    ],
)
def test_the_exit_status_survives_the_end_of_the_process(files, streams, unbuffered, said):
    """Python itself ends with 120 when it cannot write what is left in stdout or stderr."""
    arguments = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "helpers"]
    done = subprocess.run(
        [*arguments, "--first", files[0], "--second", files[1]],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert done.returncode == 2
    assert [line.partition(" (")[0] for line in done.stderr.splitlines()] == said


@pytest.mark.skipif(os.name == "nt", reason="no such shell there")
def test_no_file_takes_the_number_of_a_closed_stream():
    program = (
        "import os; from helpers.app.terminal import open_standard_streams as fill;"
        "fill(); print(os.open(os.devnull, os.O_RDONLY) > 2)"
    )
    shell = ["sh", "-c", 'exec "$@" <&- 2>&-', "sh", sys.executable, "-c", program]
    assert subprocess.run(shell, stdout=-1, text=True, check=True).stdout == "True\n"


def test_report(files, tmp_path, capsys):
    path = tmp_path / "report.html"
    assert run(*files, "--report", str(path), "--min-pixels", "5") == 1
    text = path.read_text(encoding="utf-8")
    assert "a.png, compared with b.png" in text
    assert '<th scope="row">min_pixels</th><td>5</td>' in text


def test_a_file_name_that_is_not_utf_8(files, tmp_path, capsys):
    odd = tmp_path / os.fsdecode(b"b\xff.png")
    try:
        Path(files[1]).rename(odd)
    except OSError:
        pytest.skip("the file system takes no such name")
    path = tmp_path / "report.html"
    assert run(files[0], str(odd), "--report", str(path), "--json") == 1
    assert r"a.png, compared with b\udcff.png" in path.read_text(encoding="utf-8")
    assert json.loads(capsys.readouterr().out)["is_same"] is False
    assert run(files[0], str(odd), "--out", str(odd)) == 2
    assert r"b\udcff.png is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "exit status 1"), (["--max-pixels", "9999"], "--max-pixels 9999: exit status 0")],
)
def test_a_report_says_what_passed_and_why(files, tmp_path, options, said):
    path = tmp_path / "report.html"
    status = run(*files, "--report", str(path), *options)
    assert said.endswith(str(status))
    assert f"{said}.</p>" in path.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_told_before_the_pictures_are_read(tmp_path, capsys):
    (tmp_path / "mine.html").write_text("mine")
    assert run("none.png", "none.png", "--report", str(tmp_path / "mine.html")) == 2
    assert "is no earlier report" in capsys.readouterr().err
    assert (tmp_path / "mine.html").read_text() == "mine"


def test_report_without_jinja(files, tmp_path, capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "helpers.app.report", raising=False)
    monkeypatch.delattr("helpers.app.report", raising=False)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert run(*files, "--report", str(tmp_path / "report.html")) == 2
    error = capsys.readouterr().err
    assert "--report needs Jinja2" in error and "type `python start.py`" in error


def test_show_without_matplotlib(files, capsys, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("helpers.viewer")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("helpers.viewer", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert run(*files, "--show") == 2
    error = capsys.readouterr().err
    assert "--show needs matplotlib" in error and "type `python start.py`" in error
