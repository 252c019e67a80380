"""What a picture file says of itself, before anything of it is decoded: its size above all.

A header may lie and may never end. Nothing here takes more than a second or so, and what cannot be
bounded is refused. Pillow reads it, and is imported with the first file.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from struct import Struct
from typing import Any

from helpers.errors import PictureError
from helpers.files import LIMIT, RAISE

MOST_FRAMES = 1000  # further ones are not counted
MOST_READS = 500_000  # pieces that a header may be made of
MOST_NOTES = 8 * 2**20  # bytes beside the pixels of a JPEG or TIFF: Pillow makes much of them
MOST_SCANS = 50  # of a JPEG: each takes time for all its pixels; usual are 1 to 12
MOST_PACKED = 24  # notes of a PNG: libpng unpacks 8 MB of each, wherever they are
MOST_UNCHECKED = 2**19  # bytes of a PNG's pixels that may unpack to whatever they do

# Where the mark of a kind is, the mark, and Pillow's module and class or function that read it.
KINDS = {
    "PNG": (0, rb"\x89PNG", "PngImagePlugin", "PngImageFile"),
    "JPEG": (0, rb"\xff\xd8\xff", "JpegImagePlugin", "jpeg_factory"),
    "WebP": (8, rb"WEBP", "WebPImagePlugin", "WebPImageFile"),
    "GIF": (0, rb"GIF8", "GifImagePlugin", "GifImageFile"),
    "TIFF": (0, rb"II[*+]\0|MM\0[*+]", "TiffImagePlugin", "ImageFileDirectory_v2"),
    "BMP": (0, rb"BM", "BmpImagePlugin", "BmpImageFile"),
    "JPEG 2000": (0, rb"\xff\x4f\xff\x51|\0\0\0\x0cjP", "Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "PNM": (0, rb"P[1-6]\s", "PpmImagePlugin", "PpmImageFile"),
    "Sun raster": (0, rb"\x59\xa6\x6a\x95", "SunImagePlugin", "SunImageFile"),
}
AS_PNG = "Give a PNG, JPEG, WebP, TIFF, BMP or GIF file; save it as PNG."
AS_FRAMES = "Save the frames that are to be compared as PNG files, or as an animated PNG."
EXPORT = "Export the picture as PNG or JPEG, as most programs that show it can."
OTHERS = {  # what is not read, and what to do; AVIF may hold a larger picture than it says
    "AVIF": (4, rb"ftypavi[fs]", EXPORT),
    "HEIC or HEIF": (4, rb"ftyp(hei|hev|mif1|msf1)", EXPORT),
    "MP4 or MOV video": (4, rb"ftyp|moov|mdat|wide|free|skip|pnot", AS_FRAMES),
    "AVI video": (8, rb"AVI ", AS_FRAMES),
    "WebM or MKV video": (0, rb"\x1a\x45\xdf\xa3", AS_FRAMES),
    "JPEG XL": (0, rb"\xff\x0a|\0\0\0\x0cJXL", AS_PNG),
    "OpenEXR": (0, rb"\x76\x2f\x31\x01", AS_PNG),
    "HDR": (0, rb"#\?R", AS_PNG),
    "PFM": (0, rb"P[Ff]\s", AS_PNG),
    "PAM": (0, rb"P7\s", AS_PNG),
    "Photoshop": (0, rb"8BPS", AS_PNG),
    "SVG": (0, rb"\s*<(\?xml|svg)", AS_PNG),
}
PDF_WITHIN = 1024  # bytes, in which the mark of a PDF is: most readers allow something before it
GAP = rb"(?:\s|#[^\n]*\n)+"  # between the numbers of a PNM
ENDS = {"JPEG": b"\xff\xd9", "GIF": b";"}  # what a whole file ends with
NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # of a JPEG; skips restarts
PIECE = 2**16  # bytes
CHUNK = Struct(">I4s")  # of a PNG: length and kind
PACKED = {b"zTXt", b"iTXt", b"iCCP"}
SRGB_CODE = b"\x01\x0d\0\x01"  # in cICP
SRGB_GAMMA, SRGB_POINTS = 45455, (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
GAMMA, POINTS = Struct(">I"), Struct(">8I")  # of gAMA and cHRM, in 1/100000

# Tags of TIFF.
SUBTYPE, SUBPAGES = 254, 330
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, OFFSETS, CHANNELS = 256, 257, 258, 259, 262, 273, 277
ROWS, SIZES, PLANAR, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS = 278, 279, 284, 322, 323, 324
TILE_SIZES, EXTRA, FORMAT, PROFILE = 325, 338, 339, 34675
LAYOUT = {WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, OFFSETS, CHANNELS, ROWS, SIZES, PLANAR}
LAYOUT |= {TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_SIZES}
COUNTS = {3, 4, 16}  # types of tags: unsigned, of 16, 32 and 64 bits
SEPARATE = 2  # what PLANAR says of channels that are stored one after the other
ASSOCIATED, UNASSOCIATED = 1, 2  # what EXTRA says of alpha: colours are multiplied by it, or not
WHITE_IS_ZERO, CMYK, LAB = 0, 5, (8, 9, 10)
COMPRESSIONS = {1, 2, 3, 4, 5, 7, 8, 32773, 32946}  # what the TIFF library of OpenCV can unpack
NAMES = {
    6: "old JPEG",
    34661: "JBIG",
    34712: "JPEG 2000",
    34887: "LERC",
    34925: "LZMA",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
# Tags of EXIF, which is stored like a TIFF.
ORIENTATION, DETAILS, COLOUR_SPACE, INTEROPERABILITY, INDEX = 274, 0x8769, 0xA001, 0xA005, 1
UNCALIBRATED = 0xFFFF  # what COLOUR_SPACE says of all but sRGB

UNSIGNED, UNDEFINED = 1, 4
FORMATS = {UNSIGNED: "uint", 2: "int", 3: "float", UNDEFINED: "undefined", 5: "int", 6: "complex"}


@dataclass(frozen=True)
class Header:
    """Facts that a picture file states about itself.

    Attributes
    ----------
    kind : str
        Its format.
    width, height : int
        Pixels.
    frames : str
        The number of pages or frames, as "3" or "more than 1000".
    profile : bytes or None
        An ICC profile.
    colours : str
        Other colours than those of sRGB, where no profile tells them.
    orientation : int
        How it has to be turned, by EXIF's numbers 1 to 8; 1 where OpenCV turns it.
    has_alpha, is_gray : bool
    premultiplied : bool
        True when OpenCV gives colours that are multiplied by alpha.
    damage : str
        What to say when it cannot be decoded.
    """

    kind: str
    width: int
    height: int
    frames: str = "1"
    profile: bytes | None = None
    colours: str = ""
    orientation: int = 1
    has_alpha: bool = False
    is_gray: bool = False
    premultiplied: bool = False
    damage: str = "it is cut off or damaged. Save or download it again."


class _RefusedError(Exception):
    """A file that would take too much, or be decoded wrong."""


class Metered(io.BytesIO):
    """Bytes that can be read so many times, and no more than so many of them."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._reads, self._bytes = MOST_READS, most

    def read(self, size: int | None = -1) -> bytes:
        """Read a piece; what takes too many or too much is refused."""
        piece = super().read(size)
        self._reads -= 1
        self._bytes -= len(piece)
        if self._reads < 0 or self._bytes < 0:
            raise _RefusedError("it has too many notes before its pixels")
        return piece


