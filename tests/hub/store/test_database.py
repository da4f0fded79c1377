"""The hub's file: durable when `write` returns, a failing work is alone, readers cannot write."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from hub.store.database import Store, from_text, new_id, to_text


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "hub.db")
    yield store
    store.close()


def add(key: str) -> Callable[[Database], object]:
    return lambda db: db.execute("INSERT INTO site VALUES (?, '')", [key])


def keys(db: Database) -> set[str]:
    return {row["key"] for row in db.query("SELECT key FROM site")}


def test_a_write_is_seen_by_another_connection_when_it_returns(store: Store, tmp_path: Path) -> None:
    store.write(add("a"))
    other = sqlite3.connect(tmp_path / "hub.db")
    assert other.execute("SELECT count(*) FROM site").fetchone() == (1,)
    other.close()


def test_a_failing_work_raises_to_its_caller_and_stores_nothing(store: Store) -> None:
    def half_done(db: Database) -> None:
        db.execute("INSERT INTO site VALUES ('half', '')")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.write(half_done)
    assert keys(store.read()) == set()


def test_a_failing_work_takes_nothing_of_its_group_with_it(store: Store) -> None:
    gate = threading.Event()
    first = store.submit(lambda db: gate.wait(60))
    works: list[Future[Any]] = [
        store.submit(add("a")),
        store.submit(lambda db: 1 / 0),
        store.submit(add("b")),
    ]
    gate.set()
    first.result(60)
    assert works[1].exception(60) is not None
    works[2].result(60)
    assert keys(store.read()) == {"a", "b"}


def test_what_found_no_room_takes_nothing_told_as_stored_with_it(store: Store) -> None:
    """SQLite may give up the whole group then: nobody's work is stored by itself behind its back."""
    store.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchall())
    gate = threading.Event()
    works: list[Future[Any]] = [store.submit(lambda _: gate.wait(60)), store.submit(add("a"))]
    works.append(store.submit(lambda db: db.execute("INSERT INTO site VALUES ('b', zeroblob(100000))")))
    works.append(store.submit(add("c")))
    gate.set()
    told = {key for key, work in zip("abc", works[1:], strict=True) if work.exception(60) is None}
    assert keys(store.read()) == told


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.read().execute("INSERT INTO site VALUES ('x', '')")


def test_works_waiting_at_close_are_still_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "hub.db")
    waiting = [store.submit(add(str(number))) for number in range(50)]
    store.close()
    assert all(work.exception(0) is None for work in waiting)


def test_a_closed_store_takes_no_work(tmp_path: Path) -> None:
    store = Store(tmp_path / "hub.db")
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        store.write(add("late"))


def test_opening_again_keeps_what_was_written(tmp_path: Path) -> None:
    first = Store(tmp_path / "hub.db")
    first.write(add("kept"))
    first.close()
    second = Store(tmp_path / "hub.db")
    assert keys(second.read()) == {"kept"}
    second.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_audit_log_only_grows(store: Store, statement: str) -> None:
    store.write(
        lambda db: db.execute(
            "INSERT INTO audit (at, who, address, action, what, detail) VALUES ('','','','','','')"
        )
    )
    with pytest.raises(sqlite3.IntegrityError, match="audit log"):
        store.write(lambda db: db.execute(statement))


def test_text_order_of_instants_is_time_order() -> None:
    early = datetime(2026, 2, 17, 0, 0, 0, tzinfo=timezone(timedelta(hours=7)))
    late = datetime(2026, 2, 16, 17, 0, 0, 1, tzinfo=UTC)
    assert to_text(early) < to_text(late)


def test_an_instant_survives_the_file_to_the_microsecond() -> None:
    instant = datetime(2026, 2, 17, 1, 2, 3, 456789, tzinfo=UTC)
    assert from_text(to_text(instant)) == instant


def test_identifiers_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_no_other_process_writes_between_what_a_work_reads_and_writes(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "hub.db", timeout=0, check_same_thread=False)

    def read_then_write(db: Database) -> None:
        assert keys(db) == set()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO site VALUES ('a', '')")

    store.write(read_then_write)
    other.close()
    assert keys(store.read()) == {"a"}
