"""The passing of time, for threads that sound: so that a test can let it pass at once."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Pace", "RealPace"]


class Pace(Protocol):
    """A wall clock, a steady clock, and waiting."""

    def utc(self) -> datetime:
        """The wall clock, aware; it may jump."""

    def monotonic_s(self) -> float:
        """Seconds that never jump."""

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait until ``event`` is set (True) or the time has passed (False)."""


class RealPace:
    """The machine's own clocks."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)
