from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.clock_trust import STEP_S, ClockTrust, Mark
from edge.wire.base import ClockState
from tests import factories as make

NOW = make.NOW
HOUR = timedelta(hours=1)


def synced(bound_ms: float = 2.0) -> ClockTrust:
    return ClockTrust().observed(wall=NOW, monotonic_s=100.0, bound_ms=bound_ms)


def lost(trust: ClockTrust, *, at: float = 101.0) -> ClockTrust:
    return trust.observed(wall=NOW, monotonic_s=at, bound_ms=None)


def answered(trust: ClockTrust, *, after_s: float = 0.0, round_trip_s: float = 0.02) -> ClockTrust:
    """The hub says that it is `NOW` plus what has passed since 100."""
    middle = 100.0 + after_s
    return trust.answered(
        hub_at=NOW + timedelta(seconds=after_s),
        sent_s=middle - round_trip_s / 2,
        received_s=middle + round_trip_s / 2,
    )


def test_at_first_nothing_is_trusted() -> None:
    assert ClockTrust().reading(0.0) == make.reading(ClockState.UNTRUSTED, None)


def test_a_source_in_step_is_believed_within_its_bound() -> None:
    assert synced(2.0).reading(100.0) == make.reading(ClockState.SYNCED, 2.0)


def test_between_two_questions_the_bound_grows_with_the_drift() -> None:
    assert synced(2.0).reading(110.0).bound_ms == pytest.approx(2.5)


def test_a_source_that_is_not_asked_any_more_is_not_believed_for_ever() -> None:
    assert synced().reading(281.0).state is ClockState.HOLDOVER


def test_a_source_that_lost_its_way_leaves_holdover() -> None:
    assert lost(synced()).reading(101.0).state is ClockState.HOLDOVER


def test_in_holdover_the_bound_grows_by_fifty_parts_in_a_million() -> None:
    assert lost(synced(2.0)).reading(100.0 + 20_000).bound_ms == pytest.approx(1_002.0)


def test_in_holdover_a_wall_clock_that_is_set_changes_nothing() -> None:
    assert lost(synced()).now(wall=NOW + HOUR, monotonic_s=160.0) == NOW + timedelta(seconds=60)


def test_in_step_the_wall_clock_is_the_time() -> None:
    wall = NOW + timedelta(seconds=10, milliseconds=3)
    assert synced().now(wall=wall, monotonic_s=110.0) == wall


@pytest.mark.parametrize("step", [HOUR, -HOUR, timedelta(seconds=2 * STEP_S)])
def test_a_wall_clock_that_is_set_is_not_followed_before_the_source_is_asked_again(step: timedelta) -> None:
    assert synced().now(wall=NOW + step, monotonic_s=110.0) == NOW + timedelta(seconds=10)


def test_a_wall_clock_that_the_source_set_right_is_followed() -> None:
    again = synced().observed(wall=NOW + HOUR, monotonic_s=110.0, bound_ms=1.0)
    assert again.now(wall=NOW + HOUR, monotonic_s=110.0) == NOW + HOUR


def test_without_any_knowledge_the_wall_clock_is_all_there_is() -> None:
    assert ClockTrust().now(wall=NOW, monotonic_s=5.0) == NOW


def test_the_hubs_answer_gives_the_time_to_a_node_without() -> None:
    wrong_wall = NOW - timedelta(days=900)
    assert answered(ClockTrust()).now(wall=wrong_wall, monotonic_s=160.0) == NOW + timedelta(seconds=60)


def test_the_hubs_answer_is_holdover_within_half_the_round_trip() -> None:
    reading = answered(ClockTrust(), round_trip_s=0.5).reading(100.0)
    assert reading == make.reading(ClockState.HOLDOVER, 250.0)


@given(early=st.floats(0, 1), round_trip_s=st.floats(0.0001, 9.0))
def test_wherever_in_the_round_trip_the_hub_answered_the_bound_holds(
    early: float, round_trip_s: float
) -> None:
    answered_s = 100.0 + early * round_trip_s
    trust = ClockTrust().answered(hub_at=NOW, sent_s=100.0, received_s=100.0 + round_trip_s)
    error_s = (trust.now(wall=NOW, monotonic_s=answered_s) - NOW).total_seconds()
    assert abs(error_s) * 1_000 <= (trust.reading(answered_s).bound_ms or 0) + 0.01


@pytest.mark.parametrize("round_trip_s", [-0.1, 11.0, 3_600.0])
def test_an_answer_after_an_impossible_or_endless_round_trip_says_nothing(round_trip_s: float) -> None:
    trust = ClockTrust().answered(hub_at=NOW, sent_s=100.0, received_s=100.0 + round_trip_s)
    assert trust == ClockTrust()


