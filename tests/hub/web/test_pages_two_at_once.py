"""Two people at one form: neither loses what they wrote, and each knows what they save over."""

import pytest

from hub.parts import Parts
from hub.people.roles import Role
from hub.web import words
from hub.web.views import Message
from tests.factories_library import ready
from tests.factories_pages import Browser, BrowserOf, Seen


@pytest.fixture
def other(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.CLERK, login="minh")


@pytest.fixture
def draft(clerk: Browser, parts: Parts) -> str:
    assert clerk.actor is not None
    sound = ready(parts.library, clerk.actor)
    made = clerk.post("/bulletins", title="Bản đầu", recordings=[sound.id])
    return made.to.rpartition("/")[2]


def overtaken(clerk: Browser, other: Browser, draft: str) -> Seen:
    """Both open the form; the other saves first. What the first then sees."""
    opened = clerk.get(f"/bulletins/{draft}/edit")
    other.press(other.get(f"/bulletins/{draft}/edit"), f"/bulletins/{draft}", title="Bản của Minh")
    return clerk.press(opened, f"/bulletins/{draft}", title="Bản của Lan", language="tay")


def test_who_saves_second_sees_both_and_saved_is_the_first(
    clerk: Browser, other: Browser, parts: Parts, draft: str
) -> None:
    seen = overtaken(clerk, other, draft)
    assert seen.status == 409
    assert (seen.form(f"/bulletins/{draft}").get("title"), "Bản của Minh" in seen.text) == (
        "Bản của Lan",
        True,
    )
    assert "Name of minh" in seen.text
    assert parts.bulletins.bulletin(draft).title == "Bản của Minh"


def test_what_differs_from_ones_own_is_marked(clerk: Browser, other: Browser, draft: str) -> None:
    seen = overtaken(clerk, other, draft)
    assert seen.text.count(words.say(Message("newer.differs"), "vi")) == 2  # title and language


def test_who_has_seen_both_may_save_over_it(clerk: Browser, other: Browser, parts: Parts, draft: str) -> None:
    seen = overtaken(clerk, other, draft)
    assert clerk.press(seen, f"/bulletins/{draft}").status == 303
    assert parts.bulletins.bulletin(draft).title == "Bản của Lan"


def test_ones_own_other_window_is_called_that(clerk: Browser, draft: str) -> None:
    seen = overtaken(clerk, clerk, draft)
    assert seen.status == 409
    assert words.say(Message("newer.title_own"), "vi") in seen.text


def test_a_form_with_a_fault_keeps_what_it_was_opened_at(
    clerk: Browser, other: Browser, parts: Parts, draft: str
) -> None:
    opened = clerk.get(f"/bulletins/{draft}/edit")
    other.press(other.get(f"/bulletins/{draft}/edit"), f"/bulletins/{draft}", title="Bản của Minh")
    wrong = clerk.press(opened, f"/bulletins/{draft}", title="")
    assert clerk.press(wrong, f"/bulletins/{draft}", title="Bản của Lan").status == 409
    assert parts.bulletins.bulletin(draft).title == "Bản của Minh"


def test_what_was_written_for_a_draft_handed_in_meanwhile_becomes_a_new_draft(
    clerk: Browser, other: Browser, parts: Parts, draft: str
) -> None:
    opened = clerk.get(f"/bulletins/{draft}/edit")
    other.post(f"/bulletins/{draft}/submit", revision="1")
    seen = clerk.press(opened, f"/bulletins/{draft}", title="Bản của Lan")
    assert seen.status == 409
    made = clerk.press(seen, "/bulletins")
    assert parts.bulletins.bulletin(made.to.rpartition("/")[2]).title == "Bản của Lan"
    assert parts.bulletins.bulletin(draft).title == "Bản đầu"


def test_an_approver_does_not_approve_what_was_changed_while_they_read(
    clerk: Browser, approver: Browser, parts: Parts, draft: str
) -> None:
    clerk.press(clerk.get(f"/bulletins/{draft}"), f"/bulletins/{draft}/submit")
    read = approver.get(f"/bulletins/{draft}")
    clerk.post(f"/bulletins/{draft}/return", note="Nhầm")
    clerk.press(clerk.get(f"/bulletins/{draft}/edit"), f"/bulletins/{draft}", title="Khác hẳn")
    clerk.press(clerk.get(f"/bulletins/{draft}"), f"/bulletins/{draft}/submit")
    seen = approver.press(read, f"/bulletins/{draft}/approve")
    assert (seen.status, parts.bulletins.bulletin(draft).state) == (409, "submitted")
    assert "Khác hẳn" in seen.text
    assert approver.press(seen, f"/bulletins/{draft}/approve").status == 303


