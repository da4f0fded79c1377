"""SQL of nodes, of what each said of itself last, and of the recordings it holds."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.programme.terms import Place
from hub.store.database import from_text, to_text

__all__ = [
    "Node",
    "Report",
    "add",
    "away",
    "health",
    "heard",
    "is_in_service",
    "keep_report",
    "move",
    "node",
    "nodes",
    "obeyed",
    "places",
    "plans_obeyed",
    "remove",
    "removed",
    "report",
    "reports",
    "secret_hash",
]

_REPORT = (
    "node, session, here, heard_at, since, clock_state, clock_bound_ms, software, output, ledger, plan,"
    ' standing, "order", health AS readings'
)
_NODE = "id, kind, name, area, external_id, enrolled_at, removed_at"


@dataclass(frozen=True, kw_only=True)
class Node:
    """An enrolled node. Its secrets stay in the file, hashed."""

    id: str
    kind: str
    name: str
    area: str
    enrolled_at: datetime
    external_id: str = ""
    removed_at: datetime | None = None

    @property
    def enrolment(self) -> str:
        """Tells this enrolment of the name from those before and after; its certificates carry it."""
        return to_text(self.enrolled_at)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a node last said of itself; `since` is when it came or went. The numbers are those it obeys.

    `readings` are JSON, read by who asks for `health`.
    """

    node: str
    session: str
    here: bool
    heard_at: datetime
    since: datetime
    clock_state: str
    clock_bound_ms: float | None
    software: str
    output: str
    ledger: str
    plan: int
    standing: int
    order: int
    readings: str = "{}"

    @property
    def health(self) -> dict[str, Any]:
        """Its last readings."""
        readings: dict[str, Any] = json.loads(self.readings)
        return readings


def nodes(db: Database, *, kind: str | None = None) -> list[Node]:
    """The nodes in service, by name."""
    rows = db.query(
        f"SELECT {_NODE} FROM nodes WHERE removed_at IS NULL AND kind = coalesce(?, kind) ORDER BY name, id",
        [kind],
    )
    return [_node(row) for row in rows]


def node(db: Database, id_: str) -> Node | None:
    """One node in service, or None."""
    rows = db.query(f"SELECT {_NODE} FROM nodes WHERE id = ? AND removed_at IS NULL", [id_])
    return next((_node(row) for row in rows), None)


def is_in_service(db: Database, id_: str) -> bool:
    """Whether that is the id of a node in service."""
    found = db.execute("SELECT 1 FROM nodes WHERE id = ? AND removed_at IS NULL", [id_])
    return found.fetchone() is not None


def removed_at(db: Database, id_: str) -> datetime | None:
    """When the node of this id was taken out of service; None for one that is in service, or never was."""
    rows = db.execute("SELECT removed_at FROM nodes WHERE id = ? AND removed_at IS NOT NULL", [id_])
    found = rows.fetchone()
    return from_text(found[0]) if found else None


def removed(db: Database, id_: str) -> Node | None:
    """One node that was taken out of service, or None."""
    rows = db.query(f"SELECT {_NODE} FROM nodes WHERE id = ? AND removed_at IS NOT NULL", [id_])
    return next((_node(row) for row in rows), None)


def places(db: Database) -> list[Place]:
    """Every loudspeaker in service and the area it hangs from, by name."""
    rows = db.execute(
        "SELECT id, area FROM nodes WHERE removed_at IS NULL AND kind = 'speaker' ORDER BY name, id"
    )
    return [Place(node, area) for node, area in rows]


def add(db: Database, new: Node, *, secret_hash: str, broker_hash: str) -> None:
    """Write a node. One in service gets other secrets and an empty card, and stays as muted, loud or stopped
    as it is; one that had been removed comes back as new."""
    db.execute("DELETE FROM holdings WHERE node = ?", [new.id])
    db.execute(
        "DELETE FROM standings WHERE node IN (SELECT id FROM nodes WHERE id = ? AND removed_at IS NOT NULL)",
        [new.id],
    )
    db.execute(
        "INSERT INTO nodes (id, kind, name, area, secret_hash, broker_hash, external_id, enrolled_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
        " name = excluded.name, area = excluded.area, secret_hash = excluded.secret_hash,"
        " broker_hash = excluded.broker_hash, external_id = excluded.external_id,"
        " enrolled_at = excluded.enrolled_at, removed_at = NULL",
        [
            new.id,
            new.kind,
            new.name,
            new.area,
            secret_hash,
            broker_hash,
            new.external_id,
            to_text(new.enrolled_at),
        ],
    )


