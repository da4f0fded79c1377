"""What is kept of the recovery key: its file, and numbers that only grow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.errors import Unavailable
from hub.recovery import FILE, Recovery, kept, next_number

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HELD = Recovery(public="p", id="abcdefghij", number=5, made_at=NOW)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"public": 1}'])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(Unavailable, match=FILE):
        kept(tmp_path)


def test_numbers_are_milliseconds() -> None:
    assert next_number(HELD, now=NOW) == NOW.timestamp() * 1000


def test_numbers_grow_though_the_clock_falls_back() -> None:
    later = replace(HELD, number=next_number(HELD, now=NOW))
    assert next_number(later, now=NOW - timedelta(days=900)) == later.number + 1
