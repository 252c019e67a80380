"""What is said when something goes wrong: one kind of error, and text that is safe to show.

It needs neither NumPy nor OpenCV, so that it can also say that they are missing.
"""

import reprlib

NO_MEMORY = (
    "There is not enough memory for pictures of this size. Compare smaller ones, or parts of them."
)
LONGEST = 80  # characters of a value
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = LONGEST


class PictureError(ValueError):
    """A picture that cannot be used; the message says what was given and what to do."""

    def __init__(self, message: object = "") -> None:
        super().__init__(printable(message))


def printable(text: object) -> str:
    r"""Escape what would not show as a letter, or would do something to the terminal.

    Parameters
    ----------
    text : object
        Its `str` is taken; often it holds names of files, which can hold anything.

    Returns
    -------
    str
        One line: control characters, line breaks, letters that turn the direction of writing and
        the bytes of names that are not UTF-8 are written as `repr` writes them.

    Examples
    --------
    >>> print(printable("a\x1b[31m\nb\u202e"))
    a\x1b[31m\nb\u202e
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


def brief(value: object) -> str:
    """Return the `repr` of a value that may be anything: short, one line, and never an error.

    Examples
    --------
    >>> print(brief([7] * 1000))
    [7, 7, 7, 7, 7, 7, ...]
    """
    try:
        text = printable(_SHORT.repr(value))
    except Exception:  # an int of more digits than Python writes, or a class whose repr fails
        text = f"of the type {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def is_lack_of_memory(error: BaseException) -> bool:
    """Say whether an error means that there is no memory left: Python's, or that of OpenCV."""
    no_memory = type(error).__module__ == "cv2" and getattr(error, "code", 0) == -4  # StsNoMem
    return no_memory or isinstance(error, MemoryError)
