from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.wire.base import Priority
from edge.wire.house_rules import HouseRules, QuietException, QuietHours, permitted_until
from tests import factories as make

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = make.house_rules()


def local(clock: str, *, day: int = 20) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}").replace(tzinfo=ZONE)


def until(
    at: datetime,
    rules: HouseRules = NIGHT,
    *,
    schedule: str = "s-1",
    priority: Priority = Priority.ROUTINE,
) -> datetime | None:
    return permitted_until(rules, schedule=schedule, priority=priority, at=at)


def with_exception(start: datetime, end: datetime, *, schedule: str = "s-1") -> HouseRules:
    return make.house_rules(exceptions=(make.quiet_exception(schedule=schedule, start=start, end=end),))


def test_sound_in_the_afternoon_may_last_until_the_night() -> None:
    assert until(local("17:00")) == local("22:00")


def test_sound_may_not_begin_when_the_night_begins() -> None:
    assert until(local("22:00")) == local("22:00")


def test_sound_may_last_until_just_before_the_night() -> None:
    assert until(local("21:59:59.999999")) == local("22:00")


def test_sound_may_begin_when_the_night_ends() -> None:
    assert until(local("06:00")) == local("22:00")


def test_sound_may_not_begin_just_before_the_night_ends() -> None:
    at = local("05:59:59.999999")
    assert until(at) == at


@pytest.mark.parametrize("clock", ["23:30", "00:00", "03:15"])
def test_a_night_crosses_midnight(clock: str) -> None:
    assert until(local(clock)) == local(clock)


def test_hours_are_those_of_the_site_and_not_of_the_machine() -> None:
    assert until(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_an_emergency_sounds_at_night() -> None:
    assert until(local("03:15"), priority=Priority.EMERGENCY) is None


def test_a_priority_bulletin_does_not_sound_at_night() -> None:
    assert until(local("03:15"), priority=Priority.PRIORITY) == local("03:15")


def test_without_quiet_hours_every_hour_is_allowed() -> None:
    assert until(local("03:15"), make.house_rules(quiet=())) is None


def test_an_exception_allows_its_schedule_at_night_until_it_ends() -> None:
    rules = with_exception(local("23:55"), local("00:30", day=21))
    assert until(local("23:58"), rules) == local("00:30", day=21)


def test_an_exception_allows_no_other_schedule() -> None:
    rules = with_exception(local("23:55"), local("00:30", day=21), schedule="s-2")
    assert until(local("23:58"), rules) == local("23:58")


def test_an_exception_does_not_hold_before_it_starts() -> None:
    rules = with_exception(local("23:55"), local("00:30", day=21))
    assert until(local("23:54:59"), rules) == local("23:54:59")


def test_an_exception_does_not_hold_when_it_has_ended() -> None:
    rules = with_exception(local("23:55"), local("00:30", day=21))
    assert until(local("00:30", day=21), rules) == local("00:30", day=21)


def test_an_exception_from_the_evening_on_carries_over_the_boundary() -> None:
    rules = with_exception(local("21:00"), local("22:30"))
    assert until(local("21:30"), rules) == local("22:30")


def test_an_exception_that_ends_by_day_leads_to_the_next_night() -> None:
    rules = with_exception(local("05:00"), local("07:00"))
    assert until(local("05:30"), rules) == local("22:00")


def test_exceptions_that_touch_hold_together() -> None:
    rules = make.house_rules(
        exceptions=(
            make.quiet_exception(schedule="s-1", start=local("22:00"), end=local("22:30")),
            make.quiet_exception(schedule="s-1", start=local("22:30"), end=local("23:00")),
        )
    )
    assert until(local("21:00"), rules) == local("23:00")


def test_two_quiet_times_in_a_day_both_hold() -> None:
    noon = QuietHours(start="11:30", end="13:30")
    rules = make.house_rules(quiet=(*NIGHT.quiet, noon))
    assert [until(local("09:00"), rules), until(local("14:00"), rules)] == [local("11:30"), local("22:00")]


def test_quiet_hours_of_no_length_are_refused() -> None:
    with pytest.raises(ValidationError, match="every hour"):
        QuietHours(start="22:00", end="22:00")


@pytest.mark.parametrize("clock", ["24:00", "7:00", "22:60", "22", "22:00:00", "٢٢:00", "22:00\n"])
def test_a_local_time_is_two_digits_each(clock: str) -> None:
    with pytest.raises(ValidationError):
        QuietHours(start=clock, end="06:00")


@pytest.mark.parametrize("zone", ["", "Saigon/Nowhere", "../../etc/passwd", "/etc/passwd", "Asia", "a\0b"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="time zone"):
        HouseRules(timezone=zone)


CLOCKS = st.times().map(lambda clock: f"{clock:%H:%M}")
QUIETS = st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1])
INSTANTS = st.integers(0, 365 * 86_400).map(lambda seconds: make.NOW + timedelta(seconds=seconds))
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "Asia/Tokyo", "UTC"])


@st.composite
def house_rules(draw: st.DrawFn) -> HouseRules:
    quiet = tuple(QuietHours(start=start, end=end) for start, end in draw(st.lists(QUIETS, max_size=3)))
    return HouseRules(timezone=draw(ZONES), quiet=quiet)


def is_quiet(rules: HouseRules, at: datetime) -> bool:
    """What a person with a wall clock would say."""
    clock = f"{at.astimezone(ZoneInfo(rules.timezone)):%H:%M}"
    return any(
        q.start <= clock < q.end if q.start < q.end else (clock >= q.start or clock < q.end)
        for q in rules.quiet
    )


@given(rules=house_rules(), at=INSTANTS, share=st.floats(0, 1, exclude_max=True))
def test_nothing_permitted_is_ever_inside_quiet_hours(rules: HouseRules, at: datetime, share: float) -> None:
    end = until(at, rules) or at + timedelta(days=2)
    moment = at + (end - at) * share
    assert moment >= end or not is_quiet(rules, moment)


@given(rules=house_rules(), at=INSTANTS)
def test_what_ends_a_permission_is_quiet(rules: HouseRules, at: datetime) -> None:
    end = until(at, rules)
    assert end is None or is_quiet(rules, end)


@given(at=INSTANTS, start=INSTANTS, minutes=st.integers(1, 3_000))
def test_an_exception_never_shortens_what_is_permitted(at: datetime, start: datetime, minutes: int) -> None:
    exception = make.quiet_exception(schedule="s-1", start=start, end=start + timedelta(minutes=minutes))
    assert (until(at, make.house_rules(exceptions=(exception,))) or at + timedelta(days=9)) >= (
        until(at) or at
    )


@given(at=INSTANTS, start=INSTANTS, minutes=st.integers(1, 3_000))
def test_an_exceptions_own_time_is_permitted(at: datetime, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    exception = QuietException(schedule="s-1", start=start, end=end, allowed_by="Chủ tịch UBND")
    permitted = until(start, make.house_rules(exceptions=(exception,)))
    assert permitted is None or permitted >= end
