"""SQL of emergencies and the nodes at which each runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from edge.wire.emergency import Emergency
from hub.programme.programme import LONGEST
from hub.programme.terms import Clip
from hub.store.database import from_text, to_text

__all__ = [
    "KeptEmergency",
    "add",
    "add_nodes",
    "cancel",
    "emergency",
    "newest",
    "nodes_of",
    "running",
    "running_at",
    "standby",
    "standby_bulletins",
    "stop",
]

_MOST_STANDING_BY = 30

_STANDS_BY = (
    "SELECT id FROM bulletins WHERE priority = 'emergency' AND state = 'approved'"
    f" ORDER BY approved_at DESC, id LIMIT {_MOST_STANDING_BY}"
)
_RUNS = "e.ended_at IS NULL AND e.until > ?"


@dataclass(frozen=True, kw_only=True)
class KeptEmergency:
    """An emergency as it was begun; `audiences` are those of its order. `ended_how` is `cancelled` or
    `stopped` where it did not run to its end, `ended_seq` the number of the order that did so."""

    content: Emergency
    bulletin: str
    audiences: tuple[str, ...]
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_how: str | None = None
    ended_seq: int | None = None

    @property
    def id(self) -> str:
        return self.content.id

    def is_running(self, now: datetime) -> bool:
        """Whether nodes still sound it, or may begin to."""
        return self.ended_at is None and now < self.content.until


def add(db: Database, new: KeptEmergency, nodes: Iterable[str]) -> None:
    """Write an emergency and where it runs."""
    content = new.content
    db.execute(
        "INSERT INTO emergencies (id, seq, bulletin, content, audiences, until) VALUES (?, ?, ?, ?, ?, ?)",
        [
            content.id,
            content.seq,
            new.bulletin,
            content.model_dump_json(),
            json.dumps(new.audiences),
            to_text(content.until),
        ],
    )
    add_nodes(db, content.id, nodes)


def add_nodes(db: Database, id_: str, nodes: Iterable[str]) -> None:
    """It runs at these nodes too."""
    db.conn.executemany(
        "INSERT INTO emergency_nodes (emergency, node) VALUES (?, ?)", [(id_, node) for node in nodes]
    )


def cancel(db: Database, id_: str, *, seq: int, at: datetime, by: str) -> None:
    """It is over everywhere."""
    _end(db, id_, seq=seq, at=at, by=by, how="cancelled")


def stop(db: Database, nodes: Iterable[str], *, seq: int, at: datetime, by: str) -> None:
    """What runs at `nodes` is over there, and altogether where it runs nowhere else."""
    db.execute(
        "UPDATE emergency_nodes SET stopped_seq = ? WHERE stopped_seq IS NULL"
        " AND node IN (SELECT value FROM json_each(?))"
        f" AND emergency IN (SELECT e.id FROM emergencies e WHERE {_RUNS})",
        [seq, json.dumps(list(nodes)), to_text(at)],
    )
    over = db.execute(
        f"SELECT e.id FROM emergencies e WHERE {_RUNS} AND NOT EXISTS"
        " (SELECT 1 FROM emergency_nodes n WHERE n.emergency = e.id AND n.stopped_seq IS NULL)",
        [to_text(at)],
    ).fetchall()
    for (id_,) in over:
        _end(db, id_, seq=seq, at=at, by=by, how="stopped")


def emergency(db: Database, id_: str) -> KeptEmergency | None:
    """One emergency."""
    return next((_kept(row) for row in db.query("SELECT * FROM emergencies WHERE id = ?", [id_])), None)


def running(db: Database, *, now: datetime) -> list[KeptEmergency]:
    """Those that run, the newest first."""
    rows = db.query(f"SELECT * FROM emergencies e WHERE {_RUNS} ORDER BY seq DESC", [to_text(now)])
    return [_kept(row) for row in rows]


def newest(db: Database, *, limit: int) -> list[KeptEmergency]:
    """The newest, running or over."""
    return [_kept(row) for row in db.query("SELECT * FROM emergencies ORDER BY seq DESC LIMIT ?", [limit])]


def nodes_of(db: Database, id_: str) -> dict[str, bool]:
    """The nodes of an emergency, and whether a stop has ended it there."""
    rows = db.execute("SELECT node, stopped_seq IS NOT NULL FROM emergency_nodes WHERE emergency = ?", [id_])
    return {node: bool(stopped) for node, stopped in rows}


def running_at(db: Database, *, now: datetime) -> dict[str, tuple[Emergency, ...]]:
    """The emergencies that each node's standing state names: until the last repetition has sounded."""
    near = (kept.content for kept in running(db, now=now - LONGEST))
    contents = {each.id: each for each in near if now < each.until + timedelta(milliseconds=each.duration_ms)}
    if not contents:
        return {}
    rows = db.execute(
        "SELECT node, emergency FROM emergency_nodes WHERE stopped_seq IS NULL"
        " AND emergency IN (SELECT value FROM json_each(?)) ORDER BY emergency",
        [json.dumps(list(contents))],
    )
    found: dict[str, tuple[Emergency, ...]] = {}
    for node, id_ in rows:
        found[node] = (*found.get(node, ()), contents[id_])
    return found


def standby(db: Database, *, now: datetime) -> tuple[Clip, ...]:
    """What every loudspeaker holds ready: the recordings of the newest approved emergency bulletins, and of
    the emergencies that run."""
    rows = db.execute(
        "SELECT DISTINCT r.sha256, r.bytes, r.duration_ms FROM bulletin_recordings br"
        f" JOIN recordings r ON r.id = br.recording AND r.state = 'ready' WHERE br.bulletin IN ({_STANDS_BY})"
        f" OR br.bulletin IN (SELECT e.bulletin FROM emergencies e WHERE {_RUNS}) ORDER BY r.sha256",
        [to_text(now)],
    )
    return tuple(Clip(*row) for row in rows)


def standby_bulletins(db: Database) -> list[str]:
    """The newest approved emergency bulletins, whose recordings every loudspeaker holds ready."""
    return [id_ for (id_,) in db.execute(_STANDS_BY)]


def _end(db: Database, id_: str, *, seq: int, at: datetime, by: str, how: str) -> None:
    db.execute(
        "UPDATE emergencies SET ended_at = ?, ended_by = ?, ended_how = ?, ended_seq = ?"
        " WHERE id = ? AND ended_at IS NULL",
        [to_text(at), by, how, seq, id_],
    )


def _kept(row: Mapping[str, Any]) -> KeptEmergency:
    return KeptEmergency(
        content=Emergency.model_validate_json(row["content"]),
        bulletin=row["bulletin"],
        audiences=tuple(json.loads(row["audiences"])),
        ended_at=from_text(row["ended_at"]) if row["ended_at"] else None,
        ended_by=row["ended_by"],
        ended_how=row["ended_how"],
        ended_seq=row["ended_seq"],
    )
