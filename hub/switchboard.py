"""Between broker and hub: what arrives goes to one thread, what leaves goes straight out.

Whenever a session begins, the hub says who it is and then all that nodes must have: a broker that lost
everything is whole again. Orders leave on the thread of whoever gives them; they wait for nobody.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from edge.wire.link import Arrived, Broker, Connected, Farewell, Link, LinkEvent, Lost
from edge.wire.messages import HubState
from edge.wire.topics import Topics
from hub.outgoing import Outgoing

__all__ = ["AnyLink", "Mailbox", "MakeLink", "Switchboard"]

_LOG = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024 * 1024
_MOST_AT_ONCE = 500
_TRY_AGAIN_S = 5.0


class AnyLink(Protocol):
    """What the switchboard needs of a link; `edge.wire.link.Link` is one."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool: ...
    def wait_for_room(self) -> None: ...


class MakeLink(Protocol):
    """Makes a link; the class `edge.wire.link.Link` is one."""

    def __call__(
        self,
        broker: Broker,
        *,
        subscriptions: tuple[str, ...],
        new_session: Callable[[], Farewell],
        on_event: Callable[[LinkEvent], None],
        keep_session: bool,
    ) -> AnyLink: ...


class Mailbox:
    """What the network thread leaves for the one that works: bounded in bytes, taken many at a time.

    When full, messages that their sender repeats (ledger, health, time) are let go and counted; what is said
    once (state) is still taken, up to twice the bound.
    """

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._waiting: deque[LinkEvent] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def put(self, event: LinkEvent) -> None:
        """Leave something; never blocks."""
        with self._changed:
            size = _size(event)
            bound = self._most_bytes * (2 if _is_said_once(event) else 1)
            if size and self._bytes + size > bound:
                self.dropped += 1
                return
            self._bytes += size
            self._waiting.append(event)
            self._changed.notify()

    def take(self, timeout_s: float) -> list[LinkEvent] | None:
        """What waits, oldest first; empty after `timeout_s`; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout_s)
            if self._closed:
                return None
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_AT_ONCE))]
            self._bytes -= sum(map(_size, taken))
            return taken

    def close(self) -> None:
        """Wake whoever waits, for the last time."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Switchboard:
    """The hub's link. `receive` gets messages in order, many at once, on one thread; so does everything else.

    `on_linked` is called when a session began, and again until it succeeds; `on_lost(reason)` when the link
    broke or could not be made.
    """

    def __init__(
        self,
        *,
        broker: Broker,
        topics: Topics,
        key_id: str,
        now: Callable[[], datetime],
        receive: Callable[[Sequence[Arrived]], None],
        on_linked: Callable[[], None],
        on_lost: Callable[[str], None],
        make_link: MakeLink = Link,
    ) -> None:
        self._topics = topics
        self._key_id = key_id
        self._now = now
        self._receive = receive
        self._on_linked = on_linked
        self._on_lost = on_lost
        self._mailbox = Mailbox()
        self._session = uuid4().hex
        self._linked = False
        self._greeting_due = False
        self._thread = threading.Thread(target=self._work, name="switchboard", daemon=True)
        self._link = make_link(
            broker,
            subscriptions=topics.hub_hears(),
            new_session=self._new_session,
            on_event=self._mailbox.put,
            keep_session=False,
        )

    @property
    def linked(self) -> bool:
        """Whether there is a session with the broker."""
        return self._linked

    @property
    def dropped(self) -> int:
        """Messages let go because the hub was flooded."""
        return self._mailbox.dropped

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Say farewell and end."""
        self._link.stop()
        self._mailbox.close()
        self._thread.join(10)

    def send(self, message: Outgoing) -> bool:
        """Send now, from any thread; False when there is no link."""
        if message.many:
            self._link.wait_for_room()
        return self._link.publish(message.topic, message.payload, qos=message.qos, retain=message.retain)

    def _new_session(self) -> Farewell:
        self._session = uuid4().hex
        return Farewell(self._topics.hub, self._state(here=False))

    def _state(self, *, here: bool) -> bytes:
        return HubState(session=self._session, here=here, at=self._now(), key=self._key_id).encode()

    def _work(self) -> None:
        while (events := self._mailbox.take(_TRY_AGAIN_S)) is not None:
            try:
                self._turn(events)
            except Exception:  # noqa: BLE001 - the hub must go on hearing
                _LOG.exception("a turn of the switchboard failed")

    def _turn(self, events: list[LinkEvent]) -> None:
        for event in events:
            if isinstance(event, Connected):
                self._linked = self._greeting_due = True
                self.send(Outgoing(self._topics.hub, self._state(here=True), retain=True))
            elif isinstance(event, Lost):
                self._linked = self._greeting_due = False
        try:
            self._hear(events)
        finally:  # what cannot be stored keeps nobody from being told what is in force
            if self._greeting_due:
                self._on_linked()
                self._greeting_due = False

    def _hear(self, events: list[LinkEvent]) -> None:
        for lost in (event for event in events if isinstance(event, Lost)):
            self._on_lost(lost.reason)
        arrived = [event for event in events if isinstance(event, Arrived)]
        if arrived:
            self._receive(arrived)


def _size(event: LinkEvent) -> int:
    return len(event.topic) + len(event.payload) + 100 if isinstance(event, Arrived) else 0


def _is_said_once(event: LinkEvent) -> bool:
    return not isinstance(event, Arrived) or event.topic.endswith("/state")
