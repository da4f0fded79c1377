"""What is said about enrolment and about the hub's own service."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "topic_name": (
        "“{found}” không dùng làm tên được: cần 1 đến 63 chữ a–z, chữ số và dấu -, không bắt đầu bằng dấu -.",
        "“{found}” cannot be a name: 1 to 63 of a-z, 0-9 and -, not beginning with -.",
    ),
    "area_exists": ("Địa bàn {id} đã có.", "The area {id} exists already."),
    "node_exists": (
        "Thiết bị {id} đã có; đăng ký lại sẽ thay mã bí mật của nó.",
        "The node {id} exists already; enrolling it again (--again) replaces its secret.",
    ),
    "file_exists": (
        "Tệp {file} đã có; không ghi đè.",
        "The file {file} exists already and is not overwritten (--again overwrites it).",
    ),
    "too_many_readers": (
        "Đã có {most} trang đang mở; hãy đóng bớt rồi thử lại.",
        "{most} pages are open already; close some and try again.",
    ),
}
