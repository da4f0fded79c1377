"""The sign that the store can be written, and what says that it cannot."""

from datetime import datetime
from sqlite3 import SQLITE_FULL
from sqlite3 import Error as StoreError

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["StoreError", "is_full", "note"]


def is_full(error: StoreError) -> bool:
    """Whether the disk had no room for what was to be written."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF == SQLITE_FULL


def note(db: Database, *, at: datetime) -> None:
    """Write that the store was alive at `at`. Raises `StoreError` when it cannot be written."""
    db.execute(
        "INSERT INTO site (key, value) VALUES ('alive', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [to_text(at)],
    )
