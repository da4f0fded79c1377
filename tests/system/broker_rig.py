"""A real mosquitto as the hub runs it, with two nodes, each behind a stretch of network that can be cut."""

import queue
from collections.abc import Callable, Iterator
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

__all__ = ["NODES", "BrokerRig", "Ear", "broker_rig"]

NODES = ("to-2-loa-1", "to-2-loa-2")
PASSWORD = "made up for the tests"
WITHIN_S = 20.0

Event = TypeVar("Event", bound=LinkEvent)


class Ear:
    """Takes a link's events; `next` gives the first of a kind that fits, passing over others."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()

    def __call__(self, event: LinkEvent) -> None:
        self._events.put(event)

    def next(self, kind: type[Event], fits: Callable[[Event], bool] = lambda _: True) -> Event:
        while True:
            event = self._events.get(timeout=WITHIN_S)
            if isinstance(event, kind) and fits(event):
                return event

    def arrived(self, topic: str) -> Arrived:
        return self.next(Arrived, lambda event: event.topic == topic)


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


@pytest.fixture(scope="session")
def broker_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerRig]:
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
    ear = Ear()
    probe = rig.hub_link(ear)
    probe.start()
    ear.next(Connected)
    probe.stop()
    yield rig
    relays.stop()
    broker.stop()
