"""Orders to act now, and the stop in force."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from edge.wire.orders import OrderKind
from hub.api.base import ActorDep, PartsDep, answers
from hub.orders import StopInForce

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])

Kind = Literal[
    OrderKind.STOP, OrderKind.RESUME, OrderKind.MUTE, OrderKind.UNMUTE, OrderKind.VOLUME
]  # emergencies have an address of their own

Named = Annotated[str, Field(max_length=100)]


class OrderIn(BaseModel):
    """An order to give, to `all` or to some areas and nodes. `value`: percent, with `volume` only.

    `stop`: clerk, approver, technician, administrator. `resume`: clerk, approver.
    `mute`, `unmute`, `volume`: clerk, approver, technician.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"kind": "stop", "all": True}})

    kind: Kind
    value: Annotated[int | None, Field(ge=0, le=100)] = None
    nodes: Annotated[list[Named], Field(max_length=5000)] = []
    areas: Annotated[list[Named], Field(max_length=1000)] = []
    all: bool = False


class OrderOut(BaseModel):
    """An order given. `sent` is false when there was no broker: nodes learn of it when there is one."""

    seq: int
    nodes: list[str]
    sent: bool


class StopOut(BaseModel):
    """A stop in force: by whom, since when, which nodes it holds, which have not confirmed silence."""

    seq: int
    at: datetime
    by: str
    all: bool
    nodes: list[str]
    unconfirmed: list[str]

    @classmethod
    def of(cls, stop: StopInForce) -> "StopOut":
        return cls(
            seq=stop.seq,
            at=stop.at,
            by=stop.by,
            all=stop.everywhere,
            nodes=list(stop.nodes),
            unconfirmed=list(stop.unconfirmed),
        )


class CurrentOut(BaseModel):
    """`stop` is None when nothing is stopped."""

    stop: StopOut | None


@router.post("", status_code=status.HTTP_201_CREATED, responses=answers(403, 422))
def give(parts: PartsDep, actor: ActorDep, wanted: OrderIn) -> OrderOut:
    """Give an order. It lasts until lifted, whoever reboots."""
    issued = parts.orders.issue(
        actor,
        kind=wanted.kind,
        value=wanted.value,
        nodes=wanted.nodes,
        areas=wanted.areas,
        everywhere=wanted.all,
    )
    return OrderOut(seq=issued.seq, nodes=list(issued.nodes), sent=issued.sent)


@router.get("/current")
def current(parts: PartsDep, _actor: ActorDep) -> CurrentOut:
    """The stop in force."""
    stop = parts.orders.current()
    return CurrentOut(stop=StopOut.of(stop) if stop else None)
