"""The periods that reports are asked for."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hub.ratings.periods import Period, days, instants, last_days, period

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        ("month", 2, date(2028, 2, 1), date(2028, 2, 29)),
        ("month", 12, date(2028, 12, 1), date(2028, 12, 31)),
        ("quarter", 4, date(2028, 10, 1), date(2028, 12, 31)),
        ("half", 1, date(2028, 1, 1), date(2028, 6, 30)),
        ("nine", 1, date(2028, 1, 1), date(2028, 9, 30)),
        ("year", 1, date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_period_is_whole_months(kind: str, number: int, first: date, last: date) -> None:
    assert period(kind, 2028, number) == Period(first, last)


@pytest.mark.parametrize(
    ("kind", "year", "number"),
    [("month", 2026, 13), ("quarter", 2026, 5), ("half", 2026, 2), ("week", 2026, 1), ("year", 9999, 1)],
)
def test_what_is_no_period_is_refused(kind: str, year: int, number: int) -> None:
    with pytest.raises(ValueError, match="no period"):
        period(kind, year, number)


def test_thirty_days_end_with_today() -> None:
    span = last_days(date(2026, 11, 20), 30)
    assert (span.first, span.last, len(days(span))) == (date(2026, 10, 22), date(2026, 11, 20), 30)


def test_a_period_begins_and_ends_at_the_sites_midnight() -> None:
    span = Period(date(2026, 11, 20), date(2026, 11, 20))
    assert [at.astimezone(UTC) for at in instants(span, ZONE)] == [
        datetime(2026, 11, 19, 17, tzinfo=UTC),
        datetime(2026, 11, 20, 17, tzinfo=UTC),
    ]
