"""TIFF files written tag by tag, also such as no library writes."""

import struct

import numpy as np

from helpers import headers

SHORT, LONG = 3, 4  # types of tags


def tiff(picture: np.ndarray, **changes: int | tuple[int, ...]) -> bytes:
    """Write a TIFF tag by tag: of one strip, not compressed unless a tag says so."""
    height, width = picture.shape[:2]
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    data = picture.astype(picture.dtype.newbyteorder("<")).tobytes()
    tags = {
        headers.WIDTH: width,
        headers.HEIGHT: height,
        headers.BITS: (8 * picture.itemsize,) * channels,
        headers.COMPRESSION: 1,
        headers.PHOTOMETRIC: 1 if channels < 3 else 2,
        headers.OFFSETS: 8,
        headers.CHANNELS: channels,
        headers.SIZES: len(data),
    } | {getattr(headers, name): value for name, value in changes.items()}
    place = 8 + len(data)
    entries, values = [], b""
    start = place + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        numbers = value if isinstance(value, tuple) else (value,)
        kind, letter = (SHORT, "H") if isinstance(value, tuple) else (LONG, "I")
        content = struct.pack(f"<{len(numbers)}{letter}", *numbers)
        if len(content) > 4:
            content, values = struct.pack("<I", start + len(values)), values + content
        entries.append(struct.pack("<HHI", tag, kind, len(numbers)) + content.ljust(4, b"\0"))
    directory = struct.pack("<H", len(tags)) + b"".join(entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", place) + data + directory + values
