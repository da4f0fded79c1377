"""What became of each occurrence at each loudspeaker, also where nothing was reported yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.errors import NotFound, Problem
from hub.programme.programme import Programme
from hub.programme.terms import Occurrence
from hub.store import holdings, nodes, plans, plays, programme
from hub.store.database import Database, Store
from hub.store.plays import Told, play_id

__all__ = ["PlayItem", "Plays"]

_AROUND = timedelta(days=35)


@dataclass(frozen=True, kw_only=True)
class PlayItem:
    """One occurrence at one node.

    `state`: planned (not all recordings there yet), cached (plan and recordings are there), armed, playing,
    finished. `outcome` and `reason` are those of `edge.wire.entries`, None until finished. Times are UTC.
    """

    id: str
    node: str
    occurrence: str
    schedule: str
    due_at: datetime
    state: str
    started_at: datetime | None = None
    start_error_ms: float | None = None
    clock_bound_ms: float | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    played_ms: int | None = None


class Plays:
    """Reads plays; ledgers write them (`hub.inbox`)."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def find(
        self,
        *,
        schedule: str | None = None,
        occurrence: str | None = None,
        node: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 1000,
    ) -> list[PlayItem]:
        """Plays due in `[start, end)` (35 days around now unless given), in the order of time.

        One for every occurrence at every loudspeaker it is for, reported or not.
        """
        now = self._now()
        first, last = start or now - _AROUND, end or now + _AROUND
        db = self._store.read()
        items = self._expected(db, first, last, schedule)
        for told in plays.told(db, start=first, end=last, schedule=schedule):
            items[told.id] = _from_told(told)
        wanted = (
            item
            for item in items.values()
            if node in (None, item.node) and occurrence in (None, item.occurrence)
        )
        return sorted(wanted, key=lambda item: (item.due_at, item.occurrence, item.node))[:limit]

    def get(self, id_: str) -> PlayItem:
        """One play by its id, `{occurrence}@{node}`, reported or still expected. Raises `NotFound`."""
        told = plays.told_of(self._store.read(), id_)
        if told is not None:
            return _from_told(told)
        occurrence, _, node = id_.partition("@")
        for item in self.find(schedule=occurrence.rpartition(".")[0], occurrence=occurrence, node=node):
            return item
        raise NotFound(Problem("no_such_play", facts={"found": id_[:200]}))

    def _expected(
        self, db: Database, start: datetime, end: datetime, schedule: str | None
    ) -> dict[str, PlayItem]:
        whole = programme.between(db, start=start, end=end)
        enrolled = {node.id: node.enrolled_at for node in nodes.nodes(db, kind="speaker")}
        obeying = _obeying(db)
        held = holdings.holdings(db)
        return {
            play_id(occurrence.id, node): _expected_item(occurrence, node, obeying, held.get(node, set()))
            for occurrence in whole.occurrences(start=start, end=end)
            if schedule in (None, occurrence.schedule.id)
            for node in _nodes_of(whole, occurrence)
            if enrolled[node] <= occurrence.starts_at
        }


def _nodes_of(whole: Programme, occurrence: Occurrence) -> list[str]:
    return [place.node for place in whole.places_of(occurrence.schedule)]


def _obeying(db: Database) -> set[str]:
    """The nodes that accepted the plan they were sent."""
    versions = plans.plan_versions(db)
    return {n for n, report in nodes.reports(db).items() if report.plan >= versions.get(n, (1, ""))[0]}


def _expected_item(occurrence: Occurrence, node: str, obeying: set[str], held: set[str]) -> PlayItem:
    all_there = node in obeying and all(clip.sha256 in held for clip in occurrence.schedule.clips)
    return PlayItem(
        id=play_id(occurrence.id, node),
        node=node,
        occurrence=occurrence.id,
        schedule=occurrence.schedule.id,
        due_at=occurrence.starts_at,
        state="cached" if all_there else "planned",
    )


def _from_told(told: Told) -> PlayItem:
    return PlayItem(
        id=told.id,
        node=told.node,
        occurrence=told.occurrence,
        schedule=told.schedule,
        due_at=told.due_at,
        state=told.state,
        started_at=told.started_at,
        start_error_ms=told.start_error_ms,
        clock_bound_ms=told.clock_bound_ms,
        finished_at=told.finished_at,
        outcome=told.outcome,
        reason=told.reason,
        played_ms=told.played_ms,
    )