def read_header(data: bytes, name: str, limit: float = LIMIT) -> Header:
    """Read the header of a picture file.

    Parameters
    ----------
    data : bytes
        What the file holds.
    name : str
        What errors call it.
    limit : float, optional
        The most million pixels.

    Returns
    -------
    Header

    Raises
    ------
    PictureError
        It is of no kind that is read, its header is damaged, or it would take too much memory or
        time to decode.
    """
    kind = _kind(data, name)
    try:
        header = _tiff_header(data, name, limit) if kind == "TIFF" else _header(data, kind, name)
        if header.width * header.height > limit * 1e6:
            raise PictureError(_too_many(name, limit))
        if kind == "PNG":
            header = _check_png(data, header)
    except (PictureError, MemoryError):
        raise
    except ImportError as error:
        raise PictureError(
            f"Pillow, which reads what {name} says of itself, cannot be imported ({error}). To "
            "have it, type `python start.py` in the folder of the course."
        ) from None
    except _RefusedError as error:
        raise PictureError(f"{name} cannot be read: {error}. Save the picture again.") from None
    except Exception as error:  # a damaged header can be wrong in every way
        if type(error).__name__ == "DecompressionBombError":  # of Pillow
            raise PictureError(_too_many(name, limit)) from None
        raise PictureError(
            f"{name} begins like a {kind} picture but cannot be read: it is cut off, damaged or of "
            f"a rare kind ({len(data)} bytes). Save or download it again, or store it as PNG."
        ) from None
    return header


