"""The satisfaction summary in words: an official document, and the sheets of a workbook. Pure.

Official documents are in Vietnamese, whatever language the pages are in. The figures are for reference:
Thông tư 01/2018/TT-VPCP scores official criteria per dossier.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hub.documents.model import (
    Block,
    Cell,
    Chart,
    Heading,
    Official,
    Paragraph,
    Percent,
    Sheet,
    Table,
    plain,
    shown,
)
from hub.ratings.report import Face, Line, Summary

__all__ = ["Office", "official", "sheets"]

_FACES = {
    Face.VERY_SATISFIED: "Rất hài lòng",
    Face.SATISFIED: "Hài lòng",
    Face.NEUTRAL: "Bình thường",
    Face.DISSATISFIED: "Không hài lòng",
    Face.VERY_DISSATISFIED: "Rất không hài lòng",
}
_FEW = 30  # below this a share says little, and moves much with one rating
_REFERENCE = (
    "Số liệu để tham khảo. Thông tư số 01/2018/TT-VPCP cho phép dùng thiết bị điện tử để lấy ý kiến, "
    "còn tiêu chí đánh giá chính thức được chấm theo từng hồ sơ; số liệu này không thay cho việc chấm đó."
)
_HOW = (
    "Mỗi lần bấm trên thiết bị đều được lưu. Lần bấm lặp trong khoảng chờ, bấm dồn dập, bấm nhiều nút "
    "cùng lúc, nút bị giữ hoặc bấm ngoài giờ làm việc vẫn được lưu kèm lý do nhưng không tính là lượt "
    "đánh giá. Tỷ lệ hài lòng là số lượt “Rất hài lòng” và “Hài lòng” chia cho tổng số lượt đánh giá."
)
_NOTHING = (
    "Trong kỳ không ghi nhận lượt đánh giá nào, nên báo cáo không có bảng số liệu và biểu đồ. "
    "Nếu quầy có hoạt động trong kỳ, đề nghị kiểm tra thiết bị đánh giá và kết nối của thiết bị."
)


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports: the office above it (or empty), its own name, and what stands around a signature."""

    name: str
    above: str
    place: str
    symbol: str
    authority: str
    position: str


def official(summary: Summary, office: Office, *, now: datetime) -> Official:
    """The report as an official document, made at `now` (in the site's zone)."""
    return Official(
        office_above=plain(office.above).upper(),
        office=plain(office.name).upper(),
        symbol=plain(office.symbol),
        place=plain(office.place),
        on=now.date(),
        kind="BÁO CÁO",
        subject=f"Tổng hợp mức độ hài lòng của người dân tại quầy {summary.period.title} (số liệu tham khảo)",
        blocks=(*_scope(summary, office, now), *_results(summary), *_notes(summary)),
        recipients=("Như trên;", "Lưu: VT."),
        authority=plain(office.authority).upper(),
        position=plain(office.position).upper(),
    )


def sheets(summary: Summary, office: Office, *, now: datetime) -> tuple[Sheet, ...]:
    """The report as a workbook: by counter, and by month."""
    lines = (
        f"Tổng hợp mức độ hài lòng của người dân tại quầy {summary.period.title}",
        plain(office.name),
        _span(summary, now),
        _REFERENCE if summary.total.raw else f"{_NOTHING} {_REFERENCE}",
    )
    return (
        Sheet(name="Theo quầy", lines=lines, table=_by_counter(summary), chart=_levels(summary)),
        Sheet(name="Theo tháng", lines=lines, table=_by_month(summary), chart=_months(summary)),
    )


def _scope(summary: Summary, office: Office, now: datetime) -> tuple[Block, ...]:
    who = f"Báo cáo tổng hợp lượt đánh giá của người dân trên thiết bị đặt tại quầy của {plain(office.name)}."
    return (
        Heading("I. Phạm vi và cách tổng hợp"),
        Paragraph(f"{who} {_span(summary, now)}"),
        Paragraph(_HOW),
    )


