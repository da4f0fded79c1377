"""SQL of schedules with the bulletins they play, their targets, and the exceptions made for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from edge.wire.base import Priority
from edge.wire.house_rules import QuietException
from edge.wire.plan import Misfire, MisfireRule
from hub.programme.terms import Clip, Rule, Scheduled
from hub.store.database import from_text, to_text

__all__ = [
    "BulletinToPlay",
    "Kept",
    "add",
    "add_exception",
    "bulletin",
    "cancel",
    "exception_of",
    "exceptions",
    "kept",
    "scheduled",
]

_COLUMNS = (
    "s.id, s.bulletin, b.title, b.priority, s.starts_at, s.rule, s.until, s.misfire_rule, s.late_s, s.volume,"
    " s.created_at, s.created_by, s.cancelled_at, s.cancelled_by,"
    " coalesce((SELECT name FROM users WHERE login = s.created_by), s.created_by) AS maker"
)


@dataclass(frozen=True)
class BulletinToPlay:
    """A bulletin as far as a schedule cares; `ready` when each of its recordings is prepared."""

    id: str
    title: str
    priority: Priority
    approved: bool
    ready: bool
    clips: tuple[Clip, ...]


@dataclass(frozen=True)
class Kept:
    """A schedule and who made and cancelled it, by log-in name; `maker` is the name of who made it."""

    scheduled: Scheduled
    created_at: datetime
    created_by: str
    cancelled_by: str | None
    maker: str


def bulletin(db: Database, id_: str) -> BulletinToPlay | None:
    """The bulletin to play, or None."""
    head = next(db.query("SELECT id, title, priority, state FROM bulletins WHERE id = ?", [id_]), None)
    if head is None:
        return None
    states = [
        row["state"]
        for row in db.query(
            "SELECT r.state FROM bulletin_recordings br JOIN recordings r ON r.id = br.recording"
            " WHERE br.bulletin = ?",
            [id_],
        )
    ]
    return BulletinToPlay(
        id=id_,
        title=head["title"],
        priority=Priority(head["priority"]),
        approved=head["state"] == "approved",
        ready=bool(states) and set(states) == {"ready"},
        clips=_clips(db, [id_]).get(id_, ()),
    )


def add(db: Database, new: Scheduled, *, created_at: datetime, created_by: str) -> None:
    """Write a schedule and its targets."""
    db.execute(
        "INSERT INTO schedules (id, bulletin, starts_at, rule, until, misfire_rule, late_s, volume,"
        " created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            new.id,
            new.bulletin,
            to_text(new.starts_at),
            new.rule.value,
            _until_text(new.until),
            new.misfire.rule.value,
            new.misfire.late_s,
            new.volume,
            to_text(created_at),
            created_by,
        ],
    )
    targets = [(new.id, "area", area) for area in new.areas] + [(new.id, "node", node) for node in new.nodes]
    db.conn.executemany("INSERT INTO schedule_targets (schedule, kind, target) VALUES (?, ?, ?)", targets)


def cancel(db: Database, id_: str, *, at: datetime, by: str) -> None:
    """End a schedule: what has not begun by `at` does not sound."""
    db.execute(
        "UPDATE schedules SET cancelled_at = ?, cancelled_by = ? WHERE id = ? AND cancelled_at IS NULL",
        [to_text(at), by, id_],
    )


def kept(db: Database, ids: Iterable[str] | None = None, *, limit: int = 10_000) -> list[Kept]:
    """The schedules of those ids (or all, newest first), cancelled ones too."""
    wanted = None if ids is None else list(ids)
    clause = "" if wanted is None else f"WHERE s.id IN ({', '.join('?' * len(wanted))})"
    rows = list(
        db.query(
            f"SELECT {_COLUMNS} FROM schedules s JOIN bulletins b ON b.id = s.bulletin {clause}"
            " ORDER BY s.created_at DESC, s.id LIMIT ?",
            [*(wanted or ()), limit],
        )
    )
    return _kept(db, rows)


def scheduled(db: Database, *, start: datetime, end: datetime, cancelled: bool = False) -> list[Scheduled]:
    """Every schedule that may sound in `[start, end)`; with `cancelled`, also those that no longer do."""
    rows = list(
        db.query(
            f"SELECT {_COLUMNS} FROM schedules s JOIN bulletins b ON b.id = s.bulletin"
            " WHERE s.starts_at < :end AND (s.rule <> 'once' OR s.starts_at >= :start)"
            " AND (:cancelled OR s.cancelled_at IS NULL OR s.cancelled_at > :start)"
            " AND (s.until IS NULL OR substr(s.until, 1, 10) >= date(substr(:start, 1, 10), '-1 day'))"
            " ORDER BY s.starts_at, s.id",
            {"start": to_text(start), "end": to_text(end), "cancelled": int(cancelled)},
        )
    )
    return [kept.scheduled for kept in _kept(db, rows)]


def add_exception(db: Database, exception: QuietException, *, id_: str, at: datetime) -> None:
    """Write who allowed a schedule to sound in quiet hours."""
    db.execute(
        'INSERT INTO quiet_exceptions (id, schedule, start, "end", allowed_by, reason, created_at)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            id_,
            exception.schedule,
            to_text(exception.start),
            to_text(exception.end),
            exception.allowed_by,
            exception.reason,
            to_text(at),
        ],
    )


def exceptions(db: Database, *, after: datetime) -> list[QuietException]:
    """The exceptions, of schedules that stand, that are not over at `after`."""
    rows = db.query(
        'SELECT e.schedule, e.start, e."end", e.allowed_by, e.reason FROM quiet_exceptions e'
        " JOIN schedules s ON s.id = e.schedule"
        ' WHERE e."end" > :after AND (s.cancelled_at IS NULL OR s.cancelled_at > :after)'
        " ORDER BY e.start, e.schedule",
        {"after": to_text(after)},
    )
    return list(map(_exception, rows))


def exception_of(db: Database, schedule: str) -> QuietException | None:
    """The exception made for a schedule, over or not."""
    rows = db.query(
        'SELECT schedule, start, "end", allowed_by, reason FROM quiet_exceptions WHERE schedule = ?',
        [schedule],
    )
    return next(map(_exception, rows), None)


def _exception(row: Mapping[str, Any]) -> QuietException:
    return QuietException(**{**row, "start": from_text(row["start"]), "end": from_text(row["end"])})


def _kept(db: Database, rows: list[dict[str, Any]]) -> list[Kept]:
    clips = _clips(db, {row["bulletin"] for row in rows})
    targets = _targets(db, [row["id"] for row in rows])
    return [_one(row, clips.get(row["bulletin"], ()), targets.get(row["id"], ())) for row in rows]


def _one(row: Mapping[str, Any], clips: tuple[Clip, ...], targets: Iterable[tuple[str, str]]) -> Kept:
    cancelled_at = row["cancelled_at"]
    scheduled = Scheduled(
        id=row["id"],
        bulletin=row["bulletin"],
        title=row["title"],
        priority=Priority(row["priority"]),
        clips=clips,
        starts_at=from_text(row["starts_at"]),
        rule=Rule(row["rule"]),
        until=_until(row["until"]),
        misfire=Misfire(rule=MisfireRule(row["misfire_rule"]), late_s=row["late_s"]),
        volume=row["volume"],
        areas=tuple(target for kind, target in targets if kind == "area"),
        nodes=tuple(target for kind, target in targets if kind == "node"),
        ended_at=from_text(cancelled_at) if cancelled_at else None,
    )
    return Kept(scheduled, from_text(row["created_at"]), row["created_by"], row["cancelled_by"], row["maker"])


def _clips(db: Database, bulletins: Iterable[str]) -> dict[str, tuple[Clip, ...]]:
    found: dict[str, tuple[Clip, ...]] = {}
    for some in _in_parts(list(bulletins)):
        rows = db.query(
            "SELECT br.bulletin, r.sha256, r.bytes, r.duration_ms FROM bulletin_recordings br"
            " JOIN recordings r ON r.id = br.recording AND r.state = 'ready'"
            f" WHERE br.bulletin IN ({', '.join('?' * len(some))}) ORDER BY br.bulletin, br.position",
            some,
        )
        for row in rows:
            clip = Clip(row["sha256"], row["bytes"], row["duration_ms"])
            found[row["bulletin"]] = (*found.get(row["bulletin"], ()), clip)
    return found


def _targets(db: Database, schedules: list[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for some in _in_parts(schedules):
        rows = db.query(
            "SELECT schedule, kind, target FROM schedule_targets"
            f" WHERE schedule IN ({', '.join('?' * len(some))}) ORDER BY target",
            some,
        )
        for row in rows:
            found.setdefault(row["schedule"], []).append((row["kind"], row["target"]))
    return found


def _in_parts(values: list[str]) -> Iterable[list[str]]:
    return (values[at : at + 500] for at in range(0, len(values), 500))


def _until_text(until: date | datetime | None) -> str | None:
    if until is None:
        return None
    return to_text(until) if isinstance(until, datetime) else until.isoformat()


def _until(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return from_text(text) if "T" in text else date.fromisoformat(text)
