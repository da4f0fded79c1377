"""Plays: what became of each occurrence at each loudspeaker."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from edge.wire.entries import Outcome, Reason
from hub.api.base import ActorDep, Instant, PartsDep, answers, checked_span
from hub.errors import NotFound, Problem
from hub.plays import AROUND
from hub.store.plays import Play

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/plays", tags=["plays"], responses=answers())


class PlayState(StrEnum):
    """How far a play is."""

    PLANNED = "planned"
    CACHED = "cached"
    ARMED = "armed"
    PLAYING = "playing"
    FINISHED = "finished"


class PlayOut(BaseModel):
    """One occurrence at one loudspeaker.

    `state`: planned (the node does not hold all of it yet), cached (it does), armed (seconds before),
    playing, finished. `outcome`, once finished: played (whole), cut (begun and ended early), skipped
    (never begun, by rule), failed (could not). `reason` says why an outcome is not played. Instants are
    by the node's clock, which is right to within `clock_bound_ms` (null: nothing bounds it);
    `start_error_ms` is how much after `due_at` the first sample sounded.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "9b1d2c3e4f5a6071.20261120T100000Z@to-2-loa-1",
                "node": "to-2-loa-1",
                "occurrence": "9b1d2c3e4f5a6071.20261120T100000Z",
                "schedule": "9b1d2c3e4f5a6071",
                "due_at": "2026-11-20T10:00:00Z",
                "state": "finished",
                "started_at": "2026-11-20T10:00:00.000410Z",
                "start_error_ms": 0.41,
                "clock_bound_ms": 12.0,
                "finished_at": "2026-11-20T10:01:30.000500Z",
                "outcome": "played",
                "reason": None,
                "played_ms": 90000,
            }
        },
    )

    id: str
    node: str
    occurrence: str
    schedule: str
    due_at: datetime
    state: PlayState
    started_at: datetime | None
    start_error_ms: float | None
    clock_bound_ms: float | None
    finished_at: datetime | None
    outcome: Outcome | None
    reason: Reason | None
    played_ms: int | None = Field(description="How much of it sounded.")

    @classmethod
    def of(cls, item: Play) -> "PlayOut":
        return cls.model_validate(item)


class PlaysOut(BaseModel):
    """Plays in the order of time."""

    items: list[PlayOut]


@router.get("", responses=answers(422))
def show_all(
    parts: PartsDep,
    _actor: ActorDep,
    schedule: str | None = None,
    occurrence: str | None = None,
    node: str | None = None,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> PlaysOut:
    """Plays due from `from` until just before `to` (35 days before and after now unless given); 400 days.

    There is one for every occurrence at every loudspeaker it is for, also where nothing was reported yet.
    """
    start, end = from_ or parts.now() - AROUND, to or parts.now() + AROUND
    checked_span(start, end)
    found = parts.plays.find(
        schedule=schedule, occurrence=occurrence, node=node, start=start, end=end, limit=limit
    )
    return PlaysOut(items=[PlayOut.of(item) for item in found])


@router.get("/{play}", responses=answers(404))
def show(parts: PartsDep, _actor: ActorDep, play: str) -> PlayOut:
    """One play."""
    return PlayOut.of(parts.plays.get(play))


@router.get(
    "/{play}/sound",
    response_class=FileResponse,
    responses={
        200: {
            "content": {"audio/wav": {}},
            "description": "The WAV. `Loa-First-Sample` is the instant of its first sample (ISO 8601, UTC).",
        },
        **answers(404),
    },
)
def sound(parts: PartsDep, _actor: ActorDep, play: str) -> FileResponse:
    """What the loudspeaker played, if its output is a file and the hub still has it."""
    first_sample = parts.sounds.first_sample_of(play)
    path = parts.sounds.path_of(play)
    if path is None:
        raise NotFound(Problem("sound_unknown"))
    headers = {"Loa-First-Sample": first_sample.isoformat()}
    return FileResponse(path, media_type="audio/wav", filename=f"{play}.wav", headers=headers)
