"""A node's own password in a stranger's hands, with mosquitto's clients: it opens that node's topics only."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edge.wire.link import Arrived, Connected, Link, LinkEvent
from edge.wire.topics import Topics
from tests import factories as make
from tests.system.broker_rig import NODES, PASSWORD, BrokerRig, Ear
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
def at_work(link: Link, ear: Ear) -> Iterator[Ear]:
    """A link from its connection on."""
    link.start()
    try:
        ear.next(Connected)
        yield ear
    finally:
        link.stop()


@contextmanager
def listening(thief: tuple[str, ...], *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A mosquitto_sub from its first subscription on; its words are read by the test."""
    command = ["stdbuf", "-oL", "mosquitto_sub", *thief, "-d", "-v", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        while "SUBACK" not in (line := process.stdout.readline()):
            assert line, "mosquitto_sub ended"
        yield process
        process.kill()  # asked to end, it may wait for a word of the broker


def heard_until(process: "subprocess.Popen[str]", last: str) -> list[str]:
    """The topics of what it heard, up to the one that ends with `last`."""
    assert process.stdout is not None
    heard: list[str] = []
    for line in process.stdout:
        if line.startswith("loa/"):
            heard.append(line.split()[0])
            if heard[-1].endswith(last):
                return heard
    raise AssertionError(f"it never heard {last}: {heard}")


@pytest.mark.parametrize("filters", [("loa/#",), tuple(TOPICS.node(VICTIM, leaf) for leaf in LEAVES)])
def test_nothing_of_another_node_is_heard(
    broker_rig: BrokerRig, thief: tuple[str, ...], filters: tuple[str, ...]
) -> None:
    hub_ear = Ear()
    options = [part for topic in (*filters, TOPICS.order_all) for part in ("-t", topic)]
    with at_work(hub := broker_rig.hub_link(hub_ear), hub_ear), listening(thief, *options) as listener:
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
    with at_work(hub := broker_rig.hub_link(ear), ear):
        hub.publish(plan, b"for the other", retain=True)
        ear.arrived(plan)
        said = run("mosquitto_sub", *thief, "-t", plan, "-t", "loa/#", "-W", "1", "-v")
        hub.publish(plan, b"", retain=True)
    assert plan not in said.stdout


@pytest.mark.parametrize("topic", [*(TOPICS.node(VICTIM, leaf) for leaf in LEAVES), *SHARED])
def test_nothing_is_said_in_anothers_name_nor_in_the_hubs(
    broker_rig: BrokerRig, thief: tuple[str, ...], topic: str
) -> None:
    ear, mark = Ear(), TOPICS.node(THIEF, "time")
    with at_work(broker_rig.hub_link(ear, subscriptions=(f"loa/{make.SITE}/#",)), ear):
        run("mosquitto_pub", *thief, "-q", "1", "-t", topic, "-m", "from the thief")
        run("mosquitto_pub", *thief, "-q", "1", "-t", mark, "-m", "its own")
        heard = ear.next(Arrived, lambda event: not event.retained and event.topic in {topic, mark})
    assert heard.topic == mark


def test_a_client_id_of_another_node_does_not_take_its_session(
    broker_rig: BrokerRig, thief: tuple[str, ...]
) -> None:
    ear, hub_ear = Ear(), Ear()
    plan = TOPICS.node(VICTIM, "plan")
    with (
        at_work(hub := broker_rig.hub_link(hub_ear), hub_ear),
        at_work(broker_rig.node_link(VICTIM, ear), ear),
    ):
        run("mosquitto_sub", *thief, "-i", VICTIM, "-t", plan, "-W", "1")
        hub.publish(plan, b"still here")
        event = ear.next(LinkEvent, lambda event: not isinstance(event, Arrived) or event.topic == plan)
    assert isinstance(event, Arrived), "its connection was taken"


def test_a_client_id_of_another_node_does_not_hear_what_waits_for_it(
    broker_rig: BrokerRig, thief: tuple[str, ...]
) -> None:
    hub_ear = Ear()
    victim = ("-h", "127.0.0.1", "-p", str(broker_rig.broker.address.port), "-u", VICTIM, "-P", PASSWORD)
    plan = TOPICS.node(VICTIM, "plan")
    run("mosquitto_sub", *victim, "-i", VICTIM, "-c", "-q", "1", "-t", plan, "-E")
    with at_work(hub := broker_rig.hub_link(hub_ear), hub_ear):
        hub.publish(plan, b"kept for it")
        hub_ear.arrived(plan)
    stolen = run("mosquitto_sub", *thief, "-i", VICTIM, "-c", "-q", "1", "-t", plan, "-W", "1", "-v")
    own = run("mosquitto_sub", *victim, "-i", VICTIM, "-c", "-q", "1", "-t", plan, "-W", "1", "-v")
    run(
        "mosquitto_sub", *victim, "-i", VICTIM, "-q", "1", "-t", plan, "-E"
    )  # a clean session ends the kept one
    run("mosquitto_sub", *thief, "-q", "1", "-t", plan, "-E")
    assert stolen.stdout == ""
    assert own.stdout.startswith(plan)


@pytest.mark.parametrize("who", [(), ("-u", VICTIM), ("-u", VICTIM, "-P", "guessed"), ("-i", VICTIM)])
def test_nobody_comes_in_without_the_right_password(broker_rig: BrokerRig, who: tuple[str, ...]) -> None:
    where = ("-h", "127.0.0.1", "-p", str(broker_rig.broker.address.port))
    for command in (("mosquitto_sub", "-t", "loa/#", "-W", "1"), ("mosquitto_pub", "-t", "loa/x", "-m", "x")):
        said = run(command[0], *where, *who, *command[1:])
        assert said.returncode == 5, said.stderr
