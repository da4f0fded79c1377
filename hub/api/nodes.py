"""Nodes: their state, what they are ready for, and their ledgers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, status
from pydantic import BaseModel

from edge.wire.base import ClockState
from hub.api.base import ActorDep, PartsDep, answers
from hub.errors import Invalid, Problem
from hub.fleet import NextItem, NodeState
from hub.store.faults import OpenFault
from hub.store.ledger import Row

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/nodes", tags=["nodes"])


class ClockOut(BaseModel):
    """How far the node's clock may be believed."""

    state: ClockState
    bound_ms: float | None


class NextOut(BaseModel):
    """The next occurrence at the node. `why_not`: never_heard, plan_not_accepted, recordings_missing,
    clock_untrusted, stopped, muted; empty when it is ready."""

    occurrence: str
    title: str
    starts_at: datetime
    ready: bool
    missing: list[str]
    why_not: list[str]

    @classmethod
    def of(cls, item: NextItem) -> "NextOut":
        return cls(
            occurrence=item.occurrence.id,
            title=item.occurrence.schedule.title,
            starts_at=item.occurrence.starts_at,
            ready=item.ready,
            missing=list(item.missing),
            why_not=list(item.why_not),
        )


class FaultOut(BaseModel):
    """Something broken since when."""

    name: str
    detail: str
    since: datetime

    @classmethod
    def of(cls, fault: OpenFault) -> "FaultOut":
        return cls(name=fault.name, detail=fault.detail, since=fault.since)


class NodeOut(BaseModel):
    """A node now. `here` tells of the network only: a node that is away plays what it holds."""

    id: str
    name: str
    kind: Literal["speaker", "counter"]
    area: str
    state: Literal["ready", "preparing", "away", "muted", "stopped", "fault"]
    here: bool
    since: datetime | None
    heard_at: datetime | None
    clock: ClockOut | None
    software: str | None
    output: str | None
    stopped: bool
    muted: bool
    volume: int
    confirmed: bool
    plan: int | None
    plan_version: int
    next: NextOut | None
    faults: list[FaultOut]
    health: dict[str, Any]

    @classmethod
    def of(cls, state: NodeState) -> "NodeOut":
        report, standing = state.report, state.standing
        return cls(
            id=state.node.id,
            name=state.node.name,
            kind="speaker" if state.node.kind == "speaker" else "counter",
            area=state.area.id,
            state=state.state,
            here=report is not None and report.here,
            since=report.since if report else None,
            heard_at=report.heard_at if report else None,
            clock=ClockOut(state=ClockState(report.clock_state), bound_ms=report.clock_bound_ms)
            if report
            else None,
            software=report.software if report else None,
            output=report.output if report else None,
            stopped=standing is not None and standing.stopped is not None,
            muted=standing is not None and standing.muted,
            volume=standing.volume if standing else 100,
            confirmed=state.confirmed,
            plan=report.plan if report else None,
            plan_version=state.plan_version,
            next=NextOut.of(state.next) if state.next else None,
            faults=[FaultOut.of(fault) for fault in state.faults],
            health=report.health if report else {},
        )


class NodesOut(BaseModel):
    """Nodes by name."""

    items: list[NodeOut]


class EntryOut(BaseModel):
    """One entry of a ledger as the node wrote it."""

    ledger: str
    seq: int
    at: datetime
    clock: ClockOut
    boot: str
    kind: str
    body: dict[str, Any]
    received_at: datetime

    @classmethod
    def of(cls, row: Row) -> "EntryOut":
        return cls(
            ledger=row.ledger,
            seq=row.seq,
            at=row.at,
            clock=ClockOut(state=ClockState(row.clock_state), bound_ms=row.clock_bound_ms),
            boot=row.boot,
            kind=row.kind,
            body=dict(row.body),
            received_at=row.received_at,
        )


class LedgerOut(BaseModel):
    """Entries, newest first. `before` asks for the next page; None at the end."""

    items: list[EntryOut]
    before: str | None


@router.get("")
def show_all(parts: PartsDep, _actor: ActorDep) -> NodesOut:
    """Every node in service."""
    return NodesOut(items=[NodeOut.of(state) for state in parts.fleet.nodes()])


@router.get("/{node}", responses=answers(404))
def show(parts: PartsDep, _actor: ActorDep, node: str) -> NodeOut:
    """One node."""
    return NodeOut.of(parts.fleet.node(node))


@router.get("/{node}/ledger", responses=answers(404, 422))
def show_ledger(
    parts: PartsDep,
    _actor: ActorDep,
    node: str,
    before: Annotated[str | None, Query(max_length=80, description="`before` of the page seen last.")] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> LedgerOut:
    """What the node wrote down, newest first."""
    parts.fleet.node(node)
    rows = parts.fleet.ledger(node, before=_place(before), limit=limit, kind=kind)
    more = f"{rows[-1].ledger}:{rows[-1].seq}" if len(rows) == limit else None
    return LedgerOut(items=[EntryOut.of(row) for row in rows], before=more)


@router.delete("/{node}/faults/{fault}", status_code=status.HTTP_204_NO_CONTENT, responses=answers(403, 404))
def settle_fault(parts: PartsDep, actor: ActorDep, node: str, fault: str) -> None:
    """A technician has seen to a fault, such as lost ledger entries; it opens again if it comes again."""
    parts.faults.settle(actor, node, fault)


def _place(before: str | None) -> tuple[str, int] | None:
    if before is None:
        return None
    ledger, _, seq = before.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(seq) <= 16):
        raise Invalid(Problem("wrong_page", "before", {"found": before}))
    return ledger, int(seq)
