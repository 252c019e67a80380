"""Pictures as PNG and JPEG: the same pixels, or a sentence."""

import re

import cv2
import numpy as np
import pytest

from helpers.encoding import LONGEST, encode, fit
from helpers.loading import PictureError


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 3), (1, 1), (LONGEST[".png"], 1)])
def test_a_png_keeps_every_pixel(shape):
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    data = np.frombuffer(encode(".png", picture), np.uint8)
    assert np.array_equal(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), picture)


def test_the_quality_of_a_jpeg():
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    sizes = [len(encode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, q))) for q in (30, 90)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize("lying", [False, True])
def test_a_side_that_the_format_has_not_is_said_by_us_alone(suffix, lying, capfd):
    picture = np.zeros((LONGEST[suffix] + 1, 1), np.uint8)
    picture = np.ascontiguousarray(picture.T) if lying else picture
    height, width = picture.shape
    words = f"A picture of {width} x {height} pixels cannot be written as"
    with pytest.raises(PictureError, match=re.escape(words)):
        encode(suffix, picture)
    assert capfd.readouterr() == ("", "")  # libpng and OpenCV print lines of their own
    longest = picture.ravel()[: LONGEST[suffix]].reshape((-1, 1) if not lying else (1, -1))
    assert encode(suffix, longest)


@pytest.mark.parametrize(
    ("result", "error", "words"),
    [
        ((False, ()), PictureError, "cannot be written as PNG: OpenCV's encoder failed"),
        (cv2.error("broken"), PictureError, "cannot be written as PNG"),
    ],
)
def test_what_opencv_answers_is_looked_at(result, error, words, monkeypatch):
    def imencode(*_: object) -> tuple:
        if isinstance(result, cv2.error):
            result.err, result.code = "broken", -2
            raise result
        return result

    monkeypatch.setattr(cv2, "imencode", imencode)
    with pytest.raises(error, match=words):
        encode(".png", np.zeros((2, 2), np.uint8))


def test_too_little_memory_is_a_memory_error(monkeypatch):
    def imencode(*_: object) -> tuple:
        error = cv2.error("memory")
        error.err, error.code = "Failed to allocate", cv2.Error.StsNoMem
        raise error

    monkeypatch.setattr(cv2, "imencode", imencode)
    with pytest.raises(MemoryError):
        encode(".png", np.zeros((2, 2), np.uint8))


def test_what_is_no_picture():
    for wrong in (
        None,
        np.zeros((2, 2)),
        np.zeros((0, 2), np.uint8),
        np.zeros((2, 2, 4), np.uint8),
    ):
        with pytest.raises(PictureError):
            encode(".png", wrong)


@pytest.mark.parametrize(
    ("shape", "fitted"),
    [
        ((1, 1), (720, 720)),
        ((100, 400), (100, 400)),
        ((100, 361, 3), (100, 361, 3)),
        ((100, 360, 3), (200, 720, 3)),
        ((4000, 1), (4000, 1)),  # it may not be enlarged: 8000 rows are too many
        ((40_000, 1), (7200, 1)),
        ((1, 40_000), (1, 720)),
        ((65_500, 7, 3), (7200, 1, 3)),
        ((3000, 4000, 3), (540, 720, 3)),
        ((14_400, 900), (7200, 450)),
    ],
)
def test_a_picture_is_fitted_in_both_directions(shape, fitted):
    assert fit(np.zeros(shape, np.uint8), 720, 7200).shape == fitted


def test_a_picture_that_fits_is_the_same_and_one_that_grows_has_whole_steps():
    picture = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    assert fit(picture, 50, 30) is picture
    assert fit(picture, 500, 300, enlarge=False) is picture
    assert np.array_equal(fit(picture, 199, 100)[::3, ::3], picture)
