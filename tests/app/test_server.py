"""The server of the app without a browser: messages, kernels, options. The rest: tests/browser."""

import asyncio
import json
import logging
import struct
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError

from helpers.app.picker import FRONT_END
from helpers.app.server import MOST_BYTES, MOST_PARTS, Kernels, Server, is_whole

PARTS = [b"{}", b"{}", b"{}", b"{}"]
WHOLE = serialize_msg_to_ws_v1([*PARTS, b"bytes of a picture"], "shell")


def run(program: Coroutine) -> Any:
    """Run a program in a thread of its own: in this one the loop of a browser may run."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, program).result()


def offsets(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "little") for number in numbers)


@pytest.mark.parametrize("buffers", [[], [b""], [bytes(MOST_BYTES)], [b"1"] * (MOST_PARTS - 6)])
def test_messages_as_jupyter_writes_them_are_whole(buffers):
    assert is_whole(serialize_msg_to_ws_v1([*PARTS, *buffers], "shell"))


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x06",
        json.dumps({"header": {}, "channel": "shell"}),
        struct.pack("!i", 2**31 - 1) + b"{}",  # the old format: 2 GB of format string
        b"\xff" * 8,  # the new one: a list without end
        b"\xff" * 800,
        offsets(6, *range(56, 61)),
        offsets(6, *[60] * 6),
        offsets(6, 0, 0, 0, 0, 0, 0),
        offsets(6, 56, 58, 57, 58, 58, 58) + b"ab",
        offsets(6, 56, 56, 56, 56, 56, 2**63) + b"ab",
        serialize_msg_to_ws_v1([*PARTS, *[b"1"] * (MOST_PARTS - 5)], "shell"),
        WHOLE[:-1],
        WHOLE[4:],
    ],
)
def test_other_messages_are_not_whole(message):
    assert not is_whole(message)


def test_no_more_kernels_start_than_may(monkeypatch):
    kernels, names = Kernels(most=2), iter("abcde")

    async def start(self: Kernels, fails: bool = False) -> None:
        name, task = next(names), asyncio.get_running_loop().create_future()
        self._pending_kernels[name] = task
        await asyncio.sleep(0)
        task.set_result(None)
        if not fails:
            self._kernels[name] = self._pending_kernels.pop(name)

    async def start_three() -> list:
        await kernels.start_kernel(fails=True)
        starts = [kernels.start_kernel() for _ in range(3)]
        return await asyncio.gather(*starts, return_exceptions=True)

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
    *started, refused = run(start_three())
    assert started == [None, None]
    assert isinstance(refused, HTTPError) and refused.status_code == 503
    assert "2 pages of this app are open" in refused.log_message


def server(*options: str) -> Server:
    """A server that has read its options, and does not listen."""
    made = Server(log_level=50)
    made.initialize(["notebooks/app.ipynb", *options])
    return made


def test_options_that_are_given_win():
    usual = server()
    assert usual.auto_token and usual.token is None
    assert usual.voila_configuration.allow_theme_override == "NO"
    assert usual.voila_configuration.allow_template_override == "NO"
    given = server(
        "--VoilaConfiguration.allow_theme_override=YES",
        "--Kernels.cull_idle_timeout=7",
        "--Voila.local_hostnames=app.example.org",
        "--token=",
        "--theme=dark",
    )
    assert given.voila_configuration.allow_theme_override == "YES"
    assert given.voila_configuration.theme == "dark"
    assert given.voila_configuration.template == "course"
    assert given.local_hostnames == ["app.example.org"] and given.token == ""
    assert Kernels(config=usual.config).cull_idle_timeout == 180
    assert Kernels(config=given.config).cull_idle_timeout == 7


TOKEN = "0123456789abcdef"


def listen(made: Server) -> tuple[HTTPServer, int]:
    """Let a server answer at a free port; also return that port."""
    made.connection_dir = ""
    app = Application(**made.init_settings())
    app.add_handlers(".*$", made.init_handlers())
    listening = app.listen(0, "127.0.0.1")
    return listening, next(iter(listening._sockets.values())).getsockname()[1]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 403),
        (f"/?token={TOKEN[:-1]}", {}, 403),
        (f"/?token={TOKEN}", {}, 418),
        (f"/?token={TOKEN}", {"Host": "evil.example"}, 403),
        ("/", {"Cookie": "ours"}, 403),  # an image of another page sends it, too
        ("/", {"Authorization": f"token {TOKEN}"}, 418),
        ("/voila/static/voila.js", {}, 403),
        ("/voila/labextensions/x", {}, 403),  # Jupyter Server gives it to anybody
        ("/voila/static/voila.js", {"Cookie": "ours"}, 200),
        ("/voila/static/voila.js", {"Cookie": "ours", "Host": "evil.example"}, 403),
    ],
)
def test_who_is_let_in(path, headers, status, monkeypatch):
    """In place of a kernel that starts, the server says 418."""

    async def start(self: Kernels, **options: object) -> None:
        raise HTTPError(418)

    async def answer() -> int:
        listening, port = listen(made)
        here = {**headers, "Host": headers.get("Host", f"localhost:{port}")}
        if "Cookie" in headers:
            entered = await fetch(port, f"/?token={TOKEN}", {"Host": f"localhost:{port}"})
            here["Cookie"] = entered.headers["Set-Cookie"].partition(";")[0]
        code = (await fetch(port, path, here)).code
        listening.stop()
        return code

    async def fetch(port: int, path: str, headers: dict) -> HTTPResponse:
        address = f"http://127.0.0.1:{port}{path}"
        return await AsyncHTTPClient().fetch(address, headers=headers, raise_error=False)

    monkeypatch.setenv("JUPYTER_PATH", str(FRONT_END))
    monkeypatch.setattr(Kernels, "start_kernel", start)
    made = server(f"--token={TOKEN}")
    assert run(answer()) == status


def test_the_log_never_holds_the_token(monkeypatch, caplog):
    monkeypatch.setenv("JUPYTER_PATH", str(FRONT_END))
    made = server(f"--token={TOKEN}")
    made.log.propagate = True

    async def ask() -> int:
        listening, port = listen(made)
        answer = await AsyncHTTPClient().fetch(
            f"http://localhost:{port}/voila/static/voila.js?token={TOKEN}",
            method="DELETE",
            raise_error=False,
        )
        listening.stop()
        return answer.code

    with caplog.at_level(logging.DEBUG):
        assert run(ask()) >= 400
    assert "voila.js" in caplog.text and TOKEN not in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has short paths for sockets")
def test_what_a_kernel_sends_is_not_for_other_users():
    assert server().config.KernelManager.transport == "ipc"
