"""Orders and standing states at a whole loudspeaker node among fakes: obeyed, kept, confirmed."""

from datetime import timedelta

import pytest

from edge.errors import LedgerFull
from edge.speaker.output import Stopped
from edge.wire.entries import Finished, Obeyed, Outcome, Reason, Refused, StandingAccepted
from edge.wire.link import Arrived
from edge.wire.orders import OrderKind
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make
from tests.factories_speaker import HELD, item, only, outcomes
from tests.fakes_node import Village
from tests.fakes_parts import TOPICS


def test_a_volume_order_is_heard_in_what_sounds(village: Village) -> None:
    village.plan(occurrences=(item(volume=80),))
    village.tell(HELD)
    village.run(65)
    village.order(kind=OrderKind.VOLUME, value=50)
    assert village.stage.acts[0].volume == 40


def test_a_stop_silences_at_once(ready: Village) -> None:
    ready.run(65)
    assert ready.stage.is_sounding
    ready.order()
    assert not ready.stage.is_sounding
    assert outcomes(ready) == {"o-1": (Outcome.CUT, Reason.STOPPED)}


def test_obeyed_is_written_once_the_sound_is_over(ready: Village) -> None:
    ready.run(65)
    ready.order()
    kinds = [type(entry) for entry in ready.entries(Finished, Obeyed)]
    assert kinds == [Finished, Obeyed]


def test_an_output_that_does_not_fall_silent_is_not_confirmed(ready: Village) -> None:
    ready.run(65)
    ready.stage.hangs = True
    ready.order()
    ready.run(5)
    assert ready.entries(Obeyed) == []


def refuse_to_keep(_name: str, _value: bytes) -> None:
    raise LedgerFull("no room")


def test_a_stop_that_cannot_be_kept_silences_all_the_same_and_is_not_confirmed(
    ready: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.run(65)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.order()
    assert not ready.stage.is_sounding
    assert ready.entries(Obeyed) == []


def test_a_standing_stop_that_cannot_be_kept_silences_all_the_same(
    ready: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.run(65)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.standing(stopped=make.stop_mark())
    assert not ready.stage.is_sounding
    assert ready.entries(StandingAccepted) == []


@pytest.mark.parametrize("kind", [OrderKind.RESUME, OrderKind.UNMUTE])
def test_what_would_make_sound_is_not_obeyed_unless_it_is_kept(
    ready: Village, kind: OrderKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.standing(stopped=make.stop_mark(), muted=True)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.order(kind=kind, seq=make.VERSION + 1)
    refused = only(ready, Refused)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_kept"


def test_a_plan_that_cannot_be_kept_is_not_obeyed(ready: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.plan(version=make.VERSION + 1, occurrences=())
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_an_order_that_comes_twice_is_obeyed_once(ready: Village) -> None:
    token = ready.order()
    ready.tell(Arrived(topic=TOPICS.order_all, payload=token, retained=False))
    assert len(ready.entries(Obeyed)) == 1
    assert ready.entries(Refused) == []


def test_a_stop_lasts_over_a_power_cut(ready: Village) -> None:
    ready.order()
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.SKIPPED, Reason.STOPPED)}


def test_a_stop_lasts_until_it_is_lifted(ready: Village) -> None:
    ready.plan(version=make.VERSION + 1, occurrences=(item(), item("o-2", 100)))
    ready.order()
    ready.run(80)
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1, not_after=make.NOW + timedelta(minutes=5))
    ready.run(60)
    assert outcomes(ready) == {
        "o-1": (Outcome.SKIPPED, Reason.STOPPED),
        "o-2": (Outcome.PLAYED, None),
    }


def test_a_standing_state_that_stops_is_obeyed_and_confirmed(ready: Village) -> None:
    ready.run(65)
    ready.standing(stopped=make.stop_mark())
    assert not ready.stage.is_sounding
    assert only(ready, StandingAccepted) == StandingAccepted(
        version=make.VERSION, stopped=True, muted=False, volume=100
    )


def test_an_order_that_lost_the_race_against_its_standing_state_changes_nothing(ready: Village) -> None:
    ready.standing(version=make.VERSION + 1)
    ready.order(seq=make.VERSION)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_standing_stop_lasts_over_a_power_cut(ready: Village) -> None:
    ready.standing(stopped=make.stop_mark())
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.SKIPPED, Reason.STOPPED)}


def test_an_order_is_forgotten_once_the_standing_state_covers_it(ready: Village) -> None:
    ready.order()
    ready.standing(version=make.VERSION)
    assert ready.ledger.kept("orders") == b"[]"


def test_a_stop_that_is_lifted_before_an_armed_item_is_due_costs_nothing(ready: Village) -> None:
    ready.run(57)
    ready.order()
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    ready.run(30)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_late_word_of_an_earlier_play_changes_nothing(ready: Village) -> None:
    ready.run(57)
    ready.order()
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    ready.run(5)
    first, _second = ready.stage.acts
    first.report(Stopped(at=ready.clock.now(), played_ms=7))
    ready.run(0)
    assert outcomes(ready) == {}


def test_a_forged_plan_is_refused_with_its_reason(village: Village) -> None:
    village.hear("plan", SigningKey.generate().sign(SignedKind.PLAN, make.plan().encode()))
    refused = only(village, Refused)
    assert isinstance(refused, Refused)
    assert (refused.what, refused.reason) == ("plan", "unknown_key")


def test_the_same_refusal_is_recorded_once_in_ten_minutes(village: Village) -> None:
    for _ in range(50):
        village.hear("plan", b"noise")
    assert len(village.entries(Refused)) == 1
    village.run(601)
    village.hear("plan", b"noise")
    assert len(village.entries(Refused)) == 2


@pytest.mark.parametrize("leaf", ["stored", "state", "answer", "standing", "order"])
@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b'{"v":9}'])
def test_no_message_stops_the_node(ready: Village, leaf: str, payload: bytes) -> None:
    ready.connect()
    ready.hear(leaf, payload)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}
