"""Accounts, the audit log and the house rules on pages."""

import pytest

from hub.parts import Parts
from hub.people.roles import Role
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village, actor
from tests.factories_pages import Browser, BrowserOf, Typed
from tests.factories_people import PASSWORD

NEW: Typed = {
    "full_name": "Trần Thị Mới",
    "name": "moi",
    "roles": ["clerk", "approver"],
    "password": "rất là dài mà",
}


def logins(parts: Parts, administrator: Browser) -> dict[str, str]:
    assert administrator.actor is not None
    return {a.person.login: a.person.id for a in parts.people.accounts(administrator.actor)}


def make(administrator: Browser, **typed: str | list[str]) -> None:
    administrator.press(administrator.get("/users/new"), "/users", **NEW | typed)


def test_a_new_account_may_log_in_at_once(administrator: Browser, anybody: Browser) -> None:
    seen = administrator.press(administrator.get("/users/new"), "/users", **NEW)
    assert "Trần Thị Mới" in administrator.follow(seen).text
    login = anybody.press(anybody.get("/login"), "/login", name="moi", password="rất là dài mà")
    assert "Trần Thị Mới" in anybody.follow(login).text


def test_wrong_fields_are_each_named_and_stay_but_the_password(administrator: Browser, parts: Parts) -> None:
    wrong: Typed = {"full_name": "", "name": "Người Mới!", "roles": [], "password": "ngắn"}
    seen = administrator.press(administrator.get("/users/new"), "/users", **wrong)
    assert seen.status == 422
    assert set(seen.errors) == set(wrong)
    assert seen.form("/users").get("name") == "Người Mới!"
    assert "ngắn" not in [has.get("value") for has in seen.tags("input")]
    assert set(logins(parts, administrator)) == {"binh"}


def test_roles_that_were_ticked_stay_ticked(administrator: Browser) -> None:
    seen = administrator.press(administrator.get("/users/new"), "/users", **NEW | {"name": ""})
    assert seen.form("/users").all("roles") == ["clerk", "approver"]


def test_a_name_that_is_taken_is_said_at_its_field(administrator: Browser) -> None:
    seen = administrator.press(administrator.get("/users/new"), "/users", **NEW | {"name": "BINH"})
    assert seen.status == 409
    assert set(seen.errors) == {"name"}


def test_the_form_of_an_account_holds_what_is_known_and_no_password(
    administrator: Browser, parts: Parts
) -> None:
    make(administrator)
    user = logins(parts, administrator)["moi"]
    page = administrator.get(f"/users/{user}")
    form = page.form(f"/users/{user}")
    assert (form.get("name"), form.get("full_name"), form.get("active")) == ("moi", "Trần Thị Mới", "yes")
    assert sorted(form.all("roles")) == ["approver", "clerk"]
    assert form.get("password") == ""


def test_an_untouched_form_changes_nothing_and_logs_nobody_out(
    administrator: Browser, anybody: Browser, parts: Parts
) -> None:
    make(administrator)
    user = logins(parts, administrator)["moi"]
    anybody.press(anybody.get("/login"), "/login", name="moi", password="rất là dài mà")
    administrator.press(administrator.get(f"/users/{user}"), f"/users/{user}")
    assert anybody.get("/").status == 200


def test_an_account_that_is_closed_is_out_at_once_and_cannot_come_back(
    administrator: Browser, clerk: Browser, anybody: Browser, parts: Parts
) -> None:
    user = logins(parts, administrator)["lan"]
    administrator.press(administrator.get(f"/users/{user}"), f"/users/{user}", active=[])
    assert clerk.get("/").status == 303
    assert anybody.press(anybody.get("/login"), "/login", name="lan", password=PASSWORD).status == 401
    assert words.say(Message("users.blocked"), "vi") in administrator.get("/users").text


def test_a_new_password_ends_the_sessions_of_the_old(
    administrator: Browser, clerk: Browser, anybody: Browser, parts: Parts
) -> None:
    user = logins(parts, administrator)["lan"]
    administrator.press(administrator.get(f"/users/{user}"), f"/users/{user}", password="mật khẩu mới 1")
    assert clerk.get("/").status == 303
    assert anybody.press(anybody.get("/login"), "/login", name="lan", password="mật khẩu mới 1").status == 303


