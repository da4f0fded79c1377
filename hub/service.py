"""What the service manager is told of the hub (sd_notify), and on which proof.

A hub whose threads have died behind a process that still runs would look healthy for ever. So the watchdog
is fed by the ticker's thread, after the thread that writes has answered, and while the loop that serves pages
turns. Where nobody supervises the program nothing is said.
"""

import logging
import math
import os
import socket
import time
from collections.abc import Callable, MutableMapping
from concurrent.futures import Future, wait
from typing import Any

__all__ = ["Life", "Service"]

_LOG = logging.getLogger(__name__)

_PATIENCE_S = 20.0
_SEND_WITHIN_S = 1.0


class Service:
    """Speaks to the manager named in `environment`, whose variables it takes out: no child is to speak."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        self._address = _address(environment.pop("NOTIFY_SOCKET", ""))
        period_us, for_pid = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
        self._is_watched = bool(period_us) and for_pid in ("", str(os.getpid()))

    def ready(self, status: str) -> None:
        """The program does its work from now on."""
        self._tell(f"READY=1\nSTATUS={status}")

    def alive(self) -> None:
        """Feed the watchdog, where there is one."""
        if self._is_watched:
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The program has begun to end."""
        self._tell("STOPPING=1\nSTATUS=ending")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.settimeout(_SEND_WITHIN_S)
                manager.sendto(words.encode(), self._address)
        except OSError as error:
            _LOG.warning("the service manager does not hear %r: %s", words.partition("\n")[0], error)


class Life:
    """The hub's signs of life. `served` belongs to the loop that serves pages, `prove` to the ticker."""

    def __init__(
        self,
        service: Service,
        *,
        patience_s: float = _PATIENCE_S,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._patience_s = patience_s
        self._steady_s = steady_s
        self._served_s = -math.inf

    def served(self, status: str = "") -> None:
        """The loop that serves pages has turned; the first time, the hub is ready."""
        is_first = self._served_s == -math.inf
        self._served_s = self._steady_s()
        if is_first:
            self._service.ready(status)

    def prove(self, ask_writer: Callable[[], "Future[Any]"]) -> None:
        """Feed the watchdog if the writer answers, were it with an error, and pages were served lately."""
        if not wait([ask_writer()], timeout=self._patience_s).done:
            _LOG.error("the thread that writes has not answered for %.0f s", self._patience_s)
        elif self._steady_s() - self._served_s > self._patience_s:
            _LOG.error("the loop that serves pages has not turned for %.0f s", self._patience_s)
        else:
            self._service.alive()

    def stopping(self) -> None:
        """The hub has been told to end."""
        self._service.stopping()


def _address(name: str) -> str:
    """The socket as the kernel names it: a path, or after a zero byte a name without a file."""
    return "\0" + name[1:] if name.startswith("@") else name
