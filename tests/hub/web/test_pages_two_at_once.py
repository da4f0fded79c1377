"""Two clerks at one draft: neither loses what they wrote, and each knows what they save over."""

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
    assert seen.text.count(words.say(Message("bulletins.newer_differs"), "vi")) == 2  # title and language


def test_who_has_seen_both_may_save_over_it(clerk: Browser, other: Browser, parts: Parts, draft: str) -> None:
    seen = overtaken(clerk, other, draft)
    assert clerk.press(seen, f"/bulletins/{draft}").status == 303
    assert parts.bulletins.bulletin(draft).title == "Bản của Lan"


def test_ones_own_other_window_is_called_that(clerk: Browser, draft: str) -> None:
    seen = overtaken(clerk, clerk, draft)
    assert seen.status == 409
    assert words.say(Message("bulletins.newer_title_own"), "vi") in seen.text


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
