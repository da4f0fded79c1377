"""What is broken since when, at nodes and at the hub; and what came that could not be read."""

from collections.abc import Callable
from datetime import datetime

from hub.errors import NotFound, Problem
from hub.events import Events
from hub.people.roles import Actor, Role
from hub.store import audit, faults
from hub.store.database import Database, Store
from hub.store.faults import OpenFault, Unread

__all__ = ["Faults"]

_DETAIL_MOST = 500


class Faults:
    """A fault is open from the first time it is raised until it is mended."""

    def __init__(self, *, store: Store, events: Events, now: Callable[[], datetime]) -> None:
        self._store = store
        self._events = events
        self._now = now

    def raise_(self, node: str | None, name: str, detail: str = "") -> None:
        """Something is broken: at a node, or at the hub (None). Again only renews the detail."""
        at = self._now()
        self._store.write(
            lambda db: faults.raise_fault(db, node=node, name=name, detail=detail[:_DETAIL_MOST], at=at)
        )
        self._events.publish("faults", node or "")

    def mend(self, node: str | None, name: str) -> None:
        """It works again; harmless when it was not broken."""
        at = self._now()
        if self._store.write(lambda db: faults.mend(db, node=node, name=name, at=at)):
            self._events.publish("faults", node or "")

    def settle(self, actor: Actor, node: str, name: str) -> None:
        """A technician has seen to a node's fault; it opens again if it is raised again.

        Raises `Forbidden`, or `NotFound` (`no_such_fault`).
        """
        actor.must(Role.TECHNICIAN, Role.ADMINISTRATOR)
        self._store.write(lambda db: self._settle(db, actor, node, name))
        self._events.publish("faults", node)

    def open(self, node: str | None = None) -> list[OpenFault]:
        """The open faults of one node, or all with the hub's own; oldest first."""
        return faults.open_faults(self._store.read(), node)

    def _settle(self, db: Database, actor: Actor, node: str, name: str) -> None:
        at = self._now()
        if not faults.mend(db, node=node, name=name, at=at):
            raise NotFound(Problem("no_such_fault", facts={"found": name[:100]}))
        audit.record(db, at=at, actor=actor, action="fault.settled", what=f"node:{node} {name}")

    def unreadable(self, *, limit: int = 50, topic_part: str = "") -> list[Unread]:
        """The newest messages that could not be read."""
        return faults.unreadable(self._store.read(), limit=limit, topic_part=topic_part)
