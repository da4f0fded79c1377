"""Entries into the ledger, one by one or several as one."""

from edge.journal import Journal
from edge.ledger import Ledger
from edge.wire.entries import Booted, Fault, Mended
from tests import factories as make
from tests.fakes import FakeClock


def kinds(ledger: Ledger) -> list[str]:
    batch = ledger.batch(0, 100)
    return [entry.kind for entry in batch.entries] if batch else []


def test_several_entries_are_recorded_in_their_order(ledger: Ledger) -> None:
    journal = Journal(ledger=ledger, clock=FakeClock(make.NOW))
    assert journal.record(Booted(software="s", clean=True), Fault(name="f"), Mended(name="f"))
    assert kinds(ledger) == ["booted", "fault", "mended"]


def test_one_that_has_its_outcome_holds_up_no_other(ledger: Ledger) -> None:
    journal = Journal(ledger=ledger, clock=FakeClock(make.NOW))
    journal.record(make.finished())
    assert not journal.record(make.finished(), Mended(name="f"))
    assert kinds(ledger) == ["finished", "mended"]


def test_no_entries_wait_for_no_disk(ledger: Ledger) -> None:
    assert Journal(ledger=ledger, clock=FakeClock(make.NOW)).record()
    assert ledger.last_seq() == 0
