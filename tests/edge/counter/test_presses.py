from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counter.presses import Judged, Past, Press, Rules, Span, settle
from edge.wire.entries import PressSource, Uncounted

RULES = Rules()
LONG_AFTER_S = 1e9


def press(at_s: float, level: int = 1, **changes: Any) -> Press:
    fields: dict[str, Any] = {
        "source": PressSource.BUTTON,
        "at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
        "local": time(9, 0),
    }
    return Press(level=level, at_s=at_s, **fields | changes)


def reasons(*presses: Press, rules: Rules = RULES, past: Past | None = None) -> list[Uncounted | None]:
    judged, _, _ = settle(presses, past=past or Past(), rules=rules, now_s=LONG_AFTER_S)
    return [one.reason for one in judged]


def test_a_press_counts() -> None:
    assert reasons(press(10)) == [None]


def test_a_press_within_the_interval_does_not_count() -> None:
    assert reasons(press(10), press(14.9)) == [None, Uncounted.INTERVAL]


def test_a_press_at_the_end_of_the_interval_counts() -> None:
    assert reasons(press(10), press(15)) == [None, None]


def test_the_interval_begins_with_a_rating_and_not_with_every_press() -> None:
    assert reasons(press(10), press(14), press(16)) == [None, Uncounted.INTERVAL, None]


def test_the_interval_holds_for_every_level_and_source() -> None:
    touched = press(12, 3, source=PressSource.TOUCH)
    assert reasons(press(10), touched) == [None, Uncounted.INTERVAL]


def test_more_presses_than_people_make_are_a_burst() -> None:
    presses = [press(10 + 5 * number) for number in range(8)]
    wanted = [None] * 6 + [Uncounted.BURST] * 2
    assert reasons(*presses, rules=Rules(burst_s=60)) == wanted


def test_after_a_calm_the_burst_is_over() -> None:
    presses = [press(10 + number / 10) for number in range(50)]
    assert reasons(*presses, press(100))[-1] is None


def test_two_buttons_at_once_count_both_for_nothing() -> None:
    assert reasons(press(10, 1), press(10.02, 4)) == [Uncounted.TOGETHER] * 2


def test_a_button_pressed_while_another_is_held_does_not_count() -> None:
    past = Past().pressed(2, 9.0)
    assert reasons(press(10, 1), past=past) == [Uncounted.TOGETHER]


def test_a_stuck_button_does_not_take_the_others_along() -> None:
    past = Past().pressed(2, 9.0)
    assert reasons(press(9 + RULES.stuck_s, 1), past=past) == [None]


def test_a_button_held_for_long_is_stuck() -> None:
    past = Past().pressed(2, 100.0)
    assert past.stuck(100 + RULES.stuck_s, rules=RULES) == (2,)
    assert past.stuck(99 + RULES.stuck_s, rules=RULES) == ()


def test_a_button_that_was_stuck_must_rest_before_it_counts() -> None:
    past = Past().pressed(2, 0.0).released(2, 3_600.0, rules=RULES)
    assert reasons(press(3_601, 2), press(3_605, 2), press(3_616, 2), past=past) == [
        Uncounted.STUCK,
        Uncounted.STUCK,
        None,
    ]


def test_a_face_on_the_screen_is_not_stuck_with_its_button() -> None:
    past = Past().pressed(2, 0.0).released(2, 3_600.0, rules=RULES)
    assert reasons(press(3_601, 2, source=PressSource.TOUCH), past=past) == [None]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (time(7, 29, 59), Uncounted.CLOSED),
        (time(7, 30), None),
        (time(11, 29, 59), None),
        (time(11, 30), Uncounted.CLOSED),
        (time(23, 59), None),
    ],
)
def test_opening_hours_are_half_open(at: time, reason: Uncounted | None) -> None:
    rules = Rules(open=(Span.parse("07:30-11:30"), Span.parse("22:00-24:00")))
    assert reasons(press(10, local=at), rules=rules) == [reason]


def test_without_trusted_time_no_rating_is_lost_to_opening_hours() -> None:
    assert reasons(press(10, local=None), rules=Rules(open=(Span.parse("07:30-11:30"),))) == [None]


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_that_is_not_set_up_does_not_count(level: int) -> None:
    assert reasons(press(10, level)) == [Uncounted.UNKNOWN_LEVEL]


def test_a_press_waits_for_another_that_may_come_with_it() -> None:
    judged, rest, _ = settle([press(10)], past=Past(), rules=RULES, now_s=10.01)
    assert (judged, len(rest)) == ([], 1)


TIMES = st.lists(
    st.tuples(st.floats(min_value=0, max_value=120), st.integers(min_value=1, max_value=4)), max_size=60
)


@given(TIMES)
def test_every_press_is_judged_once_and_in_order(times: list[tuple[float, int]]) -> None:
    presses = [press(at_s, level) for at_s, level in sorted(times)]
    judged, rest, _ = settle(presses, past=Past(), rules=RULES, now_s=LONG_AFTER_S)
    assert [one.press for one in judged] == presses
    assert not rest


@given(TIMES)
def test_ratings_are_never_closer_than_the_interval(times: list[tuple[float, int]]) -> None:
    presses = [press(at_s, level) for at_s, level in sorted(times)]
    judged, _, _ = settle(presses, past=Past(), rules=RULES, now_s=LONG_AFTER_S)
    counted = [one.press.at_s for one in judged if one.reason is None]
    assert all(b - a >= RULES.interval_s for a, b in pairwise(counted))


@given(TIMES, st.floats(min_value=0.001, max_value=2))
def test_when_the_rule_is_asked_changes_no_answer(times: list[tuple[float, int]], step_s: float) -> None:
    presses = [press(at_s, level) for at_s, level in sorted(times)]
    at_once, _, _ = settle(presses, past=Past(), rules=RULES, now_s=LONG_AFTER_S)
    assert piecemeal(presses, step_s) == at_once


def piecemeal(presses: list[Press], step_s: float) -> list[Judged]:
    """As a loop would: each press is known when it happens, and the rule is asked every `step_s`."""
    judged: list[Judged] = []
    pending: list[Press] = []
    past, coming, now_s = Past(), list(presses), 0.0
    while coming or pending:
        now_s += step_s
        while coming and coming[0].at_s <= now_s:
            pending.append(coming.pop(0))
        done, pending, past = settle(pending, past=past, rules=RULES, now_s=now_s)
        judged += done
    return judged
