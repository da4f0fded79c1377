"""Hostile requests over the whole application: sessions, addresses, headers, names, exports."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from fastapi import FastAPI

from hub.new_node import NewNode
from hub.parts import Parts
from hub.people.roles import Role
from hub.web.access import SESSION_COOKIE
from tests.factories_counter import COUNTER, pressed, seen
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf
from tests.factories_people import PASSWORD
from tests.factories_tls import node_key, request_of
from tests.own_loop import run

CHOSEN = "a" * 43
NEW_LINES = ("\r\nX-Evil: 1", "\nX-Evil: 1", "%0d%0aX-Evil:%201", "\u560d\u560aX-Evil: 1")
OUTSIDE = (
    "../hub.toml",
    "..%2f..%2fapp.py",
    "%2e%2e/%2e%2e/app.py",
    "....//....//app.py",
    "..\\..\\app.py",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..%00/app.py",
)
HOLDERS = ("/static/", "/media/", "/api/v1/recordings/", "/api/v1/plays/", "/nodes/", "/recordings/")
FORMULA = "=HYPERLINK(1)"


def answered(app: FastAPI, raw_path: str, *, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body for a path exactly as it was sent; clients tidy dots away."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    from_wire = raw_path.replace("%2f", "/").replace("%2e", ".").replace("%00", "\0")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": from_wire,
        "raw_path": raw_path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")]
        + [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("192.0.2.7", 1),
        "server": ("testserver", 80),
    }
    run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_a_session_that_a_stranger_chose_is_not_the_one_that_is_logged_in(
    parts: Parts, browser_of: BrowserOf, app: FastAPI
) -> None:
    browser_of(Role.CLERK, login="lan")
    browser = Browser(app)
    browser.client.cookies.set(SESSION_COOKIE, CHOSEN)
    answer = browser.send("/login", [("name", "lan"), ("password", PASSWORD)])
    given = answer.response.cookies[SESSION_COOKIE]
    assert given != CHOSEN
    stranger = Browser(app)
    stranger.client.cookies.set(SESSION_COOKIE, CHOSEN)
    assert stranger.get("/").to.startswith("/login")


def test_a_new_log_in_gives_a_new_session_beside_a_good_one(clerk: Browser) -> None:
    before = clerk.client.cookies[SESSION_COOKIE]
    answer = clerk.send("/login", [("name", "lan"), ("password", PASSWORD)])
    assert answer.response.cookies[SESSION_COOKIE] != before


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("outside", OUTSIDE)
def test_no_address_leads_out_of_its_folder(
    app: FastAPI, browser_of: BrowserOf, tmp_path: Path, holder: str, outside: str
) -> None:
    for name in ("hub.toml", "hub.toml.opus"):
        (tmp_path / name).write_text("root: of the site")
    everybody = browser_of(*Role, login="tat-ca")
    cookie = {"cookie": f"{SESSION_COOKIE}={everybody.client.cookies[SESSION_COOKIE]}"}
    for headers in ({}, cookie):
        for end in ("", ".opus", "/sound"):
            status, body = answered(app, holder + outside + end, headers=headers)
            assert status in {303, 401, 404, 405, 422}
            assert b"root:" not in body
            assert b"def create_app" not in body


def test_what_a_web_server_would_say_is_not_believed_of_a_caller_by_tcp(app: FastAPI, parts: Parts) -> None:
    assert parts.certification is not None
    new = NewNode(id="loa-9", kind="speaker", area="phuong")
    papers = parts.certification.papers(None, new, request=request_of(node_key()))
    serial = x509.load_pem_x509_certificate(papers.certificate.encode()).serial_number
    forged = {
        "X-Real-IP": "198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Loa-Certificate-Verify": "SUCCESS",
        "X-Loa-Certificate-Serial": f"{serial:X}",
    }
    browser = Browser(app)
    assert browser.get(f"/media/{'0' * 64}.opus", **forged).status == 401
    browser.send("/login", [("name", "lan"), ("password", "guessed")], **forged)
    rows = parts.store.read().query("SELECT address FROM login_attempts")
    assert [row["address"] for row in rows] == ["testclient"]


@pytest.mark.parametrize("name", ["../../x.wav", "/etc/x.wav", "..\\x.wav", "x\0.wav", ".", "a/b.wav"])
def test_an_uploads_name_chooses_no_place(clerk: Browser, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    clerk.upload((name, b"sound"), title="Tin", language="vi")
    after = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    assert after == before
    assert not list(tmp_path.rglob("x.wav"))
    assert not list(tmp_path.rglob("b.wav"))


@pytest.mark.parametrize("line", NEW_LINES)
def test_no_new_line_reaches_a_header(clerk: Browser, parts: Parts, line: str) -> None:
    tries = [
        clerk.send("/login", [("name", "lan"), ("password", PASSWORD), ("next", "/" + line)]),
        clerk.get("/language", **{"Accept-Language": "vi"}),
        clerk.client.get("/language", params={"to": "en" + line, "next": "/" + line}),
        clerk.client.get("/login", params={"next": "/" + line}),
        clerk.client.get("/api/v1/reports/satisfaction", params={"period": "year", "year": "2026" + line}),
        clerk.post("/recordings" + line.replace("\r", "%0D").replace("\n", "%0A")),
    ]
    for seen_or_response in tries:
        headers = getattr(seen_or_response, "response", seen_or_response).headers
        assert "x-evil" not in headers
        assert not any("\r" in value or "\n" in value for value in headers.values())


def test_no_cell_of_any_export_is_a_formula(browser_of: BrowserOf, village: Village, parts: Parts) -> None:
    village.enrol(COUNTER, "phuong", kind="counter", name=FORMULA)
    village.wrote(COUNTER, [pressed(dossier=FORMULA), seen("frozen", detail=FORMULA)])
    officer = browser_of(*Role, login="tat-ca")
    exports = [path for path in officer.client.get("/openapi.json").json()["paths"] if path.endswith(".csv")]
    assert len(exports) >= 3
    for path in exports:
        text = officer.client.get(path).content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], path
        assert any(FORMULA in cell for cell in cells), path
