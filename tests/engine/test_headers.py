"""What files say of themselves, true or not: nothing is decoded that would take too much."""

import io
import struct
import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms
from tiff import tiff

from helpers import headers
from helpers.headers import read_header
from helpers.loading import PictureError, decode, to_images
from helpers.profiles import foreign_profile

PNG = b"\x89PNG\r\n\x1a\n"


def packed(picture: PillowImage.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"", level: int = -1) -> bytes:
    """Make a gray PNG that says it is so large, with these chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    end = chunk(b"IDAT", zlib.compress(pixels, level)) + chunk(b"IEND", b"")
    return PNG + header + b"".join(chunks) + end


def jpeg_of_size(width: int, height: int) -> bytes:
    data = bytearray(packed(PillowImage.new("L", (16, 16)), "JPEG"))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def gif_of_size(width: int, height: int, *, frame: bool) -> bytes:
    data = bytearray(packed(PillowImage.new("P", (9, 9)), "GIF"))
    place = data.index(b",") + 5 if frame else 6
    data[place : place + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def webp_of_size(width: int, height: int) -> bytes:
    glass = PillowImage.new("RGBA", (9, 9))
    more = [PillowImage.new("RGBA", (9, 9), "red")]
    data = bytearray(packed(glass, "WEBP", save_all=True, append_images=more))
    place = data.index(b"VP8X") + 12
    data[place : place + 6] = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return bytes(data)


def gif_of_frames(count: int) -> bytes:
    data = packed(PillowImage.new("P", (1, 1)), "GIF")
    place = data.index(b",", 13)
    return data[:place] + data[place:-1] * count + b";"


def tiff_of_pages(count: int) -> bytes:
    """Make a TIFF whose pages after the first are empty, each the next of the one before."""
    data = bytearray(tiff(np.zeros((4, 4), np.uint8)))
    directory = struct.unpack_from("<I", data, 4)[0]
    entries = struct.unpack_from("<H", data, directory)[0]
    place = directory + 2 + 12 * entries
    for _ in range(count - 1):
        struct.pack_into("<I", data, place, len(data))
        data += struct.pack("<HI", 0, 0)
        place = len(data) - 4
    return bytes(data)


VAST = {
    "PNG": png(20_000, 20_000),
    "PNG, one too many": png(5_001, 10_000),
    "JPEG": jpeg_of_size(20_000, 20_000),
    "WebP": webp_of_size(16_383, 16_383),
    "WebP, Pillow": packed(PillowImage.new("L", (16_383, 3_100)), "WEBP", lossless=True, method=0),
    "GIF": gif_of_size(20_000, 20_000, frame=False),
    "GIF, a frame": gif_of_size(20_000, 20_000, frame=True),
    "BMP": packed(PillowImage.new("1", (9, 9)), "BMP").replace(
        struct.pack("<II", 9, 9), struct.pack("<II", 20_000, 20_000)
    ),
    "TIFF": tiff(np.zeros((4, 4), np.uint8), WIDTH=20_000, HEIGHT=20_000),
    "TIFF, a tile": tiff(np.zeros((4, 4), np.uint8), TILE_WIDTH=20_000, TILE_HEIGHT=20_000),
    "PNM": b"P5 20000 20000 255\n",
    "Sun raster": struct.pack(">IIIIIIII", 0x59A66A95, 20_000, 20_000, 8, 0, 1, 0, 0),
    "JPEG 2000": b"\xff\x4f\xff\x51"
    + struct.pack(">HH8IH", 41, 0, 20_000, 20_000, 0, 0, 20_000, 20_000, 0, 0, 1)
    + b"\x07\x01\x01",
}


@pytest.mark.parametrize("kind", VAST)
def test_what_says_it_is_vast_is_never_decoded(kind, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    with pytest.raises(PictureError, match=r"a has more than 50 million pixels.*--limit"):
        decode(VAST[kind], "a")


def test_a_higher_limit_lets_more_be_read():
    picture = packed(PillowImage.new("L", (1000, 1001)), "PNG")
    with pytest.raises(PictureError, match="more than 1 million pixels"):
        decode(picture, "a", limit=1)
    assert decode(picture, "a", limit=2).pixels.shape == (1001, 1000)


def repeated_scan(count: int) -> bytes:
    data = packed(PillowImage.new("L", (16, 16)), "JPEG", progressive=True)
    place = data.rindex(b"\xff\xda")
    return data[:-2] + data[place:-2] * count + data[-2:]


def with_notes(count: int) -> bytes:
    data = packed(PillowImage.new("L", (16, 16)), "JPEG")
    note = b"Exif\0\0" + bytes(65527)
    return data[:2] + (b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note) * count + data[2:]


def with_comment(count: int) -> bytes:
    data = gif_of_frames(1)
    place = data.index(b",", 13)
    return data[:place] + b"!\xfe" + b"\x01a" * count + b"\0" + data[place:]


@pytest.mark.parametrize(
    ("make", "few", "many", "words"),
    [
        (repeated_scan, 30, 60, "more than 50 scans"),
        (with_notes, 3, 200, "too many notes"),
        (with_comment, 100, 300_000, "too many notes"),
    ],
)
def test_what_would_take_minutes_is_refused(
    make: Callable[[int], bytes], few: int, many: int, words: str
):
    assert read_header(make(few), "a").frames == "1"
    with pytest.raises(PictureError, match=f"a cannot be read: .*{words}.*Save the picture again"):
        read_header(make(many), "a")


def test_pixels_that_unpack_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(headers, "MOST_UNCHECKED", 0)
    good = png(300, 200, pixels=bytes(301 * 200))
    assert read_header(good, "a").width == 300
    with pytest.raises(PictureError, match="unpacks to more than its pixels"):
        read_header(png(300, 200, pixels=bytes(10**7)), "a")


@pytest.mark.parametrize("length", [2**31 - 1, 2**32 - 1, 1000])
def test_a_chunk_that_says_it_is_vast_is_never_decoded(length, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    data = bytearray(png(9, 9, pixels=bytes(90)))
    place = data.index(b"IDAT") - 4
    data[place : place + 4] = struct.pack(">I", length)
    with pytest.raises(PictureError, match="begins like a PNG picture but cannot be read: it is"):
        decode(bytes(data), "a")


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt"])
def test_many_packed_notes_are_refused_wherever_they_are(kind):
    def with_packed(count: int) -> bytes:
        data = png(9, 9, pixels=bytes(90))
        return data[:-12] + chunk(kind, b"x\0\0" + zlib.compress(b"")) * count + data[-12:]

    assert read_header(with_packed(20), "a").width == 9
    with pytest.raises(PictureError, match="more than 24 packed notes"):
        read_header(with_packed(30), "a")


def test_a_small_png_is_no_bomb():
    rng = np.random.default_rng(0)
    stripes = np.repeat(rng.integers(0, 256, 120_000, np.uint8), rng.integers(1, 1500, 120_000))
    for pixels in (bytes(2**27), stripes.tobytes()):  # the latter does not repeat itself
        bomb = png(300, 200, pixels=pixels, level=1)
        assert 2**19 < len(bomb) < 2**20
        with pytest.raises(PictureError, match="unpacks to more than its pixels"):
            read_header(bomb, "a")


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt"])
def test_notes_that_unpack_without_end_are_refused(kind):
    bomb = chunk(kind, b"x\0\0" + zlib.compress(bytes(10**7)))
    with pytest.raises(PictureError, match="cannot be read"):
        read_header(png(9, 9, bomb), "a")


FRAMES = {
    "GIF": {"duration": 200},
    "TIFF": {},
    "WEBP": {"duration": 200, "lossless": True},
    "PNG": {"duration": 200},
}


@pytest.mark.parametrize("kind", FRAMES)
def test_of_several_frames_the_first_is_read_and_the_number_is_said(kind):
    white = PillowImage.new("RGB", (40, 20), "white")
    more = [PillowImage.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    data = packed(white, kind, save_all=True, append_images=more, **FRAMES[kind])
    (image,), notes = to_images(decode(data, "a"))
    assert (image == 255).all()
    assert notes == [f"a has 3 {'pages' if kind == 'TIFF' else 'frames'}; only the first is read."]
    assert to_images(decode(packed(white, kind), "a"))[1] == []


@pytest.mark.parametrize(
    "data",
    [
        gif_of_frames(1002),
        tiff_of_pages(30_000),
        png(2, 1, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)), pixels=bytes(3)),
    ],
)
def test_frames_are_counted_up_to_a_thousand(data):
    assert to_images(decode(data, "a"))[1][0].startswith("a has more than 1000 ")


def test_pages_in_a_circle_are_counted_once():
    data = bytearray(tiff_of_pages(3))
    data[-4:] = data[4:8]  # the last one is followed by the first
    assert read_header(bytes(data), "a").frames == "3"


def test_a_damaged_second_frame_still_counts():
    colours = [PillowImage.new("RGB", (40, 20), colour) for colour in ("white", "red")]
    data = packed(colours[0], "GIF", save_all=True, append_images=colours[1:], duration=200)
    assert read_header(data[: data.rindex(b"!\xf9") + 11], "a").frames == "more than 1"


RARE = {
    "5 channels": (tiff(np.zeros((4, 4, 5), np.uint8)), "a has 5 channels. Save it with"),
    "float16": (tiff(np.zeros((4, 4), np.float16), FORMAT=3), "a holds float16 values. Save"),
    "float32": (tiff(np.zeros((4, 4, 3), np.float32), FORMAT=3), "a holds float32 values. Save"),
    "int16": (tiff(np.zeros((4, 4), np.int16), FORMAT=2), "a holds int16 values. Save"),
    "uint32": (tiff(np.zeros((4, 4), np.uint32)), "a holds uint32 values. Save"),
    "complex": (tiff(np.zeros((4, 4), np.complex64), FORMAT=6), "a holds complex64 values. Save"),
    "zstd": (tiff(np.zeros((4, 4), np.uint8), COMPRESSION=50000), "compressed with Zstandard, wh"),
    "lzma": (tiff(np.zeros((4, 4), np.uint8), COMPRESSION=34925), "compressed with LZMA, which"),
    "jxl": (tiff(np.zeros((4, 4), np.uint8), COMPRESSION=50002), "compressed with JPEG XL, which"),
    "other": (tiff(np.zeros((4, 4), np.uint8), COMPRESSION=777), "with method 777, which is not"),
    "planes": (tiff(np.zeros((4, 4, 3), np.uint16), PLANAR=2), "stores its channels one after"),
    "2 planes": (tiff(np.zeros((4, 4, 2), np.uint8), PLANAR=2), "stores its channels one after"),
    "negative": (tiff(np.zeros((4, 4), np.uint16), PHOTOMETRIC=0), "stores white as 0, in 16 bits"),
    "Lab": (tiff(np.zeros((4, 4, 3), np.uint8), PHOTOMETRIC=8), "stores colours as CIE Lab. Save"),
    "mask": (tiff(np.zeros((4, 4), np.uint8), PHOTOMETRIC=4), "or of a rare kind (1 x 8 bits"),
    "16-bit CMYK": (tiff(np.zeros((4, 4, 4), np.uint16), PHOTOMETRIC=5), "or of a rare kind (4 x"),
    "GIF": (packed(PillowImage.new("P", (1000, 1000), 9), "GIF"), "damaged or of a rare kind. Sav"),
    "AVIF": (packed(PillowImage.new("RGB", (9, 9)), "AVIF"), "of the kind AVIF, which is not rea"),
    "HEIC": (
        b"\0\0\0\x18ftypheic" + bytes(9),
        "a is a file of the kind HEIC or HEIF, which is not",
    ),
    "HEIF": (b"\0\0\0\x18ftypmif1" + bytes(9), "Export the picture as PNG or JPEG, as most"),
    "MP4": (b"\0\0\0\x18ftypisom" + bytes(9), "kind MP4 or MOV video, which is not read. Save the"),
    "MOV": (b"\0\0\0\x08wide\0\0\0\x09mdat", "kind MP4 or MOV video, which is not read. Save the"),
    "AVI": (b"RIFF\0\x10\0\0AVI LIST", "kind AVI video, which is not read. Save the frames that"),
    "MKV": (b"\x1a\x45\xdf\xa3\x93", "of the kind WebM or MKV video, which is not read. Save"),
    "HDR": (b"#?RADIANCE\n", "a is a file of the kind HDR, which is not read. Give a PNG"),
    "12-bit JPEG": (
        jpeg_of_size(9, 9).replace(b"\xff\xc0\0\x0b\x08", b"\xff\xc0\0\x0b\x0c"),
        "rare",
    ),
}


@pytest.mark.parametrize("kind", RARE)
def test_what_is_whole_but_not_read_is_called_that(kind):
    data, words = RARE[kind]
    with pytest.raises(PictureError) as caught:
        decode(data, "a")
    assert words in str(caught.value)
    assert "as PNG" in str(caught.value) or "with 8 or 16 bits" in str(caught.value)
    if kind != "12-bit JPEG":
        assert "cut off" not in str(caught.value)


def changed(data: bytes, old: int, **to: int) -> bytes:
    """Change a tag of a TIFF of one page: its number, or the type of its value."""
    data = bytearray(data)
    place = struct.unpack_from("<I", data, 4)[0] + 2
    while struct.unpack_from("<H", data, place)[0] != old:
        place += 12
    for offset, key in ((0, "tag"), (2, "kind")):
        if key in to:
            struct.pack_into("<H", data, place + offset, to[key])
    return bytes(data)


@pytest.mark.parametrize("kind", [0, 2, 5, 9, 13, 17, 18])
@pytest.mark.parametrize("tag", sorted(headers.LAYOUT))
def test_a_tiff_whose_layout_cannot_be_read_is_never_decoded(tag, kind, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    tiles = dict.fromkeys(("TILE_WIDTH", "TILE_HEIGHT", "TILE_OFFSETS", "TILE_SIZES"), 16)
    data = tiff(np.zeros((16, 16), np.uint8), ROWS=16, PLANAR=1, **tiles)
    assert read_header(data, "a").width == 16
    with pytest.raises(PictureError, match="begins like a TIFF picture but cannot be read"):
        decode(changed(data, tag, kind=kind), "a")


@pytest.mark.parametrize(
    "data",
    [
        changed(tiff(np.zeros((4, 4), np.uint8)), headers.WIDTH, tag=255),
        changed(tiff(np.zeros((4, 4), np.uint8)), headers.HEIGHT, tag=headers.WIDTH),
        changed(tiff(np.zeros((4, 4), np.uint8)), headers.OFFSETS, tag=274),
        tiff(np.zeros((4, 4), np.uint8), OFFSETS=0),
        tiff(np.zeros((4, 4), np.uint8), HEIGHT=0),
    ],
)
def test_a_tiff_without_its_size_or_its_pixels_is_never_decoded(data, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("was decoded"))
    with pytest.raises(PictureError, match="begins like a TIFF picture but cannot be read"):
        decode(data, "a")


def test_a_tiff_that_ends_before_its_pixels_is_called_cut_off():
    data = tiff(np.zeros((4, 4), np.uint8), OFFSETS=4000)
    with pytest.raises(PictureError, match="it is cut off or damaged"):
        decode(data, "a")


def profile(red: str = "r", green: str = "g") -> bytes:
    """Make the profile of sRGB, with the primary colours exchanged if so named."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tags = {b"rXYZ": f"{red}XYZ".encode(), b"gXYZ": f"{green}XYZ".encode()}
    for old, new in tags.items():
        place = data.index(old)
        data = data[:place] + new.upper() + data[place + 4 :]
    return data.replace(b"RXYZ", b"rXYZ").replace(b"GXYZ", b"gXYZ")


