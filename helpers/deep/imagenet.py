"""Features of networks that were trained on ImageNet, for whoever has the network and Keras.

The course works without them: where they cannot be loaded, the network that comes with it stands
in, and a line says so.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.deep.keras_extra import NeedsKeras, require_keras
from helpers.deep.network import load_network
from helpers.deep.views import prepare
from helpers.loading import Image

OPTIONS = {"MobileNetV2": {"alpha": 0.35}, "ResNet50": {}, "VGG16": {}}
MODULES = {"MobileNetV2": "mobilenet_v2", "ResNet50": "resnet", "VGG16": "vgg16"}
SIDE = 96  # pixels; the smallest for which MobileNetV2 has weights of its own


class Describes(Protocol):
    """Anything that describes pictures: a `Network`, or one of these."""

    def features(self, pictures: Sequence[Image]) -> NDArray[np.float32]:
        """Return vectors of unit length, shape (N, D)."""


class ImageNetFeatures:
    """A network of `keras.applications` without its head.

    Parameters
    ----------
    name : {"MobileNetV2", "ResNet50", "VGG16"}
    weights : "imagenet", Path or None
        Downloaded once and then kept by Keras in `$KERAS_HOME/models`; or a file; None leaves the
        network untrained.
    """

    def __init__(self, name: str, weights: str | os.PathLike | None) -> None:
        applications = require_keras().applications
        self._prepare = getattr(applications, MODULES[name]).preprocess_input
        self._model = getattr(applications, name)(
            include_top=False,
            pooling="avg",
            input_shape=(SIDE, SIDE, 3),
            weights=os.fspath(weights) if isinstance(weights, os.PathLike) else weights,
            **OPTIONS[name],
        )

    def features(self, pictures: Sequence[Image]) -> NDArray[np.float32]:
        """Describe pictures of logos by vectors of unit length, shape (N, D)."""
        squares = [cv2.resize(square, (SIDE, SIDE)) for square in prepare(pictures)]
        rgb = np.array(squares)[..., ::-1] * 255
        found = self._model.predict(self._prepare(rgb), batch_size=64, verbose=0)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return found / np.maximum(lengths, np.finfo(np.float32).tiny)


def load_features(name: str = "classifier", *, weights: Any = "imagenet") -> Describes:
    """Load what describes pictures.

    Parameters
    ----------
    name : str
        "tower" or "classifier", which come with the course; or "MobileNetV2", "ResNet50" or
        "VGG16", which were trained on the photographs of ImageNet and need Keras.
    weights : "imagenet" or Path
        For the latter: download them (14 to 94 MB, once), or take this file.

    Returns
    -------
    Describes
        The course's "classifier" when another cannot be loaded; a printed line says why.

    Raises
    ------
    ValueError
        There is no network of this name.

    References
    ----------
    M. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018.
    """
    if name not in OPTIONS:
        return load_network(name)
    if isinstance(weights, Path) and not weights.is_file():
        raise FileNotFoundError(f"{weights} is not there. Give the path of a file of weights.")
    try:
        return ImageNetFeatures(name, weights)
    except NeedsKeras as error:
        reason = str(error)
    except Exception as error:  # no network, a proxy, a full disk: Keras raises many kinds
        reason = f"Its weights could not be loaded ({type(error).__name__}: {str(error)[:80]})."
    print(f"{name} is not used. {reason}\nThe course's own network stands in for it.")
    return load_network("classifier")
