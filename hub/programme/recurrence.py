"""When a schedule sounds. Daily means the same local time at the site, whatever its offset from UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.programme.terms import Occurrence, Rule, Scheduled

__all__ = ["instant_of", "latest_possible", "occurrence_id", "occurrences", "schedule_of"]

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


def occurrence_id(schedule: str, starts_at: datetime) -> str:
    """The name of the occurrence of `schedule` at an instant; whole seconds only tell occurrences apart."""
    return f"{schedule}.{starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def schedule_of(occurrence: str) -> str:
    """The schedule that an occurrence's name holds."""
    return occurrence.rpartition(".")[0]


def instant_of(occurrence: str) -> datetime:
    """The instant, in whole seconds, that an occurrence's name holds.

    Raises ValueError, also for one so far away that days counted from it leave the calendar.
    """
    instant = datetime.strptime(occurrence.rpartition(".")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"{occurrence[:100]}: a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant


def occurrences(
    schedule: Scheduled, *, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Occurrence]:
    """The occurrences that start in `[start, end)`, in order."""
    for instant in _instants(schedule, zone, start, end):
        cancelled = schedule.ended_at is not None and instant >= schedule.ended_at
        if start <= instant < end and not cancelled:
            yield Occurrence(
                id=occurrence_id(schedule.id, instant), schedule=schedule, starts_at=instant.astimezone(UTC)
            )


def latest_possible(schedule: Scheduled, *, zone: ZoneInfo) -> datetime | None:
    """An instant after which it never starts again; None when it recurs without end."""
    if schedule.rule is Rule.ONCE:
        return schedule.starts_at
    if schedule.until is None:
        return None
    return _last_instant(schedule.until, zone)


def _instants(schedule: Scheduled, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    if schedule.rule is Rule.ONCE:
        yield schedule.starts_at
        return
    last = None if schedule.until is None else _last_instant(schedule.until, zone)
    first = schedule.starts_at.astimezone(zone)
    day = max(first.date(), start.astimezone(zone).date() - _DAY)
    while True:
        instant = _at(day, first, zone)
        if instant >= end or (last is not None and instant > last):
            return
        if instant >= schedule.starts_at:
            yield instant
        day += _DAY


def _at(day: date, like: datetime, zone: ZoneInfo) -> datetime:
    # Through UTC, so that a local time that a clock change skips becomes a real instant.
    return datetime.combine(day, like.time(), tzinfo=zone).astimezone(UTC)


def _last_instant(until: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(until, datetime):
        return until
    # West of Greenwich the last day of the calendar ends after the calendar does.
    midnight = datetime.combine(min(until, date.max - _DAY), datetime.max.time(), tzinfo=zone)
    return midnight.astimezone(UTC)
