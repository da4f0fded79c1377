"""Made-up counts, an office and an instant for reports."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.ratings.report import Count, Summary, summarise
from hub.ratings.report_period import Period, PeriodKind
from hub.ratings.report_words import Office

__all__ = ["NOW", "QUARTER", "ZONE", "count", "office", "summary"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2027, 1, 5, 9, 0, tzinfo=ZONE)
QUARTER = Period(PeriodKind.QUARTER, 2026, 4)


def count(level: int, counted: int, **changes: object) -> Count:
    fields = {"month": 10, "counter": "counter-1", "levels": 4, "raw": counted}
    return Count(level=level, counted=counted, **{**fields, **changes})  # type: ignore[arg-type]


def office(**changes: str) -> Office:
    fields = {
        "name": "Ủy ban nhân dân Xã Mẫu",
        "above": "",
        "place": "Xã Mẫu",
        "symbol": "/BC-UBND",
        "authority": "TM. Ủy ban nhân dân",
        "position": "Chủ tịch",
    }
    return Office(**{**fields, **changes})


def summary(*counts: Count, period: Period = QUARTER, name: str = "Quầy 1") -> Summary:
    return summarise(period, [("counter-1", name)], counts)
