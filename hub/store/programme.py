"""The programme as the hub's file has it."""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from hub.programme.programme import Programme, plan_reaches_back_to, plan_until
from hub.store import areas, cards, emergencies, nodes, schedules, site

__all__ = ["between", "planned"]


def planned(db: Database, *, now: datetime) -> Programme:
    """Everything that plans made at `now` speak of."""
    start = plan_reaches_back_to(now)
    whole = between(db, start=start, end=plan_until(now))
    return replace(whole, standby=emergencies.standby(db, now=now), told=cards.told_before(db, since=start))


def between(db: Database, *, start: datetime, end: datetime) -> Programme:
    """Everything that may start in `[start, end)`."""
    return Programme(
        schedules=tuple(s for s in schedules.scheduled(db, start=start, end=end) if s.clips),
        rules=site.rules_in_force(db, at=start),
        areas=areas.tree(db),
        places=tuple(nodes.places(db)),
    )
