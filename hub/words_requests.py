"""What is said about a request itself: its fields, its size, its address, and the hub's own faults."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "title.401": ("Chưa đăng nhập", "Not logged in"),
    "title.403": ("Không được phép", "Not allowed"),
    "title.404": ("Không tìm thấy", "Not found"),
    "title.405": ("Cách gọi không dùng được", "Method not allowed"),
    "title.409": ("Vướng việc khác", "Conflict"),
    "title.413": ("Quá lớn", "Too large"),
    "title.422": ("Có chỗ chưa đúng", "Something is not right"),
    "title.429": ("Quá nhiều lần thử", "Too many tries"),
    "title.500": ("Máy chủ gặp lỗi", "The hub had a fault"),
    "title.503": ("Chưa sẵn sàng", "Not ready"),
    "title.other": ("Yêu cầu không thực hiện được", "The request could not be done"),
    "path_unknown": ("Không có gì ở địa chỉ {path}.", "There is nothing at {path}."),
    "method_unknown": (
        "Địa chỉ {path} không nhận {found}; cách gọi được nhận: {wanted}.",
        "{path} does not take {found}; it takes {wanted}.",
    ),
    "request_refused": ("Yêu cầu bị từ chối: {found}.", "The request was refused: {found}."),
    "body_too_large": (
        "Nội dung gửi lên lớn hơn giới hạn {limit_mb} MB.",
        "What was sent is larger than the limit of {limit_mb} MB.",
    ),
    "disk_full": (
        "Ổ đĩa của máy chủ sắp đầy (còn {free_mb} MB), nên không nhận thêm tệp.",
        "The hub's disk is nearly full ({free_mb} MB left), so it takes no more files.",
    ),
    "store_full": (
        "Ổ đĩa của máy chủ đã đầy: việc này chưa được lưu. Hãy báo kỹ thuật viên dọn ổ đĩa rồi làm lại.",
        "The hub's disk is full: this was not stored. Have the technician make room, then do it again.",
    ),
    "hub_fault": (
        "Lỗi của máy chủ, không phải do bạn; đã ghi lại với mã {reference}.",
        "The hub's fault, not yours; it was logged as {reference}.",
    ),
    "file_damaged": (
        "Tệp dữ liệu của máy chủ bị hỏng; đã ghi lại với mã {reference}. Báo kỹ thuật viên ngay: "
        "khởi động lại máy chủ, nơi đó có chỉ dẫn khôi phục bản sao lưu.",
        "The hub's data file is damaged; it was logged as {reference}. Tell your technician now: "
        "started anew, the hub says how to restore the backup.",
    ),
    "unavailable": (
        "Máy chủ chưa làm được việc này: {found}.",
        "The hub cannot do this now: {found}.",
    ),
    "field_missing": ("Thiếu “{field}”.", "“{field}” is missing."),
    "field_extra": ("Không có mục “{field}”.", "There is no field “{field}”."),
    "field_too_short": (
        "“{field}” cần ít nhất {wanted} (ký tự hoặc mục).",
        "“{field}” needs at least {wanted} (characters or items).",
    ),
    "field_too_long": (
        "“{field}” có nhiều nhất {wanted} (ký tự hoặc mục).",
        "“{field}” may have at most {wanted} (characters or items).",
    ),
    "field_not_among": (
        "“{field}” là {found}; phải là một trong: {wanted}.",
        "“{field}” is {found}; it must be one of {wanted}.",
    ),
    "field_not_number": ("“{field}” là {found}; phải là số.", "“{field}” is {found}; it must be a number."),
    "field_out_of_range": (
        "“{field}” là {found}; phải {wanted}.",
        "“{field}” is {found}; it must be {wanted}.",
    ),
    "field_not_text": ("“{field}” phải là chữ.", "“{field}” must be text."),
    "field_not_instant": (
        "“{field}” là {found}; phải là thời điểm theo ISO 8601 kèm múi giờ, ví dụ 2026-11-20T17:00:00+07:00.",
        "“{field}” is {found}; it must be an ISO 8601 instant with an offset, as 2026-11-20T17:00:00+07:00.",
    ),
    "field_unfit": (
        "“{field}” không hợp lệ ({wanted}).",
        "“{field}” does not hold: {wanted}.",
    ),
    "not_json": ("Nội dung không phải JSON: {found}.", "The body is not JSON: {found}."),
    "not_multipart": (
        "Nội dung phải là biểu mẫu multipart/form-data có kèm tệp.",
        "The body must be multipart/form-data with a file in it.",
    ),
}
