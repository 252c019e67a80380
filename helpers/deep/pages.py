"""The log-in pages in `images/pages/`: pictures, and the truth about each. Lesson 24."""

import json
from pathlib import Path
from typing import NamedTuple

from helpers.boxes import Box
from helpers.loading import Image, load_image
from helpers.places import find_in_course

PHISHING = ("clone", "tampered", "anew", "dark", "small")


class LoginPage(NamedTuple):
    """A screenshot and what is true of it.

    Attributes
    ----------
    path : Path
        Of the picture, 640 by 480 pixels.
    set : str
        "known", "tuning" or "reporting".
    kind : str
        As the README beside the pictures explains them.
    brand : int or None
        Number of the brand whose logo is on the page.
    address : str
        Where the page was found.
    box : Box or None
        Where the logo is.
    template : str
        The HTML it was rendered from.
    """

    path: Path
    set: str
    kind: str
    brand: int | None
    address: str
    box: Box | None
    template: str

    @property
    def is_phishing(self) -> bool:
        """Whether it shows the logo of a known brand at somebody else's address."""
        return self.kind in PHISHING

    def read(self) -> Image:
        """Return the picture, BGR."""
        return load_image(self.path)


def load_pages(name: str, *, folder: Path | None = None) -> list[LoginPage]:
    """Return the pages of a set.

    Parameters
    ----------
    name : {"known", "tuning", "reporting"}
    folder : Path, optional
        Where `pages.json` is; `images/pages` of the course unless given.

    Returns
    -------
    list of LoginPage

    Raises
    ------
    ValueError
        There is no such set.
    CourseFileError
        A page of the course is not there.
    """
    entries = _truth(folder)["pages"]
    sets = dict.fromkeys(entry["set"] for entry in entries)
    if name not in sets:
        raise ValueError(f"There is no set {name!r}. Give one of: {', '.join(sets)}.")
    return [
        LoginPage(
            _find(entry["file"], folder),
            entry["set"],
            entry["kind"],
            entry["brand"],
            entry["address"],
            Box(*entry["box"]) if entry["box"] else None,
            entry["template"],
        )
        for entry in entries
        if entry["set"] == name
    ]


def load_domains(*, folder: Path | None = None) -> dict[int, tuple[str, ...]]:
    """Return the domains that belong to each known brand, below its number."""
    return {brand["number"]: tuple(brand["domains"]) for brand in _truth(folder)["brands"]}


def _find(name: str, folder: Path | None) -> Path:
    return folder / name if folder else find_in_course(f"images/pages/{name}")


def _truth(folder: Path | None) -> dict:
    return json.loads(_find("pages.json", folder).read_text(encoding="utf-8"))