@pytest.fixture
def second(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.ADMINISTRATOR, login="hai")


@pytest.fixture
def account(administrator: Browser, clerk: Browser) -> str:
    """The address of the clerk's account."""
    assert clerk.actor is not None
    return f"/users/{clerk.actor.person.id}"


def overtaken_account(one: Browser, two: Browser, account: str) -> Seen:
    """Both open the account; the second saves first. What the first then sees."""
    opened = one.get(account)
    two.press(two.get(account), account, roles=["viewer"], active=[])
    return one.press(opened, account, full_name="Lan Mới", password="mật khẩu mới 1")


def test_who_saves_an_account_second_sees_both(
    administrator: Browser, second: Browser, parts: Parts, account: str
) -> None:
    seen = overtaken_account(administrator, second, account)
    assert seen.status == 409
    form = seen.form(account)
    assert (form.get("full_name"), form.all("roles"), form.get("active")) == ("Lan Mới", ["clerk"], "yes")
    assert "Name of hai" in seen.text
    assert seen.text.count(words.say(Message("newer.differs"), "vi")) == 3
    assert administrator.actor is not None
    assert not parts.people.account(administrator.actor, account.removeprefix("/users/")).active


def test_a_password_that_was_not_saved_has_to_be_typed_again_and_that_is_said(
    administrator: Browser, second: Browser, account: str
) -> None:
    seen = overtaken_account(administrator, second, account)
    assert seen.form(account).get("password") == ""
    assert words.say(Message("users.password_again"), "vi") in seen.text


def test_who_has_seen_both_may_save_the_account_over_it(
    administrator: Browser, second: Browser, account: str
) -> None:
    seen = overtaken_account(administrator, second, account)
    assert administrator.press(seen, account).status == 303
    assert "Lan Mới" in administrator.get("/users").text


def test_a_form_of_an_account_with_a_fault_keeps_what_it_was_opened_at(
    administrator: Browser, second: Browser, account: str
) -> None:
    opened = administrator.get(account)
    second.press(second.get(account), account, full_name="Lan Của Hai")
    wrong = administrator.press(opened, account, full_name="")
    assert administrator.press(wrong, account, full_name="Lan Mới").status == 409


RULES = "/settings/house-rules"
NIGHT = {"quiet_from": ["22:00"], "quiet_to": ["06:00"], "every_hour": []}
NOON = {"quiet_from": ["11:30"], "quiet_to": ["13:30"], "every_hour": []}


def overtaken_rules(one: Browser, two: Browser) -> Seen:
    opened = one.get("/settings")
    two.press(two.get("/settings"), RULES, **NIGHT)
    return one.press(opened, RULES, **NOON)


def test_who_saves_the_house_rules_second_sees_both(
    administrator: Browser, second: Browser, parts: Parts
) -> None:
    seen = overtaken_rules(administrator, second)
    assert seen.status == 409
    form = seen.form(RULES)
    assert (form.get("quiet_from"), form.get("quiet_to"), form.all("every_hour")) == ("11:30", "13:30", [])
    assert words.say(Message("newer.title", {"who": "Name of hai"}), "vi") in seen.text
    assert [each.start for each in parts.site.rules().quiet] == ["22:00"]


def test_who_has_seen_both_may_save_the_house_rules_over_it(
    administrator: Browser, second: Browser, parts: Parts
) -> None:
    seen = overtaken_rules(administrator, second)
    assert administrator.press(seen, RULES).status == 303
    assert [each.start for each in parts.site.rules().quiet] == ["11:30"]


def test_house_rules_with_a_fault_keep_what_the_form_was_opened_at(
    administrator: Browser, second: Browser
) -> None:
    opened = administrator.get("/settings")
    second.press(second.get("/settings"), RULES, **NIGHT)
    wrong = administrator.press(opened, RULES, quiet_from=["25:00"], quiet_to=["5:00"], every_hour=[])
    assert administrator.press(wrong, RULES, **NOON).status == 409
