"""Ratings and cameras as programs see them."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from edge.wire.entries import Uncounted
from hub.api import cameras as cameras_api
from hub.api import ratings, ratings_csv
from hub.api.base import answer_language
from hub.api.problems import install_problems
from hub.cameras import Cameras
from hub.counters import Counters
from hub.people.roles import Role
from tests.factories_api import Caller, callers_of
from tests.factories_counter import COUNTER, add_counter, pressed, seen, wrote_at
from tests.factories_hub import Village


@pytest.fixture
def calling(village: Village) -> Caller:
    add_counter(village)
    both: dict[str, Any] = {"store": village.store, "zone": lambda: village.site.zone, "now": village.now}
    app = FastAPI()
    app.state.parts = SimpleNamespace(
        counters=Counters(**both), cameras=Cameras(**both), site=village.site, now=village.now, people=None
    )
    for module in (ratings, ratings_csv, cameras_api):
        app.include_router(module.router)
    install_problems(app)
    app.dependency_overrides[answer_language] = lambda: "vi"
    return callers_of(app)


@pytest.fixture
def officer(calling: Caller) -> TestClient:
    return calling(Role.COUNTER_OFFICER)


def got(client: TestClient, address: str, **query: Any) -> Any:
    answer = client.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def table(client: TestClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_summary_tells_levels_and_the_share_of_satisfied(village: Village, officer: TestClient) -> None:
    village.wrote(
        COUNTER, [pressed(1), pressed(2), pressed(2), pressed(4), pressed(4, reason=Uncounted.BURST)]
    )
    found = got(officer, "/api/v1/ratings/summary")
    [counter] = found["counters"]
    assert (counter["counter"], counter["pressed"], counter["counted"]) == (COUNTER, 5, 4)
    assert [(level["name"], level["count"]) for level in counter["levels"]] == [
        ("Rất hài lòng", 1),
        ("Hài lòng", 2),
        ("Bình thường", 0),
        ("Không hài lòng", 1),
    ]
    assert found["total"]["share_satisfied"] == 0.75


def test_a_summary_is_labelled_as_reference_figures(officer: TestClient) -> None:
    found = got(officer, "/api/v1/ratings/summary")
    assert "01/2018/TT-VPCP" in found["note"]
    assert found["satisfied_levels"] == {"3": [1], "4": [1, 2], "5": [1, 2]}


def test_a_span_without_presses_has_no_share(officer: TestClient) -> None:
    found = got(officer, "/api/v1/ratings/summary", **{"from": "2020-01-01", "to": "2020-12-31"})
    assert (found["total"]["share_satisfied"], found["total"]["levels"]) == (None, [])


def test_a_span_of_days_begins_and_ends_at_the_sites_midnight(village: Village, officer: TestClient) -> None:
    midnight = village.now().astimezone(village.site.zone).replace(hour=0)
    before, after = midnight - timedelta(seconds=1), midnight
    wrote_at(village, [(before, pressed(1)), (after, pressed(4))])

    def counted(first: str, last: str) -> int:
        found = got(officer, "/api/v1/ratings/summary", **{"from": first, "to": last})
        return int(found["total"]["counted"])

    assert counted("2026-11-19", "2026-11-19") == 1
    assert counted("2026-11-20", "2026-11-20") == 1
    assert counted("2026-11-19", "2026-11-20") == 2


def test_a_span_of_instants_leaves_its_end_out(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed()])
    now = village.now()
    ending = {"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()}
    assert got(officer, "/api/v1/ratings/summary", **ending)["total"]["counted"] == 0


def test_a_plus_that_was_not_escaped_is_understood(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed()])
    answer = officer.get("/api/v1/ratings/summary?from=2026-11-20T00:00:00+07:00&to=2026-11-21")
    assert answer.json()["total"]["counted"] == 1


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"from": "2026-13-01"},
        {"to": "2026-11-20T10:00:00"},
        {"from": "2026-11-20", "to": "2026-11-01"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "0001-01-01", "to": "2026-11-01"},
    ],
)
def test_a_span_that_does_not_hold_is_refused(officer: TestClient, query: dict[str, str]) -> None:
    assert officer.get("/api/v1/ratings/summary", params=query).status_code == 422


def test_a_counter_that_is_not_there_is_not_found(officer: TestClient) -> None:
    assert officer.get("/api/v1/ratings/summary", params={"counter": "loa-1"}).status_code == 404


def test_one_counter_can_be_asked_for(village: Village, officer: TestClient) -> None:
    add_counter(village, "quay-2")
    village.wrote(COUNTER, [pressed()])
    village.wrote("quay-2", [pressed(), pressed()])
    found = got(officer, "/api/v1/ratings/summary", counter="quay-2")
    assert [each["counter"] for each in found["counters"]] == ["quay-2"]
    assert found["total"]["counted"] == 2


def test_presses_come_newest_first_with_their_reasons(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed(1), pressed(4, reason=Uncounted.INTERVAL)])
    items = got(officer, "/api/v1/ratings/presses")["items"]
    assert [(item["level"], item["counted"], item["reason"]) for item in items] == [
        (4, False, "interval"),
        (1, True, None),
    ]


def test_pages_of_presses_show_each_press_once(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed() for _ in range(7)])
    numbers: list[int] = []
    before: dict[str, str] = {}
    while True:
        found = got(officer, "/api/v1/ratings/presses", limit=3, **before)
        numbers += [item["seq"] for item in found["items"]]
        if found["before"] is None:
            break
        before = {"before": found["before"]}
    assert numbers == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("before", ["x", "a~b~c~d", "2026-11-20T00:00:00Z~b~c~-", "~~~"])
def test_a_page_that_is_none_is_refused(officer: TestClient, before: str) -> None:
    assert officer.get("/api/v1/ratings/presses", params={"before": before}).status_code == 422


@pytest.mark.parametrize("seq", [10**30, -(10**30)])
def test_a_page_after_a_number_without_bounds_is_only_a_page(officer: TestClient, seq: int) -> None:
    before = f"2026-11-20T00:00:00Z~b~c~{seq}"
    assert got(officer, "/api/v1/ratings/presses", before=before)["items"] == []


def test_a_clerk_may_see_sums_but_not_single_presses(calling: Caller) -> None:
    clerk = calling(Role.CLERK)
    assert clerk.get("/api/v1/ratings/summary").status_code == 200
    assert clerk.get("/api/v1/ratings/presses").status_code == 403
    assert clerk.get("/api/v1/ratings/presses.csv").status_code == 403


def test_a_dossier_that_is_a_formula_is_text_in_the_csv(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed(dossier='=HYPERLINK("http://x")')])
    [row] = table(officer, "/api/v1/ratings/presses.csv")
    assert row["dossier"] == '\'=HYPERLINK("http://x")'
    assert (row["level"], row["counted"]) == ("1", "1")


def test_the_csv_of_sums_has_a_row_for_each_level(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed(1), pressed(4)])
    rows = table(officer, "/api/v1/ratings/summary.csv")
    assert [(row["level_name"], row["count"]) for row in rows] == [
        ("Rất hài lòng", "1"),
        ("Hài lòng", "0"),
        ("Bình thường", "0"),
        ("Không hài lòng", "1"),
    ]


def test_a_table_to_hand_out_hides_small_numbers(village: Village, officer: TestClient) -> None:
    village.wrote(COUNTER, [pressed(1)] * 9 + [pressed(2)] * 6 + [pressed(4)] * 2)
    rows = table(officer, "/api/v1/ratings/summary.csv?public=true")
    assert [(row["count"], row["share_of_counter"]) for row in rows] == [
        ("9", "0.5294"),
        ("", ""),
        ("0", "0.0"),
        ("", ""),
    ]


def test_a_camera_is_told_with_its_evidence(village: Village, officer: TestClient) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("dark", brightness=0.01)])
    [camera] = got(officer, "/api/v1/cameras")["items"]
    assert (camera["verdict"], camera["why"], camera["counter_here"]) == ("dark", "", True)
    assert (camera["last"]["brightness"], camera["availability_today"]) == (0.01, None)


def test_a_camera_of_a_counter_that_is_away_is_unknown(village: Village, officer: TestClient) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok")])
    village.now.pass_s(600)
    [camera] = got(officer, "/api/v1/cameras")["items"]
    assert (camera["verdict"], camera["why"]) == ("unknown", "counter_away")
    assert (camera["counter_here"], camera["last"]["verdict"]) == (False, "ok")


def test_a_timeline_covers_the_day_without_a_gap(village: Village, officer: TestClient) -> None:
    village.born(COUNTER, kind="counter")
    now = village.now()
    wrote_at(village, [(now - timedelta(hours=4), seen("ok")), (now - timedelta(hours=1), seen("frozen"))])
    found = got(officer, f"/api/v1/cameras/{COUNTER}/cong/timeline")
    assert [span["verdict"] for span in found["spans"]] == ["unknown", "ok", "frozen"]
    assert (found["ok_s"], found["known_s"], found["unknown_s"]) == (3 * 3600, 4 * 3600, 5 * 3600)
    assert found["availability"] == 0.75


def test_a_timeline_of_no_camera_is_not_found(officer: TestClient) -> None:
    assert officer.get(f"/api/v1/cameras/{COUNTER}/cong/timeline").status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_timeline_at_the_end_of_all_days_is_refused(
    village: Village, officer: TestClient, day: str
) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok")])
    address = f"/api/v1/cameras/{COUNTER}/cong/timeline"
    assert officer.get(address, params={"day": day}).status_code == 422


@pytest.mark.parametrize("address", ["summary", "presses", "summary.csv", "presses.csv"])
@pytest.mark.parametrize(
    "span",
    [
        {"to": "0001-01-01"},
        {"from": "0001-01-01", "to": "0001-01-02"},
        {"from": "9999-12-30", "to": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_a_span_at_the_end_of_all_days_is_refused(
    officer: TestClient, address: str, span: dict[str, str]
) -> None:
    assert officer.get(f"/api/v1/ratings/{address}", params=span).status_code == 422


def test_cameras_come_as_csv(village: Village, officer: TestClient) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("auth_failed", detail="@401")])
    [row] = table(officer, "/api/v1/cameras.csv")
    assert (row["verdict"], row["last_detail"]) == ("auth_failed", "'@401")
