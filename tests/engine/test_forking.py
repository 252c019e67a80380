"""Many processes compare at once: forked after OpenCV had threads, spawned, or of an executor."""

import os
import subprocess
import sys
import threading

import cv2
import numpy as np
import pytest

from helpers import loading
from helpers.forking import COMPARING

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
TIMEOUT = 60  # seconds; a child that waits for threads that are gone never ends
PROGRAM = """
import multiprocessing, os, sys, threading, time, warnings
from concurrent.futures import ProcessPoolExecutor
import cv2
import numpy as np
import helpers

warnings.simplefilter("ignore")  # Python warns of a fork where there are threads


def compare(number):
    rng = np.random.default_rng(number)
    first = cv2.GaussianBlur(rng.integers(0, 256, (500, 700, 3), np.uint8), (0, 0), 2)
    second = first.copy()
    second[100:140, 200 : 240 + 10 * number] ^= 255
    return helpers.compare(first, second).boxes


def with_pool(start):
    context = multiprocessing.get_context(start)
    with context.Pool(2, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        return pool.map(compare, range(10), chunksize=5)


def with_executor(start):
    with ProcessPoolExecutor(2, multiprocessing.get_context(start)) as pool:
        return list(pool.map(compare, range(10), chunksize=5))


def while_others_compare(start):
    def go_on():
        while not ended.is_set():
            compare(0)

    ended = threading.Event()
    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(0.05)
        with multiprocessing.get_context(start).Pool(1) as pool:
            assert pool.apply(compare, (3,)) == compare(3)
    ended.set()
    return [compare(number) for number in range(10)]


if __name__ == "__main__":
    cv2.setNumThreads(4)
    expected = [compare(number) for number in range(10)]
    assert all(expected)
    assert globals()[sys.argv[1]](sys.argv[2]) == expected
    assert cv2.getNumThreads() == 4
"""


@pytest.mark.parametrize(
    ("way", "start"),
    [
        pytest.param("with_pool", "fork", marks=forks),
        pytest.param("with_executor", "fork", marks=forks),
        pytest.param("while_others_compare", "fork", marks=forks),
        pytest.param("with_pool", "spawn", marks=pytest.mark.full),
        ("with_executor", "spawn"),
    ],
)
def test_processes_find_what_one_finds(tmp_path, way, start):
    (tmp_path / "program.py").write_text(PROGRAM)
    environment = {k: v for k, v in os.environ.items() if k != "OPENCV_FOR_THREADS_NUM"}
    with subprocess.Popen(
        [sys.executable, "program.py", way, start],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _, errors = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            end_with_children(process)
            pytest.fail("It hangs.")
    assert process.returncode == 0, errors.decode()


def end_with_children(process):
    if hasattr(os, "killpg"):
        os.killpg(process.pid, 9)
    else:
        process.kill()


@forks
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_reads_pictures_although_another_thread_held_the_lock(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
    held, release = threading.Event(), threading.Event()

    def hold():
        with loading._QUIET_OPENCV, loading._QUIET_OPENCV._lock:
            held.set()
            release.wait(TIMEOUT)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(TIMEOUT)
    child = os.fork()
    if child == 0:
        threading.Timer(10, os._exit, (3,)).start()
        loading.load_image(tmp_path / "a.png")
        os._exit(0 if cv2.utils.logging.getLogLevel() > 0 else 4)
    release.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@forks
def test_a_thread_that_compares_can_fork_itself():
    with COMPARING:
        child = os.fork()
        if child == 0:
            with COMPARING:
                os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
