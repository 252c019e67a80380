"""Lesson 24: phishing pages."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np

from helpers.boxes import draw_boxes
from helpers.course.checking import RIGHT, as_numbers, compare_answer, describe_kind, exercise
from helpers.course.questions import Choice, Question
from helpers.deep.logos import make_brand
from helpers.deep.network import load_network
from helpers.deep.pages import LoginPage, load_pages
from helpers.deep.phishing import (
    Known,
    KnownBrand,
    Verdict,
    is_on_list,
    judge_page,
    load_known,
    remember,
)
from helpers.loading import Image
from helpers.viewer import figures
from helpers.viewer.drawing import RED, render_figure
from helpers.viewer.explorer import WIDTH, Explorer, Frame, Slider, Strip

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


def similarity_threshold(
    pages: Sequence[LoginPage], verdicts: Sequence[Verdict], *, initial: float = 0.5
) -> Explorer:
    """Move the similarity from which a page is flagged.

    Each page that is at no known brand's address has a dot. Below are the page that is only just
    flagged and the one that only just is not.
    """
    shown = [both for both in zip(pages, verdicts, strict=True) if not both[1].known_address]
    shown.sort(key=lambda both: both[1].similarity)
    similarities = np.array([verdict.similarity for _, verdict in shown])
    phishing = np.array([page.is_phishing for page, _ in shown])
    chart, columns = draw_chart(shown)

    def render(threshold: float) -> Frame:
        first = int(np.searchsorted(similarities, threshold - 1e-9))  # of those flagged
        drawing = chart.copy()
        x = round(float(np.interp(threshold, *columns)))
        cv2.line(drawing, (x, 0), (x, len(chart)), (0, 0, 0), 2)
        beside = [draw_thumbnail(shown, first - 1), draw_thumbnail(shown, first)]
        caught, alarms = phishing[first:].sum(), (~phishing[first:]).sum()
        picture = np.vstack([drawing, np.hstack(beside)])
        return Frame(
            f"from {threshold:.2f} up: {caught} of {phishing.sum()} phishing pages are caught, "
            f"{alarms} of {(~phishing).sum()} harmless ones are flagged",
            {"pages, and the two next to the threshold": picture},
        )

    strip = Strip(
        caption=f"Thresholds of 0.4, {initial} and 0.95. Discs: phishing pages. Triangles: "
        "harmless ones. What lies right of the black line is flagged.",
        alt="Three thresholds: a low one flags harmless pages too, a high one misses phishing.",
        values=(0.4, initial, 0.95),
        title="from {} up",
        detail=np.s_[: len(chart), :],
        columns=1,
    )
    slider = Slider("threshold", "similarity", initial, 0.3, 1, 0.01)
    return Explorer([slider], render, strip=strip, name="similarity_threshold")


def draw_chart(shown: Sequence[tuple[LoginPage, Verdict]]) -> tuple[Image, tuple]:
    """Draw pages as dots, a row for each kind; give two similarities and their columns."""
    kinds = list(dict.fromkeys(page.kind for page, _ in sorted(shown, key=phishing_first)))
    fig, ax = figures.plt.subplots(figsize=(WIDTH / 100, 2.6), dpi=100)
    for row, kind in enumerate(kinds):
        of_kind = [(page, v.similarity) for page, v in shown if page.kind == kind]
        color = figures.ORANGE if of_kind[0][0].is_phishing else figures.BLUE
        marker = "o" if of_kind[0][0].is_phishing else "^"
        places = [similarity for _, similarity in of_kind]
        ax.plot(places, [-row] * len(places), marker, color=color, alpha=0.6, linestyle="none")
    ax.set(xlim=(0.3, 1.01), xlabel="similarity", yticks=-np.arange(len(kinds)))
    ax.set_yticklabels([kind.replace("_", " ") for kind in kinds])
    picture = render_figure(fig)
    return picture, ([0.3, 1], ax.transData.transform([(0.3, 0), (1, 0)])[:, 0])


def phishing_first(both: tuple[LoginPage, Verdict]) -> tuple[bool, str]:
    """Give the key by which phishing comes first, then pages in the order of their files."""
    return not both[0].is_phishing, both[0].path.name


def draw_thumbnail(shown: Sequence[tuple[LoginPage, Verdict]], place: int) -> Image:
    """Draw a page with the region that was most similar; white where there is no page."""
    size = WIDTH // 2, WIDTH // 2 * 3 // 4
    if not 0 <= place < len(shown):
        return np.full((size[1], size[0], 3), 255, np.uint8)
    page, verdict = shown[place]
    drawing = draw_boxes(page.read(), [verdict.box] if verdict.box else [], color=RED, thickness=3)
    return cv2.resize(drawing, size, interpolation=cv2.INTER_AREA)


@exercise("24.1", "leads_to_sumau")
def leads_to_sumau(answer: Any) -> str:
    """Read addresses as a browser does."""
    right = [is_on_list(address, DOMAINS) for address in ADDRESSES]
    given = as_numbers(answer)
    if given is None or given.shape != (len(right),):
        return compare_answer(answer, right)
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
    """Give the function that computes the features of pictures."""
    return load_network().features


@cache
def count_flagged(logos: str) -> int:
    """Count the dark pages flagged with all logos, the first or the second of each."""
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
    return compare_answer(
        answer, right, {text: value for text, value in mistakes.items() if value != right}
    )


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
    return check_seven(answer, name, f"https://login.{domain}/")


def check_seven(known: Known, name: str, own_address: str) -> str:
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


QUESTIONS = (
    Question(
        "The bank's only domain is `sumau.example`. Which of these addresses leads to it?",
        choices=(
            Choice(
                "`https://sumau.example@login.example/`",
                "What stands before the `@` is a user name. The host is `login.example`.",
            ),
            Choice(
                "`https://login-sumau.example/`",
                "A hyphen does not part names. `login-sumau.example` is a domain of its own, and "
                "anybody may own it.",
            ),
            Choice(
                "`https://login.sumau.example:8443/#login.example`",
                "The host is `login.sumau.example`, and read from the right it belongs to "
                "`sumau.example`. The port and the place on the page change nothing.",
                right=True,
            ),
            Choice(
                "`https://sumau.example.login.example/`",
                "Read from the right: `example`, then `login`. Whoever owns `login.example` may "
                "put any name in front.",
            ),
        ),
    ),
    Question(
        "An honest bank uses the same template, colours and font as a known one, with its own "
        "logo and name. Which comparison finds its page most like the known page?",
        choices=(
            Choice(
                "The features of its logo, since the palette is the same",
                "The network was trained on brands and their sisters, which share palette, layout "
                "and font. That is the difference it has learnt to see.",
            ),
            Choice(
                "The check of its address, which is on no list of a known brand",
                "An address says whose page it is and nothing about its looks. It matters only "
                "where a known logo was found.",
            ),
            Choice(
                "The region proposals, which find the wrong box",
                "They only say where to look. What they propose is compared afterwards, and a "
                "wrong box is similar to no known logo.",
            ),
            Choice(
                "SSIM of the whole page, since nearly all pixels agree",
                "SSIM and a hash see layout, and the layout is the same. They place such a page "
                "above most phishing pages of another layout.",
                right=True,
            ),
        ),
    ),
)
