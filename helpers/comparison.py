"""What a comparison found, to read, to save and to look at. Lesson 06."""

import base64
import html
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from helpers import results, words
from helpers.alignment import Alignment, unseen
from helpers.boxes import Box, draw_boxes
from helpers.encoding import encode, fit
from helpers.fitting import Fit
from helpers.layout import Layout
from helpers.loading import Image, to_bgr
from helpers.recompression import Recompression
from helpers.tone import Tone
from helpers.words import Change

PANELS = "original", "modified", "difference", "threshold"
MODIFIED = PANELS[1]  # the one whose alternative text says what changed
PANEL_WIDTH = 480  # pixels of each picture in a notebook
TALLEST = 10  # widths
SQUARE, DARKER = 8, 64  # pixels of a checkerboard, and the levels by which half of it are darker
MOVES = 0.05  # pixels: an alignment that moves no corner by so much is not worth a word
HIDDEN = 0.1  # share of the first picture from which it is said that the second lacks it
FOUND = {  # the verdict in words, where there is no box
    "identical": "identical",
    "no difference": "no difference found",
    "explained": "explained: only moved or lit otherwise",
    "changed": "changed",
    "unlike": "unlike",
}
TOLD = {  # the same as a sentence, for those who see no picture
    "identical": "The pictures are identical.",
    "no difference": "No difference found.",
    "explained": "Nothing changed in one place.",
    "unlike": "The pictures have too little in common to say what changed.",
}
MISALIGNED = (
    "Not compared: the second picture shows the first from elsewhere, turned or tilted by more "
    "than can be aligned."
)
STRICT = "Strict: the pair is taken as exact, and a change counts from {levels} and {pixels} up."
KINDS = {  # what each kind of pair is, and what that means for its limits
    "exact": "Exact (the same to the last bit where nothing changed): a change counts from "
    "{levels} and {pixels} up.",
    "rendered": "Rendered again (flat places are the same, edges are not): differences below "
    "{levels} and of fewer than {pixels} are taken for those of the rendering, unless they are "
    "wide.",
    "stored": "Stored again (JPEG, noise or resizing): differences below {levels} and of fewer "
    "than {pixels} are taken for its noise, unless they are wide.",
    "photographed": "Photographed again (another view or light): differences below {levels} and "
    "of fewer than {pixels} are taken for its noise, unless they are wide.",
}
SAME_LOSS = (
    "Stored again, with the same loss in both (equal to the last bit where nothing changed): a "
    "change counts when it has at least {pixels} and one of them differs by at least {levels}."
)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The result of `compare`. Boxes are in pixels of the pictures compared.

    Attributes
    ----------
    score : float
        Mean structural similarity of the gray pictures, -1 to 1; 1 = same.
    difference : ndarray of uint8, shape (height, width)
        255 where the pictures are alike, darker where they are less so.
    mask : ndarray of uint8, shape (height, width)
        255 = differs, 0 = same. What is too small to have a box is 0 as well.
    boxes : list of Box
        From top to bottom.
    first, second : ndarray of uint8, shape (height, width, 3)
        The pictures compared, BGR: those given, unless `fit` says otherwise.
    threshold : float
        The value of `difference` at or below which a pixel differs enough for `mask`.
    method : str
        The method that found the boxes.
    aligned : ndarray of uint8, shape (height, width, 3)
        The second picture aligned with the first; the same array when nothing was moved.
    verdict : {"identical", "no difference", "explained", "changed", "unlike"}
        "identical": equal to the last bit, and nothing was lost in reading. "no difference":
        nothing beyond the noise of a pair of its kind. "explained": nothing in one place, but
        the whole was moved or lit otherwise. "changed": there are boxes. "unlike": the two have
        too little in common for boxes to mean much.
    kind : {"exact", "rendered", "stored", "photographed", ""}
        What lies between the pictures where nothing was changed: nothing; another program or
        system that drew them; JPEG, noise or resizing; another view or light. The method
        "classic" does not ask.
    ignored_below, least_pixels : int
        What the noise of the pair has raised the settings `ignore_below` and `min_pixels` to.
    fainter : int
        Pixels of an exact pair that differ, but by less than `ignored_below`, or by less than is
        seen round a change that is.
    smaller : int
        Pixels that differ by enough, but in pieces of fewer than `least_pixels`.
    ignored : int
        Pixels that differ by enough, but where the setting `ignore` leaves them out.
    fit : Fit or None
        How two pictures of different sizes were brought together.
    alignment : Alignment or None
        The shift, rotation and scale of the second picture that were corrected, or its view.
    tone : Tone or None
        The correction of tone, when there was one.
    recompression : Recompression or None
        How one picture was stored before the two were compared: as the other one is.
    is_reproduced : bool
        Where nothing was changed they were then the same to the last bit.
    misaligned : bool
        The second picture shows the first from elsewhere and could not be aligned: no boxes.
    opacities : tuple of two ndarray of uint8, shape (height, width), or None
        The opacity of both pictures where it is not the same: 0 = transparent, 255 = opaque. That
        of the second is aligned as it is.
    opacity_only : int
        Pixels of the mask that look the same on white, and differ in opacity.
    paths : tuple of Path
        The files compared, of those that were given as paths.
    notes : tuple of str
        What was lost when the files were read, in sentences.
    layout : Layout or None
        How both are placed on one canvas, where one has rows or columns that the other lacks, or
        has them elsewhere. Pictures, mask and boxes are then of the canvas; `layout.box_in` gives
        their places in the files.
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
    verdict: str
    kind: str = ""
    ignored_below: int = 0
    least_pixels: int = 0
    fainter: int = 0
    smaller: int = 0
    ignored: int = 0
    fit: Fit | None = None
    alignment: Alignment | None = None
    tone: Tone | None = None
    recompression: Recompression | None = None
    is_reproduced: bool = False
    misaligned: bool = False
    opacities: tuple[Image, Image] | None = None
    opacity_only: int = 0
    paths: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    layout: Layout | None = None

    @cached_property
    def changes(self) -> list[Change]:
        """What changed in each box, as `helpers.words` tells it; worked out when first asked."""
        return words.find_changes(self)

    def describe(self) -> str:
        """Tell in plain sentences what changed: what concerns all first, then the largest change.

        Returns
        -------
        str
        """
        return " ".join(self.sentences)

    @property
    def sentences(self) -> list[str]:
        """The sentences of `describe`."""
        if self.misaligned:
            return [MISALIGNED]
        sentences = [TOLD[self.verdict]] if self.verdict in TOLD else []
        if self.verdict in ("explained", "changed"):
            sentences += self._whole_in_words()
        return [*sentences, *self.told]

    @property
    def told(self) -> list[str]:
        """Sentences about the changes alone; none where boxes mean little."""
        return words.tell(self.changes) if self.verdict == "changed" else []

    @property
    def is_same(self) -> bool:
        """True when the verdict is "identical" or "no difference"."""
        return self.verdict in ("identical", "no difference")

    @property
    def sizes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Width and height of both pictures as they were given."""
        if self.fit:
            return self.fit.sizes
        if self.layout:
            return tuple(self.layout.shape_of(which)[::-1] for which in (0, 1))
        return (self.mask.shape[::-1],) * 2

    def box_in(self, which: int, box: Box) -> Box | None:
        """Return where a box lies in the first (0) or second (1) picture as it was given.

        Parameters
        ----------
        which : {0, 1}
        box : Box
            In pixels of the pictures compared, as those of `boxes`.

        Returns
        -------
        Box or None
            None where this picture has nothing.
        """
        placed = self.layout.box_in(which, box) if self.layout else box
        return self.fit.box_in(which, placed) if self.fit and placed else placed

    @property
    def pixels_differing(self) -> int:
        """Number of pixels of the mask."""
        return cv2.countNonZero(self.mask)

    @property
    def percent_differing(self) -> float:
        """Their share in the picture, 0 to 100."""
        return 100 * self.pixels_differing / self.mask.size

    def shown(self) -> tuple[Image, Image]:
        """Return both pictures to be looked at.

        They are on a checkerboard where their opacity differs, and hatched where one has nothing.
        """
        pictures = self.first, self.aligned
        if self.opacities is not None:
            pictures = tuple(map(_on_checkerboard, pictures, self.opacities))
        if self.layout is not None:
            pictures = tuple(map(self.layout.hatched, (0, 1), pictures))
        return pictures

    def panels(self) -> dict[str, Image]:
        """Draw the four pictures of the recipe: both pictures with boxes, difference, mask."""
        drawn = [draw_boxes(picture, self.boxes) for picture in self.shown()]
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
            "verdict": self.verdict,
            "kind": self.kind,
            "is_same": self.is_same,
            "ignored_below": self.ignored_below,
            "least_pixels": self.least_pixels,
            "fainter": self.fainter,
            "smaller": self.smaller,
            "ignored": self.ignored,
            "opacity_only": self.opacity_only,
            "score": self.score,
            "threshold": self.threshold,
            "width": width,
            "height": height,
            "sizes": [list(size) for size in self.sizes],
            "fit": self.fit and self.fit.to_dict(),
            "pixels_differing": self.pixels_differing,
            "percent_differing": self.percent_differing,
            "boxes": [list(box) for box in self.boxes],
            "changes": [change.to_dict() for change in self.changes],
            "words": self.describe(),
            "alignment": self.alignment
            and {
                "dx": self.alignment.dx,
                "dy": self.alignment.dy,
                "angle": self.alignment.angle,
                "scale": self.alignment.scale,
                "bent": self.alignment.bent,
                "tilt": self.alignment.tilt,
            },
            "tone": self.tone
            and {
                "corrects": self.tone.corrects,
                "brighter": self.tone.brighter,
                "contrast": self.tone.contrast,
                "by_place": self.tone.light is not None,
            },
            "recompression": self.recompression
            and {"of": self.recompression.of, "quality": self.recompression.quality},
            "layout": self.layout
            and {
                "rows": [list(band) for band in self.layout.rows],
                "columns": [list(band) for band in self.layout.columns],
            },
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
        """The verdict and the number of boxes in words."""
        boxes = _counted(len(self.boxes), "box", "boxes")
        return f"{self.verdict}: {boxes}" if self.boxes else FOUND[self.verdict]

    def summary(self) -> str:
        """Put the score, the verdict and the number of boxes in a few words."""
        return f"SSIM: {self.score:.4f}, {self.found}"

    @property
    def remarks(self) -> list[str]:
        """What else is to be known, in sentences.

        The notes, what was done to the second picture, of which kind the pair is, and what
        differs without a box.
        """
        sentences = (
            *self.notes,
            *self._whole_in_words(),
            self._recompression_in_words(),
            self._kind_in_words(),
            self._opacity_in_words(),
            self._fainter_in_words(),
            self._smaller_in_words(),
            self._ignored_in_words(),
            self._unseen_in_words(),
        )
        return [sentence for sentence in sentences if sentence]

    def _whole_in_words(self) -> list[str]:
        """Tell what was done to a picture as a whole."""
        sentences = (
            self.fit.words if self.fit else "",
            *(self.layout.in_words() if self.layout else ()),
            self._alignment_in_words(),
            self._tone_in_words(),
        )
        return [sentence for sentence in sentences if sentence]

    def _alignment_in_words(self) -> str:
        if not self.alignment or not _moves(self.alignment, self.mask.shape):
            return ""
        dx, dy, angle, scale = self.alignment[:4]
        bent = self.alignment.bent
        if self.alignment.view is not None:
            return self._view_in_words(self.alignment)
        return (
            f"Aligned: the second picture is {dx:z.1f}, {dy:z.1f} pixels off, turned by "
            f"{angle:z.2f} degrees, {scale:.4f} times as large"
            f"{f', bent by up to {bent:.1f} pixels' if bent else ''}."
        )

    def _view_in_words(self, view: Alignment) -> str:
        hidden = cv2.countNonZero(unseen(view, self.mask.shape)) / self.mask.size
        return (
            "Aligned: the second picture shows the first from elsewhere, turned by "
            f"{view.angle:z.0f} degrees, {view.scale:.2f} times as large, tilted by about "
            f"{view.tilt:.0f} degrees"
            f"{f'; {hidden:.0%} of the first are not in it' if hidden >= HIDDEN else ''}."
        )

    def _tone_in_words(self) -> str:
        if not self.tone:
            return ""
        brighter, contrast, light = self.tone.brighter, self.tone.contrast, self.tone.light
        sentence = (
            f"Tones matched: the second picture is {abs(brighter):.1f} gray levels "
            f"{'darker' if brighter < 0 else 'brighter'} on average, its contrast "
            f"{contrast:.2f} times that of the first"
        )
        if light is not None:
            sentence += f"; its light differs by place, {light.max() / light.min():.2f} times"
        return f"{sentence}."

    def _recompression_in_words(self) -> str:
        if not self.recompression:
            return ""
        of, quality = self.recompression.of, self.recompression.quality
        stored = "second" if of == "first" else "first"
        return (
            f"Compressed alike: the {stored} picture is a JPEG of quality {quality}, so the {of} "
            "was compared as one, too."
        )

    def _kind_in_words(self) -> str:
        if self.misaligned:
            return MISALIGNED
        if self.verdict == "unlike":
            return "The pictures have too little in common to be aligned, so boxes mean little."
        if self.verdict == "identical" or not self.kind:
            return ""
        levels = _counted(max(self.ignored_below, 1), "gray level", "gray levels")
        pixels = _counted(max(self.least_pixels, 1), "pixel", "pixels")
        sentence = KINDS[self.kind] if self.ignored_below else STRICT
        if self.is_reproduced:
            sentence = SAME_LOSS
        return sentence.format(levels=levels, pixels=pixels)

    def _opacity_in_words(self) -> str:
        if not self.opacity_only:
            return ""
        differ = _pixels_differ(self.opacity_only)
        return f"{differ} in opacity alone: on white both pictures look the same there."

    def _fainter_in_words(self) -> str:
        if not self.fainter or self.verdict == "unlike":
            return ""
        more, beside = ("more ", " or only faintly beside a change") if self.boxes else ("", "")
        differ = _counted(self.fainter, f"{more}pixel differs", f"{more}pixels differ")
        levels = _counted(self.ignored_below, "gray level", "gray levels")
        they_were = "it was" if self.fainter == 1 else "they were"
        return f"{differ}, but by fewer than {levels}{beside}; {they_were} left out."

    def _smaller_in_words(self) -> str:
        if not self.smaller or self.verdict == "unlike":
            return ""
        return f"{_pixels_differ(self.smaller)} in pieces of fewer than {self.least_pixels}."

    def _ignored_in_words(self) -> str:
        if not self.ignored:
            return ""
        elsewhere = "" if self.boxes else ", and elsewhere none that counts"
        return f"{_pixels_differ(self.ignored)} in the places to ignore{elsewhere}."

    def _unseen_in_words(self) -> str:
        """Say it when the method "classic" shows nothing of what differs."""
        if self.kind or self.verdict != "no difference" or self.smaller:
            return ""
        return "The pictures are not equal; the recipe, which sees brightness only, shows nothing."

    def __repr__(self) -> str:
        return f"<Comparison by method {self.method!r}. {self.summary()}>"

    def _repr_html_(self) -> str:
        found = self.summary()
        figures = "".join(
            _html_figure(name, image, f"{name}: {self.describe() if name == MODIFIED else found}")
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


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _pixels_differ(count: int) -> str:
    return _counted(count, "pixel differs", "pixels differ")


def _moves(alignment: Alignment, shape: tuple[int, int]) -> bool:
    """Say whether an alignment moves a corner of a picture, and by that anything."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [0, height], [width, height]]], float)
    moved = np.abs(cv2.transform(corners, alignment.matrix) - corners).max()
    return bool(moved >= MOVES or alignment.bent >= MOVES or alignment.view is not None)


def _on_checkerboard(picture: Image, opacity: Image) -> Image:
    """Take a picture that lies on white to a checkerboard: its darker squares show through."""
    height, width = opacity.shape
    squares = (np.arange(height)[:, None] // SQUARE + np.arange(width) // SQUARE) % 2
    through = np.where(squares == 1, 255 - opacity, 0) * (DARKER / 255)
    return cv2.subtract(picture, to_bgr(np.rint(through).astype(np.uint8)))


def _html_figure(caption: str, image: Image, alt: str) -> str:
    small = fit(image, PANEL_WIDTH, TALLEST * PANEL_WIDTH, enlarge=False)
    data = base64.b64encode(encode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 90))).decode()
    width = "100%" if len(image) <= TALLEST * image.shape[1] else "auto"
    return (
        f'<figure style="margin: 0"><img style="width: {width}; border: 1px solid #bbb" '
        f'alt="{html.escape(alt)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )
