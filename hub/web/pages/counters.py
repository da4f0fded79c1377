"""Quầy & đánh giá: today and the last 30 days, by counter, level, day and hour; single presses."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.counters import PRESS_READERS, place_of, written_place
from hub.fleet import NodeState
from hub.ratings.periods import Period, last_days
from hub.ratings.sums import LEVELS, Tally, share_satisfied
from hub.web.pages.page import Page, PageOf
from hub.web.pages.rows_counters import press_row, scale
from hub.web.views import CounterRow, CountersFragment, CountersPage, PressesPage, PressRow

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_DAYS = 30
_NEWEST = 8
_PAGE = 100

CounterQuery = Annotated[str, Query(max_length=100)]


@router.get("/counters")
def counters(page: PageOf, counter: CounterQuery = "") -> Response:
    """All counters, or one."""
    return page.show(CountersPage(live=_live(page, counter)))


@router.get("/counters/live")
def live(page: PageOf, counter: CounterQuery = "") -> Response:
    """The part of it that changes."""
    return page.show(_live(page, counter))


@router.get("/counters/presses")
def presses(page: PageOf, counter: CounterQuery = "", before: str = "") -> Response:
    """Every press of the last 30 days, newest first."""
    service = page.parts.counters
    start, end = service.of(last_days(service.today, _DAYS))
    found = service.presses(
        page.actor,
        start=start,
        end=end,
        counter=counter or None,
        before=place_of(before or None),
        limit=_PAGE,
    )
    names = service.names()
    more = {"counter": counter, "before": written_place(found[-1])} if len(found) == _PAGE else {}
    return page.show(
        PressesPage(
            rows=tuple(press_row(press, names) for press in found),
            counter=names.get(counter, ""),
            older=f"/counters/presses?{urlencode(more)}" if more else "",
        )
    )


def _live(page: Page, counter: str) -> CountersFragment:
    service = page.parts.counters
    span = last_days(service.today, _DAYS)
    start, end = service.of(span)
    groups = service.groups(start, end, counter or None)
    zone = page.parts.site.zone
    in_use = [levels for levels in LEVELS if any(group.levels == levels for group in groups)]
    return CountersFragment(
        counter=counter,
        choices=tuple(service.names().items()),
        scales=tuple(scale(groups, levels, span, zone) for levels in in_use),
        counters=_counter_rows(page, span),
        presses=_newest(page, span, counter),
        may_see_presses=page.actor.may(*PRESS_READERS),
        span=(span.first, span.last),
    )


def _counter_rows(page: Page, span: Period) -> tuple[CounterRow, ...]:
    service = page.parts.counters
    month = service.summary(*service.of(span)).counters
    today = service.summary(*service.of(Period(span.last, span.last))).counters
    states = {state.node.id: state for state in page.parts.fleet.nodes(kind="counter")}
    checks = service.checks()
    return tuple(
        CounterRow(
            id=id_,
            name=name,
            state=states[id_].state if id_ in states else "",
            last_heard=_heard(states.get(id_)),
            today=_figure(today.get(id_, ())),
            month=_figure(month.get(id_, ())),
            checked_at=checks[id_].at if id_ in checks else None,
            difference=checks[id_].difference if id_ in checks else "",
        )
        for id_, name in service.names().items()
        if id_ in states or month.get(id_)
    )


def _newest(page: Page, span: Period, counter: str) -> tuple[PressRow, ...]:
    if not page.actor.may(*PRESS_READERS):
        return ()
    service = page.parts.counters
    start, end = service.of(span)
    found = service.presses(page.actor, start=start, end=end, counter=counter or None, limit=_NEWEST)
    names = service.names()
    return tuple(press_row(press, names) for press in found)


def _figure(tallies: tuple[Tally, ...]) -> tuple[int, float | None]:
    return sum(each.total for each in tallies), share_satisfied(tallies)


def _heard(state: NodeState | None) -> datetime | None:
    return state.report.heard_at if state and state.report else None
