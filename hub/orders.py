"""Orders to act now: stop, resume, mute, unmute, volume. In the file first, then out at once.

Stop is everyone's brake: clerk, approver, technician, administrator. Lifting it is for those who answer for
the programme: clerk and approver. Mute and volume belong to clerk, approver and technician.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.wire.orders import AUDIENCE_ALL, Order, OrderKind, StopMark, audience_of_area
from edge.wire.plan import audience_of_node
from edge.wire.signing import SignedKind, SigningKey
from edge.wire.topics import Topics
from hub.errors import Invalid, Problem
from hub.events import Events
from hub.outgoing import Outgoing, Send
from hub.people.roles import Actor, Role
from hub.programme.terms import Areas, Place
from hub.publishing import Publishing
from hub.store import areas, audit, nodes, plans, site
from hub.store.database import Database, Store, to_text
from hub.store.plans import KeptOrder, KeptStanding

__all__ = ["WHO_MAY", "Issued", "Orders", "StopInForce", "Wanted", "is_confirmed"]

_OBEYED_WITHIN = timedelta(seconds=60)

WHO_MAY: dict[OrderKind, tuple[Role, ...]] = {
    OrderKind.STOP: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR),
    OrderKind.RESUME: (Role.CLERK, Role.APPROVER),
    OrderKind.MUTE: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
    OrderKind.UNMUTE: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
    OrderKind.VOLUME: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An order to give. Exactly one of `everywhere`, or some `areas` and `nodes`; `value` in percent."""

    kind: OrderKind
    value: int | None = None
    nodes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True)
class Issued:
    """An order given; `sent` is False when no broker was there: it reaches nodes when one is."""

    seq: int
    nodes: tuple[str, ...]
    sent: bool


@dataclass(frozen=True)
class StopInForce:
    """A stop that holds: by whom, since when, which nodes are stopped, which have not confirmed."""

    seq: int
    at: datetime
    by: str
    everywhere: bool
    nodes: tuple[str, ...]
    unconfirmed: tuple[str, ...]


