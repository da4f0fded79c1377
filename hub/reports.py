"""Reports for the leader's desk: what is stored, summed up, in the form of an office's document."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.config import HubSettings
from hub.documents.docx import DOCX, official_docx
from hub.documents.xlsx import XLSX, workbook
from hub.parts import Parts
from hub.ratings.report import Count, Summary, summarise
from hub.ratings.report_period import Period
from hub.ratings.report_words import Office, official, sheets
from hub.store import nodes, presses
from hub.store.database import Database

__all__ = ["ReportFile", "ReportFormat", "office_of", "satisfaction", "satisfaction_file"]

_KINDS_OF_SITE = ("Xã ", "Phường ", "Đặc khu ", "Thị trấn ")


class ReportFormat(StrEnum):
    """The file formats of reports."""

    DOCX = "docx"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as it is downloaded."""

    name: str
    media_type: str
    content: bytes


def satisfaction(parts: Parts, period: Period) -> Summary:
    """The ratings of `period`: every counter in service, and those that have presses in it."""
    db = parts.store.read()
    counts = [
        count
        for month, start, end in period.spans(parts.site.zone)
        for count in _counts(db, month, start=start, end=end)
    ]
    listed = {node.id for node in nodes.nodes(db)} | {count.counter for count in counts}
    counters = [(id_, name) for id_, name in presses.counters(db).items() if id_ in listed]
    return summarise(period, counters, counts)


def satisfaction_file(parts: Parts, period: Period, form: ReportFormat) -> ReportFile:
    """The same as a file: DOCX is the official document, XLSX the figures."""
    summary, office = satisfaction(parts, period), office_of(parts.settings)
    now = parts.now().astimezone(parts.site.zone)
    name = f"bao-cao-hai-long-{period.slug}.{form}"
    if form is ReportFormat.DOCX:
        return ReportFile(name, DOCX, official_docx(official(summary, office, now=now)))
    return ReportFile(name, XLSX, workbook(sheets(summary, office, now=now)))


def office_of(settings: HubSettings) -> Office:
    """The office as the settings name it, or as the site's name suggests."""
    office, site = settings.office, settings.site.name
    in_a_name = site[0].lower() + site[1:] if site.startswith(_KINDS_OF_SITE) else site
    return Office(
        name=office.name or f"Ủy ban nhân dân {in_a_name}",
        above=office.above,
        place=office.place or site,
        symbol=office.symbol,
        authority=office.authority,
        position=office.position,
    )


def _counts(db: Database, month: int, *, start: datetime, end: datetime) -> list[Count]:
    sums: dict[tuple[str, int, int], tuple[int, int]] = {}
    for group in presses.sums(db, start=start, end=end):
        key = (group.counter, group.levels, group.level)
        counted, raw = sums.get(key, (0, 0))
        sums[key] = (counted + group.counted, raw + group.pressed)
    return [
        Count(month=month, counter=counter, levels=levels, level=level, counted=counted, raw=raw)
        for (counter, levels, level), (counted, raw) in sums.items()
    ]
