"""How well similarities tell the same from the different: AUC, equal error rate, retrieval.

The curves are scikit-learn's.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score, roc_curve

from helpers.deep.pairs import Pairs


class Separation(NamedTuple):
    """The separation of brands by one method.

    Attributes
    ----------
    easy, hard : float
        AUC: how often a pair of the same brand is more similar than a pair of two brands, and
        than a pair of a brand and its sister. 0.5 is guessing, 1 is perfect.
    """

    easy: float
    hard: float


def separation(similarity: NDArray, pairs: Pairs) -> Separation:
    """Return the AUC against easy and against hard pairs.

    Parameters
    ----------
    similarity : ndarray of float, shape (N,)
        One for each pair; the larger, the more alike.
    pairs : Pairs

    Returns
    -------
    Separation
    """
    scores = []
    for kind in ("easy", "hard"):
        used = pairs.same | (pairs.kind == kind)
        scores.append(float(roc_auc_score(pairs.same[used], similarity[used])))
    return Separation(*scores)


def equal_error_rate(similarity: NDArray, same: NDArray[np.bool_]) -> tuple[float, float]:
    """Return where as many of the same are refused as different ones are accepted.

    Parameters
    ----------
    similarity : ndarray of float, shape (N,)
    same : ndarray of bool, shape (N,)

    Returns
    -------
    rate, threshold : float
        The share of errors of both kinds, and the smallest similarity that is accepted.
    """
    accepted_wrong, accepted_right, thresholds = roc_curve(same, similarity)
    apart = np.abs(accepted_wrong - (1 - accepted_right))
    place = int(np.argmin(apart))
    rate = (accepted_wrong[place] + 1 - accepted_right[place]) / 2
    return float(rate), float(thresholds[place])


def cosine(features: NDArray, pairs: Pairs) -> NDArray[np.float64]:
    """Return the cosine of the angle between the features of each pair.

    Parameters
    ----------
    features : ndarray of float, shape (N, D)
        Of unit length.
    pairs : Pairs

    Returns
    -------
    ndarray of float64, from -1 to 1
    """
    return np.sum(features[pairs.first] * features[pairs.second], axis=1, dtype=np.float64)
