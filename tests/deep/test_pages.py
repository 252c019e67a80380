"""The log-in pages of lesson 24: what is in the set, and that it can be rendered again."""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from helpers.deep.logos import make_brand
from helpers.deep.pages import PHISHING, load_domains, load_pages
from helpers.deep.phishing import is_on_list
from helpers.places import find_in_course

FOLDER = find_in_course("images/pages")
SETS = {name: load_pages(name) for name in ("known", "tuning", "reporting")}
PAGES = [page for pages in SETS.values() for page in pages]
IMITATING = {"clone", "tampered", "look_alike"}
COUNTS = {
    "clone": 12,
    "tampered": 12,
    "anew": 24,
    "dark": 12,
    "small": 12,
    "look_alike": 24,
    "other_brand": 24,
    "no_logo": 12,
    "own": 6,
}


@pytest.mark.parametrize("name", ["tuning", "reporting"])
def test_counts_of_each_kind(name):
    assert Counter(page.kind for page in SETS[name]) == COUNTS
    assert len({page.brand for page in SETS["known"]}) == len(SETS["known"]) == 6


def test_all_pictures_are_there_differ_and_are_small():
    files = sorted(FOLDER.glob("*.png"))
    assert files == sorted(page.path for page in PAGES)
    assert len({path.read_bytes() for path in files}) == len(files)
    assert sum(path.stat().st_size for path in files) <= 5_000_000
    assert all(page.read().shape == (480, 640, 3) for page in PAGES)


def test_the_sets_share_no_template_but_those_that_imitate():
    def templates(name, imitating):
        return {p.template for p in SETS[name] if (p.kind in IMITATING) == imitating}

    known = {page.template for page in SETS["known"]}
    assert len(known) == 6
    new = [templates(name, False) for name in ("tuning", "reporting")]
    assert not new[0] & new[1] and not (new[0] | new[1]) & known
    for name in ("tuning", "reporting"):
        assert templates(name, True) == known


def test_the_sets_share_no_brand_but_the_known():
    known = set(load_domains())
    brands = [{page.brand for page in SETS[name]} - {None} for name in ("tuning", "reporting")]
    assert brands[0] & brands[1] == known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_box_and_address_are_what_the_kind_says(page):
    known = load_domains()
    assert urlsplit(page.address).hostname.endswith(".example")
    assert (page.box is None) == (page.brand is None) == (page.kind == "no_logo")
    if page.box:
        x, y, width, height = page.box
        assert x >= 0 and y >= 0 and x + width <= 640 and y + height <= 480
        assert min(width, height) >= 10
    listed = [is_on_list(page.address, domains) for domains in known.values()]
    assert any(listed) == (page.kind in ("known", "own"))
    if page.kind in (*PHISHING, "known", "own"):
        assert page.brand in known
        assert is_on_list(page.address, known[page.brand]) == (not page.is_phishing)
    else:
        assert page.brand not in known and not page.is_phishing


def test_brands_are_those_of_the_generator():
    for page in PAGES:
        if page.kind in ("look_alike", "other_brand"):
            name = make_brand(page.brand).name.lower()
            assert urlsplit(page.address).hostname == f"{name}.example"
    for number, domains in load_domains().items():
        assert domains[0] == f"{make_brand(number).name.lower()}.example"
    sisters = {page.brand for page in SETS["reporting"] if page.kind == "look_alike"}
    assert sisters >= {number ^ 1 for number in load_domains()}


def test_in_each_box_is_a_logo_and_round_it_none():
    """Inside, the brand's colours; in the frame of 2 pixels round it, hardly an edge."""
    for page in PAGES:
        if page.box is None:
            continue
        picture = page.read()
        x, y, width, height = page.box
        inside = picture[y : y + height, x : x + width].astype(int)
        assert np.ptp(inside, axis=2).max() > 40, page.path.name
        frame = picture[max(y - 3, 0) : y + height + 3, max(x - 3, 0) : x + width + 3].copy()
        rim = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
        assert np.ptp(rim.astype(int), axis=0).max() <= 24, page.path.name


def test_dark_pages_are_dark_and_small_logos_small():
    for page in PAGES:
        if page.box is None:
            continue
        ground = page.read()[page.box.y - 2, page.box.x - 2].max()
        if page.kind != "other_brand":  # of these, each sixth is dark
            assert (ground < 60) == (page.kind == "dark"), page.path.name
        assert page.box.height <= 32 if page.kind == "small" else page.box.height >= 28


def test_no_such_set():
    with pytest.raises(ValueError, match=r"no set 'test'\. Give one of: known, tuning, reporting"):
        load_pages("test")


@pytest.mark.full
def test_rendering_again_gives_the_same_pages(tmp_path):
    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        threads.submit(render_again, tmp_path).result()


def render_again(folder):
    pytest.importorskip("playwright")
    sys.path.insert(0, str(FOLDER.parent))
    import make_pages
    from drawing.pages import find_chromium, renderer, save_small

    if find_chromium() is None:
        pytest.skip("no Chromium or Chrome on the PATH; on Debian: sudo apt install chromium")
    plans = list(make_pages.plan_pages())
    assert [plan.kind for plan in plans] == [page.kind for page in PAGES]
    assert [plan.address for plan in plans] == [page.address for page in PAGES]
    with renderer() as browser:
        for place in (2, 60, 251):
            picture, box = make_pages.render(plans[place], browser)
            save_small(folder / "page.png", picture)
            fresh, stored = cv2.imread(str(folder / "page.png")), PAGES[place].read()
            # Another version of Chromium smooths letters in another way; it lays out the same.
            assert cv2.absdiff(fresh, stored).mean() < 2
            assert np.abs(np.subtract(box or (0,) * 4, PAGES[place].box or (0,) * 4)).max() <= 1


def test_truth_and_readme_are_those_of_the_script(tmp_path):
    pytest.importorskip("playwright")
    sys.path.insert(0, str(FOLDER.parent))

    import make_pages

    entries = json.loads((FOLDER / "pages.json").read_text(encoding="utf-8"))["pages"]
    make_pages.write_truth(tmp_path, entries)
    for name in ("pages.json", "README.md"):
        assert (tmp_path / name).read_text() == (FOLDER / name).read_text(encoding="utf-8")


def test_templates_name_no_address_outside():
    for path in Path(FOLDER, "templates").glob("*.html"):
        assert "http" not in path.read_text(encoding="utf-8"), path.name


def test_numbers_of_files_follow_on():
    for pages in SETS.values():
        numbers = [int(page.path.stem.rpartition("_")[2]) for page in pages]
        assert all(after == before + 1 for before, after in pairwise(numbers))
