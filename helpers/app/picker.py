"""Choose two pictures: files of the reader's computer, the camera, or a folder of the course.

Files come from the browser in chunks and are never written to disk. Nothing that they say of
themselves is believed: the header is read before the pixels, and names are only shown. The front
end is picker.js.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

from helpers.errors import is_lack_of_memory, printable
from helpers.files import MEGABYTE, MOST_BYTES, check_size, read_bytes
from helpers.loading import Decoded, Image, PictureError, decode, to_images
from helpers.viewer import front_end
from helpers.viewer.explorer import encode

FRONT_END = Path(__file__).with_name("front_end")
CHUNK = MEGABYTE  # servers refuse messages of 10 MB
THUMBNAIL = 320  # pixels
LONGEST_NAME = 60  # characters
LONGEST_ALERT = 1000  # characters
NONSENSE = "The page sent what this app does not understand. Load the page again."
SUFFIXES = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".pdf"]


@dataclass(frozen=True)
class Picture:
    """A picture that was chosen.

    Attributes
    ----------
    decoded : Decoded
        As its file holds it, with the file's name as it may be shown.
    size : int
        Bytes of the file.
    """

    decoded: Decoded
    size: int

    @property
    def name(self) -> str:
        """The file's name."""
        return self.decoded.name

    @cached_property
    def image(self) -> Image:
        """BGR with 8 bits, as it is when it is read alone."""
        return to_images(self.decoded)[0][0]

    @property
    def words(self) -> str:
        """Width, height and the size of the file."""
        height, width = self.image.shape[:2]
        small = self.size < MEGABYTE
        size = f"{self.size / 1024:.0f} kB" if small else f"{self.size / MEGABYTE:.1f} MB"
        return f"{width} x {height} pixels, {size}"


class Upload(NamedTuple):
    """A file on its way."""

    id: str
    place: int
    name: str
    size: int
    data: bytearray


