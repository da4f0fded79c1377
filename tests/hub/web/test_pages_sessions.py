"""A session that ended under a person's hands loses nothing; a form from elsewhere does nothing."""

import pytest

from hub.parts import Parts
from hub.web import words
from hub.web.access import SESSION_COOKIE
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, Seen, Typed
from tests.factories_people import PASSWORD

DAY_S = 24 * 3600


@pytest.fixture
def forgotten(clerk: Browser, village: Village) -> Browser:
    """A clerk's browser that was left alone for a day."""
    village.now.pass_s(DAY_S)
    return clerk


def back_in(browser: Browser, login: Seen, *, password: str = PASSWORD) -> Seen:
    return browser.press(login, "/login", name="lan", password=password)


def kept_of(login: Seen) -> list[tuple[str, str]]:
    return [pair for pair in login.form("/login").fields if pair[0].startswith("kept.")]


def test_an_ended_session_is_told_and_leads_back_to_the_page(forgotten: Browser) -> None:
    login = forgotten.follow(forgotten.get("/bulletins?state=draft"))
    assert login.status == 200
    assert words.say(Message("login.expired"), "vi") in login.text
    assert back_in(forgotten, login).to == "/bulletins?state=draft"


def test_without_a_session_nothing_is_said_of_an_ended_one(anybody: Browser) -> None:
    assert "expired" not in anybody.get("/bulletins").to


def test_what_was_typed_is_kept_over_the_log_in_and_sent_once_confirmed(
    forgotten: Browser, parts: Parts
) -> None:
    typed: Typed = {"title": "  Tin “chiều” <b>", "priority": "routine", "recordings": ["", "b", "a", "b"]}
    login = forgotten.post("/bulletins", **typed)
    assert login.status == 401
    confirm = back_in(forgotten, login)
    assert confirm.status == 200
    form = confirm.form("/bulletins")
    assert [pair for pair in form.fields if pair[0] != "csrf"] == [
        ("title", "  Tin “chiều” <b>"),
        ("priority", "routine"),
        ("recordings", ""),
        ("recordings", "b"),
        ("recordings", "a"),
        ("recordings", "b"),
    ]
    again = forgotten.press(confirm, "/bulletins")
    assert again.status == 422  # the recordings are unknown: the form was judged, so it came through whole
    assert again.form("/bulletins").get("title") == "  Tin “chiều” <b>"


def test_a_kept_form_is_done_once_the_person_confirms_it(
    forgotten: Browser, village: Village, parts: Parts
) -> None:
    bulletin = village.bulletin("Bản tin", state="draft")
    confirm = back_in(forgotten, forgotten.post(f"/bulletins/{bulletin}/submit"))
    assert parts.bulletins.bulletin(bulletin).state == "draft"
    done = forgotten.press(confirm, f"/bulletins/{bulletin}/submit")
    assert done.to == f"/bulletins/{bulletin}"
    assert parts.bulletins.bulletin(bulletin).state == "submitted"


def test_what_was_typed_outlives_a_wrong_password(forgotten: Browser) -> None:
    login = forgotten.post("/bulletins", title="Tin", recordings=["a", "b"])
    again = back_in(forgotten, login, password="sai mat khau")
    assert again.status == 401
    assert kept_of(again) == kept_of(login) != []
    assert again.form("/login").get("kept_for") == "/bulletins"


def test_what_was_typed_outlives_the_wait_after_many_wrong_passwords(
    forgotten: Browser, village: Village
) -> None:
    login = forgotten.post("/bulletins", title="Tin")
    for _ in range(5):
        again = back_in(forgotten, login, password="sai mat khau")
    again = back_in(forgotten, login)
    assert again.status == 429
    assert kept_of(again) == [("kept.title", "Tin")]


def test_a_password_is_never_kept(administrator: Browser, village: Village) -> None:
    village.now.pass_s(DAY_S)
    login = administrator.post("/users", name="moi", full_name="Mới", password="mat khau moi 1")
    assert login.status == 401
    assert "mat khau moi 1" not in login.html
    confirm = administrator.press(login, "/login", name="binh", password=PASSWORD)
    assert "mat khau moi 1" not in confirm.html
    assert confirm.form("/users").get("full_name") == "Mới"


def test_an_old_csrf_token_is_never_kept(forgotten: Browser) -> None:
    login = forgotten.post("/bulletins", title="Tin")
    assert forgotten.csrf not in login.html
    assert forgotten.csrf not in back_in(forgotten, login).html


def test_a_page_left_open_over_a_new_log_in_loses_nothing_either(
    forgotten: Browser, village: Village, parts: Parts
) -> None:
    bulletin = village.bulletin("Bản tin", state="draft")
    page = forgotten.get("/login")
    assert forgotten.press(page, "/login", name="lan", password=PASSWORD).status == 303  # in another tab
    confirm = forgotten.post(f"/bulletins/{bulletin}", title="Gõ dở", recordings=["a", "b"], password="x")
    assert confirm.status == 403
    assert parts.bulletins.bulletin(bulletin).title == "Bản tin"
    form = confirm.form(f"/bulletins/{bulletin}")
    kept = [pair for pair in form.fields if pair[0] != "csrf"]
    assert kept == [("title", "Gõ dở"), ("recordings", "a"), ("recordings", "b")]
    assert forgotten.press(confirm, f"/bulletins/{bulletin}").status == 422  # judged: "a" and "b" are unknown