SWAPPED = profile("g", "r")
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_profile_other_than_srgb_is_told(kind):
    picture = PillowImage.new("RGB", (9, 9), "red")
    for icc, told in ((profile(), 0), (SWAPPED, 1), (LAB, 1), (b"nonsense", 1)):
        notes = to_images(decode(packed(picture, kind, icc_profile=icc), "a"))[1]
        assert len(notes) == told
        assert all("a has the colour profile " in note for note in notes)
    assert decode(packed(picture, kind), "a").notes == ()


def test_a_profile_is_judged_by_what_it_does_and_named_by_what_it_says():
    assert foreign_profile(profile(), False) == ""
    assert foreign_profile(SWAPPED, False) == "sRGB built-in"
    assert foreign_profile(LAB, True) == "Lab identity built-in"
    assert foreign_profile(b"", False) == "unreadable"
    assert foreign_profile(gray_profile(2.2), True) == ""
    assert foreign_profile(gray_profile(2.2), False) == "gray"
    assert foreign_profile(gray_profile(1.8), True) == "gray"
    assert foreign_profile(gray_profile(1), True) == "gray"


def gray_profile(gamma: float) -> bytes:
    white = struct.pack(">3i", 63190, 65536, 54061)
    tags = {
        b"desc": b"desc" + struct.pack(">II5s78x", 0, 5, b"gray"),
        b"wtpt": b"XYZ " + bytes(4) + white,
        b"kTRC": b"curv" + struct.pack(">IIH2x", 0, 1, round(256 * gamma)),
    }
    place, table, content = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", tag, place + len(content), len(value))
        content += padded
    size = place + len(content)
    head = struct.pack(">I4sI", size, b"", 0x02100000) + b"mntrGRAYXYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + table + content


