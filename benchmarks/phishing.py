"""Log-in pages judged by their logo, and by SSIM and a hash of the whole page: `phishing.py`.

Thresholds are chosen on the tuning set, everything printed is of the reporting set. Times are the
best of three rounds over the same pages, each way in its turn.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from helpers.deep.network import load_network
from helpers.deep.pages import LoginPage, load_pages
from helpers.deep.phishing import (
    choose_threshold,
    judge_page,
    load_known,
    remember,
    whole_page_hash,
    whole_page_ssim,
)
from helpers.loading import Image

ROUNDS = 3
Score = Callable[[Image], float]


def scores_of() -> dict[str, Score]:
    """How alike a page is to the most similar known one, in three ways."""
    known = remember(load_known(), load_network().features)
    known_pages = [page.read() for page in load_pages("known")]
    address = "https://elsewhere.example/"  # the similarity does not depend on it
    return {
        "logo": lambda page: judge_page(page, address, known).similarity,
        "SSIM": lambda page: whole_page_ssim(page, known_pages),
        "hash": lambda page: whole_page_hash(page, known_pages),
    }


def unlisted(name: str) -> list[LoginPage]:
    """List the pages of a set that are at no known brand's address."""
    return [page for page in load_pages(name) if page.kind != "own"]


def judge(score: Score) -> tuple[float, float, NDArray[np.bool_]]:
    """Choose the threshold on the tuning set; return also AUC and flags of the reporting set."""
    similarities, truth = {}, {}
    for name in ("tuning", "reporting"):
        pages = unlisted(name)
        similarities[name] = np.array([score(page.read()) for page in pages])
        truth[name] = np.array([page.is_phishing for page in pages])
    tuned, wanted = similarities["tuning"], truth["tuning"]
    threshold = choose_threshold(tuned[wanted], tuned[~wanted])
    auc = roc_auc_score(truth["reporting"], similarities["reporting"])
    return threshold, auc, similarities["reporting"] > threshold


def milliseconds(scores: dict[str, Score], pictures: Sequence[Image]) -> dict[str, float]:
    """Time a page for each way, the best of some rounds."""
    best = dict.fromkeys(scores, float("inf"))
    for _ in range(ROUNDS):
        for name, score in scores.items():
            start = time.perf_counter()
            for picture in pictures:
                score(picture)
            spent = (time.perf_counter() - start) / len(pictures)
            best[name] = min(best[name], 1000 * spent)
    return best


def main() -> None:
    """Print the tables."""
    scores, pages = scores_of(), unlisted("reporting")
    found = {name: judge(score) for name, score in scores.items()}
    kinds = np.array([page.kind for page in pages])
    print(f"{'flagged on the reporting set':28}" + "".join(f"{name:>8}" for name in found))
    for kind in dict.fromkeys(kinds):
        of_kind = kinds == kind
        counts = "".join(f"{flags[of_kind].sum():8}" for _, _, flags in found.values())
        print(f"{kind:16} of {of_kind.sum():3}      {counts}")
    for place, title in enumerate(("threshold of the tuning set", "AUC")):
        print(f"{title:28}" + "".join(f"{values[place]:8.3f}" for values in found.values()))
    times = milliseconds(scores, [page.read() for page in pages[::5]])
    print(f"{'ms a page':28}" + "".join(f"{spent:8.1f}" for spent in times.values()))


if __name__ == "__main__":
    main()
