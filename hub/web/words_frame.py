"""What stands around every page: log-in, the site's clock, stop all, forms and errors."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "frame.skip": ("Bỏ qua, tới nội dung chính", "Skip to main content"),
    "frame.site_clock": ("Giờ của xã, phường:", "Site clock:"),
    "frame.logout": ("Đăng xuất", "Log out"),
    "frame.menu": ("Danh mục", "Menu"),
    "frame.nav": ("Các trang", "Pages"),
    "frame.lost": (
        "Mất kết nối với máy chủ. Số liệu trên trang này có thể đã cũ; trang đang tự kết nối lại.",
        "The connection to the hub is lost. What you see may be out of date; reconnecting.",
    ),
    "frame.status": ("Giờ và người đang dùng", "The time and who you are"),
    "frame.disk_full_label": ("Ổ đĩa đã đầy", "The disk is full"),
    "frame.disk_full": (
        "Ổ đĩa của máy chủ đã đầy: không lưu được gì thêm, kể cả tin báo về từ các cụm loa. Vẫn dừng loa, "
        "cho phát lại, phát khẩn cấp, đăng nhập và đăng xuất được. Hãy báo kỹ thuật viên dọn ổ đĩa ngay.",
        "The hub's disk is full: nothing more is stored, not even what the loudspeakers report. Stopping, "
        "resuming, emergencies, logging in and out still work. Have the technician make room now.",
    ),
    "frame.every_hour_label": ("Lưu ý về giờ phát", "A note on hours"),
    "frame.every_hour": (
        "Làng mẫu: quy chế ở đây cho phép phát mọi giờ, để thử được cả ban đêm.",
        "Demo village: the house rules here allow every hour, so that it can be tried at night.",
    ),
    "nav.overview": ("Tổng quan", "Overview"),
    "nav.schedules": ("Lịch phát", "Schedule"),
    "nav.bulletins": ("Bản tin", "Bulletins"),
    "nav.to_approve": ("chờ duyệt", "to approve"),
    "nav.recordings": ("Bản ghi", "Recordings"),
    "nav.nodes": ("Cụm loa", "Loudspeakers"),
    "nav.users": ("Người dùng", "Users"),
    "nav.audit": ("Nhật ký", "Audit log"),
    "nav.settings": ("Cài đặt", "Settings"),
    "clock.synced": ("Giờ chuẩn", "Clock in step"),
    "clock.holdover": ("Giờ tự giữ", "Clock holding"),
    "clock.untrusted": ("Giờ chưa tin cậy", "Clock not trusted"),
    "clock.unknown": ("Chưa rõ giờ", "Clock unknown"),
    "stop.button": ("DỪNG TẤT CẢ", "STOP ALL"),
    "stop.question": ("Dừng tất cả loa ngay bây giờ?", "Stop all loudspeakers now?"),
    "stop.effect": (
        "Mọi cụm loa im ngay và giữ im, kể cả khi khởi động lại, cho tới khi có người cho phép phát lại. "
        "Nhật ký ghi tên người dừng.",
        "Every loudspeaker falls silent at once and stays silent, even after a restart, until someone lifts "
        "the stop. The audit log names who stopped.",
    ),
    "stop.no": ("Không dừng", "Do not stop"),
    "stop.in_force": ("Đang dừng tất cả", "All stopped"),
    "stop.some": ("Đang dừng {count} cụm loa", "Stopped: {count} loudspeakers"),
    "stop.by": ("Người dừng: {who}, lúc {when}.", "Stopped by {who} at {when}."),
    "stop.unconfirmed": (
        "Còn {count} cụm loa chưa xác nhận:",
        "Loudspeakers that have not confirmed ({count}):",
    ),
    "stop.and_more": ("và {count} cụm khác", "and {count} more"),
    "stop.all_silent": ("Mọi cụm loa đã xác nhận im lặng.", "Every loudspeaker has confirmed silence."),
    "stop.resume": ("Cho phép phát lại", "Allow broadcasts again"),
    "resume.question": ("Cho phép phát lại?", "Allow broadcasts again?"),
    "resume.effect": (
        "Các lượt phát theo lịch sẽ phát lại từ bây giờ. Lượt phát đã bị dừng không tự phát bù.",
        "Scheduled items will sound again from now on. What was stopped is not made up for.",
    ),
    "login.title": ("Đăng nhập", "Log in"),
    "login.name": ("Tên đăng nhập", "User name"),
    "login.password": ("Mật khẩu", "Password"),
    "login.button": ("Đăng nhập", "Log in"),
    "login.help": (
        "Quên mật khẩu? Hãy gặp người quản trị của xã, phường.",
        "Forgotten your password? Ask your site's administrator.",
    ),
    "login.refused": ("Tên đăng nhập hoặc mật khẩu không đúng", "The user name or password is not right"),
    "login.check": ("Hãy kiểm tra phím Caps Lock và gõ lại.", "Check Caps Lock and try again."),
    "login.throttled": ("Đã thử sai quá nhiều lần", "Too many wrong tries"),
    "login.wait": (
        "Vì an toàn, hãy chờ {time} rồi đăng nhập lại.",
        "To stay safe, wait {time} and then log in again.",
    ),
    "login.expired": (
        "Phiên làm việc đã hết hạn. Đăng nhập lại để tiếp tục đúng trang vừa rồi.",
        "Your session has expired. Log in to go on where you were.",
    ),
    "login.kept_question": ("Gửi lại những gì đã gõ?", "Send again what you typed?"),
    "login.kept_hint": (
        "Phiên làm việc đã hết hạn trước khi biểu mẫu tới nơi; nội dung đã gõ vẫn còn nguyên.",
        "The session had ended before the form arrived; nothing of what you typed was lost.",
    ),
    "login.kept_send": ("Gửi lại", "Send again"),
    "form.problems": ("Có {count} chỗ cần sửa", "Please put right ({count})"),
    "form.kept": (
        "Chưa lưu gì cả; những gì đã gõ vẫn còn bên dưới.",
        "Nothing was stored; what you typed is still below.",
    ),
    "form.optional": ("(không bắt buộc)", "(optional)"),
    "form.back": ("Quay lại", "Go back"),
    "form.save": ("Lưu", "Save"),
    "error.happened": ("Chuyện gì đã xảy ra", "What happened"),
    "error.safe": ("Điều gì vẫn an toàn", "What is safe"),
    "error.do": ("Nên làm gì", "What to do"),
    "error.back": ("Về trang vừa rồi", "Back to where you were"),
    "error.home": ("Về trang Tổng quan", "To the overview"),
    "error.code": ("Mã lỗi {status}.", "Error {status}."),
    "error.reference": ("Mã tra cứu: {reference}.", "Reference: {reference}."),
    "error.401.title": ("Cần đăng nhập", "Please log in"),
    "error.401.happened": ("Trang này cần biết bạn là ai.", "This page needs to know who you are."),
    "error.401.safe": (
        "Không có gì thay đổi. Các lượt phát vẫn theo lịch.",
        "Nothing changed. Broadcasts go on.",
    ),
    "error.401.do": ("Hãy đăng nhập rồi mở lại trang.", "Log in and open the page again."),
    "error.401.upload": (
        "Phiên đã hết hạn; hãy đăng nhập rồi chọn lại tệp.",
        "The session has expired; log in, then choose the file again.",
    ),
    "error.403.title": ("Bạn chưa có quyền làm việc này", "You may not do this"),
    "error.403.happened": (
        "Vai trò của bạn không gồm việc này, hoặc trang đã mở quá lâu.",
        "Your roles do not include this, or the page was open for too long.",
    ),
    "error.403.safe": (
        "Không có gì thay đổi. Các lượt phát vẫn theo lịch.",
        "Nothing changed. Broadcasts go on.",
    ),
    "error.403.do": (
        "Mở lại trang và thử lần nữa; nếu vẫn vậy, hãy nhờ người quản trị cấp vai trò.",
        "Open the page again and retry; if it stays so, ask the administrator for the role.",
    ),
    "error.404.title": ("Không tìm thấy trang", "Page not found"),
    "error.404.happened": (
        "Địa chỉ này không có, hoặc nội dung không còn nữa.",
        "There is nothing at this address, or it is no longer there.",
    ),
    "error.404.safe": (
        "Không có gì thay đổi. Các lượt phát vẫn theo lịch.",
        "Nothing changed. Broadcasts go on.",
    ),
    "error.404.do": (
        "Kiểm tra địa chỉ, hoặc bắt đầu từ Tổng quan.",
        "Check the address, or start from the overview.",
    ),
    "error.405.title": ("Không mở được theo cách này", "It cannot be opened this way"),
    "error.405.happened": ("Địa chỉ này chỉ nhận biểu mẫu.", "This address only takes a form."),
    "error.405.safe": ("Không có gì thay đổi.", "Nothing changed."),
    "error.405.do": ("Quay lại trang trước và bấm nút ở đó.", "Go back and press the button there."),
    "error.409.title": ("Việc này vướng việc khác", "Something stands in the way"),
    "error.409.happened": (
        "Trong lúc bạn làm, trạng thái đã thay đổi.",
        "While you were working, the state changed.",
    ),
    "error.409.safe": ("Chưa lưu gì từ lần bấm này.", "Nothing was stored by this press."),
    "error.409.do": (
        "Về trang vừa rồi để xem trạng thái mới.",
        "Go back to where you were to see how things stand.",
    ),
    "error.413.title": ("Tệp quá lớn", "The file is too large"),
    "error.413.happened": ("Tệp gửi lên vượt giới hạn.", "What was sent is over the limit."),
    "error.413.safe": (
        "Tệp không được lưu; các bản ghi khác còn nguyên.",
        "It was not stored; nothing else changed.",
    ),
    "error.413.do": (
        "Cắt ngắn hoặc nén tệp rồi tải lại.",
        "Shorten or compress the file and upload it again.",
    ),
    "error.422.title": ("Có chỗ điền chưa đúng", "Something is not filled in right"),
    "error.422.happened": ("Một số giá trị không hợp lệ.", "Some values are not valid."),
    "error.422.safe": ("Chưa lưu gì từ lần bấm này.", "Nothing was stored by this press."),
    "error.422.do": (
        "Quay lại, sửa những chỗ nêu trên rồi gửi lại.",
        "Go back, put right what is named above, resend.",
    ),
    "error.429.title": ("Quá nhiều yêu cầu", "Too many requests"),
    "error.429.happened": (
        "Có quá nhiều yêu cầu trong thời gian ngắn.",
        "Too many requests in a short time.",
    ),
    "error.429.safe": ("Các lượt phát vẫn theo lịch.", "Broadcasts go on as scheduled."),
    "error.429.do": ("Chờ một phút rồi thử lại.", "Wait a minute and try again."),
    "error.500.title": ("Máy chủ gặp lỗi", "The hub had a fault"),
    "error.500.happened": (
        "Lỗi này là của hệ thống, không phải do bạn. Chi tiết đã được ghi lại.",
        "This is the system's fault, not yours. The details have been logged.",
    ),
    "error.500.safe": (
        "Các cụm loa tự phát theo kế hoạch đã nhận. Việc vừa làm có thể chưa được lưu.",
        "Loudspeakers play by themselves what their plan holds. What you just did may not be stored.",
    ),
    "error.500.do": (
        "Mở lại trang và xem việc vừa làm đã có chưa, rồi mới làm lại. "
        "Nếu lỗi lặp lại, gửi mã tra cứu cho kỹ thuật.",
        "Open the page again and look whether it was stored before repeating it. "
        "If it recurs, tell your technician the reference.",
    ),
    "error.damaged.title": ("Tệp dữ liệu của máy chủ bị hỏng", "The hub's data file is damaged"),
    "error.damaged.happened": (
        "Máy chủ không đọc được tệp dữ liệu của mình. Lỗi không phải do bạn.",
        "The hub cannot read its own data file. This is not your fault.",
    ),
    "error.damaged.safe": (
        "Các cụm loa tự phát theo kế hoạch đã nhận. Việc vừa làm có thể chưa được lưu.",
        "Loudspeakers play by themselves what their plan holds. What you just did may not be stored.",
    ),
    "error.damaged.do": (
        "Báo kỹ thuật viên ngay, kèm mã tra cứu bên dưới: khởi động lại máy chủ, nơi đó có chỉ dẫn khôi phục "
        "bản sao lưu. Cho tới lúc đó đừng làm gì thêm ở đây.",
        "Tell your technician now, with the reference below: started anew, the hub says how to restore the "
        "backup. Until then do nothing more here.",
    ),
    "error.503.title": ("Máy chủ đang bận hoặc đang khởi động", "The hub is busy or starting"),
    "error.503.happened": ("Máy chủ chưa sẵn sàng nhận việc này.", "The hub is not ready to take this."),
    "error.503.safe": (
        "Các cụm loa tự phát theo kế hoạch đã nhận.",
        "Loudspeakers play by themselves what their plan holds.",
    ),
    "error.503.do": ("Chờ vài giây rồi thử lại.", "Wait a few seconds and try again."),
    "done.recording": (
        "Đã nhận tệp. Khi chuẩn bị xong, trang này hiện “Sẵn sàng”.",
        "The file has arrived. Once it is prepared, this page says “Ready”.",
    ),
    "done.recording_cut": (
        "Đã nhận tệp. Tên tệp quá dài nên tên bản ghi chỉ giữ 150 ký tự đầu. Máy chủ đang chuẩn bị.",
        "The file has arrived and is being prepared. Its name is too long: the title keeps the first 150 "
        "characters.",
    ),
    "done.recordings_cut": (
        "Đã nhận các tệp. Có tên tệp quá dài nên tên bản ghi chỉ giữ phần đầu. Máy chủ đang chuẩn bị.",
        "The files have arrived and are being prepared. Some names are too long: the titles keep their "
        "beginnings.",
    ),
    "done.recordings": (
        "Đã nhận các tệp. Tệp nào chuẩn bị xong thì hiện “Sẵn sàng”.",
        "The files have arrived. Each says “Ready” once it is prepared.",
    ),
    "done.recording_deleted": ("Đã xóa bản ghi.", "The recording is deleted."),
    "done.bulletin_deleted": ("Đã xóa bản nháp.", "The draft is deleted."),
    "done.bulletin_saved": ("Đã lưu bản nháp.", "The draft is saved."),
    "done.bulletin_submitted": ("Đã gửi duyệt.", "Submitted for approval."),
    "done.bulletin_approved": ("Đã duyệt. Có thể đặt lịch phát.", "Approved. It can be scheduled now."),
    "done.bulletin_returned": ("Đã trả lại để sửa.", "Returned for changes."),
    "done.bulletin_copied": (
        "Đã tạo bản nháp mới từ bản tin này.",
        "A new draft was made of this bulletin.",
    ),
    "done.scheduled": (
        "Đã đặt lịch. Các cụm loa đang nhận kế hoạch và tải bản ghi.",
        "Scheduled. The loudspeakers are taking the plan and fetching recordings.",
    ),
    "done.cancelled": ("Đã hủy các lượt chưa phát.", "What had not sounded is cancelled."),
    "done.order": ("Đã gửi lệnh.", "The order was sent."),
    "done.order_waits": (
        "Đã ghi lệnh, nhưng máy chủ đang mất kết nối; cụm loa nhận lệnh ngay khi có kết nối.",
        "The order is recorded, but the broker is out of reach; it goes out as soon as it is back.",
    ),
    "done.user_saved": ("Đã lưu người dùng.", "The user is saved."),
    "done.rules_saved": (
        "Đã lưu quy chế. Kế hoạch mới đang gửi tới các cụm loa.",
        "The house rules are saved; new plans are on their way.",
    ),
}
