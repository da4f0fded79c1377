"""Which rule is broken, and when it could be instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.base import Priority
from edge.wire.house_rules import HouseRules, QuietException, QuietHours
from hub.programme.house import alternatives, broken_rules
from hub.programme.terms import Clip, Occurrence, Scheduled

RULES = HouseRules(quiet=(QuietHours(start="22:00", end="06:00"), QuietHours(start="12:00", end="13:30")))
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 12:00 at the site
MORNING = NOON - timedelta(hours=5)


def at(instant: datetime, *, minutes: int = 10, **changes: Any) -> Occurrence:
    fields: dict[str, Any] = {
        "id": "s",
        "bulletin": "b",
        "title": "Tin",
        "priority": Priority.ROUTINE,
        "clips": (Clip("a" * 64, 1, minutes * 60_000),),
        "starts_at": instant,
    }
    return Occurrence("o", Scheduled(**fields | changes), instant)


@pytest.mark.parametrize(
    ("before_s", "broken"), [(600, False), (599, True), (0, True), (-5399, True), (-5400, False)]
)
def test_what_sounds_at_any_instant_of_quiet_hours_breaks_them(before_s: int, broken: bool) -> None:
    assert bool(broken_rules([at(NOON - timedelta(seconds=before_s))], RULES)) is broken


def test_running_into_quiet_hours_is_told_from_beginning_in_them() -> None:
    [runs_in] = broken_rules([at(NOON - timedelta(minutes=5))], RULES)
    [begins] = broken_rules([at(NOON + timedelta(minutes=5))], RULES)
    assert (runs_in.begins_inside, begins.begins_inside) == (False, True)


def test_the_quiet_hours_that_are_broken_are_named() -> None:
    [broken] = broken_rules([at(NOON)], RULES)
    assert broken.quiet == QuietHours(start="12:00", end="13:30")


def test_an_emergency_breaks_nothing() -> None:
    assert broken_rules([at(NOON, priority=Priority.EMERGENCY)], RULES) == []


def test_an_exception_of_its_schedule_allows_it() -> None:
    exception = QuietException(schedule="s", start=NOON, end=NOON + timedelta(hours=1), allowed_by="CT")
    allowed = RULES.model_copy(update={"exceptions": (exception,)})
    assert broken_rules([at(NOON)], allowed) == []


def test_the_nearest_earlier_and_later_minutes_are_offered() -> None:
    assert alternatives(at(NOON), RULES, now=MORNING) == (
        NOON - timedelta(minutes=10),
        NOON + timedelta(minutes=90),
    )


def test_nothing_in_the_past_is_offered() -> None:
    assert alternatives(at(NOON), RULES, now=NOON) == (NOON + timedelta(minutes=90),)


def test_what_never_fits_has_no_alternative() -> None:
    assert alternatives(at(NOON, minutes=10 * 60), RULES, now=MORNING) == ()


@given(st.integers(0, 24 * 60 - 1), st.integers(1, 300))
def test_whatever_is_offered_is_allowed(minute: int, minutes: int) -> None:
    wanted = at(NOON + timedelta(minutes=minute), minutes=minutes)
    for instant in alternatives(wanted, RULES, now=MORNING):
        assert broken_rules([at(instant, minutes=minutes)], RULES) == []
