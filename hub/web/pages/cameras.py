"""Camera: the verdict of each, since when, and its day. No pictures."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.errors import Invalid, Problem
from hub.web.pages.page import Page, PageOf
from hub.web.pages.rows_counters import camera_row
from hub.web.views import CamerasFragment, CamerasPage

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

DayQuery = Annotated[str, Query(max_length=10)]


@router.get("/cameras")
def cameras(page: PageOf, day: DayQuery = "") -> Response:
    """Every camera over a day, today unless given."""
    asked = _asked(page, day)
    is_past = asked < page.parts.counters.today
    return page.show(
        CamerasPage(
            live=_live(page, asked),
            previous=asked - timedelta(days=1),
            following=asked + timedelta(days=1) if is_past else None,
        )
    )


@router.get("/cameras/live")
def live(page: PageOf, day: DayQuery = "") -> Response:
    """The part of it that changes."""
    return page.show(_live(page, _asked(page, day)))


def _live(page: Page, day: date) -> CamerasFragment:
    parts = page.parts
    states = {state.node.id: state for state in parts.fleet.nodes(kind="counter")}
    zone = parts.site.zone
    return CamerasFragment(
        day=day,
        today=day == parts.counters.today,
        linked=parts.is_linked(),
        rows=tuple(
            camera_row(parts.cameras.day(camera, day), states, zone, page.lang)
            for camera in parts.cameras.all()
        ),
    )


def _asked(page: Page, day: str) -> date:
    today = page.parts.counters.today
    if not day:
        return today
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise Invalid(Problem("wrong_day", "day", {"found": day})) from error
    return min(max(asked, date(2000, 1, 1)), today)
