"""Make the .venv of the course, repair it, and keep it whole: what start.py does before all else.

It runs where nothing is installed yet: only the standard library is used, `helpers` is not
imported, and the syntax is kept readable for Python 3.6 and later.
"""

import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time

if os.name == "nt":
    import msvcrt
else:
    import fcntl

OLDEST, NEWEST = (3, 11), (3, 13)
VERSIONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
SUITABLE = "{} or {}".format(", ".join(VERSIONS[:-1]), VERSIONS[-1])
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
NEWS = "@jupyterlab/apputils-extension:announcements"
PINNED, DEEP = "requirements.txt", "requirements-deep.txt"
# The two parts of .venv, named as in its start.json: what pins them, and what must be importable.
FILES = {"installed": PINNED, "deep": DEEP}
TITLES = {"installed": "the pinned packages", "deep": "the extra deep: Keras, JAX and ONNX"}
MODULES = {"installed": ["numpy", "jupyterlab", "matplotlib"], "deep": ["keras", "jax", "onnx"]}
# Beside .venv: the one before it while a set-up runs, what is being removed, and the lock.
ASIDE, WASTE, LOCK = ".venv-before-set-up", ".venv-to-be-removed", ".venv-lock"
LARGEST_LOCK, LARGEST_TEXT = 20, 10**7  # bytes
LOCK_AT = 1 << 30  # bytes: Windows locks a part of a file, which may lie behind its end
FRONT_END = pathlib.Path("helpers", "app", "front_end")  # the app's template is found below it
COURSE = "--no-deps --no-build-isolation -e ."  # what pip installs the course itself with
CHECK = """\
import importlib.util, os, sys
missing = [name for name in sys.argv[1:] if not importlib.util.find_spec(name)]
if missing: sys.exit("not found in .venv: " + ", ".join(missing))
import cv2, helpers
if not os.path.samefile(os.path.dirname(os.path.dirname(helpers.__file__)), "."):
    sys.exit("helpers is taken from " + helpers.__file__)
"""
PYTHON = re.compile(r"pythonw?(3(\.\d+)?)?(\.exe)?")  # names of the interpreter
SCRIPT = re.compile(rb"\A#!(?:[^\n]*/python[^\n]*|/bin/sh\n'\'\'exec' [^\n]*\n' '\'\')\n")
FREE_SCRIPT = b"""\
#!/bin/sh
'\'\'exec' "$(dirname -- "$(realpath -- "$0")")"/python "$0" "$@"
' '\'\'
"""
# Variables for other programs that lead this one astray: all of pip and uv but those that say how
# packages are reached and kept.
ASTRAY = re.compile(
    "PYTHON(PATH|HOME|STARTUP|USERBASE|PLATLIBDIR|EXECUTABLE|INSPECT|OPTIMIZE|SAFEPATH|CASEOK"
    "|WARNINGS)|JUPYTER_(PATH|CONFIG_PATH|PREFER_ENV_PATH)|JUPYTERLAB_DIR"
    "|(PIP|UV)_(?!.*(INDEX|FIND_LINKS|CERT|PROXY|HOST|TIMEOUT|RETRIES|CONFIG_FILE|CACHE|KEYRING"
    "|TLS|CONCURRENT|LINK_MODE|OFFLINE|PROGRESS|RECURSION|VERSION_CHECK|INSTALL_DIR)).+"
)

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
    "Could not find an activated virtualenv|no pyvenv.cfg in": """\
.venv was changed while it was made: without its pyvenv.cfg, packages would go into another
Python, so nothing was installed. Look whether another program works in this folder, such as an
older start.py, then run the same command again.""",
    "No space left on device|not enough space on the disk": """\
The disk is full. The set-up needs about 1.5 GB in this folder and in the temporary folder,
and --deep 0.7 GB more. Make room, then run the same command again.""",
    "Permission denied|PermissionError|Access is denied|Read-only file system": """\
A file could not be written. Close the programs that use .venv (on Windows start.py must not run
with the Python in it, either), check that this folder belongs to you and is not read-only, then
run the same command again.""",
    "CERTIFICATE_VERIFY_FAILED|invalid peer certificate": """\
The package index was reached, but its certificate is not trusted here. In a company
network, ask for the certificate file and name it in PIP_CERT (for uv: SSL_CERT_FILE).""",
    "new connection|Connection refused|ConnectTimeout|ReadTimeout|timed out|name resolution"
    "|getaddrinfo failed|ProxyError|Connection broken|ConnectionResetError"
    "|Network is unreachable|error sending request|dns error": """\
The package index could not be reached: no network, or a proxy or firewall in between.
The first start needs the network. Check the connection (in a company network also the
variable HTTPS_PROXY), then run the same command again. For a machine without network type
`python start.py pack` on one of the same kind that has it, bring the folder wheelhouse here,
and type `python start.py --from wheelhouse`.""",
    "not found in .venv: ": """\
The packages were installed, but not into .venv: a setting of pip or uv sends them elsewhere
(python -m pip config list shows those of pip). Remove it, then run the same command again.""",
    "helpers is taken from": """\
The package helpers was installed, but another one of this name comes before it. Remove that one,
then run the same command again.""",
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
# The same without network, with what `pack` wrote.
WITHOUT_NETWORK = {
    "No matching distribution found|no wheels with a matching|was not found in": """\
A wheel is missing in that folder, or is not made for this system. Write it again:
python start.py pack, on a machine with network, the same system and the same Python.""",
}


