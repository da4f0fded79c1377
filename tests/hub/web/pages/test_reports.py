"""Which periods the page of reports offers, and for which year."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.config import HubSettings, SiteSettings
from hub.web.pages.reports import reports
from hub.web.views import ReportsPage
from tests.factories_reports import ZONE


def shown(year: str = "") -> ReportsPage:
    site = SiteSettings(id="tan-hoa", name="Phường Tân Hòa")
    parts = SimpleNamespace(
        now=lambda: datetime(2026, 11, 20, 9, tzinfo=ZONE),
        site=SimpleNamespace(zone=ZONE),
        settings=HubSettings(file=Path("hub.toml"), site=site),
    )
    page: Any = SimpleNamespace(parts=parts, show=lambda view: view)
    return cast("ReportsPage", reports(page, year))


def states(page: ReportsPage, group: str) -> list[str]:
    return [row.state for each in page.groups if each.name == group for row in each.rows]


def test_each_period_says_whether_it_is_over() -> None:
    page = shown()
    assert states(page, "quarters") == ["over", "over", "over", "running"]
    assert states(page, "months") == ["over"] * 10 + ["running", "ahead"]
    assert states(page, "long") == ["running", "over", "over"]


@pytest.mark.parametrize(
    ("asked", "year", "after"),
    [("", 2026, None), ("2024", 2024, 2025), ("2099", 2099, None), ("<b>", 2026, None), ("0001", 2000, 2001)],
)
def test_the_year_asked_for_is_shown_or_this_one(asked: str, year: int, after: int | None) -> None:
    page = shown(asked)
    assert (page.year, page.after) == (year, after)


def test_a_row_leads_to_its_files() -> None:
    quarter = next(row for group in shown().groups for row in group.rows if row.kind == "quarter")
    assert quarter.docx == "/api/v1/reports/satisfaction?period=quarter&year=2026&number=1&format=docx"
