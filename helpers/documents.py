"""Two files of several pages or frames, compared page by page."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple, Self

import cv2
import numpy as np

from helpers.comparison import Comparison
from helpers.errors import NO_MEMORY, PictureError, brief, is_lack_of_memory
from helpers.files import (
    LIMIT,
    ONE_INPUT,
    STANDARD_INPUT,
    FileBytes,
    as_path,
    check_limit,
    read_bytes,
)
from helpers.forking import COMPARING
from helpers.loading import Image, check_whole, to_images, warn
from helpers.methods import DEFAULT, check_method, compare_decoded
from helpers.page_order import Pairing, align_pages, page_signature
from helpers.pages import DPI, LEAST_DPI, MOST_DPI, MOST_PAGES, Pages, open_pages

Progress = Callable[[str], None]


class PageComparison(NamedTuple):
    """A page of two files, and what `compare_pages` found on it.

    Attributes
    ----------
    first, second : int or None
        Its number in each file, counted from 1; None where that file does not have it.
    comparison : Comparison or None
        None where only one file has the page, or it could not be compared.
    picture : ndarray of uint8, shape (height, width, 3), or None
        The page where only one file has it, BGR.
    trouble : str
        Why it could not be read or compared, in sentences.
    """

    first: int | None
    second: int | None
    comparison: Comparison | None = None
    picture: Image | None = None
    trouble: str = ""

    @property
    def verdict(self) -> str:
        """That of the comparison; "inserted" or "removed" where only one file has the page.

        "trouble" where both have it, and it could not be compared.
        """
        if self.first is None:
            return "inserted"
        if self.second is None:
            return "removed"
        return self.comparison.verdict if self.comparison else "trouble"

    @property
    def is_same(self) -> bool:
        """True when both files have the page, and its verdict is "identical" or "no difference"."""
        return self.comparison is not None and self.comparison.is_same

    def to_dict(self) -> dict[str, Any]:
        """Collect what was found, ready for JSON."""
        found = self.comparison.to_dict() if self.comparison else {}
        numbers = {"first": self.first, "second": self.second}
        own = {"verdict": self.verdict, "is_same": self.is_same, "trouble": self.trouble}
        return numbers | found | own


class Documents:
    """Two files whose pages are compared. They have to be closed: use it by `with`.

    Parameters
    ----------
    first, second : FileBytes
    pages : tuple of int, optional
        The first and the last page, counted from 1, of those that are compared. All unless given;
        a file of one page is compared whatever is given.
    dpi, limit, most_pages : optional
        As for `compare_pages`.

    Attributes
    ----------
    files : list of Pages
        Both.
    are_paged : bool
        Whether one of them has pages.
    """

    def __init__(
        self,
        first: FileBytes,
        second: FileBytes,
        *,
        pages: tuple[int, int] | None = None,
        dpi: float = DPI,
        limit: float = LIMIT,
        most_pages: int = MOST_PAGES,
    ) -> None:
        self._closing = ExitStack()
        self.paths = first.path, second.path
        try:
            self.files = [
                self._closing.enter_context(open_pages(file, limit=limit, dpi=dpi))
                for file in (first, second)
            ]
            self._chosen = [_chosen(file, pages, most_pages) for file in self.files]
        except BaseException:
            self._closing.close()
            raise
        self.are_paged = any(file.are_paged for file in self.files)

    @property
    def notes(self) -> list[str]:
        """What is to be known of the files as a whole, in sentences."""
        return [note for file in self.files for note in file.notes]

    def align(self, progress: Progress | None = None) -> Pairing:
        """Pair their pages by what is on them; pages are counted from 0."""
        if all(len(chosen) == 1 for chosen in self._chosen):
            return [(self._chosen[0][0], self._chosen[1][0])]
        signatures = [
            [_signature(file, page, progress) for page in chosen]
            for file, chosen in zip(self.files, self._chosen, strict=True)
        ]
        return [
            tuple(
                None if place is None else chosen[place]
                for place, chosen in zip(pair, self._chosen, strict=True)
            )
            for pair in align_pages(*signatures)
        ]

    def compare(
        self, pair: tuple[int | None, int | None], method: str, settings: Mapping[str, Any]
    ) -> PageComparison:
        """Compare a pair of pages; what cannot be read or compared is said in the result."""
        found = PageComparison(*(None if page is None else page + 1 for page in pair))
        try:
            read = [
                file.read(page)
                for file, page in zip(self.files, pair, strict=True)
                if page is not None
            ]
            if len(read) == 1:
                return found._replace(picture=to_images(*read)[0][0])
            with COMPARING:
                comparison = compare_decoded(
                    *read, method=method, settings=settings, paths=self.paths
                )
            return found._replace(comparison=comparison)
        except PictureError as error:
            return found._replace(trouble=str(error))
        except cv2.error as error:
            if is_lack_of_memory(error):
                raise MemoryError(NO_MEMORY) from None
            raise

    def close(self) -> None:
        """Let go of both files."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def compare_pages(
    first: str | os.PathLike,
    second: str | os.PathLike,
    *,
    pages: int | tuple[int, int] | None = None,
    dpi: int = DPI,
    method: str = DEFAULT,
    limit: float = LIMIT,
    most_pages: int = MOST_PAGES,
    **settings: Any,
) -> Iterator[PageComparison]:
    """Compare two PDFs, TIFFs of several pages or animations, page by page.

    Pages that only one file has are found, wherever they are: pages are paired by what is on them.
    One pair at a time is in memory. Durations of frames are not compared.

    Parameters
    ----------
    first, second : str or os.PathLike
        A PDF, TIFF, GIF, WebP or PNG; a picture of another kind is a file of one page. They need
        not be of one kind. One of them may be "-".
    pages : int or tuple of two int, optional
        A page, or the first and the last of those to compare in both files, counted from 1. All
        unless given. A file of one page is compared whatever is given.
    dpi : int, optional
        Dots an inch, 10 to 2400, at which pages of a PDF are drawn. 144 unless given.
    method : {"robust", "classic"}, optional
        As for `compare`; so are the settings.
    limit : float, optional
        The most million pixels of a page, as for `load_image`.
    most_pages : int, optional
        The most pages of a file. 1000 unless given.
    **settings
        As for `compare`.

    Returns
    -------
    iterator of PageComparison
        In the order of the pages. Where a page cannot be read or compared, its `trouble` says why,
        and the pages after it are compared.

    Raises
    ------
    FileNotFoundError, PictureError
        As `compare`, before the first page; or a file has no such page, or too many.

    Examples
    --------
    >>> [(page.first, page.verdict) for page in compare_pages("images/original_01.png",
    ...     "images/original_01.png")]
    [(1, 'identical')]
    """
    check_method(method, settings)
    chosen = check_pages(pages)
    dpi = check_whole(dpi, "dpi", LEAST_DPI, MOST_DPI)
    most_pages = check_whole(most_pages, "most_pages", 1)
    files = read_files(first, second, limit=limit)
    documents = Documents(*files, pages=chosen, dpi=dpi, limit=limit, most_pages=most_pages)
    warn(documents.notes)
    return _compared(documents, method, settings)


