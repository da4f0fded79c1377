"""The page of reports."""

from dataclasses import dataclass
from typing import ClassVar

__all__ = ["ReportGroup", "ReportRow", "ReportsPage"]


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """A period: `kind` and `number` name it in words, `state` is over, running or ahead."""

    kind: str
    number: int
    state: str
    docx: str
    xlsx: str


@dataclass(frozen=True, kw_only=True)
class ReportGroup:
    """Periods of a like length; `name` is `long`, `quarters` or `months`."""

    name: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, kw_only=True)
class ReportsPage:
    """GET /reports, and `?year=`. `before` and `after` are the years to turn to, where there are any."""

    template: ClassVar[str] = "reports.html"
    year: int
    office: str
    groups: tuple[ReportGroup, ...]
    before: int | None = None
    after: int | None = None
