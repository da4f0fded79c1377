"""SQL of recordings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.store.database import from_text, to_text
from hub.store.newest import newest

__all__ = [
    "Recording",
    "Result",
    "Said",
    "add",
    "delete",
    "finish",
    "has_sha256",
    "page",
    "recording",
    "recordings_of",
    "refuse",
    "restart",
    "set_progress",
    "unfinished",
]


@dataclass(frozen=True)
class Said:
    """A reason or warning: a code and the facts that fill its sentence."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What preparing made. Loudness in LUFS, true peak in dBTP; `peaks` are (lowest, highest) of ±127."""

    sha256: str
    bytes: int
    duration_ms: int
    before_lufs: float | None
    before_dbtp: float | None
    integrated_lufs: float
    true_peak_dbtp: float
    peaks: Sequence[tuple[int, int]] = ()
    warnings: Sequence[Said] = ()


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An upload and what became of it.

    `state` is `preparing` (with `progress` 0-1), `ready` (with `result`) or `refused` (with `reason`).
    `created_by` is a user's id, `maker` their name.
    """

    id: str
    title: str
    language: str
    state: str
    progress: float
    reason: Said | None
    result: Result | None
    file_name: str
    original: str
    created_at: datetime
    created_by: str
    maker: str

    @property
    def shape(self) -> tuple[float, ...]:
        """The waveform for a page: heights of 0-1, evenly spread over the recording."""
        peaks = self.result.peaks if self.result else ()
        return tuple(max(abs(low), abs(high)) / 127 for low, high in peaks)


_SELECT = (
    "SELECT recordings.*, coalesce(users.name, recordings.created_by) AS maker"
    " FROM recordings LEFT JOIN users ON users.id = recordings.created_by"
)


def add(
    db: Database,
    *,
    recording: str,
    title: str,
    language: str,
    file_name: str,
    original: str,
    at: datetime,
    by: str,
) -> None:
    """Store a new recording, to be prepared."""
    db.execute(
        "INSERT INTO recordings (id, title, language, state, file_name, original, created_at, created_by)"
        " VALUES (?, ?, ?, 'preparing', ?, ?, ?, ?)",
        [recording, title, language, file_name, original, to_text(at), by],
    )


def recording(db: Database, recording: str) -> Recording | None:
    """The recording with this id."""
    return next(map(_recording, db.query(f"{_SELECT} WHERE recordings.id = ?", [recording])), None)


def recordings_of(db: Database, ids: Sequence[str]) -> dict[str, Recording]:
    """Those of `ids` that exist, by id."""
    marks = ",".join("?" * len(set(ids)))
    rows = db.query(f"{_SELECT} WHERE recordings.id IN ({marks})", sorted(set(ids)))
    return {each.id: each for each in map(_recording, rows)}


def page(db: Database, *, limit: int, before: str | None = None, state: str = "") -> list[Recording]:
    """The newest `limit` recordings, of a `state`, older than the recording `before`."""
    rows = newest(db, _SELECT, of="recordings", limit=limit, before=before, state=state)
    return [_recording(row) for row in rows]


def unfinished(db: Database) -> list[str]:
    """Recordings still to be prepared, oldest first."""
    rows = db.query("SELECT id FROM recordings WHERE state = 'preparing' ORDER BY created_at, id")
    return [row["id"] for row in rows]


def set_progress(db: Database, recording: str, progress: float) -> None:
    """How far preparing has come, 0-1."""
    db.execute(
        "UPDATE recordings SET progress = ? WHERE id = ? AND state = 'preparing'", [progress, recording]
    )


def finish(db: Database, recording: str, result: Result) -> None:
    """Preparing is done."""
    db.execute(
        "UPDATE recordings SET state = 'ready', progress = 1, reason = NULL, reason_facts = '{}', sha256 = ?,"
        " bytes = ?, duration_ms = ?, before_lufs = ?, before_dbtp = ?, integrated_lufs = ?,"
        " true_peak_dbtp = ?, peaks = ?, warnings = ? WHERE id = ?",
        [
            result.sha256,
            result.bytes,
            result.duration_ms,
            result.before_lufs,
            result.before_dbtp,
            result.integrated_lufs,
            result.true_peak_dbtp,
            json.dumps(result.peaks),
            json.dumps([[each.code, dict(each.facts)] for each in result.warnings]),
            recording,
        ],
    )


def refuse(db: Database, recording: str, reason: Said, *, keeps_original: bool) -> None:
    """It cannot be broadcast, or could not be prepared."""
    db.execute(
        "UPDATE recordings SET state = 'refused', reason = ?, reason_facts = ?,"
        " original = CASE WHEN ? THEN original ELSE '' END WHERE id = ?",
        [reason.code, json.dumps(dict(reason.facts)), int(keeps_original), recording],
    )


def restart(db: Database, recording: str) -> None:
    """Prepare it once more."""
    db.execute(
        "UPDATE recordings SET state = 'preparing', progress = 0, reason = NULL, reason_facts = '{}'"
        " WHERE id = ?",
        [recording],
    )


def delete(db: Database, recording: str) -> None:
    """It is gone; no bulletin may name it."""
    db.execute("DELETE FROM recordings WHERE id = ?", [recording])


def has_sha256(db: Database, sha256: str) -> bool:
    """Whether a recording was prepared to this content."""
    return db.execute("SELECT 1 FROM recordings WHERE sha256 = ?", [sha256]).fetchone() is not None


def _recording(row: Mapping[str, Any]) -> Recording:
    return Recording(
        id=row["id"],
        title=row["title"],
        language=row["language"],
        state=row["state"],
        progress=row["progress"],
        reason=Said(row["reason"], json.loads(row["reason_facts"])) if row["reason"] else None,
        result=_result(row) if row["state"] == "ready" else None,
        file_name=row["file_name"],
        original=row["original"],
        created_at=from_text(row["created_at"]),
        created_by=row["created_by"],
        maker=row["maker"],
    )


def _result(row: Mapping[str, Any]) -> Result:
    return Result(
        sha256=row["sha256"],
        bytes=row["bytes"],
        duration_ms=row["duration_ms"],
        before_lufs=row["before_lufs"],
        before_dbtp=row["before_dbtp"],
        integrated_lufs=row["integrated_lufs"],
        true_peak_dbtp=row["true_peak_dbtp"],
        peaks=[(low, high) for low, high in json.loads(row["peaks"])],
        warnings=[Said(code, facts) for code, facts in json.loads(row["warnings"])],
    )