def read_files(
    first: str | os.PathLike, second: str | os.PathLike, *, limit: float = LIMIT
) -> list[FileBytes]:
    """Read two files, of which one may be the standard input; errors as of `load_pair`."""
    limit = check_limit(limit)
    paths = [as_path(first), as_path(second)]
    if paths.count(STANDARD_INPUT) > 1:
        raise PictureError(ONE_INPUT)
    return [FileBytes(path, read_bytes(path, limit)) for path in paths]


def check_pages(pages: int | tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the first and the last page as a tuple; raise `PictureError` for what are none."""
    if pages is None:
        return None
    try:
        first, last = pages if isinstance(pages, tuple | list) else (pages, pages)
    except Exception:  # not two
        raise PictureError(f"pages is {brief(pages)}. Give a number, or first and last.") from None
    first = check_whole(first, "the first of the pages", 1)
    return first, check_whole(last, "the last of the pages", first)


def _chosen(file: Pages, pages: tuple[int, int] | None, most: int) -> range:
    """Return the pages of a file that are compared, counted from 0."""
    chosen = range(file.count)
    if pages is not None and file.count > 1:
        first, last = pages
        if first > file.count:
            raise PictureError(
                f"{file.name} has {file.count} {file.kind}s, and no {file.kind} {first}."
            )
        chosen = range(first - 1, min(last, file.count))
    if len(chosen) > most:
        raise PictureError(
            f"{file.name} has {len(chosen)} {file.kind}s, and at most {most} are compared. Choose "
            "some with --page (pages= in Python), or raise that with --max-pages (most_pages=)."
        )
    return chosen


def _signature(file: Pages, page: int, progress: Progress | None) -> np.ndarray:
    if progress:
        progress(f"looking at {file.kind} {page + 1} of {file.count} of {file.name}")
    try:
        return page_signature(file.sketch(page))
    except PictureError:  # it is said when the page is compared
        return page_signature(np.zeros((1, 1, 3), np.uint8))


def _compared(
    documents: Documents, method: str, settings: Mapping[str, Any]
) -> Iterator[PageComparison]:
    with documents:
        for pair in documents.align():
            yield documents.compare(pair, method, settings)
