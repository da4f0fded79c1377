"""An emergency at a whole loudspeaker node among fakes: what people hear, and what the ledger says of it."""

from datetime import timedelta
from typing import Any

import pytest

from edge.speaker.clips import ClipHeld
from edge.wire.base import ClockState
from edge.wire.entries import Armed, Obeyed, Outcome, Reason, StandingAccepted
from edge.wire.orders import OrderKind
from tests import factories as make
from tests.factories_speaker import HELD, outcomes
from tests.fakes_node import Village

TWICE = {"repeat_every_s": 60, "until": make.NOW + timedelta(seconds=90)}
ONCE = {"repeat_every_s": None, "until": make.NOW + timedelta(seconds=600)}
PLAYED = (Outcome.PLAYED, None)


@pytest.fixture
def village(village: Village) -> Village:
    """A node that holds the recording, and nothing in its plan."""
    village.plan(occurrences=(), recordings=(make.recording(),))
    village.tell(HELD)
    return village


def begin(village: Village, **changes: Any) -> None:
    emergency = make.emergency(**TWICE | {"seq": make.VERSION} | changes)
    village.order(kind=OrderKind.EMERGENCY, seq=emergency.seq, emergency=emergency)


def starts(village: Village) -> list[float]:
    begun = (act.started_at for act in village.stage.acts if act.started_at)
    return [round((at - make.NOW).total_seconds(), 1) for at in begun]


def test_it_sounds_at_once_and_again_until_its_end(village: Village) -> None:
    begin(village)
    village.run(300)
    assert starts(village) == [0, 60]
    assert outcomes(village) == {"e-1.0": PLAYED, "e-1.1": PLAYED}


def test_an_order_that_took_a_moment_loses_nothing_of_the_beginning(village: Village) -> None:
    village.clock.advance(1.5)
    begin(village)
    assert [act.track.start_ms for act in village.stage.acts] == [0]


def test_beginning_soon_matters_more_than_beginning_to_the_sample(village: Village) -> None:
    begin(village)
    assert village.stage.acts[0].track.at_once


def test_the_order_is_confirmed(village: Village) -> None:
    begin(village)
    assert village.entries(Obeyed) == [Obeyed(seq=make.VERSION, order="emergency")]


def test_its_standing_state_does_not_begin_it_again(village: Village) -> None:
    begin(village)
    village.standing(version=make.VERSION, emergencies=(make.emergency(**TWICE),))
    village.run(300)
    assert starts(village) == [0, 60]


def test_a_node_that_comes_back_into_the_network_comes_into_the_repetition_that_sounds(
    village: Village,
) -> None:
    village.clock.advance(65)
    village.standing(emergencies=(make.emergency(**TWICE),))
    (act,) = village.stage.acts
    assert (act.play_id, act.track.start_ms) == ("e-1.1", 6_000)
    village.run(300)
    assert outcomes(village) == {"e-1.0": (Outcome.SKIPPED, Reason.LATE), "e-1.1": PLAYED}


def test_one_alone_is_heard_whole_by_who_comes_later(village: Village) -> None:
    village.clock.advance(300)
    village.standing(emergencies=(make.emergency(**ONCE),))
    village.run(30)
    assert outcomes(village) == {"e-1.0": PLAYED}


def test_it_goes_on_after_a_power_cut(village: Village) -> None:
    begin(village)
    village.run(5)
    village.pull_the_plug()
    village.clock.advance(30)
    village.boot().tell(HELD)
    village.run(300)
    assert outcomes(village) == {"e-1.0": (Outcome.CUT, Reason.POWER), "e-1.1": PLAYED}


def test_without_trusted_time_it_sounds_and_repeats(village: Village) -> None:
    village.standing(version=make.VERSION - 1)
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.clock.step(-400 * 86_400)
    begin(village)
    village.run(100)
    assert outcomes(village) == {"e-1.0": PLAYED, "e-1.1": PLAYED}


