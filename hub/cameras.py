"""The counters' cameras: how each stands now, and how it stood on a day. Facts only, never a picture."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hub.errors import NotFound, Problem
from hub.ratings.periods import Period, instants
from hub.readiness import believed
from hub.store import cameras, nodes
from hub.store.cameras import CameraState, Change
from hub.store.database import Database, Store
from hub.store.nodes import Report
from hub.watch import Now, Span, Uptime, now_of, spans, uptime

__all__ = ["Camera", "CameraDay", "Cameras"]


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A camera now. `said` is what its counter said last, with the evidence; `report` is the counter's."""

    counter: str
    counter_name: str
    name: str
    now: Now
    said: CameraState
    report: Report | None


@dataclass(frozen=True, kw_only=True)
class CameraDay:
    """A camera over a day of the site, until now where that is today."""

    camera: Camera
    day: date
    spans: tuple[Span, ...]
    uptime: Uptime


class Cameras:
    """Reads what counters said of their cameras."""

    def __init__(self, *, store: Store, zone: Callable[[], ZoneInfo], now: Callable[[], datetime]) -> None:
        self._store = store
        self._zone = zone
        self._now = now

    def all(self) -> list[Camera]:
        """Every camera of the counters in service, by counter and name."""
        return _all(self._store.read(), self._now())

    def camera(self, counter: str, name: str) -> Camera:
        """One camera. Raises `NotFound` (`no_such_camera`)."""
        for camera in self.all():
            if (camera.counter, camera.name) == (counter, name):
                return camera
        raise NotFound(Problem("no_such_camera", facts={"found": f"{counter}/{name}"[:140]}))

    def day(self, camera: Camera, day: date | None = None) -> CameraDay:
        """How a camera stood on `day`, today unless given."""
        now = self._now()
        asked = day or now.astimezone(self._zone()).date()
        start, ends = instants(Period(asked, asked), self._zone())
        end = min(ends, now)
        said = cameras.changes(
            self._store.read(), camera.counter, camera.name, start=start, end=max(start, end)
        )
        if camera.now.why:  # nobody has watched it since then, whatever was said last
            said = [change for change in said if change.at < camera.now.since]
            said.append(Change(camera.now.since, camera.now.verdict))
        found = spans(said, start=start, end=end)
        return CameraDay(camera=camera, day=asked, spans=found, uptime=uptime(found))


def _all(db: Database, now: datetime) -> list[Camera]:
    names = {node.id: node.name for node in nodes.nodes(db, kind="counter")}
    reports = {node: believed(report, now) for node, report in nodes.reports(db, names).items()}
    return [
        Camera(
            counter=said.node,
            counter_name=names[said.node],
            name=said.camera,
            now=now_of(said, reports.get(said.node), now),
            said=said,
            report=reports.get(said.node),
        )
        for said in cameras.states(db)
        if said.node in names
    ]
