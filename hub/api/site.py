"""The site's house rules."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from hub.api.base import ActorDep, PartsDep, answers
from hub.parts import Parts

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/site", tags=["site"])

Clock = Annotated[str, Field(max_length=10)]


class QuietOut(BaseModel):
    """Local times, `[start, end)`; may cross midnight."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"start": "22:00", "end": "06:00"}}
    )

    start: Clock
    end: Clock


class RulesIn(BaseModel):
    """House rules to set. No quiet hours allow every hour; `revision` is that of the rules this was written
    from, null for whatever they are now."""

    model_config = ConfigDict(extra="forbid")

    quiet: Annotated[list[QuietOut], Field(max_length=10)]
    timezone: Annotated[str | None, Field(max_length=80)] = None
    revision: int | None = None


class ExceptionOut(BaseModel):
    """A schedule that may sound in quiet hours, and who allowed it."""

    schedule: str
    start: datetime
    end: datetime
    allowed_by: str
    reason: str


class SiteOut(BaseModel):
    """The site; `changed_by` is empty as it began, `revision` grows with each saving of the rules."""

    id: str
    name: str
    timezone: str
    quiet: list[QuietOut]
    exceptions: list[ExceptionOut]
    changed_by: str
    changed_at: datetime | None
    revision: int


@router.get("")
def show(parts: PartsDep, _actor: ActorDep) -> SiteOut:
    """The house rules in force."""
    return _site(parts)


@router.put("", responses=answers(403, 409, 422))
def change(parts: PartsDep, actor: ActorDep, wanted: RulesIn) -> SiteOut:
    """Set the house rules; every plan is published anew. For administrators."""
    quiet = [(hours.start, hours.end) for hours in wanted.quiet]
    parts.site.change(actor, quiet=quiet, timezone=wanted.timezone, revision=wanted.revision)
    return _site(parts)


def _site(parts: Parts) -> SiteOut:
    kept, rules = parts.site.kept(), parts.site.rules()
    return SiteOut(
        id=parts.settings.site.id,
        name=parts.settings.site.name,
        timezone=rules.timezone,
        quiet=[QuietOut(start=quiet.start, end=quiet.end) for quiet in rules.quiet],
        exceptions=[ExceptionOut(**each.model_dump()) for each in rules.exceptions],
        changed_by=kept.changed_by,
        changed_at=kept.changed_at,
        revision=kept.revision,
    )
