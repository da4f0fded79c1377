"""What is said about recordings and the bulletins made of them."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "recording_unknown": ("Không có bản ghi “{id}”.", "There is no recording “{id}”."),
    "bulletin_unknown": ("Không có bản tin “{id}”.", "There is no bulletin “{id}”."),
    "title_length": (
        "Tên cần từ {least} đến {most} ký tự, trên một dòng.",
        "The title needs {least} to {most} characters, on one line.",
    ),
    "spoken_language_unknown": (
        "Ngôn ngữ “{found}” không có trong danh sách: {wanted}.",
        "The language “{found}” is not one of: {wanted}.",
    ),
    "priority_unknown": (
        "Mức ưu tiên “{found}” không có; chọn một trong: {wanted}.",
        "There is no priority “{found}”; choose one of: {wanted}.",
    ),
    "file_missing": ("Hãy chọn một tệp âm thanh.", "Choose a sound file."),
    "file_empty": ("Tệp “{name}” rỗng.", "The file “{name}” is empty."),
    "file_too_large": (
        "Tệp lớn hơn giới hạn {limit_mb} MB.",
        "The file is larger than the limit of {limit_mb} MB.",
    ),
    "files_too_many": ("Mỗi lần chỉ nhận {most} tệp.", "At most {most} files at a time."),
    "field_too_large": ("Phần chữ gửi kèm quá dài.", "The text sent along is too long."),
    "upload_broken": (
        "Tải lên bị đứt giữa chừng; chưa lưu gì. Hãy thử lại.",
        "The upload broke off; nothing was stored. Please try again.",
    ),
    "tool_failed": (
        "Máy chủ chưa xử lý được tệp dù đã thử lại; tệp có thể vẫn tốt. Hãy báo kỹ thuật.",
        "The hub could not prepare the file on a second try, though it may be good. Tell your technician.",
    ),
    "recording_not_refused": (
        "Bản ghi này không cần chuẩn bị lại (đang “{state}”).",
        "This recording need not be prepared again (it is “{state}”).",
    ),
    "recording_not_kept": (
        "Tệp gốc không còn được giữ; hãy tải lên lại.",
        "The original is no longer kept; please upload it again.",
    ),
    "recording_preparing": (
        "Bản ghi đang được chuẩn bị; chờ xong rồi mới xóa được.",
        "The recording is being prepared; it can be deleted when that is done.",
    ),
    "recording_used": (
        "Không xóa được bản ghi này vì còn bản tin dùng nó: {titles}.",
        "This recording cannot be deleted: bulletins are made of it: {titles}.",
    ),
    "recordings_none": ("Chọn ít nhất một bản ghi.", "Choose at least one recording."),
    "recordings_too_many": (
        "Nhiều nhất {most} bản ghi trong một bản tin.",
        "At most {most} recordings in a bulletin.",
    ),
    "recordings_unknown": ("Không có các bản ghi: {ids}.", "There are no such recordings: {ids}."),
    "recordings_refused": (
        "Các bản ghi này không dùng được: {titles}.",
        "These recordings cannot be used: {titles}.",
    ),
    "recordings_not_ready": (
        "Các bản ghi này chưa chuẩn bị xong: {titles}.",
        "These recordings are not ready yet: {titles}.",
    ),
    "bulletin_state": (
        "Bản tin đang ở bước “{state}”; việc này cần bước “{wanted}”.",
        "The bulletin is {state}; this needs one that is {wanted}.",
    ),
    "bulletin_changed": (
        "Trong lúc đó {by} đã lưu bản mới hơn: đã xem bản {wanted}, nay là bản {found}.",
        "Meanwhile {by} saved a newer version: you saw version {wanted}, it is now {found}.",
    ),
    "state.draft": ("bản nháp", "a draft"),
    "state.submitted": ("chờ duyệt", "submitted"),
    "state.approved": ("đã duyệt", "approved"),
    "state.preparing": ("đang chuẩn bị", "being prepared"),
    "state.ready": ("sẵn sàng", "ready"),
    "state.refused": ("bị từ chối", "refused"),
    "wanted.draft": ("bản nháp", "a draft"),
    "wanted.submitted": ("chờ duyệt", "submitted"),
    "note_length": (
        "Lý do trả lại cần từ {least} đến {most} ký tự.",
        "The reason needs {least} to {most} characters.",
    ),
    "media_unknown": ("Không có tệp âm thanh này.", "There is no such sound."),
    "play_foreign": (
        "Thiết bị {node} không được gửi âm thanh của lượt phát này.",
        "Node {node} may not send the sound of this play.",
    ),
    "play_id_wrong": (
        "“{found}” không phải mã lượt phát (lượt@thiết-bị).",
        "“{found}” is not the id of a play (occurrence@node).",
    ),
    "first_sample_wrong": (
        "Đầu mục Loa-First-Sample phải là thời điểm ISO 8601 kèm múi giờ; đã nhận “{found}”.",
        "The header Loa-First-Sample must be an ISO 8601 instant with its offset; “{found}” was received.",
    ),
    "not_wav": ("Nội dung không phải WAV.", "The body is not a WAV."),
    "sound_unknown": ("Không giữ âm thanh của lượt phát này.", "No sound of this play is kept."),
}
