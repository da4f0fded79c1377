"""The programme as the hub's file has it."""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from hub.programme.programme import LONGEST, Programme, plan_start, plan_until
from hub.store import areas, emergencies, nodes, schedules, site

__all__ = ["between", "planned"]


def planned(db: Database, *, now: datetime) -> Programme:
    """Everything that plans made at `now` speak of."""
    whole = between(db, start=plan_start(now) - LONGEST, end=plan_until(now))
    return replace(whole, standby=emergencies.standby(db, now=now))


def between(db: Database, *, start: datetime, end: datetime) -> Programme:
    """Everything that may start in `[start, end)`."""
    return Programme(
        schedules=tuple(s for s in schedules.scheduled(db, start=start, end=end) if s.clips),
        rules=site.rules_in_force(db, at=start),
        areas=areas.tree(db),
        places=tuple(nodes.places(db)),
    )
