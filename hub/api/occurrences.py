"""Occurrences: what sounds when, from every schedule together."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from edge.wire.base import Priority
from hub.api.base import ActorDep, Instant, PartsDep, answers, checked_span
from hub.schedules import OccurrenceOf

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/occurrences", tags=["occurrences"])


class OccurrenceOut(BaseModel):
    """One bulletin at one instant; `nodes` are the loudspeakers it is for."""

    id: str
    schedule: str
    bulletin: str
    title: str
    priority: Priority
    starts_at: datetime
    ends_at: datetime
    nodes: list[str]
    cancelled: bool

    @classmethod
    def of(cls, of: OccurrenceOf) -> "OccurrenceOut":
        one = of.occurrence
        return cls(
            id=one.id,
            schedule=one.schedule.id,
            bulletin=one.schedule.bulletin,
            title=one.schedule.title,
            priority=one.schedule.priority,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            nodes=[place.node for place in of.places],
            cancelled=of.cancelled,
        )


class OccurrencesOut(BaseModel):
    """Occurrences in the order of time."""

    items: list[OccurrenceOut]


@router.get("", responses=answers(422))
def show(
    parts: PartsDep,
    _actor: ActorDep,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Instant | None = None,
    schedule: str | None = None,
    cancelled: bool = False,
) -> OccurrencesOut:
    """What starts from `from` (now) until just before `to` (7 days later); at most 400 days."""
    start = from_ or parts.now()
    end = to or start + timedelta(days=7)
    checked_span(start, end)
    found = parts.schedules.occurrences(start, end, schedule=schedule, cancelled=cancelled)
    return OccurrencesOut(items=[OccurrenceOut.of(each) for each in found])
