"""Choose two pictures: files of the reader's computer, the camera, or a folder of the course.

Files come from the browser in chunks and are never written to disk. Nothing that they say of
themselves is believed: the header is read before the pixels, and names are only shown. The front
end is picker.js.
"""

import re
import warnings
from collections.abc import Callable
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets
from PIL import Image as PillowImage

from helpers.errors import is_lack_of_memory, printable
from helpers.loading import Image, PictureError, decode_image
from helpers.viewer import front_end
from helpers.viewer.explorer import encode

FRONT_END = Path(__file__).with_name("front_end")
MEGABYTE = 2**20
MOST_BYTES = 60 * MEGABYTE
CHUNK = MEGABYTE  # servers refuse messages of 10 MB
MOST_PIXELS = 100_000_000
THUMBNAIL = 320  # pixels
LONGEST_NAME = 60  # characters
FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "WEBP": (".webp",),
    "BMP": (".bmp",),
    "TIFF": (".tif", ".tiff"),
}
SUFFIXES = [suffix for suffixes in FORMATS.values() for suffix in suffixes]


class Picture(NamedTuple):
    """A picture that was chosen.

    Attributes
    ----------
    name : str
        Its file's name, as it may be shown.
    image : ndarray of uint8, shape (height, width, 3)
        BGR, upright.
    size : int
        Bytes of the file.
    notes : tuple of str
        What was lost when it was read, in sentences.
    """

    name: str
    image: Image
    size: int
    notes: tuple[str, ...] = ()

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

    def replace(self, place: int, image: Image) -> None:
        """Put a changed picture into the place (0 or 1) of the one it was made from."""
        self.pictures[place] = self.pictures[place]._replace(image=image)
        self._show()
        self._changed()

    def _receive(self, _: Any, content: dict, buffers: list) -> None:
        """Do what the front end asks for. An error has no other way to the reader than `alert`."""
        try:
            self._answer(content, buffers)
        except Exception as error:
            self._upload = None
            self.alert = f"{self.alert} {in_words(error)}".strip()
            self.send({"kind": "refused", "id": content.get("id")})

    def _answer(self, content: dict, buffers: list) -> None:
        kind = content.get("kind")
        if kind == "begin":
            self.alert = ""
        elif kind == "start":
            self._start(content)
        elif kind == "chunk":
            self._append(content, buffers)
        elif kind == "folder":
            self._put(content["place"], self._from_folder(content["name"]))
            self._changed()
        elif kind == "swap":
            self.pictures.reverse()
            self._show()
            self._changed()
        elif kind == "done":
            self._changed()

    def _start(self, content: dict) -> None:
        name, size = clean_name(content["name"]), int(content["size"])
        check_size(size, name)
        self._upload = Upload(content["id"], content["place"], name, size, bytearray())
        self.send({"kind": "received", "id": content["id"], "bytes": 0})

    def _append(self, content: dict, buffers: list) -> None:
        upload = self._upload
        if upload is None or upload.id != content["id"]:
            raise PictureError("Another file was chosen meanwhile. Choose this one again.")
        upload.data.extend(buffers[0])
        if len(upload.data) > upload.size:
            raise PictureError(f"{upload.name} grew while it was read. Choose it again.")
        if len(upload.data) == upload.size:
            self._upload = None
            self._put(upload.place, read_picture(bytes(upload.data), upload.name))
        self.send({"kind": "received", "id": upload.id, "bytes": len(upload.data)})

    def _from_folder(self, name: str) -> Picture:
        if name not in self._listed():
            raise PictureError(
                f"There is no picture {clean_name(name)} in the folder {self.folder}. "
                f"It has: {', '.join(self._listed()) or 'none'}."
            )
        path = self._folder / name
        check_size(path.stat().st_size, name)
        return read_picture(path.read_bytes(), name)

    def _listed(self) -> list[str]:
        return _picture_names(self._folder) if self._folder else []

    def _put(self, place: int, picture: Picture) -> None:
        if place not in (0, 1):
            raise PictureError(f"There is no place {place!r} for a picture.")
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


def read_picture(data: bytes, name: str) -> Picture:
    """Decode a picture file that may hold anything.

    Parameters
    ----------
    data : bytes
    name : str
        What messages call it.

    Returns
    -------
    Picture

    Raises
    ------
    PictureError
        Its content is no PNG, JPEG, WebP, BMP or TIFF picture, it has more than 100 million
        pixels (seen in its header, before anything is decoded), or `load_image` would refuse it.
    """
    check_size(len(data), name)
    _check_pixels(data, name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        image = decode_image(data, name)
    return Picture(name, image, len(data), tuple(str(warning.message) for warning in caught))


def check_size(size: int, name: str) -> None:
    """Raise `PictureError` unless a file has some bytes and no more than 60 MB."""
    if size <= 0:
        raise PictureError(f"{name} is empty (0 bytes). Save or download the picture again.")
    if size > MOST_BYTES:
        raise PictureError(
            f"{name} has {size / MEGABYTE:.1f} MB, and {MOST_BYTES // MEGABYTE} MB is the limit. "
            "Reduce it or store it as JPEG, then choose it again."
        )


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


def _check_pixels(data: bytes, name: str) -> None:
    """Refuse what would fill the memory before it is decoded: its header tells."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns below ours
            with PillowImage.open(BytesIO(data), formats=list(FORMATS)) as header:
                too_many = header.width * header.height > MOST_PIXELS
    except PillowImage.DecompressionBombError:
        too_many = True
    except Exception:  # a damaged header can be wrong in every way
        raise PictureError(
            f"{name} is not a PNG, JPEG, WebP, BMP or TIFF picture, or it is cut off. Save it as "
            "PNG or JPEG, then choose it again."
        ) from None
    if too_many:
        raise PictureError(
            f"{name} has more than {MOST_PIXELS // 1_000_000} million pixels. Reduce it, then "
            "choose it again."
        )


def _picture_names(folder: Path) -> list[str]:
    """List the picture files of a folder, without links, which could lead out of it."""
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.suffix.lower() in SUFFIXES and entry.is_file() and not entry.is_symlink()
    )
