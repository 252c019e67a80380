"""Losses that learn from all pairs inside a batch.

Each takes the numbers of the brands of N pictures and their vectors, and looks at all N (N - 1) / 2
pairs: 128 pictures pass the tower 128 times and give 8128 pairs.
"""

from collections.abc import Callable
from typing import Any

from helpers.deep.keras_extra import require_keras

keras = require_keras()
ops = keras.ops
Loss = Callable[[Any, Any], Any]


def _pairs(labels: Any, vectors: Any) -> tuple[Any, Any, Any]:
    """Compute the cosine of each ordered pair, and 1 where it is of one brand, and of two."""
    labels = ops.reshape(labels, (-1,))
    equal = ops.cast(ops.equal(labels[:, None], labels[None, :]), "float32")
    itself = ops.eye(ops.shape(labels)[0], dtype="float32")
    return ops.matmul(vectors, ops.transpose(vectors)), equal - itself, 1 - equal


def _mean(values: Any, chosen: Any) -> Any:
    return ops.sum(values * chosen) / ops.maximum(ops.sum(chosen), 1)


def _mean_of_two_brands(values: Any, other: Any, labels: Any, sisters: float | None) -> Any:
    """Average over pairs of two brands, in which sisters have this share."""
    if sisters is None:
        return _mean(values, other)
    families = ops.reshape(labels, (-1,)) // 2
    hard = other * ops.cast(ops.equal(families[:, None], families[None, :]), "float32")
    return sisters * _mean(values, hard) + (1 - sisters) * _mean(values, other - hard)


def binary_cross_entropy(
    steepness: float = 10, middle: float = 0.5, *, sisters: float | None = None
) -> Loss:
    """Judge each pair by itself, of one brand or of two.

    The probability of the same brand is sigmoid(steepness * (cosine - middle)). Both kinds of
    pairs count as much, though most pairs are of two brands.

    Parameters
    ----------
    steepness : float
        How fast the probability rises with the cosine.
    middle : float
        The cosine at which it is 0.5.
    sisters : float, optional
        Share of sisters in the mean over pairs of two brands, from 0 to 1. Without it each pair
        counts the same, and sisters are lost among the many.

    Returns
    -------
    function of labels (N,) and vectors (N, D) to a number
    """

    def binary_cross_entropy_of_pairs(labels: Any, vectors: Any) -> Any:
        cosine, same, other = _pairs(labels, vectors)
        evidence = steepness * (cosine - middle)
        of_two = _mean_of_two_brands(ops.softplus(evidence), other, labels, sisters)
        return _mean(ops.softplus(-evidence), same) + of_two

    return binary_cross_entropy_of_pairs


def contrastive(margin: float = 1.0, *, sisters: float | None = None) -> Loss:
    """Pull the same together; push others apart until they are `margin` away, then leave them.

    Parameters
    ----------
    margin : float
        A distance; vectors of unit length are at most 2 apart.
    sisters : float, optional
        As for `binary_cross_entropy`.

    Returns
    -------
    function of labels (N,) and vectors (N, D) to a number

    References
    ----------
    R. Hadsell, S. Chopra, Y. LeCun, "Dimensionality Reduction by Learning an Invariant Mapping",
    2006.
    """

    def contrastive_loss(labels: Any, vectors: Any) -> Any:
        cosine, same, other = _pairs(labels, vectors)
        squared = ops.maximum(2 - 2 * cosine, 1e-9)  # the root of 0 has no slope
        missing = ops.maximum(margin - ops.sqrt(squared), 0)
        of_two = _mean_of_two_brands(ops.square(missing), other, labels, sisters)
        return _mean(squared, same) + of_two

    return contrastive_loss


def supervised_contrastive(temperature: float = 0.1) -> Loss:
    """Ask of each picture which of all others show its brand.

    Parameters
    ----------
    temperature : float
        The smaller, the more the nearest of the others count.

    Returns
    -------
    function of labels (N,) and vectors (N, D) to a number

    References
    ----------
    P. Khosla et al., "Supervised Contrastive Learning", 2020.
    """

    def supervised_contrastive_loss(labels: Any, vectors: Any) -> Any:
        cosine, same, other = _pairs(labels, vectors)
        logits = ops.where(same + other > 0, cosine / temperature, -1e9)  # not with itself
        logarithms = logits - ops.logsumexp(logits, axis=1, keepdims=True)
        return -_mean(ops.where(same > 0, logarithms, 0), same)

    return supervised_contrastive_loss
