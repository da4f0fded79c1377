"""A real mosquitto as the hub runs it, with two nodes, each behind a stretch of network that can be cut."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from edge.wire.link import Arrived, Broker, Connected, Farewell, Link, LinkEvent
from edge.wire.topics import Topics
from hub.broker import EmbeddedBroker
from hub.broker_files import broker_hash, node_account
from hub.relay import Line, Relays
from tests import factories as make
from tests.system.village import free_port

__all__ = ["NODES", "PASSWORD", "WITHIN_S", "BrokerRig", "Ear", "broker_rig", "link", "one_broker", "running"]

NODES = ("to-2-loa-1", "to-2-loa-2")
PASSWORD = "made up for the tests"
WITHIN_S = 60.0  # it only ends a test that hangs

Event = TypeVar("Event")


class Ear:
    """Takes a link's events; `next` gives the first of a kind that fits, passing over others. `all` are those
    that came so far, taken or not."""

    def __init__(self) -> None:
        self.all: list[LinkEvent] = []
        self._events: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()

    def __call__(self, event: LinkEvent) -> None:
        self.all.append(event)
        self._events.put(event)

    def next(self, kind: type[Event], fits: Callable[[Event], bool] = lambda _: True) -> Event:
        while True:
            try:
                event = self._events.get(timeout=WITHIN_S)
            except queue.Empty:
                raise AssertionError(f"no such {kind.__name__} came; what came: {self.all}") from None
            if isinstance(event, kind) and fits(event):
                return event

    def arrived(self, topic: str) -> Arrived:
        return self.next(Arrived, lambda event: event.topic == topic)

    def until(self, topic: str) -> list[Arrived]:
        """All that arrives, up to the first on `topic`."""
        heard = [self.next(Arrived)]
        while heard[-1].topic != topic:
            heard.append(self.next(Arrived))
        return heard


@dataclass
class BrokerRig:
    """The broker, how the hub and each node reach it, and the lines that can be cut."""

    broker: EmbeddedBroker
    relays: Relays
    relayed: dict[str, int]

    @property
    def topics(self) -> Topics:
        return Topics(make.SITE)

    def node(self, name: str, *, password: str = PASSWORD) -> Broker:
        return Broker(host="127.0.0.1", port=self.relayed[name], user=name, password=password)

    def hub_link(self, ear: Ear, *, subscriptions: tuple[str, ...] = ()) -> Link:
        """Hears everything of every node, and orders for all, unless told what to hear."""
        topics = subscriptions or (f"loa/{make.SITE}/node/#", self.topics.order_all)
        gone = Farewell(topic=self.topics.hub, payload=make.hub_state(here=False).encode())
        return link(self.broker.address, ear, subscriptions=topics, new_session=lambda: gone)

    def is_listening(self, hub: Link, ear: Ear) -> list[Arrived]:
        """Returns when the broker knows what the hub wants to hear (it hears itself), with what was kept."""
        ear.next(Connected)
        hub.publish(self.topics.order_all, b"am I heard?")
        return ear.until(self.topics.order_all)

    def is_at_the_broker(self, node: Link, ear: Ear, *, name: str, hub_ear: Ear) -> list[Arrived]:
        """Returns when the broker knows what a node wants to hear, with what the hub heard on the way: the
        broker reads what one connection says in order."""
        ear.next(Connected)
        node.publish(self.topics.node(name, "ledger"), b"am I there?")
        return hub_ear.until(self.topics.node(name, "ledger"))

    def sweep(self) -> None:
        """Join every line, and let the broker forget what it kept of the nodes."""
        for name in NODES:
            self.relays.join(name)
        ear = Ear()
        with running(hub := self.hub_link(ear)):
            for kept in self.is_listening(hub, ear):
                if kept.retained:
                    hub.publish(kept.topic, b"", retain=True)
            hub.publish(self.topics.order_all, b"swept")
            ear.until(self.topics.order_all)

    def node_link(self, name: str, ear: Ear, *, new_session: Callable[[], Farewell] | None = None) -> Link:
        """A node's own link."""
        heard = self.topics.node_hears(name, (make.AREA,))
        return link(self.node(name), ear, subscriptions=heard, new_session=new_session)


def link(
    broker: Broker,
    ear: Ear,
    *,
    subscriptions: tuple[str, ...] = (),
    new_session: Callable[[], Farewell] | None = None,
) -> Link:
    gone = Farewell(topic=f"loa/{make.SITE}/node/{broker.user}/state", payload=make.gone().encode())
    return Link(
        broker,
        subscriptions=subscriptions,
        new_session=new_session or (lambda: gone),
        on_event=ear,
        keep_session=False,
    )


@contextmanager
def running(*links: Link) -> Iterator[None]:
    for each in links:
        each.start()
    try:
        yield
    finally:
        for each in reversed(links):
            each.stop()


@pytest.fixture
def broker_rig(one_broker: BrokerRig) -> Iterator[BrokerRig]:
    """Each test begins on a broker that keeps nothing of the nodes and whose lines are joined."""
    yield one_broker
    one_broker.sweep()


@pytest.fixture(scope="session")
def one_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerRig]:
    port = free_port()
    relayed = {name: free_port() for name in NODES}
    hashed = broker_hash(PASSWORD)
    topics = Topics(make.SITE)
    broker = EmbeddedBroker(
        folder=Path(tmp_path_factory.mktemp("broker")),
        host="127.0.0.1",
        port=port,
        topics=topics,
        accounts=lambda: [
            node_account(topics, name, areas=(make.AREA,), password_hash=hashed) for name in NODES
        ],
        on_fault=lambda _name, _detail, _node: None,
    )
    relays = Relays({name: (Line(port=relayed[name], target_port=port),) for name in NODES})
    broker.start()
    relays.start()
    rig = BrokerRig(broker=broker, relays=relays, relayed=relayed)
    assert broker.wait_until_listening(WITHIN_S)
    yield rig
    relays.stop()
    broker.stop()
