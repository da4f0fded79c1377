"""From the schedule form to a draft, with every field that does not read named at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from edge.wire.plan import MisfireRule
from hub.errors import Invalid, Problem
from hub.hours import clock_of
from hub.parts import Parts
from hub.programme.terms import Rule
from hub.schedules import Draft
from hub.titles import readable
from hub.web.pages.page import Typed
from hub.web.views import AreaChoice, Form, NodeChoice

__all__ = ["RENAMED", "area_choices", "as_on_the_form", "draft_of"]

RENAMED: Final[Mapping[str, str]] = {
    "starts_at": "time",
    "misfire.late_s": "late_min",
    "recurs.until": "until",
    "exception": "exception_reason",
    "exception.reason": "exception_reason",
    "nodes": "areas",
}
"""How a schedule's fields are called on the form."""

_ORDER = ("bulletin", "areas", "date", "time", "recurs", "until", "misfire", "late_min", "volume")


def as_on_the_form(form: Form) -> Form:
    """What is wrong, in the order in which the form asks for it."""
    known = sorted(form.errors, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return replace(form, errors={name: form.errors[name] for name in known})


def draft_of(typed: Typed, zone: ZoneInfo) -> Draft:
    """The draft that was typed, its times in the site's zone. Raises `Invalid` naming every field."""
    problems: list[Problem] = []
    day = _date(typed, "date", problems, needed=True)
    clock = _clock(typed, problems)
    rule = Rule(typed.text("recurs")) if typed.text("recurs") in set(Rule) else Rule.ONCE
    until = _date(typed, "until", problems, needed=False) if rule is not Rule.ONCE else None
    misfire = typed.text("misfire", MisfireRule.LATE.value)
    late_min = _number(typed, "late_min", 5, 720, problems) if misfire == MisfireRule.LATE else 0
    volume = _number(typed, "volume", 100, 100, problems)
    if not typed.text("bulletin"):
        problems.append(Problem("bulletin_needed", "bulletin"))
    if not typed.all("areas") and not typed.all("nodes"):
        problems.append(Problem("target_needed", "areas"))
    if problems or day is None or clock is None:
        raise Invalid(*problems)
    return Draft(
        bulletin=typed.text("bulletin"),
        starts_at=_instant(day, clock, zone),
        areas=typed.all("areas"),
        nodes=typed.all("nodes"),
        rule=rule,
        until=until,
        misfire=MisfireRule(misfire) if misfire in set(MisfireRule) else MisfireRule.SKIP,
        late_s=late_min * 60,
        volume=volume,
        exception_reason=typed.text("exception_reason") or None,
    )


def area_choices(parts: Parts) -> tuple[AreaChoice, ...]:
    """The tree of areas with their loudspeakers."""
    areas = parts.fleet.areas()
    speakers = parts.fleet.nodes(kind="speaker")

    def under(parent: str | None) -> tuple[AreaChoice, ...]:
        return tuple(
            AreaChoice(
                id=area.id,
                name=area.name,
                nodes=tuple(
                    NodeChoice(id=state.node.id, name=state.node.name, state=state.state)
                    for state in speakers
                    if state.area.id == area.id
                ),
                areas=under(area.id),
            )
            for area in areas
            if area.parent == parent
        )

    return under(None)


def _date(typed: Typed, name: str, problems: list[Problem], *, needed: bool) -> date | None:
    text = typed.text(name)
    if not text and not needed:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("date_needed", name, {"found": text[:20]}))
        return None


def _clock(typed: Typed, problems: list[Problem]) -> time | None:
    found = clock_of(typed.text("time"))
    if found is None:
        problems.append(Problem("time_needed", "time", {"found": typed.text("time")[:20]}))
    return found


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Over UTC, so that a time that the clocks skip on that day becomes one that they show."""
    try:
        return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC).astimezone(zone)
    except OverflowError as error:
        raise Invalid(Problem("too_far", "starts_at")) from error


def _number(typed: Typed, name: str, default: int, most: int, problems: list[Problem]) -> int:
    value = typed.number(name, default)
    if value is None or not 0 <= value <= most:
        problems.append(Problem(f"{name}_range", name, {"found": readable(typed.text(name), most=20)}))
        return default
    return value
