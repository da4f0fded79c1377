"""What was true of a loudspeaker in the course of a soak."""

from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Span", "Witness", "end_of"]


@dataclass
class Span:
    """From `start` to `end` (None: still) something was so."""

    start: datetime
    end: datetime | None = None

    def covers(self, start: datetime, end: datetime) -> bool:
        return self.start <= start and (self.end is None or self.end >= end)


@dataclass
class Witness:
    """What was true, and which occurrence began to sound when."""

    powered: list[Span] = field(default_factory=list)
    stopped: list[Span] = field(default_factory=list)
    known: dict[str, list[Span]] = field(default_factory=dict)
    sounded: list[tuple[str, datetime]] = field(default_factory=list)


def end_of(spans: list[Span], now: datetime) -> None:
    if spans and spans[-1].end is None:
        spans[-1].end = now
