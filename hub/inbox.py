"""What nodes say: births and wills, readings, ledgers, questions for the time.

Everything of one turn is committed in one write, and only then acknowledged. What cannot be read is kept
with the reason, and the stream goes on.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from edge.wire.errors import BadMessage, BadTopic, Unreadable, WireError
from edge.wire.messages import Birth, Gone, Health, LedgerBatch, Stored, TimeRequest, read_state
from edge.wire.orders import TimeAnswer
from edge.wire.plan import audience_of_node
from edge.wire.signing import SignedKind
from hub.confirmations import confirmed, speakers
from hub.events import Events
from hub.finite import finite
from hub.heard import Heard
from hub.intake import LARGEST_SEQ, take_batch
from hub.outgoing import Courier, Outgoing
from hub.publishing import Publishing
from hub.store import faults, ledger, nodes, plans, site
from hub.store.database import Database, Store
from hub.store.faults import Unread
from hub.store.nodes import Report
from hub.store.reserve import StoreError, is_full

__all__ = ["Inbox", "Message"]

_LOG = logging.getLogger(__name__)
_MOST_AGAIN = 10_000
_MOST_PLAUSIBLE = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Message(Protocol):
    """What arrived; `edge.wire.link.Arrived` is one."""

    @property
    def topic(self) -> str: ...
    @property
    def payload(self) -> bytes: ...


@dataclass
class _Turn:
    """What is to be done once the turn is on the disk."""

    at: datetime
    heard: dict[str, None] = field(default_factory=dict)
    stored: dict[tuple[str, UUID], int] = field(default_factory=dict)
    met: dict[str, None] = field(default_factory=dict)
    questions: list[tuple[str, str]] = field(default_factory=list)
    events: dict[tuple[str, str], None] = field(default_factory=dict)


class Inbox:
    """Takes what arrives, many at once, on one thread. `knows_time`: may the hub's time be handed on?"""

    def __init__(
        self,
        *,
        store: Store,
        courier: Courier,
        publishing: Publishing,
        events: Events,
        now: Callable[[], datetime],
        knows_time: Callable[[], bool],
    ) -> None:
        self._store = store
        self._courier = courier
        self._topics = courier.topics
        self._publishing = publishing
        self._events = events
        self._now = now
        self._knows_time = knows_time
        self._again: list[Message] = []
        self._heard = Heard()

    def receive(self, messages: Sequence[Message]) -> None:
        """Commit what `messages` say, in order, then answer. Never raises for what a sender wrote.

        When the file cannot be written this raises and nothing is answered: nodes say again what was not
        stored, but for births and wills, which are taken with the next turn. On a full disk who is here, when
        each was last heard and which orders it obeys is kept all the same: pages must not call a loudspeaker
        that plays away, nor one that is silent unconfirmed.
        """
        waiting = [*self._again, *messages]
        self._again = [message for message in waiting if message.topic.endswith("/state")][-_MOST_AGAIN:]
        try:
            turn = self._store.write(lambda db: self._take_all(db, waiting))
        except StoreError as error:
            if is_full(error):
                self._keep_least(waiting)
            raise
        self._again = []
        self._heard.kept(turn.at)
        self._tell(turn)
        for node in turn.met:
            self._publishing.met(node)

    def _tell(self, turn: _Turn) -> None:
        for (node, identity), seq in turn.stored.items():
            acknowledged = Stored(ledger=identity, seq=seq).encode()
            self._courier.send(Outgoing(self._topics.node(node, "stored"), acknowledged))
        for node, nonce in turn.questions:
            self._answer(node, nonce)
        for name, subject in turn.events:
            self._events.publish(name, subject)

    def _keep_least(self, messages: Sequence[Message]) -> None:
        """On the reserve, and only where it is news: who is here and what each obeys at once, when each was
        last heard once a minute."""
        at, numbers = self._now(), self._confirmed(messages)
        states = [message for message in messages if message.topic.endswith("/state")]
        self._heard.note(speakers(self._topics, messages), at)
        if not (numbers or states or self._heard.is_due(at)):
            return
        turn = self._store.write(lambda db: self._take_least(db, at, states, numbers), must=True)
        self._again = []
        self._heard.kept(at)
        self._tell(turn)
        for node in turn.met:
            with suppress(StoreError):  # a plan that finds no room now comes with those of all nodes
                self._publishing.met(node)

    def _confirmed(self, messages: Sequence[Message]) -> list[tuple[int, int, int, str]]:
        known = nodes.reports(self._store.read())
        return [
            (0, standing, order, node)
            for node, (standing, order) in confirmed(self._topics, messages).items()
            if node in known and _is_plausible(max(standing, order))
            if standing > known[node].standing or order > known[node].order
        ]

    def _take_least(
        self,
        db: Database,
        at: datetime,
        states: Sequence[Message],
        numbers: Sequence[tuple[int, int, int, str]],
    ) -> _Turn:
        turn = _Turn(at=at)
        for message in states:
            try:
                with db.atomic():
                    self._take(db, turn, message)
            except (WireError, OverflowError, ValueError) as error:
                _LOG.warning("%s: %s", message.topic[:200], error)
        nodes.heard(db, self._heard.times)
        nodes.obeyed(db, numbers)
        turn.events.update({("nodes", node): None for *_, node in numbers})
        return turn

    def _take_all(self, db: Database, messages: Sequence[Message]) -> _Turn:
        turn = _Turn(at=self._now())
        for message in messages:
            try:
                with db.atomic():
                    self._take(db, turn, message)
            except (WireError, OverflowError, ValueError) as error:
                self._keep_unreadable(db, turn, message, error)
        nodes.heard(db, {**self._heard.times, **dict.fromkeys(turn.heard, turn.at)})
        return turn

    def _take(self, db: Database, turn: _Turn, message: Message) -> None:
        if not message.payload:
            return
        address = self._topics.parse(message.topic)
        if not nodes.is_in_service(db, address.owner):
            raise Unreadable("unknown_node", address.owner)
        if address.leaf != "state":  # the broker says a will in the node's name
            turn.heard[address.owner] = None
        match address.leaf:
            case "ledger":
                self._take_ledger(db, turn, address.owner, message)
            case "state":
                self._take_state(db, turn, address.owner, message.payload)
            case "health":
                self._take_health(db, turn, address.owner, Health.decode(message.payload))
            case "time":
                turn.questions.append((address.owner, TimeRequest.decode(message.payload).nonce))
            case _:
                raise BadTopic(f"nodes do not speak on {message.topic}")

    def _take_ledger(self, db: Database, turn: _Turn, node: str, message: Message) -> None:
        batch = LedgerBatch.decode(message.payload)
        if max((batch.first_held, *(entry.seq for entry in batch.entries))) > LARGEST_SEQ:
            raise Unreadable("out_of_range", "an entry number beyond 2^53")
        seq, changed = take_batch(db, node, message.topic, batch, at=turn.at, is_plausible=_is_plausible)
        turn.stored[(node, batch.ledger)] = seq
        turn.events.update(dict.fromkeys((name, node) for name in changed))

    def _take_state(self, db: Database, turn: _Turn, node: str, payload: bytes) -> None:
        state = read_state(payload)
        turn.events[("nodes", node)] = None
        if isinstance(state, Gone):
            nodes.away(db, node, session=state.session, at=turn.at)
            return
        nodes.keep_report(db, _report(node, state, turn.at))
        # A hub restored from a backup has less than it once acknowledged: the node must hear how much.
        turn.stored[(node, state.ledger)] = ledger.progress(db, node, str(state.ledger)).stored
        turn.met[node] = None

    def _take_health(self, db: Database, turn: _Turn, node: str, health: Health) -> None:
        numbers = tuple(_plausible(n) for n in (health.plan, health.standing, health.order))
        before = nodes.report(db, node)
        nodes.health(
            db,
            node,
            clock=(health.clock.state.value, finite(health.clock.bound_ms)),
            numbers=(numbers[0], numbers[1], numbers[2]),
            readings=health.model_dump(mode="json", exclude={"v", "session", "clock"}),
        )
        _note_ledger_trouble(db, node, health, at=turn.at)
        if before is not None and _lags(db, node, numbers[0], numbers[1]):
            turn.met[node] = None
        turn.events[("nodes", node)] = None

    def _answer(self, node: str, nonce: str) -> None:
        db = self._store.read()
        standing = next(iter(plans.standings(db, [node])), None)
        answer = TimeAnswer(
            site=self._topics.site,
            aud=audience_of_node(node),
            nonce=nonce,
            at=self._now(),
            plan=plans.plan_version(db, node),
            standing=standing.version if standing else 0,
            order=site.last_number(db),
            unsure=not self._knows_time(),
        )
        self._courier.send_signed(self._topics.node(node, "answer"), SignedKind.TIME, answer.encode())

    def _keep_unreadable(self, db: Database, turn: _Turn, message: Message, error: Exception) -> None:
        reason = error.reason if isinstance(error, BadMessage) else "unreadable"
        _LOG.warning("%s: %s", message.topic[:200], error)
        faults.keep_unreadable(db, Unread(turn.at, message.topic, reason, str(error), message.payload))
        turn.events[("faults", "")] = None


def _report(node: str, birth: Birth, at: datetime) -> Report:
    return Report(
        node=node,
        session=birth.session,
        here=True,
        heard_at=at,
        since=at,
        clock_state=birth.clock.state.value,
        clock_bound_ms=finite(birth.clock.bound_ms),
        software=birth.software,
        output=birth.output,
        ledger=str(birth.ledger),
        plan=_plausible(birth.plan),
        standing=_plausible(birth.standing),
        order=_plausible(birth.order),
    )


def _note_ledger_trouble(db: Database, node: str, health: Health, *, at: datetime) -> None:
    """A ledger that cannot be written cannot tell of it: its trouble comes with the readings."""
    details = [fault.partition(": ")[2] for fault in health.faults if fault.startswith("ledger: ")]
    if details:
        faults.raise_fault(db, node=node, name="ledger", detail=details[0][:500], at=at)
    else:
        faults.mend(db, node=node, name="ledger", at=at)


def _lags(db: Database, node: str, plan: int, standing: int) -> bool:
    kept = next(iter(plans.standings(db, [node])), None)
    return plan < plans.plan_version(db, node) or (kept is not None and standing < kept.version)


def _is_plausible(number: int) -> bool:
    """Whether a hub can have given a plan, standing state or order this number.

    They are Unix milliseconds or little more: one from the next century is a lie or a fault, and going above
    it would carry the numbers of the whole site away.
    """
    return number <= _MOST_PLAUSIBLE


def _plausible(number: int) -> int:
    """The number, or 0 for one that no hub can have given."""
    return number if _is_plausible(number) else 0
