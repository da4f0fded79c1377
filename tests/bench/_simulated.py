"""Simulated clients of a broker: probes, and loudspeakers with real trust and decoding, no sound, no disk."""

import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edge.speaker.holdings import Holdings
from edge.trust import Trust
from edge.wire.base import ClockReading, ClockState
from edge.wire.entries import Body, Cached, Obeyed, PlanAccepted, StandingAccepted
from edge.wire.link import Broker
from edge.wire.messages import Birth, LedgerBatch, LedgerEntry
from edge.wire.orders import Order, Standing
from edge.wire.plan import Plan
from edge.wire.signing import Keyring
from edge.wire.topics import Topics

__all__ = ["BARE", "Member", "Probe", "Report", "member"]

BARE = b"bare:"
"""How a message begins that is only to be received."""

_KEEPALIVE_S = 60
_SYNCED = ClockReading(state=ClockState.SYNCED, bound_ms=1.0)


@dataclass
class Report:
    """What a swarm saw; instants are Unix seconds, after verifying and decoding.

    `plans` is, by node, the version of its plan and when it held it; `orders` when each order was obeyed, by
    number; `bare` when each bare message came, by its number; `messages` counts all that came.
    """

    plans: dict[str, tuple[int, float]] = field(default_factory=dict)
    orders: dict[int, list[float]] = field(default_factory=dict)
    bare: dict[int, list[float]] = field(default_factory=dict)
    messages: int = 0

    def add(self, other: "Report") -> None:
        """Take in what another swarm saw."""
        self.plans |= other.plans
        self.messages += other.messages
        for mine, theirs in ((self.orders, other.orders), (self.bare, other.bare)):
            for number, times in theirs.items():
                mine.setdefault(number, []).extend(times)


@dataclass(frozen=True)
class Probe:
    """A client that only receives, on these topics."""

    broker: Broker
    topics: tuple[str, ...]


class _Memory:
    """A ledger's keepsakes without a disk."""

    def keep(self, _name: str, _value: bytes) -> None:
        pass

    def kept(self, _name: str) -> None:
        return None

    def append(self, _body: Body, *, at: datetime, clock: ClockReading) -> None:
        pass

    @contextmanager
    def together(self) -> Iterator[None]:
        yield


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def reading(self) -> ClockReading:
        return _SYNCED


class Member:
    """One client, driven by the process's one loop."""

    def __init__(self, broker: Broker, topics: tuple[str, ...], report: Report) -> None:
        self.is_subscribed = False
        self.report = report
        self._hears = topics
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=broker.user, clean_session=True)
        self.client.username_pw_set(broker.user, broker.password)
        self.client.on_connect = lambda client, *_: client.subscribe([(each, 1) for each in self._hears])
        self.client.on_subscribe = self._subscribed
        self.client.on_message = self._arrived
        self.client.connect(broker.host, broker.port, keepalive=_KEEPALIVE_S)

    def turn(self) -> None:
        """Read what came, and write what that led to."""
        self.client.loop_read()
        self._write()

    def look_after(self) -> None:
        """Keep the connection alive, and write what could not be written at once."""
        self.client.loop_misc()
        self._write()

    def _write(self) -> None:
        if self.client.want_write():
            self.client.loop_write()

    def _subscribed(self, *_: Any) -> None:
        self.is_subscribed = True

    def _arrived(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self.report.messages += 1
        if payload.startswith(BARE):
            number = int(payload.split(b":")[1])
            self.report.bare.setdefault(number, []).append(time.time())
        elif payload:
            self.take(message.topic.rpartition("/")[2], payload)

    def take(self, leaf: str, payload: bytes) -> None:
        """Nothing: a probe only receives."""


class _Node(Member):
    """A loudspeaker as far as the wire goes: it verifies, decodes, and answers with its ledger."""

    def __init__(self, file: Path, report: Report) -> None:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
        who, broker = settings["node"], settings["broker"]
        self.name, areas = str(who["name"]), tuple(who["areas"])
        self._topics = Topics(who["site"])
        trust = Trust(
            keyring=Keyring(settings["keys"]["site"]), site=who["site"], node=self.name, areas=areas
        )
        self._holdings = Holdings(ledger=_Memory(), trust=trust, clock=_Clock())  # type: ignore[arg-type]
        self._ledger, self._seq = uuid4(), 0
        self._cached: set[str] = set()
        address = Broker(broker["host"], broker["port"], self.name, broker["password"])
        super().__init__(address, self._topics.node_hears(self.name, areas), report)

    def _subscribed(self, *_: Any) -> None:
        super()._subscribed()
        birth = Birth(
            session=uuid4().hex,
            at=datetime.now(UTC),
            clock=_SYNCED,
            kind="speaker",
            software="simulated",
            output="none",
            ledger=self._ledger,
        )
        self.client.publish(self._topics.node(self.name, "state"), birth.encode(), qos=1, retain=True)

    def take(self, leaf: str, payload: bytes) -> None:
        """Verify, decode, note when, answer."""
        match leaf:
            case "order":
                order = self._holdings.offer_order(payload)
                if isinstance(order, Order):
                    self.report.orders.setdefault(order.seq, []).append(time.time())
                    self._say(Obeyed(seq=order.seq, order=order.kind))
            case "standing":
                self._take_standing(payload)
            case "plan":
                self._take_plan(payload)

    def _take_standing(self, payload: bytes) -> None:
        standing = self._holdings.offer_standing(payload)
        if isinstance(standing, Standing):
            self._say(
                StandingAccepted(
                    version=standing.version,
                    stopped=standing.stopped is not None,
                    muted=standing.muted,
                    volume=standing.volume,
                )
            )

    def _take_plan(self, payload: bytes) -> None:
        plan = self._holdings.offer_plan(payload)
        if not isinstance(plan, Plan):
            return
        self.report.plans[self.name] = (plan.version, time.time())
        new = [each for each in plan.recordings if each.sha256 not in self._cached]
        self._cached |= {each.sha256 for each in new}
        accepted = PlanAccepted(version=plan.version, occurrences=len(plan.occurrences), until=plan.until)
        self._say(accepted, *(Cached(recording=each.sha256, bytes=each.bytes) for each in new))

    def _say(self, *bodies: Body) -> None:
        entries = []
        for body in bodies:
            self._seq += 1
            content = body.model_dump(mode="json")
            entries.append(
                LedgerEntry(
                    seq=self._seq,
                    at=datetime.now(UTC),
                    clock=_SYNCED,
                    boot="simulated",
                    kind=body.kind,
                    body=content,
                )
            )
        batch = LedgerBatch(ledger=self._ledger, first_held=1, entries=tuple(entries))
        self.client.publish(self._topics.node(self.name, "ledger"), batch.encode(), qos=1)


def member(what: Path | Probe, report: Report) -> Member:
    """A probe, or the loudspeaker that has this settings file, connecting; it writes into `report`."""
    if isinstance(what, Probe):
        return Member(what.broker, what.topics, report)
    return _Node(what, report)
