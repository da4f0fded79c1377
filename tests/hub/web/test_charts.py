"""The numbers of charts."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.web.charts import Block, columns, segments, strip, top_of

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "top"), [((), 5), ((0,), 5), ((5,), 5), ((6,), 10), ((11, 3), 20), ((21,), 50), ((501,), 1000)]
)
def test_an_axis_ends_at_a_round_number_above_all_values(values: tuple[int, ...], top: int) -> None:
    assert top_of(values) == top


def test_columns_stand_on_each_other() -> None:
    lower, upper = columns([[5], [10]], height=100, step=8, top=20)
    assert lower == "M1.0 75.0h6.0v25.0h-6.0z"
    assert upper == "M1.0 25.0h6.0v50.0h-6.0z"


def test_nothing_has_no_column() -> None:
    assert columns([[0, 0]], height=100, step=8, top=5) == ("",)


def test_a_bar_is_divided_as_the_counts_are() -> None:
    assert segments((3, 0, 1), width=100) == (Block(0.0, 75.0), Block(75.0, 0.0), Block(75.0, 25.0))


def test_a_bar_of_nothing_has_no_width() -> None:
    assert segments((0, 0), width=100) == (Block(0.0, 0.0), Block(0.0, 0.0))


def test_a_span_lies_where_its_hours_are() -> None:
    found = strip([(MIDNIGHT + 6 * HOUR, MIDNIGHT + 12 * HOUR)], start=MIDNIGHT, length=DAY, width=1440)
    assert found == (Block(360.0, 360.0),)


def test_a_span_of_a_second_can_still_be_seen() -> None:
    [block] = strip([(MIDNIGHT, MIDNIGHT + timedelta(seconds=1))], start=MIDNIGHT, length=DAY, width=1440)
    assert block.width == 1.0


def test_what_reaches_beyond_the_bar_is_cut() -> None:
    [block] = strip([(MIDNIGHT - HOUR, MIDNIGHT + 2 * DAY)], start=MIDNIGHT, length=DAY, width=1440)
    assert block == Block(0.0, 1440.0)
