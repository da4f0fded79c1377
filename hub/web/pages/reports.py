"""Báo cáo: the satisfaction summary of every period of a year, one click each."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from hub.ratings.report_period import FIRST_YEAR, LAST_YEAR, Period, PeriodKind
from hub.reports import ReportFormat, office_of
from hub.web.pages.page import PageOf
from hub.web.views import ReportGroup, ReportRow, ReportsPage

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LONG = (PeriodKind.YEAR, PeriodKind.NINE_MONTHS, PeriodKind.SIX_MONTHS)


@router.get("/reports")
def reports(page: PageOf, year: str = "") -> Response:
    """The periods of `year`, or of this one where no year is meant."""
    today = page.parts.now().astimezone(page.parts.site.zone).date()
    chosen = _year(year, today)
    groups = (
        ("long", (Period(kind, chosen) for kind in _LONG)),
        ("quarters", (Period(PeriodKind.QUARTER, chosen, number) for number in range(1, 5))),
        ("months", (Period(PeriodKind.MONTH, chosen, number) for number in range(1, 13))),
    )
    view = ReportsPage(
        year=chosen,
        office=office_of(page.parts.settings).name,
        groups=tuple(ReportGroup(name=name, rows=_rows(found, today)) for name, found in groups),
        before=chosen - 1 if chosen > FIRST_YEAR else None,
        after=chosen + 1 if chosen < min(today.year, LAST_YEAR) else None,
    )
    return page.show(view)


def _year(text: str, today: date) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year
    return min(max(number, FIRST_YEAR), LAST_YEAR)


def _rows(found: Iterable[Period], today: date) -> tuple[ReportRow, ...]:
    return tuple(
        ReportRow(
            kind=period.kind.value,
            number=period.number,
            state="over" if today > period.last else "running" if today >= period.first else "ahead",
            docx=_address(period, ReportFormat.DOCX),
            xlsx=_address(period, ReportFormat.XLSX),
        )
        for period in found
    )


def _address(period: Period, form: ReportFormat) -> str:
    asked = {"period": period.kind.value, "year": period.year, "number": period.number, "format": form.value}
    return f"/api/v1/reports/satisfaction?{urlencode(asked)}"
