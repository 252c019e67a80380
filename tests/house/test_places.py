"""What is not there is named, with what to do, and is never told as the learner's answer."""

import json
import shutil
import subprocess
import sys
import textwrap

import pytest

from helpers import places
from helpers.course import checking
from helpers.deep import pages

MISSING = "Lessons run in the folder of the course: open it and type `python start.py`."


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Hide the course."""
    monkeypatch.setattr(places, "ROOT", tmp_path)
    return tmp_path


def test_a_file_that_is_there():
    assert places.find_in_course("images") == places.ROOT / "images"
    assert places.find_in_course("images/pairs.json").is_file()


@pytest.mark.parametrize(
    ("find", "name"),
    [
        (lambda: places.find_in_course("images"), "images"),
        (checking.course_pairs, "images/pairs.json"),
        (lambda: pages.load_pages("known"), "images/pages/pages.json"),
        (pages.load_domains, "images/pages/pages.json"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(empty, find, name):
    with pytest.raises(places.CourseFileError) as error:
        find()
    text = str(error.value)
    assert text.startswith(f"There is no {name} in {empty}. {MISSING}")
    assert f"`git restore {name}`" in text
    assert error.value._render_traceback_() == [text]


def test_a_single_picture_that_is_missing_is_named(empty):
    images = places.Path(checking.__file__).parents[2] / "images"
    shutil.copytree(images, empty / "images", ignore=shutil.ignore_patterns("*.py", "README*"))
    assert len(checking.course_pairs()) > 10
    (empty / "images" / "modified_03.png").unlink()
    with pytest.raises(places.CourseFileError, match=r"no images/modified_03\.png in"):
        checking.course_pairs()
    page = pages.load_pages("tuning")[-1].path
    page.unlink()
    with pytest.raises(places.CourseFileError, match=f"no images/pages/{page.name} in"):
        pages.load_pages("tuning")


# In a process of its own, because checks keep the pictures that they once read.
CHECKS = """
    import json, sys
    from pathlib import Path
    import numpy as np
    from helpers import places
    from helpers.course import check

    places.ROOT = Path(sys.argv[1])
    picture = np.zeros((40, 60, 3), np.uint8)
    answers = {
        "00.3": ([], picture), "01.1": (picture,), "01.2": (picture, picture), "02.2": ((1, 2),),
        "06.1": (1,), "07.1": ("text",), "13.2": (5,), "13.3": (lambda first, second: [],),
        "24.2": (5,),
    }
    said = {}
    for name, answer in answers.items():
        try:
            said[name] = "blamed: " + str(check(name, *answer))
        except places.CourseFileError as error:
            said[name] = str(error)
    print(json.dumps(said))
"""


def test_no_answer_is_blamed_for_a_picture_that_is_missing(tmp_path):
    line = [sys.executable, "-c", textwrap.dedent(CHECKS), str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert len(said) == 9
    for name, text in said.items():
        missing = "images/pages/pages.json" if name == "24.2" else "images/pairs.json"
        assert text.startswith(f"There is no {missing} in {tmp_path}. {MISSING}"), name
