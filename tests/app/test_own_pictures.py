"""The page for pictures of one's own: what follows a choice, offers, downloads, the app."""

import gc
import io
import json
import zipfile
from pathlib import Path

import cv2
import nbformat
import numpy as np
import pytest
from ipywidgets.widgets import widget
from nbclient import NotebookClient

import helpers
from helpers.app import own_pictures
from helpers.app.own_pictures import OwnPictures
from helpers.app.picker import Picture
from helpers.comparison import Comparison
from helpers.loading import Decoded, PictureError
from helpers.robust import AlignedPair
from helpers.viewer import explorer
from helpers.viewer.explorer import Explorer, Frame

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "images"
APP = ROOT / "notebooks" / "app.ipynb"


def pair(name: str) -> tuple[np.ndarray, np.ndarray]:
    return helpers.load_pair(IMAGES / f"original_{name}.png", IMAGES / f"modified_{name}.png")


def page_with(first: np.ndarray, second: np.ndarray, notes: tuple[str, ...] = ()) -> OwnPictures:
    page = OwnPictures()
    page.picker.pictures = [
        Picture(Decoded("a.png", first, notes), 1),
        Picture(Decoded("b<i>.png", second), 1),
    ]
    page._follow()
    return page


def press(page: OwnPictures, button: str) -> own_pictures.File:
    """Press a button as the browser does; returns what it is given to save."""
    answers = []
    actions = page.messages if button in page.messages.buttons else page.downloads
    assert button in actions.buttons
    actions.send = lambda content, buffers: answers.append((content, *buffers))
    actions._handle_custom_msg({"button": button}, [])
    ((content, data),) = answers
    return own_pictures.File(content["name"], content["type"], data)


def test_before_there_are_two_pictures_there_is_nothing():
    page = OwnPictures(IMAGES)
    page.picker._handle_custom_msg({"kind": "folder", "place": 0, "name": "original_05.png"}, [])
    assert page.tuner is None and page._place.children == ()
    assert page.messages.alert == "" and page.downloads.buttons == []
    with pytest.raises(PictureError, match="Choose two pictures first"):
        _ = page.comparison


def test_two_pictures_that_fit_are_compared_at_once():
    page = OwnPictures(IMAGES)
    page.choose("original_03.png", "modified_03.png")
    found = helpers.compare(*pair("03"))
    assert page._place.children == (page.tuner,)
    assert page.tuner.frame["boxes"] == [list(box) for box in found.boxes]
    assert page.comparison.boxes == found.boxes
    assert page.messages.alert == "" and page.messages.notes == [*found.remarks, *found.told]


def test_the_comparison_follows_the_sliders():
    page = OwnPictures(IMAGES)
    page.choose("original_03.png", "modified_03.png")
    page.tuner.values = [20, 0, 1000]
    assert page.settings == {"ignore_below": 20, "merge": 0, "min_pixels": 1000}
    found = helpers.compare(*pair("03"), ignore_below=20, merge=0, min_pixels=1000)
    assert page.comparison.boxes == found.boxes != helpers.compare(*pair("03")).boxes
    assert (
        page.messages.notes == [*found.remarks, *found.told] != helpers.compare(*pair("03")).remarks
    )
    assert found.found in page.tuner.frame["reading"]


@pytest.mark.parametrize(("name", "start"), [("11", "Tones matched"), ("12", "Aligned")])
def test_what_was_done_to_the_second_picture_is_said(name, start):
    page = page_with(*pair(name), notes=("a.png is transparent.",))
    assert page.messages.notes[0] == "a.png is transparent."
    assert page.messages.notes[1].startswith(start)


def test_pictures_of_two_sizes_that_show_the_same_are_compared_and_told():
    first, second = pair("03")
    larger = cv2.resize(first, (2000, 900))
    page = page_with(larger, second)
    found = helpers.compare(larger, second)
    assert page.messages.alert == "" and page.messages.notes == [*found.remarks, *found.told]
    assert "the first picture was reduced to 1000 x 450" in page.messages.notes[0]
    assert page.tuner.frame["boxes"] == [list(box) for box in found.boxes]
    page.tuner.values = [3, 0, 4]
    assert page.comparison.boxes == helpers.compare(larger, second, merge=0).boxes
    assert page.messages.notes == [*page.comparison.remarks, *page.comparison.told]


