"""Step 1: read picture files, whatever they hold, as BGR arrays of 8 bits. Lesson 01."""

import operator
import os
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.errors import PictureError, brief, printable

Image = NDArray[np.uint8]

LARGEST = 2**30  # pixels in a picture, and whole numbers where nothing else limits them
LONGEST_PATH = 4096  # bytes; Linux's limit, the highest of the three systems

# Where a file format's mark is in a file, and what it is.
SIGNATURES = {
    "JPEG": (0, b"\xff\xd8\xff"),
    "PNG": (0, b"\x89PNG"),
    "WebP": (8, b"WEBP"),
    "GIF": (0, b"GIF8"),
    "TIFF, little-endian": (0, b"II*\0"),
    "TIFF, big-endian": (0, b"MM\0*"),
    "BMP": (0, b"BM"),
}


def load_image(path: str | os.PathLike) -> Image:
    """Read a picture file as a BGR array, turned upright.

    Pictures of 16 bits a channel are scaled to 8, and transparent ones are put on white; both
    give a warning. Gray and palette files come out as BGR. Any path that Python can open works:
    the bytes are read by Python and only decoded by OpenCV.

    Parameters
    ----------
    path : str or os.PathLike
        A PNG, JPEG, WebP, TIFF, BMP or other file that `cv2.imdecode` knows.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Blue, green, red, each 0 to 255.

    Raises
    ------
    FileNotFoundError
        No such file; the message names it, and a file with nearly that name if there is one.
    PictureError
        The file is a folder, cannot be read, is empty, no picture, cut off, too large for OpenCV,
        or holds other values than 8 or 16 bits.

    Notes
    -----
    The turn that a camera notes in EXIF is applied, except to transparent pictures and AVIF.
    Transparency is seen in four-channel files; OpenCV drops that of gray ones. A file damaged in
    its middle is refused where its format has checksums (PNG), and may be decoded where it has
    none (JPEG).

    References
    ----------
    OpenCV documentation, `cv2.imdecode` and `cv2.ImreadModes`.
    """
    path = as_path(path)
    return decode_image(_read_bytes(path), str(path))


def decode_image(data: bytes, name: str) -> Image:
    """Decode the bytes of a picture file as `load_image` does.

    Parameters
    ----------
    data : bytes
        What the file holds.
    name : str
        What warnings and errors call it.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Blue, green, red, each 0 to 255.

    Raises
    ------
    PictureError
        As `load_image`.
    """
    return _to_8_bit_bgr(_decode(data, name), name)


def load_pair(first: str | os.PathLike, second: str | os.PathLike) -> tuple[Image, Image]:
    """Read two picture files of one size, both at once.

    Parameters
    ----------
    first, second : str or os.PathLike
        The original and the modified picture.

    Returns
    -------
    first, second : ndarray of uint8, shape (height, width, 3)
        Both BGR.

    Raises
    ------
    FileNotFoundError, PictureError
        As `load_image`; and `PictureError` when the sizes differ (the message gives both).
    """
    with ThreadPoolExecutor(1) as pool:  # OpenCV decodes without Python's lock
        path = as_path(second)
        decoding = pool.submit(lambda: _decode(_read_bytes(path), str(path)))
        # What follows a decode may warn, and a warning finds the caller's line from here only.
        images = load_image(first), _to_8_bit_bgr(decoding.result(), str(path))
    check_same_size(*images, names=(str(as_path(first)), str(path)))
    return images


def check_same_size(
    first: NDArray, second: NDArray, names: tuple[str, str] = ("the first picture", "the second")
) -> None:
    """Raise `PictureError` unless both arrays have one height and width."""
    (height, width), (other_height, other_width) = first.shape[:2], second.shape[:2]
    if (height, width) == (other_height, other_width):
        return
    advice = "Crop or resize one of them"
    if (height, width) == (other_width, other_height):
        advice = "One lies on its side: turn it with cv2.rotate"
    raise PictureError(
        f"{names[0]} is {width} x {height} pixels, {names[1]} is {other_width} x {other_height} "
        "(width x height). Pictures are compared pixel by pixel, so both must have the same "
        f"size. {advice}."
    )


def check_image(image: NDArray, name: str = "the picture") -> Image:
    """Return a picture as a plain array, whatever subclass it was.

    Raises
    ------
    PictureError
        It is no array of uint8, gray or BGR, with pixels in it, or has more than OpenCV counts.
    """
    if not is_array(image):
        hint = " cv2.imread gives None when it cannot read a file." if image is None else ""
        raise PictureError(f"{name} is {brief(image)}, not a NumPy array.{hint}")
    image = as_plain(image, name)
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise PictureError(
            f"{name} has the shape {image.shape}. Expected (height, width) for gray or "
            "(height, width, 3) for BGR."
        )
    if image.size == 0:
        raise PictureError(f"{name} has no pixels: its shape is {image.shape}.")
    if image.dtype != np.uint8:
        raise PictureError(
            f"{name} holds {image.dtype} values. Expected uint8, 0 to 255: scale it to that range "
            "and convert it with .astype('uint8')."
        )
    if image.shape[0] * image.shape[1] > LARGEST:
        raise PictureError(
            f"{name} has the shape {image.shape}. At most {LARGEST} pixels can be counted: cut it "
            "into parts."
        )
    return image


def check_gray(image: NDArray, name: str) -> Image:
    """Return a gray picture as a plain array, as `check_image`; raise `PictureError` for others."""
    image = check_image(image, name)
    if image.ndim != 2:
        raise PictureError(
            f"{name} has colours: its shape is {image.shape}. Expected (height, width): "
            "use to_gray first."
        )
    return image


