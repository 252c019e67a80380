"""Find wide, moderate changes: noise averages out over a window, a change of colour does not.

Lesson 10.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from helpers.grayscale import to_gray
from helpers.loading import Image
from helpers.tone import largest_channel, largest_difference

CELL = 4  # pixels of the halved pictures: 8 of the picture
STRIP = 128  # rows of the picture that are measured at a time
WINDOWS = 2, 4, 8  # cells: 16, 32 and 64 pixels
SPREAD = 0.4  # of the spread inside a window that its mean has to exceed too
BEYOND = 5.0  # gray levels: JPEG of quality 50 moves a flat colour by 4
LOCAL, INK_WINDOW = 9, 16  # cells: what the ink stands out of, and where it is compared (128 px)
LEAST_INK = 1.0  # gray level by which cells of a window stand out; a smooth gradient's do by .4
T = 9  # the slope, at least, in units of its error
LEAST_SLOPE = 0.05  # of the contrast: JPEG of quality 90 keeps it to .03
INKED, CALM = 8, 0.25  # contrast of cells with ink; the share of them that is taken as unchanged
NOISE, MOST_NOISE = 0.8, 2.3  # times that spread; gray levels: a change looks like more
ROUNDING = 0.15  # gray levels by which the mean of a cell is wrong
GRAY = np.float32([[0.114, 0.587, 0.299]])  # BT.601, as in `to_gray`
PART = 0.5  # of what its window has in the mean that a cell of the change has itself
SEEN = 2  # gray levels from which a pixel of such a cell belongs to the change


class Windows:
    """Two pictures at half their size, to be compared by the means of windows.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width, 3)
        BGR pictures of one size, aligned, of one tone.
    """

    def __init__(self, first: Image, second: Image) -> None:
        self._shape = height, _ = first.shape[:2]
        # Strips save memory, and fresh memory takes long. All cells must be of whole rows.
        strip = STRIP if height % (2 * CELL) == 0 else height
        strips = [slice(top, top + strip) for top in range(0, height, strip)]
        measured = [_measured(first[rows], second[rows]) for rows in strips]
        self._mean, self._spread, self._ink, self._contrast, self._seen = (
            cv2.vconcat(parts) for parts in zip(*measured, strict=True)
        )

    def find_wide(self) -> Image:
        """Mark where the mean difference of a window is more than its noise explains.

        Storing, noise, resampling and a small move change pixels up and down, so that their mean
        over a window stays near 0. What was given another colour differs with one sign.

        Returns
        -------
        ndarray of uint8, shape (height, width)
            255 = belongs to a wide change.
        """
        mean, square = self._mean, self._spread**2 + self._mean**2
        found = np.zeros(mean.shape, np.float32)
        for window in WINDOWS:
            means = cv2.blur(mean, (window, window))
            if cv2.norm(means, cv2.NORM_INF) < BEYOND:
                continue
            means = np.abs(means)
            spread = np.sqrt(np.maximum(cv2.blur(square, (window, window)) - means**2, 0))
            beyond = means / (1 + SPREAD * spread) >= BEYOND
            found = np.maximum(found, _around(beyond, means, window))
        return self._marked((np.abs(mean) >= PART * found) & (found > 0))

    def find_ink(self, explained: Image, *, least: float) -> Image:
        """Mark where text and lines have more ink than before, or less: other colour or width.

        Storing, rendering and resampling move ink by part of a pixel, so that the means of cells
        keep the contrast they had. In a window the contrast of the one picture's cells is fitted
        by that of the other's; Student's t tells whether the slope can be 1.

        Parameters
        ----------
        explained : ndarray of uint8, shape (height, width)
            Above 0 where the pictures are known to differ otherwise.
        least : float
            Gray levels by which the cells have to differ beyond the noise of their pixels.

        Returns
        -------
        ndarray of uint8, shape (height, width)
            255 = belongs to such a change.
        """
        apart = cv2.transform(self._mean, GRAY)
        size = apart.shape[1::-1]
        apart[cv2.resize(explained, size, interpolation=cv2.INTER_AREA) > 0] = 0
        ink, apart = (image - cv2.blur(image, (LOCAL, LOCAL)) for image in (self._ink, apart))
        products = ink * ink, ink * apart, apart * apart
        ink_ink, ink_apart, apart_apart = (cv2.blur(p, (INK_WINDOW,) * 2) for p in products)
        ink_ink = np.maximum(ink_ink, ROUNDING)
        slope = ink_apart / ink_ink
        left = np.maximum(apart_apart - slope * ink_apart, 0) + ROUNDING**2
        t = np.abs(ink_apart) * INK_WINDOW / np.sqrt(ink_ink * left)
        effect = np.abs(slope) * np.sqrt(ink_ink)
        inked = cv2.transform(self._spread, GRAY)[self._contrast > INKED]
        noise = NOISE * np.quantile(inked, CALM) if inked.size else 0
        beyond = (t >= T) & (np.abs(slope) >= LEAST_SLOPE) & (ink_ink >= LEAST_INK**2)
        beyond &= effect >= least + min(noise, MOST_NOISE)
        found = _around(beyond, effect, INK_WINDOW)
        return self._marked((np.abs(apart) >= PART * found) & (found > 0))

    def _marked(self, cells: NDArray[np.bool_]) -> Image:
        """Mark the pixels that differ in some cells."""
        cells = cells.astype(np.uint8)
        cells = largest_channel(cells) if cells.ndim == 3 else cells
        if not cells.any():
            return np.zeros(self._shape, np.uint8)
        there = _resized(cells, self._seen.shape)
        return _resized(cv2.copyTo(self._seen, there), self._shape)


def _measured(first: Image, second: Image) -> tuple[NDArray, ...]:
    """Measure the cells of two pictures: by what they differ, their ink; and where pixels differ.

    Returns
    -------
    mean, spread : ndarray of float32, shape (rows, columns, 3)
        Of the difference.
    ink, contrast : ndarray of float32, shape (rows, columns)
        Mean and spread of the gray levels of both pictures, so that their order does not matter.
    seen : ndarray of uint8, shape (height / 2, width / 2)
        255 where pixels differ.
    """
    size = [max(side // 2, 1) for side in first.shape[1::-1]]
    first, second = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (first, second)
    )
    both = to_gray(cv2.addWeighted(first, 0.5, second, 0.5, 0))
    return (
        *_cells(cv2.subtract(first, second, dtype=cv2.CV_32F)),
        *_cells(both.astype(np.float32)),
        cv2.inRange(largest_difference(first, second), SEEN, 255),
    )


def _cells(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Measure the mean of each cell and the spread of its pixels."""
    mean, square = _in_cells(values), _in_cells(cv2.multiply(values, values))
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


def _in_cells(values: NDArray) -> NDArray:
    """Average the pixels of each cell."""
    size = [max(round(side / CELL), 1) for side in values.shape[1::-1]]
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


def _around(beyond: NDArray[np.bool_], means: NDArray[np.float32], window: int) -> NDArray:
    """Give every cell the largest mean of the windows that it is in, of those that are beyond."""
    return cv2.dilate(np.where(beyond, means, 0), np.ones((window, window), np.uint8))


def _resized(mask: Image, shape: tuple[int, ...]) -> Image:
    height, width = mask.shape
    if shape != (2 * height, 2 * width):
        return cv2.resize(mask, shape[1::-1], interpolation=cv2.INTER_NEAREST)
    double = np.empty((height, 2, 2 * width), np.uint8)  # the same, in a fourth of the time
    double[:] = cv2.merge([mask, mask]).reshape(height, 1, -1)
    return double.reshape(shape)
