"""SQL of the start-of-day checks: who looked at every device's state, when, and what it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = ["DayCheck", "keep", "last"]


@dataclass(frozen=True, kw_only=True)
class DayCheck:
    """One check; `ready` of `devices` were in order."""

    at: datetime
    by: str
    ready: int
    devices: int
    note: str = ""


def keep(db: Database, new: DayCheck) -> None:
    """Write a check."""
    db.execute(
        "INSERT INTO day_checks (at, by, ready, devices, note) VALUES (?, ?, ?, ?, ?)",
        [to_text(new.at), new.by, new.ready, new.devices, new.note],
    )


def last(db: Database) -> DayCheck | None:
    """The newest check; None before any."""
    rows = db.query("SELECT at, by, ready, devices, note FROM day_checks ORDER BY id DESC LIMIT 1")
    return next((DayCheck(**{**row, "at": from_text(row["at"])}) for row in rows), None)
