"""README, CONTRIBUTING, glossary and docstrings: links lead somewhere, pictures are fresh."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from stored_figures import visible_change

import helpers

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), ROOT / "images" / "README.md", ROOT / "notebooks" / "glossary.md"]
FUNCTIONS = [getattr(helpers, name) for name in helpers.__all__]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        assert (page.parent / target).exists(), target


def test_readme_maps_every_lesson():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"notebooks/{path.name}" in text


def test_pictures_of_the_readme_are_fresh(tmp_path):
    subprocess.run([sys.executable, ROOT / "docs" / "make_pictures.py", tmp_path], check=True)
    drawn = sorted(path.name for path in tmp_path.iterdir())
    assert drawn == sorted(path.name for path in (ROOT / "docs" / "pictures").iterdir())
    for name in drawn:
        stored, fresh = (
            cv2.imread(str(folder / name)) for folder in (ROOT / "docs" / "pictures", tmp_path)
        )
        assert visible_change(stored, fresh) == "", name


def test_glossary_is_in_order():
    text = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    words = [word.casefold() for word in re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)]
    assert len(words) > 20
    assert words == sorted(words)


@pytest.mark.parametrize(
    "function", [f for f in FUNCTIONS if inspect.isfunction(f)], ids=lambda f: f.__name__
)
def test_docstrings_name_every_parameter_and_what_comes_back(function):
    documentation = inspect.getdoc(function)
    for section in ("Parameters\n---", "Returns\n---"):
        assert section in documentation
    listed = re.findall(r"^([\w, ]+) : ", documentation, re.MULTILINE)
    names = {name.strip() for line in listed for name in line.split(",")}
    parameters = inspect.signature(function).parameters.values()
    assert {p.name for p in parameters if p.kind is not p.VAR_KEYWORD} <= names
