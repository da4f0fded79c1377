"""SQL of presses: each as the counter wrote it, their sums, and what comparing sums with counters found.

`at` is when a press is counted: the counter's time where its clock was trusted, and never after the hub had
the press; `written_at` is the counter's own word.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.ratings.sums import Group
from hub.store.database import from_text, to_text

__all__ = ["Check", "Press", "checks", "compare", "counters", "groups", "keep", "newest", "sums"]

_HOUR = "substr(at, 1, 13) || ':00'"
_QUARTER = "substr(at, 1, 14) || printf('%02d', substr(at, 15, 2) / 15 * 15)"


@dataclass(frozen=True, kw_only=True)
class Press:
    """One press. `reason` says why it was not counted."""

    node: str
    ledger: str
    seq: int
    at: datetime
    written_at: datetime
    clock_state: str
    level: int
    levels: int
    source: str
    counted: bool
    reason: str | None
    held_ms: int | None
    dossier: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the last comparison of a counter's sums with the hub's found; `difference` is empty for none."""

    node: str
    ledger: str
    seq: int
    at: datetime
    difference: str


def keep(db: Database, new: Iterable[Press]) -> None:
    """Write presses; one that is kept already stays as it is."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO presses (node, ledger, seq, at, written_at, clock_state, level, levels,"
        " source, counted, reason, held_ms, dossier, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                press.node,
                press.ledger,
                press.seq,
                to_text(press.at),
                to_text(press.written_at),
                press.clock_state,
                press.level,
                press.levels,
                press.source,
                int(press.counted),
                press.reason,
                press.held_ms,
                press.dossier,
                to_text(press.received_at),
            )
            for press in new
        ],
    )


def groups(
    db: Database, *, start: datetime, end: datetime, node: str | None = None, quarters: bool = False
) -> list[Group]:
    """How often each level was pressed in `[start, end)` at `node`, or at all counters together (then told
    as of none), by hour or quarter of an hour.
    """
    rows = db.execute(
        f"SELECT {_QUARTER if quarters else _HOUR} AS slot, level, levels, count(*), sum(counted)"
        " FROM presses WHERE at >= :start AND at < :end AND (:node IS NULL OR node = :node)"
        " GROUP BY slot, level, levels",
        {"start": to_text(start), "end": to_text(end), "node": node},
    ).fetchall()
    begun = {slot: from_text(f"{slot}:00Z") for slot in {row[0] for row in rows}}
    return [Group(begun[slot], node or "", *rest) for slot, *rest in rows]


def sums(db: Database, *, start: datetime, end: datetime, node: str | None = None) -> list[Group]:
    """How often each level was pressed in `[start, end)` by counter, all of it told as of `start`."""
    rows = db.execute(
        "SELECT node, level, levels, count(*), sum(counted) FROM presses"
        " WHERE at >= :start AND at < :end AND (:node IS NULL OR node = :node) GROUP BY node, level, levels",
        {"start": to_text(start), "end": to_text(end), "node": node},
    )
    return [Group(start, *row) for row in rows]


def newest(
    db: Database,
    *,
    start: datetime,
    end: datetime,
    node: str | None,
    counted: bool | None,
    limit: int,
    before: tuple[datetime, str, str, int] | None = None,
) -> list[Press]:
    """Presses of `[start, end)`, newest first; `before` is the (at, node, ledger, seq) to go on from."""
    at, after_node, ledger, seq = (to_text(before[0]), *before[1:]) if before else ("", "", "", 0)
    rows = db.query(
        "SELECT * FROM presses WHERE at >= :start AND at < :end AND (:node IS NULL OR node = :node)"
        " AND (:counted IS NULL OR counted = :counted)"
        " AND (:before = '' OR (at, node, ledger, seq) < (:before, :after_node, :ledger, :seq))"
        " ORDER BY at DESC, node DESC, ledger DESC, seq DESC LIMIT :limit",
        {
            "start": to_text(start),
            "end": to_text(end),
            "node": node,
            "counted": None if counted is None else int(counted),
            "before": at,
            "after_node": after_node,
            "ledger": ledger,
            "seq": seq,
            "limit": limit,
        },
    )
    return [_press(row) for row in rows]


def counters(db: Database) -> dict[str, str]:
    """The names of all counters, in service or not, by id."""
    return dict(db.execute("SELECT id, name FROM nodes WHERE kind = 'counter' ORDER BY name, id").fetchall())


def compare(
    db: Database,
    *,
    node: str,
    ledger: str,
    seq: int,
    at: datetime,
    raw: Mapping[int, int],
    counted: Mapping[int, int],
) -> str | None:
    """Hold a counter's sums up to `seq` against what is stored. The difference in short, empty for none;
    None where the same was found before, so that a difference someone has settled stays settled.
    """
    rows = db.execute(
        "SELECT level, count(*), sum(counted) FROM presses WHERE node = ? AND ledger = ? AND seq <= ?"
        " GROUP BY level",
        [node, ledger, seq],
    ).fetchall()
    difference = ", ".join(
        [
            *_differences("", raw, {level: pressed for level, pressed, _ in rows}),
            *_differences(" ✓", counted, {level: number for level, _, number in rows}),
        ]
    )
    before = db.execute(
        "SELECT difference FROM press_checks WHERE node = ? AND ledger = ?", [node, ledger]
    ).fetchone()
    db.execute(
        "INSERT INTO press_checks (node, ledger, seq, at, difference) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (node, ledger) DO UPDATE SET seq = excluded.seq, at = excluded.at,"
        " difference = excluded.difference",
        [node, ledger, seq, to_text(at), difference],
    )
    return None if before and before[0] == difference else difference


def checks(db: Database) -> dict[str, Check]:
    """The last comparison of each counter."""
    rows = db.query("SELECT * FROM press_checks ORDER BY at")
    return {row["node"]: Check(**{**row, "at": from_text(row["at"])}) for row in rows}


def _differences(mark: str, theirs: Mapping[int, int], ours: Mapping[int, int]) -> list[str]:
    """`4 ✓: 12 ≠ 11`: level 4 was counted twelve times at the counter, eleven times here."""
    mine, yours = Counter(ours), Counter(theirs)
    return [
        f"{level}{mark}: {yours[level]} ≠ {mine[level]}"
        for level in sorted({*mine, *yours})
        if mine[level] != yours[level]
    ]


def _press(row: Mapping[str, Any]) -> Press:
    times = {name: from_text(row[name]) for name in ("at", "written_at", "received_at")}
    return Press(**{**row, **times, "counted": bool(row["counted"])})
