"""The parts that every node has, made from its settings and wired."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Literal
from uuid import uuid4

from edge.belongings import open_ledger
from edge.clock import SystemClock, make_source
from edge.clock_keeper import MEMORY, ClockKeeper
from edge.config import NodeSettings
from edge.door import Door
from edge.faults import Faults
from edge.journal import Journal
from edge.loop import Loop
from edge.node import Core
from edge.presence import Numbers, Presence, Sessions, Who
from edge.renewal import Renewal
from edge.succession import HubByHttps, Succeeding
from edge.upkeep import Upkeep
from edge.wire.link import Link, LinkEvent
from edge.wire.topics import Topics
from edge.worker import Worker

__all__ = ["NodeParts"]


class NodeParts:
    """Ledger, clock, journal and faults, and makers of the rest. What must be let go is noted in `parts`, so
    that the last made goes first. Raises `LedgerError`."""

    def __init__(self, settings: NodeSettings, loop: Loop, software: str, parts: ExitStack) -> None:
        self.settings = settings
        self.loop = loop
        self.software = software
        self.parts = parts
        self.data = settings.node.data
        self.topics = Topics(settings.node.site)
        who = settings.node
        self.ledger = open_ledger(self.data, site=who.site, node=who.name, boot=uuid4().hex)
        parts.callback(self.ledger.close)
        remembered = self.ledger.kept(MEMORY) if settings.clock.rtc else None
        self.clock = SystemClock(make_source(settings.clock.source), remembered=remembered)
        self.journal = Journal(ledger=self.ledger, clock=self.clock)
        self.faults = Faults(record=self.journal.record, ledger=self.ledger)

    def core(self, presence: Presence) -> Core:
        """What the node does whatever its kind, with its `presence`."""
        return Core(
            node=self.settings.node.name,
            topics=self.topics,
            keeper=ClockKeeper(
                clock=self.clock, ledger=self.ledger, faults=self.faults, remember=self.settings.clock.rtc
            ),
            journal=self.journal,
            faults=self.faults,
            upkeep=Upkeep(
                software=self.software,
                ledger=self.ledger,
                journal=self.journal,
                faults=self.faults,
                clock=self.clock,
            ),
            presence=presence,
        )

    def presence(
        self, *, output: Literal["device", "file", "none"], numbers: Callable[[], Numbers]
    ) -> Presence:
        """The node's presence at the hub; its link is started."""
        who = self.settings.node
        sessions = Sessions(self.topics.node(who.name, "state"))
        link = Link(
            self.settings.broker_link(),
            subscriptions=self.topics.node_hears(who.name, who.areas),
            new_session=sessions.new,
            on_event=self._hear(),
            keep_session=True,
        )
        link.start()
        self.parts.callback(link.stop)
        return Presence(
            who=Who(node=who.name, kind=who.kind, output=output, software=self.software, data=who.data),
            topics=self.topics,
            link=link,
            sessions=sessions,
            ledger=self.ledger,
            clock=self.clock,
            numbers=numbers,
        )

    def _hear(self) -> Callable[[LinkEvent], None]:
        """Where the link's events go; while they tell of no link, other keys of the site are looked for."""
        tls = self.settings.tls_files()
        if tls is None:
            return self.loop.post
        hub = HubByHttps(self.settings.hub.url, tls=tls)
        succeeding = Succeeding(self.settings, tls, hub=hub, post=self.loop.post)
        self.work("keys of the site", succeeding.step, succeeding.nudged)

        def hear(event: LinkEvent) -> None:
            succeeding.hear(event)
            self.loop.post(event)

        return hear

    def keep_certificate(self) -> None:
        """Have the node's certificate renewed before it ends, where it has one."""
        who, tls = self.settings.node, self.settings.tls_files()
        if tls is None:
            return
        door = Door(self.settings.hub.url, user=who.name, tls=tls)
        self.parts.callback(door.close)
        renewal = Renewal(tls, node=who.name, hub=door, clock=self.clock, post=self.loop.post)
        self.work("certificate", renewal.step, threading.Event())

    def work(self, name: str, step: Callable[[], float], nudged: threading.Event) -> None:
        """Have a thread of its own call `step` again and again."""
        worker = Worker(name, step, nudged=nudged)
        worker.start()
        self.parts.callback(worker.stop)
