"""Errors as pages: what happened, what is safe, what to do; fragments never lead a page astray."""

import pytest

from hub.errors import Problem, Unavailable
from hub.parts import Parts
from hub.people.roles import Role
from hub.store.database import Database
from hub.web import words
from hub.web.routers import ROUTERS
from hub.web.views import Message
from tests.factories_hub import Village, actor
from tests.factories_pages import Browser, BrowserOf

LANGUAGES = ("vi", "en")
PLAIN_PAGES = (
    "/",
    "/schedules",
    "/schedules/new",
    "/bulletins",
    "/bulletins?state=approved",
    "/bulletins/new",
    "/recordings",
    "/nodes",
    "/enrol",
    "/users",
    "/users/new",
    "/audit",
    "/settings",
    "/system",
    "/stop",
    "/resume",
    "/counters",
    "/counters/presses",
    "/cameras",
    "/check",
    "/reports",
    "/emergencies",
)
OF_A_NODE = ("/nodes/loa-1", "/enrol?node=loa-1", "/enrol/remove?node=loa-1")
FRAGMENTS = (
    "/overview/live",
    "/recordings/live",
    "/nodes/live",
    "/nodes/loa-1/live",
    "/stop/live",
    "/counters/live",
    "/cameras/live",
    "/emergencies/live",
    "/system/live",
    "/enrol/live?node=loa-9&since=1",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [*PLAIN_PAGES, *FRAGMENTS, *OF_A_NODE])
def test_a_page_of_a_new_site_is_whole_in_both_languages(
    everybody: Browser, page: str, language: str
) -> None:
    everybody.get(f"/language?to={language}")
    seen = everybody.get(page)
    assert seen.status == 200
    assert f'lang="{language}"' in seen.html or page in FRAGMENTS
    assert len(seen.tags("h1")) == (page not in FRAGMENTS)


@pytest.fixture
def bare(village: Village) -> None:
    """Not one area or loudspeaker."""

    def clear(db: Database) -> None:
        for table in ("standings", "plans", "nodes"):
            db.table(table).delete_where()
        db.table("areas").delete_where("parent IS NOT NULL")
        db.table("areas").delete_where()

    village.store.write(clear)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_without_loudspeakers_is_whole_on_every_page(everybody: Browser, language: str) -> None:
    everybody.get(f"/language?to={language}")
    for page in (*PLAIN_PAGES, "/overview/live", "/nodes/live", "/stop/live"):
        assert everybody.get(page).status == 200, page
    assert words.say(Message("nodes.none"), language) in everybody.get("/nodes").text
    everybody.post("/orders", kind="stop", all="yes")
    assert everybody.get("/").status == 200


def test_a_new_site_says_what_to_do_first(clerk: Browser) -> None:
    hrefs = clerk.get("/").hrefs
    steps = [href for href in hrefs if href in {"/recordings", "/bulletins/new", "/schedules/new"}]
    assert steps[-4:-1] == ["/recordings", "/bulletins/new", "/schedules/new"]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_fragment_without_log_in_is_refused_and_not_led_away(anybody: Browser, fragment: str) -> None:
    seen = anybody.get(fragment, **{"HX-Request": "true"})
    assert seen.status == 401
    assert not seen.to


@pytest.mark.parametrize(
    ("page", "back"),
    [("http://testserver/nodes?a=1", "/nodes?a=1"), ("", "/"), ("x", "/"), ("http://h//evil.example", "/")],
)
def test_lifting_a_stop_from_the_refreshed_strip_leads_back_to_the_page(
    clerk: Browser, page: str, back: str
) -> None:
    clerk.post("/orders", kind="stop", all="yes")
    strip = clerk.get("/stop/live", **{"HX-Request": "true", "HX-Current-URL": page})
    (lift,) = (href for href in strip.hrefs if href.startswith("/resume"))
    assert clerk.get(lift).form("/orders").get("next") == back


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_is_a_page_of_its_own(clerk: Browser, language: str) -> None:
    clerk.get(f"/language?to={language}")
    seen = clerk.get("/khong-co")
    assert seen.status == 404
    assert words.say(Message("error.404.title"), language) in seen.text
    assert "/" in seen.hrefs
    assert "Name of lan" in seen.text


def test_an_unknown_address_tells_a_stranger_nothing(anybody: Browser) -> None:
    seen = anybody.get("/khong-co")
    assert seen.status == 404
    assert seen.actions() == set()


