"""What a running emergency asks a node to sound: its repetitions, as occurrences. Pure."""

import math
from collections.abc import Iterator, Set
from datetime import datetime, timedelta

from edge.wire.base import Priority
from edge.wire.emergency import Emergency
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence

__all__ = ["first_open", "is_running", "next_due", "repetitions"]


def repetitions(
    emergency: Emergency, *, start: datetime, until: datetime, settled: Set[str]
) -> Iterator[PlannedOccurrence]:
    """Those that are due until `until` and have no outcome yet, when the first one is due at `start`."""
    for number in range(_count(emergency)):
        if start + number * _period(emergency) > until:
            return
        if _id(emergency, number) not in settled:
            yield _repetition(emergency, number, start)


def next_due(emergency: Emergency, *, start: datetime, after: datetime) -> datetime | None:
    """When the first repetition after `after` is due; None when there is none."""
    number = max(0, math.floor((after - start) / _period(emergency)) + 1)
    return start + number * _period(emergency) if number < _count(emergency) else None


def first_open(emergency: Emergency, settled: Set[str]) -> timedelta:
    """How long after the first repetition the first one without an outcome is due."""
    numbers = range(_count(emergency))
    open_ = next((number for number in numbers if _id(emergency, number) not in settled), len(numbers))
    return open_ * _period(emergency)


def is_running(emergency: Emergency, settled: Set[str]) -> bool:
    """Whether a repetition is still to come or sounds now."""
    return _id(emergency, _count(emergency) - 1) not in settled


def _id(emergency: Emergency, number: int) -> str:
    return f"{emergency.id}.{number}"


def _period(emergency: Emergency) -> timedelta:
    if emergency.repeat_every_s is None:
        return emergency.until - emergency.starts_at
    return timedelta(seconds=emergency.repeat_every_s)


def _count(emergency: Emergency) -> int:
    return math.ceil((emergency.until - emergency.starts_at) / _period(emergency))


def _repetition(emergency: Emergency, number: int, start: datetime) -> PlannedOccurrence:
    return PlannedOccurrence.model_construct(
        id=_id(emergency, number),
        schedule=emergency.id,
        title=emergency.title,
        priority=Priority.EMERGENCY,
        due_at=start + number * _period(emergency),
        recordings=emergency.recordings,
        gap_ms=emergency.gap_ms,
        duration_ms=emergency.duration_ms,
        misfire=_misfire(emergency),
    )


def _misfire(emergency: Emergency) -> Misfire:
    """One alone is heard whole, however late a node wakes; of many, a late node comes in with the others."""
    if emergency.repeat_every_s is not None:
        return Misfire(rule=MisfireRule.JOIN)
    return Misfire(rule=MisfireRule.LATE, late_s=int(_period(emergency).total_seconds()))
