"""The server of the app: Voilà, open only to who has its token, with a bound on what it starts.

``python start.py app`` runs it, and says in JUPYTER_PATH where the template is. Voilà alone gives
a page, and with it a kernel, to anybody who finds its port: also to a page of the web, by an image
or by a name that resolves to this computer. Options of Voilà that are given win over what is set
here.
"""

import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.log import log_request
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Bool, Integer, List, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.handler import VoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.voila_identity_provider import VoilaIdentityProvider

MEGABYTE = 2**20
MOST_BYTES = 2 * MEGABYTE  # of a message; the picker sends pictures in chunks of one
MOST_PARTS = 64  # of a message; five and the buffers, of which the front end sends one
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_TOKEN = (
    "This page opens with the address that the app printed when it was started: it ends with the "
    "token, ?token= and 48 characters. Copy all of it from the terminal."
)
TOO_MANY = (
    "{} pages of this app are open, and that is the limit. Close one, wait a few minutes, and load "
    "this page again."
)
WRONG_HOST = (
    "The app does not answer to the name in this address. Open it as localhost, or start it with "
    "--Voila.local_hostnames=NAME."
)


class Guard(JupyterHandler):
    """The check before each handler, of `Host` and of the token, and a page with words.

    A page wants the token in its address: its cookie is sent as well when a page of another server
    on this computer shows this address as an image, and the page would start a kernel.
    """

    async def prepare(self, **options: Any) -> None:
        """Raise `HTTPError` 403 unless the request may be answered."""
        await super().prepare(**options)
        enters = self.token_authenticated if isinstance(self, VoilaHandler) else self.current_user
        if self.identity_provider.auth_enabled and not enters:
            self.get_login_url()

    def check_host(self) -> bool:
        """Return True, or raise `HTTPError` 403 when the header `Host` is of another computer."""
        if super().check_host():
            return True
        self.current_user = self._jupyter_current_user = None  # the page of the error asks for it
        raise HTTPError(403, WRONG_HOST)

    def check_xsrf_cookie(self) -> None:
        """Raise `HTTPError` 403 for a form of another page; a page that ends its kernel has none.

        Voilà's page leaves the argument out, and its kernel stays. It is known by a random number,
        and the header `Origin` is checked for it as well.
        """
        if not isinstance(self, VoilaShutdownKernelHandler):
            super().check_xsrf_cookie()

    def get_login_url(self) -> str:
        """Raise `HTTPError`, for there is no form to log in with."""
        raise HTTPError(403, NO_TOKEN)

    def get_template(self, name: str) -> Any:
        """Return one of Voilà's templates; those of Jupyter Server need files that are guarded."""
        return self.settings["voila_jinja2_env"].get_template(name)


class Identity(VoilaIdentityProvider):
    """The token, without a form to enter it."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return no page to log in or out."""
        return []


class Kernels(AsyncMappingKernelManager):
    """The kernels, one for each page, and no more than `most`."""

    most = Integer(8, help="The most kernels that run at once.").tag(config=True)

    async def start_kernel(self, **options: Any) -> str:
        """Start a kernel, or raise `HTTPError` 503 when as many run as may."""
        # One that failed to start stays among those that are waited for.
        starting = {name for name, task in self._pending_kernels.items() if not task.done()}
        if len(self._kernels.keys() | starting) >= self.most:
            raise HTTPError(503, TOO_MANY.format(self.most))
        return await super().start_kernel(**options)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Count from now on how long the page is gone, not from when it last did something."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self:
            self.get_kernel(kernel_id).last_activity = datetime.now(UTC)


DEFAULTS = {
    "VoilaConfiguration": {
        "template": "course",
        "allow_theme_override": "NO",  # it is written into the page as it is given
        "allow_template_override": "NO",
        "file_allowlist": [],  # the page needs no file of the folder
        "multi_kernel_manager_class": Kernels,
    },
    # A kernel whose page is gone: after a lost connection it is there for this many seconds.
    "Kernels": {"cull_idle_timeout": 180, "cull_interval": 30},
    "Identity": {"cookie_options": {"samesite": "Strict"}},
}
# What a kernel sends by TCP can be read by every user of the computer; not so by sockets in a
# folder of one's own. Their paths are short: macOS has a long one for what is temporary.
LONGEST_FOLDER = 40  # bytes
if sys.platform == "linux" and len(tempfile.gettempdir()) <= LONGEST_FOLDER:
    DEFAULTS["KernelManager"] = {"transport": "ipc"}


class Connection(ZMQChannelsWebsocketConnection):
    """A connection with a kernel that refuses messages which are not whole.

    Jupyter Server believes the number of parts with which a message begins, in the old format as
    in this one, and 4 bytes take gigabytes.
    """

    def handle_incoming_message(self, incoming_msg: bytes | str) -> None:
        """Pass a message of the front end on to the kernel, or close the connection."""
        if self.subprotocol and is_whole(incoming_msg):
            super().handle_incoming_message(incoming_msg)
        else:
            self.websocket_handler.close(1003, "This is no message of the app.")


def is_whole(message: bytes | str) -> bool:
    """Tell whether a message has the format v1.kernel.websocket.jupyter.org.

    It begins with a number and so many offsets, 8 bytes each, little-endian: where the channel, the
    header, its parent, metadata, content and buffers begin, and where the last one ends.
    """
    if not isinstance(message, bytes):
        return False
    count = int.from_bytes(message[:8], "little")
    if not 6 <= count <= MOST_PARTS or len(message) < 8 * (count + 1):
        return False
    starts = range(8, 8 * (count + 1), 8)
    offsets = [int.from_bytes(message[start : start + 8], "little") for start in starts]
    return offsets == sorted(offsets) and offsets[0] >= starts.stop and offsets[-1] <= len(message)


class Server(Voila):
    """Voilà with a token, a check of the header `Host`, and bounds."""

    auto_token = Bool(True, help="Ask for a token, a new one at each start.").tag(config=True)
    local_hostnames = List(
        Unicode(),
        ["localhost"],
        help="Names in the header Host that are answered while `ip` is of this computer only. Give "
        "the public name here when a proxy stands before the app.",
    ).tag(config=True)

    @default("identity_provider_class")
    def _identity(self) -> type:
        return Identity

    @default("kernel_websocket_connection_class")
    def _connection(self) -> type:
        return Connection

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the options; those that are not given are as in `DEFAULTS`."""
        self.update_config(Config(DEFAULTS))
        super().initialize(argv)

    def init_settings(self) -> dict[str, Any]:
        """Return the settings of the web application; the user's `tornado_settings` come after."""
        settings = super().init_settings()
        settings["voila_jinja2_env"].globals["token"] = self.identity_provider.token
        return settings | {
            "allow_remote_access": self.ip not in LOOPBACK,
            "local_hostnames": self.local_hostnames,
            "websocket_max_message_size": MOST_BYTES,
            # It leaves the token out; tornado's own would write it down.
            "log_function": partial(log_request, record_prometheus_metrics=False),
        }

    def init_handlers(self) -> list:
        """Return the routes, each behind the guard: Voilà guards pages only, not files."""
        return [
            (pattern, type(handler.__name__, (Guard, handler), {}), *rest)
            for pattern, handler, *rest in super().init_handlers()
        ]

    def listen(self) -> None:
        """Listen and answer until the end. Nothing that is sent is large, but for messages."""
        self.app.listen = partial(self.app.listen, max_body_size=MEGABYTE)
        super().listen()


if __name__ == "__main__":
    Server.launch_instance()
