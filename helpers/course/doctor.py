"""Find what keeps the course from working: `python start.py doctor` runs this file.

It still runs where all else fails: only the standard library and environment.py are needed,
`helpers` is not imported, and the syntax is kept readable for Python 3.6 and later.
"""

import builtins
import importlib.util
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import typing

WINDOWS = os.name == "nt"
HAS_PIP = importlib.util.find_spec("pip") is not None
ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = pathlib.Path(__file__).resolve().with_name("environment.py")
for needed in (ROOT / "start.py", PLACE):
    if not needed.is_file():
        where = f"{needed.name} in {needed.parent}"
        sys.exit(f"There is no {where}. Run the doctor in the folder of the course.")

# Not by its name: a notebook that runs this file keeps its own paths and modules.
SPEC = importlib.util.spec_from_file_location("environment", str(PLACE))
environment = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(environment)

OURS = os.path.realpath(sys.prefix) == os.path.realpath(str(ROOT / ".venv"))
PYTHON = os.path.relpath(sys.executable, str(ROOT)) if OURS else "python"
HEADLESS = "opencv-python-headless"
OPENCV = (
    "opencv-python",
    "opencv-contrib-python",
    HEADLESS,
    "opencv-contrib-python-headless",
)
FRONT_END = {"7": "1", "8": "3"}  # major versions: ipywidgets, and the jupyterlab_widgets it needs
EXTENSIONS = {  # of JupyterLab, with the package that brings each
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab-widgets",
    "anywidget": "anywidget",
}
PORTS = {"JupyterLab": range(8888, 8939), "Voila": range(8866, 8917)}
NO_SLIDERS = "It draws the sliders in the browser. Without it they stay text."
START = "Close JupyterLab, then type: python start.py"
HINT = """\
If a slider still shows as text ("A slider stands here", "Loading widget..."), reload the page in
the browser. If that does not help, close JupyterLab and type: python start.py"""


class Finding(typing.NamedTuple):
    """Something that keeps the course from working.

    Attributes
    ----------
    what, why, fix : str
        What was found, what it means, and the one command or action that fixes it.
    """

    what: str
    why: str
    fix: str


# What the findings are made from


def read_pins(text):
    """Return the versions, below their packages, that a file of pins sets on this platform."""
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)(?: *; *([^\\\n]+))?", text, flags=re.MULTILINE)
    return {name: version for name, version, marker in lines if applies(marker.strip())}


def applies(marker):
    """Tell whether a pin with this marker counts here; without `packaging` nobody can say."""
    if not marker:
        return True
    try:
        return importlib.import_module("packaging.markers").Marker(marker).evaluate()
    except ImportError:
        return False


def read_installed(folders):
    """Return the versions of each installed package, a set below each name."""
    installed = {}
    for found in importlib.import_module("importlib.metadata").distributions(path=folders):
        name = found.metadata["Name"]
        if name:
            name = re.sub(r"[-_.]+", "-", name).lower()
            installed.setdefault(name, set()).add(found.version)
    return installed


def pip_command(*steps):
    """Return the command that does these steps of pip, with what is there to do them."""
    uv = None if HAS_PIP else "uv"
    if uv and not shutil.which(uv):
        return "Delete the folder .venv, then type: python start.py"
    lines = [" ".join([*environment.pip(verb, PYTHON, uv), options]) for verb, options in steps]
    # The two shells of Windows join commands differently, and both know cmd.
    joined = " && ".join(lines)
    return f'Type: cmd /c "{joined}"' if WINDOWS and lines[1:] else "Type: " + joined


def pip_pinned(*before, pins=environment.PINNED):
    """Return the command that installs the pinned packages, after the steps before it."""
    return pip_command(*before, ("install", " ".join(environment.pinned(pins))))


def pip_opencv():
    """Return the command that takes every OpenCV away and installs the pinned one."""
    sure = "-y " if HAS_PIP else ""
    return pip_pinned(("uninstall", sure + " ".join(OPENCV)))


