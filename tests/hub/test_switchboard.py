import queue
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from edge.wire.link import Arrived, Broker, Connected, Farewell, LinkEvent, Lost
from edge.wire.messages import HubState
from edge.wire.topics import Topics
from hub.outgoing import Outgoing
from hub.switchboard import Mailbox, Switchboard

WAIT_S = 5
TOPICS = Topics("xa-mau")


class FakeLink:
    """A link whose events the test makes; it keeps what was published."""

    def __init__(
        self,
        broker: Broker,
        *,
        subscriptions: tuple[str, ...],
        new_session: Callable[[], Farewell],
        on_event: Callable[[LinkEvent], None],
        keep_session: bool,
    ) -> None:
        self.subscriptions = subscriptions
        self.new_session = new_session
        self.on_event = on_event
        self.keep_session = keep_session
        self.up = False
        self.waits = 0
        self.published: queue.Queue[tuple[str, bytes, bool]] = queue.Queue()

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        if self.up:
            self.published.put((topic, payload, retain))
        return self.up

    def wait_for_room(self) -> None:
        self.waits += 1

    def connect(self) -> Farewell:
        farewell = self.new_session()
        self.up = True
        self.on_event(Connected())
        return farewell


class Rig:
    """A switchboard on a fake link; what it hands on lands in queues."""

    def __init__(self) -> None:
        self.received: queue.Queue[list[Arrived]] = queue.Queue()
        self.linked: queue.Queue[str] = queue.Queue()
        self.lost: queue.Queue[str] = queue.Queue()
        self.failures = 0
        self.board = Switchboard(
            broker=Broker("127.0.0.1", 1, "hub", "x"),
            topics=TOPICS,
            key_id="key",
            now=lambda: datetime(2026, 11, 20, 10, tzinfo=UTC),
            receive=self.receive,
            on_linked=lambda: self.linked.put("linked"),
            on_lost=self.lost.put,
            make_link=self.make_link,
        )

    def make_link(self, broker: Broker, **kwargs: object) -> FakeLink:
        self.link = FakeLink(broker, **kwargs)  # type: ignore[arg-type]
        return self.link

    def receive(self, messages: Sequence[Arrived]) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("no")
        self.received.put(list(messages))


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    made.board.start()
    yield made
    made.board.stop()


def message(topic: str, size: int = 1) -> Arrived:
    return Arrived(topic=topic, payload=b"x" * size, retained=False)


def test_a_new_session_is_told_to_all_and_kept_by_the_broker(rig: Rig) -> None:
    rig.link.connect()
    topic, payload, retained = rig.link.published.get(timeout=WAIT_S)
    assert (topic, retained, HubState.decode(payload).here) == (TOPICS.hub, True, True)


def test_the_last_will_is_of_the_same_session(rig: Rig) -> None:
    farewell = rig.link.connect()
    _, payload, _ = rig.link.published.get(timeout=WAIT_S)
    will = HubState.decode(farewell.payload)
    assert (will.session, will.here) == (HubState.decode(payload).session, False)


def test_every_session_has_a_new_name(rig: Rig) -> None:
    sessions = {HubState.decode(rig.link.connect().payload).session for _ in range(3)}
    assert len(sessions) == 3


def test_all_is_said_again_in_a_new_session(rig: Rig) -> None:
    for _ in range(2):
        rig.link.connect()
        assert rig.linked.get(timeout=WAIT_S) == "linked"


def test_a_lost_link_is_told(rig: Rig) -> None:
    rig.link.connect()
    rig.link.on_event(Lost("keepalive"))
    assert rig.lost.get(timeout=WAIT_S) == "keepalive"
    assert not rig.board.linked


def test_messages_come_in_order(rig: Rig) -> None:
    for number in range(50):
        rig.link.on_event(message(f"t/{number}"))
    came: list[str] = []
    while len(came) < 50:
        came += [arrived.topic for arrived in rig.received.get(timeout=WAIT_S)]
    assert came == [f"t/{number}" for number in range(50)]


def test_a_failing_receiver_does_not_deafen_the_hub(rig: Rig) -> None:
    rig.failures = 1
    rig.link.on_event(message("first"))
    while rig.failures:
        rig.board.send(Outgoing("nothing", b""))
    rig.link.on_event(message("second"))
    assert [arrived.topic for arrived in rig.received.get(timeout=WAIT_S)] == ["second"]


class _Flooded(Rig):
    """What comes cannot be stored, and there is always more."""

    def receive(self, messages: Sequence[Arrived]) -> None:
        if messages[0].topic == "first":
            self.link.on_event(Connected())
        if self.linked.empty():
            self.link.on_event(message("more"))
        raise ValueError("no")


def test_who_can_store_nothing_of_what_comes_still_greets() -> None:
    rig = _Flooded()
    rig.board.start()
    rig.link.on_event(message("first"))
    assert rig.linked.get(timeout=WAIT_S) == "linked"
    rig.board.stop()


def test_only_one_of_many_waits_for_room_on_the_link(rig: Rig) -> None:
    rig.board.send(Outgoing("order", b"x"))
    assert rig.link.waits == 0
    rig.board.send(Outgoing("plan", b"x", many=True))
    assert rig.link.waits == 1


def test_sending_without_a_link_is_false(rig: Rig) -> None:
    assert not rig.board.send(Outgoing("t", b"x"))


def test_the_hub_keeps_no_session_at_the_broker(rig: Rig) -> None:
    assert not rig.link.keep_session


def test_a_full_mailbox_lets_go_what_is_repeated() -> None:
    mailbox = Mailbox(most_bytes=1000)
    for _ in range(10):
        mailbox.put(message("loa/s/node/n/ledger", 400))
    assert mailbox.dropped == 9
    assert len(mailbox.take(0) or []) == 1


def test_a_full_mailbox_still_takes_what_is_said_once() -> None:
    mailbox = Mailbox(most_bytes=1000)
    for _ in range(3):
        mailbox.put(message("loa/s/node/n/ledger", 400))
    mailbox.put(message("loa/s/node/n/state", 400))
    mailbox.put(Lost("x"))
    taken = mailbox.take(0) or []
    assert [type(event).__name__ for event in taken] == ["Arrived", "Arrived", "Lost"]


def test_what_was_taken_makes_room() -> None:
    mailbox = Mailbox(most_bytes=1000)
    mailbox.put(message("loa/s/node/n/ledger", 800))
    mailbox.take(0)
    mailbox.put(message("loa/s/node/n/ledger", 800))
    assert mailbox.dropped == 0


def test_a_closed_mailbox_gives_nothing() -> None:
    mailbox = Mailbox()
    mailbox.put(message("t"))
    mailbox.close()
    assert mailbox.take(0) is None
