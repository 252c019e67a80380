"""Figures carry alt text and captions; pictures keep their colours; stored figures are compared."""

import base64
import io
from unittest import mock

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hostile import faults
from PIL import Image as PillowImage
from stored_figures import changed_figures, pictures_in

import helpers
from helpers.viewer import figures, views


@pytest.fixture
def displayed(monkeypatch):
    """What `figures.show` sends to the notebook: a list of (data, metadata)."""
    sent = []
    monkeypatch.setattr(
        figures, "display", lambda data, raw, metadata=None: sent.append((data, metadata))
    )
    return sent


def orange() -> np.ndarray:
    return np.full((30, 40, 3), (0, 128, 255), np.uint8)


def test_show_sends_a_picture_with_alt_text_and_a_caption(displayed):
    figures.show({"one": orange()}, caption="Look here.", alt="An orange rectangle.")
    (picture, metadata), (caption, _) = displayed
    assert metadata == {"image/png": {"alt": "An orange rectangle."}}
    assert picture["text/plain"] == "An orange rectangle."
    assert caption["text/markdown"] == "*Look here.*"
    assert plt.get_fignums() == []


def test_bgr_is_shown_in_its_true_colours(displayed):
    figures.show({"one": orange()}, caption="c", alt="a")
    png = base64.b64decode(displayed[0][0]["image/png"])
    pixels = np.asarray(PillowImage.open(io.BytesIO(png)).convert("RGB"))
    red, green, blue = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    assert (red, green, blue) == (255, 128, 0)


def test_many_colours_stay_close_to_what_they_were(displayed):
    # Every hue, from one side to the other.
    ramp = np.linspace(0, 255, 300).astype(np.uint8)
    picture = np.dstack(
        [np.tile(ramp, (200, 1)), np.tile(ramp[::-1], (200, 1)), np.tile(255 - ramp, (200, 1))]
    )
    figures.show({"one": np.ascontiguousarray(picture)}, caption="c", alt="a")
    png = base64.b64decode(displayed[0][0]["image/png"])
    shown = np.asarray(PillowImage.open(io.BytesIO(png)).convert("RGB")).astype(int)
    row = shown[shown.shape[0] // 2, 40:-40]
    assert (np.diff(row[:, 2]) >= -40).all()
    assert row[0, 2] < 40 < 215 < row[-1, 2]


@pytest.mark.parametrize(
    ("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 2), (5, 2, 3)]
)
def test_panels_lay_out_any_number(count, rows, columns):
    figure = figures.panels({f"picture {n}": orange() for n in range(count)})
    grid = figure.axes[0].get_gridspec()
    assert (grid.nrows, grid.ncols) == (rows, columns)
    assert [ax.get_title() for ax in figure.axes[:count]] == [f"picture {n}" for n in range(count)]
    plt.close(figure)


def test_panels_want_a_picture():
    with pytest.raises(helpers.PictureError, match="Give at least one"):
        figures.panels({})


@pytest.mark.parametrize("wrong", [None, np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9), int)])
def test_panels_want_pictures(wrong):
    with pytest.raises(helpers.PictureError, match="the picture 'a'"):
        figures.panels({"a": wrong})


def test_pictures_too_large_for_a_figure_are_drawn_smaller_where_they_were():
    figure = figures.panels({"photo": np.zeros((60, 7000, 3), np.uint8)})
    (drawn,) = figure.axes[0].images
    assert drawn.get_array().shape[1] == 3000
    assert list(drawn.get_extent()) == [-0.5, 6999.5, 59.5, -0.5]
    plt.close(figure)


@pytest.mark.parametrize("size", [(9.6, 5000), (700, 700), (float("inf"), 3), (9.6, float("nan"))])
def test_a_figure_too_large_to_draw_is_refused_and_closed(size):
    figure = plt.figure()
    figure.bbox_inches.p1 = size  # set_size_inches takes no infinite size
    with pytest.raises(helpers.PictureError, match="Give a smaller figsize"):
        figures.show(figure, caption="c", alt="a")
    assert plt.get_fignums() == []


