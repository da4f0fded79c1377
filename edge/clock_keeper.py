"""Keeps a node's clock judged: asks its source, takes the hub's answer, remembers it, tells its faults."""

import logging
from datetime import datetime
from typing import Protocol

from edge.clock import POLL_S, WallStep
from edge.errors import LedgerError
from edge.faults import Faults
from edge.ledger import Ledger

__all__ = ["MEMORY", "ClockKeeper", "JudgedClock"]

log = logging.getLogger(__name__)

MEMORY = "clock"
_REMEMBER_EVERY_S = 600.0
_FAULTS = ("clock_assumed", "clock_source", "clock_disputed")


class JudgedClock(Protocol):
    """What there is to keep; see `edge.clock.SystemClock`."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def poll(self) -> WallStep | None:
        """Ask the source of trust."""

    def answered(self, hub_at: datetime, *, sent_s: float, received_s: float) -> bool:
        """Take in the hub's answer; False where the clock in step contradicts it."""

    def faults(self) -> tuple[str, ...]:
        """What staff should see."""

    def memory(self) -> bytes | None:
        """What to keep for the next life."""


class ClockKeeper:
    """Used by the node's thread only. With `remember`, what is known survives in the ledger's file."""

    def __init__(self, *, clock: JudgedClock, ledger: Ledger, faults: Faults, remember: bool) -> None:
        self._clock = clock
        self._ledger = ledger
        self._faults = faults
        self._remember = remember
        self._poll_due_s = 0.0
        self._remember_due_s = 0.0

    def tend(self) -> float:
        """Do what is due; returns the seconds until there is more."""
        now_s = self._clock.monotonic()
        if now_s >= self._poll_due_s:
            self._poll_due_s = now_s + POLL_S
            self._poll()
        if self._remember and now_s >= self._remember_due_s:
            self._remember_due_s = now_s + _REMEMBER_EVERY_S
            self.remember()
        return self._poll_due_s - now_s

    def answered(self, hub_at: datetime, *, sent_s: float) -> bool:
        """The hub's signed answer arrived just now; the question left at `sent_s` of the monotonic clock.

        False where the clock in step contradicts it.
        """
        agrees = self._clock.answered(hub_at, sent_s=sent_s, received_s=self._clock.monotonic())
        self._tell_faults()
        return agrees

    def remember(self) -> None:
        """Keep what is known of the time for the next life."""
        memory = self._clock.memory()
        if not self._remember or memory is None:
            return
        try:
            self._ledger.keep(MEMORY, memory)
        except LedgerError as error:
            log.warning("the time could not be remembered: %s", error)

    def _poll(self) -> None:
        step = self._clock.poll()
        if step is not None:
            log.warning("the wall clock was set by %+.3f s", step.by_s)
        self._tell_faults()

    def _tell_faults(self) -> None:
        present = dict(text.partition(": ")[::2] for text in self._clock.faults())
        for name in _FAULTS:
            if name in present:
                self._faults.begin(name, present[name])
            else:
                self._faults.end(name)