def test_a_weak_new_password_changes_nothing_else_either(
    administrator: Browser, clerk: Browser, parts: Parts
) -> None:
    user = logins(parts, administrator)["lan"]
    page = administrator.get(f"/users/{user}")
    seen = administrator.press(page, f"/users/{user}", full_name="Tên khác", roles="viewer", password="ngắn")
    assert seen.status == 422
    assert set(seen.errors) == {"password"}
    assert seen.form(f"/users/{user}").get("full_name") == "Tên khác"
    assert "Name of lan" in clerk.get("/").text


def test_a_log_in_name_cannot_change(administrator: Browser, clerk: Browser, parts: Parts) -> None:
    user = logins(parts, administrator)["lan"]
    seen = administrator.press(administrator.get(f"/users/{user}"), f"/users/{user}", name="khac")
    assert seen.status == 422
    assert set(seen.errors) == {"name"}
    assert "khac" not in logins(parts, administrator)


@pytest.mark.parametrize("typed", [{"active": []}, {"roles": ["clerk"]}])
def test_the_last_administrator_stays(
    administrator: Browser, parts: Parts, typed: dict[str, list[str]]
) -> None:
    user = logins(parts, administrator)["binh"]
    seen = administrator.press(administrator.get(f"/users/{user}"), f"/users/{user}", **typed)
    assert seen.status == 409
    assert words.say(Message("form.problems", {"count": 1}), "vi") in seen.text
    assert administrator.get("/users").status == 200


def test_the_audit_log_says_who_did_what_to_which(
    clerk: Browser, approver: Browser, village: Village
) -> None:
    bulletin = village.bulletin("Tin của tôi", state="draft")
    clerk.post(f"/bulletins/{bulletin}/submit")
    text = approver.get("/audit").text
    assert "Name of lan" in text
    assert "Tin của tôi" in text
    assert bulletin not in text


def test_the_audit_log_says_orders_and_rules_in_words(
    browser_of: BrowserOf, administrator: Browser, parts: Parts
) -> None:
    technician = browser_of(Role.TECHNICIAN, login="tu")
    technician.post("/orders", kind="volume", value="35", nodes="loa-1")
    hours = {"quiet_from": "22h", "quiet_to": "5h30"}
    administrator.press(administrator.get("/settings"), "/settings/house-rules", **hours, every_hour=[])
    text = administrator.get("/audit").text
    assert "Đặt âm lượng: loa-1, mức 35" in text
    assert "Sửa quy chế: giờ yên tĩnh trước đây: không có giờ yên tĩnh; nay: 22:00–05:30" in text


def test_a_clock_that_is_not_trusted_explains_itself(clerk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.clock.is_synced", lambda: False)
    assert "/settings#clock" in clerk.get("/").hrefs
    assert words.say(Message("clock_do"), "vi") in clerk.get("/settings").text
    monkeypatch.setattr("hub.clock.is_synced", lambda: True)
    assert "/settings#clock" not in clerk.get("/").hrefs
    assert words.say(Message("clock_do"), "vi") not in clerk.get("/settings").text


def test_the_audit_log_is_filtered_by_person_and_day(
    clerk: Browser, approver: Browser, village: Village
) -> None:
    one, two = village.bulletin("Bản một", state="draft"), village.bulletin("Bản hai", state="submitted")
    clerk.post(f"/bulletins/{one}/submit")
    village.now.pass_s(2 * 3600)
    approver.post(f"/bulletins/{two}/approve")
    of_clerk = approver.get("/audit?who=lan").text
    assert "Bản một" in of_clerk
    assert "Bản hai" not in of_clerk
    assert "Bản một" in approver.get("/audit?day=2026-11-20").text
    assert words.say(Message("audit.none"), "vi") in approver.get("/audit?day=2026-11-19").text


def test_the_filter_stays_typed_and_a_wrong_day_is_named(approver: Browser) -> None:
    seen = approver.get("/audit?who=%3Cb%3Elan&day=hôm+qua")
    assert seen.status == 200
    assert set(seen.errors) == {"day"}
    assert seen.form("/audit").get("who") == "<b>lan"
    assert seen.form("/audit").get("day") == "hôm qua"


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=",
        "before=-1",
        "before=99999999999999999999",
        "day=9999-12-31",
        "day=0001-01-01",
        "who=%00",
    ],
)
def test_the_audit_log_stands_any_question(approver: Browser, query: str) -> None:
    assert approver.get(f"/audit?{query}").status in {200, 422}


