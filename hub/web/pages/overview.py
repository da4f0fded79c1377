"""Tổng quan: what will sound, who is not ready, what is broken, what was heard."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from hub.fleet import NodeState, Upcoming
from hub.parts import Parts
from hub.ratings.periods import Period
from hub.readiness import NOTES
from hub.schedules import OccurrenceOf
from hub.web.pages.check import camera_check_row, check_done
from hub.web.pages.first_steps import first_steps
from hub.web.pages.page import Page, PageOf
from hub.web.pages.rows import fault_row, occurrence_rows, why_of, why_words
from hub.web.pages.rows_counters import rating_sum
from hub.web.views import OverviewFragment, OverviewPage, RatingSum, RecentPlay, Unready

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_RECENT = timedelta(days=2)
_RECENT_MOST = 8


@router.get("/")
def overview(page: PageOf) -> Response:
    """The first page."""
    live = _live(page)
    is_new = not page.parts.schedules.all(limit=1)
    steps = first_steps(page.actor, can_enrol=page.parts.certification is not None) if is_new else None
    return page.show(OverviewPage(live=live, first_steps=steps))


@router.get("/overview/live")
def live(page: PageOf) -> Response:
    """The part of it that changes."""
    return page.show(_live(page))


def _live(page: Page) -> OverviewFragment:
    parts = page.parts
    known = parts.fleet.known()
    devices = parts.day_checks.devices(known)
    speakers = list(devices.speakers)
    names = {state.node.id: state.node.name for state in (*speakers, *devices.counters)}
    upcoming = parts.fleet.next_24h(known)
    unready = _unready(speakers, upcoming)
    return OverviewFragment(
        next_24_h=occurrence_rows(parts, [OccurrenceOf(u.occurrence, u.places) for u in upcoming], known),
        unready=unready,
        faults=tuple(fault_row(f, names) for f in parts.faults.open() if f.name not in NOTES),
        recent=_recent(parts),
        nodes=len(speakers),
        nodes_ready=len(speakers) - len(unready),
        has_counters=bool(devices.counters),
        ratings=_ratings(parts) if devices.counters else (),
        cameras=tuple(map(camera_check_row, devices.cameras)),
        check=check_done(page, parts.day_checks.last()),
    )


def _unready(speakers: list[NodeState], upcoming: list[Upcoming]) -> tuple[Unready, ...]:
    """Each loudspeaker that is not ready or would miss an item of today, with that item."""
    rows = []
    for state in speakers:
        item = next((each for each in upcoming if state.node.id in each.unready), None)
        if item is None and state.state == "ready":
            continue
        why = why_of(state) or (why_words(item.unready[state.node.id]) if item else None)
        rows.append(
            Unready(
                node_id=state.node.id,
                node=state.node.name,
                area=state.area.name,
                why=why or "",
                occurrence_id=item.occurrence.id if item else "",
                due_at=item.occurrence.starts_at if item else None,
            )
        )
    return tuple(rows)


def _ratings(parts: Parts) -> tuple[RatingSum, ...]:
    today = parts.counters.today
    return tuple(map(rating_sum, parts.counters.summary(*parts.counters.of(Period(today, today))).total))


def _recent(parts: Parts) -> tuple[RecentPlay, ...]:
    now = parts.now()
    found = parts.schedules.occurrences(now - _RECENT, now)
    over = [of for of in found if of.occurrence.ends_at <= now][-_RECENT_MOST:]
    rows = [
        RecentPlay(
            address=f"/occurrences/{row.id}",
            title=row.title,
            started_at=row.starts_at,
            heard=row.heard or 0,
            nodes=row.nodes,
        )
        for row in occurrence_rows(parts, over)
    ]
    newest = sorted([*rows, *_emergencies(parts, now)], key=lambda row: row.started_at, reverse=True)
    return tuple(newest[:_RECENT_MOST])


def _emergencies(parts: Parts, now: datetime) -> Iterator[RecentPlay]:
    for kept in parts.emergencies.newest(limit=_RECENT_MOST):
        if kept.content.starts_at > now - _RECENT:
            heard, nodes = parts.courses.reached(kept)
            yield RecentPlay(
                address=f"/emergencies/{kept.id}",
                title=kept.content.title,
                started_at=kept.content.starts_at,
                heard=heard,
                nodes=nodes,
                emergency=True,
            )
