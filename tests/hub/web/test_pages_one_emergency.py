"""The page of one emergency: found from wherever it is named, and true for whom it was not heard by."""

from datetime import timedelta

import pytest

from edge.wire.entries import Cached, Finished, Outcome, Reason
from hub.parts import Parts
from hub.people.roles import Role
from hub.store.emergencies import KeptEmergency
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf, Seen

ALL = {"where": "all", "repeat_min": "1", "for_min": "60"}
NODES = ("loa-1", "loa-2", "loa-3")


@pytest.fixture
def bulletin(village: Village) -> str:
    """An approved emergency bulletin that every loudspeaker holds."""
    made = village.bulletin("Sơ tán tránh lũ", priority="emergency", duration_ms=12_000)
    for node in NODES:
        village.born(node)
        village.wrote(node, [Cached(recording="a" * 64, bytes=1000)])
    return made


@pytest.fixture
def begun(approver: Browser, parts: Parts, bulletin: str) -> KeptEmergency:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    assert approver.press(question, "/emergencies").to.startswith("/emergencies/")
    return parts.emergencies.running()[0]


def tell(village: Village, kept: KeptEmergency, node: str, *outcomes: Outcome) -> None:
    """A node's word of the first repetitions; what was not played was for want of power."""
    bodies = [
        Finished(
            occurrence=f"{kept.id}.{number}",
            due_at=kept.content.starts_at + number * timedelta(minutes=1),
            outcome=outcome,
            reason=None if outcome is Outcome.PLAYED else Reason.POWER,
        )
        for number, outcome in enumerate(outcomes)
    ]
    village.wrote(node, bodies, first=2)


def rows(seen: Seen) -> str:
    return seen.text.partition("Diễn biến")[2]


def test_whoever_begins_one_is_led_to_its_page(approver: Browser, parts: Parts, bulletin: str) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    page = approver.follow(approver.press(question, "/emergencies"))
    assert f"/emergencies/{parts.emergencies.running()[0].id}" in page.hrefs
    assert "Name of minh" in page.text


@pytest.mark.parametrize("page", ["/nodes", "/emergencies", "/", "/audit"])
def test_it_is_found_from_wherever_it_is_named(approver: Browser, begun: KeptEmergency, page: str) -> None:
    band = approver.get(page).html.partition('id="content"')
    part = band[0] if page == "/nodes" else band[2]
    assert f'href="/emergencies/{begun.id}"' in part


def test_it_says_how_often_it_was_heard_where_and_why_not(
    viewer: Browser, village: Village, begun: KeptEmergency
) -> None:
    tell(village, begun, "loa-1", Outcome.PLAYED, Outcome.PLAYED)
    tell(village, begun, "loa-2", Outcome.PLAYED, Outcome.SKIPPED)
    village.now.pass_s(110)
    said = rows(viewer.get(f"/emergencies/{begun.id}"))
    assert "loa-1 Tổ 1" in said
    assert "2/2 lần" in said
    assert "1 lần: mất điện" in said
    assert "loa-2: mất điện loa-3: chưa xác nhận lệnh" in said
    assert "Đã phát 2/3 cụm loa" in said


def test_the_overview_counts_it_among_what_was_played(
    viewer: Browser, village: Village, begun: KeptEmergency
) -> None:
    tell(village, begun, "loa-1", Outcome.PLAYED)
    village.now.pass_s(20)
    recent = viewer.get("/").text.partition("Mới phát")[2]
    assert "Sơ tán tránh lũ Khẩn cấp" in recent
    assert "Đã phát 1/3 cụm loa" in recent


def test_it_is_ended_from_its_page_and_says_by_whom(
    approver: Browser, viewer: Browser, begun: KeptEmergency
) -> None:
    page = f"/emergencies/{begun.id}"
    assert [href for href in approver.get(page).hrefs if href.startswith(f"{page}/cancel")]
    assert not [href for href in viewer.get(page).hrefs if href.startswith(f"{page}/cancel")]
    done = approver.press(approver.get(f"{page}/cancel?next={page}"), f"{page}/cancel")
    seen = approver.follow(done)
    assert "Name of minh kết thúc lúc" in rows(seen)
    assert not [href for href in seen.hrefs if href.startswith(f"{page}/cancel")]


def test_who_has_not_confirmed_the_end_is_named(approver: Browser, begun: KeptEmergency) -> None:
    approver.post(f"/emergencies/{begun.id}/cancel")
    assert rows(approver.get(f"/emergencies/{begun.id}")).count("chưa xác nhận kết thúc") == 3


def test_the_newest_repetitions_are_shown_and_all_on_demand(
    viewer: Browser, village: Village, begun: KeptEmergency
) -> None:
    village.now.pass_s(20 * 60)
    seen = viewer.get(f"/emergencies/{begun.id}")
    assert "Lần 1 " not in seen.text
    every = viewer.get(next(href for href in seen.hrefs if href.endswith("?every=yes")))
    assert "Lần 1 " in every.text
    assert 'hx-get="/emergencies/' + begun.id + '/live?every=yes"' in every.html


def test_another_that_runs_is_named_before_a_second_begins(
    approver: Browser, village: Village, begun: KeptEmergency
) -> None:
    second = village.bulletin("Vỡ đê", priority="emergency", duration_ms=12_000)
    asked = approver.post("/emergencies", bulletin=second, **ALL).text.partition("Phát khẩn cấp “Vỡ đê”")[2]
    assert "“Sơ tán tránh lũ” đang phát khẩn cấp (Name of minh phát lúc" in asked


def test_an_unknown_emergency_is_not_found(browser_of: BrowserOf) -> None:
    assert browser_of(Role.VIEWER).get("/emergencies/none").status == 404


def test_a_page_refreshes_itself(viewer: Browser, begun: KeptEmergency) -> None:
    assert viewer.get(f"/emergencies/{begun.id}/live").status == 200
    assert words.say(Message("emergency.course"), "vi") in viewer.get(f"/emergencies/{begun.id}/live").text
