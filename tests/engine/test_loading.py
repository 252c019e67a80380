"""Files of every kind that people have, good and bad."""

import contextlib
import io
import struct
import sys
import threading
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from tiff import tiff

import helpers
from helpers.headers import ASSOCIATED, UNASSOCIATED
from helpers.loading import check_same_size, decode, to_images

IMAGES = Path(__file__).parents[2] / "images"


@pytest.fixture
def colours() -> np.ndarray:
    """A small BGR picture in which every pixel is different."""
    return np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8)


def write(path: Path, picture: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), picture)
    return path


@pytest.mark.parametrize("name", ["original_01.png", "modified_10.jpg"])
def test_ordinary_files_are_what_imread_gives(name):
    assert np.array_equal(helpers.load_image(IMAGES / name), cv2.imread(str(IMAGES / name)))


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".webp"])
def test_lossless_formats_come_back_unchanged(tmp_path, colours, suffix):
    path = tmp_path / f"picture{suffix}"
    options = [cv2.IMWRITE_WEBP_QUALITY, 101] if suffix == ".webp" else []
    assert cv2.imwrite(str(path), colours, options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(helpers.load_image(path), colours)


def test_gray_files_come_out_as_bgr(tmp_path, colours):
    gray = colours[..., 0]
    image = helpers.load_image(write(tmp_path / "gray.png", gray))
    assert np.array_equal(image, np.dstack([gray, gray, gray]))


def test_palette_files_come_out_in_their_colours(tmp_path):
    indexed = PillowImage.new("P", (5, 4), color=1)
    indexed.putpalette([0, 0, 0, 250, 120, 10])
    indexed.save(tmp_path / "palette.png")
    image = helpers.load_image(tmp_path / "palette.png")
    assert image.shape == (4, 5, 3)
    assert (image == (10, 120, 250)).all()


def test_16_bits_are_scaled_with_a_warning(tmp_path):
    picture = np.uint16([[[0, 257, 65535], [128, 129, 32896]]])
    path = write(tmp_path / "deep.png", picture)
    with pytest.warns(UserWarning, match=r"deep\.png has 16 bits a channel; scaled to 8"):
        image = helpers.load_image(path)
    assert image.tolist() == [[[0, 1, 255], [0, 1, 128]]]


def test_transparency_is_laid_on_white_with_a_warning(tmp_path):
    picture = np.uint8([[[10, 20, 30, 255], [10, 20, 30, 0], [0, 0, 0, 127]]])
    path = write(tmp_path / "glass.png", picture)
    with pytest.warns(UserWarning, match=r"glass\.png is transparent in places; laid on white"):
        image = helpers.load_image(path)
    assert image.tolist() == [[[10, 20, 30], [255, 255, 255], [128, 128, 128]]]


def test_16_bit_transparency_is_scaled_and_laid_on_white(tmp_path):
    path = write(tmp_path / "both.png", np.uint16([[[0, 0, 0, 0], [65535, 0, 0, 65535]]]))
    with pytest.warns(UserWarning) as caught:
        image = helpers.load_image(path)
    assert len(caught) == 2
    assert image.tolist() == [[[255, 255, 255], [255, 0, 0]]]


def test_gray_with_alpha_is_laid_on_white(tmp_path):
    PillowImage.frombytes("LA", (2, 1), bytes([10, 255, 10, 0])).save(tmp_path / "a.png")
    with pytest.warns(UserWarning, match="is transparent in places"):
        assert helpers.load_image(tmp_path / "a.png")[0, :, 0].tolist() == [10, 255]


def test_transparency_that_is_not_read_is_said(tmp_path):
    PillowImage.new("LA", (2, 1), (10, 0)).save(tmp_path / "a.tiff")
    PillowImage.new("L", (2, 1), 10).save(tmp_path / "a.png", transparency=10)
    for name in ("a.tiff", "a.png"):
        with pytest.warns(UserWarning, match=f"{name} has transparency that is not read"):
            assert helpers.load_image(tmp_path / name)[0, :, 0].tolist() == [10, 10]


@pytest.mark.parametrize("extra", [ASSOCIATED, UNASSOCIATED])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_transparent_tiff_is_the_same_picture_as_its_png(tmp_path, dtype, extra):
    random, most = np.random.default_rng(0), np.iinfo(dtype).max
    picture = random.integers(0, most, (40, 50, 4), dtype=dtype, endpoint=True)
    picture[:10, :, 3], picture[10:20, :, 3] = 0, most
    write(tmp_path / "a.png", cv2.cvtColor(picture, cv2.COLOR_RGBA2BGRA))
    stored = picture
    if extra == ASSOCIATED:
        stored = np.round(picture * (picture[..., 3:] / most)).astype(dtype)
        stored[..., 3] = picture[..., 3]
    (tmp_path / "a.tiff").write_bytes(tiff(stored, EXTRA=extra))
    first, second = (decode((tmp_path / f"a.{end}").read_bytes(), end) for end in ("png", "tiff"))
    images, notes = to_images(first, second)
    assert cv2.norm(*images, cv2.NORM_INF) <= (dtype == np.uint16)  # 16 bits are rounded twice
    assert not any("opacity" in note for note in notes)


@pytest.mark.parametrize(("alpha", "told"), [(0, 0), (255, 0), (100, 1)])
def test_alpha_of_a_bmp_that_is_not_read_is_said(alpha, told):
    buffer = io.BytesIO()
    picture = PillowImage.new("RGBA", (9, 9), (9, 9, 9, alpha))
    picture.putpixel((0, 0), (9, 9, 9, 255 if told else alpha))
    picture.save(buffer, "BMP")
    notes = decode(buffer.getvalue(), "a").notes
    assert (
        notes == ("a has transparency that is not read; its colours are read as if opaque.",) * told
    )


def test_opacity_that_white_hides_is_said(tmp_path):
    """Where it cannot be compared: by those who get two pictures on white."""
    for name, alpha in (("opaque.png", 255), ("clear.png", 0)):
        picture = np.full((30, 40, 4), 255, np.uint8)
        picture[10:20, 10:20] = (255, 255, 255, alpha)
        picture[:5, :5] = (0, 0, 0, alpha)
        write(tmp_path / name, picture)
    with pytest.warns(UserWarning) as caught:
        helpers.load_pair(tmp_path / "opaque.png", tmp_path / "clear.png")
    assert [str(warning.message) for warning in caught] == [
        f"{tmp_path / 'clear.png'} is transparent in places; laid on white.",
        "The opacity differs at 125 pixels, 100 of which look the same on white: there no "
        "difference can be found.",
    ]


def ramp(bits: int) -> np.ndarray:
    return np.linspace(0, 2**bits - 1, 128 * 128).reshape(128, 128).astype(np.uint16)


@pytest.mark.parametrize(("bits", "depth"), [(9, 10), (10, 10), (12, 12), (13, 14), (15, 16)])
def test_a_pair_of_16_bits_is_scaled_by_what_it_uses(tmp_path, bits, depth):
    first = write(tmp_path / "a.png", ramp(bits))
    second = write(tmp_path / "b.png", ramp(bits) // 2)
    with pytest.warns(UserWarning) as caught:
        images = helpers.load_pair(first, second)
    assert [image[-1, -1, 0] for image in images] == [
        round(255 * (top / (2**depth - 1))) for top in (2**bits - 1, (2**bits - 1) // 2)
    ]
    said = f"of which the pair uses {depth}" if depth < 16 else "16 bits a channel; scaled to 8"
    assert [said in str(warning.message) for warning in caught] == [True, True]


def test_16_bits_alone_or_beside_8_are_scaled_as_a_whole(tmp_path):
    deep = write(tmp_path / "a.png", ramp(12))
    flat = write(tmp_path / "b.png", np.zeros((128, 128), np.uint8))
    with pytest.warns(UserWarning, match="of which it uses 12; all 16 are scaled to 8"):
        alone = helpers.load_image(deep)
    with pytest.warns(UserWarning, match="of which it uses 12"):
        beside, _ = helpers.load_pair(deep, flat)
    assert alone.max() == beside.max() == round(4095 / 257)


def test_12_bits_show_what_8_of_16_would_hide(tmp_path):
    first = ramp(12)
    second = first.copy()
    second[60:70, 60:70] += 1500
    paths = write(tmp_path / "a.png", first), write(tmp_path / "b.png", second)
    with pytest.warns(UserWarning, match="uses 12"):
        assert len(helpers.compare(*paths).boxes) == 1


def test_alpha_is_no_part_of_the_depth_that_is_used(tmp_path):
    glass = np.dstack([ramp(12)] * 3 + [np.full((128, 128), 65535, np.uint16)])
    paths = write(tmp_path / "a.png", glass), write(tmp_path / "b.png", ramp(12))
    with pytest.warns(UserWarning, match="uses 12"):
        first, second = helpers.load_pair(*paths)
    assert np.array_equal(first, second) and first.max() == 255


def test_notes_of_a_file_beside_an_array_are_kept(tmp_path, colours):
    path = write(tmp_path / "deep.png", np.full((24, 40, 3), 65535, np.uint16))
    with pytest.warns(UserWarning, match="16 bits"):
        comparison = helpers.compare(path, colours)
    assert len(comparison.notes) == 1 and comparison.remarks[0] == comparison.notes[0]


def test_a_picture_that_is_not_of_the_size_it_says_is_refused(colours, monkeypatch):
    data = cv2.imencode(".png", colours)[1].tobytes()
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    monkeypatch.setattr(cv2, "imdecode", lambda *_: decoded[:20])
    with pytest.raises(helpers.PictureError, match="a says it has 40 x 24 pixels and has 40 x 20"):
        decode(data, "a")


def test_a_lack_of_memory_is_called_that(colours, monkeypatch):
    def fail(*_: object) -> None:
        error = cv2.error("Failed to allocate 1200000000 bytes")
        error.code, error.err = cv2.Error.StsNoMem, "Failed to allocate"
        raise error

    monkeypatch.setattr(cv2, "imdecode", fail)
    with pytest.raises(MemoryError, match="not enough memory"):
        decode(cv2.imencode(".png", colours)[1].tobytes(), "a")


def test_opaque_alpha_gives_no_warning(tmp_path, colours):
    path = write(tmp_path / "opaque.png", cv2.cvtColor(colours, cv2.COLOR_BGR2BGRA))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(helpers.load_image(path), colours)


def with_exif(data: bytes, exif: PillowImage.Exif) -> bytes:
    """Put EXIF into a PNG, JPEG or WebP file."""
    note = exif.tobytes()
    if data[:2] == b"\xff\xd8":
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + data[2:]
    if data[:4] == b"RIFF":
        buffer = io.BytesIO()
        picture = PillowImage.open(io.BytesIO(data))
        picture.save(buffer, "WEBP", lossless=True, exact=True, exif=exif)
        return buffer.getvalue()
    note = b"eXIf" + note.removeprefix(b"Exif\0\0")
    note = struct.pack(">I", len(note) - 4) + note + struct.pack(">I", zlib.crc32(note))
    return data[:33] + note + data[33:]


PHOTOGRAPHS = [(".jpg", np.uint8, 1), (".jpg", np.uint8, 3)]
PHOTOGRAPHS += [(".webp", np.uint8, channels) for channels in (3, 4)]
PHOTOGRAPHS += [(".png", dtype, n) for dtype in (np.uint8, np.uint16) for n in (1, 3, 4)]


@pytest.mark.parametrize("orientation", range(1, 10))
@pytest.mark.parametrize(("suffix", "dtype", "channels"), PHOTOGRAPHS)
def test_photographs_are_turned_upright(suffix, dtype, channels, orientation):
    rng = np.random.default_rng(0)
    picture = rng.integers(0, np.iinfo(dtype).max, (20, 40, channels), dtype, endpoint=True)
    data = cv2.imencode(suffix, picture, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    (lying,), notes = to_images(decode(data, "a"))
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    turned = with_exif(data, exif)
    (image,), other_notes = to_images(decode(turned, "a"))
    upright = {
        2: lying[:, ::-1],
        3: lying[::-1, ::-1],
        4: lying[::-1],
        5: lying.swapaxes(0, 1),
        6: np.rot90(lying, -1),
        7: lying[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(lying),
    }
    assert np.array_equal(image, upright.get(orientation, lying))
    assert other_notes == notes
    if dtype == np.uint8 and channels < 4:  # OpenCV turns these itself
        assert np.array_equal(image, cv2.imdecode(np.frombuffer(turned, np.uint8), 1))


def test_the_log_of_opencv_comes_back_as_it_was_also_from_threads(tmp_path, colours):
    good = write(tmp_path / "good.png", colours)
    bad = tmp_path / "bad.png"
    bad.write_bytes(good.read_bytes()[:500])
    level = cv2.utils.logging.LOG_LEVEL_ERROR
    cv2.utils.logging.setLogLevel(level)

    def load(path: Path) -> None:
        with contextlib.suppress(helpers.PictureError):
            helpers.load_image(path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(load, [good, bad] * 50))
    assert cv2.utils.logging.getLogLevel() == level


def test_the_log_of_opencv_is_silent_until_the_last_thread_is_done(tmp_path, colours, monkeypatch):
    slow, quick = write(tmp_path / "slow.png", colours), write(tmp_path / "quick.png", colours[:20])
    decode, inside, first_is_done = cv2.imdecode, threading.Event(), threading.Event()
    levels = []

    def decode_slowly(encoded, flags):
        if encoded.tobytes() == slow.read_bytes():
            inside.set()
            assert first_is_done.wait(10)
            levels.append(cv2.utils.logging.getLogLevel())
        return decode(encoded, flags)

    monkeypatch.setattr(cv2, "imdecode", decode_slowly)
    before = cv2.utils.logging.getLogLevel()
    with ThreadPoolExecutor() as pool:
        loading = pool.submit(helpers.load_image, slow)
        assert inside.wait(10)
        helpers.load_image(quick)
        first_is_done.set()
        loading.result()
    assert levels == [cv2.utils.logging.LOG_LEVEL_SILENT]
    assert cv2.utils.logging.getLogLevel() == before


def test_a_pair_is_decoded_at_once(tmp_path, colours, monkeypatch):
    paths = write(tmp_path / "a.png", colours), write(tmp_path / "b.png", colours[::-1])
    decode, both_are_here = cv2.imdecode, threading.Barrier(2, timeout=10)

    def decode_in_company(encoded, flags):
        both_are_here.wait()
        return decode(encoded, flags)

    monkeypatch.setattr(cv2, "imdecode", decode_in_company)
    first, second = helpers.load_pair(*paths)
    assert np.array_equal(first, colours)
    assert np.array_equal(second, colours[::-1])


def test_the_first_of_two_bad_files_is_named(tmp_path, colours):
    good, gone = write(tmp_path / "good.png", colours), tmp_path / "gone.png"
    text = tmp_path / "text.png"
    text.write_text("no picture")
    floats = write(tmp_path / "floats.tiff", np.zeros((4, 4), np.float32))
    for first, second, named in (
        (gone, text, "gone"),
        (text, gone, "text"),
        (floats, gone, "floats"),
        (good, gone, "gone"),
    ):
        with pytest.raises((FileNotFoundError, helpers.PictureError), match=rf"{named}\.\w+"):
            helpers.load_pair(first, second)


def test_a_warning_points_at_the_line_of_the_caller(tmp_path):
    path = write(tmp_path / "deep.png", np.zeros((9, 9, 3), np.uint16))
    for function, warned in (
        (helpers.load_image, 1),
        (lambda path: helpers.load_pair(path, path), 2),
        (lambda path: helpers.compare(path, path), 2),
    ):
        with pytest.warns(UserWarning) as caught:
            function(path)
        assert [warning.filename for warning in caught] == warned * [__file__]


def test_a_link_to_nothing_is_called_that(tmp_path):
    try:
        (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    except OSError:
        pytest.skip("this system makes no links here")
    with pytest.raises(FileNotFoundError, match=r"is a link to .*gone\.png, and that is not there"):
        helpers.load_image(tmp_path / "link.png")


def test_what_cannot_be_read_is_said_in_words(tmp_path, colours):
    path = write(tmp_path / "a.png", colours)
    with pytest.raises(helpers.PictureError, match=r"cannot be read \(.*Check that it is a file"):
        helpers.load_image(tmp_path / ("long" * 100))
    if sys.platform != "win32":
        with pytest.raises(helpers.PictureError, match=r"cannot be read \(Not a directory"):
            helpers.load_image(path / "b.png")


def test_more_pixels_than_opencv_reads(tmp_path):
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )
    (tmp_path / "vast.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    with pytest.raises(
        helpers.PictureError, match=r"more pixels than OpenCV reads\. Crop or reduce"
    ):
        helpers.load_image(tmp_path / "vast.png", limit=10_000)


def test_paths_beyond_ascii(tmp_path, colours):
    folder = tmp_path / "Größe 図"
    folder.mkdir()
    path = folder / "прежде.png"
    path.write_bytes(cv2.imencode(".png", colours)[1])
    assert np.array_equal(helpers.load_image(path), colours)


def test_a_missing_file_is_named_with_its_likely_neighbour(tmp_path, colours):
    write(tmp_path / "original_01.png", colours)
    with pytest.raises(
        FileNotFoundError, match=r"orginal_01\.png.*Did you mean original_01\.png\?"
    ):
        helpers.load_image(tmp_path / "orginal_01.png")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere, so no picture a\.png"):
        helpers.load_image(tmp_path / "nowhere" / "a.png")


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(helpers.PictureError, match="is a folder"):
        helpers.load_image(tmp_path)


def test_text_is_no_picture(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("not a picture at all")
    with pytest.raises(helpers.PictureError, match=r"notes\.png is not a picture\. Give a PNG"):
        helpers.load_image(path)


def test_a_program_without_a_name_reads_pictures(tmp_path):
    """Python itself drops the warnings of such a one."""
    cv2.imwrite(str(tmp_path / "a.png"), np.full((9, 9, 3), 65535, np.uint16))
    names = {"__name__": None, "path": tmp_path / "a.png"}
    exec("from helpers import load_image\npicture = load_image(path)", names)
    assert (names["picture"] == 255).all()


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(helpers.PictureError, match=r"empty\.png is empty \(0 bytes\)"):
        helpers.load_image(path)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_truncated_files_are_refused(tmp_path, format_name, part, capfd):
    whole = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    PillowImage.fromarray(noise).save(whole, format_name)
    path = tmp_path / "cut"
    path.write_bytes(whole.getvalue()[: int(len(whole.getvalue()) * part)])
    name = {"WEBP": "WebP"}.get(format_name, format_name)
    with pytest.raises(helpers.PictureError, match=f"begins like a {name} picture.*cut off"):
        helpers.load_image(path)
    assert "OpenCV" not in capfd.readouterr().err  # libpng prints a line of its own


def test_floating_point_files_are_refused(tmp_path):
    path = write(tmp_path / "float.tiff", np.zeros((4, 4), np.float32))
    with pytest.raises(helpers.PictureError, match=r"float\.tiff holds float32 values"):
        helpers.load_image(path)


def test_two_sizes_are_both_named(tmp_path, colours):
    write(tmp_path / "a.png", colours)
    write(tmp_path / "b.png", colours[:20])
    message = r"a\.png is 40 x 24 pixels, .*b\.png is 40 x 20 .*Crop or resize"
    with pytest.raises(helpers.PictureError, match=message):
        helpers.load_pair(tmp_path / "a.png", tmp_path / "b.png")


def test_a_picture_on_its_side_gets_other_advice(colours):
    with pytest.raises(helpers.PictureError, match=r"lies on its side: turn it with cv2\.rotate"):
        check_same_size(colours, colours.transpose(1, 0, 2))


def test_bytes_are_decoded_as_their_file_is(tmp_path, colours):
    picture = np.dstack([colours, np.full(colours.shape[:2], 100, np.uint8)])
    path = write(tmp_path / "glass.png", picture)
    with pytest.warns(UserWarning, match=r"glass\.png is transparent"):
        from_file = helpers.load_image(path)
    (decoded,), notes = to_images(decode(path.read_bytes(), "upload 7"))
    assert np.array_equal(decoded, from_file)
    assert notes == ["upload 7 is transparent in places; laid on white."]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "upload 7 is empty"),
        (b"hello", "upload 7 is not a picture"),
        (b"\x89PNG\r\n\x1a\n and no more", "upload 7 begins like a PNG picture"),
    ],
)
def test_bytes_that_are_no_picture_are_refused_by_name(data, words):
    with pytest.raises(helpers.PictureError, match=words):
        decode(data, "upload 7")
