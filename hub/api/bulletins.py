"""/api/v1/bulletins: draft, submit, approve."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from edge.wire.base import Priority
from hub.api.base import ActorDep, LimitQuery, PartsDep, answers
from hub.languages import SPOKEN
from hub.store.bulletins import Bulletin, Step

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/bulletins", tags=["bulletins"], responses=answers())

_PRIORITIES = [each.value for each in Priority]


_EXAMPLE: JsonDict = {
    "title": "Thông báo lịch tiêm chủng",
    "priority": "routine",
    "language": "vi",
    "recordings": ["5f0c8c9a1b2d3e4f"],
}


class BulletinIn(BaseModel):
    """What a bulletin says: `recordings` are ids, in the order they are played."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "required": ["title", "priority", "language", "recordings"],
            "example": _EXAMPLE,
        },
    )

    # The service judges the values, so that everything that is wrong is said at once.
    title: Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 200})] = ""
    priority: Annotated[str, Field(json_schema_extra={"enum": _PRIORITIES})] = ""
    language: Annotated[str, Field(json_schema_extra={"enum": list(SPOKEN)})] = "vi"
    recordings: Annotated[list[str], Field(json_schema_extra={"minItems": 1, "maxItems": 100})] = []


class ChangeIn(BulletinIn):
    """What a draft is to say; `revision` is that of the draft this was written from."""

    model_config = ConfigDict(
        json_schema_extra={
            "required": ["title", "priority", "language", "recordings", "revision"],
            "example": {**_EXAMPLE, "revision": 2},
        }
    )

    revision: int


class SeenIn(BaseModel):
    """Which `revision` was seen; null for whatever the bulletin says now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"revision": 2}})

    revision: int | None = None


class NoteIn(BaseModel):
    """Why a bulletin goes back to its maker."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "Sai ngày tiêm."}})

    note: Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 200})] = ""


class StepOut(BaseModel):
    """Who did it, and when."""

    at: datetime
    by: str


