"""When the hub's clock may be handed on to nodes."""

import pytest

from hub import clock


@pytest.mark.parametrize(
    ("rtc", "is_synced", "may"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_the_time_is_handed_on_where_it_is_in_step_or_a_battery_keeps_it(
    monkeypatch: pytest.MonkeyPatch, rtc: bool, is_synced: bool, may: bool
) -> None:
    monkeypatch.setattr(clock, "is_synced", lambda: is_synced)
    assert clock.may_be_handed_on(rtc=rtc) is may
