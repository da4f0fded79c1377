"""Each fault in words, and who does what about it next; the guides for technicians begin with the same."""

from hub.web.words_faults_hub import HUB_FAULTS, Pair

__all__ = ["FAULTS", "WORDS"]

FAULTS: dict[str, tuple[Pair, Pair]] = {
    **HUB_FAULTS,
    "ledger_lost": (
        ("Sổ nhật ký bị mất một đoạn.", "A part of its ledger is lost."),
        (
            "Phần đã mất không lấy lại được; kỹ thuật viên xem thẻ nhớ đã được thay hay bị hỏng.",
            "What is lost does not come back; a technician sees whether its card was replaced or broke.",
        ),
    ),
    "sound": (
        ("Thiết bị âm thanh không phát được.", "Its sound output does not work."),
        (
            "Kỹ thuật viên kiểm tra dây và tên card âm thanh bằng lệnh loa-node check.",
            "A technician checks the cable and the name of the sound card with loa-node check.",
        ),
    ),
    "refused": (
        (
            "Thiết bị không nhận {what}: {reason}.",
            "It refused {what}: {reason}.",
        ),
        (
            "Một lần thì không phải làm gì; lặp lại thì kỹ thuật viên cài lại thiết bị (khóa sai), hoặc tìm "
            "kẻ giả mạo trong mạng.",
            "Once: nothing. Again and again: a technician installs the device again (a wrong key), or looks "
            "for a forger in the network.",
        ),
    ),
    "amplifier": (
        ("Không bật tắt được bộ khuếch đại.", "Its amplifier cannot be switched."),
        (
            "Kỹ thuật viên kiểm tra dây của rơ-le.",
            "A technician checks the wiring of the relay.",
        ),
    ),
    "disk": (
        (
            "Thẻ nhớ của thiết bị đã đầy, chưa tải được bản ghi.",
            "Its card is full: recordings cannot be fetched.",
        ),
        (
            "Kỹ thuật viên thay thẻ lớn hơn; trong lúc chờ, cán bộ phát thanh dùng bản ghi ngắn hơn.",
            "A technician puts in a larger card; until then, clerks use shorter recordings.",
        ),
    ),
    "recordings": (
        (
            "Có bản ghi tải về bị sai hoặc máy chủ không có.",
            "A recording came damaged, or the hub does not have it.",
        ),
        (
            "Thiết bị tự tải lại; nếu lặp lại, cán bộ phát thanh tải bản ghi lên lần nữa.",
            "It fetches again by itself; if this comes again, a clerk uploads the recording anew.",
        ),
    ),
    "ledger": (
        (
            "Thiết bị không ghi được sổ nhật ký: thẻ nhớ đầy hoặc hỏng?",
            "It cannot write its ledger: is its card full or broken?",
        ),
        (
            "Kỹ thuật viên thay thẻ nhớ sớm; tới lúc đó nó chỉ nghe lệnh làm im.",
            "A technician replaces the card soon; until then it obeys only what silences.",
        ),
    ),
    "ledger_rebuilt": (
        (
            "Sổ nhật ký của thiết bị bị hỏng, đã cất riêng; sổ và kế hoạch phát được lập lại.",
            "Its ledger was damaged and set aside; a new one was begun and its plan fetched again.",
        ),
        (
            "Không phải làm gì; nếu lặp lại, kỹ thuật viên thay thẻ nhớ.",
            "Nothing; if it comes again, a technician replaces the card.",
        ),
    ),
    "clock_assumed": (
        (
            "Đồng hồ được coi là đúng theo cài đặt, không được kiểm chứng.",
            "Its clock is assumed right by a setting, not verified.",
        ),
        (
            "Không gấp; muốn được kiểm chứng, kỹ thuật viên đặt nguồn giờ của thiết bị là chrony.",
            "Nothing urgent; to have it verified, a technician sets the device's source of time to chrony.",
        ),
    ),
    "clock_source": (
        ("Không hỏi được nguồn giờ.", "Its source of time cannot be asked."),
        (
            "Kỹ thuật viên xem dịch vụ chrony trên thiết bị có chạy không.",
            "A technician sees whether the service chrony runs on the device.",
        ),
    ),
    "clock_disputed": (
        (
            "Giờ của thiết bị khác giờ mà máy chủ ký xác nhận: một trong hai sai, hoặc trong mạng có kẻ cấp"
            " giờ giả.",
            "Its clock differs from the time that the hub signs: one of them is wrong, or somebody in the"
            " network gives false time.",
        ),
        (
            "Kỹ thuật viên so cả hai với một đồng hồ đúng, sửa bên sai; cả hai đều đúng giờ thì tìm kẻ cấp "
            "giờ giả.",
            "A technician compares both with a clock that is right and sets the wrong one; if none is wrong, "
            "look for who gives false time.",
        ),
    ),
    "ratings_differ": (
        (
            "Tổng số lượt bấm của quầy khác với số đã lưu ở máy chủ (mức: quầy ≠ máy chủ; ✓ là lượt được "
            "tính).",
            "The counter's own sums differ from what the hub has stored "
            "(level: counter ≠ hub; ✓ is what counted).",
        ),
        (
            "Cán bộ một cửa chưa dùng số của quầy này trong báo cáo; kỹ thuật viên báo lại kèm trang của "
            "quầy.",
            "Counter officers keep this counter's figures out of reports for now; a technician reports it "
            "with the counter's page.",
        ),
    ),
    "press_not_kept": (
        (
            "Quầy không ghi được lượt bấm nên không sáng đèn cảm ơn: thẻ nhớ đầy hoặc hỏng?",
            "The counter cannot keep presses, so its lamp does not thank: is its card full or broken?",
        ),
        ("Kỹ thuật viên thay thẻ nhớ của quầy.", "A technician replaces the counter's card."),
    ),
    "button_stuck": (
        (
            "Có nút bị kẹt hoặc bị đè lâu; mức (1 là tốt nhất):",
            "A button is stuck or held down; level (1 is the best):",
        ),
        (
            "Cán bộ một cửa gỡ vật đè lên nút; nếu vẫn kẹt, kỹ thuật viên xem nút và dây.",
            "A counter officer takes away what lies on it; if it stays, a technician looks at button and "
            "wire.",
        ),
    ),
    "lamp": (
        ("Đèn hoặc chuông cảm ơn không hoạt động.", "The lamp or sound that thanks does not work."),
        (
            "Kỹ thuật viên kiểm tra chân và dây của đèn, chuông.",
            "A technician checks its pin and its wire.",
        ),
    ),
    "touch_page": (
        ("Trang chạm của quầy không mở được.", "The counter's touch page cannot be served."),
        (
            "Kỹ thuật viên xem có chương trình khác chiếm cổng của trang chạm không.",
            "A technician sees whether another program holds the touch page's port.",
        ),
    ),
    "ffmpeg": (
        (
            "Quầy không xem được camera vì phần mềm ffmpeg không chạy.",
            "The counter cannot look at cameras, for ffmpeg does not run.",
        ),
        ("Kỹ thuật viên cài lại quầy.", "A technician installs the counter again."),
    ),
}
"""Each fault's name, its words, and what to do next; each as (Vietnamese, English)."""

WORDS: dict[str, Pair] = {
    "fault.to_do": ("Việc cần làm:", "What to do:"),
    "fault.ahead": ("Thiết bị nhanh hơn {whole},{tenth} giây.", "It is ahead by {whole}.{tenth} s."),
    "fault.behind": ("Thiết bị chậm hơn {whole},{tenth} giây.", "It is behind by {whole}.{tenth} s."),
    "fault.do.other": (
        "Kỹ thuật viên xem chi tiết và nhật ký của thiết bị.",
        "A technician reads the detail and the device's log.",
    ),
    **{f"fault.is.{name}": is_ for name, (is_, _) in FAULTS.items()},
    **{f"fault.do.{name}": do for name, (_, do) in FAULTS.items()},
}
