"""Time and memory of the kit's steps against the libraries people use for them today.

    python benchmarks/speed.py

blazediff-ssim takes part where it is installed (``pip install blazediff-ssim``): its map of
hitchhiker's SSIM with a window at each pixel, of the same side as in the others. Prints tables in
Markdown; it takes about two minutes. One thread each. Every round runs all programs in turn, so a
slow moment of the machine meets all of them; ratios are medians over rounds. Memory is the peak of
a process of its own, less what the pair took, as Linux tells it.
"""

import platform
import re
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import skimage
from skimage.metrics import structural_similarity

import helpers
from helpers.errors import is_lack_of_memory
from helpers.methods import METHODS
from helpers.robust import robust
from helpers.similarity import difference_image, ssim, ssim_difference

ROUNDS = {(640, 400): 31, (1920, 1080): 11, (4000, 3000): 5}  # by width and height
PHOTOGRAPHS = "coffee.png", "astronaut.png", "rocket.jpg", "motorcycle_left.png", "chelsea.png"
Pair = tuple[np.ndarray, np.ndarray]

SSIM_PROGRAMS: dict[str, Callable] = {
    "scikit-image": lambda first, second: structural_similarity(first, second, full=True),
    "float map": ssim,
    "8-bit map": ssim_difference,
}
PROGRAMS: dict[str, Callable] = SSIM_PROGRAMS | {
    "robust": robust,
    "robust, strict": partial(robust, ignore_below=0, merge=0),
}
MOST = 200  # bytes a pixel at which a measurement of memory ends
WINDOW = 7  # pixels: side of the windows of scikit-image and of the kit
BLAZEDIFF = "blazediff-ssim"
SSIM_HEADINGS = (
    "size",
    "differs",
    "times faster, float map",
    "times faster, 8-bit map",
    f"times faster, {BLAZEDIFF}",
    "extra B/px, scikit-image",
    "extra B/px, float map",
    "extra B/px, 8-bit map",
    "error of map",
    "error of score",
)


