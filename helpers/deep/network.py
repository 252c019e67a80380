"""The networks that come with the course, through `cv2.dnn`: no deep-learning framework is needed.

They are made by `python -m helpers.deep.train`, which also writes `networks.json`: how each was
trained, what it reached, and its SHA-256.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.deep.views import prepare
from helpers.loading import Image

FOLDER = Path(__file__).with_name("networks")
FEATURES = 64
BATCH = 256  # pictures in one pass; more would only take memory


class NetworkError(ValueError):
    """A file of a network cannot be used. The text says what was found and what to do."""


class Network:
    """A trained network.

    Parameters
    ----------
    net : cv2.dnn.Net
        Takes (N, 3, 64, 64), BGR from 0 to 1. Gives "features" (N, 64).
    made : mapping of str to int or str, optional
        How it was made: brands, views of each, passes, seed, backend, bytes, SHA-256.
    """

    def __init__(self, net: cv2.dnn.Net, made: Mapping[str, int | str] | None = None) -> None:
        self._net = net
        self.made = made or {}

    def features(self, pictures: Sequence[Image]) -> NDArray[np.float32]:
        """Describe pictures of logos by vectors; those of similar logos point the same way.

        Parameters
        ----------
        pictures : sequence of ndarray of uint8
            BGR or gray, of any size; `prepare` cuts each to its content.

        Returns
        -------
        ndarray of float32, shape (N, 64)
            Of unit length: the product of two is the cosine of the angle between them.

        Raises
        ------
        PictureError
            One of them is no picture, or is too small.
        """
        return self.features_of_prepared(prepare(pictures))

    def features_of_prepared(self, squares: NDArray[np.float32]) -> NDArray[np.float32]:
        """Describe pictures that `prepare` has made, of shape (N, 64, 64, 3)."""
        if not len(squares):
            return np.empty((0, FEATURES), np.float32)
        channels_first = np.ascontiguousarray(squares.transpose(0, 3, 1, 2))
        found = []
        for start in range(0, len(squares), BATCH):
            self._net.setInput(channels_first[start : start + BATCH])
            found.append(self._net.forward("features").copy())
        features = np.concatenate(found)
        return features / np.linalg.norm(features, axis=1, keepdims=True)


def load_network(name: str = "tower", *, folder: Path = FOLDER) -> Network:
    """Load a network that comes with the course.

    Parameters
    ----------
    name : {"tower", "classifier"}
        "tower" was trained with the supervised contrastive loss, "classifier" to name the brands
        it was trained on.
    folder : Path
        Where `networks.json` and the files are.

    Returns
    -------
    Network

    Raises
    ------
    NetworkError
        There is no such network, its file is missing, cut off, or is not the one that was made.
    """
    known = json.loads((folder / "networks.json").read_text(encoding="utf-8"))
    if name not in known:
        raise NetworkError(f"There is no network {name!r}. Give one of: {', '.join(known)}.")
    path = folder / f"{name}.onnx"
    if not path.is_file():
        raise NetworkError(f"{path.name} is missing. Get it back: git checkout {path.name}")
    data = path.read_bytes()
    size, digest = known[name]["bytes"], hashlib.sha256(data).hexdigest()
    if len(data) != size:
        raise NetworkError(
            f"{path.name} has {len(data)} bytes, and {size} are expected: it is cut off or another "
            f"file. Get it back: git checkout {path.name}"
        )
    if digest != known[name]["sha256"]:
        raise NetworkError(
            f"{path.name} is not the network that was made: its SHA-256 begins with {digest[:12]}, "
            f"{known[name]['sha256'][:12]} is expected. Get it back: git checkout {path.name}"
        )
    buffer = np.frombuffer(data, np.uint8)
    return Network(cv2.dnn.readNetFromONNX(buffer, cv2.dnn.ENGINE_AUTO), known[name])
