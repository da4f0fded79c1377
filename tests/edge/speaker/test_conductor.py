"""What should sound now, and why: single situations."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edge.speaker.conductor import decide
from edge.speaker.situation import Closing, Current, Decision, Situation
from edge.speaker.standing import InForce
from edge.wire.base import ClockState, Priority
from edge.wire.entries import Reason
from edge.wire.house_rules import HouseRules, QuietHours
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from tests import factories as make

DUE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # 17:00 in Việt Nam
STOPPED = InForce(stopped=make.stop_mark())
MUTED = InForce(muted=True)
LATE_5_MIN = Misfire(rule=MisfireRule.LATE, late_s=300)
JOIN = Misfire(rule=MisfireRule.JOIN)


def item(name: str = "o-1", after_s: float = 0, **changes: Any) -> PlannedOccurrence:
    return make.occurrence(id=name, due_at=DUE + timedelta(seconds=after_s), **changes)


def at(
    seconds: float, *items: PlannedOccurrence, rules: HouseRules | None = None, **changes: Any
) -> Situation:
    """The situation so many seconds after `DUE`, everything in order unless changed."""
    occurrences = tuple(sorted(items or (item(),), key=lambda o: o.due_at))
    fields: dict[str, Any] = {
        "now": DUE + timedelta(seconds=seconds),
        "clock": make.reading(),
        "plan": make.plan(occurrences=occurrences, house_rules=rules or make.house_rules()),
        "held": frozenset({make.SHA256}),
    }
    return Situation(**fields | changes)


def armed(situation: Situation) -> str | None:
    decision = decide(situation)
    return decision.arm.id if decision.arm else None


def cut(situation: Situation, name: str = "o-1") -> Reason | None:
    """Why what the output holds under that name is cut, if it is."""
    return decide(situation).cuts.get(name)


def closed(situation: Situation) -> tuple[str, str] | None:
    """Outcome and reason of the one occurrence that is closed, if any."""
    match decide(situation).closings:
        case ():
            return None
        case (Closing(outcome=outcome, reason=reason),):
            return outcome.value, reason.value
    raise AssertionError("several were closed")


def quiet_from(local: str) -> HouseRules:
    return HouseRules(quiet=(QuietHours(start=local, end="23:00"),))


def test_without_a_plan_nothing_is_decided() -> None:
    assert decide(at(0, plan=None)) == Decision()


def test_long_before_its_instant_an_item_waits_until_it_is_to_be_armed() -> None:
    assert decide(at(-60)) == Decision(wake_at=DUE - timedelta(seconds=5))


def test_an_item_is_armed_five_seconds_before_its_instant() -> None:
    assert armed(at(-5)) == "o-1"


def test_a_settled_item_is_never_armed_again() -> None:
    assert decide(at(0, settled={"o-1"})) == Decision()


def test_what_the_output_holds_is_not_armed_twice() -> None:
    assert decide(at(-3, current=Current(item()))).arm is None


@pytest.mark.parametrize("in_force", [STOPPED, MUTED])
def test_what_is_silenced_is_not_armed(in_force: InForce) -> None:
    assert armed(at(-3, in_force=in_force)) is None


@pytest.mark.parametrize("in_force", [STOPPED, MUTED])
def test_before_its_instant_a_silenced_item_stays_open(in_force: InForce) -> None:
    assert closed(at(-1, in_force=in_force)) is None


@pytest.mark.parametrize(("in_force", "reason"), [(STOPPED, "stopped"), (MUTED, "muted")])
@pytest.mark.parametrize("priority", Priority)
def test_at_its_instant_a_silenced_item_is_skipped_whatever_its_priority(
    in_force: InForce, reason: str, priority: Priority
) -> None:
    assert closed(at(0, item(priority=priority), in_force=in_force)) == ("skipped", reason)


@pytest.mark.parametrize(("in_force", "reason"), [(STOPPED, Reason.STOPPED), (MUTED, Reason.MUTED)])
def test_a_stop_or_mute_cuts_what_sounds(in_force: InForce, reason: Reason) -> None:
    current = Current(item(), started=True)
    assert cut(at(3, current=current, in_force=in_force)) is reason


def test_what_is_ending_is_not_cut_again() -> None:
    current = Current(item(), started=True, ending=True)
    assert cut(at(3, current=current, in_force=STOPPED)) is None


def test_an_item_in_quiet_hours_is_skipped_at_its_instant() -> None:
    assert closed(at(0, rules=quiet_from("17:00"))) == ("skipped", "quiet_hours")


def test_an_item_in_quiet_hours_is_not_armed() -> None:
    assert armed(at(-3, rules=quiet_from("17:00"))) is None


def test_an_emergency_sounds_in_quiet_hours() -> None:
    assert armed(at(-3, item(priority=Priority.EMERGENCY), rules=quiet_from("17:00"))) == "o-1"


def test_an_item_armed_shortly_before_quiet_hours_ends_with_their_beginning() -> None:
    long = item(after_s=-30, duration_ms=60_000)
    assert decide(at(-32, long, rules=quiet_from("17:00"))).bounds == {"o-1": DUE}


def test_what_still_sounds_when_quiet_hours_begin_is_cut() -> None:
    current = Current(item(after_s=-30), started=True)
    situation = at(0, current.occurrence, rules=quiet_from("17:00"), current=current)
    assert cut(situation) is Reason.QUIET_HOURS


def test_a_changed_boundary_reaches_what_sounds() -> None:
    current = Current(item(after_s=-30), started=True)
    decision = decide(at(-10, current.occurrence, rules=quiet_from("17:00"), current=current))
    assert decision.bounds == {"o-1": DUE}


def test_an_item_that_is_withdrawn_while_it_sounds_is_cut() -> None:
    current = Current(item("gone"), started=True)
    assert cut(at(0, current=current), "gone") is Reason.WITHDRAWN


def test_a_loops_delay_skips_nothing() -> None:
    assert armed(at(1.9)) == "o-1"


def test_an_item_of_rule_skip_that_was_missed_is_skipped() -> None:
    assert closed(at(2.1)) == ("skipped", "late")


def test_an_item_of_rule_late_is_armed_within_its_time() -> None:
    assert armed(at(299, item(misfire=LATE_5_MIN))) == "o-1"


def test_an_item_of_rule_late_is_skipped_after_its_time() -> None:
    assert closed(at(301, item(misfire=LATE_5_MIN))) == ("skipped", "late")


def test_an_item_of_rule_join_is_armed_while_it_would_sound() -> None:
    assert armed(at(10, item(misfire=JOIN, duration_ms=12_000))) == "o-1"


def test_an_item_of_rule_join_is_skipped_when_nothing_is_left_of_it() -> None:
    assert closed(at(11.5, item(misfire=JOIN, duration_ms=12_000))) == ("skipped", "late")


def test_an_item_whose_recording_is_not_held_is_not_armed() -> None:
    assert armed(at(-3, held=frozenset())) is None


def test_an_item_whose_recording_came_too_late_failed() -> None:
    assert closed(at(3, held=frozenset())) == ("failed", "not_cached")


def test_an_item_of_rule_late_waits_for_its_recording() -> None:
    assert closed(at(100, item(misfire=LATE_5_MIN), held=frozenset())) is None


def test_what_was_due_before_the_program_began_was_missed_for_want_of_power() -> None:
    assert closed(at(600, awake_since=DUE + timedelta(seconds=500))) == ("skipped", "power")


def test_what_was_due_before_the_clock_was_trusted_is_told_so() -> None:
    assert closed(at(600, trusted_since=DUE + timedelta(seconds=500))) == ("skipped", "clock")


UNFIT_CLOCKS = [
    make.reading(ClockState.UNTRUSTED, None),
    make.reading(ClockState.HOLDOVER, None),
    make.reading(ClockState.HOLDOVER, 180_000.0),
]


@pytest.mark.parametrize("clock", UNFIT_CLOCKS)
@pytest.mark.parametrize("priority", [Priority.ROUTINE, Priority.PRIORITY])
def test_without_a_fit_clock_nothing_but_an_emergency_is_armed(clock: Any, priority: Priority) -> None:
    assert armed(at(-3, item(priority=priority), clock=clock)) is None
    assert armed(at(-3, item(priority=Priority.EMERGENCY), clock=clock)) == "o-1"


@pytest.mark.parametrize("clock", UNFIT_CLOCKS)
def test_without_a_fit_clock_nothing_is_closed_for_the_time_may_be_wrong(clock: Any) -> None:
    assert closed(at(9_999, clock=clock)) is None


def test_a_holdover_within_three_minutes_is_fit() -> None:
    assert armed(at(-3, clock=make.reading(ClockState.HOLDOVER, 179_000.0))) == "o-1"


def test_what_is_armed_is_let_go_when_the_clock_is_no_longer_fit() -> None:
    decision = decide(at(-3, current=Current(item()), clock=UNFIT_CLOCKS[0]))
    assert decision.cuts.get("o-1") is Reason.CLOCK


def test_what_is_armed_is_let_go_when_the_clock_is_set_far_back() -> None:
    assert cut(at(-3_600, current=Current(item()))) is Reason.CLOCK


def test_what_is_armed_stays_armed_when_the_clock_is_set_back_a_little() -> None:
    assert cut(at(-8, current=Current(item()))) is None


def test_what_is_armed_is_let_go_when_the_clock_is_set_far_beyond_its_instant() -> None:
    assert cut(at(3_600, current=Current(item()))) is Reason.CLOCK


def test_what_is_armed_stays_armed_while_the_output_is_a_little_slow() -> None:
    assert cut(at(8, current=Current(item()))) is None


def test_what_was_missed_long_ago_wakes_nobody() -> None:
    unfit = at(9_999, clock=UNFIT_CLOCKS[0])
    assert decide(unfit).wake_at is None


def test_what_sounds_goes_on_whatever_the_clock_says() -> None:
    assert cut(at(-3_600, current=Current(item(), started=True))) is None


def higher(after_s: float = 0, priority: Priority = Priority.PRIORITY) -> PlannedOccurrence:
    return item("higher", after_s, priority=priority)


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


def test_the_next_wake_is_just_after_an_item_may_last_begin() -> None:
    wake_at = decide(at(0.5, item(recordings=(make.OTHER_SHA256,)))).wake_at
    assert wake_at == DUE + timedelta(seconds=2.001)
