"""Who is there, ready for what, and why not."""

from uuid import UUID

import pytest

from edge.wire.base import ClockState
from edge.wire.entries import Booted, Cached, Fault
from edge.wire.orders import OrderKind
from hub.errors import Forbidden, NotFound
from hub.fleet import NextItem
from hub.people.roles import Role
from hub.readiness import SILENCE
from tests.factories import SHA256, reading
from tests.factories_counter import COUNTER, add_counter
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)


def scheduled(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))


def current(village: Village, node: str) -> dict[str, int]:
    standing = village.line.standing(node).version
    return {"plan": village.line.plan(node).version, "standing": standing, "order": standing}


def ready(village: Village, node: str = "loa-1") -> None:
    village.born(node, **current(village, node))
    village.wrote(node, [Cached(recording=SHA256, bytes=1000)])


def next_item(village: Village, node: str = "loa-1") -> NextItem:
    item = village.fleet.node(node).next
    assert item is not None
    return item


def test_a_node_never_heard_is_away_and_says_so(village: Village) -> None:
    scheduled(village)
    assert village.fleet.node("loa-1").state == "away"
    assert next_item(village).why_not == ("never_heard",)


def test_a_node_with_plan_and_recordings_is_ready(village: Village) -> None:
    scheduled(village)
    ready(village)
    assert village.fleet.node("loa-1").state == "ready"
    assert next_item(village).ready


def test_a_node_that_is_away_is_ready_for_what_it_holds(village: Village) -> None:
    scheduled(village)
    ready(village)
    village.now.pass_s(59)
    village.says("loa-1", "state", b'{"v":1,"here":false,"session":"0123456789abcdef0123456789abcdef"}')
    assert village.fleet.node("loa-1").state == "away"
    assert next_item(village).ready


def test_a_node_that_has_been_silent_is_away_though_no_will_came(village: Village) -> None:
    village.publishing.refresh()
    ready(village)
    heard = village.now()
    village.now.at += SILENCE
    assert village.fleet.node("loa-1").state == "ready"
    village.now.pass_s(1)
    state = village.fleet.node("loa-1")
    assert state.report is not None
    assert (state.state, state.report.here, state.report.since) == ("away", False, heard)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [(OrderKind.STOP, None, "stopped"), (OrderKind.MUTE, None, "muted")],
)
def test_what_stands_in_the_way_is_named(
    village: Village, kind: OrderKind, value: int | None, why: str
) -> None:
    scheduled(village)
    ready(village)
    village.orders.issue(CLERK, kind=kind, value=value, nodes=["loa-1"])
    assert (village.fleet.node("loa-1").state, next_item(village).why_not) == (why, (why,))
    assert not village.fleet.node("loa-1").confirmed


def test_a_clock_that_is_not_trusted_is_in_the_way(village: Village) -> None:
    scheduled(village)
    ready(village)
    village.health("loa-1", clock=reading(ClockState.UNTRUSTED, None), **current(village, "loa-1"))
    assert next_item(village).why_not == ("clock_untrusted",)


def test_the_next_24_hours_say_how_many_are_ready_and_who_is_not(village: Village) -> None:
    scheduled(village)
    ready(village)
    [item] = village.fleet.next_24h()
    assert (item.ready, len(item.places), item.areas) == (1, 2, ("Tổ 1",))
    assert item.unready == {"loa-2": ("never_heard",)}


def test_what_sounds_now_is_among_the_next_24_hours(village: Village) -> None:
    scheduled(village)
    village.now.pass_s(90)
    assert len(village.fleet.next_24h()) == 1
    village.now.pass_s(31)
    assert village.fleet.next_24h() == []


def test_nodes_of_one_kind_are_told_from_the_others(village: Village) -> None:
    add_counter(village)
    assert [state.node.id for state in village.fleet.nodes(kind="counter")] == [COUNTER]
    known = village.fleet.known()
    assert [state.node.id for state in village.fleet.nodes(kind="counter", known=known)] == [COUNTER]


def test_a_technician_settles_a_fault(village: Village) -> None:
    village.wrote("loa-1", [Fault(name="amplifier", detail="no current")])
    with pytest.raises(Forbidden):
        village.faults.settle(CLERK, "loa-1", "amplifier")
    village.faults.settle(actor(Role.TECHNICIAN), "loa-1", "amplifier")
    assert village.faults.open() == []
    with pytest.raises(NotFound):
        village.faults.settle(actor(Role.TECHNICIAN), "loa-1", "amplifier")


def test_a_fault_raised_again_is_one_fault_with_its_first_time(village: Village) -> None:
    village.faults.raise_(None, "broker", "down")
    since = village.now()
    village.now.pass_s(60)
    village.faults.raise_(None, "broker", "still down")
    [fault] = village.faults.open()
    assert (fault.node, fault.since, fault.detail) == (None, since, "still down")
    village.faults.mend(None, "broker")
    assert village.faults.open() == []


def test_pages_hear_of_what_changed(village: Village) -> None:
    reader = village.events.subscribe()
    village.publishing.refresh()
    scheduled(village)
    village.born("loa-1")
    village.wrote("loa-1", [Fault(name="amplifier")])
    village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    assert {event.name for event in reader.take()} == {"schedules", "nodes", "faults", "orders"}


def test_a_ledger_that_was_rebuilt_comes_before_the_one_it_replaced(village: Village) -> None:
    old, new = UUID(int=2), UUID(int=1)
    for ledger in (old, new):
        booted = [Booted(software=str(n), clean=True) for n in range(2)]
        village.says("loa-1", "ledger", village.batch(booted, ledger=ledger).encode())
        village.now.pass_s(1)
    rows = village.fleet.ledger("loa-1", limit=3)
    assert [(row.ledger, row.seq) for row in rows] == [(str(new), 2), (str(new), 1), (str(old), 2)]
    rest = village.fleet.ledger("loa-1", before=(rows[-1].ledger, rows[-1].seq))
    assert [(row.ledger, row.seq) for row in rest] == [(str(old), 1)]
