"""On a disk that is truly full SQLite cannot even delete. Needs root, to mount a small disk."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.errors import LedgerFull
from edge.ledger import Ledger
from tests import factories as make
from tests.small_disk import by_root, small_disk

pytestmark = [pytest.mark.long, by_root]


@pytest.fixture
def full_ledger(tmp_path: Path) -> Iterator[Ledger]:
    with small_disk(tmp_path, size="6m") as disk:
        ledger = Ledger.open(disk / "ledger.sqlite3", boot="b")
        with suppress(LedgerFull):
            while True:
                append(ledger)
        yield ledger
        ledger.close()


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
