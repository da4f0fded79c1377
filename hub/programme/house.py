"""Which house rule an occurrence breaks, and when it could sound instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from edge.wire.house_rules import HouseRules, QuietHours, permitted_until
from hub.programme.terms import Occurrence

__all__ = ["Broken", "alternatives", "broken_rules"]

_MINUTE = timedelta(minutes=1)
_FAR = 24 * 60


@dataclass(frozen=True)
class Broken:
    """An occurrence that would sound in `quiet`, from `forbidden_from` on.

    `begins_inside` is False when it only runs into them.
    """

    occurrence: Occurrence
    quiet: QuietHours
    forbidden_from: datetime

    @property
    def begins_inside(self) -> bool:
        """Whether not even its beginning is allowed."""
        return self.forbidden_from <= self.occurrence.starts_at


def broken_rules(wanted: Iterable[Occurrence], rules: HouseRules) -> list[Broken]:
    """What `rules` forbid of `wanted`."""
    found = []
    for occurrence in wanted:
        until = _until(occurrence, rules, occurrence.starts_at)
        if until is not None and until < occurrence.ends_at:
            found.append(Broken(occurrence, _quiet_at(rules, until), until))
    return found


def alternatives(occurrence: Occurrence, rules: HouseRules, *, now: datetime) -> tuple[datetime, ...]:
    """The nearest whole minutes, one earlier and one later, at which all of the occurrence may sound.

    Within a day, and not before `now`; fewer where there are none.
    """
    minute = occurrence.starts_at.replace(second=0, microsecond=0)
    later = (minute + _MINUTE * step for step in range(1, _FAR))
    earlier = (minute - _MINUTE * step for step in range(_FAR))
    return tuple(
        found
        for found in (
            next((at for at in earlier if _fits(occurrence, rules, at)), None),
            next((at for at in later if _fits(occurrence, rules, at)), None),
        )
        if found is not None and found >= now
    )


def _fits(occurrence: Occurrence, rules: HouseRules, at: datetime) -> bool:
    until = _until(occurrence, rules, at)
    return until is None or until >= at + (occurrence.ends_at - occurrence.starts_at)


def _until(occurrence: Occurrence, rules: HouseRules, at: datetime) -> datetime | None:
    schedule = occurrence.schedule
    return permitted_until(rules, schedule=schedule.id, priority=schedule.priority, at=at)


def _quiet_at(rules: HouseRules, at: datetime) -> QuietHours:
    clock = at.astimezone(ZoneInfo(rules.timezone)).time()
    return next(quiet for quiet in rules.quiet if _holds(quiet, clock))


def _holds(quiet: QuietHours, clock: time) -> bool:
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    return start <= clock < end if start < end else clock >= start or clock < end
