"""Areas: the places under the site from which nodes hang."""

from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from hub.api.base import ActorDep, PartsDep, answers
from hub.store.areas import Area
from hub.titles import tidy

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/areas", tags=["areas"])


class AreaIn(BaseModel):
    """An area to add; its id is made from the name unless given."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"id": "to-2", "name": "Tổ dân phố 2", "parent": None}}
    )

    name: Annotated[str, Field(max_length=200)]
    id: Annotated[str | None, Field(max_length=100)] = None
    parent: Annotated[str | None, Field(max_length=100)] = None


class AreaOut(BaseModel):
    """An area; `parent` is the one it lies in."""

    id: str
    name: str
    parent: str | None

    @classmethod
    def of(cls, area: Area) -> "AreaOut":
        return cls(id=area.id, name=area.name, parent=area.parent)


class AreasOut(BaseModel):
    """Areas in the order in which people list them."""

    items: list[AreaOut]


@router.get("")
def show(parts: PartsDep, _actor: ActorDep) -> AreasOut:
    """Every area."""
    return AreasOut(items=[AreaOut.of(area) for area in parts.fleet.areas()])


@router.post("", status_code=status.HTTP_201_CREATED, responses=answers(403, 409, 422))
def add(parts: PartsDep, actor: ActorDep, wanted: AreaIn) -> AreaOut:
    """Add an area. For technicians and administrators."""
    return AreaOut.of(
        parts.enrolment.add_area(actor, name=tidy(wanted.name), id_=wanted.id, parent=wanted.parent)
    )
