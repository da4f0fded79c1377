"""Health, figures, the API's pages, and the headers around every answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hub.app import create_app
from hub.config import BrokerSettings, HubSettings, SiteSettings
from hub.parts import Parts
from hub.store.database import Store
from hub.store.reserve import Reserve
from hub.wiring import running_hub


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """A hub at work, but for its broker: where that should be, nobody answers."""
    settings = HubSettings(
        file=tmp_path_factory.mktemp("hub") / "hub.toml",
        site=SiteSettings(id="xa-mau", name="Xã mẫu"),
        broker=BrokerSettings(mode="outside", port=1, password="nobody asks"),
    )
    with running_hub(settings) as running:
        yield running


def client_of(parts: Parts) -> TestClient:
    return TestClient(create_app(parts), raise_server_exceptions=False)


@pytest.fixture
def client(parts: Parts) -> TestClient:
    """Of a hub that has its broker."""
    return client_of(replace(parts, is_linked=lambda: True))


def test_a_hub_with_broker_and_store_is_well(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "broker": True, "store": True, "disk": True},
    )


def test_a_hub_without_its_broker_is_not_well(parts: Parts) -> None:
    answer = client_of(replace(parts, is_linked=lambda: False)).get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, False)


def test_a_hub_that_cannot_write_is_not_well(parts: Parts, tmp_path: Path) -> None:
    closed = Store(tmp_path / "hub.db")
    closed.close()
    answer = client_of(replace(parts, store=closed)).get("/healthz")
    assert (answer.status_code, answer.json()["store"]) == (503, False)


def test_a_hub_whose_disk_is_full_is_not_well(parts: Parts, tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    store = Store(file, reserve=Reserve(file, bytes_=100_000))  # which it could not take
    answer = client_of(replace(parts, store=store, is_linked=lambda: True)).get("/healthz")
    store.close()
    assert (answer.status_code, answer.json()["disk"]) == (503, False)


def test_figures_are_told_when_asked(client: TestClient, parts: Parts) -> None:
    parts.metrics.gauge("loa_test", "A test.", lambda: 7)
    assert "\nloa_test 7.0\n" in client.get("/metrics").text


def test_requests_are_counted_by_the_pattern_of_their_route(client: TestClient) -> None:
    client.get("/healthz")
    client.get("/no-such-page-1")
    text = client.get("/metrics").text
    assert 'loa_http_requests_total{method="GET",route="/healthz",status="2xx"}' in text
    assert "no-such-page" not in text


def test_the_pages_of_the_api_load_nothing_from_elsewhere(client: TestClient) -> None:
    assert "//" not in client.get("/docs").text


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/static/favicon.svg", "/no-such-page"])
def test_every_answer_binds_the_browser(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_but_the_apis_may_style_inline(client: TestClient) -> None:
    assert "unsafe-inline" not in client.get("/healthz").headers["content-security-policy"]


def test_a_file_named_by_its_content_is_kept_for_ever(client: TestClient) -> None:
    headers = client.get("/static/favicon.svg?v=0123456789").headers
    assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_named_otherwise_is_asked_for_again(client: TestClient) -> None:
    assert client.get("/static/favicon.svg").headers["cache-control"] == "no-cache"


def test_what_is_said_to_one_person_is_not_kept(client: TestClient) -> None:
    assert client.get("/healthz").headers["cache-control"] == "no-store"


def test_the_description_of_the_api_can_be_made(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/v1/recordings", "/api/v1/schedules", "/api/v1/events"} <= set(paths)


def test_a_fault_of_the_hub_binds_the_browser_too(parts: Parts) -> None:
    def fail() -> bool:
        raise ValueError("no")

    answer = client_of(replace(parts, is_linked=fail)).get("/healthz")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers
