"""A ledger's entries, batches, blocks, kept values and outcomes."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from edge.errors import AlreadyFinished, LedgerError
from edge.ledger import Ledger
from edge.wire.entries import Body, Refused, read_body
from tests import factories as make
from tests.factories_ledger import append, fill, fill_up, reopened, seqs


def give_up(ledger: Ledger, *, nested: bool = False) -> None:
    """Write much in a block that raises."""
    with suppress(ZeroDivisionError), ledger.together():
        with ledger.together() if nested else nullcontext():
            append(ledger)
            ledger.keep("plan", b"token")
            ledger.mark_stored(ledger.id, 1)
        raise ZeroDivisionError


def test_entries_are_numbered_from_one(ledger: Ledger) -> None:
    assert [append(ledger), append(ledger)] == [1, 2]


def test_an_entry_comes_out_as_it_went_in(ledger: Ledger) -> None:
    ledger.append(make.finished(), at=make.NOW, clock=make.reading(bound_ms=None))
    batch = ledger.batch(0, 10)
    assert batch
    assert batch.entries == (make.ledger_entry(make.finished(), clock=make.reading(bound_ms=None)),)


@pytest.mark.parametrize("body", make.bodies(), ids=lambda body: body.kind)
def test_every_kind_of_entry_comes_out_as_it_went_in(ledger: Ledger, body: Body) -> None:
    append(ledger, body)
    batch = ledger.batch(0, 1)
    assert batch
    assert read_body(batch.entries[0].kind, batch.entries[0].body) == body


def test_entries_survive_a_restart(ledger: Ledger, ledger_file: Path) -> None:
    append(ledger)
    again = reopened(ledger, ledger_file)
    assert (seqs(again), again.id) == ([1], ledger.id)
    again.close()


def test_numbers_go_on_after_everything_was_dropped(ledger: Ledger, ledger_file: Path) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 5)
    ledger.prune(keep_rows=0)
    again = reopened(ledger, ledger_file)
    assert append(again) == 6
    again.close()


def test_an_empty_ledger_has_no_batch(ledger: Ledger) -> None:
    assert ledger.batch(0, 10) is None


def test_a_batch_holds_what_comes_after_a_number(ledger: Ledger) -> None:
    fill(ledger, 5)
    batch = ledger.batch(2, 2)
    assert batch
    assert [entry.seq for entry in batch.entries] == [3, 4]


def test_a_batch_never_holds_what_is_stored(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 4)
    assert seqs(ledger) == [5]


def test_a_batch_says_which_entry_is_the_first_held(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 3)
    ledger.prune(keep_rows=3)
    batch = ledger.batch(0, 10)
    assert batch
    assert batch.first_held == 3


def test_a_batch_is_never_larger_than_the_contract_allows(ledger: Ledger) -> None:
    fill(ledger, 1_001)
    batch = ledger.batch(0, 5_000)
    assert batch
    assert len(batch.entries) == 1_000


def test_a_batch_of_long_entries_stays_a_small_message(ledger: Ledger) -> None:
    with ledger.together():
        for _ in range(900):
            append(ledger, Refused(what="plan", reason="r" * 500, detail="d" * 500))
    batch = ledger.batch(0, 1_000)
    assert batch
    assert len(batch.encode()) < 1_000_000


def test_a_block_reaches_the_disk_whole(ledger: Ledger, ledger_file: Path) -> None:
    with ledger.together():
        append(ledger)
        ledger.keep("plan", b"token")
    again = reopened(ledger, ledger_file)
    assert (seqs(again), again.kept("plan")) == ([1], b"token")
    again.close()


@pytest.mark.parametrize("nested", [False, True])
def test_a_block_that_raises_leaves_nothing(ledger: Ledger, *, nested: bool) -> None:
    fill(ledger, 2)
    give_up(ledger, nested=nested)
    assert (seqs(ledger), ledger.kept("plan"), ledger.stored_seq()) == ([1, 2], None, 0)


def test_a_block_goes_on_after_one_that_raised(ledger: Ledger) -> None:
    give_up(ledger)
    fill(ledger, 1)
    assert seqs(ledger) == [1]


def test_what_is_caught_inside_a_block_cannot_be_half_of_it(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    with suppress(LedgerError), ledger.together():
        fill_up(ledger)
        ledger.keep("plan", b"token")
    assert (ledger.kept("plan"), ledger.last_seq()) == (None, last)
    ledger.close()


def test_a_kept_value_takes_the_place_of_the_one_before(ledger: Ledger) -> None:
    ledger.keep("plan", b"one")
    ledger.keep("plan", b"two")
    assert ledger.kept("plan") == b"two"


def test_any_bytes_can_be_kept(ledger: Ledger) -> None:
    ledger.keep("x", b"\0\xff")
    assert ledger.kept("x") == b"\0\xff"


def test_nothing_is_kept_at_first(ledger: Ledger) -> None:
    assert ledger.kept("plan") is None


def test_what_started_and_did_not_finish_is_unfinished(ledger: Ledger, ledger_file: Path) -> None:
    append(ledger, make.started(occurrence="cut-off"))
    append(ledger, make.started(occurrence="whole"))
    append(ledger, make.finished(occurrence="whole"))
    again = reopened(ledger, ledger_file)
    assert again.unfinished() == [make.started(occurrence="cut-off")]
    again.close()


def test_what_started_again_is_unfinished_once(ledger: Ledger) -> None:
    append(ledger, make.started(start_error_ms=1.0))
    append(ledger, make.started(start_error_ms=2.0))
    assert ledger.unfinished() == [make.started(start_error_ms=2.0)]


def test_an_occurrence_has_one_outcome(ledger: Ledger) -> None:
    append(ledger, make.finished())
    with pytest.raises(AlreadyFinished, match="o-1"):
        append(ledger, make.finished())
    assert seqs(ledger) == [1]


def test_outcomes_are_found_by_due_instant(ledger: Ledger) -> None:
    append(ledger, make.finished(occurrence="old", due_at=make.NOW - timedelta(seconds=1)))
    append(ledger, make.finished(occurrence="new", due_at=make.NOW))
    assert ledger.finished_ids(make.NOW) == {"new"}


def test_what_only_started_has_no_outcome(ledger: Ledger) -> None:
    append(ledger, make.started())
    assert ledger.finished_ids(make.NOW) == frozenset()


def test_an_outcome_is_known_after_its_entry_was_pruned(ledger: Ledger) -> None:
    append(ledger, make.skipped())
    ledger.mark_stored(ledger.id, 1)
    ledger.prune(keep_rows=0)
    assert ledger.finished_ids(make.NOW) == {"o-2"}
