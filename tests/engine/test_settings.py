"""A setting of the method "robust" is in one place, and all that names settings follows it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from helpers.settings import SETTINGS, Settings

PACKAGE = Path(helpers.__file__).parent
ONE_MORE = """
    gloss: int = field(
        default=7,
        metadata={
            "help": "leave out reflections",
            "unit": "lux",
            "high": 90,
            "slider": SliderRange("shine", 2, 30, 4),
        },
    )
    pad: int"""
PROGRAM = """
import contextlib, io, json
import numpy as np
import helpers
from helpers.app import cli, own_pictures, report
from helpers.viewer.views import tune

def printed(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        cli.main(arguments)
    return text.getvalue()

def refusal(**settings):
    try:
        helpers.compare(picture, picture, **settings)
    except helpers.PictureError as error:
        return str(error)

picture = np.zeros((20, 30, 3), np.uint8)
page = own_pictures.OwnPictures()
page.tuner = tune(picture, picture)
comparison = helpers.compare(picture, picture, gloss=5)
print(json.dumps({
    "file": helpers.__file__,
    "help": printed("--help"),
    "help of evaluate": printed("evaluate", "--help"),
    "sliders": page.tuner.sliders,
    "app": page.settings,
    "report": report.report(comparison),
    "documentation": helpers.compare.__doc__,
    "unknown": refusal(colour=1),
    "limit": refusal(gloss=91),
    "type": refusal(gloss="much"),
}))
"""


@pytest.fixture(scope="module")
def with_one_more(tmp_path_factory):
    """What a copy of the package says of its settings, with a field more in `Settings` alone."""
    copy = tmp_path_factory.mktemp("one_more") / "helpers"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "deep", "course"))
    source = (copy / "settings.py").read_text(encoding="utf-8")
    assert source.count("\n    pad: int") == 1
    (copy / "settings.py").write_text(source.replace("\n    pad: int", ONE_MORE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=copy.parent,
        env=os.environ | {"PYTHONPATH": str(copy.parent), "COLUMNS": "100"},
    )
    said = json.loads(done.stdout)
    assert Path(said["file"]).parent == copy
    return said


@pytest.mark.parametrize("command", ["help", "help of evaluate"])
def test_one_more_setting_is_an_option_of_the_command(with_one_more, command):
    words = " ".join(with_one_more[command].split())
    assert "[--gloss LUX]" in words
    assert "--gloss LUX leave out reflections (default: 7)" in words


def test_one_more_setting_is_a_slider_of_the_app(with_one_more):
    assert with_one_more["sliders"][3] == {
        "label": "shine",
        "unit": "lux",
        "initial": 7,
        "low": 2,
        "high": 30,
        "step": 4,
    }
    assert with_one_more["app"] == {"ignore_below": 3, "merge": 19, "min_pixels": 4, "gloss": 7}


def test_one_more_setting_is_in_the_report(with_one_more):
    assert '<th scope="row">gloss</th><td>7</td>' in with_one_more["report"]


def test_one_more_setting_is_documented_and_checked_by_compare(with_one_more):
    words = " ".join(with_one_more["documentation"].split())
    assert "gloss : int, optional Leave out reflections. In lux, 0 to 90; 7 unless given." in words
    assert " gloss, " in with_one_more["unknown"]
    assert with_one_more["limit"] == "gloss is 91. Give a whole number from 0 to 90."
    assert with_one_more["type"] == "gloss is 'much'. Give a whole number from 0 to 90."


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_sound(setting):
    assert setting.help
    assert setting.check(setting.default) == setting.default
    if setting.slider:
        label, low, high, step = setting.slider
        assert label and step > 0 and low <= setting.default <= high
        for value in (low, high):
            Settings(**{setting.name: value})


def test_compare_documents_every_setting():
    for setting in SETTINGS:
        assert f"\n    {setting.name} : " in helpers.compare.__doc__
