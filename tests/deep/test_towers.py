"""Towers, losses and training: one set of weights, losses by hand, the best weights kept."""

import importlib.util

import cv2
import numpy as np
import pytest

from notebooks import NEEDS_DEEP

if importlib.util.find_spec("keras") is None:
    pytest.skip(NEEDS_DEEP, allow_module_level=True)

import onnx

from helpers.deep import losses, towers, training
from helpers.deep.keras_extra import require_keras
from helpers.deep.network import Network
from helpers.deep.pairs import brands_of, choose_pairs
from helpers.deep.train import to_onnx
from helpers.deep.views import make_views, prepare

keras = require_keras()
LABELS = np.array([4, 4, 5, 5, 8])
VECTORS = np.float32([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8], [-1, 0]])


@pytest.fixture(scope="module")
def data():
    pictures, labels = make_views(brands_of("training", 32), 4, seed=1)
    return prepare(pictures), labels


@pytest.fixture(scope="module")
def validation():
    pictures, labels = make_views(brands_of("validation", 20), 2, seed=1)
    return prepare(pictures), choose_pairs(labels, 20, seed=1)


def small_tower():
    keras.utils.set_random_seed(1)
    pictures = keras.Input((64, 64, 3))
    means = keras.layers.AveragePooling2D(16)(pictures)
    vectors = keras.layers.Dense(8)(keras.layers.Flatten()(means))
    return keras.Model(pictures, keras.layers.UnitNormalization()(vectors))


