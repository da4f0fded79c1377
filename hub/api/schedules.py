"""Schedules: a bulletin, where, and when it recurs."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from edge.wire.base import Priority
from edge.wire.plan import MisfireRule
from hub.api.base import ActorDep, Instant, PartsDep, answers
from hub.programme.terms import Occurrence, Rule
from hub.schedules import Draft
from hub.store.schedules import Kept

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/schedules", tags=["schedules"], responses=answers())

Named = Annotated[str, Field(max_length=100)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RecursIn(_In):
    """`until` ends a recurrence: a day at the site, or an instant, both included."""

    rule: Rule = Rule.ONCE
    until: date | Instant | None = None


class MisfireIn(_In):
    """What a loudspeaker does when it comes too late; `late_s` stands with `late` only."""

    rule: MisfireRule = MisfireRule.SKIP
    late_s: Annotated[int, Field(ge=0, le=86_400)] = 0


class ExceptionIn(_In):
    """An approver allows this schedule to sound in quiet hours, in their own name."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ScheduleIn(_In):
    """A schedule to make. At least one area or node; `daily` keeps the local time of `starts_at`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "bulletin": "5f1c7a90b2d3e4f6",
                "areas": ["to-2"],
                "starts_at": "2026-11-20T17:00:00+07:00",
                "recurs": {"rule": "daily", "until": "2026-12-20"},
                "misfire": {"rule": "late", "late_s": 600},
                "volume": 80,
            }
        },
    )

    bulletin: Named
    areas: Annotated[list[Named], Field(max_length=1000)] = []
    nodes: Annotated[list[Named], Field(max_length=5000)] = []
    starts_at: Instant
    recurs: RecursIn = RecursIn()
    misfire: MisfireIn = MisfireIn()
    volume: Annotated[int, Field(ge=0, le=100)] = 100
    exception: ExceptionIn | None = None

    @model_validator(mode="after")
    def _until_stands_with_daily(self) -> "ScheduleIn":
        if self.recurs.rule is Rule.ONCE and self.recurs.until is not None:
            raise ValueError("until stands with a rule that recurs")
        return self

    def draft(self) -> Draft:
        """As the service takes it."""
        return Draft(
            bulletin=self.bulletin,
            starts_at=self.starts_at,
            areas=tuple(self.areas),
            nodes=tuple(self.nodes),
            rule=self.recurs.rule,
            until=self.recurs.until,
            misfire=self.misfire.rule,
            late_s=self.misfire.late_s,
            volume=self.volume,
            exception_reason=self.exception.reason if self.exception else None,
        )


class OccurrenceRef(BaseModel):
    """One instant at which it sounds."""

    id: str
    starts_at: datetime

    @classmethod
    def of(cls, occurrence: Occurrence) -> "OccurrenceRef":
        return cls(id=occurrence.id, starts_at=occurrence.starts_at)


class ScheduleCreated(BaseModel):
    """A stored schedule and its occurrences of the coming 35 days."""

    id: str
    occurrences: list[OccurrenceRef]


class ScheduleOut(BaseModel):
    """A schedule; `cancelled_at` is None while it stands."""

    id: str
    bulletin: str
    title: str
    priority: Priority
    areas: list[str]
    nodes: list[str]
    starts_at: datetime
    duration_ms: int
    recurs: RecursIn
    misfire: MisfireIn
    volume: int
    created_at: datetime
    created_by: str
    cancelled_at: datetime | None
    cancelled_by: str | None

    @classmethod
    def of(cls, kept: Kept) -> "ScheduleOut":
        one = kept.scheduled
        return cls(
            id=one.id,
            bulletin=one.bulletin,
            title=one.title,
            priority=one.priority,
            areas=list(one.areas),
            nodes=list(one.nodes),
            starts_at=one.starts_at,
            duration_ms=one.duration_ms,
            recurs=RecursIn(rule=one.rule, until=one.until),
            misfire=MisfireIn(rule=one.misfire.rule, late_s=one.misfire.late_s),
            volume=one.volume,
            created_at=kept.created_at,
            created_by=kept.created_by,
            cancelled_at=one.ended_at,
            cancelled_by=kept.cancelled_by,
        )


class SchedulesOut(BaseModel):
    """Schedules, newest first."""

    items: list[ScheduleOut]


@router.post("", status_code=status.HTTP_201_CREATED, responses=answers(403, 409, 422))
def create(parts: PartsDep, actor: ActorDep, wanted: ScheduleIn) -> ScheduleCreated:
    """Make a schedule.

    409 names every problem at once: `clash` (one for each occurrence in the way, with its title, time and
    areas), `quiet_hours` (with the hours, allowed instants near by, and who may allow an exception),
    `not_approved`, `not_ready`. Of a daily schedule, the coming 35 days are checked.
    """
    created = parts.schedules.create(actor, wanted.draft())
    return ScheduleCreated(
        id=created.schedule.id, occurrences=[OccurrenceRef.of(each) for each in created.occurrences]
    )


@router.get("")
def show_all(
    parts: PartsDep, _actor: ActorDep, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> SchedulesOut:
    """The newest schedules, cancelled ones too."""
    return SchedulesOut(items=[ScheduleOut.of(kept) for kept in parts.schedules.all(limit=limit)])


@router.get("/{schedule}", responses=answers(404))
def show(parts: PartsDep, _actor: ActorDep, schedule: str) -> ScheduleOut:
    """One schedule."""
    return ScheduleOut.of(parts.schedules.get(schedule))


@router.delete("/{schedule}", status_code=status.HTTP_204_NO_CONTENT, responses=answers(403, 404, 409))
def cancel(parts: PartsDep, actor: ActorDep, schedule: str) -> None:
    """Cancel what has not begun. What sounds now goes on: to end that, give the order `stop`."""
    parts.schedules.cancel(actor, schedule)
