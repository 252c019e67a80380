"""Training of towers: batches with sisters in them, and the best weights kept.

`fit` is `keras.Model.fit` with two additions: after each epoch the tower is judged on brands it is
not trained on, and what was best by then is kept, also when training is stopped half-way.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.deep.keras_extra import require_keras
from helpers.deep.metrics import cosine, separation
from helpers.deep.pairs import Pairs

keras = require_keras()
FAMILIES, VIEWS = 16, 4  # in a batch: 16 brands, their sisters, 4 pictures of each
BATCH = FAMILIES * 2 * VIEWS


class Batches(keras.utils.PyDataset):
    """Batches of 128 pictures: 16 brands and their sisters, four views of each.

    Parameters
    ----------
    squares : ndarray, shape (N, 64, 64, 3)
        As `prepare` gives them; uint8 from 0 to 255 saves memory and is divided here.
    labels : ndarray of int64, shape (N,)
        Numbers of brands, sisters among them, as many views of each, one brand after the other.
    steps : int
        Batches in an epoch.
    seed : int
        Decides which pictures are in which batch.

    Raises
    ------
    ValueError
        There are too few brands or views for a batch, or a sister is missing.
    """

    def __init__(
        self, squares: NDArray, labels: NDArray[np.int64], *, steps: int, seed: int
    ) -> None:
        super().__init__()
        families, counts = np.unique(labels // 2, return_counts=True)
        views = int(counts[0]) // 2
        whole = np.repeat(np.sort(np.concatenate([2 * families, 2 * families + 1])), views)
        if len(families) < FAMILIES or views < VIEWS or not np.array_equal(labels, whole):
            raise ValueError(
                f"{len(families)} families of brands with {views} views of each brand were given. "
                f"Expected are {FAMILIES} families or more, both sisters of each, in the order of "
                f"their numbers, with {VIEWS} views or more of every brand, as make_views gives "
                "them for the brands of a split."
            )
        self._squares, self._labels, self._views = squares, labels, views
        self._families, self._steps = len(families), steps
        self._rng = np.random.default_rng([23, seed])

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, _: int) -> tuple[NDArray, NDArray]:
        chosen = self._rng.choice(self._families, FAMILIES, replace=False)
        brands = np.concatenate([2 * chosen, 2 * chosen + 1])
        views = [self._rng.choice(self._views, VIEWS, replace=False) for _ in brands]
        places = (brands[:, None] * self._views + np.array(views)).ravel()
        squares = self._squares[places]
        if squares.dtype == np.uint8:
            squares = squares.astype(np.float32) / 255
        return squares, self._labels[places]


class KeepBest(keras.callbacks.Callback):
    """A callback that scores the tower after each epoch and remembers its best weights.

    Parameters
    ----------
    tower : keras.Model
        What is judged; the model that is trained, or a part of it.
    squares : ndarray of float32, shape (N, 64, 64, 3)
        Pictures of validation brands.
    pairs : Pairs
        Of them. The mean of both AUCs is what counts.
    """

    def __init__(self, tower: "keras.Model", squares: NDArray, pairs: Pairs) -> None:
        super().__init__()
        self._tower, self._squares, self._pairs = tower, squares, pairs
        self.best, self.epoch, self._weights = -1.0, 0, tower.get_weights()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Add both AUCs to what Keras reports."""
        features = self._tower.predict(self._squares, batch_size=128, verbose=0)
        easy = hard = float("nan")  # where training has run away; such weights are never best
        if np.isfinite(features).all():
            easy, hard = separation(cosine(features, self._pairs), self._pairs)
        logs["easy"], logs["hard"] = easy, hard
        if (easy + hard) / 2 > self.best:
            self.best, self.epoch = (easy + hard) / 2, epoch + 1
            self._weights = self._tower.get_weights()

    def restore(self) -> None:
        """Give the tower its best weights back."""
        self._tower.set_weights(self._weights)


def fit(
    model: "keras.Model",
    *data: Any,
    tower: "keras.Model | None" = None,
    validation: tuple[NDArray, Pairs],
    callbacks: Sequence["keras.callbacks.Callback"] = (),
    **options: Any,
) -> dict[str, list[float]]:
    """Train a compiled model and keep the tower's best weights.

    Interrupt the kernel to stop early: the best weights so far are kept then, too.

    Parameters
    ----------
    model : keras.Model
        Compiled.
    *data
        What `model.fit` takes: `Batches`, or pictures and answers.
    tower : keras.Model, optional
        The tower in the model; unless given, the model is one itself.
    validation : tuple of ndarray and Pairs
        Pictures of validation brands as `prepare` gives them, and pairs of them.
    callbacks : sequence of keras.callbacks.Callback
        More of them, after the one that judges.
    **options
        Of `model.fit`, such as epochs.

    Returns
    -------
    dict of str to list of float
        A value for each epoch: "loss", and the AUCs "easy" and "hard".
    """
    keep = KeepBest(model if tower is None else tower, *validation)
    try:
        model.fit(*data, callbacks=[keep, *callbacks], **options)
    except KeyboardInterrupt:
        print(f"Stopped. The weights of epoch {keep.epoch} are kept.")
    keep.restore()
    return model.history.history