def test_similarity_maps_are_drawn_from_minus_1_to_1():
    figure = figures.panels({"map": np.linspace(-1, 1, 12).reshape(3, 4)})
    assert figure.axes[0].images[0].get_clim() == (-1, 1)
    plt.close(figure)


# The comparison of stored figures that CI relies on


def png_of(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    PillowImage.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def test_equal_figures_pass():
    assert changed_figures([png_of(orange())], [png_of(orange())]) == []


def test_a_changed_figure_is_reported_with_its_box():
    fresh = orange()
    fresh[10:20, 15:25] = 0
    (change,) = changed_figures([png_of(orange())], [png_of(fresh)])
    assert change.startswith("Figure 1 of the cell changed: 1 boxes")
    assert "(12, 7, 16, 16)" in change


def test_a_change_of_colour_alone_is_reported():
    blue, green = np.zeros((2, 20, 20, 3), np.uint8)
    blue[..., 2], green[..., 1] = 103, 20
    assert "colours differ" in changed_figures([png_of(blue)], [png_of(green)])[0]


def test_a_change_of_colour_is_not_hidden_by_a_box_that_nobody_sees():
    blue, green = np.zeros((2, 40, 40, 3), np.uint8)
    blue[:20, :, 2], green[:20, :, 1] = 103, 20
    green[30, 30] = 2
    assert "colours differ" in changed_figures([png_of(blue)], [png_of(green)])[0]


def test_rounding_is_not_reported():
    fresh = orange()
    fresh[::3, ::3, 1] -= 1
    assert changed_figures([png_of(orange())], [png_of(fresh)]) == []


def test_a_move_by_a_tenth_of_a_pixel_is_not_reported():
    checks = np.kron(np.indices((12, 12)).sum(axis=0) % 2, np.ones((9, 9))).astype(np.uint8)
    picture = cv2.cvtColor(230 * checks, cv2.COLOR_GRAY2BGR)
    for x, reported in ((0.1, False), (1, True)):
        moved = cv2.warpAffine(
            picture, np.float64([[1, 0, x], [0, 1, 0]]), picture.shape[1::-1], borderMode=1
        )
        assert bool(changed_figures([png_of(picture)], [png_of(moved)])) == reported


def test_a_single_black_pixel_is_reported():
    fresh = orange()
    fresh[15, 20] = 0
    assert changed_figures([png_of(orange())], [png_of(fresh)])


def test_another_size_or_number_of_figures_is_reported():
    assert "pixels" in changed_figures([png_of(orange())], [png_of(orange()[:20])])[0]
    assert changed_figures([png_of(orange())], []) == ["1 figures are stored, 0 were made."]


def test_pictures_inside_html_are_compared_too():
    comparison = helpers.compare(orange(), orange())
    assert len(pictures_in([{"data": {"text/html": comparison._repr_html_()}}])) == 4


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("large", [False, pytest.param(True, marks=pytest.mark.full)])
def test_wrong_arguments_are_answered_in_words(large):
    def draw(**given):
        plt.close(figures.panels(**given))

    def show(**given):
        with mock.patch.object(figures, "display"):
            figures.show(**given)

    picture = np.zeros((9, 9, 3), np.uint8)
    assert not faults(draw, {"pictures": {"a": picture}, "columns": 2}, large=large)
    assert not faults(show, {"content": {}, "caption": "c", "alt": "a"}, large=large)
    assert not faults(
        lambda picture: draw(pictures={"a": picture}), {"picture": picture}, large=large
    )
    assert not faults(views.views, {"comparison": helpers.compare(picture, picture)}, large=large)


def test_thin_pictures_make_no_endless_figure():
    for shape in ((1, 40000), (40000, 1)):
        figure = figures.panels({"a": np.zeros(shape, np.uint8)})
        assert max(figure.get_size_inches()) < 50
        plt.close(figure)
