"""The older ways to say how alike two pictures are, to set beside learned features.

`describe` gives vectors, compared by the cosine; `compare_pairs` also knows the two ways that need
both pictures, SSIM and ORB.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.feature import hog

from helpers.deep.pairs import Pairs
from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.similarity import ssim

SIDE = 64


def perceptual_hash(picture: Image) -> NDArray[np.float32]:
    """Describe a picture by the signs of its 63 slowest waves.

    Parameters
    ----------
    picture : ndarray of uint8
        BGR or gray.

    Returns
    -------
    ndarray of float32, shape (63,)
        -1 or 1: below or above the median. The cosine of two hashes is 1 - 2 / 63 for each sign
        that differs, the Hamming distance in another unit.

    References
    ----------
    C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
    """
    small = cv2.resize(to_gray(picture), (32, 32), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small.astype(np.float32))[:8, :8].ravel()[1:]  # without the mean brightness
    return np.where(waves > np.median(waves), 1, -1).astype(np.float32)


def colour_histogram(picture: Image) -> NDArray[np.float32]:
    """Describe a picture by how much of it has which colour.

    Parameters
    ----------
    picture : ndarray of uint8
        BGR.

    Returns
    -------
    ndarray of float32, shape (512,)
        The roots of the shares of 8 x 8 x 8 colours, so the length is 1 and the cosine of two is
        their Bhattacharyya coefficient.
    """
    counts = cv2.calcHist([picture], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3)
    return np.sqrt(counts.ravel() / counts.sum())


def edge_histograms(picture: Image) -> NDArray[np.float32]:
    """Describe a picture by the directions of its edges (HOG), in cells of 8 by 8 pixels.

    Parameters
    ----------
    picture : ndarray of uint8
        BGR or gray; reduced to 64 x 64.

    Returns
    -------
    ndarray of float32, shape (1764,)
        Of unit length; zeros where the picture has no edge.

    References
    ----------
    N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", 2005.
    """
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    channels = -1 if small.ndim == 3 else None
    found = hog(small, pixels_per_cell=(8, 8), cells_per_block=(2, 2), channel_axis=channels)
    return (found / max(np.linalg.norm(found), 1e-9)).astype(np.float32)


def ssim_similarity(first: Image, second: Image) -> float:
    """Return the SSIM of two pictures, each reduced to 64 x 64 gray pixels."""
    small = [
        cv2.resize(to_gray(p), (SIDE, SIDE), interpolation=cv2.INTER_AREA) for p in (first, second)
    ]
    return ssim(*small)[0]


Keypoints = tuple[Sequence[cv2.KeyPoint], NDArray[np.uint8] | None]


def find_keypoints(picture: Image) -> Keypoints:
    """Find corners and describe each by 256 bits (ORB), in a picture enlarged to 256 pixels.

    Parameters
    ----------
    picture : ndarray of uint8
        BGR or gray.

    Returns
    -------
    keypoints, descriptors
        The descriptors are None when no corner was found.

    References
    ----------
    E. Rublee, V. Rabaud, K. Konolige, G. Bradski, "ORB: an efficient alternative to SIFT or SURF",
    2011.
    """
    scale = 256 / max(picture.shape[:2])
    large = cv2.resize(to_gray(picture), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(large, *[20] * 4, cv2.BORDER_REPLICATE)  # corners at the rim too
    return cv2.ORB_create(nfeatures=400, edgeThreshold=8, fastThreshold=5).detectAndCompute(
        framed, None
    )


def count_agreeing(first: Keypoints, second: Keypoints) -> int:
    """Count the corners of two pictures that one shift, rotation and scale aligns.

    Parameters
    ----------
    first, second
        As `find_keypoints` gives them.

    Returns
    -------
    int
        Matches that RANSAC accepts; 0 when there are too few to say.

    References
    ----------
    M. A. Fischler, R. C. Bolles, "Random Sample Consensus", 1981.
    """
    if any(descriptors is None or len(descriptors) < 2 for _, descriptors in (first, second)):
        return 0
    nearest = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(first[1], second[1], k=2)
    matches = [best for best, next_best in nearest if best.distance < 0.8 * next_best.distance]
    if len(matches) < 4:
        return 0
    one = np.float32([first[0][match.queryIdx].pt for match in matches])
    other = np.float32([second[0][match.trainIdx].pt for match in matches])
    cv2.setRNGSeed(1)  # RANSAC draws at random
    matrix, agreeing = cv2.estimateAffinePartial2D(one, other, ransacReprojThreshold=8)
    return 0 if matrix is None else int(agreeing.sum())


DESCRIBE: dict[str, Callable[[Image], NDArray[np.float32]]] = {
    "perceptual hash": perceptual_hash,
    "colour histogram": colour_histogram,
    "HOG": edge_histograms,
}


def compare_pairs(method: str, pictures: Sequence[Image], pairs: Pairs) -> NDArray[np.float64]:
    """Compare pairs of pictures in one of the older ways.

    Parameters
    ----------
    method : {"SSIM", "perceptual hash", "colour histogram", "HOG", "ORB"}
    pictures : sequence of ndarray of uint8
        BGR.
    pairs : Pairs

    Returns
    -------
    ndarray of float64
        A similarity for each pair; the larger, the more alike. Scales differ between methods.
    """
    places = list(zip(pairs.first, pairs.second, strict=True))
    if method == "SSIM":
        return np.array([ssim_similarity(pictures[i], pictures[j]) for i, j in places])
    if method == "ORB":
        found = [find_keypoints(picture) for picture in pictures]
        return np.array([count_agreeing(found[i], found[j]) for i, j in places], float)
    vectors = np.array([DESCRIBE[method](picture) for picture in pictures], float)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, 1e-9)  # HOG finds no edge in a blank picture
    return np.sum(vectors[pairs.first] * vectors[pairs.second], axis=1)