def kind_of(data: bytes) -> str:
    """Return the kind of a file by what it holds: one of `KINDS`, "PDF", or "" for all others."""
    for kind, (offset, mark, *_) in KINDS.items():
        if re.compile(mark).match(data, offset):
            return kind
    return "PDF" if b"%PDF-" in data[:PDF_WITHIN] else ""


def _kind(data: bytes, name: str) -> str:
    kind = kind_of(data)
    if kind in KINDS:
        return kind
    for kind, (offset, mark, advice) in OTHERS.items():
        if re.compile(mark).match(data, offset):
            raise PictureError(f"{name} is a file of the kind {kind}, which is not read. {advice}")
    raise PictureError(f"{name} is not a picture. {AS_PNG}")


def _too_many(name: str, limit: float) -> str:
    return (
        f"{name} has more than {limit:g} million pixels, the most that is read. Crop or reduce "
        f"it. {RAISE}"
    )


def _header(data: bytes, kind: str, name: str) -> Header:
    """Read a header with Pillow's class for its kind."""
    _, _, module, opener = KINDS[kind]
    whole = kind in ENDS and data.rstrip(b"\0\r\n").endswith(ENDS[kind])
    end = ENDINGS[kind](data) if kind in ENDINGS else len(data)
    with getattr(import_module(f"PIL.{module}"), opener)(Metered(data, 3 * len(data))) as image:
        orientation, colours = _read_exif(image.info.get("exif", b""))
        has_alpha = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
        return Header(
            kind,
            *image.size,
            frames=_count_all(_count_frames(image), data, end),
            profile=image.info.get("icc_profile"),
            colours=colours,
            orientation=orientation,
            has_alpha=has_alpha or (kind == "BMP" and _has_hidden_alpha(data, *image.size)),
            is_gray=image.mode[:1] in ("1", "L", "I"),
            damage="it is damaged or of a rare kind. Save it as PNG." if whole else Header.damage,
        )


def _count_frames(image: Any) -> str:
    try:
        return _in_words(getattr(image, "n_frames", 1))
    except Exception:  # what follows is damaged, or does not end
        return f"more than {min(image.tell() + 1, MOST_FRAMES)}"


def _count_all(frames: str, data: bytes, end: int) -> str:
    """Count also a picture that follows after the end of the first one."""
    rest = data[end : end + PIECE].lstrip(b"\0 \t\r\n")
    followed = any(re.compile(mark).match(rest, at) for at, mark, *_ in KINDS.values())
    return "more than 1" if followed and frames == "1" else frames


def _in_words(frames: int) -> str:
    return str(frames) if frames <= MOST_FRAMES else f"more than {MOST_FRAMES}"


def _check_jpeg(data: bytes) -> int:
    """Return where a JPEG ends; refuse one that takes minutes: by endless notes, or many scans."""
    scans, place = 0, 2
    while (found := NEXT_MARKER.search(data, place)) and found[0] != b"\xff\xd9":
        place = found.end()
        if found[0] == b"\xff\xda":
            scans += 1
        elif scans == 0 and place > MOST_NOTES:
            raise _RefusedError("it has too many notes before its pixels")
        if scans > MOST_SCANS:
            raise _RefusedError(f"it is stored in more than {MOST_SCANS} scans")
        if found[0] != b"\xff\x01":  # all others have a length
            place += int.from_bytes(data[place : place + 2])
    return found.end() if found else len(data)


def _check_pnm(data: bytes) -> int:
    """Return where a PNM ends; refuse one whose values OpenCV does not scale."""
    kind = data[1:2]
    numbers = 2 if kind in b"14" else 3
    found = re.compile(rb"P\d" + (GAP + rb"(\d+)") * numbers + rb"\s").match(data)
    width, height, highest = map(int, (*found.groups(), 1)[:3])
    start = found.end()
    if kind not in b"14" and highest not in (255, 65535):
        raise _RefusedError(f"its highest value is {highest}, and only 255 and 65535 are read")
    if kind in b"123":  # written in digits
        following = re.compile(rb"\sP[1-6]\s").search(data, start)
        return following.start() if following else len(data)
    row = (width + 7) // 8 if kind == b"4" else width * (3 if kind == b"6" else 1)
    return start + row * height * (2 if highest > 255 else 1)


def _end_of_gif(data: bytes) -> int:
    following = re.compile(rb";GIF8[79]a").search(data)
    return following.start() + 1 if following else len(data)


