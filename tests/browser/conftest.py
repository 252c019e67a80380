"""One browser, one JupyterLab on a copy of the course and one Voilà for all browser tests."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import browsing
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

expect.set_options(timeout=60_000)  # milliseconds; its 5 s are short on a busy machine
SKIPPED = "no Chromium or Chrome on the PATH; on Debian: sudo apt install chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if browsing.find_chromium() is None:
        pytest.skip(SKIPPED)
    with browsing.chromium() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(browsing.SLOW)
    yield page
    page.close()


@pytest.fixture
def lab(lab_server: str, page: Page) -> Iterator[str]:
    """Address of a JupyterLab. Kernels that a test leaves are ended."""
    yield lab_server
    browsing.end_kernels(page, lab_server)


@pytest.fixture(scope="session")
def lab_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One JupyterLab; it asks for the browser, so that it is not started for nothing."""
    folder = browsing.copy_course(tmp_path_factory.mktemp("course"))
    with browsing.lab(folder, tmp_path_factory.mktemp("log") / "lab.txt") as address:
        yield address


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "app.txt"


@pytest.fixture(scope="session")
def app(browser: Browser, app_log: Path) -> Iterator[str]:
    """Address of the page that `start.py app` opens."""
    with browsing.app(app_log) as address:
        yield address


@pytest.fixture(scope="session")
def app_server(app: str) -> psutil.Process:
    return browsing.listening(urlsplit(app).port)
