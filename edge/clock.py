"""A node's clock: the time, and how far it may be believed.

Everything that needs the time takes a `Clock`; `SystemClock` is the only one outside the tests.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from edge.clock_sources import AssumedTime, ChronyTime, TimeSource, TimesyncdTime
from edge.clock_trust import STEP_S, ClockTrust, Mark
from edge.wire.base import ClockReading

__all__ = ["POLL_S", "Clock", "SourceName", "SystemClock", "WallStep", "make_source"]

POLL_S = 30.0

_READ_TRIES = 5
_READ_TOGETHER_S = 0.005

SourceName = Literal["chrony", "timesyncd", "assume"]


class Clock(Protocol):
    """The time, as the rest of a node sees it. May be read from any thread."""

    def now(self) -> datetime:
        """The best knowledge of the time, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow, for durations; no one can set them."""

    def reading(self) -> ClockReading:
        """How far `now` may be believed."""


@dataclass(frozen=True, slots=True)
class WallStep:
    """The system's wall clock was set, by so many seconds (negative: back)."""

    by_s: float


class SystemClock:
    """The machine's clock, judged by a source of trust. `poll` it every `POLL_S` seconds, from one thread.

    `remembered` is what `memory` gave in an earlier life; pass it only where a battery keeps the clock.
    """

    def __init__(self, source: TimeSource, *, remembered: bytes | None = None) -> None:
        self._source = source
        self._fault: str | None = None
        self._dispute: str | None = None
        wall, monotonic_s = _read_both()
        last = _read_memory(remembered)
        self._trust = ClockTrust.resumed(last, wall=wall, monotonic_s=monotonic_s) if last else ClockTrust()
        self._seen = Mark(utc=wall, monotonic_s=monotonic_s, bound_ms=0)
        self.poll()

    def now(self) -> datetime:
        """See `Clock`."""
        return self._trust.now(wall=datetime.now(UTC), monotonic_s=time.monotonic())

    def monotonic(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    def reading(self) -> ClockReading:
        """See `Clock`."""
        return self._trust.reading(time.monotonic())

    def poll(self) -> WallStep | None:
        """Ask the source; tells if the wall clock was set since the last poll."""
        wall, monotonic_s = _read_both()
        by_s = (wall - self._seen.utc_at(monotonic_s)).total_seconds()
        self._seen = Mark(utc=wall, monotonic_s=monotonic_s, bound_ms=0)
        self._trust = self._trust.observed(
            wall=wall, monotonic_s=monotonic_s, bound_ms=self._ask_source(wall)
        )
        return WallStep(by_s=by_s) if abs(by_s) >= STEP_S else None

    def answered(self, hub_at: datetime, *, sent_s: float, received_s: float) -> bool:
        """The hub's signed answer of the time arrived; the two readings of `monotonic` enclose its making.

        False where the clock in step contradicts it.
        """
        ahead_s = self._trust.disputed(hub_at=hub_at, sent_s=sent_s, received_s=received_s)
        self._dispute = None if ahead_s is None else f"{ahead_s:+.1f} s"
        self._trust = self._trust.answered(hub_at=hub_at, sent_s=sent_s, received_s=received_s)
        return ahead_s is None

    def faults(self) -> tuple[str, ...]:
        """What staff should see: `clock_assumed`, `clock_source: …` when the source cannot be asked,
        `clock_disputed: …` with the seconds by which the clock in step is ahead of what the hub signed."""
        disputed = (f"clock_disputed: {self._dispute}",) if self._dispute else ()
        if isinstance(self._source, AssumedTime):
            return ("clock_assumed", *disputed)
        return (f"clock_source: {self._fault}", *disputed) if self._fault else disputed

    def memory(self) -> bytes | None:
        """What to keep for the next life; None while nothing is known."""
        mark = self._trust.mark(time.monotonic())
        return _write_memory(mark) if mark else None

    def _ask_source(self, wall: datetime) -> float | None:
        try:
            bound_ms = self._source.bound_ms(wall)
        except OSError as error:
            self._fault = str(error)
            return None
        self._fault = None
        return bound_ms


def make_source(name: SourceName) -> TimeSource:
    """The source of trust that the settings name."""
    sources: dict[SourceName, type[TimeSource]] = {
        "chrony": ChronyTime,
        "timesyncd": TimesyncdTime,
        "assume": AssumedTime,
    }
    return sources[name]()


def _read_both() -> tuple[datetime, float]:
    """Wall and monotonic clock at one instant, as nearly as the scheduler allows."""
    for _ in range(_READ_TRIES):
        before_s, wall, after_s = time.monotonic(), datetime.now(UTC), time.monotonic()
        if after_s - before_s <= _READ_TOGETHER_S:
            break
    return wall, (before_s + after_s) / 2


def _write_memory(mark: Mark) -> bytes:
    return json.dumps({"utc": mark.utc.isoformat(), "bound_ms": mark.bound_ms}).encode()


def _read_memory(remembered: bytes | None) -> Mark | None:
    if remembered is None:
        return None
    try:
        content = json.loads(remembered)
        utc = datetime.fromisoformat(content["utc"]).astimezone(UTC)
        return Mark(utc=utc, monotonic_s=0, bound_ms=float(content["bound_ms"]))
    except (ValueError, KeyError, TypeError):
        return None
