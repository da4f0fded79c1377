"""Emergencies as programs see them."""

import pytest

from hub.people.roles import Role
from tests.factories_api import Caller
from tests.factories_emergency import bulletin_held_by
from tests.factories_hub import Village


@pytest.fixture
def flood(village: Village) -> str:
    return bulletin_held_by(village, "loa-1", "loa-2")


def test_an_emergency_is_begun_listed_and_cancelled(calling: Caller, flood: str) -> None:
    approver = calling(Role.APPROVER)
    wanted = {"bulletin": flood, "areas": ["to-1"], "repeat_every_s": 60}
    begun = approver.post("/api/v1/emergencies", json=wanted)
    assert (begun.status_code, begun.json()["nodes"]) == (201, ["loa-1", "loa-2"])
    [listed] = approver.get("/api/v1/emergencies?running=true").json()
    assert [node["state"] for node in listed["nodes"]] == ["unconfirmed", "unconfirmed"]
    ended = approver.delete(f"/api/v1/emergencies/{begun.json()['id']}").json()
    assert (ended["running"], ended["ended_how"]) == (False, "cancelled")
    assert approver.get("/api/v1/emergencies?running=true").json() == []


def test_what_stands_in_the_way_of_an_emergency_is_said_with_its_names(calling: Caller, flood: str) -> None:
    refused = calling(Role.APPROVER).post("/api/v1/emergencies", json={"bulletin": flood, "all": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "recordings_missing")
    assert "1/3 cụm loa chưa có đủ bản ghi: loa-3." in refused.json()["detail"]


def test_an_emergency_is_no_order_for_everybody(calling: Caller) -> None:
    refused = calling(Role.CLERK).post("/api/v1/orders", json={"kind": "emergency", "all": True})
    assert refused.status_code == 422


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.APPROVER}))
def test_nobody_but_an_approver_begins_or_ends_one(calling: Caller, flood: str, role: Role) -> None:
    wanted = {"bulletin": flood, "areas": ["to-1"]}
    running = calling(Role.APPROVER).post("/api/v1/emergencies", json=wanted).json()["id"]
    other = calling(role)
    assert other.post("/api/v1/emergencies", json=wanted).status_code == 403
    assert other.delete(f"/api/v1/emergencies/{running}").status_code == 403
    [left] = other.get("/api/v1/emergencies?running=true").json()
    assert left["id"] == running
