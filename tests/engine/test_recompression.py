"""A picture that is the other one stored as JPEG: what was lost is lost in both."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

import helpers
from helpers.recompression import find_recompression
from helpers.scoring.scores import match_boxes


def photograph(name: str) -> np.ndarray:
    image = getattr(data, name)()
    code = cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR
    return cv2.cvtColor(image, code)


PHOTOGRAPH = photograph("astronaut")
SUBSAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}  # Pillow's numbers


def page() -> np.ndarray:
    """Text on a page, with white words on a coloured bar."""
    image = np.full((400, 600, 3), 255, np.uint8)
    cv2.rectangle(image, (0, 0), (600, 50), (150, 80, 20), -1)
    cv2.putText(image, "Orders of this week", (20, 34), 0, 0.8, (255, 255, 255), 1, cv2.LINE_AA)
    for line in range(90, 390, 22):
        text = f"No. {line * 7919 % 9000}   {line * 31 % 97}.50   paid on the {line % 28}th"
        cv2.putText(image, text, (30, line), 0, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    return image


PICTURES = {"photograph": PHOTOGRAPH, "page": page()}


def stored(image: np.ndarray, quality: int, sampling: str = "4:2:0", **how) -> np.ndarray:
    """Store by another library than the one that is asked later."""
    file = io.BytesIO()
    picture = Image.fromarray(image[..., ::-1])
    picture.save(file, "jpeg", quality=quality, subsampling=SUBSAMPLING[sampling], **how)
    return np.asarray(Image.open(file).convert("RGB"))[..., ::-1].copy()


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("quality", "sampling"),
    [(30, "4:2:0"), (60, "4:4:4"), (75, "4:2:2"), (90, "4:2:0"), (96, "4:4:4")],
)
def test_the_quality_is_found_and_nothing_else_differs(name, quality, sampling):
    first = PICTURES[name]
    second = stored(first, quality, sampling, progressive=quality == 75, optimize=quality == 60)
    for pair, of in (((first, second), "first"), ((second, first), "second")):
        way = find_recompression(*pair)
        assert (way.of, way.quality) == (of, quality)
        result = helpers.compare(*pair)
        assert (result.verdict, result.kind) == ("no difference", "stored")
        assert result.is_reproduced
        assert (result.ignored_below, result.least_pixels) == (8, 4)


@pytest.mark.parametrize("quality", [60, 92])
@pytest.mark.parametrize("name", PICTURES)
def test_a_digit_and_a_faint_patch_are_found_in_a_jpeg(name, quality):
    first = PICTURES[name]
    second = first.copy()
    places = [(302, 85, 7, 9), (100, 300, 16, 16)]
    cv2.putText(second, "8", (302, 94), 0, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    second[300:316, 100:116] -= np.where(second[300:316, 100:116] >= 14, 14, 0).astype(np.uint8)
    for pair in ((first, stored(second, quality)), (stored(first, quality), second)):
        boxes = helpers.compare(*pair).boxes
        assert len(boxes) == len(match_boxes(boxes, places, iou=0.5)) == 2


def test_a_picture_that_was_a_jpeg_before_is_found_in_its_copy():
    first = stored(PHOTOGRAPH, 92)
    second = first.copy()
    cv2.circle(second, (400, 120), 9, (30, 60, 200), -1)
    result = helpers.compare(first, stored(second, 70))
    assert result.recompression.quality == 70
    assert len(result.boxes) == 1


@pytest.mark.parametrize("name", PICTURES)
def test_noise_resampling_another_exposure_and_webp_are_no_jpeg(name):
    first, rng = PICTURES[name], np.random.default_rng(3)
    noisy = np.clip(first + rng.normal(0, 4, first.shape), 0, 255).astype(np.uint8)
    small = cv2.resize(first, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    resampled = cv2.resize(small, first.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    exposed = cv2.LUT(first, (255 * (np.arange(256) / 255) ** 0.8).astype(np.uint8))
    webp = cv2.imdecode(cv2.imencode(".webp", first, [cv2.IMWRITE_WEBP_QUALITY, 80])[1], 1)
    for second in (noisy, resampled, exposed, webp):
        assert find_recompression(first, second) is None
        assert find_recompression(second, first) is None


@pytest.mark.parametrize("back", [cv2.INTER_NEAREST, cv2.INTER_LINEAR])
def test_colour_that_another_program_halved_is_no_change(back):
    first = page()
    for line in range(40, 390, 30):
        cv2.rectangle(first, (450, line - 15), (500, line), (30, 30, 220), -1)
        cv2.putText(first, "ok", (520, line), 0, 0.6, (30, 30, 220), 1, cv2.LINE_AA)
    luma, *colours = cv2.split(cv2.cvtColor(first, cv2.COLOR_BGR2YCrCb))
    small = [cv2.resize(c, (300, 200), interpolation=cv2.INTER_AREA) for c in colours]
    colours = [cv2.resize(c, (600, 400), interpolation=back) for c in small]
    second = stored(cv2.cvtColor(cv2.merge([luma, *colours]), cv2.COLOR_YCrCb2BGR), 88)
    for pair in ((first, second), (second, first)):
        assert helpers.compare(*pair).verdict == "no difference"


def test_a_jpeg_of_other_tables_is_compared_with_the_noise_that_is_left():
    first = PHOTOGRAPH
    second = stored(first, -1, qtables=[[9 + k // 3 for k in range(64)], [14] * 64])
    result = helpers.compare(first, second)
    assert result.verdict == "no difference"
    assert not result.is_reproduced


@pytest.mark.parametrize("shape", [(7, 7), (7, 300), (16, 16), (31, 40), (33, 500)])
def test_any_size_is_answered(shape):
    first = cv2.resize(PHOTOGRAPH, shape[::-1])
    assert helpers.compare(first, stored(first, 80)).is_same


def test_a_picture_that_is_too_long_for_a_jpeg_is_answered():
    first = np.tile(PHOTOGRAPH[:32], (1, 130, 1))  # parts of it were stored, as tiles of a map are
    parts = first[:, :40_000], first[:, 40_000:]
    second = np.hstack([stored(part, 80) for part in parts])
    assert helpers.compare(first, second).verdict == "no difference"


def test_the_result_says_that_both_were_compressed():
    result = helpers.compare(PICTURES["page"], stored(PICTURES["page"], 80))
    said = " ".join(result.remarks)
    assert "the second picture is a JPEG of quality 80" in said and "with the same loss" in said
    assert result.to_dict()["recompression"] == {"of": "first", "quality": 80}
    assert helpers.compare(PICTURES["page"], page() ^ 1).recompression is None


def test_a_tolerance_that_was_asked_for_is_kept():
    first = page()
    second = first.copy()
    second[80:400] = np.roll(first[80:400], 2, axis=1)
    second = stored(second, 90)
    found = [helpers.compare(first, second, tolerance=t, align=False).boxes for t in (0, 3)]
    assert found[0] and not found[1]


@pytest.mark.parametrize("name", ["coffee", "brick", "page"])
@pytest.mark.parametrize("qualities", [(95, 60), (100, 75), (92, 70), (60, 90)])
def test_two_jpegs_of_one_picture_are_no_change(name, qualities):
    picture = page() if name == "page" else photograph(name)
    first, second = (stored(picture, quality) for quality in qualities)
    for pair in ((first, second), (second, first)):
        assert helpers.compare(*pair).verdict == "no difference"


@pytest.mark.parametrize("name", ["astronaut", "camera", "coffee"])
@pytest.mark.parametrize("quality", [60, 75])
@pytest.mark.parametrize("sampling", ["4:2:0", "4:4:4"])
def test_a_jpeg_that_was_stored_again_is_no_change(name, quality, sampling):
    first = stored(photograph(name), quality, sampling)
    second = stored(first, quality, sampling)
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert (result.verdict, result.kind) == ("no difference", "stored")


@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2"])
def test_the_resolution_of_colour_is_found_where_there_is_colour(sampling):
    first = page()
    second = first.copy()
    cv2.putText(second, "8", (302, 94), 0, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    (box,) = helpers.compare(first, stored(second, 90, sampling)).boxes
    assert match_boxes([box], [(302, 85, 7, 9)], iou=0.5)


@pytest.mark.parametrize("quality", [60, 90])
def test_flat_colours_that_are_brighter_are_no_jpeg_of_coarse_steps(quality):
    first = np.full((240, 320, 3), 240, np.uint8)
    for number, gray in enumerate((60, 105, 150, 200)):
        first[20:100, 20 + 72 * number :][:, :60] = gray
    cv2.putText(first, "The quick brown fox", (20, 180), 0, 0.8, (20, 20, 20), 1, cv2.LINE_AA)
    second = cv2.add(stored(first, quality), (25, 25, 25, 0))
    for pair in ((first, second), (second, first)):
        result = helpers.compare(*pair)
        assert (result.verdict, result.recompression) == ("explained", None)
