"""Recognise that one picture is the other one stored as JPEG, and store that so, too. Lesson 10.

Who compresses a picture in the same way again loses the same again, to the last bit. So what
differs after that was changed, and no noise has to be tolerated.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.grayscale import to_gray
from helpers.kinds import BLOCK, sample
from helpers.loading import Image
from helpers.tone import largest_difference, steps

COLOUR_BLOCK = 16  # pixels: colour often has half the width and height
LARGEST_SIDE = 65_500  # pixels that the library writes; no larger picture is a JPEG
SIDE, PLACES = 32, 8  # pixels of a patch; places in a row and in a column that are looked at
PATCHES = 12  # with texture, in which qualities are tried
VARIED = 4  # gray levels between the pixels of a block: less is flat at many a quality
REPRODUCES = 0.2  # of a block's difference: what may be left of it
LEAST_BLOCKS = 40  # of fewer blocks, as many as of these have to be reproduced
# Share of the blocks: the true quality reaches those unchanged, others .07; but below a quality
# of 20, where steps are coarse, others reach .2.
REPRODUCED, MOSTLY_REPRODUCED, COARSE = 0.1, 0.5, 20
COLOURFUL = 48  # levels of colour difference within a block: another loss in colour shows there
MOST, FEW = 0.5, 4  # share and number of blocks, which tell nothing of a second storing
STEP = 1.25  # steps of a coefficient: what was compressed twice is rounded to the next one
SPREAD = 0.3  # of a change: what it leaves in the rest of its block is fainter
SAMPLINGS = (  # resolution of colour, from the commonest
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
)


class Recompression(NamedTuple):
    """The settings of JPEG that make one picture the other one.

    Attributes
    ----------
    of : {"first", "second"}
        The picture that is to be stored so; the other one is a JPEG.
    quality : int
        That of the usual tables, 1 to 100.
    sampling : int
        OpenCV's number for the resolution of colour.
    """

    of: str
    quality: int
    sampling: int


def find_recompression(
    first: Image, second: Image, *, is_digital: bool = False
) -> Recompression | None:
    """Find the quality of JPEG at which one of two pictures becomes the other.

    Qualities are tried on a few patches. At the true one, blocks in which nothing was changed
    come out as they are in the other picture; at the next one hardly any do.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, at the same place.
    is_digital : bool, optional
        The pair shows no trace of storing, or a JPEG was compressed once more, which changes few
        of its blocks: most of what differs has to be reproduced then.

    Returns
    -------
    Recompression or None
        None where none reproduces some blocks.
    """
    patches = _patches(first, second) if max(first.shape) <= LARGEST_SIDE else []
    if not patches:
        return None
    sides = _joined(_textured(patches))
    tried = [
        (share, -left, quality, of)
        for of, source, target in (("first", *sides), ("second", *sides[::-1]))
        for share, left, quality in _reproduced_shares(to_gray(source), to_gray(target))
    ]
    if not tried:
        return None
    share, _, quality, of = max(tried, key=lambda found: found[1:] if is_digital else found)
    least = MOSTLY_REPRODUCED if quality < COARSE else REPRODUCED
    if share < least and (quality < COARSE or not is_digital):
        return None
    source, target = _joined(patches) if of == "first" else _joined(patches)[::-1]
    ways = [Recompression(of, quality, sampling) for sampling in SAMPLINGS]
    way = min(ways, key=lambda way: cv2.norm(recompress(source, way), target, cv2.NORM_L1))
    return way if not is_digital or _helps(way, first, second) else None


def _helps(way: Recompression, first: Image, second: Image) -> bool:
    """Say whether most pixels that differ are equal when both are compressed alike."""
    before = cv2.countNonZero(largest_difference(first, second))
    alike = compressed_alike(first, second, way)
    return 2 * cv2.countNonZero(largest_difference(*alike)) <= before


def is_reproduced(first: Image, second: Image, quality: int) -> bool:
    """Say whether two pictures are the same to the last bit where nothing was changed.

    They are not when the loss is another one in colour, or where the source of a JPEG was another
    JPEG: then many coefficients are rounded to the next step.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures that were compressed alike.
    quality : int
        With which.

    Returns
    -------
    bool
    """
    height, width = (side // BLOCK * BLOCK for side in sample(first).shape[:2])
    first, second = (sample(image)[:height, :width] for image in (first, second))
    grays = to_gray(first), to_gray(second)
    apart = largest_difference(first, second)
    differs = _by_block(apart, np.zeros_like(apart)) > 0
    colourful = _is_colourful(first) | _is_colourful(second)
    if colourful.any() and np.mean(differs[colourful]) > MOST:
        return False
    changed = _steps_apart(*grays, quality) > STEP
    # Colour is stored for four blocks, so the neighbours of a change differ as well.
    near = cv2.dilate(changed.astype(np.uint8), np.ones((3, 3), np.uint8))
    explained = differs & (near == 0)
    return np.count_nonzero(explained) <= max(MOST * np.count_nonzero(differs), FEW)


def _reproduced_shares(source: Image, target: Image) -> Iterator[tuple[float, float, int]]:
    """Measure for each quality in what share of its blocks a JPEG in gray is reproduced.

    With it come by how much the rest is missed, and the quality.
    """
    before = _by_block(source, target)
    told = _is_varied(target) & (before > 0)
    blocks = max(np.count_nonzero(told), LEAST_BLOCKS)
    for quality in range(1, 101) if told.any() else ():
        left = _by_block(_recompressed(source, quality), target)
        reproduced = np.count_nonzero(left[told] <= REPRODUCES * before[told])
        yield reproduced / blocks, float(left.sum()), quality


def recompress(image: Image, way: Recompression) -> Image:
    """Store a picture as JPEG and read it.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        BGR.
    way : Recompression

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    return _recompressed(image, way.quality, way.sampling)


