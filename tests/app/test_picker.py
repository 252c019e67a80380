"""The picker's Python side: what a browser may send, good and bad. The page: tests/browser."""

import contextlib
import io
import re
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from pdf_files import pdf, text
from PIL import Image as PillowImage

import helpers
from helpers.app import picker as picker_module
from helpers.app.picker import CHUNK, MOST_BYTES, Picker, clean_name, in_words
from helpers.loading import PictureError

IMAGES = Path(__file__).parents[2] / "images"
COIN = (IMAGES / "original_05.png").read_bytes()


class Browser:
    """A picker and what a page would tell it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.changes, self.answers = 0, []
        self.picker = Picker(self.change, folder)
        self.picker.send = self.answers.append

    def change(self) -> None:
        self.changes += 1

    def tell(self, buffers: tuple[bytes, ...] = (), **content: object) -> None:
        self.picker._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])

    def start(self, size: int, place: int = 0, name: str = "a.png") -> None:
        self.tell(kind="start", id="1", place=place, name=name, size=size)

    def upload(self, data: bytes, place: int = 0, name: str = "a.png") -> None:
        self.tell(kind="begin")
        self.start(len(data), place, name)
        for offset in range(0, len(data), CHUNK):
            self.tell((data[offset : offset + CHUNK],), kind="chunk", id="1")
        self.tell(kind="done")


def packed(picture: PillowImage.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and has no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    chunks = [
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, data)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def bmp_header(width: int, height: int) -> bytes:
    size = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + size


def test_a_file_in_chunks_is_what_load_image_reads():
    browser = Browser()
    noise = np.random.default_rng(0).integers(0, 256, (700, 900, 3), dtype=np.uint8)
    data = cv2.imencode(".png", noise)[1].tobytes()
    assert len(data) > CHUNK
    browser.upload(data, place=1, name="noise.png")
    assert np.array_equal(browser.picker.pictures[1].image, noise)
    assert [answer["bytes"] for answer in browser.answers] == [0, CHUNK, len(data)]
    assert browser.picker.shown[0] is None
    assert browser.picker.shown[1]["name"] == "noise.png"
    assert browser.picker.shown[1]["words"] == f"900 x 700 pixels, {len(data) / 2**20:.1f} MB"
    assert browser.changes == 1 and not browser.picker.alert


def test_the_thumbnail_is_the_picture_made_small():
    browser = Browser()
    browser.upload((IMAGES / "original_03.png").read_bytes())
    data = browser.picker.shown[0]["thumbnail"]
    small = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert small.shape == (144, 320, 3)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hello", "a.png is not a picture. Give a PNG"),
        (COIN[:20], "a.png begins like a PNG picture but cannot be read: it is cut off"),
        (COIN[: len(COIN) // 2], "a.png begins like a PNG picture but cannot be read"),
        (packed(PillowImage.new("RGB", (9, 9)), "AVIF"), "a.png is a file of the kind AVIF"),
        (b"", "a.png is empty (0 bytes)"),
        (png_header(20_000, 20_000), "a.png has more than 50 million pixels"),
        (png_header(10_001, 5_000), "a.png has more than 50 million pixels"),
        (bmp_header(8_000, 8_000), "a.png has more than 50 million pixels"),
        (packed(PillowImage.new("F", (9, 9)), "TIFF"), "a.png holds float32 values"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_changes_nothing(data, words):
    browser = Browser()
    browser.upload(COIN)
    before = browser.picker.pictures[0]
    browser.upload(data)
    assert words in browser.picker.alert
    assert browser.picker.pictures[0] is before
    assert {"kind": "refused", "id": "1"} in browser.answers


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_what_counts_is_the_content_not_the_name(kind):
    data = packed(PillowImage.new("RGB", (30, 20), (250, 120, 10)), kind)
    browser = Browser()
    browser.upload(data, name="letter.docx")
    image = browser.picker.pictures[0].image
    assert image.shape == (20, 30, 3)
    assert np.abs(image[10, 15].astype(int) - (10, 120, 250)).max() < 8


def test_a_file_that_says_it_is_too_large_is_refused_before_its_bytes_come():
    browser = Browser()
    browser.start(MOST_BYTES + 1)
    assert "a.png has more than 60 MB, the most that is read" in browser.picker.alert
    browser.tell((COIN,), kind="chunk", id="1")
    assert browser.picker.pictures == [None, None]


def test_more_bytes_than_announced_are_refused():
    browser = Browser()
    browser.start(10)
    browser.tell((b"12345678901",), kind="chunk", id="1")
    assert "grew while it was read" in browser.picker.alert


def test_bytes_of_another_file_do_not_get_into_this_one():
    browser = Browser()
    browser.start(10)
    browser.tell((b"123",), kind="chunk", id="2")
    assert "Another file was chosen meanwhile" in browser.picker.alert
    assert {"kind": "refused", "id": "2"} in browser.answers


def test_of_two_files_each_has_its_message_and_the_next_try_begins_without():
    browser = Browser()
    browser.tell(kind="begin")
    for name in ("a.png", "b.png"):
        browser.start(0, name=name)
    assert browser.picker.alert.count("is empty") == 2
    browser.tell(kind="begin")
    assert browser.picker.alert == ""


START = {"kind": "start", "id": "1", "place": 0, "name": "a.png", "size": 10}


@pytest.mark.parametrize(
    "content",
    [
        *(START | {"size": size} for size in ("many", "10", None, 9.5, float("inf"), True, [10])),
        *(START | {"place": place} for place in (2, -1, "0", 0.0, True, None, [0], {})),
        *(START | {"id": unknown} for unknown in (None, 1, ["1"])),
        *({"kind": kind} for kind in ("start", "folder", "chunk", "unknown", None, ["chunk"])),
        {"kind": "folder", "place": 1, "name": ["original_05.png"]},
        *({}, None, "begin", ["begin"], 7),
    ],
)
def test_a_message_that_makes_no_sense_is_answered_in_words(content):
    browser = Browser(IMAGES)
    browser.picker._handle_custom_msg(content, [])
    assert re.search(r"Load the page again|Choose this one again|no picture", browser.picker.alert)
    assert browser.answers[-1]["kind"] == "refused"
    assert browser.picker.pictures == [None, None] and browser.picker._upload is None


@pytest.mark.parametrize("size", [-1, -(10**400), 10**400])
def test_a_size_that_no_file_has_is_refused(size):
    browser = Browser()
    browser.start(size)
    assert "0 bytes" in browser.picker.alert or "the most that is read" in browser.picker.alert


@pytest.mark.parametrize("buffers", [(), (b"",)])
def test_a_chunk_without_bytes_is_refused(buffers):
    browser = Browser()
    browser.start(10)
    browser.tell(buffers, kind="chunk", id="1")
    assert "Load the page again" in browser.picker.alert


@pytest.mark.parametrize("kind", ["begin", "done", "swap"])
def test_a_file_that_never_came_to_its_end_is_not_kept(kind):
    browser = Browser()
    browser.start(2 * CHUNK)
    browser.tell((bytes(CHUNK),), kind="chunk", id="1")
    assert len(browser.picker._upload.data) == CHUNK
    browser.tell(kind=kind)
    assert browser.picker._upload is None


def test_an_alert_has_an_end():
    browser = Browser()
    for _ in range(100):
        browser.tell(kind="nonsense")
    assert len(browser.picker.alert) == 1000


def test_two_files_of_one_name_are_two_pictures():
    browser = Browser()
    browser.upload(COIN, 0, "photo.png")
    browser.upload((IMAGES / "modified_05.png").read_bytes(), 1, "photo.png")
    first, second = browser.picker.pictures
    assert first.name == second.name == "photo.png"
    assert not np.array_equal(first.image, second.image)


def test_swap():
    browser = Browser()
    browser.upload(COIN)
    browser.tell(kind="swap")
    assert browser.picker.pictures[0] is None
    assert browser.picker.shown[1]["name"] == "a.png"
    assert browser.changes == 2


def test_photographs_are_upright():
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    data = packed(PillowImage.new("RGB", (40, 20)), "JPEG", exif=exif)
    browser = Browser()
    browser.upload(data)
    assert browser.picker.pictures[0].image.shape == (40, 20, 3)


def test_uploads_write_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("a file was opened"))
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("a file was opened"))
    browser = Browser()
    browser.upload(COIN, name="../../coin.png")
    assert browser.picker.pictures[0].name == "coin.png"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        (r"C:\pictures\photo.png", "photo.png"),
        ("a\nb\x00c\x1b[31m.png", r"a\nb\x00c\x1b[31m.png"),
        ("evil\u202egnp.exe", r"evil\u202egnp.exe"),
        ("<b>&.png", "<b>&.png"),
        ("été.png", "été.png"),
        ("/", "picture"),
        ("", "picture"),
        (None, "None"),
        ("x" * 100 + "end.png", "x" * 44 + "…" + "x" * 8 + "end.png"),
    ],
)
def test_names_are_only_shown(name, clean):
    assert clean_name(name) == clean
    assert len(clean) <= 60


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "b.png").write_bytes(COIN)
    (inside / "a.JPG").write_bytes(COIN)
    (inside / "notes.txt").write_text("none")
    (inside / "deeper.png").mkdir()
    (tmp_path / "outside.png").write_bytes(COIN)
    with contextlib.suppress(OSError):  # Windows may not allow links
        (inside / "link.png").symlink_to(tmp_path / "outside.png")
    return inside


def test_only_pictures_of_the_folder_are_listed(folder):
    picker = Picker(lambda: None, folder)
    assert picker.names == ["a.JPG", "b.png"]
    assert picker.folder == "inside"
    assert Picker(lambda: None).names == []


def test_a_picture_of_the_folder_is_chosen_by_name(folder):
    browser = Browser(folder)
    browser.tell(kind="folder", place=1, name="b.png")
    assert np.array_equal(
        browser.picker.pictures[1].image, helpers.load_image(IMAGES / "original_05.png")
    )
    assert browser.changes == 1


@pytest.mark.parametrize(
    "name",
    ["../outside.png", "link.png", "notes.txt", "deeper.png", "", "./b.png", "c.png", 7, None],
)
def test_no_other_name_is_opened(folder, name, monkeypatch):
    monkeypatch.setattr(picker_module, "read_bytes", lambda *_: pytest.fail("a file was read"))
    browser = Browser(folder)
    browser.tell(kind="folder", place=0, name=name)
    assert "There is no picture" in browser.picker.alert
    assert "It has: a.JPG, b.png." in browser.picker.alert
    assert browser.picker.pictures == [None, None]


def test_an_absolute_path_is_no_name(folder):
    browser = Browser(folder)
    browser.tell(kind="folder", place=0, name=str(folder.parent / "outside.png"))
    assert "There is no picture outside.png in the folder inside" in browser.picker.alert


def test_without_a_folder_no_name_is_opened():
    browser = Browser()
    browser.tell(kind="folder", place=0, name="original_05.png")
    assert "It has: none." in browser.picker.alert


def test_choosing_by_code_raises(folder):
    picker = Picker(lambda: None, folder)
    with pytest.raises(PictureError, match=r"There is no picture c\.png"):
        picker.choose("b.png", "c.png")
    assert picker.pictures == [None, None]


def test_what_goes_wrong_after_a_choice_is_said():
    browser = Browser()

    def fail() -> None:
        raise MemoryError

    browser.picker._changed = fail
    browser.upload(COIN)
    assert "not enough memory" in browser.picker.alert


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PictureError("Turn it."), "Turn it."),
        (PermissionError(13, "Permission denied"), "cannot be read (Permission denied)"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    ],
)
def test_errors_become_sentences(error, words):
    assert words in in_words(error)


def test_of_a_pdf_the_first_page_is_taken(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf(text(1), text(2)))
    picker = Picker(lambda: None, tmp_path)
    picker.choose("a.pdf", "a.pdf")
    assert picker.pictures[0].image.shape == (800, 600, 3)
    assert picker.pictures[0].decoded.notes == ("a.pdf has 2 pages; only the first is read.",)
