"""Find what changed and nothing else: align, match tones, tolerate noise. Lessons 10 to 12."""

import math
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import cv2
import numpy as np

from helpers import kinds
from helpers.alignment import (
    CLOSE,
    Alignment,
    Search,
    likeness,
    search,
    unseen,
    warp,
)
from helpers.boxes import Box, box_mask, padded, reading_order
from helpers.comparison import Comparison
from helpers.errors import PictureError
from helpers.fitting import Fit, find_fit
from helpers.grayscale import to_gray
from helpers.kinds import Evidence, find_evidence, sample
from helpers.layout import Layout, find_layout
from helpers.line_art import LEVEL, MOST_SAME, find_contrast, measure_jitter, two_levels
from helpers.loading import Image
from helpers.noise import LEAST_EDGE, LEAST_GRAY, UNIT, Noise, Tolerance, half_colour
from helpers.patches import ALIKE
from helpers.pieces import Pieces, find_pieces, without_nested
from helpers.recompression import (
    COLOUR_BLOCK,
    Recompression,
    compressed_alike,
    find_recompression,
    is_reproduced,
    without_spread,
)
from helpers.settings import DEFAULTS, Settings
from helpers.similarity import ssim_score
from helpers.tone import Tone, apply_tone, find_shade, find_tone, largest_difference

CLEAR = 2.5  # times the tolerance that a change must reach somewhere
SEEN = 12  # gray levels from which a change is seen
NEAR = 9  # pixels: side of the square round a pixel in which others belong to the same change
# The extent of a change, in times the tolerance: round what reaches the first number, whatever
# reaches the second in a square of so many pixels.
EXTENTS = (CLEAR, 1.25, 39), (1.6, 1, NEAR)
# Gray levels in the mean of a cell by which ink may differ, beyond noise: as stored again,
# rendered again, and where a curve or resampling adds to it.
INK, RENDERED_INK, UNSURE_INK = 0.25, 1.3, 3.0
JITTERED = 1.0  # pixels within which patches of line art agree on an alignment
IN_PLACE = 0.97  # share of the cells that are the same to the last bit, from which no rows moved
TURNED, SCALED = 0.3, 0.005  # degrees and change of scale from which no row is one any more
BETTER = 0.7  # what a layout may leave, at most, of what an alignment leaves to differ
MIXED = 40  # gray levels by which blocks of JPEG may differ that a cut between bands crosses
UNSURE = 2  # rows to each side of a cut between bands that may belong to the other, with noise
MANY = 4  # boxes from which it is asked whether an alignment was needed
ELSEWHERE = 0.05  # change of scale, and tangent of a turn, from which no scanner took a picture
MOVES = 0.9  # what an alignment may leave of the difference between two drawn pictures
QUANTUM = 8  # gray levels: to a step of JPEG's less may be rounded up that nobody sees
FILLED = 0.1  # share of the blocks that differ, from which they may have been compressed again
LEAST_FLIPPED = 8  # the same where pixels that flipped tell of it
LEAST = 12  # pixels that a change must have in a pair with noise
BAND = 64  # rows that are looked at together: few of them hold anything


