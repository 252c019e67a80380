"""Peak memory of a comparison beyond its two pictures, in bytes a pixel.

    python benchmarks/memory.py

Prints a table in Markdown. Each pair is compared in a process of its own, as Linux tells it.
"""

import cv2
import numpy as np
from speed import MOST, extra_memory, locally, photographs, print_table, stored, turned

SIZES = (1920, 1080), (4000, 3000)  # width, height


def main() -> None:
    """Print the table."""
    rows = []
    for name, (program, make) in PAIRS.items():
        row = [name]
        for size in SIZES:
            first = cv2.cvtColor(photographs(*size), cv2.COLOR_GRAY2BGR)
            extra = extra_memory(program, (first, make(first))) / (size[0] * size[1])
            row.append(f"over {MOST}" if extra == float("inf") else f"{extra:.1f}")
        rows.append(row)
    sizes = (f"{width} x {height}, B/px" for width, height in SIZES)
    print_table("Memory of a comparison beyond its pictures", ("second picture", *sizes), rows)


def edited(first: np.ndarray) -> np.ndarray:
    """Negate a patch of a copy."""
    return locally(first)[1]


def noisy(first: np.ndarray) -> np.ndarray:
    """Add noise of 60 levels to a copy: every pixel differs, and no two alike."""
    noise = 60 * np.random.default_rng(1).standard_normal(first.shape, np.float32)
    return np.clip(first + noise, 0, 255).astype(np.uint8)


def dotted(first: np.ndarray) -> np.ndarray:
    """Negate the upper bit of 2 x 2 pixels of every 3 x 3: a ninth as many pieces as pixels."""
    second = first.copy()
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        second[corner[0] :: 3, corner[1] :: 3] ^= 128
    return second


def nested(first: np.ndarray, thick: int) -> np.ndarray:
    """Draw corners into a copy, one in the other: many pieces whose boxes are nearly the picture.

    They are `thick` pixels thick, and so far from each other.
    """
    second = first.copy()
    for corner in range(0, min(first.shape[:2]) - thick, 2 * thick):
        second[corner:, corner : corner + thick] ^= 128
        second[corner : corner + thick, corner + thick :] ^= 128
    return second


PAIRS = {
    "edited": ("robust", edited),
    "edited, JPEG": ("robust", stored),
    "edited, JPEG, turned": ("robust", turned),
    "noise everywhere": ("robust", noisy),
    "nested corners of 21 px": ("robust", lambda first: nested(first, 21)),
    "nested corners of 2 px, strict": ("robust, strict", lambda first: nested(first, 2)),
    "dots of 2 px, strict": ("robust, strict", dotted),
}


if __name__ == "__main__":
    main()
