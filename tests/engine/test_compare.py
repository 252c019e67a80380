"""What `compare` gives with either method, and each flaw of the well-known script it fixes."""

import dataclasses
import json
import os
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.metrics import structural_similarity

import helpers
from helpers.alignment import Alignment
from helpers.tone import Tone

PICTURES = arrays(np.uint8, (20, 25, 3))
METHODS = ("robust", "classic")


def scene(seed: int = 0) -> np.ndarray:
    """A BGR picture with edges and texture."""
    rng = np.random.default_rng(seed)
    picture = np.full((120, 160, 3), 120, np.uint8)
    for _ in range(12):
        x, y, size = rng.integers(0, 110, 3)
        color = rng.integers(0, 256, 3).tolist()
        cv2.rectangle(picture, (int(x), int(y)), (int(x + size), int(y + size // 2)), color, -1)
    return picture


# Both methods


@pytest.mark.parametrize("settings", [{"method": "classic"}, {"align": False}, {"ignore_below": 0}])
def test_score_is_that_of_scikit_image(settings):
    first, second = scene(0), scene(1)
    expected = structural_similarity(helpers.to_gray(first), helpers.to_gray(second))
    assert helpers.compare(first, second, **settings).score == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_paths_and_arrays_give_the_same(tmp_path, method):
    cv2.imwrite(str(tmp_path / "a.png"), scene(0))
    cv2.imwrite(str(tmp_path / "b.png"), scene(1))
    paths = tmp_path / "a.png", tmp_path / "b.png"
    from_paths = helpers.compare(paths[0], str(paths[1]), method=method)
    from_arrays = helpers.compare(scene(0), scene(1), method=method)
    assert from_paths.to_dict() == from_arrays.to_dict()
    assert (from_paths.paths, from_arrays.paths) == (paths, ())


@pytest.mark.parametrize("method", METHODS)
def test_gray_arrays_are_taken_too(method):
    gray = helpers.to_gray(scene())
    comparison = helpers.compare(gray, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), method=method)
    assert comparison.first.shape == (120, 160, 3)
    assert comparison.is_same


def test_a_change_of_colour_alone_is_seen_by_robust_only():
    first = scene()
    second = first.copy()
    patch = second[40:80, 50:110]
    patch[:] = cv2.cvtColor(helpers.to_gray(patch), cv2.COLOR_GRAY2BGR)
    assert np.array_equal(*(helpers.to_gray(picture) for picture in (first, second)))
    assert helpers.compare(first, second, method="classic").is_same
    assert not helpers.compare(first, second).is_same


class Hostile(str):
    def __hash__(self) -> int:
        raise RuntimeError


def test_robust_is_the_default_and_unknown_methods_are_named():
    assert helpers.compare(scene(0), scene(1)).method == "robust"
    assert helpers.compare(scene(0), scene(1), method="classic").method == "classic"
    for method in ("magic", ["classic"], None, Hostile("robust")):
        with pytest.raises(
            helpers.PictureError, match=r"There is no method .*Choose one of: robust, classic"
        ):
            helpers.compare(scene(0), scene(1), method=method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("min_pixels", [-5, 1.5, float("nan"), "3", None])
def test_min_pixels_is_a_whole_number(min_pixels, method):
    with pytest.raises(helpers.PictureError, match=r"min_pixels is .*whole number from 0 up"):
        helpers.compare(scene(0), scene(1), min_pixels=min_pixels, method=method)


@pytest.mark.parametrize("method", METHODS)
@given(PICTURES)
@settings(deadline=None)
def test_identical_pictures_have_no_boxes(method, picture):
    comparison = helpers.compare(picture, picture.copy(), method=method)
    assert comparison.score == 1
    assert comparison.boxes == []
    assert comparison.is_same


@given(PICTURES, PICTURES, st.integers(0, 200))
@settings(deadline=None)
def test_boxes_lie_inside_and_both_directions_of_classic_agree(first, second, min_pixels):
    comparison = helpers.compare(first, second, min_pixels=min_pixels, method="classic")
    for box in comparison.boxes:
        assert box.x >= 0 and box.y >= 0 and box.width > 0 and box.height > 0
        assert box.x + box.width <= 25 and box.y + box.height <= 20
        assert box.area >= min_pixels
    other = helpers.compare(second, first, min_pixels=min_pixels, method="classic")
    assert comparison.boxes == other.boxes


@pytest.mark.parametrize("method", METHODS)
def test_one_edit_gives_one_box_round_it(method):
    first = scene()
    second = first.copy()
    second[50:70, 60:90] = 255 - second[50:70, 60:90]
    (box,) = helpers.compare(first, second, method=method).boxes
    assert box.x <= 60 and box.y <= 50
    assert box.x + box.width >= 90 and box.y + box.height >= 70
    assert box.width <= 30 + 2 * 3 and box.height <= 20 + 2 * 3


def test_a_change_of_brightness_everywhere_is_a_difference_to_classic():
    first, second = (np.full((30, 40), value, np.uint8) for value in (100, 150))
    comparison = helpers.compare(first, second, method="classic")
    assert comparison.boxes == [(0, 0, 40, 30)]


# What the well-known script gets wrong, row by row


def literal_script(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, list]:
    """The recipe as it is commonly written: no clip, scikit-image's floating-point sums."""
    similarity = structural_similarity(helpers.to_gray(first), helpers.to_gray(second), full=True)[
        1
    ]
    difference = (similarity * 255).astype(int).astype("uint8")  # wraps on every processor
    mask = cv2.threshold(difference, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    return mask, helpers.bounding_boxes(helpers.find_contours(mask))


def test_negative_similarity_does_not_wrap_round():
    first, other = np.random.default_rng(5).integers(0, 256, (2, 120, 160, 3), dtype=np.uint8)
    second = first.copy()
    patch = np.s_[40:80, 50:110]
    second[patch] = other[patch]
    inside = np.s_[44:76, 54:106]
    missed = np.mean(literal_script(first, second)[0][inside] == 0)
    assert missed > 0.1
    assert (helpers.compare(first, second, method="classic").mask[inside] == 255).all()


def test_one_pixel_changed_by_one_level_is_one_box():
    first = np.random.default_rng(6).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    second = first.copy()
    second[150, 200] = np.where(second[150, 200] < 255, second[150, 200] + 1, 254)
    assert len(literal_script(first, second)[1]) > 1
    assert helpers.compare(first, second, method="classic").boxes == [(197, 147, 7, 7)]


@pytest.mark.parametrize("method", METHODS)
def test_two_sizes_are_named(method):
    with pytest.raises(helpers.PictureError, match=r"160 x 120 pixels, .* 160 x 100 .*--sizes"):
        helpers.compare(scene(), scene()[:100], method=method, sizes="refuse")


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        helpers.compare(Path("nowhere") / "a.png", scene())


def test_an_empty_path_is_no_folder():
    with pytest.raises(helpers.PictureError, match="the path is ''"):
        helpers.compare("", scene())


@pytest.mark.parametrize("method", METHODS)
def test_a_picture_too_small_to_be_compared_is_named(method):
    tiny = np.zeros((6, 6, 3), np.uint8)
    with pytest.raises(helpers.PictureError, match=r"6 x 6 pixels, too small.*of 7 x 7 "):
        helpers.compare(tiny, tiny + 1, method=method)


def test_a_change_in_transparency_alone_is_found(tmp_path):
    glass = np.dstack([scene(), np.full((120, 160), 255, np.uint8)])
    cv2.imwrite(str(tmp_path / "a.png"), glass)
    glass[30:60, 40:90, 3] = 0
    cv2.imwrite(str(tmp_path / "b.png"), glass)
    seen_by_imread = [cv2.imread(str(tmp_path / name)) for name in ("a.png", "b.png")]
    assert np.array_equal(*seen_by_imread)
    with pytest.warns(UserWarning, match=r"b\.png is transparent"):
        assert not helpers.compare(tmp_path / "a.png", tmp_path / "b.png").is_same


def test_16_bit_pictures_are_compared_with_a_warning(tmp_path):
    deep = scene().astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "a.png"), deep)
    deep[30:60, 40:90] = 0
    cv2.imwrite(str(tmp_path / "b.png"), deep)
    with pytest.warns(UserWarning, match="16 bits a channel"):
        assert len(helpers.compare(tmp_path / "a.png", tmp_path / "b.png").boxes) >= 1


# What a Comparison hands on


@pytest.fixture(params=METHODS)
def comparison(request) -> helpers.Comparison:
    first = scene()
    second = first.copy()
    second[50:70, 60:90] = 255 - second[50:70, 60:90]
    return helpers.compare(first, second, method=request.param)


def test_to_dict_is_ready_for_json(comparison):
    restored = json.loads(json.dumps(comparison.to_dict()))
    assert restored["boxes"] == [list(box) for box in comparison.boxes]
    assert (restored["width"], restored["height"]) == (160, 120)
    assert restored["percent_differing"] == pytest.approx(100 * np.mean(comparison.mask == 255))
    assert restored["pixels_differing"] == np.count_nonzero(comparison.mask)
    assert restored["is_same"] is False and restored["verdict"] == "changed"
    for name in ("kind", "ignored_below", "least_pixels", "fainter", "smaller", "ignored"):
        assert restored[name] == getattr(comparison, name)
    assert restored["remarks"] == comparison.remarks
    assert restored["method"] == comparison.method
    assert restored["alignment"] is None and restored["tone"] is None


def test_to_dict_says_what_was_corrected():
    first = cv2.GaussianBlur(scene(), (0, 0), 1)
    second = np.roll(cv2.convertScaleAbs(first, alpha=0.8, beta=10), 4, axis=1)
    comparison = helpers.compare(first, second)
    restored = json.loads(json.dumps(comparison.to_dict()))
    assert restored["alignment"]["dx"] == pytest.approx(4, abs=0.3)
    assert set(restored["alignment"]) == {"dx", "dy", "angle", "scale", "bent", "tilt"}
    assert restored["tone"]["corrects"] == comparison.tone.corrects


def test_save_writes_the_four_pictures(comparison, tmp_path):
    paths = comparison.save(tmp_path / "new" / "folder")
    names = ["original.png", "modified.png", "difference.png", "threshold.png"]
    assert [path.name for path in paths] == names
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(names)
    original, modified, difference, mask = (
        cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in paths
    )
    assert np.array_equal(original, helpers.draw_boxes(comparison.first, comparison.boxes))
    assert np.array_equal(modified, helpers.draw_boxes(comparison.aligned, comparison.boxes))
    assert np.array_equal(difference, comparison.difference)
    assert np.array_equal(mask, comparison.mask)


def test_saving_again_replaces_and_keeps_the_usual_permissions(comparison, tmp_path):
    first, *_ = comparison.save(tmp_path)
    comparison.save(tmp_path)
    (tmp_path / "plain").touch()
    assert first.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_save_never_replaces_what_was_compared(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, seed in (("original", 0), ("modified", 1), ("difference", 2), ("threshold", 3)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), scene(seed))
    before = (tmp_path / "modified.png").read_bytes()
    comparison = helpers.compare(scene(0), tmp_path / "modified.png")
    with pytest.raises(
        helpers.PictureError, match=r"modified\.png is one of the pictures compared"
    ):
        comparison.save(".")  # the same folder by another name
    assert (tmp_path / "modified.png").read_bytes() == before


def test_save_never_replaces_what_no_earlier_run_left(comparison, tmp_path):
    (tmp_path / "threshold.png").write_bytes(b"of somebody else")
    with pytest.raises(helpers.PictureError, match=r"threshold\.png is there already"):
        comparison.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["threshold.png"]


def test_save_never_replaces_four_pictures_of_somebody_else(comparison, tmp_path):
    for name in comparison.panels():
        cv2.imwrite(str(tmp_path / f"{name}.png"), scene(0))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(helpers.PictureError, match=r"original\.png is there already"):
        comparison.save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_save_completes_what_a_killed_run_left(comparison, tmp_path):
    comparison.save(tmp_path)
    (tmp_path / "difference.png").unlink()
    paths = comparison.save(tmp_path)
    assert sorted(paths) == sorted(tmp_path.iterdir())


def test_save_leaves_nothing_half_written(comparison, tmp_path, monkeypatch):
    comparison.save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    written = []

    def full_disk(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 4:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(
        helpers.PictureError, match=r"cannot be written \(No space left on device\)"
    ):
        helpers.compare(scene(3), scene(4)).save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_picture_too_long_for_png_leaves_no_folder(comparison, tmp_path):
    long = np.zeros((1_000_001, 1), np.uint8)
    found = dataclasses.replace(comparison, first=long, aligned=long, difference=long, mask=long)
    with pytest.raises(helpers.PictureError, match="1 x 1000001 pixels cannot be written as PNG"):
        found.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be(comparison, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(helpers.PictureError, match="file is no folder"):
        comparison.save(tmp_path / "file" / "below")


def test_pictures_are_kept_when_the_caller_goes_on_drawing():
    first = scene()
    comparison = helpers.compare(first, scene(1))
    first[:] = 0
    assert np.array_equal(comparison.first, scene())


def test_rich_display_has_four_captioned_panels_with_alt_text(comparison):
    markup = comparison._repr_html_()
    captions = re.findall(r"<figcaption>(\w+)</figcaption>", markup)
    assert captions == ["original", "modified", "difference", "threshold"]
    assert len(re.findall(r'<img [^>]*alt="\w+: SSIM: 0\.\d{4}, changed: 1 box"', markup)) == 3
    assert f'alt="modified: {comparison.describe()}"' in markup


def test_repr_is_short(comparison):
    method = f"<Comparison by method {comparison.method!r}."
    assert repr(comparison) == f"{method} SSIM: {comparison.score:.4f}, changed: 1 box>"


def test_remarks_stand_in_the_notebook_too():
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, (2, 200, 240, 3), dtype=np.uint8)
    strangers = helpers.compare(*noise)
    assert strangers.remarks == [
        "The pictures have too little in common to be aligned, so boxes mean little."
    ]
    assert strangers.remarks[0] in strangers._repr_html_()
    wall = cv2.GaussianBlur(noise[0], (0, 0), 2)
    moved = helpers.compare(wall[:-4, :-6], wall[4:, 6:])
    assert moved.remarks[0].startswith("Aligned: the second picture is -6.0, -4.0 pixels off")
    for remark in moved.remarks:
        assert remark in moved._repr_html_()
    assert helpers.compare(wall, wall).remarks == []


def found(verdict: str, kind: str = "", boxes=(), **more) -> helpers.Comparison:
    """A comparison that says this of two blank pictures."""
    picture, mask = np.zeros((40, 60, 3), np.uint8), np.zeros((40, 60), np.uint8)
    return helpers.Comparison(
        1, mask, mask, list(boxes), picture, picture, 0, "robust", picture, verdict, kind, **more
    )


@pytest.mark.parametrize(
    ("comparison", "remarks"),
    [
        (found("identical", "exact", ignored_below=3, least_pixels=4), []),
        (
            found(
                "changed",
                "exact",
                [(0, 0, 9, 9)],
                ignored_below=3,
                least_pixels=4,
                fainter=1200,
                smaller=2,
            ),
            [
                "Exact (the same to the last bit where nothing changed): a change counts from "
                "3 gray levels and 4 pixels up.",
                "1,200 more pixels differ, but by fewer than 3 gray levels or only faintly beside "
                "a change; they were left out.",
                "2 pixels differ in pieces of fewer than 4.",
            ],
        ),
        (
            found("changed", "stored", ignored_below=8, least_pixels=4, is_reproduced=True),
            [
                "Stored again, with the same loss in both (equal to the last bit where nothing "
                "changed): a change counts when it has at least 4 pixels and one of them differs "
                "by at least 8 gray levels.",
            ],
        ),
        (
            found("changed", "exact", least_pixels=1),
            [
                "Strict: the pair is taken as exact, and a change counts from 1 gray level and 1 "
                "pixel up."
            ],
        ),
        (
            found("no difference", "stored", ignored_below=9, least_pixels=20, smaller=1),
            [
                "Stored again (JPEG, noise or resizing): differences below 9 gray levels and of "
                "fewer than 20 pixels are taken for its noise, unless they are wide.",
                "1 pixel differs in pieces of fewer than 20.",
            ],
        ),
        (
            found("no difference", "rendered", ignored_below=3, least_pixels=4, ignored=7),
            [
                "Rendered again (flat places are the same, edges are not): differences below 3 "
                "gray levels and of fewer than 4 pixels are taken for those of the rendering, "
                "unless they are wide.",
                "7 pixels differ in the places to ignore, and elsewhere none that counts.",
            ],
        ),
        (
            found("no difference", "photographed", ignored_below=8, least_pixels=20, fainter=1),
            [
                "Photographed again (another view or light): differences below 8 gray levels and "
                "of fewer than 20 pixels are taken for its noise, unless they are wide.",
                "1 pixel differs, but by fewer than 8 gray levels; it was left out.",
            ],
        ),
        (
            found("unlike", "photographed", ignored_below=8, least_pixels=20, fainter=1),
            ["The pictures have too little in common to be aligned, so boxes mean little."],
        ),
    ],
)
def test_the_kind_and_what_was_left_out_are_said_in_words(comparison, remarks):
    assert comparison.remarks == remarks


def test_a_change_of_tone_is_said_with_its_size():
    table = np.repeat(np.arange(256)[:, None], 3, axis=1).astype(np.uint8)
    light = np.full((64, 64), 0.8, np.float32)
    light[0, 0] = 1.2
    tone = Tone("second", table, brighter=-9.84, contrast=0.954, light=light)
    assert found("explained", "stored", ignored_below=8, tone=tone).remarks[0] == (
        "Tones matched: the second picture is 9.8 gray levels darker on average, its contrast "
        "0.95 times that of the first; its light differs by place, 1.50 times."
    )


@pytest.mark.parametrize(
    ("dx", "angle", "said"), [(0.04, 0, False), (0.06, 0, True), (0, 0.05, False), (0, 0.1, True)]
)
def test_an_alignment_that_moves_nothing_is_not_remarked(dx, angle, said):
    matrix = cv2.getRotationMatrix2D((30, 20), -angle, 1)
    matrix[0, 2] += dx
    comparison = found("changed", "photographed", alignment=Alignment(dx, 0, angle, 1, matrix))
    assert any(remark.startswith("Aligned") for remark in comparison.remarks) == said


def test_the_recipe_keeps_pieces_of_enough_pixels_and_counts_the_others():
    first = np.full((80, 120), 90, np.uint8)
    second = first.copy()
    second[10:40, 10:50], second[20:24, 20:24] = 255, 90  # its hole is a part of it
    second[60:64, 100:104] = 255
    every = helpers.compare(first, second, method="classic")
    sizes = [np.count_nonzero(every.mask[y : y + h, x : x + w]) for x, y, w, h in every.boxes]
    assert len(sizes) == 2 and sum(sizes) == every.pixels_differing
    assert (every.verdict, every.kind, every.smaller) == ("changed", "", 0)
    large = helpers.compare(first, second, method="classic", min_pixels=sizes[1] + 1)
    assert large.boxes == every.boxes[:1]
    assert (large.pixels_differing, large.smaller) == tuple(sizes)
    none = helpers.compare(first, second, method="classic", min_pixels=sizes[0] + 1)
    assert (none.boxes, none.verdict, none.smaller) == ([], "no difference", sum(sizes))
    assert helpers.compare(first, first, method="classic").verdict == "identical"
