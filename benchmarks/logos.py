"""Tell logos apart: the shipped networks beside the older ways, on brands that none of them saw.

`python benchmarks/logos.py [--seed N]` prints a table: AUC against easy and hard pairs, and the
time for one comparison of two pictures, as a ratio to SSIM's, measured side by side.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression

from helpers.deep import baselines
from helpers.deep.metrics import cosine, separation
from helpers.deep.network import load_network
from helpers.deep.pairs import Pairs, brands_of, choose_pairs
from helpers.deep.views import crop_to_content, make_views, prepare

BRANDS, VIEWS, COUNT = 300, 4, 3000


Compare = Callable[[np.ndarray, Pairs], np.ndarray]


def squares_of(pictures: np.ndarray) -> np.ndarray:
    """Prepare pictures as a network sees them: cut, 64 by 64. It serves HOG best, too."""
    return np.round(prepare(pictures) * 255).astype(np.uint8)


def hog_apart(pictures: np.ndarray, pairs: Pairs) -> np.ndarray:
    """How far the HOG of both pictures of each pair lie apart."""
    vectors = np.array([baselines.edge_histograms(square) for square in squares_of(pictures)])
    return np.abs(vectors[pairs.first] - vectors[pairs.second])


def hog_and_regression(seed: int) -> Compare:
    """HOG and logistic regression, trained on pairs of training brands."""
    pictures, labels = make_views(brands_of("training", 400), VIEWS, seed=seed)
    pairs = choose_pairs(labels, 2000, seed=seed)
    trained = LogisticRegression(C=0.1, max_iter=500).fit(hog_apart(pictures, pairs), pairs.same)
    return lambda pictures, pairs: trained.decision_function(hog_apart(pictures, pairs))


def older(name: str) -> Compare:
    """One of the older ways. ORB finds more corners in the larger crop."""
    crop = (lambda p: [crop_to_content(x) for x in p]) if name == "ORB" else squares_of
    return lambda pictures, pairs: baselines.compare_pairs(name, crop(pictures), pairs)


def network(name: str) -> Compare:
    """Load a shipped network."""
    net = load_network(name)
    return lambda pictures, pairs: cosine(net.features(pictures), pairs)


def methods(seed: int) -> dict[str, Compare]:
    """Every way to compare, below its name."""
    names = ("SSIM", "perceptual hash", "colour histogram", "ORB", "HOG")
    return {
        **{name: older(name) for name in names},
        "HOG + logistic regression": hog_and_regression(seed),
        "classifier, head removed": network("classifier"),
        "tower": network("tower"),
    }


def seconds(compare: Compare, pictures: np.ndarray) -> float:
    """Of one comparison of two pictures, the best of five rounds over ten pairs."""
    places = np.arange(0, 20, 2)
    pairs = Pairs(places, places + 1, np.array(["same"] * 10))
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        compare(pictures[:20], pairs)
        rounds.append(time.perf_counter() - start)
    return min(rounds) / 10


def main(seed: int) -> None:
    """Print the table."""
    pictures, labels = make_views(brands_of("test", BRANDS), VIEWS, seed=seed)
    pairs = choose_pairs(labels, COUNT, seed=seed)
    ways = methods(seed)
    unit = seconds(ways["SSIM"], pictures)
    print(f"{BRANDS} test brands, {VIEWS} views each, {COUNT} pairs of each kind, seed {seed}")
    print("| method | AUC easy | AUC hard | time, SSIM = 1 | ms a logo |")
    print("| --- | --- | --- | --- | --- |")
    for name, compare in ways.items():
        easy, hard = separation(compare(pictures, pairs), pairs)
        took = seconds(compare, pictures)
        print(f"| {name} | {easy:.4f} | {hard:.4f} | {took / unit:.1f} | {took * 500:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    main(parser.parse_args().seed)
