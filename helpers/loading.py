"""Step 1: read picture files, whatever they hold, as BGR arrays of 8 bits. Lesson 01."""

import operator
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.errors import NO_MEMORY, PictureError, brief, is_lack_of_memory, printable
from helpers.files import (
    LIMIT,
    ONE_INPUT,
    STANDARD_INPUT,
    FileBytes,
    as_path,
    check_limit,
    check_size,
    read_bytes,
    shown_name,
)
from helpers.headers import Header, kind_of, read_header
from helpers.profiles import foreign_profile, to_srgb

Image = NDArray[np.uint8]

LARGEST = 2**30  # pixels in a picture, and whole numbers where nothing else limits them
DEPTHS = 10, 12, 14, 16  # bits a channel that are stored in 16
SIDEWAYS = 5, 6, 7, 8  # orientations of EXIF
FLIPS = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}  # by cv2.flip, after the transposition
BAND = 256  # rows that are laid on white at once, which bounds the memory it takes


class Decoded(NamedTuple):
    """A picture as its file holds it, before depth and transparency are taken from it.

    Attributes
    ----------
    name : str
        What messages call it.
    pixels : ndarray of uint8 or uint16, shape (height, width) or (height, width, 3 or 4)
        Gray, BGR or BGRA.
    notes : tuple of str
        What the file holds beside, and is not read.
    premultiplied : bool
        True when colours are multiplied by alpha.
    profile : bytes or None
        An ICC profile of other colours than those of sRGB.
    is_gray : bool
        What that profile has to be for.
    """

    name: str
    pixels: NDArray
    notes: tuple[str, ...] = ()
    premultiplied: bool = False
    profile: bytes | None = None
    is_gray: bool = False


def load_image(path: str | os.PathLike, *, limit: float = LIMIT) -> Image:
    """Read a picture file as a BGR array, turned upright.

    Pictures of 16 bits a channel are scaled to 8, transparent ones are put on white, and colours
    with an ICC profile are converted to sRGB; each gives a warning. So does what is not read:
    pages and frames after the first, colours other than those of sRGB that no profile describes,
    or one that cannot be used. Gray and palette files come out as BGR. Any path that Python can
    open works: the bytes are read by Python and only decoded by OpenCV.

    Parameters
    ----------
    path : str or os.PathLike
        A PNG, JPEG, WebP, TIFF, BMP, GIF, JPEG 2000, PNM, Sun raster or PDF file; or a pipe, and
        the text "-" for the standard input.
    limit : float, optional
        The most million pixels it may have; 50 unless given. A file may have 60 MB then, and more
        or less in proportion. To compare two pictures of 50 million takes up to 2 GB of memory.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Blue, green, red, each 0 to 255.

    Raises
    ------
    FileNotFoundError
        No such file; the message names it, and a file with nearly that name if there is one.
    PictureError
        The file is a folder or a device, cannot be read, is empty, no picture, cut off, of a kind
        that is not read, beyond the limit, or holds other values than 8 or 16 bits; or nothing
        came from the pipe for 10 seconds, or it did not end within 60.

    Notes
    -----
    The turn that a camera notes in EXIF is applied. Transparency of gray TIFF files and of BMP
    files without a mask for it is not read, and a warning says so. A file damaged in its middle is
    refused where its format has checksums (PNG), and may be decoded where it has none (JPEG).

    References
    ----------
    OpenCV documentation, `cv2.imdecode` and `cv2.ImreadModes`.
    """
    (image,), notes = to_images(*read_pictures(path, limit=limit))
    warn(notes)
    return image


def load_pair(
    first: str | os.PathLike, second: str | os.PathLike, *, limit: float = LIMIT
) -> tuple[Image, Image]:
    """Read two picture files of one size, both at once.

    When both have 16 bits a channel, both are scaled by the bits that the pair uses: 10, 12, 14 or
    16.

    Parameters
    ----------
    first, second : str or os.PathLike
        The original and the modified picture. One of them may be "-".
    limit : float, optional
        As for `load_image`, for each of them.

    Returns
    -------
    first, second : ndarray of uint8, shape (height, width, 3)
        Both BGR.

    Raises
    ------
    FileNotFoundError, PictureError
        As `load_image`; and `PictureError` when the sizes differ (the message gives both).
    """
    pictures = read_pictures(first, second, limit=limit)
    check_same_size(*(p.pixels for p in pictures), names=tuple(p.name for p in pictures))
    images, notes = to_images(*pictures)
    warn([*notes, *opacity_note(pictures, images)])
    return images


