"""Cameras over their days."""

from datetime import date, timedelta

import pytest

from hub.cameras import CameraDay, Cameras
from hub.errors import NotFound
from tests import factories as make
from tests.factories_counter import COUNTER, add_counter, seen, wrote_at
from tests.factories_hub import Village

HOUR = timedelta(hours=1)


@pytest.fixture
def cameras(village: Village) -> Cameras:
    add_counter(village)
    village.born(COUNTER, kind="counter")
    return Cameras(store=village.store, zone=lambda: village.site.zone, now=village.now)


def day_of(cameras: Cameras, day: date | None = None) -> CameraDay:
    return cameras.day(cameras.camera(COUNTER, "cong"), day)


def verdicts(day: CameraDay) -> list[tuple[str, float]]:
    return [(span.verdict, span.length / HOUR) for span in day.spans]


def test_a_day_begins_with_what_was_said_last_before_it(village: Village, cameras: Cameras) -> None:
    now = village.now()  # 09:00 there
    wrote_at(village, [(now - 30 * HOUR, seen("ok")), (now - 20 * HOUR, seen("dark"))])
    village.wrote(COUNTER, [seen("dark")], first=3)
    assert verdicts(day_of(cameras)) == [("dark", 9)]


def test_a_day_is_unknown_from_when_the_counter_went(village: Village, cameras: Cameras) -> None:
    wrote_at(village, [(village.now() - 9 * HOUR, seen("ok"))])
    village.wrote(COUNTER, [seen("ok")], first=2)
    village.now.pass_s(3600)
    assert verdicts(day_of(cameras)) == [("ok", 9), ("unknown", 1)]


def test_a_day_is_unknown_over_a_restart(village: Village, cameras: Cameras) -> None:
    now = village.now()
    wrote_at(
        village, [(now - 9 * HOUR, seen("ok")), (now - 3 * HOUR, make.booted()), (now - 2 * HOUR, seen("ok"))]
    )
    assert verdicts(day_of(cameras)) == [("unknown", 7), ("ok", 2)]


def test_a_day_that_is_over_is_whole(village: Village, cameras: Cameras) -> None:
    wrote_at(village, [(village.now() - 60 * HOUR, seen("ok"))])
    village.wrote(COUNTER, [seen("ok")], first=2)
    assert verdicts(day_of(cameras, date(2026, 11, 19))) == [("ok", 24)]


def test_a_day_to_come_has_no_spans(village: Village, cameras: Cameras) -> None:
    village.wrote(COUNTER, [seen("ok")])
    assert day_of(cameras, date(2026, 11, 25)).spans == ()


def test_a_camera_that_is_not_there_is_not_found(cameras: Cameras) -> None:
    with pytest.raises(NotFound):
        cameras.camera(COUNTER, "cong")
