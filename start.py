"""Set up this course and start it. `python start.py --help` says how.

Only the standard library is used. The syntax is kept readable for Python 3.6 and later,
so that a Python which is too old can still say which one is needed.
"""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

OLDEST, NEWEST = (3, 11), (3, 13)
VERSIONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
SUITABLE = "{} or {}".format(", ".join(VERSIONS[:-1]), VERSIONS[-1])
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
ROOT = pathlib.Path(__file__).resolve().parent
FIRST_NOTEBOOK = "notebooks/00_spot_the_difference.ipynb"
NEWS = "@jupyterlab/apputils-extension:announcements"
PINNED, DEEP = "requirements.txt", "requirements-deep.txt"
MOST_PROCESSES = 8  # for tests: each may start a kernel or a browser
COURSE = "--no-deps --no-build-isolation -e ."  # what pip installs the course itself with
USAGE = """\
usage: python start.py [lab] [options of jupyter lab]   open the course in JupyterLab
       python start.py app [options of voila]           open the app in the browser
       python start.py doctor                           find what keeps the course from working
       python start.py test [options of pytest]         run the tests that take minutes
       python start.py test --all                       run all tests, and measure what they cover
       python start.py execute [notebooks]              run the notebooks, write their output
       python start.py new 16_compare_two_words         make a lesson from the template

The first start makes .venv beside start.py and installs the pinned packages into it.
With --deep, in any place, it also installs what lessons 22 and 23 train networks with.
To begin from nothing, delete .venv and start again."""

# What a failed step may say (alternatives between bars), and what that means for the reader.
# The first match counts: a failed download is often reported on top of another cause.
MEANINGS = {
    "ensurepip|No module named venv": f"""\
This Python cannot make a complete .venv: its venv or ensurepip module is missing or fails.
On Debian and Ubuntu: sudo apt install python{RUNNING}-venv
If that is there, look whether the disk is full. Then run the same command again.""",
    "DO NOT MATCH THE HASHES|Hash mismatch for": """\
A downloaded package is not the one that the pinned set names: its sha256 differs.
The download may be damaged: run the same command again. If it stays, look whether a
requirements file was edited (git status), or whether a proxy or mirror changes files.""",
    "No space left on device|not enough space on the disk": """\
The disk is full. The set-up needs about 1.5 GB in this folder and in the temporary folder,
and --deep 0.7 GB more. Make room, then run the same command again: it goes on where it stopped.""",
    "Permission denied|PermissionError|Access is denied|Read-only file system": """\
A file could not be written. Close the programs that use .venv, check that this folder
belongs to you and is not read-only, then run the same command again.""",
    "CERTIFICATE_VERIFY_FAILED|invalid peer certificate": """\
The package index was reached, but its certificate is not trusted here. In a company
network, ask for the certificate file and name it in PIP_CERT (for uv: SSL_CERT_FILE).""",
    "new connection|Connection refused|ConnectTimeout|ReadTimeout|timed out|name resolution"
    "|getaddrinfo failed|ProxyError|Connection broken|ConnectionResetError"
    "|Network is unreachable|error sending request|dns error": """\
The package index could not be reached: no network, or a proxy or firewall in between.
The first start needs the network. Check the connection (in a company network also the
variable HTTPS_PROXY), then run the same command again: it goes on where it stopped.""",
    "No matching distribution found|no wheels with a matching": f"""\
A pinned package has no ready-made build for this machine. The course needs a 64-bit
Python {VERSIONS[0]} to {VERSIONS[-1]} on Windows, macOS or Linux; found:
{sys.version} on {sys.platform}.
What --deep installs has none for a Mac with an Intel processor.""",
    "No such file or directory|Long Path": """\
A file that the set-up needs is not there; the last line names it. If it belongs to the course,
get it back (git status shows what is missing). On Windows the path may be too long: move the
course to a folder with a short name.""",
    "": """\
The set-up stopped, and start.py does not know this reason. Run the same command again.
If it stays, delete .venv and start again; if it still stays, report it with these lines.""",
}