def read_pictures(*paths: str | os.PathLike | FileBytes, limit: float = LIMIT) -> list[Decoded]:
    """Read one picture or a pair, all at once, as `to_images` takes them."""
    limit = check_limit(limit)
    paths = [path if isinstance(path, FileBytes) else as_path(path) for path in paths]
    if paths.count(STANDARD_INPUT) > 1:
        raise PictureError(ONE_INPUT)
    with ThreadPoolExecutor(1) as pool:  # OpenCV decodes without Python's lock
        decoding = [pool.submit(_load, path, limit) for path in paths[1:]]
        return [_load(paths[0], limit), *(later.result() for later in decoding)]


def decode(data: bytes, name: str, *, limit: float = LIMIT) -> Decoded:
    """Decode the bytes of a picture file, with all channels and bits, and turn it upright.

    Parameters
    ----------
    data : bytes
        What the file holds.
    name : str
        What notes and errors call it.
    limit : float, optional
        As for `load_image`.

    Returns
    -------
    Decoded
        What `to_images` takes.

    Raises
    ------
    PictureError
        As `load_image`.
    """
    check_size(len(data), name, limit)
    if kind_of(data) == "PDF":
        return _first_page(data, name, limit)
    header = read_header(data, name, limit)
    pixels = _decode_pixels(np.frombuffer(data, np.uint8), name, header)
    notes = tuple(losses(header, _has_alpha(pixels), name))
    profile = other_profile(header)
    return Decoded(name, pixels, notes, header.premultiplied, profile, header.is_gray)


def to_images(*pictures: Decoded) -> tuple[tuple[Image, ...], list[str]]:
    """Convert one picture, or both of a pair, to BGR with 8 bits.

    Parameters
    ----------
    *pictures : Decoded

    Returns
    -------
    images : tuple of ndarray of uint8, shape (height, width, 3)
    notes : list of str
        What was lost from the file on, in sentences.
    """
    pictures, profile_notes = _in_srgb(pictures)
    deep = [picture for picture in pictures if picture.pixels.dtype == np.uint16]
    used = max(map(_used_bits, deep), default=DEPTHS[-1])
    bits = used if len(deep) == 2 else DEPTHS[-1]  # what is read alone is scaled alike, always
    images = tuple(_flatten(picture, bits) for picture in pictures)
    notes = [
        note
        for picture, of_profile in zip(pictures, profile_notes, strict=True)
        for note in (
            *picture.notes,
            *of_profile,
            *_depth_note(picture, used, bits),
            *_white_note(picture),
        )
    ]
    return images, notes


def opacities(pictures: Sequence[Decoded]) -> tuple[Image, Image] | None:
    """Return the opacity of both pictures of a pair, 0 to 255; None where it is the same.

    Parameters
    ----------
    pictures : sequence of two Decoded

    Returns
    -------
    tuple of two ndarray of uint8, shape (height, width), or None
        Each of the size of its picture.
    """
    pixels = [picture.pixels for picture in pictures]
    if not any(map(_is_transparent, pixels)):
        return None
    first, second = (
        _opacity(p)[..., 0] if _has_alpha(p) else np.full(p.shape[:2], 255, np.uint8)
        for p in pixels
    )
    return None if np.array_equal(first, second) else (first, second)


def opacity_note(pictures: Sequence[Decoded], images: Sequence[Image]) -> Iterator[str]:
    """Say by how much a pair of one size differs in what white hides.

    It is for those who go on with the pictures on white; `compare` compares the opacity as well.
    """
    planes = opacities(pictures)
    if planes is None or images[0].shape != images[1].shape:
        return
    differs = planes[0] != planes[1]
    alike = int((differs & (images[0] == images[1]).all(axis=2)).sum())
    if alike:
        yield (
            f"The opacity differs at {int(differs.sum())} pixels, {alike} of which look the same "
            "on white: there no difference can be found."
        )


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


