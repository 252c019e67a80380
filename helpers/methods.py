"""Two pictures in, boxes round what differs out: the recipe of the lessons, or the robust way."""

import os
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from helpers.boxes import bounding_boxes, reading_order
from helpers.comparison import Comparison
from helpers.contours import find_contours
from helpers.errors import NO_MEMORY, PictureError, brief, is_lack_of_memory
from helpers.files import LIMIT, FileBytes, as_path
from helpers.fitting import find_fit
from helpers.forking import COMPARING
from helpers.grayscale import to_gray
from helpers.loading import (
    LARGEST,
    Decoded,
    Image,
    check_image,
    check_whole,
    opacities,
    read_pictures,
    to_bgr,
    to_images,
    warn,
)
from helpers.opacity import add_opacity
from helpers.robust import robust
from helpers.settings import DEFAULTS, SETTINGS, Setting
from helpers.similarity import ssim_difference
from helpers.threshold import otsu_mask

Picture = str | os.PathLike | Image
DEFAULT = "robust"
SMALLEST = 7  # pixels: side of the window of structural similarity


def compare(
    first: Picture,
    second: Picture,
    *,
    method: str = DEFAULT,
    limit: float = LIMIT,
    **settings: Any,
) -> Comparison:
    """Find where two pictures differ.

    Parameters
    ----------
    first, second : path or ndarray of uint8, shape (height, width, 3) or (height, width)
        The original and the modified picture. The setting `sizes` says what is done when their
        sizes differ.
    method : {"robust", "classic"}, optional
        "robust" finds what changed and nothing else: it aligns the second picture with the first,
        matches its tones, works in colour, and tolerates what noise, compression and resizing do.
        It measures from the pair itself how much that is. When one picture is a JPEG copy of the
        other, it stores the other as JPEG at the same quality, so that both have the same loss.
        "classic" is the recipe of lessons 01 to 06: grayscale, structural similarity, Otsu's
        threshold, contours, boxes. It sees brightness only, and always splits a pair that is not
        identical, so noise and JPEG get boxes too.
    limit : float, optional
        The most million pixels of a picture file, as for `load_image`. 50 unless given.
    SETTINGS

    Returns
    -------
    Comparison

    Raises
    ------
    FileNotFoundError
        A path leads to no file.
    PictureError
        A picture cannot be used, the sizes differ and nothing tells how the two fit, they are
        less than 7 pixels wide or high, there is no such method, or it has no such setting or not
        with that value.
    MemoryError
        There is not enough memory for pictures of that size.

    Notes
    -----
    Threads and processes may compare at once. For many pairs, start processes by "spawn" and give
    OpenCV one thread in each (`cv2.setNumThreads(1)`): the pairs keep all cores busy then. After
    `os.fork`, as the "fork" of `multiprocessing` has it, the child can compare as well; a fork
    waits until the comparisons of other threads are through.

    Examples
    --------
    >>> comparison = compare("images/original_01.png", "images/modified_01.png")
    >>> comparison.is_same
    False
    """
    check_method(method, settings)
    given = [
        picture.path if isinstance(picture, FileBytes) else picture for picture in (first, second)
    ]
    paths = tuple(as_path(picture) for picture in given if _is_path(picture))
    try:
        with COMPARING:
            pictures = _read(first, second, limit)
            comparison = compare_decoded(*pictures, method=method, settings=settings, paths=paths)
    except cv2.error as error:
        if is_lack_of_memory(error):
            raise MemoryError(NO_MEMORY) from None
        raise
    warn(comparison.notes)
    return comparison


def check_method(method: str, settings: Mapping[str, Any]) -> None:
    """Raise `PictureError` unless there is such a method, and it has these settings."""
    if not _is_method(method):
        raise PictureError(
            f"There is no method {brief(method)}. Choose one of: {', '.join(METHODS)}."
        )
    known = SETTINGS_OF[method]
    for name in settings:
        if name not in known:
            raise PictureError(
                f"The method {method!r} has no setting {brief(name)}. It has: {', '.join(known)}."
            )


def compare_decoded(
    first: Decoded,
    second: Decoded,
    *,
    method: str,
    settings: Mapping[str, Any],
    paths: tuple[Path, ...] = (),
) -> Comparison:
    """Compare two pictures as their files hold them: their colours on white, and their opacity.

    Parameters
    ----------
    first, second : Decoded
    method, settings : str and mapping
        As for `compare`, checked.
    paths : tuple of Path, optional
        The files that were read. What was lost of one and the same file is lost of both alike.

    Returns
    -------
    Comparison
    """
    for picture in (first, second):
        _check_sides(picture.pixels)
    images, notes = to_images(first, second)
    planes = opacities((first, second))
    comparison = METHODS[method](*images, **settings)
    if planes:
        comparison = add_opacity(comparison, planes, settings)
    verdict = comparison.verdict
    if notes and verdict == "identical" and len(set(paths)) != 1:  # as far as could be read
        verdict = "no difference"
    return replace(comparison, paths=paths, notes=tuple(notes), verdict=verdict)


