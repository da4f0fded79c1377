"""A copy of the hub's file as it stands at one instant, taken while the hub writes to it."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from hub.errors import Unavailable
from hub.store.migrations import MIGRATIONS

__all__ = ["known_steps", "size", "snapshot", "steps"]

_LOOK_EVERY = 200_000  # steps of SQLite's machine: some hundredths of a second
_BUSY_MS = 30_000


def size(file: Path) -> int:
    """How many bytes a copy of the hub's file needs at most."""
    log = file.with_name(f"{file.name}-wal")
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def snapshot(file: Path, copy: Path, *, progress: Callable[[int], None] = lambda _bytes: None) -> None:
    """Write what `file` holds now to `copy`, a new file (mode 0600), without open log-ins and one-time codes.

    `progress` hears the bytes written. Raises OSError (ENOSPC for a full disk) and `Unavailable` for a file
    that is no hub's, or damaged.
    """
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as source:
            source.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            source.set_progress_handler(lambda: progress(copy.stat().st_size), _LOOK_EVERY)
            source.execute("VACUUM INTO ?", [str(copy)])
        with closing(sqlite3.connect(copy)) as taken:
            _forget_tickets(taken)
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(copy)) from error
        raise Unavailable(f"{file} cannot be copied: {error}") from error


def steps(copy: Path) -> tuple[str, ...]:
    """The names of the steps that gave a copy its shape."""
    with closing(sqlite3.connect(copy)) as db:
        return tuple(step.name for step in MIGRATIONS.applied(Database(db)))


def known_steps() -> frozenset[str]:
    """The names of the steps that this software knows."""
    with closing(Database(memory=True)) as nothing_yet:
        return frozenset(step.name for step in MIGRATIONS.pending(nothing_yet))


def _forget_tickets(db: sqlite3.Connection) -> None:
    """What let somebody in then must not do so again when the copy is used, perhaps in a year."""
    db.execute("PRAGMA secure_delete = ON")
    for (table,) in db.execute(
        "SELECT name FROM sqlite_master WHERE name IN ('sessions', 'codes')"
    ).fetchall():
        db.execute(f"DELETE FROM {table}")
    db.commit()
