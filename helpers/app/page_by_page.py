"""The command `image-diff` for files of several pages or frames."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from helpers.app import terminal, two_pictures
from helpers.app.options import settings
from helpers.comparison import check_folder
from helpers.documents import Documents, PageComparison
from helpers.errors import PictureError
from helpers.results import REPORT, write_whole

MOST_NOTES = 20  # that are printed
ONLY_ONE = {"inserted": "only the second file has it", "removed": "only the first file has it"}


def run(documents: Documents, options: argparse.Namespace, report: ModuleType | None) -> int:
    """Compare page by page and print what came out; returns the worst exit status."""
    if options.out:
        check_folder(_folder(options.out, 1), documents.paths)
    results = Results(documents, options)
    if report:
        used = settings(options) | {"method": options.method, "dpi": options.dpi}
        page = report.report_of_pages(
            results.collect(),
            names=[path.name for path in documents.paths],
            counts=[file.count for file in documents.files],
            settings=used,
            outcome=lambda: f"image-diff: exit status {results.status}.",
        )
        write_whole(options.report, page.encode(), REPORT)
    else:
        for _ in results.collect():
            pass
    for note in results.notes[:MOST_NOTES]:
        terminal.complain(note)
    if len(results.notes) > MOST_NOTES:
        terminal.complain(f"{len(results.notes) - MOST_NOTES} more notes; --json has all of them.")
    terminal.show([json.dumps(results.to_dict())] if options.json else results.lines)
    return results.status


class Results:
    """Results of the pages as they come, without their pictures.

    Parameters
    ----------
    documents : Documents
    options : argparse.Namespace

    Attributes
    ----------
    lines : list of str
        What is printed of the pages.
    notes : list of str
        What could not be compared and what was lost, in sentences.
    status : int
        The worst exit status.
    """

    def __init__(self, documents: Documents, options: argparse.Namespace) -> None:
        self._documents, self._options = documents, options
        self._pages: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.notes = list(documents.notes)
        self.status = terminal.SAME

    def collect(self) -> Iterator[PageComparison]:
        """Compare one pair of pages after the other; yield each when it is noted down."""
        options, progress = self._options, terminal.Progress()
        try:
            pairs = self._documents.align(progress.show)
            if options.show and len(pairs) > 1:
                raise PictureError("--show opens one window. Choose a page with --page N.")
            for number, pair in enumerate(pairs, start=1):
                progress.show(f"comparing page {number} of {len(pairs)}")
                page = self._documents.compare(pair, options.method, settings(options))
                self._note(page)
                yield page
        finally:
            progress.clear()
        self.lines.append(self._summary())

    def to_dict(self) -> dict[str, Any]:
        """Collect everything, ready for JSON."""
        first, second = (file.count for file in self._documents.files)
        return {
            "first_pages": first,
            "second_pages": second,
            "is_same": all(page["is_same"] for page in self._pages),
            "remarks": list(self._documents.notes),
            "pages": self._pages,
        }

    def _note(self, page: PageComparison) -> None:
        options, comparison = self._options, page.comparison
        status, reason = terminal.DIFFERENT, ""
        if comparison:
            status, reason = two_pictures.judge(comparison, options)
            self.notes += dict.fromkeys(comparison.notes)  # of a file and itself once
            if options.out:
                comparison.save(_folder(options.out, page.first))
            if options.show:
                two_pictures.show(comparison)
        if page.trouble:
            status = terminal.TROUBLE
            self.notes.insert(0, page.trouble)
        self.status = max(self.status, status)
        self._pages.append(page.to_dict())
        self.lines += self._page_lines(page, reason)

    def _page_lines(self, page: PageComparison, reason: str) -> Iterator[str]:
        if page.comparison is None:
            only = ONLY_ONE.get(page.verdict)
            found = f"{page.verdict}: {only}" if only else "not compared"
            yield f"{self._name(page)}: {found}"
            return
        first, *others = two_pictures.lines(page.comparison, reason)[1:]
        if self._options.words:
            first, others = page.comparison.found, two_pictures.in_words(page.comparison, reason)
        yield f"{self._name(page)}: {first}"
        if not page.is_same:
            yield from (line if line.startswith("  ") else f"  {line}" for line in others)

    def _name(self, page: PageComparison) -> str:
        """Name a page by its number in both files, or in the one that has it."""
        kind = next(file.kind for file in self._documents.files if file.are_paged)
        if page.first is None:
            return f"{kind} {page.second} of the second file"
        if page.second is None or page.second == page.first:
            return f"{kind} {page.first}"
        return f"{kind} {page.first}, in the second file {page.second}"

    def _summary(self) -> str:
        counts = Counter("same" if page["is_same"] else page["verdict"] for page in self._pages)
        return f"{len(self._pages)} {'page' if len(self._pages) == 1 else 'pages'}: " + ", ".join(
            f"{count} {'not compared' if verdict == 'trouble' else verdict}"
            for verdict, count in counts.most_common()
        )


def _folder(out: Path, number: int) -> Path:
    return out / f"page-{number}"
