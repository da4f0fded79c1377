"""Which house rule an occurrence breaks, and when it could sound instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.wire.house_rules import HouseRules, permitted_until
from hub.programme.terms import Occurrence

__all__ = ["Broken", "broken_rules", "next_permitted"]

_STEP = timedelta(minutes=1)
_LOOK_AHEAD = timedelta(days=2)


@dataclass(frozen=True)
class Broken:
    """An occurrence that would sound in quiet hours, from `forbidden_from` on.

    `begins_inside` is False when it only runs into them. `instead` are the nearest instants at which all
    of it may sound: the latest earlier one and the earliest later one, as far as there are any.
    """

    occurrence: Occurrence
    forbidden_from: datetime
    begins_inside: bool
    instead: tuple[datetime, ...]


def broken_rules(wanted: Iterable[Occurrence], rules: HouseRules, *, now: datetime) -> list[Broken]:
    """What `rules` forbid of `wanted`."""
    found = []
    for occurrence in wanted:
        until = _until(occurrence, rules, occurrence.starts_at)
        if until is not None and until < occurrence.ends_at:
            found.append(
                Broken(
                    occurrence=occurrence,
                    forbidden_from=until,
                    begins_inside=until <= occurrence.starts_at,
                    instead=_alternatives(occurrence, rules, until, now),
                )
            )
    return found


def next_permitted(occurrence: Occurrence, rules: HouseRules, *, after: datetime) -> datetime | None:
    """The earliest whole minute from `after` on at which all of the occurrence may sound, within two days."""
    here = _whole_minute(after)
    while here < after + _LOOK_AHEAD:
        if _fits(occurrence, rules, here):
            return here
        here += _STEP
    return None


def _alternatives(
    occurrence: Occurrence, rules: HouseRules, forbidden_from: datetime, now: datetime
) -> tuple[datetime, ...]:
    length = occurrence.ends_at - occurrence.starts_at
    earlier = (forbidden_from - length).replace(second=0, microsecond=0)
    later = next_permitted(occurrence, rules, after=occurrence.starts_at)
    before = [earlier] if now <= earlier and _fits(occurrence, rules, earlier) else []
    return (*before, *([later] if later is not None else []))


def _fits(occurrence: Occurrence, rules: HouseRules, at: datetime) -> bool:
    until = _until(occurrence, rules, at)
    return until is None or until >= at + (occurrence.ends_at - occurrence.starts_at)


def _until(occurrence: Occurrence, rules: HouseRules, at: datetime) -> datetime | None:
    schedule = occurrence.schedule
    return permitted_until(rules, schedule=schedule.id, priority=schedule.priority, at=at)


def _whole_minute(instant: datetime) -> datetime:
    floor = instant.replace(second=0, microsecond=0)
    return floor if floor == instant else floor + _STEP