@pytest.mark.parametrize("address", ["/", "/overview/live", "/nodes/loa-1"])
def test_an_address_that_takes_no_form_says_so(clerk: Browser, address: str) -> None:
    seen = clerk.post(address)
    assert seen.status == 405
    assert words.say(Message("error.405.title"), "vi") in seen.text
    assert "GET" in seen.response.headers["allow"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_the_hub_has_a_reference_and_no_innards(
    clerk: Browser, parts: Parts, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret innards")

    clerk.get(f"/language?to={language}")
    monkeypatch.setattr(parts.fleet, "nodes", broken)
    seen = clerk.get("/nodes")
    assert seen.status == 500
    assert words.say(Message("error.500.title"), language) in seen.text
    assert "innards" not in seen.html
    assert "Traceback" not in seen.html
    assert seen.response.headers["content-security-policy"]


def test_what_the_hub_cannot_do_now_is_said_as_such(
    clerk: Browser, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Unavailable("full", problem=Problem("disk_full", facts={"free_mb": 12}))

    monkeypatch.setattr(parts.library, "new_upload", full)
    seen = clerk.upload(("a.mp3", b"sound"))
    assert seen.status == 503
    assert "12 MB" in seen.text
    assert seen.response.headers["retry-after"]


def test_a_body_too_large_is_refused_as_a_page(clerk: Browser) -> None:
    seen = clerk.post("/bulletins", title="a" * 1_100_000)
    assert seen.status == 413
    assert "<h1>" in seen.html


NONSENSE = (
    (b"title=%FF%FE&csrf=%00", "application/x-www-form-urlencoded"),
    (b"&&&===&", "application/x-www-form-urlencoded"),
    (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
    (b"{}", "application/json"),
    (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (b"", ""),
)


@pytest.mark.parametrize("path", ["/login", "/bulletins", "/schedules", "/orders", "/recordings"])
def test_a_body_of_nonsense_is_refused_as_a_page(clerk: Browser, parts: Parts, path: str) -> None:
    for content, kind in NONSENSE:
        response = clerk.client.post(path, content=content, headers={"Content-Type": kind})
        assert 400 <= response.status_code < 500, (content[:20], kind)
        assert "<h1>" in response.text
    assert parts.bulletins.bulletins() == []


def test_every_page_answers_in_the_language_of_the_person(
    administrator: Browser, browser_of: BrowserOf, parts: Parts
) -> None:
    browser = browser_of(Role.VIEWER, login="tourist")
    assert browser.actor is not None
    parts.people.change(administrator.actor, browser.actor.person.id, language="en")
    assert 'lang="en"' in browser.get("/").html


def test_every_route_is_reached_by_these_tests() -> None:
    """A page that is added wants a place in the lists above."""
    gets = {
        route.path  # type: ignore[attr-defined]
        for router in ROUTERS
        for route in router.routes
        if "GET" in route.methods  # type: ignore[attr-defined]
    }
    plain = {path for path in gets if "{" not in path} - {"/login", "/language"}
    assert plain == {path.partition("?")[0] for path in (*PLAIN_PAGES, *FRAGMENTS, *OF_A_NODE)} - {
        "/nodes/loa-1",
        "/nodes/loa-1/live",
    }


def test_what_stands_in_the_way_leads_back_to_where_its_person_was(clerk: Browser, village: Village) -> None:
    made = village.schedules.create(actor(Role.CLERK), village.draft(village.bulletin()))
    held_by = f"/schedules/{made.schedule.id}"
    clerk.post(f"{held_by}/cancel")
    came_from = {"Referer": f"http://testserver{held_by}?week=1"}
    seen = clerk.send(f"{held_by}/cancel", [("csrf", clerk.csrf)], **came_from)
    assert seen.status == 409
    actions = seen.html.partition('class="what"')[2]
    assert f'href="{held_by}?week=1"' in actions


@pytest.mark.parametrize("referer", ["http://elsewhere/nodes", "", "http://testserver/bulletins/none"])
def test_an_error_leads_back_neither_elsewhere_nor_to_itself(clerk: Browser, referer: str) -> None:
    seen = clerk.get("/bulletins/none", Referer=referer)
    assert seen.status == 404
    assert words.say(Message("error.back"), "vi") not in seen.text
