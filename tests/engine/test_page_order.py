"""Pages are paired by what is on them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.page_order import align_pages, page_signature

random = np.random.default_rng(8)
PAGES = [random.integers(0, 256, 3072).astype(np.float32) for _ in range(30)]
picks = st.lists(st.integers(0, 29), max_size=12)


def pages(numbers) -> list[np.ndarray]:
    return [PAGES[number] for number in numbers]


@given(picks, picks)
def test_each_page_is_in_one_pair_in_its_order_whatever_the_files(first, second):
    pairs = align_pages(pages(first), pages(second))
    for which, numbers in enumerate((first, second)):
        assert [pair[which] for pair in pairs if pair[which] is not None] == [*range(len(numbers))]
    assert (None, None) not in pairs


@given(picks, picks)
@example([0, 1], [1, 0])
def test_swapped_files_have_swapped_pairs(first, second):
    swapped = align_pages(pages(second), pages(first))
    there = align_pages(pages(first), pages(second))
    assert {(b, a) for a, b in swapped} == set(there)


@given(
    st.lists(st.integers(0, 29), min_size=2, max_size=20, unique=True),
    st.sets(st.integers(0, 19), max_size=3),
    st.sets(st.integers(0, 19), max_size=3),
    st.integers(0, 3),
)
def test_inserted_and_removed_pages_are_found(numbers, lost, edited, noise):
    """Of three files: the pages of one, some of them edited, all stored again, some left out."""
    kept = [place for place in range(len(numbers)) if place not in lost]
    second = [PAGES[numbers[place]] + random.normal(0, noise, 3072) for place in kept]
    for place in edited & set(range(len(second))):
        second[place] = second[place].copy()
        second[place][:300] = 128  # a tenth of the page
    there = align_pages(pages(numbers), [page.astype(np.float32) for page in second])
    assert [pair for pair in there if None not in pair] == [
        (place, k) for k, place in enumerate(kept)
    ]


def test_pages_that_have_nothing_in_common_are_paired_in_their_order():
    assert align_pages(pages(range(9)), pages(range(10, 19))) == [(k, k) for k in range(9)]
    there = align_pages(pages(range(9)), pages(range(10, 20)))
    assert there == [*((k, k) for k in range(9)), (None, 9)]


def test_what_all_pages_have_does_not_make_them_alike():
    frame = np.where(np.arange(3072) < 1500, -4000, 4000).astype(np.float32)
    first, second = ([frame + page for page in pages(n)] for n in ([1, 2, 3, 4], [1, 9, 2, 3, 4]))
    assert (None, 1) in align_pages(first, second)


def test_a_strong_mark_does_not_hide_what_is_on_a_page():
    faint = [np.float32(250) - page / 8 for page in PAGES[:4]]
    marked = faint[1].copy()
    marked[:200] = 0  # blacker than all else
    assert align_pages(faint[:3], [faint[0], faint[3], marked, faint[2]]) == [
        (0, 0),
        (None, 1),
        (1, 2),
        (2, 3),
    ]


def test_pages_with_nothing_but_noise_are_the_same_page():
    blank = [np.full(3072, 250, np.float32) + random.normal(0, 1, 3072) for _ in range(9)]
    assert align_pages(blank[:4], blank[4:8]) == [(k, k) for k in range(4)]


def test_a_file_of_no_pages():
    assert align_pages([], []) == []
    assert align_pages([], pages([1, 2])) == [(None, 0), (None, 1)]
    assert align_pages(pages([1]), []) == [(0, None)]


@pytest.mark.parametrize("shape", [(1, 1), (7, 3000), (3000, 7, 3), (800, 600, 3)])
def test_a_signature_is_of_one_length(shape):
    signature = page_signature(np.full(shape, 77, np.uint8))
    assert signature.shape == (3072,) and signature.dtype == np.float32
    assert (signature == 77).all()
