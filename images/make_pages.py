"""Render every log-in page in `pages/` again: `python images/make_pages.py [FOLDER]`.

Needs Chromium and Playwright. One machine gives the same bytes each time; another version of
Chromium may smooth its letters in another way. `pages.json` and `README.md` are written from here.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from drawing.pages import Renderer, add_logo, colour_of, make_facts, renderer, save_small
from numpy.random import Generator

from helpers.deep.logos import Brand, made_up_word, make_brand, sister

HERE = Path(__file__).parent
FOLDER = HERE / "pages"
SEEDS = {"known": 1, "tuning": 2, "reporting": 3}
# Number of each known brand, and the template of its log-in page.
KNOWN = {
    30012: "known_card",
    30016: "known_plain",
    30020: "known_split",
    30028: "known_portal",
    30032: "known_side",
    30040: "known_bar",
}
LOGIN = {
    "tuning": ("float", "steps", "window", "service", "banner"),
    "reporting": ("drawer", "modal", "ticket", "keypad", "phone"),
}
WITHOUT_LOGO = {
    "tuning": ("article", "settings", "table"),
    "reporting": ("results", "gallery", "missing"),
}
OWN = {"tuning": "account", "reporting": "help"}
FURTHER = {"tuning": 30100, "reporting": 30200}  # numbers of other brands start here
README = """\
# Log-in pages

Screenshots for lesson 24, {count} of them, each of 640 by 480 pixels. Brands, pages and addresses
are made up; `.example` is a domain that nobody can own (RFC 2606). `pages.json` holds for each
page its set, its kind, the brand whose logo it shows, its address, the box of the logo
`[x, y, width, height]` as the browser laid it out, and its template; and for each known brand the
domains that are its own.

{kinds}
A threshold is chosen on the tuning set and reported on the reporting set. The two share no
template, except that clones, tampered and look-alike pages imitate a known page by their nature.
They share no brand, except the known ones.

