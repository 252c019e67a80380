"""Files that hold several pictures, page by page: PDF, TIFF of pages, animations."""

import io
import struct
from dataclasses import replace
from importlib import import_module
from typing import Any, BinaryIO, Self

import cv2
import numpy as np

from helpers.errors import PictureError
from helpers.files import LIMIT, FileBytes, check_size, shown_name
from helpers.headers import (
    KINDS,
    Metered,
    kind_of,
    page_places,
    read_header,
    single_page,
)
from helpers.loading import Decoded, Image, decode, losses, other_profile, to_images, turn

DPI = 144  # dots an inch: a PDF is drawn at twice its size in points; 6 points can be read then
LEAST_DPI, MOST_DPI = 10, 2400
MOST_PAGES = 1000  # of a file, unless more are asked for
DEEP = 16  # bits a channel, which Pillow would cut to 8 in an animated PNG
DEPTH = 24  # where a PNG says how many
FEATURES, MOVES = 20, 2  # where an extended WebP says what it has, and the bit for frames


class Pages:
    """The pictures of one file, read one at a time. This class is for files that hold one.

    Parameters
    ----------
    file : FileBytes
    limit : float, optional
        The most million pixels of a page.
    dpi : float, optional
        Dots an inch at which pages of a PDF are drawn.

    Attributes
    ----------
    name : str
        What messages call the file.
    kind : {"page", "frame"}
        What messages call one of its pictures.
    count : int
        How many there are.
    are_paged : bool
        Whether results name the page also where the file has only one.
    notes : tuple of str
        What is to be known of the file as a whole, in sentences.
    """

    kind = "page"
    count = 1
    are_paged = False
    notes: tuple[str, ...] = ()

    def __init__(self, file: FileBytes, limit: float = LIMIT, dpi: float = DPI) -> None:
        self.name = shown_name(file.path)
        self._data, self._limit, self._dpi = file.data, limit, dpi

    def read(self, page: int) -> Decoded:
        """Read a page, counted from 0.

        Raises
        ------
        PictureError
            It is damaged, beyond the limit, or of a kind that is not read.
        """
        return decode(self._data, self.name, limit=self._limit)

    def sketch(self, page: int) -> Image:
        """Read a page as BGR, to know it by; it may be smaller. Errors as of `read`."""
        return to_images(self.read(page))[0][0]

    def close(self) -> None:
        """Let go of what reading needs."""

    def _page_name(self, page: int) -> str:
        return f"{self.name}, {self.kind} {page + 1}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _PdfPages(Pages):
    are_paged = True

    def __init__(self, file: FileBytes, limit: float, dpi: float) -> None:
        from helpers.pdf import Pdf  # only here, so that all others start fast

        super().__init__(file, limit, dpi)
        self._pdf = Pdf(file.data, self.name, limit)
        self.count = self._pdf.count

    def read(self, page: int) -> Decoded:
        return Decoded(self._page_name(page), self._pdf.draw(page, self._dpi))

    def sketch(self, page: int) -> Image:
        return self._pdf.sketch(page)

    def close(self) -> None:
        self._pdf.close()


class _TiffPages(Pages):
    """Pages of a TIFF: each is read as a file of its own, whose first page it is."""

    are_paged = True

    def __init__(self, file: FileBytes, limit: float, dpi: float) -> None:
        super().__init__(file, limit, dpi)
        self._places, is_whole = page_places(file.data)
        self.count = len(self._places)
        if not is_whole:
            self.notes = (
                f"{self.name} is damaged after page {self.count}; further pages are not read.",
            )

    def read(self, page: int) -> Decoded:
        data = single_page(self._data, self._places[page])
        return decode(data, self._page_name(page), limit=self._limit)


class _Frames(Pages):
    """Frames of an animation, as they are shown: each on those before it."""

    kind = "frame"
    are_paged = True

    def __init__(self, file: FileBytes, limit: float, dpi: float) -> None:
        super().__init__(file, limit, dpi)
        self._header = read_header(file.data, self.name, limit)
        self._animation = None
        self.count, is_whole = self._count()
        if not is_whole:
            self.notes = (
                f"{self.name} is damaged after frame {self.count}; further frames are not read.",
            )

    def _open(self, file: BinaryIO) -> Any:
        _, _, module, opener = KINDS[self._header.kind]
        return getattr(import_module(f"PIL.{module}"), opener)(file)

    def _count(self) -> tuple[int, bool]:
        """Count the frames, as far as they can be; say whether that is to the end."""
        if self._header.frames == "1":
            return 1, True
        with self._open(Metered(self._data, 3 * len(self._data))) as animation:
            try:
                return animation.n_frames, True
            except Exception:  # what follows is damaged, or does not end
                return animation.tell() + 1, False

    def read(self, page: int) -> Decoded:
        name = self._page_name(page)
        try:
            if self._animation is None:
                self._animation = self._open(io.BytesIO(self._data))
            self._animation.seek(page)
            frame = np.asarray(self._animation.convert("RGBA"))
        except MemoryError:
            raise
        except Exception as error:  # damaged data can be wrong in every way
            self.close()  # what came before is not to be trusted by those that follow
            raise PictureError(
                f"{name} cannot be decoded: it is cut off or damaged ({type(error).__name__}). "
                "Save or download the file again."
            ) from None
        if frame.shape[:2] != (self._header.height, self._header.width):
            raise PictureError(f"{name} has another size than the file. Save it again.")
        opaque = frame[..., 3].min() == 255
        how = cv2.COLOR_RGBA2BGR if opaque else cv2.COLOR_RGBA2BGRA
        pixels = turn(cv2.cvtColor(frame, how), self._header.orientation)
        notes = tuple(losses(replace(self._header, frames="1"), True, name))
        return Decoded(name, pixels, notes, profile=other_profile(self._header))

    def close(self) -> None:
        self._animation = None


def open_pages(file: FileBytes, *, limit: float = LIMIT, dpi: float = DPI) -> Pages:
    """Find out how many pictures a file holds, and return what reads them.

    Parameters
    ----------
    file : FileBytes
    limit : float, optional
        The most million pixels of a page.
    dpi : float, optional
        Dots an inch at which pages of a PDF are drawn.

    Returns
    -------
    Pages
        Of a file that holds one picture nothing is read yet. What follows after the first picture
        of a JPEG, PNM or BMP, and small copies and parts of a page of a TIFF, are no pages.

    Raises
    ------
    PictureError
        It holds several, and is damaged or beyond the limit.
    """
    check_size(len(file.data), shown_name(file.path), limit)
    kind = kind_of(file.data)
    if kind == "PDF":
        return _PdfPages(file, limit, dpi)
    if kind == "TIFF" and _has_pages(file.data):
        return _TiffPages(file, limit, dpi)
    if _may_move(file.data, kind):
        frames = _Frames(file, limit, dpi)
        if frames.count > 1:
            return frames
    return Pages(file, limit, dpi)


def _has_pages(data: bytes) -> bool:
    try:
        return len(page_places(data)[0]) > 1
    except struct.error:  # it is cut off: `decode` says so
        return False


def _may_move(data: bytes, kind: str) -> bool:
    """Say whether a file may be an animation; most that are none are known at once."""
    if kind == "PNG":
        is_deep = data[DEPTH : DEPTH + 1] == bytes([DEEP])
        return b"acTL" in data[: data.find(b"IDAT") + 1] and not is_deep
    if kind == "WebP":
        features = int.from_bytes(data[FEATURES : FEATURES + 1])
        return data[12:16] == b"VP8X" and features & MOVES != 0
    return kind == "GIF"
