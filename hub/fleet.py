"""The nodes as pages and programs see them: who is there, ready for what, and why not; areas; ledgers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.errors import NotFound, Problem
from hub.knowledge import known_nodes
from hub.orders import is_confirmed
from hub.programme.programme import PLAN_DAYS, Programme
from hub.programme.terms import Occurrence, Place
from hub.readiness import Known, believed, is_forbidden, missing_of, node_state, why_not_ready
from hub.store import areas, audit, faults, ledger, nodes, programme
from hub.store.areas import Area
from hub.store.database import Store
from hub.store.faults import OpenFault, Unread
from hub.store.ledger import Row
from hub.store.nodes import Node, Report
from hub.store.plans import KeptStanding

__all__ = ["Fleet", "NextItem", "NodeState", "Removed", "Upcoming", "Whereabouts", "area_names"]

_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class NextItem:
    """The next occurrence at a node; `why_not` is empty when all of it will sound."""

    occurrence: Occurrence
    missing: tuple[str, ...]
    why_not: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, kw_only=True)
class NodeState:
    """A node now. `state` is a code of `hub.readiness.node_state`; `confirmed` that it obeys its standing
    state; `report` None before it was ever heard."""

    node: Node
    area: Area
    state: str
    report: Report | None
    standing: KeptStanding | None
    confirmed: bool
    plan_version: int
    next: NextItem | None
    faults: tuple[OpenFault, ...]


@dataclass(frozen=True)
class Whereabouts:
    """What people call a node and its area, and whether it is in contact now."""

    name: str
    area: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """An occurrence to come; `unready` are the nodes that would miss it, each with its reasons."""

    occurrence: Occurrence
    places: tuple[Place, ...]
    areas: tuple[str, ...]
    unready: dict[str, tuple[str, ...]]

    @property
    def ready(self) -> int:
        """How many of its loudspeakers are ready."""
        return len(self.places) - len(self.unready)


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A node that was taken out of service at `at`, `by` a person or on the command line (empty)."""

    node: Node
    area: str
    at: datetime
    by: str


class Fleet:
    """Nodes and areas."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def known(self) -> dict[str, Known]:
        """All that is known of every node in service now: one look, for who asks more than one question."""
        return known_nodes(self._store.read(), now=self._now())

    def nodes(self, *, kind: str | None = None, known: Mapping[str, Known] | None = None) -> list[NodeState]:
        """Every node in service (or those of one kind), by name; `known` is of who has looked already."""
        if known is None:
            db = self._store.read()
            known = known_nodes(db, nodes.nodes(db, kind=kind), now=self._now())
        return self._states([each for each in known.values() if kind in (None, each.node.kind)])

    def names(self) -> dict[str, str]:
        """What people call each node in service, by id."""
        return {node.id: node.name for node in nodes.nodes(self._store.read())}

    def whereabouts(self) -> dict[str, Whereabouts]:
        """Of every node in service, by id; without a look at what it is to play."""
        db, now = self._store.read(), self._now()
        names = {area.id: area.name for area in areas.areas(db)}
        here = {id_ for id_, report in nodes.reports(db).items() if believed(report, now).here}
        return {
            node.id: Whereabouts(node.name, names[node.area], node.id in here) for node in nodes.nodes(db)
        }

    def node(self, id_: str) -> NodeState:
        """One node. Raises `NotFound`."""
        db = self._store.read()
        found = nodes.node(db, id_)
        if found is None:
            raise NotFound(Problem("no_such_node", facts={"found": id_[:100]}))
        (state,) = self._states(list(known_nodes(db, [found], now=self._now()).values()))
        return state

    def removed(self, id_: str) -> Removed | None:
        """A node that was taken out of service; None for one that is in service or never was."""
        db = self._store.read()
        found = nodes.removed(db, id_)
        if found is None or found.removed_at is None:
            return None
        names = {area.id: area.name for area in areas.areas(db)}
        lines = audit.entries(db, limit=1, action="node.remove", what=f"node:{id_} ")
        by = next((line.name for line in lines if line.who != audit.SYSTEM), "")
        return Removed(node=found, area=names[found.area], at=found.removed_at, by=by)

    def ledger(
        self, id_: str, *, before: tuple[str, int] | None = None, limit: int = 50, kind: str | None = None
    ) -> list[Row]:
        """A node's newest ledger entries; `before` is the (ledger, seq) of the last one seen."""
        return ledger.newest(self._store.read(), id_, limit=limit, before=before, kind=kind)

    def unreadable(self, id_: str, *, limit: int = 20) -> list[Unread]:
        """The newest of what this node sent that could not be read."""
        return faults.unreadable(self._store.read(), limit=limit, topic_part=f"/node/{id_}/")

    def areas(self) -> list[Area]:
        """Every area, in order."""
        return areas.areas(self._store.read())

    def next_24h(self, known: Mapping[str, Known] | None = None) -> list[Upcoming]:
        """What will sound in the coming 24 hours, or sounds now, with who is not ready."""
        now = self._now()
        db = self._store.read()
        whole = programme.between(db, start=now - _DAY, end=now + _DAY)
        known = known_nodes(db, now=now) if known is None else known
        names = {area.id: area.name for area in areas.areas(db)}
        return [
            _upcoming(occurrence, whole, known, names)
            for occurrence in whole.occurrences(start=now - _DAY, end=now + _DAY)
            if occurrence.ends_at > now
        ]

    def _states(self, wanted: Sequence[Known]) -> list[NodeState]:
        db, now = self._store.read(), self._now()
        by_id = {area.id: area for area in areas.areas(db)}
        upcoming: dict[str, Coming] = {}
        if any(known.node.kind == "speaker" for known in wanted):
            upcoming = _next_items(programme.planned(db, now=now), now)
        return [_state(known, by_id[known.node.area], upcoming.get(known.node.id)) for known in wanted]


