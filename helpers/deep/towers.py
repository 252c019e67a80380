"""The networks of the lessons, in Keras: a tower, a classifier on it, and a siamese network of two.

The backend is open. Keras takes the one that KERAS_BACKEND names; the course installs JAX.
"""

from helpers.deep.keras_extra import require_keras
from helpers.deep.views import SIDE

keras = require_keras()
WIDTHS = (16, 32, 64, 96)  # channels of the four blocks
FEATURES = 64


def build_tower() -> "keras.Model":
    """Build an untrained tower: a picture goes in, a vector comes out.

    Four blocks of convolution, batch normalisation and ReLU. Each convolution takes every second
    place only (stride 2), so that each block halves width and height; pooling would need four
    times the arithmetic for that.

    Returns
    -------
    keras.Model
        (N, 64, 64, 3) from 0 to 1, BGR, to (N, 64), of unit length.
    """
    pictures = maps = keras.Input((SIDE, SIDE, 3))
    for width in WIDTHS:
        maps = keras.layers.Conv2D(width, 3, strides=2, padding="same", use_bias=False)(maps)
        maps = keras.layers.BatchNormalization(momentum=0.9)(maps)
        maps = keras.layers.ReLU()(maps)
    vectors = keras.layers.Dense(FEATURES)(keras.layers.Flatten()(maps))
    return keras.Model(pictures, keras.layers.UnitNormalization()(vectors), name="tower")


def build_classifier(brands: int) -> "keras.Model":
    """Build an untrained classifier: a tower, and a head with one output for each brand.

    Parameters
    ----------
    brands : int
        How many brands it can name.

    Returns
    -------
    keras.Model
        (N, 64, 64, 3) to probabilities (N, brands). Its last two layers are the head.
    """
    tower = build_tower()
    # Vectors of unit length differ by 2 at most, too little for sharp probabilities.
    stretched = keras.layers.Rescaling(16)(tower.output)
    head = keras.layers.Dense(brands, activation="softmax", name="head")(stretched)
    return keras.Model(tower.input, head, name="classifier")


def build_siamese(tower: "keras.Model") -> "keras.Model":
    """Build a siamese network: one tower looks at two pictures, their distance is judged.

    Parameters
    ----------
    tower : keras.Model
        As `build_tower` gives it. Both pictures go through the same one, so it has its weights
        only once.

    Returns
    -------
    keras.Model
        [first, second], each (N, 64, 64, 3), to the probability of the same brand (N, 1).
    """
    first, second = keras.Input((SIDE, SIDE, 3)), keras.Input((SIDE, SIDE, 3))
    apart = keras.layers.Subtract()([tower(first), tower(second)])
    squared = keras.layers.Dot(axes=1)([apart, apart])
    return keras.Model([first, second], keras.layers.Dense(1, activation="sigmoid")(squared))
