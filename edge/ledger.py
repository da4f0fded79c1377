"""A node's ledger: what happened, numbered for ever and kept until the hub has stored it; and the small
state that must survive the plug (plan, standing state, order window).

One file, held by one program and used by one thread. A call that returns has reached the disk, unless it
stands in a `together()` block: then the whole block reaches it at the end, or nothing of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

from edge.errors import AlreadyFinished, LedgerFull
from edge.ledger_file import LedgerFile
from edge.ledger_rows import bounded, read_entry, read_started, to_us
from edge.wire.base import ClockReading
from edge.wire.entries import Body, Finished, Started
from edge.wire.messages import LedgerBatch

__all__ = ["Ledger"]

_FORMAT = 1
_BATCH_ROWS = 1_000
_DROP_AT_ONCE = 1_000  # acknowledged rows that make way when there is no room
_OUTCOMES_KEPT = 20_000  # more than half a year of a busy node; plans reach 35 days

_SCHEMA = (
    """CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        clock TEXT NOT NULL,
        bound_ms REAL,
        boot TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL
    )""",
    """CREATE TABLE outcomes (
        occurrence TEXT PRIMARY KEY,
        due_us INTEGER NOT NULL,
        started TEXT,
        finished INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX outcomes_by_due ON outcomes (due_us)",
    "CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE self (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, stored INTEGER NOT NULL)",
)


