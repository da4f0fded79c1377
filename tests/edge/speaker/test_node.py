"""A whole loudspeaker node among fakes: what people hear of its plan, and what the ledger says of it."""

from datetime import timedelta

import pytest

from edge.wire.base import Priority
from edge.wire.entries import Armed, Finished, Outcome, Reason, Started
from edge.wire.orders import OrderKind
from edge.wire.plan import Misfire, MisfireRule
from tests import factories as make
from tests.factories_speaker import HELD, LATE_10_MIN, item, only, outcomes
from tests.fakes_node import Village
from tests.fakes_stage import STEP_S


def test_a_planned_item_is_played_with_no_network_at_all(ready: Village) -> None:
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_it_is_armed_seconds_before_and_starts_when_due(ready: Village) -> None:
    ready.run(56)
    assert [act.due for act in ready.stage.acts] == [make.NOW + timedelta(seconds=60)]
    ready.run(5)
    started = only(ready, Started)
    assert isinstance(started, Started)
    assert started.started_at == make.NOW + timedelta(seconds=60)


def test_it_says_what_it_is_at_before_during_and_after(ready: Village) -> None:
    said = []
    for seconds in (0, 61, 19):
        ready.run(seconds)
        said.append(ready.node.doing().partition(":")[0])
    assert said == ["sounding soon", "sounding", "silent, nothing planned"]


def test_its_outcome_says_when_it_started_how_exactly_and_that_its_sound_is_kept(ready: Village) -> None:
    ready.run(80)
    finished = only(ready, Finished)
    assert isinstance(finished, Finished)
    assert finished.started_at == make.NOW + timedelta(seconds=60)
    assert finished.start_error_ms == 0
    assert finished.clock_bound_ms == 1.0
    assert abs(finished.played_ms - 12_000) < 100
    assert finished.sound_kept


def test_a_kept_sound_is_offered_to_the_hub_when_the_play_is_over(ready: Village) -> None:
    ready.run(65)
    assert ready.sounds.offered == []
    ready.run(15)
    assert ready.sounds.offered == ["o-1"]


def test_the_nodes_volume_and_the_items_are_multiplied(village: Village) -> None:
    village.standing(volume=50)
    village.plan(occurrences=(item(volume=80),))
    village.tell(HELD)
    village.run(60)
    assert village.stage.acts[0].track.volume == 40


def test_what_may_be_joined_comes_in_where_the_others_are(village: Village) -> None:
    village.plan(occurrences=(item(misfire=Misfire(rule=MisfireRule.JOIN)),))
    village.run(65)
    village.tell(HELD)
    (act,) = village.stage.acts
    assert act.track.start_ms == 6_000
    assert act.due == make.NOW + timedelta(seconds=66)


def test_a_priority_item_that_an_emergency_silenced_starts_again(village: Village) -> None:
    village.plan(
        occurrences=(
            item("first", 60, priority=Priority.PRIORITY, misfire=LATE_10_MIN),
            item("alarm", 65, priority=Priority.EMERGENCY),
        )
    )
    village.tell(HELD)
    village.run(120)
    assert outcomes(village) == {"alarm": (Outcome.PLAYED, None), "first": (Outcome.PLAYED, None)}
    assert [act.play_id for act in village.stage.acts] == ["first", "alarm", "first"]


def test_a_routine_item_that_was_silenced_is_abandoned(village: Village) -> None:
    village.plan(occurrences=(item("first", 60), item("notice", 65, priority=Priority.PRIORITY)))
    village.tell(HELD)
    village.run(120)
    assert outcomes(village) == {"first": (Outcome.CUT, Reason.PREEMPTED), "notice": (Outcome.PLAYED, None)}


def test_a_row_of_items_without_a_pause_is_played_whole(village: Village) -> None:
    village.plan(occurrences=tuple(item(f"o-{number}", 60 + 12 * number) for number in range(10)))
    village.tell(HELD)
    village.run(240)
    assert set(outcomes(village).values()) == {(Outcome.PLAYED, None)}


def row_of(village: Village, *after_s: float, **changes: object) -> None:
    """A plan of items so many seconds from now, `o-0` and so on."""
    village.plan(occurrences=tuple(item(f"o-{n}", at, **changes) for n, at in enumerate(after_s)))
    village.tell(HELD)


def starts(village: Village) -> list[float]:
    """When each play started, in seconds from the beginning."""
    found = [entry for entry in village.entries(Started) if isinstance(entry, Started)]
    return [(entry.started_at - make.NOW).total_seconds() for entry in found]


def test_an_item_is_armed_while_the_one_before_it_sounds_and_starts_when_due(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(71)
    assert [act.is_over for act in village.stage.acts] == [False, False]
    village.run(10)
    assert starts(village) == pytest.approx([60, 72], abs=STEP_S)


def test_an_item_starts_as_soon_as_one_that_runs_over_has_ended(village: Village) -> None:
    village.stage.length_ms = 14_000
    row_of(village, 60, 72)
    village.run(100)
    assert starts(village) == pytest.approx([60, 74], abs=2 * STEP_S)


def test_a_stop_silences_what_sounds_and_what_waits_behind_it(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(70)
    village.order()
    village.run(10)
    assert outcomes(village) == {
        "o-0": (Outcome.CUT, Reason.STOPPED),
        "o-1": (Outcome.SKIPPED, Reason.STOPPED),
    }


def test_a_volume_order_reaches_what_waits_behind_another(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(70)
    village.order(kind=OrderKind.VOLUME, value=50)
    assert [act.volume for act in village.stage.acts] == [50, 50]


def test_an_item_to_be_joined_comes_in_where_the_others_are_once_the_one_before_has_ended(
    village: Village,
) -> None:
    village.stage.length_ms = 20_000
    row_of(village, 60, 72, duration_ms=20_000, misfire=Misfire(rule=MisfireRule.JOIN))
    village.run(78)
    act = village.stage.acts[1]
    assert act.track.start_ms == pytest.approx(8_000, abs=1000 * STEP_S)
    assert (act.due - make.NOW).total_seconds() == pytest.approx(80, abs=STEP_S)


def test_quiet_hours_silence_what_still_sounds(village: Village) -> None:
    village.clock.advance(5 * 3_600 - 65)  # 17:00 in Việt Nam becomes 21:58:55
    village.plan(occurrences=(item(after_s=5 * 3_600 - 5),))
    village.tell(HELD)
    village.run(80)
    finished = only(village, Finished)
    assert isinstance(finished, Finished)
    assert (finished.outcome, finished.reason) == (Outcome.CUT, Reason.QUIET_HOURS)
    assert finished.finished_at == make.NOW + timedelta(hours=5)


def test_a_clock_set_back_while_armed_lets_the_item_wait_for_its_true_instant(ready: Village) -> None:
    ready.run(57)
    ready.clock.step(-3_600)
    ready.run(3_600)
    assert outcomes(ready) == {}
    ready.run(30)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_an_item_is_armed_once(ready: Village) -> None:
    ready.run(80)
    assert len(ready.entries(Armed)) == 1