class SetupError(Exception):
    """Something the reader can put right. Its text says what was found and what to do."""


def printable(text):
    """Escape what would move the cursor, change colours or turn the direction of the text."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def while_read(do):
    """Call this and return its exit code; 1 when who reads what it prints goes, as `head` does."""
    try:
        code = do()
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())  # Python writes the rest when it ends.
        return 1
    return code


def explain(output, offline=False):
    """Turn what a failed step said into words a reader can use."""
    meanings = [*(WITHOUT_NETWORK.items() if offline else []), *MEANINGS.items()]
    meaning = next(text for signs, text in meanings if any(s in output for s in signs.split("|")))
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    tail = "\n".join("    " + printable(line[:300]) for line in lines[-8:])
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


# What is in .venv


def inside(venv, system=os.name):
    """Return the interpreter and the folder of the packages of a virtual environment."""
    if system == "nt":
        return venv / "Scripts" / "python.exe", venv / "Lib" / "site-packages"
    return venv / "bin" / "python", venv / "lib" / f"python{RUNNING}" / "site-packages"


def read_file(path, largest):
    """Return the bytes of a file; OSError when it is larger, or a pipe, a device or a folder."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(str(path), flags), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > largest:
            raise OSError(f"{path} is no file of at most {largest} bytes")
        return file.read(largest)


def read_config(venv):
    """Return the settings in pyvenv.cfg, none when it is not there or not readable."""
    try:
        text = read_file(venv / "pyvenv.cfg", LARGEST_TEXT).decode("utf-8", "replace")
    except OSError:
        return {}
    pairs = [line.partition("=") for line in text.splitlines()]
    return {key.strip(): value.strip() for key, _, value in pairs}


def starts(venv):
    """Tell whether the Python of .venv starts. With a pipe as pyvenv.cfg it would wait for ever."""
    return bool(read_config(venv)) and runs([str(inside(venv)[0])])


