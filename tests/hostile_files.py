"""Picture files as an attacker or a bad disk would make them, for `fuzz.py`."""

import io
import zlib
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from hypothesis import strategies as st
from pdf_files import LOCKED, pdf, text
from PIL import Image as PillowImage

HEIGHT, WIDTH = 24, 32  # pixels
EXTREME = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 16383, 20000, 65535, 10**6, 2**31 - 1, 2**32 - 1)
PNG_START = 8  # bytes before the first chunk


@cache
def whole_files() -> dict[str, bytes]:
    """Make one small file of each kind that people have."""
    rng = np.random.default_rng(0)
    color = rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    color[4:20, 4:20] = 200
    alpha = np.dstack([color, rng.integers(0, 256, (HEIGHT, WIDTH), np.uint8)])
    deep = color.astype(np.uint16) * 16
    files = {
        "png": _opencv(".png", color),
        "png of 16 bits": _opencv(".png", deep),
        "png with alpha": _opencv(".png", alpha),
        "jpeg": _opencv(".jpg", color),
        "progressive jpeg": _opencv(".jpg", color, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        "webp": _opencv(".webp", color),
        "bmp": _opencv(".bmp", color),
        "tiff": _opencv(".tif", color),
        "tiff of 16 bits": _opencv(".tif", deep),
        "tiff with alpha": _opencv(".tif", alpha),
        "tiff of floats": _opencv(".tif", color.astype(np.float32)),
        "pnm": _opencv(".ppm", color),
    }
    picture, second = PillowImage.fromarray(color), PillowImage.fromarray(255 - color)
    frames = {"save_all": True, "append_images": [second, picture]}
    files |= {
        "apng": _pillow(picture, "PNG", **frames),
        "gif of 3 frames": _pillow(picture.convert("P"), "GIF", **frames),
        "webp of 3 frames": _pillow(picture, "WEBP", **frames),
        "tiff of 3 pages": _pillow(picture, "TIFF", **frames),
        "palette png": _pillow(picture.convert("P"), "PNG"),
        "gray png with alpha": _pillow(picture.convert("LA"), "PNG"),
        "png of 1 bit": _pillow(picture.convert("1"), "PNG"),
        "cmyk jpeg": _pillow(picture.convert("CMYK"), "JPEG"),
        "lzw tiff": _pillow(picture, "TIFF", compression="tiff_lzw"),
        "jpeg with exif": _pillow(picture, "JPEG", exif=_turned()),
        "png with a profile": _pillow(picture, "PNG", icc_profile=bytes(range(256)) * 4),
    }
    return files


@cache
def pages_files() -> dict[str, bytes]:
    """Make one small file of each kind that has several pages or frames."""
    files = {kind: data for kind, data in whole_files().items() if "of 3" in kind or kind == "apng"}
    return files | {"pdf": pdf(text(1), text(2)), "pdf with a password": LOCKED}


def _opencv(ending: str, image: np.ndarray, *options: int) -> bytes:
    return cv2.imencode(ending, image, options)[1].tobytes()


def _pillow(picture: PillowImage.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _turned() -> PillowImage.Exif:
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    return exif


# Each takes how to draw, and a file; it returns what is left of it.


def cut_off(draw: Callable, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def flip_bits(draw: Callable, data: bytes) -> bytes:
    bad = bytearray(data)
    for place in draw(st.lists(st.integers(0, 8 * len(data) - 1), min_size=1, max_size=12)):
        bad[place // 8] ^= 1 << place % 8
    return bytes(bad)


def declare(draw: Callable, data: bytes) -> bytes:
    """Write an extreme number somewhere into the first 200 bytes, where sizes and counts are."""
    size, order = draw(st.sampled_from([1, 2, 4])), draw(st.sampled_from(["big", "little"]))
    number = draw(st.sampled_from(EXTREME)) % 256**size
    place = draw(st.integers(0, min(len(data), 200)))
    return data[:place] + number.to_bytes(size, order) + data[place + size :]


def insert(draw: Callable, data: bytes) -> bytes:
    place = draw(st.integers(0, len(data)))
    return data[:place] + draw(st.binary(max_size=64)) + data[place:]


def repeat(draw: Callable, data: bytes) -> bytes:
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    return data[:last] + data[first:last] * draw(st.integers(1, 20)) + data[last:]


def join_two(draw: Callable, data: bytes) -> bytes:
    other = draw(st.sampled_from(sorted(whole_files())))
    place = draw(st.integers(0, len(data)))
    return data[:place] + whole_files()[other][place:]


HARM = (cut_off, flip_bits, declare, insert, repeat, join_two)


def fix_checksums(data: bytes) -> bytes:
    """Give the chunks of a PNG the checksums of what they hold now: decoders look further then."""
    fixed, place = bytearray(data[:PNG_START]), PNG_START
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        end = place + 8 + length
        if end + 4 > len(data):
            break
        fixed += data[place:end] + zlib.crc32(data[place + 4 : end]).to_bytes(4, "big")
        place = end + 4
    return bytes(fixed + data[place:])


@st.composite
def bad_files(draw: Callable, files: dict[str, bytes] | None = None) -> tuple[str, bytes]:
    """Draw what a file once was, of these or of all kinds, and its bytes now."""
    files = files or whole_files()
    kind = draw(st.sampled_from(sorted(files)))
    data = files[kind]
    for harm in draw(st.lists(st.sampled_from(HARM), max_size=3)):
        if data:
            data = harm(draw, data)
    return kind, fix_checksums(data) if "png" in kind and draw(st.booleans()) else data
