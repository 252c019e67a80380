"""A small course in a folder of its own, and what stands for pip and uv in tests of the set-up."""

import importlib.util
import os
import pathlib
import shutil
import sys
import venv as venv_module

ROOT = pathlib.Path(__file__).resolve().parents[1]
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
BESIDE = ["start.py", "helpers/course/environment.py", "helpers/course/wheelhouse.py"]
NO_NEWS = "disable"  # found in one command of each set-up only


def load(path):
    """Load a file that is no module of a package, as start.py does."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


start = load(ROOT / "start.py")
environment = start.environment
wheelhouse = load(ROOT / "helpers" / "course" / "wheelhouse.py")


def make_course(root):
    """Make a small course whose execute.py tells how it was started."""
    for name in BESIDE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / "notebooks").mkdir()
    (root / "requirements.txt").write_text("numpy==2.4.0 \\\n    --hash=sha256:00\n")
    (root / "requirements-deep.txt").write_text("keras==3.15.1 \\\n    --hash=sha256:00\n")
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "notebooks" / "execute.py").write_text(
        "import json, os, sys\n"
        "print(json.dumps([sys.argv[1:], sys.prefix, os.getcwd(), dict(os.environ)]))\n"
        "sys.exit(7)\n"
    )
    return root


def make_venv(venv):
    """Make a real but empty .venv; by hand, which takes no time."""
    python, packages = environment.inside(venv)
    base = pathlib.Path(getattr(sys, "_base_executable", sys.executable))
    if os.name == "nt":
        venv_module.create(venv, with_pip=False)
    else:
        python.parent.mkdir(parents=True, exist_ok=True)
        python.symlink_to(base)
        (venv / "pyvenv.cfg").write_text(f"home = {base.parent}\nversion = {RUNNING}.0\n")
    record = packages / "pip-1.0.dist-info" / "RECORD"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text("")


class FakeRunner:
    """Stands for pip and uv: makes an empty .venv and packages, and notes every command."""

    def __init__(self, fail_at=None, error=None):
        self.commands, self.fail_at, self.error = [], fail_at, error
        self.stamps = []

    def __call__(self, command, root):
        venv = root / ".venv"
        self.commands.append(command)
        self.stamps.append(environment.read_stamp(venv))
        if self.fail_at is not None and self.fail_at in command:
            raise self.error
        if "venv" in command:
            make_venv(pathlib.Path(command[-1]))
        elif {"install", "--require-hashes"} <= set(command):
            pins = [pathlib.Path(root / name) for name in command if str(name).endswith(".txt")]
            package = environment.inside(venv)[1] / "package.py"
            package.unlink(missing_ok=True)  # as pip does: never written in place
            package.write_text("".join(path.read_text() for path in pins))
