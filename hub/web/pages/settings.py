"""Cài đặt: the house rules and their exceptions."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Invalid, Problem
from hub.programme.house import broken_rules
from hub.programme.programme import PLAN_DAYS
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.pages.rows import occurrence_rows
from hub.web.views import ExceptionRow, HouseRulesView, OccurrenceRow, SettingsPage

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MOST_NAMED = 20
_MOST_TYPED = 100
_FIELDS = {f"quiet.{number}": "quiet" for number in range(_MOST_TYPED)}


@router.get("/settings")
def settings(page: PageOf) -> Response:
    """The rules in force."""
    return _show(page, Typed())


@router.post("/settings/house-rules")
def change(page: PageOf, typed: TypedIn) -> Response:
    """Set the quiet hours."""
    pairs = zip(typed.values.get("quiet_from", ()), typed.values.get("quiet_to", ()), strict=False)
    quiet = [(start.strip(), end.strip()) for start, end in pairs if start.strip() or end.strip()][
        :_MOST_TYPED
    ]
    is_every_hour = typed.text("every_hour") == "yes"
    if not quiet and not is_every_hour:
        return _show(page, typed, Invalid(Problem("quiet_hours_needed", "quiet")))
    if is_every_hour and quiet and quiet != _in_force(page):
        return _show(page, typed, Invalid(Problem("quiet_hours_or_none", "quiet")))
    try:
        page.parts.site.change(page.actor, quiet=[] if is_every_hour else quiet)
    except Invalid as error:
        return _show(page, typed, error)
    return page.go("/settings", done="rules_saved")


def _in_force(page: Page) -> list[tuple[str, str]]:
    return [(hours.start, hours.end) for hours in page.parts.site.kept().rules.quiet]


def _breaking(page: Page) -> tuple[OccurrenceRow, ...]:
    """What is scheduled already and would be silenced or cut short by the rules as they are now."""
    parts = page.parts
    now, rules = parts.now(), parts.site.rules()
    coming = {
        of.occurrence.id: of for of in parts.schedules.occurrences(now, now + timedelta(days=PLAN_DAYS))
    }
    broken = broken_rules((of.occurrence for of in coming.values()), rules)
    return occurrence_rows(parts, [coming[each.occurrence.id] for each in broken[:_MOST_NAMED]])


def _show(page: Page, typed: Typed, refused: Invalid | None = None) -> Response:
    kept, rules = page.parts.site.kept(), page.parts.site.rules()
    view = SettingsPage(
        rules=HouseRulesView(
            quiet=tuple(_in_force(page)),
            timezone=kept.rules.timezone,
            changed_by=kept.changed_by,
            changed_at=kept.changed_at,
        ),
        exceptions=tuple(
            ExceptionRow(
                schedule_id=each.schedule,
                title=page.parts.schedules.get(each.schedule).scheduled.title,
                starts_at=each.start,
                ends_at=each.end,
                reason=each.reason,
                allowed_by=each.allowed_by,
            )
            for each in rules.exceptions
        ),
        breaking=_breaking(page),
        form=typed.form(refused, lang=page.lang, renamed=_FIELDS),
    )
    return page.show(view, status=422 if refused else 200)
