"""SQL of files that are to go because the recording that named them is gone."""

from collections.abc import Iterable

from sqlite_utils import Database

__all__ = ["due", "is_wanted", "note", "settle"]


def note(db: Database, names: Iterable[str]) -> None:
    """These are to go: `originals/…` or `recordings/….opus`."""
    rows = [(name,) for name in names]
    db.conn.executemany("INSERT OR IGNORE INTO files_to_remove (name) VALUES (?)", rows)


def due(db: Database) -> list[str]:
    """Every file that is to go."""
    return [name for (name,) in db.execute("SELECT name FROM files_to_remove ORDER BY name")]


def is_wanted(db: Database, name: str) -> bool:
    """Whether a recording names the file after all: another of the same sound, or one that came since."""
    return (
        db.execute(
            "SELECT 1 FROM recordings WHERE 'originals/' || original = ?1"
            " OR 'recordings/' || sha256 || '.opus' = ?1",
            [name],
        ).fetchone()
        is not None
    )


def settle(db: Database, name: str) -> None:
    """It is off the disk, or wanted after all."""
    db.execute("DELETE FROM files_to_remove WHERE name = ?", [name])
