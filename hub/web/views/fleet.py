"""Nodes: their state, faults and ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import Text

__all__ = [
    "AreaNodes",
    "Fault",
    "LedgerRow",
    "NodeFragment",
    "NodePage",
    "NodeRow",
    "NodesFragment",
    "NodesPage",
    "RemovedNodePage",
]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something broken, where, since when, and what to `do` about it next."""

    what: Text
    since: datetime
    do: Text = ""
    node_id: str = ""
    node: str = ""


@dataclass(frozen=True, kw_only=True)
class NodeRow:
    """state: `ready`, `preparing`, `away`, `muted`, `stopped` or `fault`; clock: `synced`, `holdover`,
    `untrusted`, `unknown`.

    `next_ready` says whether all that the next item needs is there, None when nothing is planned.
    `last_heard` is None for a node that never reported.
    """

    id: str
    name: str
    state: str
    clock: str = "unknown"
    last_heard: datetime | None = None
    next_at: datetime | None = None
    next_ready: bool | None = None
    why: Text | None = None


@dataclass(frozen=True, kw_only=True)
class AreaNodes:
    """An area with the nodes that hang from it."""

    name: str
    nodes: tuple[NodeRow, ...]


@dataclass(frozen=True, kw_only=True)
class NodesFragment:
    """GET /nodes/live, on the events `nodes`, `faults` and `orders`."""

    template: ClassVar[str] = "fragments/nodes.html"
    areas: tuple[AreaNodes, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NodesPage:
    """GET /nodes. `can_enrol` where nodes come with certificates."""

    template: ClassVar[str] = "nodes.html"
    list: NodesFragment = NodesFragment()
    can_enrol: bool = False


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One entry as the node wrote it; `words` says it plainly, `clock` is the trust it was written with."""

    seq: int
    at: datetime
    kind: str
    words: Text
    clock: str = "synced"


@dataclass(frozen=True, kw_only=True)
class NodeFragment:
    """GET /nodes/{id}/live, on the events `nodes`, `faults` and `orders`. `plan` tells of the one it obeys;
    `facts` are (label, value) as the node reported them (versions, disk); `notes` are what it tells of its
    settings, which is no fault.
    """

    template: ClassVar[str] = "fragments/node.html"
    row: NodeRow
    area: str
    kind: str = "speaker"
    muted: bool = False
    volume: int = 70
    confirmed: bool = True
    clock_bound_ms: float | None = None
    plan: Text | None = None
    facts: tuple[tuple[Text, Text], ...] = ()
    can_enrol: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NodePage:
    """GET /nodes/{id}. Its forms post to /orders: `kind` mute | unmute | volume (`value` 0-100), `nodes`,
    `next`.
    """

    template: ClassVar[str] = "node.html"
    detail: NodeFragment


@dataclass(frozen=True, kw_only=True)
class RemovedNodePage:
    """GET /nodes/{id} of a device that was removed (status 410), `by` whom (empty: a command)."""

    template: ClassVar[str] = "removed_node.html"
    id: str
    name: str
    kind: str
    area: str
    at: datetime
    by: str = ""
    can_enrol: bool = False
    ledger: tuple[LedgerRow, ...] = ()
