"""Set up this course and start it. `python start.py --help` says how.

Only the standard library is used. The syntax is kept readable for Python 3.6 and later,
so that a Python which is too old can still say which one is needed.
"""

import os
import sys

if __name__ == "__main__":
    # A file of the reader's named json.py, here or in PYTHONPATH, must not hide Python's own.
    THEIRS = [os.path.dirname(__file__), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    THEIRS = [os.path.abspath(folder) for folder in THEIRS]
    sys.path.sort(key=lambda folder: os.path.abspath(folder) in THEIRS)

import importlib.util
import pathlib
import shutil
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent
FIRST_NOTEBOOK = "notebooks/00_spot_the_difference.ipynb"
MOST_PROCESSES = 8  # for tests: each may start a kernel or a browser
WHEELHOUSE = "wheelhouse"  # the folder of `pack`, when no other is named
USAGE = """\
usage: python start.py [lab] [options of jupyter lab]   open the course in JupyterLab
       python start.py app [options of voila]           open the app in the browser
       python start.py doctor                           find what keeps the course from working
       python start.py test [options of pytest]         run the tests that take minutes
       python start.py test --all                       run all tests, and measure what they cover
       python start.py execute [notebooks]              run the notebooks, write their output
       python start.py new 16_compare_two_words         make a lesson from the template
       python start.py pack [FOLDER]                    collect all packages for other machines

The first start makes .venv beside start.py and installs the pinned packages into it.
With --deep, in any place, it also installs what lessons 22 and 23 train networks with.
With --from FOLDER, in any place, it takes the packages from a folder that pack wrote, without
network. What changes .venv replaces it when all is done, and else leaves it as it was.
To begin from nothing, delete .venv and start again."""

# Not by its name: the package `helpers` needs what is not installed yet.
PLACE = ROOT / "helpers" / "course" / "environment.py"
if not PLACE.is_file():
    sys.exit(f"start.py: {PLACE} is missing. Copy the whole course, or type: git restore helpers")
SPEC = importlib.util.spec_from_file_location("environment", str(PLACE))
environment = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(environment)
SetupError = environment.SetupError


def find_python():
    """Return the command of a suitable Python on the PATH, or None."""
    named = [["python" + version] for version in reversed(environment.VERSIONS)]
    windows = [["py", "-" + version] for version in reversed(environment.VERSIONS)]
    oldest, newest = environment.OLDEST, environment.NEWEST
    code = f"import sys; sys.exit(not {oldest} <= sys.version_info[:2] <= {newest})"
    commands = [*named, *windows, ["python3"], ["python"]]
    return next((command for command in commands if environment.runs(command, code)), None)


def check_python(version, arguments):
    """Stop with clear words when this Python is too old or too new for the pinned packages."""
    if environment.suits(version):
        return
    newest = environment.VERSIONS[-1]
    command, advice = find_python(), "A Python that suits is here. Type:"
    if not command and shutil.which("uv"):
        command, advice = ["uv", "run", "--no-project", "--python", newest], "Type:"
    if not command:
        advice = f"Install Python {newest} (from python.org or your system's packages), then type:"
    line = " ".join([*(command or ["python" + newest]), "start.py", *arguments])
    found = f"This is Python {version[0]}.{version[1]}"
    raise SetupError(f"{found}. The course needs Python {environment.SUITABLE}.\n{advice} {line}")


def choose(arguments):
    """Split the command line into the verb and the rest; options without a verb go to lab."""
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        return "help", []
    if not arguments or arguments[0].startswith("-"):
        return "lab", arguments
    return arguments[0], arguments[1:]


def take_options(arguments):
    """Split the command line: what is left for the verb, whether --deep is there, the --from."""
    left, source, words = [], None, iter(arguments)
    for word in words:
        if word == "--from" or word.startswith("--from="):
            source = word[len("--from=") :] or next(words, "")
            if not source:
                raise SetupError("--from needs the folder that `python start.py pack` wrote.")
        elif word != "--deep":
            left.append(word)
    return left, "--deep" in arguments, pathlib.Path(source).resolve() if source else None


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
    python = str(environment.inside(root / ".venv")[0])
    if verb == "lab":
        named = any(argument.endswith(".ipynb") for argument in rest)
        notebook = [] if named else [FIRST_NOTEBOOK]
        return [python, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *notebook, *rest]
    if verb == "app":
        # Like JupyterLab, Voila looks for another port when its own is taken.
        return [python, "-m", "helpers.app.server", "notebooks/app.ipynb", *rest]
    if verb == "doctor":
        starts = environment.starts(root / ".venv")
        return [python if starts else sys.executable, "helpers/course/doctor.py"]
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
    env = dict(environment.variables(root), PATH=path, VIRTUAL_ENV=str(root / ".venv"))
    env["JUPYTER_PATH"] = str(root / environment.FRONT_END)
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


def do(arguments):
    """Do what the command line says and return the exit code."""
    left, deep, source = take_options(arguments)
    verb, rest = choose(left)
    command = command_for(verb, rest, ROOT)
    packs = verb == "pack" and not rest[1:] and not "".join(rest).startswith("-")
    if command is None and not packs:
        print(USAGE, file=sys.stdout if verb == "help" else sys.stderr)
        return 0 if verb == "help" else 2
    names = environment.foreign(os.environ, ROOT)
    if names:
        print(f"Set here, and left out for the course: {', '.join(names)}.", file=sys.stderr)
    if verb != "doctor":  # It must run where the others cannot.
        check_python(sys.version_info, arguments)
        if environment.cannot_take(ROOT):
            raise SetupError(environment.cannot_take(ROOT))
    uv = shutil.which("uv")
    if packs:
        environment.pack(pathlib.Path(*rest or [WHEELHOUSE]).absolute(), ROOT, uv, deep)
        return 0
    if verb != "doctor":
        deep = environment.set_up(ROOT, uv, deep=deep, source=source)
    return hand_over(command, ROOT, deep)


def main(arguments):
    """Do what the command line says; put what goes wrong into words. Return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # so that every name of a folder can be printed
            stream.reconfigure(errors="backslashreplace")
    try:
        return do(arguments)
    except SetupError as error:
        print(f"start.py: {error}", file=sys.stderr)
    except BrokenPipeError:
        raise  # Nobody reads words about it.
    except OSError as error:
        print(f"start.py: {environment.explain(str(error))}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstart.py: stopped. What was complete before is as it was.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(environment.while_read(lambda: main(sys.argv[1:])))
