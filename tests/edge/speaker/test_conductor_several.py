"""What should sound of several items that meet, and why: single situations."""

from datetime import timedelta
from typing import Any

import pytest

from edge.speaker.conductor import decide
from edge.speaker.situation import Current, Situation
from edge.wire.base import Priority
from edge.wire.entries import Reason
from edge.wire.plan import PlannedOccurrence
from tests import factories as make
from tests.factories_conductor import (
    DUE,
    LATE_5_MIN,
    STOPPED,
    armed,
    at,
    closed,
    cut,
    higher,
    item,
    quiet_from,
)


@pytest.mark.parametrize(
    ("lower", "priority"),
    [
        (Priority.ROUTINE, Priority.PRIORITY),
        (Priority.ROUTINE, Priority.EMERGENCY),
        (Priority.PRIORITY, Priority.EMERGENCY),
    ],
)
def test_a_higher_item_silences_a_lower_one(lower: Priority, priority: Priority) -> None:
    current = Current(item(after_s=-5, priority=lower), started=True)
    decision = decide(at(0, current.occurrence, higher(priority=priority), current=current))
    assert decision.cuts.get("o-1") is Reason.PREEMPTED


@pytest.mark.parametrize("priority", Priority)
def test_an_equal_item_does_not_silence_what_sounds(priority: Priority) -> None:
    current = Current(item(after_s=-5, priority=priority), started=True)
    assert cut(at(0, current.occurrence, higher(priority=priority), current=current)) is None


def test_a_higher_item_that_may_not_sound_silences_nothing() -> None:
    current = Current(item(after_s=-5), started=True)
    other = item("higher", priority=Priority.PRIORITY, recordings=(make.OTHER_SHA256,))
    assert cut(at(0, current.occurrence, other, current=current)) is None


def test_a_lower_item_gives_way_only_as_early_as_the_output_needs() -> None:
    current = Current(item(after_s=-20), started=True)
    later = higher(after_s=3)
    assert cut(at(0, current.occurrence, later, current=current, lead_s=1.0)) is None
    assert cut(at(2, current.occurrence, later, current=current, lead_s=1.0)) is Reason.PREEMPTED


def test_of_two_at_one_instant_the_higher_is_armed() -> None:
    assert armed(at(-3, item("a"), higher())) == "higher"


def test_of_two_equals_at_one_instant_the_first_by_name_is_armed() -> None:
    assert armed(at(-3, item("b"), item("a"))) == "a"


def test_of_two_that_are_to_come_the_earlier_is_armed() -> None:
    assert armed(at(-5, item("late", 0), item("early", -4))) == "early"


def test_an_item_that_would_be_silenced_before_it_began_is_not_armed() -> None:
    assert armed(at(-4, item(), higher(0.5))) == "higher"


def test_an_interrupted_priority_item_starts_again_within_its_time() -> None:
    first = item(priority=Priority.PRIORITY, misfire=LATE_5_MIN)
    assert armed(at(100, first, interrupted={"o-1"})) == "o-1"


def test_an_interrupted_item_that_cannot_start_again_was_cut() -> None:
    first = item(priority=Priority.PRIORITY)
    assert closed(at(100, first, interrupted={"o-1"})) == ("cut", "preempted")


def test_an_interrupted_item_that_a_stop_keeps_silent_was_cut() -> None:
    first = item(priority=Priority.PRIORITY, misfire=LATE_5_MIN)
    assert closed(at(100, first, interrupted={"o-1"}, in_force=STOPPED)) == ("cut", "stopped")


def sounding(ends_s: float, **changes: Any) -> Current:
    """What has sounded for a while and is expected to be over so many seconds after `DUE`."""
    before = item("before", after_s=-300, **changes)
    return Current(before, started=True, ends_at=DUE + timedelta(seconds=ends_s))


def behind(seconds: float, current: Current, *items: PlannedOccurrence, **changes: Any) -> Situation:
    return at(seconds, current.occurrence, *(items or (item(),)), current=current, **changes)


def test_an_item_is_armed_while_the_one_before_it_ends() -> None:
    assert armed(behind(-5, sounding(0))) == "o-1"


