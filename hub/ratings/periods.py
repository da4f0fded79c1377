"""The periods that satisfaction is summed up for: months, quarters, half years, nine months, years. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["KINDS", "Period", "days", "instants", "last_days", "period"]

KINDS = {"month": 1, "quarter": 3, "half": 6, "nine": 9, "year": 12}
"""How many months each kind of period has. `half` and `nine` are the first 6 and 9 months of a year, as the
reports are asked for."""


@dataclass(frozen=True)
class Period:
    """Whole days of the site: `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period(kind: str, year: int, number: int = 1) -> Period:
    """A period by its kind and, for months and quarters, its number in the year.

    Raises ValueError for what is none.
    """
    months = KINDS.get(kind)
    most = {"month": 12, "quarter": 4}.get(kind, 1)
    if months is None or not 1 <= number <= most or not date.min.year < year < date.max.year:
        raise ValueError(f"no period {kind} {number} of {year}")
    start = (number - 1) * months
    end = start + months
    following = date(year + end // 12, end % 12 + 1, 1)
    return Period(date(year, start + 1, 1), following - timedelta(days=1))


def last_days(today: date, count: int) -> Period:
    """Today and the days before it, `count` in all."""
    return Period(today - timedelta(days=count - 1), today)


def instants(span: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the period begins and ends (exclusive), by the wall clock of the site."""
    begins = datetime.combine(span.first, time(), zone)
    ends = datetime.combine(span.last + timedelta(days=1), time(), zone)
    return begins, ends


def days(span: Period) -> tuple[date, ...]:
    """Every day of the period."""
    return tuple(span.first + timedelta(days=number) for number in range(span.days))
