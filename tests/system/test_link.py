import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from edge.wire.link import Arrived, Broker, Connected, Farewell, LinkEvent, Lost
from edge.wire.messages import Gone, read_state
from tests import factories as make
from tests.system.broker_rig import NODES, WITHIN_S, BrokerRig, Ear, link, running
from tests.system.village import connected_at, free_port, until

NODE, OTHER = NODES


def sessions(topic: str, *, made: list[str]) -> Callable[[], Farewell]:
    """A new session for each connection, noted in `made`."""

    def begin() -> Farewell:
        made.append(f"{len(made) + 1:032x}")
        return Farewell(topic=topic, payload=make.gone(session=made[-1]).encode())

    return begin


def test_a_forbidden_message_does_not_end_the_connection(broker_rig: BrokerRig) -> None:
    hub_ear, ear, begun = Ear(), Ear(), list[str]()
    topics = broker_rig.topics
    new_session = sessions(topics.node(NODE, "state"), made=begun)
    node = broker_rig.node_link(NODE, ear, new_session=new_session)
    with running(hub := broker_rig.hub_link(hub_ear), node):
        broker_rig.is_listening(hub, hub_ear)
        ear.next(Connected)
        node.publish(topics.node(OTHER, "ledger"), b"not mine")
        node.publish(topics.node(NODE, "ledger"), b"mine")
        hub_ear.arrived(topics.node(NODE, "ledger"))
        assert len(begun) == 1


def test_what_a_node_says_reaches_the_hub(broker_rig: BrokerRig) -> None:
    topic = broker_rig.topics.node(NODE, "ledger")
    hub_ear, ear = Ear(), Ear()
    with running(hub := broker_rig.hub_link(hub_ear), node := broker_rig.node_link(NODE, ear)):
        broker_rig.is_listening(hub, hub_ear)
        ear.next(Connected)
        assert node.publish(topic, make.ledger_batch().encode())
        assert hub_ear.arrived(topic).payload == make.ledger_batch().encode()


def test_a_wrong_password_is_refused_and_told(broker_rig: BrokerRig) -> None:
    ear = Ear()
    with running(link(broker_rig.node(NODE, password="not this one"), ear)):
        assert "refused" in ear.next(Lost).reason


def test_a_refusal_is_told_once_for_each_attempt(broker_rig: BrokerRig) -> None:
    ear, made = Ear(), list[str]()
    topic = broker_rig.topics.node(NODE, "state")
    broker = broker_rig.node(NODE, password="not this one")
    with running(link(broker, ear, new_session=sessions(topic, made=made))):
        assert all("refused" in ear.next(Lost).reason for _ in range(2))
    assert len(made) - len(ear.all) in {0, 1}  # the last may have been on its way


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_connection_whose_thread_dies_is_made_anew(broker_rig: BrokerRig) -> None:
    class Stumbling(Ear):
        def __call__(self, event: LinkEvent) -> None:
            super().__call__(event)
            if len(self.all) == 1:
                raise RuntimeError("once")

    ear = Stumbling()
    with running(broker_rig.node_link(NODE, ear)):
        assert "died" in ear.next(Lost).reason
        ear.next(Connected)


def test_a_missing_broker_is_told_with_its_address() -> None:
    ear, port = Ear(), free_port()
    with running(link(Broker(host="127.0.0.1", port=port, user=NODE, password="x"), ear)):
        assert f"127.0.0.1:{port}" in ear.next(Lost).reason


def test_a_server_that_closes_without_a_word_is_told() -> None:
    ear = Ear()
    with mute_server() as port, running(link(Broker("127.0.0.1", port, NODE, "x"), ear)):
        assert ear.next(Lost).reason


def test_after_a_cut_the_broker_says_the_farewell(broker_rig: BrokerRig) -> None:
    topic = broker_rig.topics.node(NODE, "state")
    hub_ear, ear, made = Ear(), Ear(), list[str]()
    node = broker_rig.node_link(NODE, ear, new_session=sessions(topic, made=made))
    with running(broker_rig.hub_link(hub_ear), node):
        hub_ear.next(Connected)
        ear.next(Connected)
        broker_rig.relays.cut(NODE)
        assert read_state(hub_ear.arrived(topic).payload) == Gone(session=made[0])
        assert ear.next(Lost)


def test_after_a_reconnection_the_farewell_is_the_new_sessions(broker_rig: BrokerRig) -> None:
    topic = broker_rig.topics.node(NODE, "state")
    hub_ear, ear, made = Ear(), Ear(), list[str]()
    node = broker_rig.node_link(NODE, ear, new_session=sessions(topic, made=made))
    with running(broker_rig.hub_link(hub_ear), node):
        hub_ear.next(Connected)
        ear.next(Connected)
        broker_rig.relays.cut(NODE)
        hub_ear.arrived(topic)
        broker_rig.relays.join(NODE)
        ear.next(Connected)
        session = made[-1]
        broker_rig.relays.cut(NODE)
        assert read_state(hub_ear.arrived(topic).payload) == Gone(session=session)
        assert session != made[0]


