"""A thread that does slow work in steps, beside the loop."""

import logging
import threading
from collections.abc import Callable

__all__ = ["Worker"]

log = logging.getLogger(__name__)

_AFTER_FAILURE_S = 10.0
_STOP_TIMEOUT_S = 1.0


class Worker:
    """Calls `step` again and again; it returns after how many seconds it wants to be called next.

    A mistake in `step` is logged and survived. Whoever sets `nudged` has it called at once.
    """

    def __init__(self, name: str, step: Callable[[], float], *, nudged: threading.Event) -> None:
        self._step = step
        self._nudged = nudged
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the step at work end, for at most a second: the thread dies with the program."""
        self._stopping.set()
        self._nudged.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._nudged.clear()
            try:
                wait_s = self._step()
            except Exception:
                log.exception("%s: a mistake; it goes on", self._thread.name)
                wait_s = _AFTER_FAILURE_S
            if not self._stopping.is_set():
                self._nudged.wait(wait_s)