def test_a_worse_answer_does_not_replace_better_knowledge() -> None:
    held = lost(synced(2.0))
    assert answered(held, round_trip_s=1.0) == held


def test_a_better_answer_replaces_knowledge_grown_old() -> None:
    old = lost(synced(2.0))
    better = answered(old, after_s=100_000.0, round_trip_s=0.02)
    assert better.reading(100_100.0).bound_ms == pytest.approx(10.0)


def test_an_answer_that_contradicts_what_is_held_is_believed() -> None:
    held = lost(ClockTrust().observed(wall=NOW - HOUR, monotonic_s=100.0, bound_ms=2.0))
    assert answered(held, round_trip_s=1.0).now(wall=NOW, monotonic_s=100.0) == NOW


def test_the_source_in_step_outranks_the_hubs_answer() -> None:
    assert answered(synced(), round_trip_s=0.001).reading(100.0).state is ClockState.SYNCED


@pytest.mark.parametrize(
    ("bound_ms", "round_trip_s", "apart_s", "is_disputed"),
    [
        (2.0, 0.02, 0.9, False),  # a hub in step may be off by so much itself
        (2.0, 0.02, 1.1, True),
        (2.0, 0.02, -1.1, True),
        (500.0, 0.02, 1.4, False),
        (2.0, 4.0, 2.9, False),
        (2.0, 4.0, 3.1, True),
    ],
)
def test_clock_in_step_and_hub_dispute_where_both_cannot_be_right(
    bound_ms: float, round_trip_s: float, apart_s: float, is_disputed: bool
) -> None:
    ahead_s = synced(bound_ms).disputed(
        hub_at=NOW - timedelta(seconds=apart_s),
        sent_s=100.0 - round_trip_s / 2,
        received_s=100.0 + round_trip_s / 2,
    )
    assert ahead_s == (pytest.approx(apart_s) if is_disputed else None)


def test_a_clock_in_holdover_disputes_nothing() -> None:
    assert lost(synced()).disputed(hub_at=NOW + HOUR, sent_s=100.0, received_s=100.1) is None


def test_a_battery_clock_carries_the_knowledge_over_a_reboot() -> None:
    last = Mark(utc=NOW, monotonic_s=5_000.0, bound_ms=2.0)
    trust = ClockTrust.resumed(last, wall=NOW + timedelta(seconds=20_000), monotonic_s=3.0)
    assert trust.reading(3.0) == make.reading(ClockState.HOLDOVER, 2.0 + 1_000.0 + 1_000.0)


def test_a_battery_clock_that_went_back_is_not_believed() -> None:
    last = Mark(utc=NOW, monotonic_s=5_000.0, bound_ms=2.0)
    trust = ClockTrust.resumed(last, wall=NOW - timedelta(seconds=1), monotonic_s=3.0)
    assert trust.reading(3.0).state is ClockState.UNTRUSTED


def test_what_is_remembered_is_the_time_of_remembering() -> None:
    mark = lost(synced(2.0)).mark(20_100.0)
    assert mark
    assert (mark.utc, mark.bound_ms) == (NOW + timedelta(seconds=20_000), pytest.approx(1_002.0))


def test_without_knowledge_there_is_nothing_to_remember() -> None:
    assert ClockTrust().mark(5.0) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(["synced", "lost", "answered"]), st.floats(0, 5_000), st.floats(0.001, 9)),
        max_size=20,
    )
)
def test_on_a_clock_that_runs_true_the_bound_always_holds(steps: list[tuple[str, float, float]]) -> None:
    trust, monotonic_s = ClockTrust(), 100.0
    for step, passed_s, size in steps:
        monotonic_s += passed_s
        truth = NOW + timedelta(seconds=monotonic_s)
        if step == "synced":
            wall = truth + timedelta(milliseconds=size)
            trust = trust.observed(wall=wall, monotonic_s=monotonic_s, bound_ms=size)
        elif step == "lost":
            trust = trust.observed(wall=truth - HOUR, monotonic_s=monotonic_s, bound_ms=None)
        else:
            trust = trust.answered(hub_at=truth, sent_s=monotonic_s, received_s=monotonic_s + size)
            monotonic_s += size
        bound_ms = trust.reading(monotonic_s).bound_ms
        if bound_ms is not None:
            truth = NOW + timedelta(seconds=monotonic_s)
            now = trust.now(wall=truth + HOUR, monotonic_s=monotonic_s)
            assert abs((now - truth).total_seconds()) * 1_000 <= bound_ms + 0.01
