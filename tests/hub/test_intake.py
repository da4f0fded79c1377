"""Whatever the network does to a ledger's batches: each entry once, in order, and the count is right."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from edge.wire.entries import Armed, Body, Fault, Mended
from edge.wire.messages import LedgerBatch
from hub.intake import take_batch
from hub.store import faults, ledger, plays
from hub.store.migrations import MIGRATIONS
from tests import factories as make

AT = datetime(2026, 11, 20, tzinfo=UTC)
NAME = str(make.LEDGER)

spans = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 6)), max_size=15)


@contextmanager
def fresh() -> Iterator[Database]:
    with closing(Database(memory=True)) as db:
        MIGRATIONS.apply(db)
        yield db


def body(seq: int) -> Fault | Mended:
    return Fault(name="f", detail=str(seq)) if seq % 2 else Mended(name="f")


def batch(seqs: Sequence[int], first_held: int = 1) -> LedgerBatch:
    entries = tuple(make.ledger_entry(body(seq), seq=seq) for seq in seqs)
    return LedgerBatch(ledger=make.LEDGER, first_held=first_held, entries=entries)


def take(db: Database, sent: LedgerBatch) -> int:
    with db.atomic():
        stored, _ = take_batch(db, "n", "t", sent, at=AT, is_plausible=lambda _: True)
    return stored


def kept(db: Database) -> list[int]:
    return [row[0] for row in db.execute("SELECT seq FROM entries ORDER BY seq")]


def gap_free(seqs: set[int]) -> int:
    stored = 0
    while stored + 1 in seqs:
        stored += 1
    return stored


@settings(max_examples=150)
@given(spans)
def test_any_order_repetition_and_gap_stores_each_once_and_acknowledges_no_gap(
    sent: list[tuple[int, int]],
) -> None:
    seen: set[int] = set()
    with fresh() as db:
        for first, count in sent:
            seqs = range(first, first + count)
            seen.update(seqs)
            assert take(db, batch(seqs)) == gap_free(seen)
        assert kept(db) == sorted(seen)


@settings(max_examples=100)
@given(st.permutations(list(range(1, 12))), st.data())
def test_the_effect_is_that_of_the_right_order(order: list[int], data: st.DataObject) -> None:
    with fresh() as db:
        while order:
            size = data.draw(st.integers(1, len(order)))
            take(db, batch(sorted(order[:size])))
            order = order[size:]
        assert [fault.detail for fault in faults.open_faults(db)] == ["11"]


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 5), st.integers(0, 8)), max_size=12))
def test_what_is_lost_and_what_is_kept_are_all_that_was(sent: list[tuple[int, int, int]]) -> None:
    seen: set[int] = set()
    held, last = 1, 0
    with fresh() as db:
        for first, count, back in sent:
            held = max(held, first - back)
            seqs = [seq for seq in range(first, first + count) if seq >= held]
            seen.update(seqs)
            stored = take(db, batch(seqs, first_held=held))
            assert stored >= last
            last = stored
        progress = ledger.progress(db, "n", NAME)
        assert progress.lost + len([seq for seq in seen if seq <= progress.stored]) == progress.stored
        assert kept(db) == sorted(seen)


def test_an_entry_that_comes_with_another_content_changes_nothing() -> None:
    with fresh() as db:
        take(db, batch([1]))
        forged = LedgerBatch(
            ledger=make.LEDGER, first_held=1, entries=(make.ledger_entry(Fault(name="other"), seq=1),)
        )
        take(db, forged)
        assert [fault.name for fault in faults.open_faults(db)] == ["f"]


def test_an_entry_kept_beyond_a_gap_counts_as_it_came_first() -> None:
    with fresh() as db:
        take(db, batch([2]))
        forged = make.ledger_entry(Fault(name="other"), seq=2)
        both = LedgerBatch(
            ledger=make.LEDGER, first_held=1, entries=(make.ledger_entry(Fault(name="f"), seq=1), forged)
        )
        assert take(db, both) == 2
        assert faults.open_faults(db) == []


PLAY = "s.20261120T020100Z"


def outcome(bodies: Sequence[Body]) -> tuple[str, str | None]:
    with fresh() as db:
        db.table("areas").insert({"id": "a", "name": "A"})
        node = {"id": "n", "kind": "speaker", "name": "n", "area": "a", "secret_hash": "", "broker_hash": ""}
        db.table("nodes").insert({**node, "enrolled_at": "2026-11-20T00:00:00.000000Z"})
        entries = tuple(make.ledger_entry(body, seq=seq) for seq, body in enumerate(bodies, 1))
        take(db, LedgerBatch(ledger=make.LEDGER, first_held=1, entries=entries))
        told = plays.told_of(db, f"{PLAY}@n")
        assert told is not None
        return told.state, told.outcome


def test_of_two_outcomes_in_one_batch_the_first_stays() -> None:
    bodies = [make.finished(occurrence=PLAY), make.skipped(occurrence=PLAY)]
    assert outcome(bodies) == ("finished", "played")


def test_a_play_that_is_armed_again_while_it_sounds_is_still_playing() -> None:
    bodies = [make.started(occurrence=PLAY), Armed(occurrence=PLAY, due_at=AT)]
    assert outcome(bodies) == ("playing", None)
