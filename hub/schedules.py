"""Schedules: checked against the bulletin, the house rules and what stands, then stored and published.

Everything is checked in the transaction that stores, so that two clerks cannot both take the same minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from edge.wire.house_rules import QuietException
from hub.errors import Conflict, NotFound, Problem
from hub.events import Events
from hub.people.roles import Actor, Role
from hub.programme.programme import Programme
from hub.programme.recurrence import instant_of, latest_possible, occurrences, schedule_of
from hub.programme.terms import Occurrence, Place, Scheduled
from hub.publishing import Publishing
from hub.schedule_checks import Draft, Finding, judge
from hub.store import audit, programme, schedules, site
from hub.store.database import Database, Store, new_id
from hub.store.schedules import Kept

__all__ = ["Created", "Draft", "Finding", "OccurrenceOf", "Schedules"]


@dataclass(frozen=True)
class Created:
    """A stored schedule and its occurrences of the coming 35 days."""

    schedule: Scheduled
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class OccurrenceOf:
    """An occurrence and the loudspeakers it is for; `cancelled` when it no longer sounds."""

    occurrence: Occurrence
    places: tuple[Place, ...]
    cancelled: bool = False


class Schedules:
    """Makes, shows and cancels schedules."""

    def __init__(
        self, *, store: Store, publishing: Publishing, events: Events, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._publishing = publishing
        self._events = events
        self._now = now

    def check(self, actor: Actor, draft: Draft) -> Finding:
        """What would happen to `draft`: its occurrences and every problem. Stores nothing, raises nothing."""
        return judge(self._store.read(), actor, draft, id_=new_id(), now=self._now())

    def create(self, actor: Actor, draft: Draft) -> Created:
        """Store and publish a schedule.

        Raises `Forbidden` (`role_needed`), `Invalid` (fields, each named), or `Conflict` (`not_approved`,
        `not_ready`, `quiet_hours`, `clash`), with every problem at once.
        """
        actor.must(Role.CLERK, Role.APPROVER)
        finding = self._store.write(lambda db: self._keep(db, actor, draft))
        self._publishing.refresh_or_later()
        self._events.publish("schedules", finding.stored.id)
        return Created(finding.stored, finding.occurrences)

    def cancel(self, actor: Actor, id_: str) -> None:
        """End a schedule: what has not begun does not sound; what sounds now goes on until a stop.

        Raises `NotFound`, or `Conflict` (`already_cancelled`, `already_over`).
        """
        actor.must(Role.CLERK, Role.APPROVER)
        self._store.write(lambda db: self._end(db, actor, id_))
        self._publishing.refresh_or_later()
        self._events.publish("schedules", id_)

    def get(self, id_: str) -> Kept:
        """One schedule, cancelled or not. Raises `NotFound`."""
        return _found(self._store.read(), id_)

    def exception(self, id_: str) -> QuietException | None:
        """Who allowed a schedule to sound in quiet hours, and why; None where nobody had to."""
        return schedules.exception_of(self._store.read(), id_)

    def all(self, *, limit: int = 500) -> Sequence[Kept]:
        """The newest schedules, cancelled ones too."""
        return schedules.kept(self._store.read(), limit=limit)

    def occurrences(
        self, start: datetime, end: datetime, *, schedule: str | None = None, cancelled: bool = False
    ) -> list[OccurrenceOf]:
        """What starts in `[start, end)`, in order; with `cancelled`, also what no longer does."""
        db = self._store.read()
        whole = programme.between(db, start=start, end=end)
        whole = replace(whole, schedules=tuple(s for s in whole.schedules if schedule in (None, s.id)))
        places = {each.id: whole.places_of(each) for each in whole.schedules}
        found = [
            OccurrenceOf(occurrence, places[occurrence.schedule.id])
            for occurrence in whole.occurrences(start=start, end=end)
        ]
        if cancelled:
            found += _cancelled(db, whole, start, end, schedule)
        return sorted(found, key=lambda of: (of.occurrence.starts_at, of.occurrence.id))

    def occurrence(self, id_: str) -> OccurrenceOf:
        """One occurrence by its id, cancelled or not. Raises `NotFound`."""
        kept = _found(self._store.read(), schedule_of(id_))
        near = _instant_in(id_)
        for of in self.occurrences(
            near, near + timedelta(seconds=1), schedule=kept.scheduled.id, cancelled=True
        ):
            if of.occurrence.id == id_:
                return of
        raise NotFound(Problem("no_such_occurrence", facts={"found": id_}))

    def _keep(self, db: Database, actor: Actor, draft: Draft) -> Finding:
        now = self._now()
        finding = judge(db, actor, draft, id_=new_id(), now=now)
        if finding.problems:
            raise finding.refusal()
        new = finding.stored
        schedules.add(db, new, created_at=now, created_by=actor.person.login)
        if finding.exception is not None:
            schedules.add_exception(db, finding.exception, id_=new_id(), at=now)
        detail = {
            "starts_at": new.starts_at.isoformat(),
            "rule": new.rule.value,
            "until": new.until,
            "areas": new.areas,
            "nodes": new.nodes,
            "exception": finding.exception.reason if finding.exception else None,
        }
        what = f"schedule:{new.id} {new.title}"
        audit.record(db, at=now, actor=actor, action="schedule.created", what=what, detail=detail)
        return finding

    def _end(self, db: Database, actor: Actor, id_: str) -> None:
        now = self._now()
        kept = _found(db, id_)
        if kept.scheduled.ended_at is not None:
            raise Conflict(Problem("already_cancelled", facts={"title": kept.scheduled.title}))
        last = latest_possible(kept.scheduled, zone=ZoneInfo(site.rules_in_force(db, at=now).timezone))
        if last is not None and last <= now:
            raise Conflict(Problem("already_over", facts={"title": kept.scheduled.title}))
        schedules.cancel(db, id_, at=now, by=actor.person.login)
        what = f"schedule:{id_} {kept.scheduled.title}"
        audit.record(db, at=now, actor=actor, action="schedule.cancelled", what=what)


def _found(db: Database, id_: str) -> Kept:
    for kept in schedules.kept(db, [id_]):
        return kept
    raise NotFound(Problem("no_such_schedule", facts={"found": id_[:100]}))


def _cancelled(
    db: Database, whole: Programme, start: datetime, end: datetime, only: str | None
) -> list[OccurrenceOf]:
    found = []
    for schedule in schedules.scheduled(db, start=start, end=end, cancelled=True):
        if schedule.ended_at is None or only not in (None, schedule.id):
            continue
        places = whole.places_of(schedule)
        from_ = max(start, schedule.ended_at)
        for occurrence in occurrences(
            replace(schedule, ended_at=None), zone=whole.zone, start=from_, end=end
        ):
            found.append(OccurrenceOf(occurrence, places, cancelled=True))
    return found


def _instant_in(occurrence: str) -> datetime:
    try:
        return instant_of(occurrence)
    except ValueError as error:
        raise NotFound(Problem("no_such_occurrence", facts={"found": occurrence[:100]})) from error
