"""What is said about enrolment and about the hub's own service."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "topic_name": (
        "“{found}” không dùng làm tên được: cần 1 đến 63 chữ a–z, chữ số và dấu -, không bắt đầu bằng dấu -.",
        "“{found}” cannot be a name: 1 to 63 of a-z, 0-9 and -, not beginning with -.",
    ),
    "area_has_other_name": (
        "Địa bàn {id} đã có với tên “{found}” chứ không phải “{wanted}”. Tên địa bàn không đổi được: "
        "hãy ghi tên đang có, hoặc dùng mã khác.",
        "The area {id} is there as {found}, not as {wanted}. Areas are not renamed: "
        "write the name that it has, or take another id.",
    ),
    "area_has_other_parent": (
        "Địa bàn {id} đã có và nằm trong {found} chứ không phải {wanted}. Địa bàn không chuyển được: "
        "hãy ghi nơi đang có, hoặc dùng mã khác.",
        "The area {id} is there already and lies in {found}, not in {wanted}. Areas are not moved: "
        "write where it lies, or take another id.",
    ),
    "areas_unreadable": (
        "Không đọc được danh sách địa bàn: {found}. "
        'Cần JSON như [{{"id": "to-2", "name": "Tổ dân phố 2", "parent": "thon-doai"}}].',
        "The list of areas cannot be read: {found}. "
        'Wanted JSON such as [{{"id": "to-2", "name": "Tổ dân phố 2", "parent": "thon-doai"}}].',
    ),
    "area_exists": ("Địa bàn {id} đã có.", "The area {id} exists already."),
    "node_exists": (
        "Thiết bị {id} đã có; đăng ký lại sẽ thay mã bí mật và chứng thư của nó.",
        "The node {id} exists already; enrolling it again (--again) replaces its secret and its certificate.",
    ),
    "node_has_other_key": (
        "Thiết bị {id} đang dùng khóa khác. Nếu đã thay thẻ nhớ hoặc thay máy, hãy đăng ký lại: "
        "chứng thư cũ sẽ bị thu hồi.",
        "The node {id} has another key. If its card or machine was replaced, enrol it again (--again): "
        "what it had before is revoked.",
    ),
    "node_removed": (
        "Thiết bị {id} đã bị gỡ lúc {at}. Nếu nó được dùng lại, hãy đăng ký lại (--again).",
        "The node {id} was removed at {at}. If it is to be used again, enrol it again (--again).",
    ),
    "key_of_other": (
        "Khóa này là của thiết bị {id}: thẻ nhớ đã bị sao chép. "
        "Hãy xóa node.key trên thiết bị mới rồi làm lại.",
        "This key is that of the node {id}: its card was copied. "
        "Delete node.key on the new one and try again.",
    ),
    "key_revoked": (
        "Khóa này của thiết bị {id} đã bị thu hồi lúc {at}. "
        "Hãy đăng ký lại (--again) nếu biết chắc thiết bị đang ở đúng chỗ.",
        "This key of the node {id} was revoked at {at}. "
        "Enrol it again (--again) if you are sure where it is.",
    ),
    "request_wrong": (
        "Yêu cầu cấp chứng thư không dùng được: {found}.",
        "The signing request cannot be used: {found}.",
    ),
    "certificates_many": (
        "Thiết bị {id} đã có {most} chứng thư còn hạn; không cấp thêm.",
        "The node {id} has {most} certificates that hold; it gets no more.",
    ),
    "code_refused": (
        "Mã đăng ký không đúng hoặc đã hết hạn. Hãy lấy mã mới ở máy chủ.",
        "The code is not right, or its time is over. Get a new one at the hub.",
    ),
    "code_used": (
        "Mã đăng ký đã được một thiết bị khác dùng. Hãy lấy mã mới ở máy chủ.",
        "Another machine has used this code. Get a new one at the hub.",
    ),
    "tls_off": (
        "Máy chủ này không mở cho mạng: hub.toml không có mục [tls]. ./loa deploy dựng máy chủ có mục ấy; "
        "cho thiết bị trên chính máy này thì dùng loa-hub enroll với -o TỆP.",
        "This hub is not open to the network: hub.toml has no section [tls]. ./loa deploy sets up one that "
        "is; for a node on this very machine, enroll writes its settings with -o FILE.",
    ),
    "tls_on": (
        "Máy chủ này nhận thiết bị bằng chứng thư; hãy dùng --request, hoặc lấy mã đăng ký.",
        "This hub takes nodes by certificate: use --request, or neither for a one-time code; -o is for hubs "
        "without [tls].",
    ),
    "succession_none": (
        "Khóa khôi phục chưa thay khóa nào của xã, phường này.",
        "No keys of this site were ever replaced by its recovery key.",
    ),
    "recovery_key_exists": (
        "Đã có khóa khôi phục số {id}, tạo lúc {at}. Nếu tờ giấy đã mất: {command}, rồi cài lại mọi "
        "thiết bị.",
        "There is a recovery key, number {id}, made at {at}. If its paper is lost: {command}, and deploy "
        "every device.",
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
