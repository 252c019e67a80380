"""Pages of a PDF as pictures. PDFium draws them, in a process of its own."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import PictureError
from helpers.files import LIMIT
from helpers.loading import Image

SKETCH = 320  # pixels of the longer side of a sketch
PATIENCE = 60  # seconds for a page; usual are .05 to 1
ROOM = 2 * 2**30  # bytes for PDFium beside the pixels of a page
A_PIXEL = 16  # bytes for each: drawn, copied, and on its way
MOST_ENDS = 3  # times that the process may end in one file, before the file is given up
PASSWORD, NO_PAGES = 4, 0  # PDFium's numbers for why it does not open a file
PROGRAM = Path(__file__).with_name("pdf_process.py")
SAVE = "Open it in a program that shows PDF, and save or print it as a new PDF."


class Pdf:
    """A PDF file whose pages are drawn one at a time. It has to be closed.

    Parameters
    ----------
    data : bytes
        What the file holds.
    name : str
        What errors call it.
    limit : float, optional
        The most million pixels of a page.

    Attributes
    ----------
    count : int
        Number of pages.

    Raises
    ------
    PictureError
        pypdfium2 is not there, or the file wants a password, is damaged or has no pages.
    """

    def __init__(self, data: bytes, name: str, limit: float = LIMIT) -> None:
        self._data, self._name, self._most = data, name, limit * 1e6
        self._process: subprocess.Popen | None = None
        self._ends = 0
        try:
            self.count = self._start()
        except BaseException:
            self.close()
            raise

    def draw(self, page: int, dpi: float) -> Image:
        """Draw a page, on white and with what is filled into its forms.

        Parameters
        ----------
        page : int
            Counted from 0.
        dpi : float
            Dots an inch; a page of 72 points is an inch wide.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            BGR.

        Raises
        ------
        PictureError
            It would have too many pixels, which is known before it is drawn; or it cannot be drawn.
        """
        answer, pixels = self._page({"page": page, "dpi": dpi})
        width, height = answer["size"]
        if not pixels:
            most = self._most / 1e6
            fitting = max(int(dpi * (self._most / (width * height)) ** 0.5), 1)
            raise PictureError(
                f"{self._page_name(page)} has {width} x {height} pixels at {dpi:g} dots an inch, "
                f"and at most {most:g} million are read. Give --dpi {fitting} or less (dpi= in "
                "Python), or a higher --limit."
            )
        return _as_image(answer, pixels)

    def sketch(self, page: int) -> Image:
        """Draw a page small, to know it by: BGR, 320 pixels at its longer side."""
        return _as_image(*self._page({"page": page, "dpi": None}))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _page(self, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        name = self._page_name(question["page"])
        if self._process is None:
            if self._ends >= MOST_ENDS:
                raise PictureError(
                    f"{name} is not drawn: PDFium has ended {MOST_ENDS} times in this file. {SAVE}"
                )
            self._start()
        answer, pixels = self._ask(
            name, json.dumps(question | {"longest": SKETCH, "most": self._most}).encode() + b"\n"
        )
        if "error" in answer:
            raise PictureError(f"{name} cannot be drawn ({answer['error']}). {SAVE}")
        return answer, pixels

    def _page_name(self, page: int) -> str:
        return f"{self._name}, page {page + 1}"

    def _start(self) -> int:
        """Start the process and give it the file; returns the number of pages."""
        # -P: modules of this folder must not hide those of Python.
        self._process = _started([sys.executable, "-P", str(PROGRAM)])
        memory = int(ROOM + len(self._data) + A_PIXEL * self._most)
        opening = json.dumps({"bytes": len(self._data), "memory": memory}).encode() + b"\n"
        answer, _ = self._ask(self._name, opening + self._data)
        if "error" not in answer:
            return answer["pages"]
        if answer["kind"] == "import":
            raise PictureError(
                f"{self._name} is a PDF, and pypdfium2, which draws it, cannot be imported "
                f"({answer['error']}). To have it, type `python start.py` in the folder of the "
                "course."
            )
        if answer["code"] == PASSWORD:
            raise PictureError(
                f"{self._name} is a PDF that wants a password. Save a copy without one."
            )
        if answer["code"] == NO_PAGES:
            raise PictureError(f"{self._name} is a PDF without pages. Save or export it again.")
        raise PictureError(
            f"{self._name} begins like a PDF but cannot be read: it is damaged or cut off. Save "
            "or download it again."
        )

    def _ask(self, name: str, question: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a question and wait for its answer, but no longer than is right."""
        process, late = self._process, threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(PATIENCE, give_up)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(question)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            pixels = process.stdout.read(answer["bytes"])
            if len(pixels) == answer["bytes"]:
                return answer, pixels
        except (OSError, ValueError):  # it has ended: a pipe without a reader, or no answer
            pass
        finally:
            timer.cancel()
        self._ends += 1
        self.close()
        how = f"took more than {PATIENCE} seconds" if late.is_set() else "crashed or lacked memory"
        raise PictureError(f"{name} cannot be drawn: PDFium, which draws PDF, {how}. {SAVE}")


def _started(command: list[str]) -> subprocess.Popen:
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)
    except (OSError, ValueError, IndexError) as error:
        raise PictureError(
            f"A PDF is drawn by a process of its own, and that cannot be started ({error}). "
            "Save its pages as PNG files."
        ) from None


def _as_image(answer: dict[str, Any], pixels: bytes) -> Image:
    """Take the pixels out of the rows of a bitmap, which may be padded."""
    width, height = answer["size"]
    rows = np.frombuffer(pixels, np.uint8).reshape(height, answer["stride"])
    return np.ascontiguousarray(rows[:, : 3 * width].reshape(height, width, 3))