# Where the first picture of a file ends, by kind; of others than these it is not known.
ENDINGS = {
    "JPEG": _check_jpeg,
    "PNM": _check_pnm,
    "GIF": _end_of_gif,
    "WebP": lambda data: 8 + int.from_bytes(data[4:8], "little"),
    "BMP": lambda data: int.from_bytes(data[2:6], "little") or len(data),
}


def _has_hidden_alpha(data: bytes, width: int, height: int) -> bool:
    """Say whether the fourth bytes of a BMP's pixels, which are not read, seem to be alpha."""
    start, bits = int.from_bytes(data[10:14], "little"), int.from_bytes(data[28:30], "little")
    if bits != 32 or any(data[30:34]):  # other compressions are read
        return False
    fourth = data[start + 3 : start + 4 * width * height : 4]
    return len(fourth) not in (fourth.count(0), fourth.count(255))


def _check_png(data: bytes, header: Header) -> Header:
    """Add what a PNG's chunks say; refuse one that ends before them or unpacks without end.

    OpenCV makes room for as many bytes as a chunk says it has, and libpng unpacks them to the end.
    A sample does not tell what does: packed bytes can look like any, and unpack to 400 times them.
    """
    chunks = list(_png_chunks(data))
    if sum(kind in PACKED for kind, _ in chunks) > MOST_PACKED:
        raise _RefusedError(f"it has more than {MOST_PACKED} packed notes")
    if len(data) > MOST_UNCHECKED:
        _check_unpacked([content for kind, content in chunks if kind == b"IDAT"], header)
    first = dict(reversed(chunks))  # of each kind
    end = 8 + sum(2 * 4 + 4 + len(content) for _, content in chunks)
    orientation, colours = _read_exif(bytes(first.get(b"eXIf", b"")))
    colours = _png_colours(first, header.is_gray) or colours
    frames = _count_all(header.frames, data, end)
    return replace(header, frames=frames, colours=colours, orientation=orientation)


def _check_unpacked(chunks: list[memoryview], header: Header) -> None:
    """Refuse pixels of a PNG that unpack to more than it says it has."""
    unpacker = zlib.decompressobj()
    most = (8 * header.width + 16) * (header.height + 16)  # bytes: 16 bits, four channels
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            while piece and not unpacker.eof:
                most -= len(unpacker.decompress(piece, 16 * PIECE))
                piece = unpacker.unconsumed_tail
                if most < 0:
                    raise _RefusedError("it unpacks to more than its pixels")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the kind and the content of each chunk of a PNG up to its end."""
    view, place = memoryview(data), 8
    for _ in range(MOST_READS):
        length, kind = CHUNK.unpack_from(data, place)  # fails where the file ends
        place += CHUNK.size
        yield kind, view[place : place + length]
        if kind == b"IEND":
            return
        place += length + 4  # a checksum follows
    raise _RefusedError("it has too many chunks")


def _png_colours(chunks: Mapping[bytes, memoryview], is_gray: bool) -> str:
    """Name the colours that a PNG has by its own chunks, unless they are those of sRGB."""
    if b"cICP" in chunks:
        code = bytes(chunks[b"cICP"])
        return "" if code == SRGB_CODE else f"cICP {'-'.join(map(str, code[:4]))}"
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return ""
    if len(chunks.get(b"gAMA", b"")) == GAMMA.size:
        (gamma,) = GAMMA.unpack(chunks[b"gAMA"])
        if abs(gamma - SRGB_GAMMA) > SRGB_GAMMA / 20:
            return f"gAMA {gamma / 1e5:g}"
    if len(chunks.get(b"cHRM", b"")) == POINTS.size and not is_gray:
        points = POINTS.unpack(chunks[b"cHRM"])
        if max(abs(a - b) for a, b in zip(points, SRGB_POINTS, strict=True)) > 1000:
            return "cHRM"
    return ""


def _read_exif(exif: bytes) -> tuple[int, str]:
    """Return the orientation, and the colours if not those of sRGB; (1, "") if not readable."""
    exif, orientation = exif.removeprefix(b"Exif\0\0"), 1
    file = Metered(exif, MOST_NOTES)
    try:
        tags = _directory(exif, file)
        orientation = _first(tags, ORIENTATION, 1)
        details = _directory(exif, file, tags[DETAILS])
        if _first(details, COLOUR_SPACE, 1) == UNCALIBRATED:
            index = _directory(exif, file, details[INTEROPERABILITY]).get(INDEX)
            return orientation, "Adobe RGB" if index == "R03" else ""
    except Exception:  # of what is damaged, what came before is taken
        pass
    return orientation, ""


def _directory(data: bytes, file: Metered, place: int | None = None) -> Any:
    """Read the tags of a TIFF or of EXIF at a place, or the first ones."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(data[: 16 if 43 in data[2:4] else 8])  # 43: of 64 bits
    file.seek(directory.next if place is None else place)
    directory.load(file)
    return directory


