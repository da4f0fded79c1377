"""Cuts in a storm of presses: the counter's ledger and the hub's file, killed at random moments.

A warm parent forks the program that writes. A ledger's child says each press once it could light the lamp,
then is stopped (its files are copied as they lie and judged) and killed (the files themselves are judged). A
hub's child takes batches that overlap, as nodes send them, says what it would acknowledge, and is killed.
After each: nothing that was said may be missing, nothing may stand twice. What a kill cannot show is a disk
that lies about fsync: the kernel keeps what a dead process wrote.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from uuid import UUID

from edge.ledger import Ledger
from edge.wire.messages import LedgerBatch
from hub.intake import take_batch
from hub.store import nodes
from hub.store.areas import Area
from hub.store.areas import add as add_area
from hub.store.database import Database, Store
from hub.store.nodes import Node
from tests import factories as make
from tests.bench._bench import CannotRun, Figure, main

NODE, LEDGER = "counter-1", UUID(int=7)
LONGEST_S = 0.03
CUTS_PER_FILE = 50
BATCH, OVERLAP = 20, 10


@dataclass
class Found:
    """What the judging of every cut adds up to."""

    cuts: int = 0
    said: int = 0
    lost: int = 0
    doubled: int = 0


def run(arguments: argparse.Namespace) -> list[Figure]:
    if not hasattr(os, "fork"):
        raise CannotRun("this system cannot fork")
    dice = random.Random(arguments.seed)  # noqa: S311 - moments, no secrets
    found = Found()
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as name:
        ledger_cuts = arguments.cuts * 2 // 3
        for number in range(0, ledger_cuts, CUTS_PER_FILE):
            _cut_ledger(
                Path(name) / f"ledger-{number}", min(CUTS_PER_FILE, ledger_cuts - number), dice, found
            )
        for number in range(0, arguments.cuts - ledger_cuts, CUTS_PER_FILE):
            count = min(CUTS_PER_FILE, arguments.cuts - ledger_cuts - number)
            _cut_hub(Path(name) / f"hub-{number}", count, dice, found)
    return [
        Figure(name="cuts", value=found.cuts, unit="cuts", n=found.cuts),
        Figure(name="lost", value=found.lost, unit="entries", n=found.said),
        Figure(name="doubled", value=found.doubled, unit="entries", n=found.said),
        Figure(name="said", value=found.said, unit="entries", n=found.cuts),
    ]


def _cut_ledger(folder: Path, cuts: int, dice: random.Random, found: Found) -> None:
    """`cuts` of one ledger, half of them copies of a writer that was stopped in its tracks."""
    folder.mkdir()
    file = folder / "ledger.db"
    held = 0
    for number in range(0, cuts, 2):
        with _storm(lambda say: _press(file, say), dice) as storm:
            if number + 1 < cuts:
                os.kill(storm.pid, signal.SIGSTOP)
                copy = folder / "copy"
                shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("copy"))
        said = storm.said
        if number + 1 < cuts:
            _judge_ledger(copy / file.name, held, said, found)
            shutil.rmtree(copy)
        held = _judge_ledger(file, held, said, found)
        found.said += len(said)


def _press(file: Path, say: Callable[[int], object]) -> None:
    """Presses as fast as they become durable; each says its own number in what it keeps."""
    ledger = Ledger.open(file, boot="bench")
    while True:
        seq = ledger.last_seq() + 1
        with ledger.together():
            ledger.append(make.pressed(dossier=f"d-{seq}"), at=make.NOW, clock=make.reading())
        say(seq)


def _judge_ledger(file: Path, held: int, said: list[int], found: Found) -> int:
    """Judge what came after `held`; returns how far the ledger goes now."""
    ledger = Ledger.open(file, boot="judge")
    found.cuts += 1
    if ledger.set_aside is not None:
        found.lost += len(said)
    marks: list[str] = []
    after = held
    while (batch := ledger.batch(after, 1000)) is not None:
        marks += [str(entry.body["dossier"]) for entry in batch.entries]
        after = batch.entries[-1].seq
    ledger.close()
    _judge(marks, held, said, found)
    return after


def _cut_hub(folder: Path, cuts: int, dice: random.Random, found: Found) -> None:
    folder.mkdir()
    file = folder / "hub.db"
    store = Store(file)
    store.write(_one_counter)
    store.close()
    held = 0
    for _ in range(cuts):
        begin = held
        with _storm(lambda say, begin=begin: _take(file, begin, say), dice) as storm:
            pass
        held = _judge_hub(file, held, storm.said, found)
        found.said += len(storm.said)


def _one_counter(db: Database) -> None:
    add_area(db, Area(id="office", name="Office", parent=None, position=0))
    node = Node(id=NODE, kind="counter", name="Counter", area="office", enrolled_at=make.NOW)
    nodes.add(db, node, secret_hash="", broker_hash="")


def _take(file: Path, held: int, say: Callable[[int], object]) -> None:
    """The hub's taking in, of batches that say again half of the one before."""
    store = Store(file)
    while True:
        first = max(held - OVERLAP, 0) + 1
        batch = _batch(first)
        held, _ = store.write(
            lambda db, batch=batch: take_batch(
                db, NODE, "bench", batch, at=make.NOW, is_plausible=lambda _: True
            )
        )
        say(held)