def run_python(code, folder):
    """Run Python code in a process of its own; return whether it went well and its last line."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    command, env = [sys.executable, "-c", code], environment.variables(ROOT)
    process = subprocess.Popen(command, cwd=str(folder), env=env, **output)
    lines = process.communicate()[0].decode("utf-8", "replace").strip().splitlines()
    last = lines[-1] if lines else f"exit status {process.returncode}"
    return process.returncode == 0, last


def some(names):
    """Name the first few."""
    return ", ".join(names[:4]) + (f", and {len(names) - 4} more" if names[4:] else "")


# The checks


def check_version(version):
    """Find a Python that is too old or too new."""
    if environment.suits(version):
        return []
    what = "This is Python {}.{}.".format(*version[:2])
    why = f"The pinned packages are made for Python {environment.SUITABLE}."
    return [Finding(what, why, "Type: python start.py (it looks for a Python that suits).")]


def check_variables(root, environ):
    """Find variables that start.py does not pass on to the course."""
    names = environment.foreign(environ, root)
    if not names:
        return []
    why = "Meant for other programs, this leads Python, pip or Jupyter away from the course."
    fix = "Start the course with `python start.py`, which leaves this out."
    return [Finding(f"Set here: {some(names)}.", why, fix)]


def check_set_up(root):
    """Find a folder that start.py does not take, or a .venv that it would repair."""
    findings = []
    if environment.cannot_take(root):
        why = "Python, Jupyter or a shell would not find the files of the course in it."
        fix = "Rename it, then type: python start.py"
        findings.append(Finding(environment.cannot_take(root), why, fix))
    foreign = environment.foreign_lock(root / environment.LOCK)
    if foreign:
        why = "start.py changes no file of yours, so it cannot set up anything in this folder."
        findings.append(Finding(foreign, why, "Move it away, then type: python start.py"))
    elif os.path.lexists(str(root / environment.ASIDE)):
        what = "A set-up is running, or was cut short."
        why = f"The .venv before it is in {environment.ASIDE}; the next start brings it back."
        findings.append(Finding(what, why, START))
    elif OURS and (root / ".venv").is_dir() and environment.whats_wrong(root):
        what = f"The .venv here cannot be used as it is: {environment.whats_wrong(root)}."
        why = "Paths in it lead elsewhere. A start repairs them, without network."
        findings.append(Finding(what, why, START))
    return findings


def check_venv(venv):
    """Find that packages are missing, and this Python is not the one of .venv."""
    if not venv.is_dir():
        what = "The folder .venv is missing."
    elif not environment.starts(venv):
        what = "The folder .venv is there, but the Python in it does not run."
    else:
        what = f"This is not the course's Python, which is in .venv, but {sys.executable}."
    why = "The pinned packages are installed into .venv; here some of them are missing."
    return [Finding(what, why, START)]


def check_files(root):
    """Find that files of the course are not where they belong."""
    pairs = environment.read_json(root / "images" / "pairs.json").get("pairs", [])
    pictures = ["images/" + pair[which] for pair in pairs for which in ("first", "second")]
    names = ["helpers/__init__.py", "notebooks/execute.py", "images/pairs.json"]
    names += [environment.PINNED, environment.DEEP]
    missing = [name for name in names + pictures if not (root / name).is_file()]
    if not missing and pairs:
        return []
    what = f"Files of the course are missing: {some(missing)}."
    if not missing:
        what, missing = "images/pairs.json names no pairs.", ["images/pairs.json"]
    why = "Lessons load these files; they were moved, deleted or not copied."
    fix = "Type: git restore {} (without git: unpack the course again)."
    return [Finding(what, why, fix.format(" ".join(missing)))]


def check_working_folder(folder):
    """Find that a notebook does not run where its paths begin."""
    if (pathlib.Path(folder) / ".." / "images" / "pairs.json").is_file():
        return []
    what = f"The notebook works in the folder {folder}."
    why = "Its paths, such as ../images/original_03.png, begin in the course's folder notebooks."
    return [Finding(what, why, "Move the notebook into the folder notebooks and open it there.")]


def check_opencv(installed):
    """Find another OpenCV beside the pinned one, or in its place."""
    found = [name for name in OPENCV if name in installed]
    if found in ([], [HEADLESS]):
        return []
    what = "Installed is {}; pinned is {} alone.".format(" and ".join(found), HEADLESS)
    why = """\
