"""One occurrence that the output holds, from its arming to its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.speaker.output import Faulted, Finished, Performance, Started, Stopped
from edge.speaker.situation import Current
from edge.wire.entries import Outcome, Reason
from edge.wire.entries import Started as StartedEntry
from edge.wire.plan import PlannedOccurrence

__all__ = ["HeldPlay"]


@dataclass(kw_only=True)
class HeldPlay:
    """`begins_at` is when it is expected to start, later when it did; `volume` is in percent. From
    `given_up_s` on (steady clock) its output counts as hung."""

    number: int
    occurrence: PlannedOccurrence
    joined_ms: int
    performance: Performance
    begins_at: datetime
    given_up_s: float
    volume: int
    until: datetime | None = None
    started: StartedEntry | None = None
    cut: Reason | None = None

    def as_current(self) -> Current:
        """What the conductor needs to know of it."""
        left = timedelta(milliseconds=self.occurrence.duration_ms - self.joined_ms)
        return Current(
            self.occurrence,
            started=self.started is not None,
            ending=self.cut is not None,
            ends_at=None if self.cut else self.begins_at + left,
        )

    def has_started(self, event: Started, *, clock_bound_ms: float | None) -> StartedEntry:
        """Note its start; returns what the ledger should say of it."""
        self.begins_at = event.at
        self.started = StartedEntry(
            occurrence=self.occurrence.id,
            due_at=self.occurrence.due_at,
            started_at=event.at,
            start_error_ms=event.error_ms,
            clock_bound_ms=clock_bound_ms,
        )
        return self.started

    def verdict(self, event: Finished | Stopped | Faulted) -> tuple[Outcome, Reason | None]:
        """What became of it."""
        match event:
            case Finished():
                return Outcome.PLAYED, None
            case Stopped(at_boundary=True):
                return Outcome.CUT, Reason.QUIET_HOURS
            case Stopped():
                return Outcome.CUT, self.cut or Reason.POWER
            case Faulted(reason="unplayable"):
                return Outcome.FAILED, Reason.RECORDING
        return Outcome.FAILED, Reason.DEVICE