class SetupError(Exception):
    """Something the reader can put right. Its text says what was found and what to do."""


def explain(output):
    """Turn what a failed step said into words a reader can use."""
    meanings = MEANINGS.items()
    meaning = next(text for signs, text in meanings if any(s in output for s in signs.split("|")))
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    tail = "\n".join("    " + line[:300] for line in lines[-8:])
    return f"{meaning}\n\nThe last lines of the step that failed:\n{tail}"


def suits(version):
    """Tell whether the pinned packages are made for this version of Python."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def runs(command, code=""):
    """Tell whether this Python starts, and comes to the end of the code without an error."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.call([*command, "-c", code], **quiet) == 0
    except OSError:
        return False


def find_python():
    """Return the command of a suitable Python on the PATH, or None."""
    named = [["python" + version] for version in reversed(VERSIONS)]
    windows = [["py", "-" + version] for version in reversed(VERSIONS)]
    code = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    commands = [*named, *windows, ["python3"], ["python"]]
    return next((command for command in commands if runs(command, code)), None)


def check_python(version, arguments):
    """Stop with clear words when this Python is too old or too new for the pinned packages."""
    if suits(version):
        return
    newest = VERSIONS[-1]
    command, advice = find_python(), "A Python that suits is here. Type:"
    if not command and shutil.which("uv"):
        command, advice = ["uv", "run", "--no-project", "--python", newest], "Type:"
    if not command:
        advice = f"Install Python {newest} (from python.org or your system's packages), then type:"
    line = " ".join([*(command or ["python" + newest]), "start.py", *arguments])
    found = f"This is Python {version[0]}.{version[1]}"
    raise SetupError(f"{found}. The course needs Python {SUITABLE}.\n{advice} {line}")


def inside(venv, system=os.name):
    """Return the interpreter and the folder of the packages of a virtual environment."""
    if system == "nt":
        return venv / "Scripts" / "python.exe", venv / "Lib" / "site-packages"
    return venv / "bin" / "python", venv / "lib" / f"python{RUNNING}" / "site-packages"


def read_config(venv):
    """Return the settings in pyvenv.cfg, none when the file is not there."""
    path = venv / "pyvenv.cfg"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    pairs = [line.partition("=") for line in text.splitlines()]
    return {key.strip(): value.strip() for key, _, value in pairs}


