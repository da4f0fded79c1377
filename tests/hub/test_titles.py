"""What was typed is kept in one spelling, and shown as it was typed."""

import unicodedata

import pytest

from hub.titles import readable, tidy

TITLE = "Thông báo lịch tiêm chủng"
DECOMPOSED = unicodedata.normalize("NFD", TITLE)


def test_letters_with_marks_apart_are_kept_as_one() -> None:
    assert tidy(f"  {DECOMPOSED}\n") == TITLE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("lê kỳ", "lê kỳ"), ("a\x00\u202eb\ud800", "ab"), ("x" * 90, "x" * 40), ("", "")],
)
def test_what_was_typed_is_shown_printable_and_bounded(typed: str, shown: str) -> None:
    assert readable(typed) == shown