def compressed_alike(first: Image, second: Image, way: Recompression) -> tuple[Image, Image]:
    """Store that picture of the two as JPEG which is not one yet.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
    way : Recompression

    Returns
    -------
    tuple of ndarray of uint8, shape (height, width, 3)
    """
    if way.of == "first":
        return recompress(first, way), second
    return first, recompress(second, way)


def without_spread(strength: Image, mask: Image) -> Image:
    """Leave out what a change has only spread to in its block: far less than the change itself.

    Parameters
    ----------
    strength : ndarray of uint8, shape (height, width)
        Gray levels by which pixels differ.
    mask : ndarray of uint8, shape (height, width)
        255 where that counts.

    Returns
    -------
    ndarray of uint8, shape (height, width)
    """
    near = cv2.dilate(strength, np.ones((2 * COLOUR_BLOCK - 1,) * 2, np.uint8))
    return mask & cv2.compare(strength, cv2.multiply(near, 1, scale=SPREAD), cv2.CMP_GE)


def _recompressed(image: Image, quality: int, sampling: int = SAMPLINGS[0]) -> Image:
    file = np.frombuffer(_encoded(image, quality, sampling), np.uint8)
    return cv2.imdecode(file, cv2.IMREAD_UNCHANGED)


def _encoded(image: Image, quality: int, sampling: int = SAMPLINGS[0]) -> bytes:
    how = cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling
    return cv2.imencode(".jpg", image, how)[1].tobytes()


def _patches(first: Image, second: Image) -> list[tuple[Image, Image]]:
    """Cut out patches that differ, spread over both pictures."""
    rows, columns = map(_stretches, first.shape[:2])
    patches = [(first[y, x], second[y, x]) for y, x in product(rows, columns)]
    return [pair for pair in patches if cv2.norm(*pair, cv2.NORM_INF)]


def _textured(patches: list[tuple[Image, Image]]) -> list[tuple[Image, Image]]:
    """Choose some of those that have more texture than half of them."""
    ranked = sorted(patches, key=lambda pair: -sum(steps(patch).mean() for patch in pair))
    ranked = ranked[: -(-len(ranked) // 2)]
    return ranked[:: max(len(ranked) // PATCHES, 1)][:PATCHES]


def _joined(patches: list[tuple[Image, Image]]) -> list[Image]:
    return [np.vstack(side) for side in zip(*patches, strict=True)]


def _stretches(length: int) -> list[slice]:
    """Spread stretches of whole blocks evenly."""
    side = min(SIDE, length // COLOUR_BLOCK * COLOUR_BLOCK)
    starts = np.linspace(0, length - side, PLACES).astype(int) // COLOUR_BLOCK * COLOUR_BLOCK
    return [slice(start, start + side) for start in np.unique(starts).tolist()] if side else []


def _by_block(first: Image, second: Image) -> NDArray[np.float32]:
    """Average the differences of two gray pictures in each block."""
    apart = cv2.absdiff(first, second).astype(np.float32)
    return cv2.resize(apart, None, fx=1 / BLOCK, fy=1 / BLOCK, interpolation=cv2.INTER_AREA)


def _is_varied(gray: Image, least: int = VARIED) -> NDArray[np.bool_]:
    blocks = gray.reshape(len(gray) // BLOCK, BLOCK, -1, BLOCK)
    return np.ptp(blocks, axis=(1, 3)) >= least


def _is_colourful(image: Image) -> NDArray[np.bool_]:
    colours = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb))[1:]
    return np.logical_or(*(_is_varied(colour, COLOURFUL) for colour in colours))


def _steps_apart(first: Image, second: Image, quality: int) -> NDArray[np.float32]:
    """Measure by how many steps of its quantization a coefficient of each block differs, at most.

    References
    ----------
    ITU-T Recommendation T.81: A.3.3 (the cosine transform), A.3.4 (quantization), B.2.4.1 (the
    table in a file).
    """
    height, width = first.shape
    apart = cv2.subtract(first, second, dtype=cv2.CV_32F)
    blocks = apart.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).swapaxes(1, 2)
    cosines = cv2.dct(np.eye(BLOCK, dtype=np.float32), flags=cv2.DCT_ROWS).T
    return np.abs(cosines @ blocks @ cosines.T / _table(quality)).max(axis=(2, 3))


def _table(quality: int) -> NDArray[np.float32]:
    """Read the steps of brightness that the library writes at a quality."""
    file = _encoded(np.zeros((BLOCK, BLOCK), np.uint8), quality)
    start = file.index(b"\xff\xdb") + 5  # behind the marker, the length and the number
    rows, columns = np.indices((BLOCK, BLOCK)).reshape(2, -1)
    # From corner to corner in diagonals, every other one upward.
    order = np.lexsort((np.where((rows + columns) % 2, rows, columns), rows + columns))
    table = np.empty(BLOCK**2, np.float32)
    table[order] = np.frombuffer(file[start : start + BLOCK**2], np.uint8)
    return table.reshape(BLOCK, BLOCK)
