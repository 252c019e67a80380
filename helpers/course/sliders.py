"""Sliders for the notebooks: one value to move, one picture that follows, one line that reads it.

Each function makes an `Explorer`. What does not depend on the slider is computed in the function,
once; the inner `render` does the rest at every step.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.alignment import find_alignment, warp
from helpers.boxes import Box, bounding_boxes, draw_boxes
from helpers.contours import find_contours
from helpers.grayscale import to_gray
from helpers.loading import Image, PictureError, check_image, check_same_size, load_image, to_bgr
from helpers.robust import detect, prepare
from helpers.scoring.scores import Evaluation, PairResult, Scores, match_boxes
from helpers.settings import DEFAULTS, Settings
from helpers.similarity import difference_image, ssim
from helpers.threshold import otsu_mask
from helpers.viewer import figures
from helpers.viewer.drawing import BLUE, RED, pair_in_bgr
from helpers.viewer.explorer import WHOLE, WIDTH, Explorer, Frame, Part, Slider, Strip
from helpers.viewer.views import tune, views  # noqa: F401 (notebooks say sliders.tune)


def fade(first: Image, second: Image, *, detail: Part = WHOLE) -> Explorer:
    """Fade from the original (0 %) to the modified picture (100 %)."""
    first, second = pair_in_bgr(first, second)

    def render(percent: int) -> Frame:
        blend = cv2.addWeighted(first, 1 - percent / 100, second, percent / 100, 0)
        return Frame(f"{100 - percent} % original, {percent} % modified", {"blend of both": blend})

    return Explorer(
        [Slider("modified", "%", 0, 0, 100)],
        render,
        strip=Strip(
            values=(0, 50, 100),
            title="{} % modified",
            caption="The slider's first, middle and last position: what fades is what changed.",
            alt="The picture at three positions of the slider: original, half of each, modified.",
            detail=detail,
        ),
    )


def zoom(image: Image, centre: tuple[int, int]) -> Explorer:
    """Enlarge the picture round `centre` (x, y) until single pixels show."""
    check_image(image)
    height, width = image.shape[:2]
    x, y = centre

    def render(factor: int) -> Frame:
        part_height, part_width = max(height // factor, 1), max(width // factor, 1)
        top = int(np.clip(y - part_height // 2, 0, height - part_height))
        left = int(np.clip(x - part_width // 2, 0, width - part_width))
        part = image[top : top + part_height, left : left + part_width]
        enlarged = cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST)
        return Frame(
            f"{part_width} x {part_height} pixels are shown", {"enlarged picture": enlarged}
        )

    return Explorer(
        [Slider("enlarged", "times", 1, 1, 40)],
        render,
        strip=Strip(
            values=(1, 8, 40),
            title="{} times enlarged",
            caption="The whole picture, then 8 and 40 times enlarged: a picture is a grid of "
            "squares.",
            alt="One spot at three enlargements; at 40 times single square pixels can be counted.",
        ),
    )


def green_weight(first: Image, second: Image) -> Explorer:
    """Turn both pictures to gray with another weight for green, and show where the grays differ.

    Red and blue share the rest as 0.299 to 0.114, so 0.587 is the standard gray.
    """
    first, second = pair_in_bgr(first, second)
    one = 2**15

    def render(green: float) -> Frame:
        # Whole numbers, in parts of `one`, as cv2.cvtColor counts.
        greens, reds = round(one * green), round(one * 0.299 * (1 - green) / (1 - 0.587))
        weights = np.array([one - greens - reds, greens, reds])
        first_gray, second_gray = ((image @ weights + one // 2) // one for image in (first, second))
        apart = np.abs(first_gray - second_gray)
        darkened = 255 - np.clip(8 * apart, 0, 255).astype(np.uint8)
        return Frame(
            f"weight {green:.3f}: largest difference of the grays {apart.max()}",
            {"difference of the grays": darkened},
        )

    return Explorer(
        [Slider("weight of green", "", 0.587, 0, 1, 0.001)],
        render,
        strip=Strip(
            values=(0.0, 0.587, 1.0),
            title="weight of green {}",
            caption="The darker, the further apart the grays. At the standard weight they are "
            "equal.",
            alt="Three difference pictures: dark rings at weight 0 and 1, an empty one at 0.587.",
        ),
    )


def window_size(first: Image, second: Image) -> Explorer:
    """Show SSIM's map with windows from 3 to 31 pixels."""
    first_gray, second_gray = to_gray(first), to_gray(second)

    def render(window: int) -> Frame:
        score, similarity = ssim(first_gray, second_gray, window=window)
        return Frame(
            f"window {window} x {window} pixels: SSIM {score:.4f}",
            {"difference image": difference_image(similarity)},
        )

    return Explorer(
        [Slider("window", "pixels", 7, 3, 31, 2)],
        render,
        strip=Strip(
            values=(3, 7, 31),
            title="window of {} pixels",
            caption="The difference image with three windows. A larger one smears each change "
            "wider.",
            alt="Three difference images: thin dark marks at 3 pixels, broad gray patches at 31.",
        ),
    )


