"""SQL of what was signed for the nodes: plans, standing states, orders."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from edge.wire.orders import StopMark
from hub.store.database import from_text, to_text

__all__ = [
    "KeptOrder",
    "KeptPlan",
    "KeptStanding",
    "begin_standings",
    "change_standings",
    "is_any_stopped",
    "keep_order",
    "keep_plans",
    "keep_standings",
    "orders",
    "plan_endings",
    "plan_version",
    "plan_versions",
    "plans",
    "standings",
    "without_standing",
]


@dataclass(frozen=True)
class KeptPlan:
    """The plan that a node should obey. `content` names what it says, which many plans may share."""

    node: str
    version: int
    content: str
    issued_at: datetime


@dataclass(frozen=True)
class KeptStanding:
    """What lasts at a node until lifted."""

    node: str
    version: int
    issued_at: datetime
    stopped: StopMark | None = None
    muted: bool = False
    volume: int = 100


@dataclass(frozen=True)
class KeptOrder:
    """An order as it was given; `audiences` are the `aud` of its messages, `nodes` those it concerned."""

    seq: int
    audiences: tuple[str, ...]
    kind: str
    value: int | None
    by: str
    issued_at: datetime
    not_after: datetime
    nodes: tuple[str, ...]


def plan_versions(db: Database) -> dict[str, tuple[int, str]]:
    """Each node's (plan version, name of its content)."""
    rows = db.execute("SELECT node, version, content FROM plans")
    return {node: (version, content) for node, version, content in rows}


def plan_version(db: Database, node: str) -> int:
    """The version of the plan that a node should obey; 0 before it has one."""
    row = db.execute("SELECT version FROM plans WHERE node = ?", [node]).fetchone()
    return int(row[0]) if row else 0


def plans(db: Database, nodes: Iterable[str] | None = None) -> list[KeptPlan]:
    """The plans of those nodes, or of all."""
    wanted, values = _among(nodes)
    rows = db.execute(
        f"SELECT node, version, content, issued_at FROM plans WHERE node IN ({wanted}) ORDER BY node",
        values,
    )
    return [KeptPlan(node, version, content, from_text(at)) for node, version, content, at in rows]


def plan_endings(db: Database, contents: Iterable[str]) -> dict[str, bytes]:
    """What plans with these contents say, as it ends each of them (`edge.wire.plan`)."""
    rows = db.execute(
        "SELECT name, ending FROM plan_contents WHERE name IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(set(contents)))],
    )
    return dict(rows.fetchall())


def keep_plans(db: Database, new: Sequence[KeptPlan], endings: Mapping[str, bytes]) -> None:
    """Write plans over those that stood, with what those contents say; what no plan says any more goes."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO plan_contents (name, ending) VALUES (?, ?)",
        [(name, endings[name]) for name in {plan.content for plan in new}],
    )
    db.conn.executemany(
        "INSERT OR REPLACE INTO plans (node, version, content, issued_at) VALUES (?, ?, ?, ?)",
        [(p.node, p.version, p.content, to_text(p.issued_at)) for p in new],
    )
    db.execute("DELETE FROM plan_contents WHERE name NOT IN (SELECT content FROM plans)")


def standings(db: Database, nodes: Iterable[str] | None = None) -> list[KeptStanding]:
    """The standing states of those nodes, or of all."""
    wanted, values = _among(nodes)
    rows = db.query(
        f"SELECT * FROM standings WHERE node IN ({wanted}) ORDER BY node",
        values,
    )
    return [_standing(row) for row in rows]


def keep_standings(db: Database, new: Iterable[KeptStanding]) -> None:
    """Write standing states over those that stood."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO standings (node, version, issued_at, stopped_seq, stopped_at, stopped_by,"
        " muted, volume) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                s.node,
                s.version,
                to_text(s.issued_at),
                s.stopped.seq if s.stopped else None,
                to_text(s.stopped.at) if s.stopped else None,
                s.stopped.by if s.stopped else None,
                int(s.muted),
                s.volume,
            )
            for s in new
        ],
    )


def without_standing(db: Database) -> list[str]:
    """The loudspeakers in service that have no standing state yet."""
    rows = db.execute(
        "SELECT id FROM nodes WHERE removed_at IS NULL AND kind = 'speaker'"
        " AND id NOT IN (SELECT node FROM standings) ORDER BY id"
    )
    return [node for (node,) in rows]


def begin_standings(db: Database, nodes: Iterable[str], first: KeptStanding) -> None:
    """Give those of `nodes` that have no standing state that of `first`, whatever node it names."""
    known = {row["node"] for row in db.query("SELECT node FROM standings")}
    keep_standings(db, [replace(first, node=node) for node in nodes if node not in known])


def change_standings(
    db: Database, nodes: Iterable[str], changes: Mapping[str, object], *, version: int, at: datetime
) -> None:
    """Set columns of the standing states of `nodes`, which get a new version."""
    columns = "".join(f", {column} = :{column}" for column in changes)
    db.execute(
        f"UPDATE standings SET version = :version, issued_at = :at{columns}"
        " WHERE node IN (SELECT value FROM json_each(:nodes))",
        {"version": version, "at": to_text(at), "nodes": json.dumps(list(nodes)), **changes},
    )


def is_any_stopped(db: Database) -> bool:
    """Whether a node in service is stopped."""
    found = db.execute(
        "SELECT 1 FROM standings s JOIN nodes n ON n.id = s.node AND n.removed_at IS NULL"
        " WHERE s.stopped_seq IS NOT NULL LIMIT 1"
    )
    return found.fetchone() is not None


def keep_order(db: Database, order: KeptOrder) -> None:
    """Write an order as it was given."""
    db.execute(
        "INSERT INTO orders (seq, audiences, kind, value, by, issued_at, not_after, nodes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            order.seq,
            json.dumps(order.audiences),
            order.kind,
            order.value,
            order.by,
            to_text(order.issued_at),
            to_text(order.not_after),
            json.dumps(order.nodes),
        ],
    )


def orders(db: Database, *, limit: int) -> list[KeptOrder]:
    """The newest orders."""
    rows = db.query("SELECT * FROM orders ORDER BY seq DESC LIMIT ?", [limit])
    return [
        KeptOrder(
            **{
                **row,
                "audiences": tuple(json.loads(row["audiences"])),
                "nodes": tuple(json.loads(row["nodes"])),
                "issued_at": from_text(row["issued_at"]),
                "not_after": from_text(row["not_after"]),
            }
        )
        for row in rows
    ]


def _standing(row: Mapping[str, Any]) -> KeptStanding:
    stopped = (
        StopMark(seq=row["stopped_seq"], at=from_text(row["stopped_at"]), by=row["stopped_by"])
        if row["stopped_seq"] is not None
        else None
    )
    return KeptStanding(
        node=row["node"],
        version=row["version"],
        issued_at=from_text(row["issued_at"]),
        stopped=stopped,
        muted=bool(row["muted"]),
        volume=row["volume"],
    )


def _among(nodes: Iterable[str] | None) -> tuple[str, list[str]]:
    """Those nodes, or all in service, as a subquery and its values."""
    if nodes is None:
        return "SELECT id FROM nodes WHERE removed_at IS NULL", []
    return "SELECT value FROM json_each(?)", [json.dumps(list(nodes))]