@dataclass(frozen=True, eq=False)
class AlignedPair:
    """A pair of which the second picture is aligned with the first: what `detect` searches.

    Attributes
    ----------
    first, second, aligned : ndarray of uint8, shape (height, width, 3)
        Both pictures, and the second as it is compared with the first.
    alignment : Alignment or None
        The shift, rotation and scale that were corrected.
    left_out : ndarray of uint8, shape (height, width)
        255 where the setting `ignore` says that nothing is compared.
    ignored : ndarray of uint8, shape (height, width)
        255 where nothing is compared, which is so also where the aligned one shows nothing.
    same : bool
        Both pictures are equal to the last bit.
    is_misaligned : bool
        The second picture shows the first from elsewhere, and was not aligned.
    is_drawn : bool
        Before that, neither picture shows traces of having been stored or photographed again.
    evidence : Evidence
        What the pair shows of how its pictures came to differ, before tones are matched.
    two_levels : int
        Contrast in gray levels of pictures of two levels, ink and ground; 0 of others.
    score : float
        Mean structural similarity of the two in gray, where ignored with the first's pixels.
    is_unlike : bool
        They show different things.
    keep : bool
        The pair is searched again and again: keep what no setting changes.
    layout : Layout or None
        How both are placed, where one has rows or columns that the other lacks.
    fit : Fit or None
        How the two were brought to one size, when their sizes differ.
    """

    first: Image
    second: Image
    aligned: Image
    alignment: Alignment | None
    left_out: Image
    ignored: Image
    same: bool
    is_misaligned: bool
    is_drawn: bool
    evidence: Evidence
    two_levels: int
    score: float
    is_unlike: bool
    keep: bool
    layout: Layout | None = None
    fit: Fit | None = None

    @cached_property
    def kind(self) -> str:
        """The kind of the pair."""
        if self.contrast:
            return kinds.RENDERED
        if not self.is_in_place and self.is_drawn:
            return kinds.RENDERED
        if self.is_in_place and not self.recompression and self._is_digital:
            return kinds.EXACT if self.toned_evidence.is_exact else kinds.RENDERED
        return kinds.STORED if self.is_in_place and not self.tone else kinds.PHOTOGRAPHED

    @property
    def is_exact(self) -> bool:
        """True when whatever differs was changed, once both are toned and compressed alike."""
        if self.recompression:
            return self.is_reproduced and self.toned_evidence.jitter < kinds.JITTERS
        is_drawn = self.is_in_place and not self.contrast and self._is_digital
        return is_drawn and self.toned_evidence.is_exact

    @property
    def _is_digital(self) -> bool:
        """True when neither picture was stored again; a curve that leaves noise tells that one was.

        White that was cut off is flat in both, whatever was lost elsewhere.
        """
        return (not self.tone or self.tone.exact) and self.toned_evidence.is_digital

    @cached_property
    def recompression(self) -> Recompression | None:
        """The compression that makes one picture the other, when there is one."""
        is_digital = self.evidence.is_digital
        is_drawn = is_digital and self.evidence.filled < FILLED
        if self.alignment or is_drawn or self.contrast:
            return None
        if is_digital and self._exposure and self._exposure.exact:
            return None
        for of in ("first", "second") if self.layout else (None,):
            pair = self._in_file(of, self.first, self.aligned)
            found = find_recompression(*pair, is_digital=is_digital)
            if found and of in (None, found.of):
                return found
        return None

    def _in_file(self, of: str | None, first: Image, second: Image) -> tuple[Image, Image]:
        """Return both pictures as their lines are in the JPEG that one of them is not yet.

        There its blocks are whole.
        """
        if not self.layout:
            return first, second
        which = int(of == "first")
        return self.layout.in_file(which, first), self.layout.in_file(which, second)

    @cached_property
    def is_reproduced(self) -> bool:
        """True when compressing one picture made it the other, wherever nothing was changed."""
        if self.recompression is None:
            return False
        pair = self._in_file(self.recompression.of, self.toned.first, self.toned.second)
        return is_reproduced(*pair, self.recompression.quality)

    @cached_property
    def contrast(self) -> int:
        """Gray levels between ink and ground of line art that was drawn again; 0 for the others."""
        if not self.two_levels or self.evidence.same >= MOST_SAME:
            return 0
        return find_contrast(self.first, self.aligned, self.two_levels)

    @property
    def is_in_place(self) -> bool:
        """True when the second picture was moved by whole pixels at most."""
        return self.alignment is None or _is_whole(self.alignment)

    @property
    def is_view(self) -> bool:
        """True when the second picture was photographed from elsewhere."""
        if self.alignment is None:
            return False
        turned = abs(math.tan(math.radians(self.alignment.angle)))
        far = max(abs(self.alignment.scale - 1), turned) > ELSEWHERE
        return far or self.alignment.view is not None

    @cached_property
    def toned_evidence(self) -> Evidence:
        """The same evidence with the tones matched, and both compressed alike."""
        if not self.tone and not self.recompression:
            return self.evidence
        toned = self.tone is not None
        return find_evidence(self.toned.first, self.toned.second, self.ignored, toned=toned)

    @cached_property
    def tone(self) -> Tone | None:
        """The correction of tone, when there is one."""
        return None if self.recompression else self._exposure

    @cached_property
    def _exposure(self) -> Tone | None:
        """The correction of tone of a pair that is not compressed alike."""
        if self.is_view:
            return find_shade(self.first, self.aligned, self.ignored)
        if self.evidence.same >= kinds.SAME or self.contrast or self._is_patched:
            return None
        moved = not self.is_in_place
        return find_tone(self.first, self.aligned, self.ignored, moved=moved)

    @property
    def _is_patched(self) -> bool:
        """True when most of a picture of hardly any texture is as it was: no light does that."""
        if not np.isnan(self.evidence.same):
            return False
        first, second, ignored = map(sample, (self.first, self.aligned, self.ignored))
        differing = cv2.subtract(largest_difference(first, second), ignored)
        return cv2.countNonZero(differing) < ignored.size / 2

    @cached_property
    def toned(self) -> Noise:
        """Both pictures with their tones matched, and compressed alike."""
        if self.recompression:
            return self._compared(*self._compressed_alike(self.recompression))
        if not self.tone:
            return self.untoned
        return self._compared(*_toned(self.first, self.aligned, self.tone))

    def _compressed_alike(self, way: Recompression) -> tuple[Image, Image]:
        pictures = self.first, self.aligned
        alike = compressed_alike(*self._in_file(way.of, *pictures), way)
        if not self.layout:
            return alike
        which = int(way.of == "first")
        first, second = map(partial(self.layout.on_canvas, which), alike, pictures)
        # Blocks that a cut crosses were compressed with what only one picture has.
        faint = cv2.inRange(largest_difference(first, second), 1, MIXED)
        return first, cv2.copyTo(first, faint & self.layout.near_cuts(COLOUR_BLOCK), second)

    @cached_property
    def untoned(self) -> Noise:
        """Both pictures with their tones as they are."""
        return self._compared(self.first, self.aligned)

    def _compared(self, first: Image, second: Image) -> Noise:
        hidden = self.ignored if self.is_view else None
        return Noise(first, _filled(second, first, self.ignored), keep=self.keep, ignored=hidden)


