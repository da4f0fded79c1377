"""Bulletins: drafted, submitted, approved; once approved never changed, only copied to a new draft."""

from collections.abc import Callable, Sequence
from datetime import datetime

from edge.wire.base import Priority
from hub.bulletin_checks import found, must_be, must_be_as_seen, problems_of
from hub.errors import Conflict, Invalid, Problem
from hub.events import Events
from hub.people.roles import MAKERS, Actor, Role
from hub.store import audit, bulletins
from hub.store.bulletins import Bulletin, Words
from hub.store.database import Database, Store, new_id
from hub.titles import tidy, title_problems

__all__ = ["Bulletins"]


class Bulletins:
    """All bulletins. Every change raises `Forbidden` without the role, `NotFound`, and `Conflict`
    (`bulletin_state`) where the bulletin's state does not allow it. `on_standby` is called when there is
    something new that every loudspeaker should hold ready.
    """

    def __init__(
        self,
        *,
        store: Store,
        events: Events,
        now: Callable[[], datetime],
        on_standby: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._events = events
        self._now = now
        self._on_standby = on_standby

    def bulletin(self, bulletin: str) -> Bulletin:
        """One bulletin. Raises `NotFound`."""
        return found(self._store.read(), bulletin)

    def bulletins(self, *, limit: int = 50, before: str | None = None, state: str = "") -> list[Bulletin]:
        """The newest bulletins; `before` is the id of the last of the page before."""
        return bulletins.page(self._store.read(), limit=limit, before=before, state=state)

    def waiting(self) -> int:
        """How many bulletins wait for approval."""
        return bulletins.count(self._store.read(), state="submitted")

    def used_in(self, recording: str) -> list[tuple[str, str]]:
        """The bulletins made of a recording, as (id, title)."""
        return bulletins.used_in(self._store.read(), recording)

    def create(
        self, actor: Actor, *, title: str, priority: str, language: str, recordings: Sequence[str]
    ) -> Bulletin:
        """A new draft. Raises `Invalid` naming every field."""
        actor.must(*MAKERS)

        def work(db: Database) -> str:
            says, bulletin = _words(db, title, priority, language, recordings), new_id()
            bulletins.add(db, bulletin, says, at=self._now(), by=actor.person.id)
            self._record(db, actor, "bulletin.create", bulletin, says.title, recordings=list(recordings))
            return bulletin

        return self._done(self._store.write(work))

    def change(
        self,
        actor: Actor,
        bulletin: str,
        *,
        revision: int,
        title: str,
        priority: str,
        language: str,
        recordings: Sequence[str],
    ) -> Bulletin:
        """Say anew what a draft says, which was seen as `revision`; what it says already changes nothing.

        Raises `Invalid` naming every field, `Conflict` (`bulletin_changed`) where somebody saved meanwhile.
        """
        actor.must(*MAKERS)

        def work(db: Database) -> None:
            known = found(db, bulletin)
            must_be(known, "draft")
            says = _words(db, title, priority, language, recordings)
            if says == known.words:
                return
            must_be_as_seen(known, revision)
            bulletins.change(db, bulletin, says, at=self._now(), by=actor.person.id)
            self._record(db, actor, "bulletin.edit", bulletin, says.title, recordings=list(recordings))

        self._store.write(work)
        return self._done(bulletin)

    def submit(self, actor: Actor, bulletin: str, *, revision: int | None = None) -> Bulletin:
        """Hand in a draft for approval, as it was seen.

        Raises `Conflict` (`recordings_not_ready`, `bulletin_changed`) too.
        """
        actor.must(*MAKERS)

        def work(db: Database) -> None:
            known = found(db, bulletin)
            must_be(known, "draft")
            must_be_as_seen(known, revision)
            unready = [each.title for each in known.recordings if each.state != "ready"]
            if unready:
                raise Conflict(Problem("recordings_not_ready", "recordings", {"titles": unready}))
            bulletins.submit(db, bulletin, at=self._now(), by=actor.person.id)
            self._record(db, actor, "bulletin.submit", bulletin, known.title)

        self._store.write(work)
        return self._done(bulletin)

    def approve(self, actor: Actor, bulletin: str, *, revision: int | None = None) -> Bulletin:
        """Allow a submitted bulletin to be broadcast, as it was seen: `Conflict` (`bulletin_changed`).

        Approving one's own work is marked in the audit log.
        """
        actor.must(Role.APPROVER)

        def work(db: Database) -> Priority:
            known = found(db, bulletin)
            must_be(known, "submitted")
            must_be_as_seen(known, revision)
            bulletins.approve(db, bulletin, at=self._now(), by=actor.person.id)
            own = _is_own(actor, known)
            self._record(db, actor, "bulletin.approve", bulletin, known.title, own_work=own)
            return known.priority

        if self._store.write(work) is Priority.EMERGENCY:
            self._on_standby()
        return self._done(bulletin)

    def send_back(self, actor: Actor, bulletin: str, *, note: str) -> Bulletin:
        """Make a submitted bulletin a draft again, with the reason.

        For approvers, and for whoever submitted it. Raises `Invalid` (`note_length`).
        """
        actor.must(*MAKERS)
        note = tidy(note)
        if problems := title_problems(note, code="note_length", field="note"):
            raise Invalid(*problems)

        def work(db: Database) -> None:
            known = found(db, bulletin)
            if known.submitted is None or known.submitted.by != actor.person.id:
                actor.must(Role.APPROVER)
            must_be(known, "submitted")
            bulletins.send_back(db, bulletin, at=self._now(), by=actor.person.id, note=note)
            self._record(db, actor, "bulletin.return", bulletin, known.title, note=note)

        self._store.write(work)
        return self._done(bulletin)

    def copy(self, actor: Actor, bulletin: str) -> Bulletin:
        """A new draft that says the same: the way to a new version of what is approved."""
        actor.must(*MAKERS)

        def work(db: Database) -> str:
            known, copy = found(db, bulletin), new_id()
            bulletins.add(db, copy, known.words, at=self._now(), by=actor.person.id, copied_from=known.id)
            self._record(db, actor, "bulletin.create", copy, known.title, copied_from=known.id)
            return copy

        return self._done(self._store.write(work))

    def delete(self, actor: Actor, bulletin: str, *, revision: int | None = None) -> None:
        """Delete a draft, as it was seen, for good; its recordings stay. What is approved is never deleted.

        On a full disk too, since its recordings may be what fills it.
        """
        actor.must(*MAKERS)

        def work(db: Database) -> None:
            known = found(db, bulletin)
            must_be(known, "draft")
            must_be_as_seen(known, revision)
            bulletins.delete(db, bulletin)
            self._record(db, actor, "bulletin.delete", bulletin, known.title)

        self._store.write(work, must=True)
        self._events.publish("bulletins", bulletin)

    def is_own_work(self, actor: Actor, bulletin: Bulletin) -> bool:
        """Whether the actor made or submitted the bulletin."""
        return _is_own(actor, bulletin)

    def _record(
        self,
        db: Database,
        actor: Actor,
        action: str,
        bulletin: str,
        title: str,
        *,
        own_work: bool = False,
        **detail: object,
    ) -> None:
        what = f"bulletin:{bulletin} {title}"
        audit.record(
            db, at=self._now(), actor=actor, action=action, what=what, detail=detail, own_work=own_work
        )

    def _done(self, bulletin: str) -> Bulletin:
        self._events.publish("bulletins", bulletin)
        return self.bulletin(bulletin)


def _is_own(actor: Actor, bulletin: Bulletin) -> bool:
    steps = (bulletin.created, bulletin.submitted)
    return any(step is not None and step.by == actor.person.id for step in steps)


def _words(db: Database, title: str, priority: str, language: str, made_of: Sequence[str]) -> Words:
    problems = problems_of(db, title=title, priority=priority, language=language, made_of=made_of)
    if problems:
        raise Invalid(*problems)
    return Words(tidy(title), Priority(priority), language, tuple(made_of))
