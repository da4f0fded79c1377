"""The touch page, served by the counter itself, so that it works while the hub is away.

Only its own page may press: a browser sends where a page came from, and that must be this server, under an
address and not under some name a stranger's page could carry. It answers when the press is on the disk.
"""

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from edge.clock import Clock
from edge.counter.events import Answer
from edge.counter.hand import press
from edge.counter.page import Asset
from edge.events import Trouble
from edge.wire.entries_counter import PressSource

__all__ = ["Kiosk"]

log = logging.getLogger(__name__)

_LARGEST_BODY = 1_024
_MOST_VISITORS = 24
_MOST_PRESSES, _PER_S = 20, 10.0
_AGAIN_S = 15.0
_STOP_WITHIN_S = 0.2
_KEY = re.compile(r"[0-9a-f]{32}")
_DOSSIER = re.compile(r"[A-Za-z0-9./-]{0,40}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Kiosk:
    """Serves `assets` at `host` and `port` (0: any); a touch is posted and waited for. While the port cannot
    be had it is tried again; call `step` from a worker."""

    def __init__(
        self,
        assets: dict[str, Asset],
        *,
        host: str,
        port: int,
        post: Callable[[object], None],
        clock: Clock,
    ) -> None:
        self.assets = assets
        self._address = (host, port)
        self._post = post
        self._clock = clock
        self._server: _Server | None = None
        self._recent: list[float] = []
        self._lock = threading.Lock()
        self.retry = threading.Event()

    @property
    def port(self) -> int | None:
        """The port it is served at; None while it is not."""
        return self._server.server_address[1] if self._server is not None else None

    def step(self) -> float:
        """Begin to serve, if that has not been possible yet; returns when to try again."""
        if self._server is not None:
            return _AGAIN_S
        try:
            self._server = _Server(self._address, self)
        except OSError as error:
            self._post(Trouble("touch_page", f"{self._address[0]}:{self._address[1]}: {error.strerror}"))
            return _AGAIN_S
        self._post(Trouble("touch_page", ""))
        serve = partial(self._server.serve_forever, poll_interval=_STOP_WITHIN_S)
        threading.Thread(target=serve, name="touch page", daemon=True).start()
        return _AGAIN_S

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def press(self, level: int, *, key: str, dossier: str = "") -> Answer:
        """Have the node take a press, and wait until it is on the disk."""
        return press(
            level,
            key=key,
            source=PressSource.TOUCH,
            dossier=dossier,
            post=self._post,
            clock=self._clock,
        )

    def allows(self) -> bool:
        """Whether one more press is what hands could do; a program in the network must not fill the disk."""
        now_s = time.monotonic()
        with self._lock:
            self._recent = [at_s for at_s in self._recent if now_s - at_s < _PER_S]
            if len(self._recent) >= _MOST_PRESSES:
                return False
            self._recent.append(now_s)
            return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self._places = threading.BoundedSemaphore(_MOST_VISITORS)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """As the parent's, without asking the name server what this machine is called."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one visitor on a thread, unless the house is full."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread could be had
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """See the parent; gives the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who went away in the middle is no news."""
        log.debug("touch page: a request failed", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server_version = "loa"
    sys_version = ""

    def do_GET(self) -> None:
        """The page, its files, and whether the node is there."""
        if not _is_own_name(self.headers.get("Host", "")):
            self._send(HTTPStatus.FORBIDDEN)
        elif self.path == "/alive":
            self._send(HTTPStatus.NO_CONTENT)
        elif (asset := self._kiosk.assets.get(self.path)) is not None:
            self._send(HTTPStatus.OK, asset.content, asset.type)
        else:
            self._send(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A face was touched."""
        self._send(*self._press())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Requests are logged only when asked for."""
        log.debug(format, *args)

    @property
    def _kiosk(self) -> Kiosk:
        return cast("_Server", self.server).kiosk

    def _press(self) -> tuple[HTTPStatus, bytes]:
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin", "")
        is_ours = _is_own_name(self.headers.get("Host", "")) and origin == f"http://{host}"
        if self.path != "/press":
            return HTTPStatus.NOT_FOUND, b""
        if not is_ours or self.headers.get_content_type() != "application/json":
            return HTTPStatus.FORBIDDEN, b""
        touch = _read_touch(self._body())
        if touch is None:
            return HTTPStatus.BAD_REQUEST, b""
        if not self._kiosk.allows():
            return HTTPStatus.TOO_MANY_REQUESTS, b""
        level, key, dossier = touch
        answer = self._kiosk.press(level, key=key, dossier=dossier)
        is_kept = answer != "lost"
        status = HTTPStatus.OK if is_kept else HTTPStatus.SERVICE_UNAVAILABLE
        return status, json.dumps({"kept": is_kept}).encode()

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > _LARGEST_BODY:
            return b""
        return self.rfile.read(int(length))

    def _send(
        self,
        status: HTTPStatus,
        content: bytes = b"",
        type: str = "application/json",  # noqa: A002
    ) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", type)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _is_own_name(host: str) -> bool:
    """An address, or localhost: no name that a stranger could have made to lead here."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def _read_touch(body: bytes) -> tuple[int, str, str] | None:
    try:
        found = json.loads(body)
        level, key, dossier = found["level"], found["key"], found.get("dossier", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    texts = (key, dossier)
    if type(level) is not int or not 1 <= level <= 5 or not all(isinstance(text, str) for text in texts):
        return None
    return (level, key, dossier) if _KEY.fullmatch(key) and _DOSSIER.fullmatch(dossier) else None
