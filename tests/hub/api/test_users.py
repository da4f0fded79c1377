"""Users, one's own account, and the audit log over the API."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from hub.people.roles import Role
from tests.factories_people import PASSWORD

Caller = Callable[..., TestClient]
URL = "/api/v1/users"
NEW = {"login": "mai", "name": "Mai", "roles": ["clerk"]}


def test_a_new_user_gets_a_password_shown_once(program: Caller) -> None:
    boss = program(Role.ADMINISTRATOR)
    answer = boss.post(URL, json=NEW)
    assert answer.status_code == 201
    assert len(answer.json()["password"]) > 20
    assert "password" not in boss.get(answer.headers["location"]).json()


def test_every_wrong_field_of_a_user_is_named(program: Caller) -> None:
    answer = program(Role.ADMINISTRATOR).post(URL, json={"login": "Ủ", "roles": [], "password": "short"})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["problems"]} == {"login", "name", "roles", "password"}


def test_a_password_never_comes_back_in_an_error(program: Caller) -> None:
    answer = program(Role.ADMINISTRATOR).post(URL, json={**NEW, "password": ["my secret"]})
    assert answer.status_code == 422
    assert "my secret" not in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_users_are_for_administrators(program: Caller, role: Role) -> None:
    client = program(role)
    assert client.get(URL).status_code == 403
    assert client.post(URL, json=NEW).status_code == 403


def test_a_closed_account_is_listed_as_closed(program: Caller) -> None:
    boss = program(Role.ADMINISTRATOR)
    user = boss.post(URL, json=NEW).headers["location"]
    assert boss.patch(user, json={"active": False}).json()["active"] is False
    assert [each["login"] for each in boss.get(URL).json()["items"] if not each["active"]] == ["mai"]


def test_a_taken_name_is_a_conflict(program: Caller) -> None:
    boss = program(Role.ADMINISTRATOR)
    boss.post(URL, json=NEW)
    assert boss.post(URL, json=NEW).status_code == 409


def test_a_password_is_reset(program: Caller) -> None:
    boss = program(Role.ADMINISTRATOR)
    user = boss.post(URL, json=NEW).headers["location"]
    assert boss.post(f"{user}/password", json={}).json()["password"]
    assert boss.post(f"{user}/password", json={"password": PASSWORD}).json() == {"password": None}


def test_ones_own_password_needs_the_old_one(browser: Caller) -> None:
    client = browser(Role.CLERK)
    wrong = client.put(f"{URL}/me/password", json={"old": "x", "new": "mười hai con giáp"})
    assert [each["field"] for each in wrong.json()["problems"]] == ["old"]
    right = client.put(f"{URL}/me/password", json={"old": PASSWORD, "new": "mười hai con giáp"})
    assert right.status_code == 204
    assert client.get(f"{URL}/me").status_code == 200


def test_guessing_ones_own_password_is_throttled(browser: Caller) -> None:
    client = browser(Role.CLERK)
    body = {"old": "x", "new": "mười hai con giáp"}
    answers = [client.put(f"{URL}/me/password", json=body) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) == 15


def test_the_audit_log_goes_page_by_page(program: Caller) -> None:
    boss = program(Role.ADMINISTRATOR, login="boss")
    boss.post(URL, json=NEW)
    newest = boss.get("/api/v1/audit", params={"limit": 1}).json()
    assert (newest["items"][0]["action"], newest["items"][0]["who"]) == ("user.create", "boss")
    older = boss.get("/api/v1/audit", params={"before": newest["next"]}).json()
    assert newest["items"][0]["id"] not in [each["id"] for each in older["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "boss"}, 1),
        ({"action": "user.create", "who": "boss"}, 1),
        ({"what": "user:mai"}, 1),
        ({"what": "%"}, 0),
        ({"until": "2026-11-20T02:00:00Z"}, 0),
        ({"who": "boss", "since": "2026-11-20T09:00:00+07:00"}, 1),
    ],
)
def test_the_audit_log_is_searched(program: Caller, query: dict[str, str], found: int) -> None:
    boss = program(Role.ADMINISTRATOR, login="boss")
    boss.post(URL, json=NEW)
    items = boss.get("/api/v1/audit", params=query).json()["items"]
    assert len([each for each in items if each["action"] != "token.create"]) == found


def test_the_audit_log_is_not_for_clerks(program: Caller) -> None:
    assert program(Role.CLERK).get("/api/v1/audit").status_code == 403


def test_a_naive_instant_is_refused(program: Caller) -> None:
    answer = program(Role.ADMINISTRATOR).get("/api/v1/audit", params={"since": "2026-11-20T02:00:00"})
    assert (answer.status_code, answer.json()["code"]) == (422, "field_not_instant")
