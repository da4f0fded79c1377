"""The page with a code tells by itself that the device came, and leads to it."""

from datetime import timedelta

import pytest

from hub.people.roles import Role
from hub.store import nodes
from hub.store.nodes import Node
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf, Seen

NEW = {"kind": "speaker", "title": "Loa 9", "id": "loa-9", "area": "to-1"}


@pytest.fixture
def technician(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.TECHNICIAN, login="tu")


@pytest.fixture
def asked(technician: Browser) -> str:
    """Where the page with the code asks how far the device came."""
    seen = technician.press(technician.get("/enrol"), "/enrol", **NEW)
    (address,) = (has["hx-get"] for has in seen.tags("div") if has.get("id") == "arrival")
    return address


def comes(village: Village, node: str = "loa-9") -> None:
    """The device uses its code, a minute later."""
    village.now.pass_s(60)
    new = Node(id=node, kind="speaker", name="Loa 9", area="to-1", enrolled_at=village.now())
    village.store.write(lambda db: nodes.add(db, new, secret_hash="", broker_hash=""))


def says(state: str, when: str = "") -> str:
    return words.say(Message(f"arrival.{state}", {"when": when}), "vi")


def asks_again(seen: Seen) -> bool:
    return any("hx-get" in has for has in seen.tags("div"))


def test_it_waits_until_a_machine_uses_the_code(technician: Browser, asked: str) -> None:
    seen = technician.get(asked)
    assert says("waiting") in seen.text
    assert asks_again(seen)


def test_it_tells_that_the_code_was_used(technician: Browser, asked: str, village: Village) -> None:
    comes(village)
    seen = technician.get(asked)
    assert says("enrolled", "09:01 hôm nay") in seen.text
    assert asks_again(seen)


def test_it_leads_to_the_device_that_reported_and_asks_no_more(
    technician: Browser, asked: str, village: Village
) -> None:
    comes(village)
    village.now.pass_s(60)
    village.born("loa-9")
    seen = technician.get(asked)
    assert says("here", "09:02 hôm nay") in seen.text
    assert "/nodes/loa-9" in seen.hrefs
    assert not asks_again(seen)


def test_the_old_machine_under_the_name_is_not_taken_for_the_new_one(
    technician: Browser, village: Village
) -> None:
    comes(village)
    village.born("loa-9")
    village.now.pass_s(60)
    seen = technician.press(technician.get("/enrol?node=loa-9"), "/enrol")
    assert says("waiting") in seen.text
    (address,) = (has["hx-get"] for has in seen.tags("div") if has.get("id") == "arrival")
    assert says("waiting") in technician.get(address).text


def test_a_code_that_nobody_used_is_over_after_its_day(
    technician: Browser, asked: str, village: Village
) -> None:
    village.now.pass_s(timedelta(hours=7).total_seconds())
    for _ in range(3):  # a session ends when nobody uses it for eight hours
        technician.get("/")
        village.now.pass_s(timedelta(hours=7).total_seconds())
    seen = technician.get(asked)
    assert says("over") in seen.text
    assert not asks_again(seen)


@pytest.mark.parametrize("query", ["node=loa-9", "node=loa-9&since=x", "node=loa-9&since=-1", "since=1"])
def test_a_question_that_makes_no_sense_is_refused(technician: Browser, query: str) -> None:
    assert technician.get(f"/enrol/live?{query}").status == 422


def test_only_who_enrols_devices_may_ask(viewer: Browser) -> None:
    assert viewer.get("/enrol/live?node=loa-9&since=1").status == 403
