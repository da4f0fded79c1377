"""What is said about schedules, orders, nodes and the house rules."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "unknown_bulletin": ("Không có bản tin {found}.", "There is no bulletin {found}."),
    "unknown_area": ("Không có địa bàn {found}.", "There is no area {found}."),
    "area_needed": ("Hãy chọn địa bàn.", "Choose an area."),
    "unknown_node": ("Không có cụm loa {found}.", "There is no loudspeaker {found}."),
    "target_needed": (
        "Hãy chọn ít nhất một địa bàn hoặc cụm loa.",
        "Choose at least one area or loudspeaker.",
    ),
    "all_or_some": (
        "Chọn tất cả, hoặc chọn từng địa bàn và cụm loa; không chọn cả hai.",
        "Choose all, or some areas and loudspeakers; not both.",
    ),
    "in_the_past": (
        "Giờ phát đã qua. Hãy chọn giờ sau bây giờ.",
        "That time has passed. Choose a later one.",
    ),
    "too_far": ("Giờ phát quá xa hiện tại.", "That time is too far from now."),
    "never_sounds": (
        "Lịch này không có lượt phát nào: ngày kết thúc đến trước lượt đầu tiên.",
        "This schedule never sounds: it ends before its first time.",
    ),
    "out_of_range": (
        "Giá trị {found} không hợp lệ; cần {wanted}.",
        "{found} does not fit; it has to be {wanted}.",
    ),
    "value_needed": ("Hãy cho biết âm lượng, từ 0 đến 100.", "Say the volume, from 0 to 100."),
    "value_unwanted": ("Chỉ lệnh âm lượng mới có giá trị.", "Only the volume order takes a value."),
    "reason_needed": ("Hãy ghi lý do ({wanted} ký tự).", "Give a reason ({wanted} characters)."),
    "exception_reason_needed": (
        "Hãy ghi lý do cho phép phát trong giờ yên tĩnh, hoặc đổi giờ phát.",
        "Say why it may sound in quiet hours, or change the time.",
    ),
    "volume_range": (
        "Âm lượng: “{found}” không dùng được; cần một số từ 0 đến 100.",
        "Volume: “{found}” does not fit; it has to be a number from 0 to 100.",
    ),
    "late_min_range": (
        "Trễ nhiều nhất: “{found}” không dùng được; cần số phút từ 0 đến 720.",
        "At most this late: “{found}” does not fit; it has to be minutes from 0 to 720.",
    ),
    "exception_needs_until": (
        "Ngoại lệ phải có ngày kết thúc: hãy chọn ngày cuối của lịch phát.",
        "An exception needs an end: choose the schedule's last day.",
    ),
    "not_approved": (
        "Bản tin “{title}” chưa được duyệt nên chưa thể đặt lịch.",
        "The bulletin “{title}” is not approved yet.",
    ),
    "not_ready": (
        "Bản ghi của bản tin “{title}” chưa xử lý xong.",
        "A recording of the bulletin “{title}” is not prepared yet.",
    ),
    "quiet_hours": (
        "Giờ yên tĩnh {quiet_from}–{quiet_to}: lượt phát {starts_at} không được vang trong giờ này."
        " Giờ phát được gần nhất: {instead}. Người có quyền cho phép ngoại lệ: {approvers}.",
        "Quiet hours {quiet_from}–{quiet_to}: the item at {starts_at} may not sound in them."
        " Nearest allowed times: {instead}. Who may allow an exception: {approvers}.",
    ),
    "clash": (
        "Trùng với “{title}” lúc {starts_at} tại {areas}.",
        "It overlaps “{title}” at {starts_at} in {areas}.",
    ),
    "already_cancelled": ("Lịch phát “{title}” đã hủy rồi.", "The schedule “{title}” is already cancelled."),
    "already_over": (
        "Lịch phát “{title}” đã phát xong, không còn gì để hủy.",
        "The schedule “{title}” is over; there is nothing left to cancel.",
    ),
    "no_such_schedule": ("Không có lịch phát {found}.", "There is no schedule {found}."),
    "no_such_occurrence": ("Không có lượt phát {found}.", "There is no occurrence {found}."),
    "no_such_play": ("Không có lượt đã phát {found}.", "There is no play {found}."),
    "no_such_fault": ("Không có sự cố {found} đang mở.", "No fault {found} is open."),
    "no_such_node": ("Không có thiết bị {found}.", "There is no node {found}."),
    "wrong_span": (
        "Khoảng thời gian phải đi tới và dài nhất {wanted} ngày.",
        "The span has to go forward and last at most {wanted} days.",
    ),
    "wrong_page": ("Không có trang {found}.", "There is no page {found}."),
    "wrong_quiet_hours": (
        "Giờ yên tĩnh {found} không đúng: cần hai giờ khác nhau dạng 22:00.",
        "The quiet hours {found} do not fit: two different times like 22:00.",
    ),
    "unknown_timezone": ("Không có múi giờ {found}.", "There is no time zone {found}."),
    "too_many": ("Nhiều quá: {found}; nhiều nhất {wanted}.", "Too many: {found}; at most {wanted}."),
    "why_not.never_heard": ("chưa từng liên lạc", "never heard from"),
    "why_not.plan_not_accepted": ("chưa nhận kế hoạch phát mới", "has not accepted the new plan"),
    "why_not.recordings_missing": ("chưa tải đủ bản ghi", "recordings are missing"),
    "why_not.clock_untrusted": ("đồng hồ chưa tin được", "its clock is not trusted"),
    "why_not.stopped": ("đang bị dừng", "stopped"),
    "why_not.muted": ("đang tắt tiếng", "muted"),
}
