"""How far back old lines may go, night by night."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hub.retention import Mark, horizon, is_night

NIGHT = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
OLDEST = NOW - timedelta(days=100)
YEARS = 3
THREE_YEARS = timedelta(days=3 * 365.25)
WEEK = timedelta(days=7)


def until(before: Mark | None, *, now: datetime = NOW, night: date = NIGHT, years: int = YEARS) -> datetime:
    return horizon(before, oldest=OLDEST, now=now, night=night, years=years).until


def last_night(until: datetime) -> Mark:
    return Mark(NIGHT - timedelta(days=1), until, YEARS)


def test_it_goes_as_far_as_the_years() -> None:
    assert until(last_night(NOW - THREE_YEARS - timedelta(days=1))) == NOW - THREE_YEARS


def test_in_the_first_night_nothing_goes() -> None:
    assert until(None, now=NOW + timedelta(days=20_000)) <= OLDEST - THREE_YEARS


def test_what_a_wrong_clock_wrote_at_first_does_not_put_it_off_for_decades() -> None:
    begun = horizon(None, oldest=datetime(1970, 1, 1, tzinfo=UTC), now=NOW, night=NIGHT, years=YEARS).until
    assert begun > OLDEST - 2 * THREE_YEARS


def test_a_clock_years_ahead_costs_a_week_a_night() -> None:
    before = NOW - THREE_YEARS
    assert until(last_night(before), now=NOW + timedelta(days=20_000)) == before + WEEK


@pytest.mark.parametrize("night", [NIGHT, NIGHT - timedelta(days=1)])
def test_a_clock_that_is_behind_takes_nothing_back(night: date) -> None:
    before = NOW - THREE_YEARS
    assert until(Mark(night, before, YEARS), now=NOW - timedelta(days=10_000)) >= before


def test_a_clock_that_is_behind_in_the_first_night_puts_it_off_for_no_decades() -> None:
    assert until(None, now=datetime(2000, 1, 1, tzinfo=UTC)) > OLDEST - 2 * THREE_YEARS


def test_the_same_night_goes_no_further_however_often_it_is_asked() -> None:
    assert until(Mark(NIGHT, NOW - 2 * THREE_YEARS, YEARS)) == NOW - 2 * THREE_YEARS


@pytest.mark.parametrize("night", [NIGHT, NIGHT - timedelta(days=1)])
def test_more_years_go_back_at_once(night: date) -> None:
    assert until(Mark(night, NOW - THREE_YEARS, YEARS), years=10) == NOW - timedelta(days=3652.5)


@pytest.mark.parametrize(("hour", "is_it"), [(0, False), (1, True), (4, True), (5, False), (13, False)])
def test_night_is_from_one_to_five(hour: int, is_it: bool) -> None:
    assert is_night(datetime(2026, 11, 20, hour, 30, tzinfo=UTC)) == is_it
