"""What an emergency that was ordered does to what should sound."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from edge.speaker.conductor import decide
from edge.speaker.situation import Current, Situation
from edge.speaker.standing import InForce
from edge.wire.base import ClockState, Priority
from edge.wire.emergency import Emergency
from edge.wire.entries import Reason
from edge.wire.house_rules import HouseRules, QuietHours
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from tests import factories as make

BEGUN = make.NOW
UNFIT = make.reading(ClockState.UNTRUSTED, None)
QUIET_NOW = HouseRules(quiet=(QuietHours(start="16:00", end="23:00"),))


def in_force(*emergencies: Emergency, **changes: Any) -> InForce:
    return InForce(emergencies=emergencies or (make.emergency(),), **changes)


def at(seconds: float, **changes: Any) -> Situation:
    """So many seconds after it began, with nothing else in the plan."""
    fields: dict[str, Any] = {
        "now": BEGUN + timedelta(seconds=seconds),
        "clock": make.reading(),
        "plan": make.plan(occurrences=()),
        "in_force": in_force(),
        "held": frozenset({make.SHA256}),
        "settled": {f"e-1.{number}" for number in range(max(0, -(-int(seconds) // 60)))},
    }
    return Situation(**fields | changes)


def planned(after_s: float, **changes: Any) -> PlannedOccurrence:
    return make.occurrence(due_at=BEGUN + timedelta(seconds=after_s), **changes)


def armed(situation: Situation) -> tuple[str, datetime] | None:
    arm = decide(situation).arm
    return (arm.id, arm.due_at) if arm else None


def closed(situation: Situation) -> dict[str, str]:
    return {each.occurrence.id: each.reason.value for each in decide(situation).closings}


def test_it_is_armed_the_moment_it_is_in_force() -> None:
    assert armed(at(0)) == ("e-1.0", BEGUN)


def test_it_needs_no_plan() -> None:
    assert armed(at(0, plan=None)) == ("e-1.0", BEGUN)


def test_it_sounds_in_quiet_hours() -> None:
    assert armed(at(0, plan=make.plan(occurrences=(), house_rules=QUIET_NOW))) == ("e-1.0", BEGUN)


def test_the_next_repetition_is_armed_for_its_own_instant() -> None:
    assert armed(at(56)) == ("e-1.1", BEGUN + timedelta(seconds=60))


def test_between_repetitions_it_wakes_for_the_next() -> None:
    assert decide(at(30)).wake_at == BEGUN + timedelta(seconds=55)


def test_after_its_end_there_is_no_repetition() -> None:
    assert armed(at(3600, settled={f"e-1.{number}" for number in range(60)})) is None


def test_who_wakes_during_a_repetition_comes_into_it() -> None:
    arm = decide(at(65, settled={"e-1.0"})).arm
    assert arm is not None
    assert (arm.id, arm.misfire.rule) == ("e-1.1", MisfireRule.JOIN)


def test_who_wakes_late_closes_what_was_missed_once_each() -> None:
    situation = at(150, settled=set(), awake_since=BEGUN + timedelta(seconds=149))
    assert closed(situation) == {f"e-1.{number}": "power" for number in range(3)}


def test_one_alone_is_heard_whole_by_who_wakes_before_its_end() -> None:
    once = make.emergency(repeat_every_s=None, until=BEGUN + timedelta(minutes=10))
    arm = decide(at(500, in_force=in_force(once), settled=set())).arm
    assert arm is not None
    assert (arm.id, arm.misfire) == ("e-1.0", Misfire(rule=MisfireRule.LATE, late_s=600))


def test_one_alone_is_over_after_its_end() -> None:
    once = make.emergency(repeat_every_s=None, until=BEGUN + timedelta(minutes=10))
    assert closed(at(601, in_force=in_force(once), settled=set())) == {"e-1.0": "late"}


@pytest.mark.parametrize("priority", [Priority.ROUTINE, Priority.PRIORITY])
def test_it_cuts_what_sounds(priority: Priority) -> None:
    item = planned(-5, priority=priority)
    current = Current(item, started=True)
    assert decide(at(0, plan=make.plan(occurrences=(item,)), current=current)).cuts == {
        "o-1": Reason.PREEMPTED
    }


def test_it_is_armed_behind_what_it_cuts() -> None:
    item = planned(-5)
    current = Current(item, started=True, ending=True)
    assert armed(at(0, plan=make.plan(occurrences=(item,)), current=current)) == ("e-1.0", BEGUN)


def test_between_its_repetitions_nothing_lower_begins() -> None:
    assert armed(at(30, plan=make.plan(occurrences=(planned(30),)))) is None


def test_what_it_kept_from_sounding_was_preempted() -> None:
    assert closed(at(40, plan=make.plan(occurrences=(planned(30),)))) == {"o-1": "preempted"}


def test_once_every_repetition_is_over_the_programme_goes_on() -> None:
    once = make.emergency(repeat_every_s=None)
    situation = at(30, in_force=in_force(once), settled={"e-1.0"}, plan=make.plan(occurrences=(planned(30),)))
    assert armed(situation) == ("o-1", BEGUN + timedelta(seconds=30))


def test_where_its_recordings_are_missing_the_programme_goes_on() -> None:
    elsewhere = in_force(make.emergency(recordings=(make.OTHER_SHA256,)))
    situation = at(30, in_force=elsewhere, plan=make.plan(occurrences=(planned(30),)))
    assert armed(situation) == ("o-1", BEGUN + timedelta(seconds=30))


def test_a_mute_node_stays_mute_and_says_so() -> None:
    situation = at(0, in_force=in_force(muted=True))
    assert armed(situation) is None
    assert closed(situation) == {"e-1.0": "muted"}


def test_one_issued_after_the_stop_sounds() -> None:
    stop = make.stop_mark(seq=make.VERSION - 1)
    assert armed(at(0, in_force=in_force(stopped=stop))) == ("e-1.0", BEGUN)


def test_one_issued_before_the_stop_stays_silent() -> None:
    stop = make.stop_mark(seq=make.VERSION + 1)
    situation = at(0, in_force=in_force(stopped=stop))
    assert armed(situation) is None
    assert closed(situation) == {"e-1.0": "stopped"}


def test_the_plan_stays_stopped_while_a_later_emergency_sounds() -> None:
    stop = make.stop_mark(seq=make.VERSION - 1)
    once = make.emergency(repeat_every_s=None)
    situation = at(
        30,
        in_force=in_force(once, stopped=stop),
        settled={"e-1.0"},
        plan=make.plan(occurrences=(planned(30),)),
    )
    assert armed(situation) is None


@pytest.mark.parametrize(
    ("after", "reason"),
    [(InForce(), Reason.WITHDRAWN), (InForce(stopped=make.stop_mark()), Reason.STOPPED)],
)
def test_what_is_no_longer_in_force_is_cut(after: InForce, reason: Reason) -> None:
    arm = decide(at(0)).arm
    assert arm is not None
    situation = at(3, in_force=after, current=Current(arm, started=True), settled=set())
    assert decide(situation).cuts == {"e-1.0": reason}


def test_without_trusted_time_it_counts_from_when_it_was_seen() -> None:
    seen = BEGUN - timedelta(days=900)
    situation = at(0, now=seen, clock=UNFIT, begun={"e-1": seen}, settled=set())
    assert armed(situation) == ("e-1.0", seen)


def test_without_trusted_time_repetitions_follow_each_other_as_ordered() -> None:
    seen = BEGUN - timedelta(days=900)
    now = seen + timedelta(seconds=57)
    situation = at(0, now=now, clock=UNFIT, begun={"e-1": seen}, settled={"e-1.0"})
    assert armed(situation) == ("e-1.1", seen + timedelta(seconds=60))


def test_of_two_emergencies_the_first_is_heard_out() -> None:
    arm = decide(at(0)).arm
    assert arm is not None
    other = make.emergency(id="e-2", seq=make.VERSION + 1, starts_at=BEGUN + timedelta(seconds=5))
    both = in_force(make.emergency(), other)
    situation = at(5, in_force=both, current=Current(arm, started=True), settled=set())
    assert decide(situation).cuts == {}
