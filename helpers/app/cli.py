"""The command `image-diff`. Whatever happens, it ends with a status and a sentence."""

import io
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from types import FrameType, ModuleType

from helpers.app.terminal import TROUBLE, complain, hold_back_libraries, open_standard_streams
from helpers.errors import NO_MEMORY, PictureError, is_lack_of_memory


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 same, 1 different, 2 trouble."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        open_standard_streams()
        evaluates = arguments[:1] == ["evaluate"]
        with _end_by_interrupts():
            command = _import("evaluate" if evaluates else "two_pictures")
            return _run(command, arguments[1:] if evaluates else arguments)
    except KeyboardInterrupt:  # it ends the process, and by that a shell's loop; no traceback
        sys.excepthook = lambda *_: None
        raise
    except (PictureError, OSError) as error:
        complain(error)
    except Exception as error:  # a fault of ours must not look like "different"
        _explain(error)
    return TROUBLE


def _import(name: str) -> ModuleType:
    """Import a command of this room, with NumPy and OpenCV; say it when they cannot be imported."""
    _remove_variables()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # OpenCV gives advice
            return import_module(f"helpers.app.{name}")
    except (Exception, SystemExit) as error:  # anything can be in a file called numpy.py
        import textwrap

        reason = textwrap.shorten(f"{type(error).__name__}: {error}", 200)
        raise PictureError(
            f"NumPy, OpenCV or another library cannot be imported ({reason}). To have them, type "
            "`python start.py` in the folder of the course. A file of yours that is named like a "
            "library, such as numpy.py, hides it: rename it."
        ) from None


def _remove_variables() -> None:
    """Remove the environment variables that OpenCV reads: they abort it, or make it print.

    A number of threads is kept. Our own limits are the ones that hold.
    """
    if "cv2" in sys.modules:  # it has read them
        return
    for name in [name for name in os.environ if name.startswith("OPENCV_")]:
        is_threads = name == "OPENCV_FOR_THREADS_NUM"
        if not (is_threads and re.fullmatch("[0-9]{1,3}", os.environ[name])):
            del os.environ[name]


@contextmanager
def _end_by_interrupts() -> Iterator[None]:
    """Raise `KeyboardInterrupt` also where a library has made another error of it, or nothing."""
    came = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    # What else deals with interrupts is left to, and only the main thread may change it.
    ours = threading.current_thread() is threading.main_thread() and (
        signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield
    except BaseException as error:
        if came or _comes_from_interrupt(error):
            raise KeyboardInterrupt from None
        raise
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if came:
        raise KeyboardInterrupt


def _comes_from_interrupt(error: BaseException | None) -> bool:
    seen = []
    while error is not None and error not in seen:
        if isinstance(error, KeyboardInterrupt):
            return True
        seen.append(error)
        error = error.__cause__ or error.__context__
    return False


def _run(command: ModuleType, arguments: list[str]) -> int:
    import warnings

    options = command.parser().parse_args(arguments)
    with warnings.catch_warnings(), hold_back_libraries():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_, **__: complain(message)
        return command.run(options)


def _explain(error: Exception) -> None:
    if is_lack_of_memory(error):
        complain(NO_MEMORY)
        return
    import traceback

    complain(
        "This is a fault of image-diff, not of your pictures. Report it with the lines that follow."
    )
    for line in "".join(traceback.format_exception(error)).splitlines():
        complain(line)
