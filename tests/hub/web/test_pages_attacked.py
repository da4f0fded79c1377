"""What a hostile name, cookie or address does on the pages: nothing."""

from datetime import timedelta
from typing import Any

import pytest

from hub.parts import Parts
from hub.people.roles import Actor, Role
from hub.store import areas
from hub.store.areas import Area
from tests.factories_hub import Village
from tests.factories_library import ready
from tests.factories_pages import Browser, BrowserOf, Seen
from tests.factories_people import PASSWORD

EVIL = "<script>alert('1')</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}"
LONG = "Ầ" * 200

PAGES = (
    "/",
    "/overview/live",
    "/schedules",
    "/schedules/new",
    "/schedules/{schedule}",
    "/schedules/{schedule}/cancel",
    "/occurrences/{occurrence}",
    "/occurrences/{occurrence}/live",
    "/bulletins",
    "/bulletins/new",
    "/bulletins/{bulletin}",
    "/bulletins/{draft}",
    "/bulletins/{draft}/edit",
    "/recordings",
    "/recordings/live",
    "/recordings/{recording}",
    "/recordings/{recording}/live",
    "/recordings/{refused}",
    "/nodes",
    "/nodes/live",
    "/nodes/loa-x",
    "/nodes/loa-x/live",
    "/users",
    "/users/new",
    "/users/{user}",
    "/audit",
    "/settings",
    "/system",
    "/stop",
    "/emergencies",
    "/emergencies/live",
    "/stop/live",
    "/resume",
)


