"""The check at the start of a day: every device's state on one page, and who looked at it when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.cameras import Camera, Cameras
from hub.errors import Invalid, Problem
from hub.events import Events
from hub.fleet import Fleet, NodeState
from hub.people.roles import Actor, Role
from hub.readiness import Known
from hub.store import audit, day_checks
from hub.store.database import Database, Store
from hub.store.day_checks import DayCheck

__all__ = ["CHECKERS", "DayChecks", "Devices"]

CHECKERS = (Role.COUNTER_OFFICER, Role.TECHNICIAN, Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR)
"""Who records that the check was done."""

_NOTE_MOST = 500


@dataclass(frozen=True, kw_only=True)
class Devices:
    """Every device now."""

    speakers: tuple[NodeState, ...]
    counters: tuple[NodeState, ...]
    cameras: tuple[Camera, ...]

    @property
    def count(self) -> int:
        return len(self.speakers) + len(self.counters) + len(self.cameras)

    @property
    def ready(self) -> int:
        """How many are in order."""
        nodes = sum(state.state == "ready" for state in (*self.speakers, *self.counters))
        return nodes + sum(camera.now.verdict == "ok" for camera in self.cameras)


class DayChecks:
    """Looks at the devices, and keeps who looked."""

    def __init__(
        self, *, store: Store, fleet: Fleet, cameras: Cameras, events: Events, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._cameras = cameras
        self._events = events
        self._now = now

    def devices(self, known: Mapping[str, Known] | None = None) -> Devices:
        """Every device in service, as it is now; `known` is of who has looked already."""
        states = self._fleet.nodes(known=known)
        return Devices(
            speakers=tuple(state for state in states if state.node.kind == "speaker"),
            counters=tuple(state for state in states if state.node.kind == "counter"),
            cameras=tuple(self._cameras.all()),
        )

    def last(self) -> DayCheck | None:
        """The newest check; None before any."""
        return day_checks.last(self._store.read())

    def record(self, actor: Actor, note: str = "") -> DayCheck:
        """Keep that `actor` looked at every device just now, with what was in order.

        Raises `Forbidden` or `Invalid` (`check_note_length`).
        """
        actor.must(*CHECKERS)
        if len(note) > _NOTE_MOST:
            raise Invalid(Problem("check_note_length", "note", {"most": _NOTE_MOST}))
        devices = self.devices()
        new = DayCheck(
            at=self._now(),
            by=actor.person.name,
            ready=devices.ready,
            devices=devices.count,
            note=note.strip(),
        )
        self._store.write(lambda db: _keep(db, actor, new))
        self._events.publish("nodes")
        return new


def _keep(db: Database, actor: Actor, new: DayCheck) -> None:
    day_checks.keep(db, new)
    detail = {"ready": new.ready, "devices": new.devices, "note": new.note}
    audit.record(db, at=new.at, actor=actor, action="check.done", what="site:day_check", detail=detail)
