"""Fakes that behave like what they stand for."""

from datetime import UTC, datetime, timedelta

from edge.wire.base import ClockReading, ClockState

__all__ = ["FakeClock", "Steady"]


class FakeClock:
    """An `edge.clock.Clock` that moves only when told to; `step` sets the wall clock alone."""

    def __init__(
        self,
        start: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        *,
        state: ClockState = ClockState.SYNCED,
        bound_ms: float | None = 1.0,
    ) -> None:
        self._now = start
        self._monotonic_s = 1_000.0
        self.state = state
        self.bound_ms = bound_ms

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic_s

    def reading(self) -> ClockReading:
        return ClockReading(state=self.state, bound_ms=self.bound_ms)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def step(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class Steady:
    """A steady clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s
