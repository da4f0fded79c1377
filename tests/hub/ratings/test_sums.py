"""How presses add up."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hub.ratings.sums import Group, by_counter, by_day, by_hour, by_levels, share_satisfied, tally

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2026, 11, 20, 2, tzinfo=UTC)


def group(level: int, counted: int = 1, *, levels: int = 4, at: datetime = NINE, counter: str = "a") -> Group:
    return Group(at=at, counter=counter, level=level, levels=levels, pressed=counted + 1, counted=counted)


def test_levels_are_counted_apart() -> None:
    assert tally([group(1, 3), group(4, 2), group(1, 1)], 4).counts == (4, 0, 0, 2)


def test_presses_that_did_not_count_are_told_beside() -> None:
    found = tally([group(1, 3), group(4, 2)], 4)
    assert (found.pressed, found.total, found.uncounted) == (7, 5, 2)


@pytest.mark.parametrize(("levels", "satisfied"), [(3, 1), (4, 2), (5, 2)])
def test_satisfied_are_the_levels_better_than_the_middling_one(levels: int, satisfied: int) -> None:
    found = tally([group(level, levels=levels) for level in range(1, levels + 1)], levels)
    assert found.satisfied == satisfied
    assert found.share == pytest.approx(satisfied / levels)


def test_without_ratings_there_is_no_share() -> None:
    assert tally([], 4).share is None
    assert share_satisfied([]) is None


def test_scales_are_not_added_together() -> None:
    found = by_levels([group(3, 5, levels=3), group(3, 2, levels=4)])
    assert [(each.levels, each.counts) for each in found] == [(3, (0, 0, 5)), (4, (0, 0, 2, 0))]


def test_a_level_that_the_scale_does_not_have_counts_nowhere() -> None:
    assert tally([group(5, 7, levels=4)], 4).counts == (0, 0, 0, 0)


def test_the_share_over_scales_weighs_each_rating_alike() -> None:
    found = by_levels([group(1, 9, levels=3), group(4, 1, levels=4)])
    assert share_satisfied(found) == pytest.approx(0.9)


def test_counters_are_summed_apart() -> None:
    found = by_counter([group(1, 1), group(1, 2, counter="b")])
    assert [found[name][0].total for name in ("a", "b")] == [1, 2]


def test_a_day_is_one_of_the_site() -> None:
    late, early = datetime(2026, 11, 20, 16, 45, tzinfo=UTC), datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    found = by_day([group(1, at=late), group(2, at=early)], ZONE)
    assert sorted(found) == [date(2026, 11, 20), date(2026, 11, 21)]


def test_an_hour_is_one_of_the_site() -> None:
    assert list(by_hour([group(1)], ZONE)) == [9]
