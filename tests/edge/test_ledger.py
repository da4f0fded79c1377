import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.errors import AlreadyFinished, LedgerError, LedgerFull
from edge.ledger import Ledger
from edge.ledger_rows import DAMAGED
from edge.wire.entries import Body, read_body
from tests import factories as make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(path, boot="boot-1")
    yield opened
    opened.close()


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


def give_up(ledger: Ledger, *, nested: bool = False) -> None:
    """Write much in a block that raises."""
    with suppress(ZeroDivisionError), ledger.together():
        with ledger.together() if nested else nullcontext():
            append(ledger)
            ledger.keep("plan", b"token")
            ledger.mark_stored(ledger.id, 1)
        raise ZeroDivisionError


def reopened(ledger: Ledger, path: Path) -> Ledger:
    ledger.close()
    return Ledger.open(path, boot="boot-2")


def seqs(ledger: Ledger) -> list[int]:
    found: list[int] = []
    while batch := ledger.batch(found[-1] if found else 0, 1_000):
        found += [entry.seq for entry in batch.entries]
    return found


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


def test_entries_survive_a_restart(ledger: Ledger, path: Path) -> None:
    append(ledger)
    again = reopened(ledger, path)
    assert (seqs(again), again.id) == ([1], ledger.id)
    again.close()


def test_numbers_go_on_after_everything_was_dropped(ledger: Ledger, path: Path) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 5)
    ledger.prune(keep_rows=0)
    again = reopened(ledger, path)
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
            append(ledger, make.entries.Refused(what="plan", reason="r" * 500, detail="d" * 500))
    batch = ledger.batch(0, 1_000)
    assert batch
    assert len(batch.encode()) < 1_000_000


def test_storing_is_remembered_over_a_restart(ledger: Ledger, path: Path) -> None:
    fill(ledger, 5)
    ledger.mark_stored(ledger.id, 3)
    again = reopened(ledger, path)
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
    ledger: Ledger, path: Path
) -> None:
    for number in range(5):
        append(ledger, make.booted(software=str(number)))
    before = ledger.id
    ledger.mark_stored(before, 3)
    assert ledger.mark_stored(before, 6)
    again = reopened(ledger, path)
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


def test_an_old_copy_of_a_ledger_loses_nothing_that_is_new(path: Path) -> None:
    ledger = Ledger.open(path, boot="first life")
    fill(ledger, 3)
    ledger.close()
    copy = path.read_bytes()
    ledger = Ledger.open(path, boot="second life")
    fill(ledger, 5)
    hub_has = ledger.last_seq()
    old_id = ledger.id
    ledger.close()
    path.write_bytes(copy)
    ledger = Ledger.open(path, boot="third life")
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


def test_a_block_reaches_the_disk_whole(ledger: Ledger, path: Path) -> None:
    with ledger.together():
        append(ledger)
        ledger.keep("plan", b"token")
    again = reopened(ledger, path)
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


def test_what_is_caught_inside_a_block_cannot_be_half_of_it(path: Path) -> None:
    ledger = Ledger.open(path, boot="b", max_bytes=100_000)
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


def test_what_started_and_did_not_finish_is_unfinished(ledger: Ledger, path: Path) -> None:
    append(ledger, make.started(occurrence="cut-off"))
    append(ledger, make.started(occurrence="whole"))
    append(ledger, make.finished(occurrence="whole"))
    again = reopened(ledger, path)
    assert again.unfinished() == [make.started(occurrence="cut-off")]
    again.close()


def test_a_start_that_cannot_be_read_keeps_no_node_from_starting(ledger: Ledger, path: Path) -> None:
    for name in ("whole", "damaged"):
        append(ledger, make.started(occurrence=name))
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE outcomes SET started = '{broken' WHERE occurrence = 'damaged'")
    db.close()
    again = Ledger.open(path, boot="boot-2")
    assert again.unfinished() == [make.started(occurrence="whole")]
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


def test_a_full_ledger_drops_what_is_acknowledged(path: Path) -> None:
    ledger = Ledger.open(path, boot="b", max_bytes=200_000)
    fill(ledger, 1_000)
    ledger.mark_stored(ledger.id, 900)
    for _ in range(2_000):
        seq = append(ledger)
        ledger.mark_stored(ledger.id, seq - 10)
    assert seqs(ledger) == list(range(2_991, 3_001))
    ledger.close()


