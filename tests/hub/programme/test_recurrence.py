"""When schedules sound."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from edge.wire.base import Priority
from hub.programme.recurrence import latest_possible, occurrence_id, occurrences, schedule_of
from hub.programme.terms import Clip, Rule, Scheduled

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def scheduled(**changes: Any) -> Scheduled:
    fields: dict[str, Any] = {
        "id": "s1",
        "bulletin": "b1",
        "title": "Tin",
        "priority": Priority.ROUTINE,
        "clips": (Clip("a" * 64, 1000, 60_000),),
        "starts_at": FIRST,
        "areas": ("to-1",),
    }
    return Scheduled(**fields | changes)


def starts(schedule: Scheduled, *, zone: ZoneInfo = VIETNAM, days: float = 40) -> list[datetime]:
    found = occurrences(schedule, zone=zone, start=FIRST - DAY, end=FIRST + timedelta(days=days))
    return [occurrence.starts_at for occurrence in found]


def test_once_is_once() -> None:
    assert starts(scheduled()) == [FIRST]


def test_daily_is_the_same_local_time_each_day() -> None:
    assert starts(scheduled(rule=Rule.DAILY), days=2.5) == [FIRST, FIRST + DAY, FIRST + 2 * DAY]


def test_daily_keeps_the_local_time_when_the_clocks_change() -> None:
    first = datetime(2026, 10, 24, 6, 0, tzinfo=BERLIN)
    found = occurrences(
        scheduled(rule=Rule.DAILY, starts_at=first), zone=BERLIN, start=first, end=first + 2 * DAY
    )
    assert [(o.starts_at.astimezone(BERLIN).hour, o.starts_at.hour) for o in found] == [(6, 4), (6, 5)]


def test_a_last_day_is_included() -> None:
    assert len(starts(scheduled(rule=Rule.DAILY, until=date(2026, 11, 22)))) == 3


def test_the_last_day_is_that_of_the_site() -> None:
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # 00:30 on the 21st at the site
    assert len(starts(scheduled(rule=Rule.DAILY, starts_at=late, until=date(2026, 11, 21)))) == 1


def test_a_last_instant_is_included() -> None:
    assert len(starts(scheduled(rule=Rule.DAILY, until=FIRST + DAY))) == 2
    assert len(starts(scheduled(rule=Rule.DAILY, until=FIRST + DAY - timedelta(seconds=1)))) == 1


def test_what_had_not_begun_when_it_was_cancelled_does_not_sound() -> None:
    assert starts(scheduled(rule=Rule.DAILY, ended_at=FIRST + DAY)) == [FIRST]


def test_a_name_holds_its_schedule_and_instant() -> None:
    assert occurrence_id("s1", FIRST) == "s1.20261120T100000Z"
    assert schedule_of("s1.20261120T100000Z") == "s1"


def test_a_schedule_without_end_has_no_latest_instant() -> None:
    assert latest_possible(scheduled(rule=Rule.DAILY), zone=VIETNAM) is None
    assert latest_possible(scheduled(), zone=VIETNAM) == FIRST


@given(
    start=st.integers(-200, 2000).map(lambda hours: FIRST + timedelta(hours=hours)),
    middle=st.integers(0, 500),
    rest=st.integers(0, 500),
)
def test_two_windows_side_by_side_hold_what_the_whole_holds(start: datetime, middle: int, rest: int) -> None:
    daily = scheduled(rule=Rule.DAILY, until=FIRST + 40 * DAY)
    between = start + timedelta(hours=middle)
    end = between + timedelta(hours=rest)
    first = list(occurrences(daily, zone=BERLIN, start=start, end=between))
    second = list(occurrences(daily, zone=BERLIN, start=between, end=end))
    assert first + second == list(occurrences(daily, zone=BERLIN, start=start, end=end))