@pytest.fixture(params=[EVIL, LONG], ids=["evil", "long"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def everybody(parts: Parts, app: object, name: str) -> Browser:
    """Somebody with every role, whose own name is hostile."""
    made = parts.people.create(
        None, login="tat-ca", name=name[:100], roles=[role.value for role in Role], password=PASSWORD
    )
    return Browser(app).log_in_as(parts.people, Actor(made.person, "192.0.2.1"), PASSWORD)


@pytest.fixture
def places(village: Village, parts: Parts, everybody: Browser, name: str) -> dict[str, str]:
    """A village where everything that has a name has this one."""
    actor = everybody.actor
    assert actor is not None
    village.store.write(lambda db: areas.add(db, Area(id="x", name=name, parent="phuong")))
    village.enrol("loa-x", "x", name=name)
    village.born("loa-x", software=EVIL)
    kept = ready(parts.library, actor, b"sound", title=name)
    refused = ready(parts.library, actor, b"no", title=name)
    fields: dict[str, Any] = {"title": name, "priority": "routine", "language": "vi", "recordings": [kept.id]}
    bulletin, draft = (parts.bulletins.create(actor, **fields).id for _ in range(2))
    parts.bulletins.submit(actor, draft)
    parts.bulletins.send_back(actor, draft, note=name)
    parts.bulletins.submit(actor, bulletin)
    parts.bulletins.approve(actor, bulletin)
    parts.site.change(actor, quiet=[("21:00", "05:00")])
    late = village.in_s(13 * 3600)  # 22:00
    wish = village.draft(bulletin, starts_at=late, areas=("x",), exception_reason=name)
    made = village.schedules.create(actor, wish)
    everybody.post("/orders", kind="stop", all="yes")
    return {
        "schedule": made.schedule.id,
        "occurrence": made.occurrences[0].id,
        "bulletin": bulletin,
        "draft": draft,
        "recording": kept.id,
        "refused": refused.id,
        "user": actor.person.id,
    }


def is_tame(seen: Seen) -> bool:
    """Whether no element of the page came from a name."""
    scripts = [has for has in seen.tags("script") if "src" not in has]
    handlers = [
        has for tag in ("img", "svg", "a", "input", "b", "p") for has in seen.tags(tag) if "onerror" in has
    ]
    return not scripts and not handlers and "49" not in seen.text.split() and not seen.tags("img")


def test_every_page_prints_every_name_as_text(everybody: Browser, places: dict[str, str]) -> None:
    for page in PAGES:
        seen = everybody.get(page.format(**places))
        assert seen.status == 200, page
        assert is_tame(seen), page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_names_are_there_letter_for_letter(
    everybody: Browser, places: dict[str, str], name: str, language: str
) -> None:
    everybody.get(f"/language?to={language}")
    as_read = " ".join(name.split())
    for page in ("/bulletins/{bulletin}", "/occurrences/{occurrence}", "/nodes", "/recordings", "/settings"):
        assert as_read in everybody.get(page.format(**places)).text


def test_what_was_typed_comes_back_as_text(clerk: Browser, village: Village) -> None:
    bulletin = village.bulletin()
    for path, fields in (
        ("/bulletins", {"title": EVIL * 4, "language": EVIL, "priority": EVIL, "recordings": EVIL}),
        (
            "/schedules",
            dict.fromkeys(("date", "time", "until", "areas", "volume", "recurs", "misfire"), EVIL),
        ),
        ("/schedules", {"bulletin": bulletin, "date": EVIL, "time": EVIL}),
        ("/orders", {"kind": EVIL, "all": "yes"}),
        ("/orders", {"kind": "mute", "nodes": EVIL, "areas": EVIL}),
        (
            "/login",
            {"name": EVIL, "password": EVIL, "next": "/" + EVIL, "kept." + EVIL: EVIL, "kept_for": "/x"},
        ),
    ):
        seen = clerk.post(path, **fields)
        assert seen.status in {401, 422}
        assert is_tame(seen), path


@pytest.mark.parametrize(
    "path",
    [
        "/login?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/stop?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/bulletins?state=%3Cscript%3Ealert(1)%3C/script%3E",
        "/audit?who=%3Cscript%3Ealert(1)%3C/script%3E&day=%22%3E%3Cscript%3E",
        "/schedules/new?bulletin=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/nodes/%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_an_address_is_printed_as_text(approver: Browser, path: str) -> None:
    assert is_tame(approver.get(path))


@pytest.mark.parametrize(
    "value", [EVIL, "done.login.title", "login.title", "done.", "done.x", "error.500.title"]
)
def test_the_notice_cookie_says_only_what_an_action_says(clerk: Browser, value: str) -> None:
    seen = clerk.get("/", Cookie=f"loa_session={clerk.client.cookies['loa_session']}; loa_done={value}")
    assert seen.status == 200
    assert not [has for has in seen.tags("div") if "notice" in has.get("class", "").split()]


def test_a_notice_is_said_once(clerk: Browser, village: Village) -> None:
    bulletin = village.bulletin(state="draft")
    said = clerk.follow(clerk.post(f"/bulletins/{bulletin}/submit"))
    assert [has for has in said.tags("div") if has.get("class", "").startswith("notice notice-done")]
    again = clerk.get(f"/bulletins/{bulletin}")
    assert not [has for has in again.tags("div") if has.get("class", "").startswith("notice notice-done")]


def test_looking_changes_nothing(browser_of: BrowserOf, village: Village, parts: Parts) -> None:
    """Every page, read twice and by HEAD, leaves the file as it was and sends nothing."""
    everybody = browser_of(*Role, login="tat-ca")
    bulletin = village.bulletin()
    made = village.schedules.create(everybody.actor, village.draft(bulletin))  # type: ignore[arg-type]
    places = {"schedule": made.schedule.id, "occurrence": made.occurrences[0].id, "bulletin": bulletin}
    assert everybody.actor is not None
    places |= {"draft": bulletin, "recording": "r", "refused": "r", "user": everybody.actor.person.id}
    village.line.sent.clear()
    before = list(parts.store.read().conn.iterdump())
    for page in PAGES:
        address = page.format(**places)
        first, second = everybody.get(address), everybody.get(address)
        assert first.status == second.status
        assert everybody.client.head(address).status_code in {200, 404, 405}
    assert list(parts.store.read().conn.iterdump()) == before
    assert village.line.sent == []


def test_pages_are_kept_by_nobody_and_framed_by_nobody(clerk: Browser) -> None:
    headers = clerk.get("/").response.headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_no_page_carries_script_or_style_of_its_own(clerk: Browser, village: Village) -> None:
    village.schedules.create(  # something on every list
        clerk.actor,  # type: ignore[arg-type]
        village.draft(village.bulletin(), starts_at=village.now() + timedelta(hours=1)),
    )
    for page in (
        "/",
        "/schedules",
        "/schedules/new",
        "/bulletins/new",
        "/recordings",
        "/nodes/loa-1",
        "/settings",
    ):
        seen = clerk.get(page)
        assert not [has for has in seen.tags("script") if "src" not in has]
        assert "style=" not in seen.html
        assert "<style" not in seen.html
        sources = [
            has.get("src", has.get("href", "")) for tag in ("script", "link") for has in seen.tags(tag)
        ]
        assert all(source.startswith("/static/") for source in sources)
