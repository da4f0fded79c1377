"""The periods of reports: a month, a quarter, the first 6 or 9 months, a year. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Period", "PeriodKind"]

FIRST_YEAR, LAST_YEAR = 2000, 2100

_ROMAN = ("I", "II", "III", "IV")


class PeriodKind(StrEnum):
    """How long a report looks back; 6 and 9 months begin with the year."""

    MONTH = "month"
    QUARTER = "quarter"
    SIX_MONTHS = "six_months"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


_LENGTH = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.SIX_MONTHS: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}


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
        most = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}.get(self.kind, 1)
        if not 1 <= self.number <= most:
            raise ValueError(f"number: wanted 1 to {most}; found {self.number}")

    @classmethod
    def holding(cls, kind: PeriodKind, day: date) -> "Period":
        """The period of this kind that `day` lies in, or the year's where it lies after it."""
        number = {PeriodKind.MONTH: day.month, PeriodKind.QUARTER: (day.month - 1) // 3 + 1}.get(kind, 1)
        return cls(kind, day.year, number)

    @property
    def months(self) -> range:
        """Its months, as numbers of the year."""
        length = _LENGTH[self.kind]
        first = (self.number - 1) * length + 1
        return range(first, first + length)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.months[0], 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return _month_after(self.year, self.months[-1]) - timedelta(days=1)

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
        return tuple(
            (
                month,
                _midnight(date(self.year, month, 1), zone),
                _midnight(_month_after(self.year, month), zone),
            )
            for month in self.months
        )


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
