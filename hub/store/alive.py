"""SQL of the sign that the store can be written."""

from datetime import datetime
from sqlite3 import Error as StoreError

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["StoreError", "note"]


def note(db: Database, *, at: datetime) -> None:
    """Write that the store was alive at `at`. Raises `StoreError` when it cannot be written."""
    db.execute(
        "INSERT INTO site (key, value) VALUES ('alive', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [to_text(at)],
    )