def move(db: Database, id_: str, *, name: str, area: str) -> None:
    """Give a node another name on pages, or another area; its card and its state stay."""
    db.execute("UPDATE nodes SET name = ?, area = ? WHERE id = ?", [name, area, id_])


def remove(db: Database, id_: str, *, at: datetime) -> None:
    """Take a node out of service; what it played stays."""
    db.execute("UPDATE nodes SET removed_at = ? WHERE id = ?", [to_text(at), id_])


def secret_hash(db: Database, id_: str) -> str | None:
    """The hash of a node's HTTP secret; None for a node that is not in service."""
    found = db.execute("SELECT secret_hash FROM nodes WHERE id = ? AND removed_at IS NULL", [id_]).fetchone()
    return str(found[0]) if found else None


def reports(db: Database, ids: Iterable[str] | None = None) -> dict[str, Report]:
    """The last report of each of those nodes, or of every node, that ever reported."""
    clause = "" if ids is None else " WHERE node IN (SELECT value FROM json_each(?))"
    wanted = [] if ids is None else [json.dumps(list(ids))]
    rows = db.query(f"SELECT {_REPORT} FROM node_reports{clause}", wanted)
    return {row["node"]: _report(row) for row in rows}


def plans_obeyed(db: Database) -> dict[str, int]:
    """The version of the plan that each node said it obeys."""
    return dict(db.execute("SELECT node, plan FROM node_reports").fetchall())


def report(db: Database, node_id: str) -> Report | None:
    """The last report of one node."""
    return reports(db, [node_id]).get(node_id)


def keep_report(db: Database, report: Report) -> None:
    """Write a birth over what stood; readings of the same session are kept."""
    db.execute(
        "INSERT INTO node_reports (node, session, here, heard_at, since, clock_state, clock_bound_ms,"
        ' software, output, ledger, plan, standing, "order") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
        " ON CONFLICT (node) DO UPDATE SET here = excluded.here, heard_at = excluded.heard_at,"
        " since = CASE WHEN node_reports.here = 1 AND node_reports.session = excluded.session"
        " THEN node_reports.since ELSE excluded.since END,"
        " session = excluded.session, clock_state = excluded.clock_state,"
        " clock_bound_ms = excluded.clock_bound_ms, software = excluded.software, output = excluded.output,"
        " ledger = excluded.ledger, plan = excluded.plan, standing = excluded.standing,"
        ' "order" = excluded."order"',
        [
            report.node,
            report.session,
            int(report.here),
            to_text(report.heard_at),
            to_text(report.since),
            report.clock_state,
            report.clock_bound_ms,
            report.software,
            report.output,
            report.ledger,
            report.plan,
            report.standing,
            report.order,
        ],
    )


def away(db: Database, node_id: str, *, session: str, at: datetime) -> bool:
    """Note that the node's `session` is over; False when another is on or it was away already."""
    done = db.execute(
        "UPDATE node_reports SET here = 0, since = ? WHERE node = ? AND session = ? AND here = 1",
        [to_text(at), node_id, session],
    )
    return done.rowcount > 0


def health(
    db: Database,
    node_id: str,
    *,
    clock: tuple[str, float | None],
    numbers: tuple[int, int, int],
    readings: Mapping[str, Any],
) -> None:
    """Write a node's readings and the plan, standing and order numbers that it obeys."""
    db.execute(
        "UPDATE node_reports SET clock_state = ?, clock_bound_ms = ?, plan = ?, standing = ?,"
        ' "order" = ?, health = ? WHERE node = ?',
        [*clock, *numbers, json.dumps(readings), node_id],
    )


def heard(db: Database, times: Mapping[str, datetime]) -> None:
    """Note when these nodes said something, whatever it was."""
    db.conn.executemany(
        "UPDATE node_reports SET heard_at = ? WHERE node = ?",
        [(to_text(at), id_) for id_, at in times.items()],
    )


def obeyed(db: Database, rows: Iterable[tuple[int, int, int, str]]) -> None:
    """Raise what nodes are known to obey: rows of (plan, standing, order, node)."""
    db.conn.executemany(
        'UPDATE node_reports SET plan = max(plan, ?), standing = max(standing, ?), "order" = max("order", ?)'
        " WHERE node = ?",
        rows,
    )


def _node(row: Mapping[str, Any]) -> Node:
    removed_at = row["removed_at"]
    return Node(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        area=row["area"],
        external_id=row["external_id"],
        enrolled_at=from_text(row["enrolled_at"]),
        removed_at=from_text(removed_at) if removed_at else None,
    )


def _report(row: Mapping[str, Any]) -> Report:
    return Report(
        **{
            **row,
            "here": bool(row["here"]),
            "heard_at": from_text(row["heard_at"]),
            "since": from_text(row["since"]),
        }
    )
