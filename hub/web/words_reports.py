"""Words of the page of reports."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "nav.reports": ("Báo cáo", "Reports"),
    "reports.satisfaction": ("Tổng hợp mức độ hài lòng", "Satisfaction summary"),
    "reports.hint": (
        "DOCX là văn bản theo thể thức hành chính của {office}: điền số, ngày và ký. XLSX là bảng số liệu. "
        "Cả hai có biểu đồ.",
        "DOCX is an official document of {office}, in Vietnamese: fill in number and day, and sign. XLSX "
        "holds the figures. Both have charts.",
    ),
    "reports.reference": (
        "Số liệu để tham khảo: theo Thông tư 01/2018/TT-VPCP, tiêu chí chính thức được chấm theo từng hồ sơ.",
        "Reference figures: by Thông tư 01/2018/TT-VPCP the official criteria are scored per dossier.",
    ),
    "reports.year": ("Năm {year}", "Year {year}"),
    "reports.in_year": ("năm {year}", "year {year}"),
    "reports.other_years": ("Năm khác", "Other years"),
    "reports.period": ("Kỳ", "Period"),
    "reports.state": ("Tình trạng", "State"),
    "reports.files": ("Tải về", "Download"),
    "reports.download": ("Tải {form}: {period}", "Download {form}: {period}"),
    "report_group.long": ("6 tháng, 9 tháng, cả năm", "6 months, 9 months, year"),
    "report_group.quarters": ("Theo quý", "By quarter"),
    "report_group.months": ("Theo tháng", "By month"),
    "reports.month": ("Tháng {number}", "Month {number}"),
    "reports.quarter": ("Quý {number}", "Quarter {number}"),
    "reports.half": ("6 tháng đầu năm", "First 6 months"),
    "reports.nine": ("9 tháng đầu năm", "First 9 months"),
    "reports.whole": ("Cả năm", "Whole year"),
    "report_state.over": ("Đã hết kỳ", "Over"),
    "report_state.running": ("Đang trong kỳ", "Running"),
    "report_state.ahead": ("Chưa đến kỳ", "Ahead"),
}
