"""What is said about reports."""

__all__ = ["WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    "unknown_period": (
        "Không có kỳ báo cáo số {found}: tháng từ 1 đến 12, quý từ 1 đến 4.",
        "There is no period number {found}: months are 1 to 12, quarters 1 to 4.",
    ),
}