def test_older_entries_are_a_page_away_with_the_filter_kept(approver: Browser, parts: Parts) -> None:
    assert approver.actor is not None
    for number in range(101):
        parts.people.tokens.create(approver.actor, title=f"mã {number}")
    first = approver.get("/audit?who=%20minh%20&day=2026-11-20")
    (older,) = (href for href in first.hrefs if "before=" in href)
    assert "who=+minh+&day=2026-11-20&" in older
    assert "mã 0" in approver.get(older).text


def test_quiet_hours_are_set_shown_and_sent(administrator: Browser, village: Village) -> None:
    page = administrator.get("/settings")
    typed = {"quiet_from": ["21:00", "11:30", ""], "quiet_to": ["05:00", "13:30", ""], "every_hour": []}
    done = administrator.follow(administrator.press(page, "/settings/house-rules", **typed))
    assert "21:00–05:00" in done.text
    assert "11:30–13:30" in done.text
    assert "Name of binh" in done.text
    assert [hours.start for hours in village.line.plan("loa-1").house_rules.quiet] == ["21:00", "11:30"]


def test_wrong_quiet_hours_are_named_and_stay_typed(administrator: Browser, village: Village) -> None:
    typed = {"quiet_from": ["25:00"], "quiet_to": ["05:00"], "every_hour": []}
    seen = administrator.press(administrator.get("/settings"), "/settings/house-rules", **typed)
    assert seen.status == 422
    assert list(seen.errors) == ["quiet"]
    assert "25:00" in seen.errors["quiet"]
    assert seen.form("/settings/house-rules").all("quiet_from")[0] == "25:00"
    assert village.site.rules().quiet == ()


def test_every_hour_once_unticked_stays_so_when_the_hours_were_wrong(administrator: Browser) -> None:
    page = administrator.get("/settings")
    assert page.form("/settings/house-rules").all("every_hour") == ["yes"]
    typed = {"quiet_from": ["25:00"], "quiet_to": ["05:00"], "every_hour": []}
    seen = administrator.press(page, "/settings/house-rules", **typed)
    assert seen.form("/settings/house-rules").all("every_hour") == []


@pytest.mark.parametrize(
    "half", [{"quiet_from": ["21:00"], "quiet_to": [""]}, {"quiet_from": [""], "quiet_to": [""]}]
)
def test_half_a_span_and_no_span_are_no_quiet_hours(
    administrator: Browser, village: Village, half: dict[str, list[str]]
) -> None:
    seen = administrator.press(administrator.get("/settings"), "/settings/house-rules", **half, every_hour=[])
    assert seen.status == 422
    assert list(seen.errors) == ["quiet"]
    assert village.site.rules().quiet == ()


def test_every_hour_must_be_chosen_and_is_said_on_every_page(administrator: Browser, viewer: Browser) -> None:
    page = administrator.get("/settings")
    administrator.press(
        page, "/settings/house-rules", quiet_from=["21:00"], quiet_to=["05:00"], every_hour=[]
    )
    note = words.say(Message("frame.every_hour"), "vi")
    assert note not in viewer.get("/").text
    administrator.press(administrator.get("/settings"), "/settings/house-rules", every_hour="yes")
    assert note in viewer.get("/").text


def test_who_may_not_change_the_rules_sees_them(viewer: Browser) -> None:
    seen = viewer.get("/settings")
    assert seen.status == 200
    assert seen.actions() == set()
    assert words.say(Message("settings.read_only"), "vi") in seen.text


def test_new_hours_beside_every_hour_are_refused_rather_than_dropped(
    administrator: Browser, village: Village
) -> None:
    hours = {"quiet_from": ["21:00"], "quiet_to": ["05:00"]}
    seen = administrator.press(
        administrator.get("/settings"), "/settings/house-rules", **hours, every_hour="yes"
    )
    assert seen.status == 422
    assert list(seen.errors) == ["quiet"]
    assert village.site.rules().quiet == ()


def test_items_that_new_rules_silence_are_named(administrator: Browser, village: Village) -> None:
    made = village.schedules.create(actor(Role.CLERK), village.draft(village.bulletin("Lời chúc đêm")))
    local = made.occurrences[0].starts_at.astimezone(village.site.zone)
    administrator.press(
        administrator.get("/settings"),
        "/settings/house-rules",
        quiet_from=[f"{local:%H:%M}"],
        quiet_to=[f"{local.replace(hour=(local.hour + 1) % 24):%H:%M}"],
        every_hour=[],
    )
    seen = administrator.get("/settings")
    assert words.say(Message("settings.breaking"), "vi") in seen.text
    assert "Lời chúc đêm" in seen.text
