"""SQL of the nodes' ledgers: every entry once, and how far each ledger is held without a gap."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from edge.wire.messages import LedgerEntry
from hub.store.database import from_text, to_text

__all__ = [
    "Line",
    "Progress",
    "Row",
    "keep_entries",
    "keep_progress",
    "newest",
    "present",
    "progress",
    "read_entries",
]

_BEYOND = 2**63 - 1


@dataclass(frozen=True)
class Progress:
    """`stored` is the number up to which nothing is missing but what is `lost` for good."""

    stored: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What a projection needs of one entry."""

    seq: int
    kind: str
    body: dict[str, Any]
    at: datetime
    clock_state: str


@dataclass(frozen=True)
class Row:
    """One entry as it is kept. `body` is as the node wrote it."""

    ledger: str
    seq: int
    at: datetime
    clock_state: str
    clock_bound_ms: float | None
    boot: str
    kind: str
    body: Mapping[str, Any]
    received_at: datetime


def progress(db: Database, node: str, ledger: str) -> Progress:
    """How far a ledger is held."""
    row = db.execute(
        "SELECT stored_seq, lost FROM ledgers WHERE node = ? AND ledger = ?", [node, ledger]
    ).fetchone()
    return Progress(*row) if row else Progress()


def keep_progress(db: Database, node: str, ledger: str, held: Progress, *, at: datetime) -> None:
    """Write how far a ledger is held."""
    db.execute(
        "INSERT INTO ledgers (node, ledger, stored_seq, lost, first_seen) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (node, ledger) DO UPDATE SET stored_seq = excluded.stored_seq, lost = excluded.lost",
        [node, ledger, held.stored, held.lost, to_text(at)],
    )


def present(db: Database, node: str, ledger: str, *, above: int) -> set[int]:
    """The numbers above `above` that are kept, beyond a gap."""
    rows = db.execute(
        "SELECT seq FROM entries WHERE node = ? AND ledger = ? AND seq > ?", [node, ledger, above]
    )
    return {row[0] for row in rows}


def keep_entries(
    db: Database, node: str, ledger: str, entries: Iterable[LedgerEntry], *, received_at: datetime
) -> None:
    """Write entries; one that is kept already stays as it is."""
    received = to_text(received_at)
    db.conn.executemany(
        "INSERT OR IGNORE INTO entries (node, ledger, seq, at, clock_state, clock_bound_ms, boot, kind, body,"
        " received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                node,
                ledger,
                entry.seq,
                to_text(entry.at),
                entry.clock.state.value,
                entry.clock.bound_ms,
                entry.boot,
                entry.kind,
                json.dumps(entry.body),
                received,
            )
            for entry in entries
        ],
    )


def read_entries(db: Database, node: str, ledger: str, *, first: int, last: int) -> list[Line]:
    """The entries of `[first, last]`, in order."""
    rows = db.execute(
        "SELECT seq, kind, body, at, clock_state FROM entries"
        " WHERE node = ? AND ledger = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        [node, ledger, first, last],
    )
    return [Line(seq, kind, json.loads(body), from_text(at), clock) for seq, kind, body, at, clock in rows]


def newest(
    db: Database, node: str, *, limit: int, before: tuple[str, int] | None = None, kind: str | None = None
) -> list[Row]:
    """A node's newest entries; `before` is the (ledger, seq) to go on from.

    A ledger that was rebuilt comes before the one it replaced.
    """
    found: list[Row] = []
    for ledger, below in _ledgers(db, node, before):
        rows = db.query(
            "SELECT * FROM entries WHERE node = ? AND ledger = ? AND seq < ? AND kind = coalesce(?, kind)"
            " ORDER BY seq DESC LIMIT ?",
            [node, ledger, below, kind, limit - len(found)],
        )
        found += map(_row, rows)
        if len(found) == limit:
            break
    return found


def _ledgers(db: Database, node: str, before: tuple[str, int] | None) -> list[tuple[str, int]]:
    """The node's ledgers, newest first, from that of `before` on, each with the number to stay below."""
    names = [
        name
        for (name,) in db.execute(
            "SELECT ledger FROM ledgers WHERE node = ? ORDER BY first_seen DESC, ledger", [node]
        )
    ]
    if before is not None:
        names = names[names.index(before[0]) :] if before[0] in names else []
    return [(name, before[1] if before and name == before[0] else _BEYOND) for name in names]


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        ledger=row["ledger"],
        seq=row["seq"],
        at=from_text(row["at"]),
        clock_state=row["clock_state"],
        clock_bound_ms=row["clock_bound_ms"],
        boot=row["boot"],
        kind=row["kind"],
        body=json.loads(row["body"]),
        received_at=from_text(row["received_at"]),
    )
