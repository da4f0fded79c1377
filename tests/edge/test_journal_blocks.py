import pytest

from edge.errors import LedgerError, LedgerFull
from edge.journal import Journal
from edge.ledger import Ledger
from tests.fakes import FakeClock


@pytest.fixture
def journal(ledger: Ledger) -> Journal:
    return Journal(ledger=ledger, clock=FakeClock())


def test_a_block_reaches_the_disk(journal: Journal, ledger: Ledger) -> None:
    assert journal.together(lambda: ledger.keep("a", b"1"))
    assert ledger.kept("a") == b"1"


def test_nothing_of_a_block_that_fails_is_kept(journal: Journal, ledger: Ledger) -> None:
    def work() -> None:
        ledger.keep("a", b"1")
        raise LedgerError("pulled")

    assert not journal.together(work)
    assert ledger.kept("a") is None
    assert journal.trouble == "pulled"


def test_a_block_is_tried_once_more_where_room_was_made(journal: Journal, ledger: Ledger) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise LedgerFull("no room yet")
        ledger.keep("a", b"1")

    assert journal.together(work)
    assert ledger.kept("a") == b"1"
    assert journal.trouble == ""