def read_json(path):
    """Return what a JSON file holds, an empty dict when it is not there or not readable."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def read_stamp(venv):
    """Return what an earlier start noted about .venv, nothing when that is not readable."""
    return read_json(venv / "start.json")


def write_stamp(root, installed, deep=None):
    """Note in .venv where it was made and what is installed ("" while that is unfinished).

    `deep` is None in a .venv that never had the extra deep.
    """
    stamp = {"folder": str(root), "installed": installed, "deep": deep}
    (root / ".venv" / "start.json").write_text(json.dumps(stamp), encoding="utf-8")


def fingerprint(root, names=(PINNED, "pyproject.toml")):
    """Return a hash of all that decides what .venv must hold."""
    digest = hashlib.sha256(f"{root} {RUNNING}".encode("utf-8", "surrogateescape"))
    for name in names:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def whats_wrong(root):
    """Return why the .venv in this folder cannot be used, "" when it can. Starts no process."""
    venv = root / ".venv"
    config = read_config(venv)
    made_by = config.get("version", config.get("version_info", "")).split(".")[:2]
    folder = read_stamp(venv).get("folder", str(root))
    maker = pathlib.Path(config.get("home", "-")) / ("python.exe" if os.name == "nt" else "")
    if not inside(venv)[0].is_file() or not maker.exists():
        return "its Python, or the Python that made it, is not there any more"
    if ".".join(made_by) != RUNNING:
        return f"it was made by Python {'.'.join(made_by)}, and this is Python {RUNNING}"
    if folder != str(root):
        return f"it was made in another folder, {folder}"
    return ""


def remove_half_written(packages):
    """Forget packages whose installation was cut short: RECORD is the last file written."""
    for info in packages.glob("*.dist-info"):
        if not (info / "RECORD").is_file():
            shutil.rmtree(str(info))


def pip(verb, python, uv):
    """Return the command that begins a step of pip for this Python; uv does it where it is."""
    return [uv, "pip", verb, "--python", python] if uv else [python, "-m", "pip", verb]


def pinned(*names):
    """Return the options of pip that install exactly what these files pin."""
    return ["--require-hashes", *(part for name in names for part in ("-r", name))]


def setup_steps(venv, uv, lacks):
    """Return the steps that give .venv what it lacks, as (title, command) pairs.

    `lacks` are keys of the stamp. A .venv that is not there is made first.
    """
    python, steps = str(inside(venv)[0]), []
    if not venv.exists():
        # Started by the Python of .venv itself? Then the one behind it makes the new .venv.
        base = getattr(sys, "_base_executable", sys.executable)
        make = [uv, "venv", "--python", base] if uv else [base, "-m", "venv"]
        steps.append(("Making .venv", [*make, str(venv)]))
    # Python compiles what it imports, which is little of all this. uv compiles nothing, either.
    install = [*pip("install", python, uv), *([] if uv else ["--no-compile"])]
    titles = {PINNED: "the pinned packages", DEEP: "the extra deep: Keras, JAX and ONNX"}
    names = [name for part, name in (("installed", PINNED), ("deep", DEEP)) if part in lacks]
    title = "Installing {} (takes minutes the first time)"
    title = title.format(" and ".join(titles[name] for name in names))
    steps.append((title, [*install, *pinned(*names)]))
    if "installed" in lacks:
        steps.append(("Installing the course", [*install, *COURSE.split()]))
        no_news = [python, "-m", "jupyterlab.labextensions", "disable", NEWS, "--level=sys_prefix"]
        steps.append(("Switching off JupyterLab's news pop-up", no_news))
    return steps


def run_quietly(command, root):
    """Run one step of the set-up. Its output is shown only when it fails."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    done = subprocess.run(command, cwd=str(root), env=env, stdin=subprocess.DEVNULL, **output)
    if done.returncode:
        raise SetupError(explain(done.stdout.decode("utf-8", "replace")))


def take_away(venv, wrong):
    """Remove a .venv that cannot be used, and say why."""
    if not os.path.lexists(str(venv)):
        return
    print(f"The .venv here cannot be used: {wrong}. Making a new one.")
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    else:
        shutil.rmtree(str(venv))


def set_up(root, uv, run=run_quietly, deep=False):
    """Make .venv complete: nothing to do, the difference, or all of it.

    The extra deep stays where it once was installed. Return whether .venv has it.
    """
    venv = root / ".venv"
    stamp, wrong = read_stamp(venv), whats_wrong(root)
    had_deep = stamp.get("deep") is not None
    deep = deep or had_deep
    wanted = {"installed": fingerprint(root), "deep": fingerprint(root, [DEEP]) if deep else None}
    lacks = [part for part in wanted if stamp.get(part) != wanted[part]]
    if not (wrong or lacks):
        return deep
    packages = inside(venv)[1]
    if not (wrong or uv or any(packages.glob("pip-*.dist-info/RECORD"))):
        wrong = "it has no pip"
    if wrong:
        lacks = [part for part in wanted if wanted[part]]
        take_away(venv, wrong)
    else:
        if "installed" in lacks:
            print("The set-up is unfinished, or the pinned set has changed: completing .venv.")
        remove_half_written(packages)
    unfinished = dict(wanted, **dict.fromkeys(lacks, ""))
    if not had_deep:
        # An extra that never was complete must not keep a start without it from working.
        unfinished["deep"] = None
    steps = setup_steps(venv, uv, lacks)
    began = time.time()
    for number, (title, command) in enumerate(steps, 1):
        if venv.is_dir():
            write_stamp(root, **unfinished)
        print(f"[{number}/{len(steps)}] {title} ...", flush=True)
        run(command, root)
    write_stamp(root, **wanted)
    print(f"Set-up complete after {time.time() - began:.0f} s.", flush=True)
    return deep


