"""On a disk that is truly full SQLite cannot even delete. Needs root, to mount a small disk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.errors import LedgerFull
from edge.ledger import Ledger
from tests import factories as make

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk"),
]


@pytest.fixture
def full_ledger(tmp_path: Path) -> Iterator[Ledger]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)], check=True)
    ledger = Ledger.open(tmp_path / "ledger.sqlite3", boot="b")
    with suppress(LedgerFull):
        while True:
            append(ledger)
    yield ledger
    ledger.close()
    subprocess.run(["umount", str(tmp_path)], check=True)


def append(ledger: Ledger) -> int:
    return ledger.append(make.booted(), at=make.NOW, clock=make.reading())


def test_nothing_is_claimed(full_ledger: Ledger) -> None:
    last = full_ledger.last_seq()
    with pytest.raises(LedgerFull):
        append(full_ledger)
    assert full_ledger.last_seq() == last


def test_what_the_hub_has_stored_makes_way(full_ledger: Ledger) -> None:
    last = full_ledger.last_seq()
    assert full_ledger.mark_stored(full_ledger.id, last)
    assert append(full_ledger) == last + 1


def test_ten_thousand_entries_go_through_while_the_hub_keeps_up(full_ledger: Ledger) -> None:
    full_ledger.mark_stored(full_ledger.id, full_ledger.last_seq())
    first = full_ledger.last_seq()
    for _ in range(10_000):
        full_ledger.mark_stored(full_ledger.id, append(full_ledger))
    assert full_ledger.last_seq() == first + 10_000
