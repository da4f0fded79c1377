"""`loa hub`: serve pages and loudspeakers; make a site, people, areas and nodes from the command line."""

import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import uvicorn

from edge.wire.told import told
from hub.app import create_app
from hub.arguments import Arguments, parse
from hub.command_name import command_name
from hub.commands import run_command
from hub.config import WrongSettings, load_settings
from hub.desk import check_file, make_room, only_hub_on
from hub.errors import HubError
from hub.listening import check_ports, listening
from hub.parts import Parts
from hub.rekey import finish
from hub.service import Life, Service
from hub.wiring import running_hub

__all__ = ["main"]

log = logging.getLogger(__name__)

_GRACE_S = 3


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
            print(f"{command_name()}: {fault}", file=sys.stderr)
        return 2
    except HubError as error:
        print(f"{command_name()}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{command_name()}: {told(error)}", file=sys.stderr)
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
        if finish(settings.data):
            log.warning("a change of the site's keys was cut off; it is finished now")
        check_ports(settings)
        make_room(settings)
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


if __name__ == "__main__":
    sys.exit(main())
