"""The one thread that owns a node's state. Everything else only puts events in its queue."""

import logging
import queue
from typing import Protocol

from edge.events import Quit
from edge.service import Service

__all__ = ["GaveUp", "Loop", "Program"]

log = logging.getLogger(__name__)

_FAILURES_IN_A_ROW = 10


class GaveUp(Exception):
    """The program failed again and again; whoever supervises it should start it anew."""


class Program(Protocol):
    """What runs in the loop. Every method is called on the loop's thread only."""

    def begin(self) -> None:
        """Called once, before any event."""

    def handle(self, event: object) -> None:
        """Take in one event."""

    def attend(self) -> float:
        """Do what is due now; returns after how many seconds to be called again if nothing happens before."""

    def doing(self) -> str:
        """What it is at, in a line for the service manager."""

    def end(self, why: str) -> None:
        """Called once, after the last event."""


class Loop:
    """Events in, one at a time, until `Quit`. `post` may be called from any thread and never blocks.

    `service` hears of every turn in which the program could attend to itself, and of nothing else.
    """

    def __init__(self, *, service: Service | None = None, after_failure_s: float = 1.0) -> None:
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._service = service or Service({})
        self._after_failure_s = after_failure_s
        self._failures = 0

    def post(self, event: object) -> None:
        """Have the program handle `event` soon."""
        self._queue.put(event)

    def run(self, program: Program) -> None:
        """Run `program` until `Quit` arrives, then end it in order.

        A mistake in the program is logged and survived: one bad message silences no loudspeaker. Raises
        `GaveUp` after ten failures in a row, once the program has been ended.
        """
        program.begin()
        why = "the program failed"
        try:
            why = self._turn(program)
        finally:
            self._service.stopping(why)
            program.end(why)

    def _turn(self, program: Program) -> str:
        while True:
            wait_s = self._attend(program)
            try:
                event = self._queue.get(timeout=max(wait_s, 0.0))
            except queue.Empty:
                continue
            if isinstance(event, Quit):
                return event.why
            self._hand_over(program, event)

    def _attend(self, program: Program) -> float:
        try:
            wait_s = program.attend()
            doing = program.doing()
        except Exception as error:  # noqa: BLE001 - the top of the loop, logged below
            self._note_failure(error)
            return self._after_failure_s
        self._failures = 0
        self._service.alive(doing)
        return min(wait_s, self._service.every_s)

    def _hand_over(self, program: Program, event: object) -> None:
        try:
            program.handle(event)
        except Exception as error:  # noqa: BLE001 - the top of the loop, logged below
            self._note_failure(error)

    def _note_failure(self, error: Exception) -> None:
        log.exception("a mistake in the program; it goes on")
        self._failures += 1
        if self._failures >= _FAILURES_IN_A_ROW:
            raise GaveUp(f"{self._failures} failures in a row") from error
