"""What each role is shown to do first, where nothing was scheduled yet."""

import pytest

from hub.people.roles import Role
from hub.web import words
from hub.web.pages.first_steps import first_steps
from hub.web.views import Message
from tests.factories_hub import Village, actor
from tests.factories_pages import Browser, BrowserOf, Seen

TO_THE_FIRST_BULLETIN = ["/recordings", "/bulletins/new", "/schedules/new"]
FIRST = {
    (Role.CLERK,): TO_THE_FIRST_BULLETIN,
    (Role.APPROVER,): TO_THE_FIRST_BULLETIN,
    (Role.TECHNICIAN,): ["/enrol", "/nodes", "/system"],
    (Role.ADMINISTRATOR,): ["/users/new", "/settings"],
    (Role.COUNTER_OFFICER,): ["/check", "/counters"],
    (Role.VIEWER,): ["/schedules", "/counters", "/reports"],
    (Role.TECHNICIAN, Role.ADMINISTRATOR): ["/enrol", "/nodes", "/system", "/users/new", "/settings"],
    (Role.VIEWER, Role.COUNTER_OFFICER): ["/check", "/counters"],
    (Role.CLERK, Role.ADMINISTRATOR): TO_THE_FIRST_BULLETIN,
}


def steps(seen: Seen) -> list[str]:
    """Where the list of first steps leads."""
    part = seen.html.partition('class="steps-list"')[2].partition("</ol>")[0]
    return [each.partition('"')[0] for each in part.split('href="')[1:]]


@pytest.fixture(params=FIRST, ids=" and ".join)
def roles(request: pytest.FixtureRequest) -> tuple[Role, ...]:
    found: tuple[Role, ...] = request.param
    return found


def test_everybody_is_led_to_what_they_may_do(browser_of: BrowserOf, roles: tuple[Role, ...]) -> None:
    browser = browser_of(*roles)
    assert steps(browser.get("/")) == FIRST[roles]
    assert [browser.get(address).status for address in FIRST[roles]] == [200] * len(FIRST[roles])


def test_only_who_can_is_promised_a_first_broadcast(viewer: Browser, clerk: Browser) -> None:
    promise = words.say(Message("overview.first_title"), "vi")
    assert (promise in clerk.get("/").text, promise in viewer.get("/").text) == (True, False)


def test_nobody_is_told_to_schedule_who_may_not(viewer: Browser, clerk: Browser) -> None:
    hint = words.say(Message("overview.next_hint"), "vi")
    assert (hint in clerk.get("/").text, hint in viewer.get("/").text) == (True, False)


def test_the_first_steps_go_when_something_was_scheduled(clerk: Browser, village: Village) -> None:
    village.schedules.create(actor(Role.CLERK), village.draft(village.bulletin("Tin")))
    assert steps(clerk.get("/")) == []


def test_devices_are_added_first_only_where_pages_add_them() -> None:
    technician = actor(Role.TECHNICIAN)
    found = [first_steps(technician, can_enrol=can).steps[0][0] for can in (True, False)]
    assert found == ["/enrol", "/nodes"]


def test_what_waits_for_a_leader_stands_before_first_steps(browser_of: BrowserOf, village: Village) -> None:
    village.bulletin("Tin", state="submitted")
    page = browser_of(Role.APPROVER).get("/").html
    assert page.index("/bulletins?state=submitted") < page.index("first-steps")