def to_bgr(image: Image) -> Image:
    """Convert gray pictures to three equal channels, and leave others as they are."""
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image


def _load(file: Path | FileBytes, limit: float) -> Decoded:
    path, data = file if isinstance(file, FileBytes) else (file, read_bytes(file, limit))
    return decode(data, shown_name(path), limit=limit)


def _first_page(data: bytes, name: str, limit: float) -> Decoded:
    from helpers.pages import DPI  # only here: most files are no PDF
    from helpers.pdf import Pdf

    with closing(Pdf(data, name, limit)) as pdf:
        note = f"{name} has {pdf.count} pages; only the first is read."
        return Decoded(name, pdf.draw(0, DPI), (note,) * (pdf.count > 1))


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

    def after_fork_in_child(self) -> None:
        """Forget the threads that were inside: they are not in the child, and never come out."""
        if self._inside:
            cv2.utils.logging.setLogLevel(self._level)
        self._lock, self._inside = threading.Lock(), 0


_QUIET_OPENCV = _QuietOpenCV()
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_QUIET_OPENCV.after_fork_in_child)


def _decode_pixels(encoded: NDArray[np.uint8], name: str, header: Header) -> NDArray:
    """Decode, turned upright."""
    try:
        with _QUIET_OPENCV:
            image = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)  # which does not turn
    except cv2.error as error:
        if is_lack_of_memory(error):
            raise MemoryError(NO_MEMORY) from None
        too_large = "CV_IO_MAX" in error.err
        reason = "it has more pixels than OpenCV reads" if too_large else error.err
        raise PictureError(f"{name} cannot be decoded: {reason}. Crop or reduce it.") from None
    if image is None:
        raise PictureError(
            f"{name} begins like a {header.kind} picture but cannot be decoded: {header.damage}"
        )
    _check_pixels(image, name, header)
    return turn(image, header.orientation)


def turn(image: NDArray, orientation: int) -> NDArray:
    """Turn a picture upright that lies as EXIF's number says."""
    if orientation in SIDEWAYS:
        image = cv2.transpose(image)
    return cv2.flip(image, FLIPS[orientation]) if orientation in FLIPS else image


def _check_pixels(image: NDArray, name: str, header: Header) -> None:
    if image.dtype not in (np.uint8, np.uint16):
        raise PictureError(f"{name} holds {image.dtype} values. Save it with 8 or 16 bits.")
    if sorted(image.shape[:2]) != sorted((header.height, header.width)):
        raise PictureError(
            f"{name} says it has {header.width} x {header.height} pixels and has "
            f"{image.shape[1]} x {image.shape[0]}: it is damaged. Save it again."
        )
    if image.ndim == 3 and image.shape[2] not in (3, 4):
        raise PictureError(f"{name} has {image.shape[2]} channels. Save it with 1, 3 or 4.")


def other_profile(header: Header) -> bytes | None:
    """Return the ICC profile of a file unless its colours are those of sRGB."""
    profile = header.profile
    return profile if profile and foreign_profile(profile, header.is_gray) else None


def losses(header: Header, has_alpha: bool, name: str) -> Iterator[str]:
    """Say what a file holds that is not decoded."""
    if header.frames != "1":
        kind = "pages" if header.kind == "TIFF" else "frames"
        yield f"{name} has {header.frames} {kind}; only the first is read."
    if header.colours and not header.profile:
        yield f"{name} has the colours {header.colours}, not sRGB; it is read as if it were sRGB."
    if header.has_alpha and not has_alpha:
        yield f"{name} has transparency that is not read; its colours are read as if opaque."


def _has_alpha(image: NDArray | None) -> bool:
    return image is not None and image.shape[2:] == (4,)


