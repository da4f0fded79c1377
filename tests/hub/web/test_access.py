"""Pages: a session's forms carry its CSRF token; the log-in form needs only its own origin."""

from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import FastAPI, Form, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from hub.api.problems import install_problems
from hub.people.people import People
from hub.people.roles import Role
from hub.people.sessions import Session
from hub.store.database import Store
from hub.web.access import (
    SESSION_COOKIE,
    PageDep,
    UploadPageDep,
    check_csrf,
    check_origin,
    close_session,
    keep_session,
    language_of,
)
from tests.factories_people import PASSWORD, person_at_work


@pytest.fixture
def client(people: People, store: Store) -> TestClient:
    person_at_work(store, Role.CLERK, login="lan")
    app = FastAPI()
    app.state.parts = SimpleNamespace(people=people)

    @app.post("/login")
    def log_in(request: Request) -> Response:
        check_origin(request)
        response = Response()
        keep_session(request, response, people.log_in(login="lan", password=PASSWORD, address="x"))
        return response

    @app.post("/logout")
    def log_out(request: Request, caller: PageDep) -> Response:
        response = Response()
        close_session(request, response)
        return response

    @app.post("/form")
    def form(caller: PageDep, title: Annotated[str, Form()] = "") -> str:
        return f"{title} by {caller.actor.person.login}"

    @app.post("/files")
    async def files(request: Request, caller: UploadPageDep) -> None:
        check_csrf(caller.session, (await request.body()).decode())

    @app.get("/language")
    def language(request: Request) -> str:
        return language_of(request)

    install_problems(app)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def session(client: TestClient, people: People) -> Session:
    client.post("/login")
    found = people.sessions.find(client.cookies[SESSION_COOKIE])
    assert found is not None
    return found


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = client.post("/login").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_over_https_the_cookie_is_secure(client: TestClient) -> None:
    assert "; secure" in client.post("https://testserver/login").headers["set-cookie"].lower()


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_sites_page_cannot_log_anybody_in(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/login", headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_each_log_in_sets_another_cookie(client: TestClient) -> None:
    client.post("/login")
    first = client.cookies[SESSION_COOKIE]
    client.post("/login")
    assert client.cookies[SESSION_COOKIE] != first


def test_a_form_with_the_token_is_taken(client: TestClient, session: Session) -> None:
    answer = client.post("/form", data={"csrf": session.csrf, "title": "Tin"})
    assert answer.json() == "Tin by lan"


def test_a_call_with_the_token_in_its_header_is_taken(client: TestClient, session: Session) -> None:
    assert client.post("/form", headers={"X-CSRF-Token": session.csrf}).status_code == 200


@pytest.mark.parametrize("data", [{}, {"csrf": ""}, {"csrf": "wrong"}])
def test_a_form_without_the_token_is_not(client: TestClient, session: Session, data: dict[str, str]) -> None:
    assert client.post("/form", data=data).json()["code"] == "csrf_wrong"


def test_a_form_after_the_session_is_told_so(client: TestClient, session: Session, people: People) -> None:
    client.cookies.set(SESSION_COOKIE, "gone")
    assert client.post("/form", data={"csrf": session.csrf}).json()["code"] == "session_over"


def test_an_upload_form_brings_the_token_itself(client: TestClient, session: Session) -> None:
    assert client.post("/files", content=session.csrf).status_code == 200
    assert client.post("/files", content="wrong").status_code == 403


def test_logging_out_takes_the_cookie_back(client: TestClient, session: Session) -> None:
    client.post("/logout", headers={"X-CSRF-Token": session.csrf})
    assert SESSION_COOKIE not in client.cookies


def test_a_chosen_language_goes_before_what_the_browser_asks(client: TestClient) -> None:
    client.headers["Accept-Language"] = "vi"
    assert client.get("/language").json() == "vi"
    client.cookies.set("loa_language", "en")
    assert client.get("/language").json() == "en"
