"""The sliders of lessons 20 and 21: what they show at their ends, and what the reading says."""

import cv2
import numpy as np
import pytest

from helpers.course import sliders
from helpers.course.lessons import lesson_20
from helpers.deep import baselines, logos, views
from helpers.deep.pairs import Pairs
from helpers.viewer.drawing import BLUE, RED

BRANDS = (20002, 20003, 20010, 20011)


def describe(pictures):
    squares = np.round(views.prepare(pictures) * 255).astype(np.uint8)
    return np.array([baselines.edge_histograms(square) for square in squares])


@pytest.fixture(scope="module")
def gallery():
    logos_of = [logos.draw_logo(logos.make_brand(number)) for number in BRANDS]
    sides = [max(logo.shape[:2]) for logo in logos_of]
    squares = [
        cv2.copyMakeBorder(
            logo,
            *(0, side - logo.shape[0], 0, side - logo.shape[1]),
            cv2.BORDER_CONSTANT,
            value=(255, 255, 255),
        )
        for logo, side in zip(logos_of, sides, strict=True)
    ]
    return 2 * squares, np.array(2 * BRANDS)


@pytest.fixture(scope="module")
def turned(gallery):
    logo = logos.draw_logo(logos.make_brand(BRANDS[0]))
    return sliders.turned_query(logo, BRANDS[0], *gallery, describe)


def tiles(explorer):
    (row,) = explorer.current.pictures.values()
    return np.split(row, lesson_20.NEAREST + 1, axis=1)


def has_frame(tile):
    rim = np.concatenate([tile[:5].reshape(-1, 3), tile[-5:].reshape(-1, 3)])
    return bool(np.all(rim == BLUE))


def test_an_upright_logo_finds_itself_first(turned):
    turned.values = [0, 0]
    assert (
        "turned by 0 degrees: 2 of the nearest 5 are right, cosine 1.00" in turned.frame["reading"]
    )
    assert [has_frame(tile) for tile in tiles(turned)] == [False, True, True, False, False, False]


@pytest.mark.parametrize("degrees", [-90, 90])
def test_edges_are_others_when_a_logo_lies_on_its_side(turned, degrees):
    turned.values = [0, 0]
    upright = turned.current.reading
    turned.values = [degrees, 0]
    assert f"turned by {degrees} degrees: " in turned.frame["reading"]
    best = [float(text.split("cosine ")[1][:4]) for text in (upright, turned.current.reading)]
    assert best[1] < best[0] - 0.2


def test_the_whole_logo_stays_in_the_picture_at_each_angle():
    logo = logos.draw_logo(logos.make_brand(BRANDS[0]), margin=0)
    diagonal = int(np.hypot(*logo.shape[:2])) + 1
    ink = np.sum(255 - logo.min(axis=2).astype(int))
    for degrees in (0, 30, 45, 90, -75):
        drawn = lesson_20.turned(logo, degrees, diagonal, [255, 255, 255])
        assert drawn.shape[:2] == (diagonal, diagonal)
        assert abs(np.sum(255 - drawn.min(axis=2).astype(int)) / ink - 1) < 0.02


def test_a_blurred_query_has_weaker_edges(turned):
    def sharpness(blur):
        turned.values = [0, blur]
        return cv2.Laplacian(tiles(turned)[0], cv2.CV_64F).std()

    assert sharpness(0) > sharpness(1) > sharpness(5)


def pairs_with(similarity_of):
    kind = np.repeat(list(similarity_of), [len(values) for values in similarity_of.values()])
    nothing = np.zeros(len(kind), np.int64)
    return np.concatenate(list(similarity_of.values())), Pairs(nothing, nothing, kind)


@pytest.fixture
def share():
    return sliders.share_of_hard(
        *pairs_with(
            {"same": np.full(20, 0.9), "easy": np.full(20, 0.1), "hard": np.linspace(0.85, 1, 20)}
        )
    )


@pytest.mark.parametrize(
    ("percent", "auc"),
    [(0, "1.00"), (50, "0.85"), (100, "0.35")],
)
def test_the_auc_is_that_of_the_mixture(share, percent, auc):
    share.values = [100 - percent]
    share.values = [percent]
    assert share.frame["reading"] == f"{percent} % of the other pairs are hard: AUC {auc}"


def columns_of(explorer, colour):
    (drawing,) = explorer.current.pictures.values()
    return np.flatnonzero((drawing == colour).all(axis=2).any(axis=0))


def test_red_bars_move_to_the_right_and_blue_ones_stay(share):
    share.values = [0]
    red, blue = columns_of(share, RED), columns_of(share, BLUE)
    share.values = [100]
    assert red.max() < blue.min()
    assert columns_of(share, RED).max() > blue.max()
    assert np.array_equal(columns_of(share, BLUE), blue)
