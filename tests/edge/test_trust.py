"""What a node obeys, and what it refuses with which reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from edge.trust import Floor, Held, Moment, Refusal, Settled, Trust
from edge.wire.base import ClockState
from edge.wire.orders import Order, Standing, TimeAnswer
from edge.wire.plan import Plan
from edge.wire.signing import Keyring, SignedKind, SigningKey
from tests import factories as make

TRUSTED = Moment(now=make.NOW, clock=make.reading())
UNTRUSTED = Moment(now=make.NOW, clock=make.reading(ClockState.UNTRUSTED, None))


def trust(keyring: Keyring | None = None, areas: tuple[str, ...] = (make.AREA, "tan-hoa-tay")) -> Trust:
    return Trust(keyring=keyring or make.keyring(), site=make.SITE, node=make.NODE, areas=areas)


def signed(kind: SignedKind, message: Plan | Standing | Order | TimeAnswer) -> bytes:
    return make.signing_key().sign(kind, message.encode())


def plan_token(**changes: object) -> bytes:
    return signed(SignedKind.PLAN, make.plan(**changes))


def standing_token(**changes: object) -> bytes:
    return signed(SignedKind.STANDING, make.standing(**changes))


def order_token(**changes: object) -> bytes:
    return signed(SignedKind.ORDER, make.order(**changes))


def reason_of(verdict: object) -> str:
    assert isinstance(verdict, Refusal), verdict
    return verdict.reason


def test_a_plan_signed_for_this_node_is_obeyed() -> None:
    verdict = trust().plan(plan_token(), held=Held(), moment=TRUSTED)
    assert verdict == make.plan()


def test_a_plan_of_another_key_is_refused() -> None:
    stranger = trust(Keyring(SigningKey.generate().public()))
    assert reason_of(stranger.plan(plan_token(), held=Held(), moment=TRUSTED)) == "unknown_key"


def test_a_changed_byte_is_refused() -> None:
    head, body, mark = plan_token().split(b".")
    other = signed(SignedKind.PLAN, make.plan(version=make.VERSION + 1)).split(b".")[1]
    assert body != other
    verdict = trust().plan(b".".join((head, other, mark)), held=Held(), moment=TRUSTED)
    assert reason_of(verdict) == "bad_signature"


def test_a_plan_cannot_pass_for_an_order() -> None:
    assert reason_of(trust().order(plan_token(), held=Held(), moment=TRUSTED)) == "wrong_kind"


@pytest.mark.parametrize("noise", [b"", b"{}", b"\xff\xfe", b"a.b.c", b"." * 10_000])
def test_noise_is_refused_and_never_raises(noise: bytes) -> None:
    assert reason_of(trust().plan(noise, held=Held(), moment=TRUSTED)) == "malformed"


def test_a_plan_of_another_site_is_refused() -> None:
    assert reason_of(trust().plan(plan_token(site="xa-khac"), held=Held(), moment=TRUSTED)) == "wrong_site"


@pytest.mark.parametrize("aud", ["node:to-2-loa-2", "all", f"area:{make.AREA}"])
def test_a_plan_for_others_is_refused(aud: str) -> None:
    assert reason_of(trust().plan(plan_token(aud=aud), held=Held(), moment=TRUSTED)) == "wrong_node"


@pytest.mark.parametrize("aud", [f"node:{make.NODE}", "all", f"area:{make.AREA}", "area:tan-hoa-tay"])
def test_an_order_to_the_node_its_areas_or_all_is_obeyed(aud: str) -> None:
    assert isinstance(trust().order(order_token(aud=aud), held=Held(), moment=TRUSTED), Order)


def test_an_order_to_another_area_is_refused() -> None:
    verdict = trust().order(order_token(aud="area:to-9"), held=Held(), moment=TRUSTED)
    assert reason_of(verdict) == "wrong_node"


def test_the_plan_that_is_held_is_settled() -> None:
    assert isinstance(trust().plan(plan_token(), held=Held(plan=make.plan()), moment=TRUSTED), Settled)


def test_an_older_plan_is_a_replay() -> None:
    held = Held(plan=make.plan(version=make.VERSION + 1))
    assert reason_of(trust().plan(plan_token(), held=held, moment=TRUSTED)) == "replayed"


def test_a_plan_below_the_hubs_floor_is_a_replay() -> None:
    held = Held(floor=Floor(plan=make.VERSION + 1))
    assert reason_of(trust().plan(plan_token(), held=held, moment=TRUSTED)) == "replayed"


def test_a_plan_at_the_hubs_floor_is_obeyed() -> None:
    held = Held(floor=Floor(plan=make.VERSION))
    assert isinstance(trust().plan(plan_token(), held=held, moment=TRUSTED), Plan)


def test_an_older_standing_state_is_a_replay() -> None:
    held = Held(standing=make.standing(version=make.VERSION + 1))
    verdict = trust().standing(standing_token(version=make.VERSION), held=held, moment=TRUSTED)
    assert reason_of(verdict) == "replayed"


def test_an_order_seen_before_is_settled() -> None:
    held = Held(orders=(make.order(),))
    assert isinstance(trust().order(order_token(), held=held, moment=TRUSTED), Settled)


def test_an_order_that_the_standing_state_covers_is_settled_even_below_the_floor() -> None:
    seq = make.order().seq
    held = Held(standing=make.standing(version=seq), floor=Floor(order=seq + 5))
    assert isinstance(trust().order(order_token(), held=held, moment=TRUSTED), Settled)


def test_an_order_below_the_floor_is_a_replay() -> None:
    held = Held(floor=Floor(order=make.order().seq + 1))
    assert reason_of(trust().order(order_token(), held=held, moment=TRUSTED)) == "replayed"


def test_an_earlier_order_that_was_overtaken_on_its_way_is_obeyed() -> None:
    held = Held(orders=(make.order(seq=make.order().seq + 1),))
    assert isinstance(trust().order(order_token(), held=held, moment=TRUSTED), Order)


def after_its_time(seconds: float, *, bound_ms: float = 0.0) -> Moment:
    now = make.order().not_after + timedelta(seconds=seconds)
    return Moment(now=now, clock=make.reading(bound_ms=bound_ms))


def test_an_order_after_its_time_is_refused() -> None:
    assert reason_of(trust().order(order_token(), held=Held(), moment=after_its_time(1))) == "expired"


@pytest.mark.parametrize(
    "held", [Held(orders=(make.order(),)), Held(standing=make.standing(version=make.order().seq + 1))]
)
def test_an_order_that_was_obeyed_is_refused_when_it_comes_again_after_its_time(held: Held) -> None:
    assert reason_of(trust().order(order_token(), held=held, moment=after_its_time(1))) == "expired"


def test_an_order_is_not_after_its_time_while_the_clocks_error_may_explain_it() -> None:
    moment = after_its_time(1, bound_ms=2_000)
    assert isinstance(trust().order(order_token(), held=Held(), moment=moment), Order)


def test_an_untrusted_clock_cannot_say_that_an_order_is_late() -> None:
    moment = replace(after_its_time(9_999), clock=UNTRUSTED.clock)
    held = Held(standing=make.standing(version=1))
    assert isinstance(trust().order(order_token(), held=held, moment=moment), Order)


def test_a_new_card_without_trusted_time_obeys_nothing() -> None:
    judge = trust()
    verdicts = [
        judge.plan(plan_token(), held=Held(), moment=UNTRUSTED),
        judge.standing(standing_token(), held=Held(), moment=UNTRUSTED),
        judge.order(order_token(), held=Held(), moment=UNTRUSTED),
    ]
    assert [reason_of(verdict) for verdict in verdicts] == ["unproven"] * 3


def test_a_new_card_obeys_once_the_hub_answered_its_nonce() -> None:
    held = Held(vouched=True)
    assert isinstance(trust().plan(plan_token(), held=held, moment=UNTRUSTED), Plan)
    assert isinstance(trust().standing(standing_token(), held=held, moment=UNTRUSTED), Standing)
    assert isinstance(trust().order(order_token(), held=held, moment=UNTRUSTED), Order)


def test_a_node_with_a_past_needs_no_trusted_time() -> None:
    held = Held(plan=make.plan(version=1), standing=make.standing(version=1))
    assert isinstance(trust().plan(plan_token(), held=held, moment=UNTRUSTED), Plan)
    assert isinstance(trust().order(order_token(), held=held, moment=UNTRUSTED), Order)


def test_a_kept_plan_does_not_prove_an_order() -> None:
    verdict = trust().order(order_token(), held=Held(plan=make.plan()), moment=UNTRUSTED)
    assert reason_of(verdict) == "unproven"


def answer_token(**changes: object) -> bytes:
    return signed(SignedKind.TIME, make.time_answer(**changes))


def test_the_answer_to_the_present_nonce_is_taken() -> None:
    verdict = trust().time_answer(answer_token(), held=Held(nonce=make.NONCE))
    assert isinstance(verdict, TimeAnswer)


@pytest.mark.parametrize("nonce", ["", "another-nonce-of-an-earlier-birth"])
def test_the_answer_to_another_question_is_refused(nonce: str) -> None:
    assert reason_of(trust().time_answer(answer_token(), held=Held(nonce=nonce))) == "wrong_nonce"
