"""SQL of what is broken since when, and of messages that could not be read."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = ["OpenFault", "Unread", "keep_unreadable", "mend", "open_faults", "raise_fault", "unreadable"]

_UNREADABLE_KEPT = 1000
_RAW_KEPT_BYTES = 16_384
# As the index of open faults has it, so that the closed ones of years are not read.
_OPEN = "coalesce(node, '') = coalesce(?, '') AND name = ? AND mended_at IS NULL"


@dataclass(frozen=True)
class OpenFault:
    """Something broken; `node` is None for the hub's own."""

    node: str | None
    name: str
    detail: str
    since: datetime


@dataclass(frozen=True)
class Unread:
    """A message, or an entry of a ledger, that could not be read; `raw` is its beginning."""

    at: datetime
    topic: str
    reason: str
    detail: str
    raw: bytes


def raise_fault(db: Database, *, node: str | None, name: str, detail: str, at: datetime) -> bool:
    """Open a fault, or give an open one its new detail; False when nothing changed."""
    done = db.execute(
        f"UPDATE faults SET detail = ? WHERE {_OPEN}",
        [detail, node, name],
    )
    if done.rowcount:
        return False
    db.execute(
        "INSERT INTO faults (node, name, detail, since) VALUES (?, ?, ?, ?)",
        [node, name, detail, to_text(at)],
    )
    return True


def mend(db: Database, *, node: str | None, name: str, at: datetime) -> bool:
    """Close a fault; False when it was not open."""
    done = db.execute(
        f"UPDATE faults SET mended_at = ? WHERE {_OPEN}",
        [to_text(at), node, name],
    )
    return done.rowcount > 0


def open_faults(db: Database, node: str | None = None) -> list[OpenFault]:
    """The open faults of a node, or all with the hub's own; oldest first."""
    rows = db.query(
        "SELECT f.node, f.name, f.detail, f.since FROM faults f LEFT JOIN nodes n ON n.id = f.node"
        " WHERE f.mended_at IS NULL AND n.removed_at IS NULL AND (:node IS NULL OR f.node = :node)"
        " ORDER BY f.since, f.id",
        {"node": node},
    )
    return [OpenFault(**{**row, "since": from_text(row["since"])}) for row in rows]


def keep_unreadable(db: Database, new: Unread) -> None:
    """Keep what could not be read; the oldest beyond a thousand fall out."""
    db.execute(
        "INSERT INTO unreadable (at, topic, reason, detail, raw) VALUES (?, ?, ?, ?, ?)",
        [to_text(new.at), new.topic[:300], new.reason, new.detail[:500], new.raw[:_RAW_KEPT_BYTES]],
    )
    db.execute("DELETE FROM unreadable WHERE id <= (SELECT max(id) - ? FROM unreadable)", [_UNREADABLE_KEPT])


def unreadable(db: Database, *, limit: int, topic_part: str = "") -> list[Unread]:
    """The newest of what could not be read, from topics that hold `topic_part`."""
    rows = db.query(
        "SELECT at, topic, reason, detail, raw FROM unreadable WHERE instr(topic, ?) > 0 OR ? = ''"
        " ORDER BY id DESC LIMIT ?",
        [topic_part, topic_part, limit],
    )
    return [Unread(**{**row, "at": from_text(row["at"])}) for row in rows]
