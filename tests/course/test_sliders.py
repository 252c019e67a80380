"""Every slider at its lowest, its first and its highest position, with real ipywidgets."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

import helpers
from helpers.course import sliders
from helpers.viewer import explorer as explorer_module
from helpers.viewer.explorer import WIDTH, Explorer, Frame, Slider, Strip

IMAGES = Path(__file__).parents[2] / "images"


def load(number: str) -> tuple[np.ndarray, np.ndarray]:
    pair = next(pair for pair in helpers.load_pairs(IMAGES) if pair.name == number)
    return helpers.load_pair(pair.first, pair.second)


def cheque_difference() -> np.ndarray:
    return helpers.compare(*load("03"), method="classic").difference


@cache
def evaluations() -> dict[int, helpers.Evaluation]:
    def find(first, second, strength):
        mask = 255 * (cv2.absdiff(first, second).max(axis=2) >= strength).astype(np.uint8)
        grown = cv2.dilate(mask, np.ones((9, 9), np.uint8))
        return helpers.bounding_boxes(helpers.find_contours(grown))

    return {n: helpers.evaluate(IMAGES, method=find, strength=n) for n in (20, 60, 100)}


def stained_jpeg(picture: np.ndarray) -> np.ndarray:
    stained = picture.copy()
    darker = cv2.subtract(picture, np.full_like(picture, 40))
    stained[140:165, 55:80] = darker[140:165, 55:80]
    packed = cv2.imencode(".jpg", stained, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)


def make(name: str) -> Explorer:
    cheque, card, cat = load("03"), load("02"), load("09")
    return {
        "fade": lambda: sliders.fade(*cheque),
        "zoom": lambda: sliders.zoom(load("01")[0], centre=(652, 380)),
        "green_weight": lambda: sliders.green_weight(*cat),
        "window_size": lambda: sliders.window_size(*cheque),
        "threshold": lambda: sliders.threshold(cheque_difference()),
        "smallest_area": lambda: sliders.smallest_area(
            card[0], helpers.find_contours(helpers.compare(*card, method="classic").mask)
        ),
        "required_overlap": lambda: sliders.required_overlap(
            cheque[0],
            helpers.compare(*cheque, method="classic").boxes,
            helpers.load_pairs(IMAGES)[2].boxes,
        ),
        "tile_size": lambda: sliders.tile_size(*load("08")),
        "hue": lambda: sliders.hue(cat[0], cv2.absdiff(*cat).max(axis=2)),
        "sensitivity": lambda: sliders.sensitivity(load("10")[0], stained_jpeg(load("10")[0])),
        "angle": lambda: sliders.angle(*load("12")),
        "precision_recall": lambda: sliders.precision_recall(evaluations(), names=("08", "10")),
    }[name]()


def only(pictures: dict):
    (picture,) = pictures.values()
    return picture


def picture_of(explorer: Explorer) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(only(explorer.pictures), np.uint8), cv2.IMREAD_UNCHANGED)


def as_shown(picture: np.ndarray) -> np.ndarray:
    """The picture at the width of the page, as a browser gets it."""
    if picture.shape[1] <= WIDTH // 2:
        factor = WIDTH // picture.shape[1]
        return picture.repeat(factor, axis=0).repeat(factor, axis=1)
    if picture.shape[1] <= WIDTH:
        return picture
    size = WIDTH, round(picture.shape[0] * WIDTH / picture.shape[1])
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def assert_shown(explorer: Explorer, picture: np.ndarray) -> None:
    """Gray and enlarged pictures arrive to the bit, others as JPEG without visible loss."""
    shown, expected = picture_of(explorer), as_shown(picture)
    if picture.ndim == 2 or picture.shape[1] <= WIDTH // 2:
        assert np.array_equal(shown, expected)
    else:
        assert shown.shape == expected.shape
        assert cv2.PSNR(shown, expected) > 36  # decibels


POSITIONS = [
    ("fade", 0, "100 % original, 0 % modified"),
    ("fade", 50, "50 % original, 50 % modified"),
    ("fade", 100, "0 % original, 100 % modified"),
    ("zoom", 1, "800 x 520 pixels are shown"),
    ("zoom", 20, "40 x 26 pixels are shown"),
    ("zoom", 40, "20 x 13 pixels are shown"),
    ("green_weight", 0.0, "weight 0.000: largest difference of the grays 31"),
    ("green_weight", 0.587, "weight 0.587: largest difference of the grays 0"),
    ("green_weight", 1.0, "weight 1.000: largest difference of the grays 22"),
    ("window_size", 3, "window 3 x 3 pixels: SSIM"),
    ("window_size", 7, "window 7 x 7 pixels: SSIM 0.9820"),
    ("window_size", 31, "window 31 x 31 pixels: SSIM"),
    ("threshold", 0, "threshold 0: "),
    ("threshold", 146, "12 patches. Otsu: 146"),
    ("threshold", 254, "threshold 254: "),
    ("smallest_area", 0, "from 0 pixels up: 14 of 14 boxes"),
    ("smallest_area", 1000, "from 1000 pixels up: 2 of 14 boxes"),
    ("smallest_area", 1500, "from 1500 pixels up: 1 of 14 boxes"),
    ("required_overlap", 0.05, "4 of 4 differences found"),
    ("required_overlap", 0.5, "3 of 4 differences found"),
    ("required_overlap", 1.0, "0 of 4 differences found"),
    ("precision_recall", 20, "from 20 up: precision 0.23, recall 0.77, F1 0.35"),
    ("precision_recall", 60, "from 60 up: precision 0.43, recall 0.77, F1 0.56"),
    ("precision_recall", 100, "from 100 up: precision 0.20, recall 0.58, F1 0.29"),
    ("tile_size", 16, "16 x 16 pixels: 25 of 1900 tiles, 2.5% of the picture"),
    ("tile_size", 96, "96 x 96 pixels: 5 of 63 tiles, 10.8% of the picture"),
    ("tile_size", 400, "400 x 400 pixels: 3 of 4 tiles, 84.7% of the picture"),
    ("hue", 0, "0 degrees: gray differs by up to 0, the largest channel by more than 8 in 0%"),
    ("hue", 10, "up to 1, the largest channel by more than 8 in 11%, delta E is above 2.3 in 93%"),
    ("hue", 180, "more than 8 in 100%, delta E is above 2.3 in 100%"),
    ("sensitivity", 0, "sensitivity 0: 99"),
    ("sensitivity", 8, "differ by too much, 1 box"),
    ("sensitivity", 40, "differ by too much, 0 boxes"),
    ("angle", -3.0, "turned by -3.0 degrees: SSIM 0.128"),
    ("angle", -1.0, "turned by -1.0 degrees: SSIM 0.969"),
    ("angle", 3.0, "turned by 3.0 degrees: SSIM 0.0"),
]


@pytest.mark.parametrize(("name", "value", "reading"), POSITIONS)
def test_positions(name, value, reading):
    explorer = make(name)
    (slider,) = explorer.sliders
    explorer.values = [slider["high"] if value != slider["high"] else slider["low"]]
    explorer.values = [value]
    assert reading in explorer.frame["reading"]
    assert_shown(explorer, only(explorer._render(value).pictures))


def test_every_slider_of_the_module_is_tested():
    tested = {name for name, _, _ in POSITIONS}
    public = {
        name
        for name, function in vars(sliders).items()
        if getattr(function, "__module__", "") == sliders.__name__
        and callable(function)
        and not name.startswith("_")
    }
    assert tested == public


def test_pictures_at_the_ends_are_the_right_ones():
    first, second = load("03")
    explorer = sliders.fade(first, second)
    for value, picture in ((100, second), (0, first)):
        explorer.values = [value]
        assert_shown(explorer, picture)


def test_a_larger_window_marks_more_pixels():
    explorer = make("window_size")
    dark = {}
    for window in (3, 7, 31):
        explorer.values = [window]
        dark[window] = np.mean(picture_of(explorer) < 200)
    assert dark[3] < dark[7] < dark[31]


def test_a_higher_threshold_marks_more_pixels():
    explorer = make("threshold")
    white = {}
    for level in (0, 146, 254):
        explorer.values = [level]
        white[level] = np.mean(picture_of(explorer) > 127)
    assert white[0] < white[146] < white[254]


@pytest.mark.parametrize("side", [16, 96, 400])
def test_every_window_that_differs_lies_in_a_tile_that_keeps_its_ink(side):
    first, second = load("08")
    _, similarity = helpers.ssim(helpers.to_gray(first), helpers.to_gray(second))
    drawing = only(sliders.tile_size(first, second)._render(side).pictures)
    pale = (drawing == 255 - (255 - first) // 4).all(axis=2)
    assert pale.any()
    assert not pale[similarity < 1].any()


def test_a_turned_hue_keeps_the_gray_values_and_what_is_not_masked():
    first, second = load("09")
    height, width = first.shape[:2]
    mask = cv2.absdiff(first, second).max(axis=2)
    explorer = make("hue")
    for degrees in (5, 45, 180):
        turned = only(explorer._render(degrees).pictures)[:height, :width]
        apart = cv2.absdiff(first, turned).max(axis=2)
        assert cv2.absdiff(helpers.to_gray(first), helpers.to_gray(turned)).max() <= 2
        assert apart[mask > 0].max() >= degrees // 2
        assert not apart[mask == 0].any()


def test_a_mask_of_another_size_is_refused_in_words():
    card = load("01")[0]
    with pytest.raises(helpers.PictureError, match="must have the same"):
        sliders.hue(card, np.zeros(card.shape[:2], np.uint8)[:-1])


@pytest.mark.parametrize("name", ["fade", "green_weight", "tile_size", "sensitivity"])
def test_pairs_that_do_not_fit_are_refused_in_words(name):
    card = load("01")[0]
    for wrong, message in ((card[:-1], "must have the same size"), (None, "is a NoneType")):
        with pytest.raises(helpers.PictureError, match=message):
            getattr(sliders, name)(card, wrong)


def test_the_dot_on_the_curve_stands_at_precision_and_recall():
    explorer = make("precision_recall")
    places = {}
    for strength in (20, 60, 100):
        explorer.values = [strength]
        curve = picture_of(explorer)[:, :360]
        red = np.abs(curve.astype(int) - (0, 0, 255)).max(axis=2) < 60
        y, x = np.argwhere(red).mean(axis=0)
        places[strength] = x, -y
    for side, score in enumerate(("recall", "precision")):
        scores = [getattr(evaluations()[n].scores, score) for n in places]
        assert len(set(scores)) > 1
        place = [place[side] for place in places.values()]
        assert np.corrcoef(scores, place)[0, 1] > 0.9999


def test_a_pair_that_did_not_move_is_refused_in_words():
    with pytest.raises(helpers.PictureError, match="No alignment was found"):
        sliders.angle(*load("03"))


def test_a_failing_callback_is_not_swallowed():
    def render(value: int) -> Frame:
        return Frame("", {"picture": np.full((4, 4), 100 // (5 - value), np.uint8)})

    explorer = Explorer([Slider("value", "", 0, 0, 9)], render, strip=Strip("caption", "alt"))
    with pytest.raises(ZeroDivisionError):
        explorer.values = [5]


def test_without_a_kernel_a_sentence_and_a_strip_remain(monkeypatch):
    bundles, strips = [], []
    monkeypatch.setattr(explorer_module, "display", lambda data, raw: bundles.append(data))
    monkeypatch.setattr(
        sliders.figures, "show", lambda figure, caption, alt: strips.append((figure, caption, alt))
    )
    make("window_size")._ipython_display_()
    assert bundles[0]["text/plain"] == (
        "A slider stands here: window, pixels. Run the cell to move it."
    )
    assert "application/vnd.jupyter.widget-view+json" in bundles[0]
    figure, caption, alt = strips[0]
    assert [ax.get_title() for ax in figure.axes] == [f"window of {n} pixels" for n in (3, 7, 31)]
    assert caption and alt
    sliders.figures.plt.close(figure)
