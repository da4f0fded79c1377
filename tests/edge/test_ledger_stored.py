"""What a ledger keeps once the hub has stored it, has forgotten it, or has no room left for it."""

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.errors import LedgerFull
from edge.ledger import Ledger
from tests import factories as make
from tests.factories_ledger import append, fill, fill_up, reopened, seqs


def test_storing_is_remembered_over_a_restart(ledger: Ledger, ledger_file: Path) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 3)
    again = reopened(ledger, ledger_file)
    assert (again.stored_seq(), again.unstored()) == (3, 2)
    again.close()


def test_what_a_restored_hub_lacks_is_sent_again(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 4)
    assert ledger.mark_stored(ledger.id, 2)
    assert seqs(ledger) == [3, 4, 5]


def test_what_a_restored_hub_lacks_is_not_pruned_any_more(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 4)
    ledger.mark_stored(ledger.id, 2)
    ledger.prune(keep_rows=0)
    assert seqs(ledger) == [3, 4, 5]


def test_what_is_gone_before_a_hub_is_restored_is_named_as_not_held(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 4)
    ledger.prune(keep_rows=2)
    ledger.mark_stored(ledger.id, 1)
    batch = ledger.batch(0, 10)
    assert batch
    assert (batch.first_held, [entry.seq for entry in batch.entries]) == (4, [4, 5])


def test_storing_the_same_again_is_no_news(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 4)
    assert not ledger.mark_stored(ledger.id, 4)


def test_what_is_said_of_another_ledger_is_ignored(ledger: Ledger) -> None:
    fill(ledger, 5)
    assert not ledger.mark_stored(uuid4(), 3)
    assert ledger.unstored() == 5


def test_a_hub_that_knows_more_than_was_written_makes_the_ledger_begin_anew(
    ledger: Ledger, ledger_file: Path
) -> None:
    for number in range(5):
        append(ledger, make.booted(software=str(number)))
    before = ledger.id
    ledger.mark_stored(before, 3)
    assert ledger.mark_stored(before, 6)
    again = reopened(ledger, ledger_file)
    batch = again.batch(0, 10)
    assert batch
    assert batch.ledger == again.id == ledger.id != before
    assert [(entry.seq, entry.body["software"]) for entry in batch.entries] == [(1, "3"), (2, "4")]
    assert (batch.first_held, append(again)) == (1, 3)
    again.close()


def test_a_ledger_that_begins_anew_with_nothing_counts_from_one(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 5)
    ledger.mark_stored(ledger.id, 9)
    assert append(ledger) == 1


def test_an_old_copy_of_a_ledger_loses_nothing_that_is_new(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="first life")
    fill(ledger, 3)
    ledger.close()
    copy = ledger_file.read_bytes()
    ledger = Ledger.open(ledger_file, boot="second life")
    fill(ledger, 5)
    hub_has = ledger.last_seq()
    old_id = ledger.id
    ledger.close()
    ledger_file.write_bytes(copy)
    ledger = Ledger.open(ledger_file, boot="third life")
    append(ledger, make.booted(software="new"))
    ledger.mark_stored(old_id, hub_has)
    batch = ledger.batch(0, 10)
    assert batch
    assert batch.ledger != old_id
    assert batch.entries[-1].body["software"] == "new"
    ledger.close()


def test_pruning_keeps_what_is_not_stored(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 2)
    assert ledger.prune(keep_rows=0) == 2
    assert seqs(ledger) == [3, 4, 5]


def test_pruning_drops_the_oldest(ledger: Ledger) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 5)
    ledger.prune(keep_rows=2)
    append(ledger)
    batch = ledger.batch(0, 1)
    assert batch
    assert batch.first_held == 4


def test_a_full_ledger_drops_what_is_acknowledged(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="b", max_bytes=200_000)
    fill(ledger, 1_000)
    ledger.mark_stored(ledger.id, 900)
    for _ in range(2_000):
        seq = append(ledger)
        ledger.mark_stored(ledger.id, seq - 10)
    assert seqs(ledger) == list(range(2_991, 3_001))
    ledger.close()


def test_a_full_ledger_of_unacknowledged_entries_takes_no_more_and_loses_none(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    assert seqs(ledger) == list(range(1, last + 1))
    ledger.close()


def test_a_full_ledger_takes_entries_again_once_some_are_stored(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    ledger.mark_stored(ledger.id, last)
    assert append(ledger) == last + 1
    ledger.close()


def test_a_block_that_finds_the_ledger_full_leaves_nothing_and_goes_the_next_time(ledger_file: Path) -> None:
    ledger = Ledger.open(ledger_file, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    ledger.mark_stored(ledger.id, last)
    with pytest.raises(LedgerFull):
        fill(ledger, 5)
    fill(ledger, 5)
    assert seqs(ledger) == list(range(last + 1, last + 6))
    ledger.close()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["append", "stored", "prune", "reopen"]), st.integers(0, 40)), max_size=25
    )
)
def test_nothing_unstored_is_ever_lost_or_renumbered(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    ledger_file = tmp_path_factory.mktemp("steps") / "ledger.sqlite3"
    ledger = Ledger.open(ledger_file, boot="b")
    written = stored = gone = 0
    for step, number in steps:
        if step == "append":
            written += 1
            assert append(ledger) == written
        elif step == "stored":
            stored = min(number, written)
            ledger.mark_stored(ledger.id, stored)
        elif step == "prune":
            dropped = ledger.prune(keep_rows=number)
            assert dropped == max(0, min(written - gone - number, stored - gone))
            gone += dropped
        else:
            ledger = reopened(ledger, ledger_file)
        assert seqs(ledger) == list(range(max(stored, gone) + 1, written + 1))
    ledger.close()
