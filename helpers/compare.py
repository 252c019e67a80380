"""All steps joined: from two pictures to boxes round what differs. Lesson 06."""

import base64
import html
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2

from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import (
    Image,
    PictureError,
    check_image,
    check_same_size,
    load_image,
    to_bgr,
)
from helpers.similarity import difference_image, ssim
from helpers.threshold import otsu_mask

Picture = str | os.PathLike | Image
PANEL_WIDTH = 480  # pixels of each picture in a notebook


@dataclass(frozen=True, eq=False)
class Comparison:
    """What `compare` found. Boxes are in pixels of the first picture.

    Attributes
    ----------
    score : float
        Mean structural similarity of the gray pictures, -1 to 1; 1 = same.
    difference : ndarray of uint8, shape (height, width)
        255 where the pictures are alike, darker where they are less so.
    mask : ndarray of uint8, shape (height, width)
        255 = differs, 0 = same.
    boxes : list of Box
        From top to bottom.
    first, second : ndarray of uint8, shape (height, width, 3)
        The pictures compared, BGR.
    threshold : float
        The value of `difference` that splits `mask`: a pixel at or below it differs.
    method : str
        The method that found the boxes.
    paths : tuple of Path
        The files compared, of those that were given as paths.
    """

    score: float
    difference: Image
    mask: Image
    boxes: list[Box]
    first: Image
    second: Image
    threshold: float
    method: str
    paths: tuple[Path, ...] = ()

    @property
    def is_same(self) -> bool:
        """True when there is no box."""
        return not self.boxes

    def panels(self) -> dict[str, Image]:
        """The four pictures of the recipe: boxed original and modified, difference, mask."""
        return {
            "original": draw_boxes(self.first, self.boxes),
            "modified": draw_boxes(self.second, self.boxes),
            "difference": self.difference,
            "threshold": self.mask,
        }

    def to_dict(self) -> dict[str, Any]:
        """Numbers and boxes, ready for JSON; boxes as [x, y, width, height]."""
        height, width = self.mask.shape
        return {
            "method": self.method,
            "is_same": self.is_same,
            "score": self.score,
            "threshold": self.threshold,
            "width": width,
            "height": height,
            "percent_differing": 100 * cv2.countNonZero(self.mask) / self.mask.size,
            "boxes": [list(box) for box in self.boxes],
        }

    def save(self, folder: str | os.PathLike) -> list[Path]:
        """Write the four pictures as PNG. Nothing is replaced before all four are written.

        Parameters
        ----------
        folder : str or os.PathLike
            Made when it does not exist. The pictures of an earlier run are replaced; the files
            that were compared never are.

        Returns
        -------
        list of Path
            original.png, modified.png, difference.png, threshold.png in `folder`.

        Raises
        ------
        PictureError
            One of the four names is taken by a file that was compared, by a folder, or by a
            picture that no earlier run can have left; or the folder cannot be written to.
        """
        folder = Path(folder)
        panels = {folder / f"{name}.png": image for name, image in self.panels().items()}
        self._check_targets(list(panels))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=folder, prefix=".image-diff-") as parts:
                for target, image in panels.items():
                    (Path(parts) / target.name).write_bytes(cv2.imencode(".png", image)[1])
                for target in panels:
                    (Path(parts) / target.name).replace(target)
        except OSError as error:
            raise PictureError(
                f"{folder} cannot be written to ({error.strerror}). Give another folder, or make "
                "room in it."
            ) from None
        return list(panels)

    def _check_targets(self, targets: list[Path]) -> None:
        compared = {path.resolve() for path in self.paths}
        there = [target for target in targets if target.exists()]
        for target in there:
            if target.resolve() in compared:
                raise PictureError(
                    f"{target} is one of the pictures compared and would be overwritten. "
                    "Give another folder."
                )
        if any(target.is_dir() for target in there) or 0 < len(there) < len(targets):
            raise PictureError(
                f"{there[0]} is not from an earlier run, which leaves four pictures. "
                "Give another folder, or move it away."
            )

    def summary(self) -> str:
        """The score and the number of boxes in a few words."""
        count = len(self.boxes)
        found = f"{count} {'box' if count == 1 else 'boxes'}" if count else "no difference found"
        return f"SSIM: {self.score:.4f}, {found}"

    def __repr__(self) -> str:
        return f"<Comparison by method {self.method!r}. {self.summary()}>"

    def _repr_html_(self) -> str:
        figures = "".join(
            _html_figure(name, image, f"{name}: {self.summary()}")
            for name, image in self.panels().items()
        )
        return (
            '<div style="display: grid; grid-template-columns: 1fr 1fr; gap: 8px">'
            f"{figures}</div><p>{html.escape(self.summary())}</p>"
        )


def compare(
    first: Picture, second: Picture, *, method: str = "classic", min_area: int = 0
) -> Comparison:
    """Find where two pictures differ.

    Parameters
    ----------
    first, second : path or ndarray of uint8, shape (height, width, 3) or (height, width)
        The original and the modified picture, of one size.
    method : {"classic"}, optional
        "classic" is the recipe of lessons 01 to 06: grayscale, structural similarity, Otsu's
        threshold, contours, boxes. It sees brightness only, and always splits a pair that is not
        identical, so noise and JPEG get boxes too.
    min_area : int, optional
        Boxes of fewer pixels (width times height) are left out.

    Returns
    -------
    Comparison

    Raises
    ------
    FileNotFoundError
        A path leads to no file.
    PictureError
        A picture cannot be used, the sizes differ, they are smaller than 7 x 7 pixels, there is
        no such method, or `min_area` is no whole number from 0 up.

    Examples
    --------
    >>> comparison = compare("images/original_01.png", "images/modified_01.png")
    >>> comparison.is_same
    False
    """
    if not isinstance(method, str) or method not in METHODS:
        raise PictureError(f"There is no method {method!r}. Choose one of: {', '.join(METHODS)}.")
    paths = tuple(Path(picture) for picture in (first, second) if _is_path(picture))
    names = [
        str(picture) if _is_path(picture) else f"the {place} picture"
        for picture, place in ((first, "first"), (second, "second"))
    ]
    images = [_as_bgr(picture, name) for picture, name in zip((first, second), names, strict=True)]
    check_same_size(*images, names=tuple(names))
    return replace(METHODS[method](*images, min_area), paths=paths)


def _classic(first: Image, second: Image, min_area: int) -> Comparison:
    score, similarity = ssim(to_gray(first), to_gray(second))
    difference = difference_image(similarity)
    threshold, mask = otsu_mask(difference)
    boxes = bounding_boxes(find_contours(mask), min_area=min_area)
    return Comparison(score, difference, mask, boxes, first, second, threshold, "classic")


METHODS: dict[str, Callable[[Image, Image, int], Comparison]] = {"classic": _classic}


def _is_path(picture: Picture) -> bool:
    return isinstance(picture, str | os.PathLike)


def _as_bgr(picture: Picture, name: str) -> Image:
    if _is_path(picture):
        return load_image(picture)
    check_image(picture, name)
    return to_bgr(picture).copy()  # so that the caller may go on drawing into its own


def _html_figure(caption: str, image: Image, alt: str) -> str:
    scale = min(1, PANEL_WIDTH / image.shape[1], 10 * PANEL_WIDTH / image.shape[0])
    size = max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    data = base64.b64encode(encoded).decode()
    return (
        f'<figure style="margin: 0"><img style="width: 100%; border: 1px solid #bbb" '
        f'alt="{html.escape(alt)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )
