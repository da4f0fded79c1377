from datetime import time

import pytest

from edge.counter.presses import Judged, Press
from edge.counter.tally import Tally
from edge.errors import LedgerError
from edge.journal import Journal
from edge.ledger import Ledger
from edge.wire.entries import PressSource, Totals, Uncounted
from tests.fakes import FakeClock
from tests.fakes_parts import entries_of

CLOCK = FakeClock()


def tally_on(ledger: Ledger) -> Tally:
    return Tally(ledger=ledger, journal=Journal(ledger=ledger, clock=CLOCK), clock=CLOCK, levels=4)


def judged(level: int, reason: Uncounted | None = None, key: str = "") -> Judged:
    press = Press(level, PressSource.TOUCH, CLOCK.monotonic(), CLOCK.now(), time(9, 0), key=key)
    return Judged(press, reason)


def test_presses_are_summed_by_level_raw_and_counted(ledger: Ledger) -> None:
    tally = tally_on(ledger)
    tally.keep([judged(1), judged(1, Uncounted.INTERVAL), judged(4)])
    assert tally.totals() == Totals(raw={"1": 2, "4": 1}, counted={"1": 1, "4": 1})


def test_sums_outlive_the_program(ledger: Ledger) -> None:
    tally_on(ledger).keep([judged(2)])
    tally = tally_on(ledger)
    tally.keep([judged(2)])
    assert tally.totals().raw == {"2": 2}


def test_sums_outlive_the_entries(ledger: Ledger) -> None:
    tally_on(ledger).keep([judged(2)] * 5)
    ledger.mark_stored(ledger.id, ledger.last_seq())
    ledger.prune(keep_rows=0)
    assert tally_on(ledger).totals().raw == {"2": 5}


def test_press_and_sum_reach_the_disk_together_or_not_at_all(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = tally_on(ledger)

    def broken(name: str, value: bytes) -> None:
        raise LedgerError("pulled")

    with monkeypatch.context() as while_broken:
        while_broken.setattr(ledger, "keep", broken)
        assert not tally.keep([judged(1)])
    assert entries_of(ledger) == []
    assert tally.totals().raw == {}


def test_a_ledger_that_begins_anew_is_counted_anew(ledger: Ledger) -> None:
    tally = tally_on(ledger)
    tally.keep([judged(1), judged(2)])
    ledger.mark_stored(ledger.id, 1)
    ledger.mark_stored(ledger.id, 1_000)  # the hub knows a later life of this ledger
    assert tally.totals() == Totals(raw={"2": 1}, counted={"2": 1})


@pytest.mark.parametrize("kept", [b"", b"null", b"[]", b'{"ledger": 1}', b"\xff"])
def test_sums_that_cannot_be_read_are_counted_from_the_entries(ledger: Ledger, kept: bytes) -> None:
    tally_on(ledger).keep([judged(3)])
    ledger.keep("totals", kept)
    assert tally_on(ledger).totals().raw == {"3": 1}


def test_what_became_of_a_touch_is_known_by_its_key(ledger: Ledger) -> None:
    tally = tally_on(ledger)
    tally.keep([judged(1, key="a"), judged(1, Uncounted.INTERVAL, key="b")])
    assert (tally.counted("a"), tally.counted("b"), tally.counted("c"), tally.counted("")) == (
        True,
        False,
        None,
        None,
    )


def test_only_the_last_touches_are_remembered(ledger: Ledger) -> None:
    tally = tally_on(ledger)
    for number in range(40):
        tally.keep([judged(1, key=f"key-{number}")])
    assert tally.counted("key-0") is None
    assert tally.counted("key-39") is True
