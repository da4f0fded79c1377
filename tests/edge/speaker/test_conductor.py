"""What should sound now, and why: single situations of one item."""

from datetime import timedelta

import pytest

from edge.speaker.conductor import decide
from edge.speaker.situation import Current, Decision
from edge.speaker.standing import InForce
from edge.wire.base import Priority
from edge.wire.entries import Reason
from edge.wire.plan import Misfire, MisfireRule
from tests import factories as make
from tests.factories_conductor import DUE, LATE_5_MIN, STOPPED, armed, at, closed, cut, item, quiet_from

MUTED = InForce(muted=True)


JOIN = Misfire(rule=MisfireRule.JOIN)


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


def test_an_item_that_is_withdrawn_before_it_sounds_is_let_go() -> None:
    assert cut(at(0, current=Current(item("gone"))), "gone") is Reason.WITHDRAWN


def test_an_item_that_is_withdrawn_while_it_sounds_is_heard_out() -> None:
    current = Current(item("gone"), started=True)
    assert cut(at(0, current=current), "gone") is None


def test_a_stop_cuts_what_was_withdrawn_and_still_sounds() -> None:
    current = Current(item("gone"), started=True)
    stopped = InForce(stopped=make.stop_mark())
    assert cut(at(0, current=current, in_force=stopped), "gone") is Reason.STOPPED


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


def test_the_next_wake_is_just_after_an_item_may_last_begin() -> None:
    wake_at = decide(at(0.5, item(recordings=(make.OTHER_SHA256,)))).wake_at
    assert wake_at == DUE + timedelta(seconds=2.001)
