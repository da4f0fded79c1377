"""What should sound where power or the time was wanting, and why: single situations."""

from datetime import timedelta
from typing import Any

import pytest

from edge.speaker.conductor import decide
from edge.speaker.situation import Current
from edge.wire.base import ClockState, Priority
from edge.wire.entries import Reason
from tests import factories as make
from tests.factories_conductor import DUE, armed, at, closed, cut, item


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
