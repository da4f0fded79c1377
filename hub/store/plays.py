"""SQL of plays: what ledgers say of occurrences at nodes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = [
    "Play",
    "Tally",
    "keep",
    "latest",
    "of_occurrences",
    "play_id",
    "progress",
    "tally",
    "told",
    "told_of",
]

_RANK = "CASE {} WHEN 'armed' THEN 1 WHEN 'playing' THEN 2 ELSE 3 END"


@dataclass(frozen=True, kw_only=True)
class Play:
    """One occurrence at one node.

    `state`: planned (not all recordings there yet) or cached (plan and recordings are there) before its node
    told of it; then armed, playing, finished. `outcome` and `reason` are those of `edge.wire.entries`, None
    until finished. Times are UTC.
    """

    node: str
    occurrence: str
    schedule: str
    due_at: datetime
    state: str
    started_at: datetime | None = None
    start_error_ms: float | None = None
    clock_bound_ms: float | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    played_ms: int | None = None

    @property
    def id(self) -> str:
        """Its name, see `play_id`."""
        return play_id(self.occurrence, self.node)


@dataclass(frozen=True)
class Tally:
    """How many plays of a node came so far, for that reason: `reached` is their outcome, or before one their
    state.
    """

    node: str
    reached: str
    reason: str | None
    times: int


def play_id(occurrence: str, node: str) -> str:
    """The name of an occurrence's play at a node."""
    return f"{occurrence}@{node}"


def keep(db: Database, new: Iterable[Play]) -> None:
    """Write what was told. A state never goes back, and the first outcome stays."""
    db.conn.executemany(
        "INSERT INTO plays (id, node, occurrence, schedule, due_at, state, started_at, start_error_ms,"
        " clock_bound_ms, finished_at, outcome, reason, played_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
        " started_at = coalesce(excluded.started_at, plays.started_at),"
        " start_error_ms = coalesce(excluded.start_error_ms, plays.start_error_ms),"
        " clock_bound_ms = coalesce(excluded.clock_bound_ms, plays.clock_bound_ms),"
        " finished_at = excluded.finished_at, outcome = excluded.outcome, reason = excluded.reason,"
        " played_ms = excluded.played_ms"
        f" WHERE plays.outcome IS NULL AND {_RANK.format('excluded.state')} >= {_RANK.format('plays.state')}",
        [_row(told) for told in new],
    )


def told(
    db: Database,
    *,
    start: datetime,
    end: datetime,
    schedule: str | None = None,
    occurrence: str | None = None,
    node: str | None = None,
    limit: int,
) -> list[Play]:
    """The first of what was told of occurrences due in `[start, end)`, by time, occurrence and node."""
    only = {"schedule": schedule, "occurrence": occurrence, "node": node}
    # The plus keeps SQLite to the index by time: a daily schedule has a row for every node and day of years.
    clauses = "".join(f" AND +{name} = :{name}" for name, value in only.items() if value is not None)
    rows = db.query(
        f"SELECT * FROM plays WHERE due_at >= :start AND due_at < :end{clauses}"
        " ORDER BY due_at, occurrence, node LIMIT :limit",
        {"start": to_text(start), "end": to_text(end), "limit": limit, **only},
    )
    return [_told(row) for row in rows]


def progress(db: Database, occurrences: Iterable[str]) -> dict[str, dict[str, str]]:
    """Of each of `occurrences`, the nodes that told of it: each one's outcome, or its state before that."""
    rows = db.execute(
        "SELECT p.occurrence, p.node, coalesce(p.outcome, p.state) FROM json_each(?) wanted"
        " JOIN plays p ON p.occurrence = wanted.value",
        [json.dumps(list(occurrences))],
    )
    found: dict[str, dict[str, str]] = {}
    for occurrence, node, reached in rows:
        found.setdefault(occurrence, {})[node] = reached
    return found


def of_occurrences(db: Database, occurrences: Iterable[str]) -> list[Play]:
    """What was told of these, at every node."""
    rows = db.query(
        "SELECT p.* FROM json_each(?) wanted JOIN plays p ON p.occurrence = wanted.value",
        [json.dumps(list(occurrences))],
    )
    return [_told(row) for row in rows]


def tally(db: Database, schedule: str, *, until: datetime) -> list[Tally]:
    """What was told of the occurrences of a schedule or emergency that were due until then, counted."""
    # A range of names that begin with it and a dot, which the index of occurrences knows.
    rows = db.execute(
        "SELECT node, coalesce(outcome, state), reason, count(*) FROM plays"
        " WHERE occurrence >= ? AND occurrence < ? AND due_at <= ? GROUP BY 1, 2, 3",
        [f"{schedule}.", f"{schedule}/", to_text(until)],
    )
    return [Tally(*row) for row in rows]


def latest(db: Database, schedule: str, *, since: datetime) -> dict[str, Play]:
    """The last thing that each node told of what is due since then and has begun, or never will."""
    # With max(), SQLite gives the other columns of that row; the plus keeps it to the index by time.
    rows = db.query(
        "SELECT *, max(due_at) FROM plays WHERE due_at >= ? AND +schedule = ? AND state <> 'armed'"
        " GROUP BY node",
        [to_text(since), schedule],
    )
    return {row["node"]: _told(row) for row in rows}


def told_of(db: Database, play: str) -> Play | None:
    """What was told of one play, by its id."""
    return next((_told(row) for row in db.query("SELECT * FROM plays WHERE id = ?", [play])), None)


def _row(told: Play) -> tuple[object, ...]:
    return (
        told.id,
        told.node,
        told.occurrence,
        told.schedule,
        to_text(told.due_at),
        told.state,
        to_text(told.started_at) if told.started_at else None,
        told.start_error_ms,
        told.clock_bound_ms,
        to_text(told.finished_at) if told.finished_at else None,
        told.outcome,
        told.reason,
        told.played_ms,
    )


def _told(row: Mapping[str, Any]) -> Play:
    return Play(
        node=row["node"],
        occurrence=row["occurrence"],
        schedule=row["schedule"],
        due_at=from_text(row["due_at"]),
        state=row["state"],
        started_at=_instant(row["started_at"]),
        start_error_ms=row["start_error_ms"],
        clock_bound_ms=row["clock_bound_ms"],
        finished_at=_instant(row["finished_at"]),
        outcome=row["outcome"],
        reason=row["reason"],
        played_ms=row["played_ms"],
    )


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None
