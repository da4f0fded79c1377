"""Cameras at the counters: facts of their heartbeat. No picture leaves a counter."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from edge.wire.entries import CameraVerdict
from hub.api.base import ActorDep, PartsDep, answers
from hub.cameras import Camera, CameraDay
from hub.tables import csv_lines

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(8999, 12, 31)


class EvidenceOut(BaseModel):
    """What the counter said last of the camera, at `at`: true of then, not of now. `brightness` and `change`
    are shares 0-1; `offset_s` is the camera's clock against the counter's."""

    at: datetime
    verdict: CameraVerdict
    frames: int
    brightness: float | None
    change: float | None
    offset_s: float | None
    detail: str


class CameraOut(BaseModel):
    """A camera now. `verdict` is unknown, whatever was said last, while nobody watches: `why` is then
    counter_away (its Pi is lost), silent (the Pi is here and says nothing of it) or starting."""

    counter: str
    counter_name: str
    camera: str
    verdict: CameraVerdict
    since: datetime
    why: Literal["", "counter_away", "silent", "starting"]
    counter_here: bool
    counter_since: datetime | None
    availability_today: float | None = Field(
        description="The share (0-1) of the known part of today in which it was ok; null if nothing is known."
    )
    last: EvidenceOut

    @classmethod
    def of(cls, camera: Camera, today: CameraDay) -> "CameraOut":
        said, report = camera.said, camera.report
        return cls.model_validate(
            {
                "counter": camera.counter,
                "counter_name": camera.counter_name,
                "camera": camera.name,
                "verdict": camera.now.verdict,
                "since": camera.now.since,
                "why": camera.now.why,
                "counter_here": report is not None and report.here,
                "counter_since": report.since if report else None,
                "availability_today": today.uptime.share,
                "last": {name: getattr(said, name) for name in EvidenceOut.model_fields},
            }
        )


class CamerasOut(BaseModel):
    """Cameras by counter and name."""

    items: list[CameraOut]


class SpanOut(BaseModel):
    """From `from` until just before `to` the verdict was this."""

    from_: datetime = Field(serialization_alias="from")
    to: datetime
    verdict: CameraVerdict


class TimelineOut(BaseModel):
    """A camera over one day of the site, without a gap."""

    day: date
    availability: float | None
    ok_s: float
    known_s: float
    unknown_s: float
    spans: list[SpanOut]


@router.get("")
def show_all(parts: PartsDep, _actor: ActorDep) -> CamerasOut:
    """Every camera of the counters in service."""
    return CamerasOut(items=[CameraOut.of(each, parts.cameras.day(each)) for each in parts.cameras.all()])


@router.get(
    ".csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "UTF-8, for a spreadsheet."}},
)
def show_csv(parts: PartsDep, _actor: ActorDep) -> StreamingResponse:
    """The same as a table."""
    rows = [
        (
            each.counter,
            each.counter_name,
            each.name,
            each.now.verdict,
            each.now.since.isoformat(),
            each.now.why,
            each.said.at.isoformat(),
            each.said.detail,
        )
        for each in parts.cameras.all()
    ]
    header = ("counter", "counter_name", "camera", "verdict", "since", "why", "last_at", "last_detail")
    headers = {"Content-Disposition": 'attachment; filename="cameras.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(csv_lines(header, rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{counter}/{camera}/timeline", responses=answers(404, 422))
def timeline(
    parts: PartsDep,
    _actor: ActorDep,
    counter: str,
    camera: str,
    day: Annotated[
        date | None,
        Query(ge=_FIRST_DAY, le=_LAST_DAY, description="A day of the site; today unless given."),
    ] = None,
) -> TimelineOut:
    """How a camera stood on a day."""
    found = parts.cameras.day(parts.cameras.camera(counter, camera), day)
    return TimelineOut(
        day=found.day,
        availability=found.uptime.share,
        ok_s=found.uptime.ok.total_seconds(),
        known_s=found.uptime.known.total_seconds(),
        unknown_s=found.uptime.unknown.total_seconds(),
        spans=[
            SpanOut(from_=span.start, to=span.end, verdict=CameraVerdict(span.verdict))
            for span in found.spans
        ],
    )