def robust(first: Image, second: Image, **settings: Any) -> Comparison:
    """Compare by the method "robust", which `compare` explains with its settings.

    Both pictures are BGR.
    """
    checked = Settings(**settings)
    return detect(prepare(first, second, checked), checked)


def prepare(
    first: Image, second: Image, settings: Settings = DEFAULTS, *, keep: bool = False
) -> AlignedPair:
    """Align the second picture with the first: estimate shift, rotation and scale.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures.
    settings : Settings, optional
        Of these `align`, `ignore` and `sizes` count; with an `ignore_below` of 0 nothing is
        aligned.
    keep : bool, optional
        For a pair that is given to `detect` again and again: keep what no other setting changes.

    Returns
    -------
    AlignedPair

    Raises
    ------
    PictureError
        Nothing is left to compare, or the sizes differ and the two do not fit.
    """
    fit = find_fit(first, second, settings.sizes)
    left_out = box_mask(settings.ignore, first.shape[:2])
    if fit:
        first, second = fit.bring(0, first), fit.bring(1, second)
        left_out = fit.bring_mask(left_out)
    if left_out.all():
        height, width = left_out.shape
        raise PictureError(
            f"The places to ignore cover the whole picture of {width} x {height} pixels. Leave a "
            "part of it to compare."
        )
    layout = fit.layout if fit else None
    same = layout is None and cv2.norm(first, second, cv2.NORM_INF) == 0
    aligns = settings.align and settings.ignore_below > 0 and not same
    gray, other, ignored = to_gray(first), to_gray(second), left_out
    if not layout:
        evidence, levels, found = _observe(first, second, (gray, other), ignored, aligns)
        if aligns and not evidence.same >= IN_PLACE:
            layout = _find_layout(gray, other, left_out, found.alignment)
    if layout:
        first, second, single = layout.place(first, second)
        gray, other, left_out = to_gray(first), to_gray(second), layout.place_mask(left_out)
        ignored = left_out | single
        # What is only in one says nothing of how the other lies.
        grays = [cv2.copyTo(np.full_like(each, 128), single, each.copy()) for each in (gray, other)]
        evidence, levels, found = _observe(first, second, grays, ignored, aligns)
        if not evidence.is_exact:
            ignored = ignored | layout.near_cuts(UNSURE)
    is_drawn, aligned, (alignment, is_misaligned) = evidence.is_digital, second, found
    if alignment:
        aligned = warp(second, alignment)
        other = to_gray(aligned)
        ignored = ignored | unseen(alignment, gray.shape)
        # What was moved by parts of a pixel is neither exact nor drawn at the same places.
        evidence = find_evidence(first, aligned, ignored) if _is_whole(alignment) else Evidence()
    other = cv2.copyTo(gray, ignored, other)
    score = ssim_score(gray, other)
    return AlignedPair(
        first,
        second,
        aligned,
        alignment,
        left_out,
        ignored,
        same,
        is_misaligned,
        is_drawn,
        evidence,
        levels,
        score,
        _is_too_different(gray, other),
        keep,
        layout,
        fit,
    )


