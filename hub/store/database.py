"""The hub's one SQLite file: one writer thread that commits in groups, and a reading connection per thread.

A write is durable when `Store.write` returns (WAL, `synchronous=FULL`). Works that wait together share one
commit; each keeps its own savepoint, so that one that fails takes nothing of the others with it. What must be
stored on a full disk too gets the room of the reserve (`hub.store.reserve`), which nothing else gets.
"""

import queue
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from hub.store.migrations import MIGRATIONS
from hub.store.reserve import Reserve, StoreError, is_full
from hub.store.snapshot import size

__all__ = ["Database", "Store", "from_text", "new_id", "to_text"]

T = TypeVar("T")

_LARGEST_GROUP = 200
_BUSY_MS = 10_000
_FILE_SYSTEM_BYTES = 65_536


def to_text(instant: datetime) -> str:
    """An instant as it stands in the file: UTC, microseconds, one width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant that `to_text` wrote."""
    return datetime.fromisoformat(text)


def new_id() -> str:
    """A new random identifier: 16 of 0-9a-f."""
    return secrets.token_hex(8)


@dataclass(eq=False)
class _Work:
    do: Callable[[Database], Any]
    done: "Future[Any]"
    must: bool
    found_no_room: Exception | None = None


class Store:
    """Open with the file's path; apply what migrations are missing; close to stop the writer.

    It has its `reserve` once `keep_reserve` was called.
    """

    def __init__(self, path: Path, *, reserve: Reserve | None = None) -> None:
        self._path = path
        self._reserve = reserve or Reserve(path, bytes_=0)
        self._local = threading.local()
        self._readers: list[Database] = []
        self._works: queue.Queue[_Work | None] = queue.Queue()
        self._closing = threading.Lock()
        self._closed = False
        self._is_reserve_due = threading.Event()
        opened: Future[None] = Future()
        self._writer = threading.Thread(target=self._write_for_ever, args=(opened,), name="store-writer")
        self._writer.start()
        opened.result()

    @property
    def is_disk_full(self) -> bool:
        """Whether the disk has no room for works, but for those that must be stored. Asks the disk."""
        return self._reserve.is_disk_full

    @property
    def size_bytes(self) -> int:
        """How large the file is, with its log. Asks the disk."""
        return size(self._path)

    def keep_reserve(self) -> None:
        """Take the reserve, or what of it was given up, if there is room. Call it from time to time."""
        if not self._reserve.is_whole:
            self._is_reserve_due.set()
            self.write(lambda _: None)

    def write(self, work: Callable[[Database], T], *, must: bool = False) -> T:
        """Run `work` in the writer thread; return what it returned once that is on the disk.

        What `must` be stored gets the reserve where the disk is full; it may run twice. Raises what `work`
        raised, with nothing of it stored. Never call it from inside a work.
        """
        return self.submit(work, must=must).result()

    def submit(self, work: Callable[[Database], T], *, must: bool = False) -> "Future[T]":
        """Like `write`, but does not wait: the future is done when the work is on the disk."""
        done: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._works.put(_Work(work, done, must))
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
            db.execute("PRAGMA temp_store = MEMORY")  # no other disk that is full keeps it from storing
        except BaseException as error:  # noqa: BLE001 - handed to whoever opens the store
            opened.set_exception(error)
            return
        opened.set_result(None)
        while (group := self._next_group()) is not None:
            if self._is_reserve_due.is_set():
                self._is_reserve_due.clear()
                self._keep_reserve(db)
            if lacking := _commit_group(db, group):
                self._commit_on_reserve(db, lacking)
        db.close()

    def _next_group(self) -> list[_Work] | None:
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

    def _commit_on_reserve(self, db: Database, lacking: list[_Work]) -> None:
        """Store what found no room, step by step; then nothing else runs until the reserve is whole again."""
        with _log_left_alone(db):
            while lacking and self._reserve.give():
                lacking = _commit_group(db, lacking)
        for work in lacking:
            work.done.set_exception(work.found_no_room)
        self._keep_reserve(db)

    def _keep_reserve(self, db: Database) -> None:
        """Where there is no room, the log is emptied into the file: that grows by less than the log held."""
        if self._reserve.take():
            return
        with suppress(StoreError, OSError):  # the thread that writes goes on, also on a file that is ruined
            if self._reserve.lend(_growth_bytes(db, self._path)):
                _fold_log(db)
        self._reserve.take()


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


@contextmanager
def _log_left_alone(db: Database) -> Iterator[None]:
    """SQLite does not fold its log by itself: the room is not for what others wrote before."""
    (pages,) = db.execute("PRAGMA wal_autocheckpoint").fetchone()
    db.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        yield
    finally:
        db.execute(f"PRAGMA wal_autocheckpoint = {pages}")


def _growth_bytes(db: Database, path: Path) -> int:
    """How much the file will grow by when its log is folded into it, with a little for the file system."""
    (pages,), (page_bytes,) = (db.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size"))
    return max(0, int(pages * page_bytes) - path.stat().st_size) + _FILE_SYSTEM_BYTES


def _fold_log(db: Database) -> None:
    """Empty SQLite's log into its file, unless somebody reads or writes just now."""
    db.execute("PRAGMA busy_timeout = 0")
    try:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


def _commit_group(db: Database, group: list[_Work]) -> list[_Work]:
    """Commit the works as one. Returns those that must be stored and found no room: nobody told them yet."""
    answers: list[tuple[_Work, Any]] = []
    settled: set[_Work] = set()
    try:
        with _as_writer(db):
            for work in group:
                try:
                    with db.atomic():
                        answers.append((work, work.do(db)))
                except Exception as error:
                    _refuse(work, error)
                    settled.add(work)
                    if not db.conn.in_transaction:  # SQLite gave up the whole group
                        raise
    except BaseException as error:  # noqa: BLE001 - handed to every caller of the group
        for work in group:
            if work not in settled:
                _refuse(work, error)
    else:
        for work, answer in answers:
            work.done.set_result(answer)
    return [work for work in group if not work.done.done()]


def _refuse(work: _Work, error: BaseException) -> None:
    if work.must and isinstance(error, Exception) and is_full(error):
        work.found_no_room = error
    else:
        work.done.set_exception(error)