def test_a_full_ledger_of_unacknowledged_entries_takes_no_more_and_loses_none(path: Path) -> None:
    ledger = Ledger.open(path, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    assert seqs(ledger) == list(range(1, last + 1))
    ledger.close()


def test_a_full_ledger_takes_entries_again_once_some_are_stored(path: Path) -> None:
    ledger = Ledger.open(path, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    ledger.mark_stored(ledger.id, last)
    assert append(ledger) == last + 1
    ledger.close()


def test_a_block_that_finds_the_ledger_full_leaves_nothing_and_goes_the_next_time(path: Path) -> None:
    ledger = Ledger.open(path, boot="b", max_bytes=100_000)
    last = fill_up(ledger)
    ledger.mark_stored(ledger.id, last)
    with pytest.raises(LedgerFull):
        fill(ledger, 5)
    fill(ledger, 5)
    assert seqs(ledger) == list(range(last + 1, last + 6))
    ledger.close()


def test_a_second_program_on_the_same_ledger_is_refused(ledger: Ledger, path: Path) -> None:
    with pytest.raises(LedgerError, match="locked"):
        Ledger.open(path, boot="other")


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(LedgerError):
        append(ledger)


def test_a_folder_in_the_ledgers_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=str(tmp_path)):
        Ledger.open(tmp_path, boot="b")


@pytest.mark.parametrize("rubbish", [b"rubbish" * 999, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_ledger_is_set_aside(path: Path, rubbish: bytes) -> None:
    path.write_bytes(rubbish)
    ledger = Ledger.open(path, boot="b")
    assert ledger.set_aside
    assert ledger.set_aside.read_bytes() == rubbish
    assert append(ledger) == 1
    ledger.close()


def test_a_damaged_ledger_is_set_aside_and_a_new_one_begins(ledger: Ledger, path: Path) -> None:
    fill(ledger, 2_000)
    ledger.close()
    content = bytearray(path.read_bytes())
    content[5 * 4096 : 9 * 4096] = b"\xa5" * (4 * 4096)
    path.write_bytes(content)
    fresh = Ledger.open(path, boot="boot-2")
    assert fresh.set_aside
    assert fresh.id != ledger.id
    fresh.close()


def test_a_whole_ledger_is_not_set_aside(ledger: Ledger) -> None:
    assert ledger.set_aside is None


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(ledger: Ledger, path: Path) -> None:
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LedgerError, match="newer"):
        Ledger.open(path, boot="b")
    assert path.exists()


def test_a_damaged_entry_holds_nothing_up(ledger: Ledger, path: Path) -> None:
    fill(ledger, 3)
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET body = '{broken' WHERE seq = 2")
    db.close()
    again = Ledger.open(path, boot="boot-2")
    batch = again.batch(0, 10)
    assert batch
    assert [entry.kind for entry in batch.entries] == ["booted", DAMAGED, "booted"]
    again.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_write_ahead_log_cut_anywhere_leaves_a_beginning(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "ledger.sqlite3"
    ledger = Ledger.open(path, boot="b")
    for _ in range(20):
        append(ledger)
    wal = path.with_name(f"{path.name}-wal").read_bytes()
    main = path.read_bytes()
    ledger.close()
    path.write_bytes(main)
    path.with_name(f"{path.name}-wal").write_bytes(wal[: data.draw(st.integers(0, len(wal)))])
    survivor = Ledger.open(path, boot="b")
    found = seqs(survivor)
    assert found == list(range(1, len(found) + 1))
    survivor.close()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["append", "stored", "prune", "reopen"]), st.integers(0, 40)), max_size=25
    )
)
def test_nothing_unstored_is_ever_lost_or_renumbered(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("steps") / "ledger.sqlite3"
    ledger = Ledger.open(path, boot="b")
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
            ledger = reopened(ledger, path)
        assert seqs(ledger) == list(range(max(stored, gone) + 1, written + 1))
    ledger.close()


def test_ten_kills_in_a_storm_lose_nothing_and_double_nothing(path: Path) -> None:
    moments = Random(20_261_120)  # noqa: S311  (when to kill, the same in each run)
    for _ in range(10):
        taken = last_taken_before_kill(path, after_lines=moments.randint(1, 60))
        ledger = Ledger.open(path, boot="after")
        found = seqs(ledger)
        assert found == list(range(ledger.stored_seq() + 1, ledger.last_seq() + 1))
        assert ledger.last_seq() >= taken
        assert ledger.set_aside is None
        assert ledger.unfinished() == []
        assert int(ledger.kept("last") or 0) <= ledger.last_seq()
        ledger.close()


def last_taken_before_kill(path: Path, *, after_lines: int) -> int:
    program = [sys.executable, "-m", "tests.ledger_storm", str(path)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as storm:
        assert storm.stdout
        lines = [storm.stdout.readline() for _ in range(after_lines)]
        storm.kill()
        lines += storm.stdout.readlines()
    return int([line for line in lines if line.endswith("\n")][-1])