def check_whole(value: int, name: str, least: int, most: int = LARGEST) -> int:
    """Return `value` as an int; raise `PictureError` unless it is whole and within the limits."""
    try:
        number = None if isinstance(value, bool) else int(operator.index(value))
    except Exception:  # what is no number may raise anything
        number = None
    if number is None or not least <= number <= most:
        too_large = number is not None and number > most
        to = f"to {most}" if too_large or most != LARGEST else "up"
        raise PictureError(f"{name} is {brief(value)}. Give a whole number from {least} {to}.")
    return number


def is_array(value: object) -> bool:
    """Say whether this is an array, also when its class claims to be another one."""
    return issubclass(type(value), np.ndarray)


def as_plain(array: NDArray, name: str) -> NDArray:
    """Return the values of an array of any subclass as a plain one, without copying them."""
    if type(array) is not np.ndarray and issubclass(type(array), np.ma.MaskedArray):
        raise PictureError(f"{name} is a masked array. Give it without a mask, by .filled(value).")
    return np.asarray(array)


def as_path(value: str | os.PathLike, name: str = "the path") -> Path:
    """Return a path as a `Path`; raise `PictureError` for what can name no file or folder."""
    try:
        path = Path(value)
        encoded = os.fsencode(path)
    except Exception:  # a TypeError, half a character, or what the object itself raises
        encoded = b"\0"
    if b"\0" in encoded or len(encoded) > LONGEST_PATH:
        raise PictureError(f"{name} is {brief(value)}. Give the path of a file, as str or Path.")
    return path


def to_bgr(image: Image) -> Image:
    """Convert gray pictures to three equal channels, and leave others as they are."""
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise PictureError(f"{path} is a folder. Give the path of a picture file.")
        return path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(printable(_missing(path))) from None
    except OSError as error:
        raise PictureError(
            f"{path} cannot be read ({error.strerror}). Check that it is a file and that you may "
            "read it."
        ) from None


def _missing(path: Path) -> str:
    if path.is_symlink():
        return f"{path} is a link to {path.readlink()}, and that is not there. Mend the link."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}, so no picture {path.name} in it."
    import difflib  # only here: pictures that are there need not wait for it

    names = [entry.name for entry in path.parent.iterdir()]
    close = difflib.get_close_matches(path.name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else " Check the name and the folder."
    return f"There is no file {path}.{hint}"


class _QuietOpenCV:
    """A context that silences OpenCV's log while any thread is inside.

    The log has one level for the whole process: the first in notes it, the last out brings it back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                cv2.utils.logging.setLogLevel(self._level)


_QUIET_OPENCV = _QuietOpenCV()


def _decode(data: bytes, name: str) -> NDArray:
    """Decode with all channels and bits, and turn upright. Warns of nothing."""
    if not data:
        raise PictureError(f"{name} is empty (0 bytes). Save or download the picture again.")
    encoded = np.frombuffer(data, np.uint8)
    try:
        with _QUIET_OPENCV:
            image, kinds, _ = cv2.imdecodeWithMetadata(encoded, cv2.IMREAD_UNCHANGED)
            if cv2.IMAGE_METADATA_EXIF in kinds and not _is_transparent(image):
                # IMREAD_UNCHANGED leaves photographs lying on their side.
                image = cv2.imdecode(encoded, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    except cv2.error as error:
        too_large = "CV_IO_MAX" in error.err
        reason = "it has more pixels than OpenCV reads" if too_large else error.err
        raise PictureError(f"{name} cannot be decoded: {reason}. Crop or reduce it.") from None
    if image is None:
        raise PictureError(_undecodable(encoded, name))
    return image


def _is_transparent(image: NDArray | None) -> bool:
    has_alpha = image is not None and image.ndim == 3 and image.shape[2] == 4
    return has_alpha and bool((image[..., 3] < np.iinfo(image.dtype).max).any())


def _undecodable(encoded: NDArray[np.uint8], name: str) -> str:
    start = encoded[:12].tobytes()
    for kind, (offset, mark) in SIGNATURES.items():
        if start.startswith(mark, offset):
            return (
                f"{name} begins like a {kind} picture but cannot be decoded: it is cut off or "
                f"damaged ({encoded.size} bytes). Save or download it again."
            )
    return f"{name} is not a picture OpenCV can read. Give a PNG, JPEG, WebP, TIFF or BMP file."


def _to_8_bit_bgr(image: NDArray, name: str) -> Image:
    """Take transparency and depth from what `_decode` gives; warn where something is lost."""
    image = _to_8_bit(image, name)
    if image.ndim == 3 and image.shape[2] == 4:
        image = _lay_on_white(image, name)
    return to_bgr(image)


def _to_8_bit(image: NDArray, name: str) -> Image:
    if image.dtype == np.uint8:
        return image
    if image.dtype != np.uint16:
        raise PictureError(f"{name} holds {image.dtype} values. Save it with 8 or 16 bits.")
    _warn(f"{name} has 16 bits a channel; scaled to 8, differences finer than 1/255 are lost.")
    return cv2.convertScaleAbs(image, alpha=1 / 257)


def _lay_on_white(image: Image, name: str) -> Image:
    if not _is_transparent(image):
        return np.ascontiguousarray(image[..., :3])
    _warn(f"{name} is transparent in places; laid on white.")
    opacity = image[..., 3:].astype(np.uint16)
    return ((image[..., :3] * opacity + 255 * (255 - opacity) + 127) // 255).astype(np.uint8)


def _warn(text: str) -> None:
    """Warn at the line of the caller's own program."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("helpers."):
        frame, level = frame.f_back, level + 1
    warnings.warn(printable(text), stacklevel=level)
