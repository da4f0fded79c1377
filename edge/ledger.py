"""A node's ledger: what happened, numbered for ever and kept until the hub has stored it; and the small
state that must survive the plug (plan, standing state, order window).

One SQLite file, held by one program and used by one thread. A call that returns has reached the disk, unless
it stands in a `together()` block: then the whole block reaches it at the end, or nothing of it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

from edge.errors import AlreadyFinished, LedgerError, LedgerFull
from edge.files import set_aside, sync_folder
from edge.ledger_rows import bounded, read_entry, to_us
from edge.wire.base import ClockReading
from edge.wire.entries import Body, Finished, Started
from edge.wire.messages import LedgerBatch

__all__ = ["Ledger"]

_FORMAT = 1
_LOCK_WAIT_S = 2.0
_DROP_AT_ONCE = 1_000  # acknowledged rows that make way when there is no room
_OUTCOMES_KEPT = 20_000  # more than half a year of a busy node; plans reach 35 days
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}

_SCHEMA = """
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us INTEGER NOT NULL,
    clock TEXT NOT NULL,
    bound_ms REAL,
    boot TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE outcomes (
    occurrence TEXT PRIMARY KEY,
    due_us INTEGER NOT NULL,
    started TEXT,
    finished INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outcomes_by_due ON outcomes (due_us);
CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE self (id TEXT NOT NULL, stored INTEGER NOT NULL);
"""


class _Damaged(Exception):
    """The file is not a whole ledger."""


class Ledger:
    """Open it with `Ledger.open`. Every method raises `LedgerError` when the file cannot be used."""

    def __init__(self, connection: sqlite3.Connection, *, boot: str, set_aside: Path | None) -> None:
        self._db = connection
        self._boot = boot
        self._depth = 0
        self.set_aside = set_aside
        identity, self._stored = connection.execute("SELECT id, stored FROM self").fetchone()
        self.id = UUID(identity)

    @classmethod
    def open(cls, path: Path, *, boot: str, max_bytes: int | None = None) -> Self:
        """Open or make the ledger at `path`; `boot` names this run of the program in its entries.

        A damaged file is renamed and named by `set_aside`, and a new ledger with a new `id` begins.
        `max_bytes` bounds the file; beyond it the disk counts as full. Raises `LedgerError` when the file
        is in use by another program, cannot be reached, or was written by a newer one.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return cls(_connect(path, max_bytes), boot=boot, set_aside=None)
            except _Damaged:
                aside = set_aside(path)
                return cls(_connect(path, max_bytes), boot=boot, set_aside=aside)
        except (_Damaged, sqlite3.Error, OSError) as error:
            raise LedgerError(f"{path}: {error}") from error

    def close(self) -> None:
        """Close the file; entries stay for the next run."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything in the block reaches the disk as one, at its end; nothing of it if the block raises."""
        if self._depth:
            if not self._db.in_transaction:
                raise LedgerError("the block this stands in was given up")
            yield
            return
        stored = self._stored
        with _explained():
            self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            with _explained():
                self._db.execute("COMMIT")
        except BaseException:
            self._stored = stored
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

    def append(self, body: Body, *, at: datetime, clock: ClockReading) -> int:
        """Record `body` and return its number. Raises `LedgerFull`, `AlreadyFinished`, `LedgerError`."""
        try:
            return self._append(body, at, clock)
        except LedgerFull:
            if self._depth or not self._make_room():
                raise
            return self._append(body, at, clock)

    def batch(self, after: int, limit: int) -> LedgerBatch | None:
        """The next entries above `after` that the hub has not stored, at most `limit` of them (1 to 1,000)
        and about half a megabyte; None when there are none."""
        with _explained():
            rows = self._db.execute(
                "SELECT seq, at_us, clock, bound_ms, boot, kind, body FROM entries"
                " WHERE seq > ? ORDER BY seq LIMIT ?",
                (max(after, self._stored), limit),
            )
            entries = tuple(map(read_entry, bounded(rows)))
            (first_held,) = self._db.execute("SELECT min(seq) FROM entries").fetchone()
        return LedgerBatch(ledger=self.id, first_held=first_held, entries=entries) if entries else None

    def mark_stored(self, ledger: UUID, seq: int) -> bool:
        """The hub has stored everything up to `seq`; True when that was news. What is said of another
        ledger, or of entries that were never written, is ignored."""
        if ledger != self.id or not self._stored < seq <= self.last_seq():
            return False
        with self.together(), _explained():
            self._db.execute("UPDATE self SET stored = ?", (seq,))
            self._stored = seq
        return True

    def last_seq(self) -> int:
        """The highest number given so far; 0 before the first entry."""
        with _explained():
            row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
        return int(row[0]) if row else 0

    def stored_seq(self) -> int:
        """The highest number that the hub said it has stored."""
        return int(self._stored)

    def unstored(self) -> int:
        """How many entries the hub has not stored."""
        with _explained():
            row = self._db.execute("SELECT count(*) FROM entries WHERE seq > ?", (self._stored,)).fetchone()
        return int(row[0])

    def prune(self, *, keep_rows: int) -> int:
        """Drop the oldest acknowledged entries so that at most `keep_rows` entries remain; returns how many
        went. What the hub has not stored stays, however much it is."""
        with self.together(), _explained():
            (held,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
            dropped = self._drop(max(held - keep_rows, 0))
            self._db.execute(
                "DELETE FROM outcomes WHERE due_us <"
                " (SELECT due_us FROM outcomes ORDER BY due_us DESC LIMIT 1 OFFSET ?)",
                (_OUTCOMES_KEPT,),
            )
        with _explained():
            self._db.execute("PRAGMA incremental_vacuum").fetchall()
        return dropped

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small value under `name`, in place of what was kept before."""
        with self.together(), _explained():
            self._db.execute("INSERT OR REPLACE INTO kept (name, value) VALUES (?, ?)", (name, value))

    def kept(self, name: str) -> bytes | None:
        """What is kept under `name`."""
        with _explained():
            row = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else None

    def unfinished(self) -> list[Started]:
        """What started and has no outcome, by due instant: at boot, what the power cut off."""
        with _explained():
            rows = self._db.execute(
                "SELECT started FROM outcomes WHERE finished = 0 AND started IS NOT NULL ORDER BY due_us"
            ).fetchall()
        return [Started.model_validate_json(text) for (text,) in rows]

    def finished_ids(self, since: datetime) -> frozenset[str]:
        """The occurrences due at or after `since` that have their one outcome, their entries held or not."""
        with _explained():
            rows = self._db.execute(
                "SELECT occurrence FROM outcomes WHERE finished = 1 AND due_us >= ?", (to_us(since),)
            ).fetchall()
        return frozenset(occurrence for (occurrence,) in rows)

    def _append(self, body: Body, at: datetime, clock: ClockReading) -> int:
        with self.together(), _explained():
            text = body.model_dump_json()
            if isinstance(body, Started):
                self._note_started(body, text)
            elif isinstance(body, Finished):
                self._note_finished(body)
            cursor = self._db.execute(
                "INSERT INTO entries (at_us, clock, bound_ms, boot, kind, body) VALUES (?, ?, ?, ?, ?, ?)",
                (to_us(at), clock.state.value, clock.bound_ms, self._boot, body.kind, text),
            )
            return int(cursor.lastrowid or 0)

    def _note_started(self, body: Started, text: str) -> None:
        self._db.execute(
            "INSERT INTO outcomes (occurrence, due_us, started) VALUES (?, ?, ?)"
            " ON CONFLICT (occurrence) DO UPDATE SET started = excluded.started",
            (body.occurrence, to_us(body.due_at), text),
        )

    def _note_finished(self, body: Finished) -> None:
        changed = self._db.execute(
            "INSERT INTO outcomes (occurrence, due_us, finished) VALUES (?, ?, 1)"
            " ON CONFLICT (occurrence) DO UPDATE SET finished = 1 WHERE finished = 0",
            (body.occurrence, to_us(body.due_at)),
        ).rowcount
        if not changed:
            raise AlreadyFinished(f"{body.occurrence} has its outcome; {body.outcome} is not recorded")

    def _make_room(self) -> bool:
        with self.together(), _explained():
            return self._drop(_DROP_AT_ONCE) > 0

    def _drop(self, count: int) -> int:
        return self._db.execute(
            "DELETE FROM entries WHERE seq IN (SELECT seq FROM entries WHERE seq <= ? ORDER BY seq LIMIT ?)",
            (self._stored, count),
        ).rowcount


def _connect(path: Path, max_bytes: int | None) -> sqlite3.Connection:
    new = not path.exists()
    db = sqlite3.connect(path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db)
        if max_bytes is not None:
            (page_size,) = db.execute("PRAGMA page_size").fetchone()
            db.execute(f"PRAGMA max_page_count = {max_bytes // page_size}")
    except sqlite3.DatabaseError as error:
        db.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise _Damaged(str(error)) from error
        raise
    except BaseException:
        db.close()
        raise
    if new:
        sync_folder(path.parent)
    return db


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA locking_mode = EXCLUSIVE")  # a second program on the same folder is refused
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == 0:
        _create(db)
    elif version != _FORMAT:
        raise LedgerError(f"written by a newer program (format {version}; this one knows {_FORMAT})")
    db.execute("COMMIT")
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    rows = db.execute("SELECT count(*) FROM self").fetchone()[0]
    if verdict != "ok" or rows != 1:
        raise _Damaged(verdict)


def _create(db: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO self (id, stored) VALUES (?, 0)", (str(uuid4()),))
    db.execute(f"PRAGMA user_version = {_FORMAT}")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise LedgerFull(str(error)) from error
        raise LedgerError(str(error)) from error
