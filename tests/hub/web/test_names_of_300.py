"""Names of 300 characters, wherever a name can be given: refused in words, nothing stored."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from hub.__main__ import main
from hub.errors import Invalid
from hub.parts import Parts
from hub.people.roles import Role
from tests.factories_counter import COUNTER, add_counter, pressed
from tests.factories_hub import Village
from tests.factories_library import ready
from tests.factories_pages import Browser, BrowserOf, Typed
from tests.factories_people import PASSWORD

LONG = "Ầ" * 300
LONG_ID = "a" * 300
ITSELF = {"name": "tat-ca", "roles": "administrator", "active": "yes"}
AN_HOUR = {"starts_at": "2026-11-20T10:00:00Z"}
ASKED = (
    "/api/v1/nodes/{name}",
    "/api/v1/recordings/{name}",
    "/api/v1/bulletins/{name}",
    "/api/v1/schedules/{name}",
    "/api/v1/plays/{name}",
    "/api/v1/emergencies/{name}",
    "/api/v1/cameras/{name}/{name}/timeline",
    "/api/v1/ratings/summary?counter={name}",
    "/nodes/{name}",
    "/recordings/{name}",
    "/bulletins/{name}",
    "/schedules/{name}",
    "/occurrences/{name}",
    "/users/{name}",
    "/counters/presses?counter={name}",
)


@pytest.fixture
def everybody(browser_of: BrowserOf, village: Village) -> Browser:
    """Somebody who may do everything, where there is a counter too."""
    add_counter(village)
    return browser_of(*Role, login="tat-ca")


def stored(parts: Parts) -> list[str]:
    """What the file holds, but for who is logged in and who tried to."""
    apart = ('"sessions"', '"login_attempts"', '"audit"')
    return [line for line in parts.store.read().conn.iterdump() if not any(name in line for name in apart)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/api/v1/areas", {"name": LONG}),
        ("/api/v1/areas", {"name": "Tổ 9", "id": LONG_ID}),
        ("/api/v1/areas", {"name": "Tổ 9", "parent": LONG_ID}),
        ("/api/v1/users", {"login": "dai", "name": LONG, "roles": ["viewer"]}),
        ("/api/v1/users", {"login": LONG_ID, "name": "Dài", "roles": ["viewer"]}),
        ("/api/v1/users", {"login": "dai", "name": "Dài", "roles": [LONG_ID]}),
        ("/api/v1/users/me/tokens", {"title": LONG}),
        ("/api/v1/bulletins", {"title": "Tin", "priority": "routine", "recordings": [LONG_ID]}),
        ("/api/v1/schedules", AN_HOUR | {"bulletin": LONG, "areas": ["phuong"]}),
        ("/api/v1/schedules", AN_HOUR | {"bulletin": "b", "areas": [LONG_ID], "nodes": [LONG_ID]}),
        ("/api/v1/orders", {"kind": "mute", "nodes": [LONG]}),
        ("/api/v1/orders", {"kind": "stop", "areas": [LONG_ID]}),
        ("/api/v1/emergencies", {"bulletin": LONG_ID, "all": True}),
        ("/api/v1/emergencies", {"bulletin": "b", "nodes": [LONG_ID]}),
    ],
)
def test_the_api_refuses_one(everybody: Browser, parts: Parts, path: str, content: dict[str, object]) -> None:
    before = stored(parts)
    answer = everybody.client.post(path, json=content, headers={"X-CSRF-Token": everybody.csrf})
    assert answer.status_code in {404, 422}
    assert len(answer.content) < 3_000
    assert stored(parts) == before


def test_api_and_page_refuse_a_bulletins(everybody: Browser, parts: Parts) -> None:
    assert everybody.actor is not None
    recording = ready(parts.library, everybody.actor, b"sound").id
    fields: Typed = {"title": LONG, "priority": "routine", "language": "vi", "recordings": [recording]}
    answer = everybody.client.post("/api/v1/bulletins", json=fields, headers={"X-CSRF-Token": everybody.csrf})
    assert answer.json()["code"] == "title_length"
    assert set(everybody.post("/bulletins", **fields).errors) == {"title"}


def test_a_reason_of_600_characters_is_none(everybody: Browser, village: Village) -> None:
    late = village.in_s(13 * 3600)
    wish = village.draft(village.bulletin(), starts_at=late, exception_reason=LONG * 2)
    assert everybody.actor is not None
    with pytest.raises(Invalid, match="reason_needed"):
        village.schedules.create(everybody.actor, wish)


@pytest.mark.parametrize("field", ["title", "language"])
def test_the_api_refuses_a_recordings(everybody: Browser, parts: Parts, field: str) -> None:
    answer = everybody.client.post(
        "/api/v1/recordings",
        data={"title": "Tin", "language": "vi"} | {field: LONG},
        files={"file": (f"{LONG}.mp3", b"sound")},
        headers={"X-CSRF-Token": everybody.csrf},
    )
    assert answer.status_code == 422
    assert parts.library.recordings() == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/users", {"name": LONG, "full_name": LONG, "roles": "clerk", "password": LONG}),
        ("/users", {"name": "dai", "full_name": LONG, "roles": "clerk", "password": PASSWORD}),
        ("/users/{user}", ITSELF | {"full_name": LONG}),
        ("/schedules", {"bulletin": LONG, "date": LONG, "time": LONG, "areas": LONG}),
        ("/orders", {"kind": "mute", "nodes": LONG, "areas": LONG}),
        ("/emergencies", {"bulletin": LONG_ID, "areas": LONG_ID, "confirmed": "a" * 16}),
        ("/enrol", {"id": LONG_ID, "kind": "speaker", "area": "phuong"}),
        ("/enrol", {"id": "dai", "title": LONG, "kind": "speaker", "area": "phuong"}),
        ("/enrol", {"id": "dai", "title": LONG, "kind": "counter", "area": "phuong"}),
        ("/enrol", {"id": "dai", "kind": "counter", "area": LONG_ID}),
        ("/settings/house-rules", {"quiet_from": LONG, "quiet_to": LONG}),
    ],
)
def test_a_page_shows_its_form_again(
    everybody: Browser, parts: Parts, path: str, fields: dict[str, str]
) -> None:
    before = stored(parts)
    assert everybody.actor is not None
    seen = everybody.post(path.format(user=everybody.actor.person.id), **fields)
    assert seen.status in {404, 422}
    assert "<h1" in seen.html
    assert stored(parts) == before


def test_a_file_of_such_a_name_comes_in_under_a_shorter_one(everybody: Browser, parts: Parts) -> None:
    assert everybody.upload((f"{LONG}.mp3", b"sound")).status == 303
    [kept] = parts.library.recordings()
    assert len(kept.title) <= 200
    assert len(kept.file_name) <= 200


def test_a_title_of_such_a_length_is_refused(everybody: Browser, parts: Parts) -> None:
    assert everybody.upload(("a.mp3", b"sound"), title=LONG).status == 422
    assert parts.library.recordings() == []


def test_a_log_in_of_such_a_name_is_refused_like_any_other(anybody: Browser) -> None:
    assert anybody.send("/login", [("name", LONG), ("password", LONG)]).status == 401


@pytest.mark.parametrize("name", [LONG, LONG_ID])
def test_nothing_is_called_so(everybody: Browser, name: str) -> None:
    for path in ASKED:
        seen = everybody.get(path.format(name=name))
        assert seen.status in {404, 422}, path
        assert len(seen.response.content) < 30_000, path


@pytest.mark.parametrize("field", ["dossier", "source", "key"])
def test_a_counter_that_tells_of_one_stops_nothing(everybody: Browser, village: Village, field: str) -> None:
    told = json.loads(village.batch([pressed(), pressed()]).encode())
    told["entries"][0]["body"][field] = LONG
    village.says(COUNTER, "ledger", json.dumps(told).encode())
    village.inbox.receive([])
    assert everybody.get(f"/nodes/{COUNTER}").status == 200
    presses = everybody.client.get("/api/v1/ratings/presses").json()["items"]
    assert 2 in [press["seq"] for press in presses]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a new site with one area."""
    before, folder = os.umask(0o022), tmp_path_factory.mktemp("names") / "site"
    assert main(["init", str(folder), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    assert main(["area", "add", "to-1", "--name", "Tổ 1", "--config", str(folder / "hub.toml")]) == 0
    yield folder
    os.umask(before)


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", LONG_ID, "--name", "Dài", "--roles", "clerk"),
        ("user", "add", "dai", "--name", LONG, "--roles", "clerk"),
        ("user", "reset", LONG_ID),
        ("area", "add", LONG_ID, "--name", "Tổ 9"),
        ("area", "add", "to-9", "--name", LONG),
        ("area", "add", "to-9", "--name", "Tổ 9", "--parent", LONG_ID),
        ("enroll", LONG_ID, "--kind", "speaker", "--area", "to-1"),
        ("enroll", "loa-9", "--kind", "speaker", "--area", LONG_ID),
        ("enroll", "loa-9", "--kind", "speaker", "--area", "to-1", "--name", LONG),
        ("enroll", "quay-9", "--kind", "counter", "--area", "to-1", "--name", LONG),
        ("remove", LONG_ID),
    ],
)
def test_a_command_refuses_one_in_a_sentence(
    site: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    config = ["--config", str(site / "hub.toml")]
    capsys.readouterr()
    before = dumped(site)
    out = ["-o", str(site / "node.toml")] if words[0] == "enroll" else []
    assert main([*words, *out, *config]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert 0 < len(said) < 600
    assert dumped(site) == before
    assert not (site / "node.toml").exists()


def dumped(site: Path) -> list[str]:
    with closing(connect(site / "hub.db")) as db:
        return list(db.iterdump())
