"""Nodes that have a long ledger to hand in: real links, real outboxes, batches encoded beforehand."""

import threading
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from edge.outbox import Outbox, Send
from edge.wire.link import Arrived, Broker, Connected, Farewell, Link, LinkEvent, Lost
from edge.wire.messages import LedgerBatch, Stored
from edge.wire.topics import Topics
from tests import factories as make

__all__ = ["BATCH", "Sender", "batches"]

BATCH = 1_000
_LEDGER = UUID(int=1)


def batches(count: int) -> list[bytes]:
    """`count` batches of presses, of a ledger that each sender replaces by its own."""
    return [_batch(number) for number in range(count)]


def _batch(number: int) -> bytes:
    first = number * BATCH + 1
    found = tuple(
        make.ledger_entry(
            make.pressed(dossier=f"d-{seq}"), seq=seq, at=make.NOW + timedelta(milliseconds=seq * 10)
        )
        for seq in range(first, first + BATCH)
    )
    return LedgerBatch(ledger=_LEDGER, first_held=1, entries=found).encode()


@dataclass
class Sender:
    """One node. `stored` is the number that the hub has acknowledged; `acked_at_s` when that last rose."""

    settings: dict[str, Any]
    payloads: Sequence[bytes]
    ledger: UUID = field(default_factory=uuid4)
    stored: int = 0
    acked_at_s: float = 0.0
    _outbox: Outbox = field(default_factory=Outbox)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._own = [
            payload.replace(str(_LEDGER).encode(), str(self.ledger).encode()) for payload in self.payloads
        ]
        self._topics = Topics(self.settings["node"]["site"])
        self._link = Link(
            Broker(
                host=self.settings["broker"]["host"],
                port=self.settings["broker"]["port"],
                user=self.name,
                password=self.settings["broker"]["password"],
            ),
            subscriptions=(self._topics.hub, self._topics.node(self.name, "stored")),
            new_session=lambda: Farewell(self._topics.node(self.name, "state"), make.gone().encode()),
            on_event=self._heard,
            keep_session=False,
        )

    @classmethod
    def of(cls, file: Path, payloads: Sequence[bytes]) -> "Sender":
        """The node whose settings file this is."""
        return cls(settings=tomllib.loads(file.read_text(encoding="utf-8")), payloads=payloads)

    @property
    def name(self) -> str:
        return str(self.settings["node"]["name"])

    @property
    def last(self) -> int:
        return len(self.payloads) * BATCH

    def start(self) -> None:
        """Connect and send until all is acknowledged."""
        self._link.start()

    def stop(self) -> None:
        """End the link."""
        self._link.stop()

    def push(self) -> None:
        """Send again what was not answered in time."""
        with self._lock:
            self._go_on()

    def _heard(self, event: LinkEvent) -> None:
        with self._lock:
            match event:
                case Connected():
                    self._outbox = self._outbox.connected()
                case Lost():
                    self._outbox = self._outbox.lost()
                case Arrived(topic) if topic == self._topics.hub:
                    self._outbox = self._outbox.hub_began()
                case Arrived(_, payload):
                    self._acknowledged(Stored.decode(payload))
            self._go_on()

    def _acknowledged(self, answer: Stored) -> None:
        if answer.ledger != self.ledger or answer.seq <= self.stored:
            return
        self.stored, self.acked_at_s = answer.seq, time.monotonic()
        self._outbox = self._outbox.stored(self.stored, now_s=self.acked_at_s)

    def _go_on(self) -> None:
        now = time.monotonic()
        step = self._outbox.next(stored=self.stored, last=self.last, now_s=now)
        if not isinstance(step, Send):
            return
        payload = self._own[step.after // BATCH]
        if self._link.publish(self._topics.node(self.name, "ledger"), payload):
            self._outbox = self._outbox.sent((step.after // BATCH + 1) * BATCH, now_s=now)
        else:
            self._outbox = self._outbox.lost()
