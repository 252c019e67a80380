"""A real browser and real servers for the tests and for benchmarks/latency.py."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import nbformat
import psutil
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a camera without a camera
    "--use-fake-ui-for-media-stream",
)
GALLERY = [  # each kind of widget once
    """\
import numpy as np

import helpers
from helpers.app.own_pictures import OwnPictures
from helpers.course import quiz, sliders

pair = helpers.load_pair("../images/original_10.png", "../images/modified_10.jpg")""",
    "sliders.fade(*pair)",
    """\
def mean(pictures):
    return np.array([picture.mean(axis=(0, 1)) / 255 for picture in pictures], np.float32)


sliders.turned_query(pair[0], 0, pair, np.arange(2), mean)""",
    "sliders.tune(*pair)",
    'quiz("recipe")',
    'OwnPictures("../images")',
]
QUIET_FOR = 50  # looks in a row, a tenth of a second apart
SLOW = 300_000  # milliseconds: the longest that a page may take on a busy machine


def find_chromium() -> str | None:
    """The system's Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def chromium() -> Iterator:
    """A headless Chromium. As root it runs without its sandbox, which it would refuse."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*QUIET, *(["--no-sandbox"] if root else [])]
        )
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve(command: list[str], url: str, folder: Path, log: Path) -> Iterator[str]:
    """Start a server, wait until it answers at this address, and end it afterwards."""
    env = {
        **os.environ,
        "BROWSER": "echo opened %s",  # into the log, in place of a window
        "JUPYTERLAB_SETTINGS_DIR": str(log.parent / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(log.parent / "workspaces"),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(url, process, log)
        yield url
    finally:
        # A server that is just starting a kernel does not always end when it is asked to.
        started = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
        process.terminate()
        for left in psutil.wait_procs(started, timeout=20)[1]:
            left.kill()
        process.wait()


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended:\n{log.read_text(errors='replace')[-3000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError as error:
            return isinstance(error, HTTPError)  # to be refused is an answer
        return True

    wait_until(answers)


def wait_until(ready: Callable[[], Any], seconds: float = 60) -> Any:
    """What `ready` returns, as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := ready():
            return result
        time.sleep(0.1)
    raise TimeoutError(f"Not ready after {seconds} s.")


def lab(folder: Path, log: Path) -> AbstractContextManager[str]:
    """JupyterLab on a folder, which it may write to."""
    port = free_port()
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token=", "--allow-root"]
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *options]
    return serve(command, f"http://127.0.0.1:{port}/lab", folder, log)


def start(verb: str, path: str, log: Path, *options: str) -> AbstractContextManager[str]:
    """What `start.py` starts. The page that it opens is named in the log."""
    port = free_port()
    command = [sys.executable, "start.py", verb, f"--port={port}", *options]
    return serve(command, f"http://127.0.0.1:{port}{path}", ROOT, log)


@contextmanager
def app(log: Path, *options: str) -> Iterator[str]:
    """The app, with a token that is known.

    It is looked for without the token: with it each look would start a kernel.
    """
    token = secrets.token_hex()
    with start("app", "/", log, f"--token={token}", *options) as address:
        yield f"{address}?token={token}"


def listening(port: int) -> psutil.Process:
    """The process, started by the tests, that listens at a port."""
    for process in psutil.Process().children(True):
        if any(each.laddr.port == port for each in process.net_connections("tcp")):
            return process
    raise LookupError(f"No process listens at port {port}.")


def use_theme(page: Page, address: str, theme: str) -> None:
    """Choose JupyterLab's theme, "Light" or "Dark", for the pages opened from now on."""
    chosen = json.dumps({"theme": f"JupyterLab {theme}"})
    _ask(page, address, "put", "api/settings/@jupyterlab/apputils-extension:themes", raw=chosen)


def end_kernels(page: Page, address: str) -> None:
    """End all kernels of a JupyterLab, also those that still compute."""
    for kernel in page.request.get(f"{address}/../api/kernels").json():
        _ask(page, address, "delete", f"../api/kernels/{kernel['id']}")


def _ask(page: Page, address: str, method: str, path: str, **data: str) -> None:
    page.request.get(address)  # sets the cookie below
    (token,) = (c["value"] for c in page.context.cookies() if c["name"] == "_xsrf")
    options = {"data": data} if data else {}
    answer = getattr(page.request, method)(
        f"{address}/{path}", headers={"X-XSRFToken": token}, **options
    )
    assert answer.ok, answer.text()


def copy_course(target: Path) -> Path:
    """Copy what the notebooks need, without outputs, and add a gallery: JupyterLab saves there.

    Networks are trained for one epoch; cells with the tag full are left to nbval.
    """
    for name in ("notebooks", "images", "benchmarks", "helpers", "start.py", "README.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    for path in (target / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [
            cell for cell in notebook.cells if "full" not in cell.metadata.get("tags", [])
        ]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                cell.source = cell.source.replace('"epochs": 5', '"epochs": 1')
        nbformat.write(notebook, path)
    write_notebook(target / "notebooks" / "gallery.ipynb", GALLERY)
    return target


def write_notebook(path: Path, sources: list[str]) -> None:
    """A notebook of code cells that asks for the course's kernel."""
    kernel = {"name": "python3", "display_name": "Python 3"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, path)


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook in JupyterLab and wait for its kernel."""
    page.goto(f"{address}/tree/notebooks/{name}?reset", timeout=SLOW)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=SLOW)
    # Without a kernel the notebook is idle, too; whoever runs it then is asked for one.
    page.wait_for_selector('.jp-Toolbar-kernelName:has-text("Python 3")', timeout=SLOW)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=SLOW)


def run_all(page: Page) -> None:
    """Run all cells by the menu, and wait until the last one is done or one has failed."""
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")

    def begun() -> bool:
        # A click before the notebook is wired to its menu does nothing.
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with suppress(PlaywrightTimeout):
            prompts.filter(has_text=re.compile(r"[\d*]")).first.wait_for(timeout=3000)
            return True
        return False

    wait_until(begun)
    idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    quiet = 0  # after a cell that fails, the rest does not run

    def done() -> bool:
        nonlocal quiet
        quiet = quiet + 1 if idle.count() else 0
        left = [text for text in prompts.all_text_contents() if not re.search(r"\d", text)]
        assert quiet < QUIET_FOR or not left, f"{len(left)} cells did not run. {errors(page)}"
        return not left

    wait_until(done, SLOW / 1000)


def errors(page: Page) -> list[str]:
    """Tracebacks shown by cells."""
    shown = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]')
    return [re.sub(r"\x1b\[[\d;]*m", "", text) for text in shown.all_inner_texts()]


CONTRAST = """(part) => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (color) => rgba(color).slice(0, 3).map((value) => value / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        const above = element.parentElement;
        return rgba(color)[3] === 255 || !above ? color : behind(above);
    };
    const texts = [...part.querySelectorAll("*")].filter((element) => element.checkVisibility()
        && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return texts.map((element) => {
        const [dark, light] = [getComputedStyle(element).color, behind(element)]
            .map(luminance).sort((one, other) => one - other);
        return [element.textContent.trim(), (light + 0.05) / (dark + 0.05)];
    });
}"""


def contrasts(part: Locator) -> list[tuple[str, float]]:
    """Each text with its contrast as WCAG defines it; axe-core cannot tell it in JupyterLab."""
    return part.evaluate(CONTRAST)


def serious(page: Page, context: str | None = None) -> list[str]:
    """What axe-core finds serious or critical, in a part of the page or all of it."""
    result = Axe().run(page, context=context).response
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
