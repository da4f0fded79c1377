"""What strangers send to a whole loudspeaker: it never sounds, changes nothing, and the ledger says why."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from edge.wire.base import ClockState, Message
from edge.wire.entries import Armed, Obeyed, PlanAccepted, Refused, StandingAccepted
from edge.wire.link import Arrived
from edge.wire.orders import OrderKind
from edge.wire.plan import Plan, audience_of_node
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make
from tests.factories_speaker import HELD
from tests.fakes_node import Village
from tests.fakes_parts import TOPICS

Forge = Callable[[Village, SignedKind, Message], bytes]

OF_NOW = {"plan": make.VERSION, "standing": make.VERSION, "order": make.VERSION}


@pytest.fixture
def village(village: Village) -> Village:
    """A loudspeaker that is stopped and holds an empty plan, with a recording on its disk."""
    village.plan(occurrences=(), recordings=(make.recording(),))
    village.standing(stopped=make.stop_mark())
    village.tell(HELD)
    return village


@pytest.fixture
def new_card(tmp_path: Path) -> Iterator[Village]:
    """A loudspeaker that remembers nothing and does not know the time."""
    village = Village(tmp_path).boot()
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.tell(HELD)
    yield village
    village.ledger.close()


def later_plan(**changes: object) -> Plan:
    """Sounds in a minute, were it believed."""
    return make.plan(**{"version": make.VERSION + 1} | changes)


MESSAGES = {
    SignedKind.PLAN: later_plan(),
    SignedKind.STANDING: make.standing(version=make.VERSION + 1),
    SignedKind.ORDER: make.order(kind=OrderKind.RESUME, seq=make.VERSION + 1),
}


def unsigned(_village: Village, _kind: SignedKind, message: Message) -> bytes:
    return message.encode()


def without_its_signature(village: Village, kind: SignedKind, message: Message) -> bytes:
    return village.signed(kind, message).rpartition(b".")[0] + b"."


def altered(village: Village, kind: SignedKind, message: Message) -> bytes:
    """The site's signature of another message put under this one."""
    other = village.signed(kind, message.model_copy(update={"issued_at": make.NOW - timedelta(days=1)}))
    header, _, signature = other.split(b".")
    return b".".join((header, village.signed(kind, message).split(b".")[1], signature))


def signed_by_another(_village: Village, kind: SignedKind, message: Message) -> bytes:
    return SigningKey.generate().sign(kind, message.encode())


def signed_as_another_kind(village: Village, kind: SignedKind, message: Message) -> bytes:
    other = SignedKind.TIME if kind is not SignedKind.TIME else SignedKind.PLAN
    return village.signed(other, message)


def for_another_node(village: Village, kind: SignedKind, message: Message) -> bytes:
    return village.signed(kind, message.model_copy(update={"aud": audience_of_node("to-9-loa-9")}))


def for_another_site(village: Village, kind: SignedKind, message: Message) -> bytes:
    return village.signed(kind, message.model_copy(update={"site": "xa-khac"}))


FORGERIES: dict[str, tuple[Forge, str]] = {
    "unsigned": (unsigned, "malformed"),
    "without its signature": (without_its_signature, "bad_signature"),
    "altered": (altered, "bad_signature"),
    "of another key": (signed_by_another, "unknown_key"),
    "of another kind": (signed_as_another_kind, "wrong_kind"),
    "for another node": (for_another_node, "wrong_node"),
    "for another site": (for_another_site, "wrong_site"),
}


def leaf_of(kind: SignedKind) -> str:
    return kind.value.removeprefix("loa-")


def deliver(village: Village, kind: SignedKind, token: bytes) -> None:
    topic = TOPICS.order_all if kind is SignedKind.ORDER else TOPICS.node(make.NODE, leaf_of(kind))
    village.tell(Arrived(topic=topic, payload=token, retained=False))


def obeyed(village: Village) -> int:
    return len(village.entries(PlanAccepted, StandingAccepted, Obeyed))