All of these packages write into one folder, cv2, each over the files of the other. To uninstall
just one takes away files of the one that stays."""
    if not found[1:]:
        why = "A second OpenCV must not be installed beside it: both write into one folder, cv2."
    return [Finding(what, why, pip_opencv())]


def check_widgets(installed):
    """Find that the two halves of ipywidgets do not fit together."""
    kernel, front = (installed.get(name, set()) for name in ("ipywidgets", "jupyterlab-widgets"))
    wanted = {FRONT_END.get(version.split(".")[0]) for version in kernel}
    if not kernel or not front or wanted & {version.split(".")[0] for version in front}:
        return []
    what = "ipywidgets {} and jupyterlab_widgets {} do not fit together."
    why = "Python sends the sliders in one form, the browser expects another and shows an error."
    return [Finding(what.format(some(sorted(kernel)), some(sorted(front))), why, pip_pinned())]


def check_packages(pins, installed):
    """Find pinned packages that are missing or have another version."""
    missing = [name for name in pins if name not in installed]
    others = [
        f"{name} {some(sorted(installed[name]))} ({version} is pinned)"
        for name, version in pins.items()
        if name in installed and version not in installed[name]
    ]
    found = ["{}: {}.".format("Missing packages", some(missing))] if missing else []
    if others:
        found.append(f"Packages of another version: {some(others)}.")
    why = "The course is tested with the versions in requirements.txt and no others."
    return [Finding(" ".join(found), why, pip_pinned())] if found else []


def check_deep(root, installed):
    """Find that what `start.py --deep` once installed is not complete any more."""
    deep = environment.read_stamp(root / ".venv").get("deep")
    pins = read_pins((root / environment.DEEP).read_text(encoding="utf-8"))
    findings = [] if deep is None else check_packages(pins, installed)
    why = "Lessons that train networks are tested with the versions in requirements-deep.txt."
    # A set-up that was noted as complete is not looked at again by start.py.
    fix = pip_pinned(pins=environment.DEEP) if deep else START + " --deep"
    return [Finding(found.what, why, fix) for found in findings]


def check_cv2(folder):
    """Find that OpenCV is installed and cannot be imported."""
    went_well, last = run_python("import cv2; cv2.imread", folder)
    if went_well:
        return []
    why = "Files of OpenCV are missing or damaged, or a file of yours is named like one of them."
    if "libGL" in last:
        why = f"""\
