"""Which pictures are compared, and how the answers are judged."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from helpers.deep import metrics, pairs

LABELS = np.repeat(np.arange(100, 112), 4)


def test_splits_share_no_brand():
    numbers = [set(pairs.brands_of(split, 10_000)) for split in pairs.SPLITS]
    assert not numbers[0] & numbers[1] and not numbers[1] & numbers[2]
    assert all(number ^ 1 in split for split in numbers for number in split)


@pytest.mark.parametrize(
    ("split", "count", "words"),
    [("train", 4, "no split 'train'"), ("test", 3, "even number"), ("test", 0, "even number")],
)
def test_impossible_splits_are_refused_in_words(split, count, words):
    with pytest.raises(ValueError, match=words):
        pairs.brands_of(split, count)


def test_pairs_are_what_their_kind_says():
    chosen = pairs.choose_pairs(LABELS, 60, seed=1)
    one, other = LABELS[chosen.first], LABELS[chosen.second]
    assert [np.sum(chosen.kind == kind) for kind in pairs.KINDS] == [60, 60, 60]
    assert np.array_equal(chosen.same, one == other)
    hard, easy = chosen.kind == "hard", chosen.kind == "easy"
    assert np.all(one[hard] == other[hard] ^ 1)
    assert np.all(one[easy] // 2 != other[easy] // 2)
    assert np.all(chosen.first < chosen.second)
    assert len(set(zip(chosen.first, chosen.second, strict=True))) == 180


def test_pairs_come_from_the_seed_and_end_with_what_there_is():
    few = pairs.choose_pairs(LABELS, 10**6, seed=1)
    assert np.sum(few.same) == 12 * 6
    assert np.sum(few.kind == "hard") == 6 * 16
    again, other = (pairs.choose_pairs(LABELS, 20, seed=seed) for seed in (1, 2))
    assert np.array_equal(pairs.choose_pairs(LABELS, 20, seed=1).first, again.first)
    assert not np.array_equal(other.first, again.first)


def test_separation_is_the_area_under_both_curves():
    chosen = pairs.choose_pairs(LABELS, 60, seed=1)
    similarity = np.random.default_rng(1).normal(size=180) + chosen.same
    easy = chosen.kind != "hard"
    found = metrics.separation(similarity, chosen)
    assert found.easy == roc_auc_score(chosen.same[easy], similarity[easy])
    assert found.hard != found.easy
    assert metrics.separation(chosen.same.astype(float), chosen) == (1, 1)
    assert metrics.separation(np.zeros(180), chosen) == (0.5, 0.5)


def test_equal_error_rate_of_known_numbers():
    similarity = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.3, 0.2, 0.1])
    same = np.array([True] * 4 + [False] * 4)
    rate, threshold = metrics.equal_error_rate(similarity, same)
    assert rate == 0.25
    assert np.mean(similarity[same] < threshold) == np.mean(similarity[~same] >= threshold) == 0.25
    assert metrics.equal_error_rate(same.astype(float), same)[0] == 0


def test_cosine_of_known_vectors():
    features = np.array([[1, 0], [0, 1], [0.6, 0.8]])
    chosen = pairs.Pairs(np.array([0, 0, 1]), np.array([0, 1, 2]), np.array(["same"] * 3))
    assert metrics.cosine(features, chosen).tolist() == [1, 0, 0.8]