def test_a_picture_on_its_side_is_compared_upright_and_told():
    first, second = pair("03")
    page = page_with(first, cv2.rotate(second, cv2.ROTATE_90_CLOCKWISE))
    assert page.comparison.boxes == helpers.compare(first, second).boxes
    assert "turned to the left" in page.messages.notes[0]


def test_a_larger_picture_of_something_else_is_reduced_when_its_button_is_pressed():
    first, second = pair("05")[0], cv2.resize(pair("12")[0], (600, 500))
    larger = cv2.resize(first, (1200, 1000))
    page = page_with(larger, second)
    assert "1200 x 1000" in page.messages.alert and "600 x 500" in page.messages.alert
    assert page.tuner is None and page.downloads.buttons == []
    with pytest.raises(PictureError, match="1200 x 1000"):
        _ = page.comparison
    press(page, "Reduce the first picture to 600 x 500")
    assert page.picker.shown[0]["words"].startswith("600 x 500")
    assert page.tuner is not None and page.comparison.verdict == "unlike"


def test_a_picture_of_something_else_is_turned_when_its_button_is_pressed():
    first, second = cv2.resize(pair("05")[0], (600, 400)), cv2.resize(pair("12")[0], (400, 600))
    page = page_with(first, second)
    assert page.tuner is None
    press(page, "Turn the second picture to the left")
    assert page.picker.shown[1]["words"].startswith("600 x 400")
    assert page.comparison.verdict == "unlike"


def test_a_picture_upside_down_is_shown_and_can_be_turned():
    first, second = pair("03")
    page = page_with(first, cv2.rotate(second, cv2.ROTATE_180))
    assert page.messages.alert == "The second picture seems to be turned."
    assert page.tuner is not None
    press(page, "Turn the second picture upside down")
    assert page.messages.alert == ""
    assert page.comparison.boxes == helpers.compare(first, second).boxes


def deep_pair() -> list[Picture]:
    """Make two pictures that use 12 of 16 bits; they differ in a square."""
    first = np.linspace(0, 4095, 128 * 96).reshape(96, 128).astype(np.uint16)
    second = first.copy()
    second[40:50, 40:50] += 1500
    return [Picture(Decoded(name, p), 1) for name, p in (("a.png", first), ("b.png", second))]


def test_a_pair_of_16_bits_is_converted_together():
    page = OwnPictures()
    page.picker.pictures = deep_pair()
    page._follow()
    assert len(page.comparison.boxes) == 1
    assert page.messages.notes == [*page.comparison.remarks, *page.comparison.told]
    assert all("of which the pair uses 12" in note for note in page.messages.notes[:2])
    assert json.loads(press(page, "Boxes (JSON)").data)["remarks"] == page.comparison.remarks


def test_a_pair_of_16_bits_is_converted_together_also_when_one_was_turned():
    page = OwnPictures()
    first, second = deep_pair()
    page.picker.pictures = [
        first,
        Picture(Decoded("b.png", cv2.rotate(second.decoded.pixels, cv2.ROTATE_180)), 1),
    ]
    page._follow()
    press(page, "Turn the second picture upside down")
    assert len(page.comparison.boxes) == 1


def test_glass_is_laid_on_white_before_it_is_reduced():
    glass = np.zeros((90, 120, 4), np.uint8)  # black where nothing is seen
    glass[:, 59:, 3] = 255
    page = OwnPictures()
    small = np.full((45, 60, 3), 255, np.uint8)
    page.picker.pictures = [
        Picture(Decoded("a.png", glass), 1),
        Picture(Decoded("b.png", small), 1),
    ]
    page._follow()
    press(page, "Reduce the first picture to 60 x 45")
    assert page.picker.pictures[0].image[0, 28:31, 0].tolist() == [255, 128, 0]
    assert "a.png is transparent in places; laid on white." in page.messages.notes


def test_pictures_with_nothing_in_common_are_told():
    first, _ = pair("12")
    wall, _ = pair("11")
    page = page_with(first, cv2.resize(wall, first.shape[1::-1]))
    assert "too little in common" in page.messages.alert
    assert page.messages.buttons == []


def test_pictures_too_small_to_compare_are_told():
    page = OwnPictures()
    small = cv2.imencode(".png", np.zeros((5, 5, 3), np.uint8))[1].tobytes()
    for place in (0, 1):
        start = {"kind": "start", "id": "1", "place": place, "name": "a.png", "size": len(small)}
        page.picker._handle_custom_msg(start, [])
        page.picker._handle_custom_msg({"kind": "chunk", "id": "1"}, [memoryview(small)])
    page.picker._handle_custom_msg({"kind": "done"}, [])
    assert "5 x 5 pixels, too small" in page.picker.alert


