"""How far a node's clock may be believed. Pure.

While the source of time says *synced*, the wall clock is right within the source's bound. Afterwards, and
after an answer of the hub, the time is carried on by the monotonic clock, which no one can set, and the bound
grows with its drift. Loa never sets the system's clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from edge.wire.base import ClockReading, ClockState

__all__ = ["DRIFT_PPM", "STEP_S", "ClockTrust", "Mark"]

DRIFT_PPM = 50.0
STEP_S = 0.1  # slewing moves wall and monotonic clock alike; only setting the clock parts them

_SYNCED_FOR_S = 180.0  # how long one observation may be relied on
_MAX_ROUND_TRIP_S = 10.0
_HUB_ERROR_S = 1.0  # what a hub in step may be off by itself: its way to the internet
_RTC_ERROR_MS = 1_000.0  # the kernel reads and sets a battery clock in whole seconds


@dataclass(frozen=True, slots=True)
class Mark:
    """When the monotonic clock showed `monotonic_s`, it was `utc`, give or take `bound_ms`."""

    utc: datetime
    monotonic_s: float
    bound_ms: float

    def utc_at(self, monotonic_s: float) -> datetime:
        """The time at another reading of the monotonic clock."""
        return self.utc + timedelta(seconds=monotonic_s - self.monotonic_s)

    def bound_at(self, monotonic_s: float) -> float:
        """The greatest error of `utc_at`, in milliseconds."""
        return self.bound_ms + abs(monotonic_s - self.monotonic_s) * DRIFT_PPM / 1_000


@dataclass(frozen=True, slots=True)
class ClockTrust:
    """What is known of the time: `synced` by the source just now, or `held` from earlier."""

    synced: Mark | None = None
    held: Mark | None = None

    @classmethod
    def resumed(cls, last: Mark, *, wall: datetime, monotonic_s: float) -> Self:
        """At boot of a node with a battery clock. `last` is what was known in the life before, and its
        `monotonic_s` means nothing now. A battery clock that shows an earlier time is not believed."""
        away_s = (wall - last.utc).total_seconds()
        if away_s < 0:
            return cls()
        bound_ms = last.bound_ms + away_s * DRIFT_PPM / 1_000 + _RTC_ERROR_MS
        return cls(held=Mark(utc=wall, monotonic_s=monotonic_s, bound_ms=bound_ms))

    def observed(self, *, wall: datetime, monotonic_s: float, bound_ms: float | None) -> Self:
        """The source was asked: the wall clock is right within `bound_ms`, or not in step (None)."""
        if bound_ms is None:
            return replace(self, synced=None)
        mark = Mark(utc=wall, monotonic_s=monotonic_s, bound_ms=bound_ms)
        return replace(self, synced=mark, held=mark)

    def answered(self, *, hub_at: datetime, sent_s: float, received_s: float) -> Self:
        """The hub said that it was `hub_at`, at some instant between the two readings of the monotonic clock.

        The bound is relative to the hub's clock. Better knowledge is kept, unless the hub contradicts it.
        """
        round_trip_s = received_s - sent_s
        if not 0 <= round_trip_s <= _MAX_ROUND_TRIP_S:
            return self
        mark = Mark(utc=hub_at, monotonic_s=sent_s + round_trip_s / 2, bound_ms=round_trip_s * 500)
        if self.held and _agree(self.held, mark) and _better(self.held, mark, at=received_s):
            return self
        return replace(self, held=mark)

    def disputed(self, *, hub_at: datetime, sent_s: float, received_s: float) -> float | None:
        """By how many seconds the clock in step is ahead of the hub's answer, where both cannot be right."""
        if not self.synced or not self._is_fresh(self.synced, received_s):
            return None
        middle_s = (sent_s + received_s) / 2
        ahead_s = (self.synced.utc_at(middle_s) - hub_at).total_seconds()
        allowed_s = (received_s - sent_s) / 2 + self.synced.bound_at(middle_s) / 1_000 + _HUB_ERROR_S
        return ahead_s if abs(ahead_s) > allowed_s else None

    def reading(self, monotonic_s: float) -> ClockReading:
        """State and bound at this reading of the monotonic clock."""
        if self.synced and self._is_fresh(self.synced, monotonic_s):
            return ClockReading(state=ClockState.SYNCED, bound_ms=self.synced.bound_at(monotonic_s))
        if self.held:
            return ClockReading(state=ClockState.HOLDOVER, bound_ms=self.held.bound_at(monotonic_s))
        return ClockReading(state=ClockState.UNTRUSTED)

    def now(self, *, wall: datetime, monotonic_s: float) -> datetime:
        """The best knowledge of the time. A wall clock that was set meanwhile is not followed before the
        source has been asked again."""
        if self.synced and self._is_fresh(self.synced, monotonic_s):
            expected = self.synced.utc_at(monotonic_s)
            return wall if abs((wall - expected).total_seconds()) < STEP_S else expected
        return self.held.utc_at(monotonic_s) if self.held else wall

    def mark(self, monotonic_s: float) -> Mark | None:
        """What is known at this reading of the monotonic clock, to remember over a reboot."""
        known = self.synced or self.held
        return known and Mark(
            utc=known.utc_at(monotonic_s), monotonic_s=monotonic_s, bound_ms=known.bound_at(monotonic_s)
        )

    @staticmethod
    def _is_fresh(mark: Mark, monotonic_s: float) -> bool:
        return monotonic_s - mark.monotonic_s <= _SYNCED_FOR_S


def _agree(held: Mark, mark: Mark) -> bool:
    apart_ms = abs((held.utc_at(mark.monotonic_s) - mark.utc).total_seconds()) * 1_000
    return apart_ms <= held.bound_at(mark.monotonic_s) + mark.bound_ms


def _better(held: Mark, mark: Mark, *, at: float) -> bool:
    return held.bound_at(at) <= mark.bound_at(at)
