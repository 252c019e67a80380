"""The explorer's Python side: what is sent to the browser. What it does there: tests/browser."""

import gc
import inspect
import weakref
from pathlib import Path

import cv2
import numpy as np
import pytest
from traitlets import TraitError

import helpers
from helpers.boxes import Box
from helpers.course import sliders
from helpers.robust import detect, prepare
from helpers.settings import Settings
from helpers.viewer import explorer as explorer_module
from helpers.viewer.explorer import VIEWS, WIDTH, Explorer, Frame, Render, Slider, Strip, slider
from helpers.viewer.views import tune, views

IMAGES = Path(__file__).parents[2] / "images"
PICTURE = np.random.default_rng(3).integers(0, 256, (600, 900, 3), dtype=np.uint8)


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def pair() -> tuple[np.ndarray, np.ndarray]:
    return helpers.load_pair(IMAGES / "original_03.png", IMAGES / "modified_03.png")


def an_explorer(boxes: tuple[Box, ...]) -> Explorer:
    pictures = {"original": PICTURE, "modified": PICTURE.copy(), "difference": PICTURE[..., 0]}
    return Explorer(
        [Slider("number", "boxes", len(boxes), 0, 9)],
        lambda number: Frame(f"{number} boxes", pictures, boxes[:number]),
        strip=Strip("caption", "alt"),
        views=VIEWS,
    )


def test_the_front_end_gets_the_slider_with_its_unit():
    explorer = sliders.threshold(helpers.compare(*pair(), method="classic").difference)
    (sent,) = explorer.sliders
    assert sent["label"] == "threshold" and sent["unit"] == "gray level"
    assert explorer.values == [sent["initial"]]


def test_a_slider_is_computed_once_and_takes_the_detail_of_its_strip():
    computed = []

    @slider(Slider("level", "", 1, 0, 9), values=(0, 9), title="at {}", caption="c", alt="a")
    def level(picture: np.ndarray, *, factor: int = 1) -> Render:
        """Darken."""
        computed.append(factor)
        return lambda value: Frame(f"by {value * factor}", {"darker": picture - value * factor})

    explorer = level(PICTURE, factor=2, detail=np.s_[10:20, :30])
    assert explorer.name == level.__name__ == "level" and level.__doc__ == "Darken."
    explorer.values = [3]
    assert explorer.current.reading == "by 6" and computed == [2]
    strip = explorer._strip_pictures()
    assert list(strip) == ["at 0", "at 9"] and computed == [2]
    assert np.array_equal(strip["at 9"], (PICTURE - 18)[10:20, :30])
    takes = inspect.signature(level)
    assert list(takes.parameters) == ["picture", "factor", "detail"]
    assert takes.return_annotation is Explorer


def test_alt_text_follows_the_state():
    explorer = sliders.window_size(*pair())
    explorer.values = [31]
    (alt,) = explorer.frame["alts"].values()
    assert alt == "difference image: " + explorer.frame["reading"]
    assert "31 x 31" in alt


@pytest.mark.parametrize("view", VIEWS)
def test_only_the_pictures_of_the_view_are_sent_at_the_width_shown(view):
    explorer = an_explorer(())
    explorer.view = view
    names = {"difference"} if view == "difference" else {"original", "modified"}
    assert set(explorer.pictures) == set(explorer.frame["alts"]) == names
    width = WIDTH // 2 if view == "side by side" else WIDTH
    assert {decoded(data).shape[1] for data in explorer.pictures.values()} == {width}


def test_a_chosen_box_is_enlarged_within_its_surroundings():
    explorer = an_explorer((Box(100, 200, 60, 30),))
    explorer.chosen = 0
    x, y, width, height = explorer.frame["region"]
    assert x <= 100 and y <= 200 and x + width >= 160 and y + height >= 230
    assert width == 90 and height == 60  # 1.5 times the box, in the proportions of the picture
    shown = PICTURE[y : y + height, x : x + width]
    assert np.array_equal(
        decoded(explorer.pictures["original"]), shown.repeat(4, axis=0).repeat(4, axis=1)
    )


@pytest.mark.parametrize(
    "box", [Box(0, 0, 1, 1), Box(899, 599, 1, 1), Box(0, 0, 900, 600), Box(0, 590, 900, 10)]
)
def test_the_surroundings_stay_inside_the_picture(box):
    explorer = an_explorer((box,))
    explorer.chosen = 0
    x, y, width, height = explorer.frame["region"]
    assert 0 <= x <= box.x and 0 <= y <= box.y
    assert box.x + box.width <= x + width <= 900 and box.y + box.height <= y + height <= 600


def test_when_the_chosen_box_goes_the_whole_picture_comes_back():
    explorer = an_explorer((Box(100, 200, 60, 30), Box(300, 300, 60, 30)))
    explorer.chosen = 1
    explorer.values = [1]
    assert explorer.chosen == -1
    assert explorer.frame["region"] == (0, 0, 900, 600)
    assert explorer.frame["boxes"] == [[100, 200, 60, 30]]


def test_a_slider_that_changes_boxes_only_sends_no_picture(monkeypatch):
    explorer = an_explorer((Box(100, 200, 60, 30),))
    encoded = []
    monkeypatch.setattr(
        explorer_module, "encode", lambda picture, width, as_heat: encoded.append(1) or b"png"
    )
    explorer.values = [0]
    assert not encoded
    explorer.view = "swipe"
    assert len(encoded) == 2