def refusals(village: Village) -> list[tuple[str, str]]:
    return [(one.what, one.reason) for one in village.entries(Refused) if isinstance(one, Refused)]


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.parametrize(("forge", "reason"), FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_changes_nothing_and_is_reported(
    village: Village, kind: SignedKind, forge: Forge, reason: str
) -> None:
    before = obeyed(village)
    deliver(village, kind, forge(village, kind, MESSAGES[kind]))
    village.run(120)
    assert refusals(village) == [(leaf_of(kind), reason)]
    assert obeyed(village) == before
    assert village.stage.acts == []


def test_what_the_site_signed_would_have_sounded(village: Village) -> None:
    for kind in (SignedKind.ORDER, SignedKind.PLAN):
        deliver(village, kind, village.signed(kind, MESSAGES[kind]))
    village.run(120)
    assert len(village.entries(Armed)) == 1


def test_a_plan_that_is_rolled_back_is_reported_and_does_not_sound(village: Village) -> None:
    village.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    village.plan(version=make.VERSION - 1)
    village.run(120)
    assert refusals(village) == [("plan", "replayed")]
    assert village.stage.acts == []


def test_an_earlier_standing_state_does_not_lift_the_stop(village: Village) -> None:
    village.plan(version=make.VERSION + 1)
    village.standing(version=make.VERSION - 1)
    village.run(120)
    assert refusals(village) == [("standing", "replayed")]
    assert village.stage.acts == []


@pytest.mark.parametrize("lift", [OrderKind.RESUME, OrderKind.UNMUTE])
def test_an_order_sent_again_days_later_is_reported_and_changes_nothing(
    village: Village, lift: OrderKind
) -> None:
    recorded = village.signed(SignedKind.ORDER, make.order(kind=lift, seq=make.VERSION + 1))
    village.clock.advance(3 * 86_400)
    deliver(village, SignedKind.ORDER, recorded)
    due_at = village.clock.now() + timedelta(seconds=60)
    village.plan(version=make.VERSION + 1, occurrences=(make.occurrence(due_at=due_at),))
    village.run(120)
    assert refusals(village) == [("order", "expired")]
    assert village.stage.acts == []


def test_an_order_that_a_later_one_overtook_is_not_obeyed_again(village: Village) -> None:
    resume = village.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    village.order(kind=OrderKind.STOP, seq=make.VERSION + 2)
    village.plan(version=make.VERSION + 1)
    deliver(village, SignedKind.ORDER, resume)
    village.run(120)
    assert village.stage.acts == []


def test_an_order_that_was_overtaken_on_its_way_does_not_sound_and_is_reported(village: Village) -> None:
    village.order(kind=OrderKind.STOP, seq=make.VERSION + 2)
    village.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    village.plan(version=make.VERSION + 1)
    village.run(120)
    assert [one.seq for one in village.entries(Obeyed) if isinstance(one, Obeyed)] == [
        make.VERSION + 2,
        make.VERSION + 1,
    ]
    assert village.stage.acts == []


@pytest.mark.parametrize("kept_by", ["a later order", "a standing state"])
def test_an_order_that_was_obeyed_and_overtaken_is_reported_when_it_comes_again_days_later(
    village: Village, kept_by: str
) -> None:
    resume = village.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    if kept_by == "a later order":
        village.order(kind=OrderKind.STOP, seq=make.VERSION + 2)
    else:
        village.standing(version=make.VERSION + 2, stopped=make.stop_mark())
    village.clock.advance(3 * 86_400)
    deliver(village, SignedKind.ORDER, resume)
    due_at = village.clock.now() + timedelta(seconds=60)
    village.plan(version=make.VERSION + 1, occurrences=(make.occurrence(due_at=due_at),))
    village.run(120)
    assert refusals(village) == [("order", "expired")]
    assert village.stage.acts == []


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_recording_of_a_signed_message_does_nothing_to_a_new_card(
    new_card: Village, kind: SignedKind
) -> None:
    deliver(new_card, kind, new_card.signed(kind, MESSAGES[kind]))
    new_card.run(120)
    assert refusals(new_card) == [(leaf_of(kind), "unproven")]
    assert obeyed(new_card) == 0
    assert new_card.stage.acts == []


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_recording_does_nothing_after_the_hub_told_a_new_card_its_floor(
    new_card: Village, kind: SignedKind
) -> None:
    new_card.connect()
    floor = {name: number + 9 for name, number in OF_NOW.items()}
    answer = make.time_answer(nonce=new_card.presence.nonce, **floor)
    new_card.hear("answer", new_card.signed(SignedKind.TIME, answer))
    deliver(new_card, kind, new_card.signed(kind, MESSAGES[kind]))
    new_card.run(120)
    assert refusals(new_card) == [(leaf_of(kind), "replayed")]
    assert new_card.stage.acts == []


def test_a_new_card_with_the_time_takes_no_order_of_yesterday(tmp_path: Path) -> None:
    village = Village(tmp_path).boot()
    village.clock.advance(86_400)
    deliver(village, SignedKind.ORDER, village.signed(SignedKind.ORDER, MESSAGES[SignedKind.ORDER]))
    assert refusals(village) == [("order", "expired")]
    village.ledger.close()
