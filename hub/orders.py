"""Orders to act now: stop, resume, mute, unmute, volume. In the file first, then out at once.

Stop is everyone's brake: clerk, approver, technician, administrator. Lifting it is for those who answer for
the programme: clerk and approver. Mute and volume belong to clerk, approver and technician.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from edge.wire.orders import OrderKind, StopMark
from hub.dispatch import Dispatch
from hub.errors import Invalid, Problem
from hub.people.roles import Actor, Role
from hub.programme.terms import Areas, Place
from hub.store import areas, audit, emergencies, nodes, plans, site
from hub.store.database import Database, Store
from hub.store.plans import KeptOrder, KeptStanding
from hub.targets import Target, audiences, concerned, target_problems

__all__ = ["WHO_MAY", "Issued", "Orders", "StopInForce", "Wanted", "is_confirmed"]


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

    def __init__(self, *, store: Store, dispatch: Dispatch, now: Callable[[], datetime]) -> None:
        self._store = store
        self._dispatch = dispatch
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
        order = self._store.write(lambda db: self._keep(db, actor, wanted), must=True)
        return Issued(order.seq, order.nodes, sent=self._dispatch.send(order))

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
        order = self._dispatch.keep(
            db,
            actor,
            wanted.kind,
            audiences=audiences(wanted.target, tree, places),
            nodes=reached,
            value=wanted.value,
        )
        if wanted.kind is OrderKind.STOP:
            emergencies.stop(db, reached, seq=order.seq, at=order.issued_at, by=order.by)
        _keep_site_stop(db, order, wanted)
        audit.record(
            db,
            at=order.issued_at,
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


def _mark(order: KeptOrder) -> StopMark:
    return StopMark(seq=order.seq, at=order.issued_at, by=order.by)


def _keep_site_stop(db: Database, order: KeptOrder, wanted: Wanted) -> None:
    if order.kind == OrderKind.STOP and wanted.target.everywhere:
        site.keep_stop(db, _mark(order))
    elif order.kind == OrderKind.RESUME and not plans.is_any_stopped(db):
        site.keep_stop(db, None)
