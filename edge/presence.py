"""A node's presence at the hub, whatever its kind: births, health, the ledger's way, asking for the time.

Everything here may fail and be done again; nothing a node plays or counts depends on it.
"""

import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol
from uuid import uuid4

from edge.clock import Clock
from edge.health import take_readings
from edge.ledger import Ledger
from edge.outbox import Outbox, Send
from edge.wire.errors import BadMessage
from edge.wire.link import Farewell
from edge.wire.messages import Birth, Gone, Health, HubState, Stored, TimeRequest
from edge.wire.topics import Topics

__all__ = ["Numbers", "Presence", "Publisher", "Sessions", "Who"]

log = logging.getLogger(__name__)

HEALTH_S = 60.0
HEALTH_SOON_S = 5.0
_ASK_AGAIN_S = (5.0, 10.0, 30.0, 60.0, 300.0)
_ASK_ANEW_S = 3_600.0
_ASK_DOUBTED_S = 300.0
_LONGEST_FAULT = 200


class Publisher(Protocol):
    """What a node needs of its link to send; see `edge.wire.link.Link`."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message over; False when there is no connection now."""


@dataclass(frozen=True)
class Who:
    """What stays the same about a node while its program runs. `data` is the folder whose disk counts."""

    node: str
    kind: Literal["speaker", "counter"]
    output: Literal["device", "file", "none"]
    software: str
    data: Path


@dataclass(frozen=True)
class Numbers:
    """What a node obeys at present, what it lacks, and what does not work."""

    plan: int = 0
    standing: int = 0
    order: int = 0
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class Sessions:
    """Gives each connection its session. `new` is for the link's thread; `current` may be read by any."""

    def __init__(self, state_topic: str) -> None:
        self._topic = state_topic
        self.current = uuid4().hex

    def new(self) -> Farewell:
        """Begin a session: what is to be said when it ends."""
        self.current = uuid4().hex
        return Farewell(topic=self._topic, payload=Gone(session=self.current).encode())