def read_json(path):
    """Return what a JSON file holds, an empty dict when it is not there or not readable."""
    try:
        return dict(json.loads(read_file(path, LARGEST_TEXT).decode("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return {}


def read_stamp(venv):
    """Return what the last set-up noted about .venv, nothing when none came to its end."""
    stamp = read_json(venv / "start.json")
    names = ["folder", *FILES]
    return {name: stamp[name] for name in names if isinstance(stamp.get(name), str)}


def write_stamp(venv, **parts):
    """Note in .venv where it is and what is installed: the last thing that a set-up does."""
    stamp = dict(parts, folder=str(venv.parent))
    (venv / "start.json").write_text(json.dumps(stamp), encoding="utf-8")


def fingerprint(root, *names):
    """Return a hash of files that decide what .venv must hold, whatever ends their lines."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def wanted(root, deep):
    """Return what the stamp of a complete .venv says; without the extra deep that is None."""
    installed = fingerprint(root, PINNED, "pyproject.toml")
    return {"installed": installed, "deep": fingerprint(root, DEEP) if deep else None}


def whats_wrong(root):
    """Return why the .venv in this folder cannot be used, "" when it can. Starts no process."""
    venv = root / ".venv"
    config = read_config(venv)
    made_by = config.get("version", config.get("version_info", "")).split(".")[:2]
    folder = read_stamp(venv).get("folder", str(root))
    maker = pathlib.Path(config.get("home", "-")) / ("python.exe" if os.name == "nt" else "")
    try:
        there = inside(venv)[0].is_file() and maker.exists()
    except OSError:  # a name that is too long
        there = False
    if not there:
        return "its Python, or the Python that made it, is not there any more"
    if ".".join(made_by) != RUNNING:
        other = printable(".".join(made_by)[:20])
        return f"it was made by Python {other}, and this is Python {RUNNING}"
    if folder != str(root):
        return f"it was made in another folder, {printable(folder[:1000])}"
    return ""


def lacking(root, deep):
    """Return the parts that .venv lacks, all of them where it cannot be used.

    The extra deep stays where it once was installed.
    """
    stamp, wrong = read_stamp(root / ".venv"), whats_wrong(root)
    parts = wanted(root, deep or stamp.get("deep") is not None)
    return [part for part, value in parts.items() if value and (wrong or stamp.get(part) != value)]


def has_pip(venv):
    """Tell whether pip is installed in .venv; uv makes one without."""
    return any(inside(venv)[1].glob("pip-*.dist-info/RECORD"))


def remove_half_written(packages):
    """Forget packages whose installation was cut short: RECORD is the last file written."""
    for info in packages.glob("*.dist-info"):
        if not (info / "RECORD").is_file():
            shutil.rmtree(str(info))


# One start at a time, and nothing lost


def try_lock(file):
    """Take the lock that the system keeps for an open file until it is closed; tell whether."""
    try:
        if os.name == "nt":
            file.seek(LOCK_AT)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass  # This file system knows no locks.
    return True


def foreign_lock(path):
    """Return what is wrong with what there is in the place of a lock, "" when nothing is."""
    try:
        strange = path.is_symlink() or path.is_dir()
        if not strange and re.fullmatch(rb"\d*", read_file(path, LARGEST_LOCK)):
            return ""
    except (FileNotFoundError, PermissionError):
        return ""  # No lock yet, or opening it says why.
    except OSError:
        pass
    return f"{path} is in the place of a lock of start.py, which did not write it."


@contextlib.contextmanager
def locked(path):
    """Let other starts wait that want this lock. The system frees that of a process that ends."""
    if foreign_lock(path):
        raise SetupError(f"{foreign_lock(path)} Move it away, then run the same command again.")
    flags = [getattr(os, "O_" + name, 0) for name in ("NOFOLLOW", "NONBLOCK", "BINARY")]
    number = os.open(str(path), os.O_RDWR | os.O_CREAT | sum(flags), 0o666)
    with os.fdopen(number, "r+b", buffering=0) as file:
        if not try_lock(file):
            print(
                f"Another start, process {file.read(LARGEST_LOCK).decode('ascii', 'replace')}, or "
                "a step that it began, works here. Waiting for its end; Ctrl+C stops the waiting.",
                flush=True,
            )
            while not try_lock(file):
                time.sleep(0.2)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()).encode())
        # A step of pip that outlives a killed start.py still writes: it keeps the lock.
        os.set_inheritable(file.fileno(), os.name != "nt")
        yield


def remove(path):
    """Remove a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(str(path))
    else:
        path.unlink()


def settle(venv):
    """Keep the new .venv and remove the one put aside, or bring that back if the new is unfinished.

    This ends every change of .venv. After a change that was killed, the next start does it. Tell
    whether one was brought back.
    """
    aside, waste = venv.with_name(ASIDE), venv.with_name(WASTE)
    was_aside, finished = os.path.lexists(str(aside)), bool(read_stamp(venv))
    if aside.is_symlink() and finished:
        place = printable(str(aside.readlink()))
        print(f".venv was a link to {place}. It is a folder here now; what is there was left.")
    if was_aside and not finished:
        if os.path.lexists(str(venv)):
            remove(venv)
        aside.rename(venv)
    with contextlib.suppress(OSError):  # On Windows a program may still use it: next time.
        if os.path.lexists(str(waste)):
            remove(waste)
        if was_aside and finished:
            aside.rename(waste)  # first: what is called ASIDE is always whole
            remove(waste)
    return was_aside and not finished


@contextlib.contextmanager
def replacing(venv, copied):
    """Put .venv aside while another takes its place; without a stamp at the end it comes back.

    With `copied` the other begins as a copy. Files of packages are linked, which takes no room:
    installers never change them in place.
    """
    aside = venv.with_name(ASIDE)
    packages = str(inside(aside)[1])

    def leave_out(folder, _):
        return ["start.json"] if folder == str(aside) else []

    def link_or_copy(source, target):
        if source.startswith(packages):
            with contextlib.suppress(OSError):
                os.link(source, target)
                return
        shutil.copy2(source, target)

    try:
        if os.path.lexists(str(venv)):
            venv.rename(aside)
            if copied:
                shutil.copytree(str(aside), str(venv), True, leave_out, link_or_copy)
        yield
    finally:
        settle(venv)


# Where the course cannot be, and what must not reach it


def cannot_take(root):
    """Return why the course cannot work in a folder of this name, "" when it can."""
    name = str(root)
    if os.pathsep in name:
        bad = f"the character {os.pathsep}, which separates folders in PATH"
    elif not name.isprintable():
        bad = "a character that cannot be printed (a line break, a byte of another encoding)"
    else:
        return ""
    return f"The path of this folder, {name!a}, holds {bad}. Rename the folder."


def foreign(environ, root):
    """Name the variables that would lead set-up or the course's programs astray.

    Paths of the course do not: start.py itself sets them for the programs that it starts.
    """
    ours = {"", str(root), str(root / FRONT_END)}
    return [
        name
        for name in sorted(environ)
        if ASTRAY.fullmatch(name) and not ours.issuperset(environ[name].split(os.pathsep))
    ]


def variables(root, offline=False):
    """Return the variables for set-up and programs, without those that lead them astray."""
    left_out = ["VIRTUAL_ENV", *foreign(os.environ, root)]
    if offline:  # then how packages are reached does not matter, either
        left_out += [n for n in os.environ if n.startswith(("PIP_", "UV_")) and "CACHE" not in n]
    env = {name: value for name, value in os.environ.items() if name not in left_out}
    if offline:
        env.update(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1", UV_OFFLINE="1")
    return env


# The steps of the set-up


def pip(verb, python, uv):
    """Return the command that begins a step of pip for this Python; uv does it where it is."""
    return [uv, "pip", verb, "--python", python] if uv else [python, "-m", "pip", verb]


def pinned(*names):
    """Return the options of pip that install exactly what these files pin."""
    return ["--require-hashes", *(part for name in names for part in ("-r", str(name)))]


def make_step(venv, uv, *options):
    """Return the step that makes a virtual environment."""
    # Started by the Python of .venv itself? Then the one behind it makes the new .venv.
    base = getattr(sys, "_base_executable", sys.executable)
    make = [uv, "venv", "--python", base] if uv else [base, "-m", "venv"]
    return f"Making {venv.name}", [*make, *options, str(venv)]


def course_step(venv, uv):
    """Return the step that installs the course itself into .venv, which needs no network."""
    install = pip("install", str(inside(venv)[0]), uv) + ([] if uv else ["--no-compile"])
    return "Installing the course", [*install, "--no-index", *COURSE.split()]


def last_steps(venv, parts):
    """Return the steps that end every set-up."""
    names = [name for part in parts for name in MODULES[part]]
    return [
        ("Freeing it from its place", functools.partial(free, venv)),
        ("Looking whether it works", [str(inside(venv)[0]), "-P", "-c", CHECK, *names]),
    ]


def setup_steps(venv, uv, parts, options):
    """Return the steps that give .venv these parts, as (title, command or function) pairs.

    A .venv that is not there is made first. `options` tell pip what to install, and from where.
    """
    python = str(inside(venv)[0])
    steps = [] if venv.exists() else [make_step(venv, uv)]
    # Python compiles what it imports, which is little of all this. uv compiles nothing, either.
    install = [*pip("install", python, uv), *([] if uv else ["--no-compile"])]
    title = " and ".join(TITLES[part] for part in parts)
    title = f"Installing {title} (takes minutes the first time)"
    steps.append((title, [*install, *options]))
    if "installed" in parts:
        no_news = [python, "-m", "jupyterlab.labextensions", "disable", NEWS, "--level=sys_prefix"]
        steps.append(course_step(venv, uv))
        steps.append(("Switching off JupyterLab's news pop-up", no_news))
    return [*steps, *last_steps(venv, parts)]


def free(venv):
    """Let .venv find the course, and its scripts their Python, wherever they are.

    So they outlive a move, and work in folders whose names a shell or a locale reads in another
    way. The scripts of Windows are programs, which are left alone.
    """
    root, packages = str(venv.parent), inside(venv)[1]
    for path in packages.glob("*.pth"):
        if path.read_bytes().decode("utf-8", "replace").strip() == root:
            path.unlink()
            path.write_text(os.path.relpath(root, str(packages)), encoding="ascii")
    for path in sorted((venv / "bin").glob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            text = file.read() if file.read(2) == b"#!" else b""
        free, found = SCRIPT.subn(FREE_SCRIPT, b"#!" + text, 1)
        if found and free != b"#!" + text:
            mode = path.stat().st_mode
            path.unlink()  # It may be a link to a file of uv's cache.
            path.write_bytes(free)
            path.chmod(mode)


def run_quietly(command, root):
    """Run one step of the set-up. Its output is shown only when it fails."""
    offline = "--no-index" in command
    env = variables(root, offline)
    # Settings in a file of pip must not send packages elsewhere.
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    env.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="1")
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    done = subprocess.run(command, cwd=str(root), env=env, close_fds=False, **output)
    if done.returncode:
        raise SetupError(explain(done.stdout.decode("utf-8", "replace"), offline))


def carry_out(steps, venv, root, run):
    """Run the steps that make or complete a virtual environment, with a line for each."""
    began = time.time()
    for number, (title, command) in enumerate(steps, 1):
        print(f"[{number}/{len(steps)}] {title} ...", flush=True)
        # Without this file its Python is another one, into which uv would install.
        makes = not callable(command) and "venv" in command
        if not makes and not (venv / "pyvenv.cfg").is_file():
            raise SetupError(explain(f"no pyvenv.cfg in {venv}"))
        command() if callable(command) else run(command, root)
    print(f"Complete after {time.time() - began:.0f} s.", flush=True)


# The set-up


def set_up(root, uv, run=run_quietly, deep=False, source=None):
    """Make .venv complete: nothing to do, a repair, the difference, or all of it.

    `source` is a folder that `pack` wrote, in the place of the package index. Return whether .venv
    has the extra deep. What fails leaves .venv as it was; if that works, the course goes on with
    it, unless something was asked for that it does not have.
    """
    venv = root / ".venv"
    unsettled = [name for name in (ASIDE, WASTE) if os.path.lexists(str(root / name))]
    if unsettled or lacking(root, deep):
        with locked(root / LOCK):
            if settle(venv):
                print("The last set-up here was cut short: .venv is as it was before.")
            complete(root, uv, run, deep, source)
    return read_stamp(venv).get("deep") is not None


def complete(root, uv, run, deep, source):
    """Repair .venv and give it what it lacks, as `set_up` says."""
    venv = root / ".venv"

    def find_wrong():
        no_pip = "" if uv or has_pip(venv) else "it has no pip"
        return (whats_wrong(root) or no_pip) if os.path.lexists(str(venv)) else ""

    if read_stamp(venv) and lacking(root, deep) and find_wrong():
        repair(root, uv, run, find_wrong())
    parts = lacking(root, deep)
    if not parts:
        return
    try:
        renew(root, uv, run, parts, source, find_wrong())
    except (SetupError, OSError) as error:
        words = str(error) if isinstance(error, SetupError) else explain(str(error))
        stamp = read_stamp(venv)
        if not stamp:
            raise
        asked = source or (deep and stamp.get("deep") is None)
        if asked or not read_config(venv) or not works(root, run):
            raise SetupError(f"{words}\n\nNothing is lost: .venv is as it was before.") from None
        print(f"start.py: {words}\n\nGoing on with .venv as it was before.", file=sys.stderr)


def works(root, run):
    """Tell whether what .venv holds can be used, by trying it."""
    venv = root / ".venv"
    try:
        run(last_steps(venv, ["installed"])[-1][1], root)
    except (SetupError, OSError):
        return False
    return True


def repair(root, uv, run, wrong):
    """Make a .venv again whose folder was moved or copied, or whose Python was; keep its packages.

    This needs no network. Where it does not lead to a .venv that works, all is as before.
    """
    venv = root / ".venv"
    stamp, (python, packages) = read_stamp(venv), inside(venv)
    if not packages.is_dir():
        return
    print(f"The .venv here cannot be used as it is: {wrong}. Repairing it, without network.")
    parts = [part for part in MODULES if stamp.get(part)]
    options = ["--without-pip"] if uv or has_pip(venv) else []
    steps = [make_step(venv, None, *options), course_step(venv, uv), *last_steps(venv, parts)]
    try:
        with replacing(venv, copied=True):
            for path in python.parent.iterdir():
                if PYTHON.fullmatch(path.name):
                    path.unlink()
            carry_out(steps, venv, root, run)
            write_stamp(venv, **stamp)
    except (SetupError, OSError) as error:
        print(f"That did not work: {str(error).splitlines()[0]}")


def renew(root, uv, run, parts, source, wrong):
    """Give .venv what it lacks, or make a new one; the one before stays until this is complete."""
    venv = root / ".venv"
    with tempfile.TemporaryDirectory() as scratch:
        names = [FILES[part] for part in parts]
        options = from_wheelhouse(root, source, names, scratch) if source else pinned(*names)
        complete = wanted(root, "deep" in parts)
        stamp = dict(read_stamp(venv), **{part: complete[part] for part in parts})
        if wrong:
            print(f"The .venv here cannot be used: {wrong}. Making a new one.")
        elif venv.exists() and "installed" in parts:
            print("The set-up is unfinished, or the pinned set has changed: completing .venv.")
        with replacing(venv, copied=not wrong):
            remove_half_written(inside(venv)[1])
            carry_out(setup_steps(venv, uv, parts, options), venv, root, run)
            write_stamp(venv, **stamp)


# Packages for machines without network


@contextlib.contextmanager
def wheelhouse():
    """Load what writes and reads wheelhouses. What it finds wrong is a SetupError."""
    path = pathlib.Path(__file__).with_name("wheelhouse.py")
    spec = importlib.util.spec_from_file_location("wheelhouse", str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        yield module
    except module.WheelhouseError as error:
        raise SetupError(str(error)) from None


def read_pins(root, names):
    """Return the texts of these files of pins, below their names."""
    return {name: (root / name).read_text(encoding="utf-8") for name in names}


def from_wheelhouse(root, folder, names, scratch):
    """Return the options of pip that install what these files pin from a folder of `pack`."""
    with wheelhouse() as house:
        allowed = house.check(folder, read_pins(root, names))
    pins = pathlib.Path(scratch) / "requirements.txt"
    pins.write_text(allowed, encoding="utf-8")
    # An address, because uv takes a comma in a path for the end of it.
    return ["--no-index", "--find-links", folder.resolve().as_uri(), *pinned(pins)]


def pack(folder, root, uv, deep, run=run_quietly):
    """Write a wheelhouse: all pinned packages for this system and this Python, as wheels."""
    names = [PINNED, DEEP] if deep else [PINNED]
    with wheelhouse() as house, house.packing(folder, locked) as fresh:
        tools = fresh / "pip"  # a .venv made by uv has none
        collect = [*pip("wheel", str(inside(tools)[0]), None), "--no-deps", *pinned(*names)]
        steps = [
            make_step(tools, uv, *(["--seed"] if uv else [])),
            ("Collecting the packages (takes minutes)", [*collect, "--wheel-dir", str(fresh)]),
        ]
        carry_out(steps, tools, root, run)
        remove(tools)
        count, size = house.seal(fresh, read_pins(root, names))
    print(
        f"{count} packages, {size / 1e6:.0f} MB, for {house.system()} are in {folder}.\n"
        "Take it to a machine of this kind. There, in the folder of the course, type:\n"
        f"python start.py --from {shlex.quote(folder.name)}{' --deep' if deep else ''}"
    )