def threshold(difference: Image, *, detail: Part = WHOLE) -> Explorer:
    """Show the mask at any threshold, beside what Otsu's method would choose."""
    chosen = round(otsu_mask(difference)[0])

    def render(level: int) -> Frame:
        mask = cv2.threshold(difference, level, 255, cv2.THRESH_BINARY_INV)[1]
        patches = len(find_contours(mask))
        share = cv2.countNonZero(mask) / mask.size
        return Frame(
            f"threshold {level}: {share:.2%} of pixels, {patches} patches. Otsu: {chosen}",
            {"mask": mask},
        )

    return Explorer(
        [Slider("threshold", "gray level", chosen, 0, 254)],
        render,
        strip=Strip(
            values=(20, chosen, 250),
            title="threshold {}",
            caption=f"The mask at 20, at Otsu's {chosen}, and at 250.",
            alt="Three masks. From left to right the white marks grow from thin to thick.",
            detail=detail,
        ),
    )


def smallest_area(image: Image, contours: Sequence[NDArray[np.int32]]) -> Explorer:
    """Show the boxes that are left when those below an area are dropped."""
    total = len(bounding_boxes(contours))

    def render(area: int) -> Frame:
        kept = bounding_boxes(contours, min_area=area)
        drawing = draw_boxes(image, kept, thickness=3)
        return Frame(
            f"from {area} pixels up: {len(kept)} of {total} boxes", {"picture with boxes": drawing}
        )

    return Explorer(
        [Slider("smallest area", "pixels", 0, 0, 1500, 50)],
        render,
        strip=Strip(
            values=(0, 800, 1300),
            title="from {} pixels up",
            caption="All boxes, those from 800 pixels up, those from 1300 up.",
            alt="The picture three times, with fewer red boxes each time.",
        ),
    )


def required_overlap(
    image: Image, found: Sequence[Box], truth: Sequence[Box], *, detail: Part = WHOLE
) -> Explorer:
    """Show how many differences count as found when more overlap (IoU) is asked for."""

    def render(iou: float) -> Frame:
        right = {row for row, _ in match_boxes(found, truth, iou=iou)}
        wrong = [box for row, box in enumerate(found) if row not in right]
        drawing = draw_boxes(image, wrong)
        drawing = draw_boxes(drawing, [found[row] for row in right], color=BLUE, thickness=4)
        return Frame(
            f"overlap from {iou:.2f} up: {len(right)} of {len(truth)} differences found",
            {"picture with boxes": drawing},
        )

    return Explorer(
        [Slider("required overlap", "IoU", 0.5, 0.05, 1, 0.05)],
        render,
        strip=Strip(
            values=(0.05, 0.7, 0.85),
            title="overlap from {} up",
            caption="Boxes that count as right are blue and thick, the others red and thin.",
            alt="The picture with its boxes three times; from left to right fewer boxes are blue.",
            detail=detail,
        ),
    )


def precision_recall(evaluations: Mapping[int, Evaluation], names: Sequence[str]) -> Explorer:
    """Walk along the precision-recall curve; beside it, the boxes on the pairs of these names.

    The keys of `evaluations` are the strengths asked of a box, evenly spaced.
    """
    strengths = list(evaluations)
    curve, points = _curve([evaluation.scores for evaluation in evaluations.values()])
    best = max(strengths, key=lambda strength: evaluations[strength].scores.f1)
    room = WIDTH - curve.shape[1]
    shown = {
        strength: [result for result in evaluation.results if result.pair.name in names]
        for strength, evaluation in evaluations.items()
    }
    pictures = [load_image(result.pair.second) for result in shown[best]]

    def render(strength: int) -> Frame:
        drawings = [
            _reduced(_judged(image, result, evaluations[best].iou), room)
            for image, result in zip(pictures, shown[strength], strict=True)
        ]
        column = np.vstack(drawings)
        picture = np.full((max(len(curve), len(column)), WIDTH, 3), 255, np.uint8)
        picture[: len(curve), :-room] = curve
        picture[: len(column), -room:] = column
        cv2.circle(picture, points[strengths.index(strength)], 8, (0, 0, 255), -1, cv2.LINE_AA)
        precision, recall, f1 = evaluations[strength].scores
        scores = f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}"
        return Frame(
            f"strength from {strength} up: {scores}", {"curve, and pictures with boxes": picture}
        )

    first, last = strengths[0], strengths[-1]
    return Explorer(
        [Slider("smallest strength", "gray levels", first, first, last, strengths[1] - first)],
        render,
        strip=Strip(
            values=(first, best, last),
            title="strength from {} up",
            caption=f"Strengths from {first}, {best} and {last} up. Boxes that count as right are "
            "blue "
            "and thick, the others red and thin.",
            alt="Two pictures at three strengths: many boxes, only right ones, hardly any.",
            detail=np.s_[:, -room:],
        ),
    )