def choose(arguments):
    """Split the command line into the verb and the rest; options without a verb go to lab."""
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        return "help", []
    if not arguments or arguments[0].startswith("-"):
        return "lab", arguments
    return arguments[0], arguments[1:]


def test_options(rest, root):
    """Return what is added to the options of pytest: a process for each core, coverage for --all.

    Files that are named are tested in this process, and so is what asks for a number of processes.
    """
    files = [argument for argument in rest if (root / argument.partition("::")[0]).is_file()]
    chosen = [argument for argument in rest if argument.startswith(("-n", "--numproc", "--pdb"))]
    cores = min(os.cpu_count() or 1, MOST_PROCESSES)
    parallel = ["-n", str(cores), "--dist=loadfile", "--no-loadscope-reorder"]
    covering = ["--cov=helpers", "--cov-report=term"] if "--all" in rest else []
    return ([] if files or chosen else parallel) + covering


def command_for(verb, rest, root):
    """Return the command for a verb, None when there is no such verb."""
    python = str(inside(root / ".venv")[0])
    if verb == "lab":
        named = any(argument.endswith(".ipynb") for argument in rest)
        notebook = [] if named else [FIRST_NOTEBOOK]
        return [python, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *notebook, *rest]
    if verb == "app":
        # Like JupyterLab, Voila looks for another port when its own is taken.
        return [python, "-m", "voila", "notebooks/app.ipynb", "--template=course", *rest]
    if verb == "doctor":
        return [python if runs([python]) else sys.executable, "helpers/course/doctor.py"]
    if verb == "test":
        return [python, "-m", "pytest", *test_options(rest, root), *rest]
    if verb == "execute":
        return [python, "notebooks/execute.py", *rest]
    if verb == "new":
        return [python, "notebooks/new.py", *rest]
    return None


def hand_over(command, root, deep=False):
    """Run the command as in an activated .venv; return its exit code."""
    programs = str(pathlib.Path(command[0]).parent)
    path = programs + os.pathsep + os.environ.get("PATH", "")
    env = dict(os.environ, PATH=path, VIRTUAL_ENV=str(root / ".venv"))
    env.pop("PYTHONHOME", None)
    # The app's template is found below this folder.
    data = [str(root / "helpers" / "app" / "front_end"), env.get("JUPYTER_PATH", "")]
    env["JUPYTER_PATH"] = os.pathsep.join(filter(None, data))
    if deep:
        env.setdefault("KERAS_BACKEND", "jax")  # Keras itself would ask for TensorFlow.
    process = subprocess.Popen(command, cwd=str(root), env=env)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            code = process.wait()
            return 128 - code if code < 0 else code
        except KeyboardInterrupt:
            pass  # Ctrl+C reaches the program as well, and it decides: JupyterLab asks first.


def main(arguments):
    """Do what the command line says and return the exit code."""
    deep = False
    verb, rest = choose([argument for argument in arguments if argument != "--deep"])
    command = command_for(verb, rest, ROOT)
    if command is None:
        print(USAGE, file=sys.stdout if verb == "help" else sys.stderr)
        return 0 if verb == "help" else 2
    try:
        if verb != "doctor":  # It must run where the others cannot.
            check_python(sys.version_info, arguments)
            deep = set_up(ROOT, shutil.which("uv"), deep="--deep" in arguments)
        return hand_over(command, ROOT, deep)
    except SetupError as error:
        print(f"start.py: {error}", file=sys.stderr)
    except OSError as error:
        print(f"start.py: {explain(str(error))}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstart.py: stopped. The next start goes on from here.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
