"""Bad files, settings and arguments at random: a process of its own, so that its memory is seen."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.full)])
def test_whatever_is_given_ends_in_an_answer_or_in_words(count):
    command = [sys.executable, "tests/fuzz.py", str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said = re.search(r"^(\d+) cases; the slowest took", done.stdout, re.M)
    assert int(said[1]) >= 0.9 * count, done.stdout
