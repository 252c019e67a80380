"""Sliders for the lessons on learned similarity; what an `Explorer` is, stands in `helpers`."""

from collections.abc import Callable, Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from helpers.boxes import draw_boxes
from helpers.deep.pages import LoginPage
from helpers.deep.pairs import Pairs
from helpers.deep.phishing import Verdict
from helpers.deep.toy import move_points
from helpers.loading import Image
from helpers.viewer import figures
from helpers.viewer.drawing import BLUE, GREEN, RED
from helpers.viewer.explorer import WIDTH, Explorer, Frame, Slider, Strip

NEAREST = 5  # pictures beside the query
BARS = 40  # of a histogram, over the width of the page
HALF = 110  # pixels, height of the upper and of the lower half of it
NUMBERS = 34  # pixels below them, for the similarities


def turned_query(
    picture: Image,
    label: int,
    gallery: Sequence[Image],
    labels: NDArray[np.int64],
    describe: Callable[[Sequence[Image]], NDArray[np.float32]],
) -> Explorer:
    """Turn and blur a logo; beside it the nearest five of the gallery, those of its brand framed.

    `label` is the number of its brand; `describe` gives vectors of unit length.
    """
    vectors = describe(gallery)
    diagonal = int(np.hypot(*picture.shape[:2])) + 1
    paper = picture[0, 0].tolist()

    def render(degrees: int, blur: float) -> Frame:
        query = _turned(picture, degrees, diagonal, paper)
        if blur:
            query = cv2.GaussianBlur(query, (0, 0), blur)
        similarity = vectors @ describe([query])[0]
        order = np.argsort(-similarity, kind="stable")[:NEAREST]
        right = labels[order] == label
        row = [_framed(query, False)]
        row += [_framed(gallery[i], own) for i, own in zip(order, right, strict=True)]
        return Frame(
            f"turned by {degrees} degrees: {right.sum()} of the nearest {NEAREST} are right, "
            f"cosine {similarity[order[0]]:.2f} to {similarity[order[-1]]:.2f}",
            {"query, and the nearest five": np.hstack(row)},
        )

    sliders = [
        Slider("turned", "degrees", 0, -90, 90, 5),
        Slider("blurred", "pixels", 0, 0, 5, 0.5),
    ]
    return Explorer(
        sliders,
        render,
        strip=Strip(
            values=(0, 30, 90),
            title="turned by {} degrees",
            caption="The query on the left, beside it the nearest five. Blue frames: its own "
            "brand.",
            alt="A logo turned by 0, 30 and 90 degrees. The more it is turned, the fewer of the "
            "five pictures beside it have a frame.",
            columns=1,
        ),
    )


