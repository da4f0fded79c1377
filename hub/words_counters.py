"""Ratings, counters and cameras: the names of levels and verdicts, and what is said when asked wrongly."""

__all__ = ["REFERENCE", "WORDS"]

REFERENCE = (
    "Số liệu tham khảo từ thiết bị đánh giá điện tử. Điểm đánh giá chính thức được chấm theo từng hồ sơ "
    "(Thông tư 01/2018/TT-VPCP).",
    "Reference figures from electronic rating devices. Official scores are given per dossier "
    "(Circular 01/2018/TT-VPCP).",
)
"""The label of every figure made of presses."""

WORDS: dict[str, tuple[str, str]] = {
    "rating_level.3.1": ("Hài lòng", "Satisfied"),
    "rating_level.3.2": ("Bình thường", "Neutral"),
    "rating_level.3.3": ("Không hài lòng", "Not satisfied"),
    "rating_level.4.1": ("Rất hài lòng", "Very satisfied"),
    "rating_level.4.2": ("Hài lòng", "Satisfied"),
    "rating_level.4.3": ("Bình thường", "Neutral"),
    "rating_level.4.4": ("Không hài lòng", "Not satisfied"),
    "rating_level.5.1": ("Rất hài lòng", "Very satisfied"),
    "rating_level.5.2": ("Hài lòng", "Satisfied"),
    "rating_level.5.3": ("Bình thường", "Neutral"),
    "rating_level.5.4": ("Không hài lòng", "Not satisfied"),
    "rating_level.5.5": ("Rất không hài lòng", "Very dissatisfied"),
    "uncounted.interval": ("Bấm lại trong khoảng chờ", "Again within the response interval"),
    "uncounted.burst": ("Bấm dồn dập", "A burst of presses"),
    "uncounted.stuck": ("Nút bị giữ hoặc kẹt", "Button held or stuck"),
    "uncounted.closed": ("Ngoài giờ làm việc", "Outside opening hours"),
    "uncounted.unknown_level": ("Mức chưa được cài đặt", "A level that is not set up"),
    "uncounted.together": ("Bấm nhiều nút cùng lúc", "Several buttons at once"),
    "press_source.button": ("Nút bấm", "Button"),
    "press_source.touch": ("Màn hình chạm", "Touch page"),
    "press_source.command": ("Bấm thử bằng lệnh", "By command"),
    "verdict.ok": ("Hoạt động", "Working"),
    "verdict.degraded": ("Chập chờn", "Degraded"),
    "verdict.frozen": ("Đứng hình", "Frozen"),
    "verdict.dark": ("Tối hoặc bị che", "Dark or covered"),
    "verdict.unreachable": ("Không kết nối được", "Unreachable"),
    "verdict.auth_failed": ("Sai mật khẩu camera", "Log-in refused"),
    "verdict.unknown": ("Chưa rõ", "Unknown"),
    "no_such_counter": ("Không có quầy “{found}”.", "There is no counter “{found}”."),
    "no_such_camera": ("Không có camera “{found}”.", "There is no camera “{found}”."),
    "wrong_period": (
        "Khoảng thời gian không đúng: ngày cuối phải sau ngày đầu, dài nhất {most_days} ngày.",
        "The span does not hold: it must end after it begins, and be at most {most_days} days long.",
    ),
    "wrong_day": (
        "“{found}” không phải ngày; hãy ghi dạng 2026-11-20.",
        "“{found}” is no date; write it as 2026-11-20.",
    ),
    "check_note_length": ("Ghi chú dài nhất {most} ký tự.", "A note has at most {most} characters."),
}