Coming = tuple[Occurrence, bool]
"""An occurrence, and whether the house rules forbid it."""


def _next_items(whole: Programme, now: datetime) -> dict[str, Coming]:
    found: dict[str, Coming] = {}
    seen: set[str] = set()
    for occurrence in whole.occurrences(start=now, end=now + timedelta(days=PLAN_DAYS)):
        if occurrence.schedule.id not in seen:
            seen.add(occurrence.schedule.id)
            item = (occurrence, is_forbidden(occurrence, whole.rules))
            for place in whole.places_of(occurrence.schedule):
                found.setdefault(place.node, item)
    return found


def _state(known: Known, area: Area, coming: Coming | None) -> NodeState:
    return NodeState(
        node=known.node,
        area=area,
        state=node_state(known, coming[0] if coming else None),
        report=known.report,
        standing=known.standing,
        confirmed=known.standing is None or is_confirmed(known.standing, known.report),
        plan_version=known.plan_version,
        next=_following(known, *coming) if coming else None,
        faults=known.faults,
    )


def _following(known: Known, item: Occurrence, forbidden: bool) -> NextItem:
    why = why_not_ready(known, item, forbidden=forbidden)
    return NextItem(item, missing_of(known, item), why)


def _upcoming(
    occurrence: Occurrence, whole: Programme, known: Mapping[str, Known], names: dict[str, str]
) -> Upcoming:
    places = whole.places_of(occurrence.schedule)
    forbidden = is_forbidden(occurrence, whole.rules)
    reasons = {
        p.node: why_not_ready(known[p.node], occurrence, forbidden=forbidden)
        for p in places
        if p.node in known
    }
    return Upcoming(
        occurrence=occurrence,
        places=places,
        areas=area_names(occurrence, places, names),
        unready={node: why for node, why in reasons.items() if why},
    )


def area_names(occurrence: Occurrence, places: Sequence[Place], names: dict[str, str]) -> tuple[str, ...]:
    """The names of the areas that a schedule was made for, or in which its single nodes hang."""
    single = [place.area for place in places if place.node in occurrence.schedule.nodes]
    return tuple(
        names[area] for area in dict.fromkeys((*occurrence.schedule.areas, *single)) if area in names
    )
