"""SQL of bulletins and the recordings they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from edge.wire.base import Priority
from hub.store.database import to_text
from hub.store.newest import newest
from hub.store.recordings import Recording, recordings_of
from hub.store.steps import Step, name_of, step_of

__all__ = [
    "Bulletin",
    "Step",
    "Words",
    "add",
    "approve",
    "bulletin",
    "change",
    "delete",
    "page",
    "send_back",
    "submit",
    "used_in",
]


@dataclass(frozen=True)
class Words:
    """What a bulletin says; `recordings` are ids, in the order they are played."""

    title: str
    priority: Priority
    language: str
    recordings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """`state` is `draft`, `submitted` or `approved`; recordings stand in the order they are played.

    `returned` and `return_note` tell of the last time it was sent back, until it is submitted again.
    `revision` counts from 1 how often what it says was saved; `changed` is the last time after the first.
    """

    id: str
    title: str
    priority: Priority
    language: str
    state: str
    recordings: tuple[Recording, ...]
    created: Step
    submitted: Step | None
    approved: Step | None
    returned: Step | None
    return_note: str
    copied_from: str | None
    revision: int = 1
    changed: Step | None = None

    @property
    def words(self) -> Words:
        """What it says."""
        return Words(self.title, self.priority, self.language, tuple(each.id for each in self.recordings))

    @property
    def duration_ms(self) -> int:
        """The length of its recordings, without the pauses between them."""
        return sum(each.result.duration_ms for each in self.recordings if each.result)


_STEPS = ("created", "changed", "submitted", "approved", "returned")
_SELECT = f"SELECT bulletins.*, {', '.join(name_of(step, 'bulletins') for step in _STEPS)} FROM bulletins"


def bulletin(db: Database, bulletin: str) -> Bulletin | None:
    """The bulletin with this id."""
    return next(iter(_bulletins(db, list(db.query(f"{_SELECT} WHERE id = ?", [bulletin])))), None)


def page(db: Database, *, limit: int, before: str | None = None, state: str = "") -> list[Bulletin]:
    """The newest `limit` bulletins, of a `state`, older than the bulletin `before`."""
    rows = newest(db, _SELECT, of="bulletins", limit=limit, before=before, state=state)
    return _bulletins(db, list(rows))


def count(db: Database, *, state: str) -> int:
    """How many bulletins are in a state."""
    return int(db.execute("SELECT count(*) FROM bulletins WHERE state = ?", [state]).fetchone()[0])


def used_in(db: Database, recording: str) -> list[tuple[str, str]]:
    """The bulletins made of a recording, as (id, title), newest first."""
    sql = (
        "SELECT DISTINCT id, title, created_at FROM bulletins JOIN bulletin_recordings ON bulletin = id"
        " WHERE recording = ? ORDER BY created_at DESC, id"
    )
    return [(row["id"], row["title"]) for row in db.query(sql, [recording])]


def add(
    db: Database, bulletin: str, says: Words, *, at: datetime, by: str, copied_from: str | None = None
) -> None:
    """Store a new draft."""
    db.execute(
        "INSERT INTO bulletins (id, title, priority, language, state, created_at, created_by, copied_from)"
        " VALUES (?, ?, ?, ?, 'draft', ?, ?, ?)",
        [bulletin, says.title, says.priority.value, says.language, to_text(at), by, copied_from],
    )
    _put_recordings(db, bulletin, says.recordings)


def change(db: Database, bulletin: str, says: Words, *, at: datetime, by: str) -> None:
    """Store what a draft now says, as its next revision."""
    db.execute(
        "UPDATE bulletins SET title = ?, priority = ?, language = ?,"
        " revision = revision + 1, changed_at = ?, changed_by = ? WHERE id = ?",
        [says.title, says.priority.value, says.language, to_text(at), by, bulletin],
    )
    db.execute("DELETE FROM bulletin_recordings WHERE bulletin = ?", [bulletin])
    _put_recordings(db, bulletin, says.recordings)


def submit(db: Database, bulletin: str, *, at: datetime, by: str) -> None:
    """A draft is handed in; what it was sent back for is forgotten."""
    db.execute(
        "UPDATE bulletins SET state = 'submitted', submitted_at = ?, submitted_by = ?,"
        " returned_at = NULL, returned_by = NULL, return_note = '' WHERE id = ?",
        [to_text(at), by, bulletin],
    )


def approve(db: Database, bulletin: str, *, at: datetime, by: str) -> None:
    """A submitted one may be broadcast."""
    sql = "UPDATE bulletins SET state = 'approved', approved_at = ?, approved_by = ? WHERE id = ?"
    db.execute(sql, [to_text(at), by, bulletin])


def send_back(db: Database, bulletin: str, *, at: datetime, by: str, note: str) -> None:
    """A submitted one is a draft again, with the reason."""
    db.execute(
        "UPDATE bulletins SET state = 'draft', submitted_at = NULL, submitted_by = NULL,"
        " returned_at = ?, returned_by = ?, return_note = ? WHERE id = ?",
        [to_text(at), by, note, bulletin],
    )


def delete(db: Database, bulletin: str) -> None:
    """A draft is gone; copies of it stay, without their origin."""
    db.execute("UPDATE bulletins SET copied_from = NULL WHERE copied_from = ?", [bulletin])
    db.execute("DELETE FROM bulletin_recordings WHERE bulletin = ?", [bulletin])
    db.execute("DELETE FROM bulletins WHERE id = ?", [bulletin])


def _put_recordings(db: Database, bulletin: str, recordings: Sequence[str]) -> None:
    db.conn.executemany(
        "INSERT INTO bulletin_recordings (bulletin, position, recording) VALUES (?, ?, ?)",
        [(bulletin, position, recording) for position, recording in enumerate(recordings)],
    )


def _bulletins(db: Database, rows: list[Mapping[str, Any]]) -> list[Bulletin]:
    order: dict[str, list[str]] = {row["id"]: [] for row in rows}
    marks = ",".join("?" * len(order))
    sql = f"SELECT bulletin, recording FROM bulletin_recordings WHERE bulletin IN ({marks}) ORDER BY position"
    for each in db.query(sql, list(order)):
        order[each["bulletin"]].append(each["recording"])
    known = recordings_of(db, [recording for ids in order.values() for recording in ids])
    return [_bulletin(row, tuple(known[each] for each in order[row["id"]])) for row in rows]


def _bulletin(row: Mapping[str, Any], made_of: tuple[Recording, ...]) -> Bulletin:
    created = step_of(row, "created")
    assert created is not None  # noqa: S101 - the column is NOT NULL
    return Bulletin(
        id=row["id"],
        title=row["title"],
        priority=Priority(row["priority"]),
        language=row["language"],
        state=row["state"],
        recordings=made_of,
        created=created,
        submitted=step_of(row, "submitted"),
        approved=step_of(row, "approved"),
        returned=step_of(row, "returned"),
        return_note=row["return_note"],
        copied_from=row["copied_from"],
        revision=row["revision"],
        changed=step_of(row, "changed"),
    )
