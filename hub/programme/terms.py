"""What the programme speaks of: clips, schedules, occurrences, and the places that nodes hang from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from edge.wire.base import Priority
from edge.wire.plan import Misfire

__all__ = ["GAP_MS", "Areas", "Clip", "Occurrence", "Place", "Rule", "Scheduled"]

GAP_MS = 500
"""Silence between the recordings of one bulletin."""


class Rule(StrEnum):
    """How a schedule recurs."""

    ONCE = "once"
    DAILY = "daily"


@dataclass(frozen=True)
class Clip:
    """A prepared recording: its name, size and length."""

    sha256: str
    bytes: int
    duration_ms: int


@dataclass(frozen=True)
class Place:
    """A loudspeaker node and the area it hangs from."""

    node: str
    area: str


@dataclass(frozen=True)
class Areas:
    """The tree of areas, as each area's parent (None at the top)."""

    parents: Mapping[str, str | None]

    def above(self, area: str) -> tuple[str, ...]:
        """`area` and all it lies in, innermost first."""
        chain: list[str] = []
        here: str | None = area
        while here is not None and here in self.parents and here not in chain:
            chain.append(here)
            here = self.parents[here]
        return tuple(chain)

    def outermost(self, areas: Iterable[str]) -> tuple[str, ...]:
        """`areas` without those that lie in another of them."""
        chosen = set(areas)
        return tuple(sorted(area for area in chosen if not chosen & set(self.above(area)[1:])))


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A schedule with the bulletin it plays.

    `until` ends a recurrence: with that day at the site, or with that instant, both included.
    `ended_at` is when it was cancelled: what had not begun by then does not sound.
    """

    id: str
    bulletin: str
    title: str
    priority: Priority
    clips: tuple[Clip, ...]
    starts_at: datetime
    rule: Rule = Rule.ONCE
    until: date | datetime | None = None
    misfire: Misfire = field(default_factory=Misfire)
    volume: int = 100
    areas: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    ended_at: datetime | None = None

    @property
    def duration_ms(self) -> int:
        """How long one occurrence sounds, its pauses included."""
        return sum(clip.duration_ms for clip in self.clips) + GAP_MS * max(len(self.clips) - 1, 0)

    def sounds_at(self, place: Place, areas: Areas) -> bool:
        """Whether the node at `place` is among those it is for."""
        return place.node in self.nodes or self.covers(place.area, areas)

    def covers(self, area: str, areas: Areas) -> bool:
        """Whether it is for everything in `area`."""
        return not set(self.areas).isdisjoint(areas.above(area))


@dataclass(frozen=True)
class Occurrence:
    """One bulletin at one instant."""

    id: str
    schedule: Scheduled
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When its last sample has sounded, if nothing delays it."""
        return self.starts_at + timedelta(milliseconds=self.schedule.duration_ms)
