"""`loa hub`: serve pages and loudspeakers; make a site, people, areas and nodes from the command line."""

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from types import FrameType

import uvicorn

from hub.app import create_app
from hub.arguments import Arguments, parse
from hub.commands import run_command
from hub.config import WrongSettings, load_settings
from hub.desk import only_hub_on
from hub.errors import HubError, Unavailable
from hub.parts import Parts
from hub.service import Life, Service
from hub.wiring import running_hub

__all__ = ["main"]

_GRACE_S = 3
_PATIENCE_S = 2.0  # a killed hub's mosquitto may still be ending


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code: 1 for what went wrong, 2 for wrong settings or arguments."""
    arguments = parse(argv)
    os.umask(0o077)
    try:
        if arguments.command == "serve":
            return _serve(arguments)
        return run_command(arguments)
    except WrongSettings as error:
        for fault in error.faults:
            print(f"loa hub: {fault}", file=sys.stderr)
        return 2
    except (HubError, OSError) as error:
        print(f"loa hub: {error}", file=sys.stderr)
        return 1


class _Server(uvicorn.Server):
    """Ends the open event streams when it is told to stop; they would hold it up otherwise."""

    def __init__(self, config: uvicorn.Config, parts: Parts, life: Life) -> None:
        super().__init__(config)
        self._parts = parts
        self._life = life

    async def on_tick(self, counter: int) -> bool:
        self._life.served(f"serving {self._parts.settings.url}")
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._life.stopping()
        self._parts.events.close()


def _serve(arguments: Arguments) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn raises the signal again once its connections are closed; then the rest stops, in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = load_settings(arguments.config)
    life = Life(Service())
    with contextlib.suppress(KeyboardInterrupt), only_hub_on(settings.data):
        if settings.broker.mode == "embedded":
            _listen(settings.broker.host, settings.broker.port, "broker", patience_s=_PATIENCE_S).close()
        with (
            _listen(settings.hub.host, settings.hub.port, "hub") as listening,
            running_hub(settings, life=life) as parts,
        ):
            print(f"Loa: {settings.site.name}: {settings.url}", flush=True)
            _Server(_server_config(parts), parts, life).run(sockets=[listening])
    return 0


def _server_config(parts: Parts) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(parts),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def _listen(host: str, port: int, section: str, *, patience_s: float = 0) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until_s = time.monotonic() + patience_s
    while True:
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            if time.monotonic() >= until_s:
                text = f"port {port} on {host} is taken by another program; set another [{section}] port"
                raise Unavailable(text) from error
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
