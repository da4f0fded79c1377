"""The log-in page: in, out, refused, throttled; and nobody is led to another site by it."""

import pytest

from hub.parts import Parts
from hub.people.roles import Role
from hub.web.access import SESSION_COOKIE
from tests.factories_hub import Village
from tests.factories_pages import Browser, Seen
from tests.factories_people import PASSWORD, person_at_work

ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/a\r\nSet-Cookie: x=1",
    "/\t/evil.example",
    " //evil.example",
    "evil",
    "",
)


@pytest.fixture(autouse=True)
def lan(parts: Parts) -> None:
    person_at_work(parts.store, Role.CLERK, login="lan")


def log_in(browser: Browser, *, password: str = PASSWORD, name: str = "lan", next_: str = "/") -> Seen:
    return browser.press(browser.get("/login"), "/login", name=name, password=password, next=next_)


def test_a_person_logs_in_and_sees_the_overview(anybody: Browser) -> None:
    seen = anybody.follow(log_in(anybody))
    assert seen.status == 200
    assert "Name of lan" in seen.text


def test_the_audit_log_says_from_where_a_wrong_log_in_came(
    anybody: Browser, administrator: Browser, lan: None
) -> None:
    log_in(anybody, password="wrong")
    rows = administrator.get("/audit").text.partition("Đăng nhập sai: lan")
    assert rows[1]
    assert rows[2].split()[0] == "testclient"


def test_the_session_cookie_cannot_be_read_by_scripts_and_stays_on_the_site(anybody: Browser) -> None:
    cookie = log_in(anybody).response.headers["set-cookie"]
    assert SESSION_COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_the_cookie_goes_over_https_only_where_the_page_came_so(app: object) -> None:
    browser = Browser(app)
    browser.client.base_url = "https://testserver"
    seen = Seen(
        browser.client.post(
            "/login", data={"name": "lan", "password": PASSWORD}, headers={"Origin": "https://testserver"}
        )
    )
    assert "secure" in seen.response.headers["set-cookie"].lower()


def test_a_log_out_ends_the_session_also_for_a_kept_cookie(anybody: Browser) -> None:
    home = anybody.follow(log_in(anybody))
    token = anybody.client.cookies[SESSION_COOKIE]
    assert anybody.press(home, "/logout").to == "/login"
    anybody.client.cookies.set(SESSION_COOKIE, token)
    assert anybody.get("/").status == 303


def test_a_wrong_password_is_refused_with_the_name_still_typed(anybody: Browser) -> None:
    seen = log_in(anybody, password="sai mat khau")
    assert seen.status == 401
    assert seen.form("/login").get("name") == "lan"
    assert "sai mat khau" not in seen.html


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(anybody: Browser) -> None:
    known, unknown = (
        log_in(anybody, password="sai mat khau"),
        log_in(anybody, name="khongco", password="sai mat khau"),
    )
    assert known.text == unknown.text


def test_after_many_wrong_tries_the_page_says_how_long_to_wait(anybody: Browser, village: Village) -> None:
    for _ in range(5):
        assert log_in(anybody, password="sai mat khau").status == 401
    seen = log_in(anybody)
    assert seen.status == 429
    assert "15" in seen.text
    assert seen.form("/login").get("name") == "lan"
    village.now.pass_s(16)
    assert log_in(anybody).status == 303


def test_next_leads_to_the_page_that_was_wanted(anybody: Browser) -> None:
    wanted = "/bulletins?state=draft"
    asked = anybody.get(wanted)
    assert asked.status == 303
    login = anybody.get(asked.to)
    assert anybody.press(login, "/login", name="lan", password=PASSWORD).to == wanted


def test_a_wrong_password_keeps_where_the_person_wanted_to_go(anybody: Browser) -> None:
    wanted = "/bulletins?state=draft&x=%C3%A0"
    again = log_in(anybody, password="sai mat khau", next_=wanted)
    assert anybody.press(again, "/login", name="lan", password=PASSWORD).to == wanted


@pytest.mark.parametrize("address", ELSEWHERE)
def test_next_never_leads_elsewhere(anybody: Browser, address: str) -> None:
    assert log_in(anybody, next_=address).to == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_language_switch_never_leads_elsewhere(anybody: Browser, address: str) -> None:
    seen = Seen(anybody.client.get("/language", params={"to": "en", "next": address}))
    assert seen.to == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_question_before_a_stop_never_leads_elsewhere(clerk_of_page: Browser, address: str) -> None:
    seen = Seen(clerk_of_page.client.get("/stop", params={"next": address}))
    assert seen.form("/orders").get("next") != address
    assert clerk_of_page.press(seen, "/orders", next=address).to == "/"


@pytest.fixture
def clerk_of_page(anybody: Browser) -> Browser:
    log_in(anybody)
    return anybody


def test_another_site_cannot_log_a_browser_in(anybody: Browser) -> None:
    seen = anybody.send("/login", [("name", "lan"), ("password", PASSWORD)], Origin="https://evil.example")
    assert seen.status == 403
    assert "set-cookie" not in seen.response.headers


def test_the_language_is_kept_in_the_browser(anybody: Browser) -> None:
    assert 'lang="vi"' in anybody.get("/login").html
    back = anybody.get("/language?to=en&next=/login")
    assert back.to == "/login"
    assert 'lang="en"' in anybody.follow(back).html


def test_an_unknown_language_changes_nothing(anybody: Browser) -> None:
    anybody.get("/language?to=en")
    seen = anybody.get("/language?to=xx%0d%0aSet-Cookie:a=b")
    assert "set-cookie" not in seen.response.headers
    assert 'lang="en"' in anybody.get("/login").html


def test_the_log_in_page_says_nothing_of_the_site_but_its_name_and_time(anybody: Browser) -> None:
    seen = anybody.get("/login")
    assert "Phường Tân Hòa" in seen.text
    assert seen.actions() == {"/login"}
    assert not seen.tags("nav")
