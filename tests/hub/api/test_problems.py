"""Every error of the API is problem+json: what was wanted, what was found, field by field."""

from collections.abc import Callable
from sqlite3 import SQLITE_FULL
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.testclient import TestClient

from hub.api.problems import install_problems
from hub.errors import Unavailable
from hub.people.roles import Role
from hub.store.alive import StoreError
from hub.web.limits import BodyLimit

Caller = Callable[..., TestClient]


class Body(BaseModel, extra="forbid"):
    """Something to get wrong."""

    count: Annotated[int, Field(ge=0, le=100)]
    at: AwareDatetime
    names: Annotated[list[str], Field(max_length=2)]


def fall_over() -> None:
    raise RuntimeError("a secret of the inside")


def be_away() -> None:
    raise Unavailable("no broker")


def find_no_room(name: str) -> None:
    error = StoreError(f"no room for {len(name)}")
    error.sqlite_errorcode = SQLITE_FULL
    raise error


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.state.parts = SimpleNamespace()
    app.add_api_route("/api/v1/full/{name}", find_no_room)
    app.add_api_route("/api/v1/fall", fall_over)
    app.add_api_route("/api/v1/away", be_away)

    @app.post("/api/v1/body")
    def body(body: Body) -> None: ...

    @app.get("/api/v1/query")
    def query(limit: Annotated[int, Query(ge=1)] = 1) -> None: ...

    install_problems(app)
    app.add_middleware(BodyLimit, limit_bytes=1000)
    return TestClient(app, raise_server_exceptions=False, headers={"Accept-Language": "en"})


def test_every_wrong_field_is_named_with_what_was_wanted_and_found(client: TestClient) -> None:
    sent = {"count": 101, "at": "2026-11-20T17:00:00", "names": ["a", "b", "c"], "more": 1}
    answer = client.post("/api/v1/body", json=sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = {each["field"]: (each["code"], each["facts"]["wanted"]) for each in answer.json()["problems"]}
    assert found["count"] == ("field_out_of_range", "≤ 100")
    assert found["at"][0] == "field_not_instant"
    assert found["names"] == ("field_too_long", 2)
    assert found["more"][0] == "field_extra"


def test_a_missing_field_is_said_in_words(client: TestClient) -> None:
    problems = client.post("/api/v1/body", json={}).json()["problems"]
    assert [each["detail"] for each in problems] == [
        "“count” is missing.",
        "“at” is missing.",
        "“names” is missing.",
    ]


def test_a_field_of_the_query_is_named(client: TestClient) -> None:
    problem = client.get("/api/v1/query?limit=many").json()["problems"][0]
    assert (problem["field"], problem["code"], problem["facts"]["found"]) == (
        "limit",
        "field_not_number",
        "many",
    )


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"count": NaN, "at": "\\ud800", "names": []}', b'"\\ud800"', b"[" * 900],
)
def test_no_body_whatever_is_the_hubs_fault(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/body", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_fault_of_the_hub_names_a_reference_and_nothing_of_its_inside(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/api/v1/fall")
    assert (answer.status_code, answer.json()["code"]) == (500, "hub_fault")
    assert "secret" not in answer.text
    assert answer.json()["problems"][0]["facts"]["reference"] in caplog.text


def test_what_is_away_is_asked_for_again_later(client: TestClient) -> None:
    answer = client.get("/api/v1/away")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_an_unknown_address_is_a_problem_too(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "path_unknown")


def test_a_wrong_method_names_the_right_ones(client: TestClient) -> None:
    answer = client.delete("/api/v1/body")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["problems"][0]["facts"]["wanted"] == "POST"


def test_a_large_body_is_refused_by_its_declared_length(client: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": "1001"}
    answer = client.post("/api/v1/body", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_large_body_without_length_is_refused_by_counting(client: TestClient) -> None:
    pieces = (b"x" * 600 for _ in range(3))
    answer = client.post("/api/v1/body", content=pieces, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_roles_are_named_in_words(program: Caller) -> None:
    answer = program(Role.VIEWER).get("/api/v1/users")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This needs one of these roles: administrator."


def test_openapi_documents_the_problems(app: FastAPI) -> None:
    schema = app.openapi()
    refused = schema["paths"]["/api/v1/bulletins"]["post"]["responses"]["422"]
    assert list(refused["content"]) == ["application/problem+json"]
    assert refused["content"]["application/problem+json"]["schema"]["$ref"].endswith("/ProblemOut")
    assert {"ProblemOut", "OneProblem"} <= set(schema["components"]["schemas"])


def test_a_callers_words_write_no_control_character_into_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/api/v1/full/%1b%5b2J").status_code == 503
    assert "no room" in caplog.text
    assert "\x1b" not in caplog.text
