"""The commune's quiet hours, judged alike on the hub and on the node. Pure.

Quiet hours are half-open local times, `[start, end)`, and may cross midnight. Only an emergency, or an
exception that names a schedule and who allowed it, sounds inside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, StringConstraints, model_validator

from edge.wire.base import Instant, Key, Model, Priority

__all__ = ["HouseRules", "QuietException", "QuietHours", "permitted_until"]

_LOOK_AHEAD = timedelta(days=2)

LocalTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name}") from error
    return name


class QuietHours(Model):
    """Local times between which nothing sounds: from `start`, until just before `end`."""

    start: LocalTime
    end: LocalTime

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same; leave the quiet hours out to allow every hour")
        return self


class QuietException(Model):
    """One schedule that may sound in quiet hours from `start` until `end`, and who allowed it."""

    schedule: Key
    start: Instant
    end: Instant
    allowed_by: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class HouseRules(Model):
    """A site's time zone, quiet hours and exceptions. No quiet hours means that every hour is allowed."""

    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"
    quiet: tuple[QuietHours, ...] = (QuietHours(start="22:00", end="06:00"),)
    exceptions: tuple[QuietException, ...] = ()


@dataclass(frozen=True)
class _Span:
    start: datetime
    end: datetime


def permitted_until(rules: HouseRules, *, schedule: str, priority: Priority, at: datetime) -> datetime | None:
    """Until when sound that is on at `at` may last: `at` itself when it may not sound at all, None when
    nothing forbids it for the coming two days."""
    if priority is Priority.EMERGENCY:
        return None
    here = at
    while here < at + _LOOK_AHEAD:
        exception = _exception_covering(rules, schedule, here)
        if exception is not None:
            here = exception.end
            continue
        boundary = _next_quiet_instant(rules, here)
        exception = _exception_covering(rules, schedule, boundary) if boundary else None
        if boundary is None or exception is None:
            return boundary
        here = exception.end
    return None


def _exception_covering(rules: HouseRules, schedule: str, at: datetime) -> QuietException | None:
    covering = (e for e in rules.exceptions if e.schedule == schedule and e.start <= at < e.end)
    return max(covering, key=lambda exception: exception.end, default=None)


def _next_quiet_instant(rules: HouseRules, at: datetime) -> datetime | None:
    """The first instant from `at` on that lies in quiet hours."""
    instants = [max(span.start, at) for span in _quiet_spans(rules, at) if span.end > at]
    return min(instants, default=None)


def _quiet_spans(rules: HouseRules, at: datetime) -> Iterator[_Span]:
    zone = ZoneInfo(rules.timezone)
    today = at.astimezone(zone).date()
    for offset in range(-1, _LOOK_AHEAD.days + 1):
        day = today + timedelta(days=offset)
        for quiet in rules.quiet:
            start = _local(day, quiet.start, zone)
            end_day = day if quiet.end > quiet.start else day + timedelta(days=1)
            yield _Span(start=start, end=_local(end_day, quiet.end, zone))


def _local(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(ZoneInfo("UTC"))
