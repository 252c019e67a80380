"""start.py new: the lesson that it makes in a copy of the course, and what it refuses."""

import filecmp
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notebooks import NOTEBOOKS, code_cells, read

ROOT = Path(__file__).parents[2]
FILES = "conftest.py", "pyproject.toml", "README.md"
FOLDERS = "docs", "helpers", "images", "notebooks", "tests"
BEFORE = [path for path in NOTEBOOKS if path.name < "19"][-1]  # a free number comes after it
NUMBER = f"{int(BEFORE.name[:2]) + 1}"
NAME = f"{NUMBER}_compare_two_words"
new = runpy.run_path(str(ROOT / "notebooks" / "new.py"))


def python(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run Python in a copy of the course; `helpers` is the one there."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=dict(os.environ, PYTHONPATH=str(root)),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a copy of the course, and what new.py said while it made a lesson there."""
    root = tmp_path_factory.mktemp("course")
    for name in FILES:
        shutil.copy(ROOT / name, root)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = python(root, "notebooks/new.py", NAME)
    assert made.returncode == 0, made.stderr
    return root, made.stdout


def test_it_makes_three_files_and_writes_three_that_follow_from_them(course):
    root, said = course
    changed = set()
    for path in (path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root)
        if not (ROOT / name).exists() or not filecmp.cmp(path, ROOT / name, shallow=False):
            changed.add(name.as_posix())
    made = {
        f"notebooks/{NAME}.ipynb",
        f"helpers/course/lessons/lesson_{NUMBER}.py",
        f"tests/lessons/lesson_{NUMBER}.py",
    }
    follows = {
        "README.md",
        f"docs/pictures/lesson_{NUMBER}.png",
        f"notebooks/{BEFORE.name}",
    }
    assert {name for name in changed if "__pycache__" not in name} == made | follows
    assert set(re.findall(r"made: (.+)", said)) == made
    assert f"python start.py execute notebooks/{NAME}.ipynb" in said


def test_the_lesson_before_and_the_readme_link_to_it(course):
    root, _ = course
    before = read(root / "notebooks" / BEFORE.name).cells[-1].source
    assert f"## Next\n\n[Compare two words]({NAME}.ipynb): " in before
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert f"| [{NUMBER} Compare two words](notebooks/{NAME}.ipynb) |" in readme
    assert "99_template" not in readme


def test_nothing_of_the_template_is_left_but_its_subject(course):
    root, _ = course
    notebook = root / "notebooks" / f"{NAME}.ipynb"
    texts = [cell.source for cell in read(notebook).cells]
    folders = root / "helpers" / "course" / "lessons", root / "tests" / "lessons"
    texts += [(folder / f"lesson_{NUMBER}.py").read_text(encoding="utf-8") for folder in folders]
    assert texts[0].startswith("# Compare two words\n")
    for text in texts:
        assert not re.search(r"99|\bNote:|rite a lesson", text), text
    assert any(
        f"sliders.smallest_difference_{NUMBER}(" in cell.source for cell in code_cells(notebook)
    )


@pytest.mark.full  # the template is tested with each run
def test_the_new_lesson_passes_its_tests(course):
    root, _ = course
    tests = f"notebooks/{NAME}.ipynb", "tests/course/test_notebooks.py"
    done = python(root, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *tests)
    assert done.returncode == 0, done.stdout
    covered = "notebook cells", "solutions", "wrong answers", "slider positions"
    for what in covered:
        assert re.search(rf"^ +[1-9]\d* {what} ", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "0 names were given."),
        (["16_a", "17_b"], "2 names were given."),
        (["compare_two_words"], "'compare_two_words' cannot be the name of a lesson."),
        (["16 compare"], "'16 compare' cannot be"),
        (["16_Compare"], "'16_Compare' cannot be"),
        (["16_compare.ipynb"], "'16_compare.ipynb' cannot be"),
        (["../16_compare"], "'../16_compare' cannot be"),
        (["05_find"], "Lesson 05 is there: notebooks/05_find_contours.ipynb. Take another number."),
        (["99_other"], "Lesson 99 is there"),
    ],
)
def test_what_names_no_new_lesson_is_refused_in_words(arguments, words):
    assert new["find_fault"](arguments).startswith(words)


def test_a_refusal_says_what_to_type():
    with pytest.raises(SystemExit, match=r"(?s)0 names.*usage: python start\.py new 16_"):
        new["main"]([])