def _tiff_header(data: bytes, name: str, limit: float) -> Header:
    """Read the tags of a TIFF, which say more than Pillow's class for it: also of what is rare."""
    tags, frames = _first_page(data)
    width, height, channels = (_first(tags, tag, 1) for tag in (WIDTH, HEIGHT, CHANNELS))
    tile = [_first(tags, tag, 1) for tag in (TILE_WIDTH, TILE_HEIGHT)]
    if tile[0] * tile[1] > limit * 1e6:  # a tile is decoded whole
        raise PictureError(_too_many(name, limit))
    _check_tiff(tags, name)
    places = _all(tags, TILE_OFFSETS if TILE_OFFSETS in tags else OFFSETS)
    if min(width, height, *tile, *places) < 1:  # also pixels that are stored nowhere
        raise ValueError("its pixels are nowhere")
    extra, photometric = _first(tags, EXTRA, 0), _first(tags, PHOTOMETRIC, 1)
    # OpenCV lets the library multiply pictures of 8 bits; those of 16 it reads itself.
    multiplied = extra == ASSOCIATED or (extra == UNASSOCIATED and _first(tags, BITS, 1) == 8)
    return Header(
        "TIFF",
        width,
        height,
        frames=frames,
        profile=tags.get(PROFILE),
        has_alpha=channels in (2, 4) and photometric != CMYK,
        is_gray=photometric in (0, 1),
        premultiplied=channels == 4 and photometric != CMYK and multiplied,
        damage=_tiff_damage(tags, len(data)),
    )


def _first_page(data: bytes) -> tuple[Mapping[int, Any], str]:
    """Return the tags of the first page, and how many pages there are."""
    place, entries = _entries(data)
    _check_layout(entries)
    file, seen = Metered(data, MOST_NOTES), {0, place}
    first = page = _directory(data, file, place)
    while page.next not in seen and len(seen) <= MOST_FRAMES + 1:
        seen.add(page.next)
        try:
            page = _directory(data, file, page.next)
        except Exception:  # of the pages after the first nothing else is wanted
            break
    frames = len(seen) - 1 + _count_subpages(data, file, first)
    hides = SUBPAGES in [tag for tag, _, _ in entries] and SUBPAGES not in first
    return first, f"more than {frames}" if hides else _in_words(frames)


def page_places(data: bytes) -> tuple[list[int], bool]:
    """Return where the directory of each page of a TIFF is, and whether their list is whole."""
    links = _Links(data)
    pages: dict[int, None] = {}
    place = links.first(data)
    try:
        while place and place not in pages and len(pages) < MOST_READS:
            following = links.following(data, place)
            pages[place] = None
            place = following
    except struct.error:  # it leads out of the file
        pass
    return list(pages), place == 0 or place in pages


def single_page(data: bytes, place: int) -> bytes:
    """Return a TIFF that has one page of another, by where its directory is, and no page after."""
    links = _Links(data)
    changed = bytearray(data)
    links.place.pack_into(changed, links.head, place)
    links.place.pack_into(changed, links.end(data, place), 0)
    return bytes(changed)


class _Links:
    """The places in a TIFF that lead from its head to the first page, and from page to page."""

    def __init__(self, data: bytes) -> None:
        order, big = "<" if data[:2] == b"II" else ">", 43 in data[2:4]  # 43: of 64 bits
        self.place, self.head = Struct(order + "IQ"[big]), 8 if big else 4
        self._count, self._entry = Struct(order + "HQ"[big]), 20 if big else 12

    def first(self, data: bytes) -> int:
        (place,) = self.place.unpack_from(data, self.head)
        return place

    def end(self, data: bytes, place: int) -> int:
        """Return where the directory at a place says what follows."""
        (entries,) = self._count.unpack_from(data, place)
        return place + self._count.size + entries * self._entry

    def following(self, data: bytes, place: int) -> int:
        (following,) = self.place.unpack_from(data, self.end(data, place))
        return following


