"""A node's own password in a stranger's hands, with mosquitto's clients: it opens that node's topics only."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edge.wire.link import Arrived, Link
from edge.wire.topics import Topics
from tests import factories as make
from tests.system.broker_rig import NODES, PASSWORD, BrokerRig, Ear, running
from tests.system.clients import heard_until, kept_for, listening
from tests.system.village import run

VICTIM, THIEF = NODES
TOPICS = Topics(make.SITE)
LEAVES = ("plan", "standing", "order", "time", "answer", "state", "health", "ledger", "stored")
SHARED = (TOPICS.hub, TOPICS.order_all, f"loa/{make.SITE}/area/{make.AREA}/order")


@pytest.fixture
def thief(broker_rig: BrokerRig) -> tuple[str, ...]:
    """How mosquitto's clients are told to come in as one of the nodes."""
    return ("-h", "127.0.0.1", "-p", str(broker_rig.broker.address.port), "-u", THIEF, "-P", PASSWORD)


@contextmanager
def hub_at_work(rig: BrokerRig, ear: Ear, *, subscriptions: tuple[str, ...] = ()) -> Iterator[Link]:
    """The hub's link, from the broker's knowing what it wants to hear on."""
    with running(hub := rig.hub_link(ear, subscriptions=subscriptions)):
        rig.is_listening(hub, ear)
        yield hub


@pytest.mark.parametrize("filters", [("loa/#",), tuple(TOPICS.node(VICTIM, leaf) for leaf in LEAVES)])
def test_nothing_of_another_node_is_heard(
    broker_rig: BrokerRig, thief: tuple[str, ...], filters: tuple[str, ...]
) -> None:
    options = [part for topic in (*filters, TOPICS.order_all) for part in ("-t", topic)]
    with hub_at_work(broker_rig, Ear()) as hub, listening(*thief, *options) as listener:
        for leaf in LEAVES:
            assert hub.publish(TOPICS.node(VICTIM, leaf), b"for the other")
        assert hub.publish(TOPICS.order_all, b"for all")
        heard = heard_until(listener, "all/order")
    assert not {topic for topic in heard if VICTIM in topic}


def test_what_is_retained_for_another_node_is_not_heard_either(
    broker_rig: BrokerRig, thief: tuple[str, ...]
) -> None:
    ear = Ear()
    plan = TOPICS.node(VICTIM, "plan")
    with hub_at_work(broker_rig, ear) as hub:
        hub.publish(plan, b"for the other", retain=True)
        ear.arrived(plan)
    found = kept_for(*thief, "-t", plan, "-t", "loa/#")
    assert found is not None
    assert [line.split()[0] for line in found] == [TOPICS.hub]


@pytest.mark.parametrize("topic", [*(TOPICS.node(VICTIM, leaf) for leaf in LEAVES), *SHARED])
def test_nothing_is_said_in_anothers_name_nor_in_the_hubs(
    broker_rig: BrokerRig, thief: tuple[str, ...], topic: str
) -> None:
    ear, mark = Ear(), TOPICS.node(THIEF, "time")
    with hub_at_work(broker_rig, ear, subscriptions=(f"loa/{make.SITE}/#",)):
        for said in (topic, mark):
            assert run("mosquitto_pub", *thief, "-q", "1", "-t", said, "-m", "x").returncode == 0
        heard = ear.next(Arrived, lambda event: not event.retained and event.topic in {topic, mark})
    assert heard.topic == mark


def test_a_client_id_of_another_node_does_not_take_its_session(
    broker_rig: BrokerRig, thief: tuple[str, ...]
) -> None:
    ear, hub_ear = Ear(), Ear()
    plan = TOPICS.node(VICTIM, "plan")
    with hub_at_work(broker_rig, hub_ear) as hub, running(victim := broker_rig.node_link(VICTIM, ear)):
        broker_rig.is_at_the_broker(victim, ear, name=VICTIM, hub_ear=hub_ear)
        with listening(*thief, "-i", VICTIM, "-t", plan):
            hub.publish(plan, b"still here")
            event = ear.next(object, lambda event: not isinstance(event, Arrived) or event.topic == plan)
    assert isinstance(event, Arrived), "its connection was taken"


def test_a_client_id_of_another_node_does_not_hear_what_waits_for_it(
    broker_rig: BrokerRig, thief: tuple[str, ...]
) -> None:
    hub_ear, plan = Ear(), TOPICS.node(VICTIM, "plan")
    port = str(broker_rig.broker.address.port)
    victim = ("-h", "127.0.0.1", "-p", port, "-u", VICTIM, "-P", PASSWORD, "-i", VICTIM, "-q", "1")
    run("mosquitto_sub", *victim, "-c", "-t", plan, "-E")
    with hub_at_work(broker_rig, hub_ear) as hub:
        hub.publish(plan, b"kept for it")
        hub_ear.arrived(plan)
    stolen = kept_for(*thief, "-i", VICTIM, "-c", "-q", "1", "-t", plan)
    own = kept_for(*victim, "-c", "-t", plan)
    for who in (victim, thief):
        run("mosquitto_sub", *who, "-t", plan, "-E")  # a clean session ends the kept one
    assert stolen == []
    assert own == [f"{plan} kept for it"]


@pytest.mark.parametrize("who", [(), ("-u", VICTIM), ("-u", VICTIM, "-P", "guessed"), ("-i", VICTIM)])
def test_nobody_comes_in_without_the_right_password(broker_rig: BrokerRig, who: tuple[str, ...]) -> None:
    where = ("-h", "127.0.0.1", "-p", str(broker_rig.broker.address.port))
    for command in (("mosquitto_sub", "-t", "loa/#", "-E"), ("mosquitto_pub", "-t", "loa/x", "-m", "x")):
        said = run(command[0], *where, *who, *command[1:])
        assert said.returncode == 5, said.stderr
