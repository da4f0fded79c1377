"""Filling a ledger in tests, and reading what it holds."""

from contextlib import suppress
from pathlib import Path

from edge.errors import LedgerFull
from edge.ledger import Ledger
from edge.wire.entries import Body
from tests import factories as make


def append(ledger: Ledger, body: Body | None = None) -> int:
    return ledger.append(body or make.booted(), at=make.NOW, clock=make.reading())


def fill(ledger: Ledger, count: int) -> None:
    with ledger.together():
        for _ in range(count):
            append(ledger)


def fill_up(ledger: Ledger) -> int:
    """Append until the ledger is full; the last number that it took."""
    last = 0
    with suppress(LedgerFull):
        while True:
            last = append(ledger)
    return last


def reopened(ledger: Ledger, path: Path) -> Ledger:
    ledger.close()
    return Ledger.open(path, boot="boot-2")


def seqs(ledger: Ledger) -> list[int]:
    found: list[int] = []
    while batch := ledger.batch(found[-1] if found else 0, 1_000):
        found += [entry.seq for entry in batch.entries]
    return found
