"""ImageNet weights: loaded the real way without a network, and what stands in for them."""

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

from helpers.deep import imagenet, network, views
from notebooks import NEEDS_DEEP

needs_keras = pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason=NEEDS_DEEP)
PICTURES, _ = views.make_views(range(20_000, 20_003), 1, seed=1)

# Keras reads KERAS_HOME when it is imported, so this runs in a process of its own. The weights are
# not ImageNet's; the file has their name and form, and goes their whole way.
OFFLINE = """
import os, socket, sys
from pathlib import Path

def refuse(*_, **__):
    raise OSError("no network in this test")

socket.socket.connect = refuse
from helpers.deep import imagenet, views
from helpers.deep.keras_extra import require_keras
import numpy as np

keras = require_keras()
keras.utils.set_random_seed(4)
model = keras.applications.MobileNetV2(
    alpha=0.35, include_top=False, pooling="avg", input_shape=(96, 96, 3), weights=None
)
folder = Path(os.environ["KERAS_HOME"]) / "models"
folder.mkdir(parents=True)
path = folder / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5"
pictures, _ = views.make_views(range(20_000, 20_003), 1, seed=1)
without = imagenet.load_features("MobileNetV2").features(pictures)
model.save(path)
kept = imagenet.load_features("MobileNetV2").features(pictures)
named = imagenet.load_features("MobileNetV2", weights=path).features(pictures)
print(without.shape, kept.shape, np.array_equal(kept, named), np.linalg.norm(kept, axis=1).round(4))
"""


@needs_keras
def test_kept_weights_are_loaded_without_a_network_and_missing_ones_are_told(tmp_path):
    env = os.environ | {"KERAS_HOME": str(tmp_path / "keras")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OFFLINE], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    told = next(line for line in lines if line.startswith("MobileNetV2 is not used."))
    assert "Its weights could not be loaded" in told
    assert "The course's own network stands in for it." in lines
    assert lines[-1] == "(3, 64) (3, 1280) True [1. 1. 1.]"
    assert sum(line.startswith("MobileNetV2 is not used.") for line in lines) == 1


def test_without_keras_the_own_network_stands_in_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BACKEND", "no such backend")
    found = imagenet.load_features("MobileNetV2").features(PICTURES)
    assert np.array_equal(found, network.load_network("classifier").features(PICTURES))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("MobileNetV2 is not used. ")
    assert second == "The course's own network stands in for it."


def test_networks_of_the_course_are_loaded_by_the_same_call(capsys):
    found = imagenet.load_features("tower").features(PICTURES)
    assert np.array_equal(found, network.load_network("tower").features(PICTURES))
    assert capsys.readouterr().out == ""


def test_other_names_and_files_are_refused_in_words(tmp_path):
    with pytest.raises(ValueError, match="There is no network 'AlexNet'"):
        imagenet.load_features("AlexNet")
    with pytest.raises(FileNotFoundError, match="is not there"):
        imagenet.load_features("MobileNetV2", weights=tmp_path / "weights.h5")
