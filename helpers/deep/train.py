"""Make the networks that come with the course: `python -m helpers.deep.train [FOLDER]`.

"tower" is trained with the supervised contrastive loss, "classifier" to name each brand it sees.
They are written as ONNX, with `networks.json` beside them. Needs the extra `deep`, and about half
an hour on two cores.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from onnx import helper, numpy_helper

from helpers.deep import losses, towers
from helpers.deep.keras_extra import require_keras
from helpers.deep.metrics import cosine, separation
from helpers.deep.network import FOLDER, load_network
from helpers.deep.pairs import brands_of, choose_pairs
from helpers.deep.training import BATCH, Batches, fit
from helpers.deep.views import SIDE, make_views, prepare

keras = require_keras()
STEPS, RATE, SEED, CHUNK = 100, 3e-3, 1, 200


class Setting(NamedTuple):
    """The length of a training: brands, views of each, epochs of 100 batches."""

    brands: int
    views: int
    epochs: int


# One output for each brand is hard to learn when there are thousands.
SETTINGS = {"tower": Setting(2400, 8, 20), "classifier": Setting(1200, 10, 15)}


def squares_of(split: str, brands: int, views: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Make prepared pictures, as uint8, a part after the other to save memory."""
    numbers, squares, labels = brands_of(split, brands), [], []
    for start in range(0, brands, CHUNK):
        pictures, chunk = make_views(numbers[start : start + CHUNK], views, seed=seed)
        squares.append(np.round(prepare(pictures) * 255).astype(np.uint8))
        labels.append(chunk)
    return np.concatenate(squares), np.concatenate(labels)


def train(name: str) -> "keras.Model":
    """Train one of the two and return its tower."""
    keras.utils.set_random_seed(SEED)
    brands, views, epochs = SETTINGS[name]
    squares, labels = squares_of("training", brands, views, seed=SEED)
    judged, judged_labels = squares_of("validation", 200, 4, seed=SEED)
    validation = judged.astype(np.float32) / 255, choose_pairs(judged_labels, 2000, seed=SEED)
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * STEPS)
    if name == "tower":
        model = tower = towers.build_tower()
        model.compile(keras.optimizers.Adam(rate), losses.supervised_contrastive())
    else:
        model = towers.build_classifier(brands)
        tower = keras.Model(model.input, model.layers[-3].output)
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    batches = Batches(squares, labels, steps=STEPS, seed=SEED)
    fit(model, batches, tower=tower, validation=validation, epochs=epochs, verbose=2)
    return tower


def to_onnx(tower: "keras.Model") -> onnx.ModelProto:
    """Write a tower as ONNX, each batch normalisation folded into its convolution.

    Keras's own export needs another package for each backend, and writes graphs that OpenCV reads
    only in part; four blocks and a dense layer are few nodes.
    """
    nodes, weights, data = [], [], "pictures"
    convolutions = [x for x in tower.layers if isinstance(x, keras.layers.Conv2D)]
    norms = [x for x in tower.layers if isinstance(x, keras.layers.BatchNormalization)]
    for number, (convolution, norm) in enumerate(zip(convolutions, norms, strict=True)):
        (kernel,) = convolution.get_weights()
        gain, offset, mean, variance = norm.get_weights()
        gain = gain / np.sqrt(variance + norm.epsilon)
        weights += [
            numpy_helper.from_array((kernel * gain).transpose(3, 2, 0, 1), f"kernel{number}"),
            numpy_helper.from_array(offset - mean * gain, f"bias{number}"),
        ]
        # Keras pads even sides at the right and the bottom only.
        options = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1]}
        inputs = [data, f"kernel{number}", f"bias{number}"]
        nodes.append(helper.make_node("Conv", inputs, [f"maps{number}"], **options))
        nodes.append(helper.make_node("Relu", [f"maps{number}"], [f"positive{number}"]))
        data = f"positive{number}"
    dense = next(x for x in tower.layers if isinstance(x, keras.layers.Dense))
    matrix, bias = dense.get_weights()
    # Keras flattens channels last, ONNX channels first.
    side, channels = SIDE // 2 ** len(convolutions), convolutions[-1].filters
    matrix = matrix.reshape(side, side, channels, -1).transpose(2, 0, 1, 3)
    weights += [
        numpy_helper.from_array(matrix.reshape(-1, matrix.shape[-1]), "matrix"),
        numpy_helper.from_array(bias, "bias"),
    ]
    nodes.append(helper.make_node("Flatten", [data], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", "matrix", "bias"], ["features"]))
    kind = onnx.TensorProto.FLOAT
    pictures = helper.make_tensor_value_info("pictures", kind, ["N", 3, SIDE, SIDE])
    features = helper.make_tensor_value_info("features", kind, ["N", len(bias)])
    graph = helper.make_graph(nodes, "tower", [pictures], [features], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main(folder: Path) -> None:
    """Train, write and judge both networks."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, setting in SETTINGS.items():
        data = to_onnx(train(name)).SerializeToString()
        (folder / f"{name}.onnx").write_bytes(data)
        made[name] = {
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "brands": setting.brands,
            "views": setting.views,
            "passes": setting.epochs * STEPS * BATCH,
            "seed": SEED,
            "backend": keras.backend.backend(),
        }
        (folder / "networks.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        squares, labels = squares_of("test", 400, 4, seed=SEED)
        pairs = choose_pairs(labels, 5000, seed=SEED)
        network = load_network(name, folder=folder)
        features = network.features_of_prepared(squares.astype(np.float32) / 255)
        easy, hard = separation(cosine(features, pairs), pairs)
        print(f"{name}: {len(data)} bytes, AUC on test brands: easy {easy:.4f}, hard {hard:.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
