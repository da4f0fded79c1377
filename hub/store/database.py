"""The hub's one SQLite file: one writer thread that commits in groups, and a reading connection per thread.

A write is durable when `Store.write` returns (WAL, `synchronous=FULL`). Works that wait together share one
commit; each keeps its own savepoint, so that one that fails takes nothing of the others with it.
"""

import queue
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from hub.store.migrations import MIGRATIONS

__all__ = ["Database", "Store", "from_text", "new_id", "to_text"]

T = TypeVar("T")

_LARGEST_GROUP = 200
_BUSY_MS = 10_000


def to_text(instant: datetime) -> str:
    """An instant as it stands in the file: UTC, microseconds, one width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote."""
    return datetime.fromisoformat(text)


def new_id() -> str:
    """A new random identifier: 16 of 0-9a-f."""
    return secrets.token_hex(8)


class Store:
    """Open with the file's path; apply what migrations are missing; close to stop the writer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._readers: list[Database] = []
        self._works: queue.Queue[tuple[Callable[[Database], Any], Future[Any]] | None] = queue.Queue()
        self._closing = threading.Lock()
        self._closed = False
        opened: Future[None] = Future()
        self._writer = threading.Thread(target=self._write_for_ever, args=(opened,), name="store-writer")
        self._writer.start()
        opened.result()

    def write(self, work: Callable[[Database], T]) -> T:
        """Run `work` in the writer thread; return what it returned once that is on the disk.

        Raises what `work` raised, with nothing of it stored. Never call it from inside a work.
        """
        return self.submit(work).result()

    def submit(self, work: Callable[[Database], T]) -> "Future[T]":
        """Like `write`, but does not wait: the future is done when the work is on the disk."""
        done: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._works.put((work, done))
        return done

    def read(self) -> Database:
        """This thread's own connection; it cannot write."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = _connect(self._path)
            db.execute("PRAGMA query_only = ON")
            self._local.db = db
            self._readers.append(db)
        return db

    def close(self) -> None:
        """Finish the waiting works, stop the writer, close every connection. No thread may be reading."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._works.put(None)
        self._writer.join()
        for reader in self._readers:
            reader.close()

    def _write_for_ever(self, opened: "Future[None]") -> None:
        try:
            db = _connect(self._path, prepare=MIGRATIONS.apply)
        except BaseException as error:  # noqa: BLE001 - handed to whoever opens the store
            opened.set_exception(error)
            return
        opened.set_result(None)
        while (group := self._next_group()) is not None:
            _commit_group(db, group)
        db.close()

    def _next_group(self) -> list[tuple[Callable[[Database], Any], "Future[Any]"]] | None:
        first = self._works.get()
        if first is None:
            return None
        group = [first]
        while len(group) < _LARGEST_GROUP and not self._works.empty():
            following = self._works.get()
            if following is None:
                self._works.put(None)
                break
            group.append(following)
        return group


def _connect(path: Path, *, prepare: Callable[[Database], object] = lambda _: None) -> Database:
    db = Database(sqlite3.connect(path, check_same_thread=False))
    try:
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db.enable_wal()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        prepare(db)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _as_writer(db: Database) -> Iterator[None]:
    """A transaction that has the file's write lock from its beginning.

    A reader that becomes a writer fails at once if another process (the command line) wrote in between.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def _commit_group(db: Database, group: list[tuple[Callable[[Database], Any], "Future[Any]"]]) -> None:
    answers: list[tuple[Future[Any], Any]] = []
    try:
        with _as_writer(db):
            for work, done in group:
                try:
                    with db.atomic():
                        answers.append((done, work(db)))
                except Exception as error:  # noqa: BLE001 - handed to the caller who waits
                    done.set_exception(error)
    except BaseException as error:  # noqa: BLE001 - handed to every caller of the group
        for done, _ in answers:
            done.set_exception(error)
        return
    for done, answer in answers:
        done.set_result(answer)
