"""SQL that lets old lines go: raw entries of ledgers, and lines of the audit log.

Lines go from the oldest on, and none behind one that is younger: what was stored while the clock was wrong
goes with its neighbours. Of every ledger, and of the audit log, the newest thousand stay.
"""

import json
from datetime import date, datetime

from sqlite_utils import Database

from hub.retention import Mark
from hub.store.database import from_text, to_text

__all__ = ["drop_audit", "drop_entries", "keep_mark", "mark", "oldest_audit", "oldest_entry"]

_NEWEST_KEPT = 1_000


def mark(db: Database, kind: str) -> Mark | None:
    """How far the lines of this kind may go, as last written."""
    row = db.execute("SELECT value FROM site WHERE key = ?", [f"pruned:{kind}"]).fetchone()
    if row is None:
        return None
    kept = json.loads(row[0])
    return Mark(date.fromisoformat(kept["night"]), from_text(kept["until"]))


def keep_mark(db: Database, kind: str, new: Mark) -> None:
    """Write it over the one before."""
    db.execute(
        "INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [f"pruned:{kind}", json.dumps({"night": new.night.isoformat(), "until": to_text(new.until)})],
    )


def oldest_entry(db: Database) -> datetime | None:
    """When the first ledger began, None where there is none."""
    return _instant(db, "SELECT min(first_seen) FROM ledgers")


def oldest_audit(db: Database) -> datetime | None:
    """When the oldest line of the audit log was written, None where there is none."""
    return _instant(db, "SELECT at FROM audit ORDER BY id LIMIT 1")


def drop_entries(db: Database, *, before: datetime, most: int) -> int:
    """Let up to `most` entries go that came before then; how many went."""
    gone = 0
    for node, ledger, stored in db.execute(
        "SELECT node, ledger, stored_seq FROM ledgers WHERE first_seen < ?", [to_text(before)]
    ).fetchall():
        rows = db.execute(
            "SELECT seq, received_at FROM entries WHERE node = ? AND ledger = ? AND seq <= ?"
            " ORDER BY seq LIMIT ?",
            [node, ledger, stored - _NEWEST_KEPT, most - gone],
        ).fetchall()
        if last := _last_before(rows, before):
            gone += db.execute(
                "DELETE FROM entries WHERE node = ? AND ledger = ? AND seq <= ?", [node, ledger, last]
            ).rowcount
        if gone >= most:
            break
    return gone


def drop_audit(db: Database, *, before: datetime, most: int) -> int:
    """Let up to `most` lines of the audit log go that were written before then; how many went."""
    rows = db.execute(
        "SELECT id, at FROM audit WHERE id <= (SELECT max(id) - ? FROM audit) ORDER BY id LIMIT ?",
        [_NEWEST_KEPT, most],
    ).fetchall()
    last = _last_before(rows, before)
    return db.execute("DELETE FROM audit WHERE id <= ?", [last]).rowcount if last else 0


def _last_before(rows: list[tuple[int, str]], before: datetime) -> int | None:
    last, limit = None, to_text(before)
    for number, at in rows:
        if at >= limit:
            break
        last = number
    return last


def _instant(db: Database, query: str) -> datetime | None:
    row = db.execute(query).fetchone()
    return from_text(row[0]) if row and row[0] else None
