"""A loudspeaker's page says its ledger in words."""

import pytest

from edge.wire.entries import Body, Fault, Mended, Obeyed, Refused, Started
from tests.factories_hub import Village
from tests.factories_pages import Browser


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (Obeyed(seq=1, order="volume"), "Đã làm theo lệnh “đặt âm lượng”."),
        (Fault(name="clock_assumed"), "Sự cố: Đồng hồ được coi là đúng theo cài đặt"),
        (Mended(name="clock_assumed"), "Hết sự cố: Đồng hồ được coi là đúng theo cài đặt"),
        (Fault(name="fan"), "Sự cố “fan”."),
        (Refused(what="order", reason="bad_signature"), "Không nhận lệnh: chữ ký không đúng."),
    ],
)
def test_an_entry_is_said_in_words(clerk: Browser, village: Village, body: Body, says: str) -> None:
    village.born("loa-1")
    village.wrote("loa-1", [body])
    assert says in clerk.get("/nodes/loa-1").text


def test_a_start_error_is_written_with_a_comma(clerk: Browser, village: Village) -> None:
    village.born("loa-1")
    at = village.now()
    started = Started(occurrence="s.20261120T020000Z", due_at=at, started_at=at, start_error_ms=0.52)
    village.wrote("loa-1", [started])
    assert "lệch +0,5 ms." in clerk.get("/nodes/loa-1").text
