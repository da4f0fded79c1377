"""Bulletins over the API."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from hub.library import Library
from hub.people.roles import Role
from hub.store.database import Store
from tests.factories_library import ready
from tests.factories_people import person_at_work

Caller = Callable[..., TestClient]
URL = "/api/v1/bulletins"


@pytest.fixture
def body(library: Library, store: Store) -> dict[str, object]:
    sound = ready(library, person_at_work(store, Role.CLERK, login="maker"))
    return {"title": "Tiêm chủng", "priority": "routine", "language": "vi", "recordings": [sound.id]}


def test_a_bulletin_goes_from_draft_to_approved(program: Caller, body: dict[str, object]) -> None:
    clerk, leader = program(Role.CLERK), program(Role.APPROVER)
    made = clerk.post(URL, json=body)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    one = made.headers["location"]
    assert clerk.post(f"{one}/submit").json()["state"] == "submitted"
    assert clerk.post(f"{one}/approve").status_code == 403
    assert leader.post(f"{one}/approve").json()["state"] == "approved"
    assert clerk.get(one).json()["recordings"] == body["recordings"]


def test_every_wrong_field_is_named_at_once(program: Caller) -> None:
    sent = {"title": "", "priority": "loud", "language": "xx", "recordings": []}
    answer = program(Role.CLERK).post(URL, json=sent)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["problems"]] == [
        "title",
        "priority",
        "language",
        "recordings",
    ]


def test_an_approved_bulletin_cannot_be_edited(program: Caller, body: dict[str, object]) -> None:
    both = program(Role.CLERK, Role.APPROVER)
    one = both.post(URL, json=body).headers["location"]
    both.post(f"{one}/submit")
    both.post(f"{one}/approve")
    answer = both.put(one, json={**body, "title": "Khác", "revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "bulletin_state")
    assert answer.json()["detail"] == "The bulletin is approved; this needs one that is a draft."


def test_a_draft_that_another_saved_since_is_not_saved_over(program: Caller, body: dict[str, object]) -> None:
    clerk, other = program(Role.CLERK), program(Role.CLERK)
    one = clerk.post(URL, json=body).headers["location"]
    assert other.put(one, json={**body, "title": "Khác", "revision": 1}).json()["revision"] == 2
    answer = clerk.put(one, json={**body, "title": "Của tôi", "revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "bulletin_changed")
    facts = answer.json()["problems"][0]["facts"]
    assert (facts["wanted"], facts["found"]) == (1, 2)


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_what_another_changed_since_it_was_read_is_not_acted_on(
    program: Caller, body: dict[str, object], act: str
) -> None:
    both = program(Role.CLERK, Role.APPROVER)
    one = both.post(URL, json=body).headers["location"]
    both.put(one, json={**body, "title": "Khác", "revision": 1})
    if act == "approve":
        both.post(f"{one}/submit")
    answer = both.post(f"{one}/{act}", json={"revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "bulletin_changed")
    assert both.post(f"{one}/{act}", json={"revision": 2}).status_code == 200


def test_a_bulletin_is_sent_back_with_the_reason(program: Caller, body: dict[str, object]) -> None:
    clerk, leader = program(Role.CLERK), program(Role.APPROVER)
    one = clerk.post(URL, json=body).headers["location"]
    clerk.post(f"{one}/submit")
    assert leader.post(f"{one}/return", json={"note": "Sai ngày"}).json()["return_note"] == "Sai ngày"


def test_a_copy_is_a_new_draft(program: Caller, body: dict[str, object]) -> None:
    clerk = program(Role.CLERK)
    one = clerk.post(URL, json=body)
    copy = clerk.post(f"{one.headers['location']}/copy")
    assert (copy.status_code, copy.json()["copied_from"]) == (201, one.json()["id"])


def test_the_list_may_be_of_one_state(program: Caller, body: dict[str, object]) -> None:
    clerk = program(Role.CLERK)
    clerk.post(URL, json=body)
    two = clerk.post(URL, json=body)
    clerk.post(f"{two.headers['location']}/submit")
    items = clerk.get(URL, params={"state": "submitted"}).json()["items"]
    assert [each["id"] for each in items] == [two.json()["id"]]


def test_a_draft_is_deleted_and_nothing_else(program: Caller, body: dict[str, object]) -> None:
    clerk = program(Role.CLERK)
    one, two = (clerk.post(URL, json=body).headers["location"] for _ in range(2))
    assert clerk.delete(one, params={"revision": 9}).json()["code"] == "bulletin_changed"
    assert clerk.delete(one, params={"revision": 1}).status_code == 204
    assert clerk.get(one).status_code == 404
    clerk.post(f"{two}/submit")
    assert (clerk.delete(two).status_code, clerk.get(two).status_code) == (409, 200)
