"""Emergencies: begun at once, heard until their end or their cancelling."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from hub.api.base import ActorDep, Instant, LimitQuery, PartsDep, answers
from hub.coverage import Covered
from hub.emergency_checks import WantedEmergency
from hub.parts import Parts
from hub.store.emergencies import KeptEmergency
from hub.targets import Target

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/emergencies", tags=["emergencies"], responses=answers())

Named = Annotated[str, Field(max_length=100)]


class EmergencyIn(BaseModel):
    """An emergency to begin, in `all` areas or in some areas and nodes. For approvers.

    `repeat_every_s` counts from start to start; without it the bulletin sounds once. `until` is at most a day
    ahead; without it 10 minutes, or an hour where it repeats. A 409 of the code `recordings_missing` is
    passed with `despite_missing`, one of `stop_in_force` with the stop's number in `despite_stop`.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"bulletin": "5f1c7a90b2d3e4f6", "all": True, "repeat_every_s": 120}},
    )

    bulletin: Named
    areas: Annotated[list[Named], Field(max_length=1000)] = []
    nodes: Annotated[list[Named], Field(max_length=5000)] = []
    all: bool = False
    repeat_every_s: Annotated[int | None, Field(ge=1, le=86_400)] = None
    until: Instant | None = None
    despite_missing: bool = False
    despite_stop: Annotated[int | None, Field(ge=1, le=2**53 - 1)] = None

    def wanted(self) -> WantedEmergency:
        """As the service takes it."""
        target = Target(nodes=tuple(self.nodes), areas=tuple(self.areas), everywhere=self.all)
        return WantedEmergency(
            bulletin=self.bulletin,
            target=target,
            repeat_every_s=self.repeat_every_s,
            until=self.until,
            despite_missing=self.despite_missing,
            despite_stop=self.despite_stop,
        )


class CoveredOut(BaseModel):
    """A loudspeaker. `state`: sounding, heard, waiting, muted, stopped, not_played (with the `reason` of its
    play), missing (it fetches the recordings and joins), away, unconfirmed."""

    node: str
    name: str
    state: str
    reason: str | None

    @classmethod
    def of(cls, covered: Covered) -> "CoveredOut":
        return cls(node=covered.node, name=covered.name, state=covered.state, reason=covered.reason)


class EmergencyOut(BaseModel):
    """An emergency. `ended_how` is cancelled or stopped where it did not run until `until`."""

    id: str
    seq: int
    bulletin: str
    title: str
    by: str
    starts_at: datetime
    until: datetime
    repeat_every_s: int | None
    duration_ms: int
    running: bool
    ended_at: datetime | None
    ended_by: str | None
    ended_how: str | None
    nodes: list[CoveredOut]

    @classmethod
    def of(cls, parts: Parts, kept: KeptEmergency) -> "EmergencyOut":
        content = kept.content
        return cls(
            id=kept.id,
            seq=content.seq,
            bulletin=kept.bulletin,
            title=content.title,
            by=content.by,
            starts_at=content.starts_at,
            until=content.until,
            repeat_every_s=content.repeat_every_s,
            duration_ms=content.duration_ms,
            running=kept.is_running(parts.now()),
            ended_at=kept.ended_at,
            ended_by=kept.ended_by,
            ended_how=kept.ended_how,
            nodes=[CoveredOut.of(covered) for covered in parts.coverages.of(kept)],
        )


class BegunOut(BaseModel):
    """An emergency begun. `sent` is false when there was no broker: nodes learn of it when there is one."""

    id: str
    seq: int
    starts_at: datetime
    until: datetime
    nodes: list[str]
    sent: bool


@router.post("", status_code=status.HTTP_201_CREATED, responses=answers(409))
def begin(parts: PartsDep, actor: ActorDep, wanted: EmergencyIn) -> BegunOut:
    """Begin an emergency: it goes before everything, at once, in quiet hours too."""
    begun = parts.emergencies.begin(actor, wanted.wanted())
    content = begun.kept.content
    return BegunOut(
        id=content.id,
        seq=content.seq,
        starts_at=content.starts_at,
        until=content.until,
        nodes=list(begun.nodes),
        sent=begun.sent,
    )


@router.get("")
def newest(
    parts: PartsDep, _actor: ActorDep, limit: LimitQuery = 20, running: bool = False
) -> list[EmergencyOut]:
    """The newest emergencies, or those that run now, each with its loudspeakers."""
    found = parts.emergencies.running() if running else parts.emergencies.newest(limit=limit)
    return [EmergencyOut.of(parts, kept) for kept in found[:limit]]


@router.get("/{id_}", responses=answers(404))
def one(parts: PartsDep, _actor: ActorDep, id_: str) -> EmergencyOut:
    """One emergency."""
    return EmergencyOut.of(parts, parts.emergencies.get(id_))


@router.delete("/{id_}", responses=answers(404, 409))
def cancel(parts: PartsDep, actor: ActorDep, id_: str) -> EmergencyOut:
    """End an emergency everywhere, at once. For approvers."""
    return EmergencyOut.of(parts, parts.emergencies.cancel(actor, id_).kept)
