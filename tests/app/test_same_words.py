"""Command, JSON, report, notebook and app say the same verdict, kind and remarks of a pair."""

import html
import json
import re

import cv2
import numpy as np
import pytest

import helpers
from helpers.app.cli import main
from helpers.app.own_pictures import OwnPictures
from helpers.app.picker import Picture
from helpers.loading import Decoded
from helpers.viewer.views import views

NOISE = np.random.default_rng(5).integers(0, 256, (2, 120, 160, 3), np.uint8)
FIRST = cv2.normalize(cv2.GaussianBlur(NOISE[0], (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)


def edited() -> np.ndarray:
    """A patch is another; a pixel beside it differs by one level."""
    second = FIRST.copy()
    second[40:60, 50:70] = 255 - second[40:60, 50:70]
    second[100, 140, 0] ^= 1
    return second


def stored() -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", FIRST, (cv2.IMWRITE_JPEG_QUALITY, 80))[1], 1)


PAIRS = {
    "identical": FIRST,
    "edited": edited(),
    "stored": stored(),
    "moved": np.roll(FIRST, (3, 4), (0, 1)),
    "stranger": NOISE[1],
}


@pytest.mark.parametrize("options", [[], ["--method", "classic"], ["--ignore", "0,0,100,100"]])
@pytest.mark.parametrize("name", PAIRS)
def test_the_four_places_say_the_same(name, options, tmp_path, capsys):
    paths = [str(tmp_path / f"{place}.png") for place in ("a", "b")]
    for path, picture in zip(paths, (FIRST, PAIRS[name]), strict=True):
        cv2.imwrite(path, picture)
    settings = {"method": "classic"} if "classic" in options else {}
    if "--ignore" in options:
        settings["ignore"] = [(0, 0, 100, 100)]
    found = helpers.compare(*paths, **settings)
    page = tmp_path / "page.html"
    arguments = ["--first", paths[0], "--second", paths[1], *options]

    main([*arguments, "--json"])
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["kind"]) == (found.verdict, found.kind)
    assert said["remarks"] == found.remarks
    main([*arguments, "--report", str(page)])
    _, line, *lines = capsys.readouterr().out.splitlines()
    assert line.removesuffix(" (x, y, width, height):") == found.found
    boxes = len(found.boxes)
    assert lines[boxes : boxes + len(found.remarks)] == found.remarks
    text = page.read_text(encoding="utf-8")
    assert re.findall("<h1>(.*)</h1>", text) == [found.found.capitalize()]
    listed = [html.unescape(line) for line in re.findall("<li>(.*)</li>", text)]
    assert listed[: len(found.remarks)] == found.remarks
    changes = [line.partition(": ")[2] for line in listed[len(found.remarks) :]]
    assert set(changes) <= {change.words for change in found.changes}
    assert bool(changes) == bool(found.told) == (found.verdict == "changed")
    assert said["words"] == found.describe()
    main([*arguments, "--words"])
    assert capsys.readouterr().out.splitlines()[: len(found.sentences)] == found.sentences
    paragraph = re.findall("<p>(.*)</p>", found._repr_html_())[-1]
    assert paragraph.split("<br>") == [found.summary(), *map(html.escape, found.remarks)]
    assert found.summary().endswith(found.found) and found.found.startswith(found.verdict)
    assert found.found in views(found).frame["reading"]


@pytest.mark.parametrize("name", PAIRS)
def test_the_app_says_the_same(name):
    page = OwnPictures()
    page.picker.pictures = [
        Picture(Decoded(f"{place}.png", picture), 1)
        for place, picture in (("a", FIRST), ("b", PAIRS[name]))
    ]
    page._follow()
    found = helpers.compare(FIRST, PAIRS[name])
    assert page.messages.notes == [*found.remarks, *found.told]
    assert found.found in page.tuner.frame["reading"]
    assert json.loads(page._boxes().data)["remarks"] == found.remarks
