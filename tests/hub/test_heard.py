"""What nodes say on a full disk is gathered, and due once a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.heard import Heard

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def noted(at: datetime) -> Heard:
    heard = Heard()
    heard.kept(NOON)
    heard.note(["loa-1"], at)
    return heard


def test_nothing_is_due_where_nobody_spoke() -> None:
    heard = Heard()
    heard.kept(NOON)
    assert not heard.is_due(NOON + timedelta(hours=1))


def test_the_first_is_due_at_once() -> None:
    heard = Heard()
    heard.note(["loa-1"], NOON)
    assert heard.is_due(NOON)


@pytest.mark.parametrize(("later_s", "is_due"), [(0, False), (59, False), (60, True), (-1, True)])
def test_the_next_is_due_after_a_minute_or_when_the_clock_was_set_back(later_s: int, is_due: bool) -> None:
    at = NOON + timedelta(seconds=later_s)
    assert noted(at).is_due(at) == is_due


def test_each_node_has_its_own_time_until_it_is_kept() -> None:
    heard = noted(NOON)
    heard.note(["loa-2"], NOON + timedelta(seconds=5))
    assert heard.times == {"loa-1": NOON, "loa-2": NOON + timedelta(seconds=5)}
    heard.kept(NOON)
    assert heard.times == {}
