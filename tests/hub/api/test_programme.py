"""Schedules, plays, nodes, orders and house rules as programs see them."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from edge.wire.entries import Booted
from edge.wire.house_rules import HouseRules
from hub.people.roles import Role
from hub.sounds import Sounds
from tests import factories as make
from tests.factories_api import Caller
from tests.factories_hub import Village, actor


@pytest.fixture
def clerk(calling: Caller) -> TestClient:
    return calling(Role.CLERK)


def wish(village: Village, **changes: Any) -> dict[str, Any]:
    starts_at = village.in_s(60).isoformat()
    return {
        "bulletin": village.bulletin("Bản tin chiều"),
        "areas": ["to-1"],
        "starts_at": starts_at,
    } | changes


def test_a_schedule_is_made_and_answers_with_its_occurrences(village: Village, clerk: TestClient) -> None:
    answer = clerk.post("/api/v1/schedules", json=wish(village))
    assert answer.status_code == 201
    made = answer.json()
    assert made["occurrences"] == [
        {"id": f"{made['id']}.20261120T020100Z", "starts_at": "2026-11-20T02:01:00Z"}
    ]


def test_what_was_made_can_be_read_and_cancelled_once(village: Village, clerk: TestClient) -> None:
    recurs = {"rule": "daily", "until": "2026-12-01"}
    misfire = {"rule": "late", "late_s": 600}
    made = clerk.post(
        "/api/v1/schedules", json=wish(village, recurs=recurs, misfire=misfire, volume=0)
    ).json()
    shown = clerk.get(f"/api/v1/schedules/{made['id']}").json()
    assert (shown["recurs"], shown["misfire"], shown["volume"]) == (recurs, misfire, 0)
    assert shown["cancelled_at"] is None
    assert clerk.delete(f"/api/v1/schedules/{made['id']}").status_code == 204
    again = clerk.delete(f"/api/v1/schedules/{made['id']}")
    assert (again.status_code, again.json()["code"]) == (409, "already_cancelled")
    [listed] = clerk.get("/api/v1/schedules").json()["items"]
    assert listed["cancelled_by"] == "lan"


def test_a_clash_is_named_in_the_callers_language(village: Village, clerk: TestClient) -> None:
    clerk.post("/api/v1/schedules", json=wish(village))
    answer = clerk.post("/api/v1/schedules", json=wish(village))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    [problem] = answer.json()["problems"]
    assert problem["detail"] == "Trùng với “Bản tin chiều” lúc 09:01 20/11/2026 tại Tổ 1."
    assert problem["facts"]["starts_at"] == "2026-11-20T09:01:00+07:00"


def test_a_broken_house_rule_is_named(village: Village, clerk: TestClient) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("08:00", "10:00")])
    answer = clerk.post("/api/v1/schedules", json=wish(village))
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "quiet_hours"
    assert "08:00–10:00" in body["problems"][0]["detail"]


def test_an_exception_needs_the_approver(village: Village, calling: Caller) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("08:00", "10:00")])
    asked = wish(village, exception={"reason": "Giao thừa"})
    assert calling(Role.CLERK).post("/api/v1/schedules", json=asked).status_code == 403
    assert calling(Role.CLERK, Role.APPROVER).post("/api/v1/schedules", json=asked).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": "2026-11-20T10:00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"volume": 101}, "volume"),
        ({"recurs": {"rule": "hourly"}}, "recurs.rule"),
        ({"misfire": {"rule": "late", "late_s": -1}}, "misfire.late_s"),
        ({"colour": "red"}, "colour"),
        ({"areas": "to-1"}, "areas"),
    ],
)
def test_a_wrong_field_is_named(
    village: Village, clerk: TestClient, changes: dict[str, Any], field: str
) -> None:
    answer = clerk.post("/api/v1/schedules", json=wish(village, **changes))
    assert answer.status_code == 422
    assert field in [problem["field"] for problem in answer.json()["problems"]]
    assert village.schedules.all() == []


def test_a_viewer_may_look_and_not_touch(village: Village, calling: Caller) -> None:
    viewer = calling(Role.VIEWER)
    assert viewer.post("/api/v1/schedules", json=wish(village)).status_code == 403
    assert viewer.post("/api/v1/orders", json={"kind": "stop", "all": True}).status_code == 403
    assert viewer.put("/api/v1/site", json={"quiet": []}).status_code == 403
    assert viewer.post("/api/v1/areas", json={"name": "Tổ 9"}).status_code == 403
    assert viewer.get("/api/v1/nodes").status_code == 200


def test_occurrences_of_a_span_are_listed(village: Village, clerk: TestClient) -> None:
    clerk.post("/api/v1/schedules", json=wish(village, recurs={"rule": "daily"}))
    asked = {"from": "2026-11-20T00:00:00+07:00", "to": "2026-11-23T00:00:00+07:00"}
    items = clerk.get("/api/v1/occurrences", params=asked).json()["items"]
    assert [item["starts_at"] for item in items] == [f"2026-11-{day}T02:01:00Z" for day in (20, 21, 22)]
    assert items[0]["nodes"] == ["loa-1", "loa-2"]


def test_a_span_that_goes_back_is_refused(village: Village, clerk: TestClient) -> None:
    asked = {"from": "2026-11-20T00:00:00Z", "to": "2026-11-19T00:00:00Z"}
    assert clerk.get("/api/v1/occurrences", params=asked).status_code == 422


@pytest.mark.parametrize("nouns", ["occurrences", "plays"])
@pytest.mark.parametrize(
    "query",
    [
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "9999-12-31T23:59:59-12:00"},
        {"from": "0.5"},
        {"from": "1999-01-01T00:00:00Z", "to": "2026-11-20T00:00:00Z"},
    ],
)
def test_instants_that_cannot_be_or_lie_too_far_apart_are_refused(
    clerk: TestClient, nouns: str, query: dict[str, str]
) -> None:
    assert clerk.get(f"/api/v1/{nouns}", params=query).status_code == 422


def test_plays_hold_one_for_each_loudspeaker(village: Village, clerk: TestClient) -> None:
    made = clerk.post("/api/v1/schedules", json=wish(village)).json()
    occurrence = made["occurrences"][0]["id"]
    due = village.in_s(60)
    village.wrote("loa-1", [make.finished(occurrence=occurrence, due_at=due)])
    items = clerk.get("/api/v1/plays", params={"schedule": made["id"]}).json()["items"]
    assert [(item["node"], item["state"], item["outcome"]) for item in items] == [
        ("loa-1", "finished", "played"),
        ("loa-2", "planned", None),
    ]
    assert items[0]["start_error_ms"] == 0.4
    one = clerk.get(f"/api/v1/plays/{items[0]['id']}").json()
    assert one == items[0]


def test_the_sound_of_a_play_comes_with_the_instant_of_its_first_sample(
    village: Village, clerk: TestClient, sounds: Sounds
) -> None:
    upload = sounds.new_upload()
    wav = b"RIFF" + bytes(60)
    with upload:
        upload.write(wav)
        sounds.put("s.20261120T020100Z@loa-1", first_sample=village.now(), upload=upload)
    answer = clerk.get("/api/v1/plays/s.20261120T020100Z@loa-1/sound")
    assert answer.content == wav
    assert answer.headers["loa-first-sample"] == "2026-11-20T02:00:00+00:00"


def test_a_play_without_sound_is_not_found(clerk: TestClient) -> None:
    assert clerk.get("/api/v1/plays/s.20261120T020100Z@loa-1/sound").status_code == 404


def test_nodes_say_how_they_are_and_what_is_next(village: Village, clerk: TestClient) -> None:
    clerk.post("/api/v1/schedules", json=wish(village))
    village.born("loa-1")
    items = clerk.get("/api/v1/nodes").json()["items"]
    first = items[0]
    assert (first["id"], first["kind"], first["area"], first["here"]) == ("loa-1", "speaker", "to-1", True)
    assert first["next"]["why_not"] == ["plan_not_accepted", "recordings_missing"]
    assert first["state"] == "preparing"
    assert items[2]["state"] == "away"


def test_a_ledger_is_read_in_pages(village: Village, clerk: TestClient) -> None:
    village.wrote("loa-1", [Booted(software=str(n), clean=True) for n in range(5)])
    first = clerk.get("/api/v1/nodes/loa-1/ledger", params={"limit": 3}).json()
    assert [item["seq"] for item in first["items"]] == [5, 4, 3]
    rest = clerk.get("/api/v1/nodes/loa-1/ledger", params={"limit": 3, "before": first["before"]}).json()
    assert ([item["seq"] for item in rest["items"]], rest["before"]) == ([2, 1], None)


@pytest.mark.parametrize("path", ["nodes/x", "nodes/x/ledger", "schedules/x", "plays/x", "plays/x@y"])
def test_what_is_not_there_is_not_found(clerk: TestClient, path: str) -> None:
    assert clerk.get(f"/api/v1/{path}").status_code == 404


def test_stop_all_answers_with_the_nodes_and_stands_until_lifted(clerk: TestClient) -> None:
    given = clerk.post("/api/v1/orders", json={"kind": "stop", "all": True})
    assert (given.status_code, given.json()["nodes"]) == (201, ["loa-1", "loa-2", "loa-3"])
    stop = clerk.get("/api/v1/orders/current").json()["stop"]
    assert (stop["by"], stop["all"], stop["unconfirmed"]) == ("Lan", True, ["loa-1", "loa-2", "loa-3"])
    clerk.post("/api/v1/orders", json={"kind": "resume", "all": True})
    assert clerk.get("/api/v1/orders/current").json() == {"stop": None}


def test_areas_are_added_with_an_id_made_of_their_vietnamese_name(calling: Caller) -> None:
    technician = calling(Role.TECHNICIAN)
    added = technician.post("/api/v1/areas", json={"name": "Thôn Đông Lỗ 2", "parent": "phuong"})
    assert (added.status_code, added.json()["id"]) == (201, "thon-dong-lo-2")
    again = technician.post("/api/v1/areas", json={"name": "Thôn Đông Lỗ 2"})
    assert (again.status_code, again.json()["code"]) == (409, "area_exists")
    assert technician.get("/api/v1/areas").json()["items"][-1]["id"] == "thon-dong-lo-2"


def test_the_administrator_changes_the_house_rules(calling: Caller) -> None:
    administrator = calling(Role.ADMINISTRATOR)
    quiet = [{"start": "21:30", "end": "05:00"}]
    changed = administrator.put("/api/v1/site", json={"quiet": quiet}).json()
    assert (changed["quiet"], changed["changed_by"]) == (quiet, "Lan")


@pytest.mark.parametrize("hours", [{"start": "25:00", "end": "06:00"}, {"start": "06:00", "end": "06:00"}])
def test_wrong_quiet_hours_are_named(village: Village, calling: Caller, hours: dict[str, str]) -> None:
    answer = calling(Role.ADMINISTRATOR).put("/api/v1/site", json={"quiet": [hours]})
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "quiet.0")
    assert village.site.kept().rules == HouseRules(quiet=())


def test_an_exception_that_is_over_is_no_longer_shown(village: Village, calling: Caller) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("08:00", "10:00")])
    approver = calling(Role.APPROVER)
    approver.post("/api/v1/schedules", json=wish(village, exception={"reason": "Giao thừa"}))
    [exception] = approver.get("/api/v1/site").json()["exceptions"]
    assert (exception["allowed_by"], exception["reason"]) == ("Lan", "Giao thừa")
    village.now.at += timedelta(hours=1)
    assert approver.get("/api/v1/site").json()["exceptions"] == []
