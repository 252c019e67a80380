"""Pairs of pictures of logos: the same brand, two brands, or a brand and its sister.

Splits are here too: which brands are for training, for choosing settings, and for the figures
that are reported.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

KINDS = ("same", "easy", "hard")
# First number of each split; none has more than 10000 brands, so no two share one.
SPLITS = {"training": 0, "validation": 10_000, "test": 20_000}


class Pairs(NamedTuple):
    """Pictures to compare, by their numbers, and what is true of them.

    Attributes
    ----------
    first, second : ndarray of int64
        Indices of pictures.
    kind : ndarray of str
        "same": two views of one brand. "easy": two brands that have nothing to do with each
        other. "hard": a brand and its sister.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    kind: NDArray[np.str_]

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which pairs show one brand."""
        return self.kind == "same"


def brands_of(split: str, count: int) -> range:
    """Return the numbers of the first `count` brands of a split.

    Parameters
    ----------
    split : {"training", "validation", "test"}
    count : int
        Even, so that no brand is without its sister; 10000 at most.

    Returns
    -------
    range

    Raises
    ------
    ValueError
        There is no such split, or count is odd, negative or too large.
    """
    if split not in SPLITS:
        raise ValueError(f"There is no split {split!r}. Give one of: {', '.join(SPLITS)}.")
    if count % 2 or not 0 < count <= 10_000:
        raise ValueError(f"count is {count}. Give an even number from 2 to 10000.")
    return range(SPLITS[split], SPLITS[split] + count)


def choose_pairs(labels: NDArray[np.int64], count: int, *, seed: int) -> Pairs:
    """Choose pairs of pictures, as many of each kind.

    Parameters
    ----------
    labels : ndarray of int, shape (N,)
        The number of each picture's brand.
    count : int
        Pairs of each kind; fewer where there are not as many.
    seed : int

    Returns
    -------
    Pairs
        All of "same", then "easy", then "hard"; within a kind no pair is there twice.
    """
    rng = np.random.default_rng([19, seed])
    first, second = np.triu_indices(len(labels), 1)
    one, other = labels[first], labels[second]
    of_kind = {"same": one == other, "easy": one // 2 != other // 2, "hard": one == other ^ 1}
    chosen, kinds = [], []
    for kind in KINDS:
        places = rng.permutation(np.flatnonzero(of_kind[kind]))[:count]
        chosen.append(places)
        kinds += [kind] * len(places)
    places = np.concatenate(chosen)
    return Pairs(first[places], second[places], np.array(kinds))