def main() -> None:
    """Print the tables."""
    cv2.setNumThreads(1)
    print(f"{platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"OpenCV {cv2.__version__}, scikit-image {skimage.__version__}\n")
    print_table(
        "SSIM with its map, times faster than scikit-image",
        SSIM_HEADINGS,
        [ssim_row(size, where) for size in ROUNDS for where in PAIRS],
    )
    print_table(
        "The whole comparison, in the time of one SSIM by scikit-image",
        ("size", "second picture", "classic", "robust", "robust, ms"),
        [compare_row(size, name) for size in ROUNDS for name in SECONDS],
    )


def print_table(title: str, headings: tuple[str, ...], rows: list[list[str]]) -> None:
    """Print a table in Markdown, each row as soon as all are known."""
    print(f"## {title}\n")
    for cells in (headings, ["---"] * len(headings), *rows):
        print("| " + " | ".join(cells) + " |")
    print()


def ssim_row(size: tuple[int, int], where: str) -> list[str]:
    """Everything about one pair: ratios of time, bytes a pixel, largest errors."""
    pair = PAIRS[where](photographs(*size))
    seconds = interleaved(SSIM_PROGRAMS | blazediff(pair), pair, ROUNDS[size])
    peak = {name: extra_memory(name, pair) / pair[0].size for name in SSIM_PROGRAMS}
    expected_score, expected = structural_similarity(*pair, full=True)
    score, similarity = ssim(*pair)
    byte_score, difference = ssim_difference(*pair)
    assert byte_score == score
    assert np.array_equal(difference, difference_image(similarity))
    return [
        f"{size[0]} x {size[1]}",
        where,
        *(
            f"{median(np.divide(seconds['scikit-image'], seconds[name])):.1f}"
            if name in seconds
            else "not installed"
            for name in ("float map", "8-bit map", BLAZEDIFF)
        ),
        *(f"{peak[name]:.2f}" for name in SSIM_PROGRAMS),
        f"{np.abs(similarity - expected).max():.0e}",
        f"{abs(score - expected_score):.0e}",
    ]


def compare_row(size: tuple[int, int], name: str) -> list[str]:
    """Time of both methods, boxes and score, against one SSIM with its map on the gray pair."""
    first = cv2.cvtColor(photographs(*size), cv2.COLOR_GRAY2BGR)
    pair = first, SECONDS[name](first)
    gray = [helpers.to_gray(picture) for picture in pair]
    programs = {
        "scikit-image": lambda *_: structural_similarity(*gray, full=True),
        "classic": lambda *pair: METHODS["classic"](*pair),
        "robust": lambda *pair: METHODS["robust"](*pair),
    }
    seconds = interleaved(programs, pair, ROUNDS[size])
    ratios = (np.divide(seconds[method], seconds["scikit-image"]) for method in METHODS)
    robust, classic = (f"{median(ratio):.2f}" for ratio in ratios)
    return [
        f"{size[0]} x {size[1]}",
        name,
        classic,
        robust,
        f"{1000 * median(seconds['robust']):.0f}",
    ]


def blazediff(pair: Pair) -> dict[str, Callable]:
    """Prepare hitchhiker's SSIM with its map: it takes RGBA, which is made before the clock runs.

    Empty when it is not installed.
    """
    try:
        from blazediff_ssim import compare_rgba
    except ImportError:
        return {}
    pixels = [cv2.cvtColor(picture, cv2.COLOR_GRAY2RGBA).tobytes() for picture in pair]
    height, width = pair[0].shape
    how = {"metric": "hitchhikers-ssim", "window_size": WINDOW, "window_stride": 1}
    return {BLAZEDIFF: lambda *_: compare_rgba(*pixels, width, height, return_map=True, **how)}


def interleaved(
    programs: dict[str, Callable], arguments: tuple, rounds: int
) -> dict[str, list[float]]:
    """Seconds of each program in each round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds + 1):
        for name, program in programs.items():
            start = time.perf_counter()
            program(*arguments)
            seconds[name].append(time.perf_counter() - start)
    return {name: values[1:] for name, values in seconds.items()}


def extra_memory(name: str, pair: Pair) -> int | float:
    """Bytes that one of `PROGRAMS` takes at its peak beyond the pair; nan if unknown.

    inf when they are more than `MOST` for each pixel.
    """
    if not Path("/proc/self/status").exists():
        return float("nan")
    with TemporaryDirectory() as folder, get_context("spawn").Pool(1) as pool:
        np.save(Path(folder, "pair.npy"), pair)
        return pool.apply(_extra_memory, (name, Path(folder, "pair.npy")))


def _extra_memory(name: str, file: Path) -> int | float:
    import resource  # where /proc is

    cv2.setNumThreads(1)
    pair = np.load(file)  # as nothing else was made, no freed memory hides what is taken next
    PROGRAMS[name](*pair[:, :20, :20].copy())  # loads the code it needs
    before = _of_process("VmHWM")
    most = _of_process("VmSize") + MOST * pair[0].shape[0] * pair[0].shape[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    try:
        PROGRAMS[name](*pair)
    except (MemoryError, cv2.error) as error:
        if not is_lack_of_memory(error):
            raise
        return float("inf")
    return _of_process("VmHWM") - before


def _of_process(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(rf"{name}:\s*(\d+)", status)[1])


def photographs(width: int, height: int) -> np.ndarray:
    """Build a wall of gray photographs, 640 x 400 pixels each."""
    folder = Path(skimage.__file__).parent / "data"
    pictures = [
        cv2.resize(cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE), (640, 400))
        for name in PHOTOGRAPHS
    ]
    columns, rows = -(-width // 640), -(-height // 400)
    order = [(row * 2 + column) % len(pictures) for row in range(rows) for column in range(columns)]
    lines = [
        np.hstack([pictures[index] for index in order[start : start + columns]])
        for start in range(0, len(order), columns)
    ]
    return np.ascontiguousarray(np.vstack(lines)[:height, :width])


def everywhere(first: np.ndarray) -> Pair:
    """Make a copy that is a little brighter and noisy; return both."""
    noise = np.random.default_rng(1).integers(0, 9, first.shape, dtype=np.uint8)
    return first, cv2.add(first, noise)


def locally(first: np.ndarray) -> Pair:
    """Negate a patch of a fortieth of the width and height of a copy; return both."""
    height, width = (side // 40 for side in first.shape[:2])
    second = first.copy()
    second[10 * height : 11 * height, 25 * width : 26 * width] ^= 255
    return first, second


def stored(first: np.ndarray) -> np.ndarray:
    """Negate the same patch of a copy, and store it as JPEG."""
    encoded = cv2.imencode(".jpg", locally(first)[1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def turned(first: np.ndarray) -> np.ndarray:
    """Turn the stored copy by one degree and shift it."""
    height, width = first.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 1, 1)
    matrix[:, 2] += 5, -3
    return cv2.warpAffine(stored(first), matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


SECONDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "edited": lambda first: locally(first)[1],
    "edited, JPEG": stored,
    "edited, JPEG, turned": turned,
}
PAIRS: dict[str, Callable[[np.ndarray], Pair]] = {"everywhere": everywhere, "locally": locally}


if __name__ == "__main__":
    main()
