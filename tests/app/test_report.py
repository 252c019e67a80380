"""The report: one page of HTML that is complete, safe, accessible, and never overwrites."""

import base64
import dataclasses
import os
import re
from html.parser import HTMLParser
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
import pytest

import helpers
from helpers.app.report import report, save_report
from helpers.loading import PictureError
from helpers.results import REPORT
from helpers.settings import SETTINGS

IMAGES = Path(__file__).parents[2] / "images"
VOID = {"meta", "img", "rect", "link", "br"}


class Page(HTMLParser):
    """Reads a page and fails where its tags are not balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def comparison(name: str = "03", **settings) -> helpers.Comparison:
    second = next(IMAGES.glob(f"modified_{name}.*"))
    return helpers.compare(IMAGES / f"original_{name}.png", second, **settings)


def test_two_sizes_are_told():
    first = helpers.load_image(IMAGES / "original_03.png")
    assert (
        "Both have 1000 \N{MULTIPLICATION SIGN} 450 pixels."
        in Page(report(helpers.compare(first, first))).text
    )
    text = Page(report(helpers.compare(first, first[40:300, 100:900]))).text
    assert (
        "They have 1000 \N{MULTIPLICATION SIGN} 450 and 800 \N{MULTIPLICATION SIGN} 260 pixels."
        in text
    )
    assert "only what both have was compared, 800 x 260 pixels from x = 100, y = 40" in text
    assert '<th scope="row">sizes</th><td>auto</td>' in report(comparison())


def dots(count: int) -> helpers.Comparison:
    """A pair in which so many squares differ, each larger than the one before."""
    first = np.full((600, 800, 3), 90, np.uint8)
    second = first.copy()
    for n in range(count):
        x, y = 20 + 130 * (n % 6), 20 + 110 * (n // 6)
        second[y : y + 10 + n, x : x + 10 + n] = 250
    found = helpers.compare(first, second)
    assert len(found.boxes) == count
    return found


def decoded(uri: str) -> np.ndarray:
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"))
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("name", ["03", "05", "10", "11", "12"])
@pytest.mark.parametrize("method", ["robust", "classic"])
def test_the_page_is_complete_and_accessible(name, method):
    text = report(comparison(name, method=method))
    page = Page(text)
    assert text.startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert headings == [1, 2, 2, 2, 2] + [2] * bool(comparison(name, method=method).told)
    assert all(image["alt"] for image in page.all("img"))
    assert all(header["scope"] in ("col", "row") for header in page.all("th"))
    assert "color-scheme: light dark" in text and "@media print" in text


def test_nothing_is_fetched_and_nothing_runs():
    page = Page(report(comparison()))
    assert not page.all("script") and not page.all("link")
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "href"]
        source = attributes.get("src")
        assert source is None or source.startswith("data:image/jpeg;base64,")
    assert "url(" not in report(comparison()) and "@import" not in report(comparison())


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"onerror="alert(1)', "{{ 1 + 1 }}"])
def test_names_and_settings_are_shown_as_they_are(name):
    page = Page(report(comparison(), names=(name, name), settings={"pad": name}, date=name))
    assert not page.all("script")
    assert not [1 for _, attributes in page.tags if "onerror" in attributes]
    assert page.text.count(name) >= 4
    assert any(name in image["alt"] for image in page.all("img"))


def test_what_was_found_is_said():
    text = Page(report(comparison())).text
    found = comparison()
    assert text.count("Changed: 4 boxes") == 2  # title and heading
    assert f"(SSIM) {found.score:.4f}" in text
    pixels = np.count_nonzero(found.mask)
    assert f"{pixels} pixels changed ({100 * pixels / found.mask.size:.2f} %)" in text
    assert "1000 × 450 pixels" in text  # noqa: RUF001
    for number, box in enumerate(found.boxes, start=1):
        assert " ".join(map(str, (number, *box))) in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("10", "No difference found"),
        ("01", "Changed: 1 box"),
        ("11", "Tones matched: the second picture is "),
        ("12", "Aligned: the second picture is "),
    ],
)
def test_verdicts_and_remarks(name, words):
    assert words in Page(report(comparison(name))).text


def test_unlike():
    first = helpers.load_image(IMAGES / "original_12.png")
    wall = helpers.load_image(IMAGES / "original_11.png")
    found = helpers.compare(first, cv2.resize(wall, first.shape[1::-1]))
    text = Page(report(found)).text
    assert "Unlike" in text
    assert "too little in common" in text


def test_without_boxes_there_is_no_table_of_them():
    page = Page(report(comparison("10")))
    assert "There is no box." in page.text
    assert len(page.all("table")) == 1 and len(page.all("img")) == 4 and not page.all("svg")


def test_of_many_boxes_the_largest_are_in_the_table_in_their_order():
    found = dots(25)
    page = Page(report(found))
    rows = re.findall(r'<th scope="row">(\d+)</th><td>(\d+)', report(found))
    numbers = [int(number) for number, _ in rows]
    areas = [box.area for box in found.boxes]
    assert numbers == sorted(numbers) and len(numbers) == 20
    left_out = [areas[n - 1] for n in range(1, 26) if n not in numbers]
    assert max(left_out) <= min(areas[n - 1] for n in numbers)
    assert "The 20 largest of 25 boxes" in page.text
    assert len(page.all("rect")) == 50 and len(page.all("text")) == 40


def test_twenty_boxes_are_all_there():
    assert "largest" not in Page(report(dots(20))).text


def test_cut_outs_show_the_box_enlarged_in_both_pictures():
    found = dots(4)
    images = [decoded(image["src"]) for image in Page(report(found)).all("img")[4:]]
    assert len(images) == 8
    for first, second in zip(images[::2], images[1::2], strict=True):
        assert first.shape == second.shape and 200 <= max(first.shape) <= 300
        middle = first.shape[0] // 2, first.shape[1] // 2
        assert abs(int(first[middle][0]) - 90) < 5 and abs(int(second[middle][0]) - 250) < 5
        assert abs(int(second[0, 0, 0]) - 90) < 5  # some of the surroundings


@pytest.mark.parametrize("shape", [(7, 7), (20, 3000), (3000, 20), (2500, 2500)])
def test_pictures_of_any_size_are_a_sensible_size(shape):
    first = np.full((*shape, 3), 90, np.uint8)
    second = first.copy()
    second[:7, :7] = 250
    panels = Page(report(helpers.compare(first, second))).all("img")[:4]
    for panel in panels:
        height, width = decoded(panel["src"]).shape[:2]
        assert width <= 800 and height <= 1200


def test_all_settings_are_listed():
    settings = {"min_pixels": 7, "align": False, "ignore": [(1, 2, 3, 4)]}
    text = report(comparison(), settings=settings)
    rows = dict(re.findall(r'<th scope="row">([a-z_]+)</th><td>(.*?)</td>', text))
    given = {"min_pixels": "7", "align": "no", "ignore": "1, 2, 3, 4"}
    defaults = {setting.name: str(setting.default) for setting in SETTINGS}
    assert rows == {"method": "robust", **defaults, **given}
    text = report(comparison(method="classic"))
    assert re.findall(r'<th scope="row">([a-z_]+)</th>', text) == ["method", "min_pixels", "sizes"]


def test_equal_comparisons_make_equal_pages():
    assert report(comparison()) == report(comparison())
    assert "Tuesday" in Page(report(comparison(), date="Tuesday")).text


def test_a_report_is_written_and_replaced(tmp_path):
    path = save_report(comparison("10"), tmp_path / "r.html")
    assert "No difference found" in path.read_text(encoding="utf-8")
    assert "original_10.png" in path.read_text(encoding="utf-8")
    save_report(comparison("03"), path, names=("old", "new"))
    text = path.read_text(encoding="utf-8")
    assert "Changed: 4 boxes" in text and "old, compared with new" in text
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    assert text.startswith(REPORT.mark)


def test_names_that_are_no_text_are_shown_readable(tmp_path):
    """The bytes of a file name need not be UTF-8, and can be an order to the terminal."""
    name = "b\udcff\x1b[31m.png"
    found = dataclasses.replace(comparison("10"), paths=(Path("a.png"), Path(name)))
    save_report(found, tmp_path / "r.html", settings={"pad": "\ud800"})
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert r"a.png and b\udcff\x1b[31m.png" in text and r"\ud800" in text


@pytest.mark.parametrize("names", [(), ["one"], ["a", "b", "c"], None, "ab", 7, repeat("x")])
def test_other_than_two_names_are_refused(names):
    with pytest.raises(PictureError, match=r"names is .*Give two texts"):
        report(comparison("10"), names=names)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mine.html", "is there already and is no earlier report"),
        ("folder.html", "is there already and is no earlier report"),
        ("new.txt", "does not end in .html"),
        ("none/new.html", "There is no folder"),
    ],
)
def test_nothing_else_is_overwritten(tmp_path, name, words):
    (tmp_path / "mine.html").write_text("<p>mine</p>")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(PictureError, match=re.escape(words)):
        save_report(comparison("10"), tmp_path / name)
    assert (tmp_path / "mine.html").read_text() == "<p>mine</p>"
    assert len(list(tmp_path.iterdir())) == 2


def test_when_writing_fails_the_earlier_report_stays(tmp_path, monkeypatch):
    path = save_report(comparison("10"), tmp_path / "r.html")
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(PictureError, match="No space left on device"):
        save_report(comparison("03"), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
