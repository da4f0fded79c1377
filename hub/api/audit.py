"""/api/v1/audit: who did what, when, from where."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from hub.api.base import ActorDep, Instant, LimitQuery, PartsDep, answers
from hub.people.roles import AUDIT_READERS
from hub.store import audit

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/audit", tags=["audit"], responses=answers(422))


class AuditEntryOut(BaseModel):
    """`who` is a log-in name, or `system`; `own_work` marks an approval of one's own work."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 417,
                "at": "2026-11-20T02:30:00Z",
                "who": "nguoi-duyet",
                "name": "Người duyệt",
                "address": "192.0.2.17",
                "action": "bulletin.approve",
                "what": "bulletin:8d1f2c3b4a596877 Thông báo lịch tiêm chủng",
                "detail": {},
                "own_work": False,
            }
        }
    )

    id: int
    at: datetime
    who: str
    name: str
    address: str
    action: str
    what: str
    detail: dict[str, Any]
    own_work: bool


class AuditOut(BaseModel):
    """The newest first; `next` goes into `before` for the next page, null at the end."""

    items: list[AuditEntryOut]
    next: int | None


@router.get("", response_model=AuditOut, summary="Read the audit log")
def entries(
    parts: PartsDep,
    actor: ActorDep,
    limit: LimitQuery = 50,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    who: str = "",
    action: str = "",
    what: Annotated[str, Query(description="Part of what it was done to.")] = "",
    since: Instant | None = None,
    until: Instant | None = None,
) -> Any:
    """Administrators and approvers. Lines match every filter given, since ≤ at < until."""
    actor.must(*AUDIT_READERS)
    found = audit.entries(
        parts.store.read(),
        limit=limit,
        before=before,
        who=who,
        action=action,
        what=what,
        since=since,
        until=until,
    )
    return {"items": [vars(each) for each in found], "next": found[-1].id if len(found) == limit else None}
