"""What cannot be read of what nodes say is kept with its reason, and stops nothing."""

import json

import pytest

from edge.wire.link import Arrived
from edge.wire.messages import LedgerBatch
from edge.wire.topics import Topics
from tests.factories import LEDGER, SITE
from tests.factories_hub import Village, boots

TOPICS = Topics(SITE)


def unreadable(village: Village) -> list[str]:
    return [unread.reason for unread in village.faults.unreadable()]


@pytest.mark.parametrize(
    ("leaf", "payload"),
    [
        ("ledger", b"\xff\xfe"),
        ("ledger", b"[" * 100_000),
        ("ledger", b'{"v": 2}'),
        ("state", b"{}"),
        ("health", b"null"),
        ("time", b'{"v":1,"nonce":""}'),
        ("plan", b"{}"),
    ],
)
def test_what_cannot_be_read_is_kept_with_the_reason_and_stops_nothing(
    village: Village, leaf: str, payload: bytes
) -> None:
    good = village.batch(boots(1)).encode()
    village.inbox.receive(
        [
            Arrived(TOPICS.node("loa-1", leaf), payload, False),
            Arrived(TOPICS.node("loa-1", "ledger"), good, False),
        ]
    )
    assert len(unreadable(village)) == 1
    assert village.line.stored("loa-1") == [1]


def test_no_word_of_a_node_begins_a_line_of_the_log(
    village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    told = json.loads(village.batch(boots(1)).encode()) | {"x\n2026-11-20 ERROR hub: made up": 1}
    village.says("loa-1", "ledger", json.dumps(told).encode())
    assert "made up" in caplog.text
    assert [record for record in caplog.records if not record.getMessage().isprintable()] == []


def test_a_stranger_is_not_believed(village: Village) -> None:
    village.wrote("loa-9", boots(1))
    assert unreadable(village) == ["unknown_node"]


def test_an_entry_of_unknown_kind_is_stored_and_shown_and_passed(village: Village) -> None:
    batch = village.batch(boots(3))
    odd = batch.entries[1].model_copy(update={"kind": "tomorrow"})
    mixed = LedgerBatch(ledger=LEDGER, first_held=1, entries=(batch.entries[0], odd, batch.entries[2]))
    village.says("loa-1", "ledger", mixed.encode())
    assert village.line.stored("loa-1") == [3]
    assert unreadable(village) == ["unknown_kind"]


@pytest.mark.parametrize(
    ("wanted", "instead"),
    [(b'"software":"0"', b'"software":"\\ud800"'), (b'"at":"2026', b'"at":"0001'), (b'"b1"', b'"\\u0000"')],
)
def test_a_hostile_value_takes_nothing_else_with_it(village: Village, wanted: bytes, instead: bytes) -> None:
    payload = village.batch(boots(1)).encode()
    assert wanted in payload
    hostile = payload.replace(wanted, instead)
    village.inbox.receive(
        [
            Arrived(TOPICS.node("loa-1", "ledger"), hostile, False),
            Arrived(TOPICS.node("loa-2", "ledger"), payload, False),
        ]
    )
    assert village.line.stored("loa-2") == [1]


def test_an_empty_retained_message_says_nothing(village: Village) -> None:
    village.says("loa-1", "state", b"")
    assert unreadable(village) == []


def test_what_could_not_be_read_is_kept_up_to_a_bound(village: Village) -> None:
    topic = TOPICS.node("loa-1", "ledger")
    village.inbox.receive([Arrived(topic, b"x%d" % number, False) for number in range(1100)])
    assert len(village.faults.unreadable(limit=5000)) == 1000
