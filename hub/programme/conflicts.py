"""Which occurrences would sound over each other at a common loudspeaker.

Two clash when their spans overlap and neither is an emergency: an emergency pre-empts. Priority against
priority is a clash too: Thông tư 39/2020/TT-BTTTT leaves their order to the commune's user.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from edge.wire.base import Priority
from hub.programme.terms import Areas, Occurrence, Place, Scheduled

__all__ = ["Clash", "clashes", "common_places"]


@dataclass(frozen=True)
class Clash:
    """Two occurrences that overlap from `start` until `end`, at `places`."""

    wanted: Occurrence
    standing: Occurrence
    start: datetime
    end: datetime
    places: tuple[Place, ...]

    @property
    def of_priorities(self) -> bool:
        """Whether both are ưu tiên, so that a person has to decide their order."""
        both = {self.wanted.schedule.priority, self.standing.schedule.priority}
        return both == {Priority.PRIORITY}


def common_places(
    one: Scheduled, other: Scheduled, places: Iterable[Place], areas: Areas
) -> tuple[Place, ...]:
    """The places at which both sound."""
    return tuple(p for p in places if one.sounds_at(p, areas) and other.sounds_at(p, areas))


def clashes(
    wanted: Iterable[Occurrence],
    standing: Iterable[Occurrence],
    *,
    places: Iterable[Place],
    areas: Areas,
) -> list[Clash]:
    """Every clash of `wanted` with `standing`, in the order of time."""
    shared: dict[tuple[str, str], tuple[Place, ...]] = {}
    everywhere = tuple(places)
    found = []
    for one, other in _overlapping(list(wanted), list(standing)):
        pair = (one.schedule.id, other.schedule.id)
        if pair not in shared:
            shared[pair] = common_places(one.schedule, other.schedule, everywhere, areas)
        if shared[pair]:
            start, end = max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at)
            found.append(Clash(one, other, start=start, end=end, places=shared[pair]))
    return sorted(found, key=lambda clash: (clash.start, clash.standing.id))


def _overlapping(
    wanted: list[Occurrence], standing: list[Occurrence]
) -> Iterable[tuple[Occurrence, Occurrence]]:
    wanted = sorted((o for o in wanted if _yields(o)), key=lambda o: o.starts_at)
    standing = sorted((o for o in standing if _yields(o)), key=lambda o: o.starts_at)
    open_: list[Occurrence] = []
    following = iter(standing)
    waiting = next(following, None)
    for one in wanted:
        while waiting is not None and waiting.starts_at < one.ends_at:
            open_.append(waiting)
            waiting = next(following, None)
        open_ = [other for other in open_ if other.ends_at > one.starts_at]
        yield from ((one, other) for other in open_ if other.starts_at < one.ends_at)


def _yields(occurrence: Occurrence) -> bool:
    return occurrence.schedule.priority is not Priority.EMERGENCY
