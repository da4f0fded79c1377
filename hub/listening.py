"""Where the hub listens: a port of this machine, or a Unix socket for the web server in front of it."""

import errno
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hub.config import HubSettings
from hub.errors import Unavailable

__all__ = ["check_ports", "listening"]

_FOR_ITS_GROUP = 0o660
_BACKLOG = 512
_PATIENCE_S = 2.0  # a killed hub's mosquitto may still be ending


def check_ports(settings: HubSettings) -> None:
    """Raises `Unavailable` while another program has a port of the embedded broker."""
    if settings.broker.mode == "embedded":
        _on_port(settings.broker.host, settings.broker.port, "broker", patience_s=_PATIENCE_S).close()
    if (tls := settings.tls) is not None:
        where = (tls.broker_host, tls.broker_port)
        _on_port(*where, "tls", patience_s=_PATIENCE_S, key="broker_port").close()


@contextmanager
def listening(settings: HubSettings) -> Iterator[socket.socket]:
    """The socket on which pages and API are served. Raises `Unavailable`, OSError."""
    hub = settings.hub
    if hub.socket is None:
        with _on_port(hub.host, hub.port, "hub") as listener:
            # asyncio does so only for sockets that name their protocol; each connection inherits it.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield listener
        return
    path = Path(hub.socket)
    with _on_path(path) as listener:
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _on_path(path: Path) -> socket.socket:
    _clear(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(_FOR_ITS_GROUP)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise Unavailable(f"[hub] socket {path} cannot be made: {reason}") from error
    return listener


def _clear(path: Path) -> None:
    """Take away the socket that a killed hub left."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise Unavailable(f"[hub] socket {path} is a file of another kind; set another path")
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
                return
        raise Unavailable(f"[hub] socket {path} is another program's; set another path")


def _on_port(
    host: str, port: int, section: str, *, patience_s: float = 0, key: str = "port"
) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until_s = time.monotonic() + patience_s
    while True:
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            if time.monotonic() >= until_s:
                text = f"port {port} on {host} is taken by another program; set another [{section}] {key}"
                raise Unavailable(text) from error
        time.sleep(0.1)
