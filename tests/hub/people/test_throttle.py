"""Waits after failed log-ins: none at first, then growing, then forgotten."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.people.throttle import wait_s

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=each) for each in seconds]


def test_four_wrong_tries_cost_no_wait() -> None:
    assert wait_s(of_login=ago(1, 2, 3, 4), of_address=[], now=NOW) == 0


def test_the_fifth_wrong_try_costs_a_wait_from_its_instant() -> None:
    assert wait_s(of_login=ago(5, 6, 7, 8, 9), of_address=[], now=NOW) == 10


def test_each_further_try_doubles_the_wait() -> None:
    five = wait_s(of_login=ago(*[0] * 5), of_address=[], now=NOW)
    six = wait_s(of_login=ago(*[0] * 6), of_address=[], now=NOW)
    assert six == 2 * five


def test_an_address_may_fail_more_often_than_a_name() -> None:
    assert wait_s(of_login=[], of_address=ago(*[0] * 19), now=NOW) == 0
    assert wait_s(of_login=[], of_address=ago(*[0] * 20), now=NOW) > 0


def test_old_failures_are_forgotten() -> None:
    assert wait_s(of_login=ago(*[900] * 50), of_address=[], now=NOW) == 0


def test_failures_after_the_clock_was_set_back_lock_nobody_out() -> None:
    assert wait_s(of_login=ago(*[-3600] * 50), of_address=[], now=NOW) == 0


@given(st.lists(st.floats(min_value=0, max_value=2000), max_size=100))
def test_no_wait_is_longer_than_a_quarter_of_an_hour(seconds: list[float]) -> None:
    assert 0 <= wait_s(of_login=ago(*seconds), of_address=ago(*seconds), now=NOW) <= 900
