"""Sums and shares of a period."""

import pytest

from hub.ratings.report import Face, summarise
from tests.factories_reports import QUARTER, count, summary


def test_the_share_is_that_of_the_satisfied_among_the_ratings() -> None:
    found = summary(count(1, 6), count(2, 2), count(3, 1), count(4, 1))
    assert found.total.share == pytest.approx(0.8)


def test_presses_that_do_not_count_stand_beside_the_ratings() -> None:
    found = summary(count(1, 3, raw=10))
    assert (found.total.rated, found.total.raw) == (3, 10)


def test_without_ratings_there_is_no_share() -> None:
    assert summary(count(1, 0, raw=5)).total.share is None


def test_scales_of_three_and_five_meet_by_what_their_levels_say() -> None:
    found = summary(count(1, 7, levels=3), count(2, 5, levels=5), count(5, 1, levels=5))
    by_face = dict(zip(found.faces, found.total.by_face, strict=True))
    assert by_face[Face.SATISFIED] == 12
    assert by_face[Face.VERY_DISSATISFIED] == 1


@pytest.mark.parametrize(("levels", "level"), [(4, 5), (4, 0), (9, 1)])
def test_a_level_that_its_scale_lacks_is_a_press_and_no_rating(levels: int, level: int) -> None:
    found = summary(count(level, 2, levels=levels, raw=3))
    assert (found.total.rated, found.total.raw) == (0, 3)


def test_a_month_outside_the_period_is_left_out() -> None:
    assert summary(count(1, 4, month=9)).total.raw == 0


def test_a_counter_nobody_knows_any_more_is_listed_by_its_id() -> None:
    found = summarise(QUARTER, [], [count(1, 4, counter="counter-9")])
    assert [line.name for line in found.counters] == ["counter-9"]


def test_every_month_of_the_period_has_its_line() -> None:
    found = summary(count(1, 4, month=11))
    assert [(line.name, line.rated) for line in found.months] == [("10", 0), ("11", 4), ("12", 0)]
