"""SQL of one-time codes: what each lets in, until when, and whether somebody guesses at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = ["CodeRow", "add", "code", "drop_all", "drop_of", "drop_over", "note_wrong", "take"]


@dataclass(frozen=True, kw_only=True)
class CodeRow:
    """A code: `wanted` is the node it lets in; `key` the key that came with it, None before; `wrong` counts
    those who named it and could not prove that they know it."""

    id: str
    secret: str
    node: str
    wanted: Mapping[str, Any]
    expires_at: datetime
    wrong: int = 0
    key: str | None = None


def add(db: Database, new: CodeRow, *, at: datetime) -> bool:
    """Write a new code; False when one of this id is there."""
    done = db.execute(
        "INSERT INTO codes (id, secret, node, wanted, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        [new.id, new.secret, new.node, json.dumps(new.wanted), to_text(at), to_text(new.expires_at)],
    )
    return bool(done.rowcount)


def code(db: Database, id_: str, *, now: datetime) -> CodeRow | None:
    """A code that is not over."""
    rows = db.query(
        "SELECT id, secret, node, wanted, expires_at, wrong, key FROM codes WHERE id = ? AND expires_at > ?",
        [id_, to_text(now)],
    )
    return next((_code(row) for row in rows), None)


def note_wrong(db: Database, id_: str) -> None:
    """Somebody named this code and did not know it."""
    db.execute("UPDATE codes SET wrong = wrong + 1 WHERE id = ?", [id_])


def take(db: Database, id_: str, *, key: str) -> None:
    """From now on the code serves this key only."""
    db.execute("UPDATE codes SET key = ? WHERE id = ?", [key, id_])


def drop_of(db: Database, node: str) -> None:
    """Forget the codes of a node."""
    db.execute("DELETE FROM codes WHERE node = ?", [node])


def drop_all(db: Database) -> None:
    """Forget every code."""
    db.execute("DELETE FROM codes")


def drop_over(db: Database, *, now: datetime) -> None:
    """Forget codes whose time is over, with their secrets."""
    db.execute("DELETE FROM codes WHERE expires_at <= ?", [to_text(now)])


def _code(row: Mapping[str, Any]) -> CodeRow:
    return CodeRow(**{**row, "wanted": json.loads(row["wanted"]), "expires_at": from_text(row["expires_at"])})
