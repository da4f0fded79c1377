"""SQL that lets old lines go: raw entries of ledgers, and lines of the audit log.

Lines go from the oldest on, and none behind one that is younger: what was stored while the clock was behind
goes with its neighbours. So does what a clock that was ahead stored, which is later than now; but lines of
the audit log of such a time stay alone. Of every ledger, and of the audit log, the newest thousand stay.
"""

import json
from datetime import date, datetime

from sqlite_utils import Database

from hub.retention import Mark
from hub.store.database import from_text, to_text

__all__ = ["drop_audit", "drop_entries", "keep_mark", "mark", "oldest_audit", "oldest_entry"]

_NEWEST_KEPT = 1_000
_LAST = """
young AS (SELECT seq FROM mine WHERE at >= :before AND at <= :now ORDER BY seq LIMIT 1),
last AS (
    SELECT seq FROM mine WHERE at < :before AND seq < coalesce((SELECT seq FROM young), 1 << 62)
    ORDER BY seq DESC LIMIT 1
)
"""
_A_YEAR_BEFORE_THE_NEWEST = (
    "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', at, '-1 year') FROM audit ORDER BY id DESC LIMIT 1"
)


def mark(db: Database, kind: str, *, years: int) -> Mark | None:
    """How far the lines of this kind may go, as last written; `years` where it does not say."""
    row = db.execute("SELECT value FROM site WHERE key = ?", [f"pruned:{kind}"]).fetchone()
    if row is None:
        return None
    kept = json.loads(row[0])
    return Mark(date.fromisoformat(kept["night"]), from_text(kept["until"]), kept.get("years", years))


def keep_mark(db: Database, kind: str, new: Mark) -> None:
    """Write it over the one before."""
    kept = {"night": new.night.isoformat(), "until": to_text(new.until), "years": new.years}
    db.execute(
        "INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [f"pruned:{kind}", json.dumps(kept)],
    )


def oldest_entry(db: Database) -> datetime | None:
    """When the first ledger began, None where there is none."""
    return _instant(db, "SELECT min(first_seen) FROM ledgers")


def oldest_audit(db: Database) -> datetime | None:
    """When the oldest line of the audit log was written, None where there is none."""
    return _instant(db, "SELECT at FROM audit ORDER BY id LIMIT 1")


def drop_entries(db: Database, *, before: datetime, now: datetime, most: int) -> int:
    """Let up to `most` entries go that came before then; how many went."""
    gone = 0
    for node, ledger, stored in db.execute(
        "SELECT node, ledger, stored_seq FROM ledgers WHERE first_seen < ? OR first_seen > ?",
        [to_text(before), to_text(now)],
    ).fetchall():
        gone += db.execute(
            "WITH mine AS (SELECT seq, received_at AS at FROM entries"
            f" WHERE node = :node AND ledger = :ledger AND seq <= :newest), {_LAST}"
            " DELETE FROM entries WHERE node = :node AND ledger = :ledger AND seq IN"
            " (SELECT seq FROM mine WHERE seq <= (SELECT seq FROM last) ORDER BY seq LIMIT :most)",
            {
                "node": node,
                "ledger": ledger,
                "newest": stored - _NEWEST_KEPT,
                "before": to_text(before),
                "now": to_text(now),
                "most": most - gone,
            },
        ).rowcount
        if gone >= most:
            break
    return gone


def drop_audit(db: Database, *, before: datetime, now: datetime, most: int) -> int:
    """Let up to `most` lines of the audit log go that were written before then, none of the year before its
    newest line, which its own trigger guards; how many went."""
    (year,) = db.execute(_A_YEAR_BEFORE_THE_NEWEST).fetchone() or ("",)
    limit = min(to_text(before), year)
    return db.execute(
        f"WITH mine AS (SELECT id AS seq, at FROM audit WHERE id <= (SELECT max(id) - :kept FROM audit)),"
        f" {_LAST} DELETE FROM audit WHERE id IN (SELECT seq FROM mine WHERE seq <= (SELECT seq FROM last)"
        " AND at < :before ORDER BY seq LIMIT :most)",
        {"kept": _NEWEST_KEPT, "before": limit, "now": to_text(now), "most": most},
    ).rowcount


def _instant(db: Database, query: str) -> datetime | None:
    row = db.execute(query).fetchone()
    return from_text(row[0]) if row and row[0] else None