def test_what_was_shown_before_goes_with_other_pictures():
    page = OwnPictures(IMAGES)
    page.choose("original_03.png", "modified_03.png")
    before = page.tuner
    page.choose("original_01.png", "modified_03.png")
    assert page.tuner is None and before.layout.display == "none"
    assert before.current is None and before.pictures == {}  # it would keep its pictures
    assert page.downloads.buttons == []
    assert "800 x 520" in page.messages.alert


def test_pair_after_pair_leaves_nothing_behind():
    page = OwnPictures()
    plain = np.full((40, 60, 3), 90, np.uint8)
    counts = []
    for number in range(30):
        changed = cv2.circle(plain.copy(), (20 + number % 9, 20), 6, (255, 255, 255), -1)
        both = (plain, changed)
        page.picker.pictures = [Picture(Decoded("a.png", each), 1) for each in both]
        page._follow()
        assert len(page.tuner.frame["boxes"]) == 1
        if number in (1, 29):
            gc.collect()
            kinds = (Explorer, Frame, Comparison, AlignedPair, Picture)
            ours = sum(isinstance(each, kinds) for each in gc.get_objects())
            counts.append((len(widget._instances), ours))
    assert counts[0] == counts[1]


def test_boxes_as_json():
    page = page_with(*pair("03"))
    page.tuner.values = [8, 19, 900]
    file = press(page, "Boxes (JSON)")
    content = json.loads(file.data)
    found = helpers.compare(*pair("03"), ignore_below=8, min_pixels=900)
    assert (file.name, file.type) == ("boxes.json", "application/json")
    assert content["first"] == "a.png" and content["second"] == "b<i>.png"
    assert content["settings"] == {"ignore_below": 8, "merge": 19, "min_pixels": 900}
    assert {key: content[key] for key in found.to_dict()} == found.to_dict()


def test_pictures_as_zip():
    file = press(page_with(*pair("05")), "Pictures (ZIP)")
    panels = helpers.compare(*pair("05")).panels()
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}  # no date
        assert archive.namelist() == [f"{name}.png" for name in panels]
        for name, panel in panels.items():
            data = np.frombuffer(archive.read(f"{name}.png"), np.uint8)
            assert np.array_equal(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), panel)


def test_report_as_html():
    page = page_with(*pair("05"))
    page.tuner.values = [9, 19, 0]
    file = press(page, "Report (HTML)")
    text = file.data.decode()
    assert (file.name, file.type) == ("report.html", "text/html")
    assert "b&lt;i&gt;.png" in text and "<i>" not in text
    assert '<th scope="row">ignore_below</th><td>9</td>' in text


def test_a_download_that_fails_is_told():
    page = page_with(*pair("05"))

    def fail() -> None:
        raise MemoryError

    page.downloads._presses["Boxes (JSON)"] = fail
    assert press(page, "Boxes (JSON)").name == ""
    assert "not enough memory" in page.downloads.alert


def test_without_a_kernel_a_sentence_and_the_pair_stand_there(monkeypatch):
    bundles, figures = [], []
    monkeypatch.setattr(own_pictures, "display", lambda data, raw: bundles.append(data))
    monkeypatch.setattr(explorer.figures, "panels", lambda pictures, columns: None)
    monkeypatch.setattr(explorer.figures, "show", lambda figure, caption, alt: figures.append(alt))
    OwnPictures()._ipython_display_()
    assert figures == []
    page_with(*pair("05"))._ipython_display_()
    assert len(figures) == 1
    for bundle in bundles:
        assert bundle["text/plain"].startswith("Here you choose two pictures of your own.")
        assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_app_runs_to_its_end_and_shows_the_page():
    notebook = nbformat.read(APP, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": APP.parent}}).execute()
    (cell,) = (cell for cell in notebook.cells if cell.cell_type == "code")
    (output,) = cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data


def test_the_app_is_stored_as_a_run_leaves_it_and_has_a_title():
    notebook = nbformat.read(APP, as_version=4)
    assert notebook.metadata.title == "Spot the Difference"
    assert notebook.cells[0].source.startswith("# Spot the Difference\n")
    (cell,) = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert cell.execution_count == 1
    (output,) = cell.outputs
    assert set(output.data) == {"text/plain"}  # no widget, whose model would be missing
