"""The satisfaction summary from the hub's file, as the API hands it out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.api import reports
from hub.api.base import actor_of
from hub.api.problems import install_problems
from hub.config import HubSettings, OfficeSettings, SiteSettings
from hub.people.roles import Role
from hub.ratings.report_period import Period, PeriodKind
from hub.reports import office_of, satisfaction
from hub.store import nodes, presses
from hub.store.nodes import Node
from hub.store.presses import Press
from tests.factories_hub import Village, actor

YEAR = Period(PeriodKind.YEAR, 2026)
NOON = datetime(2026, 5, 4, 5, tzinfo=UTC)
ADDRESS = "/api/v1/reports/satisfaction"


def press(seq: int, **changes: Any) -> Press:
    known = Press(
        node="counter-1",
        ledger="a",
        seq=seq,
        at=NOON,
        written_at=NOON,
        clock_state="synced",
        level=1,
        levels=4,
        source="button",
        counted=True,
        reason=None,
        held_ms=80,
        dossier="",
        received_at=NOON,
    )
    return replace(known, **changes)


@pytest.fixture
def parts(village: Village) -> Any:
    site = SiteSettings(id="tan-hoa", name="Phường Tân Hòa")
    settings = HubSettings(file=Path("hub.toml"), site=site)
    counter = Node(id="counter-1", kind="counter", name="Quầy 1", area="to-2", enrolled_at=NOON)
    village.store.write(lambda db: nodes.add(db, counter, secret_hash="a", broker_hash="b"))
    return SimpleNamespace(settings=settings, store=village.store, site=village.site, now=village.now)


@pytest.fixture
def client(parts: Any) -> TestClient:
    app = FastAPI()
    app.state.parts = parts
    app.include_router(reports.router)
    app.dependency_overrides[actor_of] = lambda: actor(Role.VIEWER)
    install_problems(app)
    return TestClient(app)


def keep(parts: Any, *new: Press) -> None:
    parts.store.write(lambda db: presses.keep(db, new))


def test_ratings_and_presses_are_summed_from_the_file(parts: Any) -> None:
    keep(parts, press(1), press(2, level=4), press(3, counted=False, reason="interval"))
    total = satisfaction(parts, YEAR).total
    assert (total.by_face, total.rated, total.raw) == ((1, 0, 0, 1), 2, 3)


def test_a_press_after_midnight_of_the_site_is_in_the_new_month(parts: Any) -> None:
    keep(parts, press(1, at=datetime(2026, 4, 30, 17, tzinfo=UTC)))
    months = {line.name: line.rated for line in satisfaction(parts, YEAR).months}
    assert (months["4"], months["5"]) == (0, 1)


def test_a_press_of_another_year_is_left_out(parts: Any) -> None:
    keep(parts, press(1, at=NOON - timedelta(days=365)))
    assert satisfaction(parts, YEAR).total.raw == 0


def test_a_counter_without_presses_is_listed(parts: Any) -> None:
    assert [line.name for line in satisfaction(parts, YEAR).counters] == ["Quầy 1"]


@pytest.mark.parametrize(("new", "listed"), [([press(1)], ["Quầy 1"]), ([], [])])
def test_a_counter_out_of_service_is_listed_by_its_name_where_it_was_pressed(
    parts: Any, new: list[Press], listed: list[str]
) -> None:
    keep(parts, *new)
    parts.store.write(lambda db: nodes.remove(db, "counter-1", at=NOON))
    assert [line.name for line in satisfaction(parts, YEAR).counters] == listed


@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_a_report_is_a_file_named_after_its_period(client: TestClient, format: str) -> None:  # noqa: A002
    answer = client.get(ADDRESS, params={"period": "quarter", "year": 2026, "number": 2, "format": format})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="bao-cao-hai-long-2026-quy-2.{format}"'
    )
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "quarter", "year": 2026, "number": 5},
        {"period": "month", "year": 2026, "number": 13},
        {"period": "week", "year": 2026},
        {"period": "year", "year": 1},
        {"period": "year"},
    ],
)
def test_a_period_that_there_is_not_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    answer = client.get(ADDRESS, params=wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_office_is_named_after_the_site_unless_the_settings_name_it(parts: Any) -> None:
    assert office_of(parts.settings).name == "Ủy ban nhân dân phường Tân Hòa"
    named = parts.settings.model_copy(update={"office": OfficeSettings(name='Trung tâm "Một cửa"')})
    assert office_of(named).name == 'Trung tâm "Một cửa"'
