"""What became of each occurrence at each loudspeaker, also where nothing was reported yet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from edge.wire.entries import Outcome
from edge.wire.house_rules import HouseRules
from hub.errors import NotFound, Problem
from hub.knowledge import known_nodes
from hub.programme.recurrence import instant_of, schedule_of
from hub.programme.terms import Occurrence, Place, Scheduled
from hub.readiness import Known, is_forbidden, why_not_ready
from hub.store import holdings, nodes, plans, plays, programme, site
from hub.store.database import Database, Store
from hub.store.plays import Play

__all__ = ["AROUND", "Count", "Plays"]

AROUND = timedelta(days=35)


@dataclass(frozen=True)
class Count:
    """At how many loudspeakers an occurrence is ready or told of, sounds now, was played whole, is over."""

    ready: int
    playing: int
    heard: int
    over: int


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
    ) -> list[Play]:
        """Plays due in `[start, end)` (35 days around now unless given), in the order of time.

        One for every occurrence at every loudspeaker it is for, reported or not.
        """
        now = self._now()
        first, last = start or now - AROUND, end or now + AROUND
        if occurrence is not None:
            first, last = _within_second(occurrence, first, last)
        only = {"schedule": schedule, "occurrence": occurrence, "node": node}
        db = self._store.read()
        items = {item.id: item for item in islice(_expected(db, first, last, **only), limit)}
        for told in plays.told(db, start=first, end=last, limit=limit, **only):
            items[told.id] = told
        return sorted(items.values(), key=lambda item: (item.due_at, item.occurrence, item.node))[:limit]

    def counts(
        self,
        found: Sequence[tuple[Occurrence, Sequence[Place]]],
        known: Mapping[str, Known] | None = None,
    ) -> dict[str, Count]:
        """Of each occurrence, which is for those places, how many loudspeakers are ready and have played.

        `known` is of who has looked already.
        """
        db, now = self._store.read(), self._now()
        told = plays.progress(db, [occurrence.id for occurrence, _ in found])
        if known is None:
            is_any_to_come = any(occurrence.ends_at > now for occurrence, _ in found)
            known = known_nodes(db, now=now) if is_any_to_come else {}
        rules = site.rules_in_force(db, at=now)
        able = {
            occurrence.schedule.id: _able(occurrence, places, known)
            for occurrence, places in {of[0].schedule.id: of for of in found}.values()
        }
        return {
            occurrence.id: _count(
                told.get(occurrence.id, {}),
                able[occurrence.schedule.id] if _may_sound(occurrence, rules, now=now) else frozenset(),
            )
            for occurrence, _ in found
        }

    def get(self, id_: str) -> Play:
        """One play by its id, `{occurrence}@{node}`, reported or still expected. Raises `NotFound`."""
        told = plays.told_of(self._store.read(), id_)
        if told is not None:
            return told
        occurrence, _, node = id_.partition("@")
        for item in self.find(schedule=schedule_of(occurrence), occurrence=occurrence, node=node):
            return item
        raise NotFound(Problem("no_such_play", facts={"found": id_[:200]}))


def _able(occurrence: Occurrence, places: Iterable[Place], known: Mapping[str, Known]) -> frozenset[str]:
    """The nodes at `places` that would play it, or any other occurrence of its schedule."""
    there = (place.node for place in places if place.node in known)
    return frozenset(node for node in there if not why_not_ready(known[node], occurrence))


def _may_sound(occurrence: Occurrence, rules: HouseRules, *, now: datetime) -> bool:
    return occurrence.ends_at > now and not is_forbidden(occurrence, rules)


def _count(told: Mapping[str, str], ready: frozenset[str]) -> Count:
    reached = Counter(told.values())
    return Count(
        ready=len(ready | told.keys()),
        playing=reached["playing"],
        heard=reached[Outcome.PLAYED],
        over=sum(reached[outcome] for outcome in Outcome),
    )


class _Ready:
    """Who has what an occurrence needs: the plan they were sent accepted, and every recording."""

    def __init__(self, db: Database) -> None:
        versions = plans.plan_versions(db)
        reports = nodes.reports(db).items()
        obeying = {node for node, report in reports if report.plan >= versions.get(node, (1, ""))[0]}
        self._held = {node: held for node, held in holdings.holdings(db).items() if node in obeying}
        self._enrolled = {node.id: node.enrolled_at for node in nodes.nodes(db, kind="speaker")}
        self._by_schedule: dict[str, frozenset[str]] = {}

    def expected(self, occurrence: Occurrence, places: Iterable[Place]) -> list[str]:
        """The nodes at `places` that were there before it, by id."""
        at = occurrence.starts_at
        return sorted(place.node for place in places if self._enrolled[place.node] <= at)

    def of(self, schedule: Scheduled) -> frozenset[str]:
        """Every node that has what `schedule` needs."""
        if schedule.id not in self._by_schedule:
            needed = {clip.sha256 for clip in schedule.clips}
            able = frozenset(node for node, held in self._held.items() if needed <= held)
            self._by_schedule[schedule.id] = able
        return self._by_schedule[schedule.id]


def _expected(
    db: Database,
    start: datetime,
    end: datetime,
    *,
    schedule: str | None,
    occurrence: str | None,
    node: str | None,
) -> Iterator[Play]:
    """What nothing was told of yet, as if nothing was: by time, occurrence and node."""
    whole, ready = programme.between(db, start=start, end=end), _Ready(db)
    whole = replace(whole, schedules=tuple(s for s in whole.schedules if schedule in (None, s.id)))
    places = {each.id: whole.places_of(each) for each in whole.schedules}
    for each in whole.occurrences(start=start, end=end):
        if occurrence not in (None, each.id):
            continue
        for name in ready.expected(each, places[each.schedule.id]):
            if node in (None, name):
                yield _expected_item(each, name, is_ready=name in ready.of(each.schedule))


def _expected_item(occurrence: Occurrence, node: str, *, is_ready: bool) -> Play:
    return Play(
        node=node,
        occurrence=occurrence.id,
        schedule=occurrence.schedule.id,
        due_at=occurrence.starts_at,
        state="cached" if is_ready else "planned",
    )


def _within_second(occurrence: str, first: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The part of `[first, last)` in which an occurrence of that name is due; empty for no such name."""
    try:
        named = instant_of(occurrence)
    except ValueError:
        return first, first
    return max(first, named), min(last, named + timedelta(seconds=1))
