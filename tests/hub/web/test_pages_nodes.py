"""A loudspeaker's page says its ledger in words."""

import pytest

from edge.wire.entries import Armed, Body, Fault, Mended, Obeyed, Refused, Started
from edge.wire.orders import OrderKind
from hub.parts import Parts
from hub.store import nodes
from hub.web import words
from hub.web.views import Message, Term
from tests import factories_hub
from tests.factories_hub import Village
from tests.factories_pages import Browser


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (Obeyed(seq=1, order="volume"), "Đã làm theo lệnh “đặt âm lượng”."),
        (Fault(name="clock_assumed"), "Cần biết: Đồng hồ được coi là đúng theo cài đặt"),
        (Mended(name="clock_assumed"), "Không còn nữa: Đồng hồ được coi là đúng theo cài đặt"),
        (Fault(name="fan"), "Sự cố “fan”."),
        (Refused(what="order", reason="bad_signature"), "Không nhận lệnh: chữ ký không đúng."),
    ],
)
def test_an_entry_is_said_in_words(clerk: Browser, village: Village, body: Body, says: str) -> None:
    village.born("loa-1")
    village.wrote("loa-1", [body])
    assert says in clerk.get("/nodes/loa-1").text


@pytest.mark.parametrize("page", ["/", "/nodes/loa-1", "/check"])
def test_what_is_so_by_a_setting_is_nowhere_called_a_fault(
    clerk: Browser, village: Village, page: str
) -> None:
    village.born("loa-1")
    village.wrote("loa-1", [Fault(name="clock_assumed")])
    assert words.say(Message("nodes.faults_none"), "vi") in clerk.get(page).text


def test_what_is_so_by_a_setting_stands_on_its_own_on_the_loudspeakers_page(
    clerk: Browser, village: Village
) -> None:
    village.born("loa-1")
    village.wrote("loa-1", [Fault(name="clock_assumed")])
    _, _, notes = clerk.get("/nodes/loa-1").text.partition("Cần biết")
    assert notes.lstrip().startswith("Đồng hồ được coi là đúng theo cài đặt")


def test_a_start_error_is_written_with_a_comma(clerk: Browser, village: Village) -> None:
    village.born("loa-1")
    at = village.now()
    started = Started(occurrence="s.20261120T020000Z", due_at=at, started_at=at, start_error_ms=0.52)
    village.wrote("loa-1", [started])
    assert "lệch +0,5 ms." in clerk.get("/nodes/loa-1").text


@pytest.mark.parametrize("kind", OrderKind)
def test_every_order_has_its_words(kind: OrderKind) -> None:
    assert words.say(Term("order_kind", kind.value), "vi") != kind.value


def test_a_repetition_of_an_emergency_is_called_by_its_title(
    clerk: Browser, approver: Browser, village: Village, parts: Parts
) -> None:
    bulletin = village.bulletin("Sơ tán tránh lũ", priority="emergency")
    village.born("loa-1")
    sure = {"confirmed": "a" * 16, "despite_missing": "yes"}
    approver.post("/emergencies", bulletin=bulletin, where="all", repeat_min="2", for_min="60", **sure)
    [kept] = parts.emergencies.running()
    village.wrote("loa-1", [Armed(occurrence=f"{kept.id}.0", due_at=village.now())])
    assert "Sẵn sàng phát “Sơ tán tránh lũ”" in clerk.get("/nodes/loa-1").text


def test_what_is_broken_stands_before_what_else_is_known(clerk: Browser, village: Village) -> None:
    village.born("loa-1")
    village.faults.raise_("loa-1", "amplifier", "chân 17")
    text = clerk.get("/nodes/loa-1").text
    assert text.index("chân 17") < text.index("Tin gần nhất")
    assert text.count("chân 17") == 1


def test_a_loudspeaker_with_the_newest_plan_says_when_it_was_made(clerk: Browser, village: Village) -> None:
    village.publishing.refresh()
    village.born("loa-1")
    village.health("loa-1", plan=village.line.plan("loa-1").version)
    assert "bản mới nhất, lập lúc 09:00 hôm nay" in clerk.get("/nodes/loa-1").text


def test_a_loudspeaker_with_an_older_plan_says_so(clerk: Browser, village: Village) -> None:
    village.publishing.refresh()
    village.born("loa-1")
    village.health("loa-1", plan=village.line.plan("loa-1").version - 86_400_000)
    assert "bản cũ, lập lúc 09:00 hôm qua; chưa nhận bản mới nhất" in clerk.get("/nodes/loa-1").text


@pytest.mark.parametrize(("plan", "says"), [(0, "chưa có"), (2**60, "bản mới nhất, lập lúc 09:00 hôm nay")])
def test_no_plan_and_one_from_nowhere_spoil_no_page(
    clerk: Browser, village: Village, plan: int, says: str
) -> None:
    report = factories_hub.report(node="loa-1", plan=plan)
    village.store.write(lambda db: nodes.keep_report(db, report))
    assert f"Kế hoạch phát {says}" in clerk.get("/nodes/loa-1").text


def test_readings_are_told_in_units_that_fit(clerk: Browser, village: Village) -> None:
    village.born("loa-1")
    village.health("loa-1", disk_free=23_400_000_000, memory=61_000_000, temperature_c=47.34)
    text = clerk.get("/nodes/loa-1").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "61 MB Thẻ nhớ còn trống 23,4 GB Nhiệt độ 47,3 °C" in text


@pytest.mark.parametrize(("kind", "section"), [("speaker", "/nodes"), ("counter", "/counters")])
def test_the_menu_says_where_a_devices_page_belongs(
    clerk: Browser, village: Village, kind: str, section: str
) -> None:
    village.enrol("moi", kind=kind, name="Mới")
    [here] = [link for link in clerk.get("/nodes/moi").tags("a") if link.get("aria-current") == "page"]
    assert here["href"] == section
