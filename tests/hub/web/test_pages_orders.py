"""Orders on pages: stop with one confirmation, its strip, its lifting; mute and volume."""

import pytest

from edge.wire.orders import OrderKind
from hub.parts import Parts
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, Seen


def kinds(village: Village) -> list[tuple[str, OrderKind, int | None]]:
    return [(topic.partition("/site/")[2] or topic, o.kind, o.value) for topic, o in village.line.orders()]


def test_the_stop_dialog_of_any_page_stops_everything_and_returns_there(
    clerk: Browser, village: Village, parts: Parts
) -> None:
    page = clerk.get("/bulletins?state=draft")
    assert [has["id"] for has in page.tags("dialog")] == ["stop-dialog"]
    done = clerk.press(page, "/orders")
    assert done.to == "/bulletins?state=draft"
    assert [kind for _, kind, _ in kinds(village)] == [OrderKind.STOP]
    stop = parts.orders.current()
    assert stop is not None
    assert stop.everywhere


def test_without_script_a_stop_is_asked_once_and_done(clerk: Browser, parts: Parts) -> None:
    question = clerk.get("/stop?next=/nodes")
    assert parts.orders.current() is None
    assert clerk.press(question, "/orders").to == "/nodes"
    assert parts.orders.current() is not None


def strip(seen: Seen) -> dict[str, str]:
    return next(has for has in seen.tags("div") if has.get("id") == "stop")


def test_every_page_names_the_stop_and_who_gave_it(clerk: Browser, viewer: Browser, village: Village) -> None:
    assert "hidden" in strip(viewer.get("/"))
    clerk.post("/orders", kind="stop", all="yes")
    for page in ("/", "/schedules", "/nodes", "/recordings", "/settings", "/stop/live"):
        seen = viewer.get(page)
        assert "hidden" not in strip(seen)
        assert "Name of lan" in seen.text
        assert "loa-1, loa-2, loa-3" in seen.text  # none has said that it obeys


def test_only_who_may_lift_it_is_shown_how(clerk: Browser, viewer: Browser) -> None:
    clerk.post("/orders", kind="stop", all="yes")
    assert "/resume?next=/nodes" in clerk.get("/nodes").hrefs
    assert not [href for href in viewer.get("/nodes").hrefs if "resume" in href]


def test_a_stop_is_lifted_after_a_question(clerk: Browser, parts: Parts) -> None:
    clerk.post("/orders", kind="stop", all="yes")
    done = clerk.follow(clerk.press(clerk.get("/resume?next=/nodes"), "/orders"))
    assert parts.orders.current() is None
    assert "hidden" in strip(done)


def test_an_order_without_a_broker_is_kept_and_said_to_wait(
    clerk: Browser, village: Village, parts: Parts
) -> None:
    village.line.linked = False
    done = clerk.follow(clerk.post("/orders", kind="stop", all="yes", next="/"))
    assert words.say(Message("done.order_waits"), "vi") in done.text
    assert parts.orders.current() is not None


def test_mute_and_volume_reach_the_loudspeakers_named(clerk: Browser, village: Village) -> None:
    clerk.post("/orders", kind="mute", nodes=["loa-1", "loa-3"])
    clerk.post("/orders", kind="volume", value="40", areas="to-1")
    assert sorted((kind, value) for _, kind, value in kinds(village)) == [
        (OrderKind.MUTE, None),
        (OrderKind.MUTE, None),
        (OrderKind.VOLUME, 40),
    ]
    assert village.line.standing("loa-1").muted
    assert village.line.standing("loa-2").volume == 40


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "volume", "value": "101", "all": "yes"},
        {"kind": "volume", "value": "-1", "all": "yes"},
        {"kind": "volume", "value": "to", "all": "yes"},
        {"kind": "volume", "value": "", "all": "yes"},
        {"kind": "volume", "value": "９", "all": "yes"},
        {"kind": "volume", "value": "9" * 400, "all": "yes"},
        {"kind": "stop"},
        {"kind": "stop", "all": "yes", "nodes": "loa-1"},
        {"kind": "mute", "nodes": "loa-9"},
        {"kind": "mute", "areas": "<script>"},
        {"kind": "explode", "all": "yes"},
        {"all": "yes"},
        {},
    ],
)
def test_an_order_that_does_not_hold_is_refused_and_nothing_leaves(
    clerk: Browser, village: Village, fields: dict[str, str]
) -> None:
    seen = clerk.post("/orders", **fields)
    assert seen.status == 422
    assert "<h1>" in seen.html
    assert village.line.sent == []


def test_the_strip_alone_is_a_fragment(clerk: Browser) -> None:
    clerk.post("/orders", kind="stop", all="yes")
    seen = clerk.get("/stop/live")
    assert "<html" not in seen.html
    assert strip(seen)["hx-get"] == "/stop/live"