def test_behind_one_that_runs_over_an_item_is_armed_as_long_before_its_end() -> None:
    assert armed(behind(2, sounding(8))) is None
    assert decide(behind(2, sounding(8))).wake_at == DUE + timedelta(seconds=3)
    assert armed(behind(3, sounding(8))) == "o-1"


def test_an_item_that_could_only_begin_too_late_is_not_armed_behind_another() -> None:
    assert armed(behind(11, sounding(13))) is None


def test_behind_one_that_is_fading_out_an_item_is_armed_at_once() -> None:
    current = Current(item("before", -300), started=True, ending=True)
    assert armed(behind(0, current)) == "o-1"


def test_no_third_item_is_armed() -> None:
    assert armed(behind(-1, sounding(0), item(), item("third", 1), following=Current(item()))) is None


def test_of_two_that_wait_for_the_same_end_the_higher_is_armed() -> None:
    assert armed(behind(0, sounding(3), item("a", -1), higher(0.5))) == "higher"


def test_what_is_over_before_a_higher_one_is_due_is_not_silenced() -> None:
    assert decide(behind(-2, sounding(0), higher())).cuts == {}


def test_what_is_armed_behind_another_is_let_go_by_a_stop() -> None:
    situation = behind(-2, sounding(0), following=Current(item()), in_force=STOPPED)
    assert decide(situation).cuts == {"before": Reason.STOPPED, "o-1": Reason.STOPPED}


def test_what_is_armed_behind_another_gives_way_to_a_higher_one() -> None:
    situation = behind(-2, sounding(0), item(), higher(1), following=Current(item()))
    assert decide(situation).cuts == {"o-1": Reason.PREEMPTED}


def test_a_higher_one_that_is_armed_behind_another_still_silences_it() -> None:
    situation = behind(-0.5, sounding(60), higher(), following=Current(higher()))
    assert decide(situation).cuts == {"before": Reason.PREEMPTED}


def test_what_is_armed_gives_way_to_one_that_is_due_before_it() -> None:
    current = Current(item(after_s=10), ends_at=DUE + timedelta(seconds=22))
    situation = at(0, current.occurrence, item("new", 3, duration_ms=5_000), current=current, arm_s=15)
    assert decide(situation).cuts == {"o-1": Reason.PREEMPTED}


def test_what_is_armed_behind_another_gives_way_to_one_that_can_begin_before_it() -> None:
    following = Current(item(after_s=10))
    situation = behind(-2, sounding(0), item("new", 3), following.occurrence, following=following, arm_s=15)
    assert decide(situation).cuts == {"o-1": Reason.PREEMPTED}


def test_what_is_armed_does_not_give_way_to_an_equal_that_is_due_with_it() -> None:
    situation = behind(-2, sounding(0), item("a"), item(), following=Current(item()))
    assert decide(situation).cuts == {}


def test_what_waited_too_long_behind_another_is_let_go() -> None:
    situation = behind(12.5, sounding(13), following=Current(item()))
    assert decide(situation).cuts == {"o-1": Reason.LATE}


def test_what_is_armed_behind_another_ends_with_its_own_boundary() -> None:
    situation = behind(-2, sounding(0), following=Current(item()), rules=quiet_from("17:05"))
    boundary = DUE + timedelta(minutes=5)
    assert decide(situation).bounds == {"before": boundary, "o-1": boundary}


def test_an_item_waits_a_little_for_the_one_before_it() -> None:
    current = Current(item("before", -300), started=True)
    assert closed(at(9, current.occurrence, item(), current=current)) is None


def test_an_item_that_waited_is_armed_once_the_one_before_it_is_over() -> None:
    assert armed(at(9.5, freed_at=DUE + timedelta(seconds=9))) == "o-1"


def test_an_item_does_not_wait_for_ever() -> None:
    current = Current(item("before", -300), started=True)
    assert closed(at(12.5, current.occurrence, item(), current=current)) == ("skipped", "preempted")


def test_a_play_that_ended_long_before_excuses_no_lateness() -> None:
    assert closed(at(9, freed_at=DUE - timedelta(seconds=60))) == ("skipped", "late")
