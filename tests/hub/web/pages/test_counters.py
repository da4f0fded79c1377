"""The pages of counters, cameras and the check, over real services."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from edge.wire.entries import Uncounted
from hub.api.problems import install_problems
from hub.bulletins import Bulletins
from hub.cameras import Cameras
from hub.counters import Counters
from hub.day_check import DayChecks
from hub.people.roles import Role
from hub.web.access import Caller
from hub.web.pages import cameras, check, counters, nodes, overview
from hub.web.pages.failures import page_of_failure
from hub.web.pages.page import Page, page_of
from tests.factories_counter import COUNTER, add_counter, pressed, seen, totals
from tests.factories_hub import Village, actor

Visitor = Callable[..., TestClient]


@pytest.fixture
def visiting(village: Village) -> Visitor:
    """`visiting(Role.VIEWER, …)`: a browser of somebody with these roles."""
    add_counter(village)
    both: dict[str, Any] = {"store": village.store, "zone": lambda: village.site.zone, "now": village.now}
    looked = Cameras(**both)
    app = FastAPI()
    app.state.parts = SimpleNamespace(
        **{
            name: getattr(village, name)
            for name in (
                "store",
                "schedules",
                "plays",
                "fleet",
                "orders",
                "emergencies",
                "site",
                "faults",
                "now",
            )
        },
        bulletins=Bulletins(store=village.store, events=village.events, now=village.now),
        counters=Counters(**both),
        cameras=looked,
        day_checks=DayChecks(
            store=village.store, fleet=village.fleet, cameras=looked, events=village.events, now=village.now
        ),
        is_linked=lambda: True,
        people=None,
        certification=None,
        settings=SimpleNamespace(site=SimpleNamespace(id="tan-hoa", name="Phường Tân Hòa")),
    )
    for module in (counters, cameras, check, nodes, overview):
        app.include_router(module.router)
    install_problems(app, pages=page_of_failure)

    def browser(*roles: Role) -> TestClient:
        def page(request: Request) -> Page:
            return Page(request, caller_of(*roles))

        app.dependency_overrides[page_of] = page
        return TestClient(app, raise_server_exceptions=False, headers={"Accept": "text/html"})

    return browser


def caller_of(*roles: Role) -> Caller:
    return Caller(actor=actor(*roles), session=None)


def shown(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_a_site_without_presses_says_what_to_do(visiting: Visitor) -> None:
    assert "Hãy bấm thử một nút ở quầy" in shown(visiting(Role.VIEWER), "/counters")


def test_the_share_of_satisfied_and_its_label_stand_together(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed(1), pressed(2), pressed(2), pressed(4)])
    html = shown(visiting(Role.VIEWER), "/counters")
    assert "75,0\u00a0%" in html
    assert "Thông tư 01/2018/TT-VPCP" in html


def test_a_press_that_did_not_count_says_why(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed(4, reason=Uncounted.INTERVAL)])
    assert "Không tính: Bấm lại trong khoảng chờ" in shown(visiting(Role.COUNTER_OFFICER), "/counters/live")


def test_a_clerk_sees_sums_but_no_single_press(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed(1, dossier="H29.7")])
    clerk = visiting(Role.CLERK)
    assert "/counters/presses" not in shown(clerk, "/counters")
    assert clerk.get("/counters/presses").status_code == 403


def test_a_hostile_dossier_is_only_text(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed(1, dossier="<script>x</script>")])
    assert "<script>x" not in shown(visiting(Role.VIEWER), "/counters/presses")


def test_every_press_is_reached_page_by_page(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed() for _ in range(100)])
    village.wrote(COUNTER, [pressed() for _ in range(5)], first=101)
    viewer = visiting(Role.VIEWER)
    first = shown(viewer, "/counters/presses")
    older = first.partition('href="/counters/presses?')[2].partition('"')[0].replace("&amp;", "&")
    assert shown(viewer, f"/counters/presses?{older}").count("Quầy 1</td>") == 5


def test_a_counter_that_is_not_there_is_not_found(visiting: Visitor) -> None:
    assert visiting(Role.VIEWER).get("/counters?counter=x").status_code == 404


def test_sums_that_differ_are_shown_at_the_counter(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [totals({"4": 2})])
    assert "Lệch: 4: 2 ≠ 0" in shown(visiting(Role.VIEWER), "/counters")


def test_a_camera_is_never_ok_while_its_counter_is_away(village: Village, visiting: Visitor) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok")])
    viewer = visiting(Role.VIEWER)
    assert "chip chip-ok" in shown(viewer, "/cameras/live").partition("<dt>Camera</dt>")[2]
    village.now.pass_s(600)
    html = shown(viewer, "/cameras/live").partition("<dt>Camera</dt>")[2]
    assert "Chưa rõ" in html.partition("</dl>")[0]
    assert "Mất liên lạc với quầy" in html


def test_a_past_day_of_cameras_can_be_seen(village: Village, visiting: Visitor) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok")])
    html = shown(visiting(Role.VIEWER), "/cameras?day=2026-11-19")
    assert "19/11/2026" in html
    assert "/cameras?day=2026-11-20" in html


def test_a_day_to_come_shows_today(visiting: Visitor) -> None:
    assert "/cameras?day=2026-11-19" in shown(visiting(Role.VIEWER), "/cameras?day=2027-01-01")


@pytest.mark.parametrize("day", ["x", "2026-13-01", "99"])
def test_a_day_that_is_none_is_refused(visiting: Visitor, day: str) -> None:
    assert visiting(Role.VIEWER).get("/cameras", params={"day": day}).status_code == 422


def test_a_check_is_recorded_with_its_note(visiting: Visitor) -> None:
    officer = visiting(Role.COUNTER_OFFICER)
    answer = officer.post("/check", data={"note": "Nút 2 lỏng"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/check")
    html = shown(officer, "/check")
    assert "Lan đã kiểm tra lúc 09:00 hôm nay: 0/4 thiết bị sẵn sàng" in html
    assert "Nút 2 lỏng" in html


def test_a_note_that_is_too_long_is_still_there(visiting: Visitor) -> None:
    answer = visiting(Role.COUNTER_OFFICER).post("/check", data={"note": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text


def test_a_viewer_may_look_but_not_record(visiting: Visitor) -> None:
    viewer = visiting(Role.VIEWER)
    assert 'action="/check"' not in shown(viewer, "/check")
    assert viewer.post("/check").status_code == 403


def test_the_first_page_shows_ratings_cameras_and_the_check(village: Village, visiting: Visitor) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [pressed(1), seen("frozen")])
    html = shown(visiting(Role.VIEWER), "/overview/live")
    assert "Đánh giá hôm nay" in html
    assert "Đứng hình" in html
    assert "/check" in html


def test_a_counters_ledger_is_told_in_words(village: Village, visiting: Visitor) -> None:
    village.wrote(COUNTER, [pressed(4, reason=Uncounted.STUCK), seen("dark")])
    html = shown(visiting(Role.TECHNICIAN), f"/nodes/{COUNTER}")
    assert "Bấm “Không hài lòng” (Nút bấm), không tính: Nút bị giữ hoặc kẹt." in html
    assert "Tối hoặc bị che" in html


def test_a_counter_has_no_volume(visiting: Visitor) -> None:
    assert "Âm lượng" not in shown(visiting(Role.TECHNICIAN), f"/nodes/{COUNTER}")
