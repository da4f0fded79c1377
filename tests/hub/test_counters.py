"""Ratings as the service sums them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from edge.wire.entries import Uncounted
from hub.counters import Counters
from hub.errors import Forbidden
from hub.people.roles import Role
from hub.ratings.sums import by_hour, by_levels
from tests.factories_counter import COUNTER, add_counter, pressed, wrote_at
from tests.factories_hub import Village, actor

DAY = timedelta(days=1)


@pytest.fixture
def zone() -> ZoneInfo:
    return ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def counters(village: Village, zone: ZoneInfo) -> Counters:
    add_counter(village)
    return Counters(store=village.store, zone=lambda: zone, now=village.now)


def test_groups_and_sums_say_the_same(village: Village, counters: Counters) -> None:
    now = village.now()
    wrote_at(
        village,
        [(now - timedelta(minutes=17 * n), pressed(1 + n % 4, levels=4 + n % 2)) for n in range(40)],
    )
    start, end = now - DAY, now + DAY
    assert by_levels(counters.groups(start, end)) == counters.summary(start, end).total


def test_the_same_level_in_the_same_hour_is_one_group_over_all_counters(
    village: Village, counters: Counters
) -> None:
    add_counter(village, "counter-2")
    for name in (COUNTER, "counter-2"):
        village.wrote(name, [pressed(1)])
    start, end = village.now() - DAY, village.now() + DAY
    assert [group.pressed for group in counters.groups(start, end)] == [2]
    assert [group.pressed for group in counters.groups(start, end, COUNTER)] == [1]


@pytest.mark.parametrize("zone", [ZoneInfo("Asia/Kathmandu")], ids=str)
def test_an_hour_is_right_also_where_zones_are_not_whole_hours(
    village: Village, counters: Counters, zone: ZoneInfo
) -> None:
    at = [datetime(2026, 11, 20, 1, minute, tzinfo=UTC) for minute in (14, 15)]  # 06:59 and 07:00 there
    wrote_at(village, [(each, pressed()) for each in at])
    found = by_hour(counters.groups(village.now() - DAY, village.now()), zone)
    assert sorted(found) == [6, 7]


def test_a_counter_without_a_press_is_in_the_summary(village: Village, counters: Counters) -> None:
    found = counters.summary(village.now() - DAY, village.now() + DAY)
    assert (found.counters, found.share) == ({COUNTER: ()}, None)


def test_presses_that_did_not_count_are_in_no_level(village: Village, counters: Counters) -> None:
    village.wrote(COUNTER, [pressed(1), pressed(4, reason=Uncounted.STUCK)])
    [total] = counters.summary(village.now() - DAY, village.now() + DAY).total
    assert (total.counts, total.uncounted) == ((1, 0, 0, 0), 1)


def test_single_presses_are_not_for_a_clerk(village: Village, counters: Counters) -> None:
    with pytest.raises(Forbidden):
        counters.presses(actor(Role.CLERK), start=village.now() - DAY, end=village.now())


def test_only_what_did_not_count_can_be_asked_for(village: Village, counters: Counters) -> None:
    village.wrote(COUNTER, [pressed(1), pressed(4, reason=Uncounted.STUCK)])
    found = counters.presses(
        actor(Role.VIEWER), start=village.now() - DAY, end=village.now() + DAY, counted=False
    )
    assert [press.level for press in found] == [4]
