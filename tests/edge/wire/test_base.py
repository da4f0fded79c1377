import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.wire.base import MAX_MESSAGE_BYTES, Message
from edge.wire.entries import BODIES, Fault, read_body
from edge.wire.errors import BadMessage, UnknownVersion, Unreadable
from edge.wire.messages import Birth, Gone, Health, HubState, LedgerBatch, Stored, TimeRequest, read_state
from edge.wire.orders import Order, Standing, TimeAnswer
from edge.wire.plan import Plan
from tests import factories as make

MESSAGES: tuple[type[Message], ...] = (
    Birth,
    Gone,
    Health,
    HubState,
    LedgerBatch,
    Order,
    Plan,
    Standing,
    Stored,
    TimeAnswer,
    TimeRequest,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
VALID = (
    make.birth(),
    make.health(),
    make.hub_state(),
    make.ledger_batch(entries=(make.ledger_entry(make.finished()),)),
    make.order(),
    make.plan(house_rules=make.house_rules(exceptions=(make.quiet_exception(),))),
    make.standing(stopped=make.stop_mark()),
    make.stored(),
    make.time_answer(),
)


def changed(message: Message, **changes: Any) -> bytes:
    return json.dumps(json.loads(message.encode()) | changes).encode()


def decoded_or_refused(kind: type[Message], raw: bytes) -> None:
    try:
        message = kind.decode(raw)
    except BadMessage:
        return
    assert kind.decode(message.encode()) == message


@given(kind=st.sampled_from(MESSAGES), raw=st.binary(max_size=200))
@example(kind=Order, raw=b"[1]")
def test_any_bytes_are_read_or_refused(kind: type[Message], raw: bytes) -> None:
    decoded_or_refused(kind, raw)


@given(message=st.sampled_from(VALID), data=st.data())
def test_a_message_with_any_value_in_any_field_is_read_or_refused(
    message: Message, data: st.DataObject
) -> None:
    content = json.loads(message.encode())
    field = data.draw(st.sampled_from(sorted(content)))
    content[field] = data.draw(JSON)
    decoded_or_refused(type(message), json.dumps(content).encode())


@given(message=st.sampled_from(VALID), data=st.data())
def test_a_damaged_message_is_read_or_refused(message: Message, data: st.DataObject) -> None:
    raw = bytearray(message.encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    decoded_or_refused(type(message), bytes(raw))


@given(kind=st.sampled_from([*BODIES, "unheard-of"]), body=st.dictionaries(st.text(max_size=12), JSON))
def test_any_body_of_an_entry_is_read_or_refused(kind: str, body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_body(kind, body | {"no such field": 1})


@given(kind=st.sampled_from(make.bodies()), data=st.data())
def test_a_body_with_any_value_in_any_field_is_read_or_refused(kind: Any, data: st.DataObject) -> None:
    body = kind.model_dump(mode="json")
    body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
    with suppress(Unreadable):
        assert isinstance(read_body(kind.kind, body), BODIES[kind.kind])


@pytest.mark.parametrize("version", [0, 2, "1", "2", 99, [1], {"a": 1}])
def test_an_unknown_version_is_refused_by_name(version: object) -> None:
    with pytest.raises(UnknownVersion, match="Order version"):
        Order.decode(changed(make.order(), v=version))


def test_a_huge_version_is_not_repeated_in_full() -> None:
    with pytest.raises(UnknownVersion) as caught:
        Order.decode(changed(make.order(), v="9" * 100_000))
    assert len(str(caught.value)) < 1_000


def test_a_message_larger_than_the_contract_allows_is_refused() -> None:
    with pytest.raises(Unreadable, match="too_large"):
        Stored.decode(b" " * (MAX_MESSAGE_BYTES + 1))


@pytest.mark.parametrize("changes", [{"x\nERROR all is lost\x1b[2J": 1}, {"v": "2\nERROR all is lost"}])
def test_a_senders_words_stay_on_one_line(changes: dict[str, object]) -> None:
    with pytest.raises(BadMessage) as caught:
        Order.decode(changed(make.order(), **changes))
    assert "ERROR" in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Unreadable, match="more"):
        Order.decode(changed(make.order(), more=1))


def test_every_fault_is_named() -> None:
    with pytest.raises(Unreadable, match=r"site: .*kind: "):
        Order.decode(changed(make.order(), site="Tân Hoà", kind="shout"))


@pytest.mark.parametrize(
    "instant",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-20T10:00:00", "today", 1_795_168_800],
)
def test_an_instant_without_zone_or_beyond_reason_is_refused(instant: object) -> None:
    with pytest.raises(Unreadable, match="at"):
        HubState.decode(changed(make.hub_state(), at=instant))


@given(seconds=st.integers(0, 2**34), offset_min=st.integers(-720, 840))
def test_an_instant_travels_in_utc_unchanged(seconds: int, offset_min: int) -> None:
    zone = timezone(timedelta(minutes=offset_min))
    instant = datetime(1971, 1, 2, tzinfo=UTC).astimezone(zone) + timedelta(seconds=seconds)
    read = HubState.decode(make.hub_state(at=instant).encode())
    assert read.at == instant
    assert read.at.tzinfo is UTC


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "-1"])
def test_a_bound_that_is_no_size_is_refused(number: str) -> None:
    raw = make.birth().encode().replace(b'"bound_ms":1.5', f'"bound_ms":{number}'.encode())
    with pytest.raises(Unreadable, match="bound_ms"):
        Birth.decode(raw)


def test_a_number_beyond_what_databases_hold_is_refused() -> None:
    with pytest.raises(Unreadable, match="seq"):
        Stored.decode(changed(make.stored(), seq=2**63))


def test_a_state_is_read_as_birth_or_gone() -> None:
    assert [read_state(make.birth().encode()), read_state(make.gone().encode())] == [
        make.birth(),
        make.gone(),
    ]


def test_a_state_that_is_neither_is_refused() -> None:
    with pytest.raises(Unreadable, match="Birth"):
        read_state(b"{}")


def test_a_state_of_a_later_version_is_refused_by_name() -> None:
    with pytest.raises(UnknownVersion):
        read_state(changed(make.gone(), v=2))


def test_a_long_detail_is_cut_and_not_refused() -> None:
    assert len(Fault(name="device", detail="x" * 10_000).detail) == 500
