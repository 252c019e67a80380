"""What a comparison found, to read, to save and to look at. Lesson 06."""

import base64
import html
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from helpers import results
from helpers.alignment import Alignment
from helpers.boxes import Box, draw_boxes
from helpers.encoding import encode, fit
from helpers.loading import Image
from helpers.tone import Tone

PANELS = "original", "modified", "difference", "threshold"
PANEL_WIDTH = 480  # pixels of each picture in a notebook
TALLEST = 10  # widths


@dataclass(frozen=True, eq=False)
class Comparison:
    """The result of `compare`. Boxes are in pixels of the first picture.

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
    aligned : ndarray of uint8, shape (height, width, 3)
        The second picture aligned with the first; the same array when nothing was moved.
    alignment : Alignment or None
        The shift, rotation and scale of the second picture that were corrected.
    tone : Tone or None
        The correction of tone, when there was one.
    too_different : bool
        True when no alignment was found and more than half of the picture differs: the two have
        too little in common for boxes to mean much.
    paths : tuple of Path
        The files compared, of those that were given as paths.
    notes : tuple of str
        What was lost when the files were read, in sentences.
    """

    score: float
    difference: Image
    mask: Image
    boxes: list[Box]
    first: Image
    second: Image
    threshold: float
    method: str
    aligned: Image
    alignment: Alignment | None = None
    tone: Tone | None = None
    too_different: bool = False
    paths: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """True when there is no box."""
        return not self.boxes

    def panels(self) -> dict[str, Image]:
        """Draw the four pictures of the recipe: both pictures with boxes, difference, mask."""
        drawn = [draw_boxes(picture, self.boxes) for picture in (self.first, self.aligned)]
        return dict(zip(PANELS, (*drawn, self.difference, self.mask), strict=True))

    def to_png(self) -> dict[str, bytes]:
        """Encode the four pictures as files, below their names such as original.png.

        Raises
        ------
        PictureError
            A side has more than 1,000,000 pixels, the most of a PNG.
        """
        encode_panel = partial(results.marked_png, kind=results.PICTURE)
        with ThreadPoolExecutor() as pool:  # OpenCV encodes without Python's lock
            files = pool.map(encode_panel, self.panels().values())
            return {f"{name}.png": data for name, data in zip(PANELS, files, strict=True)}

    def to_dict(self) -> dict[str, Any]:
        """Collect numbers and boxes, ready for JSON; boxes as [x, y, width, height]."""
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
            "alignment": self.alignment
            and {
                "dx": self.alignment.dx,
                "dy": self.alignment.dy,
                "angle": self.alignment.angle,
                "scale": self.alignment.scale,
            },
            "tone": self.tone and self.tone.corrects,
            "too_different": self.too_different,
            "remarks": self.remarks,
        }

    def save(self, folder: str | os.PathLike) -> list[Path]:
        """Write the four pictures as PNG: all of them, or when that fails none.

        Parameters
        ----------
        folder : str or os.PathLike
            Made when it does not exist. The pictures of an earlier run are replaced; a text in them
            says that they are. Other files and those that were compared never are.

        Returns
        -------
        list of Path
            original.png, modified.png, difference.png, threshold.png in `folder`.

        Raises
        ------
        PictureError
            One of the four names is taken by anything but a picture that an earlier run has left;
            the folder cannot be written to; or as `to_png`.
        """
        folder = check_folder(folder, self.paths)
        files = self.to_png()
        results.write_folder(folder, files, results.PICTURE)
        return [folder / name for name in files]

    @property
    def found(self) -> str:
        """The number of boxes in words."""
        count = len(self.boxes)
        return f"{count} {'box' if count == 1 else 'boxes'}" if count else "no difference found"

    def summary(self) -> str:
        """Put the score and the number of boxes in a few words."""
        return f"SSIM: {self.score:.4f}, {self.found}"

    @property
    def remarks(self) -> list[str]:
        """The notes, then what was done to the second picture or could not be, in sentences."""
        remarks = list(self.notes)
        if self.alignment:
            dx, dy, angle, scale, _ = self.alignment
            remarks.append(
                f"Aligned: the second picture lay {dx:.1f}, {dy:.1f} pixels off, turned by "
                f"{angle:.2f} degrees, {scale:.4f} times as large."
            )
        if self.tone:
            remarks.append(
                f"Tones matched: those of the {self.tone.corrects} picture were changed."
            )
        if self.too_different:
            remarks.append(
                "The pictures are too different to align: more than half of them differs."
            )
        return remarks

    def __repr__(self) -> str:
        return f"<Comparison by method {self.method!r}. {self.summary()}>"

    def _repr_html_(self) -> str:
        figures = "".join(
            _html_figure(name, image, f"{name}: {self.summary()}")
            for name, image in self.panels().items()
        )
        lines = "<br>".join(map(html.escape, (self.summary(), *self.remarks)))
        return (
            '<div style="display: grid; grid-template-columns: 1fr 1fr; gap: 8px">'
            f"{figures}</div><p>{lines}</p>"
        )


def check_folder(folder: str | os.PathLike, compared: Sequence[Path] = ()) -> Path:
    """Raise `PictureError` unless the four pictures may be written into a folder.

    Parameters
    ----------
    folder : str or os.PathLike
        Need not be there yet.
    compared : sequence of Path, optional
        The files compared, which are not replaced even when an earlier run has left them.

    Returns
    -------
    Path
    """
    names = [f"{name}.png" for name in PANELS]
    return results.check_folder(folder, names, results.PICTURE, keep=compared)


def _html_figure(caption: str, image: Image, alt: str) -> str:
    small = fit(image, PANEL_WIDTH, TALLEST * PANEL_WIDTH, enlarge=False)
    data = base64.b64encode(encode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 90))).decode()
    width = "100%" if len(image) <= TALLEST * image.shape[1] else "auto"
    return (
        f'<figure style="margin: 0"><img style="width: {width}; border: 1px solid #bbb" '
        f'alt="{html.escape(alt)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )
