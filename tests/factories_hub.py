"""A hub without broker or pages: its services over a temporary file, and a line that remembers what left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from edge.wire.entries import Body
from edge.wire.house_rules import HouseRules
from edge.wire.link import Arrived
from edge.wire.messages import Birth, Health, LedgerBatch, LedgerEntry, Stored
from edge.wire.orders import Order, Standing
from edge.wire.plan import Plan
from edge.wire.signing import SignedKind
from edge.wire.topics import Topics
from hub.coverage import Coverages
from hub.dispatch import Dispatch
from hub.emergencies import Emergencies
from hub.emergency_course import Courses
from hub.enroll import Enrolment
from hub.events import Events
from hub.faults import Faults
from hub.fleet import Fleet
from hub.inbox import Inbox
from hub.orders import Orders
from hub.outgoing import Courier, Outgoing
from hub.people.roles import Actor, Person, Role
from hub.plays import Plays
from hub.publishing import Publishing
from hub.schedules import Draft, Schedules
from hub.site import Site
from hub.store import areas, nodes
from hub.store.areas import Area
from hub.store.database import Database, Store, new_id, to_text
from hub.store.nodes import Node, Report
from hub.store.reserve import Reserve
from tests.factories import LEDGER, NODE, NOW, SESSION, SITE, booted, keyring, reading, signing_key
from tests.factories_people import Clock

__all__ = ["ALL_HOURS", "Line", "Village", "actor", "add_bulletin", "boots", "report"]

ALL_HOURS = HouseRules(quiet=())


def actor(*roles: Role, name: str = "Lan") -> Actor:
    return Actor(Person(id="1", login=name.lower(), name=name, roles=frozenset(roles)), "192.0.2.1")


def boots(count: int) -> list[Body]:
    """So many entries of a ledger, each another."""
    return [booted(software=str(number)) for number in range(count)]


def report(**changes: Any) -> Report:
    """What the hub keeps of a node that it hears."""
    known: dict[str, Any] = {
        "node": NODE,
        "session": "s",
        "here": True,
        "heard_at": NOW,
        "since": NOW,
        "clock_state": "synced",
        "clock_bound_ms": 1.0,
        "software": "loa 1",
        "output": "device",
        "ledger": "l",
        "plan": 1,
        "standing": 1,
        "order": 1,
    }
    return Report(**known | changes)


@dataclass
class Line:
    """Where the hub sends; `linked` False is a broker that is not there."""

    linked: bool = True
    sent: list[Outgoing] = field(default_factory=list)

    def __call__(self, message: Outgoing) -> bool:
        if self.linked:
            self.sent.append(message)
        return self.linked

    def to(self, node: str, leaf: str) -> list[bytes]:
        return [m.payload for m in self.sent if m.topic == Topics(SITE).node(node, leaf)]

    def plan(self, node: str) -> Plan:
        return Plan.decode(keyring().open(SignedKind.PLAN, self.to(node, "plan")[-1]))

    def standing(self, node: str) -> Standing:
        return Standing.decode(keyring().open(SignedKind.STANDING, self.to(node, "standing")[-1]))

    def orders(self) -> list[tuple[str, Order]]:
        return [
            (message.topic, Order.decode(keyring().open(SignedKind.ORDER, message.payload)))
            for message in self.sent
            if message.topic.endswith("/order")
        ]

    def stored(self, node: str) -> list[int]:
        return [Stored.decode(payload).seq for payload in self.to(node, "stored")]


class Village:
    """Two areas under one ward; loa-1 and loa-2 in to-1, loa-3 in to-2. It is 09:00 there."""

    def __init__(self, path: Path, *, rules: HouseRules = ALL_HOURS, reserve: Reserve | None = None) -> None:
        self.now = Clock()
        self.path = path
        self.reserve = reserve
        self.knows_time = True
        self.line = Line()
        self.open()
        self.store.write(self._settle)
        self.site.begin(rules)

    def open(self) -> None:
        self.store, self.events = Store(self.path, reserve=self.reserve), Events()
        now, line, store, events = self.now, self.line, self.store, self.events
        courier = Courier(key=signing_key(), topics=Topics(SITE), send=line)
        self.publishing = Publishing(store=store, courier=courier, now=now)
        both: dict[str, Any] = {"store": store, "events": events, "now": now}
        self.site = Site(publishing=self.publishing, **both)
        self.schedules = Schedules(publishing=self.publishing, **both)
        self.fleet, self.faults = Fleet(store=store, now=now), Faults(**both)
        self.enrolment = Enrolment(store=store, site=SITE, public_key=courier.key.public(), now=now)
        self.inbox = Inbox(
            courier=courier, publishing=self.publishing, knows_time=lambda: self.knows_time, **both
        )
        dispatch = Dispatch(courier=courier, publishing=self.publishing, events=events, now=now)
        self.orders = Orders(store=store, dispatch=dispatch, now=now)
        self.emergencies = Emergencies(store=store, dispatch=dispatch, publishing=self.publishing, now=now)
        self.plays, self.coverages = Plays(store=store, now=now), Coverages(store=store, now=now)
        self.courses = Courses(store=store, coverages=self.coverages, now=now)

    def close(self) -> None:
        self.store.close()

    def enrol(self, node: str, area: str = "to-1", *, kind: str = "speaker", name: str = "") -> None:
        """A device is in the file; nobody was told of it."""
        self.store.write(lambda db: self._add(db, node, area, kind=kind, name=name or node))

    def draft(self, bulletin: str, **changes: Any) -> Draft:
        fields: dict[str, Any] = {"bulletin": bulletin, "starts_at": self.in_s(60), "areas": ("to-1",)}
        return Draft(**fields | changes)

    def in_s(self, seconds: float) -> datetime:
        return self.now() + timedelta(seconds=seconds)

    def bulletin(self, title: str = "Bản tin", **changes: Any) -> str:
        return self.store.write(lambda db: add_bulletin(db, title, **changes))

    def says(self, node: str, leaf: str, payload: bytes) -> None:
        self.inbox.receive([Arrived(Topics(SITE).node(node, leaf), payload, False)])

    def born(self, node: str, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "session": SESSION,
            "at": self.now(),
            "clock": reading(),
            "kind": "speaker",
            "software": "0.1",
            "output": "file",
            "ledger": LEDGER,
        }
        self.says(node, "state", Birth(**fields | changes).encode())

    def health(self, node: str, **changes: Any) -> None:
        fields: dict[str, Any] = {"session": SESSION, "at": self.now(), "clock": reading(), "uptime_s": 1.0}
        self.says(node, "health", Health(**fields | changes).encode())

    def wrote(self, node: str, bodies: Sequence[Body], *, first: int = 1, first_held: int = 1) -> None:
        self.says(node, "ledger", self.batch(bodies, first=first, first_held=first_held).encode())

    def batch(
        self, bodies: Sequence[Body], *, first: int = 1, first_held: int = 1, ledger: UUID = LEDGER
    ) -> LedgerBatch:
        entries = tuple(
            LedgerEntry(
                seq=first + offset,
                at=self.now(),
                clock=reading(),
                boot="b1",
                kind=body.kind,
                body=body.model_dump(mode="json"),
            )
            for offset, body in enumerate(bodies)
        )
        return LedgerBatch(ledger=ledger, first_held=first_held, entries=entries)

    def _settle(self, db: Database) -> None:
        areas.add(db, Area(id="phuong", name="Phường"))
        for area in ("to-1", "to-2"):
            areas.add(db, Area(id=area, name=f"Tổ {area[-1]}", parent="phuong"))
        for node, area in (("loa-1", "to-1"), ("loa-2", "to-1"), ("loa-3", "to-2")):
            self._add(db, node, area, kind="speaker", name=node)

    def _add(self, db: Database, node: str, area: str, *, kind: str, name: str) -> None:
        new = Node(id=node, kind=kind, name=name, area=area, enrolled_at=self.now())
        nodes.add(db, new, secret_hash="", broker_hash="")


def add_bulletin(
    db: Database,
    title: str,
    *,
    priority: str = "routine",
    state: str = "approved",
    duration_ms: int = 60_000,
    recording_state: str = "ready",
    sha256: str = "a" * 64,
) -> str:
    recording, bulletin = new_id(), new_id()
    at = to_text(Clock()())
    db.table("recordings").insert(
        {
            "id": recording,
            "title": title,
            "language": "vi",
            "state": recording_state,
            "file_name": "a.mp3",
            "original": "a.mp3",
            "sha256": sha256,
            "bytes": 1000,
            "duration_ms": duration_ms,
            "created_at": at,
            "created_by": "lan",
        }
    )
    db.table("bulletins").insert(
        {
            "id": bulletin,
            "title": title,
            "priority": priority,
            "language": "vi",
            "state": state,
            "created_at": at,
            "created_by": "lan",
        }
    )
    db.table("bulletin_recordings").insert({"bulletin": bulletin, "position": 0, "recording": recording})
    return bulletin
