"""Step 1: read picture files, whatever they hold, as BGR arrays of 8 bits. Lesson 01."""

import difflib
import os
import warnings
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

# Where a file format's mark stands in a file, and what it is.
SIGNATURES = {
    "JPEG": (0, b"\xff\xd8\xff"),
    "PNG": (0, b"\x89PNG"),
    "WebP": (8, b"WEBP"),
    "GIF": (0, b"GIF8"),
    "TIFF, little-endian": (0, b"II*\0"),
    "TIFF, big-endian": (0, b"MM\0*"),
    "BMP": (0, b"BM"),
}


class PictureError(ValueError):
    """A picture that cannot be used; the message says what was given and what to do."""


def load_image(path: str | os.PathLike) -> Image:
    """Read a picture file as a BGR array, turned upright.

    Pictures of 16 bits a channel are scaled to 8, and transparent ones are laid on white; both
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
        The file is a folder, empty, no picture, cut off, or holds floating-point values.

    Notes
    -----
    The turn that a camera notes in EXIF is applied, except to pictures with transparency.

    References
    ----------
    OpenCV documentation, `cv2.imdecode` and `cv2.ImreadModes`.
    """
    path = Path(path)
    encoded = np.frombuffer(_read_bytes(path), np.uint8)
    image = _decode(encoded, path)
    if image.ndim == 3 and image.shape[2] == 4:
        image = _lay_on_white(_to_8_bit(image, path), path)
    else:
        image = _to_8_bit(image, path)
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image


def load_pair(first: str | os.PathLike, second: str | os.PathLike) -> tuple[Image, Image]:
    """Read two picture files of one size.

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
    images = load_image(first), load_image(second)
    check_same_size(*images, names=(Path(first).name, Path(second).name))
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


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise PictureError(f"{path} is a folder. Give the path of a picture file.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(_missing(path)) from None
    if not data:
        raise PictureError(f"{path} is empty (0 bytes). Save or download the picture again.")
    return data


def _missing(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}, so no picture {path.name} in it."
    names = [entry.name for entry in path.parent.iterdir()]
    close = difflib.get_close_matches(path.name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else " Check the name and the folder."
    return f"There is no file {path}.{hint}"


def _decode(encoded: NDArray[np.uint8], path: Path) -> NDArray:
    """Decode with all channels and bits; OpenCV's own messages are replaced by ours."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        image, kinds, _ = cv2.imdecodeWithMetadata(encoded, cv2.IMREAD_UNCHANGED)
        has_alpha = image is not None and image.ndim == 3 and image.shape[2] == 4
        if cv2.IMAGE_METADATA_EXIF in kinds and not has_alpha:
            # IMREAD_UNCHANGED leaves photographs lying on their side.
            image = cv2.imdecode(encoded, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    except cv2.error as error:
        raise PictureError(f"{path} could not be decoded: {error.err}.") from None
    finally:
        cv2.utils.logging.setLogLevel(level)
    if image is None:
        raise PictureError(_undecodable(encoded, path))
    return image


def _undecodable(encoded: NDArray[np.uint8], path: Path) -> str:
    start = encoded[:12].tobytes()
    for name, (offset, mark) in SIGNATURES.items():
        if start.startswith(mark, offset):
            return (
                f"{path} begins like a {name} picture but cannot be decoded: it is cut off or "
                f"damaged ({encoded.size} bytes). Save or download it again."
            )
    return f"{path} is not a picture OpenCV can read. Give a PNG, JPEG, WebP, TIFF or BMP file."


def _to_8_bit(image: NDArray, path: Path) -> Image:
    if image.dtype == np.uint8:
        return image
    if image.dtype != np.uint16:
        raise PictureError(f"{path} holds {image.dtype} values. Save it with 8 or 16 bits.")
    warnings.warn(
        f"{path.name} has 16 bits a channel; scaled to 8, differences finer than 1/255 are lost.",
        stacklevel=3,
    )
    return np.round(image / 257).astype(np.uint8)


def _lay_on_white(image: Image, path: Path) -> Image:
    if (image[..., 3] == 255).all():
        return np.ascontiguousarray(image[..., :3])
    warnings.warn(f"{path.name} is transparent in places; laid on white.", stacklevel=3)
    opacity = image[..., 3:] / 255
    return np.round(image[..., :3] * opacity + 255 * (1 - opacity)).astype(np.uint8)
