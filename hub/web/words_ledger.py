"""A node's ledger, faults and readings in sentences."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "entry.booted": ("Khởi động, phần mềm {software}.", "Started, software {software}."),
    "entry.plan": (
        "Nhận kế hoạch bản {version}: {occurrences} lượt phát.",
        "Took plan version {version}: {occurrences} occurrences.",
    ),
    "entry.standing_on": ("Nhận lệnh dừng: đang giữ im lặng.", "Took the stop: keeping silent."),
    "entry.standing_off": (
        "Nhận trạng thái, âm lượng {volume}.",
        "Took its standing state, volume {volume}.",
    ),
    "entry.obeyed": ("Đã làm theo lệnh “{order}”.", "Obeyed the order “{order}”."),
    "entry.refused": ("Không nhận {what}: {reason}. {detail}", "Refused {what}: {reason}. {detail}"),
    "entry.cached": (
        "Đã tải và kiểm tra bản ghi {recording}….",
        "Fetched and verified recording {recording}….",
    ),
    "entry.dropped": ("Bỏ bản ghi {recording}….", "Dropped recording {recording}…."),
    "entry.armed": ("Sẵn sàng phát {occurrence}.", "Armed {occurrence}."),
    "entry.amplifier_on": ("Bật tăng âm.", "Amplifier on."),
    "entry.amplifier_off": ("Tắt tăng âm.", "Amplifier off."),
    "entry.started": (
        "Bắt đầu phát {occurrence}, lệch {start_error_ms} ms.",
        "Started {occurrence}, {start_error_ms} ms off.",
    ),
    "entry.finished_played": ("Đã phát trọn {occurrence}.", "Played all of {occurrence}."),
    "entry.finished_cut": ("Bị ngắt {occurrence}. {reason}", "Cut short {occurrence}. {reason}"),
    "entry.finished_skipped": ("Không phát {occurrence}. {reason}", "Did not play {occurrence}. {reason}"),
    "entry.finished_failed": ("Phát hỏng {occurrence}. {reason}", "Failed {occurrence}. {reason}"),
    "entry.fault": ("Sự cố “{name}”. {detail}", "Fault “{name}”. {detail}"),
    "entry.fault_known": ("Sự cố: {says} {detail}", "Fault: {says} {detail}"),
    "entry.note_known": ("Cần biết: {says} {detail}", "To know: {says} {detail}"),
    "entry.note_over": ("Không còn nữa: {says}", "No longer so: {says}"),
    "entry.mended_known": ("Hết sự cố: {says}", "Over: {says}"),
    "order_kind.stop": ("dừng", "stop"),
    "order_kind.resume": ("cho phép phát lại", "allow broadcasts again"),
    "order_kind.mute": ("tắt tiếng", "mute"),
    "order_kind.unmute": ("bật tiếng", "unmute"),
    "order_kind.volume": ("đặt âm lượng", "set the volume"),
    "order_kind.emergency": ("phát khẩn cấp", "sound an emergency"),
    "order_kind.cancel": ("kết thúc phát khẩn cấp", "end the emergency"),
    "refused_what.plan": ("kế hoạch phát", "a plan"),
    "refused_what.order": ("lệnh", "an order"),
    "refused_what.standing": ("trạng thái", "a standing state"),
    "refused_what.time": ("giờ của máy chủ", "the hub's time"),
    "refused_why.replayed": ("đã cũ, bị gửi lại", "old, sent again"),
    "refused_why.wrong_site": ("của nơi khác", "of another site"),
    "refused_why.wrong_node": ("của cụm loa khác", "for another loudspeaker"),
    "refused_why.bad_signature": ("chữ ký không đúng", "its signature is wrong"),
    "refused_why.unknown_key": ("ký bằng khóa lạ", "signed with an unknown key"),
    "refused_why.not_kept": ("không ghi được vào thẻ nhớ", "it could not be stored"),
    "refused_why.expired": ("đã quá hạn", "its time was over"),
    "refused_why.malformed": ("không phải tin đã ký", "it is no signed message"),
    "refused_why.wrong_kind": ("ký cho việc khác", "signed for another purpose"),
    "refused_why.unreadable": ("không đọc được", "it cannot be read"),
    "refused_why.unknown_version": ("theo phiên bản chưa biết", "of a version not known here"),
    "refused_why.too_large": ("quá lớn", "it is too large"),
    "refused_why.wrong_nonce": ("trả lời câu hỏi khác", "the answer to another question"),
    "refused_why.unproven": ("chưa chắc về giờ", "the time is not certain yet"),
    "entry.mended": ("Hết sự cố “{name}”.", "Fault “{name}” is over."),
    "fault.with_detail": ("{says} {detail}", "{says} {detail}"),
    "fault.is.broker": (
        "Máy chủ mất kết nối với trạm trung chuyển; các cụm loa vẫn phát theo kế hoạch đã nhận.",
        "The hub has lost its broker; loudspeakers go on with the plans they hold.",
    ),
    "fault.is.broker_program": (
        "Trạm trung chuyển dừng đột ngột và đang được bật lại.",
        "The broker ended and is being started again.",
    ),
    "fault.is.broker_denied": (
        "Có thiết bị đọc hoặc ghi chỗ không thuộc về nó.",
        "A device tried to read or write what is not its own.",
    ),
    "fault.is.broker_login": (
        "Có lần đăng nhập sai vào trạm trung chuyển.",
        "A log-in to the broker failed.",
    ),
    "fault.is.broker_stranger": (
        "Có máy lạ gõ cửa trạm trung chuyển: không có chứng thư dùng được.",
        "A stranger knocked at the broker: no certificate that holds.",
    ),
    "fault.is.certificate_ending": (
        "Chứng thư của thiết bị sắp hết hạn mà chưa tự gia hạn được; hãy xem thiết bị có tới được máy chủ "
        "qua cổng thiết bị không. Hết hạn ngày:",
        "Its certificate ends soon and it has not renewed it; see whether it reaches the hub's door for "
        "devices. It ends on:",
    ),
    "fault.is.certificate_refused": (
        "Có máy đến với chứng thư không dùng được (hết hạn, bị thu hồi hoặc của nơi khác).",
        "Somebody came with a certificate that does not hold (expired, revoked, or of another site).",
    ),
    "fault.is.code_refused": (
        "Có máy xin vào với mã đăng ký sai.",
        "Somebody asked to be enrolled with a wrong code.",
    ),
    "fault.is.backup_failed": (
        "Lần sao lưu gần nhất không thành công.",
        "The last backup failed.",
    ),
    "fault.is.backup_no_room": (
        "Không đủ chỗ trống để sao lưu; hãy xóa bớt hoặc dùng ổ khác.",
        "There is no room for a backup; free some, or use another disk.",
    ),
    "fault.is.backup_second": (
        "Bản sao lưu chưa được chép sang nơi thứ hai; ổ USB hoặc ổ mạng đã gắn chưa?",
        "The backup was not copied to the second place; is the USB stick or network share mounted?",
    ),
    "fault.is.backup_old": (
        "Hơn hai ngày nay chưa có bản sao lưu mới.",
        "There has been no new backup for more than two days.",
    ),
    "fault.is.recording_damaged": (
        "Có bản ghi trên máy chủ bị hỏng; hãy tải lên lại.",
        "A recording on the hub is damaged; upload it again.",
    ),
    "fault.is.restored": (
        "Máy chủ đã được khôi phục từ bản sao lưu. Việc đổi sau lúc sao lưu phải làm lại: xem lại lịch phát,"
        " lệnh dừng, âm lượng, tài khoản và thiết bị đã gỡ. Lúc sao lưu:",
        "The hub was restored from a backup. What changed after it must be done again: go through schedules,"
        " stops, volumes, accounts and removed devices. Backed up at:",
    ),
    "fault.is.plan_too_large": (
        "Kế hoạch phát quá dài, chưa gửi được; cụm loa vẫn theo kế hoạch cũ. Hãy hủy bớt lịch.",
        "Its plan is too long to be sent; it keeps to the one before. Cancel some schedules.",
    ),
    "fault.is.ledger_lost": ("Sổ nhật ký bị mất một đoạn.", "A part of its ledger is lost."),
    "fault.is.sound": ("Thiết bị âm thanh không phát được.", "Its sound output does not work."),
    "fault.is.refused": (
        "Thiết bị không nhận {what}: {reason}. Có thể có kẻ giả mạo, hoặc khóa trên thiết bị không đúng.",
        "It refused {what}: {reason}. Somebody may be forging, or the device holds the wrong key.",
    ),
    "fault.is.amplifier": ("Không bật tắt được bộ khuếch đại.", "Its amplifier cannot be switched."),
    "fault.is.disk": (
        "Thẻ nhớ của thiết bị đã đầy, chưa tải được bản ghi.",
        "Its card is full: recordings cannot be fetched.",
    ),
    "fault.is.recordings": (
        "Có bản ghi tải về bị sai hoặc máy chủ không có.",
        "A recording came damaged, or the hub does not have it.",
    ),
    "fault.is.ledger": (
        "Thiết bị không ghi được sổ nhật ký: thẻ nhớ đầy hoặc hỏng?",
        "It cannot write its ledger: is its card full or broken?",
    ),
    "fault.is.ledger_rebuilt": (
        "Sổ nhật ký của thiết bị bị hỏng, đã cất riêng; sổ và kế hoạch phát được lập lại.",
        "Its ledger was damaged and set aside; a new one was begun and its plan fetched again.",
    ),
    "fault.is.clock_assumed": (
        "Đồng hồ được coi là đúng theo cài đặt, không được kiểm chứng.",
        "Its clock is assumed right by a setting, not verified.",
    ),
    "fault.is.clock_source": ("Không hỏi được nguồn giờ.", "Its source of time cannot be asked."),
    "fault.is.clock_disputed": (
        "Giờ của thiết bị khác giờ mà máy chủ ký xác nhận: một trong hai sai, hoặc trong mạng có kẻ cấp"
        " giờ giả. Thiết bị nhanh hơn:",
        "Its clock differs from the time that the hub signs: one of them is wrong, or somebody in the network"
        " gives false time. It is ahead by:",
    ),
    "fault.is.certificate_expiring": (
        "Thiết bị không tự gia hạn được chứng thư của mình.",
        "It cannot renew its own certificate.",
    ),
    "node_fact.software": ("Phần mềm", "Software"),
    "node_fact.output": ("Đầu ra âm thanh", "Sound output"),
    "node_fact.memory": ("Bộ nhớ đang dùng", "Memory in use"),
    "node_fact.disk_free": ("Thẻ nhớ còn trống", "Free on its card"),
    "node_fact.temperature": ("Nhiệt độ", "Temperature"),
    "node_fact.certificate": ("Chứng thư", "Certificate"),
    "nodes.certificate_until": ("còn hạn đến {day}", "holds until {day}"),
    "nodes.certificate_over": ("đã hết hạn từ {day}", "over since {day}"),
    "nodes.certificate_none": ("chưa có; cần đăng ký lại", "none; it has to be enrolled"),
    "node_fact.unstored": ("Dòng sổ chưa gửi", "Ledger entries not yet sent"),
    "output.device": ("Thiết bị âm thanh", "Sound device"),
    "output.file": ("Tệp WAV (để nghe lại)", "WAV files, to listen to"),
    "output.none": ("Không có", "None"),
}
