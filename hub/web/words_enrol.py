"""Adding a node, replacing its machine, and taking it away."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "enrol.new": ("Thêm thiết bị", "Add a device"),
    "enrol.lead": (
        "Máy chủ cho một mã dùng một lần; gõ mã đó trên thiết bị mới là xong. Không cần chép mật khẩu nào.",
        "The hub gives a one-time code; type it on the new device and it is done. No password is copied.",
    ),
    "enrol.needs_program": (
        "Máy phải có sẵn chương trình Loa (lệnh loa-node). Thẻ trắng thì ghi tên máy vào danh sách rồi chạy "
        "./loa deploy: khi đó không cần mã.",
        "The machine must have the program already (the command loa-node). For a blank card, put its line "
        "into the inventory and run ./loa deploy instead: that needs no code.",
    ),
    "enrol.kind": ("Loại thiết bị", "Kind of device"),
    "enrol.speaker": ("Cụm loa", "Loudspeaker"),
    "enrol.counter": ("Thiết bị ở quầy", "Counter device"),
    "enrol.title": ("Tên gọi", "Name"),
    "enrol.title_hint": (
        "Tên mọi người vẫn gọi, ví dụ “Tổ 2, cột điện 15”.",
        "As people call it, such as “Group 2, pole 15”.",
    ),
    "enrol.id": ("Mã thiết bị", "Device id"),
    "enrol.id_hint": (
        "Chữ a–z không dấu, chữ số và dấu -. Để trống thì lấy theo tên gọi; về sau không đổi được.",
        "a–z, digits and -. Left empty it is made of the name; it cannot be changed later.",
    ),
    "enrol.area": ("Địa bàn", "Area"),
    "enrol.area_choose": ("Chọn địa bàn", "Choose an area"),
    "enrol.areas_none": (
        "Chưa có địa bàn nào. Thêm địa bàn trên máy chủ bằng lệnh: loa-hub area add",
        "There are no areas yet. Add one on the hub with: loa-hub area add",
    ),
    "enrol.again": (
        "Thay máy hoặc thẻ nhớ của thiết bị đã có",
        "New machine or card for a device that exists",
    ),
    "enrol.again_hint": (
        "Chứng thư của máy cũ bị thu hồi ngay khi máy mới dùng mã.",
        "The old machine's certificate is revoked as soon as the new one uses the code.",
    ),
    "enrol.get_code": ("Lấy mã", "Get the code"),
    "enrol.code": ("Mã đăng ký", "Code"),
    "enrol.code_hint": (
        "Chỉ hiện một lần. Dùng cho một máy, đến {until}.",
        "Shown once. For one machine, until {until}.",
    ),
    "enrol.steps": ("Trên thiết bị mới", "On the new device"),
    "enrol.command": (
        "Đăng nhập vào thiết bị qua SSH hoặc cắm bàn phím, rồi gõ lần lượt ba lệnh này:",
        "Log in by SSH or with a keyboard, and type these three commands, one after the other:",
    ),
    "enrol.copy": ("Chép các lệnh", "Copy the commands"),
    "enrol.copied": ("Đã chép", "Copied"),
    "enrol.then": (
        "Thiết bị tự tạo khóa riêng và nhận chứng thư; lệnh thứ hai cho biết từng phần có chạy không; lệnh "
        "thứ ba cho nó bắt đầu làm việc.",
        "The first makes its key and fetches its certificate, the second says of each part whether it works, "
        "the third sets it to work.",
    ),
    "arrival.title": ("Thiết bị đã tới chưa?", "Has the device arrived?"),
    "arrival.waiting": (
        "Chưa có máy nào dùng mã này. Trang tự cập nhật.",
        "No machine has used this code yet. This page updates by itself.",
    ),
    "arrival.enrolled": (
        "Thiết bị đã dùng mã lúc {when} và có chứng thư. Hãy gõ tiếp lệnh thứ hai và thứ ba; trang chờ nó "
        "báo về.",
        "The device used the code at {when} and has its certificate. Go on with the second and the third "
        "command; this page waits for it to report.",
    ),
    "arrival.here": ("Thiết bị đã báo về lúc {when}. Xong.", "The device reported at {when}. Done."),
    "arrival.over": (
        "Mã đã hết hạn mà chưa máy nào dùng. Hãy lấy mã mới.",
        "The code is over and no machine used it. Get a new one.",
    ),
    "arrival.open": ("Mở trang thiết bị", "Open the device's page"),
    "enrol.another": ("Thêm thiết bị khác", "Add another"),
    "enrol.replace": ("Thay máy hoặc thẻ nhớ", "New machine or card"),
    "enrol.replace_lead": (
        "Lấy mã, rồi gõ mã đó trên máy mới. Máy mới mang tên cũ; chứng thư của máy cũ bị thu hồi ngay khi "
        "máy mới dùng mã, trước đó máy cũ vẫn làm việc.",
        "Get a code and type it on the new machine, which takes the name over. The old machine's certificate "
        "is revoked as soon as the new one uses the code; until then the old one goes on.",
    ),
    "enrol.remove": ("Gỡ thiết bị", "Remove the device"),
    "enrol.upkeep": ("Lắp đặt", "Installation"),
    "enrol.remove_question": ("Gỡ {name}?", "Remove {name}?"),
    "enrol.remove_stops": (
        "Chứng thư của thiết bị bị thu hồi: trong vài giây nó bị ngắt khỏi máy chủ và không vào lại được. "
        "Dùng khi thiết bị bị mất trộm hoặc không dùng nữa.",
        "Its certificate is revoked: within seconds it is cut off from the hub and cannot come back. For a "
        "device that was stolen or is no longer used.",
    ),
    "enrol.remove_plays": (
        "Thiết bị vẫn có thể phát theo kế hoạch đã nhận cho đến khi bị tắt nguồn.",
        "It may go on playing the plan it holds until its power is cut.",
    ),
    "enrol.remove_keeps": ("Nhật ký phát của nó vẫn được giữ.", "What it played stays in the log."),
    "enrol.remove_inventory": (
        "Sau đó xóa dòng của nó trong danh sách máy (hosts.yml): còn dòng này thì lần ./loa deploy nào cũng "
        "dừng ở nó.",
        "Then delete its line from the inventory (hosts.yml): each run of ./loa deploy would stop at it.",
    ),
    "enrol.remove_back": (
        "Không hoàn tác được, nhưng có thể thêm lại bằng một mã mới.",
        "This cannot be undone, but the device can be added again with a new code.",
    ),
    "done.node_removed": ("Đã gỡ thiết bị.", "The device was removed."),
}