def detect(pair: AlignedPair, settings: Settings = DEFAULTS) -> Comparison:
    """Find what changed in an aligned pair.

    Parameters
    ----------
    pair : AlignedPair
    settings : Settings, optional
        Those that `prepare` has used count no more.

    Returns
    -------
    Comparison
    """
    strict = settings.ignore_below == 0 or pair.same
    kind = kinds.EXACT if strict else pair.kind
    tolerant = kind != kinds.EXACT and settings.tolerance > DEFAULTS.tolerance
    exact = strict or (pair.is_exact and not tolerant)
    unlike = not exact and pair.is_unlike
    compared = pair.untoned if strict or unlike else pair.toned
    if exact:
        found = (_find_all if kind == kinds.EXACT else _find_stored)(compared, settings)
    elif unlike:
        found = _find_beyond(compared, settings, _least_tolerance(settings))
    elif pair.contrast:
        found = _find_in_line_art(pair, settings)
    else:
        found = _find_in_noise(pair, settings)
    for image in (found.mask, found.clear):
        cv2.subtract(image, pair.ignored, image)
    pieces = find_pieces(found.mask, found.clear, settings.merge, found.least)
    if exact and pieces.boxes and settings.ignore_below:
        seen = _without_outskirts(pieces.mask, found.strength, settings.merge)
        inner = find_pieces(seen, found.clear, settings.merge, found.least)
        pieces = pieces if inner.smaller else inner._replace(smaller=pieces.smaller)
    misaligned = len(pieces.boxes) >= MANY and not strict and pair.is_misaligned
    if misaligned:
        pieces = Pieces(np.zeros_like(found.mask), [], 0)
    pixels, surplus = cv2.countNonZero(pieces.mask), _surplus(pair)
    for box in surplus:
        pieces.mask[box.y : box.y + box.height, box.x : box.x + box.width] = 255
    shape = found.mask.shape
    boxes = without_nested([padded(box, settings.pad, shape) for box in pieces.boxes] + surplus)
    tone = None if strict or unlike else pair.tone
    # Nothing but a change scatters pixels over an exact pair, each too few for a box of their own.
    scattered = kind == kinds.EXACT and not tone and pieces.smaller > found.least
    is_changed = scattered or bool(boxes) or bool(pair.layout and pair.layout.is_reordered)
    return Comparison(
        score=pair.score,
        difference=255 - found.strength,
        mask=pieces.mask,
        boxes=sorted(boxes, key=reading_order),
        first=pair.first,
        second=pair.second,
        threshold=float(255 - found.limit),
        method="robust",
        aligned=pair.aligned,
        verdict=_verdict(pair, unlike or misaligned, is_changed, tone),
        misaligned=misaligned,
        kind=kind,
        ignored_below=found.below,
        least_pixels=found.least,
        fainter=_count(compared.apart, 1, 255) - pixels - pieces.smaller
        if kind == kinds.EXACT
        else 0,
        smaller=pieces.smaller,
        ignored=_count_left_out(pair, max(found.below, 1)),
        fit=pair.fit,
        alignment=pair.alignment,
        tone=tone,
        recompression=None if strict or unlike else pair.recompression,
        is_reproduced=exact and not strict and pair.is_reproduced,
        layout=pair.layout,
    )


