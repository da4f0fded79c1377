"""The sign that the store can be written, and what says that it cannot."""

from datetime import datetime

from sqlite_utils import Database

from hub.store.database import to_text
from hub.store.reserve import StoreError, is_full

__all__ = ["StoreError", "is_full", "note"]


def note(db: Database, *, at: datetime) -> None:
    """Write that the store was alive at `at`. Raises `StoreError` when it cannot be written."""
    db.execute(
        "INSERT INTO site (key, value) VALUES ('alive', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [to_text(at)],
    )
