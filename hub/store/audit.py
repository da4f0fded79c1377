"""The audit log: who did what, when, from where. Rows are added, and go after years; the file itself refuses
more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.people.roles import Actor
from hub.store.database import from_text, to_text

__all__ = ["SYSTEM", "AuditEntry", "entries", "record"]

SYSTEM = "system"
"""Who stands in the log when no person acted: the program itself, or its command line."""


@dataclass(frozen=True)
class AuditEntry:
    """`who` is a log-in name (or SYSTEM), `name` that person's name today; `what` is `kind:id title`."""

    id: int
    at: datetime
    who: str
    name: str
    address: str
    action: str
    what: str
    detail: Mapping[str, Any]
    own_work: bool


def record(
    db: Database,
    *,
    at: datetime,
    actor: Actor | None,
    action: str,
    what: str,
    detail: Mapping[str, Any] | None = None,
    own_work: bool = False,
) -> None:
    """Write one line, in the transaction of the change it tells of. Never put a secret into it."""
    db.execute(
        "INSERT INTO audit (at, who, address, action, what, detail, own_work) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            to_text(at),
            actor.person.login if actor else SYSTEM,
            actor.address if actor else "",
            action,
            what,
            json.dumps(detail or {}, ensure_ascii=False, default=str),
            int(own_work),
        ],
    )


def entries(
    db: Database,
    *,
    limit: int,
    before: int | None = None,
    who: str = "",
    action: str = "",
    what: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[AuditEntry]:
    """The newest `limit` lines that match every filter, `since` ≤ at < `until`.

    `before` is the id of the last line of the page before.
    """
    wanted: dict[str, object] = {
        "audit.id < ?": before,
        "audit.who = ?": who or None,
        "audit.action = ?": action or None,
        "instr(audit.what, ?) > 0": what or None,
        "audit.at >= ?": to_text(since) if since else None,
        "audit.at < ?": to_text(until) if until else None,
    }
    where = {clause: value for clause, value in wanted.items() if value is not None}
    rows = db.query(
        "SELECT audit.*, coalesce(users.name, audit.who) AS name"
        " FROM audit LEFT JOIN users ON users.login = audit.who"
        f" WHERE {' AND '.join(where) or '1'} ORDER BY audit.id DESC LIMIT ?",
        [*where.values(), limit],
    )
    return [_entry(row) for row in rows]


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=from_text(row["at"]),
        who=row["who"],
        name=row["name"],
        address=row["address"],
        action=row["action"],
        what=row["what"],
        detail=json.loads(row["detail"]),
        own_work=bool(row["own_work"]),
    )
