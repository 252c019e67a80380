"""Who may talk to the app, in what words others are refused, and that it does not grow."""

import http.client
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import browsing
import psutil
import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync import client

SCRIPT = '"><script>window.injected = 1</script>'
OVERRIDES = ("theme", "template", "voila-theme", "voila-template", "classic-tree", "next", "x")
ROUTES = [
    "/",
    "/notebooks/app.ipynb",
    "/login",
    "/logout",
    "/api/kernels",
    "/api/kernels/8c1f6b0e-0000-4000-8000-000000000000",
    "/api/kernels/8c1f6b0e-0000-4000-8000-000000000000/channels",
    "/voila/render/app.ipynb",
    "/voila/tree/",
    "/voila/files/app.ipynb",
    "/voila/files/../images/original_01.png",
    "/voila/static/voila.js",
    "/voila/static/../../../../../etc/hostname",
    "/voila/templates/course/static/index.css",
    "/voila/templates/..%2F..%2Fstatic%2Fx",
    "/voila/templates/x",
    "/voila/labextensions/@jupyter-widgets/jupyterlab-manager/package.json",
    "/voila/api/themes/x",
    "/voila/api/shutdown/8c1f6b0e-0000-4000-8000-000000000000",
    "/voila/query/8c1f6b0e-0000-4000-8000-000000000000",
    "/nbextensions/x",
    "/static/x",
]
MEBIBYTE = 2**20


