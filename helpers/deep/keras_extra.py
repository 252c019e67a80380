"""Keras where it is installed, and one line instead of a traceback where it is not."""

import importlib.util
import json
import os
from importlib import import_module
from pathlib import Path
from types import ModuleType

BACKENDS = ("jax", "tensorflow", "torch")  # those that can train
INSTALL = "close JupyterLab and type: python start.py --deep"
MISSING = f"This lesson trains networks and needs the extra `deep`: {INSTALL}"


class NeedsKeras(Exception):  # noqa: N818
    """Keras or its backend is missing; the message is one line that says what to do."""

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message alone: nothing in the notebook is wrong."""
        return [str(self)]


def require_keras() -> ModuleType:
    """Import Keras with a backend that is installed.

    KERAS_BACKEND chooses the backend. Where it is not set, the backend in the settings of Keras is
    taken if it is installed, else JAX, which comes with the extra `deep`.

    Returns
    -------
    ModuleType
        The module `keras`.

    Raises
    ------
    NeedsKeras
        When Keras or the backend is not there.
    """
    backend = os.environ.get("KERAS_BACKEND") or _choose_backend()
    if not _is_installed("keras") or (backend == "jax" and not _is_installed("jax")):
        raise NeedsKeras(MISSING)
    if backend not in BACKENDS:
        raise NeedsKeras(f"KERAS_BACKEND names {backend}; set it to {' or '.join(BACKENDS)}.")
    if not _is_installed(backend):
        found = f"KERAS_BACKEND names {backend}, which is not installed"
        raise NeedsKeras(f"{found}. To train with JAX, unset it, {INSTALL}")
    os.environ["KERAS_BACKEND"] = backend  # Keras reads it when it is imported.
    try:
        return import_module("keras")
    except ImportError as error:
        raise NeedsKeras(f"import keras fails: {error}. To mend it, {INSTALL}") from error


def _choose_backend() -> str:
    """Return the first of these that is installed: that of the settings, JAX, another one."""
    # Keras writes its settings itself, with TensorFlow in them whatever is installed.
    candidates = (_read_settings().get("backend"), *BACKENDS)
    return next((name for name in candidates if name in BACKENDS and _is_installed(name)), "jax")


def _read_settings() -> dict:
    folder = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    try:
        return dict(json.loads((Path(folder) / "keras.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
