"""Lesson 24: phishing pages."""

from functools import cache
from typing import Any

from helpers.course.checking import RIGHT, as_numbers, describe_kind, exercise, judge
from helpers.deep.logos import make_brand
from helpers.deep.network import load_network
from helpers.deep.pages import LoginPage, load_pages
from helpers.deep.phishing import (
    Known,
    KnownBrand,
    is_on_list,
    judge_page,
    load_known,
    remember,
)

DOMAINS = ("sumau.example", "sumau-online.example")
# Each with what it shows, for those who got it wrong.
ADDRESSES = {
    "https://sumau-online.example/login": "The second domain of the list is a host like any other.",
    "https://sumau.online.example/": "A dot is not a hyphen: this host belongs to online.example.",
    "https://sumau.example:8080@badcompany.example/": (
        "What stands before an @ is a user name and a password; the host follows."
    ),
    "https://LOGIN.Sumau.example/": "Hosts are the same in capitals, and login is a sub-domain.",
    "https://badcompany.example/?next=https://sumau.example/": (
        "What follows the host, behind a slash or a question mark, leads nowhere else."
    ),
    "https://login.sumau.example.co.example/": "Read from the right: this is a part of co.example.",
    "https://a.b.sumau.example#badcompany.example": "What follows a # is a place on the page.",
}
SEVENTH = 30013  # the sister of Sumau
ELSEWHERE = "https://elsewhere.example/"


@exercise("24.1", "leads_to_sumau")
def leads_to_sumau(answer: Any) -> str:
    """Read addresses as a browser does."""
    right = [is_on_list(address, DOMAINS) for address in ADDRESSES]
    given = as_numbers(answer)
    if given is None or given.shape != (len(right),):
        return judge(answer, right)
    if given.dtype != bool:
        return "Give True or False for each address."
    wrong = [place for place, value in enumerate(right) if given[place] != value]
    if not wrong:
        return RIGHT
    if len(wrong) == len(right):
        return "All are the wrong way round: True is for those that lead to Sumau."
    address = list(ADDRESSES)[wrong[0]]
    return f"{len(wrong)} of {len(right)} are wrong, the first is {address}. {ADDRESSES[address]}"


@cache
def dark_pages() -> list[LoginPage]:
    """List the phishing pages in dark mode of the tuning set."""
    return [page for page in load_pages("tuning") if page.kind == "dark"]


@cache
def network_features() -> Any:
    """Return what gives the features of pictures."""
    return load_network().features


@cache
def count_flagged(logos: str) -> int:
    """Count the dark pages that are flagged with all logos, the first or the second of each."""
    chosen = {"all": slice(None), "light": slice(0, 1), "dark": slice(1, 2)}[logos]
    brands = [brand._replace(logos=brand.logos[chosen]) for brand in load_known()]
    known = remember(brands, network_features())
    return sum(judge_page(p.read(), p.address, known).flagged for p in dark_pages())


@exercise("24.2", "caught_in_the_dark")
def caught_in_the_dark(answer: Any) -> str:
    """Count what light logos alone catch in dark mode."""
    right, total = count_flagged("light"), len(dark_pages())
    mistakes = {
        "These are all the dark pages. How many of them are flagged?": total,
        "That is how many are caught with both logos of each brand. Leave out the dark one.": (
            count_flagged("all")
        ),
        "That is how many are caught with the dark logos alone. Keep the light ones: logos[:1].": (
            count_flagged("dark")
        ),
        "These are the pages that are missed. How many are caught?": total - right,
        "That is a share. Give a count.": right / total,
    }
    return judge(answer, right, {text: value for text, value in mistakes.items() if value != right})


@exercise("24.3", "seven_known")
def seven_known(answer: Any) -> str:
    """Protect a seventh brand."""
    if not isinstance(answer, Known):
        if isinstance(answer, KnownBrand) or (
            isinstance(answer, list) and answer and isinstance(answer[0], KnownBrand)
        ):
            return "These are brands without features. Hand them to phishing.remember."
        return f"It is {describe_kind(answer)}; expected is what phishing.remember returns."
    name = make_brand(SEVENTH).name
    by_name = {brand.name: brand for brand in answer.brands}
    if name not in by_name:
        return f"None of its brands is called {name!r}."
    missing = [brand.name for brand in load_known() if brand.name not in by_name]
    if missing:
        return f"{missing[0]} is no longer protected. Add the seventh to the six."
    domain = f"{name.lower()}.example"
    if by_name[name].domains != (domain,):
        return f"The domains of {name} should be ({domain!r},), a tuple of one host."
    if len(by_name[name].logos) != 2:
        return f"{name} should have two logos, one for light pages and one for dark ones."
    return judge_seven(answer, name, f"https://login.{domain}/")


def judge_seven(known: Known, name: str, own_address: str) -> str:
    """Try the known brands on pages of the seventh and of the first."""
    pages = load_pages("reporting")
    seventh = next(page for page in pages if page.brand == SEVENTH).read()
    first = next(page for page in pages if page.kind == "clone")
    away, home = (judge_page(seventh, address, known) for address in (ELSEWHERE, own_address))
    if away.brand != name or not away.flagged:
        return f"A page of {name} at another address is not flagged. Are these its logos?"
    if home.flagged:
        return f"A page of {name} at its own address is flagged."
    found = judge_page(first.read(), first.address, known)
    if not found.flagged or found.brand != make_brand(first.brand).name:
        return "The clone of Sumau's page is no longer flagged. Are the six as they were?"
    dark = known.describe([known.brands[-1].logos[1]])[0] @ known.features.T
    return RIGHT if dark.max() > 0.99 else "The features are not those of the logos."