GAMMA = {gamma: chunk(b"gAMA", struct.pack(">I", gamma)) for gamma in (45455, 45000, 55556, 100000)}
POINTS = chunk(b"cHRM", struct.pack(">8I", *headers.SRGB_POINTS))
WIDE = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600))
SRGB = chunk(b"sRGB", b"\0")


@pytest.mark.parametrize(
    ("chunks", "told"),
    [
        ([GAMMA[45455]], ""),
        ([GAMMA[45000], POINTS], ""),
        ([GAMMA[55556]], "gAMA 0.55556"),
        ([GAMMA[100000]], "gAMA 1"),
        ([GAMMA[100000], SRGB], ""),
        ([GAMMA[45455], WIDE], "cHRM"),
        ([WIDE, SRGB], ""),
        ([chunk(b"cICP", bytes([9, 16, 0, 1])), SRGB], "cICP 9-16-0-1"),
        ([chunk(b"cICP", bytes([1, 13, 0, 1])), WIDE], ""),
    ],
)
def test_colours_other_than_srgb_are_told_without_a_profile(chunks, told):
    data = packed(PillowImage.new("RGB", (9, 9), "red"), "PNG")
    notes = decode(data[:33] + b"".join(chunks) + data[33:], "a").notes
    said = (f"a has the colours {told}, not sRGB; it is read as if it were sRGB.",)
    assert notes == (said if told else ())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("space", "index", "told"), [(1, "R98", 0), (65535, "R03", 1), (65535, "", 0)]
)
def test_adobe_rgb_is_told_by_exif(kind, space, index, told):
    exif = PillowImage.Exif()
    exif[0x8769] = {0xA001: space, 0xA005: {1: index}}
    picture = PillowImage.new("RGB", (9, 9), "red")
    notes = decode(packed(picture, kind, exif=exif), "a").notes
    assert (
        notes == ("a has the colours Adobe RGB, not sRGB; it is read as if it were sRGB.",) * told
    )
    assert decode(packed(picture, kind, exif=exif, icc_profile=profile()), "a").notes == ()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"])
