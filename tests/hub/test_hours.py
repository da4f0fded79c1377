"""Times of day are taken as people write them."""

from datetime import time

import pytest

from hub.hours import clock_of


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("6h", time(6)),
        ("6H", time(6)),
        ("5h30", time(5, 30)),
        ("06:00", time(6)),
        ("6:00", time(6)),
        ("17g05", time(17, 5)),
        ("17.00", time(17)),
        (" 17:00:30 ", time(17, 0, 30)),
    ],
)
def test_an_hour_is_read_as_written(text: str, hour: time) -> None:
    assert clock_of(text) == hour


@pytest.mark.parametrize("text", ["", "6", "24:00", "6:0", "6:60", "17 giờ", "٦:00", "6h:00"])
def test_what_is_no_hour_is_none(text: str) -> None:
    assert clock_of(text) is None
