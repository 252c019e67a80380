"""What `image-diff` prints: results, complaints, and the exit statuses that go with them.

Like `errors` it needs neither NumPy nor OpenCV.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from io import TextIOBase, TextIOWrapper

from helpers.errors import printable

SAME, DIFFERENT, TROUBLE = 0, 1, 2  # as `diff` has them
MOST_LINES, LONGEST_LINE = 5, 200  # of what libraries say; characters


def open_standard_streams() -> None:
    """Open what of stdin, stdout and stderr is closed on the null device.

    The next file that is opened takes the lowest free number. Were that 2, what C libraries say
    would be written into it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


@contextlib.contextmanager
def hold_back_libraries() -> Iterator[None]:
    """Hold back what libpng and libjpeg write to file descriptor 2 about damaged files.

    When the command fails, our own message says it in words, and theirs are dropped. When it does
    not, their first lines follow ours. The descriptor is that of the whole process, so this is for
    the command, which is alone in its process; there `sys.stderr` writes to a copy meanwhile.
    """
    stream = sys.stderr
    if type(stream) is not TextIOWrapper or stream.fileno() != 2:  # a notebook's or a test's
        yield
        return
    stream.flush()
    kept, (reading, writing) = os.dup(2), os.pipe()
    settings = {"encoding": stream.encoding, "errors": stream.errors, "buffering": 1}
    with os.fdopen(kept, "w", **settings) as sys.stderr, os.fdopen(reading, "rb") as pipe:
        if os.name == "nt":  # there a pipe that is full would block
            os.close(writing)
            writing = os.open(os.devnull, os.O_WRONLY)
        else:  # what does not fit is dropped
            os.set_blocking(writing, False)
            os.set_blocking(reading, False)
        os.dup2(writing, 2)
        os.close(writing)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            sys.stderr = stream
        # Only what is there: a program that --show has started may hold the other end.
        said = (pipe.read() or b"").decode(errors="replace").splitlines()
    for line in list(dict.fromkeys(filter(str.strip, said)))[:MOST_LINES]:
        complain(f"a decoder says: {line[:LONGEST_LINE]}")


def show(lines: Iterable[str]) -> None:
    """Print the result.

    Raises
    ------
    OSError
        Not all of it was taken: the disk is full, stdout is closed, or its reader has gone.
    """
    text = "".join(f"{printable(line)}\n" for line in lines)
    try:
        _write(sys.stdout, text, "replace")
    except OSError as error:
        raise OSError(
            f"The result cannot be printed ({error.strerror}). Look at where the output goes."
        ) from None


class Progress:
    """A line on the terminal that says what is being done; where there is no terminal, nothing."""

    def __init__(self) -> None:
        stream = sys.stderr
        self._stream = stream if type(stream) is TextIOWrapper and stream.isatty() else None

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""
        if self._stream is None:
            return
        columns = shutil.get_terminal_size().columns
        short = f"image-diff: {printable(text)}"[: columns - 1]
        # To the start of the line, the text, and clear what is right of it.
        with contextlib.suppress(OSError):
            _write(self._stream, f"\r{short}\x1b[K", "backslashreplace")

    def clear(self) -> None:
        """Take the text away."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                _write(self._stream, "\r\x1b[K", "backslashreplace")


def complain(message: object) -> None:
    """Print a message to stderr, one line; what cannot be printed there is said nowhere."""
    with contextlib.suppress(OSError):
        _write(sys.stderr, f"image-diff: {printable(message)}\n", "backslashreplace")


def _write(stream: TextIOBase | None, text: str, errors: str) -> None:
    """Write all of a text now, with other letters for those that the encoding has not."""
    if stream is None:
        raise OSError(None, "it is closed")
    if type(stream) is not TextIOWrapper:  # a notebook's or a test's
        stream.write(text)
        return
    # Through `stream` itself Python would write again at its end what failed here, and return 120;
    # and with PYTHONUNBUFFERED it would lose what does not fit without an error.
    settings = {"encoding": stream.encoding, "errors": errors, "closefd": False}
    with os.fdopen(stream.fileno(), "w", **settings) as whole:
        whole.write(text)
