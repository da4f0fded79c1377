"""Who may call: by token or session, with proof that a page's call came from that page."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from hub.people.people import People
from hub.people.roles import Role
from hub.store.database import Store
from hub.web.access import CSRF_HEADER
from tests.factories_people import Clock

Caller = Callable[..., TestClient]
ME = "/api/v1/users/me"
TOKENS = "/api/v1/users/me/tokens"
BODY = {"title": "export"}


def test_without_token_or_session_nobody_is_served(anybody: TestClient) -> None:
    answer = anybody.get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "login_needed")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_wrong_token_is_refused(anybody: TestClient) -> None:
    answer = anybody.get(ME, headers={"Authorization": "Bearer loa_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_a_token_is_its_person(program: Caller) -> None:
    assert program(Role.CLERK, login="lan").get(ME).json()["login"] == "lan"


def test_a_session_is_its_person(browser: Caller) -> None:
    assert browser(Role.CLERK, login="lan").get(ME).json()["login"] == "lan"


def test_a_session_may_change_things_with_its_csrf_token(browser: Caller) -> None:
    assert browser(Role.CLERK).post(TOKENS, json=BODY).status_code == 201


@pytest.mark.parametrize("sent", [None, "", "wrong", "ủ"])
def test_a_session_without_its_csrf_token_changes_nothing(browser: Caller, sent: str | None) -> None:
    client = browser(Role.CLERK)
    del client.headers[CSRF_HEADER]
    headers = {} if sent is None else {CSRF_HEADER: sent.encode()}
    answer = client.post(TOKENS, json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_wrong")
    assert client.get(TOKENS).json() == {"items": []}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_changes_nothing(browser: Caller, headers: dict[str, str]) -> None:
    answer = browser(Role.CLERK).post(TOKENS, json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


def test_a_token_needs_no_csrf_token_and_no_origin(program: Caller) -> None:
    assert program(Role.CLERK).post(TOKENS, json=BODY).status_code == 201


def test_a_session_that_is_over_is_told_so(browser: Caller, clock: Clock, store: Store) -> None:
    client = browser(Role.CLERK)
    clock.pass_s(8 * 3600)
    assert client.get(ME).json()["code"] == "session_over"


def test_a_withdrawn_token_is_refused_at_once(program: Caller) -> None:
    client = program(Role.CLERK)
    token_id = client.get(TOKENS).json()["items"][0]["id"]
    assert client.delete(f"{TOKENS}/{token_id}").status_code == 204
    assert client.get(ME).status_code == 401


def test_a_token_of_somebody_else_cannot_be_withdrawn(program: Caller) -> None:
    one, other = program(Role.CLERK), program(Role.CLERK)
    token_id = one.get(TOKENS).json()["items"][0]["id"]
    assert other.delete(f"{TOKENS}/{token_id}").status_code == 404
    assert one.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("asked", "title"),
    [("en", "Not found"), ("vi", "Không tìm thấy"), ("fr, en;q=0.5", "Not found"), ("fr", "Không tìm thấy")],
)
def test_a_program_is_answered_in_the_language_it_asks_for(program: Caller, asked: str, title: str) -> None:
    answer = program(Role.CLERK).get("/api/v1/recordings/x", headers={"Accept-Language": asked})
    assert answer.json()["title"] == title


def test_a_person_is_answered_in_their_own_language(browser: Caller, people: People) -> None:
    client = browser(Role.ADMINISTRATOR, login="lan")
    client.headers["Accept-Language"] = "en"
    assert client.get("/api/v1/recordings/x").json()["title"] == "Không tìm thấy"
    me = client.get(ME).json()["id"]
    client.patch(f"/api/v1/users/{me}", json={"language": "en"})
    assert client.get("/api/v1/recordings/x").json()["title"] == "Not found"
