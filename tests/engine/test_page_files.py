"""Files of several pages or frames, compared page by page."""

import io
import os
import struct
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from pdf_files import LOCKED, pdf, text
from PIL import Image as PillowImage

import helpers
from helpers import documents, pages
from helpers import pdf as pdf_module
from helpers.boxes import Box
from helpers.files import FileBytes
from helpers.loading import PictureError
from helpers.pages import open_pages
from helpers.scoring.scores import overlap

MARK = b"1 0 0 rg 100 200 60 40 re f"  # at 144 dots an inch a box at (200, 320), of 120 x 80


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def found(*files: Path, **options) -> list[tuple[int | None, int | None, str]]:
    result = helpers.compare_pages(*files, **options)
    return [(page.first, page.second, page.verdict) for page in result]


def frames(count: int, *, alpha: bool = False) -> list[PillowImage.Image]:
    """Pictures with nothing in common."""
    rng = np.random.default_rng(4)
    grids = rng.integers(0, 256, (count, 6, 8, 3), np.uint8)
    pictures = [cv2.resize(g, (80, 60), interpolation=cv2.INTER_NEAREST) for g in grids]
    if alpha:
        pictures = [np.dstack([p, np.full((60, 80), 255, np.uint8)]) for p in pictures]
    return [PillowImage.fromarray(picture) for picture in pictures]


def save(path: Path, shown: list[PillowImage.Image]) -> Path:
    options = {".webp": {"lossless": True}, ".tif": {"compression": "tiff_lzw"}}
    first, *others = [picture.copy() for picture in shown]
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(path, **more, **options.get(path.suffix, {}))
    return path


# Pages of PDF


def test_pages_of_a_pdf_inserted_removed_and_changed(tmp_path):
    shown = [text(seed) for seed in range(5)]
    first = written(tmp_path / "a.pdf", pdf(*shown))
    second = written(tmp_path / "b.pdf", pdf(shown[0], text(9), shown[1], text(2, MARK), shown[4]))
    result = list(helpers.compare_pages(first, second))
    assert [(page.first, page.second, page.verdict) for page in result] == [
        (1, 1, "identical"),
        (None, 2, "inserted"),
        (2, 3, "identical"),
        (3, 4, "changed"),
        (4, None, "removed"),
        (5, 5, "identical"),
    ]
    assert [page.is_same for page in result] == [True, False, True, False, False, True]
    (box,) = result[3].comparison.boxes
    assert overlap([box], [Box(200, 320, 120, 80)])[0][0] > 0.9
    assert result[1].picture.shape == (800, 600, 3) and result[1].comparison is None
    assert result[3].to_dict()["boxes"] == [list(box)] and result[4].to_dict()["second"] is None


def test_dots_an_inch_and_a_choice_of_pages(tmp_path):
    first = written(tmp_path / "a.pdf", pdf(*map(text, range(4))))
    second = written(tmp_path / "b.pdf", pdf(text(7), text(1), text(2, MARK)))
    assert found(first, second, pages=2) == [(2, 2, "identical")]
    assert found(first, second, pages=(2, 3)) == [(2, 2, "identical"), (3, 3, "changed")]
    assert found(first, second, pages=(2, 99))[-1] == (4, None, "removed")
    (page,) = helpers.compare_pages(first, second, pages=3, dpi=72)
    assert page.comparison.mask.shape == (400, 300)
    with pytest.raises(PictureError, match=r"b\.pdf has 3 pages, and no page 4\."):
        helpers.compare_pages(first, second, pages=4)


def test_a_pdf_of_one_page_against_a_picture(tmp_path):
    first = written(tmp_path / "a.pdf", pdf(text(1)))
    (page,) = helpers.compare_pages(first, first)
    cv2.imwrite(str(tmp_path / "b.png"), page.comparison.first)
    assert found(first, tmp_path / "b.png") == [(1, 1, "identical")]
    several = written(tmp_path / "c.pdf", pdf(text(2), text(1), text(3)))
    assert found(several, tmp_path / "b.png") == [
        (1, None, "removed"),
        (2, 1, "identical"),
        (3, None, "removed"),
    ]
    assert found(several, tmp_path / "b.png", pages=2) == [(2, 1, "identical")]


def test_of_a_pdf_one_picture_is_its_first_page(tmp_path):
    path = written(tmp_path / "a.pdf", pdf(text(1), text(2)))
    with pytest.warns(UserWarning, match=r"a\.pdf has 2 pages; only the first is read\."):
        image = helpers.load_image(path)
    assert image.shape == (800, 600, 3) and image.min() < 50


