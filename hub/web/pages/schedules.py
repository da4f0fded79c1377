"""Lịch phát: the week, one schedule, and making a new one with every objection explained."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Conflict, Invalid, Problem
from hub.fleet import area_names
from hub.programme.conflicts import Clash as FoundClash
from hub.programme.house import Broken
from hub.programme.programme import PLAN_DAYS
from hub.programme.terms import Rule
from hub.schedule_checks import Finding
from hub.web import formats
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.pages.rows import exempted, occurrence_rows
from hub.web.pages.schedule_form import RENAMED, area_choices, as_on_the_form, draft_of
from hub.web.views import (
    Clash,
    ConfirmPage,
    Day,
    Message,
    Refusal,
    ScheduleFormPage,
    SchedulePage,
    SchedulesPage,
    Text,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_WEEK = timedelta(days=7)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_MOST_NAMED = 20
_LISTED = 200


@router.get("/schedules")
def week(page: PageOf, week: str = "") -> Response:
    """Seven days, Monday first."""
    zone = page.parts.site.zone
    today = page.parts.now().astimezone(zone).date()
    monday = _monday(week, today)
    start = datetime.combine(monday, datetime.min.time(), tzinfo=zone)
    found = page.parts.schedules.occurrences(start, start + _WEEK, cancelled=True)
    rows = occurrence_rows(page.parts, found)
    days = [monday + timedelta(days=number) for number in range(7)]
    view = SchedulesPage(
        days=tuple(
            Day(date=day, occurrences=tuple(r for r in rows if r.starts_at.astimezone(zone).date() == day))
            for day in days
        ),
        week=_name(monday),
        previous_week=_name(monday - _WEEK),
        next_week=_name(monday + _WEEK),
        this_week=_name(_monday("", today)),
    )
    return page.show(view)


@router.get("/schedules/new")
def new(page: PageOf, bulletin: str = "") -> Response:
    """The form."""
    return _form(page, Typed({"bulletin": [bulletin]} if bulletin else {}))


@router.post("/schedules")
def create(page: PageOf, typed: TypedIn) -> Response:
    """Store a schedule, or say everything that stands in its way."""
    zone = page.parts.site.zone
    try:
        draft = draft_of(typed, zone)
        made = page.parts.schedules.create(page.actor, draft)
    except Invalid as error:
        return _form(page, typed, invalid=error)
    except Conflict as error:
        finding = page.parts.schedules.check(page.actor, draft)
        # The field is on the form only after a refusal, for who may allow the exception.
        is_asked = "exception_reason" in typed.values and draft.exception_reason is None
        missing = Invalid(Problem("exception_reason_needed", "exception.reason"))
        return _form(
            page,
            typed,
            invalid=missing if is_asked and finding.broken else None,
            refusal=_refusal(page, finding, error),
        )
    if made.schedule.rule is Rule.ONCE and made.occurrences:
        return page.go(f"/occurrences/{made.occurrences[0].id}", done="scheduled")
    return page.go(f"/schedules/{made.schedule.id}", done="scheduled")


@router.get("/schedules/{schedule}")
def show(page: PageOf, schedule: str) -> Response:
    """One schedule and its occurrences."""
    parts, kept = page.parts, page.parts.schedules.get(schedule)
    one, now = kept.scheduled, page.parts.now()
    span = timedelta(days=PLAN_DAYS)
    found = parts.schedules.occurrences(now - span, now + span, schedule=schedule, cancelled=True)
    names = {area.id: area.name for area in parts.fleet.areas()}
    nodes = parts.fleet.names()
    until = one.until.astimezone(parts.site.zone).date() if isinstance(one.until, datetime) else one.until
    view = SchedulePage(
        id=one.id,
        title=one.title,
        bulletin_id=one.bulletin,
        priority=one.priority.value,
        areas=area_names(found[0].occurrence, found[0].places, names)
        if found
        else (*(names.get(a, a) for a in one.areas), *(nodes.get(n, n) for n in one.nodes)),
        recurs=one.rule.value,
        until=until,
        misfire=one.misfire.rule.value,
        late_min=one.misfire.late_s // 60 if one.misfire.rule == "late" else None,
        volume=one.volume if one.volume < 100 else None,
        made_by=kept.maker,
        made_at=kept.created_at,
        exception=exempted(parts, one.id),
        occurrences=occurrence_rows(parts, found),
        can_cancel=any(of.occurrence.starts_at > now and not of.cancelled for of in found),
    )
    return page.show(view)


@router.get("/schedules/{schedule}/cancel")
def ask_to_cancel(page: PageOf, schedule: str) -> Response:
    """The question before it."""
    kept = page.parts.schedules.get(schedule)
    view = ConfirmPage(
        question=Message("schedules.cancel_question"),
        consequences=(kept.scheduled.title, *_to_cancel(page, schedule)),
        action=f"/schedules/{schedule}/cancel",
        yes=Message("schedules.cancel"),
        back=f"/schedules/{schedule}",
        danger=True,
    )
    return page.show(view)


@router.post("/schedules/{schedule}/cancel")
def cancel(page: PageOf, schedule: str) -> Response:
    """End what has not begun."""
    page.parts.schedules.cancel(page.actor, schedule)
    return page.go(f"/schedules/{schedule}", done="cancelled")


def _to_cancel(page: Page, schedule: str) -> tuple[Text, ...]:
    """When and where would sound what is about to be cancelled."""
    parts, now, zone = page.parts, page.parts.now(), page.parts.site.zone
    rows = occurrence_rows(
        parts, parts.schedules.occurrences(now, now + timedelta(days=PLAN_DAYS), schedule=schedule)
    )
    if not rows:
        return ()
    times = [
        f"{formats.hour(row.starts_at, zone, seconds=True)} "
        f"{formats.day(row.starts_at.astimezone(zone), page.lang)}"
        for row in rows
    ]
    facts = {"count": len(rows), "first": times[0], "last": times[-1], "places": ", ".join(rows[0].areas)}
    return (Message("schedules.cancel_one" if len(rows) == 1 else "schedules.cancel_many", facts),)


def _monday(week: str, today: date) -> date:
    """The Monday of a week such as 2026-W47; of this one where none is named or none can be shown."""
    try:
        monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007
    except (ValueError, OverflowError):
        return _monday_of(today)
    return monday if _FIRST_YEAR <= monday.year < _LAST_YEAR else _monday_of(today)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _name(monday: date) -> str:
    return f"{monday:%G-W%V}"


def _form(
    page: Page, typed: Typed, *, invalid: Invalid | None = None, refusal: Refusal | None = None
) -> Response:
    approved = page.parts.bulletins.bulletins(limit=_LISTED, state="approved")
    rules = page.parts.site.rules()
    quiet: tuple[Text, ...] = tuple(
        Message("schedules.quiet_rule", {"start": hours.start, "end": hours.end}) for hours in rules.quiet
    )
    view = ScheduleFormPage(
        bulletins=tuple((each.id, each.title, each.duration_ms) for each in approved),
        areas=area_choices(page.parts),
        form=as_on_the_form(typed.form(invalid, lang=page.lang, renamed=RENAMED)),
        refusal=refusal,
        house_rules=quiet,
    )
    return page.show(view, status=422 if invalid else 409 if refusal else 200)


def _refusal(page: Page, finding: Finding, error: Conflict) -> Refusal:
    """What stands in the way now; where another moment's check found nothing more, the error's own words."""
    zone = page.parts.site.zone
    told = [page.said(p) for p in error.problems if p.code not in ("clash", "quiet_hours")]
    clashes = _clashes(page, finding.clashes)
    broken: list[Text] = [*told, *_broken_words(finding.broken, finding.instead, zone)]
    if not clashes and not broken:
        broken = [page.said(problem) for problem in error.problems]
    return Refusal(clashes=clashes, broken=tuple(broken), approvers=finding.approvers)


def _clashes(page: Page, found: Sequence[FoundClash]) -> tuple[Clash, ...]:
    names = {area.id: area.name for area in page.parts.fleet.areas()}
    return tuple(
        Clash(
            occurrence_id=each.standing.id,
            title=each.standing.schedule.title,
            starts_at=each.standing.starts_at,
            ends_at=each.standing.ends_at,
            areas=tuple(sorted({names.get(place.area, place.area) for place in each.places})),
        )
        for each in found[:_MOST_NAMED]
    )


def _broken_words(broken: Sequence[Broken], instead: Sequence[datetime], zone: ZoneInfo) -> list[Text]:
    if not broken:
        return []
    first = broken[0]
    key = "schedules.breaks_quiet" if first.begins_inside else "schedules.runs_into_quiet"
    says: list[Text] = [
        Message(
            key,
            {
                "when": f"{first.occurrence.starts_at.astimezone(zone):%H:%M %d/%m}",
                "start": first.quiet.start,
                "end": first.quiet.end,
            },
        )
    ]
    if len(broken) > 1:
        says.append(Message("schedules.breaks_more", {"count": len(broken) - 1}))
    if instead:
        when = ", ".join(f"{at.astimezone(zone):%H:%M %d/%m}" for at in instead)
        says.append(Message("schedules.instead", {"when": when}))
    return says
