"""The periods of reports: a month, a quarter, the first 6 or 9 months, a year. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.ratings import periods

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Period", "PeriodKind"]

FIRST_YEAR, LAST_YEAR = 2000, 2100

_ROMAN = ("I", "II", "III", "IV")


class PeriodKind(StrEnum):
    """How long a report looks back; 6 and 9 months begin with the year."""

    MONTH = "month"
    QUARTER = "quarter"
    SIX_MONTHS = "half"
    NINE_MONTHS = "nine"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A period; `number` is the month (1–12) or quarter (1–4), and 1 for the others.

    Raises ValueError for a year or number that there is not.
    """

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"year: wanted {FIRST_YEAR} to {LAST_YEAR}; found {self.year}")
        periods.period(self.kind, self.year, self.number)

    @property
    def months(self) -> range:
        """Its months, as numbers of the year."""
        return range(self.first.month, self.last.month + 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return self._days.first

    @property
    def last(self) -> date:
        """Its last day."""
        return self._days.last

    @property
    def title(self) -> str:
        """Its name in Vietnamese, as it stands in a title."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"tháng {self.number} năm {self.year}"
            case PeriodKind.QUARTER:
                return f"quý {_ROMAN[self.number - 1]} năm {self.year}"
            case PeriodKind.YEAR:
                return f"năm {self.year}"
            case _:
                return f"{len(self.months)} tháng đầu năm {self.year}"

    @property
    def slug(self) -> str:
        """Its name in file names, as in `2026-quy-4`."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-thang-{self.number:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}-quy-{self.number}"
            case PeriodKind.YEAR:
                return f"{self.year}"
            case _:
                return f"{self.year}-{len(self.months)}-thang"

    def spans(self, zone: ZoneInfo) -> tuple[tuple[int, datetime, datetime], ...]:
        """(month, beginning, end) of each month in UTC, the end not part of it."""
        each = ((month, periods.period("month", self.year, month)) for month in self.months)
        return tuple((month, *_in_utc(periods.instants(days, zone))) for month, days in each)

    @property
    def _days(self) -> periods.Period:
        return periods.period(self.kind, self.year, self.number)


def _in_utc(instants: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    begins, ends = instants
    return begins.astimezone(UTC), ends.astimezone(UTC)