def _curve(scores: Sequence[Scores]) -> tuple[Image, list[tuple[int, int]]]:
    """Draw precision over recall; return also where in the picture each point is, (x, y)."""
    recall_precision = [(score.recall, score.precision) for score in scores]
    fig, ax = figures.plt.subplots(figsize=(3.6, 3.6), dpi=100)
    ax.plot(*zip(*recall_precision, strict=True), marker=".", color=figures.GRAY)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="recall", ylabel="precision")
    fig.canvas.draw()
    picture = cv2.cvtColor(np.asarray(fig.canvas.buffer_rgba()), cv2.COLOR_RGBA2BGR)
    points = ax.transData.transform(recall_precision).round().astype(int)
    figures.plt.close(fig)
    return picture, [(int(x), len(picture) - int(y)) for x, y in points]


def _judged(image: Image, result: PairResult, iou: float) -> Image:
    """Draw right boxes in blue and thick, wrong ones in red and thin."""
    right = {row for row, _ in match_boxes(result.found, result.pair.boxes, iou=iou)}
    drawing = draw_boxes(image, [box for n, box in enumerate(result.found) if n not in right])
    for color, thickness in (((255, 255, 255), 12), (BLUE, 6)):  # white: blue is dim on dark ground
        drawing = draw_boxes(
            drawing, [result.found[n] for n in right], color=color, thickness=thickness
        )
    return drawing


def _reduced(image: Image, width: int) -> Image:
    height = round(image.shape[0] * width / image.shape[1])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def tile_size(first: Image, second: Image) -> Explorer:
    """Show the square tiles SSIM has to compute: those that differ, with 3 pixels round them."""
    picture, other = pair_in_bgr(first, second)
    error = cv2.absdiff(to_gray(picture), to_gray(other))
    pale = 255 - (255 - picture) // 4
    height, width = error.shape

    def render(side: int) -> Frame:
        drawing, tiles, pixels = pale.copy(), [], 0
        corners = list(product(range(0, height, side), range(0, width, side)))
        for y, x in corners:
            halo = error[max(y - 3, 0) : y + side + 3, max(x - 3, 0) : x + side + 3]
            if halo.any():
                tile = np.s_[y : y + side, x : x + side]
                drawing[tile] = picture[tile]
                tiles.append(Box(x, y, *picture[tile].shape[1::-1]))
                pixels += halo.size
        drawing = draw_boxes(drawing, tiles, color=BLUE, thickness=5)
        share = f"{len(tiles)} of {len(corners)} tiles, {pixels / error.size:.1%} of the picture"
        return Frame(f"{side} x {side} pixels: {share}", {"picture in tiles": drawing})

    return Explorer(
        [Slider("side of a tile", "pixels", 96, 16, 400, 16)],
        render,
        strip=Strip(
            values=(16, 96, 400),
            title="tiles of {} pixels",
            caption="What has to be computed, framed, at three sizes of the tile. The rest is "
            "pale.",
            alt="The picture three times; a few specks are framed, then six squares, then nearly "
            "half.",
        ),
    )