`python images/make_pages.py` renders all of them again, with Chromium and without a network. The
templates are in `templates/`, the code is `make_pages.py` and `drawing/pages.py`; the fonts are
those of the pairs.
"""
KINDS = {
    "known": "the log-in page of a known brand, at its own address",
    "clone": "phishing: the known page at another address",
    "tampered": "phishing: a clone with other words, colours, a field for a PIN or a moved logo",
    "anew": "phishing: a known logo on another layout",
    "dark": "phishing: the same in dark mode",
    "small": "phishing: the same with a logo of 15 to 21 pixels",
    "look_alike": "another brand with the colours, layout and font of a known one, on its template",
    "other_brand": "a log-in page of another brand",
    "no_logo": "no logo: an article, a form, a table, a gallery",
    "own": "a further page of a known brand, at its own address",
}


class Plan(NamedTuple):
    """One page to render. `palette` is the brand that lends its colours."""

    set: str
    kind: str
    template: str
    brand: Brand | None
    palette: Brand | None
    address: str
    facts: dict


def plan_pages() -> Iterator[Plan]:
    """Everything in the folder, in order."""
    for number, template in KNOWN.items():
        brand = make_brand(number)
        address = f"https://{domains(brand)[0]}/login"
        yield Plan("known", "known", template, brand, brand, address, known_facts(number))
    for name in ("tuning", "reporting"):
        rng = np.random.default_rng([SEEDS[name], 24])
        yield from _phishing(name, rng)
        yield from _harmless(name, rng)


def domains(brand: Brand) -> list[str]:
    """Domains of a known brand: its name, and one that looks less trustworthy."""
    name = brand.name.lower()
    return [f"{name}.example", f"{name}-online.example"]


@cache
def known_facts(number: int) -> dict:
    """What stands on the log-in page of a known brand."""
    facts = make_facts(np.random.default_rng([SEEDS["known"], number]))
    colour = colour_of(make_brand(number))
    return {**facts, "cookies": "", "emblem_height": 58, "button_colour": colour}


def _phishing(name: str, rng: Generator) -> Iterator[Plan]:
    """Twelve pages of each kind, laid out anew twice as many."""
    for number, template in KNOWN.items():
        brand = make_brand(number)

        def plan(kind: str, template: str, facts: dict, brand: Brand = brand) -> Plan:
            return Plan(name, kind, template, brand, brand, bait(brand, rng), facts)

        for _ in range(2):
            yield plan("clone", template, revisited(known_facts(number), rng))
        for _ in range(2):
            yield plan("tampered", template, tampered(known_facts(number), rng))
        for kind, count, change in (
            ("anew", 4, {}),
            ("dark", 2, {"dark": True}),
            ("small", 2, {"emblem_height": None}),
        ):
            for layout in rng.permutation(LOGIN[name])[:count]:
                facts = {**make_facts(rng), **change}
                if rng.uniform() < 0.6:  # the attacker took the brand's colour too
                    facts["button_colour"] = colour_of(brand)
                if kind == "small":
                    facts["emblem_height"] = int(rng.integers(19, 27))
                yield plan(kind, f"{name}_{layout}", facts)


def _harmless(name: str, rng: Generator) -> Iterator[Plan]:
    """24 look-alikes, 24 of other brands, 12 without a logo, 6 of the known brands."""
    for number, template in KNOWN.items():
        for brand in look_alikes(number)[name]:
            for _ in range(2):
                facts = {**known_facts(number), "emblem_height": int(rng.integers(48, 64))}
                address = f"https://{brand.name.lower()}.example/login"
                palette = make_brand(number)
                yield Plan(
                    name, "look_alike", template, brand, palette, address, revisited(facts, rng)
                )
    for place in range(24):
        brand = make_brand(FURTHER[name] + 2 * place)
        facts = {**make_facts(rng), "dark": place % 6 == 0, "button_colour": colour_of(brand)}
        layout = LOGIN[name][place % 5]
        address = f"https://{brand.name.lower()}.example/"
        yield Plan(name, "other_brand", f"{name}_{layout}", brand, brand, address, facts)
    for place in range(12):
        address = f"https://{made_up_word(rng, 3)}.example/{rng.integers(10, 99)}"
        layout = WITHOUT_LOGO[name][place % 3]
        facts = {**make_facts(rng), "dark": place % 6 == 4}
        yield Plan(name, "no_logo", f"{name}_{layout}", None, None, address, facts)
    for place, number in enumerate(KNOWN):
        brand = make_brand(number)
        address = f"https://service.{domains(brand)[place % 2]}/"
        facts = {**make_facts(rng), "button_colour": colour_of(brand)}
        yield Plan(name, "own", f"{name}_{OWN[name]}", brand, brand, address, facts)


@cache
def look_alikes(number: int) -> dict[str, list[Brand]]:
    """Brands with the layout and the font of a known one; two for each set, the sister reported."""
    known = make_brand(number)

    def alike(brand: Brand) -> bool:
        same = (brand.layout, brand.face) == (known.layout, known.face)
        cases = [(b.name.islower(), b.name.isupper()) for b in (brand, known)]
        other = brand.shape != known.shape and brand.motif != known.motif
        return same and cases[0] == cases[1] and other

    found = (brand for n in range(number + 1000, number + 9000, 2) if alike(brand := make_brand(n)))
    return {"tuning": [next(found), next(found)], "reporting": [sister(known), next(found)]}


def revisited(facts: dict, rng: Generator) -> dict:
    """The same page on another day: another visitor, another date, a cookie banner at times."""
    other = make_facts(rng)
    changed = {key: other[key] for key in ("cookie_text", "cookie_colour", "rows")}
    filled = [
        (label, f"{rng.integers(1000, 10000)} {rng.integers(1000, 10000)}" if k == 0 else "")
        for k, (label, _) in enumerate(facts["fields"])
    ]
    cookies = str(rng.choice(["", "", "bottom", "corner"]))
    links = [*facts["links"][:-1], f"© 20{rng.integers(27, 60)}"]
    return {**facts, **changed, "fields": filled, "cookies": cookies, "links": links}


def tampered(facts: dict, rng: Generator) -> dict:
    """A clone with two or three edits."""
    other = make_facts(rng)
    fields = revisited(facts, rng)["fields"]
    edits: list[Callable[[], dict]] = [
        lambda: {key: other[key] for key in ("heading", "button", "sentence", "forgot", "news")},
        lambda: {"fields": [*fields, ("PIN of your card", "")]},
        lambda: {key: other[key] for key in ("button_colour", "back", "photo")},
        lambda: {"logo_place": f"margin-left: {rng.integers(-24, 60)}px; width: max-content"},
        lambda: {"shift": int(rng.integers(12, 40)), "face": other["face"]},
    ]
    chosen = rng.permutation(len(edits))[: rng.integers(2, 4)]
    changed = {**facts, "fields": fields}
    for place in sorted(chosen):
        changed |= edits[place]()
    return changed


def bait(brand: Brand, rng: Generator) -> str:
    """An address that looks like the brand's and is not."""
    name, word = brand.name.lower(), made_up_word(rng, 2)
    place = rng.integers(1, len(name) - 1)
    slip = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    typo = slip if slip != name else name[:place] + name[place] + name[place:]
    return str(
        rng.choice(
            [
                f"https://{name}-login.example/",
                f"https://secure-{name}.example/login",
                f"https://{name}.example.{word}.example/",
                f"https://{typo}.example/login",
                f"https://{name}.example@{word}.example/login",
                f"https://login.{word}.example/{name}.example/",
                f"https://my{name}.example/",
            ]
        )
    )


