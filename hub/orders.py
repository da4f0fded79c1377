"""Orders to act now: stop, resume, mute, unmute, volume. In the file first, then out at once.

Stop is everyone's brake: clerk, approver, technician, administrator. Lifting it is for those who answer for
the programme: clerk and approver. Mute and volume belong to clerk, approver and technician.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.wire.orders import OrderKind, StopMark
from edge.wire.signing import SigningKey
from edge.wire.topics import Topics
from hub.dispatch import Dispatch
from hub.errors import Invalid, Problem
from hub.events import Events
from hub.outgoing import Send
from hub.people.roles import Actor, Role
from hub.programme.terms import Areas, Place
from hub.publishing import Publishing
from hub.store import areas, audit, emergencies, nodes, plans, site
from hub.store.database import Database, Store, to_text
from hub.store.plans import KeptOrder, KeptStanding
from hub.targets import Target, audiences, concerned, target_problems

__all__ = ["OBEYED_WITHIN", "WHO_MAY", "Issued", "Orders", "StopInForce", "Wanted", "is_confirmed"]

OBEYED_WITHIN = timedelta(seconds=60)

WHO_MAY: dict[OrderKind, tuple[Role, ...]] = {
    OrderKind.STOP: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR),
    OrderKind.RESUME: (Role.CLERK, Role.APPROVER),
    OrderKind.MUTE: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
    OrderKind.UNMUTE: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
    OrderKind.VOLUME: (Role.CLERK, Role.APPROVER, Role.TECHNICIAN),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An order to give, but for emergencies (`hub.emergencies`); `value` in percent."""

    kind: OrderKind
    target: Target
    value: int | None = None


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
        self._dispatch = Dispatch(key=key, topics=topics, send=send)
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
        target = Target(nodes=tuple(nodes), areas=tuple(areas), everywhere=everywhere)
        wanted = Wanted(kind=kind, target=target, value=value)
        order = self._store.write(lambda db: self._keep(db, actor, wanted))
        sent = self._dispatch.send(order)
        self._events.publish("orders")
        self._publishing.send_standings(order.nodes)
        return Issued(order.seq, order.nodes, sent=sent)

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
        reached = concerned(wanted.target, tree, places)
        now = self._now()
        order = KeptOrder(
            seq=site.next_number(db, now=now),
            audiences=audiences(wanted.target, tree, places),
            kind=wanted.kind.value,
            value=wanted.value,
            by=actor.person.name[:200],
            issued_at=now,
            not_after=now + OBEYED_WITHIN,
            nodes=reached,
        )
        plans.keep_order(db, order)
        _change_standings(db, order)
        if wanted.kind is OrderKind.STOP:
            emergencies.stop(db, reached, seq=order.seq, at=now, by=order.by)
        _keep_site_stop(db, order, wanted)
        audit.record(
            db,
            at=now,
            actor=actor,
            action=f"order.{wanted.kind.value}",
            what=f"order:{order.seq} {', '.join(order.audiences)[:500]}",
            detail={"value": wanted.value, "nodes": len(reached)},
        )
        return order


def is_confirmed(standing: KeptStanding, report: nodes.Report | None) -> bool:
    """Whether the node said that it obeys its standing state, or the order that led to it."""
    return report is not None and max(report.standing, report.order) >= standing.version


def _check(wanted: Wanted, tree: Areas, places: Iterable[Place]) -> None:
    problems = target_problems(wanted.target, tree, places) + _value_problems(wanted)
    if problems:
        raise Invalid(*problems)


def _value_problems(wanted: Wanted) -> list[Problem]:
    if wanted.kind is not OrderKind.VOLUME:
        return [Problem("value_unwanted", "value")] if wanted.value is not None else []
    if wanted.value is None:
        return [Problem("value_needed", "value")]
    wrong = not 0 <= wanted.value <= 100
    return [Problem("out_of_range", "value", {"found": wanted.value, "wanted": "0–100"})] if wrong else []


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
    raise ValueError(f"{order.kind} sets nothing that stands in these rows")


def _mark(order: KeptOrder) -> StopMark:
    return StopMark(seq=order.seq, at=order.issued_at, by=order.by)


def _keep_site_stop(db: Database, order: KeptOrder, wanted: Wanted) -> None:
    if order.kind == OrderKind.STOP and wanted.target.everywhere:
        site.keep_stop(db, _mark(order))
    elif order.kind == OrderKind.RESUME and not plans.is_any_stopped(db):
        site.keep_stop(db, None)