class Orders:
    """Gives orders and says which stop is in force."""

    def __init__(
        self,
        *,
        store: Store,
        key: SigningKey,
        topics: Topics,
        send: Send,
        publishing: Publishing,
        events: Events,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._key = key
        self._topics = topics
        self._send = send
        self._publishing = publishing
        self._events = events
        self._now = now

    def issue(
        self,
        actor: Actor,
        *,
        kind: OrderKind,
        value: int | None = None,
        nodes: Sequence[str] = (),
        areas: Sequence[str] = (),
        everywhere: bool = False,
    ) -> Issued:
        """Give an order. Raises `Forbidden` (`role_needed`), or `Invalid` (`value_needed`, `value_unwanted`,
        `out_of_range`, `target_needed`, `all_or_some`, `unknown_area`, `unknown_node`)."""
        actor.must(*WHO_MAY[kind])
        wanted = Wanted(kind=kind, value=value, nodes=tuple(nodes), areas=tuple(areas), everywhere=everywhere)
        order = self._store.write(lambda db: self._keep(db, actor, wanted))
        sent = [self._send_order(order, audience) for audience in order.audiences]
        self._events.publish("orders")
        self._publishing.send_standings(order.nodes)
        return Issued(order.seq, order.nodes, sent=all(sent))

    def current(self) -> StopInForce | None:
        """The newest stop in force, with every node that is stopped; None when none is."""
        db = self._store.read()
        stopped = [standing for standing in plans.standings(db) if standing.stopped is not None]
        everywhere = site.stop(db)
        marks = [standing.stopped for standing in stopped if standing.stopped] + (
            [everywhere] if everywhere else []
        )
        if not marks:
            return None
        mark = max(marks, key=lambda mark: mark.seq)
        reports = nodes.reports(db)
        return StopInForce(
            seq=mark.seq,
            at=mark.at,
            by=mark.by,
            everywhere=everywhere is not None,
            nodes=tuple(standing.node for standing in stopped),
            unconfirmed=tuple(s.node for s in stopped if not is_confirmed(s, reports.get(s.node))),
        )

    def recent(self, *, limit: int = 50) -> list[KeptOrder]:
        """The newest orders."""
        return plans.orders(self._store.read(), limit=limit)

    def _keep(self, db: Database, actor: Actor, wanted: Wanted) -> KeptOrder:
        tree, places = areas.tree(db), nodes.places(db)
        _check(wanted, tree, places)
        concerned = _concerned(wanted, tree, places)
        now = self._now()
        order = KeptOrder(
            seq=site.next_number(db, now=now),
            audiences=_audiences(wanted, tree, places),
            kind=wanted.kind.value,
            value=wanted.value,
            by=actor.person.name[:200],
            issued_at=now,
            not_after=now + _OBEYED_WITHIN,
            nodes=concerned,
        )
        plans.keep_order(db, order)
        _change_standings(db, order)
        _keep_site_stop(db, order, wanted)
        audit.record(
            db,
            at=now,
            actor=actor,
            action=f"order.{wanted.kind.value}",
            what=f"order:{order.seq} {', '.join(order.audiences)[:500]}",
            detail={"value": wanted.value, "nodes": len(concerned)},
        )
        return order

    def _send_order(self, kept: KeptOrder, audience: str) -> bool:
        order = Order(
            site=self._topics.site,
            aud=audience,
            seq=kept.seq,
            kind=OrderKind(kept.kind),
            value=kept.value,
            by=kept.by,
            issued_at=kept.issued_at,
            not_after=kept.not_after,
        )
        return self._send(Outgoing(self._topic(audience), self._key.sign(SignedKind.ORDER, order.encode())))

    def _topic(self, audience: str) -> str:
        scope, _, name = audience.partition(":")
        if scope == AUDIENCE_ALL:
            return self._topics.order_all
        return self._topics.order_area(name) if scope == "area" else self._topics.node(name, "order")


def is_confirmed(standing: KeptStanding, report: nodes.Report | None) -> bool:
    """Whether the node said that it obeys its standing state, or the order that led to it."""
    return report is not None and max(report.standing, report.order) >= standing.version


def _check(wanted: Wanted, tree: Areas, places: Iterable[Place]) -> None:
    known = {place.node for place in places}
    problems = [
        Problem("unknown_area", "areas", {"found": area}) for area in wanted.areas if area not in tree.parents
    ]
    problems += [
        Problem("unknown_node", "nodes", {"found": node}) for node in wanted.nodes if node not in known
    ]
    some = bool(wanted.areas or wanted.nodes)
    if wanted.everywhere and some:
        problems.append(Problem("all_or_some", "all"))
    if not wanted.everywhere and not some:
        problems.append(Problem("target_needed", "areas"))
    problems += _value_problems(wanted)
    if problems:
        raise Invalid(*problems)


def _value_problems(wanted: Wanted) -> list[Problem]:
    if wanted.kind is not OrderKind.VOLUME:
        return [Problem("value_unwanted", "value")] if wanted.value is not None else []
    if wanted.value is None:
        return [Problem("value_needed", "value")]
    wrong = not 0 <= wanted.value <= 100
    return [Problem("out_of_range", "value", {"found": wanted.value, "wanted": "0–100"})] if wrong else []


def _concerned(wanted: Wanted, tree: Areas, places: Iterable[Place]) -> tuple[str, ...]:
    chosen = set(wanted.areas)
    return tuple(
        place.node
        for place in places
        if wanted.everywhere or place.node in wanted.nodes or not chosen.isdisjoint(tree.above(place.area))
    )


def _audiences(wanted: Wanted, tree: Areas, places: Iterable[Place]) -> tuple[str, ...]:
    """The fewest audiences that reach each node once."""
    if wanted.everywhere:
        return (AUDIENCE_ALL,)
    outermost = tree.outermost(wanted.areas)
    area_of = {place.node: place.area for place in places}
    alone = [
        node for node in dict.fromkeys(wanted.nodes) if set(tree.above(area_of[node])).isdisjoint(outermost)
    ]
    return (*map(audience_of_area, outermost), *map(audience_of_node, alone))


def _change_standings(db: Database, order: KeptOrder) -> None:
    plans.begin_standings(db, order.nodes, KeptStanding("", 1, order.issued_at, site.stop(db)))
    plans.change_standings(db, order.nodes, _columns(order), version=order.seq, at=order.issued_at)


def _columns(order: KeptOrder) -> dict[str, object]:
    """What an order sets in the standing state."""
    match OrderKind(order.kind):
        case OrderKind.STOP:
            at = to_text(order.issued_at)
            return {"stopped_seq": order.seq, "stopped_at": at, "stopped_by": order.by}
        case OrderKind.RESUME:
            return {"stopped_seq": None, "stopped_at": None, "stopped_by": None}
        case OrderKind.MUTE:
            return {"muted": 1}
        case OrderKind.UNMUTE:
            return {"muted": 0}
        case OrderKind.VOLUME:
            return {"volume": order.value}


def _mark(order: KeptOrder) -> StopMark:
    return StopMark(seq=order.seq, at=order.issued_at, by=order.by)


def _keep_site_stop(db: Database, order: KeptOrder, wanted: Wanted) -> None:
    if order.kind == OrderKind.STOP and wanted.everywhere:
        site.keep_stop(db, _mark(order))
    elif order.kind == OrderKind.RESUME and not plans.is_any_stopped(db):
        site.keep_stop(db, None)
