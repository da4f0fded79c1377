"""What is said about the forms of pages, beyond what the services behind them say."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "bulletin_needed": ("Hãy chọn một bản tin đã duyệt.", "Choose an approved bulletin."),
    "date_needed": ("Hãy chọn ngày, dạng ngày/tháng/năm.", "Choose a date."),
    "time_needed": (
        "Hãy ghi giờ phát, ví dụ 17:00 hoặc 17:00:30.",
        "Give the time, such as 17:00 or 17:00:30.",
    ),
    "login_fixed": (
        "Tên đăng nhập {login} không đổi được; nhật ký ghi theo tên này.",
        "The log-in name {login} cannot change: the audit log is written by it.",
    ),
    "quiet_hours_needed": (
        "Hãy ghi giờ yên tĩnh, hoặc chọn cho phép mọi giờ.",
        "Give the quiet hours, or choose that every hour is allowed.",
    ),
    "quiet_hours_or_none": (
        "Đã ghi giờ yên tĩnh mà vẫn chọn cho phép mọi giờ: hãy bỏ một trong hai.",
        "Quiet hours are given and every hour is allowed: choose one of the two.",
    ),
    "order_unknown": ("Không có lệnh {found}.", "There is no order {found}."),
}