class Presence:
    """Used by the node's thread only. `numbers` tells what the node obeys at present."""

    def __init__(
        self,
        *,
        who: Who,
        topics: Topics,
        link: Publisher,
        sessions: Sessions,
        ledger: Ledger,
        clock: Clock,
        numbers: Callable[[], Numbers],
    ) -> None:
        self._who = who
        self._topics = topics
        self._link = link
        self._sessions = sessions
        self._ledger = ledger
        self._clock = clock
        self._numbers = numbers
        self._outbox = Outbox(spread=random.random())  # noqa: S311 - spreads load, hides nothing
        self._hub_session = ""
        self._health_due_s = 0.0
        self._ask_due_s = 0.0
        self._asks = 0
        self.nonce = ""
        self.asked_s = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the broker is there, as far as is known."""
        return self._outbox.is_connected

    def connected(self) -> None:
        """A new session began: say who is there, how it is, and ask for the time."""
        log.info("connected to the broker")
        self._outbox = self._outbox.connected()
        self._be_born()
        self._health_due_s = self._clock.monotonic()
        self._ask_due_s = self._clock.monotonic()
        self._asks = 0

    def lost(self, reason: str) -> None:
        """The link broke, or could not be made."""
        log.info("no connection to the broker: %s", reason)
        self._outbox = self._outbox.lost()

    def changed(self) -> None:
        """Something of the node's health changed: tell it within seconds, not only at the next minute."""
        self._health_due_s = min(self._health_due_s, self._clock.monotonic() + HEALTH_SOON_S)

    def own_state_read(self, payload: bytes) -> None:
        """Someone's word about this node: if it says *gone*, say that it is not."""
        if self.is_connected and _is_gone(payload):
            self._be_born()

    def hub_state_read(self, payload: bytes) -> None:
        """The hub's word about itself. Raises `BadMessage`."""
        state = HubState.decode(payload)
        if state.here and state.session != self._hub_session:
            self._hub_session = state.session
            self._outbox = self._outbox.hub_began()

    def stored_read(self, payload: bytes) -> None:
        """The hub says what it has stored. Raises `BadMessage`."""
        stored = Stored.decode(payload)
        if self._ledger.mark_stored(stored.ledger, stored.seq):
            self._outbox = self._outbox.stored(stored.seq, now_s=self._clock.monotonic())

    def time_answered(self, *, is_settled: bool) -> None:
        """The question for the time was answered: ask anew in an hour, or, where the hub did not know it or
        the clock in step contradicts it, in minutes."""
        self.nonce = ""
        self._asks = 0
        self._ask_due_s = self._clock.monotonic() + (_ASK_ANEW_S if is_settled else _ASK_DOUBTED_S)

    def tend(self) -> float:
        """Send what is due; returns the seconds until there may be more."""
        if not self.is_connected:
            return HEALTH_S
        self._send_health()
        self._ask_the_time()
        next_s = min(self._send_entries(), self._health_due_s, self._ask_due_s)
        return max(0.0, next_s - self._clock.monotonic())

    def _say(self, leaf: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        return self._link.publish(self._topics.node(self._who.node, leaf), payload, qos=qos, retain=retain)

    def _be_born(self) -> None:
        numbers = self._numbers()
        birth = Birth(
            session=self._sessions.current,
            at=self._clock.now(),
            clock=self._clock.reading(),
            kind=self._who.kind,
            software=self._who.software,
            output=self._who.output,
            ledger=self._ledger.id,
            plan=numbers.plan,
            standing=numbers.standing,
            order=numbers.order,
        )
        self._say("state", birth.encode(), retain=True)

    def _send_health(self) -> None:
        if self._clock.monotonic() < self._health_due_s:
            return
        self._health_due_s = self._clock.monotonic() + HEALTH_S * random.uniform(0.9, 1.1)  # noqa: S311
        self._say("health", self._health().encode(), qos=0)

    def _health(self) -> Health:
        numbers, readings = self._numbers(), take_readings(self._who.data)
        return Health(
            session=self._sessions.current,
            at=self._clock.now(),
            clock=self._clock.reading(),
            plan=numbers.plan,
            standing=numbers.standing,
            order=numbers.order,
            missing=numbers.missing[:1000],
            unstored=self._ledger.unstored(),
            uptime_s=readings.uptime_s,
            disk_free=readings.disk_free,
            memory=readings.memory,
            load_1min=readings.load_1min,
            temperature_c=readings.temperature_c,
            faults=tuple(fault[:_LONGEST_FAULT] for fault in numbers.faults[:50]),
        )

    def _ask_the_time(self) -> None:
        now_s = self._clock.monotonic()
        if now_s < self._ask_due_s:
            return
        self.nonce, self.asked_s = secrets.token_urlsafe(24), now_s
        self._ask_due_s = now_s + _ASK_AGAIN_S[min(self._asks, len(_ASK_AGAIN_S) - 1)]
        self._asks += 1
        self._say("time", TimeRequest(nonce=self.nonce).encode())

    def _send_entries(self) -> float:
        """Send the next batch if it is time; returns when to look again."""
        now_s = self._clock.monotonic()
        step = self._outbox.next(stored=self._ledger.stored_seq(), last=self._ledger.last_seq(), now_s=now_s)
        if not isinstance(step, Send):
            return step.until_s if step.until_s is not None else now_s + HEALTH_S
        batch = self._ledger.batch(step.after, step.limit)
        if batch is None:
            return now_s + HEALTH_S
        if not self._say("ledger", batch.encode()):
            self._outbox = self._outbox.lost()
            return now_s + HEALTH_S
        self._outbox = self._outbox.sent(batch.entries[-1].seq, now_s=now_s)
        return now_s


def _is_gone(payload: bytes) -> bool:
    try:
        Gone.decode(payload)
    except BadMessage:
        return False
    return True