def _surplus(pair: AlignedPair) -> list[Box]:
    """Return boxes round the bands that only one picture has, unless they are left out."""
    if not pair.layout:
        return []
    boxes = [box for box, _ in pair.layout.surplus(pair.first, pair.second)]
    return [
        Box(x, y, width, height)
        for x, y, width, height in boxes
        if not pair.left_out[y : y + height, x : x + width].all()
    ]


class Found(NamedTuple):
    """Pixels of a pair that differ.

    Attributes
    ----------
    strength : ndarray of uint8, shape (height, width)
        How strongly each pixel differs.
    limit : int
        The strength from which a pixel may belong to a change.
    mask, clear : ndarray of uint8, shape (height, width)
        255 where pixels belong to changes, and where that is certain.
    below, least : int
        Gray levels below which, and pixels in fewer of which nothing counts as a change.
    """

    strength: Image
    limit: int
    mask: Image
    clear: Image
    below: int
    least: int


def _find_all(compared: Noise, settings: Settings) -> Found:
    """Find whatever differs: in an exact pair somebody has changed it."""
    strength = compared.apart
    limit = max(settings.ignore_below, 1)
    mask = cv2.inRange(strength, limit, 255)
    return Found(strength, limit, mask, mask, settings.ignore_below, settings.min_pixels)


def _find_stored(compared: Noise, settings: Settings) -> Found:
    """Find what differs in a pair of which both were compressed alike."""
    below = max(settings.ignore_below, QUANTUM)
    found = _find_all(compared, settings)
    mask = without_spread(found.strength, found.mask)
    clear = cv2.inRange(found.strength, below, 255)
    return found._replace(mask=mask, clear=clear, below=below)


def _without_outskirts(mask: Image, strength: Image, merge: int) -> Image:
    """Leave out what is too faint to be seen round a change that is seen."""
    seen = cv2.inRange(strength, SEEN, 255)
    near = cv2.dilate(seen, np.ones((NEAR, NEAR), np.uint8))
    faint = cv2.subtract(mask, near)
    if not (cv2.hasNonZero(seen) and cv2.hasNonZero(faint)):
        return mask
    kept = mask & near
    around = cv2.dilate(kept, np.ones((2 * min(merge, max(mask.shape)) + 1,) * 2, np.uint8))
    return kept | cv2.subtract(faint, around)


def _least_tolerance(settings: Settings) -> Tolerance:
    gray = max(math.ceil(settings.ignore_below / CLEAR), LEAST_GRAY)
    return Tolerance((0, 0), settings.tolerance, gray, LEAST_EDGE)


