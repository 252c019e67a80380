"""Write what is derived from the notebooks: `python docs/write_pages.py [FOLDER OF THE COURSE]`.

That is the table of lessons in the README, its pictures, and in each lesson the link to the next.
`python start.py execute` ends with it. Each lesson's metadata has, under `course`:

- "summary": the last column of the table
- "alt": what the thumbnail shows
- "hook": one sentence on the lesson, which follows its title where the lesson before links to it
- "title": a shorter one for table and link, where the heading is too long

The cell that draws the thumbnail has the tag `thumbnail`. To show only a part of its figure, the
cell's metadata has "thumbnail": [top, bottom, left, right] in pixels, null for the figure's edge.
"""

import base64
import re
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import nbformat
import numpy as np

import helpers
from helpers.loading import to_bgr

ROOT = Path(__file__).parents[1]
TEMPLATE = "99_template.ipynb"  # a model to copy, not a lesson of the course
SIZE = 270, 180  # of a thumbnail, width and height
START, END = "<!-- written by docs/write_pages.py -->\n\n", "\n<!-- end of what is written -->"
LINK = re.compile(r"\[[^\]]*\]\((\d\d_\w+\.ipynb)\): [^.?!]+[.?!]")
SENTENCE = re.compile(r"[^.?!]+[.?!]")


class Lesson:
    """A notebook of the course, and what its metadata says."""

    def __init__(self, path: Path) -> None:
        self.path, self.number = path, path.name[:2]
        self.notebook = nbformat.read(path, as_version=4)
        self.course = self.notebook.metadata.get("course", {})
        heading = self.notebook.cells[0].source.splitlines()[0].removeprefix("# ")
        self.title = self.course.get("title", heading)

    def says(self, key: str) -> str:
        """Return what the metadata says, or stop and ask for it."""
        if not self.course.get(key):
            raise SystemExit(f'{self.path.name}: its metadata lacks "course": {{"{key}": ...}}.')
        return self.course[key]

    def row(self) -> str:
        """Return the lesson's row in the table."""
        picture = f"![{self.says('alt')}](docs/pictures/lesson_{self.number}.png)"
        link = f"[{self.number} {self.title}](notebooks/{self.path.name})"
        return f"| {picture} | {link} | {self.says('summary')} |\n"

    def link(self) -> str:
        """Return the link to this lesson with the sentence that makes one want it."""
        if not SENTENCE.fullmatch(self.says("hook")):
            raise SystemExit(
                f'{self.path.name}: "hook" must be one sentence that ends with . ? or !'
            )
        return f"[{self.title}]({self.path.name}): {self.course['hook']}"

    def thumbnail(self) -> np.ndarray:
        """Draw the marked figure on a white sheet, as large as it fits."""
        marked = [c for c in self.notebook.cells if "thumbnail" in c.metadata.get("tags", [])]
        outputs = [output.get("data", {}) for cell in marked for output in cell.outputs]
        pngs = [data["image/png"] for data in outputs if "image/png" in data]
        if len(pngs) != 1:
            raise SystemExit(
                f"{self.path.name}: cells with the tag thumbnail have {len(pngs)} figures, "
                "expected is 1. Tag one cell that draws one figure, then execute the notebook."
            )
        figure = cv2.imdecode(np.frombuffer(base64.b64decode(pngs[0]), np.uint8), cv2.IMREAD_COLOR)
        top, bottom, left, right = marked[0].metadata.get("thumbnail", [None] * 4)
        return on_sheet(figure[top:bottom, left:right])

    def link_on(self, following: "Lesson") -> bool:
        """Begin the section Next with the link to the following lesson; return if that is new.

        A text that links to it in its own words stays.
        """
        cell = self.notebook.cells[-1]
        before, heading, text = cell.source.partition("## Next\n\n")
        if not heading:
            raise SystemExit(f"{self.path.name}: its last cell lacks the section ## Next.")
        linked = LINK.match(text)
        ends_part = self.number[0] != following.number[0]
        if ends_part and not (linked and linked[1] == following.path.name):
            return False  # where to go from here is said by hand
        if linked:
            text = following.link() + text[linked.end() :]
        elif f"]({following.path.name})" not in text:
            text = f"{following.link()}\n\n{text}"
        is_new = cell.source != before + heading + text
        cell.source = before + heading + text
        return is_new


def find_lessons(folder: Path) -> list[Lesson]:
    """Read the lessons of the course in their order."""
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return [Lesson(path) for path in paths if path.name != TEMPLATE]


def on_sheet(picture: np.ndarray) -> np.ndarray:
    """Put a picture on a white sheet of the thumbnails' size, as large as it fits."""
    scale = min(SIZE[0] / picture.shape[1], SIZE[1] / picture.shape[0])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    left, top = (SIZE[0] - size[0]) // 2, (SIZE[1] - size[1]) // 2
    sheet = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    sheet[top : top + size[1], left : left + size[0]] = small
    return sheet


def what_comes_out() -> np.ndarray:
    """Draw the cheque with its boxes, original above modified, beside difference and mask."""
    images = ROOT / "images"
    comparison = helpers.compare(images / "original_03.png", images / "modified_03.png")
    original, modified, difference, mask = (
        cv2.copyMakeBorder(to_bgr(panel), 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(190, 190, 190))
        for panel in comparison.panels().values()
    )
    sheet = np.vstack([np.hstack([original, modified]), np.hstack([difference, mask])])
    return cv2.resize(sheet, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def with_table(readme: str, lessons: list[Lesson]) -> str:
    """Return the README with the table of these lessons between its two markers."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"README.md: the lines {START.strip()} and {END.strip()} are missing.")
    head = "| | lesson | what you learn |\n| --- | --- | --- |\n"
    return before + start + head + "".join(lesson.row() for lesson in lessons) + end + after


def write(path: Path, content: bytes) -> None:
    """Write a file if that changes it, and say so."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"written: {path.name}")


def main(root: Path) -> None:
    """Write table, pictures and links of a course."""
    lessons = find_lessons(root / "notebooks")
    for lesson, following in pairwise(lessons):
        if lesson.link_on(following):
            write(lesson.path, (nbformat.writes(lesson.notebook) + "\n").encode())
    readme = root / "README.md"
    write(readme, with_table(readme.read_text(encoding="utf-8"), lessons).encode())
    pictures = {f"lesson_{lesson.number}": lesson.thumbnail() for lesson in lessons}
    for name, picture in {"what_comes_out": what_comes_out(), **pictures}.items():
        write(
            root / "docs" / "pictures" / f"{name}.png", cv2.imencode(".png", picture)[1].tobytes()
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
