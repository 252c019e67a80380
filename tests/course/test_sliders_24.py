"""The slider of lesson 24, with verdicts made up here."""

import cv2
import numpy as np
import pytest

from helpers.course.sliders import similarity_threshold
from helpers.deep.pages import load_pages
from helpers.deep.phishing import Verdict
from helpers.viewer.explorer import WIDTH

PAGES = load_pages("tuning")


def verdicts() -> list[Verdict]:
    """Phishing from 0.6 to 0.95, harmless from 0.35 to 0.8, evenly."""
    ends = {True: (0.6, 0.95), False: (0.35, 0.8)}
    kinds = [page.is_phishing for page in PAGES if page.kind != "own"]
    values = {kind: iter(np.linspace(*ends[kind], kinds.count(kind))) for kind in ends}
    return [
        Verdict("Sumau", 0.9, page.box, True, False)
        if page.kind == "own"
        else Verdict("Sumau", float(next(values[page.is_phishing])), page.box, False, True)
        for page in PAGES
    ]


@pytest.mark.parametrize(
    ("threshold", "reading"),
    [
        (0.3, "from 0.30 up: 72 of 72 phishing pages are caught, 60 of 60 harmless"),
        (0.6, "from 0.60 up: 72 of 72 phishing pages are caught, 27 of 60 harmless"),
        (0.81, "from 0.81 up: 29 of 72 phishing pages are caught, 0 of 60 harmless"),
        (1.0, "from 1.00 up: 0 of 72 phishing pages are caught, 0 of 60 harmless"),
    ],
)
def test_what_is_caught_and_flagged_is_counted(threshold, reading):
    explorer = similarity_threshold(PAGES, verdicts(), initial=0.7)
    explorer.values = [threshold]
    assert reading in explorer.frame["reading"]
    (encoded,) = explorer.pictures.values()
    shown = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[1] == WIDTH


def test_the_line_moves_to_the_right_with_the_threshold():
    explorer = similarity_threshold(PAGES, verdicts())
    columns = []
    for threshold in (0.3, 0.65, 1.0):
        (picture,) = explorer._render(threshold).pictures.values()
        line = (picture[:200] == 0).all(axis=(0, 2))
        columns.append(int(np.flatnonzero(line).mean()))
    steps = np.diff(columns)
    assert steps[0] > 100 and abs(steps[0] - steps[1]) <= 2


def test_the_pages_next_to_the_threshold_are_shown():
    explorer = similarity_threshold(PAGES, verdicts())
    low, high = (next(iter(explorer._render(t).pictures.values())) for t in (0.3, 1.0))
    half = WIDTH // 2
    assert (low[-200:, :half] == 255).all() and not (low[-200:, half:] == 255).all()
    assert (high[-200:, half:] == 255).all() and not (high[-200:, :half] == 255).all()
