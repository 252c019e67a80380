"""Catch phishing pages: find what may be a logo, compare it with known ones, check the address.

A page is flagged when it shows the logo of a known brand at an address that is not this brand's.
Lesson 24. Whole pages are compared for contrast only.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.boxes import Box
from helpers.deep.baselines import perceptual_hash
from helpers.deep.logos import draw_logo, make_brand
from helpers.deep.pages import load_domains, load_pages
from helpers.grayscale import to_gray
from helpers.loading import Image, PictureError, check_image, to_bgr
from helpers.similarity import ssim

EDGE = 24  # gray levels between neighbours, in one channel, that make an edge
REACHES = (3, 7, 13)  # pixels over which pieces of a logo are joined
COLOURFUL = 40  # gray levels between the largest and the smallest channel
MARGIN = 3  # pixels of background kept round a region
MOST_REGIONS = 48  # the network needs about half a millisecond for each
SMALLEST_PAGE = 100  # pixels, each side
# What `choose_threshold` gives for the tuning set. There the most similar harmless page has 0.88,
# and 0.945 is reached by all but one in twenty phishing pages.
THRESHOLD = 0.91

Describe = Callable[[Sequence[Image]], NDArray[np.float32]]


class AddressError(ValueError):
    """An address that is none of a web page; the message says what is missing."""


class KnownBrand(NamedTuple):
    """A brand to protect.

    Attributes
    ----------
    name : str
    domains : tuple of str
        Host names that are its own; what ends in a dot and one of them is its own as well.
    logos : tuple of ndarray of uint8
        Pictures of its logo, BGR: on light, on dark.
    """

    name: str
    domains: tuple[str, ...]
    logos: tuple[Image, ...]


class Known(NamedTuple):
    """Known brands with the features of their logos; `remember` makes it.

    Attributes
    ----------
    brands : tuple of KnownBrand
    features : ndarray of float32, shape (L, D)
        One row for each logo, of unit length.
    owners : ndarray of int, shape (L,)
        Which of `brands` a row belongs to.
    describe : callable
        Gives the features of pictures, as `Network.features` does.
    """

    brands: tuple[KnownBrand, ...]
    features: NDArray[np.float32]
    owners: NDArray[np.int64]
    describe: Describe


class Verdict(NamedTuple):
    """The findings on a page.

    Attributes
    ----------
    brand : str or None
        The known brand whose logo is most similar to something on the page; None where the page
        has nothing that could be a logo.
    similarity : float
        Cosine of the angle between the features of both, at most 1; -1 without a brand.
    box : Box or None
        Where it is on the page.
    known_address : bool
        Whether the address is one of this brand's.
    flagged : bool
        Whether it is similar enough, and the address is not the brand's.
    """

    brand: str | None
    similarity: float
    box: Box | None
    known_address: bool
    flagged: bool


# Regions


def propose_regions(page: Image) -> list[Box]:
    """Find the parts of a page that may be a logo.

    Edges are joined over three distances, so that a logo comes out whole at one of them, and its
    parts alone at another. Neighbours of one distance are also merged by twos: an emblem and the
    word beside or below it.

    Parameters
    ----------
    page : ndarray of uint8, shape (H, W, 3)
        BGR.

    Returns
    -------
    list of Box
        48 at most, the most colourful first. Empty when the page is blank.

    Raises
    ------
    PictureError
        `page` is no picture, or has fewer than 100 pixels on one side.
    """
    check_page(page)
    page = to_bgr(page)
    edges = edge_mask(page)
    found: dict[Box, None] = {}
    for reach in REACHES:
        pieces = join_edges(edges, reach)
        found |= dict.fromkeys([*pieces, *merge_neighbours(pieces)])
    boxes = [box for box in found if _may_be_logo(box, page.shape)]
    return sorted(boxes, key=_colourfulness(page), reverse=True)[:MOST_REGIONS]


def check_page(page: Image) -> None:
    """Raise `PictureError` unless `page` is a picture of 100 x 100 pixels or more."""
    check_image(page, "the page")
    height, width = page.shape[:2]
    if min(height, width) < SMALLEST_PAGE:
        raise PictureError(
            f"the page has {width} x {height} pixels; {SMALLEST_PAGE} x {SMALLEST_PAGE} are needed "
            "at least. Give the whole screenshot, not the logo alone."
        )


def edge_mask(page: Image) -> NDArray[np.uint8]:
    """Return 255 where neighbours differ by more than 24 gray levels in a channel."""
    steps = cv2.morphologyEx(page, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return cv2.inRange(cv2.max(cv2.max(*cv2.split(steps)[:2]), cv2.split(steps)[2]), EDGE + 1, 255)


def join_edges(edges: NDArray[np.uint8], reach: int) -> list[Box]:
    """Return a box round each patch of edges, after gaps below `reach` pixels were closed."""
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(closed)[2][1:]
    return [Box(*map(int, row[:4])) for row in stats if min(row[2], row[3]) >= 5]


def merge_neighbours(boxes: Sequence[Box]) -> list[Box]:
    """Return the box round each two that are side by side or one above the other.

    The gap has to be below half the larger height, and most of the smaller one has to lie within
    the row, or the column, of the other.
    """
    if not boxes:
        return []
    x, y, width, height = np.array(boxes).T
    right, bottom = x + width, y + height
    # Pixels between each two; negative where they overlap.
    across = np.maximum.outer(x, x) - np.minimum.outer(right, right)
    down = np.maximum.outer(y, y) - np.minimum.outer(bottom, bottom)
    near = 0.5 * np.maximum.outer(height, height)
    beside = (across >= 0) & (across < near) & (-down > 0.6 * np.minimum.outer(height, height))
    below = (down >= 0) & (down < near) & (-across > 0.6 * np.minimum.outer(width, width))
    first, second = np.nonzero(np.triu(beside | below, 1))
    left, top = np.minimum(x[first], x[second]), np.minimum(y[first], y[second])
    wide = np.maximum(right[first], right[second]) - left
    tall = np.maximum(bottom[first], bottom[second]) - top
    return [Box(*map(int, row)) for row in zip(left, top, wide, tall, strict=True)]


def _may_be_logo(box: Box, shape: tuple[int, ...]) -> bool:
    """Say whether size and proportions are those of a logo."""
    fits = box.width <= 0.45 * shape[1] and box.height <= 0.35 * shape[0]
    return min(box.width, box.height) >= 10 and fits and 0.4 <= box.width / box.height <= 8


def _colourfulness(page: Image) -> Callable[[Box], float]:
    """Measure how much of a box is neither gray, nor white, nor black."""
    blue, green, red = cv2.split(page)
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    sums = cv2.integral((spread > COLOURFUL).astype(np.uint8))

    def share(box: Box) -> float:
        x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
        inside = sums[bottom, right] - sums[y, right] - sums[bottom, x] + sums[y, x]
        return float(inside) / box.area

    return share


def cut_out(page: Image, box: Box) -> Image:
    """Return a part of the page, with 3 pixels of its surroundings."""
    top, left = max(box.y - MARGIN, 0), max(box.x - MARGIN, 0)
    return page[top : box.y + box.height + MARGIN, left : box.x + box.width + MARGIN]


# Addresses


def host_of(address: str) -> str:
    """Return the host name of an address, in lower case.

    Parameters
    ----------
    address : str
        With its scheme, http or https.

    Returns
    -------
    str

    Raises
    ------
    AddressError
        It is no such address.
    """
    if not isinstance(address, str):
        raise AddressError(f"The address is a {type(address).__name__}. Give a text, https://...")
    # Browsers drop some of these and read a backslash as a slash; Python does not.
    if re.search(r"[\s\\\x00-\x1f\x7f]", address):
        raise AddressError(f"The address {address!r} holds a space, a control sign or a backslash.")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressError(f"The address {address!r} cannot be read: {error}.") from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:-]+", host):
        raise AddressError(f"{address!r} is no address of a web page. Give https://host/...")
    return host.lower().removesuffix(".")


def is_on_list(address: str, domains: Iterable[str]) -> bool:
    """Say whether an address belongs to one of these domains.

    Whole names are compared, from the right: login.sumau.example belongs to sumau.example,
    evil-sumau.example and sumau.example.evil.example do not.

    Parameters
    ----------
    address : str
        With its scheme, http or https.
    domains : iterable of str
        Host names, such as "sumau.example".

    Returns
    -------
    bool

    Raises
    ------
    AddressError
        `address` is none.
    """
    host = host_of(address)
    return any(host == domain or host.endswith("." + domain) for domain in domains)


# Pages


def remember(brands: Sequence[KnownBrand], describe: Describe) -> Known:
    """Compute the features of all known logos.

    Parameters
    ----------
    brands : sequence of KnownBrand
    describe : callable
        Takes pictures, returns features of unit length, (N, D).

    Returns
    -------
    Known
    """
    logos = [logo for brand in brands for logo in brand.logos]
    owners = np.repeat(np.arange(len(brands)), [len(brand.logos) for brand in brands])
    return Known(tuple(brands), describe(logos), owners, describe)


def load_known() -> list[KnownBrand]:
    """Return the six brands of the course: logos cut from their pages, and drawn for dark mode."""
    domains = load_domains()
    return [
        KnownBrand(
            make_brand(page.brand).name,
            domains[page.brand],
            (cut_out(page.read(), page.box), draw_logo(make_brand(page.brand), dark=True)),
        )
        for page in load_pages("known")
    ]


def judge_page(page: Image, address: str, known: Known, *, threshold: float = THRESHOLD) -> Verdict:
    """Say whether a page pretends to be one of the known brands'.

    Parameters
    ----------
    page : ndarray of uint8, shape (H, W, 3)
        A screenshot, BGR.
    address : str
        Where it was found.
    known : Known
        As `remember` gives it.
    threshold : float
        Similarities above it count as the brand's logo.

    Returns
    -------
    Verdict

    Raises
    ------
    PictureError
        `page` is no picture, or too small.
    AddressError
        `address` is none.
    """
    host_of(address)  # so that a wrong one is refused on a blank page too
    boxes = propose_regions(page)
    if not boxes:
        return Verdict(None, -1.0, None, False, False)
    similarities = known.describe([cut_out(page, box) for box in boxes]) @ known.features.T
    row, column = np.unravel_index(similarities.argmax(), similarities.shape)
    brand, similarity = known.brands[known.owners[column]], float(similarities[row, column])
    listed = is_on_list(address, brand.domains)
    flagged = similarity > threshold and not listed
    return Verdict(brand.name, similarity, boxes[row], listed, flagged)


def choose_threshold(phishing: NDArray, harmless: NDArray) -> float:
    """Choose the similarity from which pages are flagged.

    Parameters
    ----------
    phishing, harmless : ndarray of float
        Similarities of pages of a tuning set, all of them at addresses on no list.

    Returns
    -------
    float
        The largest similarity of a harmless page, and half of the room up to what all but one in
        twenty phishing pages reach, where there is room. Pages above it are to be flagged.
    """
    highest = float(np.max(harmless))
    return highest + max(float(np.quantile(phishing, 0.05)) - highest, 0) / 2


def whole_page_ssim(page: Image, known_pages: Sequence[Image]) -> float:
    """Return the SSIM of a page with the most similar of some known pages of its size."""
    gray = to_gray(page)
    return max(ssim(gray, to_gray(known))[0] for known in known_pages)


def whole_page_hash(page: Image, known_pages: Sequence[Image]) -> float:
    """Return the share of the perceptual hash that agrees with the most similar known page."""
    signs = perceptual_hash(page)
    return max(float(np.mean(signs == perceptual_hash(known))) for known in known_pages)
