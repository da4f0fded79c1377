"""Recordings and bulletins."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "language.vi": ("Tiếng Việt", "Vietnamese"),
    "language.en": ("Tiếng Anh", "English"),
    "language.tay": ("Tiếng Tày", "Tày"),
    "language.nung": ("Tiếng Nùng", "Nùng"),
    "language.muong": ("Tiếng Mường", "Mường"),
    "language.thai": ("Tiếng Thái", "Thái (Vietnam)"),
    "language.hmong": ("Tiếng Mông", "Hmong"),
    "language.khmer": ("Tiếng Khmer", "Khmer"),
    "language.cham": ("Tiếng Chăm", "Cham"),
    "language.jarai": ("Tiếng Gia Rai", "Jarai"),
    "language.ede": ("Tiếng Ê Đê", "Ede"),
    "language.bahnar": ("Tiếng Ba Na", "Bahnar"),
    "recording_state.preparing": ("Đang chuẩn bị", "Preparing"),
    "recording_state.ready": ("Sẵn sàng", "Ready"),
    "recording_state.refused": ("Không dùng được", "Refused"),
    "recordings.preparing_percent": ("Đang chuẩn bị {percent} %", "Preparing {percent} %"),
    "recordings.upload": ("Tải bản ghi lên", "Upload recordings"),
    "recordings.files": ("Tệp âm thanh", "Audio files"),
    "recordings.files_hint": (
        "MP3, WAV, M4A, OGG… ghi từ đâu cũng được. Mỗi tệp tối đa {max_mb} MB và {max_minutes} phút. "
        "Chọn được nhiều tệp một lúc.",
        "MP3, WAV, M4A, OGG… recorded anywhere. Up to {max_mb} MB and {max_minutes} minutes each. "
        "You can choose several at once.",
    ),
    "recordings.title": ("Tên bản ghi", "Title"),
    "recordings.title_hint": (
        "Để trống thì lấy tên tệp. Khi chọn nhiều tệp, mỗi bản ghi lấy tên tệp của nó.",
        "Left empty, the file's name is used. With several files, each takes its own name.",
    ),
    "recordings.language": ("Ngôn ngữ nói", "Language spoken"),
    "recordings.send": ("Tải lên", "Upload"),
    "recordings.sending": ("Đang gửi", "Sending"),
    "recordings.sent": ("Đã gửi xong, đang xử lý…", "Sent; being taken in…"),
    "recordings.send_failed": (
        "Chưa gửi được. Tệp vẫn còn trong biểu mẫu: kiểm tra mạng rồi bấm Tải lên lần nữa.",
        "It could not be sent. The files are still in the form: check the network and press Upload again.",
    ),
    "recordings.send_stop": ("Ngừng gửi", "Stop sending"),
    "recordings.list": ("Đã có", "On the hub"),
    "recordings.none": ("Chưa có bản ghi nào.", "There are no recordings yet."),
    "recordings.none_hint": (
        "Chọn một tệp âm thanh ở trên; hệ thống tự cân âm lượng cho loa.",
        "Choose an audio file above; it is levelled for the loudspeakers by itself.",
    ),
    "recordings.none_hint_reader": (
        "Người có vai trò Cán bộ phát thanh tải bản ghi lên ở đây.",
        "Whoever has the role Broadcast clerk uploads recordings here.",
    ),
    "recordings.uploaded": ("{who} tải lên lúc {when}", "Uploaded by {who} at {when}"),
    "recordings.warnings": ("{count} lưu ý", "{count} to note"),
    "recordings.preparing_note": (
        "Bản ghi đang được cân âm lượng. Có thể rời trang; việc này vẫn tiếp tục.",
        "The recording is being levelled. You may leave this page; it goes on.",
    ),
    "recordings.another": ("Chọn tệp khác", "Choose another file"),
    "recordings.refused_note": (
        "Bản ghi này không dùng được. Không có gì khác bị ảnh hưởng.",
        "This recording cannot be used. Nothing else is affected.",
    ),
    "recordings.wave": (
        "Dạng sóng của bản ghi, dài {duration}",
        "Waveform of the recording, {duration} long",
    ),
    "recordings.listen": ("Nghe bản đã chuẩn bị", "Listen to what is prepared"),
    "recordings.measured": ("Âm lượng", "Loudness"),
    "recordings.before": ("Bản gốc", "As uploaded"),
    "recordings.after": ("Đã chuẩn bị", "Prepared"),
    "recordings.loudness": ("Độ to", "Loudness"),
    "recordings.true_peak": ("Chỗ to nhất", "Loudest instant"),
    "recordings.house": (
        "Mọi bản ghi được đưa về cùng một mức ({target} LUFS), chỗ to nhất dưới {peak} dBTP, để bản tin nào "
        "nghe cũng to như nhau và loa không vỡ tiếng.",
        "Every recording is brought to one level ({target} LUFS) with its loudest instant under {peak} dBTP, "
        "so that all sound equally loud and none distorts.",
    ),
    "loudness.house": ("đúng mức chung", "at house level"),
    "loudness.louder": ("to hơn mức chung", "louder"),
    "loudness.quieter": ("nhỏ hơn mức chung", "quieter"),
    "loudness.much_quieter": ("nhỏ hơn nhiều", "much quieter"),
    "peak.safe": ("không vỡ tiếng", "clean"),
    "peak.over": ("dễ vỡ tiếng", "may distort"),
    "recordings.duration": ("Thời lượng", "Duration"),
    "recordings.file": ("Tệp gốc", "Original file"),
    "recordings.for_technician": ("Dành cho kỹ thuật viên", "For technicians"),
    "recordings.sha256": (
        "Dấu vân tay của bản đã chuẩn bị (SHA-256): cụm loa chỉ phát tệp có đúng mã này.",
        "Fingerprint of what was prepared (SHA-256): a loudspeaker plays only the file that has it.",
    ),
    "recordings.to_note": ("Cần lưu ý", "To note"),
    "recordings.used_in": ("Dùng trong bản tin", "Used in bulletins"),
    "recordings.delete": ("Xóa bản ghi", "Delete recording"),
    "recordings.delete_question": ("Xóa bản ghi “{title}”?", "Delete the recording “{title}”?"),
    "recordings.delete_effect": (
        "Tệp gốc “{file}” và bản đã chuẩn bị mất hẳn khỏi máy chủ, không lấy lại được. Không bản tin nào "
        "dùng bản ghi này. Nhật ký ghi tên bạn.",
        "The original “{file}” and what was prepared of it are erased from the hub and cannot be had back. "
        "No bulletin is made of it. The audit log names you.",
    ),
    "recordings.kept": (
        "Bản ghi này đang được bản tin trên dùng nên không xóa được.",
        "It cannot be deleted, because the bulletins above are made of it.",
    ),
    "recordings.make_bulletin": ("Soạn bản tin từ bản ghi này", "Make a bulletin of it"),
    "bulletin_state.draft": ("Bản nháp", "Draft"),
    "bulletin_state.submitted": ("Chờ duyệt", "Submitted"),
    "bulletin_state.approved": ("Đã duyệt", "Approved"),
    "bulletins.new": ("Soạn bản tin", "New bulletin"),
    "bulletins.edit": ("Sửa bản tin", "Edit bulletin"),
    "bulletins.all": ("Tất cả", "All"),
    "bulletins.filter": ("Lọc theo trạng thái", "Filter by state"),
    "bulletins.none": ("Chưa có bản tin nào.", "There are no bulletins yet."),
    "bulletins.none_here": ("Không có bản tin nào ở trạng thái này.", "No bulletins in this state."),
    "bulletins.none_hint": (
        "Bản tin gồm một hay nhiều bản ghi, được duyệt rồi mới đặt lịch phát.",
        "A bulletin is made of recordings; once approved it can be scheduled.",
    ),
    "bulletins.title": ("Tên bản tin", "Title"),
    "bulletins.priority": ("Mức ưu tiên", "Priority"),
    "bulletins.routine_hint": ("Phát theo lịch.", "Plays as scheduled."),
    "bulletins.priority_hint": ("Được phát trước bản tin thông thường.", "Goes before routine bulletins."),
    "bulletins.emergency_hint": (
        "Phát cả trong giờ yên tĩnh và ngắt mọi bản tin khác. Chỉ dùng khi có nguy hiểm.",
        "Sounds even in quiet hours and interrupts all else. Only when there is danger.",
    ),
    "bulletins.language": ("Ngôn ngữ", "Language"),
    "bulletins.recordings": ("Các bản ghi, theo thứ tự phát", "Recordings, in playing order"),
    "bulletins.recordings_hint": (
        "Chọn bản ghi cho từng vị trí; dùng nút mũi tên để đổi thứ tự. Vị trí để trống được bỏ qua.",
        "Choose a recording for each place; the arrows change the order. Empty places are skipped.",
    ),
    "bulletins.place": ("Vị trí {number}", "Place {number}"),
    "bulletins.choose": ("– chưa chọn –", "– none –"),
    "bulletins.up": ("Lên", "Up"),
    "bulletins.down": ("Xuống", "Down"),
    "bulletins.remove": ("Bỏ", "Remove"),
    "bulletins.add": ("Thêm một vị trí", "Add a place"),
    "bulletins.moved": ("Đã chuyển tới vị trí {number}.", "Moved to place {number}."),
    "bulletins.no_ready": (
        "Chưa có bản ghi nào sẵn sàng. Hãy tải lên một bản ghi trước.",
        "No recording is ready. Upload one first.",
    ),
    "bulletins.no_draft": (
        "Trong khi bạn sửa, bản tin đã chuyển sang “{state}” nên không sửa được nữa. Những gì bạn viết còn "
        "nguyên ở dưới: lưu lại thì thành một bản nháp mới.",
        "While you were editing, the bulletin became “{state}” and cannot be changed any more. What you "
        "wrote is below: saving it makes a new draft.",
    ),
    "bulletins.save": ("Lưu bản nháp", "Save draft"),
    "bulletins.submit": ("Gửi duyệt", "Submit for approval"),
    "bulletins.delete": ("Xóa bản nháp", "Delete draft"),
    "bulletins.delete_question": ("Xóa bản nháp “{title}”?", "Delete the draft “{title}”?"),
    "bulletins.delete_effect": (
        "Bản nháp do {who} soạn lúc {when} bị xóa, không lấy lại được. Các bản ghi trong đó vẫn còn. Nhật ký "
        "ghi tên bạn.",
        "The draft that {who} made at {when} is erased and cannot be had back. Its recordings stay. The "
        "audit log names you.",
    ),
    "bulletins.deleted": (
        "Trong khi bạn sửa, bản nháp này đã bị xóa. Những gì bạn viết còn nguyên ở dưới: lưu lại thì thành "
        "một bản nháp mới.",
        "While you were editing, this draft was deleted. What you wrote is below; saved, it is a new draft.",
    ),
    "bulletins.approve": ("Duyệt", "Approve"),
    "bulletins.return": ("Trả lại để sửa", "Return for changes"),
    "bulletins.note": ("Lý do trả lại", "Why it is returned"),
    "bulletins.own": (
        "Bạn đang duyệt bản tin do chính mình soạn. Được phép, nhưng nhật ký sẽ ghi rõ.",
        "You would be approving your own work. It is allowed, and the audit log will say so.",
    ),
    "bulletins.approved_own": ("Người soạn tự duyệt", "Approved by its own maker"),
    "bulletins.returned": ("Bản tin được trả lại: {note}", "The bulletin was returned: {note}"),
    "bulletins.copy": ("Soạn bản mới từ bản tin này", "Make a new version of it"),
    "bulletins.locked": (
        "Bản tin đã duyệt thì không sửa được nữa. Cần đổi nội dung, hãy soạn bản mới; bản này vẫn còn.",
        "An approved bulletin cannot be changed. To change it, make a new version; this one stays as it is.",
    ),
    "bulletins.steps": ("Các bước của bản tin", "The bulletin's steps"),
    "bulletins.step_by": ("{who}, {when}", "{who}, {when}"),
    "bulletins.waiting": (
        "Đang chờ duyệt. Ai có vai trò Người duyệt đều thấy bản tin này ở Tổng quan của họ. Duyệt xong, nút "
        "Đặt lịch phát hiện ở trang này.",
        "Waiting for an approver: everyone with that role sees it on their overview. Once it is approved, "
        "this page has a button to schedule it.",
    ),
    "bulletins.listen": ("Nghe “{title}”", "Listen to “{title}”"),
    "bulletins.contents": ("Nội dung", "Contents"),
    "bulletins.total": ("Tổng thời lượng: {duration}", "Total length: {duration}"),
    "bulletins.made": ("{who} soạn lúc {when}", "{who}, made {when}"),
    "bulletins.schedule": ("Đặt lịch phát", "Schedule it"),
    "bulletins.scheduled": ("Đã đặt lịch", "Scheduled"),
}