def test_exif_that_cannot_be_read_turns_nothing(exif):
    assert read_header(png(9, 9, chunk(b"eXIf", exif), pixels=bytes(90)), "a").orientation == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "PPM", "text"])
def test_a_second_picture_in_a_file_is_said(kind):
    picture = PillowImage.new("RGB", (9, 5), "red")
    data = b"P2\n3 1 # a P5\n255\n1 2 3\n" if kind == "text" else packed(picture, kind)
    for more, told in ((b"", 0), (b"\n", 0), (bytes(9), 0), (b"IMG_", 0), (data, 1)):
        notes = decode(data + more, "a").notes
        assert notes == ("a has more than 1 frames; only the first is read.",) * told


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("step", "flag", "told"), [(1, 0, True), (1, 1, True), (2, 0, True), (2, 1, False)]
)
def test_pages_within_a_page_are_counted_unless_they_are_small_copies(big, step, flag, told):
    tifffile = pytest.importorskip("tifffile")
    page, buffer = np.zeros((32, 32, 3), np.uint8), io.BytesIO()
    with tifffile.TiffWriter(buffer, bigtiff=big) as file:
        file.write(page, photometric="rgb", subifds=1)
        file.write(page[::step, ::step], photometric="rgb", subfiletype=flag)
    several = read_header(buffer.getvalue(), "a").frames != "1"
    assert several == (told or big)  # in large files Pillow does not read where they are


@pytest.mark.parametrize("kind", ["P2", "P5", "P6"])
@pytest.mark.parametrize("highest", [1, 127, 256, 1000, 4095])
def test_a_pnm_that_opencv_does_not_scale_is_refused(kind, highest):
    pixels = b"1 1 1 1 1 1 " if kind == "P2" else bytes(12)
    data = f"{kind}\n# note\n2 1\n{highest}\n".encode() + pixels
    with pytest.raises(PictureError, match=f"its highest value is {highest}, and only 255 and"):
        decode(data, "a")
