"""One occurrence as it goes: cached → armed → playing → played, at each loudspeaker, and what it played."""

from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from hub.fleet import Whereabouts
from hub.store.plays import Play
from hub.web.pages.page import Page, PageOf
from hub.web.pages.rows import exempted, occurrence_rows
from hub.web.views import OccurrencePage, PlayRow, PlaysFragment, Term

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SECOND = timedelta(seconds=1)


@router.get("/occurrences/{occurrence}")
def occurrence(page: PageOf, occurrence: str) -> Response:
    """The page of one occurrence."""
    live = _plays(page, occurrence)
    return page.show(OccurrencePage(live=live, exception=exempted(page.parts, live.occurrence.schedule_id)))


@router.get("/occurrences/{occurrence}/live")
def live(page: PageOf, occurrence: str) -> Response:
    """The part of it that changes."""
    return page.show(_plays(page, occurrence))


def _plays(page: Page, id_: str) -> PlaysFragment:
    parts = page.parts
    of = parts.schedules.occurrence(id_)
    (row,) = occurrence_rows(parts, [of])
    start = of.occurrence.starts_at
    found = parts.plays.find(
        schedule=of.occurrence.schedule.id, occurrence=id_, start=start, end=start + _SECOND
    )
    fleet = parts.fleet.whereabouts()
    sounds = parts.sounds.kept()
    rows = (_row(play, fleet.get(play.node), has_sound=play.id in sounds) for play in found)
    return PlaysFragment(occurrence=row, rows=tuple(sorted(rows, key=lambda row: (row.area, row.node))))


def _row(play: Play, node: Whereabouts | None, *, has_sound: bool) -> PlayRow:
    return PlayRow(
        node_id=play.node,
        node=node.name if node else play.node,
        area=node.area if node else "",
        step=play.state,
        outcome=play.outcome,
        reached=_reached(play),
        started_at=play.started_at,
        start_error_ms=play.start_error_ms,
        clock_bound_ms=play.clock_bound_ms,
        reason=Term("reason", play.reason) if play.reason else None,
        sound_url=f"/api/v1/plays/{quote(play.id)}/sound" if has_sound and play.state == "finished" else None,
        away=node is not None and not node.here,
    )


def _reached(play: Play) -> str:
    """The last step that held where an occurrence ended otherwise than played."""
    if play.started_at is not None:
        return "playing"
    return "planned" if play.reason == "not_cached" else "cached"