def test_what_the_recordings_lack_is_waited_for(village: Village) -> None:
    begin(village, recordings=(make.OTHER_SHA256,), **ONCE)
    village.run(100)
    assert not village.stage.is_sounding
    village.tell(ClipHeld(make.OTHER_SHA256, 1_000))
    village.run(30)
    assert outcomes(village) == {"e-1.0": PLAYED}


def test_a_cancel_silences_it_and_nothing_follows(village: Village) -> None:
    begin(village)
    village.run(5)
    village.order(kind=OrderKind.CANCEL, seq=make.VERSION + 1, cancels="e-1")
    assert not village.stage.is_sounding
    village.run(300)
    assert outcomes(village) == {"e-1.0": (Outcome.CUT, Reason.WITHDRAWN)}


def test_a_stop_silences_it_and_lifting_the_stop_does_not_bring_it_back(village: Village) -> None:
    begin(village)
    village.run(5)
    village.order(seq=make.VERSION + 1)
    assert not village.stage.is_sounding
    village.order(kind=OrderKind.RESUME, seq=make.VERSION + 2)
    village.run(300)
    assert outcomes(village) == {"e-1.0": (Outcome.CUT, Reason.STOPPED)}


@pytest.mark.parametrize(
    ("kind", "reason"), [(OrderKind.STOP, Reason.STOPPED), (OrderKind.CANCEL, Reason.WITHDRAWN)]
)
def test_one_that_is_over_before_its_first_sample_has_one_outcome(
    village: Village, kind: OrderKind, reason: Reason
) -> None:
    begin(village, starts_at=make.NOW + timedelta(seconds=5))
    village.run(2)
    assert len(village.entries(Armed)) == 1
    village.order(kind=kind, seq=make.VERSION + 1, cancels="e-1" if kind is OrderKind.CANCEL else None)
    village.run(300)
    assert outcomes(village) == {"e-1.0": (Outcome.SKIPPED, reason)}


def test_one_that_still_waits_for_its_recordings_when_it_is_stopped_has_one_outcome(
    village: Village,
) -> None:
    begin(village, recordings=(make.OTHER_SHA256,), **ONCE)
    village.run(5)
    village.order(seq=make.VERSION + 1)
    village.run(5)
    assert outcomes(village) == {"e-1.0": (Outcome.SKIPPED, Reason.STOPPED)}


def test_a_repetition_that_was_not_due_when_it_was_stopped_has_none(village: Village) -> None:
    begin(village)
    village.run(30)
    village.order(seq=make.VERSION + 1)
    village.run(300)
    assert outcomes(village) == {"e-1.0": PLAYED}


def test_one_issued_after_a_stop_sounds(village: Village) -> None:
    village.order(seq=make.VERSION)
    begin(village, seq=make.VERSION + 1)
    village.run(1)
    assert village.stage.is_sounding


def test_a_mute_node_stays_mute_and_records_it(village: Village) -> None:
    village.order(kind=OrderKind.MUTE, seq=make.VERSION)
    begin(village, seq=make.VERSION + 1)
    village.run(300)
    assert outcomes(village) == dict.fromkeys(("e-1.0", "e-1.1"), (Outcome.SKIPPED, Reason.MUTED))
    assert village.stage.acts == []


def test_it_is_not_obeyed_from_a_standing_state_that_was_replayed(village: Village) -> None:
    village.standing(version=make.VERSION + 5)
    village.standing(version=make.VERSION, emergencies=(make.emergency(**TWICE),))
    assert village.stage.acts == []
    assert len(village.entries(StandingAccepted)) == 1


def test_the_routine_item_that_it_cut_is_not_heard_again(village: Village) -> None:
    village.plan(
        version=make.VERSION + 1,
        occurrences=(make.occurrence(due_at=make.NOW + timedelta(seconds=10)),),
    )
    village.run(15)
    begin(village, starts_at=village.clock.now(), until=village.clock.now() + timedelta(seconds=90))
    village.run(300)
    assert outcomes(village) == {
        "o-1": (Outcome.CUT, Reason.PREEMPTED),
        "e-1.0": PLAYED,
        "e-1.1": PLAYED,
    }
