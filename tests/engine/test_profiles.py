"""Colours of other profiles become those of sRGB."""

import io
import struct
import sys

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

import helpers
from helpers.loading import decode, to_images
from helpers.profiles import _transform, to_srgb


def p3() -> bytes:
    """A profile with the primaries of Display P3, and the curve of sRGB."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    primaries = {  # XYZ relative to D50
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    data = bytearray(srgb)
    for place in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        tag, start = bytes(data[place : place + 4]), int.from_bytes(data[place + 4 : place + 8])
        if tag in primaries:
            fixed = [round(65536 * value) for value in primaries[tag]]
            data[start + 8 : start + 20] = struct.pack(">3i", *fixed)
    return bytes(data)


P3 = p3()


def picture() -> PillowImage.Image:
    """Muted colours in sRGB, all of which Display P3 has."""
    rng = np.random.default_rng(5)
    noise = cv2.GaussianBlur(rng.integers(0, 256, (80, 100, 3), np.uint8), (0, 0), 4)
    colours = cv2.normalize(noise, None, 70, 190, cv2.NORM_MINMAX)
    return PillowImage.fromarray(colours)


def in_p3(image: PillowImage.Image) -> PillowImage.Image:
    opened = ImageCms.ImageCmsProfile(io.BytesIO(P3))
    converted = ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), opened, 1)
    del converted.info["icc_profile"]  # it is stored only when a test says so
    return converted


def save(path, image: PillowImage.Image, **options) -> str:
    image.save(path, **options)
    return str(path)


def packed(image: PillowImage.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_a_picture_in_other_colours_is_the_same_picture(tmp_path):
    plain = save(tmp_path / "a.png", picture())
    wide = save(tmp_path / "b.png", in_p3(picture()), icc_profile=P3)
    with pytest.warns(UserWarning, match=r"b\.png has the colour profile .* converted to sRGB\."):
        found = helpers.compare(plain, wide)
    assert found.boxes == []
    assert cv2.norm(found.first, found.second, cv2.NORM_INF) <= 3  # as 8 bits round it, twice
    stored = save(tmp_path / "c.png", in_p3(picture()))  # the profile is lost
    assert cv2.norm(*helpers.load_pair(plain, stored), cv2.NORM_INF) > 6


@pytest.mark.filterwarnings("ignore:.*colour profile")
def test_two_pictures_of_one_profile_keep_what_srgb_has_not(tmp_path):
    names = []
    for name, red in (("a.png", 255), ("b.png", 235)):  # both are beyond the reddest of sRGB
        image = PillowImage.new("RGB", (60, 50), (30, 120, 40))
        image.paste((red, 0, 0), (10, 10, 30, 30))
        names.append(save(tmp_path / name, image, icc_profile=P3))
    found = helpers.compare(*names)
    assert found.boxes == [(10, 10, 20, 20)]
    assert "their values are compared as stored" in found.notes[0] and len(found.notes) == 1
    assert all(np.ptp(helpers.load_image(name)[10:30, 10:30, 2]) == 0 for name in names)


def test_gray_and_transparent_pictures_are_converted(tmp_path):
    colours = PillowImage.new("RGBA", (300, 20), (200, 60, 60, 128))
    decoded = decode(packed(colours, icc_profile=P3), "a")
    seen = to_srgb(decoded.pixels, decoded.profile)
    assert seen.shape == decoded.pixels.shape and (seen[..., 3] == 128).all()
    assert (seen[0, 0, :3] != decoded.pixels[0, 0, :3]).any()
    gray = decode(packed(PillowImage.new("L", (9, 300), 100), icc_profile=P3), "a")
    (image,), notes = to_images(gray)
    assert image.shape == (300, 9, 3) and np.ptp(image) <= 1 and "converted" in notes[0]


@pytest.mark.parametrize(
    ("image", "profile"),
    [
        ("RGB", b"nonsense"),
        ("RGB", P3[:200]),
        ("RGB", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()),
    ],
)
def test_a_profile_that_cannot_be_used_is_said(image, profile):
    decoded = decode(packed(PillowImage.new(image, (9, 9), 77), icc_profile=profile), "a")
    (pixels,), (note,) = to_images(decoded)
    assert note.endswith("not sRGB; it is read as if it were sRGB.")
    assert np.array_equal(pixels, decoded.pixels)


def test_16_bits_keep_their_values():
    deep = np.full((9, 9, 3), 40_000, np.uint16)
    assert to_srgb(deep, P3) is None


def test_pillow_without_littlecms(monkeypatch):
    decoded = decode(packed(PillowImage.new("RGB", (9, 9), "red"), icc_profile=P3), "a")
    _transform.cache_clear()
    monkeypatch.setitem(sys.modules, "PIL.ImageCms", None)
    monkeypatch.delattr("PIL.ImageCms")
    assert "read as if it were sRGB" in to_images(decoded)[1][0]
