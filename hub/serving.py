"""`loa hub serve`: pages, loudspeakers and counters, until told to stop."""

import contextlib
import gc
import logging
import signal
from types import FrameType

import uvicorn

from hub.app import create_app
from hub.arguments import Arguments
from hub.backup.restore import check_whole
from hub.config import load_settings
from hub.desk import check_file, make_room, only_hub_on
from hub.listening import check_ports, listening
from hub.parts import Parts
from hub.rekey import finish
from hub.service import Life, Service
from hub.wiring import running_hub

__all__ = ["serve"]

_LOG = logging.getLogger(__name__)

_GRACE_S = 3


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


def serve(arguments: Arguments) -> int:
    """Serve until told to stop; returns 0. Raises `WrongSettings`, `HubError`, OSError."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn raises the signal again once its connections are closed; then the rest stops, in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = load_settings(arguments.config)
    life = Life(Service())
    with contextlib.suppress(KeyboardInterrupt), only_hub_on(settings.data):
        check_whole(settings.data)
        make_room(settings)
        if finish(settings.data):
            _LOG.warning("a change of the site's keys was cut off; it is finished now")
        check_ports(settings)
        check_file(settings)
        with listening(settings) as listener, running_hub(settings, life=life) as parts:
            print(f"Loa: {settings.site.name}: {settings.url}", flush=True)
            server = _Server(_server_config(parts), parts, life)
            _keep_what_stands()
            server.run(sockets=[listener])
    return 0


def _keep_what_stands() -> None:
    """Leave what is there for good out of every search for garbage: one took 0.1 s, amid pages and orders."""
    gc.collect()
    gc.freeze()


def _server_config(parts: Parts) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(parts, behind_proxy=parts.settings.hub.socket is not None),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