This build of OpenCV opens windows on a screen and needs the system's graphics library for that.
The pinned build, {HEADLESS}, needs neither."""
    return [Finding(f"import cv2 fails: {last}", why, pip_opencv())]


def check_helpers(root):
    """Find that the package of the course is another one or cannot be imported."""
    went_well, last = run_python(
        "import helpers; helpers.compare; print(helpers.__file__)", root / "notebooks"
    )
    if went_well and os.path.realpath(last) == os.path.realpath(str(root / "helpers/__init__.py")):
        return []
    fix = pip_command(("install", environment.COURSE))
    if went_well:
        why = "The course was moved or copied, or another package has the same name."
        return [Finding(f"import helpers takes {last}.", why, fix)]
    why = "The course's folder is not known to this Python."
    if "No module named 'helpers'" not in last:
        why, fix = "A file in the folder helpers was changed.", "Type: git status (it names it)."
    return [Finding(f"import helpers fails: {last}", why, fix)]


def check_extensions(folders, own, pins):
    """Find that JupyterLab lacks what draws the sliders, or takes another copy of it."""
    findings = []
    for name, package in EXTENSIONS.items():
        places = [pathlib.Path(str(folder)) / name for folder in [*folders, own]]
        versions = [
            environment.read_json(place / "package.json").get("version") for place in places
        ]
        first = next((version for version in versions if version), None)
        if first is None:
            what = f"The extension {name} of JupyterLab is missing."
            install = f"--force-reinstall --no-deps {package}=={pins.get(package)}"
            findings.append(Finding(what, NO_SLIDERS, pip_command(("install", install))))
        elif versions[-1] and versions[-1] != first:
            place = places[versions.index(first)]
            what = f"JupyterLab takes {name} {first} from {place}."
            why = f"The course has version {versions[-1]}; another one may not draw the sliders."
            findings.append(Finding(what, why, "Move that folder to another place. " + START))
    return findings


def check_settings(folders, levels):
    """Find settings of JupyterLab that switch off what draws the sliders."""
    state = {}
    for folder in reversed(folders):
        disabled = environment.read_json(folder / "page_config.json").get("disabledExtensions", {})
        # Older files hold a list.
        disabled = disabled if isinstance(disabled, dict) else dict.fromkeys(disabled, True)
        state.update({name: (folder, value) for name, value in disabled.items()})
    findings = []
    for name, (folder, value) in state.items():
        if value and name.split(":")[0] in EXTENSIONS:
            what = f"The extension {name} of JupyterLab is switched off in {folder}."
            command = f'{PYTHON} -m jupyterlab.labextensions enable "{name}"'
            level = levels.get(folder, "system")
            findings.append(Finding(what, NO_SLIDERS, f"Type: {command} --level={level}"))
    return findings


def check_kernel(folders, python):
    """Find that the kernel python3, which the lessons ask for, belongs to another Python."""
    own = ["python", "python{}".format(*sys.version_info), "python{}.{}".format(*sys.version_info)]
    specs = [pathlib.Path(str(folder)) / "python3" / "kernel.json" for folder in folders]
    spec = next((spec for spec in specs if spec.is_file()), None)
    command = (environment.read_json(spec).get("argv") or ["nothing"])[0] if spec else "python"
    program = shutil.which(command)
    # Jupyter takes its own Python for a bare name. A .venv links to its Python: compare folders.
    ours = program and pathlib.Path(program).parent == pathlib.Path(python).parent
    if command in own or ours:
        return []
    what = "The kernel python3 in {} starts {}{}."
    gone = "" if program else ", which is not there"
    why = "The lessons ask for the kernel python3, and Jupyter takes this one before the course's."
    fix = "Rename that folder, for example to python3-other. " + START
    return [Finding(what.format(spec.parent, command, gone), why, fix)]


def check_writing(folder):
    """Find that a folder cannot be written to."""
    folder = pathlib.Path(str(folder))
    # Jupyter makes its folders when it needs them.
    while not os.path.lexists(str(folder)) and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            return []
    except OSError as error:
        what = f"The folder {folder} cannot be written to: {error.strerror}."
        why = "JupyterLab stores your notebooks and its own notes there."
        fix = "Make it a folder that belongs to you and is not read-only, or free the disk."
        return [Finding(what, why, fix)]


def is_free(port):
    """Tell whether a program can wait for the browser at this port."""
    with socket.socket() as one:
        if not WINDOWS:
            # A port that was closed a moment ago counts as free, as it does for JupyterLab.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def check_ports(program, ports):
    """Find that no port near the usual one is free."""
    if any(is_free(port) for port in ports):
        return []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    what = f"None of the ports {ports[0]} to {ports[-1]} is free."
    why = f"{program} speaks with the browser through one of them."
    verb = "lab" if program == "JupyterLab" else "app"
    return [Finding(what, why, f"Type: python start.py {verb} --port={free}")]


# All together


def check_jupyter(paths, pins):
    """Check what Jupyter looks for in lists of folders; `paths` is the module that makes them."""
    own, user = pathlib.Path(sys.prefix), pathlib.Path(paths.jupyter_config_dir())
    settings = [pathlib.Path(folder) / "labconfig" for folder in paths.jupyter_config_path()]
    levels = {own / "etc" / "jupyter" / "labconfig": "sys_prefix", user / "labconfig": "user"}
    extensions = own / "share" / "jupyter" / "labextensions"
    findings = check_extensions(paths.jupyter_path("labextensions"), extensions, pins)
    findings += check_settings(settings, levels)
    findings += check_kernel(paths.jupyter_path("kernels"), sys.executable)
    for folder in (paths.jupyter_data_dir(), paths.jupyter_runtime_dir()):
        findings += check_writing(folder)
    return findings


def examine(in_notebook):
    """Make all checks. Where one failed, those that would fail for the same reason are left out."""
    findings = check_version(sys.version_info) or check_files(ROOT)
    if findings:
        return findings
    findings = check_set_up(ROOT)
    if findings:
        return findings
    pins = read_pins((ROOT / environment.PINNED).read_text(encoding="utf-8"))
    installed = read_installed(sys.path)
    packages = check_opencv(installed) or check_widgets(installed)
    packages = packages or check_packages(pins, installed)
    if packages and not OURS:
        return check_venv(ROOT / ".venv")
    packages = packages or (check_deep(ROOT, installed) if OURS else [])
    findings = check_variables(ROOT, os.environ)
    findings += packages or check_cv2(ROOT / "notebooks") or check_helpers(ROOT)
    if "jupyter-core" in installed:
        findings += check_jupyter(importlib.import_module("jupyter_core.paths"), pins)
    findings += check_writing(ROOT) + check_writing(ROOT / "notebooks")
    if in_notebook:
        return findings + check_working_folder(pathlib.Path.cwd())
    for program, ports in PORTS.items():
        findings += check_ports(program, ports)
    return findings


def main(in_notebook):
    """Print what was found and return how many findings there are."""
    findings = examine(in_notebook)
    for number, finding in enumerate(findings, 1):
        lines = "{}. {}\n{}\n{}\n".format(number, *finding).split("\n")
        print("\n".join(map(environment.printable, lines)))
    print(
        "Type commands in a terminal, in the course's folder."
        if findings
        else "The set-up is in order."
    )
    if not in_notebook:
        for program, ports in PORTS.items():
            if not is_free(ports[0]):
                print(f"Port {ports[0]} is in use: {program} takes another.")
        print(HINT)
    return len(findings)


if __name__ == "__main__":
    if hasattr(builtins, "__IPYTHON__"):
        main(in_notebook=True)
    else:
        sys.exit(environment.while_read(lambda: min(main(in_notebook=False), 1)))