class Picker(anywidget.AnyWidget):
    """Two places, each for a picture.

    Parameters
    ----------
    changed : callable
        Called without arguments after pictures were chosen.
    folder : path, optional
        Its picture files can be chosen as well; only they, and by name only.

    Attributes
    ----------
    pictures : list of Picture or None
        The first and the second.
    alert : str
        What went wrong last, "" when nothing did.
    """

    _esm = front_end.read("common.js", FRONT_END / "picker.js")
    _css = front_end.read("common.css", FRONT_END / "picker.css")
    folder = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    limits = traitlets.Dict().tag(sync=True)
    shown = traitlets.List().tag(sync=True)
    alert = traitlets.Unicode().tag(sync=True)

    def __init__(self, changed: Callable[[], None], folder: str | PathLike | None = None) -> None:
        self._folder = Path(folder) if folder is not None else None
        super().__init__(
            folder=self._folder.resolve().name if self._folder else "",
            names=_picture_names(self._folder) if self._folder else [],
            limits={"bytes": MOST_BYTES, "chunk": CHUNK, "suffixes": SUFFIXES},
        )
        self._changed = changed
        self._upload: Upload | None = None
        self.pictures: list[Picture | None] = [None, None]
        self._show()
        self.on_msg(self._receive)

    def choose(self, first: str, second: str) -> None:
        """Choose two files of the folder by their names.

        Raises
        ------
        PictureError
            The folder has no such picture, or it cannot be read.
        """
        self.pictures = [self._from_folder(name) for name in (first, second)]
        self._show()
        self._changed()

    def fix(self, place: int, change: Callable[[Image], Image]) -> None:
        """Change the picture of a place (0 or 1)."""
        decoded, size = self.pictures[place].decoded, self.pictures[place].size
        if decoded.pixels.shape[2:] == (4,):  # a change may mix pixels, also of those not seen
            (image,), notes = to_images(decoded)
            decoded = Decoded(decoded.name, image, tuple(notes))
        self.pictures[place] = Picture(decoded._replace(pixels=change(decoded.pixels)), size)
        self._show()
        self._changed()

    def _receive(self, _: Any, content: dict, buffers: list) -> None:
        """Do what the front end asks for. An error has no other way to the reader than `alert`."""
        content = content if isinstance(content, dict) else {}
        try:
            self._answer(content, buffers)
        except Exception as error:
            self._upload = None
            self.alert = f"{self.alert} {in_words(error)}".strip()[-LONGEST_ALERT:]
            self.send({"kind": "refused", "id": content.get("id")})

    def _answer(self, content: dict, buffers: list) -> None:
        kind = content.get("kind")
        if kind != "chunk":
            self._upload = None  # it would keep its bytes
        if kind in ("start", "folder") and repr(content.get("place")) not in ("0", "1"):
            raise PictureError(NONSENSE)
        if kind == "begin":
            self.alert = ""
        elif kind == "start":
            self._start(content)
        elif kind == "chunk":
            self._append(content, buffers)
        elif kind == "folder":
            self._put(content["place"], self._from_folder(content.get("name")))
            self._changed()
        elif kind == "swap":
            self.pictures.reverse()
            self._show()
            self._changed()
        elif kind == "done":
            self._changed()
        else:
            raise PictureError(NONSENSE)

    def _start(self, content: dict) -> None:
        place, size, upload_id = content["place"], content.get("size"), content.get("id")
        if type(size) is not int or not isinstance(upload_id, str):
            raise PictureError(NONSENSE)
        name = clean_name(content.get("name"))
        check_size(size, name)
        self._upload = Upload(upload_id, place, name, size, bytearray())
        self.send({"kind": "received", "id": upload_id, "bytes": 0})

    def _append(self, content: dict, buffers: list) -> None:
        upload = self._upload
        if upload is None or upload.id != content.get("id"):
            raise PictureError("Another file was chosen meanwhile. Choose this one again.")
        if not buffers or not len(buffers[0]):
            raise PictureError(NONSENSE)  # without an end to it
        upload.data.extend(buffers[0])
        if len(upload.data) > upload.size:
            raise PictureError(f"{upload.name} grew while it was read. Choose it again.")
        if len(upload.data) == upload.size:
            self._upload = None
            self._put(upload.place, _decode(bytes(upload.data), upload.name))
        self.send({"kind": "received", "id": upload.id, "bytes": len(upload.data)})

    def _from_folder(self, name: str) -> Picture:
        if name not in self._listed():
            raise PictureError(
                f"There is no picture {clean_name(name)} in the folder {self.folder}. "
                f"It has: {', '.join(self._listed()) or 'none'}."
            )
        return _decode(read_bytes(self._folder / name), name)

    def _listed(self) -> list[str]:
        return _picture_names(self._folder) if self._folder else []

    def _put(self, place: int, picture: Picture) -> None:
        self.pictures[place] = picture
        self._show()

    def _show(self) -> None:
        self.shown = [
            picture
            and {
                "name": picture.name,
                "words": picture.words,
                "thumbnail": encode(picture.image, THUMBNAIL),
            }
            for picture in self.pictures
        ]


def clean_name(name: Any) -> str:
    """Clean a file's name to show it: no folders, 60 characters, invisible ones escaped."""
    last = re.split(r"[/\\]", str(name))[-1]
    visible = printable(last).strip()
    if len(visible) > LONGEST_NAME:
        visible = f"{visible[: LONGEST_NAME - 16]}…{visible[-15:]}"
    return visible or "picture"


def in_words(error: Exception) -> str:
    """Put an error in words for a reader who sees no traceback."""
    if isinstance(error, PictureError):
        return str(error)
    if isinstance(error, OSError):
        return f"The picture cannot be read ({error.strerror}). Choose another."
    if is_lack_of_memory(error):
        return "There is not enough memory for pictures of this size. Reduce them first."
    return f"This did not work: {type(error).__name__}: {error}. Choose the pictures again."


def _decode(data: bytes, name: str) -> Picture:
    return Picture(decode(data, name), len(data))


def _picture_names(folder: Path) -> list[str]:
    """List the picture files of a folder, without links, which could lead out of it."""
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.suffix.lower() in SUFFIXES and entry.is_file() and not entry.is_symlink()
    )