REFUSED = {
    "locked": (LOCKED, "a.pdf is a PDF that wants a password. Save a copy without one."),
    "empty": (pdf(), "a.pdf is a PDF without pages. Save or export it again."),
    "cut off": (pdf(text(1))[:100], "a.pdf begins like a PDF but cannot be read: it is damaged"),
    "nonsense": (b"%PDF-1.7\n" + bytes(999), "a.pdf begins like a PDF but cannot be read"),
    "many": (pdf(text(1), kids=10_000), "a.pdf has 10000 pages, and at most 1000 are compared. "),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_pdf_that_cannot_be_read(tmp_path, kind):
    data, words = REFUSED[kind]
    path = written(tmp_path / "a.pdf", data)
    began = time.perf_counter()
    with pytest.raises(PictureError) as caught:
        helpers.compare_pages(path, path)
    assert words in str(caught.value)
    assert time.perf_counter() - began < 3


def test_a_vast_page_is_never_drawn_and_the_others_are_compared(tmp_path):
    vast = written(tmp_path / "a.pdf", pdf(text(1), size=(14_400, 14_400)))
    (page,) = helpers.compare_pages(vast, vast)
    assert page.verdict == "trouble" and page.comparison is None and not page.is_same
    assert page.trouble == (
        f"{vast}, page 1 has 28800 x 28800 pixels at 144 dots an inch, and at most 50 million are "
        "read. Give --dpi 35 or less (dpi= in Python), or a higher --limit."
    )
    (page,) = helpers.compare_pages(vast, vast, dpi=10)
    assert page.comparison.mask.shape == (2000, 2000)
    small = pdf(text(1), text(2)).replace(b"[0 0 300 400]", b"[0 0 99999 99999]", 1)
    mixed = written(tmp_path / "b.pdf", small)
    assert [page.verdict for page in helpers.compare_pages(mixed, mixed)] == [
        "trouble",
        "identical",
    ]


FAKES = {
    "missing": ("raise ImportError('no such thing')", "pypdfium2, which draws it, cannot be imp"),
    "crashes": ("{document}os.abort()", "cannot be drawn: PDFium, which draws PDF, crashed or"),
    "hangs": ("{document}time.sleep(60)", "PDFium, which draws PDF, took more than 1.5 seconds"),
    "fails": ("{document}raise ValueError('odd')", "page 1 cannot be drawn (ValueError: odd)"),
    "babbles": ("print('hello', flush=True); time.sleep(60)", "PDFium, which draws PDF, crashed"),
}
DOCUMENT = """import os, time
class PdfDocument:
    def __init__(self, data): pass
    def init_forms(self): pass
    def __len__(self): return 5
    def __getitem__(self, page): """


def fake_pdfium(folder: Path, monkeypatch, program: str) -> None:
    (folder / "pypdfium2").mkdir()
    (folder / "pypdfium2" / "raw.py").touch()
    (folder / "pypdfium2" / "__init__.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.mark.parametrize("what", FAKES)
def test_whatever_pdfium_does_it_is_told_in_words(tmp_path, monkeypatch, what):
    program, words = FAKES[what]
    program = program.format(document=DOCUMENT) if "{document}" in program else program
    fake_pdfium(tmp_path, monkeypatch, f"import time\n{program}\n")
    monkeypatch.setattr(pdf_module, "PATIENCE", 1.5)
    path = written(tmp_path / "a.pdf", pdf(text(1)))
    file = FileBytes(path, path.read_bytes())
    with pytest.raises(PictureError) as caught, open_pages(file) as opened:
        opened.read(0)
    assert words in str(caught.value)


def test_a_file_in_which_pdfium_ends_again_and_again_is_given_up(tmp_path, monkeypatch):
    fake_pdfium(tmp_path, monkeypatch, f"{DOCUMENT}os.abort()\n")
    path = written(tmp_path / "a.pdf", pdf(text(1)))
    with open_pages(FileBytes(path, path.read_bytes())) as opened:
        said = []
        for page in range(5):
            with pytest.raises(PictureError) as caught:
                opened.read(page)
            said.append(str(caught.value))
    assert ["crashed" in words for words in said] == [True] * 3 + [False] * 2
    assert "page 5 is not drawn: PDFium has ended 3 times in this file" in said[-1]


def test_without_a_python_to_start(tmp_path, monkeypatch):
    path = written(tmp_path / "a.pdf", pdf(text(1)))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(PictureError, match="process of its own, and that cannot be started"):
        helpers.compare_pages(path, path)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux")
def test_no_process_is_left(tmp_path):
    def children() -> list[str]:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()

    before = children()
    path = written(tmp_path / "a.pdf", pdf(text(1), text(2)))
    assert len(list(helpers.compare_pages(path, path))) == 2
    halfway = helpers.compare_pages(path, path)
    next(halfway)
    assert len(children()) == len(before) + 2
    halfway.close()
    assert children() == before


# Pages of TIFF, and frames


@pytest.mark.parametrize("suffix", ["tif", "gif", "webp", "png"])
def test_frames_inserted_removed_and_changed(tmp_path, suffix):
    shown = frames(6)
    edited = shown[3].copy()
    edited.paste((0, 0, 255), (20, 20, 40, 40))
    first = save(tmp_path / f"a.{suffix}", shown[:5])
    second = save(tmp_path / f"b.{suffix}", [shown[0], shown[5], shown[1], edited, shown[4]])
    assert found(first, second) == [
        (1, 1, "identical"),
        (None, 2, "inserted"),
        (2, 3, "identical"),
        (3, None, "removed"),
        (4, 4, "changed"),
        (5, 5, "identical"),
    ]
    changed = list(helpers.compare_pages(first, second))[4]
    assert overlap(changed.comparison.boxes, [Box(20, 20, 20, 20)])[0][0] > 0.5


def test_files_of_several_kinds_are_compared(tmp_path):
    shown = frames(3)
    files = [save(tmp_path / f"a.{suffix}", shown) for suffix in ("tif", "webp", "png")]
    for other in files[1:]:
        assert found(files[0], other) == [(k, k, "identical") for k in (1, 2, 3)]
    single = save(tmp_path / "b.png", shown[1:2])
    assert found(files[0], single) == [
        (1, None, "removed"),
        (2, 1, "identical"),
        (3, None, "removed"),
    ]


def test_frames_are_compared_as_they_are_shown(tmp_path):
    """A frame that stores only what moved is the same as one that stores all."""
    whole = [PillowImage.new("RGB", (80, 60), (9, 99, 199)) for _ in range(3)]
    for place, picture in enumerate(whole):
        picture.paste((200, 20, 20), (10 + 20 * place, 20, 25 + 20 * place, 40))
    small = save(tmp_path / "a.png", whole)  # Pillow stores what changed
    with PillowImage.open(small) as stored:
        stored.seek(1)
        assert stored.tile[0].extents == (10, 20, 45, 40)
    assert found(small, save(tmp_path / "a.tif", whole)) == [(k, k, "identical") for k in (1, 2, 3)]


def test_opacity_of_frames_counts(tmp_path):
    first, second = (frames(2, alpha=True) for _ in range(2))
    second[1].paste((255, 255, 255, 0), (30, 30, 50, 50))
    first[1].paste((255, 255, 255, 255), (30, 30, 50, 50))
    result = found(save(tmp_path / "a.png", first), save(tmp_path / "b.png", second))
    assert result == [(1, 1, "identical"), (2, 2, "changed")]


def test_each_page_of_a_tiff_has_its_own_size_and_depth(tmp_path):
    deep = np.random.default_rng(1).integers(0, 65536, (40, 50), np.uint16)
    color = np.full((1100, 1000, 3), (10, 90, 200), np.uint8)
    path = tmp_path / "a.tif"
    assert cv2.imwritemulti(str(path), [deep, color])
    opened = open_pages(FileBytes(path, path.read_bytes()))
    assert (opened.count, opened.read(0).pixels.dtype) == (2, np.uint16)
    assert np.array_equal(opened.read(0).pixels, deep)
    assert np.array_equal(opened.read(1).pixels, color)
    assert opened.read(1).name == f"{path}, page 2" and opened.read(1).notes == ()
    assert opened.read(0).notes == ()
    opened._limit = 1
    opened.read(0)
    with pytest.raises(PictureError, match=r"page 2 has more than 1 million pixels"):
        opened.read(1)


def test_a_tiff_of_64_bits_has_pages(tmp_path):
    shown = frames(3)
    first, *others = shown
    first.save(tmp_path / "a.tif", save_all=True, append_images=others, big_tiff=True)
    assert (tmp_path / "a.tif").read_bytes()[2] == 43
    assert found(tmp_path / "a.tif", save(tmp_path / "b.tif", shown)) == [
        (k, k, "identical") for k in (1, 2, 3)
    ]


def test_a_tiff_whose_list_of_pages_is_damaged(tmp_path):
    data = bytearray(save(tmp_path / "a.tif", frames(3)).read_bytes())
    places, is_whole = pages.page_places(bytes(data))
    assert is_whole and len(places) == 3
    link = places[1] + 2 + 12 * struct.unpack_from("<H", data, places[1])[0]
    struct.pack_into("<I", data, link, len(data) + 99)
    path = written(tmp_path / "b.tif", bytes(data))
    with pytest.warns(UserWarning, match=r"b\.tif is damaged after page 2; further pages are not"):
        assert len(found(path, path)) == 2
    struct.pack_into("<I", data, link, places[0])  # a circle
    circle = written(tmp_path / "c.tif", bytes(data))
    assert len(found(circle, circle)) == 2


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_frames_of_a_file_that_is_cut_off(tmp_path, suffix):
    data = save(tmp_path / f"a.{suffix}", frames(5)).read_bytes()
    path = written(tmp_path / f"b.{suffix}", data[: len(data) * 3 // 5])
    try:
        result = list(helpers.compare_pages(tmp_path / f"a.{suffix}", path))
    except PictureError as error:
        assert "cannot be read" in str(error) or "cut off" in str(error)
    else:
        assert not all(page.is_same for page in result)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_the_beginning_of_a_file_is_no_fault(tmp_path, suffix):
    """However little there is of what says that a file has several pages."""
    path = save(tmp_path / f"a.{suffix}", frames(2))
    data = path.read_bytes()
    lengths = [*range(1, 120), *range(120, len(data), len(data) // 40)]
    odd = b"\x89PNGacTLIDAT", b"RIFF\0\0\0\0WEBPVP8X", b"II*\0", b"GIF8", b"MM\0+"
    for cut in [*(data[:length] for length in lengths), *odd]:
        try:
            opened = open_pages(FileBytes(path, cut))
        except PictureError as error:
            assert str(path) in str(error)
        else:
            assert opened.count >= 1


def test_a_file_with_a_page_that_cannot_be_read(tmp_path):
    data = bytearray(save(tmp_path / "a.tif", frames(3)).read_bytes())
    places, _ = pages.page_places(bytes(data))
    count = struct.unpack_from("<H", data, places[1])[0]
    for entry in range(places[1] + 2, places[1] + 2 + 12 * count, 12):
        if struct.unpack_from("<H", data, entry)[0] == 259:
            struct.pack_into("<H", data, entry + 8, 34712)  # how it is compressed
    path = written(tmp_path / "b.tif", bytes(data))
    result = list(helpers.compare_pages(tmp_path / "a.tif", path))
    assert [page.verdict for page in result] == ["identical", "trouble", "identical"]
    assert "b.tif, page 2 is a TIFF compressed with JPEG 2000" in result[1].trouble


def test_too_many_frames(tmp_path):
    path = save(tmp_path / "a.gif", frames(4))
    with pytest.raises(PictureError, match=r"has 4 frames, and at most 3 are compared\. Choose"):
        helpers.compare_pages(path, path, most_pages=3)
    assert len(found(path, path, pages=(2, 4), most_pages=3)) == 3


def test_one_pair_of_pages_is_in_memory(tmp_path, monkeypatch):
    path = save(tmp_path / "a.tif", frames(4))
    order = []
    read = pages._TiffPages.read
    replaced = {
        "sketch": lambda self, page: np.array(read(self, page).pixels),
        "read": lambda self, page: order.append(page) or read(self, page),
    }
    for name, function in replaced.items():
        monkeypatch.setattr(pages._TiffPages, name, function)
    result = helpers.compare_pages(path, path)
    assert order == []
    next(result)
    assert order == [0, 0]
    next(result)
    assert order == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "options",
    [
        {"pages": 0},
        {"pages": (2, 1)},
        {"pages": (1, 2, 3)},
        {"pages": "1-2"},
        {"pages": True},
        {"dpi": 5},
        {"dpi": 9999},
        {"dpi": 14.4},
        {"most_pages": 0},
        {"limit": -1},
        {"method": "none"},
        {"colour": 3},
    ],
)
def test_options_that_are_none_are_refused_before_a_file_is_opened(tmp_path, options):
    with pytest.raises(PictureError):
        helpers.compare_pages(tmp_path / "none.pdf", tmp_path / "none.pdf", **options)


def test_two_standard_inputs():
    with pytest.raises(PictureError, match="Only one of the two pictures can come from"):
        helpers.compare_pages("-", "-")
    assert documents.check_pages(None) is None and documents.check_pages([2, 3]) == (2, 3)


def test_a_file_of_one_picture_is_not_read_twice(tmp_path):
    buffer = io.BytesIO()
    PillowImage.new("RGB", (40, 30), "red").save(buffer, "JPEG")
    opened = open_pages(FileBytes(tmp_path / "a.jpg", buffer.getvalue()))
    assert type(opened) is pages.Pages and not opened.are_paged
