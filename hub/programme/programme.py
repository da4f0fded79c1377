"""The whole programme at one moment, and what each loudspeaker's plan says of it.

A plan covers from an hour ago (longer for what may still sound) to the end of the 35th day after today, UTC.
Both ends move in steps, so that an unchanged programme gives an unchanged plan, and nothing is sent in vain.
"""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from edge.wire.house_rules import HouseRules
from edge.wire.plan import MisfireRule, PlanContent, PlannedOccurrence, PlannedRecording
from hub.programme.recurrence import occurrences
from hub.programme.terms import GAP_MS, Areas, Clip, Occurrence, Place, Scheduled

__all__ = ["LONGEST", "PLAN_DAYS", "Content", "Programme", "plan_reaches_back_to", "plan_start", "plan_until"]

PLAN_DAYS = 35
LONGEST = timedelta(hours=12)
"""How far back something may have begun that still sounds, or still may begin late."""

_KEPT = timedelta(hours=1)


def plan_until(now: datetime) -> datetime:
    """The instant up to which plans made at `now` reach."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=PLAN_DAYS + 1)


def plan_start(now: datetime) -> datetime:
    """The instant from which plans made at `now` keep what is over."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - _KEPT


def plan_reaches_back_to(now: datetime) -> datetime:
    """The instant before which nothing that plans made at `now` name was due."""
    return plan_start(now) - LONGEST


@dataclass(frozen=True)
class Content:
    """What a plan says to every loudspeaker that is to hear the same, encoded as it ends each of their plans;
    `digest` tells one from another."""

    ending: bytes
    digest: str


@dataclass(frozen=True)
class Programme:
    """Every schedule that may sound, the rules, and where the loudspeakers hang.

    `standby` is what every loudspeaker holds ready for emergencies. `told` are, by node, the occurrences
    whose outcome an earlier card of it told: its plan leaves them out.
    """

    schedules: tuple[Scheduled, ...]
    rules: HouseRules
    areas: Areas
    places: tuple[Place, ...]
    standby: tuple[Clip, ...] = ()
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.rules.timezone)

    def occurrences(self, *, start: datetime, end: datetime) -> list[Occurrence]:
        """Everything that starts in `[start, end)`, in order."""
        return self._of(self.schedules, start, end)

    def places_of(self, schedule: Scheduled) -> tuple[Place, ...]:
        """The loudspeakers that a schedule is for."""
        wanted = set(schedule.areas)
        inside = {area for area, above in self._above.items() if not wanted.isdisjoint(above)}
        return tuple(p for p in self.places if p.area in inside or p.node in schedule.nodes)

    def contents(self, nodes: Iterable[str] | None = None, *, now: datetime) -> Mapping[str, Content]:
        """What the plan of each of `nodes` (or of all) says. Nodes that hear the same share one `Content`."""
        wanted = None if nodes is None else set(nodes)
        shared: dict[tuple[tuple[str, ...], frozenset[str]], Content] = {}
        found = {}
        for place in self.places:
            if wanted is not None and place.node not in wanted:
                continue
            heard = [schedule for schedule in self.schedules if schedule.sounds_at(place, self.areas)]
            group = (tuple(schedule.id for schedule in heard), self.told.get(place.node, frozenset()))
            if group not in shared:
                shared[group] = self._content(heard, now, without=group[1])
            found[place.node] = shared[group]
        return found

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return {area: self.areas.above(area) for area in self.areas.parents}

    def _content(self, heard: list[Scheduled], now: datetime, *, without: Set[str]) -> Content:
        start, until = plan_start(now), plan_until(now)
        found = self._of(heard, plan_reaches_back_to(now), until)
        planned = [o for o in found if _matters(o, start) and o.id not in without]
        ids = {schedule.id for schedule in heard}
        mine = tuple(exception for exception in self.rules.exceptions if exception.schedule in ids)
        rules = self.rules.model_copy(update={"exceptions": mine})
        said = PlanContent.model_construct(
            until=until,
            house_rules=rules,
            recordings=_recordings(planned, self.standby),
            occurrences=tuple(map(_planned, planned)),
        )
        ending = said.ending()
        return Content(ending, hashlib.sha256(ending).hexdigest())

    def _of(self, schedules: Iterable[Scheduled], start: datetime, end: datetime) -> list[Occurrence]:
        zone = self.zone
        found = [o for s in schedules for o in occurrences(s, zone=zone, start=start, end=end)]
        return sorted(found, key=lambda occurrence: (occurrence.starts_at, occurrence.id))


def _matters(occurrence: Occurrence, start: datetime) -> bool:
    misfire = occurrence.schedule.misfire
    late_s = misfire.late_s if misfire.rule is MisfireRule.LATE else 0
    return occurrence.ends_at + timedelta(seconds=late_s) > start


def _planned(occurrence: Occurrence) -> PlannedOccurrence:
    schedule = occurrence.schedule
    return PlannedOccurrence(
        id=occurrence.id,
        schedule=schedule.id,
        title=schedule.title[:300],
        priority=schedule.priority,
        due_at=occurrence.starts_at,
        recordings=tuple(clip.sha256 for clip in schedule.clips),
        gap_ms=GAP_MS if len(schedule.clips) > 1 else 0,
        duration_ms=schedule.duration_ms,
        misfire=schedule.misfire,
        volume=schedule.volume,
    )


def _recordings(planned: Iterable[Occurrence], standby: Iterable[Clip]) -> tuple[PlannedRecording, ...]:
    clips = {clip.sha256: clip for occurrence in planned for clip in occurrence.schedule.clips}
    clips |= {clip.sha256: clip for clip in standby}
    return tuple(
        PlannedRecording(sha256=clip.sha256, bytes=clip.bytes, duration_ms=clip.duration_ms)
        for clip in clips.values()
    )