def render(plan: Plan, browser: Renderer) -> tuple[np.ndarray, list[int] | None]:
    """The picture of a plan and the box of its logo."""
    facts = {**plan.facts, "title": plan.address.removeprefix("https://"), "logo_height": 60}
    if plan.brand and plan.palette:
        facts = add_logo(facts, plan.brand, plan.palette)
    return browser.render(plan.template, facts)


def write_truth(folder: Path, entries: list[dict]) -> None:
    """Write `pages.json`, one page a line, and `README.md`."""
    brands = [
        {"number": n, "name": make_brand(n).name, "domains": domains(make_brand(n))} for n in KNOWN
    ]
    lines = {
        key: ",\n".join("  " + json.dumps(entry) for entry in values)
        for key, values in (("brands", brands), ("pages", entries))
    }
    text = ",\n".join(f' "{key}": [\n{rows}\n ]' for key, rows in lines.items())
    (folder / "pages.json").write_text("{\n" + text + "\n}\n", encoding="utf-8")
    counts = Counter((entry["kind"], entry["set"]) for entry in entries)
    rows = [["kind", "what it is", "known", "tuning", "reporting"], ["---"] * 5]
    rows += [[kind, what, *(counts[kind, name] for name in SEEDS)] for kind, what in KINDS.items()]
    table = "".join("| " + " | ".join(map(str, row)) + " |\n" for row in rows)
    readme = README.format(count=len(entries), kinds=table)
    (folder / "README.md").write_text(readme, encoding="utf-8")


def make_pages(folder: Path) -> None:
    """Render all pages into `folder`, with their `pages.json` and `README.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict] = []
    with renderer() as browser:
        for plan in plan_pages():
            picture, box = render(plan, browser)
            number = sum(entry["set"] == plan.set for entry in entries)
            file = f"{plan.set}_{number:03d}.png"
            save_small(folder / file, picture)
            entries.append(
                {
                    "file": file,
                    "set": plan.set,
                    "kind": plan.kind,
                    "brand": plan.brand.number if plan.brand else None,
                    "address": plan.address,
                    "box": box,
                    "template": plan.template,
                }
            )
    write_truth(folder, entries)


if __name__ == "__main__":
    make_pages(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
