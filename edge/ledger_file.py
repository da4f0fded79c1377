"""The SQLite file under a node's ledger: the only file of edge that speaks SQL to SQLite.

Every statement that fails raises `LedgerError`, and `LedgerFull` when there is no room. On a disk that is
truly full not even a row can be deleted, so a file of some size is held in reserve beside the ledger, and
given back to the disk while `on_reserve` works.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from edge.errors import LedgerError, LedgerFull
from edge.files import set_aside, sync_folder

__all__ = ["LedgerFile"]

_LOCK_WAIT_S = 2.0
_RESERVE_BYTES = 2 * 1024 * 1024
_LOG_PAGES = 250  # the write-ahead log is folded back at this size: about a megabyte
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


class _Damaged(Exception):
    """The file is not whole."""


class LedgerFile:
    """Open it with `LedgerFile.open`. `set_aside` names the damaged file in whose place this one stands."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, set_aside: Path | None) -> None:
        self._db = connection
        self._reserve = path.with_name(f"{path.name}-reserve")
        self.in_block = False
        self.set_aside = set_aside
        self._take_reserve()

    @classmethod
    def open(cls, path: Path, *, schema: tuple[str, ...], version: int, max_bytes: int | None = None) -> Self:
        """Open the file, or make it with `schema`. Raises `LedgerError`."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                db = _connect(path, schema, version, max_bytes)
                return cls(db, path, set_aside=None)
            except _Damaged:
                aside = set_aside(path)
                return cls(_connect(path, schema, version, max_bytes), path, set_aside=aside)
        except (_Damaged, LedgerError, sqlite3.Error, OSError) as error:
            raise LedgerError(f"{path}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What a query finds."""
        with _explained():
            return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> int:
        """How many rows a statement changed."""
        with _explained():
            return self._db.execute(sql, values).rowcount

    def insert(self, sql: str, *values: object) -> int:
        """The row id of a new row."""
        with _explained():
            return int(self._db.execute(sql, values).lastrowid or 0)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The block reaches the disk whole at its end, or not at all; one within another belongs to it."""
        if self.in_block:
            if not self._db.in_transaction:
                raise LedgerError("the block this stands in was given up")
            yield
            return
        self.run("BEGIN IMMEDIATE")
        self.in_block = True
        try:
            yield
            self.run("COMMIT")
        finally:
            self.in_block = False
            if self._db.in_transaction:
                self._db.rollback()

    def on_reserve(self, work: Callable[[], None]) -> bool:
        """Do `work` as one block on the space held in reserve; False when even that is not enough."""
        self._reserve.unlink(missing_ok=True)
        try:
            with self.together():
                work()
            self.rows("PRAGMA wal_checkpoint(RESTART)")
        except LedgerError:
            return False
        finally:
            self._take_reserve()
        return True

    def shrink(self) -> None:
        """Give unused pages back to the disk, and see that the reserve is there."""
        self.rows("PRAGMA incremental_vacuum")
        self._take_reserve()

    def _take_reserve(self) -> None:
        with suppress(OSError), self._reserve.open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, _RESERVE_BYTES)


def _connect(path: Path, schema: tuple[str, ...], version: int, max_bytes: int | None) -> sqlite3.Connection:
    is_new = not path.exists()
    db = sqlite3.connect(path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, schema, version)
        if max_bytes is not None:
            (page_size,) = db.execute("PRAGMA page_size").fetchone()
            db.execute(f"PRAGMA max_page_count = {max_bytes // page_size}")
    except sqlite3.DatabaseError as error:
        db.close()
        if _code(error) in _DAMAGED:
            raise _Damaged(str(error)) from error
        raise
    except BaseException:
        db.close()
        raise
    if is_new:
        sync_folder(path.parent)
    return db


def _prepare(db: sqlite3.Connection, schema: tuple[str, ...], version: int) -> None:
    db.execute("PRAGMA locking_mode = EXCLUSIVE")  # a second program on the same file is refused
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found == 0:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    if found == 0:
        _create(db, schema, version)
    elif found != version:
        raise LedgerError(f"written by a newer program (format {found}; this one knows {version})")
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _Damaged(verdict)


def _create(db: sqlite3.Connection, schema: tuple[str, ...], version: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    for statement in schema:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")
    db.execute("COMMIT")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) == sqlite3.SQLITE_FULL:
            raise LedgerFull(str(error)) from error
        raise LedgerError(str(error)) from error


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