def _span(summary: Summary, now: datetime) -> str:
    period = summary.period
    text = f"Thời gian: từ ngày {_day(period.first)} đến hết ngày {_day(period.last)}."
    if now.date() < period.first:
        return f"{text} Kỳ báo cáo chưa bắt đầu."
    if now.date() <= period.last:
        return f"{text} Kỳ báo cáo chưa kết thúc; số liệu tính đến {now:%H:%M} ngày {_day(now.date())}."
    return text


def _results(summary: Summary) -> tuple[Block, ...]:
    heading = Heading("II. Kết quả")
    if not summary.total.raw:
        return (heading, Paragraph(_NOTHING))
    chart = _levels(summary)
    months = (_by_month(summary),) if len(summary.months) > 1 else ()
    return (
        heading,
        Paragraph(_in_words(summary.total)),
        _by_counter(summary),
        *months,
        *([chart] if chart else []),
    )


def _in_words(total: Line) -> str:
    left_out = total.raw - total.rated
    text = (
        f"Có {shown(total.rated)} lượt đánh giá trong {shown(total.raw)} lần bấm; "
        f"{shown(left_out)} lần bấm không được tính."
    )
    if total.share is None:
        return text
    return (
        f"{text} Trong đó {shown(total.content)} lượt “Rất hài lòng” và “Hài lòng”, "
        f"đạt {shown(Percent(total.share))}."
    )


def _notes(summary: Summary) -> tuple[Block, ...]:
    few = f"Kỳ này có dưới {_FEW} lượt đánh giá: tỷ lệ thay đổi nhiều theo từng lượt, không nên so sánh."
    is_few = 0 < summary.total.rated < _FEW
    scales = ", ".join(map(str, summary.scales))
    mixed = (
        f"Các quầy dùng thang có số mức khác nhau ({scales}): các cột cộng theo tên mức, "
        "chỉ tỷ lệ hài lòng là so sánh được."
    )
    return (
        Heading("III. Giá trị của số liệu"),
        Paragraph(_REFERENCE),
        *((Paragraph(few, is_note=True),) if is_few else ()),
        *((Paragraph(mixed, is_note=True),) if len(summary.scales) > 1 else ()),
    )


def _by_counter(summary: Summary) -> Table:
    return Table(
        caption="Bảng 1. Lượt đánh giá theo quầy",
        header=("Quầy", *_columns(summary)),
        rows=tuple(_row(line, plain(line.name)) for line in summary.counters),
        total=_row(summary.total, "Cộng"),
    )


def _by_month(summary: Summary) -> Table:
    return Table(
        caption="Bảng 2. Lượt đánh giá theo tháng",
        header=("Tháng", *_columns(summary)),
        rows=tuple(_row(line, _month(summary, line)) for line in summary.months),
        total=_row(summary.total, "Cộng"),
    )


def _columns(summary: Summary) -> tuple[str, ...]:
    return (*(_FACES[face] for face in summary.faces), "Tổng lượt", "Tỷ lệ hài lòng", "Số lần bấm")


def _row(line: Line, name: str) -> tuple[Cell, ...]:
    share = None if line.share is None else Percent(line.share)
    return (name, *line.by_face, line.rated, share, line.raw)


def _levels(summary: Summary) -> Chart | None:
    if not summary.total.rated:
        return None
    return Chart(
        caption=f"Biểu đồ 1. Số lượt đánh giá theo mức, {summary.period.title} (số liệu tham khảo)",
        series="Lượt đánh giá",
        categories=tuple(_FACES[face] for face in summary.faces),
        values=summary.total.by_face,
    )


def _months(summary: Summary) -> Chart | None:
    if not summary.total.rated:
        return None
    return Chart(
        caption=f"Biểu đồ 2. Số lượt đánh giá theo tháng, {summary.period.title} (số liệu tham khảo)",
        series="Lượt đánh giá",
        categories=tuple(_month(summary, line) for line in summary.months),
        values=tuple(line.rated for line in summary.months),
    )


def _month(summary: Summary, line: Line) -> str:
    return f"{int(line.name):02}/{summary.period.year}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
