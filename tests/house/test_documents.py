"""README, CONTRIBUTING, glossary and docstrings: links lead somewhere, pictures are fresh."""

import inspect
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import nbformat
import pytest
from stored_figures import visible_change

import helpers

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), ROOT / "images" / "README.md", ROOT / "notebooks" / "glossary.md"]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
Lesson = runpy.run_path(str(ROOT / "docs" / "write_pages.py"))["Lesson"]
FUNCTIONS = [getattr(helpers, name) for name in helpers.__all__]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        assert (page.parent / target).exists(), target


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a copy of the course after docs/write_pages.py has written its pages."""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "README.md", root)
    for path in LESSONS:
        shutil.copy(path, root / "notebooks")
    subprocess.run([sys.executable, ROOT / "docs" / "write_pages.py", root], check=True)
    return root


def test_table_of_the_readme_is_what_the_notebooks_say(written):
    assert (written / "README.md").read_text("utf-8") == (ROOT / "README.md").read_text("utf-8")


def test_each_lesson_links_to_the_next_as_that_one_says(written):
    for path in LESSONS:
        fresh = written / "notebooks" / path.name
        assert fresh.read_text("utf-8") == path.read_text("utf-8"), path.name


def test_pictures_of_the_readme_are_fresh(written):
    folders = ROOT / "docs" / "pictures", written / "docs" / "pictures"
    stored, drawn = (sorted(path.name for path in folder.iterdir()) for folder in folders)
    assert stored == drawn
    for name in drawn:
        pictures = (cv2.imread(str(folder / name)) for folder in folders)
        assert visible_change(*pictures) == "", name


@pytest.fixture
def make_lesson(tmp_path):
    """Return a function that makes a lesson with a title, a hook and a section Next."""

    def make(name: str, text: str = "Rest.", hook: str = "what it is about."):
        cells = [nbformat.v4.new_markdown_cell(f"# Title of {name}\n\n## Next\n\n{text}")]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"course": {"hook": hook}})
        nbformat.write(notebook, tmp_path / name)
        return Lesson(tmp_path / name)

    return make


NEW = "[Title of 16_new.ipynb](16_new.ipynb): what it is about."


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("15_a.ipynb", "Rest.", f"{NEW}\n\nRest."),
        ("15_a.ipynb", f"{NEW}\n\nRest.", f"{NEW}\n\nRest."),
        ("15_a.ipynb", "[Old](16_old.ipynb): is it old? Rest.", f"{NEW} Rest."),
        ("15_a.ipynb", "[Old](07_b.ipynb): old.\n\n**Source.** S.", f"{NEW}\n\n**Source.** S."),
        ("15_a.ipynb", "Then [new](16_new.ipynb).", "Then [new](16_new.ipynb)."),
        ("08_a.ipynb", "Rest.", "Rest."),
        ("08_a.ipynb", "[Old](07_b.ipynb): old.", "[Old](07_b.ipynb): old."),
        ("08_a.ipynb", "[Old](16_new.ipynb): old. Rest.", f"{NEW} Rest."),
    ],
)
def test_next_begins_with_the_link_and_keeps_the_rest(name, before, after, make_lesson):
    lesson = make_lesson(name, before)
    changed = lesson.link_on(make_lesson("16_new.ipynb"))
    assert lesson.notebook.cells[-1].source.partition("## Next\n\n")[2] == after
    assert changed == (before != after)


@pytest.mark.parametrize("hook", ["", "no end", "One. Two."])
def test_a_hook_that_is_no_sentence_is_refused_in_words(hook, make_lesson):
    with pytest.raises(SystemExit, match=r"16_new\.ipynb: .*hook"):
        make_lesson("15_a.ipynb").link_on(make_lesson("16_new.ipynb", hook=hook))


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
