"""Whatever is drawn of a picture is bounded across and down, however thin the picture is."""

import base64
import re

import cv2
import numpy as np
import pytest

import helpers
from helpers.app import report
from helpers.app.picker import THUMBNAIL
from helpers.comparison import Comparison
from helpers.encoding import encode
from helpers.scoring import sheet
from helpers.scoring.pairs import Pair
from helpers.scoring.scores import PairResult
from helpers.viewer import explorer, figures
from helpers.viewer.explorer import WIDTH

SHAPES = [(40_000, 1), (1, 40_000), (1, 1), (65_500, 7), (7, 65_500)]


def in_html(page: str) -> list[bytes]:
    return [base64.b64decode(data) for data in re.findall(r"base64,([^\"]+)", page)]


def thumbnail(picture: np.ndarray) -> list[bytes]:
    return [explorer.encode(picture, THUMBNAIL)]


def explored(picture: np.ndarray) -> list[bytes]:
    gray = np.ascontiguousarray(picture[..., 0])
    return [explorer.encode(picture), explorer.encode(gray, as_heat=True)]


def in_notebook(picture: np.ndarray) -> list[bytes]:
    return in_html(comparison(picture)._repr_html_())


def in_report(picture: np.ndarray) -> list[bytes]:
    return in_html(report.report(comparison(picture)))


def in_figure(picture: np.ndarray) -> list[bytes]:
    data, _ = figures.as_output(figures.panels({"first": picture, "second": picture}), "alt")
    return [base64.b64decode(data["image/png"])]


def in_sheet(picture: np.ndarray) -> list[bytes]:
    boxes = [helpers.Box(0, 0, *picture.shape[1::-1])]
    result = PairResult(Pair("a", None, None, boxes), boxes, 1, 1, 1, 1, 0)
    return [encode(".png", sheet._boxed(picture, result, 0.5))]


def comparison(picture: np.ndarray) -> Comparison:
    gray = np.ascontiguousarray(picture[..., 0])
    boxes = [helpers.Box(0, 0, *picture.shape[1::-1])]
    return Comparison(0.5, gray, gray, boxes, picture, picture, 9.0, "robust", picture, "changed")


@pytest.mark.parametrize(
    ("draw", "bounds"),
    [
        (thumbnail, (10 * THUMBNAIL, THUMBNAIL)),
        (explored, (10 * WIDTH, WIDTH)),
        (in_notebook, (4800, 480)),
        (in_report, (1200, 800)),
        (in_figure, (1792, 864)),
        (in_sheet, sheet.CELL[::-1]),
    ],
)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_drawn_of_a_thin_picture_is_bounded(draw, bounds, shape):
    picture = np.full((*shape, 3), 200, np.uint8)
    for data in draw(picture):
        drawn = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert drawn.shape[0] <= bounds[0] and drawn.shape[1] <= bounds[1]
