"""An order is in the file, then out at once, and lasts until lifted."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from edge.wire.entries import Obeyed, StandingAccepted
from edge.wire.orders import OrderKind
from edge.wire.topics import Topics
from hub.errors import Forbidden, Invalid
from hub.outgoing import Outgoing
from hub.people.roles import Role
from hub.store import audit
from hub.store.database import Database
from tests.factories import SITE
from tests.factories_hub import Village, actor
from tests.system.village import until

CLERK = actor(Role.CLERK)
TECHNICIAN = actor(Role.TECHNICIAN)
TOPICS = Topics(SITE)


@pytest.fixture(autouse=True)
def _published(village: Village) -> None:
    village.publishing.refresh()


def stop_all(village: Village) -> int:
    return village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True).seq


def test_stop_all_leaves_as_one_order_before_anything_else(village: Village) -> None:
    village.line.sent.clear()
    stop_all(village)
    first, *rest = village.line.sent
    assert first.topic == TOPICS.order_all
    assert not first.retain
    assert [message.topic for message in rest] == [TOPICS.node(f"loa-{n}", "standing") for n in (1, 2, 3)]
    assert all(message.retain for message in rest)


def test_the_standing_state_has_the_number_of_its_order(village: Village) -> None:
    seq = stop_all(village)
    standing = village.line.standing("loa-2")
    assert standing.version == seq
    assert standing.stopped is not None
    assert (standing.stopped.seq, standing.stopped.by) == (seq, "Lan")


def test_numbers_rise_even_when_the_clock_goes_back(village: Village) -> None:
    first = stop_all(village)
    village.now.pass_s(-86_400)
    assert village.orders.issue(CLERK, kind=OrderKind.RESUME, everywhere=True).seq > first


def test_an_order_to_areas_reaches_each_loudspeaker_once(village: Village) -> None:
    issued = village.orders.issue(
        CLERK, kind=OrderKind.STOP, areas=["phuong", "to-1"], nodes=["loa-3", "loa-1"]
    )
    assert [topic for topic, _ in village.line.orders()] == [TOPICS.order_area("phuong")]
    assert issued.nodes == ("loa-1", "loa-2", "loa-3")


def test_an_order_to_single_nodes_goes_to_those_only(village: Village) -> None:
    village.orders.issue(TECHNICIAN, kind=OrderKind.VOLUME, value=0, nodes=["loa-3"])
    [(topic, order)] = village.line.orders()
    assert (topic, order.aud, order.value) == (TOPICS.node("loa-3", "order"), "node:loa-3", 0)
    assert village.line.standing("loa-3").volume == 0
    assert village.line.standing("loa-1").volume == 100


def test_a_stop_does_not_unmute_and_resuming_does_not_either(village: Village) -> None:
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-1"])
    stop_all(village)
    village.orders.issue(CLERK, kind=OrderKind.RESUME, everywhere=True)
    standing = village.line.standing("loa-1")
    assert standing.muted
    assert standing.stopped is None


def test_a_node_enrolled_under_a_stop_is_born_stopped(village: Village) -> None:
    stop_all(village)
    village.enrol("loa-4", "to-2")
    village.publishing.refresh()
    assert village.line.standing("loa-4").stopped is not None


def test_resuming_every_area_lifts_the_stop_of_the_site(village: Village) -> None:
    stop_all(village)
    village.orders.issue(CLERK, kind=OrderKind.RESUME, areas=["to-1"])
    assert village.orders.current() is not None
    village.orders.issue(CLERK, kind=OrderKind.RESUME, areas=["to-2"])
    assert village.orders.current() is None


def test_nodes_that_have_not_confirmed_are_named(village: Village) -> None:
    for node in ("loa-1", "loa-2", "loa-3"):
        village.born(node)
    seq = stop_all(village)
    village.wrote("loa-1", [Obeyed(seq=seq, order="stop")])
    village.wrote("loa-2", [StandingAccepted(version=seq, stopped=True, muted=False, volume=100)])
    stop = village.orders.current()
    assert stop is not None
    assert stop.unconfirmed == ("loa-3",)
    assert stop.everywhere


def test_without_a_broker_the_order_stands_and_says_so(village: Village) -> None:
    village.line.linked = False
    issued = village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    assert not issued.sent
    village.line.linked = True
    village.publishing.republish()
    assert village.line.standing("loa-1").version == issued.seq


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"kind": OrderKind.STOP}, "target_needed"),
        ({"kind": OrderKind.STOP, "everywhere": True, "nodes": ["loa-1"]}, "all_or_some"),
        ({"kind": OrderKind.STOP, "areas": ["x"]}, "unknown_area"),
        ({"kind": OrderKind.STOP, "nodes": ["x"]}, "unknown_node"),
        ({"kind": OrderKind.VOLUME, "everywhere": True}, "value_needed"),
        ({"kind": OrderKind.VOLUME, "everywhere": True, "value": 101}, "out_of_range"),
        ({"kind": OrderKind.MUTE, "everywhere": True, "value": 0}, "value_unwanted"),
    ],
)
def test_a_wrong_order_is_refused_and_not_sent(village: Village, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as error:
        village.orders.issue(CLERK, **wish)
    assert [problem.code for problem in error.value.problems] == [code]
    assert village.line.orders() == []


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (OrderKind.STOP, Role.VIEWER),
        (OrderKind.RESUME, Role.TECHNICIAN),
        (OrderKind.RESUME, Role.ADMINISTRATOR),
        (OrderKind.MUTE, Role.COUNTER_OFFICER),
    ],
)
def test_an_order_needs_its_role(village: Village, kind: OrderKind, role: Role) -> None:
    with pytest.raises(Forbidden):
        village.orders.issue(actor(role), kind=kind, everywhere=True)


def test_an_order_is_in_the_audit_log(village: Village) -> None:
    stop_all(village)
    [entry] = audit.entries(village.store.read(), limit=9, action="order.stop")
    assert (entry.who, entry.address) == ("lan", "192.0.2.1")


def test_an_order_given_while_another_is_sent_has_the_last_retained_state(village: Village) -> None:
    later: list[threading.Thread] = []
    keep = village.line.sent.append

    def slowly(message: Outgoing) -> bool:
        if message.retain and not later:
            wish = {"kind": OrderKind.RESUME, "everywhere": True}
            later.append(threading.Thread(target=village.orders.issue, args=[CLERK], kwargs=wish))
            later[0].start()
            until("it is kept", lambda: len(village.orders.recent()) == 2, within_s=30)
            later[0].join(0.3)
        keep(message)
        return True

    village.publishing._courier = replace(village.publishing._courier, send=slowly)
    stop_all(village)
    later[0].join()
    assert village.line.standing("loa-1").stopped is None


def test_a_stop_survives_the_hub(village: Village) -> None:
    seq = stop_all(village)
    village.close()
    village.open()
    stop = village.orders.current()
    assert stop is not None
    assert stop.seq == seq


def test_the_order_and_the_standing_states_are_one_write(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(db: Database, **_: object) -> None:
        raise RuntimeError("the plug")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        stop_all(village)
    assert village.orders.current() is None
    assert village.line.orders() == []
