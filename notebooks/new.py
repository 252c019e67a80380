"""Make a lesson from the template: `python start.py new 16_compare_two_words`.

The template is lesson 99. Its notebook, its module and its tests are copied; number and title
become those of the new lesson, and the notes on writing are left out.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
USAGE = """\
usage: python start.py new 16_compare_two_words
Give one name: two digits, then words of small letters, each after an underscore. From the words
comes the title, here "Compare two words"."""
# What the template says, and what a new lesson says instead. Names of sliders are those of all
# lessons, so the copy has one of its own.
NUMBER, TITLE, SLIDER = "99", "Write a lesson", "smallest_difference"
NEXT = """\
Change them part by part; notebooks/99_template.ipynb has notes on each. Read also the section Next
of the lesson before: what its readers go on with has changed. Then run

    python start.py execute {notebook}
    python start.py test tests/course tests/house/test_documents.py {notebook}

The notebook's metadata, under "course", has what the README says of the lesson ("summary", "alt" of
the thumbnail) and what the lesson before says of it ("hook")."""


def files_of(number: str, name: str) -> list[Path]:
    """Name the three files of a lesson: notebook, module, tests."""
    return [
        ROOT / "notebooks" / f"{name}.ipynb",
        ROOT / "helpers" / "course" / "lessons" / f"lesson_{number}.py",
        ROOT / "tests" / "lessons" / f"lesson_{number}.py",
    ]


def find_fault(arguments: list[str]) -> str:
    """Say why no lesson can be made with these arguments, "" when one can."""
    if len(arguments) != 1:
        return f"{len(arguments)} names were given."
    if not re.fullmatch(r"\d\d(_[a-z0-9]+)+", arguments[0]):
        return f"{arguments[0]!r} cannot be the name of a lesson."
    number = arguments[0][:2]
    files = [*(ROOT / "notebooks").glob(f"{number}_*.ipynb"), *files_of(number, arguments[0])]
    taken = [path.relative_to(ROOT).as_posix() for path in files if path.exists()]
    return f"Lesson {number} is there: {taken[0]}. Take another number." if taken else ""


def renamed(text: str, number: str, title: str) -> str:
    """Return a text of the template with the new number, title and name of the slider."""
    small = title[0].lower() + title[1:]
    text = text.replace(TITLE, title).replace(TITLE[0].lower() + TITLE[1:], small)
    return text.replace(NUMBER, number).replace(SLIDER, f"{SLIDER}_{number}")


def copy_notebook(template: Path, copy: Path, number: str, title: str) -> None:
    """Write the template's notebook, with its outputs, as the new lesson's."""
    notebook = nbformat.read(template, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("> **Note:")]
    for cell in notebook.cells:
        cell.source = renamed(cell.source, number, title)
    nbformat.write(notebook, copy)


def main(arguments: list[str]) -> None:
    """Make the three files, and what other pages say of them."""
    if fault := find_fault(arguments):
        sys.exit(f"{fault}\n{USAGE}")
    (name,) = arguments
    number, title = name[:2], name[3:].replace("_", " ").capitalize()
    templates, copies = files_of(NUMBER, "99_template"), files_of(number, name)
    copy_notebook(templates[0], copies[0], number, title)
    for template, copy in zip(templates[1:], copies[1:], strict=True):
        text = renamed(template.read_text(encoding="utf-8"), number, title)
        copy.write_text(text, encoding="utf-8", newline="\n")
    for copy in copies:
        print(f"made: {copy.relative_to(ROOT).as_posix()}", flush=True)
    subprocess.run([sys.executable, ROOT / "docs" / "write_pages.py"], check=True)
    print("\n" + NEXT.format(notebook=f"notebooks/{name}.ipynb"))


if __name__ == "__main__":
    main(sys.argv[1:])