def _check_sides(image: Image) -> None:
    height, width = image.shape[:2]
    if min(height, width) < SMALLEST:
        raise PictureError(
            f"A picture is {width} x {height} pixels, too small to be compared. Give pictures "
            f"of {SMALLEST} x {SMALLEST} pixels or more."
        )


def classic(
    first: Image, second: Image, *, min_pixels: int = 0, sizes: str = DEFAULTS.sizes
) -> Comparison:
    """Compare by the method "classic": the recipe of lessons 01 to 06."""
    least = check_whole(min_pixels, "min_pixels", 0)
    fit = find_fit(first, second, sizes)
    if fit:
        first, second = fit.bring(0, first), fit.bring(1, second)
    layout, surplus = fit.layout if fit else None, []
    if layout:
        first, second, _ = layout.place(first, second)
        surplus = [box for box, _ in layout.surplus(first, second)]
    score, difference = ssim_difference(to_gray(first), to_gray(second))
    threshold, differing = otsu_mask(difference)
    mask = _large_pieces(differing, least) if least > 1 else differing
    smaller = cv2.countNonZero(differing) - cv2.countNonZero(mask)
    boxes = sorted(bounding_boxes(find_contours(mask)) + surplus, key=reading_order)
    for x, y, width, height in surplus:
        mask[y : y + height, x : x + width] = 255
    verdict = "changed" if boxes else "explained" if fit else "no difference"
    if not fit and np.array_equal(first, second):
        verdict = "identical"
    return Comparison(
        score,
        difference,
        mask,
        boxes,
        first,
        second,
        threshold,
        "classic",
        second,
        verdict,
        least_pixels=least,
        smaller=smaller,
        fit=fit,
        layout=layout,
    )


def _large_pieces(mask: Image, least: int) -> Image:
    """Keep what has so many pixels of the mask inside its contour."""
    filled = cv2.drawContours(np.zeros_like(mask), find_contours(mask), -1, 255, cv2.FILLED)
    labels = cv2.connectedComponents(filled)[1]
    is_large = np.bincount(labels[mask > 0], minlength=1) >= least
    return mask * is_large[labels]


METHODS: dict[str, Callable[..., Comparison]] = {"robust": robust, "classic": classic}
SETTINGS_OF: dict[str, dict[str, Any]] = {  # the settings of each method, with their defaults
    "robust": {setting.name: setting.default for setting in SETTINGS},
    "classic": classic.__kwdefaults__,
}


def _document(setting: Setting) -> str:
    """Document a setting of `compare` as numpydoc does."""
    about, kind, default = setting.help[0].upper() + setting.help[1:], "int", setting.default
    if isinstance(default, bool):
        about, kind = f"{not default}: {setting.help}", "bool"
    elif setting.choices:
        kind, default = f"{{{', '.join(map(_quoted, setting.choices))}}}", _quoted(default)
    elif not isinstance(default, int):
        kind, default = "list of (x, y, width, height), or ndarray of uint8", "Nothing"
    highest = "" if setting.high == LARGEST else f", {setting.low} to {setting.high}"
    unit = f" In {setting.unit}{highest};" if kind == "int" else ""
    lines = [f"{about}.{unit} {default} unless given.", setting.more]
    if setting.name not in SETTINGS_OF["classic"]:
        lines.append('"robust" only.')
    text = textwrap.fill(" ".join(filter(None, lines)), 92)
    return f"    {setting.name} : {kind}, optional\n{textwrap.indent(text, ' ' * 8)}"


def _quoted(word: str) -> str:
    return f'"{word}"'


if compare.__doc__:  # not with python -OO
    compare.__doc__ = compare.__doc__.replace("    SETTINGS", "\n".join(map(_document, SETTINGS)))


def _is_method(method: object) -> bool:
    try:
        return isinstance(method, str) and method in METHODS
    except Exception:  # what a class of texts itself raises
        return False


def _is_path(picture: Picture) -> bool:
    return isinstance(picture, str | os.PathLike)


def _read(first: Picture | FileBytes, second: Picture | FileBytes, limit: float) -> list[Decoded]:
    """Read what is a file, both at once, and check what is an array."""
    pictures = [first, second]
    is_file = [_is_path(picture) or isinstance(picture, FileBytes) for picture in pictures]
    files = [picture for picture, which in zip(pictures, is_file, strict=True) if which]
    read = iter(read_pictures(*files, limit=limit) if files else [])
    return [
        next(read) if which else _as_decoded(picture, f"the {place} picture")
        for picture, which, place in zip(pictures, is_file, ("first", "second"), strict=True)
    ]


def _as_decoded(picture: Image, name: str) -> Decoded:
    # A copy, so that the caller may go on drawing into its own.
    return Decoded(name, to_bgr(check_image(picture, name)).copy())