def test_a_stop_says_the_farewell_itself_and_leaves_it_retained(broker_rig: BrokerRig) -> None:
    topic = broker_rig.topics.node(NODE, "state")
    ear, later = Ear(), Ear()
    with running(broker_rig.node_link(NODE, ear)):
        ear.next(Connected)
    with running(broker_rig.hub_link(later)):
        assert later.arrived(topic) == Arrived(topic, make.gone().encode(), retained=True)


def test_a_stop_in_order_leaves_no_second_farewell(broker_rig: BrokerRig) -> None:
    topics, hub_ear, ear = broker_rig.topics, Ear(), Ear()
    port = broker_rig.broker.address.port
    with running(hub := broker_rig.hub_link(hub_ear)):
        broker_rig.is_listening(hub, hub_ear)
        with running(broker_rig.node_link(NODE, ear)):
            ear.next(Connected)
        until("the broker let it go", lambda: connected_at(port) == 1, within_s=WITHIN_S)
        hub.publish(topics.order_all, b"after")
        heard = [each.topic for each in hub_ear.until(topics.order_all)]
    assert heard == [topics.node(NODE, "state"), topics.order_all]


def test_a_stopped_link_publishes_nothing(broker_rig: BrokerRig) -> None:
    ear = Ear()
    with running(node := broker_rig.node_link(NODE, ear)):
        ear.next(Connected)
    assert not node.publish(broker_rig.topics.node(NODE, "ledger"), b"late")


def test_without_a_connection_nothing_is_taken() -> None:
    idle = link(Broker("127.0.0.1", free_port(), NODE, "x"), Ear())
    assert not idle.publish("loa/tan-hoa/node/to-2-loa-1/ledger", b"early")


def test_a_link_that_waits_to_try_again_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.wire.link._BACKOFF_S", (3600.0,))
    ear = Ear()
    with running(link(Broker("127.0.0.1", free_port(), NODE, "x"), ear)):
        ear.next(Lost)
    assert f"link-{NODE}" not in {thread.name for thread in threading.enumerate()}


def test_a_node_that_comes_later_finds_the_retained_plan(broker_rig: BrokerRig) -> None:
    topic = broker_rig.topics.node(NODE, "plan")
    hub_ear, ear = Ear(), Ear()
    with running(hub := broker_rig.hub_link(hub_ear)):
        hub_ear.next(Connected)
        hub.publish(topic, b"plan", retain=True)
        hub_ear.arrived(topic)
        with running(broker_rig.node_link(NODE, ear)):
            assert ear.arrived(topic) == Arrived(topic, b"plan", retained=True)


def topics_heard_of(rig: BrokerRig, forged: str) -> list[str]:
    """What the hub hears when a node publishes to `forged` and leaves. mosquitto 2.0.11 may drop the node."""
    hub_ear, ear = Ear(), Ear()
    with running(hub := rig.hub_link(hub_ear)):
        rig.is_listening(hub, hub_ear)
        with running(node := rig.node_link(NODE, ear)):
            ear.next(Connected)
            assert node.publish(forged, b"forged")
        return [each.topic for each in hub_ear.until(rig.topics.node(NODE, "state"))]


@pytest.mark.parametrize("leaf", ["plan", "standing", "order", "stored", "answer"])
def test_a_node_cannot_say_what_it_obeys(broker_rig: BrokerRig, leaf: str) -> None:
    heard = topics_heard_of(broker_rig, broker_rig.topics.node(NODE, leaf))
    assert heard == [broker_rig.topics.node(NODE, "state")]


@pytest.mark.parametrize("leaf", ["ledger", "state", "health", "time"])
def test_a_node_can_say_nothing_in_anothers_name(broker_rig: BrokerRig, leaf: str) -> None:
    heard = topics_heard_of(broker_rig, broker_rig.topics.node(OTHER, leaf))
    assert heard == [broker_rig.topics.node(NODE, "state")]


def test_a_node_hears_nothing_of_another_however_widely_it_listens(broker_rig: BrokerRig) -> None:
    hub_ear, ear, topics = Ear(), Ear(), broker_rig.topics
    curious = link(broker_rig.node(NODE), ear, subscriptions=("#", "loa/#", topics.order_all))
    with running(hub := broker_rig.hub_link(hub_ear)):
        broker_rig.is_listening(hub, hub_ear)
        with running(curious):
            broker_rig.is_at_the_broker(curious, ear, name=NODE, hub_ear=hub_ear)
            hub.publish(topics.node(OTHER, "plan"), b"secret")
            hub.publish(topics.order_all, b"for all")
            heard = ear.until(topics.order_all)
    assert not [each for each in heard if OTHER in each.topic]


def test_nobody_comes_in_without_a_name(broker_rig: BrokerRig) -> None:
    ear = Ear()
    nobody = replace(broker_rig.node(NODE), user="", password="")
    with running(link(nobody, ear)):
        assert ear.next(Lost)


@contextmanager
def mute_server() -> Iterator[int]:
    """Accepts and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    server.accept()[0].close()
                except TimeoutError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join()
