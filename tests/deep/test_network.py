"""The shipped networks: what they reach on brands they never saw, and files that are not theirs."""

import json
import shutil

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import helpers
from helpers.deep import baselines, metrics, network, pairs, views

SEED = 5  # no other place uses it for test brands


@pytest.fixture(scope="module")
def test_set():
    pictures, labels = views.make_views(pairs.brands_of("test", 300), 4, seed=SEED)
    return pictures, views.prepare(pictures), pairs.choose_pairs(labels, 3000, seed=SEED)


def separation(name, squares, chosen):
    features = network.load_network(name).features_of_prepared(squares)
    return metrics.separation(metrics.cosine(features, chosen), chosen)


def test_the_tower_tells_unseen_brands_and_their_sisters_apart(test_set):
    _, squares, chosen = test_set
    easy, hard = separation("tower", squares, chosen)
    assert easy >= 0.998 and hard >= 0.975


def test_the_features_of_the_classifier_do_nearly_as_well(test_set):
    _, squares, chosen = test_set
    easy, hard = separation("classifier", squares, chosen)
    assert easy >= 0.995 and hard >= 0.85


@pytest.mark.full
def test_the_tower_is_ahead_of_hog_with_logistic_regression_and_of_orb(test_set):
    pictures, squares, chosen = test_set
    few = pairs.Pairs(*(part[::5] for part in chosen))
    tower = separation("tower", squares, few)
    seen, labels = views.make_views(pairs.brands_of("training", 200), 4, seed=SEED)
    learned = pairs.choose_pairs(labels, 1200, seed=SEED)

    def apart(squares, chosen):
        described = np.array([baselines.edge_histograms(np.uint8(s * 255)) for s in squares])
        return np.abs(described[chosen.first] - described[chosen.second])

    regression = LogisticRegression(C=0.1, max_iter=500)
    regression.fit(apart(views.prepare(seen), learned), learned.same)
    hog = metrics.separation(regression.decision_function(apart(squares, few)), few)
    crops = [views.crop_to_content(picture) for picture in pictures]
    orb = metrics.separation(baselines.compare_pairs("ORB", crops, few), few)
    assert hog.hard > 0.85 and orb.hard > 0.7  # they are real rivals
    assert all(ours > theirs for ours, theirs in zip(tower * 2, hog + orb, strict=True))


def test_features_have_unit_length_and_do_not_depend_on_their_company(test_set):
    pictures, _, _ = test_set
    tower = network.load_network()
    together = tower.features(pictures[:300])  # more than one batch
    alone = tower.features(pictures[7:8])
    assert together.shape == (300, 64)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(alone[0], together[7], atol=1e-4)
    assert tower.features([]).shape == (0, 64)


def test_networks_are_small_and_say_how_they_were_made():
    made = json.loads((network.FOLDER / "networks.json").read_text("utf-8"))
    assert set(made) == {"tower", "classifier"}
    for name, facts in made.items():
        assert (network.FOLDER / f"{name}.onnx").stat().st_size == facts["bytes"] <= 2**20
        assert facts["brands"] > 0 and facts["passes"] > 0 and "seed" in facts
        assert network.load_network(name).made == facts


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(network.FOLDER, tmp_path / "networks")


def test_another_name_is_refused_in_words():
    with pytest.raises(network.NetworkError, match=r"no network 'resnet'\. Give one of: tower"):
        network.load_network("resnet")


def test_a_file_that_is_cut_off_is_refused_in_words(copied):
    path = copied / "tower.onnx"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(network.NetworkError, match=r"tower\.onnx has \d+ bytes.*cut off"):
        network.load_network(folder=copied)


def test_a_file_with_another_hash_is_refused_in_words(copied):
    path = copied / "tower.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(network.NetworkError, match="SHA-256 begins with"):
        network.load_network(folder=copied)


def test_a_missing_file_is_refused_in_words(copied):
    (copied / "classifier.onnx").unlink()
    with pytest.raises(network.NetworkError, match=r"classifier\.onnx is missing"):
        network.load_network("classifier", folder=copied)
    assert network.load_network(folder=copied)


def test_pictures_that_are_none_are_refused_in_words():
    with pytest.raises(helpers.PictureError, match="picture 0 holds float64"):
        network.load_network().features([np.zeros((20, 20, 3))])