def hue(image: Image, mask: Image) -> Explorer:
    """Turn the colours under the mask round the gray axis, and show who notices, in four parts.

    The picture; then where gray and where the largest channel differ by more than 8 levels, and
    where delta E is above 2.3, which a person begins to see (Mahy et al., 1994).

    Gray values stay, but for rounding and where a channel would leave 0 to 255.
    """
    check_image(image)
    check_image(mask, "the mask")
    check_same_size(image, mask, ("the picture", "the mask"))
    image = to_bgr(image)
    inside = to_gray(mask) > 0
    gray = image @ np.array([0.114, 0.587, 0.299])
    # How much bluer and redder than gray, in the proportions of JPEG's two chroma channels.
    chroma = (image[..., 0] - gray) / 1.772 + 1j * (image[..., 2] - gray) / 1.402
    image_gray, image_lab = to_gray(image), _lab(image)

    def render(degrees: int) -> Frame:
        turned = chroma * np.exp(1j * np.radians(degrees))
        blue, red = gray + 1.772 * turned.real, gray + 1.402 * turned.imag
        green = (gray - 0.114 * blue - 0.299 * red) / 0.587
        turned = np.clip(np.dstack([blue, green, red]).round(), 0, 255).astype(np.uint8)
        turned = np.where(inside[..., None], turned, image)
        grays = cv2.absdiff(image_gray, to_gray(turned))
        largest = cv2.absdiff(image, turned).max(axis=2)
        delta_e = np.linalg.norm(image_lab - _lab(turned), axis=2)
        noticed = [255 * m.astype(np.uint8) for m in (grays > 8, largest > 8, delta_e > 2.3)]
        top_right, left, right = (to_bgr(mask) for mask in noticed)
        picture = np.vstack([np.hstack([turned, top_right]), np.hstack([left, right])])
        reading = (
            f"turned by {degrees} degrees: gray differs by up to {grays.max()}, "
            f"the largest channel by more than 8 in {np.mean(largest[inside] > 8):.0%}, "
            f"delta E is above 2.3 in {np.mean(delta_e[inside] > 2.3):.0%}"
        )
        return Frame(reading, {"picture and who notices": picture})

    return Explorer(
        [Slider("hue turned", "degrees", 0, 0, 180, 5)],
        render,
        strip=Strip(
            values=(5, 10, 20),
            title="turned by {} degrees",
            caption="Top: the eye, and what gray notices: nothing. Bottom: largest channel, "
            "delta E.",
            alt="Four pictures at three positions. Gray's stays black; the ring of the iris is "
            "white "
            "for delta E from the first on, for the largest channel only in the last.",
        ),
    )


def _lab(image: Image) -> NDArray[np.float32]:
    return cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)


def sensitivity(first: Image, second: Image) -> Explorer:
    """Show what `compare` finds when it ignores more or fewer gray levels, without aligning."""
    pair = prepare(*pair_in_bgr(first, second), Settings(align=False), keep=True)
    pale = to_bgr(255 - (255 - to_gray(second)) // 3)
    red = np.full_like(pale, RED)

    def render(level: int) -> Frame:
        found = detect(pair, Settings(sensitivity=level))
        drawing = cv2.copyTo(red, found.mask, pale.copy())
        drawing = draw_boxes(drawing, found.boxes, color=BLUE, thickness=4)
        share = cv2.countNonZero(found.mask) / found.mask.size
        return Frame(
            f"sensitivity {level}: {share:.2%} of pixels differ by too much, {_count(found.boxes)}",
            {"what differs": drawing},
        )

    return Explorer(
        [Slider("sensitivity", "gray levels", DEFAULTS.sensitivity, 0, 40)],
        render,
        strip=Strip(
            values=(0, 8, 30),
            title="sensitivity {}",
            caption="Red pixels differ by more than is allowed. What differs clearly has a blue "
            "box.",
            alt="The pale picture three times: all red at 0, a boxed red patch at 8, unboxed at "
            "30.",
        ),
    )


def angle(first: Image, second: Image) -> Explorer:
    """Turn the second picture back by hand, with its shift taken back already.

    The first is red, the second blue and green; what is gray fits.
    """
    check_image(first, "the first picture")
    check_image(second, "the second picture")
    first, second = to_gray(first), to_gray(second)
    found = find_alignment(first, second)
    if found is None:
        raise PictureError("No alignment was found. Give a pair of which one picture was moved.")
    centre = (first.shape[1] - 1) / 2, (first.shape[0] - 1) / 2

    def render(degrees: float) -> Frame:
        matrix = cv2.getRotationMatrix2D(centre, -degrees, 1)  # OpenCV turns anticlockwise
        matrix[:, 2] += found.dx, found.dy
        turned = warp(second, found._replace(matrix=matrix))
        score, _ = ssim(first, turned)
        reading = f"turned by {degrees:.1f} degrees: SSIM {score:.4f}"
        return Frame(
            f"{reading}. find_alignment: {found.angle:.2f}",
            {"overlay": cv2.merge([turned, turned, first])},
        )

    return Explorer(
        [Slider("angle", "degrees", 0, -3, 3, 0.1)],
        render,
        strip=Strip(
            values=(-2.0, -1.0, 0.0),
            title="{} degrees",
            caption="The overlay at three angles. Red and cyan fringes show what does not fit.",
            alt="Three overlays; the middle one is gray, the others are coloured towards the "
            "corners.",
        ),
    )


def _count(boxes: Sequence[Box]) -> str:
    return f"{len(boxes)} {'box' if len(boxes) == 1 else 'boxes'}"
