"""A hub whose file is ruined while it runs says so in words, and what to do."""

import sqlite3
from contextlib import closing

import pytest

from hub.people.roles import Role
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf

PAGE_BYTES = 4096


@pytest.fixture
def clerk(browser_of: BrowserOf, village: Village) -> Browser:
    """Logged in before a card wrote elsewhere than it said."""
    browser = browser_of(Role.CLERK)
    with closing(sqlite3.connect(village.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with village.path.open("r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(b"?" * (village.path.stat().st_size - PAGE_BYTES))
    return browser


def test_a_page_says_that_the_file_is_damaged(clerk: Browser) -> None:
    answer = clerk.get("/recordings")
    assert answer.status == 500
    assert "Tệp dữ liệu của máy chủ bị hỏng" in answer.text
    assert "Các cụm loa tự phát theo kế hoạch đã nhận" in answer.text


def test_a_program_is_told_so(clerk: Browser) -> None:
    assert clerk.client.get("/api/v1/recordings").json()["code"] == "file_damaged"


def test_the_page_says_only_what_helps(clerk: Browser) -> None:
    text = clerk.get("/recordings").text
    assert "Báo kỹ thuật viên ngay" in text
    assert "Mở lại trang" not in text
    assert "Về trang Tổng quan" not in text
    assert text.count("khôi phục") == 1
