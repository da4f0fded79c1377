"""What a form says of which somebody saved a newer version while it stood open."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "newer.by": (
        "{who} đã lưu một bản mới hơn lúc {when}, trong khi bạn đang sửa.",
        "{who} saved a newer version at {when}, while you were editing.",
    ),
    "newer.own": (
        "Chính bạn đã lưu một bản mới hơn lúc {when}, ở một cửa sổ khác.",
        "You yourself saved a newer version at {when}, in another window.",
    ),
    "newer.other": (
        "Bản đang có không phải bản bạn đã mở để sửa.",
        "What stands now is not what you opened.",
    ),
    "newer.choose": (
        "Bản đó vẫn nguyên, và những gì bạn viết còn ở dưới. Hãy so hai bản rồi chọn giữ bản nào.",
        "That version stands as it is; what you wrote is below. Compare the two and choose one.",
    ),
    "newer.title": ("Bản {who} đã lưu", "What {who} saved"),
    "newer.title_own": ("Bản đã lưu", "What is saved"),
    "newer.differs": ("khác bản của bạn", "not as yours"),
    "newer.keep": ("Giữ bản này, bỏ bản của tôi", "Keep this one, drop mine"),
    "newer.mine": ("Bản của bạn, chưa lưu", "Yours, not saved"),
    "newer.save_over": ("Lưu bản của tôi, thay bản kia", "Save mine in its place"),
}
