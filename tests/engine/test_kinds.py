"""What a pair shows of how its pictures came to differ."""

import numpy as np
import pytest
from situations import dotted, slanted

from helpers.kinds import find_evidence


def is_exact(first: np.ndarray, second: np.ndarray) -> bool:
    evidence = find_evidence(first, second, np.zeros(first.shape[:2], np.uint8))
    assert evidence.is_digital
    return evidence.is_exact


@pytest.mark.parametrize("scene", [dotted, slanted])
@pytest.mark.parametrize("how", [{"gamma": 0.93}, {"dx": 0.25, "dy": 0.2}, {"times": 3}], ids=str)
def test_shapes_drawn_again_are_not_exact(scene, how):
    assert not is_exact(scene(), scene(**how))


@pytest.mark.parametrize("levels", [4, 12, 60])
def test_shapes_of_another_colour_are_exact(levels):
    first = dotted()
    ink = 1 - first / 255
    assert is_exact(first, (first + levels * ink).round().astype(np.uint8))


def test_much_heavier_strokes_are_exact():
    first = slanted()
    assert is_exact(first, slanted(gamma=0.4))