def _turned(picture: Image, degrees: float, side: int, paper: Sequence[int]) -> Image:
    """Turn the picture anticlockwise in the middle of a square of its background."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return cv2.warpAffine(picture, matrix, (side, side), borderValue=paper)


def _framed(picture: Image, right: bool) -> Image:
    """Frame a tile of the row in blue or in white."""
    inner, frame = WIDTH // (NEAREST + 1) - 14, 7
    method = cv2.INTER_AREA if picture.shape[0] > inner else cv2.INTER_LINEAR
    tile = cv2.resize(picture, (inner, inner), interpolation=method)
    colour = BLUE if right else (255, 255, 255)
    return cv2.copyMakeBorder(tile, *[frame] * 4, cv2.BORDER_CONSTANT, value=colour)


def share_of_hard(similarity: NDArray[np.float64], chosen: Pairs) -> Explorer:
    """Let some of the pairs of two brands be hard, and see what becomes of the AUC.

    There are as many pairs of two brands as hard ones are chosen, at each position.
    """
    same, easy, hard = (similarity[chosen.kind == kind] for kind in ("same", "easy", "hard"))
    edges = np.linspace(similarity.min(), similarity.max(), BARS + 1)
    full = max(np.histogram(kind, edges)[0].max() / len(kind) for kind in (same, easy, hard))

    def render(percent: int) -> Frame:
        count = round(len(hard) * percent / 100)
        others = np.concatenate([easy[: len(hard) - count], hard[:count]])
        truth = np.repeat([True, False], [len(same), len(others)])
        auc = roc_auc_score(truth, np.concatenate([same, others]))
        above, below = (np.histogram(values, edges)[0] for values in (same, others))
        return Frame(
            f"{percent} % of the other pairs are hard: AUC {auc:.2f}",
            {"pairs by similarity": _bars(above / len(same), below / len(others), edges, full)},
        )

    return Explorer(
        [Slider("hard pairs", "%", 0, 0, 100, 5)],
        render,
        strip=Strip(
            values=(0, 50, 100),
            title="{} % hard",
            caption="How many pairs have which cosine. Blue, upwards: the same brand. Orange, "
            "downwards: two brands.",
            alt="Blue bars on the right, orange ones on the left; the more pairs are hard, the "
            "further right the orange ones reach, until they lie below the blue ones.",
        ),
    )


def _bars(
    above: NDArray[np.float64],
    below: NDArray[np.float64],
    edges: NDArray[np.float64],
    full: float,
) -> Image:
    """Draw two histograms on one axis, upwards and downwards; `full` reaches to the rim."""
    drawing = np.full((2 * HALF + 2 + NUMBERS, WIDTH, 3), 255, np.uint8)
    width = WIDTH // BARS
    heights = [np.round(shares / full * HALF).astype(int) for shares in (above, below)]
    for place, (up, down) in enumerate(zip(*heights, strict=True)):
        columns = slice(place * width, (place + 1) * width - 2)
        drawing[HALF - up : HALF, columns] = BLUE
        drawing[HALF + 2 : HALF + 2 + down, columns] = RED
    drawing[HALF : HALF + 2] = 120
    for tick in np.arange(np.ceil(edges[0] * 5), edges[-1] * 5) / 5:
        x = round((tick - edges[0]) / (edges[-1] - edges[0]) * width * BARS)
        cv2.line(drawing, (x, HALF - 5), (x, HALF + 6), (60, 60, 60), 2)
        text, font = f"{tick:.1f}", (cv2.FONT_HERSHEY_SIMPLEX, 0.8, (60, 60, 60), 2, cv2.LINE_AA)
        cv2.putText(drawing, text, (max(x - 22, 0), len(drawing) - 6), *font)
    return drawing


def similarity_threshold(
    pages: Sequence[LoginPage], verdicts: Sequence[Verdict], *, initial: float = 0.5
) -> Explorer:
    """Move the similarity from which a page is flagged.

    A dot stands for a page that is at no known brand's address. Below are the page that is only
    just flagged and the one that only just is not.
    """
    judged = [both for both in zip(pages, verdicts, strict=True) if not both[1].known_address]
    judged.sort(key=lambda both: both[1].similarity)
    similarities = np.array([verdict.similarity for _, verdict in judged])
    phishing = np.array([page.is_phishing for page, _ in judged])
    chart, columns = _chart(judged)

    def render(threshold: float) -> Frame:
        first = int(np.searchsorted(similarities, threshold - 1e-9))  # of those flagged
        drawing = chart.copy()
        x = round(float(np.interp(threshold, *columns)))
        cv2.line(drawing, (x, 0), (x, len(chart)), (0, 0, 0), 2)
        thumbnails = [_thumbnail(judged, first - 1), _thumbnail(judged, first)]
        caught, alarms = phishing[first:].sum(), (~phishing[first:]).sum()
        picture = np.vstack([drawing, np.hstack(thumbnails)])
        return Frame(
            f"from {threshold:.2f} up: {caught} of {phishing.sum()} phishing pages are caught, "
            f"{alarms} of {(~phishing).sum()} harmless ones are flagged",
            {"pages, and the two next to the threshold": picture},
        )

    return Explorer(
        [Slider("threshold", "similarity", initial, 0.3, 1, 0.01)],
        render,
        strip=Strip(
            values=(0.4, initial, 0.95),
            title="from {} up",
            caption=f"Thresholds of 0.4, {initial} and 0.95. Discs: phishing pages. Triangles: "
            "harmless ones. What lies right of the black line is flagged.",
            alt="Three thresholds: a low one flags harmless pages too, a high one misses phishing.",
            detail=np.s_[: len(chart), :],
            columns=1,
        ),
    )


def _chart(judged: Sequence[tuple[LoginPage, Verdict]]) -> tuple[Image, tuple]:
    """Draw pages as dots, a row for each kind; return also two similarities and their columns."""
    kinds = list(dict.fromkeys(page.kind for page, _ in sorted(judged, key=_phishing_first)))
    fig, ax = figures.plt.subplots(figsize=(WIDTH / 100, 2.6), dpi=100)
    for row, kind in enumerate(kinds):
        of_kind = [(page, v.similarity) for page, v in judged if page.kind == kind]
        color = figures.ORANGE if of_kind[0][0].is_phishing else figures.BLUE
        marker = "o" if of_kind[0][0].is_phishing else "^"
        places = [similarity for _, similarity in of_kind]
        ax.plot(places, [-row] * len(places), marker, color=color, alpha=0.6, linestyle="none")
    ax.set(xlim=(0.3, 1.01), xlabel="similarity", yticks=-np.arange(len(kinds)))
    ax.set_yticklabels([kind.replace("_", " ") for kind in kinds])
    fig.canvas.draw()
    picture = cv2.cvtColor(np.asarray(fig.canvas.buffer_rgba()), cv2.COLOR_RGBA2BGR)
    ends = ax.transData.transform([(0.3, 0), (1, 0)])[:, 0]
    figures.plt.close(fig)
    return picture, ([0.3, 1], ends)


def _phishing_first(both: tuple[LoginPage, Verdict]) -> tuple[bool, str]:
    return not both[0].is_phishing, both[0].path.name


def _thumbnail(judged: Sequence[tuple[LoginPage, Verdict]], place: int) -> Image:
    """Draw a page with the region that was most similar; white where there is none."""
    size = WIDTH // 2, WIDTH // 2 * 3 // 4
    if not 0 <= place < len(judged):
        return np.full((size[1], size[0], 3), 255, np.uint8)
    page, verdict = judged[place]
    drawing = draw_boxes(page.read(), [verdict.box] if verdict.box else [], color=RED, thickness=3)
    return cv2.resize(drawing, size, interpolation=cv2.INTER_AREA)


def acceptance(
    similarity: NDArray[np.float64], same: NDArray[np.bool_], *, initial: float
) -> Explorer:
    """Move the similarity from which a pair is accepted as one brand, and count both errors."""
    low, high = np.floor(similarity.min() * 100) / 100, np.ceil(similarity.max() * 100) / 100
    edges = np.linspace(low, high, BARS + 1)
    above, below = (np.histogram(similarity[kind], edges)[0] for kind in (same, ~same))
    above, below = above / same.sum(), below / (~same).sum()
    bars = _bars(above, below, edges, max(above.max(), below.max()))

    def render(threshold: float) -> Frame:
        accepted = similarity >= threshold
        drawing = bars.copy()
        x = round((threshold - low) / (high - low) * (WIDTH // BARS * BARS))
        cv2.line(drawing, (x, 0), (x, len(drawing)), (0, 0, 0), 2)
        return Frame(
            f"accepted from {threshold:.2f} up: {np.mean(~accepted[same]):.1%} of the same brand "
            f"are refused, {np.mean(accepted[~same]):.1%} of two brands are accepted",
            {"pairs by similarity": drawing},
        )

    return Explorer(
        [Slider("threshold", "similarity", round(initial, 2), low, high, 0.01)],
        render,
        strip=Strip(
            values=(round(initial - 0.2, 2), round(initial, 2), round(initial + 0.2, 2)),
            title="accepted from {} up",
            caption="How many pairs have which cosine. Blue, upwards: the same brand. Orange, "
            "downwards: two brands. What lies right of the line is accepted.",
            alt="Three thresholds: a low one lets many orange bars pass, a high one cuts off blue "
            "ones, the middle one some of both.",
        ),
    )


SIDE = 340  # pixels of the circle and of the curves beside it
COLOURS = (BLUE, RED, GREEN)  # of families


def margin(points: NDArray[np.float64], labels: NDArray[np.int64], *, steps: int) -> Explorer:
    """Move points on the unit circle by the contrastive loss, with another margin.

    Beside them is what a pair pays for its distance, and a dot for each pair.
    """
    first, second = np.triu_indices(len(points), 1)
    same = labels[first] == labels[second]
    paths = cache(lambda size: move_points(points, labels, margin=size, steps=steps))

    def render(size: float, step: int) -> Frame:
        path = paths(size)[: step + 1]
        distance = np.linalg.norm(path[-1][first] - path[-1][second], axis=1)
        pays = np.where(same, distance, np.maximum(size - distance, 0)) ** 2
        loss = pays[same].mean() + pays[~same].mean()
        picture = np.hstack([_circle(path, labels), _curves(size, distance, pays, same)])
        return Frame(
            f"margin {size:.1f}, step {step}: the nearest of two classes are "
            f"{distance[~same].min():.2f} apart, the farthest of one {distance[same].max():.2f}, "
            f"loss {loss:.2f}",
            {"points, and what their pairs pay": picture},
        )

    return Explorer(
        [Slider("margin", "", 1.0, 0.1, 2, 0.1), Slider("step", "", steps, 0, steps)],
        render,
        strip=Strip(
            values=(0.2, 1.0, 2.0),
            title="margin {}",
            caption=f"After {steps} steps. A family has one colour; of its two sisters one is "
            "filled, one hollow. Lines show the ways they went, drawn from within outwards.",
            alt="Three circles. At a small margin sisters stay side by side; at a middle one six "
            "groups stand evenly; at a large one they stand the same way.",
            detail=np.s_[:, :SIDE],
        ),
    )


def _circle(path: NDArray[np.float64], labels: NDArray[np.int64]) -> Image:
    """Draw points where they are, with a thin line along the way they came."""
    drawing = np.full((SIDE, SIDE, 3), 255, np.uint8)
    middle, radius = SIDE // 2, SIDE // 2 - 20
    cv2.circle(drawing, (middle, middle), radius, (210, 210, 210), 1, cv2.LINE_AA)
    # The further back, the smaller the circle, so that a way is not drawn over itself.
    inward = np.linspace(1, 0.75, len(path))[::-1, None, None]
    ways = (middle + radius * path * inward * (1, -1)).transpose(1, 0, 2)
    ways = np.ascontiguousarray(np.round(ways), dtype=np.int32)
    for label, way in zip(labels, ways, strict=True):
        colour, end = COLOURS[label // 2], way[-1].tolist()
        cv2.polylines(drawing, [way], False, colour, 1, cv2.LINE_AA)
        cv2.circle(drawing, end, 6, colour if label % 2 else (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(drawing, end, 6, colour, 2, cv2.LINE_AA)
    return drawing


@cache
def _paper() -> tuple[Image, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Draw axes for distance and its price; return also the pixels of (0, 0) and of (2, 4)."""
    side = SIDE / 100
    fig, ax = figures.plt.subplots(figsize=(side, side), dpi=100)
    ax.set(xlim=(0, 2), ylim=(-0.1, 4), xlabel="distance of a pair", ylabel="what it pays")
    fig.canvas.draw()
    picture = cv2.cvtColor(np.asarray(fig.canvas.buffer_rgba()), cv2.COLOR_RGBA2BGR)
    corners = ax.transData.transform([(0, 0), (2, 4)])
    figures.plt.close(fig)
    return picture, (corners[:, 0], len(picture) - corners[:, 1])


def _curves(
    size: float, distance: NDArray[np.float64], pays: NDArray[np.float64], same: NDArray[np.bool_]
) -> Image:
    """Draw what a pair pays for its distance, blue for one class, red for two, a dot for each."""
    paper, (columns, rows) = _paper()
    drawing = paper.copy()
    line = np.linspace(0, 2, 101)

    def place(x: NDArray, y: NDArray) -> NDArray[np.int32]:
        where = np.interp(x, (0, 2), columns), np.interp(y, (0, 4), rows)
        return np.round(np.column_stack(where)).astype(np.int32)

    curves = (line**2, BLUE, same), (np.maximum(size - line, 0) ** 2, RED, ~same)
    for pay, colour, kind in curves:
        cv2.polylines(drawing, [place(line, pay)], False, colour, 2, cv2.LINE_AA)
        for dot in place(distance[kind], pays[kind]).tolist():
            cv2.circle(drawing, dot, 4, colour, -1, cv2.LINE_AA)
    return drawing