def ask(app: str, path: str, method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """Status, cookies and text that a bare client gets, which sends no cookie of its own."""
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Set-Cookie") or "", answer.read().decode()


def connect(app: str, path: str, *messages: bytes | str, **headers: str) -> int:
    """Open a websocket and send messages; return the code of its end, or HTTP's status."""
    address = f"ws://{urlsplit(app).netloc}{path}"
    origin = headers.pop("Origin", None)
    try:
        with client.connect(
            address,
            subprotocols=["v1.kernel.websocket.jupyter.org"],
            origin=origin,
            additional_headers=headers,
        ) as socket:
            for message in messages:
                socket.send(message)
            while True:
                socket.recv(timeout=60)
    except InvalidStatus as refused:
        return refused.response.status_code
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006  # it ended without a word


@pytest.fixture(scope="module")
def entered(app: str) -> tuple[str, str]:
    return enter(app)


def enter(app: str) -> tuple[str, str]:
    """Load the page without a browser; return its cookie and the path of its websocket."""
    status, cookies, text = ask(app, f"/?{urlsplit(app).query}")
    assert status == 200
    kernel = json.loads(re.search(r'"kernelId": ("[^"]+")', text).group(1))
    cookie = re.search(r"username[^=]*=[^;]+", cookies).group()
    return cookie, f"/api/kernels/{kernel}/channels?session_id=1"


@pytest.mark.parametrize("route", ROUTES)
def test_without_the_token_there_is_nothing(app, route):
    for method in ("GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS"):
        for query in ("", "?token=0&theme=dark"):
            status, cookies, text = ask(app, route + query, method)
            assert status in (403, 404, 405, 204), (method, query)
            assert status != 204 or method == "OPTIONS"
            assert "username" not in cookies
            if (method, status) == ("GET", 403) and not route.endswith("/channels"):
                assert "the address that the app printed" in text


def test_without_the_token_no_websocket_opens(app, entered):
    cookie, channels = entered
    for origin in (None, app, "http://evil.example", "null"):
        assert connect(app, channels, Origin=origin) == 403
    # With its cookie, but from a page of another server.
    for origin in ("http://evil.example", "http://localhost:1", "null"):
        assert connect(app, channels, Origin=origin, Cookie=cookie) == 403


@pytest.mark.parametrize("route", ["/", *ROUTES[9:13]])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_of_another_computer_is_not_answered(app, route, host):
    status, cookies, text = ask(app, f"{route}?{urlsplit(app).query}", Host=host)
    assert status in (400, 403) and "username" not in cookies
    assert "does not answer to the name" in text or status == 400


def test_names_of_this_computer_are_answered(app):
    port, query = urlsplit(app).port, urlsplit(app).query
    for host in ("localhost", "127.0.0.1", "[::1]"):
        path = f"/voila/static/voila.js?{query}"
        assert ask(app, path, Host=f"{host}:{port}")[0] == 200


def test_an_address_writes_nothing_into_the_page(page, app):
    options = "".join(f"&{name}={quote(SCRIPT)}" for name in OVERRIDES)
    page.goto(f"{app}{options}")
    expect(page.get_by_role("group", name="First picture")).to_be_visible()
    assert page.evaluate("window.injected") is None
    assert SCRIPT not in page.content()
    assert page.evaluate("document.body.dataset.jpThemeName") == "JupyterLab Light"
    refused = f"{app.partition('?')[0]}{quote(SCRIPT)}?token={quote(SCRIPT)}{options}"
    page.goto(refused)
    expect(page.get_by_role("heading")).to_have_text("Forbidden")
    assert page.evaluate("window.injected") is None
    assert browsing.serious(page) == []


@pytest.mark.full
def test_another_page_starts_no_kernel(page, app, app_log, tmp_path):
    """Also one of another server on this computer, to which the browser gives the cookie."""
    page.goto(app)
    expect(page.get_by_role("group", name="First picture")).to_be_visible()
    here, asked = app.partition("?")[0], []
    started = app_log.read_text().count("Kernel started")
    elements = f'<img src="{here}"><iframe src="{here}"></iframe><script src="{here}"></script>'
    (tmp_path / "index.html").write_text(elements)
    port = browsing.free_port()
    command = [sys.executable, "-m", "http.server", f"{port}", "--bind=127.0.0.1"]
    other = f"http://127.0.0.1:{port}/"
    with browsing.serve(command, other, tmp_path, tmp_path / "log.txt"):
        page.on("request", lambda request: asked.append(request))
        page.goto(other, wait_until="networkidle")
    asked = [request for request in asked if request.url == here]
    assert len(asked) == 3
    assert any("username" in request.all_headers().get("cookie", "") for request in asked)
    assert app_log.read_text().count("Kernel started") == started


def test_the_browser_is_given_the_token(app, app_log):
    name = re.search(r"opened file://(\S+)", app_log.read_text()).group(1)
    token = urlsplit(app).query
    with urlopen(f"file://{name}") as opened:
        text = opened.read().decode()
    assert f'{token}"' in text and "https://" not in text


@pytest.mark.parametrize(
    "message",
    [b"\x7f\xff\xff\xff{}", b"\xff" * 8, b"\xff" * 100, b"", "{}", "x", bytes(3 * MEBIBYTE)],
)
def test_a_message_that_is_none_ends_the_connection_only(app, app_server, entered, message):
    cookie, channels = entered
    before = app_server.memory_info().rss
    assert connect(app, channels, message, Cookie=cookie) in (1003, 1006, 1009)
    assert app_server.memory_info().rss - before < 50 * MEBIBYTE
    assert ask(app, channels.partition("/channels")[0], Cookie=cookie)[0] == 200


def test_a_page_ends_its_kernel_when_it_goes(app, entered):
    cookie, channels = entered
    kernel = channels.split("/")[3]
    for origin, status in (("http://evil.example", 404), (app.partition("/?")[0], 204)):
        path = f"/voila/api/shutdown/{kernel}"
        assert ask(app, path, "POST", Cookie=cookie, Origin=origin)[0] == status


@contextmanager
def app_with(log: Path, *options: str) -> Iterator[tuple[str, psutil.Process]]:
    """An app of its own, and its process."""
    with browsing.app(log, *options) as address:
        yield address, browsing.listening(urlsplit(address).port)


def kernels(server: psutil.Process) -> list[psutil.Process]:
    def is_kernel(process: psutil.Process) -> bool:
        with suppress(psutil.Error):  # it has just ended
            return "ipykernel_launcher" in process.cmdline()
        return False

    return list(filter(is_kernel, server.children(True)))


@pytest.mark.full
def test_kernels_end_without_their_page_and_only_so_many_run(tmp_path, browser):
    seconds = ("--Kernels.most=2", "--Kernels.cull_idle_timeout=5", "--Kernels.cull_interval=1")
    with app_with(tmp_path / "log.txt", *seconds) as (app, server):
        page = browser.new_page()
        page.goto(app)
        expect(page.get_by_role("group", name="First picture")).to_be_visible()
        enter(app)  # a page that never connects
        assert len(kernels(server)) == 2
        other = browser.new_page()
        assert other.goto(app).status == 503
        expect(other.get_by_role("main")).to_contain_text("2 pages of this app are open")
        assert browsing.serious(other) == []
        browsing.wait_until(lambda: len(kernels(server)) == 1)
        time.sleep(6)
        assert len(kernels(server)) == 1  # the one whose page is there stays
        page.reload()
        expect(page.get_by_role("group", name="First picture")).to_be_visible()
        browsing.wait_until(lambda: len(kernels(server)) == 1)
        page.close()
        other.close()
        browsing.wait_until(lambda: not kernels(server))


def choose(page: Page, name: str) -> None:
    """Choose a pair of the folder, and wait until it is compared."""
    for place, kind in (("first", "original"), ("second", "modified")):
        page.get_by_label(f"or from the folder images as the {place} picture").select_option(
            f"{kind}_{name}.png"
        )
    shown = """(name) => {
        const words = [...document.querySelectorAll(".picker .words")].map((p) => p.textContent);
        const reading = document.querySelector(".explorer .reading");
        return words[0].includes(`original_${name}`) && words[1].includes(`modified_${name}`)
            && reading?.checkVisibility();
    }"""
    page.wait_for_function(shown, arg=name)


@pytest.mark.full
def test_pair_after_pair_neither_kernel_nor_browser_grows(tmp_path, browser):
    with app_with(tmp_path / "log.txt") as (app, server):
        page = browser.new_page()
        page.goto(app)
        expect(page.get_by_role("group", name="First picture")).to_be_visible()
        (kernel,) = kernels(server)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")

        def measure() -> tuple[float, float, int]:
            devtools.send("HeapProfiler.collectGarbage")
            metrics = devtools.send("Performance.getMetrics")["metrics"]
            heap, nodes = (
                next(each["value"] for each in metrics if each["name"] == name)
                for name in ("JSHeapUsedSize", "Nodes")
            )
            return kernel.memory_info().rss / MEBIBYTE, heap / MEBIBYTE, nodes

        for number in range(300):
            choose(page, ("05", "03")[number % 2])
            if number == 40:
                before = measure()
        memory, heap, nodes = (
            after - earlier for after, earlier in zip(measure(), before, strict=True)
        )
        page.close()
    assert memory < 15 and heap < 1 and nodes < 300
