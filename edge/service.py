"""What the service manager is told of this program (sd_notify), over the socket that it names.

A program that nobody supervises has no such socket: then nothing is said. A manager that does not listen is
logged; it ends no program.
"""

import logging
import math
import os
import socket
import time
from collections.abc import Callable, MutableMapping

__all__ = ["Service"]

log = logging.getLogger(__name__)

_FEEDS_PER_PERIOD = 4
_PATIENCE_S = 1.0


class Service:
    """Says ready with the first sign of life, and feeds the watchdog with those that follow.

    `every_s` is how often `alive` must be called: a quarter of the watchdog's time, infinite without one. The
    variables that the manager set are taken out of `environment`: no child speaks for this program.
    """

    def __init__(
        self,
        environment: MutableMapping[str, str] = os.environ,
        *,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = _address(environment.pop("NOTIFY_SOCKET", ""))
        self.every_s = _watchdog_s(environment) / _FEEDS_PER_PERIOD
        self._steady_s = steady_s
        self._words: str | None = None
        self._feed_due_s = -math.inf

    def alive(self, doing: str = "running") -> None:
        """The program works, at what `doing` says in a line; call it often, from its own thread."""
        words = " ".join(doing.split())  # a line more would be another message to the manager
        if words != self._words:
            self._tell(f"READY=1\nSTATUS={words}" if self._words is None else f"STATUS={words}")
            self._words = words
        now_s = self._steady_s()
        if self.every_s < math.inf and now_s >= self._feed_due_s:
            self._feed_due_s = now_s + self.every_s
            self._tell("WATCHDOG=1")

    def stopping(self, why: str) -> None:
        """The program has begun to end."""
        self._tell(f"STOPPING=1\nSTATUS=ending: {why}")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.settimeout(_PATIENCE_S)
                manager.sendto(words.encode(), self._address)
        except OSError as error:
            log.warning("the service manager does not hear %r: %s", words.partition("\n")[0], error)


def _address(name: str) -> str:
    """The socket as the kernel names it: a path, or after a zero byte a name without a file."""
    return "\0" + name[1:] if name.startswith("@") else name


def _watchdog_s(environment: MutableMapping[str, str]) -> float:
    period_us, for_pid = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
    is_ours = for_pid in ("", str(os.getpid()))
    return int(period_us) / 1e6 if is_ours and period_us.isdecimal() and int(period_us) else math.inf