def test_a_tower_gives_vectors_of_unit_length_and_is_small(data):
    tower = towers.build_tower()
    vectors = tower.predict(data[0][:5], verbose=0)
    assert vectors.shape == (5, 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert tower.count_params() < 200_000


def test_both_pictures_go_through_the_same_weights(data):
    tower = towers.build_tower()
    siamese = towers.build_siamese(tower)
    assert siamese.count_params() == tower.count_params() + 2
    first, second = data[0][:6], data[0][6:12]
    one, other = (siamese.predict(pair, verbose=0) for pair in ([first, second], [second, first]))
    assert one.shape == (6, 1)
    assert np.allclose(one, other, atol=1e-5)
    same = siamese.predict([first, first], verbose=0)
    assert np.allclose(same, same[0], atol=1e-5)  # the distance is 0 whatever the picture


def test_a_classifier_gives_probabilities_and_keeps_a_tower_inside(data):
    classifier = towers.build_classifier(12)
    probabilities = classifier.predict(data[0][:3], verbose=0)
    assert probabilities.shape == (3, 12)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def pairs_by_hand():
    """Every ordered pair of two pictures: cosine, distance, and whether the brand is the same."""
    for i in range(len(LABELS)):
        for j in range(len(LABELS)):
            if i != j:
                yield (
                    float(VECTORS[i] @ VECTORS[j]),
                    float(np.linalg.norm(VECTORS[i] - VECTORS[j])),
                    LABELS[i] == LABELS[j],
                )


def value(loss):
    return float(keras.ops.convert_to_numpy(loss(LABELS, VECTORS)))


@pytest.mark.parametrize("margin", [0.3, 1.0, 2.0])
def test_the_contrastive_loss_is_its_formula(margin):
    same = [d**2 for _, d, is_same in pairs_by_hand() if is_same]
    other = [max(margin - d, 0) ** 2 for _, d, is_same in pairs_by_hand() if not is_same]
    assert value(losses.contrastive(margin)) == pytest.approx(np.mean(same) + np.mean(other), 1e-4)


def test_binary_cross_entropy_is_its_formula():
    def probability(cosine):
        return 1 / (1 + np.exp(-6 * (cosine - 0.2)))

    same = [-np.log(probability(c)) for c, _, is_same in pairs_by_hand() if is_same]
    other = [-np.log(1 - probability(c)) for c, _, is_same in pairs_by_hand() if not is_same]
    found = value(losses.binary_cross_entropy(steepness=6, middle=0.2))
    assert found == pytest.approx(np.mean(same) + np.mean(other), 1e-4)


def test_sisters_get_their_share_of_the_pairs_of_two_brands():
    first, second = np.triu_indices(len(LABELS), 1)
    same, hard = LABELS[first] == LABELS[second], LABELS[first] == LABELS[second] ^ 1
    cosine = np.sum(VECTORS[first] * VECTORS[second], axis=1)
    missing = np.maximum(1.5 - np.sqrt(2 - 2 * cosine), 0) ** 2
    entropy, of_same = np.logaddexp(0, 10 * (cosine - 0.5)), np.logaddexp(0, 10 * (0.5 - cosine))
    for found, one, other in (
        (losses.contrastive(1.5, sisters=0.3), 2 - 2 * cosine, missing),
        (losses.binary_cross_entropy(sisters=0.3), of_same, entropy),
    ):
        of_two = 0.3 * other[hard].mean() + 0.7 * other[~same & ~hard].mean()
        assert value(found) == pytest.approx(one[same].mean() + of_two, 1e-4)
        assert abs(one[same].mean() + other[~same].mean() - value(found)) > 0.01


def test_the_supervised_contrastive_loss_is_its_formula():
    terms = []
    for i in range(len(LABELS)):
        others = [j for j in range(len(LABELS)) if j != i]
        logits = np.array([VECTORS[i] @ VECTORS[j] for j in others]) / 0.5
        logarithms = logits - np.log(np.exp(logits).sum())
        terms += [x for x, j in zip(logarithms, others, strict=True) if LABELS[i] == LABELS[j]]
    found = value(losses.supervised_contrastive(temperature=0.5))
    assert found == pytest.approx(-np.mean(terms), 1e-4)


def test_a_batch_holds_brands_with_their_sisters_and_as_many_views(data):
    batches = training.Batches(*data, steps=3, seed=1)
    assert len(batches) == 3
    squares, labels = batches[0]
    assert squares.shape == (128, 64, 64, 3) and squares.dtype == np.float32
    brands, counts = np.unique(labels, return_counts=True)
    assert len(brands) == 32 and set(counts) == {4}
    assert {brand ^ 1 for brand in brands} == set(brands)
    for square, label in zip(squares[::9], labels[::9], strict=True):
        places = np.flatnonzero((data[0] == square).all(axis=(1, 2, 3)))
        assert label in data[1][places]


def test_batches_of_whole_numbers_are_the_same(data):
    levels = np.round(data[0] * 255).astype(np.uint8)
    fractions, _ = training.Batches(*data, steps=1, seed=1)[0]
    whole, _ = training.Batches(levels, data[1], steps=1, seed=1)[0]
    assert whole.dtype == np.float32
    assert np.abs(whole - fractions).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(
    "labels",
    [
        np.repeat(np.arange(30), 4),  # too few families
        np.repeat(np.arange(32), 2),  # too few views
        np.repeat(np.arange(0, 64, 2), 4),  # no sisters
        np.tile(np.arange(32), 4),  # not one brand after the other
    ],
)
def test_data_that_make_no_batch_are_refused_in_words(labels):
    squares = np.zeros((len(labels), 64, 64, 3), np.uint8)
    with pytest.raises(ValueError, match="families of brands with"):
        training.Batches(squares, labels, steps=1, seed=1)


class Spoil(keras.callbacks.Callback):
    """Ruins the weights after the first epoch; stops training where it is told to."""

    def __init__(self, stop=False):
        super().__init__()
        self.stop, self.first = stop, None

    def on_epoch_end(self, epoch, logs):
        if epoch == 0:
            self.first = self.model.get_weights()

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            self.model.set_weights([np.zeros_like(w) for w in self.model.get_weights()])

    def on_train_batch_begin(self, batch, logs=None):
        if self.first is not None and self.stop:
            raise KeyboardInterrupt


@pytest.mark.parametrize("stop", [False, True])
def test_the_best_weights_are_kept_also_when_training_is_stopped(data, validation, capsys, stop):
    tower = small_tower()
    tower.compile(keras.optimizers.Adam(1e-9), losses.contrastive())
    spoil = Spoil(stop)
    history = training.fit(
        tower,
        training.Batches(*data, steps=2, seed=1),
        tower=tower,
        validation=validation,
        callbacks=[spoil],
        epochs=2,
        verbose=0,
    )
    assert spoil.first is not None and any(weights.any() for weights in spoil.first)
    for kept, best in zip(tower.get_weights(), spoil.first, strict=True):
        assert np.array_equal(kept, best)
    assert len(history["hard"]) == (1 if stop else 2)
    if stop:
        assert capsys.readouterr().out == "Stopped. The weights of epoch 1 are kept.\n"
    else:
        assert np.isnan(history["easy"][1])  # a vector of zeros has no direction


def test_training_learns(data, validation):
    tower = small_tower()
    tower.compile(keras.optimizers.Adam(0.01), losses.supervised_contrastive())
    batches = training.Batches(*data, steps=10, seed=1)
    history = training.fit(tower, batches, validation=validation, epochs=3, verbose=0)
    assert history["loss"][-1] < 0.8 * history["loss"][0]


def test_onnx_gives_what_keras_gives(data):
    tower = towers.build_tower()
    rng = np.random.default_rng(1)
    for layer in tower.layers:  # as if trained: no batch normalisation at its start
        if isinstance(layer, keras.layers.BatchNormalization):
            shapes = [weights.shape for weights in layer.get_weights()]
            layer.set_weights([rng.uniform(0.5, 1.5, shape) for shape in shapes])
    model = to_onnx(tower)
    onnx.checker.check_model(model)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))
    for count in (1, 2, 7):
        found = Network(net).features_of_prepared(data[0][:count])
        expected = tower.predict(data[0][:count], verbose=0)
        assert np.abs(found - expected).max() < 1e-3
