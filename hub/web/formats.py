"""Times, durations and measured numbers as people in the commune write them.

Pure functions of a value, the language (`vi` or `en`) and, for instants, the site's zone. Vietnamese writes
a comma for the decimal point and a dot between thousands; hours are always 24-hour.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from audio.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS

__all__ = [
    "WEEKDAYS",
    "ago",
    "dated",
    "day",
    "decibels",
    "degrees",
    "duration",
    "hour",
    "loudness",
    "milliseconds",
    "moment",
    "number",
    "peak",
    "size",
    "timer",
]

_HARDLY_LU = 0.6
_MUCH_LU = 6.0
MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NO-BREAK SPACE}"
WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MB, _GB = 1_000_000, 1_000_000_000
NEAR_DAYS = {
    "vi": {-1: "hôm qua", 0: "hôm nay", 1: "ngày mai"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
UNITS = {
    "vi": {"s": "giây", "min": "phút", "h": "giờ", "d": "ngày"},
    "en": {"s": "s", "min": "min", "h": "h", "d": "d"},
}


def loudness(lufs: float) -> str:
    """How loud that is beside what the house broadcasts: the code of a word."""
    louder = lufs - TARGET_LUFS
    if abs(louder) <= _HARDLY_LU:
        return "house"
    return "louder" if louder > 0 else "quieter" if louder > -_MUCH_LU else "much_quieter"


def peak(dbtp: float) -> str:
    """Whether loudspeakers may distort it: the code of a word."""
    return "safe" if round(dbtp, 1) <= PEAK_LIMIT_DBTP else "over"


def number(value: float, lang: str, *, decimals: int = 0, signed: bool = False) -> str:
    """A rounded number; `signed` writes a plus before what is above zero. Never a minus before nothing."""
    text = f"{abs(value):,.{decimals}f}"
    if lang == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def decibels(value: float, unit: str, lang: str) -> str:
    """Loudness or peak with one decimal: `−16,2 LUFS`."""
    return f"{number(value, lang, decimals=1)}{NARROW}{unit}"


def milliseconds(value: float, lang: str) -> str:
    """A signed error: `+0,8 ms` is late, `−0,3 ms` early."""
    return f"{number(value, lang, decimals=1, signed=True)}{NARROW}ms"


def size(bytes_: float, lang: str) -> str:
    """Room on a disk: `48 MB`, from a thousand of them on `23,4 GB`."""
    if bytes_ < _GB:
        return f"{number(bytes_ / _MB, lang)}{NARROW}MB"
    return f"{number(bytes_ / _GB, lang, decimals=1)}{NARROW}GB"


def degrees(celsius: float, lang: str) -> str:
    """`47,3 °C`."""
    return f"{number(celsius, lang, decimals=1)}{NARROW}°C"


def duration(ms: float, lang: str) -> str:
    """A length in words, to the second: `2 phút 05 giây`, `1 giờ 30 phút`; under a second is one second."""
    unit = UNITS[lang]
    minutes, seconds = divmod(max(round(ms / 1000), 1), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}{NARROW}{unit['h']} {minutes:02}{NARROW}{unit['min']}"
    if minutes:
        tail = f" {seconds:02}{NARROW}{unit['s']}" if seconds else ""
        return f"{minutes}{NARROW}{unit['min']}{tail}"
    return f"{seconds}{NARROW}{unit['s']}"


def timer(ms: float) -> str:
    """A length as a player shows it: `2:05`, `1:02:05`."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def hour(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """The wall clock of the site: `17:00`, or `17:00:05`."""
    return at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def dated(at: datetime, zone: ZoneInfo) -> str:
    """The day alone, for a column of them: `20/11/2026`."""
    return at.astimezone(zone).strftime("%d/%m/%Y")


def day(value: date, lang: str, *, year: bool = True) -> str:
    """`Thứ Sáu, 20/11/2026`; the order day, month, year in both languages."""
    written = value.strftime("%d/%m/%Y" if year else "%d/%m")
    return f"{WEEKDAYS[lang][value.weekday()]}, {written}"


def moment(at: datetime, now: datetime, zone: ZoneInfo, lang: str, *, seconds: bool = False) -> str:
    """An instant as one would say it today: `17:00 hôm nay`, `17:00 20/11`, `17:00 20/11/2025`."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    written = NEAR_DAYS[lang].get((here.date() - today).days)
    if written is None:
        written = here.strftime("%d/%m" if here.year == today.year else "%d/%m/%Y")
    return f"{hour(at, zone, seconds=seconds)} {written}"


def ago(at: datetime, now: datetime, lang: str) -> str:
    """How long since `at`, coarsely: `vừa xong`, `12 phút trước`, `3 ngày trước`."""
    passed = now - at
    if passed < timedelta(seconds=5):
        return "vừa xong" if lang == "vi" else "just now"
    seconds = int(passed.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= length * (2 if unit == "d" else 1):
            words = f"{seconds // length}{NARROW}{UNITS[lang][unit]}"
            break
    return f"{words} {'trước' if lang == 'vi' else 'ago'}"
