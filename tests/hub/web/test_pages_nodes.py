"""A loudspeaker's page says its ledger in words."""

import pytest

from edge.wire.entries import Armed, Body, Fault, Mended, Obeyed, Refused, Started
from edge.wire.orders import OrderKind
from hub.parts import Parts
from hub.web import words
from hub.web.views import Message, Term
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
    sure = {"confirmed": "yes", "despite_missing": "yes"}
    approver.post("/emergencies", bulletin=bulletin, where="all", repeat_min="2", for_min="60", **sure)
    [kept] = parts.emergencies.running()
    village.wrote("loa-1", [Armed(occurrence=f"{kept.id}.0", due_at=village.now())])
    assert "Sẵn sàng phát “Sơ tán tránh lũ”" in clerk.get("/nodes/loa-1").text
