"""An output on which sound lasts as long as it should, when time passes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.speaker.output import (
    Faulted,
    FaultReason,
    Finished,
    OutputEvent,
    Performance,
    Report,
    Started,
    Stopped,
)
from edge.speaker.track import Track
from tests.fakes import FakeClock

__all__ = ["STEP_S", "Act", "FakeStage"]

STEP_S = 0.05  # at what steps time passes while something sounds


@dataclass
class Act(Performance):
    """One armed track of a `FakeStage`."""

    stage: "FakeStage"
    track: Track
    play_id: str
    due: datetime
    report: Report
    started_at: datetime | None = None
    started_s: float = 0.0
    boundary_s: float | None = None
    is_over: bool = False
    volume: int | None = None

    def stop(self, *, fade_s: float = 0.03) -> None:
        if not self.is_over and not self.stage.hangs:
            self._end(Stopped(at=self.stage.clock.now(), played_ms=self.played_ms))

    def until(self, instant: datetime | None, *, fade_s: float = 0.03) -> None:
        """Counted from now on the steady clock, as a real output does: sound keeps its own time."""
        clock = self.stage.clock
        left = None if instant is None else (instant - clock.now()).total_seconds()
        self.boundary_s = None if left is None else clock.monotonic() + left

    def turn(self, volume: int) -> None:
        self.volume = volume

    @property
    def played_ms(self) -> int:
        if self.started_at is None:
            return 0
        return round((self.stage.clock.monotonic() - self.started_s) * 1000)

    def fault(self, reason: FaultReason) -> None:
        self._end(Faulted(reason, "as the test wants", at=self.stage.clock.now(), played_ms=self.played_ms))

    def pass_time(self) -> None:
        now, now_s = self.stage.clock.now(), self.stage.clock.monotonic()
        waits = self.started_at is None and now < self.due
        if self.is_over or waits or self.stage.is_busy_before(self):
            return
        if self.started_at is None:
            self.started_at = max(self.due, now - timedelta(seconds=STEP_S))
            self.started_s = now_s - (now - self.started_at).total_seconds()
            self.report(
                Started(at=self.started_at, error_ms=(self.started_at - self.due).total_seconds() * 1000)
            )
        if self.boundary_s is not None and now_s >= self.boundary_s:
            self._end(Stopped(at=now, played_ms=self.played_ms, at_boundary=True))
        elif self.played_ms >= self.stage.length_ms - self.track.start_ms:
            self._end(Finished(at=now, played_ms=self.played_ms))

    def _end(self, event: OutputEvent) -> None:
        self.is_over = True
        self.report(event)


class FakeStage:
    """An output on which every track lasts `length_ms`, one after the other; while it `hangs`, a stop has no
    effect."""

    lead_s = 1.0

    def __init__(self, clock: FakeClock, *, length_ms: int = 12_000) -> None:
        self.clock = clock
        self.length_ms = length_ms
        self.acts: list[Act] = []
        self.hangs = False
        self.is_closed = False

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Act:
        self.acts.append(Act(self, track, play_id, due, report))
        return self.acts[-1]

    def tend(self) -> float:
        return 1.0

    def close(self) -> None:
        self.is_closed = True
        for act in self.acts:
            act.is_over = True

    def pass_time(self) -> None:
        for act in self.acts:
            act.pass_time()

    def is_busy_before(self, act: Act) -> bool:
        """Whether what was armed earlier is not over yet."""
        return any(not other.is_over for other in self.acts[: self.acts.index(act)])

    @property
    def is_sounding(self) -> bool:
        return any(act.started_at is not None and not act.is_over for act in self.acts)
