"""What is said about emergencies."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "no_such_emergency": ("Không có lần phát khẩn cấp {found}.", "There is no emergency {found}."),
    "emergency_begun": (
        "Lần phát khẩn cấp “{title}” này đã được bắt đầu từ lần bấm trước.",
        "This emergency, “{title}”, was begun by the press before this one.",
    ),
    "emergency_over": (
        "Lần phát khẩn cấp “{title}” đã kết thúc.",
        "The emergency “{title}” is over already.",
    ),
    "not_emergency": (
        "Bản tin “{title}” không thuộc loại khẩn cấp. Hãy sao bản tin, chọn mức khẩn cấp rồi duyệt.",
        "The bulletin “{title}” is not an emergency one. Copy it, give it that priority, and approve it.",
    ),
    "no_loudspeakers": (
        "Nơi đã chọn không có cụm loa nào.",
        "There is no loudspeaker where you chose.",
    ),
    "repeat_too_short": (
        "Khoảng lặp lại phải từ {least} giây (dài hơn bản tin) đến 24 giờ.",
        "It can repeat every {least} seconds (longer than the bulletin) up to 24 hours.",
    ),
    "emergency_end": (
        "Giờ kết thúc phải sau bây giờ và trong vòng {most} giờ tới.",
        "It has to end after now and within the coming {most} hours.",
    ),
    "recordings_missing": (
        "{missing}/{of} cụm loa chưa có đủ bản ghi: {nodes}. Vẫn phát được ngay ở các cụm loa còn lại;"
        " những cụm này vào sau khi tải xong.",
        "{missing} of {of} loudspeakers lack the recordings: {nodes}. The others can begin now; these join"
        " when they have fetched them.",
    ),
    "stop_in_force": (
        "{by} đã DỪNG loa lúc {at} và lệnh dừng còn hiệu lực."
        " Phát khẩn cấp sẽ vang lên bất chấp lệnh dừng này.",
        "{by} stopped the loudspeakers at {at}, and the stop holds."
        " The emergency would sound in spite of it.",
    ),
}
