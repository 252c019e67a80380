"""What is said when something goes wrong is one line, short, and does nothing to a terminal."""

import os
import pickle

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers
from helpers.errors import brief, printable
from helpers.methods import METHODS

EVIL = "\x1b[31mred\r\n\u202egnp.txt\x9b2J\udcff"


class Liar:
    def __repr__(self):
        raise RuntimeError


@given(st.text())
def test_printable_text_is_one_line_of_letters_and_stays_so(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert not text.isprintable() or shown == text


@pytest.mark.parametrize(
    "value",
    [EVIL, -(10**400), -(10**5000), Liar(), [[Liar()] * 99] * 99],
    ids=["text", "long", "too long to write", "no repr", "deep"],
)
def test_what_was_given_is_said_in_short(value):
    with pytest.raises(helpers.PictureError) as caught:
        helpers.bounding_boxes([], pad=value)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 130


def test_an_array_is_said_in_short():
    assert len(brief(np.zeros((99, 99)))) < 100


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_names_reach_no_terminal_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        helpers.load_image(tmp_path / EVIL)
    with pytest.raises(helpers.PictureError) as folder:
        (tmp_path / "\x1b[2Ja").mkdir()
        helpers.load_image(tmp_path / "\x1b[2Ja")
    with pytest.raises(FileNotFoundError, match="Did you mean") as close:
        helpers.load_image(tmp_path / "\x1b[2Jb")
    assert cv2.imwrite(str(tmp_path / "\x1b[2Jdeep.png"), np.zeros((9, 9), np.uint16))
    with pytest.warns(UserWarning) as warned:
        helpers.load_image(tmp_path / "\x1b[2Jdeep.png")
    for text in (missing.value, folder.value, close.value, warned[0].message):
        assert str(text).isprintable() and "\\x1b[" in str(text)


def test_an_error_can_be_sent_to_another_process():
    error = pickle.loads(pickle.dumps(helpers.PictureError("a\nb")))
    assert str(error) == r"a\nb"


def test_lack_of_memory_is_a_memory_error_whoever_notices(monkeypatch):
    error = cv2.error("Failed to allocate 4000000000 bytes")
    error.code = cv2.Error.StsNoMem

    def fail(*_, **__):
        raise error

    monkeypatch.setitem(METHODS, "classic", fail)
    with pytest.raises(MemoryError, match="There is not enough memory for pictures of this size"):
        helpers.compare(*np.zeros((2, 9, 9), np.uint8), method="classic")
    error.code = cv2.Error.StsBadArg  # a fault of ours: it must not be hidden
    with pytest.raises(cv2.error):
        helpers.compare(*np.zeros((2, 9, 9), np.uint8), method="classic")