def test_a_form_of_unknown_origin_is_not_offered_again(clerk: Browser) -> None:
    del clerk.client.headers["Origin"]
    seen = clerk.send("/bulletins", [("csrf", "old"), ("title", "Gõ dở")])
    assert seen.status == 403
    assert "/bulletins" not in seen.actions()


def test_who_logs_out_too_late_is_out_already(forgotten: Browser) -> None:
    seen = forgotten.follow(forgotten.post("/logout"))
    assert kept_of(seen) == []
    assert back_in(forgotten, seen).to == "/"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_kept_form_is_sent_nowhere_but_to_this_site(forgotten: Browser, place: str) -> None:
    login = forgotten.post("/bulletins", title="Tin")
    seen = forgotten.press(login, "/login", name="lan", password=PASSWORD, kept_for=place)
    assert "evil" not in seen.to + seen.html


def test_another_person_may_log_in_and_is_held_to_their_own_roles(
    forgotten: Browser, parts: Parts, village: Village
) -> None:
    bulletin = village.bulletin("Bản tin", state="submitted")
    parts.people.create(None, login="an", name="An", roles=["viewer"], password=PASSWORD)
    login = forgotten.post(f"/bulletins/{bulletin}/approve")
    confirm = forgotten.press(login, "/login", name="an", password=PASSWORD)
    assert forgotten.press(confirm, f"/bulletins/{bulletin}/approve").status == 403
    assert parts.bulletins.bulletin(bulletin).state == "submitted"


def test_a_closed_account_is_out_at_once(clerk: Browser, administrator: Browser, parts: Parts) -> None:
    assert clerk.get("/").status == 200
    assert administrator.actor is not None
    assert clerk.actor is not None
    parts.people.change(administrator.actor, clerk.actor.person.id, active=False)
    assert clerk.get("/").status == 303


def test_a_made_up_session_is_none(anybody: Browser) -> None:
    anybody.client.cookies.set(SESSION_COOKIE, "x" * 43)
    assert anybody.get("/").status == 303


FORMS = (
    "/bulletins",
    "/bulletins/{draft}",
    "/bulletins/{draft}/submit",
    "/bulletins/{submitted}/approve",
    "/bulletins/{submitted}/return",
    "/bulletins/{draft}/copy",
    "/schedules",
    "/orders",
    "/users",
    "/users/{user}",
    "/settings/house-rules",
    "/logout",
)


@pytest.fixture
def places(village: Village, everybody: Browser) -> dict[str, str]:
    assert everybody.actor is not None
    return {
        "draft": village.bulletin("Nháp", state="draft"),
        "submitted": village.bulletin("Gửi", state="submitted"),
        "user": everybody.actor.person.id,
    }


# Fields with which any of the forms might be accepted.
FILLED = [
    ("title", "Tin"),
    ("recordings", "x"),
    ("note", "Sửa lại"),
    ("kind", "stop"),
    ("all", "yes"),
    ("name", "tat-ca"),
    ("full_name", "Tên khác"),
    ("roles", "administrator"),
    ("every_hour", "yes"),
]


def stored(parts: Parts) -> list[str]:
    """Everything in the file but what using a session itself writes."""
    return [line for line in parts.store.read().conn.iterdump() if '"sessions"' not in line]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_its_own_token_does_nothing(
    everybody: Browser, parts: Parts, places: dict[str, str], form: str
) -> None:
    before = stored(parts)
    for token in ([], [("csrf", "")], [("csrf", "wrong")], [("csrf", "é" * 43)]):
        seen = everybody.send(form.format(**places), FILLED + token)
        assert seen.status == 403
        assert "<h1>" in seen.html
    assert stored(parts) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_form_from_another_site_does_nothing(
    everybody: Browser, parts: Parts, places: dict[str, str], form: str
) -> None:
    before = stored(parts)
    fields = [*FILLED, ("csrf", everybody.csrf)]
    seen = everybody.send(form.format(**places), fields, Origin="https://evil.example")
    assert seen.status == 403
    assert stored(parts) == before


def test_another_persons_token_does_not_fit(clerk: Browser, approver: Browser, parts: Parts) -> None:
    assert clerk.send("/orders", [("csrf", approver.csrf), ("kind", "stop"), ("all", "yes")]).status == 403
    assert parts.orders.current() is None


def test_an_upload_without_its_token_keeps_no_file(clerk: Browser, parts: Parts) -> None:
    for token in ("", "wrong"):
        assert clerk.upload(("a.mp3", b"sound"), csrf=token).status == 403
    assert parts.library.recordings() == []
    incoming = parts.settings.data / "incoming"
    assert not list(incoming.glob("*"))


def test_an_upload_from_another_site_keeps_no_file(clerk: Browser, parts: Parts) -> None:
    seen = Seen(
        clerk.client.post(
            "/recordings",
            data={"csrf": clerk.csrf},
            files=[("files", ("a.mp3", b"sound"))],
            headers={"Origin": "https://evil.example"},
        )
    )
    assert seen.status == 403
    assert parts.library.recordings() == []


def test_an_upload_whose_session_ended_says_so(forgotten: Browser, parts: Parts) -> None:
    seen = forgotten.upload(("a.mp3", b"sound"))
    assert seen.status == 401
    assert "Phiên đã hết hạn; hãy đăng nhập rồi chọn lại tệp." in seen.text
    assert [href for href in seen.hrefs if href.startswith("/login?next=")]
    assert parts.library.recordings() == []