def _find_beyond(compared: Noise, settings: Settings, allowed: Tolerance) -> Found:
    """Find what is beyond a tolerance, each change as far as it is strong."""
    strength = compared.strength(allowed)
    clear = _from(strength, CLEAR)
    mask = np.zeros_like(clear)
    for strong, weak, side in EXTENTS:
        there = _from(strength, strong)
        x, y, width, height = padded(Box(*cv2.boundingRect(there)), side // 2, there.shape)
        part = np.s_[y : y + height, x : x + width]
        if cv2.hasNonZero(there):
            near = cv2.dilate(there[part], np.ones((side, side), np.uint8))
            mask[part] |= near & _from(strength[part], weak)
    below = math.ceil(CLEAR * allowed.gray)
    return Found(strength, UNIT, mask, clear, below, max(settings.min_pixels, LEAST))


def _from(strength: Image, times: float) -> Image:
    """Mark what is so many times as strong as what is tolerated, or more."""
    return cv2.inRange(strength, round(times * UNIT), 255)


def _find_in_noise(pair: AlignedPair, settings: Settings) -> Found:
    """Find what is beyond the noise of a pair: pixel by pixel, and in the mean of a window.

    Masks are changed in place: each is a byte a pixel.
    """
    compared, lowest = pair.toned, _least_tolerance(settings)
    allowed = compared.tolerance(int(lowest.gray), lowest.radius)
    found = _find_beyond(compared, settings, allowed)
    mask, clear = found.mask, found.clear
    if pair.kind != kinds.RENDERED:
        _leave_out_bleeding(clear, compared, allowed)
    clear |= compared.wide
    if pair.kind == kinds.RENDERED and pair.is_in_place and allowed.softer == (0, 0):
        around = cv2.dilate(clear, np.ones((2 * NEAR + 1,) * 2, np.uint8))
        flipped = cv2.subtract(compared.flipped(), around)
        mask |= flipped
        clear |= flipped
        found = found._replace(least=max(settings.min_pixels, LEAST_FLIPPED))
    mask |= compared.wide
    least = INK if pair.kind == kinds.STORED else RENDERED_INK
    if pair.tone or not pair.is_in_place or allowed.softer != (0, 0):
        least = UNSURE_INK
    known = cv2.dilate(mask, np.ones((NEAR, NEAR), np.uint8))
    ink = compared.windows.find_ink(known, least=least)
    del known  # a byte a pixel
    mask |= ink
    clear |= ink
    if clear.any():
        x, y, width, height = cv2.boundingRect(clear)
        part = np.s_[y : y + height, x : x + width]
        apart = largest_difference(compared.first[part], compared.second[part])
        clear[part] &= cv2.inRange(apart, settings.ignore_below, 255)
    cv2.max(found.strength, mask & UNIT, found.strength)  # however faint an area's pixels
    return found


def _leave_out_bleeding(clear: Image, compared: Noise, allowed: Tolerance) -> None:
    """Leave out what is clear only because colour was stored at half the width and height."""
    for top in range(0, len(clear), BAND):
        x, y, width, height = cv2.boundingRect(clear[top : top + BAND])
        if not width:
            continue
        place = np.s_[top + y : top + y + height, x : x + width]
        # With its neighbours, from an even row and column: colour is stored in squares of 2 x 2.
        left, above = (max(start - 2 * NEAR, 0) // 2 * 2 for start in (x, top + y))
        around = np.s_[above : top + y + height + 2 * NEAR, left : x + width + 2 * NEAR]
        halved = (half_colour(image[around]) for image in (compared.first, compared.second))
        beyond = _from(Noise(*halved, keep=False).strength(allowed), CLEAR)
        clear[place] &= beyond[top + y - above :, x - left :][:height, :width]


def _find_in_line_art(pair: AlignedPair, settings: Settings) -> Found:
    """Find what edges that jitter do not explain."""
    jitter = measure_jitter(pair.toned.first, pair.toned.second, pair.contrast)
    gray = max(settings.ignore_below, LEVEL * pair.contrast)
    allowed = Tolerance((0, 0), max(settings.tolerance, jitter), gray, 0)
    return _find_beyond(pair.toned, settings, allowed)


def _observe(
    first: Image, second: Image, grays: tuple[Image, Image], ignored: Image, aligns: bool
) -> tuple[Evidence, int, Search]:
    """Look at a pair as it lies: evidence, contrast of line art, and the alignment it needs."""
    evidence, levels = find_evidence(first, second, ignored), two_levels(first, second)
    found = _search(first, second, grays, evidence, levels > 0) if aligns else Search()
    return evidence, levels, found


def _find_layout(
    first: Image, second: Image, left_out: Image, alignment: Alignment | None
) -> Layout | None:
    """Find the layout of two gray pictures of one size, unless an alignment explains as much."""
    if alignment and (
        abs(alignment.angle) > TURNED or abs(alignment.scale - 1) > SCALED or alignment.bent
    ):
        return None
    if cv2.hasNonZero(left_out):  # what is to be ignored is no evidence
        second = cv2.copyTo(first, left_out, second.copy())
    layout = find_layout(first, second)
    if layout and alignment:
        seen = cv2.bitwise_not(unseen(alignment, first.shape))
        aligned = cv2.norm(first, warp(second, alignment), cv2.NORM_L1, seen)
        one, other, single = layout.place(first, second)
        placed = cv2.norm(one, other, cv2.NORM_L1, cv2.bitwise_not(single))
        if placed >= BETTER * aligned:
            return None
    return layout


def _search(
    first: Image,
    second: Image,
    grays: tuple[Image, Image],
    evidence: Evidence,
    is_line_art: bool,
) -> Search:
    """Align the second picture, unless the two are drawn at the same places."""
    if evidence.same >= kinds.MOSTLY_SAME:
        return Search()
    found = search(*grays, close=JITTERED if is_line_art else CLOSE)
    alignment = found.alignment
    if (
        alignment
        and not _is_whole(alignment)
        and evidence.is_digital
        and (evidence.same >= kinds.SAME)
    ):
        return Search()  # so much would not be the same to the last bit
    if alignment and (is_line_art or evidence.is_digital):  # it moves as a whole, or not at all
        moved = cv2.norm(first, warp(second, alignment), cv2.NORM_L1)
        if moved > MOVES * cv2.norm(first, second, cv2.NORM_L1):
            return Search()
    return found


def _verdict(pair: AlignedPair, too_different: bool, is_changed: bool, tone: Tone | None) -> str:
    if pair.same and not pair.fit:
        return "identical"
    if too_different:
        return "unlike"
    if is_changed:
        return "changed"
    is_explained = pair.alignment or pair.layout or pair.fit or tone
    return "explained" if is_explained else "no difference"


def _count(values: Image, low: int, high: int) -> int:
    return cv2.countNonZero(cv2.inRange(values, low, high)) if low <= high else 0


def _count_left_out(pair: AlignedPair, least: int) -> int:
    """Count the pixels that differ where nothing was to be compared."""
    if not pair.left_out.any():
        return 0
    apart = largest_difference(pair.first, pair.aligned)
    return _count(apart & pair.left_out, least, 255)


def _is_too_different(first: Image, second: Image) -> bool:
    if cv2.norm(first, second, cv2.NORM_L1) < LEAST_GRAY * first.size / 2:
        return False  # fast, and mostly so
    differing = cv2.countNonZero(cv2.inRange(cv2.absdiff(first, second), LEAST_GRAY, 255))
    return differing > first.size / 2 and likeness(first, second) < ALIKE


def _filled(image: Image, first: Image, ignored: Image) -> Image:
    """Take what is ignored from the first picture, so that nothing differs there."""
    return cv2.copyTo(first, ignored, image.copy()) if cv2.hasNonZero(ignored) else image


def _toned(first: Image, second: Image, tone: Tone) -> tuple[Image, Image]:
    if tone.corrects == "first":
        return apply_tone(first, tone), second
    return first, apply_tone(second, tone)


def _is_whole(alignment: Alignment) -> bool:
    """Say whether a picture was moved by whole pixels, which changes none of them."""
    return alignment.view is None and np.array_equal(
        alignment.matrix, np.hstack([np.eye(2), alignment.matrix[:, 2:].round()])
    )
