"""The address of a device that was taken out of service: when, by whom, and what it wrote down."""

import pytest

from edge.wire.entries import AmplifierSwitched
from hub.people.roles import Actor, Role
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf


@pytest.fixture
def technician(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.TECHNICIAN, login="tu")


def remove(village: Village, actor: Actor | None, node: str = "loa-1") -> None:
    village.enrolment.remove(actor, node)


def test_it_says_when_and_by_whom_it_was_removed(
    technician: Browser, viewer: Browser, village: Village
) -> None:
    remove(village, technician.actor)
    seen = viewer.get("/nodes/loa-1")
    fields = {"who": "Name of tu", "when": "09:00:00 hôm nay"}
    assert seen.status == 410
    assert words.say(Message("removed.by", fields), "vi") in seen.text


def test_what_was_removed_on_the_command_line_names_nobody(viewer: Browser, village: Village) -> None:
    remove(village, None)
    said = words.say(Message("removed.by_command", {"when": "09:00:00 hôm nay"}), "vi")
    assert said in viewer.get("/nodes/loa-1").text


def test_who_removed_another_of_a_longer_name_is_not_named(
    technician: Browser, viewer: Browser, village: Village
) -> None:
    village.enrol("loa-11")
    remove(village, None)
    remove(village, technician.actor, "loa-11")
    assert "Name of tu" not in viewer.get("/nodes/loa-1").text


def test_what_it_wrote_stays_and_the_other_devices_are_a_link_away(viewer: Browser, village: Village) -> None:
    village.born("loa-1")
    village.wrote("loa-1", [AmplifierSwitched(on=True)])
    remove(village, None)
    seen = viewer.get("/nodes/loa-1")
    assert words.say(Message("nodes.ledger_none"), "vi") not in seen.text
    assert {"/nodes", "/schedules"} <= set(seen.hrefs)


def test_only_who_may_is_offered_to_enrol_it_again(
    technician: Browser, viewer: Browser, village: Village
) -> None:
    remove(village, None)
    of_technician, of_viewer = technician.get("/nodes/loa-1"), viewer.get("/nodes/loa-1")
    assert ("/enrol" in of_technician.hrefs, "/enrol" in of_viewer.hrefs) == (True, False)


def test_a_page_that_stands_open_is_asked_for_anew(viewer: Browser, village: Village) -> None:
    remove(village, None)
    assert viewer.get("/nodes/loa-1/live").response.headers["hx-refresh"] == "true"


def test_a_device_that_was_enrolled_again_is_a_device(viewer: Browser, village: Village) -> None:
    remove(village, None)
    village.enrol("loa-1")
    assert viewer.get("/nodes/loa-1").status == 200


def test_what_never_was_stays_unknown(viewer: Browser) -> None:
    assert viewer.get("/nodes/loa-99").status == 404
