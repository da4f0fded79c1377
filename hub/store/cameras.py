"""SQL of cameras: the last verdict of each, and when it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = ["CameraState", "Change", "changes", "keep", "states", "unwatched_before"]


@dataclass(frozen=True, kw_only=True)
class CameraState:
    """What a counter said last of one camera; `since` is when its verdict began."""

    node: str
    camera: str
    verdict: str
    since: datetime
    at: datetime
    frames: int
    brightness: float | None = None
    change: float | None = None
    offset_s: float | None = None
    detail: str = ""


@dataclass(frozen=True)
class Change:
    """From `at` on, the verdict was this."""

    at: datetime
    verdict: str


def states(db: Database) -> list[CameraState]:
    """Every camera that was ever reported by a counter in service, by counter and name."""
    rows = db.query(
        "SELECT c.* FROM camera_states c JOIN nodes n ON n.id = c.node WHERE n.removed_at IS NULL"
        " ORDER BY n.name, n.id, c.camera"
    )
    return [_state(row) for row in rows]


def keep(db: Database, seen: CameraState) -> None:
    """Write what a counter saw; a verdict that is new is also a change. `seen.since` is not read."""
    before = _verdict(db, seen.node, seen.camera)
    if before is None or before[0] != seen.verdict:
        _change(db, seen.node, seen.camera, seen.at, seen.verdict)
        since = to_text(seen.at)
    else:
        since = before[1]
    db.execute(
        "INSERT INTO camera_states (node, camera, verdict, since, at, frames, brightness, change, offset_s,"
        " detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, camera) DO UPDATE SET"
        " verdict = excluded.verdict, since = excluded.since, at = excluded.at, frames = excluded.frames,"
        " brightness = excluded.brightness, change = excluded.change, offset_s = excluded.offset_s,"
        " detail = excluded.detail",
        [
            seen.node,
            seen.camera,
            seen.verdict,
            since,
            to_text(seen.at),
            seen.frames,
            seen.brightness,
            seen.change,
            seen.offset_s,
            seen.detail,
        ],
    )


def unwatched_before(db: Database, node: str, *, ledger: str, seq: int, at: datetime) -> None:
    """The node's program began with entry `seq`: from the entry before it on, nobody watched its cameras.

    They are unknown from then, at the latest from `at`, until the node speaks of them again.
    """
    watched = db.execute(
        "SELECT camera, since FROM camera_states WHERE node = ? AND verdict != 'unknown'", [node]
    ).fetchall()
    if not watched:
        return
    sign = db.execute(
        "SELECT at FROM entries WHERE node = ? AND ledger = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
        [node, ledger, seq],
    ).fetchone()
    for camera, since in watched:
        ended = max(since, min(sign[0] if sign else to_text(at), to_text(at)))
        _change(db, node, camera, from_text(ended), "unknown")
        db.execute(
            "UPDATE camera_states SET verdict = 'unknown', since = ? WHERE node = ? AND camera = ?",
            [ended, node, camera],
        )


def changes(db: Database, node: str, camera: str, *, start: datetime, end: datetime) -> list[Change]:
    """The changes of `[start, end)`, before them the one that was in force at `start`, in order."""
    rows = db.execute(
        "SELECT at, verdict FROM (SELECT at, verdict, id FROM camera_changes"
        " WHERE node = :node AND camera = :camera AND at < :start ORDER BY at DESC, id DESC LIMIT 1)"
        " UNION ALL SELECT at, verdict FROM (SELECT at, verdict, id FROM camera_changes"
        " WHERE node = :node AND camera = :camera AND at >= :start AND at < :end ORDER BY at, id)",
        {"node": node, "camera": camera, "start": to_text(start), "end": to_text(end)},
    )
    return [Change(from_text(at), verdict) for at, verdict in rows]


def _verdict(db: Database, node: str, camera: str) -> tuple[str, str] | None:
    row: tuple[str, str] | None = db.execute(
        "SELECT verdict, since FROM camera_states WHERE node = ? AND camera = ?", [node, camera]
    ).fetchone()
    return row


def _change(db: Database, node: str, camera: str, at: datetime, verdict: str) -> None:
    db.execute(
        "INSERT INTO camera_changes (node, camera, at, verdict) VALUES (?, ?, ?, ?)",
        [node, camera, to_text(at), verdict],
    )


def _state(row: Mapping[str, Any]) -> CameraState:
    return CameraState(**{**row, "since": from_text(row["since"]), "at": from_text(row["at"])})
