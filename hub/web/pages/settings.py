"""Cài đặt: the house rules and their exceptions."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Conflict, Invalid, Problem
from hub.programme.house import broken_rules
from hub.programme.programme import PLAN_DAYS
from hub.store.steps import Step
from hub.web.pages.newer import newer_of
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.pages.rows import occurrence_rows
from hub.web.views import (
    ExceptionRow,
    HouseRulesView,
    Message,
    Newer,
    NewerFact,
    OccurrenceRow,
    SettingsPage,
    Text,
)

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
    """Set the quiet hours, unless somebody set them since this form was opened."""
    revision = typed.number("revision", 0) or 0
    pairs = zip(typed.values.get("quiet_from", ()), typed.values.get("quiet_to", ()), strict=False)
    quiet = [(start.strip(), end.strip()) for start, end in pairs if start.strip() or end.strip()][
        :_MOST_TYPED
    ]
    is_every_hour = typed.text("every_hour") == "yes"
    if not quiet and not is_every_hour:
        return _show(page, typed, Invalid(Problem("quiet_hours_needed", "quiet")), revision=revision)
    if is_every_hour and quiet and quiet != _in_force(page):
        return _show(page, typed, Invalid(Problem("quiet_hours_or_none", "quiet")), revision=revision)
    try:
        page.parts.site.change(page.actor, quiet=[] if is_every_hour else quiet, revision=revision)
    except Invalid as error:
        return _show(page, typed, error, revision=revision)
    except Conflict:
        return _show(page, typed, newer=_newer(page))
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


def _newer(page: Page) -> Newer:
    kept = page.parts.site.kept()
    saved = Step(kept.changed_at, kept.changed_by_id, kept.changed_by) if kept.changed_at else None
    hours: tuple[Text, ...] = tuple(f"{start}–{end}" for start, end in _in_force(page))
    fact = NewerFact(
        label=Message("settings.quiet"), says=hours or (Message("settings.quiet_none"),), differs=True
    )
    return newer_of(page, saved, fact, keep="/settings")


def _show(
    page: Page,
    typed: Typed,
    refused: Invalid | None = None,
    *,
    revision: int | None = None,
    newer: Newer | None = None,
) -> Response:
    """`revision` is that of the rules in force if None."""
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
        revision=kept.revision if revision is None else revision,
        newer=newer,
    )
    return page.show(view, status=409 if newer else 422 if refused else 200)
