"""The hub itself and its devices, for who looks after them."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "nav.system": ("Hệ thống", "System"),
    "system.hub": ("Máy chủ", "The hub"),
    "system.broker": ("Trạm trung chuyển", "Broker"),
    "system.broker_linked": ("đang kết nối", "linked"),
    "system.broker_lost": ("mất kết nối; xem sự cố bên dưới", "lost; see the faults below"),
    "system.clock": ("Đồng hồ", "Clock"),
    "system.disk": ("Ổ đĩa", "Disk"),
    "system.disk_free": ("còn trống {free} trên {whole}", "{free} free of {whole}"),
    "system.disk_full": ("đã đầy", "full"),
    "system.kept": ("Dữ liệu", "Data"),
    "system.kept_years": (
        "{size}; dòng gốc của thiết bị giữ {entries} năm, nhật ký thao tác giữ {audit} năm; "
        "lần phát và lượt bấm giữ mãi",
        "{size}; raw lines of devices are kept {entries} years, the audit log {audit} years; "
        "plays and presses for good",
    ),
    "system.software": ("Phần mềm", "Software"),
    "system.doors": ("Chứng thư máy chủ", "The hub's certificate"),
    "system.doors_until": (
        "còn hạn đến {day}; máy chủ tự gia hạn",
        "holds until {day}; the hub renews it itself",
    ),
    "system.doors_none": ("chưa đọc được", "cannot be read"),
    "system.doors_off": (
        "không có: máy chủ này không mở cho mạng",
        "none: this hub is not open to the network",
    ),
    "system.recovery": ("Khóa khôi phục", "Recovery key"),
    "system.recovery_made": (
        "số {id}, tạo ngày {day}; tờ giấy phải nằm trong két",
        "number {id}, made on {day}; its paper belongs in a safe",
    ),
    "system.recovery_none": (
        "chưa có: nếu máy chủ hoặc bản sao lưu bị mất trộm, phải cài lại từng thiết bị. Gõ trên máy chủ:",
        "none: if the hub or a backup is stolen, every device has to be deployed again. Type on the hub:",
    ),
    "system.faults": ("Sự cố của máy chủ", "Faults of the hub"),
    "system.faults_none": ("Máy chủ không có sự cố.", "The hub has no faults."),
    "system.backup": ("Sao lưu", "Backup"),
    "system.backup_off": (
        "Máy chủ này không sao lưu hằng đêm: hub.toml không có mục [backup]. Muốn có một bản ngay, gõ trên "
        "máy chủ:",
        "This hub makes no nightly backups: hub.toml has no section [backup]. For one now, type on the hub:",
    ),
    "system.backup_last": ("Bản gần nhất", "The last"),
    "system.backup_never": ("chưa có bản nào", "there is none yet"),
    "system.backup_failed": (
        "lần chạy {when} không thành công; xem sự cố ở trên",
        "the run at {when} failed; see the faults above",
    ),
    "system.backup_file": ("Tệp", "File"),
    "system.backup_gone": ("không còn ở đó", "not there any more"),
    "system.backup_folder": ("Nơi giữ", "Kept in"),
    "system.backup_keep": ("giữ {count} bản", "{count} are kept"),
    "system.backup_second": ("Nơi thứ hai", "Second place"),
    "system.backup_second_ok": ("đã chép", "copied"),
    "system.backup_second_bad": ("chưa chép", "not copied"),
    "system.backup_second_none": (
        "chưa có; hỏng ổ đĩa thì mất cả bản sao lưu (hub_backup_second_folder)",
        "none: a dead disk takes the backups with it (hub_backup_second_folder)",
    ),
    "system.backup_secret": (
        "Tệp sao lưu chứa khóa của xã, phường: ai có nó thì khiến được loa lên tiếng.",
        "A backup holds the site's keys: who has it can make the loudspeakers speak.",
    ),
    "system.devices": ("Mọi thiết bị", "Every device"),
    "system.devices_none": ("Chưa có thiết bị nào.", "There are no devices yet."),
    "system.device": ("Thiết bị", "Device"),
    "system.state": ("Trạng thái", "State"),
    "system.card": ("Thẻ còn trống", "Card free"),
    "system.heat": ("Nhiệt độ", "Temperature"),
    "system.certificate": ("Chứng thư đến", "Certificate until"),
    "system.certificate_none": ("chưa có", "none"),
    "system.certificate_soon": ("chưa gia hạn", "not renewed"),
    "system.differs": ("khác máy chủ", "not the hub's"),
    "system.unknown": ("chưa báo về", "never reported"),
    "system.all_current": (
        "Mọi thiết bị đã báo về đều chạy đúng phiên bản của máy chủ.",
        "Every device that has reported runs the hub's version.",
    ),
    "system.some_differ": (
        "{count} thiết bị chạy phiên bản khác máy chủ. Cập nhật từ máy tính của bạn: ./loa deploy update",
        "{count} devices run another version than the hub. Update from your computer: ./loa deploy update",
    ),
    "system.some_silent": ("{count} thiết bị chưa từng báo về.", "{count} devices have never reported."),
}
