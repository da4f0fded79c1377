"""The sign that the store can be written, and what says that it cannot."""

from datetime import datetime
from sqlite3 import SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY

from sqlite_utils import Database

from hub.store.database import to_text
from hub.store.reserve import StoreError, is_full

__all__ = ["StoreError", "is_full", "is_shut", "note"]

_SHUT = (SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN)


def is_shut(error: StoreError) -> bool:
    """Whether this account may not open the file, or not write to it."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF in _SHUT


def note(db: Database, *, at: datetime) -> None:
    """Write that the store was alive at `at`. Raises `StoreError` when it cannot be written."""
    db.execute(
        "INSERT INTO site (key, value) VALUES ('alive', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [to_text(at)],
    )
