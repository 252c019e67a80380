"""Whole processes side by side: from two PNG files to the answer, as somebody types it.

    python benchmarks/cli.py [--npm FOLDER] [--runs N]

The yardstick is `image_diff_article.py`, the recipe as it is taught. Peers run where they are
installed: ImageMagick, and in FOLDER what ``npm install odiff-bin pixelmatch`` puts there. Every
round runs all programs in turn, so a slow moment of the machine meets all of them; ratios are
medians over rounds. Needs Linux or macOS, which tell the peak memory of a process.
"""

# NumPy and OpenCV stay out of this process: on Linux a program counts the peak memory of the
# process that starts it as its own.
import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
SIZES = [(1920, 1080), (4000, 3000)]
GROWTH = [(2000, 1500), (3000, 2000), (4000, 3000), (6000, 4000), (8000, 6000)]
PHOTOGRAPHS = "coffee.png", "astronaut.png", "rocket.jpg", "motorcycle_left.png"
EDITS = 8
MIB = 2**20 if sys.platform == "darwin" else 2**10  # in the unit of ru_maxrss


@dataclass
class Program:
    """A command that compares two files.

    In the command, FIRST and SECOND stand for the two files, and OUT for the folder to write to.

    Attributes
    ----------
    name : str
    command : list of str
    out : list of str
        Words to add, so that it writes pictures.
    no_out : list of str
        Words to add, so that it writes none.
    pictures : int
        How many it writes.
    different : int
        Its exit status when the pictures differ.
    """

    name: str
    command: list[str]
    out: list[str]
    pictures: int
    different: int
    no_out: list[str] = field(default_factory=list)

    def run(self, pair: tuple[str, str], *, writing: bool) -> tuple[float, float]:
        """Run it once; returns milliseconds and the peak memory in MiB."""
        with TemporaryDirectory() as folder:
            meanings = {"FIRST": pair[0], "SECOND": pair[1], "OUT": folder}
            meanings["OUT/out.png"] = str(Path(folder, "out.png"))
            words = [*self.command, *(self.out if writing else self.no_out)]
            line = [meanings.get(word, word) for word in words]
            start = time.perf_counter()
            with subprocess.Popen(line, cwd=ROOT, stdout=-3, stderr=-3) as process:
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            milliseconds = 1000 * (time.perf_counter() - start)
            written = len(list(Path(folder).iterdir()))
        if process.returncode != self.different or (writing and written != self.pictures):
            raise SystemExit(f"{line} ended with {process.returncode}, {written} pictures written.")
        return milliseconds, usage.ru_maxrss / MIB


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--npm", type=Path, default=ROOT, help="the folder with node_modules")
    parser.add_argument("--runs", type=int, default=3, help="rounds for each table (default: 3)")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores.")
    with TemporaryDirectory() as folder:
        # Bytecode is kept from the first run on, as in an ordinary installation.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "bytecode"))
        ours = our_programs()
        programs = [*yardsticks(), *ours, *peers(options.npm)]
        for size in SIZES:
            pair = in_another_process(make_pair, size, folder)
            for writing in (False, True):
                print_comparison(programs, pair, size, options.runs, writing=writing)
        print_growth(ours, options.runs, folder)


def yardsticks() -> list[Program]:
    """List the article's script, and the least that a program in Python with OpenCV takes."""
    script = [sys.executable, str(ROOT / "benchmarks" / "image_diff_article.py")]
    files = ["--first", "FIRST", "--second", "SECOND"]
    return [
        Program("the article's script", [*script, *files], ["--out", "OUT"], 4, 0),
        Program("`import cv2`, no more", [sys.executable, "-c", "import cv2"], [], 0, 0),
    ]


def our_programs() -> list[Program]:
    """`image-diff`, once for each method."""
    line = [sys.executable, "-c", "from helpers.methods import METHODS; print(*METHODS)"]
    methods = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    command = [sys.executable, "-m", "helpers", "--first", "FIRST", "--second", "SECOND"]
    return [
        Program(f"image-diff, {method}", [*command, "--method", method], ["--out", "OUT"], 4, 1)
        for method in methods.split()
    ]