def _is_transparent(image: NDArray | None) -> bool:
    return _has_alpha(image) and bool((image[..., 3] < np.iinfo(image.dtype).max).any())


def _used_bits(picture: Decoded) -> int:
    """Return the depth that holds the largest value of a picture of 16 bits, alpha aside."""
    pixels = picture.pixels
    largest = int(pixels[..., :3].max() if pixels.ndim == 3 else pixels.max())
    return next(bits for bits in DEPTHS if largest < 2**bits)


def _flatten(picture: Decoded, bits: int) -> Image:
    """Scale to 8 bits, lay on white, and give gray pictures three channels."""
    pixels = picture.pixels
    if not _has_alpha(pixels):
        return to_bgr(_to_8_bit(pixels, bits))
    flat = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, len(pixels), BAND):
        band = pixels[top : top + BAND]
        colours = _to_8_bit(np.ascontiguousarray(band[..., :3]), bits)
        flat[top : top + BAND] = _lay_on_white(colours, _opacity(band), picture.premultiplied)
    return flat


def _to_8_bit(values: NDArray, bits: int) -> Image:
    if values.dtype == np.uint8:
        return values
    return cv2.convertScaleAbs(values, alpha=255 / (2**bits - 1))


def _opacity(pixels: NDArray) -> Image:
    """Return alpha, 0 to 255; shape (height, width, 1)."""
    alpha = np.ascontiguousarray(pixels[..., 3])
    return _to_8_bit(alpha, DEPTHS[-1]).reshape(*pixels.shape[:2], 1)


def _lay_on_white(colours: Image, opacity: Image, premultiplied: bool) -> Image:
    white = 255 - opacity
    if premultiplied:
        return np.minimum(colours.astype(np.uint16) + white, 255).astype(np.uint8)
    opacity = opacity.astype(np.uint16)
    return ((colours * opacity + 255 * (255 - opacity) + 127) // 255).astype(np.uint8)


def _depth_note(picture: Decoded, used: int, bits: int) -> Iterator[str]:
    if picture.pixels.dtype != np.uint16:
        return
    depth = f"{picture.name} has 16 bits a channel"
    lost = "differences finer than 1/255 are lost."
    if used == DEPTHS[-1]:
        yield f"{depth}; scaled to 8, {lost}"
    elif bits == used:
        yield f"{depth}, of which the pair uses {bits}; these are scaled to 8, {lost}"
    else:
        yield f"{depth}, of which it uses {used}; all 16 are scaled to 8, {lost}"


def _white_note(picture: Decoded) -> Iterator[str]:
    if _is_transparent(picture.pixels):
        yield f"{picture.name} is transparent in places; laid on white."


def _in_srgb(
    pictures: Sequence[Decoded],
) -> tuple[list[Decoded], list[list[str]]]:
    """Convert the colours of each picture to sRGB where its profile says how, and say so.

    Two with one profile stay as they are: converted, colours beyond sRGB would become the same.
    """
    profiles = [picture.profile for picture in pictures]
    if len(pictures) == 2 and profiles[0] and profiles[0] == profiles[1]:
        name = foreign_profile(profiles[0], pictures[0].is_gray)
        note = f"Both have the colour profile {name}; their values are compared as stored."
        return list(pictures), [[note], []]
    converted, notes = [], []
    for picture in pictures:
        pixels, note = picture.pixels, []
        if picture.profile:
            name = foreign_profile(picture.profile, picture.is_gray)
            pixels = None if picture.premultiplied else to_srgb(pixels, picture.profile)
            if pixels is None:
                pixels, how = picture.pixels, "it is read as if it were sRGB"
            else:
                how = "its colours are converted to sRGB"
            note = [f"{picture.name} has the colour profile {name}, not sRGB; {how}."]
        converted.append(picture._replace(pixels=pixels))
        notes.append(note)
    return converted, notes


def warn(notes: Sequence[str]) -> None:
    """Warn of each at the line of the caller's own program."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and str(frame.f_globals.get("__name__")).startswith("helpers."):
        frame, level = frame.f_back, level + 1
    for note in notes:
        warnings.warn(printable(note), stacklevel=level)