class Ledger:
    """Open it with `Ledger.open`. Every method raises `LedgerError` when the file cannot be used."""

    def __init__(self, file: LedgerFile, *, boot: str) -> None:
        self._file = file
        self._boot = boot
        file.run("INSERT OR IGNORE INTO self (one, id, stored) VALUES (1, ?, 0)", str(uuid4()))
        self.id = UUID(file.rows("SELECT id FROM self")[0][0])
        self.set_aside = file.set_aside

    @classmethod
    def open(cls, path: Path, *, boot: str, max_bytes: int | None = None) -> Self:
        """Open or make the ledger at `path`; `boot` names this run of the program in its entries.

        A damaged file is renamed and named by `set_aside`, and a new ledger with a new `id` begins.
        `max_bytes` bounds the file; beyond it the disk counts as full. Raises `LedgerError` when the file
        is in use by another program, cannot be reached, or was written by a newer one.
        """
        return cls(LedgerFile.open(path, schema=_SCHEMA, version=_FORMAT, max_bytes=max_bytes), boot=boot)

    def close(self) -> None:
        """Close the file; entries stay for the next run."""
        self._file.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything in the block reaches the disk as one, at its end; nothing of it if the block raises.

        When it raises `LedgerFull`, room was made where possible, and the block may be tried once more.
        """
        is_outermost = not self._file.in_block
        try:
            with self._file.together():
                yield
        except LedgerFull:
            if is_outermost:
                self._make_room(stored=self.stored_seq())
            raise

    def append(self, body: Body, *, at: datetime, clock: ClockReading) -> int:
        """Record `body` and return its number. Raises `LedgerFull` when nothing acknowledged is left to make
        way, and `AlreadyFinished` for a second outcome of an occurrence."""
        try:
            return self._append(body, at, clock)
        except LedgerFull:
            if self._file.in_block:
                raise
            return self._append(body, at, clock)

    def batch(self, after: int, limit: int) -> LedgerBatch | None:
        """The next entries above `after` that the hub has not stored, at most `limit` of them (1 to 1,000)
        and about half a megabyte; None when there are none."""
        rows = self._file.rows(
            "SELECT seq, at_us, clock, bound_ms, boot, kind, body FROM entries"
            " WHERE seq > max(?, (SELECT stored FROM self)) ORDER BY seq LIMIT ?",
            after,
            min(limit, _BATCH_ROWS),
        )
        if not rows:
            return None
        first_held = self._file.rows("SELECT min(seq) FROM entries")[0][0]
        return LedgerBatch(
            ledger=self.id, first_held=first_held, entries=tuple(map(read_entry, bounded(rows)))
        )

    def mark_stored(self, ledger: UUID, seq: int) -> bool:
        """The hub has stored everything up to `seq`; True when that was news. What is said of another
        ledger is ignored.

        A hub that has less than it once said was restored from a backup: what it lacks counts as not stored
        again, as far back as it is still held here.

        A hub that has more than was ever written here knows a later life of this ledger: the file is an old
        copy, or the card lost what it had called written. Then the ledger begins anew under a new `id` with
        everything not known to be stored, so that no number ever means two things.
        """
        if ledger != self.id or seq == self.stored_seq():
            return False
        if seq > self.last_seq():
            self._begin_anew()
            return True
        try:
            with self.together():
                self._set_stored(seq)
        except LedgerFull:
            if self._file.in_block or not self._make_room(stored=seq):
                raise
        return True

    def last_seq(self) -> int:
        """The highest number given so far; 0 before the first entry."""
        rows = self._file.rows("SELECT seq FROM sqlite_sequence WHERE name = 'entries'")
        return int(rows[0][0]) if rows else 0

    def stored_seq(self) -> int:
        """The highest number that the hub said it has stored."""
        return int(self._file.rows("SELECT stored FROM self")[0][0])

    def unstored(self) -> int:
        """How many entries the hub has not stored."""
        return int(
            self._file.rows("SELECT count(*) FROM entries WHERE seq > (SELECT stored FROM self)")[0][0]
        )

    def prune(self, *, keep_rows: int) -> int:
        """Drop the oldest acknowledged entries so that at most `keep_rows` entries remain; returns how many
        went. What the hub has not stored stays, however much it is."""
        with self.together():
            held = self._file.rows("SELECT count(*) FROM entries")[0][0]
            dropped = self._drop(max(held - keep_rows, 0))
            self._file.run(
                "DELETE FROM outcomes WHERE due_us <"
                " (SELECT due_us FROM outcomes ORDER BY due_us DESC LIMIT 1 OFFSET ?)",
                _OUTCOMES_KEPT,
            )
        self._file.shrink()
        return dropped

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small value under `name`, in place of what was kept before."""
        with self.together():
            self._file.run("INSERT OR REPLACE INTO kept (name, value) VALUES (?, ?)", name, value)

    def kept(self, name: str) -> bytes | None:
        """What is kept under `name`."""
        rows = self._file.rows("SELECT value FROM kept WHERE name = ?", name)
        return bytes(rows[0][0]) if rows else None

    def unfinished(self) -> list[Started]:
        """What started and has no outcome, by due instant: at boot, what the power cut off. What cannot be
        read is left out: it must not keep a node from starting."""
        rows = self._file.rows(
            "SELECT started FROM outcomes WHERE finished = 0 AND started IS NOT NULL ORDER BY due_us"
        )
        return [started for (text,) in rows if (started := read_started(text))]

    def finished_ids(self, since: datetime) -> frozenset[str]:
        """The occurrences due at or after `since` that have their one outcome, their entries held or not."""
        rows = self._file.rows(
            "SELECT occurrence FROM outcomes WHERE finished = 1 AND due_us >= ?", to_us(since)
        )
        return frozenset(occurrence for (occurrence,) in rows)

    def _append(self, body: Body, at: datetime, clock: ClockReading) -> int:
        text = body.model_dump_json()
        with self.together():
            if isinstance(body, Started):
                self._note_started(body, text)
            elif isinstance(body, Finished):
                self._note_finished(body)
            return self._file.insert(
                "INSERT INTO entries (at_us, clock, bound_ms, boot, kind, body) VALUES (?, ?, ?, ?, ?, ?)",
                to_us(at),
                clock.state.value,
                clock.bound_ms,
                self._boot,
                body.kind,
                text,
            )

    def _note_started(self, body: Started, text: str) -> None:
        self._file.run(
            "INSERT INTO outcomes (occurrence, due_us, started) VALUES (?, ?, ?)"
            " ON CONFLICT (occurrence) DO UPDATE SET started = excluded.started",
            body.occurrence,
            to_us(body.due_at),
            text,
        )

    def _note_finished(self, body: Finished) -> None:
        changed = self._file.run(
            "INSERT INTO outcomes (occurrence, due_us, finished) VALUES (?, ?, 1)"
            " ON CONFLICT (occurrence) DO UPDATE SET finished = 1 WHERE finished = 0",
            body.occurrence,
            to_us(body.due_at),
        )
        if not changed:
            raise AlreadyFinished(f"{body.occurrence} has its outcome; {body.outcome} is not recorded")

    def _make_room(self, *, stored: int) -> bool:
        """Drop the oldest entries up to `stored`, which is remembered too; False when that was in vain."""
        if not self._file.rows("SELECT 1 FROM entries WHERE seq <= ? LIMIT 1", stored):
            return False

        def drop() -> None:
            self._set_stored(stored)
            self._drop(_DROP_AT_ONCE)

        return self._file.on_reserve(drop)

    def _begin_anew(self) -> None:
        identity = uuid4()
        with self.together():
            stored = self.stored_seq()
            self._file.run("DELETE FROM entries WHERE seq <= ?", stored)
            self._file.run("UPDATE entries SET seq = -seq")  # apart first: a number must never stand twice
            self._file.run("UPDATE entries SET seq = -seq - ?", stored)
            self._file.run(
                "UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(seq), 0) FROM entries)"
                " WHERE name = 'entries'"
            )
            self._file.run("UPDATE self SET id = ?, stored = 0", str(identity))
        self.id = identity

    def _set_stored(self, seq: int) -> None:
        self._file.run("UPDATE self SET stored = ?", seq)

    def _drop(self, count: int) -> int:
        return self._file.run(
            "DELETE FROM entries WHERE seq IN (SELECT seq FROM entries"
            " WHERE seq <= (SELECT stored FROM self) ORDER BY seq LIMIT ?)",
            count,
        )