class BulletinOut(BaseModel):
    """A bulletin. Once `approved` it never changes; `copied_from` names the one it is a new version of.

    `revision` grows with each saving of the draft; `changed` is the last one after it was made.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "8d1f2c3b4a596877",
                "title": "Thông báo lịch tiêm chủng",
                "priority": "routine",
                "language": "vi",
                "state": "approved",
                "recordings": ["5f0c8c9a1b2d3e4f"],
                "duration_ms": 61250,
                "created": {"at": "2026-11-20T02:05:00Z", "by": "Cán bộ phát thanh"},
                "submitted": {"at": "2026-11-20T02:06:00Z", "by": "Cán bộ phát thanh"},
                "approved": {"at": "2026-11-20T02:30:00Z", "by": "Người duyệt"},
                "returned": None,
                "return_note": "",
                "copied_from": None,
                "revision": 2,
                "changed": {"at": "2026-11-20T02:05:30Z", "by": "Cán bộ phát thanh"},
            }
        }
    )

    id: str
    title: str
    priority: Priority
    language: str
    state: Literal["draft", "submitted", "approved"]
    recordings: list[str]
    duration_ms: int
    created: StepOut
    submitted: StepOut | None
    approved: StepOut | None
    returned: StepOut | None
    return_note: str
    copied_from: str | None
    revision: int
    changed: StepOut | None


class BulletinsOut(BaseModel):
    """The newest first; `next` goes into `before` for the next page, null at the end."""

    items: list[BulletinOut]
    next: str | None


@router.post(
    "", status_code=201, response_model=BulletinOut, responses=answers(422), summary="Draft a bulletin"
)
def create(body: BulletinIn, response: Response, parts: PartsDep, actor: ActorDep) -> Any:
    """Clerks and approvers."""
    bulletin = parts.bulletins.create(actor, **body.model_dump())
    response.headers["Location"] = f"/api/v1/bulletins/{bulletin.id}"
    return _out(bulletin)


@router.get("", response_model=BulletinsOut, responses=answers(422), summary="List bulletins")
def bulletins(
    parts: PartsDep,
    actor: ActorDep,
    limit: LimitQuery = 50,
    before: str | None = None,
    state: Annotated[Literal["draft", "submitted", "approved"] | None, Query()] = None,
) -> Any:
    """The newest first, page by page."""
    found = parts.bulletins.bulletins(limit=limit, before=before, state=state or "")
    return {"items": [_out(each) for each in found], "next": found[-1].id if len(found) == limit else None}


@router.get("/{bulletin}", response_model=BulletinOut, responses=answers(404), summary="One bulletin")
def bulletin(bulletin: str, parts: PartsDep, actor: ActorDep) -> Any:
    """Whoever is logged in."""
    return _out(parts.bulletins.bulletin(bulletin))


@router.put(
    "/{bulletin}", response_model=BulletinOut, responses=answers(404, 409, 422), summary="Edit a draft"
)
def change(bulletin: str, body: ChangeIn, parts: PartsDep, actor: ActorDep) -> Any:
    """Clerks and approvers; 409 unless it is a draft, and where somebody saved it after `revision`."""
    return _out(parts.bulletins.change(actor, bulletin, **body.model_dump()))


@router.delete("/{bulletin}", status_code=204, responses=answers(404, 409), summary="Delete a draft")
def delete(
    bulletin: str, parts: PartsDep, actor: ActorDep, revision: Annotated[int | None, Query()] = None
) -> None:
    """For good; its recordings stay. Clerks and approvers; 409 unless it is a draft as seen at `revision`."""
    parts.bulletins.delete(actor, bulletin, revision=revision)


@router.post(
    "/{bulletin}/submit", response_model=BulletinOut, responses=answers(404, 409), summary="Hand in a draft"
)
def submit(bulletin: str, parts: PartsDep, actor: ActorDep, seen: SeenIn | None = None) -> Any:
    """Clerks and approvers; 409 unless it is a draft as it was seen and every recording is ready."""
    return _out(parts.bulletins.submit(actor, bulletin, revision=seen.revision if seen else None))


@router.post(
    "/{bulletin}/approve", response_model=BulletinOut, responses=answers(404, 409), summary="Approve"
)
def approve(bulletin: str, parts: PartsDep, actor: ActorDep, seen: SeenIn | None = None) -> Any:
    """Approvers; 409 unless it was submitted as it was seen. Approving one's own work is marked in the audit
    log.
    """
    return _out(parts.bulletins.approve(actor, bulletin, revision=seen.revision if seen else None))


@router.post(
    "/{bulletin}/return", response_model=BulletinOut, responses=answers(404, 409, 422), summary="Send back"
)
def send_back(bulletin: str, body: NoteIn, parts: PartsDep, actor: ActorDep) -> Any:
    """Approvers, and whoever submitted it; 409 unless it was submitted."""
    return _out(parts.bulletins.send_back(actor, bulletin, note=body.note))


@router.post(
    "/{bulletin}/copy",
    status_code=201,
    response_model=BulletinOut,
    responses=answers(404),
    summary="Copy to a new draft",
)
def copy(bulletin: str, response: Response, parts: PartsDep, actor: ActorDep) -> Any:
    """Clerks and approvers: the way to a new version of what is approved."""
    made = parts.bulletins.copy(actor, bulletin)
    response.headers["Location"] = f"/api/v1/bulletins/{made.id}"
    return _out(made)


def _out(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "id": bulletin.id,
        "title": bulletin.title,
        "priority": bulletin.priority,
        "language": bulletin.language,
        "state": bulletin.state,
        "recordings": [each.id for each in bulletin.recordings],
        "duration_ms": bulletin.duration_ms,
        "created": _step_out(bulletin.created),
        "submitted": _step_out(bulletin.submitted),
        "approved": _step_out(bulletin.approved),
        "returned": _step_out(bulletin.returned),
        "return_note": bulletin.return_note,
        "copied_from": bulletin.copied_from,
        "revision": bulletin.revision,
        "changed": _step_out(bulletin.changed),
    }


def _step_out(step: Step | None) -> dict[str, Any] | None:
    return {"at": step.at, "by": step.name} if step else None
