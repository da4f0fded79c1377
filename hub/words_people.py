"""What is said to people about themselves: who they are, what they may do, how they log in."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "login_needed": (
        "Cần đăng nhập, hoặc gửi kèm mã truy cập (Authorization: Bearer …).",
        "Please log in, or send a token (Authorization: Bearer …).",
    ),
    "token_refused": (
        "Mã truy cập không đúng hoặc đã bị thu hồi.",
        "The token is not right, or it was withdrawn.",
    ),
    "session_over": (
        "Phiên làm việc đã hết. Hãy đăng nhập lại.",
        "The session is over. Please log in again.",
    ),
    "login_refused": (
        "Tên đăng nhập hoặc mật khẩu không đúng.",
        "The user name or password is not right.",
    ),
    "login_throttled": (
        "Đã thử sai quá nhiều lần. Hãy chờ {seconds} giây rồi thử lại.",
        "Too many wrong tries. Wait {seconds} seconds and try again.",
    ),
    "csrf_wrong": (
        "Trang đã mở quá lâu hoặc yêu cầu không đến từ trang này. Hãy mở lại trang rồi thử lại.",
        "The page was open for too long, or the request did not come from it. Open the page again and retry.",
    ),
    "foreign_origin": (
        "Yêu cầu đến từ một trang web khác ({found}) nên bị từ chối.",
        "The request came from another web site ({found}) and was refused.",
    ),
    "node_refused": (
        "Thiết bị không được nhận: chứng thư hoặc mã bí mật không đúng, hoặc thiết bị đã bị gỡ.",
        "The node is not taken: its certificate or secret does not hold, or it was removed.",
    ),
    "role_needed": (
        "Việc này cần vai trò: {roles}.",
        "This needs one of these roles: {roles}.",
    ),
    "roles.clerk": ("cán bộ phát thanh", "clerk"),
    "roles.approver": ("người duyệt", "approver"),
    "roles.counter_officer": ("cán bộ một cửa", "counter officer"),
    "roles.technician": ("kỹ thuật viên", "technician"),
    "roles.viewer": ("người xem", "viewer"),
    "roles.administrator": ("quản trị", "administrator"),
    "password_too_short": (
        "Mật khẩu cần ít nhất {least} ký tự.",
        "The password needs at least {least} characters.",
    ),
    "password_too_long": (
        "Mật khẩu dài nhất {most} ký tự.",
        "The password may have at most {most} characters.",
    ),
    "password_too_plain": (
        "Mật khẩu quá dễ đoán: không chứa tên đăng nhập và cần ít nhất {different} ký tự khác nhau.",
        "The password is too easy to guess: it may not contain the user name and needs at least {different} "
        "different characters.",
    ),
    "password_wrong": ("Mật khẩu hiện tại không đúng.", "The present password is not right."),
    "login_taken": (
        "Tên đăng nhập “{login}” đã có người dùng.",
        "The user name “{login}” is taken.",
    ),
    "login_empty": ("Hãy ghi tên đăng nhập.", "Give a user name."),
    "login_form": (
        "Tên đăng nhập gồm 2 đến 40 chữ thường không dấu, chữ số, dấu chấm, gạch ngang hoặc gạch dưới, bắt "
        "đầu bằng chữ hoặc số; đã nhận “{found}”.",
        "A user name has 2 to 40 of a-z, 0-9, dot, hyphen and underscore, and starts with a letter or digit; "
        "“{found}” was received.",
    ),
    "name_length": (
        "Tên cần từ {least} đến {most} ký tự.",
        "The name needs {least} to {most} characters.",
    ),
    "roles_unknown": (
        "Chọn ít nhất một vai trò trong danh sách.",
        "Choose at least one of the roles.",
    ),
    "language_unknown": (
        "Ngôn ngữ “{found}” không có; chọn một trong: {wanted}.",
        "There is no language “{found}”; choose one of: {wanted}.",
    ),
    "last_administrator": (
        "Phải còn ít nhất một người quản trị đang hoạt động.",
        "At least one active administrator must remain.",
    ),
    "user_changed": (
        "Trong lúc đó {by} đã lưu tài khoản này: đã xem bản {wanted}, nay là bản {found}.",
        "Meanwhile {by} saved this account: you saw version {wanted}, it is now {found}.",
    ),
    "rules_changed": (
        "Trong lúc đó {by} đã sửa quy chế: đã xem bản {wanted}, nay là bản {found}.",
        "Meanwhile {by} changed the house rules: you saw version {wanted}, they are now at {found}.",
    ),
    "user_unknown": ("Không có người dùng “{id}”.", "There is no user “{id}”."),
    "token_unknown": ("Không có mã truy cập “{id}”.", "There is no token “{id}”."),
}