def peers(npm: Path) -> list[Program]:
    """Those that are installed; says which are not."""
    programs = []
    files, out = ["FIRST", "SECOND"], ["OUT/out.png"]
    # The program itself, without the script for Node that stands in front of it.
    if native := next(npm.glob("node_modules/@odiff/*/odiff*"), None):
        programs.append(Program("odiff", [str(native), *files], out, 1, 22))
    script = npm / "node_modules" / "pixelmatch" / "bin" / "pixelmatch"
    if script.exists() and (node := shutil.which("node")):
        programs.append(Program("pixelmatch", [node, str(script), *files], out, 1, 66))
    magick, compare = shutil.which("magick"), shutil.which("compare")  # version 7, version 6
    if magick or compare:
        command = [*([magick, "compare"] if magick else [compare]), "-metric", "AE", "-fuzz", "10%"]
        programs.append(Program("ImageMagick", [*command, *files], out, 1, 1, no_out=["null:"]))
    missing = {"odiff", "pixelmatch", "ImageMagick"} - {program.name for program in programs}
    for name in sorted(missing):
        print(f"{name} is not installed and left out.")
    return programs


def in_another_process(function, *arguments):
    """Call `function` where the memory that it takes does not count for the programs measured."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def make_pair(size: tuple[int, int], folder: str) -> tuple[str, str]:
    """Write four photographs as one PNG, and a second with small squares copied elsewhere."""
    import cv2
    import numpy as np
    import skimage

    width, height = size
    data = Path(skimage.__file__).parent / "data"
    quarter = width // 2, height // 2
    a, b, c, d = (
        cv2.resize(cv2.imread(str(data / name)), quarter, interpolation=cv2.INTER_CUBIC)
        for name in PHOTOGRAPHS
    )
    first = np.vstack([np.hstack([a, b]), np.hstack([c, d])])
    second = first.copy()
    side = height // 20
    random = np.random.default_rng(0)
    for _ in range(EDITS):
        (y, to_y), (x, to_x) = (random.integers(0, limit - side, 2) for limit in (height, width))
        second[to_y : to_y + side, to_x : to_x + side] = first[y : y + side, x : x + side]
    paths = tuple(f"{folder}/{place}_{width}x{height}.png" for place in ("first", "second"))
    for path, image in zip(paths, (first, second), strict=True):
        cv2.imwrite(path, image)
    return paths


def print_comparison(
    programs: list[Program],
    pair: tuple[str, str],
    size: tuple[int, int],
    rounds: int,
    *,
    writing: bool,
) -> None:
    """One table: each program's time, memory, and how they stand to those of the first."""
    print(f"\n{size[0]} x {size[1]}, {'pictures written' if writing else 'no pictures written'}\n")
    print("| program | pictures | ms | times as fast | MiB | share of memory |")
    print("| --- | --- | --- | --- | --- | --- |")
    programs = [program for program in programs if program.pictures or not writing]
    for program in programs:  # a round that does not count: it fills the caches
        program.run(pair, writing=writing)
    runs = [[program.run(pair, writing=writing) for program in programs] for _ in range(rounds)]
    for place, program in enumerate(programs):
        times = [run[place][0] for run in runs]
        memory = [run[place][1] for run in runs]
        faster = median(run[0][0] / run[place][0] for run in runs)
        share = median(run[place][1] / run[0][1] for run in runs)
        print(
            f"| {program.name} | {program.pictures if writing else 0} | {median(times):.0f} "
            f"| {faster:.2f} | {median(memory):.0f} | {share:.2f} |"
        )


def print_growth(programs: list[Program], rounds: int, folder: str) -> None:
    """How the time grows with the pixels: linear when the last columns stay the same."""
    print("\nNo pictures written, by size\n")
    names = [program.name for program in programs]
    print("| million pixels |", " | ".join(f"{name}, ms | ms a million" for name in names), "|")
    print("| --- |" + " --- | --- |" * len(names))
    for width, height in GROWTH:
        pair = in_another_process(make_pair, (width, height), folder)
        millions = width * height / 1e6
        runs = [
            [program.run(pair, writing=False)[0] for program in programs] for _ in range(rounds)
        ]
        times = [median(run[place] for run in runs) for place in range(len(programs))]
        cells = " | ".join(f"{time:.0f} | {time / millions:.1f}" for time in times)
        print(f"| {millions:.0f} | {cells} |")


if __name__ == "__main__":
    main()
