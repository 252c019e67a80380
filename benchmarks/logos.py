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
from helpers.deep.views import crop_to_content, make_views

BRANDS, VIEWS, COUNT = 300, 4, 3000


def hog(pictures: list[np.ndarray]) -> np.ndarray:
    """HOG of each picture."""
    return np.array([baselines.edge_histograms(picture) for picture in pictures])


def regression(seed: int) -> LogisticRegression:
    """HOG and logistic regression, trained on pairs of training brands."""
    pictures, labels = make_views(brands_of("training", 400), VIEWS, seed=seed)
    vectors = hog([crop_to_content(picture) for picture in pictures])
    pairs = choose_pairs(labels, 2000, seed=seed)
    apart = np.abs(vectors[pairs.first] - vectors[pairs.second])
    return LogisticRegression(C=0.1, max_iter=500).fit(apart, pairs.same)


def methods(seed: int) -> dict[str, Callable[[list[np.ndarray], Pairs], np.ndarray]]:
    """Every way to compare; each takes crops and pairs of them."""
    trained = regression(seed)

    def hog_and_regression(crops: list[np.ndarray], pairs: Pairs) -> np.ndarray:
        vectors = hog(crops)
        return trained.decision_function(np.abs(vectors[pairs.first] - vectors[pairs.second]))

    def network(name: str) -> Callable[[list[np.ndarray], Pairs], np.ndarray]:
        net = load_network(name)
        return lambda crops, pairs: cosine(net.features(crops), pairs)

    def older(name: str) -> Callable[[list[np.ndarray], Pairs], np.ndarray]:
        return lambda crops, pairs: baselines.compare_pairs(name, crops, pairs)

    names = ("SSIM", "perceptual hash", "colour histogram", "ORB", "HOG")
    return {
        **{name: older(name) for name in names},
        "HOG + logistic regression": hog_and_regression,
        "classifier, head removed": network("classifier"),
        "tower": network("tower"),
    }


def seconds(compare: Callable, crops: list[np.ndarray]) -> float:
    """Of one comparison of two pictures, the best of five rounds over ten pairs."""
    places = np.arange(0, 20, 2)
    pairs = Pairs(places, places + 1, np.array(["same"] * 10))
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        compare(crops[:20], pairs)
        rounds.append(time.perf_counter() - start)
    return min(rounds) / 10


def main(seed: int) -> None:
    """Print the table."""
    pictures, labels = make_views(brands_of("test", BRANDS), VIEWS, seed=seed)
    crops = [crop_to_content(picture) for picture in pictures]
    pairs = choose_pairs(labels, COUNT, seed=seed)
    ways = methods(seed)
    unit = seconds(ways["SSIM"], crops)
    print(f"{BRANDS} test brands, {VIEWS} views each, {COUNT} pairs of each kind, seed {seed}")
    print("| method | AUC easy | AUC hard | time, SSIM = 1 | ms a logo |")
    print("| --- | --- | --- | --- | --- |")
    for name, compare in ways.items():
        easy, hard = separation(compare(crops, pairs), pairs)
        took = seconds(compare, crops)
        print(f"| {name} | {easy:.4f} | {hard:.4f} | {took / unit:.1f} | {took * 500:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    main(parser.parse_args().seed)