def _entries(data: bytes) -> tuple[int, list[tuple[int, int, int]]]:
    """Return where the first directory of a TIFF is, and tag, type and count of its entries."""
    order, big = "<" if data[:2] == b"II" else ">", 43 in data[2:4]
    (place,) = Struct(order + "IQ"[big]).unpack_from(data, 8 if big else 4)
    count, entry = Struct(order + "HQ"[big]), Struct(order + ("HHQ8x" if big else "HHI4x"))
    (entries,) = count.unpack_from(data, place)
    start = place + count.size
    return place, list(entry.iter_unpack(data[start : start + entries * entry.size]))


def _check_layout(entries: list[tuple[int, int, int]]) -> None:
    """Refuse a TIFF whose size or layout the tags do not tell Pillow as they tell OpenCV.

    A tag of a type that Pillow does not know is skipped by it, and of two it takes the other one.
    """
    layout = [(tag, kind, number) for tag, kind, number in entries if tag in LAYOUT]
    tags = [tag for tag, _, _ in layout]
    readable = all(kind in COUNTS and number for _, kind, number in layout)
    pixels = {OFFSETS, TILE_OFFSETS} & set(tags)
    if not (readable and pixels and {WIDTH, HEIGHT} <= set(tags) and len(tags) == len(set(tags))):
        raise ValueError("its size or layout cannot be read")


def _count_subpages(data: bytes, file: Metered, first: Any) -> int:
    """Count the pages that are part of the first one, and not only smaller copies of it."""
    count = 0
    for place in _all(first, SUBPAGES)[:MOST_FRAMES]:
        try:
            page = _directory(data, file, place)
            is_copy = _first(page, SUBTYPE, 0) & 1 and page[WIDTH] < first[WIDTH]
            count += not is_copy
        except Exception:  # damaged, or too much to read
            count += 1
    return count


def _first(tags: Mapping[int, Any], tag: int, default: int) -> int:
    value = tags.get(tag, default)
    return int(value[0] if isinstance(value, tuple) else value)


def _check_tiff(tags: Mapping[int, Any], name: str) -> None:
    """Refuse a TIFF that is whole but of a kind that OpenCV does not decode, or decodes wrong."""
    channels, bits = _first(tags, CHANNELS, 1), _first(tags, BITS, 1)
    values, compression = _first(tags, FORMAT, UNSIGNED), _first(tags, COMPRESSION, 1)
    if values not in (UNSIGNED, UNDEFINED) or bits > 16:
        kind = FORMATS.get(values, "undefined").replace("undefined", "uint")
        raise PictureError(f"{name} holds {kind}{bits} values. Save it with 8 or 16 bits.")
    if channels > 4:
        raise PictureError(f"{name} has {channels} channels. Save it with 1, 3 or 4, as PNG.")
    separate = channels > 1 and _first(tags, PLANAR, 1) == SEPARATE
    if separate and (bits != 8 or channels == 2):  # OpenCV decodes the first of them alone
        raise PictureError(f"{name} stores its channels one after the other. Save it as PNG.")
    photometric = _first(tags, PHOTOMETRIC, 1)
    if photometric in LAB:  # grays get a tint, and colours are off by tens of levels
        raise PictureError(f"{name} stores colours as CIE Lab. Save it as PNG.")
    if bits > 8 and photometric == WHITE_IS_ZERO:  # OpenCV does not invert it
        raise PictureError(f"{name} stores white as 0, in {bits} bits. Save it as PNG.")
    if compression not in COMPRESSIONS:
        how = NAMES.get(compression, f"method {compression}")
        raise PictureError(
            f"{name} is a TIFF compressed with {how}, which is not read. Save it as PNG, or as "
            "TIFF with LZW or Deflate."
        )


def _tiff_damage(tags: Mapping[int, Any], size: int) -> str:
    """Say why it could not be decoded: it ends before its pixels do, or it is of a rare kind."""
    tag, sizes = (TILE_OFFSETS, TILE_SIZES) if TILE_OFFSETS in tags else (OFFSETS, SIZES)
    ends = [
        offset + length for offset, length in zip(_all(tags, tag), _all(tags, sizes), strict=False)
    ]
    if not ends or max(ends) > size:
        return Header.damage
    channels, bits = _first(tags, CHANNELS, 1), _first(tags, BITS, 1)
    return (
        f"it is damaged or of a rare kind ({channels} x {bits} bits, colour model "
        f"{_first(tags, PHOTOMETRIC, 1)}). Save it as PNG."
    )


def _all(tags: Mapping[int, Any], tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return value if isinstance(value, tuple) else (value,)
