"""Which days a period has, and what it is called."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from hub.ratings.report_period import Period, PeriodKind
from tests.factories_reports import ZONE


@pytest.mark.parametrize(
    ("kind", "number", "first", "last", "title"),
    [
        (PeriodKind.MONTH, 2, date(2028, 2, 1), date(2028, 2, 29), "tháng 2 năm 2028"),
        (PeriodKind.QUARTER, 4, date(2028, 10, 1), date(2028, 12, 31), "quý IV năm 2028"),
        (PeriodKind.SIX_MONTHS, 1, date(2028, 1, 1), date(2028, 6, 30), "6 tháng đầu năm 2028"),
        (PeriodKind.NINE_MONTHS, 1, date(2028, 1, 1), date(2028, 9, 30), "9 tháng đầu năm 2028"),
        (PeriodKind.YEAR, 1, date(2028, 1, 1), date(2028, 12, 31), "năm 2028"),
    ],
)
def test_a_period_knows_its_days(kind: PeriodKind, number: int, first: date, last: date, title: str) -> None:
    period = Period(kind, 2028, number)
    assert (period.first, period.last, period.title) == (first, last, title)


def test_a_month_begins_at_midnight_of_the_site() -> None:
    ((month, begins, ends),) = Period(PeriodKind.MONTH, 2026, 12).spans(ZONE)
    assert month == 12
    assert begins == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert ends == datetime(2026, 12, 31, 17, tzinfo=UTC)


def test_the_months_of_a_year_follow_each_other_without_a_gap() -> None:
    spans = Period(PeriodKind.YEAR, 2026).spans(ZONE)
    assert all(one[2] == other[1] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("kind", "year", "number"),
    [
        (PeriodKind.MONTH, 2026, 13),
        (PeriodKind.QUARTER, 2026, 0),
        (PeriodKind.YEAR, 2026, 2),
        (PeriodKind.YEAR, 1900, 1),
    ],
)
def test_a_period_that_there_is_not_is_refused(kind: PeriodKind, year: int, number: int) -> None:
    with pytest.raises(ValueError, match=r"year|no period"):
        Period(kind, year, number)