def test_tune_finds_what_compare_finds():
    explorer = tune(*pair())
    for level, merge, area in ((8, 19, 0), (20, 0, 0), (8, 19, 1000)):
        explorer.values = [level, merge, area]
        found = helpers.compare(*pair(), ignore_below=level, merge=merge, min_pixels=area)
        assert explorer.frame["boxes"] == [list(box) for box in found.boxes]
        assert f"ignore below {level}: {found.summary()}" in explorer.frame["reading"]
        assert f"{found.to_dict()['percent_differing']:.2f}% of" in explorer.frame["reading"]


@pytest.mark.parametrize("align", [True, False])
def test_a_pair_searched_again_and_again_is_searched_as_the_first_time(align):
    first, second = pair()
    stored = cv2.imdecode(cv2.imencode(".jpg", second, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], 1)
    for other in (second, stored, 255 - second, first):
        prepared = prepare(first, other, Settings(align=align), keep=True)
        for level, tolerance in ((8, 1), (30, 1), (1, 1), (8, 3), (8, 1), (200, 1)):
            settings = {"ignore_below": level, "tolerance": tolerance}
            found = detect(prepared, Settings(**settings))
            alone = helpers.compare(first, other, align=align, **settings)
            assert found.to_dict() == alone.to_dict()
            assert np.array_equal(found.difference, alone.difference)


def test_views_show_a_comparison_whatever_found_it():
    for method in ("classic", "robust"):
        comparison = helpers.compare(*pair(), method=method)
        explorer = views(comparison)
        assert len(explorer.frame["boxes"]) == len(comparison.boxes) > 0
        explorer.view = "difference"
        heat = decoded(explorer.pictures["difference"]).astype(int).sum(axis=2)
        small = cv2.resize(comparison.mask, heat.shape[::-1], interpolation=cv2.INTER_AREA)
        assert heat[small == 255].mean() > 2 * heat[small == 0].mean()


def test_without_a_kernel_the_pair_stands_there_with_its_boxes(monkeypatch):
    bundles, shown = [], []
    monkeypatch.setattr(explorer_module, "display", lambda data, raw: bundles.append(data))
    monkeypatch.setattr(
        explorer_module.figures, "panels", lambda pictures, columns: shown.append(pictures)
    )
    monkeypatch.setattr(explorer_module.figures, "show", lambda *content, **words: None)
    comparison = helpers.compare(*pair())
    views(comparison)._ipython_display_()
    assert bundles[0]["text/plain"] == "Five views of a pair stand here. Run the cell to see them."
    tune(*pair())._ipython_display_()
    assert bundles[1]["text/plain"].startswith("3 sliders stand here: ignore below, join gaps")
    boxed = helpers.draw_boxes(comparison.first, comparison.boxes, thickness=5)
    assert np.array_equal(shown[0]["original"], boxed)


def test_a_part_of_a_pair_has_thinner_boxes():
    part = np.s_[100:180, 200:460]
    strip = tune(*pair(), detail=part)._strip_pictures()
    assert {picture.shape for picture in strip.values()} == {(80, 260, 3)}
    comparison = helpers.compare(*pair())
    boxed = helpers.draw_boxes(comparison.first, comparison.boxes, thickness=1)
    assert np.array_equal(strip["original"], boxed[part])


def test_each_move_is_answered_also_one_that_fails(monkeypatch):
    explorer, sent = an_explorer((Box(100, 200, 60, 30),)), []
    monkeypatch.setattr(explorer, "send", sent.append)
    explorer._handle_custom_msg({"values": [0], "number": 0.5}, [])
    assert explorer.frame["reading"] == "0 boxes"
    monkeypatch.setattr(explorer, "_render", lambda number: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        explorer._move(explorer, {"values": [1], "number": 0.7}, [])
    assert sent == [{"answered": 0.5}, {"answered": 0.7}]


@pytest.mark.parametrize(
    "values",
    [[], [1, 1], ["1"], [None], [-1], [10], [float("nan")], [10**400], [[1]], "1", None, {"a": 1}],
)
def test_a_slider_that_is_moved_where_it_cannot_be_stays_and_says_so(values):
    explorer = an_explorer((Box(100, 200, 60, 30),))
    explorer._handle_custom_msg({"values": values, "number": 1}, [])
    assert explorer.values == [1] and explorer.current.reading == "1 boxes"
    assert explorer.frame["reading"]
    explorer._handle_custom_msg({"values": [0], "number": 1}, [])
    assert explorer.frame["reading"] == "0 boxes"


@pytest.mark.parametrize("state", [{"view": "x"}, {"view": ""}, {"view": None}, {"chosen": "1"}])
def test_a_view_that_there_is_not_is_refused(state):
    explorer = an_explorer((Box(100, 200, 60, 30),))
    with pytest.raises(TraitError):
        explorer.set_state(state)
    assert explorer.view == VIEWS[0] and explorer.chosen == -1


@pytest.mark.parametrize("chosen", [-2, 1, 10**400, -(10**400)])
def test_a_box_that_there_is_not_leaves_the_whole_picture(chosen):
    explorer = an_explorer((Box(100, 200, 60, 30),))
    explorer.set_state({"chosen": chosen})
    assert explorer.chosen == -1 and explorer.frame["region"] == (0, 0, 900, 600)


def test_an_emptied_explorer_forgets_its_pictures_and_begins_at_the_start():
    explorer = an_explorer((Box(100, 200, 60, 30),))
    explorer.values, explorer.view = [0], "swipe"
    pictures = explorer.current.pictures["modified"]
    gone = weakref.ref(pictures)
    del pictures
    explorer.empty()
    gc.collect()
    assert gone() is None and explorer.pictures == {}
    explorer.fill(lambda number: Frame("other", {"original": PICTURE, "modified": PICTURE}))
    assert explorer.values == [1] and explorer.view == VIEWS[0]
    assert explorer.frame["reading"] == "other" and len(explorer.pictures) == 2
