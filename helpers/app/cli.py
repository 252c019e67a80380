"""The command `image-diff`. Whatever happens, it ends with a status and a sentence."""

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from types import ModuleType

from helpers.app.terminal import TROUBLE, complain, open_standard_streams, silence_libraries
from helpers.errors import NO_MEMORY, PictureError, is_lack_of_memory


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 same, 1 different, 2 trouble."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        open_standard_streams()
        evaluates = arguments[:1] == ["evaluate"]
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


def _run(command: ModuleType, arguments: list[str]) -> int:
    import warnings

    options = command.parser().parse_args(arguments)
    with warnings.catch_warnings(), silence_libraries():
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