def _batch(first: int) -> LedgerBatch:
    found = tuple(
        make.ledger_entry(make.pressed(dossier=f"d-{seq}"), seq=seq, at=make.NOW + timedelta(seconds=seq))
        for seq in range(first, first + BATCH)
    )
    return LedgerBatch(ledger=LEDGER, first_held=1, entries=found)


def _judge_hub(file: Path, held: int, said: list[int], found: Found) -> int:
    """What was acknowledged stands once among entries and once among presses."""
    found.cuts += 1
    with connect(file) as db:
        entries = [
            mark
            for (mark,) in db.execute(
                "SELECT json_extract(body, '$.dossier') FROM entries WHERE seq > ? ORDER BY seq", [held]
            )
        ]
        presses = [
            mark for (mark,) in db.execute("SELECT dossier FROM presses WHERE seq > ? ORDER BY seq", [held])
        ]
    db.close()
    said = list(range(held + 1, max(said, default=held) + 1))
    _judge(entries, held, said, found)
    _judge(presses, held, said, found)
    return held + len(entries)


def _judge(marks: list[str], held: int, said: list[int], found: Found) -> None:
    wanted = [f"d-{seq}" for seq in range(held + 1, held + len(set(marks)) + 1)]
    found.lost += len({f"d-{seq}" for seq in said} - set(marks))
    found.doubled += len(marks) - len(set(marks))
    found.lost += len(set(wanted) - set(marks))


class _storm:  # noqa: N801 - used as a block
    """A forked child that writes until it is killed at the end of the block, a random moment after its first
    word; `said` is what it said before."""

    def __init__(self, write: Callable[[Callable[[int], object]], None], dice: random.Random) -> None:
        self._write = write
        self._wait_s = dice.random() * LONGEST_S
        self.said: list[int] = []
        self.pid = 0

    def __enter__(self) -> "_storm":
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            self._be_child(writing)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")
        if not self._pipe.peek(1):
            self._reap()
            raise CannotRun("the writer ended before its first word")
        time.sleep(self._wait_s)
        return self

    def __exit__(self, *_: object) -> None:
        self._reap()

    def _reap(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        with self._pipe:
            self.said = [int(line) for line in _whole_lines(self._pipe.read())]

    def _be_child(self, writing: int) -> None:
        try:
            self._write(lambda seq: os.write(writing, b"%d\n" % seq))
        finally:
            os._exit(1)


def _whole_lines(text: bytes) -> Iterator[bytes]:
    yield from text[: text.rfind(b"\n") + 1].split()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench powercut", description=__doc__.splitlines()[0])
    parser.add_argument("--cuts", type=int, default=600, help="default: 600")
    parser.add_argument("--seed", type=int, default=None, help="of the moments, to see a run again")
    return parser


if __name__ == "__main__":
    sys.exit(main("powercut", _arguments(), run))
