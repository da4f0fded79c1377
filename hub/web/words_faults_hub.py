"""The faults that the hub itself tells of, as `words_faults` has them."""

__all__ = ["HUB_FAULTS", "Pair"]

Pair = tuple[str, str]

HUB_FAULTS: dict[str, tuple[Pair, Pair]] = {
    "broker": (
        (
            "Máy chủ mất kết nối với trạm trung chuyển; các cụm loa vẫn phát theo kế hoạch đã nhận.",
            "The hub has lost its broker; loudspeakers go on with the plans they hold.",
        ),
        (
            "Kỹ thuật viên khởi động lại dịch vụ loa-hub trên máy chủ.",
            "A technician restarts the service loa-hub on the hub.",
        ),
    ),
    "broker_program": (
        (
            "Trạm trung chuyển dừng đột ngột và đang được bật lại.",
            "The broker ended and is being started again.",
        ),
        (
            "Một lần thì không phải làm gì; lặp lại thì kỹ thuật viên xem bộ nhớ và ổ đĩa của máy chủ.",
            "Once: nothing. Again and again: a technician looks at the hub's memory and disk.",
        ),
    ),
    "broker_denied": (
        (
            "Có thiết bị đọc hoặc ghi chỗ không thuộc về nó.",
            "A device tried to read or write what is not its own.",
        ),
        (
            "Kỹ thuật viên cài lại thiết bị đó; nếu vẫn còn thì gỡ nó ra để xem xét.",
            "A technician installs that device again; if it goes on, remove it and look at it.",
        ),
    ),
    "broker_login": (
        ("Có lần đăng nhập sai vào trạm trung chuyển.", "A log-in to the broker failed."),
        (
            "Kỹ thuật viên cài lại thiết bị ghi ở chi tiết; nếu không phải máy của mình thì tìm cho ra.",
            "A technician installs the device of the detail again; if it is none of yours, find it.",
        ),
    ),
    "broker_stranger": (
        (
            "Có máy lạ gõ cửa trạm trung chuyển: không có chứng thư dùng được.",
            "A stranger knocked at the broker: no certificate that holds.",
        ),
        (
            "Kỹ thuật viên tìm máy ở địa chỉ đó: thẻ cũ hoặc thiết bị đã gỡ thì tháo xuống, máy của mình thì "
            "đăng ký lại.",
            "A technician finds the machine at that address: take down an old card or a removed device, "
            "enrol your own again.",
        ),
    ),
    "certificate_ending": (
        (
            "Chứng thư của thiết bị sắp hết hạn mà chưa tự gia hạn được. Hết hạn ngày:",
            "Its certificate ends soon and it has not renewed it. It ends on:",
        ),
        (
            "Kỹ thuật viên xem thiết bị có tới được máy chủ qua cổng thiết bị không, trước ngày đó.",
            "A technician sees whether it reaches the hub's door for devices, before that day.",
        ),
    ),
    "certificate_expiring": (
        (
            "Thiết bị không tự gia hạn được chứng thư của mình.",
            "It cannot renew its own certificate.",
        ),
        (
            "Kỹ thuật viên xem thiết bị có tới được máy chủ qua cổng thiết bị không.",
            "A technician sees whether it reaches the hub's door for devices.",
        ),
    ),
    "hub_foreign": (
        (
            "Thiết bị không tin máy nào trả lời ở địa chỉ của máy chủ.",
            "It believes nobody who answers at the hub's address.",
        ),
        (
            "Kỹ thuật viên cài lại thiết bị nếu khóa của xã, phường đã đổi; nếu không đổi thì tìm máy giả"
            " danh máy chủ.",
            "A technician installs it again if the site's keys were changed; if not, finds that machine.",
        ),
    ),
    "certificate_refused": (
        (
            "Có máy đến với chứng thư không dùng được (hết hạn, bị thu hồi hoặc của nơi khác).",
            "Somebody came with a certificate that does not hold (expired, revoked, or of another site).",
        ),
        (
            "Kỹ thuật viên tìm máy đó: máy của mình thì đăng ký lại, thiết bị đã gỡ thì tháo xuống.",
            "A technician finds the machine: enrol your own again, take down a removed one.",
        ),
    ),
    "code_refused": (
        ("Có máy xin vào với mã đăng ký sai.", "Somebody asked to be enrolled with a wrong code."),
        (
            "Kỹ thuật viên tạo mã mới nếu chính mình gõ nhầm; nếu không, tìm xem ai đang ở trong mạng.",
            "A technician makes a new code if the slip was their own; if not, find who is in the network.",
        ),
    ),
    "backup_failed": (
        ("Lần sao lưu gần nhất không thành công.", "The last backup failed."),
        (
            "Kỹ thuật viên xem lý do ở chi tiết rồi chạy lại sao lưu trên máy chủ.",
            "A technician reads why in the detail and runs the backup again on the hub.",
        ),
    ),
    "backup_no_room": (
        ("Không đủ chỗ trống để sao lưu.", "There is no room for a backup."),
        (
            "Kỹ thuật viên giữ ít bản sao lưu hơn, hoặc sao lưu sang ổ khác.",
            "A technician keeps fewer backups, or uses another disk for them.",
        ),
    ),
    "backup_second": (
        (
            "Bản sao lưu chưa được chép sang nơi thứ hai.",
            "The backup was not copied to the second place.",
        ),
        (
            "Kỹ thuật viên gắn lại ổ USB hoặc ổ mạng đó vào máy chủ.",
            "A technician mounts that USB stick or network share on the hub again.",
        ),
    ),
    "backup_old": (
        (
            "Hơn hai ngày nay chưa có bản sao lưu mới.",
            "There has been no new backup for more than two days.",
        ),
        (
            "Kỹ thuật viên xem lịch sao lưu hằng đêm của máy chủ có đang bật không.",
            "A technician sees whether the hub's nightly backup is switched on.",
        ),
    ),
    "recording_damaged": (
        ("Có bản ghi trên máy chủ bị hỏng.", "A recording on the hub is damaged."),
        (
            "Cán bộ phát thanh tải bản ghi đó lên lại; kỹ thuật viên kiểm tra ổ đĩa của máy chủ.",
            "A clerk uploads that recording again; a technician looks at the hub's disk.",
        ),
    ),
    "restored": (
        (
            "Máy chủ đã được khôi phục từ bản sao lưu. Lúc sao lưu:",
            "The hub was restored from a backup. Backed up at:",
        ),
        (
            "Làm lại những gì đã đổi sau lúc đó: xem lại lịch phát, lệnh dừng, âm lượng, tài khoản và thiết "
            "bị đã gỡ.",
            "Do again what changed after that: go through schedules, stops, volumes, accounts and removed "
            "devices.",
        ),
    ),
    "plan_too_large": (
        (
            "Kế hoạch phát quá dài, chưa gửi được; cụm loa vẫn theo kế hoạch cũ.",
            "Its plan is too long to be sent; it keeps to the one before.",
        ),
        (
            "Cán bộ phát thanh hủy bớt lịch của cụm loa này.",
            "A clerk cancels some of this loudspeaker's schedules.",
        ),
    ),
}
