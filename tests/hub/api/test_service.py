"""Health, figures, the API's pages, and the headers around every answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from hub.app import create_app
from hub.events import Events
from hub.metrics import Metrics
from hub.store.database import Store


class Hub:
    """An application whose broker is there or not, over a real store."""

    def __init__(self, folder: Path) -> None:
        self.linked = True
        self.store = Store(folder / "hub.db")
        self.metrics = Metrics()
        self.parts = SimpleNamespace(
            store=self.store,
            events=Events(),
            metrics=self.metrics,
            is_linked=lambda: self.linked,
            now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
        )
        self.client = TestClient(create_app(self.parts), raise_server_exceptions=False)  # type: ignore[arg-type]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path)
    with made.client:
        yield made
    made.store.close()


def test_a_hub_with_broker_and_store_is_well(hub: Hub) -> None:
    answer = hub.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "broker": True, "store": True})


def test_a_hub_without_its_broker_is_not_well(hub: Hub) -> None:
    hub.linked = False
    answer = hub.client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, False)


def test_a_hub_that_cannot_write_is_not_well(hub: Hub) -> None:
    hub.store.close()
    answer = hub.client.get("/healthz")
    assert (answer.status_code, answer.json()["store"]) == (503, False)


def test_figures_are_told_when_asked(hub: Hub) -> None:
    hub.metrics.gauge("loa_test", "A test.", lambda: 7)
    assert "\nloa_test 7.0\n" in hub.client.get("/metrics").text


def test_requests_are_counted_by_the_pattern_of_their_route(hub: Hub) -> None:
    hub.client.get("/healthz")
    hub.client.get("/no-such-page-1")
    text = hub.client.get("/metrics").text
    assert 'loa_http_requests_total{method="GET",route="/healthz",status="2xx"} 1.0' in text
    assert "no-such-page" not in text


def test_the_pages_of_the_api_load_nothing_from_elsewhere(hub: Hub) -> None:
    assert "//" not in hub.client.get("/docs").text


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/static/favicon.svg", "/no-such-page"])
def test_every_answer_binds_the_browser(hub: Hub, path: str) -> None:
    headers = hub.client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_but_the_apis_may_style_inline(hub: Hub) -> None:
    assert "unsafe-inline" not in hub.client.get("/healthz").headers["content-security-policy"]


def test_a_file_named_by_its_content_is_kept_for_ever(hub: Hub) -> None:
    headers = hub.client.get("/static/favicon.svg?v=0123456789").headers
    assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_named_otherwise_is_asked_for_again(hub: Hub) -> None:
    assert hub.client.get("/static/favicon.svg").headers["cache-control"] == "no-cache"


def test_what_is_said_to_one_person_is_not_kept(hub: Hub) -> None:
    assert hub.client.get("/healthz").headers["cache-control"] == "no-store"


def test_the_description_of_the_api_can_be_made(hub: Hub) -> None:
    paths = hub.client.get("/openapi.json").json()["paths"]
    assert {"/api/v1/recordings", "/api/v1/schedules", "/api/v1/events"} <= set(paths)
