"""Everything the hub is made of, built in one place and handed to pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hub.bulletins import Bulletins
    from hub.cameras import Cameras
    from hub.certification import Certification
    from hub.config import HubSettings
    from hub.counters import Counters
    from hub.coverage import Coverages
    from hub.day_check import DayChecks
    from hub.emergencies import Emergencies
    from hub.emergency_course import Courses
    from hub.enroll import Enrolment
    from hub.events import Events
    from hub.faults import Faults
    from hub.fleet import Fleet
    from hub.inbox import Inbox
    from hub.library import Library
    from hub.metrics import Metrics
    from hub.orders import Orders
    from hub.outgoing import Send
    from hub.people.people import People
    from hub.plays import Plays
    from hub.publishing import Publishing
    from hub.schedules import Schedules
    from hub.site import Site
    from hub.sounds import Sounds
    from hub.store.database import Store

__all__ = ["Parts"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The hub's services; `app.state.parts` in the web application. `is_linked` tells of the broker.

    `certification` is there where [tls] is; `alarm(name, detail)` tells of who tried what they may not.
    """

    settings: HubSettings
    store: Store
    now: Callable[[], datetime]
    events: Events
    people: People
    library: Library
    sounds: Sounds
    bulletins: Bulletins
    schedules: Schedules
    fleet: Fleet
    counters: Counters
    cameras: Cameras
    day_checks: DayChecks
    orders: Orders
    emergencies: Emergencies
    coverages: Coverages
    courses: Courses
    plays: Plays
    publishing: Publishing
    inbox: Inbox
    faults: Faults
    site: Site
    enrolment: Enrolment
    certification: Certification | None
    send: Send
    is_linked: Callable[[], bool]
    alarm: Callable[[str, str], None]
    metrics: Metrics
