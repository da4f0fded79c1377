"""Emergencies: begun and cancelled by approvers, at once, in the file first and then out on the fast path.

Who begins one is told what stands in the way and may go on knowing it: loudspeakers that do not hold the
recordings yet (they join when they have fetched them), and a stop in force (named by its number, so that a
newer stop is not overridden by an older confirmation).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge.wire.emergency import Emergency
from edge.wire.orders import OrderKind
from hub.dispatch import Dispatch
from hub.emergency_checks import Choice, Preview, WantedEmergency, choices, judged, to_confirm
from hub.errors import Conflict, NotFound, Problem
from hub.people.roles import Actor, Role
from hub.programme.terms import GAP_MS
from hub.publishing import Publishing
from hub.store import areas, audit, emergencies, nodes
from hub.store.database import Database, Store, new_id
from hub.store.emergencies import KeptEmergency
from hub.store.plans import KeptOrder
from hub.store.schedules import BulletinToPlay
from hub.targets import audiences

__all__ = ["HEAD_START", "Begun", "Emergencies"]

HEAD_START = timedelta(milliseconds=120)
"""The order reaches every loudspeaker, and its device opens, within this time: so they begin together."""
_ONCE_HOLDS = timedelta(minutes=10)
_REPEATED_HOLDS = timedelta(hours=1)


@dataclass(frozen=True)
class Begun:
    """An emergency begun or cancelled at `nodes`; `sent` is False when no broker was there: it reaches nodes
    when one is."""

    kept: KeptEmergency
    nodes: tuple[str, ...]
    sent: bool


class Emergencies:
    """Begins and cancels emergencies."""

    def __init__(
        self, *, store: Store, dispatch: Dispatch, publishing: Publishing, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._publishing = publishing
        self._now = now

    def begin(self, actor: Actor, wanted: WantedEmergency) -> Begun:
        """Begin an emergency at once.

        Raises `Forbidden`, `Invalid` (fields), or `Conflict`: `not_approved`, `not_ready`, `not_emergency`,
        `no_loudspeakers`, `emergency_begun` where its id is taken; `recordings_missing` and `stop_in_force`
        can be confirmed.
        """
        actor.must(Role.APPROVER)
        order, kept = self._store.write(lambda db: self._keep(db, actor, wanted), must=True)
        sent = self._dispatch.send(order, emergency=kept.content)
        if wanted.despite_missing:
            self._publishing.refresh_or_later()
        return Begun(kept, order.nodes, sent)

    def cancel(self, actor: Actor, id_: str) -> Begun:
        """End an emergency everywhere. Raises `Forbidden`, `NotFound`, or `Conflict` (`already_over`)."""
        actor.must(Role.APPROVER)
        order, kept = self._store.write(lambda db: self._end(db, actor, id_), must=True)
        sent = self._dispatch.send(order, cancels=id_)
        return Begun(kept, order.nodes, sent)

    def preview(self, actor: Actor, wanted: WantedEmergency) -> tuple[Preview, list[Problem]]:
        """What would happen, and what has to be confirmed; raises what `begin` raises otherwise."""
        actor.must(Role.APPROVER)
        db, now = self._store.read(), self._now()
        _, preview = judged(db, wanted, now)
        return preview, to_confirm(db, wanted, preview, now)

    def choices(self) -> list[Choice]:
        """The bulletins that could sound at once, the newest first."""
        return choices(self._store.read())

    def get(self, id_: str) -> KeptEmergency:
        """One emergency. Raises `NotFound`."""
        return _found(self._store.read(), id_)

    def running(self) -> list[KeptEmergency]:
        """Those that run, the newest first."""
        return emergencies.running(self._store.read(), now=self._now())

    def newest(self, *, limit: int = 50) -> list[KeptEmergency]:
        """The newest, running or over."""
        return emergencies.newest(self._store.read(), limit=limit)

    def _keep(self, db: Database, actor: Actor, wanted: WantedEmergency) -> tuple[KeptOrder, KeptEmergency]:
        now = self._now()
        if wanted.id and (before := emergencies.emergency(db, wanted.id)):
            raise Conflict(Problem("emergency_begun", facts={"title": before.content.title}))
        bulletin, preview = judged(db, wanted, now)
        unconfirmed = to_confirm(db, wanted, preview, now)
        if unconfirmed:
            raise Conflict(*unconfirmed)
        order = self._dispatch.keep(
            db,
            actor,
            OrderKind.EMERGENCY,
            audiences=audiences(wanted.target, areas.tree(db), nodes.places(db)),
            nodes=preview.nodes,
        )
        content = _content(order, bulletin, preview, wanted)
        kept = KeptEmergency(content=content, bulletin=bulletin.id, audiences=order.audiences)
        emergencies.add(db, kept, order.nodes)
        detail = {
            "nodes": len(order.nodes),
            "until": content.until,
            "repeat_every_s": content.repeat_every_s,
            "despite_missing": len(preview.missing) if wanted.despite_missing else 0,
            "despite_stop": wanted.despite_stop,
        }
        self._record(db, actor, "emergency.begun", kept, detail)
        return order, kept

    def _end(self, db: Database, actor: Actor, id_: str) -> tuple[KeptOrder, KeptEmergency]:
        now = self._now()
        kept = _found(db, id_)
        if not kept.is_running(now):
            raise Conflict(Problem("emergency_over", facts={"title": kept.content.title}))
        nodes_ = tuple(emergencies.nodes_of(db, id_))
        order = self._dispatch.keep(db, actor, OrderKind.CANCEL, audiences=kept.audiences, nodes=nodes_)
        emergencies.cancel(db, id_, seq=order.seq, at=now, by=order.by)
        self._record(db, actor, "emergency.cancelled", kept, {"nodes": len(nodes_)})
        ended = replace(kept, ended_at=now, ended_by=order.by, ended_how="cancelled", ended_seq=order.seq)
        return order, ended

    def _record(
        self, db: Database, actor: Actor, action: str, kept: KeptEmergency, detail: dict[str, object]
    ) -> None:
        what = f"emergency:{kept.id} {kept.content.title}"
        audit.record(db, at=self._now(), actor=actor, action=action, what=what, detail=detail)


def _found(db: Database, id_: str) -> KeptEmergency:
    found = emergencies.emergency(db, id_)
    if found is None:
        raise NotFound(Problem("no_such_emergency", facts={"found": id_[:100]}))
    return found


def _content(
    order: KeptOrder, bulletin: BulletinToPlay, preview: Preview, wanted: WantedEmergency
) -> Emergency:
    holds = _ONCE_HOLDS if wanted.repeat_every_s is None else _REPEATED_HOLDS
    starts_at = order.issued_at + HEAD_START
    return Emergency(
        id=wanted.id or new_id(),
        seq=order.seq,
        title=bulletin.title[:300],
        recordings=tuple(clip.sha256 for clip in bulletin.clips),
        gap_ms=GAP_MS if len(bulletin.clips) > 1 else 0,
        duration_ms=preview.duration_ms,
        starts_at=starts_at,
        until=wanted.until or starts_at + holds,
        repeat_every_s=wanted.repeat_every_s,
        by=order.by,
    )
