"""The hub's disk is full, and a stop is stored and sent all the same. Root mounts the disk."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

import pytest

from edge.wire.entries import Fault, Obeyed
from edge.wire.orders import OrderKind
from hub.bulletins import Bulletins
from hub.emergency_checks import WantedEmergency
from hub.library import Library
from hub.people.people import People
from hub.people.roles import Role
from hub.store.database import Database, Store
from hub.store.reserve import Reserve, is_full
from hub.targets import Target
from tests.factories_hub import Village, actor
from tests.factories_people import PASSWORD, cheap_passwords
from tests.fakes_audio import FakePrepare
from tests.full_disk import add_row, fill_file, on_full
from tests.small_disk import by_root, fill, filler, small_disk

pytestmark = [pytest.mark.long, by_root]

MB = 1024 * 1024
RESERVE = 6 * MB
MANY_PRESSES = 150
SOME = [Fault(name=f"n-{number}", detail="x" * 400) for number in range(200)]
LEADER = actor(Role.APPROVER, name="Minh")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path, size="20m") as disk:
        yield disk


@pytest.fixture
def reserve(disk: Path) -> Reserve:
    return Reserve(disk / "hub.db", bytes_=RESERVE, step_bytes=MB)


@pytest.fixture
def village(disk: Path, reserve: Reserve) -> Iterator[Village]:
    with on_full(disk, reserve, log_bytes=3 * MB) as village:
        yield village


def press(village: Village, kind: OrderKind = OrderKind.STOP) -> None:
    village.orders.issue(LEADER, kind=kind, everywhere=True)


def people_of(village: Village) -> People:
    return People(store=village.store, passwords=cheap_passwords(), now=village.now)


def is_stopped(village: Village, node: str) -> bool:
    return village.line.standing(node).stopped is not None


def test_the_stop_goes_out_as_order_and_as_standing_state(village: Village) -> None:
    press(village)
    assert [order.kind for _, order in village.line.orders()] == [OrderKind.STOP]
    assert all(is_stopped(village, node) for node in ("loa-1", "loa-2", "loa-3"))


def test_the_stop_stands_in_the_file_when_the_hub_begins_again(village: Village) -> None:
    press(village)
    village.close()
    village.open()
    assert village.orders.current() is not None


def test_it_is_lifted_on_the_full_disk(village: Village) -> None:
    press(village)
    press(village, OrderKind.RESUME)
    assert village.orders.current() is None
    assert not is_stopped(village, "loa-1")


def test_who_is_not_logged_in_logs_in_and_stops(village: Village) -> None:
    session = people_of(village).log_in(login="minh", password=PASSWORD, address="192.0.2.1")
    press(village)
    assert people_of(village).sessions.find(session.token) is not None


def test_who_is_logged_in_logs_out(village: Village) -> None:
    people = people_of(village)
    session = people.log_in(login="minh", password=PASSWORD, address="192.0.2.1")
    fill_file(village)
    people.sessions.end(LEADER, session.token)
    assert people.sessions.find(session.token) is None


def says_that_it_obeys(village: Village, node: str, how: str) -> None:
    """In its ledger or with its readings; neither finds room."""
    seq = village.line.orders()[-1][1].seq
    ways = {
        "ledger": lambda: village.wrote(node, [*SOME, Obeyed(seq=seq, order="stop")]),
        "readings": lambda: village.health(node, order=seq, faults=("x" * 200,) * 30),
    }
    with pytest.raises(OperationalError, match="full"):
        ways[how]()


@pytest.mark.parametrize("how", ["ledger", "readings"])
def test_a_loudspeaker_that_is_silent_counts_as_confirmed(village: Village, how: str) -> None:
    press(village)
    fill_file(village)
    says_that_it_obeys(village, "loa-1", how)
    stop = village.orders.current()
    assert stop is not None
    assert stop.unconfirmed == ("loa-2", "loa-3")


def test_an_emergency_begins_and_ends(village: Village) -> None:
    (bulletin,) = village.store.read().execute("SELECT id FROM bulletins WHERE state = 'approved'").fetchone()
    wanted = WantedEmergency(bulletin=bulletin, target=Target(everywhere=True), despite_missing=True)
    begun = village.emergencies.begin(LEADER, wanted)
    assert len(village.line.standing("loa-1").emergencies) == 1
    fill_file(village)
    village.emergencies.cancel(LEADER, begun.kept.id)
    assert village.emergencies.running() == []


def test_a_draft_and_its_recording_that_fill_it_are_deleted(village: Village, tmp_path: Path) -> None:
    both: dict[str, Any] = {"store": village.store, "events": village.events, "now": village.now}
    bulletins = Bulletins(**both)
    library = Library(folder=tmp_path / "library", prepare=FakePrepare(), **both)
    draft = next(each for each in bulletins.bulletins() if each.state == "draft")
    bulletins.delete(LEADER, draft.id)
    fill_file(village)
    library.delete(LEADER, draft.recordings[0].id)
    assert draft.id not in [each.id for each in bulletins.bulletins()]
    assert draft.recordings[0].id not in [each.id for each in library.recordings()]


def test_what_is_no_order_is_refused(village: Village) -> None:
    press(village)
    fill_file(village)
    with pytest.raises(OperationalError, match="full"):
        village.wrote("loa-1", [Fault(name="sound", detail="x")])


def test_it_lasts_for_many_presses_while_others_write_on(village: Village, disk: Path) -> None:
    for kind in (OrderKind.STOP, OrderKind.RESUME) * (MANY_PRESSES // 2):
        press(village, kind)
        with suppress(OperationalError):
            village.store.write(lambda db: add_row(db, 40_000))
    village.store.keep_reserve()
    assert (disk / "hub.db-reserve").stat().st_size > RESERVE - MB


def test_presses_that_come_at_once_are_all_stored(village: Village) -> None:
    gate = threading.Event()
    village.store.submit(lambda _: gate.wait(10))
    refused = village.store.submit(lambda db: add_row(db, 9_000_000))
    presses = [village.store.submit(note(f"press-{number}"), must=True) for number in range(2)]
    gate.set()
    assert [press.exception(10) for press in presses] == [None, None]
    assert isinstance(refused.exception(10), OperationalError)


def test_what_others_wrote_before_gets_nothing_of_a_reserve_too_small_for_it(disk: Path) -> None:
    small = Reserve(disk / "hub.db", bytes_=2 * MB, step_bytes=MB)
    with on_full(disk, small, log_bytes=5 * MB) as village:
        for _ in range(10):
            press(village)
        village.store.keep_reserve()
    assert (disk / "hub.db-reserve").stat().st_size > 1.5 * MB


def test_a_press_is_stored_where_others_took_what_was_given_before(
    village: Village, reserve: Reserve, disk: Path
) -> None:
    reserve.give()
    fill(disk)
    press(village)
    assert is_stopped(village, "loa-1")


def test_with_room_again_the_reserve_is_made_anew(village: Village, reserve: Reserve, disk: Path) -> None:
    reserve.give()
    fill(disk)
    assert village.store.is_disk_full
    filler(disk).unlink()
    village.store.keep_reserve()
    assert reserve.is_whole
    assert not village.store.is_disk_full


def test_a_reader_in_between_costs_no_more_than_the_press(village: Village, reserve: Reserve) -> None:
    other = sqlite3.connect(village.path)
    with closing(other), closing(other.execute("SELECT * FROM unreadable")) as rows:
        rows.fetchone()
        press(village)
        village.store.keep_reserve()
        assert not reserve.is_whole
    village.store.keep_reserve()
    assert reserve.is_whole


def test_a_hub_begins_on_a_full_disk_with_room_of_the_reserve(
    village: Village, reserve: Reserve, disk: Path
) -> None:
    press(village)
    village.close()
    fill(disk)
    with pytest.raises(OperationalError) as refused:
        Store(village.path)
    assert is_full(refused.value)
    reserve.make_room()
    village.open()
    press(village, OrderKind.RESUME)
    assert not is_stopped(village, "loa-1")


def note(key: str) -> Callable[[Database], object]:
    return lambda db: db.execute("INSERT INTO site VALUES (?, '')", [key])
