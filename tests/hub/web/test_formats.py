"""Times and numbers read as people in the commune write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.web import formats

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 42, 7, tzinfo=UTC)  # 16:42:07 in the site's zone


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "lang", "written"),
    [(1234567.25, "vi", "1.234.567,2"), (1234567.25, "en", "1,234,567.2"), (-16.04, "vi", "−16,0")],
)
def test_numbers_follow_the_language(value: float, lang: str, written: str) -> None:
    assert formats.number(value, lang, decimals=1) == written


def test_a_value_that_rounds_to_nothing_has_no_sign() -> None:
    assert formats.milliseconds(-0.04, "en").startswith("0.0")


def test_a_late_start_wears_a_plus() -> None:
    assert plain(formats.milliseconds(0.84, "vi")) == "+0,8 ms"


@pytest.mark.parametrize(
    ("bytes_", "written"), [(48_300_000, "48 MB"), (1_000_000_000, "1,0 GB"), (23_400_000_000, "23,4 GB")]
)
def test_room_on_a_disk_is_told_in_the_unit_that_fits(bytes_: int, written: str) -> None:
    assert plain(formats.size(bytes_, "vi")) == written


def test_a_column_of_days_has_no_words() -> None:
    assert formats.dated(NOW, ZONE) == "20/11/2026"


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (0, "1 giây"),
        (59_600, "1 phút"),
        (125_000, "2 phút 05 giây"),
        (900_000, "15 phút"),
        (5_400_000, "1 giờ 30 phút"),
    ],
)
def test_a_length_is_said_in_words(ms: int, written: str) -> None:
    assert plain(formats.duration(ms, "vi")) == written


@pytest.mark.parametrize(("ms", "shown"), [(5_000, "0:05"), (125_400, "2:05"), (3_725_000, "1:02:05")])
def test_a_timer_counts_like_a_player(ms: int, shown: str) -> None:
    assert formats.timer(ms) == shown


def test_hours_are_the_sites_not_utc() -> None:
    assert formats.hour(NOW, ZONE, seconds=True) == "16:42:07"


def test_a_day_leads_with_its_name() -> None:
    assert formats.day(date(2026, 11, 22), "vi") == "Chủ Nhật, 22/11/2026"


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(hours=1), "17:42 hôm nay"),
        (timedelta(hours=8), "00:42 ngày mai"),
        (timedelta(hours=-17), "23:42 hôm qua"),
        (timedelta(days=-3), "16:42 17/11"),
        (timedelta(days=60), "16:42 19/01/2027"),
    ],
)
def test_an_instant_is_told_from_where_the_site_stands(away: timedelta, said: str) -> None:
    assert formats.moment(NOW + away, NOW, ZONE, "vi") == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-3), "vừa xong"),
        (timedelta(seconds=59), "59 giây trước"),
        (timedelta(minutes=12, seconds=59), "12 phút trước"),
        (timedelta(hours=30), "30 giờ trước"),
        (timedelta(days=9), "9 ngày trước"),
    ],
)
def test_age_is_told_coarsely(passed: timedelta, said: str) -> None:
    assert plain(formats.ago(NOW - passed, NOW, "vi")) == said


@pytest.mark.parametrize(
    ("lufs", "code"), [(-16.4, "house"), (-15.0, "louder"), (-18.3, "quieter"), (-27.4, "much_quieter")]
)
def test_loudness_is_told_beside_the_houses(lufs: float, code: str) -> None:
    assert formats.loudness(lufs) == code


@pytest.mark.parametrize(("dbtp", "code"), [(-1.3, "safe"), (-0.98, "safe"), (0.0, "over")])
def test_a_peak_is_safe_up_to_the_limit(dbtp: float, code: str) -> None:
    assert formats.peak(dbtp) == code
